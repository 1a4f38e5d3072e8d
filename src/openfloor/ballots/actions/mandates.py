"""A mandate from the count on: what was decided stands in the ledger, and what is done is held against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.ballots import errors, permissions
from openfloor.ballots.actions.board import in_ledger
from openfloor.ballots.charter import moment
from openfloor.ballots.mandate import Values, mandate_of, pairs_of
from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent, PublicMandates
from openfloor.ballots.queries import board_hash, outcome, rule_of
from openfloor.ballots.queries.mandates import (
    asked_of,
    authority_behind,
    by_waiting,
    counted_events,
    head_of_board,
    is_by_program,
    is_corrected,
    mandates_that_bind,
    reference_of,
    rules_of,
    shortfalls_in_ledger,
    standing_of,
    votes_since,
)
from openfloor.ballots.questions import is_line
from openfloor.locks import lock_committee
from openfloor.workplace.models import Committee, Member
from workrules.mandates import Deed, Finding, Rule, Standing, State

LONGEST_ACT = 300
LONGEST_SOURCE = 500
MOST_WAITING = 20  # of one member


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What somebody says was done: an act, never a person, and how anyone can tell."""

    deed: Deed
    at: datetime
    act: str
    source: str
    numbers: Values = field(default_factory=dict)
    vote: Ballot | None = None  # of the members, that allowed it
    corrects: MandateEvent | None = None
    takes_back: bool = False


def bind(ballot: Ballot, now: datetime) -> Mandate | None:
    """
    Write what a carried ballot binds us to into the ledger, with the head of its board as the proof.

    Inside the transaction of the count; None where the ballot binds nobody.
    """
    if ballot.mandate_asked is None:
        return None
    decided = outcome(ballot)
    yes, no = decided.counts[0][-2:]
    entry = record(
        ballot.committee_id,
        "mandate_decided",
        {
            **in_ledger(ballot),
            "mandate": ballot.mandate_asked,
            "zone": ballot.committee.zone,
            "rule": _rule_in_ledger(rule_of(ballot)),
            "decided_at": moment(ballot.closes_at),
            "election_hash": board_hash(ballot),
            "head": head_of_board(ballot),
            "yes": yes,
            "no": no,
            "papers": decided.papers,
        },
        now=now,
    )
    asked = mandate_of(ballot.mandate_asked, decided_at=ballot.closes_at)
    return Mandate.objects.create(
        ballot=ballot,
        committee=ballot.committee,
        decided_at=ballot.closes_at,
        line=entry.number,
        due_at=asked.action_by or asked.expires_at,
    )


@transaction.atomic
def enter_event(mandate: Mandate, by: Member, happened: Happened, now: datetime) -> MandateEvent:
    """
    Say that something was done. It waits for another member's word, and counts for nothing until then.

    Raises NotYours, BadEvent, NotYetHappened, BeforeTheMandate, NoVoteBehindIt, CorrectedAlready,
    TooManyWaiting.
    """
    if not permissions.may_tell(by, mandate):
        raise errors.NotYours
    lock_committee(mandate.committee_id)
    _refuse_bad_event(mandate, happened, now)
    if by_waiting(by).count() >= MOST_WAITING:
        raise errors.TooManyWaiting(most=MOST_WAITING)
    return MandateEvent.objects.create(
        **_row_of(mandate, happened), entered_by=by, entered_at=now.replace(microsecond=0)
    )


@transaction.atomic
def confirm_event(event: MandateEvent, by: Member, now: datetime) -> MandateEvent:
    """
    Give the second word: it stands in the ledger, and where the mandate stands follows from it.

    Raises NotYours, OwnEvent, ConfirmedAlready, CorrectedAlready.
    """
    if not permissions.may_tell(by, event.mandate):
        raise errors.NotYours
    lock_committee(event.mandate.committee_id)
    event = MandateEvent.objects.select_related("mandate__ballot__committee", "entered_by").get(pk=event.pk)
    if event.line is not None:
        raise errors.ConfirmedAlready
    if event.entered_by == by:
        raise errors.OwnEvent
    if event.corrects and is_corrected(event.corrects):
        raise errors.CorrectedAlready
    event.confirmed_by = by
    _write_event(event, now)
    settle(event.mandate, now)
    return event


@transaction.atomic
def drop_event(event: MandateEvent, by: Member) -> None:
    """
    Take back what one entered oneself, while nobody has confirmed it.

    Raises NotYours, ConfirmedAlready.
    """
    if event.entered_by_id != by.pk:
        raise errors.NotYours
    lock_committee(event.mandate.committee_id)
    deleted, _ = MandateEvent.objects.filter(pk=event.pk, line=None).delete()
    if not deleted:
        raise errors.ConfirmedAlready


