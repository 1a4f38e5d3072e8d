"""How many of a ballot's trustees open the count: a threshold, or None where each of them is needed.

Two are always needed both: one alone could open every vote.
"""

from openballot.ceremony import LARGEST

FEWEST = 2
MOST_TRUSTEES = LARGEST


class ImpossibleQuorum(ValueError):
    """So many of so many trustees cannot open a count."""


def usual(trustees: int) -> int | None:
    """More than half of them: whoever wants to open single votes needs a majority, and some may be absent."""
    return _or_all(trustees // 2 + 1, trustees)


def chosen(trustees: int, needed: int | None) -> int | None:
    """The threshold where so many are asked for, or nothing particular is; raises ImpossibleQuorum."""
    if trustees > MOST_TRUSTEES:
        raise ImpossibleQuorum
    if needed is None or trustees < FEWEST:
        return usual(trustees)
    if not FEWEST <= needed <= trustees:
        raise ImpossibleQuorum
    return _or_all(needed, trustees)


def again(threshold: int | None, *, of: int, now_of: int) -> int | None:
    """For a copy: as many as before where there still are so many, all where all were needed."""
    needed = threshold or of
    return _or_all(needed, now_of) if needed < now_of or threshold is None else usual(now_of)


def _or_all(needed: int, trustees: int) -> int | None:
    """Where all are needed, keys of their own do as well, with one round less."""
    return needed if FEWEST <= needed < trustees else None
