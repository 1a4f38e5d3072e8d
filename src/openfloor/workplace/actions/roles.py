"""Roles: given by the signatures of two others, ended by whoever holds them; a ballot does either.

The trap: the two deeds of a ballot check no permission. They are for a ballot that was counted and carried.
"""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.workplace import permissions, queries, roll
from openfloor.workplace.actions._roll import locked, refuse_another_day, refuse_without_standing
from openfloor.workplace.actions.founding import FOUNDER
from openfloor.workplace.errors import (
    AlreadyConfirmed,
    AlreadyProposed,
    MemberWithoutRole,
    NotOnTheRoll,
    NotProposed,
    OtherCommittee,
    RoleForYourself,
    RoleNotHeld,
    SignatureRefused,
)
from openfloor.workplace.memberkeys import Statement, check_signature
from openfloor.workplace.models import Committee, Member, Role, RoleConfirmation

CONFIRMATIONS = 2


@transaction.atomic
def propose_role(member: Member, kind: str, *, by: Member, now: datetime) -> Role:
    """Propose *member* for a role; everybody who confirms it signs today's day."""
    committee = locked(by.committee)
    if member.committee_id != committee.pk:
        raise OtherCommittee
    refuse_without_standing(by)
    refuse_without_standing(member)
    if member.roles.filter(kind=kind).exclude(state=Role.State.ENDED).exists():
        raise AlreadyProposed
    return Role.objects.create(member=member, kind=Role.Kind(kind), day=queries.today(committee, now))


@transaction.atomic
def confirm_role(role: Role, *, by: Member, signature: str, now: datetime) -> bool:
    """Keep a signature; True when it was the second and the role is held now."""
    locked(role.member.committee)
    role = _reread(role)
    if by.committee_id != role.member.committee_id:
        raise OtherCommittee
    if by == role.member:
        raise RoleForYourself
    refuse_without_standing(by)
    if role.state != Role.State.PROPOSED:
        raise NotProposed
    if role.confirmations.filter(by=by).exists():
        raise AlreadyConfirmed
    _refuse_bad_signature(by, statement_of(role), signature)
    RoleConfirmation.objects.create(role=role, by=by, signature=signature)
    return _give_when_confirmed(role, now)


@transaction.atomic
def decline_role(role: Role, *, by: Member) -> None:
    """The one who is proposed does not want it."""
    role = _reread(role)
    if not permissions.may_end_role(by, role) or role.state != Role.State.PROPOSED:
        raise NotProposed
    _end(role)


@transaction.atomic
def resign_role(role: Role, *, by: Member, day: date, signature: str, now: datetime) -> None:
    """Give a role back; the ledger keeps the signature."""
    committee = locked(role.member.committee)
    role = _reread(role)
    if not permissions.may_end_role(by, role) or role.state != Role.State.HELD:
        raise RoleNotHeld
    refuse_another_day(day, queries.today(committee, now))
    statement = roll.role_resigned_statement(str(committee.pk), by.number, role.kind, day)
    _refuse_bad_signature(by, statement, signature)
    _end(role)
    ended = {"number": by.number, "role": role.kind, "day": day.isoformat(), "signature": signature}
    record(committee.pk, "role_ended", ended, now=now)


@transaction.atomic
def give_role_by_ballot(member: Member, kind: str, *, ballot_uuid: str, now: datetime) -> None:
    """
    Give *member* the role that a ballot elected them to; one who held it already holds it by the ballot now.

    The first organiser who is elected follows the founder, whose role then ends unless it is the founder.
    Raises NotOnTheRoll when the member has left. An objection is no bar: more have voted than object.
    """
    committee = locked(member.committee)
    member = Member.objects.get(pk=member.pk)
    if member.state != Member.State.MEMBER:
        raise NotOnTheRoll
    day = queries.today(committee, now)
    member.roles.filter(kind=kind).update(state=Role.State.ENDED)
    Role.objects.create(member=member, kind=Role.Kind(kind), state=Role.State.HELD, day=day)
    given = {**_by_ballot(member, kind, day, ballot_uuid), "confirmations": []}
    record(committee.pk, "role_given", given, now=now)
    if kind == Role.Kind.ORGANISER:
        _end_founding_role(committee, ballot_uuid, now)


@transaction.atomic
def end_role_by_ballot(member: Member, kind: str, *, ballot_uuid: str, now: datetime) -> None:
    """Take a role from *member*, as a ballot decided; raises MemberWithoutRole when they do not hold it."""
    committee = locked(member.committee)
    role = member.roles.filter(kind=kind, state=Role.State.HELD).first()
    if role is None:
        raise MemberWithoutRole
    _end_by_ballot(role, committee, ballot_uuid, now)


def statement_of(role: Role) -> Statement:
    """What two members sign to give this role."""
    return roll.role_statement(str(role.member.committee_id), role.member.number, role.kind, role.day)


def _reread(role: Role) -> Role:
    return Role.objects.select_for_update(of=("self",)).select_related("member__committee").get(pk=role.pk)


def _refuse_bad_signature(by: Member, statement: Statement, signature: str) -> None:
    if not check_signature(by.keys["member"], statement, signature):
        raise SignatureRefused


def _give_when_confirmed(role: Role, now: datetime) -> bool:
    """Whoever confirmed and has left, or is objected to, no longer counts."""
    state = queries.roll_state(role.member.committee)
    confirmed = [
        {"by": number, "signature": signature}
        for number, signature in role.confirmations.order_by("pk").values_list("by__number", "signature")
        if state.in_good_standing(number)
    ]
    if len(confirmed) < CONFIRMATIONS:
        return False
    role.state = Role.State.HELD
    role.save(update_fields=["state"])
    given = {
        "number": role.member.number,
        "role": role.kind,
        "day": role.day.isoformat(),
        "confirmations": confirmed,
    }
    record(role.member.committee_id, "role_given", given, now=now)
    return True


def _end(role: Role) -> None:
    role.state = Role.State.ENDED
    role.save(update_fields=["state"])


def _end_founding_role(committee: Committee, ballot_uuid: str, now: datetime) -> None:
    """It is the first that member 1 was given; one who is given the role again gets another."""
    first = Role.objects.filter(
        member__committee=committee, member__number=FOUNDER, kind=Role.Kind.ORGANISER
    ).earliest("pk")
    if first.state == Role.State.HELD:
        _end_by_ballot(first, committee, ballot_uuid, now)


def _end_by_ballot(role: Role, committee: Committee, ballot_uuid: str, now: datetime) -> None:
    _end(role)
    ended = _by_ballot(role.member, role.kind, queries.today(committee, now), ballot_uuid)
    record(committee.pk, "role_ended", ended, now=now)


def _by_ballot(member: Member, kind: str, day: date, ballot_uuid: str) -> dict[str, Any]:
    return {"number": member.number, "role": str(kind), "day": day.isoformat(), "by_ballot": ballot_uuid}
