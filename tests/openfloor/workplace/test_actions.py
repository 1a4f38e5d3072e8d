"""Every deed of the workplace by each of its exits: what it stores, and that a refusal stores nothing."""

import hashlib
import json
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from factories.everything import everything
from factories.workplace import (
    FOUNDED_ON,
    ZONE,
    CommitteeOfPeople,
    Person,
    admit,
    candidate,
    enrol,
    found,
    give_role,
    invite,
    keys_of,
    make_committee,
    noon,
    public_keys_of,
    vouch,
)
from openfloor import env
from openfloor.audit import chain
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import export_lines
from openfloor.ui.errors import Refusal
from openfloor.workplace import actions, boardkey, errors, queries, roll
from openfloor.workplace.memberkeys import check_signature, sign_in_hash, words_from_root
from openfloor.workplace.models import (
    Committee,
    Device,
    Invitation,
    Member,
    Occupation,
    Role,
    RoleConfirmation,
    RollRecord,
    Site,
    Unit,
    Vouch,
)

pytestmark = pytest.mark.django_db

Refuses = Callable[[type[Refusal]], AbstractContextManager[None]]
NOW = datetime(2026, 1, 5, 20, tzinfo=UTC)
BALLOT, RECALL = "aBcDeFgHiJkLmN", "NmLkJiHgFeDcBa"
ORGANISER, TRUSTEE, TELLER = Role.Kind.ORGANISER.value, Role.Kind.TRUSTEE.value, Role.Kind.TELLER.value


def payloads(committee: Committee, kind: str) -> list[Any]:
    texts = LedgerEntry.objects.filter(committee_id=committee.pk, kind=kind).values_list("payload", flat=True)
    return [json.loads(text or "null") for text in texts]


def roll_holds(committee: Committee) -> bool:
    return roll.verify(queries.roll_lines(committee)).findings == ()


def objection(people: CommitteeOfPeople, number: int, by: int) -> None:
    statement = roll.objection_statement(str(people.committee.pk), number, people.day)
    objector = people.members[by - 1]
    actions.object_to(
        number, by=objector.member, day=people.day, signature=objector.keys.sign(statement), now=people.now
    )


def withdrawal(people: CommitteeOfPeople, number: int, by: int) -> None:
    statement = roll.withdrawal_statement(str(people.committee.pk), number, people.day)
    objector = people.members[by - 1]
    actions.withdraw_objection(
        number, by=objector.member, day=people.day, signature=objector.keys.sign(statement), now=people.now
    )


def departure(people: CommitteeOfPeople, number: int) -> None:
    statement = roll.resignation_statement(str(people.committee.pk), number, people.day)
    member, keys = people.members[number - 1]
    actions.leave(member, day=people.day, signature=keys.sign(statement), now=people.now)
    member.refresh_from_db()


# Founding


def test_prepare_committee_stores_the_hash_of_its_link_and_begins_roll_and_ledger() -> None:
    committee, secret = actions.prepare_committee("  Night   shift ", ZONE, now=NOW)

    assert committee.name == "Night shift"
    assert committee.founding_secret_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert committee.founding_expires_at == NOW + timedelta(days=7)
    assert queries.roll_state(committee) == roll.verify(queries.roll_lines(committee)).state
    assert queries.roll_state(committee).rules == roll.Rules()
    assert payloads(committee, "committee_founded") == [{"name": "Night shift", "zone": ZONE}]
    assert payloads(committee, "board_key") == [{"public_key": committee.board_key}]
    assert payloads(committee, "roll_rules") == [{"rules": roll.Rules().as_json()}]
    assert chain.verify_export(list(export_lines(committee.pk))) == []


def test_prepare_committee_keeps_the_board_key_in_a_file_that_others_cannot_read() -> None:
    committee, _ = actions.prepare_committee("Night shift", ZONE, now=NOW)

    signature = boardkey.sign(committee.pk, {"type": "openfloor/receipt/1"})

    assert check_signature(committee.board_key, {"type": "openfloor/receipt/1"}, signature)
    path = env.secrets_folder() / f"{committee.pk}.board"
    assert path.stat().st_mode & 0o777 == 0o600


def test_prepare_committee_writes_the_rules_it_is_given() -> None:
    rules = roll.Rules(vouches=3, objection_days=0)

    committee, _ = actions.prepare_committee("Night shift", ZONE, rules=rules, now=NOW)

    assert queries.roll_state(committee).rules == rules


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b"])
def test_prepare_committee_refuses_a_name_that_is_none(name: str, refuses: Refuses) -> None:
    with refuses(errors.BadCommittee):
        actions.prepare_committee(name, ZONE, now=NOW)


@pytest.mark.parametrize("zone", ["", "Mars", "PST8", "../etc/passwd"])
def test_prepare_committee_refuses_an_unknown_zone(zone: str, refuses: Refuses) -> None:
    with refuses(errors.UnknownZone):
        actions.prepare_committee("Night shift", zone, now=NOW)


def test_founder_is_on_the_roll_and_organiser_at_once() -> None:
    people = found()
    founder = people.members[0].member

    entry = queries.roll_state(people.committee).entries[1]
    assert (founder.number, founder.state) == (1, Member.State.MEMBER)
    assert (entry.founding, entry.vouchers, entry.keys_on(FOUNDED_ON)) == (True, (), founder.keys)
    assert queries.roles_of(founder) == {ORGANISER}
    assert payloads(people.committee, "role_given") == [
        {
            "number": 1,
            "role": "organiser",
            "day": FOUNDED_ON.isoformat(),
            "confirmations": [],
            "as_founder": True,
        }
    ]
    assert roll_holds(people.committee)


def test_founding_link_may_be_opened_again_until_the_founder_has_enrolled() -> None:
    _, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)

    first = actions.begin_founding(secret, now=NOW)

    assert actions.begin_founding(secret, now=NOW) == first
    assert first.founding


def test_founding_link_is_refused_once_the_founder_has_enrolled(refuses: Refuses) -> None:
    _, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)
    enrol(actions.begin_founding(secret, now=NOW), 1, now=NOW)

    with refuses(errors.LinkUsedUp):
        actions.begin_founding(secret, now=NOW)


def test_second_browser_with_the_founding_link_is_refused_when_it_comes_later(refuses: Refuses) -> None:
    _, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)
    first, second = actions.begin_founding(secret, now=NOW), actions.begin_founding(secret, now=NOW)
    enrol(first, 1, now=NOW)

    with refuses(errors.LinkUsedUp):
        enrol(second, 2, now=NOW)


def test_founding_link_is_refused_after_seven_days(refuses: Refuses) -> None:
    _, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)
    later = NOW + timedelta(days=7)

    assert actions.begin_founding(secret, now=later - timedelta(seconds=1)).number == 1
    with refuses(errors.LinkExpired):
        actions.begin_founding(secret, now=later)


