"""A shift against the law of its day: the collected vectors, the edges by name, and laws that always hold."""

import json
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workrules.staffing import (
    RATIOS,
    Acuity,
    Answer,
    Assignment,
    Concern,
    Duty,
    Finding,
    ImpossibleReport,
    LeftOut,
    Licence,
    Load,
    Present,
    Ratio,
    Remedy,
    Report,
    ShiftOfDay,
    Spell,
    Topic,
    Unclear,
    Unit,
    Verdict,
    Ward,
    Why,
    average_load,
    evaluate,
    severity,
)
from workrules.staffing.tables import california, oregon

VECTORS = json.loads((Path(__file__).parent / "data" / "ratios.json").read_text(encoding="utf-8"))[
    "test_vectors"
]
UNITS = {
    "telemetry": Unit.TELEMETRY,
    "step-down": Unit.STEP_DOWN,
    "medical/surgical": Unit.MEDICAL_SURGICAL,
    "medical-surgical": Unit.MEDICAL_SURGICAL,
    "emergency, other": Unit.EMERGENCY,
    "mother-baby unit": Unit.MOTHER_BABY,
    "adult acute": Unit.ADULT_ACUTE,
    "any": Unit.MEDICAL_SURGICAL,
}
SHIFTS = {"morning": ShiftOfDay.DAY, "afternoon": ShiftOfDay.EVENING, "night": ShiftOfDay.NIGHT}
TODAY = date(2026, 6, 30)
AIDES = Present(number=2, licence=Licence.AIDE)


def mine(patients: int, *, licence: Licence = Licence.REGISTERED_NURSE, **others: int) -> Assignment:
    return Assignment(
        load=Load(patients=patients),
        licence=licence,
        others=tuple((Unit[unit], Load(patients=number)) for unit, number in others.items()),
    )


def answer(
    *assignments: Assignment,
    jurisdiction: str = "US-CA",
    unit: Unit = Unit.MEDICAL_SURGICAL,
    on: date = TODAY,
    shift: ShiftOfDay | None = ShiftOfDay.DAY,
    **told: Any,
) -> Answer:
    report = Report(assignments=assignments, **told)
    return evaluate(report, on=on, jurisdiction=jurisdiction, unit=unit, shift=shift)


def ward(patients: int, *crew: Present) -> Ward:
    return Ward(load=Load(patients=patients), crew=crew)


def nurses(number: int, **how: Any) -> Present:
    return Present(number=number, **how)


def single(given: Answer) -> Finding:
    (finding,) = (each for each in given.findings if isinstance(each.rule, Ratio))
    return finding


def of_share(given: Answer) -> Finding:
    (finding,) = (each for each in given.findings if not isinstance(each.rule, Ratio))
    return finding


# The collected vectors


def told(vector: dict[str, Any]) -> Report:
    """A vector as the report it is told in."""
    if "licensed" in vector:
        return Report(
            crew=(
                nurses(vector["licensed"] - vector["lvn"]),
                nurses(vector["lvn"], licence=Licence.VOCATIONAL_NURSE),
            )
        )
    if "assignments" in vector:
        return Report(assignments=tuple(map(mine, vector["assignments"])))
    if "assignments_over_12h_avg" in vector:
        return Report(
            assignments=(mine(vector["peak"]),), average=Fraction(str(vector["assignments_over_12h_avg"]))
        )
    if "mothers" in vector:
        return Report(
            assignments=(Assignment(load=Load(mothers=vector["mothers"], babies=vector["babies"])),)
        )
    if "nurses" in vector:
        on_break = vector["on_break"]
        relief = [nurses(on_break, duty=Duty.CHARGE)] if vector["relieved"] else []
        return Report(
            ward=ward(
                vector["patients"],
                nurses(vector["nurses"] - on_break),
                nurses(on_break, duty=Duty.ON_BREAK),
                *relief,
            )
        )
    if "patients" in vector:
        return Report(ward=ward(vector["patients"], nurses(1)))
    return Report(assignments=(mine(vector["patients_one_nurse"]),))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector['j']} {vector['expect']}")
