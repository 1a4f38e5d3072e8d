"""Trustees who are away, or have lost their key: all begin again with others, or it is only shown."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from openfloor import changes
from openfloor.audit.actions import record
from openfloor.audit.queries import head as ledger_head
from openfloor.ballots import errors, permissions, quorum
from openfloor.ballots.actions.board import in_ledger, locked
from openfloor.ballots.actions.drafting import choose_trustees, numbers_of_trustees, sound_threshold
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.queries import WITH_KEYS, can_sign_for
from openfloor.workplace.models import Member


@transaction.atomic
def replace_trustees(
    ballot: Ballot, by: Member, trustees: Sequence[Member], threshold: int | None, now: datetime
) -> Ballot:
    """
    Let these trustees make the key, from the first step: whatever was handed in before is void.

    They may be the same ones. The roll stays as it was announced, so they must have been on it. Raises
    NotYours, TrusteesStay, TimeIsOver, TooFewTrustees, BadOfficers, BadThreshold.
    """
    ballot = locked(ballot.pk)
    if not permissions.may_lead(by, ballot):
        raise errors.NotYours
    if ballot.state != Ballot.State.ANNOUNCED:
        raise errors.TrusteesStay
    if now >= ballot.closes_at:
        raise errors.TimeIsOver
    if len(set(trustees)) < quorum.FEWEST:
        raise errors.TooFewTrustees
    if not all(can_sign_for(ballot, member) for member in trustees):
        raise errors.BadOfficers
    ballot.threshold = sound_threshold(trustees, threshold)
    choose_trustees(ballot, trustees)
    ballot.attempt += 1
    record(
        ballot.committee_id,
        "ballot_trustees_replaced",
        {
            **in_ledger(ballot),
            "by": by.number,
            "trustees": numbers_of_trustees(ballot),
            **({} if ballot.threshold is None else {"threshold": ballot.threshold}),
        },
        now=now,
    )
    ballot.ledger_head = ledger_head(ballot.committee_id)
    ballot.save()
    changes.tell(ballot.uuid)
    return ballot


@transaction.atomic
def say_key_is_lost(trustee: Trustee, *, is_lost: bool) -> None:
    """
    Keep what a trustee says of their key; it may be found again.

    Raises NothingToLose, NoKeyYet, AlreadyHandedIn.
    """
    ballot = locked(trustee.ballot_id)
    if ballot.state not in WITH_KEYS:
        raise errors.NothingToLose
    trustee = ballot.trustees.get(pk=trustee.pk)
    if not trustee.copy_works:
        raise errors.NoKeyYet
    if trustee.partial_decryption is not None:
        raise errors.AlreadyHandedIn
    Trustee.objects.filter(pk=trustee.pk).update(key_lost=is_lost)
    changes.tell(ballot.uuid)
