"""The charter: all that a ballot promises, under one hash that stands in the election, so in every proof."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction
from hashlib import sha256
from typing import Any

from openfloor.ballots import mandate as promised
from openfloor.workplace.memberkeys import NotCanonicalText, canonical, parse_canonical
from workrules.mandates import Base

TYPE = "openfloor/charter/1"
FIELDS = frozenset(
    (
        *("type", "committee", "ballot", "title", "text", "questions", "group", "rule", "roll"),
        *("opens_not_before", "closes_at", "trustees", "tellers", "chosen_by", "effect", "ledger_head"),
    )
)

OPTIONAL = frozenset(("slips", "practice", "threshold", "mandate"))

Question = Mapping[str, Any]  # as in questions.py
# {"kind": "give_role" or "end_role", "number", "role"}; or "give_role_to_elected", with "candidates"; or
# {"kind": "change_mandate", "ballot", "breach"}
Effect = Mapping[str, Any]
Slips = Mapping[str, Any]  # {"number", "count", "list"}: paper slips of a teller


class NotACharter(ValueError):
    """A text that is not the canonical text of a charter."""


OF = {Base.VOTING: "yes and no", Base.ENTITLED: "entitled"}


def compose(
    *,
    committee: Mapping[str, str],
    ballot: str,
    title: str,
    text: str,
    questions: Sequence[Question],
    group: str,
    turnout_at_least: Fraction,
    approval_more_than: Fraction,
    approval_of: Base = Base.VOTING,
    roll_head: str,
    roll_position: int,
    roll_tree: str,
    entitled: int,
    day: date,
    opens_not_before: datetime,
    closes_at: datetime,
    trustees: Iterable[tuple[int, str]],
    tellers: Iterable[int],
    chosen_by: int,
    effect: Effect | None,
    ledger_head: str,
    slips: Sequence[Slips] = (),
    practice: bool = False,
    threshold: int | None = None,
    mandate: Mapping[str, Any] | None = None,
) -> str:
    """
    The charter's text. *committee* has id, name and zone; *trustees* are entry numbers with public keys.

    The field `slips` stands there only when there are any, `practice` only when it is true, `threshold` only
    when so many of the trustees are enough, `mandate` only when a carried count binds us (mandate.py).

    Source: docs/specs/ballot.md, "The charter".
    """
    return canonical(
        {
            "type": TYPE,
            "committee": dict(committee),
            "ballot": ballot,
            "title": title,
            "text": text,
            "questions": [dict(question) for question in questions],
            "group": group,
            "rule": _rule(turnout_at_least, approval_more_than, approval_of),
            "roll": {
                "head": roll_head,
                "position": roll_position,
                "tree": roll_tree,
                "entitled": entitled,
                "day": day.isoformat(),
            },
            "opens_not_before": moment(opens_not_before),
            "closes_at": moment(closes_at),
            "trustees": [{"number": number, "public_key": key} for number, key in trustees],
            "tellers": list(tellers),
            "chosen_by": chosen_by,
            "effect": None if effect is None else dict(effect),
            "ledger_head": ledger_head,
            **({"slips": [dict(made) for made in slips]} if slips else {}),
            **({"practice": True} if practice else {}),
            **({} if threshold is None else {"threshold": threshold}),
            **({} if mandate is None else {"mandate": dict(mandate)}),
        }
    )


def parse(text: str) -> dict[str, Any]:
    """The charter's fields; raises NotACharter."""
    try:
        fields = parse_canonical(text)
    except NotCanonicalText as error:
        raise NotACharter("This is not a canonical text.") from error
    if not isinstance(fields, dict) or fields.get("type") != TYPE or set(fields) - OPTIONAL != FIELDS:
        raise NotACharter("This is not the text of a charter.")
    if "practice" in fields and not (fields["practice"] is True and fields["effect"] is None):
        raise NotACharter("A practice ballot decides nothing.")
    if "mandate" in fields and not _binds(fields):
        raise NotACharter("A mandate asks for something, and only of a yes-or-no ballot that is no practice.")
    if "threshold" in fields and not _is_threshold(fields["threshold"], fields["trustees"]):
        raise NotACharter("A threshold is at least 2, and at most the number of trustees.")
    return fields


def _binds(fields: Mapping[str, Any]) -> bool:
    try:
        asked = promised.sound(fields["mandate"], decided_at=promised.read_moment(fields["closes_at"]))
    except ValueError:
        return False
    return asked == fields["mandate"] and is_yes_or_no(fields["questions"]) and "practice" not in fields


def _is_threshold(threshold: object, trustees: Sequence[object]) -> bool:
    return type(threshold) is int and 2 <= threshold <= len(trustees)


def text_hash(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def description(title: str, charter_text: str) -> str:
    """The election's description: this is how Belenios' fingerprint covers the charter."""
    return f"{title}\nopenfloor charter sha256:{text_hash(charter_text)}"


def is_yes_or_no(questions: Sequence[Question]) -> bool:
    """Does approval apply: has the first question two answers, one to choose, the first meaning yes?"""
    return bool(questions) and len(questions[0]["answers"]) == 2 and questions[0].get("max") == 1


def moment(at: datetime) -> str:
    """A moment as texts have it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _rule(turnout_at_least: Fraction, approval_more_than: Fraction, approval_of: Base) -> dict[str, Any]:
    return {
        "turnout_at_least": {
            **_share(turnout_at_least),
            "of": "entitled",
            "counts": "every accepted paper, blank ones too",
        },
        "approval_more_than": {**_share(approval_more_than), "of": OF[approval_of]},
        "tie": "not carried",
    }


def _share(share: Fraction) -> dict[str, int]:
    return {"numerator": share.numerator, "denominator": share.denominator}
