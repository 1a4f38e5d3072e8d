"""What a staffing law says, as dated rows.

A superseded row stays, so that a shift is held against the law of its own day. The trap is what nobody read:
a row whose text, or whose dates, were taken from a summary or from memory says so, and whoever shows it adds
"check the statute".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum


class ImpossibleLaw(ValueError):
    """A row that ends before it begins, allows nobody, or stands for no shift."""


class Confidence(Enum):
    """How far a fact was checked."""

    READ = "read"  # in the words of the rule, or of the authority that made it
    SUMMARY = "summary"  # on a page that sums the rule up
    MEMORY = "memory"  # nowhere that is on file


class Unit(Enum):
    """The level of care, whatever the unit is called: another name does not change what is due."""

    CRITICAL_CARE = "critical_care"
    OPERATING_ROOM = "operating_room"
    LABOR_ACTIVE = "labor_active"
    LABOR_NOT_ACTIVE = "labor_not_active"
    ANTEPARTUM = "antepartum"
    POSTPARTUM_COUPLETS = "postpartum_couplets"
    POSTPARTUM_MOTHERS = "postpartum_mothers"
    POSTPARTUM_OR_NURSERY = "postpartum_or_nursery"
    MOTHER_BABY = "mother_baby"
    LABOR_DELIVERY_POSTPARTUM = "labor_delivery_postpartum"
    WELL_BABY_NURSERY = "well_baby_nursery"
    CONTINUING_CARE_NURSERY = "continuing_care_nursery"
    PEDIATRIC = "pediatric"
    POST_ANESTHESIA = "post_anesthesia"
    EMERGENCY = "emergency"
    EMERGENCY_CRITICAL = "emergency_critical"
    EMERGENCY_TRAUMA = "emergency_trauma"
    EMERGENCY_FAST_TRACK = "emergency_fast_track"
    STEP_DOWN = "step_down"
    TELEMETRY = "telemetry"
    MEDICAL_SURGICAL = "medical_surgical"
    ADULT_ACUTE = "adult_acute"
    SHORT_STAY = "short_stay"
    OBSERVATION = "observation"
    SPECIALTY = "specialty"
    ONCOLOGY = "oncology"
    FOCUSED_CARE = "focused_care"
    REHABILITATION = "rehabilitation"
    PALLIATIVE = "palliative"
    PSYCHIATRIC = "psychiatric"


class ShiftOfDay(Enum):
    """The part of the day a shift mostly falls in."""

    DAY = "day"
    EVENING = "evening"
    NIGHT = "night"


class Licence(Enum):
    """What a person is licensed as."""

    REGISTERED_NURSE = "registered_nurse"
    VOCATIONAL_NURSE = "vocational_nurse"  # licensed vocational, licensed practical or enrolled nurse
    PSYCHIATRIC_TECHNICIAN = "psychiatric_technician"
    AIDE = "aide"  # certified nursing assistant


class Per(Enum):
    """Whom a limit is set for."""

    LICENSED_NURSE = "licensed_nurse"
    REGISTERED_NURSE = "registered_nurse"
    AIDE = "aide"


class Counted(Enum):
    """What a limit counts."""

    PATIENTS = "patients"  # every person in care, mothers and babies alike
    MOTHERS_AND_BABIES = "mothers_and_babies"  # the same, where the law says so in words
    COUPLETS = "couplets"  # a mother with her babies is one
    ROOMS = "rooms"  # rooms with a patient in them


class Measure(Enum):
    """When a limit must hold."""

    AT_ANY_ONE_TIME = "at_any_one_time"  # for each nurse, at each moment: no averaging
    AVERAGE_OVER_SHIFT = "average_over_shift"  # over the nurses and the hours of a shift
    WARD_MINIMUM = "ward_minimum"  # so many nurses for a ward: patients over the limit, rounded up


class Note(Enum):
    """What bears on a row beside its number: to be shown, never reckoned with. Most of it was not read."""

    REGISTERED_NURSES_ONLY = "registered_nurses_only"  # for some or all of the row's patients
    TWO_NURSES_WHEN_ANY_PATIENT = "two_nurses_when_any_patient"
    ANOTHER_PERSON_SCRUBS = "another_person_scrubs"  # beside the circulating nurse
    NURSE_IN_CHARGE_ON_TOP = "nurse_in_charge_on_top"
    ONE_OR_TWO_BY_ACUITY = "one_or_two_by_acuity"
    POLICY_PHASED_IN = "policy_phased_in"  # a policy, no statute; not in force everywhere yet
    LISTED_WARDS_ONLY = "listed_wards_only"
    ROUNDING_NOT_READ = "rounding_not_read"  # how the law rounds was not read
    CHANGE_PROPOSED = "change_proposed"  # a bill would change it; what came of it was not found
    ONLY_THE_YEAR_IS_KNOWN = "only_the_year_is_known"  # it is counted from the first day of that year


ALL_DAY = tuple(ShiftOfDay)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """
    One limit of one law: not more than *at_most* of what it counts, to one of *per*.

    `jurisdiction` is an ISO 3166 code ("US-CA"); `named` is the unit as the law's table names it; `unit` None
    is any unit. In force from `effective_on` (None: the day is not on file, and it is taken to be in force)
    until the day before `superseded_on` (None: still in force). `confidence` is of the text, `dates` of those
    two days. `shifts` are the parts of the day it is for.
    """

    key: str
    jurisdiction: str
    unit: Unit | None
    named: str
    at_most: int
    citation: str
    effective_on: date | None
    source: str | None
    confidence: Confidence
    dates: Confidence
    superseded_on: date | None = None
    per: Per = Per.LICENSED_NURSE
    counts: Counted = Counted.PATIENTS
    measure: Measure = Measure.AT_ANY_ONE_TIME
    shifts: tuple[ShiftOfDay, ...] = ALL_DAY
    technicians_count: bool = False
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if self.at_most < 1:
            raise ImpossibleLaw("a limit allows somebody")
        if not self.shifts:
            raise ImpossibleLaw("a limit is for some shift")
        if self.superseded_on is not None and (
            self.effective_on is None or self.superseded_on <= self.effective_on
        ):
            raise ImpossibleLaw("a law is superseded after it took effect")

    def in_force(self, on: date) -> bool:
        return _in_force(self.effective_on, self.superseded_on, on)

    @property
    def must_be_checked(self) -> bool:
        """Was the text, or a date, not read? Then every page adds "check the statute"."""
        return (self.confidence, self.dates) != (Confidence.READ, Confidence.READ)


class Topic(Enum):
    """What a provision beside the limits is about."""

    NO_AVERAGING = "no_averaging"
    WHO_COUNTS = "who_counts"
    RELIEF_AT_BREAKS = "relief_at_breaks"
    TRIAGE_NOT_COUNTED = "triage_not_counted"
    VOCATIONAL_SHARE = "vocational_share"  # at most half of the licensed nurses
    ACUITY = "acuity"  # the limits are a floor: sicker patients need more
    UNIT_NAME = "unit_name"
    EXEMPTION = "exemption"
    UNIT_PLAN = "unit_plan"  # a plan adopted for the unit governs
    PENALTY = "penalty"
    BREAK_PREMIUM = "break_premium"
    MEAL = "meal"
    MEAL_WAIVER = "meal_waiver"
    REST = "rest"
    NO_ROUNDING = "no_rounding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision:
    """What a law says beside its limits. Dates and confidence as of a Ratio."""

    key: str
    jurisdiction: str
    topic: Topic
    citation: str
    source: str | None
    confidence: Confidence
    effective_on: date | None = None
    superseded_on: date | None = None

    def in_force(self, on: date) -> bool:
        return _in_force(self.effective_on, self.superseded_on, on)

    @property
    def must_be_checked(self) -> bool:
        return self.confidence is not Confidence.READ


def ratios_for(
    ratios: Iterable[Ratio], *, jurisdiction: str, unit: Unit, on: date, shift: ShiftOfDay | None
) -> tuple[Ratio, ...]:
    """The rows in force, those for any unit too; *shift* None leaves those of every part of the day."""
    return tuple(
        each
        for each in ratios
        if each.jurisdiction == jurisdiction
        and each.unit in (unit, None)
        and each.in_force(on)
        and (shift is None or shift in each.shifts)
    )


def _in_force(effective_on: date | None, superseded_on: date | None, on: date) -> bool:
    return (effective_on is None or effective_on <= on) and (superseded_on is None or on < superseded_on)
