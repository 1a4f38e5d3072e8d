"""Intervals against statsmodels, and tables that give no small group away: an attacker with algebra tries."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from workrules.staffing import (
    Change,
    Direction,
    ImpossibleShare,
    ImpossibleTable,
    Interval,
    Published,
    Row,
    Series,
    Share,
    Tally,
    Week,
    by_week,
    change,
    publish,
    wilson,
)

SHARES = st.integers(1, 50_000).flatmap(
    lambda whole: st.builds(Share, part=st.integers(0, whole), whole=st.just(whole))
)


# Intervals


@settings(deadline=None)
@given(SHARES)
def test_wilson_is_that_of_statsmodels(share: Share) -> None:
    ours = wilson(share)

    low, high = proportion_confint(share.part, share.whole, method="wilson")
    assert (ours.low, ours.high) == pytest.approx((low, high), rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(SHARES, SHARES)
def test_change_is_that_of_statsmodels(before: Share, after: Share) -> None:
    ours = change(before, after)

    low, high = confint_proportions_2indep(
        after.part, after.whole, before.part, before.whole, method="newcomb", compare="diff"
    )
    assert (ours.interval.low, ours.interval.high) == pytest.approx((low, high), rel=1e-7, abs=1e-10)


def test_change_is_newcombes_published_example() -> None:
    """56 of 70 against 48 of 80: Newcombe (1998), table II, column (a), method 10."""
    found = change(Share(part=48, whole=80), Share(part=56, whole=70))

    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (0.0524, 0.3339)
    assert (found.by, found.direction) == (Fraction(1, 5), Direction.ROSE)


def test_none_and_all_have_a_width_and_end_where_shares_end() -> None:
    none, everything = wilson(Share(part=0, whole=20)), wilson(Share(part=20, whole=20))

    assert (none.low, everything.high) == (0.0, 1.0)
    assert none.high == pytest.approx(1 - everything.low)
    assert round(none.high, 4) == 0.1611


def test_change_in_few_reports_is_not_told_apart() -> None:
    found = change(Share(part=6, whole=12), Share(part=4, whole=12))

    assert found.direction is Direction.NOT_TOLD_APART


def test_change_turns_with_its_periods() -> None:
    more, fewer = Share(part=300, whole=400), Share(part=200, whole=400)

    assert [change(fewer, more).direction, change(more, fewer).direction] == [Direction.ROSE, Direction.FELL]
    assert change(fewer, more).by == -change(more, fewer).by


@settings(deadline=None)
@given(SHARES)
def test_same_share_has_not_changed(share: Share) -> None:
    found = change(share, share)

    assert found == Change(by=Fraction(), interval=found.interval, direction=Direction.NOT_TOLD_APART)


@settings(deadline=None)
@given(SHARES)
def test_interval_holds_its_share(share: Share) -> None:
    found = wilson(share)

    assert isinstance(found, Interval)
    assert 0 <= found.low <= float(share.value) <= found.high <= 1


@pytest.mark.parametrize(
    "build",
    [
        lambda: Share(part=0, whole=0),
        lambda: Share(part=3, whole=2),
        lambda: Share(part=-1, whole=2),
        lambda: Tally(on=date(2026, 1, 1), part=1, whole=0),
        lambda: Tally(on=date(2026, 1, 1), part=-1, whole=0),
    ],
)
def test_impossible_shares_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleShare):
        build()


# Tables


def test_table_without_small_counts_is_shown_whole() -> None:
    assert publish({"3 west": (10, 40), "4 east": (20, 30)}) == Published(
        rows=(
            Row(name="3 west", cells=(10, 40), total=50),
            Row(name="4 east", cells=(20, 30), total=50),
        ),
        column_totals=(30, 70),
        total=100,
    )


def test_small_count_hides_its_complement_and_the_smallest_other_row() -> None:
    found = publish({"3 west": (9, 41), "4 east": (20, 30), "5 north": (30, 60)})

    assert found == Published(
        rows=(
            Row(name="3 west", cells=(None, None), total=50),
            Row(name="4 east", cells=(None, None), total=50),
            Row(name="5 north", cells=(30, 60), total=90),
        ),
        column_totals=(59, 131),
        total=140 + 50,
    )


def test_small_complement_hides_the_count() -> None:
    found = publish({"3 west": (41, 9), "4 east": (20, 30), "5 north": (30, 60)})

    assert found.rows[0] == Row(name="3 west", cells=(None, None), total=50)


def test_small_row_is_hidden_with_another_so_that_ten_are_left() -> None:
    found = publish({"3 west": (4,), "4 east": (5,), "5 north": (30,), "6 south": (40,)})

    assert [row.total for row in found.rows] == [None, None, None, 40]
    assert found.total == 79


def test_none_is_a_small_count_too() -> None:
    found = publish({"3 west": (0, 50), "4 east": (20, 30), "5 north": (30, 60)})

    assert found.rows[0].cells == (None, None)


def test_small_total_of_a_column_hides_all_of_them() -> None:
    found = publish({"3 west": (4, 40), "4 east": (5, 50)})

    assert found == Published(
        rows=(
            Row(name="3 west", cells=(None, None), total=44),
            Row(name="4 east", cells=(None, None), total=55),
        ),
        column_totals=(None, None),
        total=99,
    )


def test_fewer_than_ten_in_all_show_nothing() -> None:
    assert publish({"3 west": (4, 5)}) == Published(
        rows=(Row(name="3 west", cells=(None, None), total=None),), column_totals=(None, None), total=None
    )


@pytest.mark.parametrize("table", [{}, {"3 west": ()}, {"3 west": (1,), "4 east": (1, 2)}, {"3 west": (-1,)}])
def test_impossible_tables_are_refused(table: dict[str, tuple[int, ...]]) -> None:
    with pytest.raises(ImpossibleTable):
        publish(table)


TABLES = st.integers(1, 4).flatmap(
    lambda width: st.dictionaries(
        st.text("abcdefgh", min_size=1, max_size=2),
        st.tuples(*[st.integers(0, 14) | st.integers(0, 60)] * width),
        min_size=1,
        max_size=7,
    )
)
Relation = dict[str, Fraction]  # of hidden quantities, and under "known" what they come to


def relations(table: dict[str, tuple[int, ...]], shown: Published) -> Iterator[Relation]:
    """Everything an attacker can write down: each row and each column adds up, and so do their totals."""
    width = len(shown.column_totals)
    columns = [f"column {number}" for number in range(width)]
    for row in shown.rows:
        cells = {f"{row.name} {number}": cell for number, cell in enumerate(row.cells)}
        yield relation(cells, f"{row.name} total", row.total)
    for number, column in enumerate(columns):
        cells = {f"{row.name} {number}": row.cells[number] for row in shown.rows}
        yield relation(cells, column, shown.column_totals[number])
    yield relation({f"{row.name} total": row.total for row in shown.rows}, "total", shown.total)
    yield relation(dict(zip(columns, shown.column_totals, strict=True)), "total", shown.total)


def relation(parts: dict[str, int | None], whole: str, total: int | None) -> Relation:
    made = {"known": Fraction()}
    for name, value, sign in [*((name, value, 1) for name, value in parts.items()), (whole, total, -1)]:
        if value is None:
            made[name] = made.get(name, Fraction()) + sign
        else:
            made["known"] -= sign * value
    return made


def solved(system: list[Relation]) -> list[Relation]:
    """Gauss and Jordan: what is left of each relation when all others were used on it."""
    done: list[Relation] = []
    for each in system:
        for other in done:
            each = without(each, other)
        lead = next((name for name in each if name != "known" and each[name]), None)
        if lead is not None:
            scaled = {name: value / each[lead] for name, value in each.items() if value or name == "known"}
            scaled = {lead: scaled.pop(lead), **scaled}
            done = [*(without(other, scaled) for other in done), scaled]
    return done


def without(each: Relation, other: Relation) -> Relation:
    lead = next(iter(other))
    factor = each.get(lead, Fraction())
    names = dict.fromkeys([*each, *other])
    return {
        name: value
        for name in names
        if (value := each.get(name, Fraction()) - factor * other.get(name, Fraction())) or name == "known"
    }


@settings(deadline=None)
@given(TABLES)
def test_no_hidden_count_can_be_worked_out_from_what_is_shown(table: dict[str, tuple[int, ...]]) -> None:
    found = solved(list(relations(table, publish(table))))

    alone = [each for each in found if len(each.keys() - {"known"}) == 1]
    assert alone == []


@settings(deadline=None)
@given(TABLES)
def test_no_sum_of_a_few_hidden_reports_can_be_worked_out(table: dict[str, tuple[int, ...]]) -> None:
    """Whatever follows as a plain sum of hidden counts is of ten reports or more."""
    system = list(relations(table, publish(table)))

    for each in [*system, *solved(system)]:
        weights = {value for name, value in each.items() if name != "known" and value}
        if weights == {Fraction(1)}:
            assert each["known"] >= 10


@settings(deadline=None)
@given(TABLES)
def test_what_is_shown_is_true_and_of_ten_or_more(table: dict[str, tuple[int, ...]]) -> None:
    shown = publish(table)

    for row in shown.rows:
        assert row.cells in (table[row.name], (None,) * len(row.cells))
        assert row.total in (sum(table[row.name]), None)
        assert all(count is None or count >= 10 for count in (*row.cells, row.total))
    columns = tuple(map(sum, zip(*table.values(), strict=True)))
    assert shown.column_totals in (columns, (None,) * len(columns))
    assert all(count is None or count >= 10 for count in (*shown.column_totals, shown.total))
    assert shown.total in (sum(columns), None)


@settings(deadline=None)
@given(TABLES)
def test_nothing_is_hidden_where_nothing_is_small(table: dict[str, tuple[int, ...]]) -> None:
    large = {name: tuple(10 + count for count in cells) for name, cells in table.items()}

    shown = publish(large)

    assert {row.name: row.cells for row in shown.rows} == large
    assert shown.total == sum(map(sum, large.values()))


# Weeks

MONDAY = date(2026, 3, 2)


def tally(days: int, part: int, whole: int) -> Tally:
    return Tally(on=MONDAY + timedelta(days=days), part=part, whole=whole)


def test_days_add_up_to_weeks_from_monday() -> None:
    found = by_week([tally(6, 10, 30), tally(7, 20, 40), tally(0, 5, 10)])

    assert found == Series(
        weeks=(
            Week(starts_on=MONDAY, whole=40, share=Share(part=15, whole=40)),
            Week(starts_on=MONDAY + timedelta(days=7), whole=40, share=Share(part=20, whole=40)),
        ),
        whole=80,
        share=Share(part=35, whole=80),
    )


def test_week_without_reports_stands_in_the_series_and_shows_nothing() -> None:
    found = by_week([tally(0, 15, 40), tally(14, 20, 40), tally(21, 30, 60)])

    assert [(week.starts_on.day, week.whole) for week in found.weeks] == [
        (2, None),
        (9, None),
        (16, 40),
        (23, 60),
    ]
    assert found.share == Share(part=65, whole=140)


def test_weeks_around_the_turn_of_a_year_are_seven_days() -> None:
    found = by_week(
        [Tally(on=date(2026, 12, 31), part=15, whole=40), Tally(on=date(2027, 1, 3), part=0, whole=5)]
    )

    assert found.weeks == (Week(starts_on=date(2026, 12, 28), whole=45, share=Share(part=15, whole=45)),)


def test_no_reports_make_no_series() -> None:
    assert by_week([]) == Series(weeks=(), whole=None, share=None)
