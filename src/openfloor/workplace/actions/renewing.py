"""New keys for a member who lost theirs: a colleague's link, vouches, a record on the roll, and two days.

The trap: until the new keys count, the old ones are the member. They sign, and they can stop the new ones.
"""

import logging
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from openfloor.audit.actions import record
from openfloor.workplace import permissions, queries, roll
from openfloor.workplace.actions._roll import (
    append_to_roll,
    locked,
    refuse_another_day,
    refuse_known_keys,
    refuse_without_standing,
)
from openfloor.workplace.actions._strangers import ask_as_stranger
from openfloor.workplace.actions.devices import shut_out
from openfloor.workplace.actions.founding import hash_of_secret
from openfloor.workplace.actions.vouching import refusal_of_vouch
from openfloor.workplace.errors import (
    AlreadyVouched,
    BadKeys,
    BadLink,
    LinkExpired,
    LinkUsedUp,
    NobodyAsksForKeys,
    NoRenewal,
    NoSuchEntry,
    NotOnTheRoll,
    RenewalWaits,
    SignatureRefused,
    UnknownLink,
)
from openfloor.workplace.memberkeys import Keys, canonical, check_signature, hash_of, is_hex
from openfloor.workplace.models import Committee, Member, Renewal, RenewalVouch, Vouch

log = logging.getLogger(__name__)

LINK_LASTS = timedelta(days=1)
CODE_LASTS = timedelta(days=roll.RENEWAL_VOUCH_DAYS)
KEPT_FOR = timedelta(days=30)  # so that the new device can still ask how it ended


@transaction.atomic
def invite_to_renew(number: int, *, by: Member, secret_hash: str, now: datetime) -> Renewal:
    """Keep the hash of a link's secret, drawn by the browser of a colleague who knows whose entry this is."""
    forget_old_renewals(now)
    committee = locked(by.committee)
    if not permissions.may_help_renew(by):
        raise NotOnTheRoll
    refuse_without_standing(by)
    member = _member_on_the_roll(committee, number)
    _refuse_while_one_waits(committee, number, queries.today(committee, now))
    if not is_hex(secret_hash, 64) or Renewal.objects.filter(secret_hash=secret_hash).exists():
        raise BadLink
    return Renewal.objects.create(member=member, secret_hash=secret_hash, expires_at=now + LINK_LASTS)


def begin_renewal(secret: str, *, now: datetime) -> Renewal:
    """What the link with this secret opens, as often as it is asked until keys were handed in."""
    wanted = hash_of_secret(secret)
    renewal = ask_as_stranger(lambda: Renewal.objects.filter(secret_hash=wanted).first(), now=now)
    if renewal is None:
        raise UnknownLink
    _refuse_unless_open(renewal, now)
    return renewal


@transaction.atomic
def ask_for_new_keys(
    renewal: Renewal, *, sign_in_hash: str, keys: Keys, proofs: dict[str, dict[str, str]], now: datetime
) -> Renewal:
    """Keep the keys that the new device made; the same sent again, after a lost answer, is taken again."""
    committee = locked(renewal.member.committee)
    renewal = Renewal.objects.select_related("member").get(pk=renewal.pk)
    if renewal.sign_in_hash == sign_in_hash and renewal.keys == keys:
        return renewal
    _refuse_unless_open(renewal, now)
    number = _member_on_the_roll(committee, renewal.member.number).number
    _refuse_bad_keys(committee, number, sign_in_hash, keys, proofs)
    renewal.sign_in_hash, renewal.keys, renewal.proofs = sign_in_hash, keys, proofs
    renewal.state, renewal.expires_at = Renewal.State.ASKED, now + CODE_LASTS
    renewal.save()
    return renewal


