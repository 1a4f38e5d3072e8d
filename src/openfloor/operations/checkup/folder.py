"""The data folder: who can read it, which keys lie in it, and how old the last backup is."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from openfloor.operations.checkup.finding import Finding, good, to_do, unknown

OTHERS = 0o077
LAST_BACKUP = "last-backup"
BACKUP_IS_OLD = timedelta(hours=26)  # one a day, and two hours for a slow one
A_BACKUP_SAVES = (
    "After a broken disk only a backup brings the committee back: its members, its ledger, its boards."
)


def permission_findings(data: Path, secrets: Path) -> Iterator[Finding]:
    """Nothing private may be read by another user of the machine, and all of it has one owner."""
    private = list(_private(data, secrets))
    readable = [path for path in private if path.stat().st_mode & OTHERS]
    owner = data.stat().st_uid
    foreign = [path for path in private if path.stat().st_uid != owner]
    if readable:
        yield to_do(
            "permissions",
            f"Others on this machine can read {_some(readable)}.",
            why="Whoever reads the keys can sign receipts in the committee's name, or see who voted.",
            remedy=f"chmod -R go= {' '.join(map(str, _roots(data, secrets)))}",
        )
    if foreign:
        yield to_do(
            "permissions",
            f"{_some(foreign)} belong to another user than {data}.",
            why="The server may not be able to read or write them. A command was run as the wrong user.",
            remedy=f"sudo chown -R --reference={data} {' '.join(map(str, _roots(data, secrets)))}",
        )
    if not readable and not foreign:
        yield good("permissions", "Only the server's own user can read the data and the keys.")


def leftover_findings(kept: set[str], needed: set[str]) -> Iterator[Finding]:
    """*kept*: the ballots whose k is still in the secrets folder; *needed*: those that are frozen or open."""
    if leftover := sorted(kept - needed):
        yield to_do(
            "voting_links",
            f"The secret that links members and voting keys is still here for {', '.join(leftover)}.",
            why="It should have been erased when voting ended: whoever takes it can tell who voted.",
            remedy="sudo systemctl restart openfloor",
        )
    elif missing := sorted(needed - kept):
        yield to_do(
            "voting_links",
            f"The secret that links members and voting keys is missing for {', '.join(missing)}.",
            why="Devices that have not fetched their part cannot vote. A backup never holds this secret.",
            remedy="sudo systemctl restart openfloor (it marks such a ballot void; then call it again)",
        )
    else:
        yield good("voting_links", "No secret of a ballot that is over was left behind.")


def backup_finding(data: Path, *, now: datetime) -> Finding:
    remedy = "openfloor backup"
    try:
        last = json.loads((data / LAST_BACKUP).read_text(encoding="utf-8"))
        file, age = Path(last["file"]), now - datetime.fromisoformat(last["at"])
    except FileNotFoundError:
        return to_do("backup", "There was no backup yet.", why=A_BACKUP_SAVES, remedy=remedy)
    except (OSError, ValueError, KeyError, TypeError):
        return unknown(
            "backup", "When the last backup was made cannot be read.", why=A_BACKUP_SAVES, remedy=remedy
        )
    hours = round(age.total_seconds() / 3600)
    if age > BACKUP_IS_OLD:
        return to_do("backup", f"The last backup is {hours} hours old.", why=A_BACKUP_SAVES, remedy=remedy)
    if not file.exists():
        return to_do(
            "backup",
            f"The last backup is no longer at {file}.",
            why=f"{A_BACKUP_SAVES} If you moved it to a safe place, all is well.",
            remedy=remedy,
        )
    return good("backup", f"The last backup is {hours} hours old. Keep a copy of it on another machine.")


def _private(data: Path, secrets: Path) -> Iterator[Path]:
    yield data
    yield from data.glob("openfloor.sqlite3*")
    yield secrets
    yield from secrets.iterdir()


def _roots(data: Path, secrets: Path) -> list[Path]:
    return [data] if secrets.is_relative_to(data) else [data, secrets]


def _some(paths: list[Path]) -> str:
    shown = ", ".join(map(str, paths[:3]))
    return shown if len(paths) <= 3 else f"{shown} and {len(paths) - 3} more"
