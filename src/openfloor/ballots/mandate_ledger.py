"""
Mandates in an exported ledger: does every line about them follow from the lines before it?

For whoever has the file and no server. The trap: a breach that the rules find and no line tells is a finding,
too; but a deadline is told only when the server's clock next looks, so that it has a day for it.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from openfloor.audit.chain import Check, Finding
from openfloor.ballots import mandate as promised
from workrules import mandates as rules
from workrules.mandates import Authority, Deed, Event, Standing

SECOND = timedelta(seconds=1)  # lines name moments without fractions of one
PATIENCE = timedelta(days=1)


class NotAMandateLine(ValueError):
    """A payload that no honest server writes."""


@dataclass(slots=True)
class _Story:
    """What the lines so far say about one mandate."""

    asked: promised.Asked
    mandate: rules.Mandate
    events: dict[int, Event] = field(default_factory=dict)  # that count, by line
    last_words: set[int] = field(default_factory=set)  # lines that no later one corrects, take-backs too
    breaches: dict[int, dict[str, Any]] = field(default_factory=dict)  # that hold, by line

    def standing(self, now: datetime) -> Standing:
        return rules.standing(self.mandate, self.events.values(), now=now)

    def found(self, now: datetime) -> list[dict[str, Any]]:
        """What lines should tell of breaches by *now*."""
        return [
            {
                "breach": finding.breach.value,
                "at": finding.at.strftime(promised.MOMENT),
                "event": None if finding.reference is None else int(finding.reference),
                "shortfalls": promised.shortfalls_as_texts(self.asked, finding),
            }
            for finding in self.standing(now).breaches
        ]


@dataclass(frozen=True, slots=True)
class Examined:
    """How many mandates and breaches stand there, None where nothing can be said; and what is wrong."""

    mandates: int | None
    breaches: int | None
    findings: Sequence[Finding]


UNKNOWN = Examined(None, None, ())


def examine(lines: Iterable[str]) -> Examined:
    """
    Return what an export whose chain holds says about mandates, and what is wrong about it.

    Where the text of a line that this rests on was removed, nothing can be said, and nothing is.

    Source: docs/specs/ledger.md, "Mandates".
    """
    stories: dict[str, _Story] = {}
    carried: set[str] = set()
    findings: list[Finding] = []
    at = None
    for number, (kind, payload, at) in enumerate(_entries(lines)):
        if payload is None:
            if kind in (*STEPS, "ballot_counted"):
                return UNKNOWN
            continue
        if kind == "ballot_counted" and payload.get("unmet") == []:
            carried.add(str(payload.get("ballot")))
        if kind in STEPS:
            try:
                STEPS[kind](stories, carried, number, payload, at)
            except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
                findings.append(Finding(Check.MANDATE, number))
    if at is not None:
        findings += [Finding(Check.BREACH_UNTOLD, None) for _ in _untold(stories.values(), at)]
    return Examined(len(stories), sum(len(story.breaches) for story in stories.values()), findings)


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any] | None, datetime]]:
    for text in lines:
        line = json.loads(text)
        yield line["entry"]["kind"], line["payload"], promised.read_moment(line["entry"]["at"])


def _decided(
    stories: dict[str, _Story], carried: set[str], number: int, payload: dict[str, Any], at: datetime
) -> None:
    uuid, decided_at = payload["ballot"], promised.read_moment(payload["decided_at"])
    asked = promised.sound(payload["mandate"], decided_at=decided_at)
    if uuid in stories or uuid not in carried or decided_at > at:
        raise NotAMandateLine
    stories[uuid] = _Story(asked, promised.mandate_of(asked, decided_at=decided_at))


def _event(
    stories: dict[str, _Story], carried: set[str], number: int, payload: dict[str, Any], at: datetime
) -> None:
    story, authority = stories[payload["ballot"]], Authority(payload["authority"])
    happened_at = promised.read_moment(payload["at"])
    has_vote = payload["vote"] in carried
    if happened_at > at or (authority is not Authority.NOBODY) is not has_vote:
        raise NotAMandateLine
    if len(payload["by"]) not in (0, 2) or len(set(payload["by"])) != len(payload["by"]):
        raise NotAMandateLine
    if payload["corrects"] is not None:
        story.last_words.remove(payload["corrects"])
        story.events.pop(payload["corrects"], None)
    story.last_words.add(number)
    if not payload["takes_back"]:
        story.events[number] = Event(
            at=happened_at,
            reference=promised.reference(number),
            deed=Deed(payload["deed"]),
            authority=authority,
            numbers=promised.numbers_of(payload["numbers"]),
        )


def _breached(
    stories: dict[str, _Story], carried: set[str], number: int, payload: dict[str, Any], at: datetime
) -> None:
    story = stories[payload["ballot"]]
    told = _told(payload)
    if told in story.breaches.values() or told not in story.found(at + SECOND):
        raise NotAMandateLine
    story.breaches[number] = told


def _lifted(
    stories: dict[str, _Story], carried: set[str], number: int, payload: dict[str, Any], at: datetime
) -> None:
    story = stories[payload["ballot"]]
    if story.breaches.pop(payload["breach"]) in story.found(at):
        raise NotAMandateLine


def _stands(
    stories: dict[str, _Story], carried: set[str], number: int, payload: dict[str, Any], at: datetime
) -> None:
    found = stories[payload["ballot"]].standing(at + SECOND)
    ended_at = None if payload["at"] is None else promised.read_moment(payload["at"])
    ended_by = None if payload["event"] is None else promised.reference(payload["event"])
    if (found.state.value, found.ended_at, found.ended_by) != (payload["state"], ended_at, ended_by):
        raise NotAMandateLine


STEPS = {
    "mandate_decided": _decided,
    "mandate_event": _event,
    "mandate_breached": _breached,
    "mandate_breach_lifted": _lifted,
    "mandate_stands": _stands,
}


def _told(payload: dict[str, Any]) -> dict[str, Any]:
    return {name: payload[name] for name in ("breach", "at", "event", "shortfalls")}


def _untold(stories: Iterable[_Story], now: datetime) -> Iterator[dict[str, Any]]:
    for story in stories:
        for found in story.found(now):
            is_fresh = found["event"] is None and promised.read_moment(found["at"]) > now - PATIENCE
            if found not in story.breaches.values() and not is_fresh:
                yield found