@transaction.atomic
def vouch_for_renewal(
    voucher: Member, number: int, fingerprint: str, *, day: date, signature: str, now: datetime
) -> bool:
    """
    Keep a vouch for the new keys of entry *number*; True when it was the last one needed.

    Then they stand on the roll, and count two days later unless somebody stops them.
    """
    committee = locked(voucher.committee)
    today = queries.today(committee, now)
    renewal = renewal_asked_for(committee, number, fingerprint, now=now)
    _refuse_while_one_waits(committee, number, today)
    if renewal.vouches.filter(voucher=voucher).exists():
        raise AlreadyVouched
    refuse_another_day(day, today)
    state = queries.roll_state(committee)
    given = roll.Vouch(voucher.number, day, signature)
    waiting = queries.vouches_not_on_the_roll(voucher, day)
    for check in _checks(state, renewal, given, on=today, waiting=waiting):
        raise refusal_of_vouch(state, given, check)
    RenewalVouch.objects.create(renewal=renewal, voucher=voucher, day=day, signature=signature)
    return _record_when_complete(state, renewal, today, now)


@transaction.atomic
def stop_renewal(number: int, stops: str, *, by: Member, day: date, signature: str, now: datetime) -> None:
    """
    Stop new keys, named by their hash: the member's old key can at any time, others once the roll has them.

    Raises NoRenewal when there are none such that can still be stopped, and SignatureRefused.
    """
    committee = locked(by.committee)
    today = queries.today(committee, now)
    refuse_another_day(day, today)
    entry = queries.roll_state(committee).entries.get(number)
    waiting = entry.renewal_waiting_on(today) if entry else None
    if waiting is not None and hash_of(canonical(waiting.keys)) == stops:
        append_to_roll(committee, roll.RENEWAL_STOPPED, day, number=number, by=by.number, signature=signature)
        Renewal.objects.filter(member__committee=committee, member__number=number, state="waiting").update(
            state=Renewal.State.STOPPED
        )
        _tell_of_officer(committee, number, "key_renewal_stopped", {"by": by.number}, now)
    elif by.number == number:
        _stop_before_the_roll(by, stops, day, signature)
    else:
        raise NoRenewal


def take_due_renewals(now: datetime) -> None:
    """Let new keys be the members' from the day on which they count. One that fails keeps nobody else out."""
    for renewal in Renewal.objects.filter(state=Renewal.State.WAITING).select_related("member__committee"):
        try:
            _take_when_due(renewal, now)
        except Exception:
            log.exception("a member's new key is due and was not taken; trying again")


def forget_old_renewals(now: datetime) -> None:
    """Links that nobody opened, codes that too few vouched for, and what has long ended."""
    Renewal.objects.filter(expires_at__lt=now).exclude(state=Renewal.State.WAITING).delete()


def renewal_asked_for(committee: Committee, number: int, fingerprint: str, *, now: datetime) -> Renewal:
    """The request for entry *number* whose keys a colleague's screen shows; raises NobodyAsksForKeys."""
    asked = Renewal.objects.filter(
        member__committee=committee,
        member__number=number,
        member__state=Member.State.MEMBER,
        state=Renewal.State.ASKED,
        expires_at__gt=now,
    )
    for renewal in asked.select_related("member__committee"):
        if roll.fingerprint(renewal.keys) == fingerprint:
            return renewal
    raise NobodyAsksForKeys


def _member_on_the_roll(committee: Committee, number: int) -> Member:
    member = queries.members_of(committee).filter(number=number).first()
    if member is None:
        raise NoSuchEntry
    return member


def _refuse_while_one_waits(committee: Committee, number: int, today: date) -> None:
    waiting = queries.roll_state(committee).entries[number].renewal_waiting_on(today)
    if waiting is not None:
        raise RenewalWaits(day=waiting.counts_from.isoformat())


def _refuse_unless_open(renewal: Renewal, now: datetime) -> None:
    if renewal.state != Renewal.State.INVITED:
        raise LinkUsedUp
    if now >= renewal.expires_at:
        raise LinkExpired


def _refuse_bad_keys(
    committee: Committee, number: int, sign_in_hash: str, keys: Keys, proofs: dict[str, dict[str, str]]
) -> None:
    if not roll.is_keys(keys) or not is_hex(sign_in_hash, 64):
        raise BadKeys
    for _ in roll.key_checks(str(committee.pk), number, keys, proofs):
        raise BadKeys
    refuse_known_keys(committee, sign_in_hash, keys)


