"""Inviting, and becoming a candidate: a handle, public keys with proofs, and the number they are bound to."""

import re
import secrets
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from openfloor.audit.actions import record
from openfloor.workplace import permissions, queries, roll
from openfloor.workplace.actions._roll import enter, locked, refuse_known_keys
from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.founding import hash_of_secret
from openfloor.workplace.actions.tickets import Ticket
from openfloor.workplace.errors import (
    BadHandle,
    BadInvitation,
    BadKeys,
    HandleTellsTooMuch,
    InvitationMadeAlready,
    KeysInUse,
    LinkExpired,
    LinkUsedUp,
    NotOnTheRoll,
    NotYourInvitation,
    NumberTaken,
    UnknownLink,
    UnknownPlace,
)
from openfloor.workplace.memberkeys import Keys, is_hex
from openfloor.workplace.models import Committee, Invitation, Member, Occupation, Role, Unit

LONGEST_HANDLE = 30
MOST_USES = 50
MOST_DAYS = 30
PHONE_DIGITS = 7


@transaction.atomic
def make_invitation(
    member: Member, *, secret_hash: str, uses: int, expires_at: datetime, now: datetime
) -> Invitation:
    """Keep the hash of a secret that the member's browser drew; the secret itself never comes here."""
    if not permissions.may_invite(member):
        raise NotOnTheRoll
    days_are_right = now < expires_at <= now + timedelta(days=MOST_DAYS)
    if not (1 <= uses <= MOST_USES and days_are_right and is_hex(secret_hash, 64)):
        raise BadInvitation(uses=MOST_USES, days=MOST_DAYS)
    try:
        with transaction.atomic():
            return Invitation.objects.create(
                committee=member.committee,
                made_by=member,
                secret_hash=secret_hash,
                uses_left=uses,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise InvitationMadeAlready from error


@transaction.atomic
def revoke_invitation(invitation: Invitation, *, by: Member) -> None:
    """Nobody can begin with this link any more; who has begun may finish."""
    if not permissions.may_revoke_invitation(by, invitation):
        raise NotYourInvitation
    Invitation.objects.filter(pk=invitation.pk).update(uses_left=0)


def begin_joining(secret: str, *, now: datetime, ticket: Ticket | None = None) -> Ticket:
    """
    Exchange the secret of an invitation for an entry number, which takes one of its uses.

    Whoever comes again with the *ticket* of this invitation keeps it.
    """
    invitation = ask_as_stranger(lambda: _invitation_with(secret), now=now)
    if invitation is None:
        raise UnknownLink
    if ticket is not None and ticket.invitation == invitation.pk:
        return ticket
    return _reserve(invitation, now)


@transaction.atomic
def enrol(
    ticket: Ticket,
    *,
    handle: str,
    unit: Unit | None,
    occupation: Occupation | None,
    sign_in_hash: str,
    keys: Keys,
    proofs: dict[str, dict[str, str]],
    now: datetime,
) -> Member:
    """
    Make the holder of *ticket* a candidate; the founder is on the roll, and organiser, at once.

    The same enrolment sent again, after a lost answer, gives the same member.
    """
    committee = locked(Committee(pk=ticket.committee_id))
    newcomer = Member(
        committee=committee,
        number=ticket.number,
        handle=_clean_handle(handle),
        unit=unit,
        occupation=occupation,
        sign_in_hash=sign_in_hash,
        keys=keys,
        proofs=proofs,
    )
    before = Member.objects.filter(committee=committee, number=ticket.number).first()
    if before is not None:
        return _refuse_unless_same(before, newcomer, ticket)
    _refuse_foreign_place(committee, unit, occupation)
    _refuse_bad_keys(newcomer)
    _insert(newcomer)
    if ticket.founding:
        _found(newcomer, now)
    return newcomer


def _insert(newcomer: Member) -> None:
    try:
        with transaction.atomic():
            newcomer.save(force_insert=True)
    except IntegrityError as error:
        # Another committee was faster: it is not locked with this one.
        raise KeysInUse from error


def _invitation_with(secret: str) -> Invitation | None:
    wanted = hash_of_secret(secret)
    invitation = Invitation.objects.filter(secret_hash=wanted).first()
    known = invitation is not None and secrets.compare_digest(invitation.secret_hash, wanted)
    return invitation if known else None


@transaction.atomic
def _reserve(invitation: Invitation, now: datetime) -> Ticket:
    committee = locked(invitation.committee)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if now >= invitation.expires_at:
        raise LinkExpired
    if invitation.uses_left == 0:
        raise LinkUsedUp
    invitation.uses_left -= 1
    invitation.save(update_fields=["uses_left"])
    committee.last_number += 1
    committee.save(update_fields=["last_number"])
    return Ticket(committee_id=committee.pk, number=committee.last_number, invitation=invitation.pk)


def _clean_handle(handle: str) -> str:
    handle = " ".join(handle.split())
    if not (1 <= len(handle) <= LONGEST_HANDLE and handle.isprintable()):
        raise BadHandle(length=LONGEST_HANDLE)
    if "@" in handle or len(re.findall(r"\d", handle)) >= PHONE_DIGITS:
        raise HandleTellsTooMuch
    return handle


def _refuse_unless_same(before: Member, newcomer: Member, ticket: Ticket) -> Member:
    if (before.keys, before.sign_in_hash) == (newcomer.keys, newcomer.sign_in_hash):
        return before
    if ticket.founding:
        raise LinkUsedUp
    raise NumberTaken


def _refuse_foreign_place(committee: Committee, unit: Unit | None, occupation: Occupation | None) -> None:
    if unit is not None and unit.site.committee_id != committee.pk:
        raise UnknownPlace
    if occupation is not None and occupation.committee_id != committee.pk:
        raise UnknownPlace


def _refuse_bad_keys(newcomer: Member) -> None:
    if not roll.is_keys(newcomer.keys) or not is_hex(newcomer.sign_in_hash, 64):
        raise BadKeys
    committee = newcomer.committee
    for _ in roll.key_checks(str(committee.pk), newcomer.number, newcomer.keys, newcomer.proofs):
        raise BadKeys
    refuse_known_keys(committee, newcomer.sign_in_hash, newcomer.keys)


def _found(founder: Member, now: datetime) -> None:
    day = queries.today(founder.committee, now)
    enter(founder, vouches=[], founding=True, today=day)
    Role.objects.create(member=founder, kind=Role.Kind.ORGANISER, state=Role.State.HELD, day=day)
    given = {
        "number": founder.number,
        "role": Role.Kind.ORGANISER.value,
        "day": day.isoformat(),
        "confirmations": [],
        "as_founder": True,
    }
    record(founder.committee_id, "role_given", given, now=now)
