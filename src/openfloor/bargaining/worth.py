"""What the offers come to, side by side: a headline is one figure, what reaches the pay another."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openfloor.bargaining.figures import Figures
from workrules.wages import (
    SERIES,
    LumpSum,
    PriceSeries,
    average_over_term,
    break_even_inflation,
    compounded,
    headline,
    price_change,
    rates_by_year,
    real_change,
)

DEFAULT_YEARS = 4  # as long as most contracts last


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """
    The years whose prices an offer is held against.

    `is_incomplete`: months of one of them are missing. `is_unverified`: nobody of us saw its level in print.
    """

    series: PriceSeries
    since: int
    until: int

    @property
    def prices(self) -> Fraction:
        return price_change(self.series, since=self.since, until=self.until)

    @property
    def is_incomplete(self) -> bool:
        return bool({self.since, self.until} & set(self.series.incomplete))

    @property
    def is_unverified(self) -> bool:
        return bool({self.since, self.until} & set(self.series.unverified))


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Every figure as a rate: 1/20 is 5 %. Without a term nothing can be said of an average or of years."""

    headline: Fraction
    compounded: Fraction
    real: Fraction  # compounded, against the prices of the window
    by_year: tuple[Fraction, ...]
    average: Fraction | None
    break_even: Decimal | None
    lump_sums: tuple[LumpSum, ...]


def window_of(series_key: str | None, since: str | None, until: str | None) -> Window:
    """What was asked for where it can be had, else the last years on file."""
    series = next((each for each in SERIES if each.key == series_key), SERIES[0])
    years = [year for year, _ in series.levels]
    last = _year(until, years, years[-1])
    first = _year(since, years, years[-1] - DEFAULT_YEARS)
    if first >= last:
        first, last = years[-1] - DEFAULT_YEARS, years[-1]
    return Window(series=series, since=first, until=last)


def worth(figures: Figures, window: Window) -> Worth | None:
    """None where the version names no raise."""
    if not figures.raises:
        return None
    rates = [each.rate for each in figures.raises]
    offer = figures.offer()
    total = compounded(rates)
    by_year = rates_by_year(offer) if offer else ()
    return Worth(
        headline=headline(rates),
        compounded=total,
        real=real_change(total, window.prices),
        by_year=by_year,
        average=average_over_term(offer) if offer else None,
        break_even=break_even_inflation(total, years=len(by_year)) if by_year else None,
        lump_sums=figures.lump_sums,
    )


def _year(text: str | None, years: Iterable[int], otherwise: int) -> int:
    return next((year for year in years if str(year) == text), otherwise)
