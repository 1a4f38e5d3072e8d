"""Decisions that take two signatures: a later close, and giving up a count whose key is lost."""

from datetime import date, datetime

from django.db import transaction

from openfloor import changes
from openfloor.audit.actions import record
from openfloor.ballots import errors, permissions, statements
from openfloor.ballots.actions.board import in_ledger, locked, refuse_unsigned
from openfloor.ballots.actions.drafting import refuse_bad_reason
from openfloor.ballots.charter import moment
from openfloor.ballots.mandate import is_due_after
from openfloor.ballots.models import Ballot, SignedDecision
from openfloor.ballots.queries import SIGNATURES_NEEDED, board_hash
from openfloor.workplace import queries as workplace
from openfloor.workplace.memberkeys import canonical
from openfloor.workplace.models import Member

MOST_SIGNED = 10  # by one member, for one ballot, of one kind


@transaction.atomic
def extend(ballot: Ballot, by: Member, closes_at: datetime, signature: str, now: datetime) -> bool:
    """
    Sign for a later close. True when this was the second signature and the close has moved.

    Raises NotYours, NotOpen, TimeIsOver, NotLater, PastItsMandate, BadSignature, SignedAlready,
    SignedTooOften.
    """
    ballot = locked(ballot.pk)
    if not permissions.may_extend(by, ballot):
        raise errors.NotYours
    if ballot.state not in (Ballot.State.FROZEN, Ballot.State.OPEN):
        raise errors.NotOpen
    if now >= ballot.closes_at:
        raise errors.TimeIsOver
    closes_at = closes_at.replace(microsecond=0)
    if closes_at <= ballot.closes_at:
        raise errors.NotLater
    if not is_due_after(ballot.mandate_asked, closes_at):
        raise errors.PastItsMandate
    statement = statements.extension(
        ballot=ballot.uuid, election_hash=board_hash(ballot), closes_at=moment(closes_at)
    )
    signers = _sign(ballot, SignedDecision.Kind.EXTENSION, by, statement, signature)
    if len(signers) < SIGNATURES_NEEDED:
        return False
    before, ballot.closes_at = ballot.closes_at, closes_at
    ballot.save()
    changes.tell(ballot.uuid)
    record(
        ballot.committee_id,
        "ballot_extended",
        {**in_ledger(ballot), "from": moment(before), "closes_at": moment(closes_at), "by": signers},
        now=now,
    )
    return True


@transaction.atomic
def declare_uncountable(
    ballot: Ballot, by: Member, reason: str, day: date, signature: str, now: datetime
) -> bool:
    """
    Sign that a key is lost and the ballot cannot be counted. True when this was the second signature.

    The second signs exactly what the first did, its day too. Raises NotYours, StillOpen, NotClosed,
    ReasonMissing, WrongDay, BadSignature, SignedAlready, SignedTooOften.
    """
    ballot = locked(ballot.pk)
    if not permissions.may_give_up(by, ballot):
        raise errors.NotYours
    if ballot.state in (Ballot.State.FROZEN, Ballot.State.OPEN):
        raise errors.StillOpen
    if ballot.state != Ballot.State.CLOSED:
        raise errors.NotClosed
    reason = refuse_bad_reason(reason)
    statement = statements.uncountable(
        ballot=ballot.uuid, election_hash=board_hash(ballot), reason=reason, day=day.isoformat()
    )
    is_second = ballot.decisions.filter(statement=canonical(statement)).exists()
    if not is_second and day != workplace.today(ballot.committee, now):
        raise errors.WrongDay
    signers = _sign(ballot, SignedDecision.Kind.UNCOUNTABLE, by, statement, signature)
    if len(signers) < SIGNATURES_NEEDED:
        return False
    ballot.state = Ballot.State.UNCOUNTABLE
    ballot.reason = reason
    ballot.save()
    changes.tell(ballot.uuid)
    record(
        ballot.committee_id,
        "ballot_uncountable",
        {**in_ledger(ballot), "reason": reason, "by": signers},
        now=now,
    )
    return True


def _sign(
    ballot: Ballot, kind: SignedDecision.Kind, by: Member, statement: statements.Statement, signature: str
) -> list[int]:
    """Keep one signature; return the numbers of all who have signed the same."""
    refuse_unsigned(ballot, by, statement, signature)
    text = canonical(statement)
    same = ballot.decisions.filter(kind=kind, statement=text)
    if same.filter(by=by).exists():
        raise errors.SignedAlready
    if ballot.decisions.filter(kind=kind, by=by).count() >= MOST_SIGNED:
        raise errors.SignedTooOften(most=MOST_SIGNED)
    SignedDecision.objects.create(ballot=ballot, kind=kind, by=by, statement=text, signature=signature)
    return list(same.order_by("pk").values_list("by__number", flat=True))
