"""Making and checking ballots."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import made
from elections.streams import signed
from openballot import ballots, decryption, groups, tally, trustees
from openballot.ballots import BallotChecker, BallotRefused
from openballot.checks import Refused
from openballot.disjunction import Ciphertext
from openballot.election import Election, Question, compose_election
from openballot.questions import ImpossibleAnswer

GROUPS = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
possible_answers = st.one_of(
    st.just([1, 0, 0, 0]),
    st.lists(st.integers(0, 1), min_size=3, max_size=3)
    .filter(lambda chosen: 1 <= sum(chosen) <= 2)
    .map(lambda chosen: [0, *chosen]),
)
ONE_OR_TWO = Question(question="Who?", answers=("Ana", "Ben", "Chen"), min=1, max=2, blank=True)


@pytest.mark.parametrize("group", GROUPS)
def test_ballot_made_here_is_accepted_with_its_tracker(group: str) -> None:
    election = made.set_up(group, questions=(made.YES_NO, made.BLANK, made.UP_TO_TWO))

    text = ballots.make_ballot(election.election, election.voters[0], [[1, 0], [1, 0, 0], [0, 0, 0]])

    ballot = BallotChecker(election.election, election.weights).check(text)
    assert ballot.tracker == ballots.ballot_hash(text)
    assert ballot.credential == json.loads(text)["credential"]
    assert ballot.weight == 1


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_ballot_with_any_number_changed_and_signed_again_is_refused(data: st.DataObject) -> None:
    election = made.set_up("Ed25519", questions=(made.YES_NO, ONE_OR_TWO), voters=1)
    group, s = election.election.group, election.voters[0]
    value = json.loads(ballots.make_ballot(election.election, s, [[0, 1], [0, 1, 0, 1]]))
    holder, name = data.draw(st.sampled_from(list(numbers_of(value["answers"]))))
    if name in ("alpha", "beta"):
        moved = group.multiply(group.element(holder[name]), group.generator)
        holder[name] = group.text(moved)
    else:
        change = data.draw(st.integers(1, group.q - 1))
        holder[name] = str((int(holder[name]) + change) % group.q)

    with pytest.raises(BallotRefused) as caught:
        BallotChecker(election.election, election.weights).check(signed(election.election, s, value))

    assert caught.value.check.endswith("_proof")


def numbers_of(value: Any) -> Iterator[tuple[dict[str, str], str]]:
    """Every element and scalar in a ballot, as the object that holds it and its name there."""
    if isinstance(value, list):
        for item in value:
            yield from numbers_of(item)
        return
    for name, item in value.items():
        if isinstance(item, str):
            yield value, name
        else:
            yield from numbers_of(item)


@settings(max_examples=8, deadline=None)
@given(votes=st.lists(possible_answers, max_size=4))
def test_count_is_the_sum_of_the_votes_whatever_they_are(votes: list[list[int]]) -> None:
    """The law all of this stands on: what is multiplied encrypted comes out as the sum."""
    election = made.set_up("Ed25519", questions=(ONE_OR_TWO,), voters=4, weights=(1, 2, 0, 5))
    for voter, answer in enumerate(votes):
        election.vote(voter, [answer])
    election.close()
    election.decrypt(1)
    election.count()

    weights = [1, 2, 0, 5]
    expected = [
        sum(weight * vote[choice] for weight, vote in zip(weights, votes, strict=False))
        for choice in range(4)
    ]
    assert json.loads(election.texts("Result")[0][0]) == {"result": [expected]}


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [[1, 0], [1, 0]],
        [[1]],
        [[1, 0, 0]],
        [[1, 1]],
        [[0, 0]],
        [[2, 0]],
        [[-1, 1]],
    ],
)
def test_impossible_answer_is_not_encrypted(answers: list[list[int]]) -> None:
    election = made.set_up("Ed25519")

    with pytest.raises(ImpossibleAnswer):
        ballots.make_ballot(election.election, election.voters[0], answers)


@pytest.mark.parametrize("answer", [[1, 1, 0, 0], [0, 0, 0, 0], [0, 1, 1, 1]])
def test_blank_and_a_choice_together_are_not_encrypted(answer: list[int]) -> None:
    election = made.set_up("Ed25519", questions=(ONE_OR_TWO,))

    with pytest.raises(ImpossibleAnswer):
        ballots.make_ballot(election.election, election.voters[0], [answer])


def test_identity_is_legal_inside_a_ciphertext() -> None:
    """With the randomness 0, alpha is the identity; such a ballot opens its own vote, but it is a ballot."""
    election = made.set_up("Ed25519")
    first = iter([bytes(64)])

    text = ballots.make_ballot(
        election.election, election.voters[0], [[1, 0]], lambda size: next(first, b"\x07" * size)
    )

    ballot = BallotChecker(election.election, election.weights).check(text)
    group = election.election.group
    assert ballot.answers[0].choices[0] == Ciphertext(group.identity, group.generator)


def test_refusal_names_check_object_section_and_sentence() -> None:
    election = made.set_up("Ed25519")

    with pytest.raises(BallotRefused) as caught:
        BallotChecker(election.election, election.weights).check("{}")

    assert caught.value.check == "ballot_text"
    assert caught.value.object == f"ballot {ballots.ballot_hash('{}')}"
    assert caught.value.section == "B 4.15"
    assert caught.value.sentence == "The ballot is not written in its exact form."


def test_trustee_without_the_key_cannot_prove_a_decryption() -> None:
    election = made.set_up("Ed25519", trustee_count=2)
    election.vote(0, [[1, 0]])
    election.close()
    tally_text = election.texts("EncryptedTally")[0][0]
    group = election.election.group
    foreign = decryption.partial_decryption(election.election, trustees.generate_key(group), tally_text)

    with pytest.raises(Refused) as caught:
        decryption.check_partial_decryption(
            election.election, group.power_generator(election.trustee_keys[0]), tally_text, foreign
        )

    assert caught.value.check == "decryption_proof"


@given(count=st.integers(0, 10**9), spare=st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_logarithm_finds_every_count_up_to_the_largest(count: int, spare: int) -> None:
    group = groups.named("BELENIOS-2048")

    assert decryption.logarithms(group, count + spare)(group.power_generator(count)) == count


def test_logarithm_of_more_than_was_cast_is_refused() -> None:
    group = groups.named("BELENIOS-2048")

    with pytest.raises(decryption.NoSuchCount):
        decryption.logarithms(group, 9)(group.power_generator(10))


def test_count_that_takes_longer_than_anybody_waits_is_not_looked_for() -> None:
    with pytest.raises(decryption.NoSuchCount):
        decryption.logarithms(groups.named("Ed25519"), 10**30)


@pytest.mark.parametrize("text", ["\ud800", '"\udcff"', '{"election_uuid":"\ud800"}'])
def test_text_that_has_no_bytes_is_no_ballot(text: str) -> None:
    election = made.set_up("Ed25519", voters=1)

    with pytest.raises(BallotRefused) as caught:
        BallotChecker(election.election, election.weights).check(text)

    assert caught.value.check == "ballot_text"


def test_last_ballot_of_a_credential_counts_in_the_order_of_the_board() -> None:
    election = made.set_up("Ed25519")
    texts = [election.vote(0, [[1, 0]]), election.vote(1, [[1, 0]]), election.vote(0, [[0, 1]])]
    read = [ballots.read_ballot(election.election, election.weights, text).sealed() for text in texts]

    assert sorted(tally.last_ballots(read)) == sorted(read[1:])


def test_election_keeps_its_exact_text() -> None:
    election = made.set_up("Ed25519").election
    text = compose_election(
        uuid=election.uuid,
        name="A",
        description='"\\\n\x7fé',
        group=election.group,
        public_key=election.group.text(election.public_key),
        questions=[ONE_OR_TWO],
        administrator="Ana",
        credential_authority="Ben",
        language="es",
    )

    parsed = Election.parse(text)

    assert (parsed.text, parsed.description, parsed.questions) == (text, '"\\\n\x7fé', (ONE_OR_TWO,))
    assert text.index('"uuid"') < text.index('"administrator"') < text.index('"language"')
