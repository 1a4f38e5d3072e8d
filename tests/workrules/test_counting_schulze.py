"""The Schulze method: published examples, edges by name, and the laws of its paper."""

import json
import subprocess
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.rankings import Answers, numbered, printed, renamed
from workrules.counting import Fault, ImpossibleElection, schulze
from workrules.counting.schulze import Path

WIKIPEDIA = {
    "A>C>B>E>D": 5,
    "A>D>E>C>B": 5,
    "B>E>D>A>C": 8,
    "C>A>B>E>D": 3,
    "C>A>E>B>D": 7,
    "C>B>A>D>E": 2,
    "D>C>E>B>A": 7,
    "E>B>A>D>C": 8,
}
TENNESSEE = {
    "Memphis>Nashville>Chattanooga>Knoxville": 42,
    "Nashville>Chattanooga>Knoxville>Memphis": 26,
    "Chattanooga>Knoxville>Nashville>Memphis": 15,
    "Knoxville>Chattanooga>Nashville>Memphis": 17,
}


def count(answers: Answers, candidates: int) -> schulze.Count:
    return schulze.count(answers, candidates=candidates)


def in_words(names: str, ranking: tuple[tuple[int, ...], ...]) -> str:
    return ">".join("=".join(names.split()[candidate] for candidate in place) for place in ranking)


# Published examples


def test_45_voters_of_wikipedia() -> None:
    """Wikipedia, Schulze method, "Example"; also example 1 of the paper's first section."""
    counted = count(printed("A B C D E", WIKIPEDIA), 5)

    assert counted.preferred == (
        (0, 20, 26, 30, 22),
        (25, 0, 16, 33, 18),
        (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14),
        (23, 27, 21, 31, 0),
    )
    assert [[path.won if path else 0 for path in row] for row in counted.paths] == [
        [0, 28, 28, 30, 24],
        [25, 0, 28, 33, 24],
        [25, 29, 0, 29, 24],
        [25, 28, 28, 0, 24],
        [25, 28, 28, 31, 0],
    ]
    assert counted.paths[0][1] == Path(candidates=(0, 3, 2, 1), won=28, against=17)
    assert in_words("A B C D E", counted.ranking) == "E>A>C>B>D"
    assert counted.beats_everybody is None


def test_capital_of_tennessee_is_the_city_that_beats_every_other() -> None:
    """Wikipedia, Condorcet method, "Example"."""
    names = "Memphis Nashville Chattanooga Knoxville"

    counted = count(printed(names, TENNESSEE), 4)

    assert in_words(names, counted.ranking) == "Nashville>Chattanooga>Knoxville>Memphis"
    assert counted.beats_everybody == 1


# Edges


def test_without_papers_everybody_is_level() -> None:
    counted = count([], 3)

    assert (counted.valid, counted.ranking, counted.beats_everybody) == (0, ((0, 1, 2),), None)


def test_single_candidate_wins_and_beats_everybody_there_is() -> None:
    assert count([[1]], 1).ranking == ((0,),)
    assert count([[1]], 1).beats_everybody == 0


def test_blank_paper_prefers_nobody_and_is_told_apart_from_equal_ranks() -> None:
    counted = count([[0, 0], [3, 3], [1, 0]], 2)

    assert (counted.valid, counted.blank, counted.preferred) == (2, 1, ((0, 1), (0, 0)))


def test_invalid_paper_is_counted_as_such() -> None:
    counted = count([[1, 2], [1, 2, 3], [1]], 2)

    assert (counted.valid, counted.invalid) == (1, ((Fault.LENGTH, 2),))


def test_whoever_is_not_ranked_is_below_everybody_who_is() -> None:
    assert count([[0, 9, 0]], 3).preferred == ((0, 0, 0), (1, 0, 1), (0, 0, 0))


def test_perfect_circle_leaves_three_winners() -> None:
    counted = count(printed("A B C", {"A>B>C": 1, "B>C>A": 1, "C>A>B": 1}), 3)

    assert counted.ranking == ((0, 1, 2),)


def test_of_links_with_equally_many_for_them_the_one_with_fewer_against_is_stronger() -> None:
    counted = count(printed("A B C", {"A>B>C": 4, "B=C>A": 3, "C>A=B": 2}), 3)

    assert [(counted.preferred[a][b], counted.preferred[b][a]) for a, b in ((0, 1), (1, 2), (2, 0))] == [
        (4, 3),
        (4, 2),
        (5, 4),
    ]
    assert counted.paths[0][2] == Path(candidates=(0, 1, 2), won=4, against=3)
    assert counted.ranking == ((1,), (2,), (0,))


