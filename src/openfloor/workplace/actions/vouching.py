"""Vouching: one member's signed word for a candidate, and the entry that it may complete."""

from datetime import date, datetime, timedelta

from django.db import transaction

from openfloor.workplace import queries, roll
from openfloor.workplace.actions._roll import enter, locked, refuse_another_day
from openfloor.workplace.errors import (
    AlreadyOnTheRoll,
    AlreadyVouched,
    NobodyWaits,
    OtherCommittee,
    VoucherTooNew,
    VouchesUsedUp,
    WorkplaceError,
    refusal_of,
)
from openfloor.workplace.models import Member, Vouch


@transaction.atomic
def vouch(voucher: Member, candidate: Member, *, day: date, signature: str, now: datetime) -> bool:
    """
    Keep a vouch; True when it was the last one needed and the candidate is on the roll now.

    The committee is locked, so two who vouch at once complete one entry and not two.
    """
    committee = locked(voucher.committee)
    candidate = _waiting(candidate, voucher)
    today = queries.today(committee, now)
    if candidate.committee_id != committee.pk:
        raise OtherCommittee
    if Vouch.objects.filter(voucher=voucher, candidate=candidate).exists():
        raise AlreadyVouched
    refuse_another_day(day, today)
    state = queries.roll_state(committee)
    _refuse_what_the_roll_refuses(state, candidate, roll.Vouch(voucher.number, day, signature), voucher)
    Vouch.objects.create(voucher=voucher, candidate=candidate, day=day, signature=signature)
    return _enter_when_complete(state, candidate, today)


def _waiting(candidate: Member, voucher: Member) -> Member:
    """The candidate as they are now: another vouch may have been faster, or they gave up."""
    found = Member.objects.filter(pk=candidate.pk).exclude(state=Member.State.LEFT).first()
    if found is None:
        raise NobodyWaits
    if found.state == Member.State.MEMBER and found != voucher:
        raise AlreadyOnTheRoll
    return found


def _refuse_what_the_roll_refuses(
    state: roll.RollState, candidate: Member, given: roll.Vouch, voucher: Member
) -> None:
    waiting = queries.vouches_not_on_the_roll(voucher, given.day)
    for check in _checks(state, candidate, given, on=given.day, waiting=waiting):
        raise refusal_of_vouch(state, given, check)


def _checks(
    state: roll.RollState, candidate: Member, given: roll.Vouch, *, on: date, waiting: int = 0
) -> list[str]:
    checks = roll.vouch_checks(
        state,
        committee=str(candidate.committee_id),
        number=candidate.number,
        keys=candidate.keys,
        vouch=given,
        on=on,
        waiting=waiting,
    )
    return list(checks)


def refusal_of_vouch(state: roll.RollState, given: roll.Vouch, check: str) -> WorkplaceError:
    """What a check that a vouch fails means for who vouches."""
    if check == "voucher_too_new":
        from_day = state.entries[given.by].day + timedelta(days=state.rules.vouch_from_day)
        return VoucherTooNew(day=from_day.isoformat())
    if check == "voucher_over_quota":
        return VouchesUsedUp(count=state.rules.vouches_a_month)
    return refusal_of(check)


def _enter_when_complete(state: roll.RollState, candidate: Member, today: date) -> bool:
    """Whoever vouched and has left, or is objected to, no longer counts."""
    given = [
        roll.Vouch(number, day, signature)
        for number, day, signature in candidate.vouches_received.order_by("day", "pk").values_list(
            "voucher__number", "day", "signature"
        )
    ]
    usable = [each for each in given if not _checks(state, candidate, each, on=today)]
    if len(usable) < state.vouches_needed:
        return False
    enter(
        candidate,
        vouches=usable[: state.vouches_needed],
        founding=state.next_is_founding,
        today=today,
    )
    return True
