"""Every field that only lists, rankings and shuffles have is refused by name when it is altered."""

from collections.abc import Callable
from pathlib import Path

import pytest

from elections import kinds, made, theirs
from elections.altered import Steps, chained, replaced, steps_of
from openballot.verifier import verify


@pytest.fixture(scope="module")
def ours() -> made.Made:
    return kinds.counted("Ed25519")


def checks_of(data: bytes) -> set[str]:
    report = verify(data)
    assert report.verdict != "valid"
    return {finding.check for finding in report.findings}


def test_unaltered_election_of_every_kind_is_accepted(ours: made.Made) -> None:
    report = verify(chained(steps_of(ours.archive())))

    assert (report.verdict, report.shufflers, report.undecodable) == ("valid", (1, 2), ((), (), ()))
    assert report.result is not None
    assert report.result[:2] == [[1, 1, 1], [[1, 1, 1], [1, 0, 1, 1], [1, 1]]]
    assert sorted(report.result[2]) == kinds.RANKS


@pytest.mark.parametrize(
    ("alter", "expected"), kinds.STEP_LEVEL, ids=[alter.__name__ for alter, _ in kinds.STEP_LEVEL]
)
def test_altered_election_is_refused(
    ours: made.Made, alter: Callable[[Steps], Steps], expected: set[str]
) -> None:
    assert checks_of(chained(alter(steps_of(ours.archive())))) == expected


@pytest.mark.parametrize(
    ("alter", "expected"),
    [(alter, expected) for _, alter, expected in kinds.QUESTION_LEVEL],
    ids=[why for why, *_ in kinds.QUESTION_LEVEL],
)
def test_impossible_question_is_refused(
    ours: made.Made, alter: Callable[[Steps], Steps], expected: str
) -> None:
    assert checks_of(chained(alter(steps_of(ours.archive())))) == {expected}


def test_paper_signed_again_with_any_part_changed_is_refused_by_its_name(ours: made.Made) -> None:
    steps = steps_of(ours.archive())
    right = steps[kinds.END - 1][1][0]

    for case in kinds.refused_papers(ours.election, ours.voters[0], right):
        altered = chained(replaced(steps[: kinds.END], kinds.END - 1, case["text"]))

        assert case["check"] in checks_of(altered), case["why"]


def test_shuffle_with_any_part_changed_is_refused_by_its_name(ours: made.Made) -> None:
    steps = steps_of(ours.archive())[: kinds.FIRST + 1]

    for case in kinds.refused_shuffles(ours.election.group, steps[kinds.FIRST][1][0]):
        altered = chained(kinds.with_shuffle(steps, kinds.FIRST, case["text"]))

        assert checks_of(altered) == {case["check"]}, case["why"]


def test_owner_of_a_shuffle_is_the_boards_word(ours: made.Made) -> None:
    """Nothing in an archive is signed by who shuffled: the report says what the board says."""
    steps = steps_of(ours.archive())

    report = verify(chained(kinds.with_shuffle(steps, kinds.SECOND, steps[kinds.SECOND][1][0], owner=1)))

    assert (report.verdict, report.shufflers) == ("valid", (1,))


@pytest.mark.parametrize("group", ["BELENIOS-2048", "Ed25519"])
def test_shuffle_where_all_answers_are_added_up_is_refused(group: str) -> None:
    assert checks_of(kinds.without_rankings(group)) == {"event_order"}


@pytest.mark.parametrize("group", kinds.GROUPS)
def test_marked_papers_are_no_votes_and_named(group: str) -> None:
    report = verify(kinds.with_marked_papers(group).archive())

    assert (report.verdict, report.undecodable) == ("valid", (unlike(report.result, [3, 2, 1]),))


def unlike(result: list[list[list[int]]] | None, vote: list[int]) -> tuple[int, ...]:
    assert result is not None
    return tuple(place for place, row in enumerate(result[0]) if row != vote)


def test_altered_rankings_of_belenios_tool_are_refused_too(tmp_path: Path) -> None:
    data = theirs.election(
        tmp_path,
        "RFC-3526-2048",
        [made.BLANK.as_json(), made.YES_NO.as_json(), made.RANKING.as_json()],
        ["v1,v1", "v2,v2", "v3,v3"],
        [(voter, [blank, [1, 0], ranks]) for voter, (blank, _, ranks) in kinds.VOTES],
        trustee_count=2,
    )
    steps = steps_of(data)
    assert verify(chained(steps)).verdict == "valid"

    for alter, expected in kinds.STEP_LEVEL:
        if "shuffle" in alter.__name__:
            assert checks_of(chained(alter(steps))) == expected, alter.__name__
