"""The records of a `.bel` archive: a plain tar in which one sequence of texts has one sequence of bytes.

Two traps. The size that a record claims is believed only as far as the file goes and as there is room. And
the file is read once, from its beginning; `text_at` goes back to one record without losing the place.
"""

import hashlib
import os
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

from openballot.canonical import NotCanonical, compact, integer, read, record, string
from openballot.findings import Findings

BLOCK = 512
_NAME, _CHECKSUM = 100, 148
HEADER_NAME = "BELENIOS"


class FileChanged(Exception):
    """The file is another one than when it was read first."""

    def __init__(self) -> None:
        super().__init__("The file changed while it was read. Nothing is known about it; start again.")


class _NoRecord(Exception):
    """No further record can be cut."""

    def __init__(self, check: str) -> None:
        self.check = check


class Record(NamedTuple):
    """A record as read. *number* counts from 1, *at* is where it begins, *digest* the SHA-256 of its text."""

    number: int
    at: int
    name: str
    text: str
    digest: str


def header(timestamp: int) -> str:
    """Write the text of an archive's first record."""
    return compact({"version": 1, "timestamp": str(timestamp)})


def record_bytes(name: str, body: bytes, timestamp: int) -> bytes:
    """Return the one right way to write a record."""
    return _block(name, len(body), timestamp) + body + bytes(-len(body) % BLOCK)


def _block(name: str, size: int, timestamp: int) -> bytes:
    """Write what stands before a record's text; its name has 100 bytes at most."""
    start, middle, end, known = _constant_parts(timestamp)
    own, digits = name.encode(), b"%011o" % size
    checksum = b"%06o\0 " % (known + sum(own) + sum(digits))
    return own.ljust(_NAME, b"\0") + start + digits + middle + checksum + end


@lru_cache(maxsize=4)
def _constant_parts(timestamp: int) -> tuple[bytes, bytes, bytes, int]:
    """Return what all blocks share between name, size and checksum and after them, and the sum of its bytes.

    The checksum is taken with its own field full of spaces.
    """
    start = b"0000644\0" + b"0000000\0" * 2
    middle, end = b"\0%011o\0" % timestamp, b"0".ljust(BLOCK - _CHECKSUM - 8, b"\0")
    return start, middle, end, sum(start + b" " * 8 + middle + end)


class RecordReader:
    """Reads records from a binary file that can be read from any place, a file on disk or bytes in memory.

    *findings* grows with what is wrong; *timestamp* is the header's, once read; *room* is how many bytes the
    texts of the next records may have together.
    """

    def __init__(self, file: BinaryIO, findings: Findings, room: int) -> None:
        self.findings = findings
        self.timestamp: int | None = None
        self.room = room
        self.position = 0
        self.size = file.seek(0, os.SEEK_END)
        self._file = file
        file.seek(0)

    def looks_like_archive(self) -> bool:
        """The first record is named as it should be, or, that being damaged, the second one is."""
        beginning = self._file.read(3 * BLOCK)
        self._file.seek(0)
        return beginning.startswith(f"{HEADER_NAME}\0".encode()) or b".data.json\0" in beginning

    def after_header(self) -> Iterator[Record]:
        """Yield every record but the header, as far as the file can be cut into records."""
        number = 1
        try:
            while self.position < self.size:
                following = self._next(number)
                if number > 1:
                    yield following
                number += 1
        except _NoRecord as end:
            self.findings.find("records", end.check, f"record {number}")
        if self.timestamp is None:
            self.findings.find("records", "archive_header", "record 1")

    def text_at(self, at: int) -> str:
        """Return the text of a record read before, by where it begins; raises FileChanged."""
        self._file.seek(at)
        try:
            size = _claimed_size(self._file.read(BLOCK))
            return self._file.read(min(size, self.size)).decode()
        except (_NoRecord, UnicodeDecodeError) as error:
            raise FileChanged from error
        finally:
            self._file.seek(self.position)

    def _next(self, number: int) -> Record:
        block = self._file.read(BLOCK)
        size = _claimed_size(block)
        padded = size + -size % BLOCK
        if self.position + BLOCK + padded > self.size:
            raise _NoRecord("archive_truncated")
        if size > self.room:
            raise _NoRecord("archive_large")
        padded_body = self._file.read(padded)
        body, padding = padded_body[:size], padded_body[size:]
        try:
            name, text = block[:_NAME].rstrip(b"\0").decode(), body.decode()
        except UnicodeDecodeError as error:
            raise _NoRecord("archive_record") from error
        following = Record(number, self.position, name, text, hashlib.sha256(body).hexdigest())
        self.position += BLOCK + padded
        self.room -= size
        if number == 1:
            self.timestamp = _timestamp(following)
        if self.timestamp is not None and not self._is_exact(block, name, size, padding):
            self.findings.find("forms", "archive_record", f"record {number}")
        return following

    def _is_exact(self, block: bytes, name: str, size: int, padding: bytes) -> bool:
        """Is this what `record_bytes` would write?"""
        return block == _block(name, size, self.timestamp or 0) and not padding.strip(b"\0")


def _claimed_size(block: bytes) -> int:
    if len(block) < BLOCK:
        raise _NoRecord("archive_truncated")
    digits = block[124:135]
    if digits.strip(b"01234567"):
        raise _NoRecord("archive_record")
    return int(digits, 8)


def _timestamp(first: Record) -> int | None:
    try:
        fields = record(read(first.text), "version", "timestamp")
        timestamp = string(fields["timestamp"])
        if integer(fields["version"]) != 1 or not timestamp.isdecimal() or str(int(timestamp)) != timestamp:
            return None
    except (NotCanonical, ValueError):
        return None
    # Eleven octal digits is all a record's header has room for.
    return int(timestamp) if first.name == HEADER_NAME and int(timestamp) < 8**11 else None
