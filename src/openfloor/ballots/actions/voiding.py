"""Marking a ballot void whose board has lost what was promised: rather than forking it, and by name.

Only a server that was restored from a backup, or whose folder of secrets was lost, comes here.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.ballots import blindkey, shown
from openfloor.ballots.actions.board import in_ledger, last_event, locked
from openfloor.ballots.models import Ballot
from openfloor.ballots.queries import Loss, loss_of


def void_if_lost(ballot: Ballot, now: datetime) -> bool:
    """End a ballot of which something was lost, with its board as it is. True when this ended it."""
    return _void(ballot, loss_of, now)


def void_if_announced(ballot: Ballot, now: datetime) -> bool:
    """End a ballot that a backup has as announced: it may have opened since, and must not open twice."""
    return _void(ballot, lambda ballot: Loss.UNKNOWN if ballot.state == Ballot.State.ANNOUNCED else None, now)


def _void(ballot: Ballot, loss_in: Callable[[Ballot], Loss | None], now: datetime) -> bool:
    if loss_in(ballot) is None:
        return False
    with transaction.atomic():
        ballot = locked(ballot.pk)
        loss = loss_in(ballot)
        if loss is None:
            return False
        last = last_event(ballot)
        promised = shown.last(ballot.uuid)
        ballot.state = Ballot.State.VOID
        ballot.reason = loss.value
        ballot.published_height, ballot.published_at = last.height if last else -1, None
        ballot.save()
        record(
            ballot.committee_id,
            "ballot_void",
            {
                **in_ledger(ballot),
                "reason": loss.value,
                "board": {"height": last.height, "head": last.hash} if last else None,
                "receipts": {"height": promised.height, "head": promised.head} if promised else None,
            },
            now=now,
        )
    blindkey.erase(ballot.uuid)
    shown.erase(ballot.uuid)
    return True
