"""Ballot papers on a board, as their owners look for them: by six words or by the hash itself."""

import string
from base64 import b64decode
from dataclasses import dataclass

from openballot.words import bits_of, words_of
from openfloor.ui.pairs import in_pairs

RECEIPT_WORDS = 6
BASE64 = string.ascii_uppercase + string.ascii_lowercase + string.digits + "+/"
BITS_A_CHARACTER = 6


@dataclass(frozen=True, slots=True)
class Tracker:
    """One paper on the board: the words its owner has, and its Belenios hash."""

    words: tuple[str, ...]
    hash: str

    @property
    def in_words(self) -> str:
        return in_pairs(self.words)


def find(hashes: list[str], sought: str) -> list[str]:
    """Those whose words or hash begin as *sought*, in the board's order; all of them for an empty text."""
    text = sought.strip()
    if not text:
        return hashes
    words = tuple(text.lower().replace("·", " ").split())
    beginning = _beginning_of(words)
    return [
        one
        for one in hashes
        if one.startswith(text)
        # Only a few begin so; words are worked out for these alone.
        or (beginning is not None and one.startswith(beginning) and _begins_with(one, words))
    ]


def tracker_of(hash_base64: str) -> Tracker:
    digest = b64decode(hash_base64 + "=")
    return Tracker(tuple(words_of(digest.hex(), RECEIPT_WORDS)), hash_base64)


def _begins_with(hash_base64: str, words: tuple[str, ...]) -> bool:
    return tracker_of(hash_base64).words[: len(words)] == words


def _beginning_of(words: tuple[str, ...]) -> str | None:
    """The characters that every hash with these words begins with; None when they are no such words."""
    try:
        bits = bits_of(words)
    except ValueError:
        return None
    whole = len(bits) // BITS_A_CHARACTER
    return "".join(
        BASE64[int(bits[at * BITS_A_CHARACTER : (at + 1) * BITS_A_CHARACTER], 2)] for at in range(whole)
    )
