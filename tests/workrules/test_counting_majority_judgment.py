"""Majority judgment: published examples, edges by name, and the laws of Balinski and Laraki."""

import json
import subprocess
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.rankings import Answers, numbered, renamed
from workrules.counting import Fault, ImpossibleElection, majority_judgment
from workrules.counting.majority_judgment import Judgment, Step, majority_value

EXCELLENT, GOOD, FAIR, POOR = 1, 2, 3, 4


def count(answers: Answers, candidates: int, grades: int) -> majority_judgment.Count:
    return majority_judgment.count(answers, candidates=candidates, grades_offered=grades)


def papers_with(numbers: list[list[int]]) -> Answers:
    """Any papers that give each candidate so many of each grade: the count sees nothing else of them."""
    columns = [[grade for grade, number in enumerate(row, start=1) for _ in range(number)] for row in numbers]
    return [list(paper) for paper in zip(*columns, strict=True)]


# Published examples


def test_capital_of_tennessee() -> None:
    """Wikipedia, Majority judgment, "Example": the middle grades are poor+, fair+, fair-, fair-."""
    answers = [
        *[[EXCELLENT, FAIR, POOR, POOR]] * 42,
        *[[POOR, EXCELLENT, FAIR, FAIR]] * 26,
        *[[POOR, FAIR, EXCELLENT, GOOD]] * 15,
        *[[POOR, FAIR, GOOD, EXCELLENT]] * 17,
    ]

    counted = count(answers, 4, 4)

    assert counted.judgments == (
        Judgment(numbers=(42, 0, 0, 58), grade=POOR, better=42, worse=0),
        Judgment(numbers=(26, 0, 74, 0), grade=FAIR, better=26, worse=0),
        Judgment(numbers=(15, 17, 26, 42), grade=FAIR, better=32, worse=42),
        Judgment(numbers=(17, 15, 26, 42), grade=FAIR, better=32, worse=42),
    )
    assert counted.ranking == ((1,), (3,), (2,), (0,))
    assert counted.steps == (
        # From the best on, Knoxville has excellent to the 17th, 33 before the centre, fair to the 58th.
        Step(set_aside=16, grade=FAIR, next_grade=POOR),
        Step(set_aside=67, grade=EXCELLENT, next_grade=GOOD),
        Step(set_aside=0, grade=FAIR, next_grade=POOR),
    )


def test_french_presidential_election_of_2012() -> None:
    """M. Balinski and R. Laraki, "Majority judgment vs. majority rule" (2020), a poll of 737 people."""
    hollande = [92, 119, 121, 86, 109, 105, 105]
    bayrou = [19, 72, 160, 186, 148, 88, 64]
    sarkozy = [71, 91, 120, 81, 82, 58, 234]
    melenchon = [40, 70, 95, 108, 126, 111, 187]
    le_pen = [44, 54, 70, 69, 103, 46, 351]

    counted = count(papers_with([le_pen, melenchon, sarkozy, bayrou, hollande]), 5, 7)

    shares = [
        (judgment.grade, round(100 * judgment.better / 737, 1), round(100 * judgment.worse / 737, 1))
        for judgment in counted.judgments
    ]
    assert shares == [(6, 46.1, 47.6), (5, 42.5, 40.4), (5, 49.3, 39.6), (4, 34.1, 40.7), (4, 45.0, 43.3)]
    assert counted.ranking == ((4,), (3,), (2,), (1,), (0,))


# Edges


def test_without_papers_everybody_is_level_and_nobody_has_a_grade() -> None:
    counted = count([], 2, 3)

    nothing = Judgment(numbers=(0, 0, 0), grade=None, better=0, worse=0)
    assert (counted.judgments, counted.ranking, counted.steps) == ((nothing, nothing), ((0, 1),), ())


def test_blank_and_invalid_papers_grade_nobody() -> None:
    counted = count([[1, 3], [0, 0], [1, 0], [4, 1]], 2, 3)

    assert (counted.valid, counted.blank, counted.invalid) == (1, 1, ((Fault.NO_GRADE, 2),))
    assert counted.ranking == ((0,), (1,))


def test_same_grades_from_other_people_leave_two_level() -> None:
    counted = count([[1, 3], [3, 1], [2, 2]], 2, 3)

    assert (counted.ranking, counted.steps) == (((0, 1),), ())


def test_of_an_even_number_the_worse_one_in_the_middle_counts() -> None:
    assert count([[1], [3]], 1, 3).judgments[0].grade == 3


def test_single_paper_ranks_by_its_grades() -> None:
    assert count([[2, 1, 2]], 3, 2).ranking == ((1,), (0, 2))


@pytest.mark.parametrize(("candidates", "grades"), [(0, 3), (2, 1), (2, 0)])
def test_election_without_candidates_or_with_a_single_grade_cannot_be(candidates: int, grades: int) -> None:
    with pytest.raises(ImpossibleElection):
        count([], candidates, grades)


# Laws

