"""Figures typed one a line: read exactly, refused by line, kept as JSON."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factories.bargaining import by_year
from openfloor.bargaining import figures
from openfloor.bargaining.figures import (
    BadLine,
    DayOutOfReach,
    DayTwice,
    Figures,
    LineWithoutColon,
    LineWithoutDay,
    LineWithTwoReadings,
    Measure,
    Ratio,
    Step,
    TooManyLines,
    YearWithoutTerm,
    as_json,
    from_json,
    measures,
    read_lump_sums,
    read_raises,
    read_ratios,
    read_steps,
)
from openfloor.bargaining.words import line_in_words
from openfloor.bargaining.worth import window_of, worth
from workrules.wages import ImpossibleOffer, LumpSum, Raise

START = date(2026, 10, 1)


def test_raises_are_read_by_date_or_by_year_of_the_term() -> None:
    read = read_raises("year 2: 5,0 percent\n\n2026-10-01: 6 1/2 %\nyear 3: 5", starts_on=START)

    assert read == (
        Raise(effective_on=START, rate=Fraction(13, 200)),
        Raise(effective_on=date(2027, 10, 1), rate=Fraction(1, 20)),
        Raise(effective_on=date(2028, 10, 1), rate=Fraction(1, 20)),
    )


def test_a_share_or_a_percentage_is_refused_with_both_readings() -> None:
    with pytest.raises(LineWithTwoReadings) as caught:
        read_raises("year 1: 5 %\nyear 2: 0.05", starts_on=START)

    assert (caught.value.line, caught.value.said) == (2, "0.05")
    assert caught.value.readings == (Fraction(5, 10_000), Fraction(5, 100))


@pytest.mark.parametrize(
    "line", ["5 %", "soon: 5 %", "2026-02-30: 5 %", "year 0: 5 %", "year 1: lots", "year 1: -100 %"]
)
def test_a_raise_that_cannot_be_read_is_named_by_its_line(line: str) -> None:
    with pytest.raises(BadLine) as caught:
        read_raises(f"year 1: 1 %\n{line}", starts_on=START)

    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("second", "error", "sentence"),
    [
        ("year 2", DayTwice, "Line 2 has the day of an earlier line."),
        ("2027-10-01", DayTwice, "Line 2 has the day of an earlier line."),
        ("soon", LineWithoutDay, "Line 2 has no day and no year of the term before its colon."),
        ("", LineWithoutDay, "Line 2 has no day and no year of the term before its colon."),
    ],
)
def test_a_second_raise_of_a_day_and_one_of_none_say_so(
    second: str, error: type[BadLine], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        read_raises(f"year 2: 5 %\n{second}: 6 %", starts_on=START)

    assert line_in_words(caught.value).startswith(sentence)


@pytest.mark.parametrize("read", [read_ratios, read_steps])
def test_a_line_without_a_colon_says_so(read: Callable[[str], object]) -> None:
    with pytest.raises(LineWithoutColon) as caught:
        read("RN 3 48.20")

    assert line_in_words(caught.value) == "Line 1 has no colon. Write it as in the example."


def test_money_can_be_paid_twice_on_one_day() -> None:
    assert len(read_lump_sums("2026-11-01: 500\n2026-11-01: 900", starts_on=START)) == 2


def test_years_need_a_start_and_lines_have_an_end() -> None:
    with pytest.raises(YearWithoutTerm):
        read_raises("year 1: 5 %", starts_on=None)
    with pytest.raises(TooManyLines):
        read_steps("a: 1\n" * 61)


@pytest.mark.parametrize("line", ["1899-12-31", "2201-01-01", "year 99"])
def test_a_day_that_no_contract_reaches_is_named_by_its_line(line: str) -> None:
    with pytest.raises(DayOutOfReach):
        read_raises(f"{line}: 5 %", starts_on=date(2150, 1, 1))
    with pytest.raises(DayOutOfReach):
        read_lump_sums(f"{line}: 500", starts_on=date(2150, 1, 1))


@pytest.mark.parametrize(
    "days",
    [
        {"ends_on": date(9999, 12, 31)},
        {"starts_on": date(1899, 12, 31)},
        {"effective_on": date(2201, 1, 1)},
        {"raises": (Raise(effective_on=date(2201, 1, 1), rate=Fraction(1, 20)),)},
        {"lump_sums": (LumpSum(paid_on=date(1, 1, 1), amount=Decimal(1)),)},
    ],
)
def test_figures_of_a_day_that_no_contract_reaches_cannot_be_built(days: dict[str, Any]) -> None:
    with pytest.raises(ImpossibleOffer):
        Figures(**days)


def test_money_ratios_and_steps_are_read() -> None:
    assert read_lump_sums("year 1: $1,500.50", starts_on=START) == (
        LumpSum(paid_on=START, amount=Decimal("1500.50")),
    )
    assert read_ratios("telemetry: 1:4\nICU, nights: 2.5") == (
        Ratio(where="telemetry", patients=Fraction(4)),
        Ratio(where="ICU, nights", patients=Fraction(5, 2)),
    )
    assert read_steps("RN 3: 48.20") == (Step(name="RN 3", pay=Decimal("48.20")),)


@pytest.mark.parametrize(
    "line", ["RN 3: 1,50", "RN 3: -1", "RN 3: 0", "RN 3: 99999999", ": 5", f"{'a' * 81}: 5"]
)
def test_money_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(BadLine):
        read_steps(line)


def test_a_term_ends_after_it_starts_and_after_every_raise() -> None:
    with pytest.raises(ImpossibleOffer):
        Figures(starts_on=START, ends_on=START)
    with pytest.raises(ImpossibleOffer):
        Figures(starts_on=START, ends_on=date(2027, 1, 1), raises=by_year("5", "5").raises)


rates = st.builds(Fraction, st.integers(-900, 9990), st.just(10_000))
some_figures = st.builds(
    lambda rates, patients, pay: Figures(
        starts_on=START,
        raises=tuple(
            Raise(effective_on=START.replace(year=2026 + year), rate=rate) for year, rate in enumerate(rates)
        ),
        ratios=tuple(Ratio(where=f"ward {n}", patients=each) for n, each in enumerate(patients)),
        steps=tuple(Step(name=f"step {n}", pay=each) for n, each in enumerate(pay)),
    ),
    st.lists(rates, max_size=5),
    st.lists(st.builds(Fraction, st.integers(1, 999), st.just(10)), max_size=3),
    st.lists(st.decimals("0.01", "9999", places=2), max_size=3),
)


@given(some_figures)
def test_what_is_stored_and_what_is_shown_to_be_changed_read_back_the_same(given_: Figures) -> None:
    assert from_json(as_json(given_)) == given_
    assert read_raises(figures.raises_as_lines(given_), starts_on=None) == given_.raises
    assert read_ratios(figures.ratios_as_lines(given_)) == given_.ratios
    assert read_steps(figures.steps_as_lines(given_)) == given_.steps


def test_measures_are_what_two_versions_can_be_compared_in() -> None:
    given_ = by_year("10", "7", "7", "7", ratios=(Ratio(where="telemetry", patients=Fraction(4)),))

    assert measures(given_) == {
        Measure("raises"): Fraction(31, 100),
        Measure("ratio", "telemetry"): Fraction(4),
    }


def test_worth_tells_what_is_added_up_from_what_is_compounded() -> None:
    come_to = worth(by_year("6.5", "5", "5", "5"), window_of(None, None, None))

    assert come_to is not None
    assert come_to.headline == Fraction(215, 1000)
    assert round(float(come_to.compounded), 4) == 0.2329
    assert round(float(come_to.real), 4) == 0.0377
    assert len(come_to.by_year) == 4


def test_without_a_term_nothing_is_said_of_years_or_an_average() -> None:
    come_to = worth(Figures(raises=by_year("5", "5").raises), window_of(None, None, None))

    assert come_to is not None
    assert (come_to.average, come_to.break_even, come_to.by_year) == (None, None, ())


@pytest.mark.parametrize(
    ("asked", "years"),
    [
        ((None, None, None), (2021, 2025)),
        (("cpi-u-us", "2019", "2023"), (2019, 2023)),
        (("cpi-u-us", "2023", "2019"), (2021, 2025)),
        (("nonsense", "1066", "x"), (2021, 2025)),
        (("cpi-u-san-francisco-abag", None, None), (2020, 2024)),
        (("cpi-u-los-angeles", "2021", "2025"), (2021, 2022)),
        (("cpi-u-los-angeles", "2023", "2025"), (2018, 2022)),
    ],
)
def test_a_window_is_what_was_asked_for_where_it_can_be_had(
    asked: tuple[str | None, str | None, str | None], years: tuple[int, int]
) -> None:
    window = window_of(*asked)

    assert (window.since, window.until) == years
    assert window.is_incomplete == (years[1] == 2025)


def test_three_digits_after_a_point_are_thousands_somewhere_so_a_sum_of_money_is_refused() -> None:
    with pytest.raises(BadLine):
        read_lump_sums("2026-10-01: 1.500", starts_on=None)
    assert read_steps("RN 4: 52.125")[0].pay == Decimal("52.125")