def test_collected_vector(vector: dict[str, Any]) -> None:
    given = evaluate(
        told(vector),
        on=date.fromisoformat(vector.get("date", "2026-01-30")),
        jurisdiction=vector["j"],
        unit=UNITS[vector["unit"]],
        shift=SHIFTS.get(vector.get("shift", "morning")),
    )

    expect = vector["expect"]
    worst = max(given.findings, key=lambda each: severity(each.verdict), default=None)
    if expect.startswith("no statutory ratio"):
        assert given == Answer(verdict=Verdict.NO_RULE, findings=())
    elif expect.startswith("needs"):
        assert single(given).by == int(expect.removeprefix("needs ")) - 1
    elif "LVN" in expect or expect.startswith("ok"):
        assert (of_share(given).verdict is Verdict.OVER) == ("over" in expect)
    elif expect.startswith("within"):
        assert given.verdict in (Verdict.WITHIN, Verdict.AT_LIMIT)
    else:
        assert given.verdict is Verdict.OVER
        assert worst is not None
        if expect.startswith("over by"):
            assert worst.by == int(expect.split()[2])


def test_there_are_nineteen_vectors() -> None:
    assert len(VECTORS) == 19


# California


def test_four_on_telemetry_are_at_the_limit_and_the_answer_says_what_is_missing() -> None:
    given = answer(
        mine(4), unit=Unit.TELEMETRY, on=date(2026, 1, 30), crew=(nurses(4),), acuity=Acuity.MUCH_MORE
    )

    assert given == Answer(
        verdict=Verdict.AT_LIMIT,
        findings=(
            Finding(rule=california.TELEMETRY_2008, verdict=Verdict.AT_LIMIT, measured=Fraction(4)),
            Finding(rule=california.VOCATIONAL_SHARE, verdict=Verdict.WITHIN, counted=4, measured=Fraction()),
        ),
        concerns=(
            (Concern.NO_AIDE, california.ACUITY),
            (Concern.SICKER_THAN_USUAL, california.ACUITY),
        ),
        beside=(california.ACUITY,),
    )


def test_what_was_not_told_of_crew_and_acuity_is_said() -> None:
    assert [each for each, _ in answer(mine(3)).concerns] == [Concern.CREW_NOT_TOLD, Concern.ACUITY_NOT_TOLD]


def test_nothing_is_missing_with_aides_and_usual_patients() -> None:
    assert answer(mine(3), crew=(nurses(4), AIDES), acuity=Acuity.USUAL).concerns == ()


def test_five_on_telemetry_are_one_too_many_and_one_fewer_makes_it_lawful() -> None:
    finding = single(answer(mine(5), unit=Unit.TELEMETRY))

    assert finding == Finding(
        rule=california.TELEMETRY_2008,
        verdict=Verdict.OVER,
        measured=Fraction(5),
        by=Fraction(1),
        remedies=((Remedy.FEWER_PATIENTS, Fraction(1)),),
    )


@pytest.mark.parametrize(
    ("rule", "unit"), [(each, each.unit) for each in california.RATIOS if each.in_force(TODAY) and each.unit]
)
def test_each_california_limit_is_met_at_its_number_and_broken_by_one_more(rule: Ratio, unit: Unit) -> None:
    def verdict(number: int) -> Verdict:
        load = Load(mothers=number) if rule.unit is Unit.POSTPARTUM_COUPLETS else Load(patients=number)
        found = answer(Assignment(load=load), unit=unit).findings
        return next(each.verdict for each in found if each.rule is rule)

    assert [verdict(rule.at_most + more) for more in (-1, 0, 1)] == [
        Verdict.WITHIN,
        Verdict.AT_LIMIT,
        Verdict.OVER,
    ]


def test_no_averaging_where_one_of_three_has_six() -> None:
    given = single(answer(mine(6), mine(4), mine(5)))

    assert (given.verdict, given.measured, given.by) == (Verdict.OVER, Fraction(6), Fraction(1))


def test_every_nurse_who_had_too_many_is_in_the_remedy() -> None:
    assert single(answer(mine(7), mine(6), mine(2))).remedies == ((Remedy.FEWER_PATIENTS, Fraction(3)),)


def test_totals_that_fit_are_lawful_only_if_evenly_shared() -> None:
    given = single(answer(ward=ward(20, nurses(4))))

    assert (given.verdict, given.only_if_evenly_shared) == (Verdict.AT_LIMIT, True)


