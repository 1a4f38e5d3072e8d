"""Appending to the roll: nothing gets there that a verifier would not accept."""

from datetime import date
from typing import Any

from django.db.models import Q

from openfloor.locks import lock_committee
from openfloor.workplace import queries, roll
from openfloor.workplace.errors import DayHasChanged, KeysInUse, NotOnTheRoll, UnderObjection, refusal_of
from openfloor.workplace.memberkeys import GROUPS, Keys, hash_of, parse_canonical
from openfloor.workplace.models import Committee, Member, Renewal, RollRecord


def locked(committee: Committee) -> Committee:
    """The committee as it stands, for this transaction alone to change. A ballot is locked before it."""
    lock_committee(committee.pk)
    return Committee.objects.get(pk=committee.pk)


def append_to_roll(committee: Committee, record_type: str, day: date, **values: Any) -> None:
    """Write the next record, or raise what the member has to hear."""
    has_records = RollRecord.objects.filter(committee=committee).exists()
    state = queries.roll_state(committee) if has_records else roll.RollState()
    line = roll.record_text(
        roll.next_record(state, record_type, committee=str(committee.pk), day=day, **values)
    )
    # What is checked is the line as a verifier will read it.
    findings = roll.append_findings(state, parse_canonical(line))
    if findings:
        raise refusal_of(findings[0].check)
    RollRecord.objects.create(committee=committee, position=state.size, text=line, hash=hash_of(line))


def enter(candidate: Member, *, vouches: list[roll.Vouch], founding: bool, today: date) -> None:
    """Put a candidate on the roll."""
    append_to_roll(
        candidate.committee,
        roll.ENTRY,
        today,
        number=candidate.number,
        founding=founding,
        keys=candidate.keys,
        proofs=candidate.proofs,
        vouches=[vouch.as_json() for vouch in vouches],
    )
    candidate.state = Member.State.MEMBER
    candidate.save(update_fields=["state"])


def refuse_known_keys(committee: Committee, sign_in_hash: str, keys: Keys) -> None:
    """Neither the roll has them nor anybody who waits for vouches; signing in is one for all committees."""
    same_key = Q(keys__member=keys["member"])
    for name in GROUPS:
        same_key |= Q(**{f"keys__credentials__{name}": keys["credentials"][name]})
    same_sign_in = Q(sign_in_hash=sign_in_hash)
    if (
        queries.roll_state(committee).knows_a_key_of(keys)
        or Member.objects.filter(Q(committee=committee) & same_key | same_sign_in).exists()
        or Renewal.objects.filter(Q(member__committee=committee) & same_key | same_sign_in).exists()
    ):
        raise KeysInUse


def refuse_another_day(day: date, today: date) -> None:
    """What a device signed counts on the day it names only."""
    if day != today:
        raise DayHasChanged


def refuse_without_standing(member: Member) -> None:
    """Who is not on the roll, or is objected to, signs nothing for others."""
    if member.state != Member.State.MEMBER:
        raise NotOnTheRoll
    if not queries.roll_state(member.committee).in_good_standing(member.number):
        raise UnderObjection
