"""Ending what a member's devices may do here. None of it touches the key that lies on a device."""

from django.db import transaction
from django.db.models import F

from openfloor.workplace.errors import SignInFirst
from openfloor.workplace.models import HandOver, Member, Passkey


def refuse_ended_session(member: Member) -> None:
    """Who was shut out while this request ran begins nothing new; locks the member, in a transaction."""
    if Member.objects.select_for_update().get(pk=member.pk).session_round != member.session_round:
        raise SignInFirst


@transaction.atomic
def sign_out_everywhere(member: Member) -> None:
    """End every session of *member*; every browser of theirs is a stranger again. Passkeys still work."""
    refuse_ended_session(member)
    _end_sessions(member)


@transaction.atomic
def shut_out(member: Member) -> None:
    """As above, and no passkey works any more: for who leaves, and where new keys replace the old ones."""
    _end_sessions(member)
    Passkey.objects.filter(member=member).delete()


def _end_sessions(member: Member) -> None:
    Member.objects.filter(pk=member.pk).update(session_round=F("session_round") + 1)
    member.devices.all().delete()
    HandOver.objects.filter(member=member).delete()
    member.refresh_from_db(fields=["session_round"])
