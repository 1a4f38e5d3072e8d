"""What a mandate asks for in numbers, and what falls short of it.

The trap: a proposal that says nothing about a term does not break it. Silence is no breach, and no promise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

Numbers = Mapping[str, tuple[Fraction, ...]]  # what a proposal says of each measure, one or several values


class ImpossibleTerm(ValueError):
    """A term that names no measure."""


class Bound(Enum):
    """Which side of its value a term leaves open."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Every value of *measure* is at least, or at most, *value*: "no year under 6 %", "1 nurse to 4"."""

    measure: str
    bound: Bound
    value: Fraction

    def __post_init__(self) -> None:
        if not self.measure:
            raise ImpossibleTerm("a term is about some measure")

    def is_met_by(self, value: Fraction) -> bool:
        return value >= self.value if self.bound is Bound.AT_LEAST else value <= self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """A term that is not met, and the worst value of its measure."""

    term: Term
    value: Fraction

    @property
    def by(self) -> Fraction:
        """How far the value is off, never negative."""
        return abs(self.term.value - self.value)


def shortfalls(terms: tuple[Term, ...], numbers: Numbers) -> tuple[Shortfall, ...]:
    """Name each term that *numbers* break, in the order of the terms."""
    found = []
    for term in terms:
        missed = [value for value in numbers.get(term.measure, ()) if not term.is_met_by(value)]
        if missed:
            worst = min(missed) if term.bound is Bound.AT_LEAST else max(missed)
            found.append(Shortfall(term=term, value=worst))
    return tuple(found)
