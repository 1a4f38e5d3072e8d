"""
What a ballot binds the committee to, as its charter has it: measurable terms, an action, and an end.

The trap: values are exact shares, {"numerator", "denominator"}; 31 % is 31/100 and never 0.31.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from openfloor.ballots.questions import is_line
from workrules.mandates import Authority, Base, Bound, Finding, ImpossibleMandate, Mandate, Rule, Term

FIELDS = frozenset(("terms", "action", "expires_at", "changed_by"))
TERM_FIELDS = frozenset(("about", "measure", "bound", "unit", "numerator", "denominator"))
UNITS = ("percent", "number")
MEASURE = re.compile(r"[a-z][a-z_]{0,39}(\.[a-z0-9][a-z0-9-]{0,39})?")
MOMENT = "%Y-%m-%dT%H:%M:%SZ"
LONGEST_LINE = 120
MOST_TERMS = 10
LARGEST = 1_000_000  # of a numerator or a denominator
CHANGED_BY = (Authority.SAME_RULE, Authority.BALLOT)

Asked = Mapping[str, Any]  # the charter's field `mandate`
Values = Mapping[str, Sequence[Sequence[int]]]  # of an event: by measure, each a numerator and a denominator


class ImpossibleAsked(ValueError):
    """Nothing that a ballot could bind a committee to."""


def sound(asked: Asked, *, decided_at: datetime) -> dict[str, Any]:
    """The same in its one form; raises ImpossibleAsked. What it asks for is due after *decided_at*."""
    try:
        known = _sound(asked)
        mandate_of(known, decided_at=decided_at)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise ImpossibleAsked from error
    return known


def mandate_of(asked: Asked, *, decided_at: datetime) -> Mandate:
    """The mandate for `workrules.mandates.standing`; raises ImpossibleMandate."""
    return Mandate(
        decided_at=decided_at,
        terms=tuple(map(term_of, asked["terms"])),
        action_by=read_moment(asked["action"]["by"]) if asked["action"] else None,
        expires_at=read_moment(asked["expires_at"]) if asked["expires_at"] else None,
        changed_by=Authority(asked["changed_by"]),
    )


def is_due_after(asked: Asked | None, closes_at: datetime) -> bool:
    """Does nothing of it, if there is any, fall due before the vote is over?"""
    if asked is None:
        return True
    due = [asked["expires_at"], asked["action"] and asked["action"]["by"]]
    return all(read_moment(moment) > closes_at for moment in due if moment)


def term_of(term: Mapping[str, Any]) -> Term:
    return Term(
        measure=term["measure"],
        bound=Bound(term["bound"]),
        value=Fraction(term["numerator"], term["denominator"]),
    )


def numbers_of(values: Values) -> dict[str, tuple[Fraction, ...]]:
    """What an event says of each measure, as `workrules.mandates` takes it."""
    return {measure: tuple(Fraction(*pair) for pair in pairs) for measure, pairs in values.items()}


def pairs_of(numbers: Mapping[str, Sequence[Fraction]]) -> dict[str, list[list[int]]]:
    """The same as texts have it."""
    return {
        measure: [list(value.as_integer_ratio()) for value in values] for measure, values in numbers.items()
    }


def authority_of(rule: Rule, over: Rule) -> Authority:
    """What a ballot that carried under *rule* may do to a mandate that was decided under *over*."""
    is_as_strict = (
        rule.turnout_at_least >= over.turnout_at_least
        and (rule.approval_more_than or 0) >= (over.approval_more_than or 0)
        and (rule.approval_of is Base.ENTITLED or over.approval_of is Base.VOTING)
    )
    return Authority.SAME_RULE if is_as_strict else Authority.BALLOT


def reference(line: int) -> str:
    """What the rules know an event by: its line of the ledger, in the order of lines."""
    return f"{line:010}"


def shortfalls_as_texts(asked: Asked, finding: Finding) -> list[dict[str, Any]]:
    """Each term that was not met, as the charter has it, with the worst value."""
    terms = {term_of(term): dict(term) for term in asked["terms"]}
    return [
        {"term": terms[shortfall.term], "value": list(shortfall.value.as_integer_ratio())}
        for shortfall in finding.shortfalls
    ]


def read_moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def _sound(asked: Asked) -> dict[str, Any]:
    terms, action = asked["terms"], asked["action"]
    measures = {(term["measure"], term["bound"]) for term in terms}
    if set(asked) != FIELDS or len(terms) > MOST_TERMS or len(measures) != len(terms):
        raise ImpossibleMandate
    if Authority(asked["changed_by"]) not in CHANGED_BY:
        raise ImpossibleMandate
    if action is not None and not (set(action) == {"what", "by"} and is_line(action["what"], LONGEST_LINE)):
        raise ImpossibleMandate
    return {
        "terms": [_sound_term(term) for term in terms],
        "action": None if action is None else {"what": action["what"], "by": _sound_moment(action["by"])},
        "expires_at": None if asked["expires_at"] is None else _sound_moment(asked["expires_at"]),
        "changed_by": asked["changed_by"],
    }


def _sound_term(term: Mapping[str, Any]) -> dict[str, Any]:
    numbers = (term["numerator"], term["denominator"])
    is_sound = (
        set(term) == TERM_FIELDS
        and is_line(term["about"], LONGEST_LINE)
        and MEASURE.fullmatch(term["measure"]) is not None
        and term["unit"] in UNITS
        and all(type(number) is int and 0 <= number <= LARGEST for number in numbers)
        and Fraction(*numbers).as_integer_ratio() == numbers
    )
    if not is_sound:
        raise ImpossibleMandate
    term_of(term)
    return dict(term)


def _sound_moment(text: str) -> str:
    if read_moment(text).strftime(MOMENT) != text:
        raise ImpossibleMandate
    return text
