"""Is a shift within the law of its day?

Every limit in force is answered for itself, and the whole by its worst. The traps: where no rule is on file
the answer is "no rule", never "within"; where the law forbids averaging, totals of a ward can prove a breach
and never its absence; and a number that is at the limit says nothing of how sick the patients were.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction

from workrules.staffing.laws import (
    Licence,
    Measure,
    Per,
    Provision,
    Ratio,
    ShiftOfDay,
    Topic,
    Unit,
    ratios_for,
)
from workrules.staffing.reports import (
    Acuity,
    Assignment,
    Duty,
    ImpossibleReport,
    Load,
    Present,
    Report,
    Ward,
)
from workrules.staffing.tables import PROVISIONS, RATIOS

JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", re.ASCII)  # ISO 3166


class Verdict(Enum):
    """How a shift stands against a rule, from good to bad; NO_RULE stands beside them."""

    NO_RULE = "no_rule"  # on file: it says nothing of the shift
    WITHIN = "within"
    AT_LIMIT = "at_limit"
    UNCLEAR = "unclear"  # not enough was told, or the law on file does not say
    OVER = "over"


class Unclear(Enum):
    """Why a rule gives no answer."""

    MIXED_ASSIGNMENT = "mixed_assignment"  # the law on file does not say how mixed levels of care add up
    NO_RULE_FOR_OTHERS = "no_rule_for_others"  # some of the patients are of a unit without a rule on file
    AVERAGE_NOT_TOLD = "average_not_told"
    WARD_NOT_TOLD = "ward_not_told"
    PATIENTS_NOT_TOLD = "patients_not_told"
    SHIFT_NOT_TOLD = "shift_not_told"
    OTHER_NURSES_HELPED = (
        "other_nurses_helped"  # some patients may have been theirs, whom the rule is not for
    )


class Why(Enum):
    """Why somebody who was there is not counted."""

    NO_DIRECT_CARE = "no_direct_care"
    ON_BREAK = "on_break"
    TRIAGE = "triage"
    NOT_LICENSED = "not_licensed"  # or not as the rule asks


class Remedy(Enum):
    """What would have made it lawful; `number` of it, each by itself."""

    FEWER_PATIENTS = "fewer_patients"  # for those who had too many, together
    FEWER_ON_AVERAGE = "fewer_on_average"
    MORE_NURSES = "more_nurses"
    MORE_REGISTERED_NURSES = "more_registered_nurses"


class Concern(Enum):
    """What is missing beside the numbers."""

    NO_AIDE = "no_aide"
    CREW_NOT_TOLD = "crew_not_told"
    SICKER_THAN_USUAL = "sicker_than_usual"
    ACUITY_NOT_TOLD = "acuity_not_told"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Who was there and is not counted."""

    present: Present
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One rule's answer.

    `measured` was held against the limit (patients to a nurse; for a ward, patients over nurses, None without
    any nurse), and is `by` over it: for the worst assignment, or on average, or for somebody on the ward at
    least; for a ward's minimum so many nurses too few; for a share of the crew so many people too many.
    `counted` and `left_out` say who was counted, where a crew was. `only_if_evenly_shared`: totals fit, and
    nobody said that each nurse had as many as the next.
    """

    rule: Ratio | Provision
    verdict: Verdict
    measured: Fraction | None = None
    by: Fraction = Fraction()
    counted: int | None = None
    left_out: tuple[LeftOut, ...] = ()
    remedies: tuple[tuple[Remedy, Fraction], ...] = ()
    unclear: Unclear | None = None
    only_if_evenly_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`concerns` each with the provision it follows from; `beside` is what may change the answer."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    concerns: tuple[tuple[Concern, Provision], ...] = ()
    beside: tuple[Provision, ...] = ()

    @property
    def must_be_checked(self) -> bool:
        """Does it rest on anything whose text, or dates, nobody read?"""
        return any(each.rule.must_be_checked for each in self.findings)


def evaluate(
    report: Report,
    *,
    on: date,
    jurisdiction: str,
    unit: Unit,
    shift: ShiftOfDay | None = None,
    ratios: Iterable[Ratio] = RATIOS,
    provisions: Iterable[Provision] = PROVISIONS,
) -> Answer:
    """
    Hold *report* against the law of *jurisdiction* (ISO 3166) on the day *on*, that of the moment told.

    *unit* is the level of care, *ratios* and *provisions* are all that is on file. The whole verdict is that
    of the worst finding; NO_RULE where no limit on file speaks of anybody in the report.

    Raises ImpossibleReport for what is no code of a jurisdiction.
    """
    if JURISDICTION.fullmatch(jurisdiction) is None:
        raise ImpossibleReport("a jurisdiction is named by its ISO 3166 code")
    laws = _Laws(
        ratios=tuple(ratios),
        provisions=tuple(
            each for each in provisions if each.jurisdiction == jurisdiction and each.in_force(on)
        ),
        jurisdiction=jurisdiction,
        on=on,
        shift=shift,
    )
    ratios_answered = _ratio_findings(report, unit, laws)
    findings = (*ratios_answered, *_share_findings(report, laws))
    return Answer(
        verdict=_worst(ratios_answered, findings),
        findings=findings,
        concerns=_concerns(report, laws),
        beside=tuple(each for each in laws.provisions if each.topic in _BESIDE),
    )


def severity(verdict: Verdict) -> int:
    """From 0, no rule, to 4, over."""
    return list(Verdict).index(verdict)


_BESIDE = (Topic.ACUITY, Topic.EXEMPTION, Topic.UNIT_PLAN)
_LICENCES = {
    Per.AIDE: (Licence.AIDE,),
    Per.REGISTERED_NURSE: (Licence.REGISTERED_NURSE,),
    Per.LICENSED_NURSE: (Licence.REGISTERED_NURSE, Licence.VOCATIONAL_NURSE),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laws:
    """What is on file, and where, when and in which part of the day one asks."""

    ratios: tuple[Ratio, ...]
    provisions: tuple[Provision, ...]
    jurisdiction: str
    on: date
    shift: ShiftOfDay | None

    def of(self, unit: Unit) -> tuple[Ratio, ...]:
        return ratios_for(
            self.ratios, jurisdiction=self.jurisdiction, unit=unit, on=self.on, shift=self.shift
        )

    def about(self, topic: Topic) -> Provision | None:
        return next((each for each in self.provisions if each.topic is topic), None)


def _worst(ratios_answered: list[Finding], findings: tuple[Finding, ...]) -> Verdict:
    """A crew that is mixed as it should be does not stand in for a limit that is not on file."""
    worst = max((each.verdict for each in findings), key=severity, default=Verdict.NO_RULE)
    return worst if ratios_answered or worst is Verdict.OVER else Verdict.NO_RULE


def _ratio_findings(report: Report, unit: Unit, laws: _Laws) -> list[Finding]:
    findings: list[Finding] = []
    for rule in laws.of(unit):
        if not _speaks_of(rule, report):
            continue
        if laws.shift is None and len(rule.shifts) < len(ShiftOfDay):
            findings.append(_unanswered(rule, Unclear.SHIFT_NOT_TOLD))
        elif rule.measure is Measure.AVERAGE_OVER_SHIFT:
            findings.append(_of_average(report, rule))
        elif rule.measure is Measure.WARD_MINIMUM:
            findings.append(_of_ward_minimum(report, rule, laws))
        else:
            findings += _at_any_one_time(report, unit, rule, laws)
    return findings


def _speaks_of(rule: Ratio, report: Report) -> bool:
    """Is the rule for anybody who had patients? What an aide may have is asked for an aide alone."""
    if rule.measure is Measure.WARD_MINIMUM or any(
        _is_for(rule, each.licence) for each in report.assignments
    ):
        return True
    return rule.per is not Per.AIDE and (report.ward is not None or not report.assignments)


def _is_for(rule: Ratio, licence: Licence) -> bool:
    technician = rule.technicians_count and licence is Licence.PSYCHIATRIC_TECHNICIAN
    return technician or licence in _LICENCES[rule.per]


def _at_any_one_time(report: Report, unit: Unit, rule: Ratio, laws: _Laws) -> list[Finding]:
    findings = []
    held = [
        _of_assignment(each, unit, rule, laws) for each in report.assignments if _is_for(rule, each.licence)
    ]
    if held:
        findings.append(_worst_assignment(held))
    if report.ward is not None and rule.per is not Per.AIDE:
        findings.append(_of_totals(report.ward, rule, laws))
    return findings or [_unanswered(rule, Unclear.PATIENTS_NOT_TOLD)]


def _worst_assignment(held: list[Finding]) -> Finding:
    worst = max(held, key=lambda each: (severity(each.verdict), each.by, each.measured))
    too_many = sum((each.by for each in held), Fraction())
    return replace(worst, remedies=_needed((Remedy.FEWER_PATIENTS, too_many)))


def _of_assignment(assignment: Assignment, unit: Unit, rule: Ratio, laws: _Laws) -> Finding:
    """
    The limit that is broken, or else the strictest that applies.

    Patients whose own limits are L or stricter are together never more than L, by any reading. In between the
    law on file does not say how levels of care add up, and we would rather call it unclear than a breach.
    """
    limits, unclear = _limits(assignment, unit, rule, laws)
    together = [
        (limit, sum(number for own, number in limits if own.at_most <= limit.at_most)) for limit, _ in limits
    ]
    broken, under_it = max(together, key=lambda each: each[1] - each[0].at_most, default=(rule, 0))
    if under_it > broken.at_most:
        by = Fraction(under_it - broken.at_most)
        return Finding(rule=broken, verdict=Verdict.OVER, measured=Fraction(under_it), by=by)
    everybody = sum(number for _, number in limits)
    strictest = min((limit for limit, _ in limits), key=lambda each: each.at_most, default=rule)
    if unclear is None and everybody > strictest.at_most:
        unclear = Unclear.MIXED_ASSIGNMENT
    if unclear is not None:
        return Finding(rule=rule, verdict=Verdict.UNCLEAR, measured=Fraction(everybody), unclear=unclear)
    verdict = _against(everybody, strictest.at_most)
    return Finding(rule=strictest, verdict=verdict, measured=Fraction(everybody))


def _limits(
    assignment: Assignment, unit: Unit, rule: Ratio, laws: _Laws
) -> tuple[list[tuple[Ratio, int]], Unclear | None]:
    """How many patients each limit is for, and whether there are some that none on file is for."""
    limits = []
    unclear = None
    for level, load in ((unit, assignment.load), *assignment.others):
        limit = rule if level is unit else _strictest(level, assignment.licence, laws)
        if limit is None and load != Load():
            unclear = Unclear.NO_RULE_FOR_OTHERS
        elif limit is not None and (number := load.count(limit.counts)):
            limits.append((limit, number))
    return limits, unclear


def _strictest(level: Unit, licence: Licence, laws: _Laws) -> Ratio | None:
    rules = [
        each for each in laws.of(level) if each.measure is Measure.AT_ANY_ONE_TIME and _is_for(each, licence)
    ]
    return min(rules, key=lambda each: each.at_most, default=None)


def _of_totals(ward: Ward, rule: Ratio, laws: _Laws) -> Finding:
    """Somebody has at least the patients over the nurses, rounded up; whether more, totals do not say."""
    patients, (nurses, left_out) = ward.load.count(rule.counts), _counted(ward, rule, laws)
    # Where nobody is counted, nobody has them: as far over as can be.
    least = _least(patients, nurses) if nurses else patients
    by = max(least - rule.at_most, 0) if nurses else patients
    unclear = None
    if by:
        verdict = Verdict.OVER
        helpers = sum(each.present.number for each in left_out if _may_have_had_patients(each))
        if helpers and _least(patients, nurses + helpers) <= rule.at_most:
            verdict, unclear = Verdict.UNCLEAR, Unclear.OTHER_NURSES_HELPED
    else:
        verdict = _against(least, rule.at_most)
    return Finding(
        rule=rule,
        verdict=verdict,
        measured=Fraction(patients, nurses) if nurses else None,
        by=Fraction(by),
        counted=nurses,
        left_out=left_out,
        remedies=_needed(
            (Remedy.FEWER_PATIENTS, patients - nurses * rule.at_most),
            (Remedy.MORE_NURSES, _least(patients, rule.at_most) - nurses),
        ),
        unclear=unclear,
        only_if_evenly_shared=not by and nurses > 1 and patients > 0,
    )


def _of_ward_minimum(report: Report, rule: Ratio, laws: _Laws) -> Finding:
    """As Queensland rounds: 28 patients at one to seven are four nurses, 29 are five."""
    if report.ward is None:
        return _unanswered(rule, Unclear.WARD_NOT_TOLD)
    ward = report.ward
    patients, (nurses, left_out) = ward.load.count(rule.counts), _counted(ward, rule, laws)
    needed = _least(patients, rule.at_most)
    return Finding(
        rule=rule,
        verdict=_against(needed, nurses),
        measured=Fraction(patients, nurses) if nurses else None,
        by=Fraction(max(needed - nurses, 0)),
        counted=nurses,
        left_out=left_out,
        remedies=_needed(
            (Remedy.FEWER_PATIENTS, patients - nurses * rule.at_most), (Remedy.MORE_NURSES, needed - nurses)
        ),
    )


def _of_average(report: Report, rule: Ratio) -> Finding:
    average = report.average
    if average is None:
        return _unanswered(rule, Unclear.AVERAGE_NOT_TOLD)
    by = max(average - rule.at_most, Fraction())
    return Finding(
        rule=rule,
        verdict=_against(average, rule.at_most),
        measured=average,
        by=by,
        remedies=_needed((Remedy.FEWER_ON_AVERAGE, by)),
    )


def _share_findings(report: Report, laws: _Laws) -> list[Finding]:
    """Vocational nurses are at most half of the licensed nurses; those on a break are assigned too."""
    rule = laws.about(Topic.VOCATIONAL_SHARE)
    if rule is None or report.people is None:
        return []
    assigned = [each for each in report.people if each.gives_direct_care or each.duty is Duty.ON_BREAK]
    registered = sum(each.number for each in assigned if each.licence is Licence.REGISTERED_NURSE)
    vocational = sum(each.number for each in assigned if each.licence is Licence.VOCATIONAL_NURSE)
    return [
        Finding(
            rule=rule,
            verdict=_against(vocational, registered) if vocational else Verdict.WITHIN,
            measured=Fraction(vocational, registered + vocational) if vocational else Fraction(),
            by=max(Fraction(vocational - registered, 2), Fraction()),
            counted=registered + vocational,
            remedies=_needed((Remedy.MORE_REGISTERED_NURSES, vocational - registered)),
        )
    ]


def _concerns(report: Report, laws: _Laws) -> tuple[tuple[Concern, Provision], ...]:
    """Where a number is only a floor: what the floor does not show."""
    floor = laws.about(Topic.ACUITY)
    if floor is None:
        return ()
    found = []
    if report.people is None:
        found.append(Concern.CREW_NOT_TOLD)
    elif not any(each.number for each in report.people if each.licence is Licence.AIDE):
        found.append(Concern.NO_AIDE)
    if report.acuity is None:
        found.append(Concern.ACUITY_NOT_TOLD)
    elif report.acuity is not Acuity.USUAL:
        found.append(Concern.SICKER_THAN_USUAL)
    return tuple((each, floor) for each in found)


def _counted(ward: Ward, rule: Ratio, laws: _Laws) -> tuple[int, tuple[LeftOut, ...]]:
    """How many of those present *rule* counts, and who is left out, and why."""
    left_out = tuple(
        LeftOut(present=each, why=why)
        for each in ward.crew
        if each.number and (why := _why_left_out(each, rule, laws)) is not None
    )
    everybody = sum(each.number for each in ward.crew)
    return everybody - sum(each.present.number for each in left_out), left_out


def _why_left_out(present: Present, rule: Ratio, laws: _Laws) -> Why | None:
    if not _is_for(rule, present.licence):
        return Why.NOT_LICENSED
    if present.duty is Duty.ON_BREAK:
        return Why.ON_BREAK
    if present.duty is Duty.TRIAGE and laws.about(Topic.TRIAGE_NOT_COUNTED) is not None:
        return Why.TRIAGE
    return None if present.gives_direct_care else Why.NO_DIRECT_CARE


def _may_have_had_patients(left_out: LeftOut) -> bool:
    present = left_out.present
    return (
        present.licence is Licence.VOCATIONAL_NURSE
        and present.gives_direct_care
        and present.duty is not Duty.ON_BREAK
    )


def _least(people: int, to: int) -> int:
    """So many for each of *to* that all *people* are counted: division, rounded up."""
    return -(-people // to)


def _against(measured: int | Fraction, limit: int) -> Verdict:
    if measured > limit:
        return Verdict.OVER
    return Verdict.AT_LIMIT if measured == limit else Verdict.WITHIN


def _needed(*remedies: tuple[Remedy, int | Fraction]) -> tuple[tuple[Remedy, Fraction], ...]:
    return tuple((remedy, Fraction(number)) for remedy, number in remedies if number > 0)


def _unanswered(rule: Ratio, unclear: Unclear) -> Finding:
    return Finding(rule=rule, verdict=Verdict.UNCLEAR, unclear=unclear)
