"""Files that only grow, kept beside the database, so that nobody's download reads everything again.

A process keeps its own, without a name: they end with it, and no restored database meets an older one's file.
The trap: a file may go further than what is to be shown. `up_to` cuts it where the caller says.
"""

import os
import tempfile
import weakref
from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Lock

AT_ONCE = 1_000_000  # bytes

# The bytes of each entry after a height, in order; heights are counted from 0.
Entries = Callable[[int], Iterable[bytes]]


class Part:
    """The beginning of such a file, *size* bytes of it; read by position, so that many can read at once."""

    def __init__(self, whole: "GrowingFile", size: int) -> None:
        self.size = size
        self._whole = whole  # whose file stays open as long as anybody has a part of it
        self._position = 0

    def read(self, count: int = -1) -> bytes:
        rest = self.size - self._position
        data = self.at(self._position, rest if count < 0 else min(count, rest))
        self._position += len(data)
        return data

    def at(self, offset: int, count: int) -> bytes:
        return os.pread(self._whole.descriptor, count, offset)

    def close(self) -> None:
        """There is nothing to close: others read the same file."""


class GrowingFile:
    """One file on disk, as far as it was asked for."""

    def __init__(self, folder: Path, header: bytes) -> None:
        with tempfile.TemporaryFile(dir=folder) as file:
            self.descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self.descriptor)
        self._lock = Lock()
        self._size = 0
        self._ends: list[int] = []  # by height
        self._header = len(header)
        self._write(header)

    def up_to(self, height: int, entries_after: Entries) -> Part:
        """The file to the entry at *height*, or to its last one; only what is new is read."""
        with self._lock:
            if height >= len(self._ends):
                self._append(entries_after(len(self._ends) - 1))
            last = min(height, len(self._ends) - 1)
            return Part(self, self._ends[last] if last >= 0 else self._header)

    def _append(self, entries: Iterable[bytes]) -> None:
        news = bytearray()
        ends: list[int] = []
        for entry in entries:
            news += entry
            ends.append(self._size + len(news))
            if len(news) >= AT_ONCE:
                self._write(bytes(news))
                self._ends += ends
                news, ends = bytearray(), []
        self._write(bytes(news))
        self._ends += ends

    def _write(self, data: bytes) -> None:
        """At the end that is known: what a full disk left half written is written over."""
        written = 0
        while written < len(data):
            written += os.pwrite(self.descriptor, data[written:], self._size + written)
        self._size += len(data)
