"""What an offer of wages comes to: its headline, compounded, on average over its term.

The trap: raises are given one on top of the other. 6.5, 5, 5 and 5 % are "21.5" in the headline and 23.29 %
in the pay; a report that names a figure without saying which has not said it. Lump sums stay out of the base.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise
from math import prod
from operator import mul


class ImpossibleOffer(ValueError):
    """An offer that no contract could hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """A raise of the base, as a rate: 1/20 is 5 %. Back pay makes `effective_on` the day it goes back to."""

    effective_on: date
    rate: Fraction

    def __post_init__(self) -> None:
        if self.rate <= -1:
            raise ImpossibleOffer("a cut takes less than all of the pay")


@dataclass(frozen=True, slots=True, kw_only=True)
class LumpSum:
    """Money paid once, that no later raise is reckoned on."""

    paid_on: date
    amount: Decimal

    def __post_init__(self) -> None:
        if not self.amount.is_finite() or self.amount <= 0:
            raise ImpossibleOffer("a lump sum is some money")


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Wages for a term, from `starts_on` to the day before `ends_on`. Raises stand in order of date."""

    starts_on: date
    ends_on: date
    raises: tuple[Raise, ...]
    lump_sums: tuple[LumpSum, ...] = ()

    def __post_init__(self) -> None:
        if self.starts_on >= self.ends_on:
            raise ImpossibleOffer("a term ends after it starts")
        days = [each.effective_on for each in self.raises]
        if days != sorted(days):
            raise ImpossibleOffer("raises are given in order of their dates")
        if any(day >= self.ends_on for day in [*days, *(each.paid_on for each in self.lump_sums)]):
            raise ImpossibleOffer("nothing is paid after the term")


def headline(rates: Iterable[Fraction]) -> Fraction:
    """The plain sum of the rates, as a leaflet gives it."""
    return sum(rates, Fraction())


def compounded(rates: Iterable[Fraction]) -> Fraction:
    """What the rates do to the pay, each on top of those before it."""
    return prod((1 + rate for rate in rates), start=Fraction(1)) - 1


def rates_by_year(offer: Offer) -> tuple[Fraction, ...]:
    """The compounded rate of each year of the term; a raise before `starts_on` is of the first."""
    years: list[list[Fraction]] = [[]]
    while _anniversary(offer.starts_on, len(years)) < offer.ends_on:
        years.append([])
    for each in offer.raises:
        years[_year_of(offer, each.effective_on)].append(each.rate)
    return tuple(map(compounded, years))


def level_on(offer: Offer, day: date) -> Fraction:
    """The base pay on *day*, where that before the offer is 1."""
    return 1 + compounded(each.rate for each in offer.raises if each.effective_on <= day)


def levels_by_year(offer: Offer) -> tuple[Fraction, ...]:
    """The base pay at the end of each year of the term, where that before the offer is 1."""
    return tuple(accumulate((1 + rate for rate in rates_by_year(offer)), mul))


def share_in_last_years(offer: Offer, *, years: int) -> Fraction:
    """
    How much of the whole raise comes in the last *years* of the term: 1/4 is a quarter of its money.

    Over 1 where the pay fell before. Raises ImpossibleOffer where nothing is raised in the end, or where the
    term has not more years than that: then everything would come in them.
    """
    levels = (Fraction(1), *levels_by_year(offer))
    if not 0 < years < len(levels) - 1 or levels[-1] == 1:
        raise ImpossibleOffer("there is a raise, and years before the last ones")
    return (levels[-1] - levels[-1 - years]) / (levels[-1] - 1)


def evenly_spread(offer: Offer) -> Offer:
    """The same raise in the end, the same money more on the first day of each year; lump sums stay."""
    years = len(rates_by_year(offer))
    step = (levels_by_year(offer)[-1] - 1) / years
    raises = tuple(
        Raise(effective_on=_anniversary(offer.starts_on, year), rate=step / (1 + year * step))
        for year in range(years)
    )
    return replace(offer, raises=raises)


def average_over_term(offer: Offer) -> Fraction:
    """
    How far the base lies above the old one on an average day of the term.

    Two offers with one headline differ here when one of them comes late. Pay back to a day before the term
    is not counted: it is of an earlier term.
    """
    turns = sorted({offer.starts_on, offer.ends_on} | {each.effective_on for each in offer.raises})
    within = [day for day in turns if offer.starts_on <= day <= offer.ends_on]
    paid = sum(
        (level_on(offer, first) * (until - first).days for first, until in pairwise(within)), Fraction()
    )
    return paid / (offer.ends_on - offer.starts_on).days - 1


def lump_sums_over_term(offer: Offer, *, yearly_pay: Decimal) -> Fraction:
    """What the lump sums add on average, as a rate of the old *yearly_pay*; a year is 365.2425 days."""
    if not yearly_pay.is_finite() or yearly_pay <= 0:
        raise ImpossibleOffer("yearly pay is some money")
    years = (offer.ends_on - offer.starts_on).days / Fraction("365.2425")
    return Fraction(sum((each.amount for each in offer.lump_sums), Decimal())) / (
        Fraction(yearly_pay) * years
    )


def _year_of(offer: Offer, day: date) -> int:
    year = 0
    while _anniversary(offer.starts_on, year + 1) <= day:
        year += 1
    return year


def _anniversary(day: date, years: int) -> date:
    """A term that starts on 29 February has its anniversaries on 1 March in other years."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
