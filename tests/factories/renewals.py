"""New keys for people of a committee, asked for and vouched for by the real actions."""

import hashlib
import secrets
from datetime import datetime

from factories.workplace import CommitteeOfPeople, Person, keys_of, public_keys_of
from openfloor.workplace import actions, queries, roll
from openfloor.workplace.memberkeys import MemberKeys, canonical, hash_of, sign_in_hash
from openfloor.workplace.models import Member, Renewal


def invite_to_renew(helper: Person, member: Member, *, now: datetime) -> tuple[Renewal, str]:
    """The link that a colleague makes, and its secret."""
    secret = secrets.token_urlsafe(32)
    renewal = actions.invite_to_renew(
        member.number, by=helper.member, secret_hash=hashlib.sha256(secret.encode()).hexdigest(), now=now
    )
    return renewal, secret


def hand_in_keys(renewal: Renewal, index: int, *, now: datetime) -> Renewal:
    """Person *index*'s keys become what the link's new device made."""
    keys = keys_of(index)
    member = renewal.member
    return actions.ask_for_new_keys(
        renewal,
        sign_in_hash=sign_in_hash(keys.sign_in_secret),
        keys=public_keys_of(index),
        proofs=keys.proofs(str(member.committee_id), member.number),
        now=now,
    )


def ask(helper: Person, member: Member, index: int, *, now: datetime) -> Renewal:
    renewal, _ = invite_to_renew(helper, member, now=now)
    return hand_in_keys(renewal, index, now=now)


def vouch(voucher: Person, renewal: Renewal, *, now: datetime) -> bool:
    """Sign with the voucher's device and hand it in."""
    member, day = renewal.member, queries.today(renewal.member.committee, now)
    replaced = queries.roll_state(member.committee).entries[member.number].keys_on(day)
    statement = roll.renewal_statement(str(member.committee_id), member.number, day, renewal.keys, replaced)
    complete = actions.vouch_for_renewal(
        voucher.member,
        member.number,
        roll.fingerprint(renewal.keys),
        day=day,
        signature=voucher.keys.sign(statement),
        now=now,
    )
    renewal.refresh_from_db()
    return complete


def stop(by: Person, renewal: Renewal, *, now: datetime, signed_by: MemberKeys | None = None) -> None:
    member, day = renewal.member, queries.today(renewal.member.committee, now)
    statement = roll.renewal_stopped_statement(
        str(member.committee_id), member.number, by.member.number, day, renewal.keys
    )
    actions.stop_renewal(
        member.number,
        hash_of(canonical(renewal.keys)),
        by=by.member,
        day=day,
        signature=(signed_by or by.keys).sign(statement),
        now=now,
    )
    renewal.refresh_from_db()


def renew(people: CommitteeOfPeople, member: Member, index: int) -> Renewal:
    """New keys of person *index* on the roll, vouched for on the committee's day by the first who may."""
    helpers = [person for person in people.members if person.member != member][:2]
    renewal = ask(helpers[0], member, index, now=people.now)
    for helper in helpers:
        vouch(helper, renewal, now=people.now)
    return renewal
