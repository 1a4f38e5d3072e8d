"""Every kind of question: what it asks, how an answer is made, checked, opened and counted."""

import dataclasses
import json
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import made
from openballot import ballots, groups
from openballot.ballots import BallotChecker
from openballot.canonical import NotCanonical, compact
from openballot.checks import Refused
from openballot.election import Election
from openballot.groups import Group, NotEncodable, NotInGroup
from openballot.questions import ImpossibleAnswer, Question, read_question
from openballot.questions.lists import Lists
from openballot.questions.nonhomomorphic import NonHomomorphic
from openballot.verifier import verify

ED25519 = groups.named("Ed25519")
HOLDING = [groups.named("RFC-3526-2048"), ED25519]
each_holding = pytest.mark.parametrize("group", HOLDING, ids=lambda group: group.name)
integers = st.integers(0, 255)

chosen_lists = st.one_of(
    st.tuples(st.just(1), *[st.integers(0, 1)] * 2).map(lambda row: [list(row), [0, 0, 0, 0], [0, 0]]),
    st.tuples(st.just(1), *[st.integers(0, 1)] * 3).map(lambda row: [[0, 0, 0], list(row), [0, 0]]),
    st.just([[0, 0, 0], [0, 0, 0, 0], [1, 1]]),
).filter(lambda rows: any(any(candidates) for _list, *candidates in rows))


# --- integers in an element


@each_holding
@settings(max_examples=30, deadline=None)
@given(numbers=st.lists(integers, max_size=30))
def test_integers_come_back_from_the_element_that_holds_them(group: Group, numbers: list[int]) -> None:
    element = group.encode(numbers)

    assert group.element(group.text(element)) == element
    assert group.decode(element, len(numbers)) == numbers
    assert group.holds_integers(element, len(numbers))


@each_holding
@settings(max_examples=20, deadline=None)
@given(numbers=st.lists(integers, max_size=30), exponent=st.integers(2**128, 2**200))
def test_element_that_was_not_encoded_reads_as_integers_and_does_not_hold_them(
    group: Group, numbers: list[int], exponent: int
) -> None:
    other = group.multiply(group.encode(numbers), group.power_generator(exponent))

    assert not group.holds_integers(other, len(numbers))
    assert group.encode(group.decode(other, len(numbers))) != other


@each_holding
def test_next_element_with_the_same_integers_is_no_answer(group: Group) -> None:
    """The padding has room for several members; only the first is the answer, so that none can be a mark."""
    first = int(group.text(group.encode([1, 2, 3])), 16 if group is ED25519 else 10)
    texts = (f"{n:064x}" if group is ED25519 else str(n) for n in range(first + 1, first + 256))
    (second, *_) = (element for text in texts for element in members(group, text))

    assert group.decode(second, 3) == [1, 2, 3]
    assert not group.holds_integers(second, 3)


def members(group: Group, text: str) -> list[Any]:
    try:
        return [group.element(text)]
    except NotInGroup:
        return []


@each_holding
def test_more_integers_than_are_asked_for_are_no_answer(group: Group) -> None:
    element = group.encode([7, 1, 2, 3])

    assert group.decode(element, 3) == [1, 2, 3]
    assert not group.holds_integers(element, 3)


def test_inverse_of_a_point_reads_the_same_and_is_no_answer() -> None:
    element = ED25519.encode([1, 2, 3])
    mirrored = ED25519.inverse(element)

    assert ED25519.decode(mirrored, 3) == [1, 2, 3]
    assert not ED25519.holds_integers(mirrored, 3)


@each_holding
def test_zeros_are_held_by_the_identity(group: Group) -> None:
    assert group.encode([0, 0, 0]) == group.identity
    assert group.holds_integers(group.identity, 3)


@each_holding
def test_integers_that_do_not_fit_are_refused(group: Group) -> None:
    for numbers in ([256], [-1], [0] * (group.most_integers + 1)):
        with pytest.raises(NotEncodable):
            group.encode(numbers)
    assert group.holds_integers(group.encode([255] * group.most_integers), group.most_integers)


def test_group_without_an_encoding_holds_no_integers() -> None:
    with pytest.raises(NotEncodable):
        groups.named("BELENIOS-2048").encode([1])


# --- questions as they stand in an election


