"""The demonstration's folder: what was made in it, and until when it is worth looking at.

The trap: it is emptied when it is old or half-made, so it must never be one that holds anything else.
"""

import fcntl
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

from openfloor.demonstration.errors import NotTheDemonstration
from openfloor.demonstration.story import NOTE

MADE = "demonstration.json"
LOCK = "demonstration.lock"
OURS = {MADE, LOCK}
DATABASE = "openfloor.sqlite3"
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Somebody to look around as; an observer has no account, so no key and no entry."""

    start: str  # the page that is most interesting for them
    committee: str | None = None
    number: int | None = None
    handle: str | None = None
    root: str | None = None  # hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """A trustee's key as their browser would have saved it, and its passphrase."""

    text: str
    passphrase: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """All that the pages of the demonstration hand out."""

    good_until: datetime  # the close of the open ballot
    personas: dict[str, Persona]
    trustee_key: KeyFile


def is_complete(folder: Path, now: datetime) -> bool:
    """Was it made to its end, by this code, and is its open ballot still open?"""
    kept = _read(folder)
    by_this_code = kept.get("made_by") == _fingerprint_of_code()
    return by_this_code and "good_until" in kept and now < datetime.fromisoformat(kept["good_until"])


def made(folder: Path) -> Made:
    """What `finish` kept."""
    kept = _read(folder)
    return Made(
        good_until=datetime.fromisoformat(kept["good_until"]),
        personas={role: Persona(**persona) for role, persona in kept["personas"].items()},
        trustee_key=KeyFile(**kept["trustee_key"]),
    )


def begin(folder: Path, committee: str | None = None) -> None:
    """Say that this folder, and this committee, are made up."""
    _write(folder, {"note": NOTE, "committee": committee})


def finish(folder: Path, made: Made) -> None:
    """The last step: from here on the folder is complete."""
    kept = _read(folder) | {"made_by": _fingerprint_of_code(), **asdict(made)}
    _write(folder, kept | {"good_until": made.good_until.isoformat()})


def empty(folder: Path) -> None:
    """Take away what is old or half-made; raises NotTheDemonstration, with everything as it was."""
    _refuse_anything_else(folder)
    begin(folder)
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in OURS:
            path.unlink()


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Wait while another start makes the demonstration."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _read(folder: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads((folder / MADE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return kept


def _write(folder: Path, kept: dict[str, Any]) -> None:
    being_written = folder / f"{MADE}.new"
    being_written.write_text(json.dumps(kept, indent=1), encoding="utf-8")
    being_written.replace(folder / MADE)


def _refuse_anything_else(folder: Path) -> None:
    is_marked = (folder / MADE).exists()
    holds_anything = any(path.name not in OURS for path in folder.iterdir())
    if (holds_anything and not is_marked) or _committees(folder) - {_read(folder).get("committee")}:
        raise NotTheDemonstration(folder)


def _committees(folder: Path) -> set[str]:
    """The ids of the committees in the folder's database, read without starting the application."""
    database = folder / DATABASE
    if not database.exists():
        return set()
    with closing(sqlite3.connect(database)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "workplace_committee" not in tables:
            return set()
        return {str(UUID(row[0])) for row in connection.execute("SELECT id FROM workplace_committee")}


def _fingerprint_of_code() -> str:
    """Of what makes the data and what shapes it: another version's demonstration is made again."""
    digest = sha256()
    for path in sorted([*HERE.glob("*.py"), *HERE.parent.glob("*/migrations/*.py")]):
        digest.update(path.read_bytes())
    return digest.hexdigest()