def test_break_without_relief_is_a_breach_with_its_numbers() -> None:
    away = nurses(1, duty=Duty.ON_BREAK)

    given = single(answer(ward=ward(20, nurses(3), away)))

    assert given == Finding(
        rule=california.MEDICAL_SURGICAL_2005,
        verdict=Verdict.OVER,
        measured=Fraction(20, 3),
        by=Fraction(2),
        counted=3,
        left_out=(LeftOut(present=away, why=Why.ON_BREAK),),
        remedies=((Remedy.FEWER_PATIENTS, Fraction(5)), (Remedy.MORE_NURSES, Fraction(1))),
    )


@pytest.mark.parametrize("duty", [Duty.CHARGE, Duty.MANAGER])
def test_charge_nurse_and_manager_count_only_while_they_give_direct_care(duty: Duty) -> None:
    def counted(gives: bool) -> int | None:
        return single(answer(ward=ward(20, nurses(3), nurses(1, duty=duty, gives_direct_care=gives)))).counted

    assert [counted(True), counted(False)] == [4, 3]


def test_triage_nurse_never_counts_in_california() -> None:
    triage = nurses(1, duty=Duty.TRIAGE)

    given = single(answer(unit=Unit.EMERGENCY, ward=ward(16, nurses(3), triage)))

    assert (given.verdict, given.left_out) == (
        Verdict.OVER,
        (LeftOut(present=triage, why=Why.TRIAGE),),
    )


def test_aide_is_no_licensed_nurse() -> None:
    assert single(answer(ward=ward(6, nurses(1), AIDES))).left_out == (
        LeftOut(present=AIDES, why=Why.NOT_LICENSED),
    )


def test_vocational_nurse_counts_as_a_licensed_nurse() -> None:
    assert single(answer(mine(6, licence=Licence.VOCATIONAL_NURSE))).verdict is Verdict.OVER


@pytest.mark.parametrize(
    ("unit", "verdict"), [(Unit.PSYCHIATRIC, Verdict.AT_LIMIT), (Unit.MEDICAL_SURGICAL, Verdict.NO_RULE)]
)
def test_psychiatric_technician_counts_in_psychiatric_units_only(unit: Unit, verdict: Verdict) -> None:
    assert answer(mine(6, licence=Licence.PSYCHIATRIC_TECHNICIAN), unit=unit).verdict is verdict


def test_vocational_nurses_over_half_need_registered_ones() -> None:
    given = answer(crew=(nurses(2), nurses(3, licence=Licence.VOCATIONAL_NURSE)))

    assert of_share(given) == Finding(
        rule=california.VOCATIONAL_SHARE,
        verdict=Verdict.OVER,
        measured=Fraction(3, 5),
        by=Fraction(1, 2),
        counted=5,
        remedies=((Remedy.MORE_REGISTERED_NURSES, Fraction(1)),),
    )


def test_vocational_nurse_at_a_desk_is_not_assigned() -> None:
    desk = nurses(1, licence=Licence.VOCATIONAL_NURSE, duty=Duty.MANAGER, gives_direct_care=False)

    assert of_share(answer(crew=(nurses(2), nurses(2, licence=Licence.VOCATIONAL_NURSE), desk))).counted == 4


def test_twins_make_one_couplet_and_eight_persons_are_the_end() -> None:
    def verdicts(mothers: int, babies: int) -> list[Verdict]:
        load = Load(mothers=mothers, babies=babies)
        found = answer(Assignment(load=load), unit=Unit.POSTPARTUM_COUPLETS).findings
        return [each.verdict for each in found]

    assert verdicts(3, 4) == [Verdict.WITHIN, Verdict.WITHIN]
    assert verdicts(4, 4) == [Verdict.AT_LIMIT, Verdict.AT_LIMIT]
    assert verdicts(4, 5) == [Verdict.AT_LIMIT, Verdict.OVER]
    assert verdicts(5, 3) == [Verdict.OVER, Verdict.AT_LIMIT]


def test_nobody_there_for_patients_is_over_without_a_ratio() -> None:
    given = single(answer(ward=ward(3, AIDES)))

    assert (given.verdict, given.measured, given.by, given.counted) == (Verdict.OVER, None, Fraction(3), 0)


