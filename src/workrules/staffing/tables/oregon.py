"""Oregon: ORS 441.765 and what goes with it (HB 2697 of 2023, HB 3294 of 2025).

The statute speaks of direct care registered nurses: what is assigned to another nurse is held against none of
its limits. In the emergency department an average and a ceiling must both be kept.
"""

from datetime import date

from workrules.staffing.laws import (
    Confidence,
    Counted,
    Measure,
    Note,
    Per,
    Provision,
    Ratio,
    ShiftOfDay,
    Topic,
    Unit,
)

STATUTE = "https://lexace.ai/us/statute/oregon/ORS-441.765"
HEALTH_LAW_INSIDER = (
    "https://www.healthlawinsider.com/2023/09/articles/legislation/"
    "solving-healthcare-staffing-by-fiat-oregon-and-washington-take-different-approaches/"
)
REGISTER_GUARD = (
    "https://www.registerguard.com/story/news/local/2023/04/10/"
    "nurses-rally-in-springfield-for-more-staffing-support/70099900007/"
)

EMERGENCY_TRAUMA = Ratio(
    key="us-or-emergency-trauma",
    jurisdiction="US-OR",
    unit=Unit.EMERGENCY_TRAUMA,
    named="emergency, trauma patient",
    at_most=1,
    citation="ORS 441.765(2)(a)(A)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
EMERGENCY = Ratio(
    key="us-or-emergency",
    jurisdiction="US-OR",
    unit=Unit.EMERGENCY,
    named="emergency, other",
    at_most=5,
    citation="ORS 441.765(2)(a)(B)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
EMERGENCY_AVERAGE = Ratio(
    key="us-or-emergency-average",
    jurisdiction="US-OR",
    unit=Unit.EMERGENCY,
    named="emergency, other, on average over 12 hours",
    at_most=4,
    citation="ORS 441.765(2)(a)(B)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
    measure=Measure.AVERAGE_OVER_SHIFT,
)
CRITICAL_CARE = Ratio(
    key="us-or-critical-care",
    jurisdiction="US-OR",
    unit=Unit.CRITICAL_CARE,
    named="intensive care",
    at_most=2,
    citation="ORS 441.765(2)(b)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
LABOR_NOT_ACTIVE = Ratio(
    key="us-or-labor-not-active",
    jurisdiction="US-OR",
    unit=Unit.LABOR_NOT_ACTIVE,
    named="labor and delivery, not active and no complications",
    at_most=2,
    citation="ORS 441.765(2)(c)(A)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
LABOR_ACTIVE = Ratio(
    key="us-or-labor-active",
    jurisdiction="US-OR",
    unit=Unit.LABOR_ACTIVE,
    named="labor and delivery, active labor or complications",
    at_most=1,
    citation="ORS 441.765(2)(c)(B)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
POSTPARTUM_OR_NURSERY = Ratio(
    key="us-or-postpartum-or-nursery",
    jurisdiction="US-OR",
    unit=Unit.POSTPARTUM_OR_NURSERY,
    named="postpartum/antepartum/well-baby nursery",
    at_most=6,
    citation="ORS 441.765(2)(d)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
    counts=Counted.MOTHERS_AND_BABIES,
)
MOTHER_BABY = Ratio(
    key="us-or-mother-baby",
    jurisdiction="US-OR",
    unit=Unit.MOTHER_BABY,
    named="mother-baby unit",
    at_most=8,
    citation="ORS 441.765(2)(e)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
    counts=Counted.MOTHERS_AND_BABIES,
)
OPERATING_ROOM = Ratio(
    key="us-or-operating-room",
    jurisdiction="US-OR",
    unit=Unit.OPERATING_ROOM,
    named="operating room",
    at_most=1,
    citation="ORS 441.765(2)(f)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
ONCOLOGY = Ratio(
    key="us-or-oncology",
    jurisdiction="US-OR",
    unit=Unit.ONCOLOGY,
    named="oncology",
    at_most=4,
    citation="ORS 441.765(2)(g)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
POST_ANESTHESIA = Ratio(
    key="us-or-post-anesthesia",
    jurisdiction="US-OR",
    unit=Unit.POST_ANESTHESIA,
    named="post-anesthesia",
    at_most=2,
    citation="ORS 441.765(2)(h)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
INTERMEDIATE_CARE = Ratio(
    key="us-or-intermediate-care",
    jurisdiction="US-OR",
    unit=Unit.STEP_DOWN,
    named="intermediate care",
    at_most=3,
    citation="ORS 441.765(2)(i)",
    effective_on=date(2024, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
)
MEDICAL_SURGICAL_2024 = Ratio(
    key="us-or-medical-surgical-2024",
    jurisdiction="US-OR",
    unit=Unit.MEDICAL_SURGICAL,
    named="medical-surgical",
    at_most=5,
    citation="ORS 441.765(2)(j)",
    effective_on=date(2024, 6, 1),
    superseded_on=date(2026, 6, 1),
    source=STATUTE,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    per=Per.REGISTERED_NURSE,
)
MEDICAL_SURGICAL_2026 = Ratio(
    key="us-or-medical-surgical-2026",
    jurisdiction="US-OR",
    unit=Unit.MEDICAL_SURGICAL,
    named="medical-surgical",
    at_most=4,
    citation="ORS 441.765(2)(j)",
    effective_on=date(2026, 6, 1),
    source=STATUTE,
    confidence=Confidence.READ,
    dates=Confidence.SUMMARY,
    per=Per.REGISTERED_NURSE,
    notes=(Note.CHANGE_PROPOSED,),
)
TELEMETRY = Ratio(
    key="us-or-telemetry",
    jurisdiction="US-OR",
    unit=Unit.TELEMETRY,
    named="cardiac telemetry",
    at_most=4,
    citation="ORS 441.765(2)(k)",
    effective_on=date(2024, 6, 1),
    source=REGISTER_GUARD,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    per=Per.REGISTERED_NURSE,
)
PEDIATRIC = Ratio(
    key="us-or-pediatric",
    jurisdiction="US-OR",
    unit=Unit.PEDIATRIC,
    named="pediatric",
    at_most=4,
    citation="ORS 441.765(2)(l)",
    effective_on=date(2024, 6, 1),
    source=REGISTER_GUARD,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    per=Per.REGISTERED_NURSE,
)
AIDE_DAY_OR_EVENING = Ratio(
    key="us-or-aide-day-or-evening",
    jurisdiction="US-OR",
    unit=None,
    named="any, CNA day or evening shift",
    at_most=7,
    citation="HB 2697 (2023)",
    effective_on=None,
    source=HEALTH_LAW_INSIDER,
    confidence=Confidence.READ,
    dates=Confidence.MEMORY,
    per=Per.AIDE,
    shifts=(ShiftOfDay.DAY, ShiftOfDay.EVENING),
)
AIDE_NIGHT = Ratio(
    key="us-or-aide-night",
    jurisdiction="US-OR",
    unit=None,
    named="any, CNA night shift",
    at_most=11,
    citation="HB 2697 (2023)",
    effective_on=None,
    source=HEALTH_LAW_INSIDER,
    confidence=Confidence.READ,
    dates=Confidence.MEMORY,
    per=Per.AIDE,
    shifts=(ShiftOfDay.NIGHT,),
)

RATIOS = (
    EMERGENCY_TRAUMA,
    EMERGENCY,
    EMERGENCY_AVERAGE,
    CRITICAL_CARE,
    LABOR_NOT_ACTIVE,
    LABOR_ACTIVE,
    POSTPARTUM_OR_NURSERY,
    MOTHER_BABY,
    OPERATING_ROOM,
    ONCOLOGY,
    POST_ANESTHESIA,
    INTERMEDIATE_CARE,
    MEDICAL_SURGICAL_2024,
    MEDICAL_SURGICAL_2026,
    TELEMETRY,
    PEDIATRIC,
    AIDE_DAY_OR_EVENING,
    AIDE_NIGHT,
)

# Critical patients in circumstances the committee set, emergency patients until stable, swing beds, patients
# ready to leave, outpatient and psychiatric units: their numbers are those of the unit's plan.
EXEMPTION = Provision(
    key="or-exempt",
    jurisdiction="US-OR",
    topic=Topic.EXEMPTION,
    citation="ORS 441.766(1)",
    source="https://lawserver.com/law/state/oregon/or-statutes/oregon_statutes_441-766",
    confidence=Confidence.READ,
)
WHO_COUNTS = Provision(
    key="or-charge",
    jurisdiction="US-OR",
    topic=Topic.WHO_COUNTS,
    citation="HB 2697 (2023)",
    source=HEALTH_LAW_INSIDER,
    confidence=Confidence.READ,
)
UNIT_PLAN = Provision(
    key="or-plan",
    jurisdiction="US-OR",
    topic=Topic.UNIT_PLAN,
    citation="HB 3294 (2025, ch. 506)",
    source="https://open.pluralpolicy.com/or/bills/2025R1/HB3294",
    confidence=Confidence.READ,
    effective_on=date(2025, 9, 26),
)
# Civil penalties are only for what happened from that day on.
PENALTY = Provision(
    key="or-penalty-start",
    jurisdiction="US-OR",
    topic=Topic.PENALTY,
    citation="HB 2697 (2023)",
    source="https://fastdemocracy.com/bill-summary/?billsummary_id=ORB00016032&billsummary_session=2023&billsummary_state=or",
    confidence=Confidence.READ,
    effective_on=date(2025, 6, 1),
)
# $200 for each missed break, on a complaint within 60 days. The page errs elsewhere: to be confirmed.
MISSED_BREAK = Provision(
    key="or-break",
    jurisdiction="US-OR",
    topic=Topic.BREAK_PREMIUM,
    citation="ORS 441.790",
    source="https://thenursingdirectory.com/news/oregon-nurse-staffing-ratio-1-to-4-june-2026",
    confidence=Confidence.SUMMARY,
)

PROVISIONS = (EXEMPTION, WHO_COUNTS, UNIT_PLAN, PENALTY, MISSED_BREAK)