def test_strongest_path_has_no_more_links_than_it_needs() -> None:
    counted = count(printed("A B C D", {"A>B>C>D": 3}), 4)

    assert counted.paths[0][3] == Path(candidates=(0, 3), won=3, against=0)


def test_election_without_candidates_cannot_be() -> None:
    with pytest.raises(ImpossibleElection):
        count([], 0)


# Laws

papers = numbered(lowest=0, highest=4)


@given(papers)
def test_whoever_beats_everybody_wins_alone(election: tuple[int, Answers]) -> None:
    candidates, answers = election

    counted = count(answers, candidates)

    if counted.beats_everybody is not None:
        assert counted.ranking[0] == (counted.beats_everybody,)


@given(numbered(lowest=0, highest=4, candidates=range(2, 6)))
def test_favourite_of_more_than_half_wins_alone(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    majority = [[1, *[0] * (candidates - 1)]] * (len(answers) + 1)

    assert count([*answers, *majority], candidates).ranking[0] == (0,)


@given(papers, st.randoms(use_true_random=False))
def test_order_of_the_papers_changes_nothing(election: tuple[int, Answers], random: Random) -> None:
    candidates, answers = election

    assert count(random.sample(answers, len(answers)), candidates) == count(answers, candidates)


@given(papers, st.data())
def test_names_do_not_matter(election: tuple[int, Answers], data: st.DataObject) -> None:
    candidates, answers = election
    order = data.draw(st.permutations(range(candidates)))

    again = count(renamed(answers, order), candidates).ranking

    places = tuple(tuple(sorted(order[candidate] for candidate in place)) for place in again)
    assert places == count(answers, candidates).ranking


@given(numbered(lowest=1, highest=4, candidates=range(2, 6)))
def test_only_winner_is_not_the_only_winner_when_every_paper_is_turned_around(
    election: tuple[int, Answers],
) -> None:
    candidates, answers = election
    turned = [[5 - rank for rank in answer] for answer in answers]

    first, last = count(answers, candidates).ranking[0], count(turned, candidates).ranking[0]

    assert len(first) > 1 or first != last


@given(papers)
def test_path_leads_over_victories_and_is_as_strong_as_its_weakest(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates)

    for a, row in enumerate(counted.paths):
        for b, path in enumerate(row):
            if path is not None:
                links = list(zip(path.candidates, path.candidates[1:], strict=False))
                strengths = [(counted.preferred[x][y], -counted.preferred[y][x]) for x, y in links]
                assert (path.candidates[0], path.candidates[-1]) == (a, b)
                assert min(strengths) == (path.won, -path.against)
                assert all(won > -against for won, against in strengths)


@given(papers)
def test_nobody_has_a_stronger_path_to_a_better_place(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates)

    def strength(a: int, b: int) -> tuple[int, int]:
        path = counted.paths[a][b]
        return (0, 0) if path is None else (path.won, -path.against)

    for number, place in enumerate(counted.ranking):
        for better in place:
            for worse in [candidate for later in counted.ranking[number:] for candidate in later]:
                assert strength(worse, better) <= strength(better, worse)


def belenios(answers: Answers, candidates: int) -> dict[str, Any]:
    ran = subprocess.run(
        ["belenios-tool", "method", "schulze", "--nchoices", str(candidates), "--blank-allowed", "true"],
        input=json.dumps(answers),
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


@settings(max_examples=60, deadline=None)
@given(papers)
def test_count_is_that_of_belenios(election: tuple[int, Answers]) -> None:
    candidates, answers = election
    counted = count(answers, candidates)
    paths = [[[path.won, path.against] if path else [0, 0] for path in row] for row in counted.paths]

    theirs = belenios(answers, candidates)

    for candidate in range(candidates):  # the way from somebody to themselves is nobody's question
        theirs["beatpaths"][candidate][candidate] = [0, 0]
    assert theirs == {
        "valid": counted.valid,
        "blank": counted.blank,
        "raw": [list(row) for row in counted.preferred],
        "beatpaths": paths,
        "winners": [list(place) for place in counted.ranking],
    }
