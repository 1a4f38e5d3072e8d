"""Files that the commands read and write. Secrets are their owner's only; nothing is written over."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from gettext import gettext as _
from pathlib import Path
from typing import BinaryIO, TypeAlias

from openballot import archive, verifier
from openballot.commands.outcome import CannotDo

# To which something may be appended.
Held: TypeAlias = archive.Archive | verifier.Verified


def read_text(path: str) -> str:
    """Read a text file, or standard input for "-", without the line's end that editors add."""
    try:
        data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        text = data.decode()
    except UnicodeDecodeError as error:
        raise CannotDo(_("%s is not a text file.") % path) from error
    return text.removesuffix("\n").removesuffix("\r")


def write_new(path: str, content: str | bytes, *, secret: bool = False) -> None:
    data = content.encode() if isinstance(content, str) else content
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if secret else 0o644)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    print(path, file=sys.stderr)


def write_both(secret: tuple[str, str], public: tuple[str, str]) -> None:
    """Write two new files that belong together, each a path and its content; neither when one exists."""
    for path, _content in (secret, public):
        if Path(path).exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path)
    write_new(*secret, secret=True)
    write_new(*public)


def replace(path: Path, data: bytes) -> None:
    """Write beside the file first, so that a copy on disk is never half of one."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)


@contextmanager
def opened_archive(path: str) -> Iterator[BinaryIO]:
    """Open an archive, or standard input for "-"; what comes through a pipe is kept in a temporary file."""
    with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as source:
        if source.seekable():
            yield source
            return
        from shutil import copyfileobj  # both are rarely needed, and slow to load
        from tempfile import TemporaryFile

        with TemporaryFile() as kept:
            copyfileobj(source, kept)
            yield kept


def read_archive(path: str) -> archive.Archive:
    return archive.read_archive(Path(path).read_bytes())


def refuse_unless_next(held: Held, event_type: str) -> None:
    if event_type not in verifier.allowed_next(held):
        last = held.last.type if held.last else "–"
        raise CannotDo(_("The election is not at this step: its last event is %s.") % last)


def append(path: str, held: Held, *steps: tuple[str, tuple[str, ...]]) -> None:
    """Append events to an archive, each with its data."""
    previous = held.last
    added = b""
    for event_type, data in steps:
        previous = archive.next_event(previous, event_type, data)
        added += archive.event_bytes(previous, held.timestamp)
    with Path(path).open("ab") as file:
        file.write(added)
        file.flush()
        os.fsync(file.fileno())
