"""Wages against prices: the figures of public reports, edges by name, and the laws of compounding."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from factories import wages as vectors
from workrules.wages import (
    CPI_U_LOS_ANGELES,
    CPI_U_SAN_FRANCISCO,
    CPI_U_US,
    SERIES,
    Direction,
    ImpossibleOffer,
    ImpossibleWindow,
    LumpSum,
    Move,
    NoPercentage,
    NoPrice,
    Offer,
    Raise,
    TwoReadings,
    average_over_term,
    break_even_inflation,
    compounded,
    evenly_spread,
    headline,
    level_on,
    levels_by_year,
    lump_sums_over_term,
    move,
    price_change,
    rates_by_year,
    read_percentage,
    real_change,
    real_change_at,
    restoring_raise,
    share_in_last_years,
)

RATES = st.fractions(min_value=Fraction(-1, 2), max_value=2, max_denominator=10_000)


def percent(text: str) -> Fraction:
    return Fraction(text) / 100


def offer(*raises: tuple[date, str], lump_sums: tuple[LumpSum, ...] = ()) -> Offer:
    return Offer(
        starts_on=date(2026, 10, 1),
        ends_on=date(2030, 10, 1),
        raises=tuple(Raise(effective_on=day, rate=percent(rate)) for day, rate in raises),
        lump_sums=lump_sums,
    )


def each_october(*rates: str) -> Offer:
    return offer(*((date(2026 + year, 10, 1), rate) for year, rate in enumerate(rates)))


# Percentages as people write them


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("5", "5"),
        ("5 %", "5"),
        ("5%", "5"),
        ("5,0", "5"),
        ("5.0 percent", "5"),
        ("+5 %", "5"),
        (" 5 % ", "5"),
        ("5 por ciento", "5"),
        ("5 Per Cent", "5"),
        ("21.5 %", "21.5"),
        ("21,5", "21.5"),
        ("6,125 %", "6.125"),
        ("6 1/2 %", "6.5"),
        ("6 1/2", "6.5"),
        ("3/2", "1.5"),
        ("1/2 %", "0.5"),
        ("0.05 %", "0.05"),
        ("-2 %", "-2"),
        ("\N{MINUS SIGN}2 %", "-2"),
        ("0", "0"),
        ("0.0", "0"),
        ("1,000", "1"),
    ],
)
def test_percentage_is_read_as_it_is_written(text: str, rate: str) -> None:
    assert read_percentage(text) == percent(rate)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("0.05", ("0.05", "5")),
        ("0,05", ("0.05", "5")),
        ("1/2", ("0.5", "50")),
        ("0.5", ("0.5", "50")),
        ("-0.1", ("-0.1", "-10")),
    ],
)
def test_bare_number_under_one_is_refused_with_both_readings(text: str, readings: tuple[str, str]) -> None:
    with pytest.raises(TwoReadings) as refusal:
        read_percentage(text)

    assert refusal.value.readings == tuple(map(percent, readings))


@pytest.mark.parametrize(
    "text",
    ["", "%", "five", "5 % %", "1000", "1.2.3", "--5", "+-5", "1/0", "5/", "1e3", "٥", "5 %\n6 %", "nan"],
)
def test_text_that_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(NoPercentage):
        read_percentage(text)


# What an offer comes to


def test_four_raises_are_21_5_in_the_headline_and_23_29_in_the_pay() -> None:
    rates = [percent(rate) for rate in ("6.5", "5", "5", "5")]

    assert headline(rates) == percent("21.5")
    assert compounded(rates) == percent("23.2870625")


def test_no_raises_are_nothing() -> None:
    assert headline([]) == compounded([]) == 0


def test_back_loaded_offer_with_the_same_headline_pays_less_on_average() -> None:
    early, late = each_october("8", "4", "4", "4"), each_october("4", "4", "4", "8")

    assert headline(each.rate for each in early.raises) == headline(each.rate for each in late.raises)
    assert compounded(each.rate for each in early.raises) == compounded(each.rate for each in late.raises)
    assert average_over_term(late) < average_over_term(early)


def test_average_weighs_each_day_of_the_term() -> None:
    half_of_it = offer((date(2028, 10, 1), "10"))

    days_with, days = (
        (date(2030, 10, 1) - date(2028, 10, 1)).days,
        (date(2030, 10, 1) - date(2026, 10, 1)).days,
    )
    assert average_over_term(half_of_it) == percent("10") * days_with / days


def test_raise_paid_back_to_before_the_term_is_in_all_of_it() -> None:
    assert average_over_term(offer((date(2026, 7, 1), "5"))) == percent("5")


def test_two_raises_on_one_day_are_one_on_top_of_the_other() -> None:
    day = date(2027, 1, 1)

    assert level_on(offer((day, "5"), (day, "2")), day) == 1 + percent("7.1")


def test_raise_is_paid_on_its_day_and_not_the_day_before() -> None:
    day = date(2027, 10, 1)

    assert level_on(offer((day, "5")), day - timedelta(days=1)) == 1
    assert level_on(offer((day, "5")), day) == 1 + percent("5")


def test_rates_by_year_are_told_by_the_anniversaries_of_the_term() -> None:
    split = offer(
        (date(2026, 7, 1), "1"), (date(2027, 9, 30), "2"), (date(2027, 10, 1), "3"), (date(2030, 9, 30), "4")
    )

    assert rates_by_year(split) == (percent("3.02"), percent("3"), percent("0"), percent("4"))


def test_term_from_a_leap_day_has_its_anniversaries_on_1_march() -> None:
    leap = Offer(
        starts_on=date(2028, 2, 29),
        ends_on=date(2030, 3, 1),
        raises=(
            Raise(effective_on=date(2029, 2, 28), rate=percent("1")),
            Raise(effective_on=date(2029, 3, 1), rate=percent("2")),
        ),
    )

    assert rates_by_year(leap) == (percent("1"), percent("2"))


def test_levels_by_year_are_the_pay_at_the_end_of_each() -> None:
    assert levels_by_year(each_october("6.5", "5", "5", "5"))[1:] == tuple(
        1 + percent(total) for total in ("11.825", "17.41625", "23.2870625")
    )


def test_share_in_the_last_year_is_of_the_money_and_not_of_the_rates() -> None:
    late = each_october("0", "0", "10", "10")

    assert share_in_last_years(late, years=1) == Fraction(11, 21)
    assert share_in_last_years(late, years=2) == 1


def test_evenly_spread_ends_where_the_offer_does() -> None:
    spread = evenly_spread(each_october("0", "0", "0", "8"))

    assert levels_by_year(spread) == tuple(1 + percent(total) for total in ("2", "4", "6", "8"))
    assert [each.effective_on for each in spread.raises] == [date(2026 + year, 10, 1) for year in range(4)]


def test_late_raise_pays_less_than_the_same_raise_spread_evenly() -> None:
    early, late = each_october("8"), each_october("0", "0", "0", "8")

    assert average_over_term(late) < average_over_term(evenly_spread(late))
    assert average_over_term(early) > average_over_term(evenly_spread(early))


def test_lump_sum_is_never_in_the_base() -> None:
    bonus = LumpSum(paid_on=date(2026, 12, 1), amount=Decimal(4000))
    with_bonus, without = offer((date(2026, 10, 1), "5"), lump_sums=(bonus,)), offer((date(2026, 10, 1), "5"))

    assert average_over_term(with_bonus) == average_over_term(without)
    assert round(lump_sums_over_term(with_bonus, yearly_pay=Decimal(100_000)), 5) == percent("1")


@pytest.mark.parametrize(
    "build",
    [
        lambda: Raise(effective_on=date(2026, 1, 1), rate=Fraction(-1)),
        lambda: LumpSum(paid_on=date(2026, 1, 1), amount=Decimal(0)),
        lambda: LumpSum(paid_on=date(2026, 1, 1), amount=Decimal("NaN")),
        lambda: Offer(starts_on=date(2026, 1, 1), ends_on=date(2026, 1, 1), raises=()),
        lambda: offer((date(2027, 1, 1), "5"), (date(2026, 12, 1), "5")),
        lambda: offer((date(2030, 10, 1), "5")),
        lambda: lump_sums_over_term(each_october("5"), yearly_pay=Decimal(0)),
        lambda: share_in_last_years(each_october("5"), years=4),
        lambda: share_in_last_years(each_october("5"), years=0),
        lambda: share_in_last_years(each_october("0"), years=1),
    ],
)
def test_impossible_offer_cannot_be_built(build: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleOffer):
        build()


@given(st.lists(st.fractions(min_value=0, max_value=1, max_denominator=1000), min_size=4, max_size=4))
def test_evenly_spread_a_second_time_changes_nothing(rates: list[Fraction]) -> None:
    once = evenly_spread(each_october(*(str(rate * 100) for rate in rates)))

    assert evenly_spread(once) == once


@given(st.lists(RATES, max_size=8))
def test_order_of_the_raises_never_matters_to_what_they_come_to(rates: list[Fraction]) -> None:
    assert compounded(rates) == compounded(reversed(rates))


@given(st.lists(st.fractions(min_value=0, max_value=2, max_denominator=1000), max_size=8))
def test_compounded_is_never_under_the_headline(rates: list[Fraction]) -> None:
    assert compounded(rates) >= headline(rates)


@given(
    st.dates(date(2026, 10, 1), date(2030, 9, 29)),
    st.fractions(min_value=0, max_value=1, max_denominator=1000),
)
def test_one_day_later_never_raises_the_average(day: date, rate: Fraction) -> None:
    assume(rate > 0)
    now, later = (offer((each, str(rate * 100))) for each in (day, day + timedelta(days=1)))

    assert average_over_term(later) < average_over_term(now)


# Prices


def shown(rate: Fraction) -> Decimal:
    return round(Decimal(rate.numerator * 100) / rate.denominator, 2)


def test_prices_of_the_united_states_changed_as_published() -> None:
    changes = [shown(price_change(CPI_U_US, since=year - 1, until=year)) for year in range(2016, 2026)]

    expected = ("1.26", "2.13", "2.44", "1.81", "1.23", "4.70", "8.00", "4.12", "2.95", "2.63")
    assert changes == list(map(Decimal, expected))
    assert shown(price_change(CPI_U_US, since=2021, until=2025)) == Decimal("18.81")
    assert CPI_U_US.incomplete == (2025,)


def test_no_price_is_made_up() -> None:
    with pytest.raises(NoPrice) as refusal:
        price_change(CPI_U_SAN_FRANCISCO, since=2021, until=2025)

    assert refusal.value.year == 2025


def test_every_series_says_where_it_is_from() -> None:
    assert all(series.source and series.method for series in SERIES)
    assert len({series.key for series in SERIES}) == len(SERIES)


def test_levels_that_nobody_saw_are_marked() -> None:
    assert CPI_U_LOS_ANGELES.unverified == tuple(year for year, _ in CPI_U_LOS_ANGELES.levels)
    assert CPI_U_US.unverified == CPI_U_SAN_FRANCISCO.unverified == ()


# What is left after prices


@pytest.mark.parametrize(
    ("rate", "break_even", "real"),
    [("20", "4.66", "6.6"), ("21.5", "4.99", "8.0"), ("27", "6.16", "12.8"), ("31", "6.98", "16.4")],
)
def test_four_years_to_come(rate: str, break_even: str, real: str) -> None:
    assert round(break_even_inflation(percent(rate), years=4) * 100, 2) == Decimal(break_even)
    at_three = real_change_at(percent(rate), yearly_inflation=percent("3"), years=4)
    assert round(shown(at_three), 1) == Decimal(real)


def test_21_5_against_the_prices_of_2021_to_2025_is_2_3_in_all() -> None:
    real = real_change(percent("21.5"), price_change(CPI_U_US, since=2021, until=2025))

    assert round(shown(real), 1) == Decimal("2.3")


def test_after_a_loss_of_a_fifth_it_takes_a_quarter() -> None:
    assert restoring_raise(Fraction(-1, 5)) == Fraction(1, 4)


@given(RATES, st.integers(1, 30))
def test_at_break_even_nothing_is_left_and_nothing_lost(rate: Fraction, years: int) -> None:
    inflation = Fraction(break_even_inflation(rate, years=years))

    assert abs(real_change_at(rate, yearly_inflation=inflation, years=years)) < Fraction(years, 10**5)


@given(RATES, RATES)
def test_restoring_raise_restores(rate: Fraction, prices: Fraction) -> None:
    real = real_change(rate, prices)

    assert (1 + real) * (1 + restoring_raise(real)) == 1


@pytest.mark.parametrize(
    "ask",
    [
        lambda: real_change(Fraction(1, 10), Fraction(-1)),
        lambda: real_change_at(Fraction(1, 10), yearly_inflation=Fraction(0), years=0),
        lambda: break_even_inflation(Fraction(1, 10), years=0),
    ],
)
def test_impossible_window_is_refused(ask: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleWindow):
        ask()


# Who moved


@pytest.mark.parametrize(
    ("before", "after", "other", "expected"),
    [
        ("31", "27", "20", Move(direction=Direction.TOWARDS, by=percent("-4"), gap=percent("7"))),
        ("20", "21.5", "27", Move(direction=Direction.TOWARDS, by=percent("1.5"), gap=percent("5.5"))),
        ("20", "20", "27", Move(direction=Direction.STAYED, by=percent("0"), gap=percent("7"))),
        ("27", "31", "20", Move(direction=Direction.AWAY, by=percent("4"), gap=percent("11"))),
        ("31", "10", "20", Move(direction=Direction.TOWARDS, by=percent("-21"), gap=percent("10"))),
        ("31", "9", "20", Move(direction=Direction.AWAY, by=percent("-22"), gap=percent("11"))),
        ("31", "20", "20", Move(direction=Direction.TOWARDS, by=percent("-11"), gap=percent("0"))),
    ],
)
def test_move_is_seen_from_the_other_side(before: str, after: str, other: str, expected: Move) -> None:
    assert move(percent(before), percent(after), other=percent(other)) == expected


def test_vectors_are_what_the_code_makes() -> None:
    assert vectors.FILE.read_text(encoding="utf-8") == vectors.written()
