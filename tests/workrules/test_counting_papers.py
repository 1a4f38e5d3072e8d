"""Which answers are papers, which are blank, and which are invalid: nothing is ever repaired."""

from functools import partial

import pytest

from workrules.counting import BadHead, Fault
from workrules.counting.lots import draw, lot_seed
from workrules.counting.papers import (
    Box,
    InvalidPaper,
    grades,
    order,
    preferences,
    sort_answers,
)


@pytest.mark.parametrize(
    ("answer", "in_order"),
    [((2, 1, 3), (1, 0, 2)), ((0, 1, 0), (1,)), ((0, 2, 1), (2, 1)), ((0, 0, 0), ())],
)
def test_ranks_are_read_in_order_of_preference(answer: tuple[int, ...], in_order: tuple[int, ...]) -> None:
    assert preferences(answer, candidates=3) == in_order


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((1, 1, 2), Fault.REPEATED),
        ((1, 2, 2), Fault.REPEATED),
        ((1, 3, 0), Fault.GAP),
        ((2, 0, 0), Fault.GAP),
        ((0, 0, 255), Fault.GAP),
        ((1, 2, 256), Fault.NO_RANK),
        ((1, 2, -1), Fault.NO_RANK),
        ((1, 2), Fault.LENGTH),
        ((1, 2, 3, 0), Fault.LENGTH),
        ((), Fault.LENGTH),
    ],
)
def test_ranking_that_breaks_the_rule_is_invalid(answer: tuple[int, ...], fault: Fault) -> None:
    with pytest.raises(InvalidPaper) as refused:
        preferences(answer, candidates=3)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("answer", "places"),
    [
        ((1, 2, 3), (0, 1, 2)),
        ((2, 2, 1), (1, 1, 0)),
        ((9, 0, 7), (1, 2, 0)),
        ((0, 0, 4), (1, 1, 0)),
        ((5, 5, 5), (0, 0, 0)),
    ],
)
def test_only_the_order_of_a_ranking_with_equal_ranks_matters(
    answer: tuple[int, ...], places: tuple[int, ...]
) -> None:
    assert order(answer, candidates=3) == places


@pytest.mark.parametrize(("answer", "fault"), [((1, 256), Fault.NO_RANK), ((1,), Fault.LENGTH)])
def test_order_of_what_is_no_ranking_is_invalid(answer: tuple[int, ...], fault: Fault) -> None:
    with pytest.raises(InvalidPaper) as refused:
        order(answer, candidates=2)

    assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((1, 0), Fault.NO_GRADE),
        ((1, 4), Fault.NO_GRADE),
        ((1, 256), Fault.NO_RANK),
        ((1, 2, 3), Fault.LENGTH),
    ],
)
def test_grades_that_are_missing_or_not_offered_are_invalid(answer: tuple[int, ...], fault: Fault) -> None:
    with pytest.raises(InvalidPaper) as refused:
        grades(answer, candidates=2, offered=3)

    assert refused.value.fault is fault


def test_sorting_counts_equal_papers_blank_ones_and_invalid_ones() -> None:
    answers = [[2, 1], [1, 2], [0, 0], [1, 1], [1, 2], [0, 2], [0, 0], [3, 3]]

    assert sort_answers(answers, partial(preferences, candidates=2)) == Box(
        papers=(((0, 1), 2), ((1, 0), 1)),
        blank=2,
        invalid=((Fault.REPEATED, 2), (Fault.GAP, 1)),
    )


def test_box_of_nothing_is_empty() -> None:
    box = sort_answers([], partial(preferences, candidates=2))

    assert box == Box(papers=(), blank=0, invalid=())
    assert box.valid == 0


# Lots


def test_lot_is_the_one_of_the_specification() -> None:
    seed = lot_seed("00" * 32, [[2, 1], [1, 2]])

    # printf '[[1,2],[2,1]]' | sha256sum
    assert (
        seed
        == "openfloor|lot|" + "00" * 32 + "|328bc989b58fc287d46e23bbf0156bc14b108411436dd5be59531117ae1777d6"
    )
    assert draw(seed, 1, [0, 1, 2]) == 0


def test_lot_does_not_depend_on_the_order_of_papers_or_candidates() -> None:
    seed = lot_seed("5a" * 32, [[1, 2], [2, 1], [1, 2]])

    assert seed == lot_seed("5a" * 32, [[2, 1], [1, 2], [1, 2]])
    assert draw(seed, 3, [4, 2, 7]) == draw(seed, 3, [7, 4, 2])


def test_lots_of_other_heads_papers_and_stages_fall_on_everybody() -> None:
    by_head = {draw(lot_seed(f"{head:064x}", [[1, 2]]), 1, [0, 1]) for head in range(20)}
    by_papers = {draw(lot_seed("00" * 32, [[1, 2]] * papers), 1, [0, 1]) for papers in range(20)}
    by_stage = {draw(lot_seed("00" * 32, [[1, 2]]), stage, [0, 1]) for stage in range(20)}

    assert by_head == by_papers == by_stage == {0, 1}


@pytest.mark.parametrize("head", ["", "5a" * 31, "5A" * 32, "5a" * 32 + "\n", "zz" * 32])
def test_lot_needs_a_hash_of_the_board(head: str) -> None:
    with pytest.raises(BadHead):
        lot_seed(head, [[1]])