def test_empty_ward_is_within() -> None:
    assert answer(ward=ward(0)).verdict is Verdict.WITHIN


# Mixed assignments


@pytest.mark.parametrize(
    ("critical", "others", "verdict", "unclear", "by"),
    [
        (0, 4, Verdict.AT_LIMIT, None, 0),
        (1, 1, Verdict.AT_LIMIT, None, 0),  # as many as the stricter limit allows in all
        (1, 0, Verdict.WITHIN, None, 0),
        (1, 2, Verdict.UNCLEAR, Unclear.MIXED_ASSIGNMENT, 0),
        (2, 2, Verdict.UNCLEAR, Unclear.MIXED_ASSIGNMENT, 0),
        (3, 0, Verdict.OVER, None, 1),  # more critical patients than one nurse may have
        (1, 4, Verdict.OVER, None, 1),  # more in all than even the looser limit allows
        (3, 4, Verdict.OVER, None, 3),
    ],
)
def test_mixed_assignment_is_called_a_breach_only_where_every_reading_is_one(
    critical: int, others: int, verdict: Verdict, unclear: Unclear | None, by: int
) -> None:
    given = single(answer(mine(others, EMERGENCY_CRITICAL=critical), unit=Unit.EMERGENCY))

    assert (given.verdict, given.unclear, given.by) == (verdict, unclear, Fraction(by))


def test_mixed_assignment_names_the_limit_that_is_broken() -> None:
    given = single(answer(mine(0, EMERGENCY_CRITICAL=3), unit=Unit.EMERGENCY))

    assert given == Finding(
        rule=california.EMERGENCY_CRITICAL,
        verdict=Verdict.OVER,
        measured=Fraction(3),
        by=Fraction(1),
        remedies=((Remedy.FEWER_PATIENTS, Fraction(1)),),
    )


def test_patients_of_a_level_without_a_rule_leave_it_unclear() -> None:
    given = single(answer(mine(4, REHABILITATION=1)))

    assert (given.verdict, given.unclear) == (Verdict.UNCLEAR, Unclear.NO_RULE_FOR_OTHERS)
    assert single(answer(mine(6, REHABILITATION=1))).verdict is Verdict.OVER
    assert single(answer(mine(4, REHABILITATION=0))).verdict is Verdict.WITHIN


def test_patients_told_apart_who_are_of_the_same_level_are_added_up() -> None:
    assert single(answer(mine(3, MEDICAL_SURGICAL=3))).by == 1


# Oregon


def emergency(peak: int, average: str | None) -> Answer:
    return answer(
        mine(peak),
        jurisdiction="US-OR",
        unit=Unit.EMERGENCY,
        average=None if average is None else Fraction(average),
    )


@pytest.mark.parametrize(
    ("peak", "average", "verdicts", "verdict"),
    [
        (4, "3", [Verdict.WITHIN, Verdict.WITHIN], Verdict.WITHIN),
        (5, "4", [Verdict.AT_LIMIT, Verdict.AT_LIMIT], Verdict.AT_LIMIT),
        (6, "3.5", [Verdict.OVER, Verdict.WITHIN], Verdict.OVER),
        (5, "4.2", [Verdict.AT_LIMIT, Verdict.OVER], Verdict.OVER),
        (5, None, [Verdict.AT_LIMIT, Verdict.UNCLEAR], Verdict.UNCLEAR),
        (6, None, [Verdict.OVER, Verdict.UNCLEAR], Verdict.OVER),
    ],
)
def test_oregon_emergency_keeps_a_ceiling_and_an_average(
    peak: int, average: str | None, verdicts: list[Verdict], verdict: Verdict
) -> None:
    given = emergency(peak, average)

    assert [each.verdict for each in given.findings] == verdicts
    assert given.verdict is verdict


def test_average_over_the_limit_says_by_how_much() -> None:
    finding = next(each for each in emergency(5, "4.2").findings if each.rule is oregon.EMERGENCY_AVERAGE)

    assert (finding.by, finding.remedies) == (
        Fraction(1, 5),
        ((Remedy.FEWER_ON_AVERAGE, Fraction(1, 5)),),
    )