@pytest.mark.parametrize(
    "question",
    [
        made.YES_NO,
        made.BLANK,
        made.LISTS,
        made.RANKING,
        NonHomomorphic(question="Grade them", answers=("Ana",)),
        Lists(question="?", answers=(("A", "a"),), extra='[{"b":[null,true,"é",-1]}]'),
    ],
)
def test_question_is_read_as_it_was_written(question: Any) -> None:
    text = compact(question.as_json())

    assert read_question(json.loads(text), ED25519) == question
    assert compact(read_question(json.loads(text), ED25519).as_json()) == text


LISTS_VALUE = made.LISTS.as_json()["value"]
RANKING_VALUE = made.RANKING.as_json()["value"]


@pytest.mark.parametrize(
    "value",
    [
        {"type": "NonHomomorphic"},
        {"value": RANKING_VALUE, "type": "NonHomomorphic"},
        {"type": "NonHomomorphic", "extra": {}, "value": RANKING_VALUE},
        {"type": "NonHomomorphic", "value": RANKING_VALUE, "note": ""},
        {"type": "NonHomomorphic", "value": {"answers": ["A"], "question": 7}},
        {"type": "NonHomomorphic", "value": {"answers": [["A"]], "question": "?"}},
        {"type": "Lists", "value": {"question": "?", "answers": [["A", "a"]]}},
        {"type": "Lists", "value": {"answers": ["A"], "question": "?"}},
        {"type": None, **made.YES_NO.as_json()},
        {"answers": ["Yes"], "blank": 1, "min": 1, "max": 1, "question": "?"},
    ],
)
def test_question_in_another_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        read_question(value, ED25519)


@pytest.mark.parametrize(
    ("value", "group", "check"),
    [
        ({"type": "Ballade", "value": {}}, "Ed25519", "election_question_unsupported"),
        ({"type": ["Lists"], "value": {}}, "Ed25519", "election_question_unsupported"),
        ({"type": "NonHomomorphic", "value": RANKING_VALUE}, "BELENIOS-2048", "election_question_group"),
        (
            {"type": "NonHomomorphic", "value": {"answers": [], "question": "?"}},
            "Ed25519",
            "election_question",
        ),
        (
            {"type": "NonHomomorphic", "value": {"answers": ["A"] * 31, "question": "?"}},
            "Ed25519",
            "election_question",
        ),
        ({"type": "Lists", "value": {"answers": [], "question": "?"}}, "Ed25519", "election_question"),
        ({"type": "Lists", "value": {"answers": [["A"]], "question": "?"}}, "Ed25519", "election_question"),
    ],
)
def test_question_nobody_could_answer_is_refused_by_name(value: object, group: str, check: str) -> None:
    with pytest.raises(Refused) as caught:
        read_question(value, groups.named(group))

    assert caught.value.check == check


def test_thirty_answers_can_be_ranked_on_ed25519_and_more_in_the_finite_field() -> None:
    def many(count: int) -> dict[str, Any]:
        return {"type": "NonHomomorphic", "value": {"answers": ["A"] * count, "question": "?"}}

    assert len(read_question(many(30), ED25519).options) == 30
    assert len(read_question(many(254), groups.named("RFC-3526-2048")).options) == 254


def test_extra_with_a_fraction_is_refused_with_the_election() -> None:
    election = made.set_up("Ed25519", questions=(made.RANKING,)).election
    text = election.text.replace('"seats":2', '"seats":0.5')

    with pytest.raises(Refused) as caught:
        Election.parse(text)

    assert caught.value.check == "election_text"


def test_question_says_what_there_is_to_choose_and_what_was_chosen() -> None:
    assert made.BLANK.limits == "1–1, or blank"
    assert made.LISTS.options == ["Days: Ana, Ben", "Nights: Chen, Dina, Élie", "Relief: Fadi"]
    assert made.LISTS.chosen([[0, 0, 0], [1, 0, 1, 1], [0, 0]]) == ("Nights", "Dina", "Élie")
    assert made.RANKING.chosen([2, 1, 0]) == ("Ana: 2", "Ben: 1", "Chen: 0")


# --- answers


