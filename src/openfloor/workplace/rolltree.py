"""
A tree of hashes over the roll: a phone checks the entries that matter to it without reading all of them.

Source: RFC 6962 (Certificate Transparency), section 2.1. A leaf is a record's exact text in UTF-8.
Roots and paths are 64 lower-case hexadecimal digits a hash.

The trap: a leaf and a node must never hash alike, hence the first byte of each.
"""

from collections.abc import Sequence
from hashlib import sha256

LEAF, NODE = b"\x00", b"\x01"


def leaf(text: str) -> bytes:
    """The hash of one record (2.1: MTH({d(0)}))."""
    return sha256(LEAF + text.encode()).digest()


def root(leaves: Sequence[bytes]) -> str:
    """The hash of the whole tree; of no leaves, that of the empty string (2.1)."""
    return _hash(leaves).hex()


def inclusion(leaves: Sequence[bytes], index: int) -> list[str]:
    """The audit path of the leaf at *index*, from the leaf to the root (2.1.1: PATH)."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    return [node.hex() for node in _path(leaves, index)]


def consistency(leaves: Sequence[bytes], old_size: int) -> list[str]:
    """The proof that the tree of the first *old_size* leaves is the beginning of this one (2.1.2: PROOF)."""
    if not 0 < old_size <= len(leaves):
        raise IndexError(old_size)
    return [node.hex() for node in _subproof(leaves, old_size, is_whole=True)]


def _hash(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) <= 1:
        return leaves[0] if leaves else sha256(b"").digest()
    split = _split(len(leaves))
    return _node(_hash(leaves[:split]), _hash(leaves[split:]))


def _path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*_path(leaves[:split], index), _hash(leaves[split:])]
    return [*_path(leaves[split:], index - split), _hash(leaves[:split])]


def _subproof(leaves: Sequence[bytes], old_size: int, *, is_whole: bool) -> list[bytes]:
    if old_size == len(leaves):
        return [] if is_whole else [_hash(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        return [*_subproof(leaves[:split], old_size, is_whole=is_whole), _hash(leaves[split:])]
    return [*_subproof(leaves[split:], old_size - split, is_whole=False), _hash(leaves[:split])]


def _split(size: int) -> int:
    """The largest power of two smaller than *size*."""
    return 1 << (size - 1).bit_length() - 1


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
