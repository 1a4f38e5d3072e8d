"""What a counted vote gives a committee, what it leaves unmet, and whether it was kept afterwards."""

from workrules.mandates.majority import (
    Base,
    Condition,
    Count,
    ImpossibleCount,
    ImpossibleRule,
    Rule,
    unmet_conditions,
)
from workrules.mandates.ratification import CONVENTIONS, Convention, Outcome, Reason, ratification
from workrules.mandates.standing import (
    Authority,
    Breach,
    Deed,
    Event,
    Finding,
    ImpossibleMandate,
    Mandate,
    Standing,
    State,
    standing,
)
from workrules.mandates.terms import Bound, ImpossibleTerm, Shortfall, Term, shortfalls

__all__ = [
    "CONVENTIONS",
    "Authority",
    "Base",
    "Bound",
    "Breach",
    "Condition",
    "Convention",
    "Count",
    "Deed",
    "Event",
    "Finding",
    "ImpossibleCount",
    "ImpossibleMandate",
    "ImpossibleRule",
    "ImpossibleTerm",
    "Mandate",
    "Outcome",
    "Reason",
    "Rule",
    "Shortfall",
    "Standing",
    "State",
    "Term",
    "ratification",
    "shortfalls",
    "standing",
    "unmet_conditions",
]
