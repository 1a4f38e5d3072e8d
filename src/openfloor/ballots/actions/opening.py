"""From frozen to open: every trustee has signed the election, two tellers the list of credentials."""

from datetime import datetime

from django.db import transaction

from openballot.archive import setup_data
from openfloor import changes
from openfloor.audit.actions import record
from openfloor.audit.queries import head as ledger_head
from openfloor.ballots import errors, statements
from openfloor.ballots.actions.board import append, frozen, in_ledger, locked, refuse_unsigned
from openfloor.ballots.charter import text_hash
from openfloor.ballots.models import Ballot, Teller, Trustee
from openfloor.ballots.queries import board_hash, fixed_roll, missing_signatures, texts_of


def sign_freeze(trustee: Trustee, signature: str, now: datetime) -> bool:
    """
    Take a trustee's signature under the election. True when it opened the ballot.

    Raises NotFrozen, TimeIsOver, KeyMadeTogether, BadSignature.
    """
    with transaction.atomic():
        ballot = frozen(trustee, now)
        if ballot.threshold is not None:
            raise errors.KeyMadeTogether
        refuse_unsigned_freeze(ballot, trustee, signature)
        Trustee.objects.filter(pk=trustee.pk).update(freeze_signature=signature)
    return open_if_due(ballot, now)


def refuse_unsigned_freeze(ballot: Ballot, trustee: Trustee, signature: str) -> None:
    """Raises BadSignature unless the trustee has signed exactly this election."""
    texts = texts_of(ballot)
    statement = statements.freeze(
        ballot=ballot.uuid,
        election_hash=board_hash(ballot),
        charter=text_hash(texts.charter),
        trustees=statements.hash_of_trustees(texts.trustees),
        number=trustee.member.number,
    )
    refuse_unsigned(ballot, trustee.member, statement, signature)


def sign_audit(teller: Teller, signature: str, now: datetime) -> bool:
    """Take a teller's signature under the credential list. True when it opened the ballot."""
    with transaction.atomic():
        ballot = frozen(teller, now)
        roll = fixed_roll(ballot)
        statement = statements.audit(
            ballot=ballot.uuid,
            election_hash=board_hash(ballot),
            credentials=text_hash(texts_of(ballot).credentials),
            roll=roll.head,
            entitled=roll.entitled,
            number=teller.member.number,
        )
        refuse_unsigned(ballot, teller.member, statement, signature)
        Teller.objects.filter(pk=teller.pk).update(audit_signature=signature)
    return open_if_due(ballot, now)


def open_if_due(ballot: Ballot, now: datetime) -> bool:
    """Open the ballot when all have signed and its time has come. True when this opened it."""
    if not _is_due(ballot, now):
        return False
    with transaction.atomic():
        ballot = locked(ballot.pk)
        if not _is_due(ballot, now):
            return False
        _open(ballot, now)
    return True


def _is_due(ballot: Ballot, now: datetime) -> bool:
    is_time = ballot.opens_not_before <= now < ballot.closes_at
    return ballot.state == Ballot.State.FROZEN and is_time and not any(missing_signatures(ballot).values())


def _open(ballot: Ballot, now: datetime) -> None:
    ballot.opened_at = now.replace(microsecond=0)
    record(
        ballot.committee_id,
        "ballot_opened",
        {**in_ledger(ballot), "election_hash": board_hash(ballot)},
        now=now,
    )
    ballot.opening_ledger_head = ledger_head(ballot.committee_id)
    texts = texts_of(ballot)
    append(ballot, "Setup", *setup_data(texts.election, texts.trustees, texts.credentials))
    ballot.state = Ballot.State.OPEN
    ballot.published_height, ballot.published_at = 0, now
    ballot.save()
    changes.tell(ballot.uuid)
