"""Signing in by the derived secret. A device that has signed in before is never made to wait for others."""

import secrets
from datetime import datetime

from django.db import transaction

from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.founding import hash_of_secret
from openfloor.workplace.errors import LeftAlready, UnknownKey
from openfloor.workplace.memberkeys import is_hex, sign_in_hash
from openfloor.workplace.models import Device, Member


def sign_in(sign_in_secret: str, device_token: str | None, *, now: datetime) -> Member:
    """The member or candidate whose secret this is; raises UnknownKey, LeftAlready or WaitFirst."""
    if _is_known(device_token):
        member = _member_with(sign_in_secret)
    else:
        member = ask_as_stranger(lambda: _member_with(sign_in_secret), now=now)
    if member is None:
        raise UnknownKey
    if member.state == Member.State.LEFT:
        raise LeftAlready
    return member


@transaction.atomic
def remember_device(member: Member, device_token: str | None = None) -> str:
    """Know this browser again: the token is for its cookie, only the hash is kept. One it has stays good."""
    if device_token is not None and member.devices.filter(token_hash=hash_of_secret(device_token)).exists():
        return device_token
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


def _is_known(device_token: str | None) -> bool:
    if device_token is None:
        return False
    return Device.objects.filter(token_hash=hash_of_secret(device_token)).exists()
