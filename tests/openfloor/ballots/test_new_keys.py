"""A member whose new key begins to count: in the next ballot, and never in one that was called before."""

from datetime import timedelta

import pytest

from factories import renewals
from factories.ballots import NO, YES, Called, ballot_in_state
from factories.workplace import Person, keys_of, make_committee, public_keys_of
from openfloor.ballots import actions, devices, errors, queries, words
from openfloor.ballots.tasks import tick
from openfloor.home import guidance
from openfloor.workplace import queries as workplace_queries

pytestmark = pytest.mark.django_db

NEW, MEMBER = 40, 3


@pytest.fixture
def called() -> Called:
    """An open ballot of four, three of them trustees and two tellers; then entry 3 gets a new key."""
    people = make_committee(4)
    people.day += timedelta(days=40)
    called = ballot_in_state(
        "open", people=people, closes_at=people.now + timedelta(days=5), opens_not_before=people.now
    )
    called.vote(MEMBER, YES)
    people.day = workplace_queries.today(people.committee, called.now)
    renewals.renew(people, people.members[MEMBER - 1].member, NEW)
    return called


def let_it_count(called: Called) -> Person:
    """Two days later: the member with the keys of their new device."""
    called.now += timedelta(days=2)
    called.people.day += timedelta(days=2)
    tick(called.now)
    member = called.person(MEMBER).member
    member.refresh_from_db()
    return Person(member, keys_of(NEW))


def test_old_key_votes_while_the_new_one_waits(called: Called) -> None:
    member = called.person(MEMBER).member

    called.vote(MEMBER, NO)

    assert queries.is_entitled(called.ballot, member) is True
    assert queries.has_newer_key(called.ballot, member) is False


def test_new_key_has_no_vote_in_a_ballot_called_before_and_the_page_says_why(called: Called) -> None:
    renewed = let_it_count(called)
    ballot = called.reload()

    obstacle = words.why_not_to_vote(ballot, renewed.member, called.now)

    assert queries.is_entitled(ballot, renewed.member) is False
    assert queries.has_newer_key(ballot, renewed.member) is True
    assert obstacle is not None
    assert "it knows your old key only" in obstacle.sentence
    assert [thing.sentence for thing in guidance.for_idle(renewed.member, called.now)] == [obstacle.sentence]
    with pytest.raises(errors.NotEntitled):
        queries.blind_nonce(ballot, renewed.member)


def test_paper_cast_with_the_old_key_stays_and_counts(called: Called) -> None:
    let_it_count(called)
    called.vote(1, NO)

    assert queries.head_of(called.reload())["voters"] <= 2
    assert queries.papers_of(called.ballot).count() == 2


def test_next_ballot_lists_the_new_key_and_the_old_one_no_more(called: Called) -> None:
    renewed = let_it_count(called)
    people = called.people
    people.members[MEMBER - 1] = renewed

    following = ballot_in_state(
        "open", people=people, closes_at=people.now + timedelta(days=3), opens_not_before=people.now
    )
    receipt = following.vote(MEMBER, YES)

    assert queries.entitled_keys(following.ballot)[MEMBER] == public_keys_of(NEW)
    assert queries.is_entitled(following.ballot, renewed.member)
    assert queries.setup_of(following.ballot)["member_keys"]["3"] == public_keys_of(NEW)["member"]
    assert receipt is not None


def test_ballot_called_before_goes_on_with_the_old_keys_of_its_officers(called: Called) -> None:
    let_it_count(called)

    setup = queries.setup_of(called.reload())

    assert setup["member_keys"]["3"] == public_keys_of(MEMBER)["member"]
    assert queries.entitled_keys(called.ballot)[MEMBER] == public_keys_of(MEMBER)


def test_trustee_with_a_new_key_and_their_key_file_opens_the_count(called: Called) -> None:
    renewed = let_it_count(called)
    called.close()
    trustee = called.ballot.trustees.get(member=renewed.member)
    archive = queries.archive_of(called.reload(), published_only=True)
    by_old, by_new = (
        devices.decrypt(called.trustee_keys[MEMBER], keys_of(index), MEMBER, archive)
        for index in (MEMBER, NEW)
    )

    with pytest.raises(errors.BadSignature):
        hand_in(called, trustee, by_old)
    hand_in(called, trustee, by_new)

    trustee.refresh_from_db()
    assert trustee.head_signature == by_new.head_signature


def hand_in(called: Called, trustee: object, part: devices.HandedIn) -> bool:
    return actions.hand_in_decryption(
        trustee,  # type: ignore[arg-type]
        part.partial,
        part.bound_proofs,
        part.head_signature,
        now=called.later(),
    )
