"""The command line. Checking a file needs no data folder and no settings: Django starts only for the rest."""

import argparse
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openfloor import databases, env
from openfloor.audit import chain
from openfloor.operations import commands as operations
from openfloor.operations import serving, starting
from openfloor.operations.errors import Refused
from openfloor.workplace import roll

if TYPE_CHECKING:
    from openfloor.workplace.models import Committee

MOST_SENTENCES = 20
MOST_PROCESSES = 64
HOLDS, DOES_NOT_HOLD, CANNOT = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    os.umask(0o077)  # whatever is written, the database above all, is its owner's alone
    try:
        code: int = options.run(options)
    except (Refused, env.BadEnvironment, OSError) as error:
        print(f"openfloor: {error}", file=sys.stderr)
        return CANNOT
    return code


def init(options: argparse.Namespace) -> int:
    """Prepare a committee, or renew one's link, and print the link with which its founder joins."""
    if not options.name and not options.renew:
        raise Refused("Give the committee a --name.")
    if options.url:
        os.environ["OPENFLOOR_URL"] = options.url
    _start_django()
    from django.utils import timezone

    from openfloor.ui.errors import Refusal
    from openfloor.workplace.actions import prepare_committee, renew_founding_link

    try:
        if options.renew:
            committee = _committee_to_renew(options)
            secret = renew_founding_link(committee, now=timezone.now())
        else:
            committee, secret = prepare_committee(
                options.name, options.zone, rules=_rules(options), now=timezone.now()
            )
    except Refusal as refusal:
        raise Refused(str(refusal)) from refusal
    env.keep_address()  # now: whoever finds one kept takes it that there is a committee
    _print_founding_link(committee, secret)
    return HOLDS


def serve(options: argparse.Namespace) -> int:
    """Serve the pages until stopped."""
    if os.environ.get("OPENFLOOR_DEMONSTRATION") == "yes":
        raise Refused("OPENFLOOR_DEMONSTRATION is set. For the demonstration, type: openfloor demo")
    address = env.kept_address()
    if not env.is_local_host(options.host) and not (address or "").startswith("https://"):
        raise Refused(
            f"{options.host} can be reached from outside, and members' keys need https there. "
            "Set OPENFLOOR_URL to the https address that members type, or leave --host out."
        )
    port = options.port if options.port is not None else env.local_port(address)
    _serve(options.host, port, processes=options.processes)
    return HOLDS


def demo(options: argparse.Namespace) -> int:
    """Serve a made-up committee, on this machine only, in a folder of its own."""
    if address := os.environ.get("OPENFLOOR_URL"):
        if not env.is_local(address):
            raise Refused(
                f"OPENFLOOR_URL is {address!r}. The demonstration's keys are public, "
                "so it runs on localhost only."
            )
        del os.environ["OPENFLOOR_URL"]
    os.environ["OPENFLOOR_DATA"] = ".demo"
    for elsewhere in ("OPENFLOOR_DATABASE", "OPENFLOOR_SECRETS"):
        os.environ.pop(elsewhere, None)
    os.environ["OPENFLOOR_DEMONSTRATION"] = "yes"
    _serve("127.0.0.1", options.port, prepare=_prepare_demonstration)
    return HOLDS


def verify_roll(options: argparse.Namespace) -> int:
    """Check a roll that was downloaded."""
    data = options.file.read_bytes()
    if not data.startswith(b"{"):
        raise Refused(f"{options.file} is not a roll.")
    _translate_nothing()
    from openfloor.workplace import words

    report = roll.verify_file(data)
    findings = [
        {
            "check": finding.check,
            "position": finding.position,
            "number": finding.number,
            "sentence": str(words.describe(finding)),
        }
        for finding in report.findings
    ]
    entries = len(report.state.entries)
    return _report(
        options,
        {"head": report.state.head, "records": report.state.size, "entries": entries},
        findings,
        f"The roll holds, every vouch and every proof checked. Entries: {entries}.",
    )


def audit_roll(options: argparse.Namespace) -> int:
    """Do what a teller's browser does, where voters are too many for it."""
    from openfloor.ballots import auditing

    lines = _lines_of(options.roll)
    try:
        found = auditing.audit(_json_of(options.setup), lines, _json_of(options.material), say=_say_progress)
    except auditing.NotAnAudit as error:
        raise Refused(str(error)) from error
    print(file=sys.stderr)
    if found.findings:
        print("The list of voters does not hold. Do not sign it. These checks failed:")
        print("\n".join(found.findings))
        return DOES_NOT_HOLD
    print(f"The roll holds, and the list of voters is the one that it gives: {found.voters} may vote.")
    print(f"Code: {found.code}")
    return HOLDS


