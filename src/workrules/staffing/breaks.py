"""Meals and rests in California, and the hour of pay owed where they were not given.

Labor Code 512 and 226.7, Wage Order 5 (sections 11 and 12). The trap is adding up: however many meals and
rests were missed, at most one hour is owed for meals and one for rests, two a day. And nothing is rounded: a
meal of 29 minutes is short (Donohue v. AMN Services, 2021).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from workrules.staffing.laws import Confidence, Provision, Topic

MEAL_MINUTES = 30
MEAL_DUE_AFTER = (5 * 60, 10 * 60)  # minutes worked; each meal begins no later
FIRST_WAIVABLE_UNTIL = 6 * 60
SECOND_WAIVABLE_UNTIL = 12 * 60
REST_DUE_FROM = 210  # three and a half hours
REST_EVERY = 4 * 60  # "or major fraction thereof"

GERARD = "https://cite.case.law/cal-rptr-3d/240/757/"

MEALS = Provision(
    key="ca-meals",
    jurisdiction="US-CA",
    topic=Topic.MEAL,
    citation="Labor Code 512(a)",
    source=GERARD,
    confidence=Confidence.READ,
)
# In health care, one of two meals, in writing; valid beyond twelve hours too.
WAIVER_IN_HEALTH_CARE = Provision(
    key="ca-meal-waiver",
    jurisdiction="US-CA",
    topic=Topic.MEAL_WAIVER,
    citation="Wage Order 5, section 11(D); Gerard v. Orange Coast (2018) 6 Cal.5th 443",
    source=GERARD,
    confidence=Confidence.READ,
)
RESTS = Provision(
    key="ca-rests",
    jurisdiction="US-CA",
    topic=Topic.REST,
    citation="Wage Order 5, section 12(A)",
    source="https://www.californiawagelaw.com/wage_law/2005/01/the_law_on_rest.html",
    confidence=Confidence.SUMMARY,
)
# At the regular rate, shift differentials in it (Ferra v. Loews, 2021); it is wages (Naranjo, 2022).
PREMIUM = Provision(
    key="ca-premium",
    jurisdiction="US-CA",
    topic=Topic.BREAK_PREMIUM,
    citation="Labor Code 226.7(c)",
    source=None,
    confidence=Confidence.MEMORY,
)
NO_ROUNDING = Provision(
    key="ca-no-rounding",
    jurisdiction="US-CA",
    topic=Topic.NO_ROUNDING,
    citation="Donohue v. AMN Services (2021) 11 Cal.5th 58",
    source=None,
    confidence=Confidence.MEMORY,
)
# Those who give or support direct care for a public employer, with the same meals, rests and premium.
PUBLIC_EMPLOYERS = Provision(
    key="ca-public-breaks",
    jurisdiction="US-CA",
    topic=Topic.BREAK_PREMIUM,
    citation="Labor Code 512.1",
    source=None,
    confidence=Confidence.MEMORY,
    effective_on=date(2023, 1, 1),
)


class ImpossibleDay(ValueError):
    """A workday that nobody worked."""


class Which(Enum):
    """The meals a workday can have."""

    FIRST = "first"
    SECOND = "second"


class MealState(Enum):
    """What became of a meal."""

    TAKEN = "taken"
    WAIVED = "waived"
    MISSED = "missed"
    SHORT = "short"
    LATE = "late"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meal:
    """`began_after` are minutes of work before it, None if not told; `interrupted`: not free of all duty."""

    minutes: int = MEAL_MINUTES
    began_after: int | None = None
    interrupted: bool = False

    def __post_init__(self) -> None:
        if self.minutes <= 0 or (self.began_after is not None and self.began_after < 0):
            raise ImpossibleDay("a meal lasts some minutes of the workday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Workday:
    """
    One workday of one person, in minutes of work.

    `meals` are those that were had, in their order; `rests` those of ten full minutes.
    `waived` are the meals whose waiver, not revoked, holds for this day; `in_writing` that of health care.
    """

    minutes: int
    meals: tuple[Meal, ...] = ()
    rests: int = 0
    waived: frozenset[Which] = frozenset()
    in_writing: bool = False
    in_health_care: bool = True
    public_employer: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= 24 * 60 or self.rests < 0:
            raise ImpossibleDay("a workday is some minutes of a day, with no fewer than no rests")
        if len(self.meals) > len(Which):
            raise ImpossibleDay("a workday has at most two meals")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """
    What was due, what became of it, and the hours of pay owed: 0 or 1 for meals, 0 or 1 for rests.

    `waivers_void` are waivers the law does not allow on such a day. `laws` is what it follows from; empty
    where none is on file for the employer on that day, and then nothing is said to be due.
    """

    meals: tuple[tuple[Which, MealState], ...]
    waivers_void: frozenset[Which]
    rests_due: int
    rests_missed: int
    meal_hours: int
    rest_hours: int
    laws: tuple[Provision, ...]

    @property
    def hours_owed(self) -> int:
        return self.meal_hours + self.rest_hours

    def pay_owed(self, regular_rate: Decimal) -> Decimal:
        """In the money of *regular_rate*, the hourly rate with shift differentials in it."""
        if not regular_rate.is_finite() or regular_rate <= 0:
            raise ImpossibleDay("an hour is paid some money")
        return self.hours_owed * regular_rate


def breaks(day: Workday, *, on: date) -> Breaks:
    """What *day*, worked on *on* in California, was owed and was not given."""
    laws = _laws(day, on)
    if not laws:
        return Breaks(
            meals=(),
            waivers_void=frozenset(),
            rests_due=0,
            rests_missed=0,
            meal_hours=0,
            rest_hours=0,
            laws=(),
        )
    due = tuple(which for which, after in zip(Which, MEAL_DUE_AFTER, strict=True) if day.minutes > after)
    waived = _valid_waivers(day, due)
    meals = _meals(day, due, waived)
    missed = max(rests_due(day.minutes) - day.rests, 0)
    return Breaks(
        meals=meals,
        waivers_void=(day.waived & set(due)) - waived,
        rests_due=rests_due(day.minutes),
        rests_missed=missed,
        meal_hours=int(any(state not in (MealState.TAKEN, MealState.WAIVED) for _, state in meals)),
        rest_hours=int(missed > 0),
        laws=laws,
    )


def rests_due(minutes: int) -> int:
    """
    Ten minutes for every four hours of work or major fraction of them; none in less than three and a half.

    So one up to six hours, two up to ten, three up to fourteen: exactly half of four hours is no major
    fraction.
    """
    if minutes < REST_DUE_FROM:
        return 0
    return -(-(minutes - REST_EVERY // 2) // REST_EVERY)


def _laws(day: Workday, on: date) -> tuple[Provision, ...]:
    if day.public_employer:
        return (PUBLIC_EMPLOYERS,) if PUBLIC_EMPLOYERS.in_force(on) else ()
    waiver = (WAIVER_IN_HEALTH_CARE,) if day.in_health_care else ()
    return (MEALS, *waiver, RESTS, PREMIUM, NO_ROUNDING)


def _valid_waivers(day: Workday, due: tuple[Which, ...]) -> frozenset[Which]:
    """Of two meals never both; the second only where the first was not waived (512(a))."""
    one_of_two = len(due) == len(Which) and day.in_health_care and day.in_writing
    if Which.FIRST in day.waived and Which.FIRST in due:
        valid = day.minutes <= FIRST_WAIVABLE_UNTIL or one_of_two
        return frozenset({Which.FIRST}) if valid else frozenset()
    if Which.SECOND in day.waived and Which.SECOND in due:
        valid = day.minutes <= SECOND_WAIVABLE_UNTIL or one_of_two
        return frozenset({Which.SECOND}) if valid else frozenset()
    return frozenset()


def _meals(
    day: Workday, due: tuple[Which, ...], waived: frozenset[Which]
) -> tuple[tuple[Which, MealState], ...]:
    """The meals that were had stand in order for those that were due and not waived."""
    had = list(day.meals)
    states = []
    for which, after in zip(due, MEAL_DUE_AFTER, strict=False):
        if which in waived:
            states.append((which, MealState.WAIVED))
        else:
            states.append((which, _state(had.pop(0), after) if had else MealState.MISSED))
    return tuple(states)


def _state(meal: Meal, after: int) -> MealState:
    if meal.interrupted:
        return MealState.INTERRUPTED
    if meal.minutes < MEAL_MINUTES:
        return MealState.SHORT
    late = meal.began_after is not None and meal.began_after > after
    return MealState.LATE if late else MealState.TAKEN
