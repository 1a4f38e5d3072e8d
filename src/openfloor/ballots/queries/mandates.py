"""Mandates: what each asks for, what was done about it, and where that leaves it."""

from collections.abc import Iterable
from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from openfloor.ballots import errors, permissions
from openfloor.ballots import mandate as promised
from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent, PublicMandates
from openfloor.ballots.queries.overview import outcome, papers_counted, rule_of
from openfloor.workplace.models import Committee, Member
from workrules import mandates as rules
from workrules.mandates import Authority, Deed, Event, Finding, Standing

HEAVY = (
    "charter",
    "election",
    "trustees_text",
    "credentials",
)  # megabytes that no page of these shows

FEWEST_CALLS = 3
MOST_CALLS = 50
GIVEN_UP = (Ballot.State.WITHDRAWN, Ballot.State.UNCOUNTABLE, Ballot.State.VOID)


def mandates_of(committee: Committee) -> QuerySet[Mandate]:
    """The oldest promise first."""
    ours = Mandate.objects.filter(committee=committee).select_related("ballot", "committee")
    return ours.defer(*_heavy_of("ballot"))


def mandate_at(member: Member, uuid: str) -> Mandate:
    """The mandate of a ballot, for a member; raises NoSuchMandate."""
    found = mandates_of(member.committee).filter(ballot__uuid=uuid).first()
    if found is None or not permissions.is_on_the_roll(member):
        raise errors.NoSuchMandate
    return found


def event_at(member: Member, pk: int) -> MandateEvent:
    """Something told about a mandate, for a member; raises NoSuchMandate."""
    events = MandateEvent.objects.select_related("mandate__ballot", "mandate__committee", "corrects")
    found = events.filter(mandate__committee=member.committee_id, pk=pk).first() if pk < 2**63 else None
    if found is None or not permissions.is_on_the_roll(member):
        raise errors.NoSuchMandate
    return found


def with_their_story(mandates: Iterable[Mandate]) -> list[Mandate]:
    """The same with all that was told about them, in as many queries for one as for a page of them."""
    found = list(mandates)
    told = MandateEvent.objects.select_related("vote", "entered_by").order_by("at", "pk")
    told = told.defer(*_heavy_of("vote"))
    prefetch_related_objects(found, Prefetch("events", told), unlifted_breaches())
    return found


def unlifted_breaches() -> "Prefetch[Any]":
    """Those that hold, for `breaches.all()` of a mandate."""
    breaches = MandateBreach.objects.filter(lifted_line=None).select_related("vote")
    return Prefetch("breaches", breaches.defer(*_heavy_of("vote")))


def committee_that_shows(committee_id: UUID) -> Committee:
    """A committee whose mandates everybody may see; raises NoSuchMandate."""
    found = Committee.objects.filter(pk=committee_id, public_mandates__isnull=False).first()
    if found is None:
        raise errors.NoSuchMandate
    return found


def calls_needed(entitled: int) -> int:
    """How many members put a breach to a vote: fifty, or a tenth of the roll where fewer; at least three."""
    return max(FEWEST_CALLS, min(MOST_CALLS, ceil(entitled / 10)))


def is_put_to_vote(breach: MandateBreach) -> bool:
    """Is there a vote on it, that was not given up?"""
    return breach.vote is not None and breach.vote.state not in GIVEN_UP


def breach_at(member: Member, pk: int) -> MandateBreach:
    """A breach of a mandate, for a member; raises NoSuchMandate."""
    breaches = MandateBreach.objects.select_related("mandate__ballot", "mandate__committee", "event", "vote")
    found = breaches.filter(mandate__committee=member.committee_id, pk=pk).first() if pk < 2**63 else None
    if found is None or not permissions.is_on_the_roll(member):
        raise errors.NoSuchMandate
    return found


def head_of_board(ballot: Ballot) -> str:
    """The hash of the count on a ballot's board: what the ledger names as the proof."""
    return str(ballot.board.order_by("height").values_list("hash", flat=True).last())


def are_public(committee: Committee) -> bool:
    return PublicMandates.objects.filter(committee=committee).exists()


def mandates_that_bind(committee: Committee, at: datetime) -> list[Mandate]:
    """Those that bound at a moment, as far as is known."""
    ours = mandates_of(committee).filter(decided_at__lte=at)
    return [mandate for mandate in ours if mandate.ended_at is None or mandate.ended_at > at]


def mandates_due(now: datetime) -> list[Mandate]:
    """Of all committees: those of which a deadline or an end has passed since they were looked at."""
    return list(Mandate.objects.filter(due_at__lt=now))


def breaches_of_offers(references: Iterable[str]) -> dict[str, list[MandateBreach]]:
    """The breaches, lifted ones left out, that offers of the table are, by what the table knows them by."""
    found: dict[str, list[MandateBreach]] = {}
    breaches = MandateBreach.objects.filter(event__reference__in=list(references), lifted_line=None)
    breaches = breaches.select_related("event", "mandate__ballot", "mandate__committee")
    for breach in breaches.defer(*_heavy_of("mandate__ballot")):
        found.setdefault(str(breach.event and breach.event.reference), []).append(breach)
    return found