def test_renewed_founding_link_works_for_seven_days_and_the_one_before_no_more() -> None:
    committee, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)
    later = NOW + timedelta(days=9)

    fresh = actions.renew_founding_link(committee, now=later)

    committee.refresh_from_db()
    assert committee.founding_secret_hash == hashlib.sha256(fresh.encode()).hexdigest()
    assert committee.founding_expires_at == later + timedelta(days=7)
    assert actions.begin_founding(fresh, now=later).founding
    with pytest.raises(errors.UnknownLink):
        actions.begin_founding(secret, now=later)


def test_founding_link_of_a_founded_committee_is_not_renewed(refuses: Refuses) -> None:
    people = found()

    with refuses(errors.AlreadyFounded):
        actions.renew_founding_link(people.committee, now=people.now)


@pytest.mark.parametrize("secret", ["", "x" * 43, "x" * 100_000, "\udc80"])
def test_founding_link_that_nobody_made_is_refused(secret: str) -> None:
    actions.prepare_committee("Night shift", ZONE, now=NOW)

    with pytest.raises(errors.UnknownLink):
        actions.begin_founding(secret, now=NOW)


# Inviting and joining


def test_invitation_keeps_the_hash_of_its_secret_only() -> None:
    people = found()

    invitation, secret = invite(people.members[0], uses=3, now=people.now)

    stored = Invitation.objects.get()
    assert stored == invitation
    assert (stored.uses_left, stored.made_by) == (3, people.members[0].member)
    assert stored.secret_hash == hashlib.sha256(secret.encode()).hexdigest()


def test_same_invitation_is_made_once(refuses: Refuses) -> None:
    people = found()
    invitation, _ = invite(people.members[0], now=people.now)

    with refuses(errors.InvitationMadeAlready):
        actions.make_invitation(
            people.members[0].member,
            secret_hash=invitation.secret_hash,
            uses=1,
            expires_at=invitation.expires_at,
            now=people.now,
        )


def test_candidate_cannot_invite(refuses: Refuses) -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)

    with refuses(errors.NotOnTheRoll):
        invite(newcomer, now=people.now)


@pytest.mark.parametrize(
    "wrong",
    [
        {"uses": 0},
        {"uses": 51},
        {"expires_at": NOW},
        {"expires_at": NOW + timedelta(days=31)},
        {"secret_hash": "secret"},
        {"secret_hash": "A" * 64},
    ],
)
def test_invitation_without_limits_or_a_hash_is_refused(wrong: dict[str, Any], refuses: Refuses) -> None:
    member = found().members[0].member
    asked = {"secret_hash": "0" * 64, "uses": 5, "expires_at": NOW + timedelta(days=3), **wrong}

    with refuses(errors.BadInvitation):
        actions.make_invitation(member, now=NOW, **asked)


def test_invitation_gives_a_number_and_takes_a_use_when_it_is_opened() -> None:
    people = found()
    invitation, secret = invite(people.members[0], uses=2, now=people.now)

    tickets = [actions.begin_joining(secret, now=people.now) for _ in range(2)]

    assert [ticket.number for ticket in tickets] == [2, 3]
    assert not any(ticket.founding for ticket in tickets)
    invitation.refresh_from_db()
    assert invitation.uses_left == 0


def test_same_browser_that_opens_its_link_again_keeps_its_ticket(refuses: Refuses) -> None:
    people = found()
    _, secret = invite(people.members[0], uses=1, now=people.now)
    ticket = actions.begin_joining(secret, now=people.now)

    kept = actions.Ticket.from_session(json.loads(json.dumps(ticket.as_session())))

    assert actions.begin_joining(secret, now=people.now, ticket=kept) == ticket
    with refuses(errors.LinkUsedUp):
        actions.begin_joining(secret, now=people.now)


def test_ticket_of_another_invitation_gives_no_place_in_this_one() -> None:
    people = found()
    tickets = [
        actions.begin_joining(invite(people.members[0], uses=1, now=people.now)[1], now=people.now)
        for _ in range(2)
    ]
    _, secret = invite(people.members[0], uses=1, now=people.now)

    assert actions.begin_joining(secret, now=people.now, ticket=tickets[0]).number == 4


def test_session_without_a_ticket_has_none() -> None:
    assert actions.Ticket.from_session(None) is None


def test_invitation_is_refused_when_it_is_used_up(refuses: Refuses) -> None:
    people = found()
    _, secret = invite(people.members[0], uses=1, now=people.now)
    actions.begin_joining(secret, now=people.now)

    with refuses(errors.LinkUsedUp):
        actions.begin_joining(secret, now=people.now)


def test_invitation_is_refused_when_it_is_too_old(refuses: Refuses) -> None:
    people = found()
    invitation, secret = invite(people.members[0], now=people.now)

    with refuses(errors.LinkExpired):
        actions.begin_joining(secret, now=invitation.expires_at)


def test_invitation_is_refused_after_it_was_taken_back(refuses: Refuses) -> None:
    people = found()
    invitation, secret = invite(people.members[0], now=people.now)

    actions.revoke_invitation(invitation, by=people.members[0].member)

    with refuses(errors.LinkUsedUp):
        actions.begin_joining(secret, now=people.now)


def test_invitation_that_nobody_made_is_refused() -> None:
    found()

    with pytest.raises(errors.UnknownLink):
        actions.begin_joining("x" * 43, now=NOW)


def test_invitation_of_another_member_is_taken_back_by_an_organiser_only(refuses: Refuses) -> None:
    people = make_committee(3)
    founder, second, third = people.members
    invitation, _ = invite(second, now=people.now)

    with refuses(errors.NotYourInvitation):
        actions.revoke_invitation(invitation, by=third.member)
    actions.revoke_invitation(invitation, by=founder.member)

    invitation.refresh_from_db()
    assert invitation.uses_left == 0


def test_enrolling_makes_a_candidate_who_is_not_on_the_roll() -> None:
    people = found()
    before = queries.roll_head(people.committee)

    newcomer, keys = candidate(people.members[0], 2, now=people.now)

    stored = Member.objects.get(pk=newcomer.pk)
    assert (stored.number, stored.handle, stored.state) == (2, "Person 2", Member.State.CANDIDATE)
    assert (stored.unit, stored.occupation) == (None, None)
    assert stored.keys == public_keys_of(2)
    assert stored.sign_in_hash == sign_in_hash(keys.sign_in_secret)
    assert queries.roll_head(people.committee) == before


def test_enrolling_keeps_the_place_that_was_chosen() -> None:
    people = found()
    founder = people.members[0].member
    site = actions.add_site(founder, name="Main", now=people.now)
    unit = actions.add_unit(founder, site=site, name="ICU", headcount=40, now=people.now)
    occupation = actions.add_occupation(founder, name="Nurse", headcount=300, now=people.now)
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    newcomer = enrol(ticket, 2, now=people.now, unit=unit, occupation=occupation).member

    assert (newcomer.unit, newcomer.occupation) == (unit, occupation)