@settings(max_examples=15, deadline=None)
@given(lists=chosen_lists, ranks=st.lists(integers, min_size=3, max_size=3), bit=st.integers(0, 1))
def test_every_allowed_answer_is_accepted(lists: list[list[int]], ranks: list[int], bit: int) -> None:
    election = made.set_up("Ed25519", questions=(made.LISTS, made.RANKING, made.YES_NO), voters=1)

    text = ballots.make_ballot(election.election, election.voters[0], [lists, ranks, [bit, 1 - bit]])

    assert BallotChecker(election.election, election.weights).check(text).tracker == ballots.ballot_hash(text)


@pytest.mark.parametrize("group", ["BELENIOS-2048", "RFC-3526-2048"])
def test_lists_are_answered_in_finite_fields_too(group: str) -> None:
    election = made.set_up(group, questions=(made.LISTS,), voters=1)

    text = ballots.make_ballot(election.election, election.voters[0], [[[0, 0, 0], [0, 0, 0, 0], [1, 1]]])

    assert BallotChecker(election.election, election.weights).check(text).weight == 1


@pytest.mark.parametrize(
    "answer",
    [
        [],
        [[1, 1, 0], [0, 0, 0, 0]],
        [[1, 1], [0, 0, 0, 0], [0, 0]],
        [1, 1, 0, 0, 0, 0, 0, 0, 0],
        [[0, 0, 0], [0, 0, 0, 0], [0, 0]],
        [[1, 0, 0], [0, 0, 0, 0], [0, 0]],
        [[1, 1, 0], [0, 0, 0, 0], [1, 1]],
        [[1, 1, 0], [0, 1, 0, 0], [0, 0]],
        [[0, 1, 0], [0, 0, 0, 0], [0, 0]],
        [[2, 1, 0], [0, 0, 0, 0], [0, 0]],
        [[1, 2, 0], [0, 0, 0, 0], [0, 0]],
        [[1, [1], 0], [0, 0, 0, 0], [0, 0]],
    ],
)
def test_impossible_choice_of_lists_is_not_encrypted(answer: Any) -> None:
    election = made.set_up("Ed25519", questions=(made.LISTS,))

    with pytest.raises(ImpossibleAnswer):
        ballots.make_ballot(election.election, election.voters[0], [answer])


@pytest.mark.parametrize(
    "answer", [[], [1, 2], [1, 2, 3, 4], [1, 2, 256], [1, 2, -1], [1, 2, "3"], [1, 2, [3]], [1, 2, True]]
)
def test_impossible_ranking_is_not_encrypted(answer: Any) -> None:
    election = made.set_up("Ed25519", questions=(made.RANKING,))

    with pytest.raises(ImpossibleAnswer):
        ballots.make_ballot(election.election, election.voters[0], [answer])


@pytest.mark.parametrize("answer", [[[1], 0], [[1, 0]], ["1", "0"]])
def test_choice_that_is_no_bit_is_not_encrypted(answer: Any) -> None:
    election = made.set_up("Ed25519")

    with pytest.raises(ImpossibleAnswer):
        ballots.make_ballot(election.election, election.voters[0], [answer])


class Unheld(Lists):
    """A device that encrypts and proves whatever it is told."""

    def _allows(self, bits: Any) -> bool:
        return True


@pytest.mark.parametrize(
    ("answer", "check"),
    [
        ([[0, 0, 0], [0, 0, 0, 0], [0, 1]], "ballot_overall_proof"),
        ([[1, 1, 0], [0, 0, 0, 0], [1, 1]], "ballot_overall_proof"),
        ([[1, 1, 0], [0, 1, 0, 0], [0, 0]], "ballot_list_proof"),
        ([[1, 0, 0], [0, 0, 0, 0], [0, 0]], "ballot_nonzero_proof"),
    ],
)
def test_lists_chosen_against_the_rules_have_no_proof(answer: Any, check: str) -> None:
    election = made.set_up("Ed25519", questions=(made.LISTS,), voters=1)
    own = Unheld(question=made.LISTS.question, answers=made.LISTS.answers)
    device = dataclasses.replace(election.election, questions=(own,))
    text = ballots.make_ballot(device, election.voters[0], [answer])

    _ballot, findings = BallotChecker(election.election, election.weights).examine(text)

    assert check in {finding.check for finding in findings}


# --- counts


