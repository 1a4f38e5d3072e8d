"""Mandates in sentences: what was decided, where it stands, and what was done about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, localize
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openfloor.audit.demands import action_in_words, moment_in_words, shortfalls_in_words, term_in_words
from openfloor.audit.words import how_broken
from openfloor.ballots.mandate import Asked
from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent
from openfloor.ballots.percents import percent
from openfloor.ballots.queries.mandates import is_by_program, unlifted_breaches

OFFER_BELOW = "offer_below"
ENDED = {
    Mandate.State.FULFILLED: ("kept", gettext_lazy("Done")),
    Mandate.State.CHANGED: ("closed", gettext_lazy("Changed by us")),
    Mandate.State.EXPIRED: ("closed", gettext_lazy("Run out")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Something on the line of dates of a mandate."""

    at: datetime
    sentence: str
    source: str = ""
    path: str = ""  # where it can be seen in the program, where the program itself wrote it down
    said: tuple[str, ...] = ()  # in what way the mandate was not kept by it
    breaches: tuple[MandateBreach, ...] = ()
    event: MandateEvent | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One mandate as pages show it; its events and breaches are prefetched."""

    mandate: Mandate
    shape: str
    word: str | Promise
    asks: list[str]
    decided: str
    lines: list[Line]
    waiting: list[MandateEvent]


def card_of(mandate: Mandate) -> Card:
    events = list(mandate.events.all())
    shape, word = state_of(mandate)
    return Card(
        mandate=mandate,
        shape=shape,
        word=word,
        asks=asked_in_lines(mandate.ballot.mandate_asked or {}, mandate.committee.zone),
        decided=_decided_in_words(mandate),
        lines=sorted(_lines(mandate, events), key=lambda line: line.at),
        waiting=[event for event in events if event.line is None],
    )


def state_of(mandate: Mandate) -> tuple[str, str | Promise]:
    """A shape and a word."""
    broken = {breach.breach for breach in mandate.breaches.all()}
    if mandate.state != Mandate.State.BINDING:
        shape, word = ENDED[Mandate.State(mandate.state)]
        return ("broken", _("%(word)s, after it was not kept") % {"word": word}) if broken else (shape, word)
    if broken == {OFFER_BELOW}:
        return "broken", _("Below the mandate")
    if broken:
        return "broken", _("Not kept")
    return ("open", _("Waiting")) if mandate.due_at else ("kept", _("Kept so far"))


def standing_of_ballots(ballots: Iterable[Ballot]) -> dict[UUID, tuple[str, str | Promise]]:
    """A shape and a word for each of these ballots that became a mandate."""
    found = Mandate.objects.filter(ballot__in=ballots).prefetch_related(unlifted_breaches())
    return {mandate.ballot_id: state_of(mandate) for mandate in found}


def _lines(mandate: Mandate, events: list[MandateEvent]) -> Iterator[Line]:
    by_event: dict[int, list[MandateBreach]] = {}
    for breach in mandate.breaches.all():
        if breach.event_id is None:
            yield Line(at=breach.at, sentence=breach_in_words(breach), breaches=(breach,))
        else:
            by_event.setdefault(breach.event_id, []).append(breach)
    corrected = {event.corrects_id for event in events if event.line is not None}
    for event in events:
        if event.line is not None:
            yield Line(
                at=event.at,
                sentence=_("Taken back: %(act)s") % {"act": event.act} if event.takes_back else event.act,
                source="" if is_by_program(event) else event.source,
                path=event.source if is_by_program(event) else "",
                said=tuple(map(breach_in_words, by_event.get(event.pk, []))),
                breaches=tuple(by_event.get(event.pk, [])),
                event=event,
                is_corrected=event.pk in corrected,
            )


def offer_in_words(breach: MandateBreach) -> str:
    """Of an offer: below the mandate of 12 September: raise over four years: 27 % where 31 % was decided."""
    decided_on = breach.mandate.decided_at.astimezone(ZoneInfo(breach.mandate.committee.zone))
    sentence = (
        _("Below the mandate of %(day)s: %(why)s. It was put to all of us afterwards.")
        if breach.vote_id
        else _("Below the mandate of %(day)s: %(why)s, no vote since.")
    )
    why = shortfalls_in_words(breach.shortfalls)
    return sentence % {"day": date_format(decided_on, _("j F Y")), "why": why}


def vote_in_words(vote: Ballot) -> str:
    """What came of a vote on a breach."""
    accept, stand = (vote.result or [[0, 0]])[0][-2:]
    figures = {"accept": localize(accept), "stand": localize(stand)}
    return _("%(accept)s accept the move, %(stand)s stand by what we decided.") % figures


def breach_in_words(breach: MandateBreach) -> str:
    return str(capfirst(how_broken(breach.breach, breach.shortfalls)))


def _decided_in_words(mandate: Mandate) -> str:
    yes, no = (mandate.ballot.result or [[0, 0]])[0][-2:]
    return ngettext(
        "%(percent)s of %(votes)s vote said yes.", "%(percent)s of %(votes)s votes said yes.", yes + no
    ) % {"percent": percent(Fraction(yes, yes + no)), "votes": localize(yes + no)}


def asked_in_lines(asked: Asked, zone: str) -> list[str]:
    """What a ballot binds us to, a sentence each."""
    return [
        *[f"{term_in_words(term)}." for term in asked["terms"]],
        *_action_in_words(asked["action"], zone),
        *_end_in_words(asked["expires_at"], zone),
        _who_may_change_it(asked["changed_by"]),
    ]


def _action_in_words(action: dict[str, Any] | None, zone: str) -> list[str]:
    return [action_in_words(action, zone)] if action else []


def _end_in_words(expires_at: str | None, zone: str) -> list[str]:
    return [_("It binds until %(when)s.") % {"when": moment_in_words(expires_at, zone)}] if expires_at else []


def _who_may_change_it(changed_by: str) -> str:
    if changed_by == "ballot":
        return _("Any later vote of all of us can change it.")
    return _("Only another vote of all of us under the same rule can change it.")