def test_enrolling_refuses_a_place_of_another_committee(refuses: Refuses) -> None:
    ours, theirs = found(), found(index=8)
    other = theirs.members[0].member
    site = actions.add_site(other, name="Main", now=theirs.now)
    unit = actions.add_unit(other, site=site, name="ICU", headcount=40, now=theirs.now)
    occupation = actions.add_occupation(other, name="Nurse", headcount=300, now=theirs.now)
    ticket = actions.begin_joining(invite(ours.members[0], now=ours.now)[1], now=ours.now)

    with refuses(errors.UnknownPlace):
        enrol(ticket, 2, now=ours.now, unit=unit)
    with refuses(errors.UnknownPlace):
        enrol(ticket, 2, now=ours.now, occupation=occupation)


def test_enrolling_again_after_a_lost_answer_gives_the_same_member() -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    first, again = enrol(ticket, 2, now=people.now), enrol(ticket, 2, now=people.now)

    assert first.member == again.member
    assert Member.objects.count() == 2


def test_enrolling_other_keys_under_the_same_number_is_refused(refuses: Refuses) -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)
    enrol(ticket, 2, now=people.now)

    with refuses(errors.NumberTaken):
        enrol(ticket, 3, now=people.now)


@pytest.mark.parametrize("handle", ["   ", "x" * 31, "Ro\u202ebin", "a\x00b"])
def test_handle_that_cannot_be_shown_is_refused(handle: str, refuses: Refuses) -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    with refuses(errors.BadHandle):
        enrol(ticket, 2, now=people.now, handle=handle)


@pytest.mark.parametrize("handle", ["robin@example.org", "+1 555 0100 200"])
def test_handle_that_is_an_address_or_a_number_is_refused(handle: str, refuses: Refuses) -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    with refuses(errors.HandleTellsTooMuch):
        enrol(ticket, 2, now=people.now, handle=handle)


def enrolment(ticket: actions.Ticket, **changes: Any) -> dict[str, Any]:
    keys = keys_of(2)
    return {
        "handle": "Robin",
        "unit": None,
        "occupation": None,
        "sign_in_hash": sign_in_hash(keys.sign_in_secret),
        "keys": public_keys_of(2),
        "proofs": keys.proofs(str(ticket.committee_id), ticket.number),
        **changes,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"keys": {}},
        {"keys": {"member": "00" * 32, "credentials": public_keys_of(2)["credentials"]}},
        {"keys": public_keys_of(3)},
        {"proofs": {}},
        {"proofs": keys_of(2).proofs("0f8fad5b-d9cb-469f-a165-70867728950e", 2)},
        {"sign_in_hash": ""},
        {"sign_in_hash": keys_of(2).sign_in_secret.upper()},
    ],
    ids=["none", "no member key", "another's", "no proofs", "foreign proofs", "no hash", "capitals"],
)
def test_keys_that_do_not_hold_are_refused(wrong: dict[str, Any], refuses: Refuses) -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    with refuses(errors.BadKeys):
        actions.enrol(ticket, now=people.now, **enrolment(ticket, **wrong))


@pytest.mark.parametrize("owner", [1, 2], ids=["of a member", "of a candidate"])
def test_keys_that_are_in_use_are_refused(owner: int, refuses: Refuses) -> None:
    people = found()
    candidate(people.members[0], 2, now=people.now)
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    with refuses(errors.KeysInUse):
        enrol(ticket, owner, now=people.now)


def test_single_credential_of_a_candidate_is_refused_in_another_entry(refuses: Refuses) -> None:
    people = found()
    candidate(people.members[0], 3, now=people.now)
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)
    wanted = enrolment(ticket)
    borrowed = keys_of(3).proofs(str(ticket.committee_id), ticket.number)["Ed25519"]
    text = public_keys_of(3)["credentials"]["Ed25519"]
    own = wanted["keys"]
    wanted["keys"] = {"member": own["member"], "credentials": {**own["credentials"], "Ed25519": text}}
    wanted["proofs"]["Ed25519"] = borrowed

    with refuses(errors.KeysInUse):
        actions.enrol(ticket, now=people.now, **wanted)


# Vouching


def test_one_vouch_carries_a_founding_entry() -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)

    completed = vouch(people.members[0], newcomer, now=people.now)

    entry = queries.roll_state(people.committee).entries[2]
    assert completed
    assert newcomer.member.state == Member.State.MEMBER
    assert (entry.founding, entry.vouchers, entry.day) == (True, (1,), FOUNDED_ON)
    assert roll_holds(people.committee)


def test_two_vouches_carry_a_later_entry() -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    before = queries.roll_head(people.committee)

    assert not vouch(people.members[2], newcomer, now=people.now)
    assert queries.roll_head(people.committee) == before
    assert newcomer.member.state == Member.State.CANDIDATE
    assert vouch(people.members[1], newcomer, now=people.now)

    entry = queries.roll_state(people.committee).entries[4]
    assert (entry.founding, entry.vouchers) == (False, (3, 2))
    assert newcomer.member.state == Member.State.MEMBER
    assert roll_holds(people.committee)


def test_vouches_of_two_days_stand_in_the_order_of_their_days() -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    vouch(people.members[2], newcomer, now=people.now)
    people.day += timedelta(days=4)

    vouch(people.members[0], newcomer, now=people.now)

    line = json.loads(queries.roll_lines(people.committee)[-1])
    assert [(each["by"], each["day"]) for each in line["vouches"]] == [(3, "2026-01-05"), (1, "2026-01-09")]
    assert line["day"] == "2026-01-09"
    assert roll_holds(people.committee)


def test_vouch_of_one_who_left_in_between_no_longer_counts() -> None:
    people = make_committee(4)
    newcomer = candidate(people.members[0], 5, now=people.now)
    vouch(people.members[1], newcomer, now=people.now)
    departure(people, 2)

    assert not vouch(people.members[0], newcomer, now=people.now)
    assert queries.vouches_missing(newcomer.member) == 1
    assert vouch(people.members[2], newcomer, now=people.now)

    assert queries.roll_state(people.committee).entries[5].vouchers == (1, 3)
    assert roll_holds(people.committee)


def test_vouch_for_oneself_is_refused(refuses: Refuses) -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)

    with refuses(errors.VouchForYourself):
        vouch(newcomer, newcomer, now=people.now)
    with refuses(errors.VouchForYourself):
        vouch(people.members[0], people.members[0], now=people.now)


