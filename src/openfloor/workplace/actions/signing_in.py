"""Signing in by the derived secret. A device that has signed in before is never made to wait for others."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openfloor.workplace import queries
from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.founding import hash_of_secret
from openfloor.workplace.actions.renewing import take_due_renewals
from openfloor.workplace.errors import KeyCountsLater, LeftAlready, UnknownKey, WorkplaceError
from openfloor.workplace.memberkeys import is_hex, sign_in_hash
from openfloor.workplace.models import Device, Member


def sign_in(sign_in_secret: str, device_token: str | None, *, now: datetime) -> Member:
    """Who has this secret; raises UnknownKey, KeyCountsLater, LeftAlready or WaitFirst."""
    take_due_renewals(now)
    if is_known(device_token):
        member = _member_with(sign_in_secret)
    else:
        member = ask_as_stranger(lambda: _member_with(sign_in_secret), now=now)
    if member is None:
        raise _refusal_of(sign_in_secret)
    if member.state == Member.State.LEFT:
        raise LeftAlready
    return member


@transaction.atomic
def remember_device(member: Member, device_token: str | None = None) -> str:
    """Know this browser again: the token is for its cookie, only the hash is kept. One it has stays good."""
    if device_token is not None and member.devices.filter(token_hash=hash_of_secret(device_token)).exists():
        return device_token
    # Whoever gives up joining in another window at this moment is gone first, or keeps us waiting.
    if not Member.objects.select_for_update().filter(pk=member.pk).values_list("pk"):
        raise UnknownKey
    token = secrets.token_urlsafe(32)
    Device.objects.create(member=member, token_hash=hash_of_secret(token))
    return token


@transaction.atomic
def forget_devices(member: Member) -> None:
    """Every browser of this member is a stranger again."""
    member.devices.all().delete()


def _member_with(sign_in_secret: str) -> Member | None:
    if not is_hex(sign_in_secret, 64):
        return None
    wanted = sign_in_hash(sign_in_secret)
    member = Member.objects.select_related("committee").filter(sign_in_hash=wanted).first()
    known = member is not None and secrets.compare_digest(member.sign_in_hash, wanted)
    return member if known else None


def _refusal_of(sign_in_secret: str) -> WorkplaceError:
    """New keys are known before they open anything: then it is said from when on they do."""
    waiting = queries.key_waiting(sign_in_hash(sign_in_secret)) if is_hex(sign_in_secret, 64) else None
    if waiting is None or waiting.counts_from is None:
        return UnknownKey()
    return KeyCountsLater(day=date_format(waiting.counts_from, _("j F")))


def is_known(device_token: str | None) -> bool:
    """Has this browser signed in before?"""
    if device_token is None:
        return False
    return Device.objects.filter(token_hash=hash_of_secret(device_token)).exists()
