"""California: Title 22 of the Code of Regulations, section 70217(a), and what goes with it.

Since 2004, in steps until 2008. A limit is for one nurse at any one time; nothing is averaged.
"""

from datetime import date

from workrules.staffing.laws import Confidence, Counted, Note, Per, Provision, Ratio, Topic, Unit

NURSES_UNITED_25 = "https://nnumagazine.uberflip.com/i/117852/25"  # the regulation's text, page 25
NURSES_UNITED_26 = "https://nnumagazine.uberflip.com/i/117852/26"
AFL_08_07 = (
    "https://public.staging.cdph.ca.gov/Programs/CHCQ/LCP/Pages/AFL-08-07.aspx"  # the department's letter
)
CONNECTICUT = "http://www.cga.ct.gov/2004/rpt/2004-R-0212.htm"  # a legislature's summary
SEIU_121 = (
    "http://www.seiu121rn.org/2018/01/09/"
    "did-you-know-that-california-law-sets-nurse-to-patient-ratio-requirements-for-hospitals/"
)

CRITICAL_CARE = Ratio(
    key="us-ca-critical-care",
    jurisdiction="US-CA",
    unit=Unit.CRITICAL_CARE,
    named="critical care (ICU, burn, coronary, acute respiratory, intensive care newborn nursery)",
    at_most=2,
    citation="22 CCR 70217(a)(1)",
    effective_on=date(2004, 1, 1),
    source=NURSES_UNITED_25,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    notes=(Note.REGISTERED_NURSES_ONLY,),
)
OPERATING_ROOM = Ratio(
    key="us-ca-operating-room",
    jurisdiction="US-CA",
    unit=Unit.OPERATING_ROOM,
    named="operating room",
    at_most=1,
    citation="22 CCR 70217(a)(2)",
    effective_on=date(2004, 1, 1),
    source=NURSES_UNITED_25,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    per=Per.REGISTERED_NURSE,
    counts=Counted.ROOMS,
    notes=(Note.ANOTHER_PERSON_SCRUBS,),
)
LABOR_ACTIVE = Ratio(
    key="us-ca-labor-active",
    jurisdiction="US-CA",
    unit=Unit.LABOR_ACTIVE,
    named="labor and delivery, active labor",
    at_most=2,
    citation="22 CCR 70217(a)(3)",
    effective_on=date(2004, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
ANTEPARTUM = Ratio(
    key="us-ca-antepartum",
    jurisdiction="US-CA",
    unit=Unit.ANTEPARTUM,
    named="antepartum, not in active labor",
    at_most=4,
    citation="22 CCR 70217(a)(3)",
    effective_on=date(2004, 1, 1),
    source=CONNECTICUT,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
COUPLETS = Ratio(
    key="us-ca-couplets",
    jurisdiction="US-CA",
    unit=Unit.POSTPARTUM_COUPLETS,
    named="postpartum couplets",
    at_most=4,
    citation="22 CCR 70217(a)(4)",
    effective_on=date(2004, 1, 1),
    source=CONNECTICUT,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    counts=Counted.COUPLETS,
)
COUPLETS_PERSONS = Ratio(
    key="us-ca-couplets-persons",
    jurisdiction="US-CA",
    unit=Unit.POSTPARTUM_COUPLETS,
    named="postpartum couplets, mothers and infants together",
    at_most=8,
    citation="22 CCR 70217(a)(4)",
    effective_on=date(2004, 1, 1),
    source=None,
    confidence=Confidence.MEMORY,
    dates=Confidence.MEMORY,
    counts=Counted.MOTHERS_AND_BABIES,
)
POSTPARTUM_MOTHERS = Ratio(
    key="us-ca-postpartum-mothers",
    jurisdiction="US-CA",
    unit=Unit.POSTPARTUM_MOTHERS,
    named="postpartum mothers only",
    at_most=6,
    citation="22 CCR 70217(a)(4)",
    effective_on=date(2004, 1, 1),
    source=CONNECTICUT,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
LABOR_DELIVERY_POSTPARTUM = Ratio(
    key="us-ca-labor-delivery-postpartum",
    jurisdiction="US-CA",
    unit=Unit.LABOR_DELIVERY_POSTPARTUM,
    named="combined labor/delivery/postpartum",
    at_most=3,
    citation="22 CCR 70217(a)(5)",
    effective_on=date(2004, 1, 1),
    source=None,
    confidence=Confidence.MEMORY,
    dates=Confidence.MEMORY,
    counts=Counted.MOTHERS_AND_BABIES,
)
PEDIATRIC = Ratio(
    key="us-ca-pediatric",
    jurisdiction="US-CA",
    unit=Unit.PEDIATRIC,
    named="pediatrics",
    at_most=4,
    citation="22 CCR 70217(a)(6)",
    effective_on=date(2004, 1, 1),
    source=CONNECTICUT,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
POST_ANESTHESIA = Ratio(
    key="us-ca-post-anesthesia",
    jurisdiction="US-CA",
    unit=Unit.POST_ANESTHESIA,
    named="post-anesthesia",
    at_most=2,
    citation="22 CCR 70217(a)(7)",
    effective_on=date(2004, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
EMERGENCY = Ratio(
    key="us-ca-emergency",
    jurisdiction="US-CA",
    unit=Unit.EMERGENCY,
    named="emergency department, under treatment",
    at_most=4,
    citation="22 CCR 70217(a)(8)",
    effective_on=date(2004, 1, 1),
    source=CONNECTICUT,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    notes=(Note.TWO_NURSES_WHEN_ANY_PATIENT,),
)
EMERGENCY_CRITICAL = Ratio(
    key="us-ca-emergency-critical",
    jurisdiction="US-CA",
    unit=Unit.EMERGENCY_CRITICAL,
    named="emergency department, critical care patients",
    at_most=2,
    citation="22 CCR 70217(a)(8)",
    effective_on=date(2004, 1, 1),
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    dates=Confidence.READ,
    notes=(Note.TWO_NURSES_WHEN_ANY_PATIENT,),
)
EMERGENCY_TRAUMA = Ratio(
    key="us-ca-emergency-trauma",
    jurisdiction="US-CA",
    unit=Unit.EMERGENCY_TRAUMA,
    named="emergency department, critical trauma",
    at_most=1,
    citation="22 CCR 70217(a)(8)",
    effective_on=date(2004, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    notes=(Note.REGISTERED_NURSES_ONLY, Note.TWO_NURSES_WHEN_ANY_PATIENT),
)
STEP_DOWN_2004 = Ratio(
    key="us-ca-step-down-2004",
    jurisdiction="US-CA",
    unit=Unit.STEP_DOWN,
    named="step-down",
    at_most=4,
    citation="22 CCR 70217(a)(9)",
    effective_on=date(2004, 1, 1),
    superseded_on=date(2008, 1, 1),
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
STEP_DOWN_2008 = Ratio(
    key="us-ca-step-down-2008",
    jurisdiction="US-CA",
    unit=Unit.STEP_DOWN,
    named="step-down",
    at_most=3,
    citation="22 CCR 70217(a)(9)",
    effective_on=date(2008, 1, 1),
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
TELEMETRY_2004 = Ratio(
    key="us-ca-telemetry-2004",
    jurisdiction="US-CA",
    unit=Unit.TELEMETRY,
    named="telemetry",
    at_most=5,
    citation="22 CCR 70217(a)(10)",
    effective_on=date(2004, 1, 1),
    superseded_on=date(2008, 1, 1),
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
TELEMETRY_2008 = Ratio(
    key="us-ca-telemetry-2008",
    jurisdiction="US-CA",
    unit=Unit.TELEMETRY,
    named="telemetry",
    at_most=4,
    citation="22 CCR 70217(a)(10)",
    effective_on=date(2008, 1, 1),
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
MEDICAL_SURGICAL_2004 = Ratio(
    key="us-ca-medical-surgical-2004",
    jurisdiction="US-CA",
    unit=Unit.MEDICAL_SURGICAL,
    named="medical/surgical",
    at_most=6,
    citation="22 CCR 70217(a)(11)",
    effective_on=date(2004, 1, 1),
    superseded_on=date(2005, 1, 1),
    source=AFL_08_07,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
MEDICAL_SURGICAL_2005 = Ratio(
    key="us-ca-medical-surgical-2005",
    jurisdiction="US-CA",
    unit=Unit.MEDICAL_SURGICAL,
    named="medical/surgical",
    at_most=5,
    citation="22 CCR 70217(a)(11)",
    effective_on=date(2005, 1, 1),
    source=AFL_08_07,
    confidence=Confidence.READ,
    dates=Confidence.READ,
)
SPECIALTY_2004 = Ratio(
    key="us-ca-specialty-2004",
    jurisdiction="US-CA",
    unit=Unit.SPECIALTY,
    named="specialty care (e.g. oncology)",
    at_most=5,
    citation="22 CCR 70217(a)(12)",
    effective_on=date(2004, 1, 1),
    superseded_on=date(2008, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
SPECIALTY_2008 = Ratio(
    key="us-ca-specialty-2008",
    jurisdiction="US-CA",
    unit=Unit.SPECIALTY,
    named="specialty care (e.g. oncology)",
    at_most=4,
    citation="22 CCR 70217(a)(12)",
    effective_on=date(2008, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
)
PSYCHIATRIC = Ratio(
    key="us-ca-psychiatric",
    jurisdiction="US-CA",
    unit=Unit.PSYCHIATRIC,
    named="psychiatric",
    at_most=6,
    citation="22 CCR 70217(a)(13)",
    effective_on=date(2004, 1, 1),
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.SUMMARY,
    technicians_count=True,
)
WELL_BABY_NURSERY = Ratio(
    key="us-ca-well-baby-nursery",
    jurisdiction="US-CA",
    unit=Unit.WELL_BABY_NURSERY,
    named="well-baby nursery",
    at_most=8,
    citation="other section of Title 22",
    effective_on=None,
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.MEMORY,
)
CONTINUING_CARE_NURSERY = Ratio(
    key="us-ca-continuing-care-nursery",
    jurisdiction="US-CA",
    unit=Unit.CONTINUING_CARE_NURSERY,
    named="intermediate/continuing care nursery",
    at_most=4,
    citation="other section of Title 22",
    effective_on=None,
    source=SEIU_121,
    confidence=Confidence.SUMMARY,
    dates=Confidence.MEMORY,
)

RATIOS = (
    CRITICAL_CARE,
    OPERATING_ROOM,
    LABOR_ACTIVE,
    ANTEPARTUM,
    COUPLETS,
    COUPLETS_PERSONS,
    POSTPARTUM_MOTHERS,
    LABOR_DELIVERY_POSTPARTUM,
    PEDIATRIC,
    POST_ANESTHESIA,
    EMERGENCY,
    EMERGENCY_CRITICAL,
    EMERGENCY_TRAUMA,
    STEP_DOWN_2004,
    STEP_DOWN_2008,
    TELEMETRY_2004,
    TELEMETRY_2008,
    MEDICAL_SURGICAL_2004,
    MEDICAL_SURGICAL_2005,
    SPECIALTY_2004,
    SPECIALTY_2008,
    PSYCHIATRIC,
    WELL_BABY_NURSERY,
    CONTINUING_CARE_NURSERY,
)

NO_AVERAGING = Provision(
    key="ca-all-times",
    jurisdiction="US-CA",
    topic=Topic.NO_AVERAGING,
    citation="22 CCR 70217(a)",
    source="https://legalclarity.org/title-22-california-nursing-ratios-legal-requirements",
    confidence=Confidence.SUMMARY,
    effective_on=date(2004, 1, 1),
)
# Administrators, supervisors, managers and charge nurses count only while they give direct care.
WHO_COUNTS = Provision(
    key="ca-charge",
    jurisdiction="US-CA",
    topic=Topic.WHO_COUNTS,
    citation="22 CCR 70217(a)",
    source=SEIU_121,
    confidence=Confidence.READ,
    effective_on=date(2004, 1, 1),
)
TRIAGE_NOT_COUNTED = Provision(
    key="ca-triage",
    jurisdiction="US-CA",
    topic=Topic.TRIAGE_NOT_COUNTED,
    citation="22 CCR 70217(a)(8)",
    source=NURSES_UNITED_26,
    confidence=Confidence.READ,
    effective_on=date(2004, 1, 1),
)
# Whoever relieves must have shown competence on the unit; who is relieved is not counted meanwhile.
RELIEF_AT_BREAKS = Provision(
    key="ca-breaks",
    jurisdiction="US-CA",
    topic=Topic.RELIEF_AT_BREAKS,
    citation="22 CCR 70217(a)",
    source=None,
    confidence=Confidence.MEMORY,
    effective_on=date(2004, 1, 1),
)
VOCATIONAL_SHARE = Provision(
    key="ca-lvn",
    jurisdiction="US-CA",
    topic=Topic.VOCATIONAL_SHARE,
    citation="22 CCR 70217(a)",
    source="https://legalclarity.org/what-are-the-lvn-to-patient-ratios-in-california",
    confidence=Confidence.SUMMARY,
    effective_on=date(2004, 1, 1),
)
# The limits are a minimum: a documented system must add staff for severity of illness.
ACUITY = Provision(
    key="ca-pcs",
    jurisdiction="US-CA",
    topic=Topic.ACUITY,
    citation="Health and Safety Code 1276.4(b)",
    source="https://codes.findlaw.com/ca/health-and-safety-code/hsc-sect-1276-4/",
    confidence=Confidence.READ,
)
# $15,000, from the second on $30,000; after three years the next is a first one again.
PENALTY = Provision(
    key="ca-penalty",
    jurisdiction="US-CA",
    topic=Topic.PENALTY,
    citation="Health and Safety Code 1280.3; SB 596 (ch. 773, 2025)",
    source="https://www.billtrack50.com/billdetail/1841023",
    confidence=Confidence.READ,
)
UNIT_NAME = Provision(
    key="ca-name",
    jurisdiction="US-CA",
    topic=Topic.UNIT_NAME,
    citation="22 CCR 70217(a)",
    source=None,
    confidence=Confidence.MEMORY,
    effective_on=date(2004, 1, 1),
)

PROVISIONS = (
    NO_AVERAGING,
    WHO_COUNTS,
    TRIAGE_NOT_COUNTED,
    RELIEF_AT_BREAKS,
    VOCATIONAL_SHARE,
    ACUITY,
    PENALTY,
    UNIT_NAME,
)
