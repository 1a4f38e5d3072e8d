"""Ballot papers on a board, as their owners look for them: by six words or by the hash itself."""

from base64 import b64decode
from dataclasses import dataclass

from openballot.words import words_of
from openfloor.ui.pairs import in_pairs

RECEIPT_WORDS = 6


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
    return [one for one in hashes if one.startswith(text) or tracker_of(one).words[: len(words)] == words]


def tracker_of(hash_base64: str) -> Tracker:
    digest = b64decode(hash_base64 + "=")
    return Tracker(tuple(words_of(digest.hex(), RECEIPT_WORDS)), hash_base64)
