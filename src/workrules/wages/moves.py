"""Who moved at the table, by how much, and towards whom."""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class Direction(Enum):
    """Where a side went with its own figure, seen from the other side's."""

    TOWARDS = "towards"
    AWAY = "away"
    STAYED = "stayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """`by` is the change of the side's own figure; `gap` what is left between the two, never negative."""

    direction: Direction
    by: Fraction
    gap: Fraction


def move(before: Fraction, after: Fraction, *, other: Fraction) -> Move:
    """Compare a side's figure with its last one; *other* is where the other side stood at that moment."""
    gap = abs(other - after)
    if after == before:
        direction = Direction.STAYED
    elif gap < abs(other - before):
        direction = Direction.TOWARDS
    else:
        # Passing the other side and ending up as far beyond it is no approach.
        direction = Direction.AWAY
    return Move(direction=direction, by=after - before, gap=gap)
