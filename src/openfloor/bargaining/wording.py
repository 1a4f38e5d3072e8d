"""What changed in the words of a clause: paragraph by paragraph, and word by word within those that changed.

Two paragraphs that nobody touched are never compared word by word, so that sixty pages stay quick; a passage
too long to compare so, or that says few words again and again, is shown as taken out and put in whole. Each
match that is found looks at every pair of equal words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby

MOST_PARAGRAPHS = 5_000
MOST_WORDS = 3_000  # of one passage that changed
MOST_STEPS = 250_000_000  # over the paragraphs, and over the words of all that changed
_WORDS = re.compile(r"\w+(?:[.,'’%]\w+)*%?|\s+|[^\w\s]")


class Change(Enum):
    """What became of a piece of text from the older version to the newer."""

    KEPT = "kept"
    OUT = "out"
    IN = "in"


@dataclass(frozen=True, slots=True)
class Piece:
    change: Change
    text: str


def differences(old: str, new: str) -> tuple[Piece, ...]:
    """
    Pieces in reading order: those KEPT and OUT together are *old*, those KEPT and IN together are *new*.

    What is taken out of a passage stands before what is put in.
    """
    return tuple(_joined(_by_paragraphs(old.splitlines(keepends=True), new.splitlines(keepends=True))))


def _by_paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    if max(len(old), len(new)) > MOST_PARAGRAPHS or _steps(old, new) > MOST_STEPS:
        yield from _whole("".join(old), "".join(new))
        return
    left = MOST_STEPS
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Piece(Change.KEPT, before)
            continue
        words = _WORDS.findall(before), _WORDS.findall(after)
        steps = _steps(*([word for word in side if not _is_space(word)] for side in words))
        if max(map(len, words)) > MOST_WORDS or steps > left:
            yield from _whole(before, after)
        else:
            left -= steps
            yield from _by_words(*words)


def _steps(old: Sequence[str], new: Sequence[str]) -> int:
    """More than a comparison takes: for each of its matches, as many as there are pairs of equal items."""
    there = Counter(new)
    pairs = sum(count * there[item] for item, count in Counter(old).items())
    return pairs * min(len(old), len(new))


def _by_words(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, a, b, c, d in SequenceMatcher(_is_space, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if tag == "equal":
            yield Piece(Change.KEPT, before)
        else:
            yield from _whole(before, after)


def _whole(before: str, after: str) -> Iterator[Piece]:
    yield Piece(Change.OUT, before)
    yield Piece(Change.IN, after)


def _is_space(word: str) -> bool:
    return word.isspace()


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    for change, together in groupby(
        (piece for piece in pieces if piece.text), key=lambda piece: piece.change
    ):
        yield Piece(change, "".join(piece.text for piece in together))
