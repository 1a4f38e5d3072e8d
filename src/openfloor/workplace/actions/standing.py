"""Objecting to an entry, taking it back, and leaving: each a record on the roll, signed by who does it."""

from datetime import date, datetime

from django.db import transaction

from openfloor.audit.actions import record
from openfloor.workplace import queries, roll
from openfloor.workplace.actions._roll import append_to_roll, locked, refuse_another_day
from openfloor.workplace.actions.devices import shut_out
from openfloor.workplace.errors import (
    AlreadyObjected,
    NoObjection,
    NoSuchEntry,
    NotOnTheRoll,
    ObjectionToYourself,
    TooLateToObject,
)
from openfloor.workplace.models import Invitation, Member, Renewal, Role, Vouch


@transaction.atomic
def object_to(number: int, *, by: Member, day: date, signature: str, now: datetime) -> None:
    """Object to an entry while its objection days last; its member then neither votes nor vouches."""
    committee = locked(by.committee)
    today = queries.today(committee, now)
    refuse_another_day(day, today)
    state = queries.roll_state(committee)
    entry = _standing_entry(state, number)
    if number == by.number:
        raise ObjectionToYourself
    if not roll.may_still_object(entry, state.rules, today):
        raise TooLateToObject
    if by.number in entry.objections:
        raise AlreadyObjected
    append_to_roll(committee, roll.OBJECTION, day, number=number, by=by.number, signature=signature)


@transaction.atomic
def withdraw_objection(number: int, *, by: Member, day: date, signature: str, now: datetime) -> None:
    committee = locked(by.committee)
    refuse_another_day(day, queries.today(committee, now))
    entry = _standing_entry(queries.roll_state(committee), number)
    if by.number not in entry.objections:
        raise NoObjection
    append_to_roll(committee, roll.WITHDRAWAL, day, number=number, by=by.number, signature=signature)


@transaction.atomic
def leave(member: Member, *, day: date, signature: str, now: datetime) -> None:
    """End one's entry, and with it roles, invitations, devices, handle and place; the roll keeps the keys."""
    committee = locked(member.committee)
    member = Member.objects.get(pk=member.pk)
    if member.state != Member.State.MEMBER:
        raise NotOnTheRoll
    refuse_another_day(day, queries.today(committee, now))
    append_to_roll(committee, roll.END, day, number=member.number, signature=signature)
    _end_roles(member, day, now)
    _forget(member)


@transaction.atomic
def give_up_joining(candidate: Member) -> None:
    """A candidate goes before the roll has them: nothing of them is kept, and their number stays a gap."""
    locked(candidate.committee)
    waiting = Member.objects.filter(pk=candidate.pk, state=Member.State.CANDIDATE)
    Vouch.objects.filter(candidate__in=waiting).delete()
    waiting.delete()


def _standing_entry(state: roll.RollState, number: int) -> roll.Entry:
    entry = state.entries.get(number)
    if entry is None or entry.ended:
        raise NoSuchEntry
    return entry


def _end_roles(member: Member, day: date, now: datetime) -> None:
    for role in member.roles.filter(state=Role.State.HELD):
        ended = {"number": member.number, "role": role.kind, "day": day.isoformat(), "left_the_roll": True}
        record(member.committee_id, "role_ended", ended, now=now)
    member.roles.update(state=Role.State.ENDED)


def _forget(member: Member) -> None:
    member.state = Member.State.LEFT
    member.handle, member.unit, member.occupation = "", None, None
    member.save(update_fields=["state", "handle", "unit", "occupation"])
    shut_out(member)
    Renewal.objects.filter(member=member).delete()
    Invitation.objects.filter(made_by=member).update(uses_left=0)