@transaction.atomic
def record_offer(
    committee: Committee,
    numbers: Mapping[str, Sequence[Fraction]],
    *,
    reference: str,
    by: Member,
    instead_of: str | None = None,
    at: datetime,
    act: str,
    source: str,
    now: datetime,
) -> list[MandateBreach]:
    """
    Hold an offer that our side put forward against every mandate that binds and has one of its measures.

    *reference* is what the caller knows the offer by, at most 80 characters; the same one is taken once a
    mandate. *instead_of* is that of an offer that was written down wrongly: this one takes its place, or
    takes it back where it says nothing of what the mandate asks. Where the wrong one is a breach, it waits
    for another member's word, as if *by* had told it. Returns the breaches that this offer is.
    """
    lock_committee(committee.pk)
    found: list[MandateBreach] = []
    binding, wrong_offers = mandates_that_bind(committee, at), _offers_that_count(committee, instead_of)
    for mandate in {each.pk: each for each in (*wrong_offers, *binding)}.values():
        measures = {term["measure"] for term in asked_of(mandate)["terms"] if mandate in binding}
        said = {measure: values for measure, values in numbers.items() if measure in measures}
        wrong = wrong_offers.get(mandate)
        if (said or wrong) and not mandate.events.filter(reference=reference).exists():
            happened = Happened(
                deed=Deed.OFFERED,
                at=at,
                act=act,
                source=source,
                numbers=pairs_of(said),
                corrects=wrong,
                takes_back=not said,
            )
            event = MandateEvent(
                **_row_of(mandate, happened), reference=reference, entered_at=now.replace(microsecond=0)
            )
            if wrong is not None and wrong.breaches.filter(lifted_line=None).exists():
                event.entered_by = by
                event.save()
            else:
                _write_event(event, now)
                settle(mandate, now)
                found += event.breaches.all()
    return found


def _offers_that_count(committee: Committee, reference: str | None) -> dict[Mandate, MandateEvent]:
    """What the table said by *reference*, by mandate, unless somebody corrected it since."""
    offers = MandateEvent.objects.filter(mandate__committee=committee, reference=reference)
    offers = offers.select_related("mandate__ballot__committee", "mandate__committee")
    return {offer.mandate: offer for offer in offers if reference and not is_corrected(offer)}


def record_change(mandate: Mandate, vote: Ballot, now: datetime) -> None:
    """A vote of the members put something else in its place. Inside the transaction of the count."""
    happened = Happened(
        deed=Deed.CHANGED,
        at=vote.closes_at,
        act=vote.title,
        source=f"/board/{vote.uuid}/",
        vote=vote,
    )
    event = MandateEvent(**_row_of(mandate, happened), entered_at=now.replace(microsecond=0))
    _write_event(event, now)
    settle(mandate, now)


@transaction.atomic
def show_mandates(by: Member, *, to_everybody: bool, now: datetime) -> None:
    """Let everybody see the committee's mandates, or its members alone. Raises NotYours."""
    if not permissions.may_call(by):
        raise errors.NotYours
    lock_committee(by.committee_id)
    shown = PublicMandates.objects.filter(committee=by.committee_id)
    if shown.exists() is to_everybody:
        return
    if to_everybody:
        PublicMandates.objects.create(committee=by.committee)
    else:
        shown.delete()
    to = "everybody" if to_everybody else "members"
    record(by.committee_id, "mandates_shown", {"by": by.number, "to": to}, now=now)


@transaction.atomic
def settle(mandate: Mandate, now: datetime) -> Standing:
    """
    Work out where a mandate stands, and write into the ledger what has changed: each breach once.

    The clock calls it when something falls due. A breach that a correction undid is lifted, by a line.
    """
    lock_committee(mandate.committee_id)
    mandate = Mandate.objects.select_related("ballot__committee").get(pk=mandate.pk)
    events = {reference_of(event): event for event in counted_events(mandate)}
    known, found = rules_of(mandate), standing_of(mandate, events.values(), now)
    _lift_what_is_undone(mandate, found, now)
    told = {(breach.breach, breach.event_id) for breach in mandate.breaches.filter(lifted_line=None)}
    for finding in found.breaches:
        event = events.get(finding.reference or "")
        if (finding.breach.value, event and event.pk) not in told:
            _write_breach(mandate, finding, event, now)
    if (mandate.state, mandate.ended_at) != (found.state.value, found.ended_at):
        _write_end(mandate, found, events.get(found.ended_by or ""), now)
    ahead = [moment for moment in (known.action_by, known.expires_at) if moment and moment >= now]
    mandate.state, mandate.ended_at = found.state.value, found.ended_at
    mandate.due_at = min(ahead) if ahead and found.state is State.BINDING else None
    mandate.save()
    return found


