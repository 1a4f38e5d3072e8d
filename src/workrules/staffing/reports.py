"""What one person says of one moment of a shift: who had how many patients, and who was there.

The trap is the moment: a limit that must hold at any one time is held against the worst of the shift, with
whoever was on a break then. Of an average the law is told the average.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from workrules.staffing.laws import Counted, Licence, Unit


class ImpossibleReport(ValueError):
    """Numbers that no shift has."""


class Duty(Enum):
    """What a person did at that moment."""

    BEDSIDE = "bedside"
    CHARGE = "charge"
    MANAGER = "manager"  # administrators and supervisors too
    TRIAGE = "triage"
    ON_BREAK = "on_break"  # away, whoever relieves them


class Acuity(Enum):
    """How much care the patients needed, against a usual shift of the unit."""

    USUAL = "usual"
    MORE = "more"
    MUCH_MORE = "much_more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """People in care (in an operating room: rooms in use): mothers, their babies, and everybody else."""

    patients: int = 0
    mothers: int = 0
    babies: int = 0

    def __post_init__(self) -> None:
        if min(self.patients, self.mothers, self.babies) < 0:
            raise ImpossibleReport("patients are counted from zero")

    def count(self, counted: Counted) -> int:
        """
        As the law counts: a mother with all her babies is one couplet.

        A baby whose mother is elsewhere is in no couplet; the limits of nurseries are for it.
        """
        if counted is Counted.COUPLETS:
            return self.patients + self.mothers
        return self.patients + self.mothers + self.babies


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """One person's patients at one time. `others` are those who need the level of care of another unit."""

    load: Load
    licence: Licence = Licence.REGISTERED_NURSE
    others: tuple[tuple[Unit, Load], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """So many people on the unit, alike. Charge nurses and managers say whether they gave direct care."""

    number: int
    licence: Licence = Licence.REGISTERED_NURSE
    duty: Duty = Duty.BEDSIDE
    gives_direct_care: bool = True

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ImpossibleReport("people are counted from zero")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ward:
    """The unit as a whole at one time: everybody in care, and everybody who was there."""

    load: Load
    crew: tuple[Present, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """
    What was told; None and () for what was not.

    `average` are patients to a nurse over the shift, as `average_load` gives it. `crew` may be told without a
    `ward`: who was there, but not how many patients there were in all.
    """

    assignments: tuple[Assignment, ...] = ()
    ward: Ward | None = None
    crew: tuple[Present, ...] | None = None
    average: Fraction | None = None
    acuity: Acuity | None = None

    def __post_init__(self) -> None:
        if self.average is not None and self.average < 0:
            raise ImpossibleReport("an average is not below zero")
        if self.ward is not None and self.crew is not None:
            raise ImpossibleReport("who was there is told once")

    @property
    def people(self) -> tuple[Present, ...] | None:
        return self.crew if self.ward is None else self.ward.crew


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """So many minutes in which one nurse had so many patients. `on_trauma`: one of them a trauma patient."""

    minutes: int
    patients: int
    on_trauma: bool = False

    def __post_init__(self) -> None:
        if self.minutes <= 0 or self.patients < 0:
            raise ImpossibleReport("a spell lasts some minutes, with no fewer than no patients")


def average_load(spells: Iterable[Spell]) -> Fraction | None:
    """
    Patients to a nurse, weighed by time; None where nobody's time counts.

    Nurses on trauma patients are left out, with their patients (ORS 441.765(2)(a)(B)).
    """
    counted = [each for each in spells if not each.on_trauma]
    minutes = sum(each.minutes for each in counted)
    if minutes == 0:
        return None
    return Fraction(sum(each.minutes * each.patients for each in counted), minutes)
