"""The command line: verify an archive, or run a whole election by hand.

Files that hold secrets are written for their owner only and never over another file.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from gettext import gettext as _
from pathlib import Path
from typing import Any

from openballot import archive, ballots, credentials, decryption, groups, opening, tally, trustees, verifier
from openballot.canonical import NotCanonical, compact, hash_hex
from openballot.checks import Finding, Refused
from openballot.election import Election, Question, compose_election, new_uuid
from openballot.words import words_of

GROUP_NAMES = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
FAILED, NO_ARCHIVE = 1, 2
_BAR = 40


class CannotDo(Exception):
    """The command cannot be carried out; the sentence says why. Nothing was changed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 for a failed check or an impossible wish, 2 for no archive at all."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except Refused as refusal:
        _print_findings([refusal.finding])
    except archive.ArchiveRefused as refusal:
        _print_findings(refusal.findings)
        if refusal.findings[0].check == "not_an_archive":
            return NO_ARCHIVE
    except (
        CannotDo,
        NotCanonical,
        credentials.BadCode,
        ballots.ImpossibleAnswer,
        opening.NotOpened,
        opening.WrongNonces,
        decryption.NoSuchCount,
        OSError,
    ) as error:
        print(error, file=sys.stderr)
    return FAILED


def _verify(options: argparse.Namespace) -> int:
    try:
        data = Path(options.file).read_bytes()
    except OSError as error:
        print(error, file=sys.stderr)
        data = b""
    report = verifier.verify(
        data,
        require=options.require,
        head=options.head,
        proofs=_proofs_in(options.proofs) if options.proofs else None,
        progress=_progress(),
    )
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        _print_report(report)
    return {"valid": 0, "invalid": FAILED, "not_an_archive": NO_ARCHIVE}[report.verdict]


def _proofs_in(path: str) -> dict[int, str]:
    """The bound proofs of a board's proofs.json, by owner."""
    try:
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
        return {int(proof["owner"]): str(proof["text"]) for proof in fields["bound_proofs"]}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CannotDo(_("The file of proofs cannot be read. Nothing was checked; save it again.")) from error


def _inspect(options: argparse.Namespace) -> int:
    held = _read(options.file)
    setup = verifier.read_setup(held)
    election = setup.election
    print(f"{_('Election')}: {_shown(election.name)}")
    print(_shown(election.description))
    print(f"{_('Number')}: {election.uuid}")
    print(f"{_('Group')}: {election.group.name}")
    print(f"{_('Fingerprint')}: {election.fingerprint}")
    for number, question in enumerate(election.questions, start=1):
        limits = f"{question.min}–{question.max}" + (_(", or blank") if question.blank else "")
        print(f"{_('Question')} {number}: {_shown(question.question)} ({limits})")
        for answer in question.answers:
            print(f"  - {_shown(answer)}")
    for trustee in setup.trustees:
        words = " ".join(words_of(hash_hex(election.group.text(trustee.public_key)), 4))
        print(f"{_('Trustee')} {trustee.number}: {_shown(trustee.name) or '–'} {words}")
    weight = sum(setup.credentials.values())
    print(f"{_('Credentials')}: {len(setup.credentials)} ({_('total weight')} {weight})")
    for event in held.events:
        tracker = f" {ballots.ballot_hash(event.data[-1])}" if event.type == "Ballot" else ""
        print(f"{event.height:>6} {event.type:<18}{event.hash}{tracker}")
    return 0


def _watch(options: argparse.Namespace) -> int:
    if not options.url.startswith(("http://", "https://")):
        raise CannotDo(_("The address must start with http:// or https://."))
    mirror = Path(options.file)
    while True:
        held = mirror.read_bytes() if mirror.exists() else b""
        served = _fetch(options.url)
        if served is not None:
            if not served.startswith(held):
                return _print_fork(held, served)
            fresh = archive.read_archive(served)
            if served != held:
                _replace(mirror, served)
                print(f"{_('Head')}: {fresh.head} · {fresh.events[-1].height + 1 if fresh.events else 0}")
            if fresh.events and fresh.events[-1].type == "Result":
                return 0
        if options.once:
            return 0 if served is not None else FAILED
        time.sleep(options.every)