def _lines_of(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError as error:
        raise Refused(f"{file} is not a roll.") from error


def _json_of(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Refused(f"{file} is not JSON.") from error
    if not isinstance(value, dict):
        raise Refused(f"{file} is not what its name says.")
    return value


def _say_progress(step: str, done: int, total: int) -> None:
    if done % 100 == 0 or done == total:
        print(f"\r{step}: {done} of {total}", end="", file=sys.stderr, flush=True)


def verify_ledger(options: argparse.Namespace) -> int:
    """Check an export of the ledger, and that it still has an entry somebody saw."""
    _translate_nothing()
    from openfloor.audit import words
    from openfloor.ballots import mandate_ledger

    try:
        lines = options.file.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        found = chain.verify_export(lines, options.seen)
        mandates = mandate_ledger.UNKNOWN if found else mandate_ledger.examine(lines)
    except (UnicodeDecodeError, chain.NotALedger) as error:
        raise Refused(f"{options.file} is not an export of a ledger.") from error
    findings = [
        {"check": finding.check, "line": finding.line, "sentence": words.sentence(finding)}
        for finding in (*found, *mandates.findings)
    ]
    about = {"mandates": mandates.mandates, "breaches": mandates.breaches}
    return _report(
        options,
        {"head": chain.export_head(lines), "entries": len(lines), **about},
        findings,
        f"The ledger holds, nothing changed or missing. Entries: {len(lines)}.\n"
        + (
            "A text that mandates rest on was taken out: nothing can be said about them."
            if mandates.mandates is None
            else f"Mandates: {mandates.mandates}. Breaches of them that stand: {mandates.breaches}."
        ),
    )


def _report(
    options: argparse.Namespace, facts: dict[str, Any], findings: list[dict[str, Any]], good: str
) -> int:
    if options.json:
        print(json.dumps({"verdict": "invalid" if findings else "valid", **facts, "findings": findings}))
    elif findings:
        print("\n".join(finding["sentence"] for finding in findings[:MOST_SENTENCES]))
        if len(findings) > MOST_SENTENCES:
            print(f"And {len(findings) - MOST_SENTENCES} more. Add --json to see all of them.")
    else:
        print(good)
        print(f"Head: {facts['head']}")
    return DOES_NOT_HOLD if findings else HOLDS


def _rules(options: argparse.Namespace) -> roll.Rules:
    asked = {
        "objection_days": options.objection_days,
        "vouch_from_day": options.vouch_from_day,
        "vouches_a_month": options.vouches_a_month,
    }
    try:
        return replace(roll.Rules(), **{name: value for name, value in asked.items() if value is not None})
    except ValueError as error:
        raise Refused(str(error)) from error


def _committee_to_renew(options: argparse.Namespace) -> "Committee":
    from openfloor.workplace import queries

    if _rules(options) != roll.Rules():
        raise Refused("The rules of a roll cannot be changed. Leave them out with --renew.")
    waiting = queries.committees_without_founder()
    if options.name:
        waiting = waiting.filter(name=options.name)
    found = list(waiting)
    if not found:
        raise Refused("No such committee waits for its founder. Nothing was changed.")
    if len(found) > 1:
        names = ", ".join(committee.name for committee in found)
        raise Refused(f"Several committees wait for their founder: {names}. Say which with --name.")
    return found[0]


def _print_founding_link(committee: "Committee", secret: str) -> None:
    print(f"{committee.name} is prepared. Open this link once, on the founder's own device:")
    print()
    print(f"    {env.address()}/found/#{secret}")
    print()
    print("It works once. Start the server, if it is not running, with: openfloor serve")


def _serve(
    host: str,
    port: int,
    *,
    prepare: Callable[[socket.socket], None] | None = None,
    processes: int = 1,
) -> None:
    # Ctrl-C and a service manager's SIGTERM are the normal end of a server.
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    try:
        listening = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise Refused(f"Port {port} is in use, or not yours to use. Choose another with --port.") from error
    with listening:
        address = f"http://{'localhost' if env.is_local_host(host) else host}:{listening.getsockname()[1]}"
        if env.kept_address() is None:
            os.environ["OPENFLOOR_URL"] = address
        if prepare:
            prepare(listening)
        with serving.serving():
            _start_django()
            from openfloor import collecting

            collecting.collect()
            if processes == 1:
                from openfloor import server

                server.run(listening, when_ready=_print_address)
            else:
                _serve_together(listening, processes)


def _serve_together(listening: socket.socket, processes: int) -> None:
    from openfloor.processes import KeepsFailing, keep

    try:
        keep(listening, processes, when_ready=_print_address)
    except KeepsFailing as error:
        raise Refused(str(error)) from error


def _print_address() -> None:
    print(f"Openfloor answers at {env.address()}/  (Ctrl-C stops it)", flush=True)


def _prepare_demonstration(listening: socket.socket) -> None:
    from openfloor.demonstration import preparing
    from openfloor.demonstration.errors import DemonstrationError

    try:
        preparing.prepare(env.data_folder(), listening, say=print)
    except DemonstrationError as error:
        raise Refused(str(error)) from error


def _start_django() -> None:
    starting.set_up()
    from openfloor.locks import in_turn_at

    databases.refuse_one_that_is_silent()
    with in_turn_at("migrate"):
        starting.fit()


def _translate_nothing() -> None:
    """Sentences for people without settings: English as it is written."""
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=False)


def _leave(signal_number: int, frame: object) -> None:
    raise SystemExit(HOLDS)


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError("a port is a number up to 65535")
    return port


def _processes(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MOST_PROCESSES:
        raise argparse.ArgumentTypeError(f"a number from 1 to {MOST_PROCESSES}")
    return number


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openfloor", description="The system a workplace committee runs on."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    command = commands.add_parser("init", help="prepare a committee and print its founding link")
    command.add_argument("--name", help="the committee's name")
    zone_or_renew = command.add_mutually_exclusive_group(required=True)
    zone_or_renew.add_argument("--zone", help="its time zone, like America/Los_Angeles")
    zone_or_renew.add_argument(
        "--renew", action="store_true", help="print a fresh link for a committee that still has no founder"
    )
    command.add_argument("--url", help="the address members type, like https://vote.example.org")
    command.add_argument(
        "--objection-days", type=int, help="days in which members may object to a new entry (3)"
    )
    command.add_argument("--vouch-from-day", type=int, help="days until a new member may vouch (7)")
    command.add_argument("--vouches-a-month", type=int, help="how many a member may vouch for in a month (5)")
    command.set_defaults(run=init)

    command = commands.add_parser("serve", help="serve the pages until Ctrl-C")
    command.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    command.add_argument("--port", type=_port, help="8000, or that of the address")
    command.add_argument(
        "--processes", type=_processes, default=1, help="how many share the work, like one for each core (1)"
    )
    command.set_defaults(run=serve)

    command = commands.add_parser("demo", help="look around in a made-up committee, on this machine only")
    command.add_argument("--port", type=_port, default=8000, help="8000")
    command.set_defaults(run=demo)

    operations.add_commands(commands)

    deeds = commands.add_parser("roll", help="check a roll that was downloaded").add_subparsers(required=True)
    _add_verify(deeds, "check a roll that was downloaded", verify_roll)
    _add_audit(deeds)
    deeds = commands.add_parser("ledger", help="check an export of the ledger").add_subparsers(required=True)
    ledger = _add_verify(deeds, "check an export of the ledger", verify_ledger)
    ledger.add_argument("--seen", metavar="HEAD", help="a head you kept: that entry must still be there")
    return parser


def _add_audit(deeds: Any) -> None:
    audit = deeds.add_parser("audit", help="check the list of voters, for a teller of a large ballot")
    audit.add_argument("--setup", type=Path, required=True, help="the board's setup.json")
    audit.add_argument("--roll", type=Path, required=True, help="the roll that was downloaded")
    audit.add_argument("--material", type=Path, required=True, help="the file that the teller's page saved")
    audit.set_defaults(run=audit_roll)


def _add_verify(deeds: Any, meaning: str, run: Any) -> argparse.ArgumentParser:
    verify: argparse.ArgumentParser = deeds.add_parser(
        "verify", help=f"{meaning}: exit 0 when it holds, 1 with what is wrong, 2 when it is none"
    )
    verify.add_argument("file", type=Path)
    verify.add_argument("--json", action="store_true", help="for programs")
    verify.set_defaults(run=run)
    return verify
