"""Paper slips for members without a device: made in a teller's browser, before the list of voters is fixed.

The trap: whoever makes slips could vote with them. So their number stands on every page, and in the charter.
"""

from datetime import datetime

from django.db import transaction

from openballot.groups import named
from openfloor.audit.actions import record
from openfloor.ballots import errors, slips, statements
from openfloor.ballots.actions.board import in_ledger, locked, refuse_unsigned
from openfloor.ballots.actions.freezing import freeze_if_ready
from openfloor.ballots.charter import text_hash
from openfloor.ballots.models import Ballot, Slips, Teller


@transaction.atomic
def make_slips(teller: Teller, credentials: str, signature: str, now: datetime) -> Slips:
    """
    Take the public credentials of a teller's new slips; the codes stay with the teller.

    Raises NoTimeForSlips, TooManySlips, BadSlips, BadSignature.
    """
    ballot = _announced(teller, now)
    count = _refuse_bad_list(ballot, credentials)
    most = min(slips.MOST, ballot.entitled or 0)
    if count > most - ballot.slips:
        raise errors.TooManySlips(most=most)
    made = Slips(
        ballot=ballot,
        teller=teller,
        count=count,
        credentials=credentials,
        hash=text_hash(credentials),
        signature=signature,
    )
    statement = statements.slips(
        ballot=ballot.uuid, number=teller.member.number, count=count, credentials=made.hash
    )
    refuse_unsigned(ballot, teller.member, statement, signature)
    made.save()
    _set_number(ballot, ballot.slips + count)
    record(
        ballot.committee_id,
        "ballot_slips_made",
        {
            **in_ledger(ballot),
            "by": teller.member.number,
            "count": count,
            "list": made.hash,
            "signature": signature,
        },
        now=now,
    )
    return made


@transaction.atomic
def cancel_slips(teller: Teller, list_hash: str, signature: str, now: datetime) -> None:
    """Take a list of one's own slips back; raises NoTimeForSlips, NoSuchSlips, BadSignature."""
    ballot = _announced(teller, now)
    made = ballot.slip_lists.filter(teller=teller, hash=list_hash).first()
    if made is None:
        raise errors.NoSuchSlips
    number = teller.member.number
    statement = statements.slips_cancelled(ballot=ballot.uuid, number=number, credentials=list_hash)
    refuse_unsigned(ballot, teller.member, statement, signature)
    made.delete()
    _set_number(ballot, ballot.slips - made.count)
    record(
        ballot.committee_id,
        "ballot_slips_cancelled",
        {
            **in_ledger(ballot),
            "by": number,
            "count": made.count,
            "list": list_hash,
            "signature": signature,
        },
        now=now,
    )


def finish_slips(teller: Teller, now: datetime) -> bool:
    """The ballot waits for slips no longer. True when this froze it; raises NoTimeForSlips."""
    with transaction.atomic():
        ballot = _announced(teller, now)
        ballot.waits_for_slips = False
        ballot.save(update_fields=["waits_for_slips"])
    return freeze_if_ready(ballot, now)


def _announced(teller: Teller, now: datetime) -> Ballot:
    ballot = locked(teller.ballot_id)
    if ballot.state != Ballot.State.ANNOUNCED or now >= ballot.closes_at:
        raise errors.NoTimeForSlips
    return ballot


def _refuse_bad_list(ballot: Ballot, credentials: str) -> int:
    """How many there are on it, none of which stands on another list of the ballot; raises BadSlips."""
    group = named(ballot.group)
    try:
        fresh = slips.read_list(group, credentials)
    except slips.BadSlips as error:
        raise errors.BadSlips from error
    known = {key for other in ballot.slip_lists.all() for key in slips.read_list(group, other.credentials)}
    if not fresh or known & set(fresh):
        raise errors.BadSlips
    return len(fresh)


def _set_number(ballot: Ballot, number: int) -> None:
    ballot.slips = number
    ballot.save(update_fields=["slips"])
