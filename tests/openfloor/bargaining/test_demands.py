"""What a version says of the demands that the members decided."""

from fractions import Fraction
from typing import Any

import pytest

from factories.bargaining import by_year
from openfloor.bargaining.demands import numbers_for
from openfloor.bargaining.figures import Figures, Ratio, read_raises

TOTAL = {"measure": "wages.total", "about": "Raise over four years"}
YEARLY = {"measure": "wages.yearly", "about": "Raise of each year"}
FIRST = {"measure": "wages.first-year", "about": "Of these in the first year"}
TELEMETRY = {
    "measure": "patients_per_nurse.patients-to-a-nurse-on-telemetry",
    "about": "Patients to a nurse on telemetry",
}
OTHER = {"measure": "other.sick-days", "about": "Sick days"}


def percents(*numbers: str) -> tuple[Fraction, ...]:
    return tuple(Fraction(number) / 100 for number in numbers)


def test_the_raise_over_the_contract_is_its_headline_and_each_year_stands_alone() -> None:
    said = numbers_for(by_year("10", "7", "7", "7"), [TOTAL, YEARLY, TELEMETRY, OTHER])

    assert said == {"wages.total": percents("31"), "wages.yearly": percents("10", "7", "7", "7")}


def test_the_first_year_is_a_demand_of_its_own() -> None:
    assert numbers_for(by_year("9", "6"), [FIRST]) == {"wages.first-year": percents("9")}


def test_a_year_without_a_raise_is_a_year_of_nothing() -> None:
    figures = Figures(
        starts_on=by_year("9").starts_on,
        ends_on=by_year("9", "6", "6").ends_on,
        raises=by_year("9").raises,
    )

    assert numbers_for(figures, [YEARLY]) == {"wages.yearly": percents("9", "0", "0")}


def test_without_a_term_each_raise_is_taken_for_a_year() -> None:
    figures = Figures(raises=read_raises("2026-10-01: 6.5 %\n2027-10-01: 5 %", starts_on=None))

    assert numbers_for(figures, [YEARLY]) == {"wages.yearly": percents("6.5", "5")}


@pytest.mark.parametrize("where", ["telemetry", "Telemetry", "nurse on telemetry"])
def test_a_ratio_speaks_of_the_demand_that_names_its_ward(where: str) -> None:
    figures = Figures(ratios=(Ratio(where=where, patients=Fraction(4)),))

    assert numbers_for(figures, [TOTAL, TELEMETRY]) == {TELEMETRY["measure"]: (Fraction(4),)}


@pytest.mark.parametrize("where", ["emergency", "tele", "telemetry nurse", "—"])
def test_a_ratio_of_another_ward_says_nothing_of_it(where: str) -> None:
    figures = Figures(ratios=(Ratio(where=where, patients=Fraction(4)),))

    assert numbers_for(figures, [TELEMETRY]) == {}


@pytest.mark.parametrize("term", [TOTAL, YEARLY, FIRST, TELEMETRY, OTHER])
def test_a_version_without_numbers_says_nothing(term: dict[str, Any]) -> None:
    assert numbers_for(Figures(), [term]) == {}
