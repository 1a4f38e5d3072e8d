"""What a server keeps: every byte of its data folder, and every value in its database with sessions unpacked.

The trap: SQLite cuts a long value into pages that need not follow each other, so files alone do not do.
"""

import base64
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

DATABASE = "openfloor.sqlite3"
Value = str | bytes | int | float | None
Tables = dict[str, list[dict[str, Value]]]


@dataclass(frozen=True)
class Kept:
    files: dict[str, bytes]
    tables: Tables

    def everything(self) -> bytes:
        return b"\n".join([*self.files.values(), *self.values()])

    def values(self) -> list[bytes]:
        cells = [cell for rows in self.tables.values() for row in rows for cell in row.values()]
        sessions = [unpacked(str(row["session_data"])) for row in self.tables.get("django_session", [])]
        return [_as_bytes(cell) for cell in cells] + sessions


def read_folder(data: Path) -> Kept:
    files = {
        str(path.relative_to(data)): path.read_bytes()
        for path in sorted(data.rglob("*"))
        if path.is_file() and path.relative_to(data).parts[0] != "static"
    }
    return Kept(files, read_tables(data))


def read_tables(data: Path) -> Tables:
    with closing(sqlite3.connect(f"file:{data / DATABASE}?mode=ro", uri=True)) as database:
        database.row_factory = sqlite3.Row
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
            for (name,) in names
        }


def unpacked(session: str) -> bytes:
    """The content of one of Django's sessions: base64 for addresses, deflated where it begins with a dot."""
    packed = session.removeprefix(".").partition(":")[0]
    content = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    return zlib.decompress(content) if session.startswith(".") else content


def _as_bytes(cell: Value) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode()