def test_average_is_weighed_by_time_and_leaves_trauma_nurses_out() -> None:
    spells = [
        Spell(minutes=480, patients=5),
        Spell(minutes=240, patients=2),
        Spell(minutes=720, patients=1, on_trauma=True),
    ]

    assert average_load(spells) == 4
    assert average_load(spells[2:]) is None


def test_nurse_who_is_no_registered_one_has_no_rule_in_oregon() -> None:
    practical = mine(9, licence=Licence.VOCATIONAL_NURSE)

    assert answer(practical, jurisdiction="US-OR").verdict is Verdict.NO_RULE


def test_breach_that_only_other_nurses_could_undo_is_unclear_in_oregon() -> None:
    practical = nurses(1, licence=Licence.VOCATIONAL_NURSE)
    given = single(answer(jurisdiction="US-OR", ward=ward(16, nurses(3), practical)))

    assert (given.verdict, given.unclear, given.counted) == (
        Verdict.UNCLEAR,
        Unclear.OTHER_NURSES_HELPED,
        3,
    )
    assert single(answer(jurisdiction="US-OR", ward=ward(17, nurses(3), practical))).verdict is Verdict.OVER


@pytest.mark.parametrize(
    ("shift", "patients", "verdict"),
    [
        (ShiftOfDay.DAY, 7, Verdict.AT_LIMIT),
        (ShiftOfDay.EVENING, 8, Verdict.OVER),
        (ShiftOfDay.NIGHT, 11, Verdict.AT_LIMIT),
        (ShiftOfDay.NIGHT, 12, Verdict.OVER),
        (None, 3, Verdict.UNCLEAR),
    ],
)
def test_oregon_aide_by_part_of_the_day(shift: ShiftOfDay | None, patients: int, verdict: Verdict) -> None:
    given = answer(mine(patients, licence=Licence.AIDE), jurisdiction="US-OR", shift=shift)

    assert given.verdict is verdict
    assert given.must_be_checked


def test_part_of_the_day_that_was_not_told_matters_only_where_the_rule_asks() -> None:
    assert answer(mine(4), jurisdiction="US-OR", shift=None).verdict is Verdict.AT_LIMIT


def test_oregon_plan_stands_beside_the_answer_from_its_day_on() -> None:
    def beside(on: date) -> list[Topic]:
        return [each.topic for each in answer(mine(4), jurisdiction="US-OR", on=on).beside]

    assert beside(date(2025, 9, 25)) == [Topic.EXEMPTION]
    assert beside(date(2025, 9, 26)) == [Topic.EXEMPTION, Topic.UNIT_PLAN]


# Elsewhere


@pytest.mark.parametrize(
    ("shift", "patients", "needed"),
    [
        (ShiftOfDay.DAY, 28, 7),
        (ShiftOfDay.EVENING, 28, 7),
        (ShiftOfDay.NIGHT, 28, 4),
        (ShiftOfDay.DAY, 29, 8),
        (ShiftOfDay.NIGHT, 29, 5),
        (ShiftOfDay.NIGHT, 1, 1),
    ],
)
def test_queensland_rounds_the_nurses_of_a_ward_up(shift: ShiftOfDay, patients: int, needed: int) -> None:
    def found(number: int) -> Finding:
        there = ward(patients, nurses(number))
        return single(answer(jurisdiction="AU-QLD", unit=Unit.ADULT_ACUTE, shift=shift, ward=there))

    assert [found(needed + more).verdict for more in (-1, 0, 1)] == [
        Verdict.OVER,
        Verdict.AT_LIMIT,
        Verdict.WITHIN,
    ]
    assert (Remedy.MORE_NURSES, Fraction(1)) in found(needed - 1).remedies


def test_one_nurses_patients_say_nothing_of_a_queensland_ward() -> None:
    given = single(answer(mine(9), jurisdiction="AU-QLD", unit=Unit.ADULT_ACUTE))

    assert (given.verdict, given.unclear) == (Verdict.UNCLEAR, Unclear.WARD_NOT_TOLD)


@pytest.mark.parametrize("jurisdiction", ["US-TX", "US-MI", "US-HI", "US-WA", "DE"])
def test_where_no_rule_is_on_file_nothing_is_within(jurisdiction: str) -> None:
    given = answer(mine(1), jurisdiction=jurisdiction, crew=(nurses(9),))

    assert given == Answer(verdict=Verdict.NO_RULE, findings=())


