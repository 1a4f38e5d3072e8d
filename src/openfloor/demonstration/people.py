"""Sixty made-up members, by the real actions: invited, enrolled, vouched for by two, given roles."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from openfloor.demonstration import joining, story
from openfloor.demonstration.apart import Enrolment, Work, enrolment
from openfloor.demonstration.calendar import on
from openfloor.workplace import actions, roll
from openfloor.workplace.memberkeys import ROOT_BYTES, MemberKeys, sign_in_hash
from openfloor.workplace.models import Committee, Member, Occupation, Role, Unit

FOUNDER = 1
ORGANISER = 4
TRUSTEES = (5, 6, 7)
TELLERS = (8, 9)
MEMBER = 23
FOUNDED_DAYS_AGO = 375
JOINING_DAYS = 85
ROLES_DAYS_AGO = 284
MEMBERS = len(story.HANDLES)


@dataclass(frozen=True, slots=True)
class Person:
    """A member together with what only their own device would have."""

    member: Member
    keys: MemberKeys


def found(work: Work, tell_committee: Callable[[Committee], None]) -> dict[int, Person]:
    """Everybody by entry number. The committee is told of before anybody joins."""
    now = work.calendar.moment(FOUNDED_DAYS_AGO, 8)
    committee, secret = actions.prepare_committee(story.NAME, story.ZONE, now=now)
    tell_committee(committee)
    roots = [secrets.token_bytes(ROOT_BYTES) for _ in range(MEMBERS)]
    numbers = range(FOUNDER, FOUNDER + MEMBERS)
    enrolments = work.helper.map(enrolment, roots, [str(committee.pk)] * MEMBERS, numbers)
    newcomers = zip(roots, enrolments, strict=True)

    founder = _enrol(*next(newcomers), actions.begin_founding(secret, now=now), now)
    work.step()
    _name_places(founder.member, now)
    return _bring_in(work, founder, newcomers)


def give_roles(work: Work, people: dict[int, Person]) -> None:
    """An organiser, three trustees and two tellers, each confirmed by two others."""
    now = work.calendar.moment(ROLES_DAYS_AGO, 12)
    numbers = {
        Role.Kind.ORGANISER: (ORGANISER,),
        Role.Kind.TRUSTEE: TRUSTEES,
        Role.Kind.TELLER: TELLERS,
    }
    confirming = [people[number] for number in (FOUNDER, FOUNDER + 1)]
    for kind, holders in numbers.items():
        for number in holders:
            role = actions.propose_role(people[number].member, kind, by=people[FOUNDER].member, now=now)
            statement = actions.statement_of(role)
            for person in confirming:
                actions.confirm_role(role, by=person.member, signature=person.keys.sign(statement), now=now)


def _name_places(founder: Member, now: datetime) -> None:
    for name, units in story.SITES.items():
        site = actions.add_site(founder, name=name, now=now)
        for unit, headcount in units.items():
            actions.add_unit(founder, site=site, name=unit, headcount=headcount, now=now)
    for name, headcount in story.OCCUPATIONS.items():
        actions.add_occupation(founder, name=name, headcount=headcount, now=now)


def _bring_in(work: Work, founder: Person, newcomers: Iterable[tuple[bytes, Enrolment]]) -> dict[int, Person]:
    people = {FOUNDER: founder}
    units = {unit.name: unit for unit in Unit.objects.select_related("site")}
    occupations = {occupation.name: occupation for occupation in Occupation.objects.all()}
    for entry, (root, handed_in) in zip(_plan(work)[1:], newcomers, strict=True):
        now = on(entry.day, 12)
        vouchers = [people[number] for number in entry.vouchers]
        newcomer = _enrol(
            root,
            handed_in,
            actions.begin_joining(_invitation(vouchers[0].member, now), now=now),
            now,
            unit=units[_share_out(story.UNIT_WEIGHTS, entry.number * 37)],
            occupation=occupations[_share_out(story.OCCUPATION_WEIGHTS, entry.number * 17)],
        )
        for voucher in vouchers:
            _vouch(voucher, newcomer.member, entry.day, now)
        newcomer.member.refresh_from_db()
        people[entry.number] = newcomer
        work.step()
    return people


def _plan(work: Work) -> list[joining.Joining]:
    rules = roll.Rules()
    return joining.plan(
        work.calendar.day(FOUNDED_DAYS_AGO),
        days=JOINING_DAYS,
        members=MEMBERS,
        rules=joining.Rules(
            founding_members=rules.founding_members,
            vouches=rules.vouches,
            vouch_from_day=rules.vouch_from_day,
            vouches_a_month=rules.vouches_a_month,
        ),
    )


def _invitation(by: Member, now: datetime) -> str:
    secret = secrets.token_urlsafe(32)
    secret_hash = sha256(secret.encode()).hexdigest()
    actions.make_invitation(by, secret_hash=secret_hash, uses=1, expires_at=now + timedelta(days=7), now=now)
    return secret


def _enrol(
    root: bytes,
    handed_in: Enrolment,
    ticket: actions.Ticket,
    now: datetime,
    *,
    unit: Unit | None = None,
    occupation: Occupation | None = None,
) -> Person:
    keys = MemberKeys.from_root(root)
    member = actions.enrol(
        ticket,
        handle=story.HANDLES[ticket.number - 1],
        unit=unit,
        occupation=occupation,
        sign_in_hash=sign_in_hash(keys.sign_in_secret),
        keys=handed_in.keys,
        proofs=handed_in.proofs,
        now=now,
    )
    return Person(member, keys)


def _vouch(voucher: Person, newcomer: Member, day: date, now: datetime) -> None:
    statement = roll.vouch_statement(str(newcomer.committee_id), newcomer.number, day, newcomer.keys)
    actions.vouch(voucher.member, newcomer, day=day, signature=voucher.keys.sign(statement), now=now)


def _share_out(weights: dict[str, int], step: int) -> str:
    """One of the names; over sixty steps each comes as often as its weight says."""
    names = [name for name, weight in weights.items() for _ in range(weight)]
    return names[step % len(names)]
