"""
A tree of hashes over the roll: a phone checks the entries that matter to it without reading all of them.

Source: RFC 6962 (Certificate Transparency), section 2.1. A leaf is a record's exact text in UTF-8.
Roots and paths are 64 lower-case hexadecimal digits a hash.

The trap: a leaf and a node must never hash alike, hence the first byte of each.
"""

from collections.abc import Iterable
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"


class Tree:
    """
    Grows record by record and answers for every size that it has had.

    It keeps the hash of each whole subtree, so that a path takes a few hashes however long the roll is.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._levels: list[list[bytes]] = [[]]  # of height h: hashes of the whole subtrees of 2^h leaves
        for text in texts:
            self.append(text)

    @property
    def size(self) -> int:
        return len(self._levels[0])

    def append(self, text: str) -> None:
        """Take over the next record (2.1: MTH({d(0)}))."""
        node = sha256(LEAF + text.encode()).digest()
        for level in self._levels:
            level.append(node)
            if len(level) % 2 == 1:
                return
            node = _node(level[-2], level[-1])
        self._levels.append([node])

    def root(self, size: int) -> str:
        """The hash of the tree of the first *size* records; of none, that of the empty string (2.1)."""
        self._require(0 <= size <= self.size)
        return self._hash(0, size).hex() if size else sha256(b"").hexdigest()

    def inclusion(self, index: int, size: int) -> list[str]:
        """The audit path of the record at *index*, from leaf to root (2.1.1: PATH)."""
        self._require(0 <= index < size <= self.size)
        return [node.hex() for node in self._path(index, 0, size)]

    def consistency(self, old_size: int, size: int) -> list[str]:
        """The proof that the tree of *old_size* is the beginning of the tree of *size* (2.1.2: PROOF)."""
        self._require(0 < old_size <= size <= self.size)
        return [node.hex() for node in self._subproof(old_size, 0, size, is_whole=True)]

    def _require(self, is_there: bool) -> None:
        if not is_there:
            raise IndexError(f"the tree has {self.size} records")

    def _hash(self, start: int, end: int) -> bytes:
        """Of the records from *start* to *end*: one whole subtree, where their number is a power of two."""
        size = end - start
        if size & (size - 1) == 0:
            height = size.bit_length() - 1
            return self._levels[height][start >> height]
        split = start + _split(size)
        return _node(self._hash(start, split), self._hash(split, end))

    def _path(self, index: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        split = start + _split(end - start)
        if index < split:
            return [*self._path(index, start, split), self._hash(split, end)]
        return [*self._path(index, split, end), self._hash(start, split)]

    def _subproof(self, old_end: int, start: int, end: int, *, is_whole: bool) -> list[bytes]:
        if old_end == end:
            return [] if is_whole else [self._hash(start, end)]
        split = start + _split(end - start)
        if old_end <= split:
            return [*self._subproof(old_end, start, split, is_whole=is_whole), self._hash(split, end)]
        return [*self._subproof(old_end, split, end, is_whole=False), self._hash(start, split)]


def _split(size: int) -> int:
    """The largest power of two smaller than *size*."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