def test_crew_mixed_as_it_should_be_does_not_stand_in_for_a_limit() -> None:
    assert answer(mine(1), unit=Unit.REHABILITATION, crew=(nurses(9),)).verdict is Verdict.NO_RULE


def test_rule_without_any_patients_told_is_unclear() -> None:
    given = single(answer(crew=(nurses(9),)))

    assert (given.verdict, given.unclear) == (Verdict.UNCLEAR, Unclear.PATIENTS_NOT_TOLD)


def test_shift_before_the_law_has_no_rule() -> None:
    assert answer(mine(9), on=date(2003, 12, 31)).verdict is Verdict.NO_RULE


@pytest.mark.parametrize("jurisdiction", ["", "California", "us-ca", "US-CA ", "US_CA"])
def test_what_is_no_code_of_a_jurisdiction_is_refused(jurisdiction: str) -> None:
    with pytest.raises(ImpossibleReport):
        answer(mine(1), jurisdiction=jurisdiction)


def test_impossible_numbers_are_refused() -> None:
    for build in (
        lambda: Load(patients=-1),
        lambda: Load(babies=-1),
        lambda: nurses(-1),
        lambda: Spell(minutes=0, patients=1),
        lambda: Spell(minutes=1, patients=-1),
        lambda: Report(average=Fraction(-1)),
        lambda: Report(ward=ward(1), crew=()),
    ):
        with pytest.raises(ImpossibleReport):
            build()


# Laws that always hold

DAYS = st.dates(date(2003, 1, 1), date(2030, 1, 1))
NUMBERS = st.integers(0, 14)
LOADS = st.builds(Load, patients=NUMBERS, mothers=st.integers(0, 6), babies=st.integers(0, 8))
PLACES = st.sampled_from(sorted({(each.jurisdiction, each.unit) for each in RATIOS if each.unit}, key=str))
SHIFTS_OF_DAY = st.sampled_from([*ShiftOfDay, None])
ASSIGNMENTS = st.builds(
    Assignment,
    load=LOADS,
    licence=st.sampled_from(Licence),
    others=st.lists(st.tuples(st.sampled_from(Unit), LOADS), max_size=3).map(tuple),
)
CREWS = st.lists(
    st.builds(
        Present,
        number=st.integers(0, 6),
        licence=st.sampled_from(Licence),
        duty=st.sampled_from(Duty),
        gives_direct_care=st.booleans(),
    ),
    max_size=5,
).map(tuple)
REPORTS = st.builds(
    Report,
    assignments=st.lists(ASSIGNMENTS, max_size=3).map(tuple),
    ward=st.none() | st.builds(Ward, load=LOADS, crew=CREWS),
    average=st.none() | st.fractions(0, 12, max_denominator=60),
)
MORE = st.sampled_from([Load(patients=1), Load(mothers=1), Load(babies=1)])


def plus(load: Load, more: Load) -> Load:
    return Load(
        patients=load.patients + more.patients,
        mothers=load.mothers + more.mothers,
        babies=load.babies + more.babies,
    )


def with_more_mine(report: Report, more: Load, level: Unit | None) -> Report:
    first, *rest = report.assignments
    if level is None:
        first = replace(first, load=plus(first.load, more))
    else:
        first = replace(first, others=(*first.others, (level, more)))
    return replace(report, assignments=(first, *rest))


@settings(deadline=None)
@given(REPORTS, PLACES, DAYS, SHIFTS_OF_DAY, MORE, st.none() | st.sampled_from(Unit))
def test_one_more_patient_never_makes_it_lawful(
    report: Report,
    place: tuple[str, Unit],
    on: date,
    shift: ShiftOfDay | None,
    more: Load,
    level: Unit | None,
) -> None:
    def how_bad(told: Report) -> int:
        return severity(evaluate(told, on=on, jurisdiction=place[0], unit=place[1], shift=shift).verdict)

    if report.assignments:
        assert how_bad(with_more_mine(report, more, level)) >= how_bad(report)
    if report.ward is not None:
        fuller = replace(report.ward, load=plus(report.ward.load, more))
        assert how_bad(replace(report, ward=fuller)) >= how_bad(report)
    if report.average is not None:
        assert how_bad(replace(report, average=report.average + Fraction(1, 10))) >= how_bad(report)


