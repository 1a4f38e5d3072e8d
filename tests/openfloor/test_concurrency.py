"""Many at once, each with a connection of their own, on whichever database the tests run on."""

import hashlib
import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from factories.at_once import at_once
from factories.ballots import OWN_KEYS, Called, ballot_in_state, draft
from factories.workplace import candidate, enrol, found, invite, keys_of, make_committee
from openballot import verifier
from openballot.groups import named
from openballot.trustees import parse_trustees
from openfloor.audit import chain
from openfloor.audit import queries as ledger
from openfloor.audit.actions import record
from openfloor.ballots import actions, blindkey, queries
from openfloor.ballots.devices import KeyMaker, sign_freeze
from openfloor.ballots.models import Ballot, BoardEvent, Trustee
from openfloor.locks import alone_at
from openfloor.workplace import actions as workplace
from openfloor.workplace import roll
from openfloor.workplace.memberkeys import sign_in_hash
from openfloor.workplace.models import Invitation, Member, Role, StrangerBudget
from openfloor.workplace.queries import roll_lines, today
from openfloor.workplace.sessions import SessionStore

pytestmark = pytest.mark.django_db(transaction=True)


def kinds_of(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def refuse_broken_chains(people: Any) -> None:
    """What an observer would find in the roll and the ledger."""
    lines = list(ledger.export_lines(people.committee.pk))
    assert chain.verify_export(lines, None) == []
    text = "".join(f"{line}\n" for line in roll_lines(people.committee))
    assert roll.verify_file(text.encode()).findings == ()


def test_ledger_numbers_records_of_many_without_gap_or_fork() -> None:
    people = found()
    before = ledger.entries(people.committee.pk).count()

    def write(thread: int) -> list[int]:
        return [
            record(
                people.committee.pk, "workplace_changed", {"by": thread, "turn": turn}, now=people.now
            ).number
            for turn in range(10)
        ]

    results = at_once([partial(write, thread) for thread in range(8)])

    numbers = [number for result in results for number in result]
    assert sorted(numbers) == list(range(before, before + 80))
    refuse_broken_chains(people)


def test_ledger_of_a_deed_that_fails_gives_its_number_to_the_next() -> None:
    people = found()

    def write(thread: int) -> None:
        with transaction.atomic():
            record(people.committee.pk, "workplace_changed", {"by": thread}, now=people.now)
            if thread % 2:
                raise RuntimeError

    before = ledger.entries(people.committee.pk).count()

    results = at_once([partial(write, thread) for thread in range(8)])

    assert kinds_of(results) == ["NoneType"] * 4 + ["RuntimeError"] * 4
    assert ledger.entries(people.committee.pk).count() == before + 4
    refuse_broken_chains(people)


def test_invitation_gives_as_many_numbers_as_it_has_uses() -> None:
    people = found()
    _, secret = invite(people.members[0], uses=3, now=people.now)

    results = at_once([lambda: workplace.begin_joining(secret, now=people.now)] * 8)

    assert kinds_of(results) == ["LinkUsedUp"] * 5 + ["Ticket"] * 3
    assert sorted(ticket.number for ticket in results if isinstance(ticket, workplace.Ticket)) == [2, 3, 4]
    assert Invitation.objects.get().uses_left == 0


def test_invitation_that_is_sent_twice_is_made_once() -> None:
    people = found()
    inviter = people.members[0].member

    results = at_once(
        [
            lambda: workplace.make_invitation(
                inviter,
                secret_hash="ab" * 32,
                uses=1,
                expires_at=people.now + timedelta(days=1),
                now=people.now,
            )
        ]
        * 6
    )

    assert kinds_of(results) == ["Invitation"] + ["InvitationMadeAlready"] * 5
    assert Invitation.objects.count() == 1


def test_enrolment_that_is_sent_by_many_makes_one_member() -> None:
    people = found()
    _, secret = invite(people.members[0], uses=1, now=people.now)
    ticket = workplace.begin_joining(secret, now=people.now)

    results = at_once([lambda: enrol(ticket, 2, now=people.now).member] * 6)

    assert [member.number for member in results if isinstance(member, Member)] == [2] * 6
    assert Member.objects.filter(committee=people.committee).count() == 2


def test_same_key_joins_one_of_two_committees_at_once() -> None:
    tickets = []
    for index in (1, 2):
        people = found(name=f"Committee {index}", index=index)
        _, secret = invite(people.members[0], uses=1, now=people.now)
        tickets.append(workplace.begin_joining(secret, now=people.now))
    now = people.now
    keys_of(7).proofs(str(tickets[0].committee_id), 2)  # made once, before the race

    results = at_once([partial(enrol, ticket, 7, now=now) for ticket in tickets])

    assert kinds_of(results) == ["KeysInUse", "Person"]
    assert Member.objects.filter(sign_in_hash=sign_in_hash(keys_of(7).sign_in_secret)).count() == 1


def test_vouches_of_all_at_once_put_a_candidate_on_the_roll_once() -> None:
    people = make_committee(5)
    newcomer = candidate(people.members[0], 6, now=people.now).member
    day = today(people.committee, people.now)
    statement = roll.vouch_statement(str(people.committee.pk), newcomer.number, day, newcomer.keys)
    signed = [(person.member, person.keys.sign(statement)) for person in people.members[:3]]

    results = at_once(
        [
            partial(workplace.vouch, member, newcomer, day=day, signature=signature, now=people.now)
            for member, signature in signed
        ]
    )

    assert kinds_of(results) == ["AlreadyOnTheRoll", "bool", "bool"]
    assert results.count(True) == 1
    assert len(roll_lines(people.committee)) == 1 + 6
    refuse_broken_chains(people)


def test_strangers_who_fail_at_once_are_all_counted() -> None:
    people = found()

    results = at_once([lambda: workplace.begin_joining("wrong", now=people.now)] * 12)

    assert kinds_of(results) == ["UnknownLink"] * 12
    assert StrangerBudget.objects.get().failures == 12


def test_role_confirmed_at_once_is_given_once() -> None:
    people = make_committee(6)
    proposer, holder = people.members[0].member, people.members[1].member
    role = workplace.propose_role(holder, Role.Kind.TELLER, by=proposer, now=people.now)
    statement = workplace.statement_of(role)

    results = at_once(
        [
            partial(
                workplace.confirm_role,
                role,
                by=person.member,
                signature=person.keys.sign(statement),
                now=people.now,
            )
            for person in people.members[2:]
        ]
    )

    assert kinds_of(results) == ["NotProposed"] * 2 + ["bool"] * 2
    assert results.count(True) == 1
    assert [line.count('"role_given"') for line in ledger.export_lines(people.committee.pk)].count(1) == 2
    refuse_broken_chains(people)


def test_count_that_gives_a_role_and_others_who_write_the_ledger_do_not_block_each_other() -> None:
    people = make_committee(4)
    effect = {"kind": "give_role", "number": 4, "role": "teller"}
    called = ballot_in_state("closed", people=people, effect=effect, turnout=0, votes=[[[0, 1, 0]]] * 3)
    called.decrypt(called.trustees[0])
    organiser, last = people.members[0].member, called.trustees[1]
    part = called.part_of(last)

    results = at_once(
        [
            lambda: actions.hand_in_decryption(
                last, part.partial, part.bound_proofs, part.head_signature, now=called.now
            ),
            lambda: actions.count_if_complete(called.ballot, called.now),
            *(
                partial(workplace.add_site, organiser, name=f"Site {site}", now=called.now)
                for site in range(6)
            ),
        ]
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert called.reload().state == "counted"
    assert people.members[3].member.roles.filter(kind="teller", state=Role.State.HELD).count() == 1
    refuse_broken_chains(people)


def test_freeze_open_and_close_by_many_happen_once() -> None:
    people = make_committee(3)
    opens = people.now + timedelta(days=1)
    called = draft(people, opens_not_before=opens, **OWN_KEYS)
    called.announce()
    tests = [called.make_key(trustee) for trustee in called.trustees]
    for trustee, test in zip(called.trustees, tests, strict=True):
        answer = called.trustee_keys[trustee.member.number].open_test(*test)
        trustee.copy_works = answer == trustee.test_answer
        trustee.save()

    froze = at_once([lambda: actions.freeze_if_ready(called.reload(), called.now)] * 4)
    called.open()
    opened = at_once([lambda: actions.open_if_due(Ballot.objects.get(), opens)] * 4)
    called.now = opens
    called.vote(1)
    closed = at_once([lambda: actions.close_if_due(Ballot.objects.get(), called.ballot.closes_at)] * 4)
    added_up = at_once([lambda: actions.add_up(Ballot.objects.get())] * 4)

    for results in (froze, opened, closed, added_up):
        assert sorted(results, key=str) == [False, False, False, True]
    kinds = BoardEvent.objects.filter(ballot=called.ballot).values_list("kind", flat=True)
    assert list(kinds) == ["Setup", "Ballot", "EndBallots", "EncryptedTally"]
    assert called.ballot.uuid not in blindkey.kept()
    refuse_broken_chains(people)


def test_trustees_who_take_each_round_at_once_make_one_key_and_open_once() -> None:
    called = ballot_in_state("announced", people=make_committee(4))
    uuid, now = called.ballot.uuid, called.now
    for trustee in called.trustees:
        called.makers[trustee.member.number] = KeyMaker.draw(uuid, called.keymaking(trustee))

    first = at_once([partial(hand_in_certificate, called, trustee) for trustee in called.trustees])
    told = called.keymaking(called.trustees[0])
    second = at_once(
        [
            partial(
                actions.hand_in_coefficients,
                trustee,
                called.makers[trustee.member.number].coefficients(told),
                now,
            )
            for trustee in called.trustees
        ]
    )
    for teller in called.tellers:
        called.sign_audit(teller)
    told, setup = called.keymaking(called.trustees[0]), called.setup
    third = at_once(
        [
            partial(
                actions.finish_key,
                trustee,
                called.makers[number].key_message(told),
                sign_freeze(called.person(number).keys, number, setup),
                called.now,
            )
            for trustee in called.trustees
            for number in [trustee.member.number]
        ]
    )

    assert first == [None] * 3
    assert sorted(second, key=str) == [False, False, True]
    assert sorted(third, key=str) == [False, False, True]
    assert called.reload().state == "open"
    group = named(called.ballot.group)
    assert len(parse_trustees(group, called.ballot.trustees_text or "")) == 3
    refuse_broken_chains(called.people)


def hand_in_certificate(called: Called, trustee: Trustee) -> None:
    number, uuid = trustee.member.number, called.ballot.uuid
    maker = called.makers[number]
    signature = maker.signature(called.person(number).keys, uuid, number)
    actions.hand_in_certificate(trustee, maker.certificate, signature, called.now)


def test_trustees_who_open_the_count_at_once_count_it_once() -> None:
    """Two are enough; the third may come before the count or too late for it."""
    called = ballot_in_state("closed", people=make_committee(4), votes=[[[0, 1, 0]]] * 3)
    parts = {trustee: called.part_of(trustee) for trustee in called.trustees}

    results = at_once(
        [
            partial(
                actions.hand_in_decryption,
                trustee,
                part.partial,
                part.bound_proofs,
                part.head_signature,
                called.now,
            )
            for trustee, part in parts.items()
        ]
    )

    assert results.count(True) == 1
    assert {kind for kind in kinds_of(results) if kind != "bool"} <= {"NotClosed"}
    assert called.reload().state == "counted"
    assert called.ballot.result == [[0, 3, 0]]
    board = BoardEvent.objects.filter(ballot=called.ballot).order_by("height").values_list("kind", flat=True)
    parts_there = list(board).count("PartialDecryption")
    assert parts_there == 3 - kinds_of(results).count("NotClosed")
    assert list(board)[-1] == "Result"
    archive = queries.archive_of(called.ballot, published_only=True)
    assert verifier.verify(archive, require="counted").verdict == "valid"
    refuse_broken_chains(called.people)


def test_clock_that_erases_leftovers_spares_the_key_of_a_freeze_in_flight() -> None:
    called = ballot_in_state("announced", **OWN_KEYS)
    tests = [called.make_key(trustee) for trustee in called.trustees]
    for trustee, test in list(zip(called.trustees, tests, strict=True))[:2]:
        called.prove_copy(trustee, test)
    last = called.trustees[2]
    is_over = threading.Event()

    def freeze() -> bool:
        try:
            return called.prove_copy(last, tests[2])
        finally:
            is_over.set()

    def erase() -> bool:
        while not is_over.is_set():
            actions.erase_blind_keys()
        actions.erase_blind_keys()
        return True

    results = at_once([freeze, erase, erase])

    assert results == [True, True, True]
    called.open()
    assert called.vote(1).state == "counts"


def test_paper_of_one_member_that_arrives_many_times_stands_on_the_board_once() -> None:
    called = ballot_in_state("open")
    paper, now = called.paper(1), called.now

    results = at_once([lambda: actions.cast(called.ballot.uuid, paper, now)] * 6)

    receipts = {result.receipt["event"] for result in results if isinstance(result, actions.Receipt)}
    assert kinds_of(results) == ["Receipt"] * 6
    assert len(receipts) == 1
    assert queries.papers_of(called.ballot).count() == 1


def test_announcement_and_an_entry_at_once_agree_on_the_roll() -> None:
    people = make_committee(4)
    called = draft(people)
    newcomer = candidate(people.members[0], 5, now=people.now).member
    day = today(people.committee, people.now)
    statement = roll.vouch_statement(str(people.committee.pk), newcomer.number, day, newcomer.keys)
    signed = [(person.member, person.keys.sign(statement)) for person in people.members[:2]]

    results = at_once(
        [
            lambda: actions.announce(called.ballot, called.organiser, now=people.now),
            *(
                partial(workplace.vouch, member, newcomer, day=day, signature=signature, now=people.now)
                for member, signature in signed
            ),
        ]
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    ballot = called.reload()
    lines = roll_lines(people.committee)
    assert hashlib.sha256(lines[ballot.roll_position or 0].encode()).hexdigest() == ballot.roll_head
    refuse_broken_chains(people)


def test_candidate_who_signs_in_and_gives_up_at_once_hears_a_sentence() -> None:
    people = found()
    for index in range(2, 8):
        waiting = candidate(people.members[0], index, now=people.now).member

        results = at_once(
            [
                *[partial(workplace.remember_device, waiting)] * 2,
                partial(workplace.give_up_joining, waiting),
            ]
        )

        assert set(kinds_of(results)) <= {"str", "UnknownKey", "NoneType"}
    assert Member.objects.filter(committee=people.committee).count() == 1


def test_old_sessions_are_cleared_by_many_at_once() -> None:
    past = timezone.now() - timedelta(days=1)
    Session.objects.bulk_create(
        Session(session_key=f"old{number}", session_data="", expire_date=past) for number in range(200)
    )

    results = at_once([SessionStore.clear_expired] * 6)

    assert results == [None] * 6
    assert Session.objects.count() == 0


def test_deed_that_somebody_does_already_is_left_to_them() -> None:
    with alone_at("something") as first:
        theirs = at_once([lambda: alone_at("something").__enter__()])
    with alone_at("something") as again:
        pass

    assert (first, theirs, again) == (True, [False], True)
