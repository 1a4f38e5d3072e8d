"""Decisions of two: a later close, and giving up a count."""

import json
from datetime import date, datetime, timedelta

import pytest

from factories.ballots import Called, ballot_in_state, give_up
from factories.workplace import make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.ballots import actions, devices, errors, queries
from openfloor.ballots.charter import moment
from openfloor.ballots.models import SignedDecision
from openfloor.workplace.queries import today

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def extend(called: Called, number: int, closes_at: datetime) -> bool:
    person = called.person(number)
    signature = devices.sign_extension(person.keys, called.setup, moment(closes_at))
    return actions.extend(called.ballot, person.member, closes_at, signature, now=called.later())


def declare(called: Called, number: int, day: date, reason: str = "A key is lost.") -> bool:
    person = called.person(number)
    signature = devices.sign_uncountable(person.keys, called.setup, reason, day.isoformat())
    return actions.declare_uncountable(
        called.ballot, person.member, reason, day, signature, now=called.later()
    )


@pytest.mark.parametrize("state", ["frozen", "open"])
def test_close_moves_when_two_have_signed_the_same_moment(state: str) -> None:
    called = ballot_in_state(state)
    before, later = called.ballot.closes_at, called.ballot.closes_at + HOUR

    first = extend(called, 1, later)
    assert called.reload().closes_at == before
    assert [decision.signed_by for decision in queries.decisions_waiting(called.ballot)] == [(1,)]
    assert called.setup["extensions"] == []
    second = extend(called, 2, later)

    assert (first, second) == (False, True)
    assert called.reload().closes_at == later
    assert queries.decisions_waiting(called.ballot) == []
    (extension,) = called.setup["extensions"]
    assert extension["closes_at"] == moment(later)
    assert [signed["number"] for signed in extension["signatures"]] == [1, 2]
    payload = json.loads(LedgerEntry.objects.get(kind="ballot_extended").payload or "")
    assert (payload["from"], payload["closes_at"], payload["by"]) == (moment(before), moment(later), [1, 2])


def test_signatures_for_two_different_moments_move_nothing() -> None:
    called = ballot_in_state("open")
    before = called.ballot.closes_at

    moved = [extend(called, 1, before + HOUR), extend(called, 2, before + 2 * HOUR)]

    assert moved == [False, False]
    assert called.reload().closes_at == before


def test_ballot_can_be_extended_again() -> None:
    called = ballot_in_state("open")
    before = called.ballot.closes_at
    for hours in (1, 2):
        extend(called, 1, before + hours * HOUR)
        extend(called, 2, before + hours * HOUR)

    assert called.reload().closes_at == before + 2 * HOUR
    closes = [extension["closes_at"] for extension in called.setup["extensions"]]
    assert closes == [moment(before + HOUR), moment(before + 2 * HOUR)]


def test_extension_refuses_what_is_not_later() -> None:
    called = ballot_in_state("open")

    for closes_at in (called.ballot.closes_at, called.ballot.closes_at - HOUR):
        with pytest.raises(errors.NotLater):
            extend(called, 1, closes_at)

    assert SignedDecision.objects.count() == 0


def test_extension_refuses_one_member_twice() -> None:
    called = ballot_in_state("open")
    later = called.ballot.closes_at + HOUR
    extend(called, 1, later)

    with pytest.raises(errors.SignedAlready):
        extend(called, 1, later)

    assert SignedDecision.objects.count() == 1


def test_extension_refuses_whoever_is_neither_trustee_nor_teller() -> None:
    called = ballot_in_state("open", people=make_committee(4))

    with pytest.raises(errors.NotYours):
        extend(called, 4, called.ballot.closes_at + HOUR)

    assert SignedDecision.objects.count() == 0


def test_extension_refuses_a_signature_under_another_moment() -> None:
    called = ballot_in_state("open")
    later, person = called.ballot.closes_at + HOUR, called.person(1)
    signature = devices.sign_extension(person.keys, called.setup, moment(later + HOUR))

    with pytest.raises(errors.BadSignature):
        actions.extend(called.ballot, person.member, later, signature, now=called.now)

    assert SignedDecision.objects.count() == 0


def test_extension_is_refused_after_the_close() -> None:
    called = ballot_in_state("open")
    later = called.ballot.closes_at + HOUR
    called.now = called.ballot.closes_at

    with pytest.raises(errors.TimeIsOver):
        extend(called, 1, later)
    called.close()
    with pytest.raises(errors.NotOpen):
        extend(called, 1, later)


def test_two_members_with_a_role_give_up_the_count() -> None:
    called = ballot_in_state("closed")
    day = today(called.people.committee, called.now)

    given_up = [declare(called, 1, day), declare(called, 2, day)]

    assert given_up == [False, True]
    assert (called.reload().state, called.ballot.reason) == ("uncountable", "A key is lost.")
    payload = json.loads(LedgerEntry.objects.get(kind="ballot_uncountable").payload or "")
    assert (payload["reason"], payload["by"]) == ("A key is lost.", [1, 2])


def test_second_signs_on_a_later_day_what_the_first_signed() -> None:
    called = ballot_in_state("closed")
    day = today(called.people.committee, called.now)
    declare(called, 1, day)
    called.now += timedelta(days=2)

    assert declare(called, 2, day) is True


def test_giving_up_refuses_another_day_for_the_first_signature() -> None:
    called = ballot_in_state("closed")
    day = today(called.people.committee, called.now) - timedelta(days=1)

    with pytest.raises(errors.WrongDay):
        declare(called, 1, day)

    assert SignedDecision.objects.count() == 0


def test_giving_up_refuses_whoever_has_no_role() -> None:
    called = ballot_in_state("closed", people=make_committee(4))

    with pytest.raises(errors.NotYours):
        declare(called, 4, today(called.people.committee, called.now))

    assert SignedDecision.objects.count() == 0


@pytest.mark.parametrize(
    ("state", "refusal"),
    [("open", errors.StillOpen), ("counted", errors.NotClosed), ("uncountable", errors.NotClosed)],
)
def test_only_a_closed_ballot_can_be_given_up(state: str, refusal: type[errors.BallotError]) -> None:
    called = ballot_in_state(state)

    with pytest.raises(refusal):
        declare(called, 3, today(called.people.committee, called.now))

    assert called.reload().state == state


@pytest.mark.parametrize("reason", ["", " ", "\ud800", "lost\0", "x" * 1_001])
def test_giving_up_asks_for_a_reason_that_can_be_read(reason: str) -> None:
    called = ballot_in_state("closed")
    member = called.person(1).member
    day = today(called.people.committee, called.now)

    with pytest.raises(errors.ReasonMissing):
        actions.declare_uncountable(called.ballot, member, reason, day, "0" * 128, now=called.later())


def test_ballot_that_was_given_up_takes_no_more_parts() -> None:
    called = ballot_in_state("closed")
    part = called.part_of(called.trustees[0])
    give_up(called)

    with pytest.raises(errors.NotClosed):
        actions.hand_in_decryption(
            called.trustees[0], part.partial, part.bound_proofs, part.head_signature, now=called.now
        )


def test_one_member_signs_ten_extensions_of_a_ballot_at_most() -> None:
    called = ballot_in_state("open")
    before = called.ballot.closes_at
    for hours in range(1, 11):
        extend(called, 1, before + hours * HOUR)

    with pytest.raises(errors.SignedTooOften):
        extend(called, 1, before + 11 * HOUR)

    assert SignedDecision.objects.filter(ballot=called.ballot).count() == 10
    assert extend(called, 2, before + HOUR)