def _tally(options: argparse.Namespace) -> int:
    held = _verified(options.file)
    setup = verifier.read_setup(held)
    text, _sized = tally.encrypted_tally(setup.election, setup.credentials, verifier.ballot_texts(held))
    print(hash_hex(text) if options.hash else text)
    return 0


def _uuid(options: argparse.Namespace) -> int:
    print(new_uuid())
    return 0


def _trustee_key(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    x = trustees.generate_key(group)
    _write_new(f"{options.out}.private.json", trustees.private_key_json(x), secret=True)
    _write_new(f"{options.out}.public.json", trustees.public_key_json(group, x))
    return 0


def _credentials(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    weights = options.weights or [1] * options.count
    codes = [credentials.new_code() for _each in weights]
    scalars = [credentials.secret_of_code(group, options.uuid, code) for code in codes]
    keys = [group.text(group.secret_power_generator(s)) for s in scalars]
    entries = [key if weight == 1 else f"{key},{weight}" for key, weight in zip(keys, weights, strict=True)]
    _write_new(f"{options.out}.private.txt", "".join(f"{code}\n" for code in codes), secret=True)
    _write_new(f"{options.out}.public.json", credentials.compose_public_credentials(group, entries))
    return 0


def _set_up(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    public_keys = [_text(path) for path in options.trustee]
    credentials_text = _text(options.credentials)
    credentials.parse_public_credentials(group, credentials_text)
    template = _template(options.template)
    election_text = compose_election(
        uuid=options.uuid,
        group=group,
        public_key=trustees.combined_public_key(group, public_keys),
        **template,
    )
    data = archive.setup_data(election_text, trustees.compose_trustees(public_keys), credentials_text)
    timestamp = int(time.time())
    setup = archive.next_event(None, "Setup", data)
    _write_new(options.out, archive.header_member(timestamp) + archive.event_bytes(setup, timestamp))
    print(Election.parse(election_text).fingerprint)
    return 0


def _ballot(options: argparse.Namespace) -> int:
    setup = verifier.read_setup(_read(options.file))
    election = setup.election
    s = credentials.secret_of_code(election.group, election.uuid, _text(options.code))
    print(ballots.make_ballot(election, s, _answers(options.answers)))
    return 0


def _cast(options: argparse.Namespace) -> int:
    held = _read(options.file)
    _allow(held, "Ballot")
    setup = verifier.read_setup(held)
    text = _text(options.ballot)
    ballots.BallotChecker(setup.election, setup.credentials).check(text)
    if text in verifier.ballot_texts(held):
        raise Refused("ballot_repeated", f"ballot {ballots.ballot_hash(text)}")
    _append(options.file, held, ("Ballot", (text,)))
    print(ballots.ballot_hash(text))
    return 0


def _open_ballot(options: argparse.Namespace) -> int:
    opened = opening.Opened.parse(Path(options.file).read_bytes())
    held = _read(options.election) if options.election else None
    if held:
        _refuse_other_election(held, opened)
    answers = opening.read_answers(opened)
    print(f"{_('Paper')}: {opened.tracker} {' '.join(opened.words)}")
    for question, bits in zip(opened.election.questions, answers, strict=True):
        print(f"{_shown(question.question)}: {_in_words(opening.chosen(question, bits))}")
    print(_("Compare the words and the answers with what the booth showed."))
    if held is None:
        print(_("Not compared with a real election: add --election and the archive of its board."))
    elif opened.ballot in verifier.ballot_texts(held):
        print(_("This paper stands on the board, though it was opened: vote again, on another device."))
        return FAILED
    return 0


def _refuse_other_election(held: archive.Archive, opened: opening.Opened) -> None:
    setup = verifier.read_setup(held)
    if setup.election.text != opened.election.text:
        raise CannotDo(
            _("This paper is for another election than the archive's. Do not vote on that device.")
        )
    if opened.credential not in setup.credentials:
        raise Refused("ballot_credential", f"ballot {opened.tracker}")


def _in_words(chosen: tuple[str, ...] | None) -> str:
    if chosen is None:
        return _("a blank vote")
    return _shown(", ".join(chosen)) or _("none of the answers")


def _close(options: argparse.Namespace) -> int:
    held = _verified(options.file)
    _allow(held, "EndBallots")
    setup = verifier.read_setup(held)
    texts = tally.encrypted_tally(setup.election, setup.credentials, verifier.ballot_texts(held))
    _append(options.file, held, ("EndBallots", ()), ("EncryptedTally", texts))
    return 0


def _decrypt(options: argparse.Namespace) -> int:
    held = _verified(options.file)
    _allow(held, "PartialDecryption")
    setup = verifier.read_setup(held)
    group = setup.election.group
    x = trustees.read_private_key(group, _text(options.key))
    if group.secret_power_generator(x) not in [trustee.public_key for trustee in setup.trustees]:
        raise CannotDo(_("This key is not the key of any of the election's trustees."))
    print(decryption.partial_decryption(setup.election, x, _tally_texts(held)[0]))
    return 0


def _add_decryption(options: argparse.Namespace) -> int:
    held = _read(options.file)
    _allow(held, "PartialDecryption")
    setup = verifier.read_setup(held)
    text = _text(options.decryption)
    owner = _owner(setup, _tally_texts(held)[0], text)
    _append(options.file, held, ("PartialDecryption", (text, decryption.owned(owner, text))))
    return 0


def _result(options: argparse.Namespace) -> int:
    held = _verified(options.file)
    _allow(held, "Result")
    setup = verifier.read_setup(held)
    tally_text, sized = _tally_texts(held)
    partials = {
        decryption.read_owned(event.data[1])[0]: event.data[0]
        for event in held.events
        if event.type == "PartialDecryption"
    }
    total_weight = tally.read_sized_tally(sized)[1]
    text = decryption.compute_result(setup.election, setup.trustees_text, tally_text, total_weight, partials)
    _append(options.file, held, ("Result", (text,)))
    print(text)
    return 0


def _read(path: str) -> archive.Archive:
    return archive.read_archive(Path(path).read_bytes())


def _verified(path: str) -> archive.Archive:
    data = Path(path).read_bytes()
    report = verifier.verify(data, progress=_progress())
    if report.findings:
        raise archive.ArchiveRefused(list(report.findings))
    return archive.read_archive(data)


def _allow(held: archive.Archive, event_type: str) -> None:
    if event_type not in verifier.allowed_next(held):
        raise CannotDo(_("The election is not at this step: its last event is %s.") % held.events[-1].type)


def _append(path: str, held: archive.Archive, *steps: tuple[str, tuple[str, ...]]) -> None:
    previous = held.events[-1]
    added = b""
    for event_type, data in steps:
        previous = archive.next_event(previous, event_type, data)
        added += archive.event_bytes(previous, held.timestamp)
    with Path(path).open("ab") as file:
        file.write(added)
        file.flush()
        os.fsync(file.fileno())


def _tally_texts(held: archive.Archive) -> tuple[str, str]:
    for event in held.events:
        if event.type == "EncryptedTally":
            return event.data[0], event.data[1]
    raise CannotDo(_("The election has no encrypted tally yet."))


def _owner(setup: verifier.Setup, tally_text: str, text: str) -> int:
    """Find whose partial decryption this is: the one trustee whose key it is proven for."""
    for trustee in setup.trustees:
        try:
            decryption.check_partial_decryption(setup.election, trustee.public_key, tally_text, text)
        except Refused as refusal:
            if refusal.check != "decryption_proof":
                raise
        else:
            return trustee.number
    raise CannotDo(_("This is not a correct partial decryption by any of the election's trustees."))


def _template(path: str) -> dict[str, Any]:
    """Read name, description and questions; spaces and the order of fields are free here."""
    try:
        value = json.loads(_text(path))
        texts = {
            key: str(value[key])
            for key in ("name", "description", "administrator", "credential_authority")
            if key in value or key in ("name", "description")
        }
        questions = [
            Question(
                question=str(question["question"]),
                answers=tuple(map(str, question["answers"])),
                min=int(question["min"]),
                max=int(question["max"]),
                blank=bool(question.get("blank", False)),
            )
            for question in value["questions"]
        ]
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise CannotDo(
            _("The template needs name, description, and questions with question, answers, min and max.")
        ) from error
    return {**texts, "questions": questions}


def _answers(text: str) -> list[list[int]]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise CannotDo(_("The answers must look like [[1,0],[0,1,0]].")) from error
    if not isinstance(value, list) or not all(
        isinstance(row, list) and all(type(choice) is int for choice in row) for row in value
    ):
        raise CannotDo(_("The answers must look like [[1,0],[0,1,0]]."))
    return value


def _shown(text: str) -> str:
    """Take out what would steer the reader's terminal."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\ufffd" for character in text
    )


def _text(path: str) -> str:
    """Read a text file, or standard input for "-", without the line's end that editors add."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise CannotDo(_("%s is not a text file.") % path) from error
    return text.removesuffix("\n")


def _write_new(path: str, content: str | bytes, *, secret: bool = False) -> None:
    data = content.encode() if isinstance(content, str) else content
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    print(path, file=sys.stderr)


def _replace(path: Path, data: bytes) -> None:
    """Write beside the file first, so that a copy on disk is never half of one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


def _fetch(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - http or https, checked before
            data: bytes = answer.read()
            return data
    except (urllib.error.URLError, OSError) as error:
        print(f"{url}: {error}", file=sys.stderr)
        return None


def _print_fork(held: bytes, served: bytes) -> int:
    print(_("The board does not continue the copy held here: it was forked or shortened."))
    for name, data in ((_("Held here"), held), (_("Served now"), served)):
        head = _head(data)
        print(f"{name}: {head} {' '.join(words_of(head, 8)) if head else ''}".rstrip())
    return FAILED


def _head(data: bytes) -> str:
    held, _findings = archive.examine_archive(data)
    return held.head or "" if held else ""


def _print_report(report: verifier.Report) -> None:
    if report.state:
        print(f"{_('State')}: {report.state}")
    print(f"{_('Verdict')}: {report.verdict}")
    print(f"{_('Ballots')}: {report.ballots}")
    if report.head:
        print(f"{_('Head')}: {report.head} {' '.join(words_of(report.head, 8))}")
    if report.result is not None:
        print(f"{_('Result')}: {compact(report.result)}")
    _print_findings(report.findings)


def _print_findings(findings: Sequence[Finding]) -> None:
    for item in findings:
        print(f"{item.check} ({item.object}; {item.section}): {_(item.sentence)}", file=sys.stderr)


def _progress() -> verifier.Progress | None:
    return _print_bar if sys.stderr.isatty() else None


def _print_bar(done: int, total: int) -> None:
    filled = _BAR * done // total
    end = "\n" if done == total else ""
    print(f"\r[{'#' * filled}{' ' * (_BAR - filled)}] {done}/{total}", end=end, file=sys.stderr, flush=True)


def _weights(text: str) -> list[int]:
    return [int(weight) for weight in text.split(",")]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openballot", description=_("Verifiable elections: check one, or run one by hand.")
    )
    commands = parser.add_subparsers(required=True, metavar=_("COMMAND"))

    def command(
        name: str, run: Callable[[argparse.Namespace], int], sentence: str, *, file: bool = True
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=sentence, description=sentence)
        added.set_defaults(run=run)
        if file:
            added.add_argument("file", metavar="FILE", help=_("the election's archive, a .bel file"))
        return added

    verify = command("verify", _verify, _("Check everything an archive claims."))
    verify.add_argument("--json", action="store_true", help=_("print the report as JSON"))
    verify.add_argument(
        "--require", choices=verifier.STATES, help=_("fail unless the election has come this far")
    )
    verify.add_argument("--head", metavar="HASH", help=_("fail unless this is the hash of the last event"))
    verify.add_argument(
        "--proofs",
        metavar="FILE",
        help=_("check the trustees' proofs too: a board's proofs.json"),
    )
    command("inspect", _inspect, _("Show what an archive holds."))
    watch = command("watch", _watch, _("Mirror a board and fail when it forks or shrinks."), file=False)
    watch.add_argument("url", metavar="URL", help=_("the archive's address"))
    watch.add_argument("file", metavar="FILE", help=_("where the copy is kept"))
    watch.add_argument("--every", type=float, default=60, metavar="SECONDS", help=_("how often to look"))
    watch.add_argument("--once", action="store_true", help=_("look once and stop"))
    counted = command("tally", _tally, _("Check all ballots and compute the encrypted tally again."))
    counted.add_argument("--hash", action="store_true", help=_("print only its SHA-256"))

    command("uuid", _uuid, _("Draw a number for a new election."), file=False)
    key = command("trustee-key", _trustee_key, _("Make a trustee's key pair."), file=False)
    key.add_argument(
        "--out", required=True, metavar="NAME", help=_("writes NAME.private.json and NAME.public.json")
    )
    listed = command(
        "credentials", _credentials, _("Make voters' secret codes and their public list."), file=False
    )
    listed.add_argument("--uuid", required=True)
    number = listed.add_mutually_exclusive_group(required=True)
    number.add_argument("--count", type=int, metavar="N", help=_("how many, each of weight 1"))
    number.add_argument("--weights", type=_weights, metavar="W,W,…", help=_("one for each weight"))
    listed.add_argument(
        "--out", required=True, metavar="NAME", help=_("writes NAME.private.txt and NAME.public.json")
    )
    set_up = command(
        "set-up", _set_up, _("Begin an archive from its parts; prints the fingerprint."), file=False
    )
    set_up.add_argument("--uuid", required=True)
    set_up.add_argument(
        "--template", required=True, metavar="FILE", help=_("name, description and questions, as JSON")
    )
    set_up.add_argument(
        "--trustee", required=True, action="append", metavar="FILE", help=_("a trustee's public key; repeat")
    )
    set_up.add_argument("--credentials", required=True, metavar="FILE", help=_("the public list"))
    set_up.add_argument("--out", required=True, metavar="FILE", help=_("the archive to write"))
    for with_group in (key, listed, set_up):
        with_group.add_argument("--group", choices=GROUP_NAMES, default=GROUP_NAMES[0])
    ballot = command("ballot", _ballot, _("Fill in a ballot and print it."))
    ballot.add_argument(
        "--code", required=True, metavar="FILE", help=_("a file with the voter's secret code")
    )
    ballot.add_argument("--answers", required=True, metavar="[[1,0]]", help=_("0 or 1 for each choice"))
    cast = command("cast", _cast, _("Check a ballot and append it; prints its tracking number."))
    cast.add_argument("ballot", metavar="BALLOT", help=_("a file, or - for standard input"))
    opened = command(
        "open-ballot",
        _open_ballot,
        _("Show what a paper holds that the booth saved instead of casting it."),
        file=False,
    )
    opened.add_argument("file", metavar="FILE", help=_("the file that the booth saved"))
    opened.add_argument(
        "--election", metavar="ARCHIVE", help=_("hold it against this election, a board's .bel file")
    )
    command("close", _close, _("End the voting and append the encrypted tally."))
    decrypt = command(
        "decrypt", _decrypt, _("Verify the archive, then print a trustee's partial decryption.")
    )
    decrypt.add_argument("--key", required=True, metavar="FILE", help=_("the trustee's private key"))
    add = command("add-decryption", _add_decryption, _("Check a partial decryption and append it."))
    add.add_argument("decryption", metavar="DECRYPTION", help=_("a file, or - for standard input"))
    command("result", _result, _("Append the result and print it."))
    return parser
