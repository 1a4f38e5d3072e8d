"""New keys for a member who lost theirs: every exit of every deed, and that a refusal changes nothing."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest

from factories import renewals
from factories.workplace import (
    CommitteeOfPeople,
    Person,
    admit,
    candidate,
    enrol,
    give_role,
    invite,
    keys_of,
    make_committee,
    public_keys_of,
)
from factories.workplace import vouch as vouch_for_newcomer
from openfloor.audit.models import LedgerEntry
from openfloor.ui.errors import Refusal
from openfloor.workplace import actions, errors, queries, roll
from openfloor.workplace.memberkeys import sign_in_hash
from openfloor.workplace.models import Device, Member, Renewal, RenewalVouch, Role, RollRecord, Vouch

pytestmark = pytest.mark.django_db

Refuses = Callable[[type[Refusal]], AbstractContextManager[None]]
NEW = 40  # the person whose keys the new device makes


@pytest.fixture
def people() -> CommitteeOfPeople:
    """Five, all of whom may vouch: the last two joined long ago."""
    people = make_committee(5)
    people.day += timedelta(days=40)
    return people


def later(people: CommitteeOfPeople, days: int) -> None:
    people.day += timedelta(days=days)


def last_record(people: CommitteeOfPeople) -> dict[str, object]:
    record: dict[str, object] = json.loads(queries.roll_lines(people.committee)[-1])
    return record


# The link


def test_link_keeps_the_hash_of_its_secret_and_a_day(people: CommitteeOfPeople) -> None:
    ada, _, cyd, *_ = people.members

    renewal, secret = renewals.invite_to_renew(ada, cyd.member, now=people.now)

    assert actions.begin_renewal(secret, now=people.now) == renewal
    assert (renewal.member, renewal.state, renewal.keys) == (cyd.member, "invited", {})
    assert renewal.expires_at == people.now + timedelta(days=1)
    assert secret not in str(renewal.__dict__)


def test_link_is_refused_to_who_is_under_objection_for_nobody_and_while_new_keys_wait(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, *_ = people.members
    newcomer = admit(people)
    statement = roll.objection_statement(str(people.committee.pk), newcomer.member.number, people.day)
    actions.object_to(
        newcomer.member.number,
        by=ada.member,
        day=people.day,
        signature=ada.keys.sign(statement),
        now=people.now,
    )
    waits = candidate(ada, 30, now=people.now)

    with refuses(errors.UnderObjection):
        renewals.invite_to_renew(newcomer, cyd.member, now=people.now)
    with refuses(errors.NoSuchEntry):
        actions.invite_to_renew(99, by=ada.member, secret_hash="0" * 64, now=people.now)
    with refuses(errors.NoSuchEntry):
        renewals.invite_to_renew(ada, waits.member, now=people.now)
    with refuses(errors.NotOnTheRoll):
        renewals.invite_to_renew(waits, cyd.member, now=people.now)
    with refuses(errors.BadLink):
        actions.invite_to_renew(cyd.member.number, by=ada.member, secret_hash="short", now=people.now)
    renewals.renew(people, cyd.member, NEW)
    with refuses(errors.RenewalWaits):
        renewals.invite_to_renew(ben, cyd.member, now=people.now)


def test_link_that_is_unknown_too_old_or_used_opens_nothing(people: CommitteeOfPeople) -> None:
    ada, _, cyd, *_ = people.members
    renewal, secret = renewals.invite_to_renew(ada, cyd.member, now=people.now)

    with pytest.raises(errors.UnknownLink):
        actions.begin_renewal("another", now=people.now)
    with pytest.raises(errors.LinkExpired):
        actions.begin_renewal(secret, now=people.now + timedelta(days=1))
    renewals.hand_in_keys(renewal, NEW, now=people.now)
    with pytest.raises(errors.LinkUsedUp):
        actions.begin_renewal(secret, now=people.now)


def test_links_nobody_used_are_forgotten(people: CommitteeOfPeople) -> None:
    ada, _, cyd, *_ = people.members
    renewal, _ = renewals.invite_to_renew(ada, cyd.member, now=people.now)
    later(people, 2)

    again, _ = renewals.invite_to_renew(ada, cyd.member, now=people.now)

    assert list(Renewal.objects.all()) == [again]
    assert again != renewal


# The keys


def test_keys_are_kept_and_the_same_sent_again_are_taken_again(people: CommitteeOfPeople) -> None:
    ada, _, cyd, *_ = people.members
    renewal, _ = renewals.invite_to_renew(ada, cyd.member, now=people.now)

    first = renewals.hand_in_keys(renewal, NEW, now=people.now)
    second = renewals.hand_in_keys(renewal, NEW, now=people.now)

    assert first == second
    assert (first.state, first.keys) == ("asked", public_keys_of(NEW))
    assert first.expires_at == people.now + timedelta(days=7)


def test_keys_are_refused_late_unproven_twice_or_when_somebody_has_them(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, *_ = people.members
    renewal, _ = renewals.invite_to_renew(ada, cyd.member, now=people.now)
    keys = keys_of(NEW)
    good = {
        "sign_in_hash": sign_in_hash(keys.sign_in_secret),
        "keys": public_keys_of(NEW),
        "proofs": keys.proofs(str(people.committee.pk), cyd.member.number),
    }

    with refuses(errors.LinkExpired):
        actions.ask_for_new_keys(renewal, **good, now=people.now + timedelta(days=1))  # type: ignore[arg-type]
    for bad in (
        {**good, "proofs": keys.proofs(str(people.committee.pk), ben.member.number)},
        {**good, "sign_in_hash": "short"},
        {**good, "keys": {"member": "x"}},
    ):
        with refuses(errors.BadKeys):
            actions.ask_for_new_keys(renewal, **bad, now=people.now)  # type: ignore[arg-type]
    with refuses(errors.KeysInUse):
        renewals.hand_in_keys(renewal, 3, now=people.now)  # their own old ones
    waits = candidate(ada, 30, now=people.now)
    assert waits
    with refuses(errors.KeysInUse):
        renewals.hand_in_keys(renewal, 30, now=people.now)
    renewals.ask(ada, ben.member, 31, now=people.now)
    with refuses(errors.KeysInUse):
        renewals.hand_in_keys(renewal, 31, now=people.now)
    renewals.hand_in_keys(renewal, NEW, now=people.now)
    with refuses(errors.LinkUsedUp):
        renewals.hand_in_keys(renewal, 41, now=people.now)


def test_newcomer_cannot_sign_in_as_new_keys_that_wait_will(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, _ben, cyd, *_ = people.members
    renewals.ask(ada, cyd.member, NEW, now=people.now)
    _, secret = invite(ada, uses=1, now=people.now)
    ticket = actions.begin_joining(secret, now=people.now)
    keys = keys_of(41)

    with refuses(errors.KeysInUse):
        actions.enrol(
            ticket,
            handle="Two at once",
            unit=None,
            occupation=None,
            sign_in_hash=sign_in_hash(keys_of(NEW).sign_in_secret),
            keys=public_keys_of(41),
            proofs=keys.proofs(str(ticket.committee_id), ticket.number),
            now=people.now,
        )
    with refuses(errors.KeysInUse):
        enrol(ticket, NEW, now=people.now)

    assert enrol(ticket, 41, now=people.now)


def test_new_keys_that_cannot_be_taken_keep_nobody_else_out(people: CommitteeOfPeople) -> None:
    ada, ben, cyd, *_ = people.members
    renewal = renewals.renew(people, cyd.member, NEW)
    Renewal.objects.filter(pk=renewal.pk).update(sign_in_hash=ben.member.sign_in_hash)
    later(people, 2)

    assert actions.sign_in(ada.keys.sign_in_secret, None, now=people.now) == ada.member

    assert Member.objects.get(pk=cyd.member.pk).keys == public_keys_of(3)
    renewal.refresh_from_db()
    assert renewal.state == "waiting"


# The vouches


def test_first_vouch_warns_the_old_device_and_changes_nothing_else(people: CommitteeOfPeople) -> None:
    ada, ben, cyd, *_ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    records = RollRecord.objects.count()
    assert Member.objects.get(pk=cyd.member.pk).renewal_asked is None

    complete = renewals.vouch(ben, renewal, now=people.now)

    assert complete is False
    assert Member.objects.get(pk=cyd.member.pk).renewal_asked == renewal
    assert RollRecord.objects.count() == records
    assert actions.sign_in(cyd.keys.sign_in_secret, None, now=people.now) == cyd.member


def test_second_vouch_puts_the_keys_on_the_roll_where_every_verifier_finds_them(
    people: CommitteeOfPeople,
) -> None:
    cyd = people.members[2]

    renewal = renewals.renew(people, cyd.member, NEW)

    record = last_record(people)
    assert record["type"] == roll.RENEWAL
    assert (record["number"], record["keys"], record["day"]) == (
        3,
        public_keys_of(NEW),
        people.day.isoformat(),
    )
    assert roll.verify(queries.roll_lines(people.committee)).findings == ()
    assert (renewal.state, renewal.counts_from) == ("waiting", people.day + timedelta(days=2))
    assert list(queries.renewals_waiting(people.committee)) == [renewal]


def test_other_requests_for_the_entry_end_with_the_record(people: CommitteeOfPeople) -> None:
    ada, _, cyd, *_ = people.members
    renewals.invite_to_renew(ada, cyd.member, now=people.now)
    renewals.ask(ada, cyd.member, 41, now=people.now)

    renewal = renewals.renew(people, cyd.member, NEW)

    assert list(Renewal.objects.all()) == [renewal]


def test_vouch_is_refused_to_oneself_twice_for_nobody_unsigned_and_on_another_day(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, *_ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    name = roll.fingerprint(renewal.keys)
    replaced = public_keys_of(3)
    statement = roll.renewal_statement(str(people.committee.pk), 3, people.day, renewal.keys, replaced)
    signature = ben.keys.sign(statement)

    with refuses(errors.VouchForYourself):
        renewals.vouch(cyd, renewal, now=people.now)
    with refuses(errors.NobodyAsksForKeys):
        actions.vouch_for_renewal(ben.member, 2, name, day=people.day, signature=signature, now=people.now)
    with refuses(errors.NobodyAsksForKeys):
        actions.vouch_for_renewal(
            ben.member, 3, "another", day=people.day, signature=signature, now=people.now
        )
    with refuses(errors.SignatureRefused):
        actions.vouch_for_renewal(ada.member, 3, name, day=people.day, signature=signature, now=people.now)
    with refuses(errors.DayHasChanged):
        actions.vouch_for_renewal(
            ben.member, 3, name, day=people.day - timedelta(days=1), signature=signature, now=people.now
        )
    renewals.vouch(ben, renewal, now=people.now)
    with refuses(errors.AlreadyVouched):
        renewals.vouch(ben, renewal, now=people.now)


def test_vouch_counts_against_the_month_and_waits_for_new_members(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, *_ = people.members
    for index in range(50, 55):
        vouch_for_newcomer(ada, candidate(ben, index, now=people.now), now=people.now)
    newcomer = admit_by(people, 2, 3)
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)

    with refuses(errors.VouchesUsedUp):
        renewals.vouch(ada, renewal, now=people.now)
    with refuses(errors.VoucherTooNew):
        renewals.vouch(newcomer, renewal, now=people.now)


def admit_by(people: CommitteeOfPeople, *numbers: int) -> Person:
    newcomer = candidate(people.members[1], 60, now=people.now)
    for number in numbers:
        vouch_for_newcomer(people.members[number - 1], newcomer, now=people.now)
    return newcomer


def test_five_new_keys_in_a_month_leave_no_vouch_for_a_newcomer(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, dot, eve = people.members
    for index, member in enumerate((ben, cyd, dot, eve), start=70):
        renewals.vouch(ada, renewals.ask(ada, member.member, index, now=people.now), now=people.now)
    renewals.vouch(ada, renewals.ask(ada, ben.member, 80, now=people.now), now=people.now)
    newcomer = candidate(ben, 81, now=people.now)

    with refuses(errors.VouchesUsedUp):
        vouch_for_newcomer(ada, newcomer, now=people.now)


def test_vouch_of_eight_days_ago_is_not_counted(people: CommitteeOfPeople, refuses: Refuses) -> None:
    ada, ben, cyd, *_ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    renewals.vouch(ada, renewal, now=people.now)
    later(people, 8)

    with refuses(errors.NobodyAsksForKeys):
        renewals.vouch(ben, renewal, now=people.now)


# Two days later


def test_new_keys_count_two_days_later_and_the_old_device_is_shut_out(people: CommitteeOfPeople) -> None:
    ada, _ben, cyd, *_ = people.members
    actions.remember_device(cyd.member)
    renewal = renewals.renew(people, cyd.member, NEW)
    waits = candidate(ada, 30, now=people.now)
    vouch_for_newcomer(cyd, waits, now=people.now)
    rounds = cyd.member.session_round
    later(people, 1)
    actions.take_due_renewals(people.now)
    assert Member.objects.get(pk=cyd.member.pk).keys == public_keys_of(3)
    with pytest.raises(errors.KeyCountsLater):
        actions.sign_in(keys_of(NEW).sign_in_secret, None, now=people.now)
    assert actions.sign_in(cyd.keys.sign_in_secret, None, now=people.now) == cyd.member
    later(people, 1)

    signed_in = actions.sign_in(keys_of(NEW).sign_in_secret, None, now=people.now)

    assert signed_in == cyd.member
    assert signed_in.keys == public_keys_of(NEW)
    assert signed_in.session_round == rounds + 1
    assert not Device.objects.filter(member=cyd.member).exists()
    assert not Vouch.objects.filter(voucher=cyd.member, candidate=waits.member).exists()
    assert not RenewalVouch.objects.exists()
    with pytest.raises(errors.UnknownKey):
        actions.sign_in(cyd.keys.sign_in_secret, None, now=people.now)
    renewal.refresh_from_db()
    assert renewal.state == "done"


def test_who_has_new_keys_signs_with_them_and_no_more_with_the_old(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, *_ = people.members
    renewals.renew(people, cyd.member, NEW)
    later(people, 2)
    actions.take_due_renewals(people.now)
    cyd.member.refresh_from_db()
    renewed = Person(cyd.member, keys_of(NEW))
    newcomer = candidate(ada, 30, now=people.now)

    with refuses(errors.SignatureRefused):
        vouch_for_newcomer(cyd, newcomer, now=people.now)
    vouch_for_newcomer(renewed, newcomer, now=people.now)
    vouch_for_newcomer(ben, newcomer, now=people.now)

    assert newcomer.member.state == "member"
    assert roll.verify(queries.roll_lines(people.committee)).findings == ()


def test_next_ballot_knows_the_new_keys_and_one_called_before_the_old(people: CommitteeOfPeople) -> None:
    cyd = people.members[2]
    renewals.renew(people, cyd.member, NEW)
    position, _ = queries.roll_head(people.committee)

    def key_on(days: int) -> str:
        day = people.day + timedelta(days=days)
        return queries.entitled_members(people.committee, day, position)[2].keys["member"]

    assert [key_on(days) for days in (0, 1, 2)] == [
        public_keys_of(3)["member"],
        public_keys_of(3)["member"],
        public_keys_of(NEW)["member"],
    ]


def test_keys_can_be_renewed_again_and_old_ones_never_come_back(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, _ben, cyd, *_ = people.members
    renewals.renew(people, cyd.member, NEW)
    later(people, 2)
    actions.take_due_renewals(people.now)

    link, _ = renewals.invite_to_renew(ada, cyd.member, now=people.now)
    with refuses(errors.KeysInUse):
        renewals.hand_in_keys(link, 3, now=people.now)
    again = renewals.renew(people, cyd.member, 41)
    later(people, 2)
    actions.take_due_renewals(people.now)

    again.refresh_from_db()
    assert again.state == "done"
    assert Member.objects.get(pk=cyd.member.pk).keys == public_keys_of(41)


def test_renewal_goes_with_a_member_who_leaves(people: CommitteeOfPeople) -> None:
    cyd = people.members[2]
    renewals.renew(people, cyd.member, NEW)
    statement = roll.resignation_statement(str(people.committee.pk), 3, people.day)

    actions.leave(cyd.member, day=people.day, signature=cyd.keys.sign(statement), now=people.now)
    later(people, 2)
    actions.take_due_renewals(people.now)

    assert not Renewal.objects.exists()
    assert Member.objects.get(pk=cyd.member.pk).keys == public_keys_of(3)


# Stopping


def test_old_device_stops_what_one_colleague_vouched_for(people: CommitteeOfPeople, refuses: Refuses) -> None:
    ada, ben, cyd, *_ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    renewals.vouch(ada, renewal, now=people.now)

    renewals.stop(cyd, renewal, now=people.now)

    assert renewal.state == "stopped"
    with refuses(errors.NobodyAsksForKeys):
        renewals.vouch(ben, renewal, now=people.now)
    assert Member.objects.get(pk=cyd.member.pk).renewal_asked is None


@pytest.mark.parametrize("number", [3, 5])
def test_old_device_or_any_member_stops_what_waits_on_the_roll(
    people: CommitteeOfPeople, number: int
) -> None:
    cyd, by = people.members[2], people.members[number - 1]
    renewal = renewals.renew(people, cyd.member, NEW)

    renewals.stop(by, renewal, now=people.now)
    later(people, 2)
    actions.take_due_renewals(people.now)

    assert renewal.state == "stopped"
    assert last_record(people)["type"] == roll.RENEWAL_STOPPED
    assert last_record(people)["by"] == number
    assert roll.verify(queries.roll_lines(people.committee)).findings == ()
    assert Member.objects.get(pk=cyd.member.pk).keys == public_keys_of(3)
    assert not queries.renewals_waiting(people.committee).exists()


def test_stop_is_refused_unsigned_by_the_new_key_for_nothing_and_too_late(
    people: CommitteeOfPeople, refuses: Refuses
) -> None:
    ada, ben, cyd, dot, _ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    renewals.vouch(ada, renewal, now=people.now)
    with refuses(errors.SignatureRefused):
        renewals.stop(cyd, renewal, now=people.now, signed_by=keys_of(NEW))
    with refuses(errors.NoRenewal):
        renewals.stop(dot, renewal, now=people.now)  # nothing of it is public yet
    renewals.vouch(ben, renewal, now=people.now)
    with refuses(errors.SignatureRefused):
        renewals.stop(cyd, renewal, now=people.now, signed_by=keys_of(NEW))
    with refuses(errors.NoRenewal):
        actions.stop_renewal(3, "0" * 64, by=cyd.member, day=people.day, signature="0" * 128, now=people.now)
    with refuses(errors.DayHasChanged):
        actions.stop_renewal(
            3, "0" * 64, by=cyd.member, day=people.day - timedelta(1), signature="0" * 128, now=people.now
        )
    later(people, 2)
    with refuses(errors.NoRenewal):
        renewals.stop(dot, renewal, now=people.now)


def test_ledger_names_officers_whose_key_changes_and_nobody_else(people: CommitteeOfPeople) -> None:
    cyd, dot = people.members[2], people.members[3]
    give_role(people, cyd, Role.Kind.TELLER)
    lines = LedgerEntry.objects.count()

    renewals.renew(people, dot.member, 41)
    assert LedgerEntry.objects.count() == lines
    renewal = renewals.renew(people, cyd.member, NEW)
    renewals.stop(cyd, renewal, now=people.now)

    told = [
        (entry.kind, json.loads(entry.payload or ""))
        for entry in LedgerEntry.objects.order_by("number")[lines:]
    ]
    assert told == [
        (
            "key_renewal",
            {
                "number": 3,
                "roles": ["teller"],
                "counts_from": (people.day + timedelta(days=2)).isoformat(),
            },
        ),
        ("key_renewal_stopped", {"number": 3, "roles": ["teller"], "by": 3}),
    ]


def test_founders_alone_can_renew_a_key_of_one_of_three() -> None:
    people = make_committee(3)

    renewal = renewals.renew(people, people.members[0].member, NEW)

    assert renewal.state == "waiting"


def test_two_are_too_few_to_renew_a_key() -> None:
    people = make_committee(2)

    renewal = renewals.renew(people, people.members[0].member, NEW)

    assert renewal.state == "asked"


def test_where_the_rules_ask_for_three_vouches_new_keys_need_three() -> None:
    people = make_committee(4, rules=roll.Rules(vouches=3))
    later(people, 40)
    renewal = renewals.renew(people, people.members[0].member, NEW)
    assert renewal.state == "asked"

    renewals.vouch(people.members[3], renewal, now=people.now)

    assert renewal.state == "waiting"
