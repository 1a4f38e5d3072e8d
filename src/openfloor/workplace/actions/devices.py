"""Ending what a member's devices may do here. None of it touches the key that lies on a device."""

from django.db import transaction
from django.db.models import F

from openfloor.workplace.models import HandOver, Member, Passkey


@transaction.atomic
def sign_out_everywhere(member: Member) -> None:
    """End every session of *member*; every browser of theirs is a stranger again. Passkeys still work."""
    Member.objects.filter(pk=member.pk).update(session_round=F("session_round") + 1)
    member.devices.all().delete()
    HandOver.objects.filter(member=member).delete()
    member.refresh_from_db(fields=["session_round"])


@transaction.atomic
def shut_out(member: Member) -> None:
    """As above, and no passkey works any more: for who leaves, and where new keys replace the old ones."""
    sign_out_everywhere(member)
    Passkey.objects.filter(member=member).delete()
