"""Passkeys: made, used and removed. They open a session; the root secret is for the device alone to seal.

The trap: a challenge answers once. Whoever calls these has taken it out of the session before.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from openfloor.workplace import authenticators
from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.devices import refuse_ended_session
from openfloor.workplace.actions.renewing import take_due_renewals
from openfloor.workplace.actions.signing_in import is_known
from openfloor.workplace.errors import (
    BadPasskey,
    BadPasskeyName,
    BadSeal,
    LeftAlready,
    PasskeyCopied,
    PasskeyThereAlready,
    PasskeyUnknown,
    TooManyPasskeys,
)
from openfloor.workplace.memberkeys import is_hex
from openfloor.workplace.models import Member, Passkey

MOST_PASSKEYS = 10
LONGEST_NAME = 40
SEALED_DIGITS = 88  # a nonce of 12 bytes, 16 bytes of root, a tag of 16


@transaction.atomic
def add_passkey(
    member: Member, credential: Mapping[str, Any], *, name: str, challenge: str, user_handle: str
) -> Passkey:
    """Keep the public half of what the member's browser made in answer to *challenge*."""
    refuse_ended_session(member)
    refuse_too_many(member)
    name = _clean_name(name)
    try:
        new = authenticators.read_new(credential, challenge)
    except authenticators.Unreadable as error:
        raise BadPasskey from error
    try:
        with transaction.atomic():
            return Passkey.objects.create(
                member=member,
                name=name,
                credential_id=new.credential_id,
                user_handle=user_handle,
                public_key=new.public_key,
                sign_count=new.sign_count,
            )
    except IntegrityError as error:
        raise PasskeyThereAlready from error


def refuse_too_many(member: Member) -> None:
    if member.passkeys.count() >= MOST_PASSKEYS:
        raise TooManyPasskeys(count=MOST_PASSKEYS)


@transaction.atomic
def keep_sealed_root(passkey: Passkey, sealed: str) -> None:
    """Keep what the device sealed under this passkey's PRF: once, for it seals the same root every time."""
    empty = Passkey.objects.filter(pk=passkey.pk, sealed_root="")
    if not (is_hex(sealed, SEALED_DIGITS) and empty.update(sealed_root=sealed)):
        raise BadSeal


@transaction.atomic
def remove_passkey(passkey: Passkey) -> None:
    """It signs nobody in any more, and what it sealed is gone from here."""
    passkey.delete()


def sign_in_by_passkey(
    credential: Mapping[str, Any], device_token: str | None, *, challenge: str, now: datetime
) -> Passkey:
    """The passkey that answered *challenge*, with its member; raises as `sign_in` does, or PasskeyCopied."""
    take_due_renewals(now)
    if is_known(device_token):
        passkey = _passkey_that_answers(credential, challenge)
    else:
        passkey = ask_as_stranger(lambda: _passkey_that_answers(credential, challenge), now=now)
    if passkey is None:
        raise PasskeyUnknown
    if passkey.member.state == Member.State.LEFT:
        raise LeftAlready
    return passkey


@transaction.atomic
def _passkey_that_answers(credential: Mapping[str, Any], challenge: str) -> Passkey | None:
    try:
        credential_id, user_handle = authenticators.named_in(credential)
        passkey = _passkey_with(credential_id)
        if passkey is None or not secrets.compare_digest(passkey.user_handle, user_handle):
            return None
        count = authenticators.signed_count(credential, challenge, passkey.public_key)
    except authenticators.Unreadable:
        return None
    _note_count(passkey, count)
    return passkey


def _passkey_with(credential_id: str) -> Passkey | None:
    found = Passkey.objects.select_for_update(of=("self",)).select_related("member__committee")
    return found.filter(credential_id=credential_id).first()


def _note_count(passkey: Passkey, count: int) -> None:
    """A count that does not go up tells of a copy; passkeys that are synced do not count, and stay at 0."""
    if passkey.sign_count and count <= passkey.sign_count:
        raise PasskeyCopied
    if count != passkey.sign_count:
        passkey.sign_count = count
        passkey.save(update_fields=["sign_count"])


def _clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        raise BadPasskeyName(length=LONGEST_NAME)
    return name
