"""How sure a share is, and a change between two of them.

Exact counts in, floats out. The trap is selection: people report bad shifts, so that an interval says how
much chance is in a share of the reports, and nothing of the shifts that nobody reported.

Symbols as in Wilson (1927), "Probable inference, the law of succession, and statistical inference", and in
Newcombe (1998), "Interval estimation for the difference between independent proportions", method 10.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from math import hypot, sqrt

Z_95 = 1.959963984540054  # the normal distribution's 97.5 % point: intervals of 95 %


class ImpossibleShare(ValueError):
    """More than all, or a share of nothing."""


class Direction(Enum):
    """Where a share went, as far as the reports can tell."""

    ROSE = "rose"
    FELL = "fell"
    NOT_TOLD_APART = "not_told_apart"  # the interval has no change in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """*part* of *whole*, both counted."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole or self.whole == 0:
            raise ImpossibleShare("a part lies between none and all of something")

    @property
    def value(self) -> Fraction:
        return Fraction(self.part, self.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """From *low* to *high*, both within."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """*by* is the later share less the earlier; the interval is of it."""

    by: Fraction
    interval: Interval
    direction: Direction


def wilson(share: Share, *, z: float = Z_95) -> Interval:
    """The score interval of a share; never outside 0 to 1, and with a width for none and for all too."""
    n, p = share.whole, float(share.value)
    z2 = z * z
    middle = p + z2 / (2 * n)
    spread = z * sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    # Of none the lower end is exactly 0, of all the upper exactly 1; floating point would miss them.
    low = 0.0 if share.part == 0 else (middle - spread) / scale
    high = 1.0 if share.part == share.whole else (middle + spread) / scale
    return Interval(low=low, high=high)


def change(before: Share, after: Share, *, z: float = Z_95) -> Change:
    """How a share changed from one period to another whose reports are not the same."""
    by = after.value - before.value
    p1, p2 = float(after.value), float(before.value)
    l1u1, l2u2 = wilson(after, z=z), wilson(before, z=z)
    interval = Interval(
        low=float(by) - hypot(p1 - l1u1.low, l2u2.high - p2),
        high=float(by) + hypot(l1u1.high - p1, p2 - l2u2.low),
    )
    return Change(by=by, interval=interval, direction=_direction(interval))


def _direction(interval: Interval) -> Direction:
    if interval.low > 0:
        return Direction.ROSE
    return Direction.FELL if interval.high < 0 else Direction.NOT_TOLD_APART
