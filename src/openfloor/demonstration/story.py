"""The made-up hospital: its places, the invented words that people go by, and what is put to the vote."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from openfloor.ballots.charter import moment

NAME = "Harbor General committee"
ZONE = "America/Los_Angeles"
NOTE = "A made-up committee. These keys are not secret."

# Invented words, so that nobody finds their own name here.
HANDLES = (
    *("saltfern", "rainpost", "mosslight", "kitestone", "copperleaf", "tidebell"),
    *("lanternoak", "driftpine", "bluekettle", "quietmill", "sandlark", "hazelgate"),
    *("foghorn", "cedarwick", "pebblejay", "northdoor", "ambertin", "wintermint"),
    *("harborcat", "oatfield", "silverpail", "thistledown", "riverlamp", "plumcart"),
    *("gullwing", "breadstone", "larkspool", "ropewalk", "mapleknot", "stormglass"),
    *("teacrate", "juniperlow", "windowsill", "brightbolt", "seaglass", "walnutcup"),
    *("duskrail", "cloverpin", "ironberry", "papermoon", "flintpear", "buttonwood"),
    *("starlingrow", "marshlight", "gingerjar", "slatebird", "velvetoar", "cottonbay"),
    *("nightbus", "pinecrate", "orchardway", "tinwhistle", "lemonlock", "raftersky"),
    *("barleytop", "cobblefox", "milkglass", "sagelantern", "wickerdock", "turnstile"),
)

SITES: dict[str, dict[str, int]] = {  # headcounts
    "Main hospital": {"Telemetry": 118, "Emergency": 142, "Surgery": 96, "Pharmacy": 34, "Transport": 41},
    "Bayside clinic": {"Outpatient": 58, "Imaging": 22},
    "Hill Street rehabilitation": {"Therapy": 47, "Night ward": 36},
}
# Whom the roll has where, in the order of joining. Cells under ten are hidden on the page, as they should be.
UNIT_WEIGHTS = {
    "Telemetry": 15,
    "Emergency": 14,
    "Surgery": 11,
    "Pharmacy": 3,
    "Transport": 5,
    "Outpatient": 4,
    "Imaging": 2,
    "Therapy": 4,
    "Night ward": 2,
}
OCCUPATIONS = {
    "Nurse": 268,
    "Technician": 104,
    "Therapist": 51,
    "Pharmacist": 24,
    "Transporter": 63,
    "Cleaner": 84,
}
OCCUPATION_WEIGHTS = {
    "Nurse": 26,
    "Technician": 12,
    "Therapist": 5,
    "Pharmacist": 3,
    "Transporter": 10,
    "Cleaner": 4,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one made-up ballot puts to the vote: yes or no."""

    title: str
    text: str
    turnout: Fraction = Fraction(1, 2)
    approval: Fraction = Fraction(1, 2)
    group: str = "BELENIOS-2048"
    demands: tuple[dict[str, Any], ...] = ()  # what a yes binds everybody to, as charters have it
    action: str = ""
    days_to_act: int = 0  # after the close

    def mandate(self, closes: datetime) -> dict[str, Any] | None:
        if not self.demands and not self.action:
            return None
        due = moment(closes + timedelta(days=self.days_to_act))
        return {
            "terms": [dict(demand) for demand in self.demands],
            "action": {"what": self.action, "by": due} if self.action else None,
            "expires_at": None,
            "changed_by": "same_rule",
        }

    @property
    def questions(self) -> list[dict[str, Any]]:
        return [{"question": self.title, "answers": ["Yes", "No"], "min": 1, "max": 1, "blank": False}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Election(Question):
    """Candidates to rank, of whom some are elected by single transferable vote."""

    group: str = "RFC-3526-2048"
    candidates: tuple[str, ...]
    seats: int

    @property
    def questions(self) -> list[dict[str, Any]]:
        rule = {"type": "PreferentialVoting", "blank": True, "seats": self.seats, "method": "STV"}
        return [
            {
                "type": "NonHomomorphic",
                "question": self.title,
                "answers": list(self.candidates),
                "extra": rule,
            }
        ]


COUNTED = Question(
    title="Demand at least 31 percent over four years?",
    text=(
        "We demand a raise of at least 31 percent over four years, 10 of them in the first year, for every "
        "occupation and every site.\n\n"
        "Nobody who speaks for us may offer less without a new vote of all of us."
    ),
    demands=(
        {
            "about": "Raise over four years",
            "measure": "wages.total",
            "bound": "at_least",
            "unit": "percent",
            "numerator": 31,
            "denominator": 100,
        },
        {
            "about": "Of these in the first year",
            "measure": "wages.first_year",
            "bound": "at_least",
            "unit": "percent",
            "numerator": 1,
            "denominator": 10,
        },
    ),
)
ELECTED = Election(
    title="Who speaks for us at the table?",
    text=(
        "Three delegates speak for all of us until a contract is signed. They answer to the members, tell us "
        "after every session what was said, and can be recalled by a ballot at any time."
    ),
    candidates=("lanternoak", "gullwing", "sandlark", "pinecrate", "foghorn"),
    seats=3,
)
CLOSED = Question(
    title="Open every bargaining session to all of us?",
    text=(
        "Every session with the employer is open to every member who wants to come or listen in. Its minutes "
        "are shown to all of us on the same day.\n\n"
        "We agree to no rule that keeps what is offered secret from us."
    ),
)
STRIKE = Question(
    title="Authorize a strike from the day the contract ends?",
    text=(
        "If the contract ends and no offer has reached what we decided, the committee may call a strike at "
        "all three sites. It gives the notice of at least ten days that the law asks for at hospitals, and "
        "publishes a plan for the safety of patients.\n\n"
        "The strike ends only by a vote of all of us."
    ),
    approval=Fraction(2, 3),
    action="Strike from the day the contract ends",
    days_to_act=120,
)
RATIFIED = Question(
    title="Ratify the agreement of 21.5 percent over four years?",
    text=(
        "The raises are 6.5, 5, 5 and 5 percent. Added up that is {headline}; one upon the other "
        "{compounded}. Prices rose by {prices} from {since} to {until}: if they stood still from now on, pay "
        "would buy {real} than in {since} when the last raise is paid.\n\n"
        "We decided on at least 31 percent. If you vote yes, we accept less, and the strike is off. If you "
        "vote no, we go on under what we decided.\n\n"
        "Nothing is signed before this vote is counted."
    ),
)
DRAFT = Question(
    title="No more than four patients to a nurse on telemetry?",
    text=(
        "We put it into every offer: no nurse on telemetry has more than four patients at any time, "
        "breaks and meals included.\n\n"
        "When it happens all the same, the shift is reported and counted in public."
    ),
)

EMPLOYER = "Harbor General"
CONTRACT = "Nurses and technicians"
UNION = "Harbor health care local"
CLEANERS, CLEANERS_UNION = "Cleaners and transporters", "Harbor service local"
ENGINEERS, ENGINEERS_UNION = "Engineers of the building", "Engineers' association"
COVERED = ("Telemetry", "Emergency", "Surgery", "Outpatient", "Imaging", "Therapy", "Night ward")
NO_STRIKE = "There shall be no strike and no lockout while this agreement lasts."
NOTICES = (
    (90, "written notice to the employer that the contract is to be changed"),
    (60, "notice to the federal and the state mediators"),
    (10, "notice of a strike or picket, to the employer and the federal mediators"),
)
ARTICLES = (("12", "Wages"), ("14", "Staffing"), ("21", "Breaks"))
WAGES_TEXT = (
    "All base rates rise over four years by {total} percent in all, in the steps beside this text.\n\n"
    "The raises hold for every occupation and every site."
)
STAFFING_OURS = (
    "No nurse on telemetry has more than four patients at any time, breaks and meals included.\n\n"
    "When it happens all the same, the shift is reported, counted in public, and a nurse is added in an hour."
)
STAFFING_THEIRS = (
    "The hospital makes reasonable efforts that no nurse on telemetry has more than six patients, "
    "census permitting."
)
SAID_BY_OURS = {
    "how_much": "No nurse on telemetry has more than four patients",
    "measured_when": "at any time, breaks and meals included",
    "remedy": "a nurse is added in an hour",
    "evidence": "the shift is reported, counted in public",
}
NOT_SAID_BY_THEIRS = ("measured_when", "measured_by", "remedy", "evidence")
BREAKS_OURS = (
    "Everybody has thirty minutes away from the ward in every five hours, covered by somebody by name."
)
BREAKS_THEIRS = "Everybody has thirty minutes away from the ward in every six hours, where staffing allows."
BREAKS_AGREED = (
    "Everybody has thirty minutes away from the ward in every five hours. The charge nurse names who covers."
)
ROOM = "Room 7, main hospital"
GROUND_RULES = (
    "Every member may come and listen. Both sides may write down everything.\n\n"
    "Refused by us: a rule that nobody speaks of offers outside this room."
)
SESSION_OF_27, SESSION_OF_NOTICE, SESSION_NOW = "Session 6", "Session 11", "Session 13"
MINUTES_OF_27 = (
    "They asked that nobody takes notes. We said no.",
    "We put 27 percent forward. Two of us asked for a break before that; there was none.",
    "They stay at 20 and say that the number is final.",
    "Breaks: agreed, with the name of who covers.",
)
MINUTES_OF_NOTICE = (
    "We handed over the notice of a strike, from the day the contract ends. They asked for a pause; none.",
    "They had no offer with them. Next session in a week.",
)
MINUTES_NOW = (
    "They came twenty minutes late, without the figures we had asked for.",
    "They say that 21.5 over four years is above inflation. We asked: of which years?",
    "No answer on telemetry. They say it can wait until wages are signed.",
)