def test_candidates_cannot_vouch_for_each_other_in_a_circle(refuses: Refuses) -> None:
    people = make_committee(3)
    one, other = (candidate(people.members[0], index, now=people.now) for index in (4, 5))

    with refuses(errors.VoucherNotOnTheRoll):
        vouch(one, other, now=people.now)
    with refuses(errors.VoucherNotOnTheRoll):
        vouch(other, one, now=people.now)


def test_vouch_for_a_member_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)

    with refuses(errors.AlreadyOnTheRoll):
        vouch(people.members[0], people.members[1], now=people.now)


def test_second_vouch_of_the_same_member_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    vouch(people.members[0], newcomer, now=people.now)

    with refuses(errors.AlreadyVouched):
        vouch(people.members[0], newcomer, now=people.now)


def test_vouch_for_somebody_of_another_committee_is_refused(refuses: Refuses) -> None:
    ours, theirs = found(), found(index=8)
    stranger = candidate(theirs.members[0], 9, now=theirs.now)

    with refuses(errors.OtherCommittee):
        vouch(ours.members[0], stranger, now=ours.now)


def test_vouch_signed_on_another_day_is_refused(refuses: Refuses) -> None:
    people = found()
    newcomer, voucher = candidate(people.members[0], 2, now=people.now), people.members[0]
    statement = roll.vouch_statement(str(people.committee.pk), 2, FOUNDED_ON, newcomer.member.keys)

    with refuses(errors.DayHasChanged):
        actions.vouch(
            voucher.member,
            newcomer.member,
            day=FOUNDED_ON,
            signature=voucher.keys.sign(statement),
            now=people.now + timedelta(days=1),
        )


def test_day_of_a_vouch_is_that_of_the_committees_zone() -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)
    late_in_the_evening = datetime(2026, 1, 6, 7, 59, tzinfo=UTC)

    vouch(people.members[0], newcomer, now=late_in_the_evening)

    assert queries.roll_state(people.committee).entries[2].day == date(2026, 1, 5)


def test_vouch_that_another_key_signed_is_refused(refuses: Refuses) -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)

    with refuses(errors.SignatureRefused):
        vouch(Person(people.members[0].member, newcomer.keys), newcomer, now=people.now)


def test_vouch_for_keys_that_the_server_swapped_is_refused(refuses: Refuses) -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)
    statement = roll.vouch_statement(str(people.committee.pk), 2, FOUNDED_ON, public_keys_of(3))

    with refuses(errors.SignatureRefused):
        actions.vouch(
            people.members[0].member,
            newcomer.member,
            day=FOUNDED_ON,
            signature=people.members[0].keys.sign(statement),
            now=people.now,
        )


def test_member_vouches_from_the_seventh_day(refuses: Refuses) -> None:
    people = make_committee(4)
    newcomer = candidate(people.members[0], 5, now=people.now)
    joined_on = queries.roll_state(people.committee).entries[4].day

    with refuses(errors.VoucherTooNew):
        vouch(people.members[3], newcomer, now=noon(people.committee, joined_on + timedelta(days=6)))
    assert not vouch(people.members[3], newcomer, now=noon(people.committee, joined_on + timedelta(days=7)))


def test_refusal_of_a_new_voucher_says_from_when() -> None:
    people = make_committee(4)
    newcomer = candidate(people.members[0], 5, now=people.now)

    with pytest.raises(errors.VoucherTooNew, match="2026-01-12"):
        vouch(people.members[3], newcomer, now=people.now)


