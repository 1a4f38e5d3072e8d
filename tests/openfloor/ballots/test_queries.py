"""What pages and observers are told, and when."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from factories.ballots import NO, OWN_KEYS, YES, Called, ballot_in_state, draft
from factories.workplace import admit, found, make_committee
from openballot.archive import read_archive
from openfloor.ballots import actions, blindkey, devices, errors, queries
from openfloor.ballots.charter import moment
from openfloor.workplace.models import Member

pytestmark = pytest.mark.django_db


# Who sees what


def test_drafts_are_for_organisers_and_the_rest_for_every_member() -> None:
    people = make_committee(3)
    drafted, announced = draft(people), ballot_in_state("announced", people=people)
    organiser, member = people.members[0].member, people.members[2].member

    assert set(queries.ballots_visible_to(organiser)) == {drafted.ballot, announced.ballot}
    assert set(queries.ballots_visible_to(member)) == {announced.ballot}
    assert queries.ballot_by_uuid(member, announced.ballot.uuid) == announced.ballot
    with pytest.raises(errors.NoSuchBallot):
        queries.ballot_by_uuid(member, drafted.ballot.uuid)


def test_other_committees_and_those_who_left_see_nothing() -> None:
    called = ballot_in_state("announced")
    stranger = found(index=50).members[0].member
    leaver = called.people.members[2].member
    leaver.state = Member.State.LEFT

    assert list(queries.ballots_visible_to(stranger)) == []
    assert list(queries.ballots_visible_to(leaver)) == []


@pytest.mark.parametrize("state", ["draft", "announced", "withdrawn"])
def test_observers_find_no_ballot_before_the_freeze(state: str) -> None:
    ballot = ballot_in_state(state).ballot

    with pytest.raises(errors.NoSuchBallot):
        queries.public_ballot(ballot.uuid)


def test_observers_find_a_frozen_ballot_without_an_archive() -> None:
    ballot = ballot_in_state("frozen").ballot

    assert queries.public_ballot(ballot.uuid) == ballot
    assert queries.head_of(ballot)["head"] is None
    with pytest.raises(errors.NotYetOpen):
        queries.archive_of(ballot, published_only=True)


# The electorate


def test_nonce_is_the_members_own_and_makes_a_listed_credential() -> None:
    called = ballot_in_state("open")
    listed = set(json.loads(called.ballot.credentials or ""))

    nonces = [queries.blind_nonce(called.ballot, person.member) for person in called.people.members]

    credentials = {json.loads(called.paper(number))["credential"] for number in (1, 2, 3)}
    assert len(set(nonces)) == 3
    assert credentials == listed


def test_nonce_is_refused_before_the_freeze_and_after_the_close() -> None:
    called = ballot_in_state("announced")
    member = called.people.members[1].member
    with pytest.raises(errors.NotYetOpen):
        queries.blind_nonce(called.ballot, member)

    called.freeze()
    called.open()
    called.close()

    with pytest.raises(errors.BlindingErased):
        queries.blind_nonce(called.ballot, member)


def test_nonce_is_refused_in_other_words_when_k_is_gone_too_early() -> None:
    called = ballot_in_state("open")
    blindkey.erase(called.ballot.uuid)

    with pytest.raises(errors.BlindingLost):
        queries.blind_nonce(called.ballot, called.people.members[1].member)


def test_only_its_tellers_are_handed_k_and_only_while_frozen() -> None:
    called = ballot_in_state("frozen")
    teller, other = called.people.members[0].member, called.people.members[2].member

    material = queries.teller_material(called.ballot, teller)

    keys = queries.entitled_keys(called.ballot).values()
    recomputed = devices.recompute_credentials(
        material["group"],
        material["ballot"],
        bytes.fromhex(material["k"]),
        [key["credentials"][material["group"]] for key in keys],
    )
    assert recomputed == material["credentials"] == called.ballot.credentials
    with pytest.raises(errors.NotYours):
        queries.teller_material(called.ballot, other)
    called.open()
    with pytest.raises(errors.TellerKeyGone):
        queries.teller_material(called.ballot, teller)


def test_few_entitled_are_warned_of_before_and_after_the_announcement() -> None:
    people = make_committee(9)
    called = draft(people)
    assert queries.few_entitled(called.ballot, called.now) is True
    called.announce()

    admit(people)
    people.day += timedelta(days=3)

    assert queries.entitled_now(people.committee, people.now) == 10
    assert queries.few_entitled(draft(people).ballot, people.now) is False
    assert queries.few_entitled(called.ballot, people.now) is True
    assert queries.is_entitled(called.ballot, people.members[9].member) is False


# The board


def test_setup_holds_texts_signatures_and_keys_but_no_handle() -> None:
    called = ballot_in_state("open")
    ballot, people = called.ballot, called.people

    setup = queries.setup_of(ballot)

    assert {name: setup[name] for name in ("charter", "election", "trustees", "credentials")} == {
        "charter": ballot.charter,
        "election": ballot.election,
        "trustees": ballot.trustees_text,
        "credentials": ballot.credentials,
    }
    assert [signed["number"] for signed in setup["freezes"]] == [1, 2, 3]
    assert [signed["number"] for signed in setup["audits"]] == [1, 2]
    assert setup["extensions"] == []
    assert setup["member_keys"] == {
        str(person.member.number): person.keys.public()["member"] for person in people.members
    }
    assert setup["board_key"] == people.committee.board_key
    assert not any(person.member.handle in str(setup) for person in people.members)


def test_head_shows_only_what_was_published() -> None:
    called = ballot_in_state("open")
    at_first = queries.head_of(called.ballot)
    for number, answers in ((1, YES), (1, NO), (2, YES)):
        called.vote(number, answers)

    assert queries.head_of(called.reload()) == at_first
    assert at_first["ballots"] == 0
    assert queries.trackers_of(called.ballot) == []
    actions.publish_if_due(called.ballot, now=called.later())

    ballot = called.reload()
    last = ballot.board.order_by("height").last()
    assert last is not None
    assert queries.head_of(ballot) == {
        "state": "open",
        "height": 3,
        "head": last.hash,
        "ballots": 3,
        "voters": 2,
        "entitled": 3,
        "closes_at": moment(ballot.closes_at),
    }
    assert len(queries.trackers_of(ballot)) == 3


def test_archive_shows_only_what_was_published() -> None:
    called = ballot_in_state("open")
    called.vote(1)

    public = read_archive(queries.archive_of(called.reload(), published_only=True))
    whole = read_archive(queries.archive_of(called.ballot, published_only=False))

    assert [event.type for event in public.events] == ["Setup"]
    assert [event.type for event in whole.events] == ["Setup", "Ballot"]


def test_archive_grows_and_never_changes(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    called = ballot_in_state("open")
    archives = []
    for number in (1, 2, 3):
        called.vote(number)
        archives.append(queries.archive_of(called.reload(), published_only=False))

    assert archives[1].startswith(archives[0])
    assert archives[2].startswith(archives[1])
    assert archives[2] == queries.archive_on_disk(called.ballot)
    with django_assert_num_queries(1) as asked:
        queries.archive_of(called.ballot, published_only=False)
    assert '"height" > 3' in asked.captured_queries[0]["sql"]


def test_proofs_are_shown_after_the_count() -> None:
    called = ballot_in_state("closed")
    with pytest.raises(errors.StillOpen):
        queries.proofs_of(called.ballot)
    called.count()

    proofs = queries.proofs_of(called.ballot)

    assert [signed["number"] for signed in proofs["final_heads"]] == [1, 2]
    assert [(proof["number"], proof["owner"]) for proof in proofs["bound_proofs"]] == [(1, 1), (2, 2)]
    assert all("decryption_proofs" in json.loads(proof["text"]) for proof in proofs["bound_proofs"])


def test_outcome_is_not_known_before_the_count() -> None:
    with pytest.raises(errors.StillOpen):
        queries.outcome(ballot_in_state("closed").ballot)


# What waits for whom


def kinds_for(called: Called, number: int) -> list[str]:
    return [thing.kind for thing in queries.things_to_do(called.person(number).member, called.now)]


def test_what_waits_for_each_follows_the_ballot_whose_key_is_made_together() -> None:
    called = draft(make_committee(4))
    seen = {}

    def see(step: str) -> None:
        seen[step] = [kinds_for(called, number) for number in (1, 2, 3, 4)]

    called.announce()
    called.certify(called.trustees[0])
    see("one certificate")
    for trustee in called.trustees[1:]:
        called.certify(trustee)
    see("all certificates")
    called.send_shares(called.trustees[0])
    see("one's shares")
    for trustee in called.trustees[1:]:
        called.send_shares(trustee)
    see("frozen")
    called.sign_freeze(called.trustees[0])
    see("one has signed")
    called.open()
    called.close()
    called.decrypt(called.trustees[0])
    see("one has opened")
    called.decrypt(called.trustees[2])
    see("counted")

    assert seen == {
        "one certificate": [[], ["make_key"], ["make_key"], []],
        "all certificates": [["send_shares"], ["send_shares"], ["send_shares"], []],
        "one's shares": [[], ["send_shares"], ["send_shares"], []],
        "frozen": [["sign_freeze", "audit"], ["sign_freeze", "audit"], ["sign_freeze"], []],
        "one has signed": [["audit"], ["sign_freeze", "audit"], ["sign_freeze"], []],
        "one has opened": [[], ["decrypt"], ["decrypt"], []],
        "counted": [[], [], [], []],
    }


def test_what_waits_for_each_follows_the_ballot() -> None:
    called = draft(make_committee(4), **OWN_KEYS)
    seen = {}

    def see(step: str) -> None:
        seen[step] = [kinds_for(called, number) for number in (1, 2, 3, 4)]

    see("draft")
    called.announce()
    see("announced")
    tests = [called.make_key(trustee) for trustee in called.trustees]
    see("keys handed in")
    for trustee, test in zip(called.trustees, tests, strict=True):
        called.prove_copy(trustee, test)
    see("frozen")
    called.open()
    see("open")
    called.close()
    see("closed")
    called.count()
    see("counted")

    assert seen == {
        "draft": [["finish_draft"], [], [], []],
        "announced": [["make_key"], ["make_key"], ["make_key"], []],
        "keys handed in": [["prove_copy"], ["prove_copy"], ["prove_copy"], []],
        "frozen": [["sign_freeze", "audit"], ["sign_freeze", "audit"], ["sign_freeze"], []],
        "open": [["vote"], ["vote"], ["vote"], ["vote"]],
        "closed": [["decrypt"], ["decrypt"], ["decrypt"], []],
        "counted": [[], [], [], []],
    }


def test_duties_come_before_the_vote() -> None:
    people = make_committee(3)
    ballot_in_state("open", people=people)
    closed = ballot_in_state("closed", people=people)

    first = queries.to_do(people.members[0].member, people.now)

    assert first == queries.ToDo(kind="decrypt", ballot=closed.ballot)


def test_third_teller_is_not_asked_once_two_have_signed() -> None:
    people = make_committee(3)
    members = [person.member for person in people.members]
    called = ballot_in_state("frozen", people=people, tellers=members)
    for teller in called.tellers[:2]:
        called.sign_audit(teller)

    assert kinds_for(called, 3) == ["sign_freeze"]
    assert queries.missing_signatures(called.reload()) == {"trustees": [1, 2, 3], "tellers": []}


def test_ballot_that_did_not_open_in_time_waits_for_an_organiser_alone() -> None:
    called = ballot_in_state("frozen")
    called.now = called.ballot.closes_at

    assert [kinds_for(called, number) for number in (1, 2)] == [["stuck"], []]


def test_open_decision_waits_for_those_who_may_sign_it() -> None:
    called = ballot_in_state("open", people=make_committee(4))
    later = called.ballot.closes_at + timedelta(hours=1)
    person = called.person(1)
    signature = devices.sign_extension(person.keys, called.setup, moment(later))
    actions.extend(called.ballot, person.member, later, signature, now=called.now)

    waiting = [kinds_for(called, number) for number in (1, 2, 3, 4)]

    assert waiting == [["vote"], ["sign_decision", "vote"], ["sign_decision", "vote"], ["vote"]]


def test_nobody_is_asked_to_vote_who_joined_too_late() -> None:
    people = make_committee(3)
    called = draft(people)
    called.announce()
    newcomer = admit(people).member
    called.freeze()
    called.open()

    assert queries.things_to_do(newcomer, called.now) == []


def test_list_of_ballots_takes_the_same_queries_for_one_and_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    people = make_committee(3)
    member = people.members[1].member

    def listed() -> list[Any]:
        return [(ballot.title, ballot.state) for ballot in queries.ballots_visible_to(member)]

    ballot_in_state("announced", people=people)
    with django_assert_num_queries(2):
        listed()
    for _ in range(2):
        ballot_in_state("announced", people=people)
    with django_assert_num_queries(2):
        assert len(listed()) == 3
