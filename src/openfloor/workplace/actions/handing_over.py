"""A member's key on its way from one device of theirs to another (docs/specs/devices.md).

The trap: the server never has the new device's public key, so it could not read an envelope nor make one.
"""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from openfloor.workplace.actions.devices import refuse_ended_session
from openfloor.workplace.actions.founding import hash_of_secret
from openfloor.workplace.errors import BadHandOver, HandOverOver, HandOverTaken, HandOverUsed
from openfloor.workplace.memberkeys import is_hex
from openfloor.workplace.models import HandOver, Member

CODE = re.compile(r"[A-Za-z0-9_-]{22}")
ENVELOPE = re.compile(r"[ -~]{1,1024}")
STEP_MINUTES = 5
LASTS = timedelta(minutes=10)


class Fetched(NamedTuple):
    """What the new device is told; `envelope` is empty until the other device has sealed it."""

    hand_over: HandOver
    envelope: str


@transaction.atomic
def open_hand_over(member: Member, *, code: str, key: str, now: datetime) -> None:
    """The member's device has scanned *code* and will seal with *key*; what they began before is stopped."""
    if not (CODE.fullmatch(code) and is_hex(key, 64)):
        raise BadHandOver
    refuse_ended_session(member)
    before = _of_code(code, now).first()
    if before is not None and before.member_id != member.pk:
        raise HandOverTaken
    if before is not None and before.state != HandOver.State.OPENED:
        raise HandOverUsed
    code_hash = hash_of_secret(code)
    HandOver.objects.filter(Q(member=member) | Q(code_hash=code_hash, expires_at__lte=now)).delete()
    try:
        with transaction.atomic():
            HandOver.objects.create(
                member=member, code_hash=code_hash, key=key, expires_at=_rounded(now + LASTS)
            )
    except IntegrityError as error:  # somebody else was a moment earlier
        raise HandOverTaken from error


@transaction.atomic
def seal_hand_over(member: Member, *, code: str, envelope: str, now: datetime) -> None:
    """Leave the sealed envelope for the device that shows *code*."""
    if not ENVELOPE.fullmatch(envelope):
        raise BadHandOver
    hand_over = _of_code(code, now).filter(member=member).select_for_update().first()
    if hand_over is None:
        raise HandOverOver
    if hand_over.state != HandOver.State.OPENED:
        raise HandOverUsed
    hand_over.state, hand_over.envelope = HandOver.State.SEALED, envelope
    hand_over.save(update_fields=["state", "envelope"])


@transaction.atomic
def fetch_hand_over(code: str, *, now: datetime) -> Fetched | None:
    """What is there for the device that shows *code*; an envelope is given out once and kept no longer."""
    hand_over = _of_code(code, now).select_related("member").select_for_update(of=("self",)).first()
    if hand_over is None:
        return None
    if hand_over.state == HandOver.State.FETCHED:
        raise HandOverUsed
    envelope = hand_over.envelope
    if envelope:
        hand_over.state, hand_over.envelope = HandOver.State.FETCHED, ""
        hand_over.save(update_fields=["state", "envelope"])
    return Fetched(hand_over, envelope)


@transaction.atomic
def stop_hand_over(member: Member) -> None:
    """Nobody can fetch anything of this member any more."""
    HandOver.objects.filter(member=member).delete()


def forget_old_hand_overs(now: datetime) -> None:
    """What nobody fetched in time, for the clock to do. It counts for nothing before that already."""
    old = HandOver.objects.filter(expires_at__lte=now)
    if old.exists():
        old.delete()


def _of_code(code: str, now: datetime) -> QuerySet[HandOver]:
    return HandOver.objects.filter(code_hash=hash_of_secret(code), expires_at__gt=now)


def _rounded(moment: datetime) -> datetime:
    """Down to a full five minutes."""
    return moment.replace(minute=moment.minute // STEP_MINUTES * STEP_MINUTES, second=0, microsecond=0)
