"""What a ballot can ask and what it cannot: the one form of each kind, in the charter and the election."""

from typing import Any

import pytest

from factories.ballots import DELEGATES, DEMANDS, GRADED, YES_OR_NO
from openballot.canonical import compact
from openballot.groups import named
from openfloor.ballots import questions

HEAD = "5a" * 32
KINDS = [YES_OR_NO, DELEGATES, DEMANDS, GRADED]


def extra(question: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """With other ways of counting; None takes a field out."""
    fields = {**question["extra"], **changes}
    return {**question, "extra": {name: value for name, value in fields.items() if value is not None}}


@pytest.mark.parametrize("question", KINDS)
def test_sound_question_stays_as_it_is(question: dict[str, Any]) -> None:
    assert questions.sound(question) == question


@pytest.mark.parametrize(
    "question",
    [
        {},
        {**YES_OR_NO, "question": ""},
        {**YES_OR_NO, "answers": ["Yes"]},
        {**YES_OR_NO, "answers": ["Yes", "Yes"]},
        {**YES_OR_NO, "answers": ["Yes", " No"]},
        {**YES_OR_NO, "answers": ["Yes", "No\n"]},
        {**YES_OR_NO, "answers": ["Yes", "N" * 501]},
        {**YES_OR_NO, "answers": ["Yes", 2]},
        {**YES_OR_NO, "min": 2},
        {**YES_OR_NO, "min": True},
        {**YES_OR_NO, "min": 0, "max": 0},
        {**YES_OR_NO, "blank": 1},
        {**YES_OR_NO, "type": None},
        {**YES_OR_NO, "type": "Lists"},
        {**DELEGATES, "type": "NonHomomorphic", "max": 1},
        {**DELEGATES, "answers": ["Ana"]},
        {**DELEGATES, "extra": None},
        {**DELEGATES, "extra": {}},
        extra(DELEGATES, seats=None),
        extra(DELEGATES, seats=0),
        extra(DELEGATES, seats=5),
        extra(DELEGATES, seats=True),
        extra(DELEGATES, seats="2"),
        extra(DELEGATES, blank=None),
        extra(DELEGATES, blank=1),
        extra(DELEGATES, type="ScoreVoting"),
        extra(DELEGATES, method="Schulze"),
        extra(DEMANDS, seats=1),
        extra(DEMANDS, method="Borda"),
        extra(GRADED, grades=["Good"]),
        extra(GRADED, grades=["Good", "Good"]),
        extra(GRADED, grades=["Good", ""]),
        extra(GRADED, grades=["Good", "B" * 41]),
        extra(GRADED, grades=[f"Grade {number}" for number in range(11)]),
        extra(GRADED, grades="AB"),
        extra(GRADED, type="PreferentialVoting"),
    ],
)
def test_question_that_cannot_be_asked_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(questions.ImpossibleQuestion):
        questions.sound(question)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (
            DELEGATES,
            '{"type":"NonHomomorphic","value":{"answers":["Ana","Ben","Chen","Dina"],'
            '"question":"Who should speak for us?"},'
            '"extra":{"type":"PreferentialVoting","blank":true,"seats":2,"method":"STV"}}',
        ),
        (
            DEMANDS,
            '{"type":"NonHomomorphic","value":{"answers":["Pay","Staffing","Breaks"],'
            '"question":"Which demand comes first?"},'
            '"extra":{"type":"PreferentialVoting","blank":true,"method":"Schulze"}}',
        ),
        (
            GRADED,
            '{"type":"NonHomomorphic","value":{"answers":["Plan A","Plan B"],'
            '"question":"How good is each plan?"},'
            '"extra":{"type":"ScoreVoting","blank":true,"method":"MajorityJudgment",'
            '"grades":["Good","Fair","Bad"]}}',
        ),
    ],
)
def test_election_has_the_fields_as_belenios_writes_them_in_whatever_order_they_were_kept(
    question: dict[str, Any], text: str
) -> None:
    kept = {**question, "extra": dict(sorted(question["extra"].items()))}

    assert compact(questions.for_election(questions.sound(kept)).as_json()) == text


def test_group_must_have_room_for_ranks() -> None:
    many = {**DEMANDS, "answers": [f"Demand {number}" for number in range(31)]}
    groups = [named(name) for name in ("BELENIOS-2048", "Ed25519", "RFC-3526-2048")]

    assert [questions.fits(YES_OR_NO, group) for group in groups] == [True, True, True]
    assert [questions.fits(DEMANDS, group) for group in groups] == [False, True, True]
    assert [questions.fits(many, group) for group in groups] == [False, False, True]


@pytest.mark.parametrize(
    ("question", "voters", "marked"),
    [
        (YES_OR_NO, 1, False),
        (DEMANDS, 15, False),  # 3 + 6 + 6 orders
        (DEMANDS, 14, True),
        (GRADED, 9, False),  # 3 grades for each of 2
        (GRADED, 8, True),
    ],
)
def test_papers_that_can_be_filled_in_more_ways_than_there_are_voters_can_be_marked(
    question: dict[str, Any], voters: int, marked: bool
) -> None:
    assert questions.can_be_marked(question, voters) is marked


@pytest.mark.parametrize(
    ("question", "answers", "places", "in_short"),
    [
        (
            DELEGATES,
            [[1, 2, 0, 0], [2, 1, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]],
            [[0], [1]],
            {"elected": ["Ana", "Ben"], "valid": 2, "blank": 1, "invalid": 2},
        ),
        (
            DEMANDS,
            [[1, 1, 2], [0, 0, 0]],
            [[0, 1], [2]],
            {"ranking": [["Pay", "Staffing"], ["Breaks"]], "valid": 1, "blank": 1, "invalid": 1},
        ),
        (
            GRADED,
            [[3, 1], [3, 2]],
            [[1], [0]],
            {"ranking": [["Plan B"], ["Plan A"]], "valid": 2, "blank": 0, "invalid": 1},
        ),
        (GRADED, [], [], {"ranking": [], "valid": 0, "blank": 0, "invalid": 1}),
        (DELEGATES, [], [], {"elected": [], "valid": 0, "blank": 0, "invalid": 1}),
    ],
)
def test_answers_are_counted_by_the_rule_of_their_question(
    question: dict[str, Any], answers: list[list[int]], places: questions.Places, in_short: dict[str, Any]
) -> None:
    count = questions.counted(question, answers, HEAD)

    assert questions.places_in(count) == places
    assert questions.in_short(question, count, undecodable=1) == in_short
