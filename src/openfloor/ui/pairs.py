"""Words two by two, as people read them aloud. A line never breaks in a pair, nor begins with a dot."""

from collections.abc import Sequence

UNBROKEN = "\N{NO-BREAK SPACE}"


def in_pairs(words: Sequence[str]) -> str:
    pairs = [UNBROKEN.join(words[at : at + 2]) for at in range(0, len(words), 2)]
    return f"{UNBROKEN}· ".join(pairs)
