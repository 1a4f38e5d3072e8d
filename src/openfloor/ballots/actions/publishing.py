"""What happens by the clock alone: the public board advances, and what must not be kept is erased."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from openfloor import changes
from openfloor.ballots import blindkey, shown
from openfloor.ballots.actions.board import locked_lightly
from openfloor.ballots.models import Ballot


def publish_if_due(ballot: Ballot, now: datetime) -> bool:
    """
    Show what was cast since the board last advanced; at most once in BOARD_SECONDS. True when it advanced.

    Nobody who watches the board can tell the second in which a paper came.
    """
    if not _is_due(ballot, now):
        return False
    with transaction.atomic():
        ballot = locked_lightly(ballot.pk)
        if not _is_due(ballot, now):
            return False
        height = ballot.board.aggregate(last=Max("height"))["last"] or 0
        advanced = height > ballot.published_height
        ballot.published_height = height
        ballot.published_at = now
        ballot.save(update_fields=["published_height", "published_at"])
        if advanced:
            changes.tell(ballot.uuid)
    return advanced


def erase_blind_keys() -> None:
    """Erase every k that a crash left behind, and how far receipts reached, where no ballot needs them."""
    suspects = _leftovers()
    if not suspects:
        return
    # A freeze writes its k before it commits: what is no leftover once its ballot is locked never was one.
    with transaction.atomic():
        list(Ballot.objects.select_for_update().filter(uuid__in=suspects).order_by("pk").values_list("pk"))
        for uuid in suspects & _leftovers():
            blindkey.erase(uuid)
            shown.erase(uuid)


def _leftovers() -> set[str]:
    kept = blindkey.kept() | shown.kept()
    needed = Ballot.objects.filter(uuid__in=kept, state__in=[Ballot.State.FROZEN, Ballot.State.OPEN])
    return kept - set(needed.values_list("uuid", flat=True))


def _is_due(ballot: Ballot, now: datetime) -> bool:
    if ballot.state != Ballot.State.OPEN:
        return False
    if ballot.published_at is None:
        return True
    # A clock that was set back must not keep the board still: devices would miss their papers on it.
    return not timedelta(0) <= now - ballot.published_at < timedelta(seconds=settings.BOARD_SECONDS)