GRADES = 4
papers = numbered(lowest=1, highest=GRADES)


@given(st.lists(st.integers(0, 6), min_size=2, max_size=5))
def test_majority_value_takes_the_middle_grade_away_again_and_again(numbers: list[int]) -> None:
    left = [grade for grade, number in enumerate(numbers, start=1) for _ in range(number)]
    taken = []

    while left:
        taken.append(left.pop(len(left) // 2))

    assert majority_value(numbers) == tuple(taken)


@given(papers)
def test_more_than_half_give_the_majority_grade_or_better_and_half_or_more_it_or_worse(
    election: tuple[int, Answers],
) -> None:
    candidates, answers = election

    for judgment in count(answers, candidates, GRADES).judgments:
        if judgment.grade is not None:
            at_grade = judgment.numbers[judgment.grade - 1]
            assert 2 * (judgment.better + at_grade) > len(answers)
            assert 2 * (judgment.worse + at_grade) >= len(answers)


def gauge(judgment: Judgment) -> tuple[int, int]:
    """Order by majority gauge: good+ before good-, more better ones before fewer, fewer worse before more."""
    assert judgment.grade is not None
    more_are_better = judgment.better > judgment.worse
    return (judgment.grade, -judgment.better if more_are_better else judgment.worse)


@given(numbered(lowest=1, highest=GRADES, fewest=1))
def test_where_the_majority_gauge_tells_two_apart_the_ranking_agrees(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates, GRADES)

    gauges = [min(gauge(counted.judgments[candidate]) for candidate in place) for place in counted.ranking]

    assert gauges == sorted(gauges)


@given(papers)
def test_each_step_puts_the_better_grade_first(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates, GRADES)

    assert len(counted.steps) == len(counted.ranking) - 1
    for step, (place, following) in zip(counted.steps, pairwise(counted.ranking), strict=True):
        value, other = (majority_value(counted.judgments[where[0]].numbers) for where in (place, following))
        assert value[: step.set_aside] == other[: step.set_aside]
        assert (step.grade, step.next_grade) == (value[step.set_aside], other[step.set_aside])
        assert step.grade < step.next_grade


@given(papers, st.randoms(use_true_random=False))
def test_order_of_the_papers_changes_nothing(election: tuple[int, Answers], random: Random) -> None:
    candidates, answers = election

    assert count(random.sample(answers, len(answers)), candidates, GRADES) == count(
        answers, candidates, GRADES
    )


@given(papers, st.data())
def test_names_do_not_matter(election: tuple[int, Answers], data: st.DataObject) -> None:
    candidates, answers = election
    order = data.draw(st.permutations(range(candidates)))

    again = count(renamed(answers, order), candidates, GRADES).ranking

    places = tuple(tuple(sorted(order[candidate] for candidate in place)) for place in again)
    assert places == count(answers, candidates, GRADES).ranking


@given(numbered(lowest=1, highest=GRADES, fewest=1), st.data())
def test_a_better_grade_never_costs_a_place(election: tuple[int, Answers], data: st.DataObject) -> None:
    candidates, answers = election
    at = data.draw(st.integers(0, len(answers) - 1))
    raised = [max(1, answers[at][0] - 1), *answers[at][1:]]

    before = count(answers, candidates, GRADES).ranking
    after = count([*answers[:at], raised, *answers[at + 1 :]], candidates, GRADES).ranking

    def ahead(ranking: tuple[tuple[int, ...], ...]) -> set[int]:
        at_place = next(number for number, place in enumerate(ranking) if 0 in place)
        return {candidate for place in ranking[:at_place] for candidate in place}

    assert ahead(after) <= ahead(before)


def belenios(answers: Answers, candidates: int) -> dict[str, Any]:
    ran = subprocess.run(
        [
            *("belenios-tool", "method", "majority-judgment", "--nchoices", str(candidates)),
            *("--ngrades", str(GRADES), "--blank-allowed", "true"),
        ],
        input=json.dumps(answers),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@settings(max_examples=60, deadline=None)
@given(numbered(lowest=0, highest=GRADES + 1))
def test_papers_and_grades_are_those_of_belenios(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates, GRADES)

    theirs = belenios(answers, candidates)

    assert theirs["valid"] == counted.valid
    assert theirs["blank"] == counted.blank
    assert len(theirs["invalid"]) == sum(number for _, number in counted.invalid)
    assert theirs["raw"] == [list(judgment.numbers) for judgment in counted.judgments]


@settings(max_examples=60, deadline=None)
@given(papers)
def test_ranking_is_that_of_belenios_on_the_scale_turned_around(election: tuple[int, Answers]) -> None:
    """There the better of two middle grades counts, which on a scale turned around is the worse one."""
    candidates, answers = election
    turned = [[GRADES + 1 - grade for grade in answer] for answer in answers]

    theirs = belenios(turned, candidates)["winners"]

    ours = [list(place) for place in reversed(count(answers, candidates, GRADES).ranking)]
    assert [sorted(place) for place in theirs] == ours
