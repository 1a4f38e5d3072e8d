"""What a server has lost of a ballot that is not counted yet, as after a restore from a backup.

The trap: another server's folder of secrets tells nothing. Where the committee's own board key is missing
too, the folder is not this committee's, and no ballot may end for that.
"""

from enum import StrEnum

from openfloor.ballots import blindkey, shown
from openfloor.ballots.models import Ballot
from openfloor.workplace import boardkey

MAY_BE_LOST = (Ballot.State.ANNOUNCED, Ballot.State.FROZEN, Ballot.State.OPEN, Ballot.State.CLOSED)


class Loss(StrEnum):
    """Why a ballot is void, as its `reason` and the ledger say it."""

    RECEIPTS = "receipts_lost"  # the board ends before, or differs from, what receipts promised
    BLIND_KEY = "blind_key_lost"  # k is in no backup, so whatever came after the backup may be lost too
    UNKNOWN = "lost_unknown"  # restored as announced: nobody can tell whether it has opened since


def loss_of(ballot: Ballot) -> Loss | None:
    """What this server has lost of *ballot*, which was just read; None when nothing that it can tell."""
    if ballot.state not in MAY_BE_LOST:
        return None
    if _has_lost_receipts(ballot):
        return Loss.RECEIPTS
    needs_k = ballot.state in (Ballot.State.FROZEN, Ballot.State.OPEN)
    if needs_k and not blindkey.is_kept(ballot.uuid) and boardkey.is_kept(ballot.committee_id):
        return Loss.BLIND_KEY
    return None


def _has_lost_receipts(ballot: Ballot) -> bool:
    promised = shown.last(ballot.uuid)
    return (
        promised is not None and not ballot.board.filter(height=promised.height, hash=promised.head).exists()
    )
