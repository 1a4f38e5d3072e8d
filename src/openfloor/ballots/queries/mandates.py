"""Mandates: what each asks for, what was done about it, and where that leaves it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from openfloor.ballots import mandate as promised
from openfloor.ballots.models import Ballot, Mandate, MandateEvent
from openfloor.ballots.queries.overview import outcome, papers_counted, rule_of
from openfloor.workplace.models import Committee, Member
from workrules import mandates as rules
from workrules.mandates import Authority, Deed, Event, Finding, Standing


def mandates_of(committee: Committee) -> QuerySet[Mandate]:
    """The oldest promise first."""
    return Mandate.objects.filter(committee=committee).select_related("ballot", "committee")


def mandates_that_bind(committee: Committee, at: datetime) -> list[Mandate]:
    """Those that bound at a moment, as far as is known."""
    ours = mandates_of(committee).filter(decided_at__lte=at)
    return [mandate for mandate in ours if mandate.ended_at is None or mandate.ended_at > at]


def mandates_due(now: datetime) -> list[Mandate]:
    """Of all committees: those of which a deadline or an end has passed since they were looked at."""
    return list(Mandate.objects.filter(due_at__lt=now))


def asked_of(mandate: Mandate) -> promised.Asked:
    """What it binds us to, as its charter has it."""
    asked: promised.Asked = mandate.ballot.mandate_asked or {}
    return asked


def rules_of(mandate: Mandate) -> rules.Mandate:
    return promised.mandate_of(asked_of(mandate), decided_at=mandate.decided_at)


def counted_events(mandate: Mandate) -> list[MandateEvent]:
    """What counts: confirmed, neither corrected since nor only taking something back."""
    return list(_counted(mandate.events.select_related("vote", "mandate__ballot")))


def _counted(events: QuerySet[MandateEvent]) -> QuerySet[MandateEvent]:
    corrections = MandateEvent.objects.filter(corrects=OuterRef("pk"), line__isnull=False)
    return events.filter(~Exists(corrections), line__isnull=False, takes_back=False)


def is_corrected(event: MandateEvent) -> bool:
    return event.corrections.filter(line__isnull=False).exists()


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
    )
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