def breaches_since(committee: Committee, since: datetime) -> list[MandateBreach]:
    """Those that no correction undid."""
    found = MandateBreach.objects.filter(mandate__committee=committee, at__gte=since, lifted_line=None)
    return list(found.select_related("mandate__ballot").defer(*_heavy_of("mandate__ballot")))


def mandates_ahead(committee: Committee) -> list[tuple[Mandate, datetime | None, datetime | None]]:
    """Those that bind and have a deadline or an end before them, with both."""
    waiting = mandates_of(committee).filter(due_at__isnull=False)
    return [(each, rules_of(each).action_by, rules_of(each).expires_at) for each in waiting]


def events_waiting_for(member: Member) -> list[MandateEvent]:
    """What others told and nobody has confirmed, of mandates that bind."""
    told = MandateEvent.objects.filter(mandate__committee=member.committee_id, line=None)
    told = told.filter(mandate__state=Mandate.State.BINDING).exclude(entered_by=member)
    return list(told.select_related("mandate__ballot").defer(*_heavy_of("mandate__ballot")))


def votes_called_for(member: Member) -> list[MandateBreach]:
    """Breaches on which members call for a vote that there is not yet, and this one has not called."""
    called = MandateBreach.objects.filter(
        mandate__committee=member.committee_id,
        mandate__state=Mandate.State.BINDING,
        lifted_line=None,
        calls__isnull=False,
    ).filter(Q(vote=None) | Q(vote__state__in=GIVEN_UP))
    called = called.exclude(calls__member=member)
    called = called.select_related("mandate__ballot").defer(*_heavy_of("mandate__ballot"))
    return list(called.distinct())


def asked_of(mandate: Mandate) -> promised.Asked:
    """What it binds us to, as its charter has it."""
    asked: promised.Asked = mandate.ballot.mandate_asked or {}
    return asked


def rules_of(mandate: Mandate) -> rules.Mandate:
    return promised.mandate_of(asked_of(mandate), decided_at=mandate.decided_at)


def counted_events(mandate: Mandate) -> list[MandateEvent]:
    """What counts: confirmed, neither corrected since nor only taking something back."""
    events = mandate.events.select_related("vote", "mandate__ballot")
    return list(_counted(events.defer(*_heavy_of("vote"), *_heavy_of("mandate__ballot"))))


def _counted(events: QuerySet[MandateEvent]) -> QuerySet[MandateEvent]:
    corrections = MandateEvent.objects.filter(corrects=OuterRef("pk"), line__isnull=False)
    return events.filter(~Exists(corrections), line__isnull=False, takes_back=False)


def is_corrected(event: MandateEvent) -> bool:
    return event.corrections.filter(line__isnull=False).exists()


def is_by_program(event: MandateEvent) -> bool:
    """An offer at the table, or a count: it is corrected there, and its source is a page of ours."""
    return event.entered_by_id is None or event.reference is not None


def by_waiting(member: Member) -> QuerySet[MandateEvent]:
    """What a member entered and nobody has confirmed."""
    return MandateEvent.objects.filter(entered_by=member, line=None)


def standing_of(mandate: Mandate, events: Iterable[MandateEvent], now: datetime) -> Standing:
    return rules.standing(rules_of(mandate), map(_as_rule_sees_it, events), now=now)


def reference_of(event: MandateEvent) -> str:
    """Its line of the ledger, so that an export is judged in the same order."""
    return promised.reference(event.line or 0)


def authority_behind(event: MandateEvent) -> Authority:
    """What the vote behind an event, if there was one, may do to its mandate."""
    if event.vote is None:
        return Authority.NOBODY
    return promised.authority_of(rule_of(event.vote), rule_of(event.mandate.ballot))


def votes_since(mandate: Mandate) -> list[Ballot]:
    """The ballots of the same members that carried after the one that decided it, the latest first."""
    counted = Ballot.objects.filter(
        committee=mandate.committee_id,
        practice=False,
        state=Ballot.State.COUNTED,
        closes_at__gt=mandate.decided_at,
    ).defer(*HEAVY)
    papers = papers_counted(counted)
    return [vote for vote in counted if not outcome(vote, papers.get(vote.pk, 0)).unmet]


def shortfalls_in_ledger(mandate: Mandate, finding: Finding) -> list[dict[str, Any]]:
    return promised.shortfalls_as_texts(asked_of(mandate), finding)


def _as_rule_sees_it(event: MandateEvent) -> Event:
    return Event(
        at=event.at,
        reference=reference_of(event),
        deed=Deed(event.deed),
        authority=authority_behind(event),
        numbers=promised.numbers_of(event.numbers),
    )


def _heavy_of(ballot: str) -> list[str]:
    """By their paths, where *ballot* is the path to one."""
    return [f"{ballot}__{name}" for name in HEAVY]