@settings(max_examples=6, deadline=None)
@given(votes=st.lists(chosen_lists, max_size=4))
def test_count_of_lists_is_the_sum_of_the_votes_under_their_weights(votes: list[list[list[int]]]) -> None:
    weights = [1, 2, 0, 2**30]
    election = made.counted(
        "Ed25519",
        questions=(made.LISTS,),
        votes=[(voter, [vote]) for voter, vote in enumerate(votes)],
        voters=4,
        weights=weights,
    )

    report = verify(election.archive())

    sums = [
        [sum(weight * vote[i][j] for weight, vote in zip(weights, votes, strict=False)) for j in range(size)]
        for i, size in enumerate((3, 4, 2))
    ]
    stated = [[number if number < 2**30 else str(number) for number in row] for row in sums]
    assert (report.verdict, report.result) == ("valid", [stated])


@each_holding
def test_rankings_come_out_as_they_went_in_and_in_another_order(group: Group) -> None:
    ranks = [[1, 2, 3], [0, 0, 0], [3, 1, 255], [1, 2, 3]]

    election = made.counted(
        group.name,
        questions=(made.YES_NO, made.RANKING),
        votes=[(0, [[0, 1], [9, 9, 9]]), *((voter, [[1, 0], row]) for voter, row in enumerate(ranks))],
        voters=4,
        trustee_count=2,
    )

    report = verify(election.archive())
    assert (report.verdict, report.ballots, report.shufflers) == ("valid", 5, (1, 2))
    assert report.undecodable == ((), ())
    assert report.result is not None
    assert report.result[0] == [4, 0]
    assert sorted(report.result[1]) == sorted(ranks)


class Odd(NonHomomorphic):
    """A device that encrypts whatever element it is told."""

    def _encoded(self, group: Group, answer: Any) -> Any:
        return answer


@each_holding
def test_paper_with_any_other_element_is_counted_as_no_vote_and_named(group: Group) -> None:
    """Whoever makes a paper can mark it; a mark that shows would let them sell it."""
    election = made.set_up(group.name, questions=(made.RANKING,), voters=4)
    device = dataclasses.replace(election.election, questions=(Odd(question="", answers=("A",) * 3),))
    elements = [group.power_generator(2**100), group.encode([8, 1, 2, 3]), group.generator]
    for s, element in zip(election.voters, elements, strict=False):
        election.append("Ballot", ballots.make_ballot(device, s, [element]))
    election.vote(3, [[3, 2, 1]])
    election.close()
    election.shuffle(1)
    election.append("EndShuffles")
    election.decrypt(1)
    election.count()

    report = verify(election.archive())

    assert report.verdict == "valid"
    assert report.result is not None
    assert report.undecodable == (tuple(p for p, row in enumerate(report.result[0]) if row != [3, 2, 1]),)


@pytest.mark.parametrize("weight", [0, 2])
def test_weights_beside_a_ranking_are_refused(weight: int) -> None:
    election = made.set_up("Ed25519", questions=(made.YES_NO, made.RANKING), weights=(1, weight, 1))

    report = verify(election.archive())

    assert [finding.check for finding in report.findings] == ["credential_weight"]
    election.vote(0, [[1, 0], [1, 2, 3]])
    election.weights = dict.fromkeys(election.weights, weight)
    with pytest.raises(Refused) as caught:
        election.close()
    assert caught.value.check == "credential_weight"


def test_answer_of_a_homomorphic_question_keeps_its_parts() -> None:
    election = made.set_up("Ed25519", questions=(made.BLANK,), voters=1)
    text = ballots.make_ballot(election.election, election.voters[0], [[0, 1, 0]])

    (answer,) = BallotChecker(election.election, election.weights).check(text).answers

    assert isinstance(election.election.questions[0], Question)
    assert len(answer.choices) == len(answer.individual_proofs) == 3
    assert (len(answer.blank_proof), len(answer.overall_proof)) == (2, 2)
    assert answer.ciphertexts == answer.choices


def test_paper_with_many_lists_takes_little_more_memory_than_its_text() -> None:
    lists = Lists(question="Which?", answers=tuple((f"List {n}", "Ana") for n in range(300)))
    election = made.set_up("Ed25519", questions=(lists,), voters=1)
    answer = [[int(n == 0)] * 2 for n in range(300)]
    text = ballots.make_ballot(election.election, election.voters[0], [answer])
    checker = BallotChecker(election.election, election.weights)

    tracemalloc.start()
    checker.check(text)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert most < 20 * len(text)
