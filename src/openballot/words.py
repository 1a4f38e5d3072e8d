"""Hashes as words, for two people to compare aloud. Never for secrets: the words say the hash."""

from collections.abc import Sequence
from functools import cache

from mnemonic import Mnemonic

BITS_PER_WORD = 11


def words_of(hash_hex: str, count: int) -> list[str]:
    """Return the BIP 39 English words of the first *count* groups of 11 bits of a hash."""
    bits = len(hash_hex) * 4
    if count * BITS_PER_WORD > bits:
        raise ValueError(f"{bits} bits give at most {bits // BITS_PER_WORD} words.")
    number = int(hash_hex, 16)
    shifts = (bits - BITS_PER_WORD * (index + 1) for index in range(count))
    return [_wordlist()[number >> shift & (2**BITS_PER_WORD - 1)] for shift in shifts]


def bits_of(words: Sequence[str]) -> str:
    """Return the first bits of every hash that has these words, as 0 and 1; raises ValueError for others."""
    return "".join(f"{_wordlist().index(word):0{BITS_PER_WORD}b}" for word in words)


@cache
def _wordlist() -> list[str]:
    return list(Mnemonic("english").wordlist)
