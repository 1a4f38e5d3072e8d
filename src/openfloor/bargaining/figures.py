"""The numbers in a proposal: raises, lump sums, ratios, steps of pay. Typed one a line, kept exactly.

The trap: what can be read in two ways is refused with its line and both readings, and never guessed.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from workrules.wages import (
    ImpossibleOffer,
    LumpSum,
    NoPercentage,
    Offer,
    Raise,
    TwoReadings,
    headline,
    read_percentage,
)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)  # years can be counted from both, either way
MOST_LINES = 60
LONGEST_NAME = 80
MOST_MONEY = Decimal(10_000_000)
_YEAR = re.compile(r"(?:year|año|taon)\s+(\d{1,2})", re.IGNORECASE)
_RATIO = re.compile(r"(?:1\s*:\s*)?(\d{1,2}(?:[.,]\d)?)", re.ASCII)
_MONEY = re.compile(r"(?:\$ ?)?(?:\d{1,3}(?:,\d{3})+|\d{1,8})(?:\.\d{1,4})?", re.ASCII)

_TWO_WAYS = re.compile(r"(?:\$ ?)?\d{1,3}\.\d{3}", re.ASCII)

T = TypeVar("T")


class BadLine(ValueError):
    """A line of what was typed cannot be read; `line` is its number, from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


class LineWithTwoReadings(BadLine):
    """Its percentage may mean two things: `readings` are the two rates, `said` what stands there."""

    def __init__(self, line: int, said: str, readings: tuple[Fraction, ...]) -> None:
        super().__init__(line)
        self.said = said
        self.readings = readings


class YearWithoutTerm(BadLine):
    """A year is counted from a start that nobody typed."""


class LineWithoutColon(BadLine):
    """Nothing stands between what it is about and its number."""


class LineWithoutDay(BadLine):
    """What stands before its colon is no day, and no year of the term."""


class DayTwice(BadLine):
    """An earlier line has a raise on the same day."""


class DayOutOfReach(BadLine):
    """A day before FIRST_DAY, or after LAST_DAY."""