def _rule_in_ledger(rule: Rule) -> dict[str, Any]:
    approval = rule.approval_more_than
    return {
        "turnout_at_least": list(rule.turnout_at_least.as_integer_ratio()),
        "approval_more_than": None if approval is None else list(approval.as_integer_ratio()),
        "approval_of": rule.approval_of.value,
    }


def _refuse_bad_event(mandate: Mandate, happened: Happened, now: datetime) -> None:
    are_lines = is_line(happened.act, LONGEST_ACT) and is_line(happened.source, LONGEST_SOURCE)
    corrected = happened.corrects
    is_ours = corrected is None or (corrected.mandate_id == mandate.pk and corrected.line is not None)
    if not are_lines or not is_ours or (happened.takes_back and corrected is None):
        raise errors.BadEvent
    if not set(happened.numbers) <= {term["measure"] for term in asked_of(mandate)["terms"]}:
        raise errors.BadEvent
    if happened.at > now:
        raise errors.NotYetHappened
    if happened.at < mandate.decided_at:
        raise errors.BeforeTheMandate
    vote = happened.vote
    if vote is not None and (vote not in votes_since(mandate) or vote.closes_at > happened.at):
        raise errors.NoVoteBehindIt
    if corrected is not None and is_corrected(corrected):
        raise errors.CorrectedAlready
    if corrected is not None and is_by_program(corrected):
        raise errors.BadEvent


def _row_of(mandate: Mandate, happened: Happened) -> dict[str, Any]:
    return {
        "mandate": mandate,
        "deed": happened.deed.value,
        "at": happened.at.replace(microsecond=0),
        "act": happened.act,
        "source": happened.source,
        "numbers": dict(happened.numbers),
        "vote": happened.vote,
        "corrects": happened.corrects,
        "takes_back": happened.takes_back,
    }


def _write_event(event: MandateEvent, now: datetime) -> None:
    entry = record(
        event.mandate.committee_id,
        "mandate_event",
        {
            **in_ledger(event.mandate.ballot),
            "deed": event.deed,
            "at": moment(event.at),
            "zone": event.mandate.committee.zone,
            "act": event.act,
            "source": event.source,
            "numbers": event.numbers,
            "authority": authority_behind(event).value,
            "vote": None if event.vote is None else event.vote.uuid,
            "by": [member.number for member in (event.entered_by, event.confirmed_by) if member],
            "corrects": None if event.corrects is None else event.corrects.line,
            "takes_back": event.takes_back,
        },
        now=now,
    )
    event.line = entry.number
    event.save()


def _write_breach(mandate: Mandate, finding: Finding, event: MandateEvent | None, now: datetime) -> None:
    shortfalls = shortfalls_in_ledger(mandate, finding)
    entry = record(
        mandate.committee_id,
        "mandate_breached",
        {
            **in_ledger(mandate.ballot),
            "breach": finding.breach.value,
            "at": moment(finding.at),
            "event": None if event is None else event.line,
            "shortfalls": shortfalls,
        },
        now=now,
    )
    MandateBreach.objects.create(
        mandate=mandate,
        breach=finding.breach.value,
        event=event,
        at=finding.at,
        shortfalls=shortfalls,
        line=entry.number,
    )


def _lift_what_is_undone(mandate: Mandate, found: Standing, now: datetime) -> None:
    still = {(finding.breach.value, finding.reference) for finding in found.breaches}
    for breach in mandate.breaches.filter(lifted_line=None).select_related("event"):
        reference = None if breach.event is None else reference_of(breach.event)
        if (breach.breach, reference) not in still:
            payload = {**in_ledger(mandate.ballot), "breach": breach.line}
            entry = record(mandate.committee_id, "mandate_breach_lifted", payload, now=now)
            breach.lifted_line = entry.number
            breach.save()


def _write_end(mandate: Mandate, found: Standing, event: MandateEvent | None, now: datetime) -> None:
    record(
        mandate.committee_id,
        "mandate_stands",
        {
            **in_ledger(mandate.ballot),
            "state": found.state.value,
            "at": None if found.ended_at is None else moment(found.ended_at),
            "event": None if event is None else event.line,
        },
        now=now,
    )
