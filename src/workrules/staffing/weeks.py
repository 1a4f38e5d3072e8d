"""A series by week: how many reports, how many of them over the limit, as far as it may be shown.

The trap is a quiet week: it stands in the series with nothing in it, so that a line is never drawn across it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from workrules.staffing.publishing import publish
from workrules.staffing.shares import ImpossibleShare, Share

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """*part* of *whole* reports of shifts that began on the day *on*; several may be of one day."""

    on: date
    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ImpossibleShare("a part lies between none and all of something")


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """From Monday *starts_on*. `whole` and `share` are None where they are hidden."""

    starts_on: date
    whole: int | None
    share: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Every week from the first to the last, and the whole time; a share of it is None where it is hidden."""

    weeks: tuple[Week, ...]
    whole: int | None
    share: Share | None


def by_week(tallies: Iterable[Tally]) -> Series:
    """Add up to weeks, and hide what gives a small group away (`publish`)."""
    table = _by_monday(tallies)
    if not table:
        return Series(weeks=(), whole=None, share=None)
    shown = publish({day.isoformat(): counts for day, counts in table.items()})
    return Series(
        weeks=tuple(
            Week(starts_on=date.fromisoformat(row.name), whole=row.total, share=_share(row.cells))
            for row in shown.rows
        ),
        whole=shown.total,
        share=_share(shown.column_totals),
    )


def _by_monday(tallies: Iterable[Tally]) -> dict[date, tuple[int, int]]:
    told = [(each.on - timedelta(days=each.on.weekday()), each) for each in tallies]
    if not told:
        return {}
    first, last = min(day for day, _ in told), max(day for day, _ in told)
    table = {first + number * WEEK: (0, 0) for number in range((last - first).days // 7 + 1)}
    for day, each in told:
        over, others = table[day]
        table[day] = (over + each.part, others + each.whole - each.part)
    return table


def _share(cells: tuple[int | None, ...]) -> Share | None:
    over, others = cells
    return None if over is None or others is None else Share(part=over, whole=over + others)