@settings(deadline=None)
@given(REPORTS, PLACES, DAYS, SHIFTS_OF_DAY, CREWS)
def test_more_registered_nurses_never_make_it_worse(
    report: Report, place: tuple[str, Unit], on: date, shift: ShiftOfDay | None, crew: tuple[Present, ...]
) -> None:
    def how_bad(there: tuple[Present, ...]) -> int:
        told = replace(report, ward=Ward(load=Load(patients=7, mothers=2, babies=3), crew=there))
        return severity(evaluate(told, on=on, jurisdiction=place[0], unit=place[1], shift=shift).verdict)

    assert how_bad((*crew, nurses(1))) <= how_bad(crew)


@settings(deadline=None)
@given(REPORTS, PLACES, DAYS, SHIFTS_OF_DAY, st.integers(1, 20), st.integers(1, 2000))
def test_law_of_a_later_day_never_changes_an_earlier_shift(
    report: Report, place: tuple[str, Unit], on: date, shift: ShiftOfDay | None, at_most: int, days: int
) -> None:
    jurisdiction, unit = place
    later = on + timedelta(days=days)
    passed = [
        replace(each, superseded_on=later)
        if (each.jurisdiction, each.unit) == place
        and each.in_force(later)
        and each.effective_on is not None
        and each.effective_on < later
        else each
        for each in RATIOS
    ]
    new = replace(
        california.TELEMETRY_2008,
        jurisdiction=jurisdiction,
        unit=unit,
        at_most=at_most,
        effective_on=later,
    )

    before = evaluate(report, on=on, jurisdiction=jurisdiction, unit=unit, shift=shift)
    after = evaluate(report, on=on, jurisdiction=jurisdiction, unit=unit, shift=shift, ratios=(*passed, new))

    assert (after.verdict, after.concerns, after.beside) == (before.verdict, before.concerns, before.beside)
    assert [replace(each, rule=california.ACUITY) for each in after.findings] == [
        replace(each, rule=california.ACUITY) for each in before.findings
    ]


@settings(deadline=None)
@given(REPORTS, DAYS, st.sampled_from([each.unit for each in california.RATIOS]), st.fractions(0, 20))
def test_average_changes_nothing_where_the_law_forbids_averaging(
    report: Report, on: date, unit: Unit, average: Fraction
) -> None:
    def given(told: Report) -> Answer:
        return evaluate(told, on=on, jurisdiction="US-CA", unit=unit)

    assert given(replace(report, average=average)) == given(replace(report, average=None))


@settings(deadline=None)
@given(REPORTS, PLACES, DAYS, SHIFTS_OF_DAY)
def test_over_says_by_how_much_and_what_would_help(
    report: Report, place: tuple[str, Unit], on: date, shift: ShiftOfDay | None
) -> None:
    for each in evaluate(report, on=on, jurisdiction=place[0], unit=place[1], shift=shift).findings:
        if each.verdict is Verdict.OVER:
            assert each.by > 0
            assert each.remedies
            assert each.unclear is None
        assert (each.unclear is not None) == (each.verdict is Verdict.UNCLEAR)


@given(st.integers(0, 12))
def test_remedy_makes_an_assignment_lawful(patients: int) -> None:
    found = single(answer(mine(patients), unit=Unit.TELEMETRY))
    fewer = sum(int(number) for remedy, number in found.remedies if remedy is Remedy.FEWER_PATIENTS)

    assert single(answer(mine(patients - fewer), unit=Unit.TELEMETRY)).verdict is not Verdict.OVER


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 9))
def test_either_remedy_makes_totals_fit(patients: int, number: int) -> None:
    remedies = dict(single(answer(ward=ward(patients, nurses(number)))).remedies)
    fewer, more = (int(remedies.get(each, 0)) for each in (Remedy.FEWER_PATIENTS, Remedy.MORE_NURSES))

    for there in (ward(patients - fewer, nurses(number)), ward(patients, nurses(number + more))):
        assert single(answer(ward=there)).verdict is not Verdict.OVER