def test_sixth_vouch_of_a_month_is_refused_while_the_first_five_wait(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomers = [candidate(people.members[0], index, now=people.now) for index in range(4, 10)]
    for newcomer in newcomers[:5]:
        vouch(people.members[0], newcomer, now=people.now)

    with refuses(errors.VouchesUsedUp):
        vouch(people.members[0], newcomers[5], now=people.now)


def test_sixth_vouch_of_a_month_is_refused_when_the_first_five_are_on_the_roll(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomers = [candidate(people.members[0], index, now=people.now) for index in range(4, 10)]
    for newcomer, second in zip(newcomers[:5], [2, 3, 2, 3, 2], strict=True):
        vouch(people.members[0], newcomer, now=people.now)
        vouch(people.members[second - 1], newcomer, now=people.now)

    with refuses(errors.VouchesUsedUp):
        vouch(people.members[0], newcomers[5], now=people.now)
    people.day = date(2026, 2, 1)
    assert not vouch(people.members[0], newcomers[5], now=people.now)
    assert roll_holds(people.committee)


def test_member_under_objection_cannot_vouch(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    objection(people, 2, by=3)

    with refuses(errors.VoucherNotOnTheRoll):
        vouch(people.members[1], newcomer, now=people.now)


def test_member_who_left_cannot_vouch(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    departure(people, 2)

    with refuses(errors.VoucherNotOnTheRoll):
        vouch(people.members[1], newcomer, now=people.now)


def test_candidate_whose_key_got_on_the_roll_elsewhere_does_not_enter(refuses: Refuses) -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)
    Member.objects.filter(pk=newcomer.member.pk).update(
        keys=people.members[0].member.keys, proofs=keys_of(1).proofs(str(people.committee.pk), 2)
    )
    newcomer.member.refresh_from_db()

    with refuses(errors.KeysInUse):
        vouch(people.members[0], newcomer, now=people.now)


# Objecting and leaving


def test_objection_is_on_the_roll_until_it_is_taken_back() -> None:
    people = make_committee(3)

    objection(people, 2, by=3)

    assert queries.roll_state(people.committee).entries[2].objections == {3}
    assert roll_holds(people.committee)
    withdrawal(people, 2, by=3)
    assert queries.roll_state(people.committee).entries[2].in_good_standing
    assert roll_holds(people.committee)


def test_second_objection_of_the_same_member_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    objection(people, 2, by=3)

    with refuses(errors.AlreadyObjected):
        objection(people, 2, by=3)


def test_objection_after_the_objection_days_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    people.day += timedelta(days=3)

    with refuses(errors.TooLateToObject):
        objection(people, 2, by=3)


def test_objection_ends_when_the_member_who_made_it_leaves(refuses: Refuses) -> None:
    people = make_committee(3)
    objection(people, 2, by=3)
    departure(people, 3)

    assert queries.roll_state(people.committee).entries[2].in_good_standing
    assert roll_holds(people.committee)
    with refuses(errors.NoObjection):
        withdrawal(people, 2, by=3)


def test_objection_to_oneself_or_to_nobody_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)

    with refuses(errors.ObjectionToYourself):
        objection(people, 2, by=2)
    with refuses(errors.NoSuchEntry):
        objection(people, 9, by=2)


def test_objection_to_one_who_left_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    departure(people, 2)

    with refuses(errors.NoSuchEntry):
        objection(people, 2, by=3)


def test_objection_that_another_key_signed_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    people.members[2] = Person(people.members[2].member, people.members[0].keys)

    with refuses(errors.SignatureRefused):
        objection(people, 2, by=3)


def test_objection_signed_on_another_day_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    member, keys = people.members[2]
    yesterday = people.day - timedelta(days=1)
    signature = keys.sign(roll.objection_statement(str(people.committee.pk), 2, yesterday))

    with refuses(errors.DayHasChanged):
        actions.object_to(2, by=member, day=yesterday, signature=signature, now=people.now)


def test_objection_of_another_member_cannot_be_taken_back(refuses: Refuses) -> None:
    people = make_committee(3)
    objection(people, 2, by=3)

    with refuses(errors.NoObjection):
        withdrawal(people, 2, by=1)


def test_withdrawal_that_another_key_signed_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    objection(people, 2, by=3)
    people.members[2] = Person(people.members[2].member, people.members[0].keys)

    with refuses(errors.SignatureRefused):
        withdrawal(people, 2, by=3)


def test_leaving_ends_the_entry_and_forgets_the_person() -> None:
    people = make_committee(3)
    founder = people.members[0].member
    site = actions.add_site(founder, name="Main", now=people.now)
    unit = actions.add_unit(founder, site=site, name="ICU", headcount=40, now=people.now)
    leaving = admit(people, unit=unit)
    give_role(people, leaving, TELLER)
    invitation, _ = invite(leaving, now=people.now)
    actions.remember_device(leaving.member)

    departure(people, 4)

    member = Member.objects.get(pk=leaving.member.pk)
    assert (member.state, member.handle, member.unit, member.occupation) == (
        Member.State.LEFT,
        "",
        None,
        None,
    )
    assert queries.roll_state(people.committee).entries[4].ended
    assert queries.roles_of(member) == set()
    assert payloads(people.committee, "role_ended") == [
        {"number": 4, "role": "teller", "day": people.day.isoformat(), "left_the_roll": True}
    ]
    assert not Device.objects.filter(member=member).exists()
    invitation.refresh_from_db()
    assert invitation.uses_left == 0
    assert roll_holds(people.committee)


def test_leaving_tells_the_ledger_nothing_of_one_without_a_role() -> None:
    people = make_committee(3)
    before = LedgerEntry.objects.count()

    departure(people, 3)

    assert LedgerEntry.objects.count() == before


def test_leaving_twice_or_before_joining_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    departure(people, 3)
    people.members.append(candidate(people.members[0], 4, now=people.now))

    with refuses(errors.NotOnTheRoll):
        departure(people, 3)
    with refuses(errors.NotOnTheRoll):
        departure(people, 4)


def test_leaving_without_the_own_signature_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    people.members[2] = Person(people.members[2].member, people.members[0].keys)

    with refuses(errors.SignatureRefused):
        departure(people, 3)


def test_candidate_who_gives_up_is_forgotten_and_may_come_again(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    vouch(people.members[0], newcomer, now=people.now)
    gone = Person(Member.objects.get(pk=newcomer.member.pk), newcomer.keys)

    actions.give_up_joining(newcomer.member)

    assert not Member.objects.filter(pk=gone.member.pk).exists()
    assert not Vouch.objects.filter(candidate=gone.member.pk).exists()
    with refuses(errors.NobodyWaits):
        actions.vouch(people.members[1].member, gone.member, day=people.day, signature="", now=people.now)
    assert candidate(people.members[0], 4, now=people.now).member.number == 5


def test_member_on_the_roll_does_not_leave_without_signing() -> None:
    people = make_committee(3)

    actions.give_up_joining(people.members[1].member)

    assert Member.objects.get(number=2).state == Member.State.MEMBER


# Roles


def test_role_is_given_by_two_signatures_that_the_ledger_keeps() -> None:
    people = make_committee(3)
    founder, second, third = people.members
    role = actions.propose_role(third.member, TRUSTEE, by=founder.member, now=people.now)
    statement = actions.statement_of(role)
    signatures = [person.keys.sign(statement) for person in (founder, second)]

    assert not actions.confirm_role(role, by=founder.member, signature=signatures[0], now=people.now)
    assert queries.roles_of(third.member) == set()
    assert actions.confirm_role(role, by=second.member, signature=signatures[1], now=people.now)

    assert queries.roles_of(third.member) == {TRUSTEE}
    assert payloads(people.committee, "role_given")[-1] == {
        "number": 3,
        "role": "trustee",
        "day": people.day.isoformat(),
        "confirmations": [{"by": 1, "signature": signatures[0]}, {"by": 2, "signature": signatures[1]}],
    }


def test_statement_of_a_role_is_that_of_the_specification() -> None:
    people = make_committee(3)

    role = actions.propose_role(people.members[2].member, TELLER, by=people.members[0].member, now=people.now)

    assert actions.statement_of(role) == {
        "type": "openfloor/role/1",
        "committee": str(people.committee.pk),
        "number": 3,
        "role": "teller",
        "day": people.day.isoformat(),
    }


def proposed(people: CommitteeOfPeople) -> Role:
    return actions.propose_role(
        people.members[2].member, TRUSTEE, by=people.members[0].member, now=people.now
    )


def confirm(role: Role, person: Person, people: CommitteeOfPeople) -> bool:
    signature = person.keys.sign(actions.statement_of(role))
    return actions.confirm_role(role, by=person.member, signature=signature, now=people.now)


def test_role_is_proposed_once(refuses: Refuses) -> None:
    people = make_committee(3)
    proposed(people)

    with refuses(errors.AlreadyProposed):
        proposed(people)


def test_role_for_or_by_somebody_not_on_the_roll_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)

    with refuses(errors.NotOnTheRoll):
        actions.propose_role(newcomer.member, TELLER, by=people.members[0].member, now=people.now)
    with refuses(errors.NotOnTheRoll):
        actions.propose_role(people.members[0].member, TELLER, by=newcomer.member, now=people.now)


def test_role_for_somebody_under_objection_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    objection(people, 3, by=2)

    with refuses(errors.UnderObjection):
        proposed(people)


def test_role_in_another_committee_is_refused(refuses: Refuses) -> None:
    ours, theirs = make_committee(3), found(index=8)

    with refuses(errors.OtherCommittee):
        actions.propose_role(ours.members[2].member, TELLER, by=theirs.members[0].member, now=ours.now)
    role = proposed(ours)
    with refuses(errors.OtherCommittee):
        confirm(role, theirs.members[0], ours)


def test_nobody_confirms_their_own_role(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)

    with refuses(errors.RoleForYourself):
        confirm(role, people.members[2], people)


def test_role_is_confirmed_once_by_each_member(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)
    confirm(role, people.members[0], people)

    with refuses(errors.AlreadyConfirmed):
        confirm(role, people.members[0], people)


def test_confirmation_that_another_key_signed_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)

    with refuses(errors.SignatureRefused):
        confirm(role, Person(people.members[1].member, people.members[0].keys), people)


def test_confirmation_by_a_candidate_or_under_objection_is_refused(refuses: Refuses) -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    role = proposed(people)
    objection(people, 2, by=1)

    with refuses(errors.NotOnTheRoll):
        confirm(role, newcomer, people)
    with refuses(errors.UnderObjection):
        confirm(role, people.members[1], people)


def test_confirmation_of_one_who_left_no_longer_counts() -> None:
    people = make_committee(5)
    role = proposed(people)
    confirm(role, people.members[1], people)
    departure(people, 2)

    assert not confirm(role, people.members[0], people)
    assert confirm(role, people.members[3], people)

    assert [each["by"] for each in payloads(people.committee, "role_given")[-1]["confirmations"]] == [1, 4]


def test_third_confirmation_is_refused(refuses: Refuses) -> None:
    people = make_committee(4)
    role = give_role(people, people.members[2], TRUSTEE)

    with refuses(errors.NotProposed):
        confirm(role, people.members[3], people)


def test_proposal_is_declined_by_the_one_it_is_for_only(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)

    with refuses(errors.NotProposed):
        actions.decline_role(role, by=people.members[0].member)
    actions.decline_role(role, by=people.members[2].member)

    role.refresh_from_db()
    assert role.state == Role.State.ENDED
    with refuses(errors.NotProposed):
        confirm(role, people.members[1], people)
    assert proposed(people).state == Role.State.PROPOSED


def resign(role: Role, person: Person, people: CommitteeOfPeople, day: date | None = None) -> None:
    day = day or people.day
    statement = roll.role_resigned_statement(str(people.committee.pk), person.member.number, role.kind, day)
    signature = person.keys.sign(statement)
    actions.resign_role(role, by=person.member, day=day, signature=signature, now=people.now)


def test_resigning_ends_the_role_and_the_ledger_keeps_the_signature() -> None:
    people = make_committee(3)
    holder = people.members[2]
    role = give_role(people, holder, TRUSTEE)

    resign(role, holder, people)

    ended = payloads(people.committee, "role_ended")[0]
    statement = roll.role_resigned_statement(str(people.committee.pk), 3, "trustee", people.day)
    assert queries.roles_of(holder.member) == set()
    assert check_signature(holder.member.keys["member"], statement, ended.pop("signature"))
    assert ended == {"number": 3, "role": "trustee", "day": people.day.isoformat()}


def test_resigning_is_for_the_holder_today_and_with_their_key(refuses: Refuses) -> None:
    people = make_committee(3)
    founder, _, holder = people.members
    role = give_role(people, holder, TRUSTEE)

    with refuses(errors.RoleNotHeld):
        resign(role, founder, people)
    with refuses(errors.DayHasChanged):
        resign(role, holder, people, day=people.day - timedelta(days=1))
    with refuses(errors.SignatureRefused):
        resign(role, Person(holder.member, founder.keys), people)


def test_role_that_is_only_proposed_cannot_be_resigned(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)

    with refuses(errors.RoleNotHeld):
        resign(role, people.members[2], people)


def elect(people: CommitteeOfPeople, number: int, kind: str, ballot: str = BALLOT) -> None:
    member = people.members[number - 1].member
    actions.give_role_by_ballot(member, kind, ballot_uuid=ballot, now=people.now)


def recall(people: CommitteeOfPeople, number: int, kind: str) -> None:
    member = people.members[number - 1].member
    actions.end_role_by_ballot(member, kind, ballot_uuid=RECALL, now=people.now)


def roles(people: CommitteeOfPeople) -> list[tuple[int, str, str]]:
    """Every role there was, in the order in which they were given or proposed."""
    ever = Role.objects.filter(member__committee=people.committee).order_by("pk")
    return list(ever.values_list("member__number", "kind", "state"))


def told(people: CommitteeOfPeople) -> list[tuple[str, Any]]:
    """What the ledger says about roles after the founding."""
    entries = LedgerEntry.objects.filter(
        committee_id=people.committee.pk, kind__in=["role_given", "role_ended"]
    )
    return [(entry.kind, json.loads(entry.payload or "null")) for entry in entries.order_by("number")][1:]


def by_ballot(
    people: CommitteeOfPeople, number: int, kind: str, ballot: str = BALLOT, **more: Any
) -> dict[str, Any]:
    return {"number": number, "role": kind, "day": people.day.isoformat(), "by_ballot": ballot, **more}


def test_ballot_gives_a_role_and_the_ledger_names_the_ballot() -> None:
    people = make_committee(3)

    elect(people, 3, TELLER)

    assert roles(people) == [(1, ORGANISER, "held"), (3, TELLER, "held")]
    assert told(people) == [("role_given", by_ballot(people, 3, "teller", confirmations=[]))]
    assert Role.objects.get(kind=TELLER).day == people.day
    assert chain.verify_export(list(export_lines(people.committee.pk))) == []


def test_first_organiser_who_is_elected_follows_the_founder() -> None:
    people = make_committee(3)

    elect(people, 3, ORGANISER)

    assert roles(people) == [(1, ORGANISER, "ended"), (3, ORGANISER, "held")]
    assert told(people) == [
        ("role_given", by_ballot(people, 3, "organiser", confirmations=[])),
        ("role_ended", by_ballot(people, 1, "organiser")),
    ]


def test_organiser_who_is_elected_later_stands_beside_the_first() -> None:
    people = make_committee(3)
    elect(people, 3, ORGANISER)

    elect(people, 2, ORGANISER, RECALL)

    assert roles(people) == [(1, ORGANISER, "ended"), (3, ORGANISER, "held"), (2, ORGANISER, "held")]
    assert told(people)[2:] == [("role_given", by_ballot(people, 2, "organiser", RECALL, confirmations=[]))]


def test_founder_who_is_elected_stays_organiser_when_others_are_elected_later() -> None:
    people = make_committee(3)

    elect(people, 1, ORGANISER)
    elect(people, 3, ORGANISER, RECALL)

    assert roles(people) == [(1, ORGANISER, "ended"), (1, ORGANISER, "held"), (3, ORGANISER, "held")]
    assert told(people) == [
        ("role_given", by_ballot(people, 1, "organiser", confirmations=[])),
        ("role_given", by_ballot(people, 3, "organiser", RECALL, confirmations=[])),
    ]


def test_founder_who_was_given_the_role_again_by_signatures_keeps_it_when_another_is_elected() -> None:
    people = make_committee(4)
    founder = people.members[0]
    resign(Role.objects.get(kind=ORGANISER), founder, people)
    give_role(people, founder, ORGANISER)

    elect(people, 3, ORGANISER)

    assert roles(people) == [(1, ORGANISER, "ended"), (1, ORGANISER, "held"), (3, ORGANISER, "held")]
    assert [(kind, payload["number"]) for kind, payload in told(people)] == [
        ("role_ended", 1),
        ("role_given", 1),
        ("role_given", 3),
    ]


def test_member_who_held_a_role_by_signatures_holds_it_by_the_ballot() -> None:
    people = make_committee(3)
    give_role(people, people.members[2], TRUSTEE)

    elect(people, 3, TRUSTEE)

    assert roles(people) == [(1, ORGANISER, "held"), (3, TRUSTEE, "ended"), (3, TRUSTEE, "held")]
    assert told(people)[1:] == [("role_given", by_ballot(people, 3, "trustee", confirmations=[]))]


def test_proposal_is_settled_when_its_member_is_elected(refuses: Refuses) -> None:
    people = make_committee(3)
    role = proposed(people)
    confirm(role, people.members[0], people)

    elect(people, 3, TRUSTEE)

    assert roles(people) == [(1, ORGANISER, "held"), (3, TRUSTEE, "ended"), (3, TRUSTEE, "held")]
    with refuses(errors.NotProposed):
        confirm(role, people.members[1], people)


def test_member_under_objection_is_given_a_role_by_ballot() -> None:
    people = make_committee(3)
    objection(people, 3, by=2)

    elect(people, 3, TELLER)

    assert roles(people) == [(1, ORGANISER, "held"), (3, TELLER, "held")]


def test_ballot_gives_no_role_to_one_who_left_or_has_not_joined(refuses: Refuses) -> None:
    people = make_committee(3)
    gone = Member.objects.get(number=3)
    departure(people, 3)
    people.members.append(candidate(people.members[0], 4, now=people.now))

    with refuses(errors.NotOnTheRoll):
        actions.give_role_by_ballot(gone, ORGANISER, ballot_uuid=BALLOT, now=people.now)
    with refuses(errors.NotOnTheRoll):
        elect(people, 4, ORGANISER)


def test_ballot_gives_no_role_that_there_is_not() -> None:
    people = make_committee(3)
    before = roles(people)

    with pytest.raises(ValueError, match="president"):
        elect(people, 3, "president")

    assert (roles(people), told(people)) == (before, [])


@pytest.mark.parametrize("elected", [False, True], ids=["given by signatures", "given by ballot"])
def test_ballot_ends_a_role_and_the_ledger_names_the_ballot(elected: bool) -> None:
    people = make_committee(3)
    if elected:
        elect(people, 3, TRUSTEE)
    else:
        give_role(people, people.members[2], TRUSTEE)

    recall(people, 3, TRUSTEE)

    assert roles(people) == [(1, ORGANISER, "held"), (3, TRUSTEE, "ended")]
    assert told(people)[1:] == [("role_ended", by_ballot(people, 3, "trustee", RECALL))]
    assert proposed(people).state == Role.State.PROPOSED


def test_ballot_ends_the_role_of_the_founder() -> None:
    people = make_committee(3)

    recall(people, 1, ORGANISER)

    assert roles(people) == [(1, ORGANISER, "ended")]
    assert told(people) == [("role_ended", by_ballot(people, 1, "organiser", RECALL))]
    elect(people, 3, ORGANISER)
    assert told(people)[1:] == [("role_given", by_ballot(people, 3, "organiser", confirmations=[]))]


def test_ballot_ends_no_role_that_is_not_held(refuses: Refuses) -> None:
    people = make_committee(4)
    role = give_role(people, people.members[3], TELLER)
    resign(role, people.members[3], people)
    proposed(people)

    with refuses(errors.MemberWithoutRole):
        recall(people, 2, TELLER)
    with refuses(errors.MemberWithoutRole):
        recall(people, 3, TRUSTEE)
    with refuses(errors.MemberWithoutRole):
        recall(people, 4, TELLER)


def test_refusal_of_a_role_leaves_the_count_it_belongs_to_as_it_is() -> None:
    people = make_committee(3)

    with transaction.atomic():
        site = actions.add_site(people.members[0].member, name="Main", now=people.now)
        with pytest.raises(errors.MemberWithoutRole):
            recall(people, 3, TELLER)

    assert Site.objects.get() == site


# Sites, units, occupations


def test_organiser_sets_up_the_workplace_and_the_ledger_tells() -> None:
    people = found()
    founder = people.members[0].member

    site = actions.add_site(founder, name=" Main  building ", now=people.now)
    actions.rename_site(site, by=founder, name="North", now=people.now)
    unit = actions.add_unit(founder, site=site, name="ICU", headcount=40, now=people.now)
    actions.change_unit(unit, by=founder, name="ICU 2", headcount=41, now=people.now)
    occupation = actions.add_occupation(founder, name="Nurse", headcount=300, now=people.now)
    actions.change_occupation(occupation, by=founder, name="Nurse", headcount=301, now=people.now)

    assert list(Site.objects.values_list("name")) == [("North",)]
    assert list(Unit.objects.values_list("name", "headcount")) == [("ICU 2", 41)]
    assert list(Occupation.objects.values_list("name", "headcount")) == [("Nurse", 301)]
    assert payloads(people.committee, "workplace_changed") == [
        {"what": "site", "id": site.pk, "name": "Main building", "by": 1},
        {"what": "site", "id": site.pk, "name": "North", "by": 1},
        {"what": "unit", "id": unit.pk, "site": site.pk, "name": "ICU", "headcount": 40, "by": 1},
        {"what": "unit", "id": unit.pk, "site": site.pk, "name": "ICU 2", "headcount": 41, "by": 1},
        {"what": "occupation", "id": occupation.pk, "name": "Nurse", "headcount": 300, "by": 1},
        {"what": "occupation", "id": occupation.pk, "name": "Nurse", "headcount": 301, "by": 1},
    ]


def test_member_without_the_role_changes_nothing(refuses: Refuses) -> None:
    people = make_committee(2)

    with refuses(errors.OrganisersOnly):
        actions.add_site(people.members[1].member, name="Main", now=people.now)
    with refuses(errors.OrganisersOnly):
        actions.add_occupation(people.members[1].member, name="Nurse", headcount=3, now=people.now)


def test_names_are_used_once(refuses: Refuses) -> None:
    people = found()
    founder = people.members[0].member
    site, other = (actions.add_site(founder, name=name, now=people.now) for name in ("Main", "North"))
    actions.add_unit(founder, site=site, name="ICU", headcount=40, now=people.now)
    actions.add_occupation(founder, name="Nurse", headcount=300, now=people.now)

    with refuses(errors.NameTaken):
        actions.add_site(founder, name="Main", now=people.now)
    with refuses(errors.NameTaken):
        actions.rename_site(other, by=founder, name="Main", now=people.now)
    with refuses(errors.NameTaken):
        actions.add_unit(founder, site=site, name="ICU", headcount=1, now=people.now)
    with refuses(errors.NameTaken):
        actions.add_occupation(founder, name="Nurse", headcount=1, now=people.now)
    assert actions.add_unit(founder, site=other, name="ICU", headcount=4, now=people.now).site == other


def test_names_and_headcounts_that_are_none_are_refused(refuses: Refuses) -> None:
    people = found()
    founder = people.members[0].member
    site = actions.add_site(founder, name="Main", now=people.now)

    with refuses(errors.BadName):
        actions.add_site(founder, name="  ", now=people.now)
    with refuses(errors.BadName):
        actions.add_occupation(founder, name="x" * 81, headcount=1, now=people.now)
    with refuses(errors.BadHeadcount):
        actions.add_unit(founder, site=site, name="ICU", headcount=-1, now=people.now)
    with refuses(errors.BadHeadcount):
        actions.add_occupation(founder, name="Nurse", headcount=1_000_001, now=people.now)


def test_workplace_of_another_committee_is_refused(refuses: Refuses) -> None:
    ours, theirs = found(), found(index=8)
    founder, other = ours.members[0].member, theirs.members[0].member
    site = actions.add_site(other, name="Main", now=theirs.now)
    unit = actions.add_unit(other, site=site, name="ICU", headcount=40, now=theirs.now)
    occupation = actions.add_occupation(other, name="Nurse", headcount=300, now=theirs.now)

    with refuses(errors.UnknownPlace):
        actions.rename_site(site, by=founder, name="Ours", now=ours.now)
    with refuses(errors.UnknownPlace):
        actions.add_unit(founder, site=site, name="ER", headcount=4, now=ours.now)
    with refuses(errors.UnknownPlace):
        actions.change_unit(unit, by=founder, name="ER", headcount=4, now=ours.now)
    with refuses(errors.UnknownPlace):
        actions.change_occupation(occupation, by=founder, name="Nurse", headcount=4, now=ours.now)


# Two at once


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """Do the deeds in threads with connections of their own; what each returned or refused."""
    outcomes: list[object] = [None] * len(deeds)
    together = threading.Barrier(len(deeds))

    def run(index: int) -> None:
        together.wait()
        try:
            outcomes[index] = deeds[index]()
        except Refusal as refusal:
            outcomes[index] = type(refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def committee_again(people: CommitteeOfPeople) -> Committee:
    return Committee.objects.get(pk=people.committee.pk)


@pytest.mark.django_db(transaction=True)
def test_two_who_vouch_at_once_complete_one_entry() -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)

    outcomes = at_once(
        *(
            lambda voucher=voucher: vouch(
                voucher, Person(Member.objects.get(number=4), newcomer.keys), now=people.now
            )
            for voucher in people.members[:2]
        )
    )

    assert sorted(map(str, outcomes)) == ["False", "True"]
    assert sorted(queries.roll_state(committee_again(people)).entries[4].vouchers) == [1, 2]
    assert roll_holds(people.committee)


@pytest.mark.django_db(transaction=True)
def test_vouches_for_several_candidates_at_once_keep_the_roll_one_chain() -> None:
    people = found()
    newcomers = [candidate(people.members[0], index, now=people.now) for index in (2, 3, 4, 5)]

    outcomes = at_once(
        *(
            lambda newcomer=newcomer: vouch(people.members[0], newcomer, now=people.now)
            for newcomer in newcomers
        )
    )

    assert sorted(map(str, outcomes)) == ["False", "False", "True", "True"]
    assert RollRecord.objects.count() == 4
    assert roll_holds(people.committee)


@pytest.mark.django_db(transaction=True)
def test_same_vouch_sent_twice_at_once_is_kept_once() -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)

    outcomes = at_once(*[lambda: vouch(people.members[0], newcomer, now=people.now)] * 2)

    assert set(outcomes) == {False, errors.AlreadyVouched}
    assert Vouch.objects.filter(candidate=newcomer.member).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_enrol_under_one_number_at_once_become_one_candidate() -> None:
    people = found()
    ticket = actions.begin_joining(invite(people.members[0], now=people.now)[1], now=people.now)

    outcomes = at_once(*(lambda index=index: enrol(ticket, index, now=people.now).member for index in (2, 3)))

    assert sum(outcome is errors.NumberTaken for outcome in outcomes) == 1
    assert Member.objects.filter(number=2).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_founders_at_once_are_one() -> None:
    _, secret = actions.prepare_committee("Night shift", ZONE, now=NOW)
    tickets = [actions.begin_founding(secret, now=NOW) for _ in range(2)]

    outcomes = at_once(
        *(
            lambda ticket=ticket, index=index: enrol(ticket, index, now=NOW).member
            for index, ticket in enumerate(tickets, start=1)
        )
    )

    assert sum(outcome is errors.LinkUsedUp for outcome in outcomes) == 1
    assert Member.objects.count() == 1
    assert roll_holds(Committee.objects.get())


