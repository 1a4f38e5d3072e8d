"""Writes vectors/wages.json: the figures of public reports, and offers drawn at random. A test compares them.

`PYTHONPATH=tests python -m factories.wages`
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

from workrules.wages import (
    SERIES,
    ImpossibleOffer,
    LumpSum,
    NoPercentage,
    Offer,
    Raise,
    TwoReadings,
    average_over_term,
    break_even_inflation,
    compounded,
    evenly_spread,
    headline,
    levels_by_year,
    lump_sums_over_term,
    price_change,
    rates_by_year,
    read_percentage,
    real_change,
    real_change_at,
    share_in_last_years,
)

FILE = Path(__file__).parents[2] / "vectors" / "wages.json"
DRAWN = 60
AT_THREE = Fraction(3, 100)
YEARLY_PAY = Decimal("96400.50")
# Raises over four years, as they were named in public.
REPORTED = (
    ("20",),
    ("21.5",),
    ("27",),
    ("31",),
    ("6.5", "5", "5", "5"),
    ("9", "6", "6", "6"),
    ("10", "7", "7", "7"),
)
TEXTS = (
    *("5", "5 %", "5%", "5,0", "5.0 percent", "+5 %", " 5 % ", "5 por ciento", "21.5 %", "21,5", "6 1/2 %"),
    *("1/2 %", "0.05 %", "-2 %", "\N{MINUS SIGN}2 %", "0", "0.0", "1,000", "0.05", "0,05", "1/2", "0.5"),
    *("-0.1", "", "%", "five", "5 % %", "1000", "1.2.3", "--5", "1/0", "5/", "1e3", "٥", "5\n6", "nan"),
)


def vectors() -> dict[str, Any]:
    random = Random(2026)  # noqa: S311 - the same offers each time
    return {
        "percentages": [_percentage(text) for text in TEXTS],
        "reported": [_reported(*rates) for rates in REPORTED],
        "series": [_series(series) for series in SERIES],
        "yearly_pay": str(YEARLY_PAY),
        "offers": [_offer(_drawn(random)) for _ in range(DRAWN)],
    }


def written() -> str:
    return json.dumps(vectors(), indent=1, ensure_ascii=False) + "\n"


def _percentage(text: str) -> dict[str, Any]:
    try:
        return {"text": text, "rate": str(read_percentage(text))}
    except TwoReadings as error:
        return {"text": text, "readings": [str(reading) for reading in error.readings]}
    except NoPercentage:
        return {"text": text, "error": "no_percentage"}


def _reported(*percent: str) -> dict[str, Any]:
    rates = [Fraction(each) / 100 for each in percent]
    total, named = compounded(rates), headline(rates)
    prices = price_change(SERIES[0], since=2021, until=2025)
    return {
        "rates": [str(rate) for rate in rates],
        "headline": str(named),
        "compounded": str(total),
        "break_even": str(break_even_inflation(total, years=4)),
        "at_three": str(real_change_at(total, yearly_inflation=AT_THREE, years=4)),
        "against_2021_to_2025": str(real_change(total, prices)),
    }


def _series(series: Any) -> dict[str, Any]:
    years = [year for year, _ in series.levels]
    windows = [*pairwise(years), (years[0], years[-1])]
    return {
        "levels": [[year, str(level)] for year, level in series.levels],
        "changes": [
            [since, until, str(price_change(series, since=since, until=until))] for since, until in windows
        ],
    }


def _drawn(random: Random) -> Offer:
    """Leap days, part of a last year, raises paid back, cuts, two on one day: what a contract may hold."""
    starts_on = random.choice((date(2026, 10, 1), date(2028, 2, 29), date(2027, 1, 1)))
    ends_on = starts_on + timedelta(days=random.randint(300, 2200))

    def day(*, before: int = 0) -> date:
        return starts_on + timedelta(days=random.randint(-before, (ends_on - starts_on).days - 1))

    days = sorted(day(before=120) for _ in range(random.randint(0, 6)))
    days = [*days, *days[-1:]] if random.random() < 0.2 else days
    return Offer(
        starts_on=starts_on,
        ends_on=ends_on,
        raises=tuple(
            Raise(effective_on=each, rate=Fraction(random.randint(-40, 240), 2000)) for each in days
        ),
        lump_sums=tuple(
            LumpSum(paid_on=day(), amount=Decimal(random.randint(1, 500_000)) / 100)
            for _ in range(random.randint(0, 2))
        ),
    )


def _offer(offer: Offer) -> dict[str, Any]:
    total = compounded(each.rate for each in offer.raises)
    by_year = rates_by_year(offer)
    return {
        "offer": {
            "starts_on": offer.starts_on.isoformat(),
            "ends_on": offer.ends_on.isoformat(),
            "raises": [
                {"on": each.effective_on.isoformat(), "rate": str(each.rate)} for each in offer.raises
            ],
            "lump_sums": [
                {"on": each.paid_on.isoformat(), "amount": str(each.amount)} for each in offer.lump_sums
            ],
        },
        "headline": str(headline(each.rate for each in offer.raises)),
        "compounded": str(total),
        "by_year": [str(rate) for rate in by_year],
        "levels": [str(level) for level in levels_by_year(offer)],
        "average": str(average_over_term(offer)),
        "evenly": [[each.effective_on.isoformat(), str(each.rate)] for each in evenly_spread(offer).raises],
        "average_evenly": str(average_over_term(evenly_spread(offer))),
        "last_year": _or_impossible(lambda: share_in_last_years(offer, years=1)),
        "lump_sums": str(lump_sums_over_term(offer, yearly_pay=YEARLY_PAY)),
        "break_even": str(break_even_inflation(total, years=len(by_year))),
    }


def _or_impossible(ask: Callable[[], Fraction]) -> str | None:
    try:
        return str(ask())
    except ImpossibleOffer:
        return None


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