class TooManyLines(BadLine):
    """There are more lines than a contract has years, steps or wards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """At most so many patients to one nurse, `where`."""

    where: str
    patients: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The pay of one step of a scale, as the contract counts it (an hour, a year)."""

    name: str
    pay: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All numbers of one version. Without a term nobody can say what the raises come to over it."""

    starts_on: date | None = None
    ends_on: date | None = None
    effective_on: date | None = None
    raises: tuple[Raise, ...] = ()
    lump_sums: tuple[LumpSum, ...] = ()
    ratios: tuple[Ratio, ...] = ()
    steps: tuple[Step, ...] = ()

    def __post_init__(self) -> None:
        days = [each.effective_on for each in self.raises]
        paid = [each.paid_on for each in self.lump_sums]
        if not are_within_reach(self.starts_on, self.ends_on, self.effective_on, *days, *paid):
            raise ImpossibleOffer("no contract is so old, or lasts so long")
        if days != sorted(days):
            raise ImpossibleOffer("raises are given in order of their dates")
        if self.starts_on and self.ends_on:
            self._offer(self.starts_on, self.ends_on)

    def offer(self) -> Offer | None:
        """The wages as an offer over its term, where both are known."""
        if not self.raises or self.starts_on is None or self.ends_on is None:
            return None
        return self._offer(self.starts_on, self.ends_on)

    def _offer(self, starts_on: date, ends_on: date) -> Offer:
        return Offer(starts_on=starts_on, ends_on=ends_on, raises=self.raises, lump_sums=self.lump_sums)


def are_within_reach(*days: date | None) -> bool:
    return all(FIRST_DAY <= day <= LAST_DAY for day in days if day is not None)


@dataclass(frozen=True, slots=True)
class Measure:
    """What two versions can be compared in: one number each. `about` is the ward or the step."""

    kind: str  # "raises", "ratio", "step", "lump_sums"
    about: str = ""


def measures(figures: Figures) -> dict[Measure, Fraction]:
    """The raises count by their headline, as people name them at the table."""
    found: dict[Measure, Fraction] = {}
    if figures.raises:
        found[Measure("raises")] = headline(each.rate for each in figures.raises)
    if figures.lump_sums:
        found[Measure("lump_sums")] = Fraction(sum((each.amount for each in figures.lump_sums), Decimal()))
    for ratio in figures.ratios:
        found[Measure("ratio", ratio.where)] = ratio.patients
    for step in figures.steps:
        found[Measure("step", step.name)] = Fraction(step.pay)
    return found


# Reading what is typed


def read_raises(text: str, *, starts_on: date | None) -> tuple[Raise, ...]:
    """
    "2026-10-01: 6.5 %" or "year 2: 5 %", one a line; years are counted from *starts_on*.

    Raises BadLine, and each kind of it.
    """
    taken = set()

    def read(line: int, left: str, right: str) -> Raise:
        day = _day(line, left, starts_on)
        if day in taken:
            raise DayTwice(line)
        taken.add(day)
        return Raise(effective_on=day, rate=_rate(line, right))

    return tuple(sorted(_read(text, read), key=lambda each: each.effective_on))


def read_lump_sums(text: str, *, starts_on: date | None) -> tuple[LumpSum, ...]:
    """ "2026-11-01: 1,500", one a line, several on one day too; else raises as `read_raises`."""

    def read(line: int, left: str, right: str) -> LumpSum:
        return LumpSum(paid_on=_day(line, left, starts_on), amount=_sum(line, right))

    return _read(text, read)


def read_ratios(text: str) -> tuple[Ratio, ...]:
    """ "telemetry: 1:4", one a line; raises BadLine, LineWithoutColon and TooManyLines."""

    def read(line: int, left: str, right: str) -> Ratio:
        found = _RATIO.fullmatch(right)
        if found is None or Fraction(found[1].replace(",", ".")) == 0:
            raise BadLine(line)
        return Ratio(where=_name(line, left), patients=Fraction(found[1].replace(",", ".")))

    return _read(text, read)


def read_steps(text: str) -> tuple[Step, ...]:
    """ "RN 3: 48.20", one a line; raises BadLine, LineWithoutColon and TooManyLines."""

    def read(line: int, left: str, right: str) -> Step:
        return Step(name=_name(line, left), pay=_money(line, right))

    return _read(text, read)


def _read(text: str, read: Callable[[int, str, str], T]) -> tuple[T, ...]:
    return tuple(_each(text, read))


def _each(text: str, read: Callable[[int, str, str], T]) -> Iterator[T]:
    lines = text.splitlines()
    if len(lines) > MOST_LINES:
        raise TooManyLines(MOST_LINES + 1)
    for number, line in enumerate(lines, 1):
        if line.strip():
            left, colon, right = line.partition(":")
            if not colon:
                raise LineWithoutColon(number)
            yield read(number, left.strip(), right.strip())


def _day(line: int, text: str, starts_on: date | None) -> date:
    day = _any_day(line, text, starts_on)
    if not are_within_reach(day):
        raise DayOutOfReach(line)
    return day


def _any_day(line: int, text: str, starts_on: date | None) -> date:
    year = _YEAR.fullmatch(text)
    try:
        if year is None:
            return date.fromisoformat(text)
        if starts_on is None:
            raise YearWithoutTerm(line)
        return _anniversary(starts_on, int(year[1]) - 1)
    except YearWithoutTerm:
        raise
    except ValueError as error:
        raise LineWithoutDay(line) from error


def _anniversary(day: date, years: int) -> date:
    """A term that starts on 29 February has its anniversaries on 1 March in other years."""
    if years < 0:
        raise ValueError("the first year is year 1")
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _rate(line: int, text: str) -> Fraction:
    try:
        rate = read_percentage(text)
    except TwoReadings as error:
        raise LineWithTwoReadings(line, text, error.readings) from error
    except NoPercentage as error:
        raise BadLine(line) from error
    if rate <= -1:
        raise BadLine(line)
    return rate


def _sum(line: int, text: str) -> Decimal:
    """Of money paid once "1.500" is one and a half here and fifteen hundred elsewhere, so it is refused."""
    if _TWO_WAYS.fullmatch(text):
        raise BadLine(line)
    return _money(line, text)


def _money(line: int, text: str) -> Decimal:
    found = _MONEY.fullmatch(text)
    amount = Decimal(found[0].lstrip("$ ").replace(",", "")) if found else Decimal()
    if not 0 < amount <= MOST_MONEY:
        raise BadLine(line)
    return amount


def _name(line: int, text: str) -> str:
    name = " ".join(text.split())
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        raise BadLine(line)
    return name


# As lines that `read_…` reads again, and as JSON


def raises_as_lines(figures: Figures) -> str:
    return "\n".join(f"{each.effective_on}: {exactly(each.rate * 100)} %" for each in figures.raises)


def lump_sums_as_lines(figures: Figures) -> str:
    return "\n".join(f"{each.paid_on}: {each.amount}" for each in figures.lump_sums)


def ratios_as_lines(figures: Figures) -> str:
    return "\n".join(f"{each.where}: 1:{exactly(each.patients)}" for each in figures.ratios)


def steps_as_lines(figures: Figures) -> str:
    return "\n".join(f"{each.name}: {each.pay}" for each in figures.steps)


def exactly(value: Fraction) -> str:
    """ "6.5", or "13/2" where no decimal is exact."""
    rest = value.denominator
    for factor in (2, 5):
        while rest % factor == 0:
            rest //= factor
    if rest != 1:
        return str(value)
    return f"{Decimal(value.numerator) / Decimal(value.denominator):f}"


def as_json(figures: Figures) -> dict[str, Any]:
    """Exact: rates and ratios as fractions, money as decimals, days as days. What is absent is left out."""
    whole = {
        "starts_on": _iso(figures.starts_on),
        "ends_on": _iso(figures.ends_on),
        "effective_on": _iso(figures.effective_on),
        "raises": [{"on": _iso(each.effective_on), "rate": str(each.rate)} for each in figures.raises],
        "lump_sums": [{"on": _iso(each.paid_on), "amount": str(each.amount)} for each in figures.lump_sums],
        "ratios": [{"where": each.where, "patients": str(each.patients)} for each in figures.ratios],
        "steps": [{"name": each.name, "pay": str(each.pay)} for each in figures.steps],
    }
    return {name: value for name, value in whole.items() if value}


def from_json(value: dict[str, Any]) -> Figures:
    return Figures(
        starts_on=_from_iso(value.get("starts_on")),
        ends_on=_from_iso(value.get("ends_on")),
        effective_on=_from_iso(value.get("effective_on")),
        raises=tuple(
            Raise(effective_on=date.fromisoformat(each["on"]), rate=Fraction(each["rate"]))
            for each in value.get("raises", ())
        ),
        lump_sums=tuple(
            LumpSum(paid_on=date.fromisoformat(each["on"]), amount=Decimal(each["amount"]))
            for each in value.get("lump_sums", ())
        ),
        ratios=tuple(
            Ratio(where=each["where"], patients=Fraction(each["patients"]))
            for each in value.get("ratios", ())
        ),
        steps=tuple(Step(name=each["name"], pay=Decimal(each["pay"])) for each in value.get("steps", ())),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _from_iso(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
