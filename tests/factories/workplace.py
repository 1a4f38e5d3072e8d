"""Committees of real members on a real roll, made by the real actions. Keys are derived once a test run.

Days move on as the rules of vouching ask: `CommitteeOfPeople.day` tells where they have got to.
"""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from openfloor.workplace import actions, queries, roll
from openfloor.workplace.memberkeys import Keys, MemberKeys, sign_in_hash
from openfloor.workplace.models import Committee, Invitation, Member, Occupation, Role, Unit

FOUNDED_ON = date(2026, 1, 5)
ZONE = "America/Los_Angeles"


class Person(NamedTuple):
    """A member and what their device holds."""

    member: Member
    keys: MemberKeys


@dataclass(slots=True)
class CommitteeOfPeople:
    """A committee, its people by entry number from 1, and the day up to which it was played."""

    committee: Committee
    members: list[Person]
    day: date = field(default=FOUNDED_ON)

    @property
    def now(self) -> datetime:
        return noon(self.committee, self.day)


@cache
def keys_of(index: int) -> MemberKeys:
    return MemberKeys.from_root(hashlib.sha256(f"root {index}".encode()).digest()[:16])


@cache
def public_keys_of(index: int) -> Keys:
    return keys_of(index).public()


def noon(committee: Committee, day: date) -> datetime:
    """The middle of the committee's day."""
    return datetime.combine(day, time(12), tzinfo=queries.zone(committee)).astimezone(UTC)


def found(
    *,
    name: str = "Night shift",
    zone: str = ZONE,
    founded_on: date = FOUNDED_ON,
    rules: roll.Rules | None = None,
    index: int = 1,
) -> CommitteeOfPeople:
    """A committee with its founder alone."""
    committee, secret = actions.prepare_committee(name, zone, rules=rules, now=noon_in(zone, founded_on))
    now = noon(committee, founded_on)
    founder = enrol(actions.begin_founding(secret, now=now), index, now=now)
    return CommitteeOfPeople(founder.member.committee, [founder], founded_on)


def noon_in(zone: str, day: date) -> datetime:
    return noon(Committee(zone=zone), day)


def invite(inviter: Person, *, uses: int = 50, now: datetime) -> tuple[Invitation, str]:
    """An invitation and the secret that only its link carries."""
    secret = secrets.token_urlsafe(32)
    invitation = actions.make_invitation(
        inviter.member,
        secret_hash=hashlib.sha256(secret.encode()).hexdigest(),
        uses=uses,
        expires_at=now + timedelta(days=14),
        now=now,
    )
    return invitation, secret


def enrol(
    ticket: actions.Ticket,
    index: int,
    *,
    now: datetime,
    handle: str | None = None,
    unit: Unit | None = None,
    occupation: Occupation | None = None,
) -> Person:
    """Person *index* enrols with what their device makes."""
    keys = keys_of(index)
    member = actions.enrol(
        ticket,
        handle=handle or f"Person {index}",
        unit=unit,
        occupation=occupation,
        sign_in_hash=sign_in_hash(keys.sign_in_secret),
        keys=public_keys_of(index),
        proofs=keys.proofs(str(ticket.committee_id), ticket.number),
        now=now,
    )
    return Person(member, keys)


def candidate(inviter: Person, index: int, *, now: datetime, unit: Unit | None = None) -> Person:
    """Person *index* joins by an invitation and waits for vouches."""
    _, secret = invite(inviter, uses=1, now=now)
    return enrol(actions.begin_joining(secret, now=now), index, now=now, unit=unit)


def vouch(voucher: Person, newcomer: Person, *, now: datetime) -> bool:
    """Sign for *newcomer* with the voucher's device and hand it in."""
    member, day = newcomer.member, queries.today(newcomer.member.committee, now)
    statement = roll.vouch_statement(str(member.committee_id), member.number, day, member.keys)
    completed = actions.vouch(
        voucher.member, member, day=day, signature=voucher.keys.sign(statement), now=now
    )
    member.refresh_from_db()
    return completed


def make_committee(
    members: int = 3,
    *,
    zone: str = ZONE,
    founded_on: date = FOUNDED_ON,
    rules: roll.Rules | None = None,
) -> CommitteeOfPeople:
    """A committee with all its *members* on the roll; its day is one on which all of them may vote."""
    people = found(zone=zone, founded_on=founded_on, rules=rules)
    while len(people.members) < members:
        admit(people)
    settle(people)
    return people


def admit(people: CommitteeOfPeople, *, unit: Unit | None = None) -> Person:
    """One more member, on the first day on which enough of the others may vouch."""
    vouchers = _vouchers(people)
    while not vouchers:
        people.day += timedelta(days=1)
        vouchers = _vouchers(people)
    newcomer = candidate(people.members[0], len(people.members) + 1, now=people.now, unit=unit)
    for voucher in vouchers:
        vouch(voucher, newcomer, now=people.now)
    people.members.append(newcomer)
    return newcomer


def settle(people: CommitteeOfPeople) -> None:
    """Let the days for objections pass."""
    state = queries.roll_state(people.committee)
    while len(roll.entitled(state, people.day)) < len(people.members):
        people.day += timedelta(days=1)


def give_role(people: CommitteeOfPeople, holder: Person, kind: str, *, now: datetime | None = None) -> Role:
    """Two others sign; without a third member nobody can be given a role."""
    now = now or people.now
    proposer, second = [person for person in people.members if person.member != holder.member][:2]
    role = actions.propose_role(holder.member, kind, by=proposer.member, now=now)
    statement = actions.statement_of(role)
    for person in (proposer, second):
        actions.confirm_role(role, by=person.member, signature=person.keys.sign(statement), now=now)
    role.refresh_from_db()
    return role


def _vouchers(people: CommitteeOfPeople) -> list[Person]:
    """As many as the next entry needs, or none when too few may vouch on this day."""
    state = queries.roll_state(people.committee)
    able = [person for person in people.members if _may_vouch(state, person.member.number, people.day)]
    return able[: state.vouches_needed] if len(able) >= state.vouches_needed else []


def _may_vouch(state: roll.RollState, number: int, day: date) -> bool:
    entry = state.entries[number]
    if state.next_is_founding:
        return True
    given = state.vouches_given[number, day.year, day.month]
    is_old_enough = entry.founding or (day - entry.day).days >= state.rules.vouch_from_day
    return is_old_enough and given < state.rules.vouches_a_month
