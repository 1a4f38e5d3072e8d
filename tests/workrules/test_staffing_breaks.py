"""Meals and rests in California: the collected cases, each edge of the clock, and what is never owed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workrules.staffing import (
    Breaks,
    ImpossibleDay,
    Meal,
    MealState,
    Topic,
    Which,
    Workday,
    breaks,
    rests_due,
)
from workrules.staffing.breaks import (
    MEALS,
    NO_ROUNDING,
    PREMIUM,
    PUBLIC_EMPLOYERS,
    RESTS,
    WAIVER_IN_HEALTH_CARE,
)

TODAY = date(2026, 6, 30)
FIRST, SECOND = Which
HOUR = 60
TWELVE = 12 * HOUR


def day(
    minutes: int,
    *,
    meals: int | tuple[Meal, ...] = 0,
    rests: int = 9,
    waived: tuple[Which, ...] = (),
    in_writing: bool = False,
    in_health_care: bool = True,
    public_employer: bool = False,
) -> Workday:
    return Workday(
        minutes=minutes,
        meals=(Meal(),) * meals if isinstance(meals, int) else meals,
        rests=rests,
        waived=frozenset(waived),
        in_writing=in_writing,
        in_health_care=in_health_care,
        public_employer=public_employer,
    )


def states(worked: Workday) -> list[MealState]:
    return [state for _, state in breaks(worked, on=TODAY).meals]


def hours(worked: Workday) -> tuple[int, int]:
    given = breaks(worked, on=TODAY)
    return given.meal_hours, given.rest_hours


# The collected cases


def test_twelve_hours_with_the_second_meal_waived_and_two_of_three_rests_are_one_hour() -> None:
    assert breaks(day(TWELVE, meals=1, waived=(SECOND,), rests=2), on=TODAY) == Breaks(
        meals=((FIRST, MealState.TAKEN), (SECOND, MealState.WAIVED)),
        waivers_void=frozenset(),
        rests_due=3,
        rests_missed=1,
        meal_hours=0,
        rest_hours=1,
        laws=(MEALS, WAIVER_IN_HEALTH_CARE, RESTS, PREMIUM, NO_ROUNDING),
    )


def test_twelve_hours_without_a_meal_and_with_one_rest_are_two_hours_and_not_three() -> None:
    given = breaks(day(TWELVE, rests=1), on=TODAY)

    assert (given.meal_hours, given.rest_hours, given.hours_owed) == (1, 1, 2)
    assert [state for _, state in given.meals] == [MealState.MISSED, MealState.MISSED]


def test_twelve_and_a_half_hours_with_the_second_meal_missed_are_one_hour() -> None:
    assert hours(day(TWELVE + 30, meals=1)) == (1, 0)


# The edges of the clock


@pytest.mark.parametrize(
    ("minutes", "due"),
    [(5 * HOUR, 0), (5 * HOUR + 1, 1), (10 * HOUR, 1), (10 * HOUR + 1, 2), (24 * HOUR, 2)],
)
def test_meals_are_due_over_five_and_over_ten_hours(minutes: int, due: int) -> None:
    assert states(day(minutes)) == [MealState.MISSED] * due


@pytest.mark.parametrize(
    ("minutes", "due"),
    [
        (1, 0),
        (209, 0),
        (210, 1),
        (6 * HOUR, 1),
        (6 * HOUR + 1, 2),
        (10 * HOUR, 2),
        (10 * HOUR + 1, 3),
        (14 * HOUR, 3),
        (14 * HOUR + 1, 4),
    ],
)
def test_rests_are_due_by_four_hours_or_major_fraction(minutes: int, due: int) -> None:
    assert rests_due(minutes) == due


@pytest.mark.parametrize(
    ("minutes", "state"), [(6 * HOUR, MealState.WAIVED), (6 * HOUR + 1, MealState.MISSED)]
)
def test_first_meal_can_be_waived_to_six_hours(minutes: int, state: MealState) -> None:
    assert states(day(minutes, waived=(FIRST,))) == [state]


@pytest.mark.parametrize(
    ("minutes", "in_writing", "in_health_care", "state"),
    [
        (TWELVE, False, False, MealState.WAIVED),
        (TWELVE + 1, False, True, MealState.MISSED),  # beyond twelve hours only in writing
        (TWELVE + 1, True, False, MealState.MISSED),  # and only in health care
        (TWELVE + 1, True, True, MealState.WAIVED),
        (16 * HOUR, True, True, MealState.WAIVED),
    ],
)
def test_second_meal_can_be_waived_to_twelve_hours_and_beyond_in_writing_in_health_care(
    minutes: int, in_writing: bool, in_health_care: bool, state: MealState
) -> None:
    worked = day(minutes, meals=1, waived=(SECOND,), in_writing=in_writing, in_health_care=in_health_care)

    assert states(worked) == [MealState.TAKEN, state]
    assert breaks(worked, on=TODAY).waivers_void == (
        frozenset({SECOND}) if state is MealState.MISSED else frozenset()
    )


def test_one_of_two_meals_may_be_the_first_but_never_both() -> None:
    one = day(TWELVE, meals=1, waived=(FIRST,), in_writing=True)
    both = day(TWELVE, waived=(FIRST, SECOND), in_writing=True)

    assert states(one) == [MealState.WAIVED, MealState.TAKEN]
    assert states(both) == [MealState.WAIVED, MealState.MISSED]
    assert breaks(both, on=TODAY).waivers_void == {SECOND}


def test_waiver_of_nine_hours_only_meal_is_void_in_writing_too() -> None:
    given = breaks(day(9 * HOUR, waived=(FIRST,), in_writing=True), on=TODAY)

    assert given.meals == ((FIRST, MealState.MISSED),)
    assert given.waivers_void == {FIRST}


def test_waiver_of_a_meal_that_is_not_due_is_not_void() -> None:
    assert breaks(day(8 * HOUR, meals=1, waived=(SECOND,)), on=TODAY).waivers_void == frozenset()


@pytest.mark.parametrize(
    ("meal", "state"),
    [
        (Meal(minutes=30, began_after=300), MealState.TAKEN),
        (Meal(minutes=29), MealState.SHORT),
        (Meal(began_after=301), MealState.LATE),
        (Meal(interrupted=True), MealState.INTERRUPTED),
        (Meal(minutes=45), MealState.TAKEN),
    ],
)
def test_meal_is_whole_free_of_duty_and_in_time(meal: Meal, state: MealState) -> None:
    worked = day(8 * HOUR, meals=(meal,))

    assert states(worked) == [state]
    assert hours(worked) == (int(state is not MealState.TAKEN), 0)


def test_second_meal_begins_by_the_end_of_the_tenth_hour() -> None:
    def second(began_after: int) -> MealState:
        return states(day(TWELVE, meals=(Meal(), Meal(began_after=began_after))))[1]

    assert [second(600), second(601)] == [MealState.TAKEN, MealState.LATE]


# Who is owed what


def test_pay_owed_is_at_the_regular_rate() -> None:
    assert breaks(day(TWELVE, rests=0), on=TODAY).pay_owed(Decimal("81.25")) == Decimal("162.50")


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_rate_that_is_no_money_is_refused(rate: str) -> None:
    with pytest.raises(ImpossibleDay):
        breaks(day(TWELVE), on=TODAY).pay_owed(Decimal(rate))


def test_public_hospitals_have_a_law_of_their_own_from_its_day_on() -> None:
    worked = day(TWELVE, rests=0, public_employer=True)
    before, since = (breaks(worked, on=on) for on in (date(2022, 12, 31), date(2023, 1, 1)))

    assert (before.laws, before.meals, before.hours_owed) == ((), (), 0)
    assert (since.laws, since.hours_owed) == ((PUBLIC_EMPLOYERS,), 2)


def test_laws_that_were_not_read_say_so() -> None:
    unread = [each.topic for each in breaks(day(TWELVE), on=TODAY).laws if each.must_be_checked]

    assert unread == [Topic.REST, Topic.BREAK_PREMIUM, Topic.NO_ROUNDING]


@pytest.mark.parametrize(
    "build",
    [
        lambda: day(0),
        lambda: day(24 * HOUR + 1),
        lambda: day(TWELVE, rests=-1),
        lambda: day(TWELVE, meals=3),
        lambda: Meal(minutes=0),
        lambda: Meal(began_after=-1),
    ],
)
def test_impossible_days_are_refused(build: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleDay):
        build()


# Laws that always hold

DAYS = st.builds(
    Workday,
    minutes=st.integers(1, 24 * HOUR),
    meals=st.lists(
        st.builds(
            Meal,
            minutes=st.integers(1, 60),
            began_after=st.none() | st.integers(0, 900),
            interrupted=st.booleans(),
        ),
        max_size=2,
    ).map(tuple),
    rests=st.integers(0, 6),
    waived=st.frozensets(st.sampled_from(Which)),
    in_writing=st.booleans(),
    in_health_care=st.booleans(),
    public_employer=st.booleans(),
)


@given(DAYS)
def test_never_more_than_two_hours_a_day(worked: Workday) -> None:
    given = breaks(worked, on=TODAY)

    assert given.meal_hours in (0, 1)
    assert given.rest_hours in (0, 1)
    assert given.hours_owed <= 2


@given(DAYS)
def test_one_more_rest_never_makes_more_owed(worked: Workday) -> None:
    rested = replace(worked, rests=worked.rests + 1)

    assert breaks(rested, on=TODAY).hours_owed <= breaks(worked, on=TODAY).hours_owed


@given(DAYS)
def test_waiver_never_makes_more_owed(worked: Workday) -> None:
    unwaived = replace(worked, waived=frozenset())

    if not worked.meals:
        assert breaks(worked, on=TODAY).hours_owed <= breaks(unwaived, on=TODAY).hours_owed


@given(st.integers(1, 24 * HOUR - 1))
def test_longer_work_never_makes_fewer_rests_due(minutes: int) -> None:
    assert rests_due(minutes) <= rests_due(minutes + 1)