@pytest.mark.django_db(transaction=True)
def test_last_use_of_an_invitation_is_given_once() -> None:
    people = found()
    invitation, secret = invite(people.members[0], uses=1, now=people.now)

    outcomes = at_once(*[lambda: actions.begin_joining(secret, now=people.now)] * 4)

    assert sum(outcome is errors.LinkUsedUp for outcome in outcomes) == 3
    invitation.refresh_from_db()
    assert invitation.uses_left == 0


@pytest.mark.django_db(transaction=True)
def test_two_confirmations_at_once_give_the_role_once() -> None:
    people = make_committee(3)
    role = proposed(people)

    outcomes = at_once(
        *(lambda person=person: confirm(role, person, people) for person in people.members[:2])
    )

    assert sorted(map(str, outcomes)) == ["False", "True"]
    assert RoleConfirmation.objects.count() == 2
    assert len(payloads(people.committee, "role_given")) == 2


def test_committee_id_is_the_one_in_every_line() -> None:
    people = make_committee(4)

    ids = {json.loads(line)["committee"] for line in queries.roll_lines(people.committee)}

    assert ids == {str(people.committee.pk)}
    assert UUID(ids.pop()) == people.committee.pk


@pytest.mark.django_db(transaction=True)
def test_nothing_secret_of_a_member_is_kept() -> None:
    people = make_committee(2)
    for keys in (person.keys for person in people.members):
        actions.sign_in(keys.sign_in_secret, None, now=people.now)

    stored = everything()

    assert public_keys_of(2)["member"].encode() in stored
    for keys in (person.keys for person in people.members):
        numbers = [int(keys.sign_in_secret, 16), int.from_bytes(keys.signing_key.encode(), "big")]
        for number in [int.from_bytes(keys.root, "big"), *numbers, *keys.scalars.values()]:
            raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
            assert raw not in stored
            assert raw.hex().encode() not in stored
            assert str(number).encode() not in stored
        assert " ".join(words_from_root(keys.root)).encode() not in stored