def _checks(
    state: roll.RollState, renewal: Renewal, given: roll.Vouch, *, on: date, waiting: int = 0
) -> list[str]:
    checks = roll.renewal_vouch_checks(
        state,
        committee=str(renewal.member.committee_id),
        entry=state.entries[renewal.member.number],
        keys=renewal.keys,
        vouch=given,
        on=on,
        waiting=waiting,
    )
    return list(checks)


def _record_when_complete(state: roll.RollState, renewal: Renewal, today: date, now: datetime) -> bool:
    """Whoever vouched and has left, is objected to, or did so too long ago, no longer counts."""
    given = [
        roll.Vouch(number, day, signature)
        for number, day, signature in renewal.vouches.order_by("day", "voucher__number").values_list(
            "voucher__number", "day", "signature"
        )
    ]
    usable = [each for each in given if not _checks(state, renewal, each, on=today)]
    if len(usable) < state.vouches_for_renewal:
        return False
    member = renewal.member
    append_to_roll(
        member.committee,
        roll.RENEWAL,
        today,
        number=member.number,
        keys=renewal.keys,
        proofs=renewal.proofs,
        vouches=[vouch.as_json() for vouch in usable[: state.vouches_for_renewal]],
    )
    renewal.state = Renewal.State.WAITING
    renewal.counts_from = today + timedelta(days=roll.RENEWAL_DAYS)
    renewal.expires_at = now + KEPT_FOR
    renewal.save()
    member.renewals.filter(state__in=(Renewal.State.INVITED, Renewal.State.ASKED)).delete()
    about: dict[str, str | int] = {"counts_from": renewal.counts_from.isoformat()}
    _tell_of_officer(member.committee, member.number, "key_renewal", about, now)
    return True


def _tell_of_officer(
    committee: Committee, number: int, kind: str, about: dict[str, str | int], now: datetime
) -> None:
    """The roll has it all; the ledger names those whose signatures others rely on."""
    roles = sorted(queries.roles_of(queries.member_by_number(committee, number)))
    if roles:
        record(committee.pk, kind, {"number": number, "roles": roles, **about}, now=now)


def _stop_before_the_roll(member: Member, stops: str, day: date, signature: str) -> None:
    """Nothing stands on the roll yet: the request goes, and the next voucher finds nobody."""
    asked = member.renewals.filter(state=Renewal.State.ASKED)
    renewal = next((each for each in asked if hash_of(canonical(each.keys)) == stops), None)
    if renewal is None:
        raise NoRenewal
    statement = roll.renewal_stopped_statement(
        str(member.committee_id), member.number, member.number, day, renewal.keys
    )
    if not check_signature(member.keys["member"], statement, signature):
        raise SignatureRefused
    renewal.vouches.all().delete()
    renewal.state = Renewal.State.STOPPED
    renewal.save(update_fields=["state"])


@transaction.atomic
def _take_when_due(renewal: Renewal, now: datetime) -> None:
    """Sign-in, keys and what the old device may do change at one moment; so do vouches that still wait."""
    today = queries.today(locked(renewal.member.committee), now)
    renewal = Renewal.objects.select_related("member").get(pk=renewal.pk)
    member = renewal.member
    if renewal.state != Renewal.State.WAITING or renewal.counts_from is None or today < renewal.counts_from:
        return
    if queries.roll_state(member.committee).entries[member.number].keys_on(today) != renewal.keys:
        raise RuntimeError("The roll knows nothing of keys that wait to count.")
    member.keys, member.proofs, member.sign_in_hash = renewal.keys, renewal.proofs, str(renewal.sign_in_hash)
    member.save(update_fields=["keys", "proofs", "sign_in_hash"])
    shut_out(member)
    Vouch.objects.filter(voucher=member, candidate__state=Member.State.CANDIDATE).delete()
    RenewalVouch.objects.filter(Q(voucher=member) | Q(renewal=renewal)).delete()
    renewal.state = Renewal.State.DONE
    renewal.save(update_fields=["state"])
