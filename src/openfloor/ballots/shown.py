"""How far the receipts reach that were shown: one small file a board, outside the database and its backups.

The trap: it is written after a paper is on the disk and before its receipt is shown, and never synced: after
a power cut it may lie behind the board, never ahead of it. A board behind it has lost what was promised.
"""

import fcntl
import os
import re
from dataclasses import dataclass
from pathlib import Path

from openfloor import env

SUFFIX = ".height"
LINE = re.compile(rb"(\d{1,10}) ([0-9a-f]{64})\n")
LONGEST_LINE = 76


@dataclass(frozen=True, slots=True)
class Shown:
    """The highest event under which a receipt was shown."""

    height: int
    head: str


def keep(uuid: str, height: int, head: str) -> None:
    """Write down that a receipt is about to be shown; of several at once, the highest stays the last."""
    descriptor = os.open(_path(uuid), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = _end_of(descriptor)
        before = _last_of(end)
        if before is None or height > before.height:
            is_whole = end == b"" or end.endswith(b"\n")
            file.write(b"%s%d %s\n" % (b"" if is_whole else b"\n", height, head.encode()))


def last(uuid: str) -> Shown | None:
    """The highest receipt that was shown; None when there was none, or the ballot is over."""
    try:
        descriptor = os.open(_path(uuid), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return _last_of(_end_of(descriptor))
    finally:
        os.close(descriptor)


def erase(uuid: str) -> None:
    _path(uuid).unlink(missing_ok=True)


def kept() -> set[str]:
    """The uuids of the ballots that have such a file."""
    return {path.stem for path in env.secrets_folder().glob(f"*{SUFFIX}")}


def _end_of(descriptor: int) -> bytes:
    """Enough to hold the last whole line, also behind one that a power cut tore."""
    size = os.fstat(descriptor).st_size
    return os.pread(descriptor, 3 * LONGEST_LINE, max(0, size - 3 * LONGEST_LINE))


def _last_of(end: bytes) -> Shown | None:
    lines = LINE.findall(end)
    return Shown(int(lines[-1][0]), lines[-1][1].decode()) if lines else None


def _path(uuid: str) -> Path:
    return env.secrets_folder() / f"{uuid}{SUFFIX}"
