"""A committee begins: its roll's rules, its board key, and a one-time link for the founder."""

import hashlib
import secrets
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import available_timezones

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.workplace import boardkey, queries, roll
from openfloor.workplace.actions._roll import append_to_roll, locked
from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.tickets import Ticket
from openfloor.workplace.errors import (
    AlreadyFounded,
    BadCommittee,
    LinkExpired,
    LinkUsedUp,
    UnknownLink,
    UnknownZone,
)
from openfloor.workplace.models import Committee, Member

FOUNDING_DAYS = 7
FOUNDER = 1
LONGEST_NAME = 80


def prepare_committee(
    name: str, zone: str, *, rules: roll.Rules | None = None, now: datetime
) -> tuple[Committee, str]:
    """Make a committee that waits for its founder; the secret belongs after the # of the founding link."""
    name = " ".join(name.split())
    if not (1 <= len(name) <= LONGEST_NAME and name.isprintable()):
        raise BadCommittee(length=LONGEST_NAME)
    if zone not in available_timezones():
        raise UnknownZone(zone=zone)
    committee_id, secret = uuid4(), secrets.token_urlsafe(32)
    board_key = boardkey.make(committee_id)
    with transaction.atomic():
        committee = Committee.objects.create(
            id=committee_id,
            name=name,
            zone=zone,
            board_key=board_key,
            founding_secret_hash=hash_of_secret(secret),
            founding_expires_at=now + timedelta(days=FOUNDING_DAYS),
            last_number=FOUNDER,
        )
        _write_first_lines(committee, rules or roll.Rules(), now)
    return committee, secret


@transaction.atomic
def renew_founding_link(committee: Committee, *, now: datetime) -> str:
    """
    Return the secret of a fresh link for a committee without a founder; the link before opens nothing now.

    A browser that opened that one in time may still finish: whoever enrols first is the founder.
    """
    committee = locked(committee)
    if Member.objects.filter(committee=committee).exists():
        raise AlreadyFounded
    secret = secrets.token_urlsafe(32)
    committee.founding_secret_hash = hash_of_secret(secret)
    committee.founding_expires_at = now + timedelta(days=FOUNDING_DAYS)
    committee.save(update_fields=["founding_secret_hash", "founding_expires_at"])
    return secret


def begin_founding(secret: str, *, now: datetime) -> Ticket:
    """
    Exchange the secret of the founding link for entry number 1.

    The link works until the founder has enrolled, so that a browser that broke off costs nothing.
    """
    committee = ask_as_stranger(lambda: _committee_with(secret), now=now)
    if committee is None:
        raise UnknownLink
    if Member.objects.filter(committee=committee).exists():
        raise LinkUsedUp
    if now >= committee.founding_expires_at:
        raise LinkExpired
    return Ticket(committee_id=committee.pk, number=FOUNDER, invitation=None)


def hash_of_secret(secret: str) -> str:
    """What is kept of a secret from a link, whatever was typed: 32 random bytes need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _committee_with(secret: str) -> Committee | None:
    wanted = hash_of_secret(secret)
    committee = Committee.objects.filter(founding_secret_hash=wanted).first()
    known = committee is not None and secrets.compare_digest(committee.founding_secret_hash, wanted)
    return committee if known else None


def _write_first_lines(committee: Committee, rules: roll.Rules, now: datetime) -> None:
    name_and_zone = {"name": committee.name, "zone": committee.zone}
    record(committee.pk, "committee_founded", name_and_zone, now=now)
    record(committee.pk, "board_key", {"public_key": committee.board_key}, now=now)
    record(committee.pk, "roll_rules", {"rules": rules.as_json()}, now=now)
    append_to_roll(committee, roll.RULES, queries.today(committee, now), rules=rules.as_json())
