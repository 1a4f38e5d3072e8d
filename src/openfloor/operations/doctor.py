"""Is this server fit to carry a vote? Looks at everything that went wrong for others, and changes nothing."""

import argparse
import json
import os
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from openfloor import env
from openfloor.operations.checkup import folder, machine, store, web, weblogs
from openfloor.operations.checkup.finding import Finding, State
from openfloor.operations.errors import Refused

ALL_GOOD, SOMETHING_TO_DO, CANNOT_TELL = 0, 1, 2
MARKS = {State.GOOD: "good   ", State.TO_DO: "TO DO  ", State.UNKNOWN: "unknown"}
WIDTH = 100


def run(options: argparse.Namespace) -> int:
    """Print what was found: exit 0 when all is good, 1 with something to do, 2 where it cannot tell."""
    _refuse_a_folder_that_is_none()
    findings = list(examine(port=options.port, now=datetime.now(UTC)))
    if options.json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            print(_shown(finding))
    states = {finding.state for finding in findings}
    if State.TO_DO in states:
        return SOMETHING_TO_DO
    return CANNOT_TELL if State.UNKNOWN in states else ALL_GOOD


def examine(*, port: int | None, now: datetime) -> Iterator[Finding]:
    """Everything, the address first. *port* is where our own server listens."""
    from openfloor.operations import starting

    starting.set_up()
    address, data, secrets = env.address(), env.data_folder(), env.secrets_folder()
    yield from web.address_findings(address, now=now)
    yield web.server_finding(address, port or env.local_port(address))
    yield machine.clock_finding()
    yield from store.database_findings(now=now)
    yield folder.backup_finding(data, now=now)
    yield from folder.permission_findings(data, secrets)
    yield from _voting_link_findings()
    yield from weblogs.access_log_findings()
    yield from machine.disk_findings({data, secrets})
    yield machine.memory_finding(_text(Path("/proc/meminfo")))
    yield machine.open_files_finding()


def add_command(commands: Any) -> None:
    command = commands.add_parser("doctor", help="look whether this server is fit to carry a vote")
    command.add_argument("--json", action="store_true", help="for programs")
    command.add_argument("--port", type=int, help="where the server listens (8000, or that of the address)")
    command.set_defaults(run=run)


def _refuse_a_folder_that_is_none() -> None:
    """Looking must not make a folder."""
    data = Path(os.environ.get("OPENFLOOR_DATA", "data")).resolve()
    is_there = (data / "openfloor.sqlite3").exists() or os.environ.get("OPENFLOOR_DATABASE")
    if not (data.is_dir() and is_there):
        raise Refused(
            f"No committee's data is at {data}. Go to the right folder, or name it in OPENFLOOR_DATA."
        )


def _voting_link_findings() -> Iterator[Finding]:
    from django.db import Error

    from openfloor.ballots import blindkey
    from openfloor.ballots.models import Ballot

    try:
        in_use = Ballot.objects.filter(state__in=[Ballot.State.FROZEN, Ballot.State.OPEN])
        needed = set(in_use.values_list("uuid", flat=True))
    except Error:
        return  # said by the database's own finding
    yield from folder.leftover_findings(blindkey.kept(), needed)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _shown(finding: Finding) -> str:
    lines = [f"{MARKS[finding.state]}  {finding.what}"]
    if finding.why:
        lines += textwrap.wrap(f"Why: {finding.why}", WIDTH - 9)
        lines.append(f"Type: {finding.remedy}")
    return "\n         ".join(lines)
