"""The numbers of a version, as a mandate's demands measure them."""

import re
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from openfloor.bargaining.figures import Figures
from workrules.wages import headline, rates_by_year

WAGES_TOTAL, WAGES_YEARLY, WAGES_FIRST = "wages.total", "wages.yearly", "wages.first_year"
PATIENTS = "patients_per_nurse."
_WORD = re.compile(r"\w+")

Term = Mapping[str, Any]  # of a charter's `mandate`: what it is about, and its measure


def numbers_for(figures: Figures, terms: Iterable[Term]) -> dict[str, tuple[Fraction, ...]]:
    """
    By measure, what *figures* say of each of these terms; what they say nothing of is left out.

    A raise over the whole contract is its headline, as people name it at the table. A ratio speaks of the
    demand in whose words its ward stands: "telemetry" of "patients to a nurse on telemetry".
    """
    said = {term["measure"]: _numbers(figures, term) for term in terms}
    return {measure: values for measure, values in said.items() if values}


def _numbers(figures: Figures, term: Term) -> tuple[Fraction, ...]:
    if term["measure"] == WAGES_TOTAL:
        return (headline(each.rate for each in figures.raises),) if figures.raises else ()
    if term["measure"] == WAGES_YEARLY:
        return _by_year(figures)
    if term["measure"] == WAGES_FIRST:
        return _by_year(figures)[:1]
    if term["measure"].startswith(PATIENTS):
        return tuple(each.patients for each in figures.ratios if _stands_in(each.where, term["about"]))
    return ()


def _by_year(figures: Figures) -> tuple[Fraction, ...]:
    """A year without a raise counts where the term is known; else each raise is taken for a year's."""
    offer = figures.offer()
    return rates_by_year(offer) if offer else tuple(each.rate for each in figures.raises)


def _stands_in(where: str, about: str) -> bool:
    """Do its words stand there, one after the other?"""
    return bool(_words(where)) and f" {_words(where)} " in f" {_words(about)} "


def _words(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
