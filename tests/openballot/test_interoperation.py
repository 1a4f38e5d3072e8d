"""Debian's belenios-tool accepts our elections, and we accept its, with the same result."""

import json
from pathlib import Path
from typing import Any

import pytest

from elections import made, theirs
from openballot import trustees
from openballot.verifier import verify

BOTH = ("BELENIOS-2048", "RFC-3526-2048")
RANKED = "RFC-3526-2048"


@pytest.mark.parametrize("group", BOTH)
def test_our_election_with_three_questions_weights_and_revotes_verifies_there(
    tmp_path: Path, group: str
) -> None:
    ours = made.counted(
        group,
        questions=(made.YES_NO, made.BLANK, made.UP_TO_TWO),
        votes=(
            (0, [[0, 1], [0, 0, 1], [0, 0, 0]]),
            (1, [[0, 1], [0, 1, 0], [1, 1, 0]]),
            (2, [[1, 0], [1, 0, 0], [0, 0, 1]]),
            (0, [[1, 0], [0, 0, 1], [1, 0, 0]]),
        ),
        trustee_count=3,
        weights=(1, 2, 2**30),
    )

    data = ours.archive()

    assert theirs.accepts(tmp_path, ours.election.uuid, data)
    report = verify(data)
    assert (report.verdict, report.state, report.ballots) == ("valid", "counted", 4)
    assert report.result == [["1073741825", 2], ["1073741824", 2, 1], [3, 2, "1073741824"]]


@pytest.mark.parametrize("group", BOTH)
def test_our_election_without_a_ballot_verifies_there(tmp_path: Path, group: str) -> None:
    ours = made.counted(group, votes=())

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    assert verify(ours.archive()).result == [[0, 0]]


def test_our_unfinished_election_verifies_there_at_every_step(tmp_path: Path) -> None:
    ours = made.counted(trustee_count=2)

    for count in range(1, len(ours.events) + 1):
        data = made.archive_of(ours.events[:count])

        assert theirs.accepts(tmp_path, ours.election.uuid, data), ours.events[count - 1].type
        assert verify(data).verdict == "valid"


@pytest.mark.parametrize("group", BOTH)
def test_their_election_with_three_trustees_weights_and_revotes_verifies_here(
    tmp_path: Path, group: str
) -> None:
    questions = [question.as_json() for question in (made.YES_NO, made.BLANK, made.UP_TO_TWO)]
    votes = [
        (0, [[0, 1], [0, 0, 1], [0, 0, 0]]),
        (1, [[0, 1], [0, 1, 0], [1, 1, 0]]),
        (2, [[1, 0], [1, 0, 0], [0, 0, 1]]),
        (0, [[1, 0], [0, 0, 1], [1, 0, 0]]),
    ]

    data = theirs.election(
        tmp_path, group, questions, ["v1,v1", "v2,v2,2", "v3,v3,3000000000"], votes, trustee_count=3
    )

    report = verify(data)
    assert (report.verdict, report.state, report.ballots) == ("valid", "counted", 4)
    assert report.result == [["3000000001", 2], ["3000000000", 2, 1], [3, 2, "3000000000"]]


def test_their_election_without_weights_verifies_here(tmp_path: Path) -> None:
    data = theirs.election(tmp_path, "BELENIOS-2048", [made.YES_NO.as_json()], ["v1", "v2"], [(1, [[1, 0]])])

    assert verify(data).result == [[1, 0]]


@pytest.mark.parametrize("group", BOTH)
@pytest.mark.parametrize(
    ("trustee_count", "threshold", "opened_by"),
    [
        (0, (2, 3), (3, 1)),
        (1, (2, 3), (1, 2, 4)),
        (1, (2, 3), (4, 3, 2, 1)),
        (2, (3, 3), (1, 2, 3, 4, 5)),
        (0, (2, 2), (1, 2, 1)),
    ],
)
def test_our_election_with_a_threshold_verifies_there(
    tmp_path: Path,
    group: str,
    trustee_count: int,
    threshold: tuple[int, int],
    opened_by: tuple[int, ...],
) -> None:
    ours = made.counted(group, trustee_count=trustee_count, threshold=threshold, opened_by=opened_by)

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    report = verify(ours.archive())
    assert (report.verdict, report.result, report.warnings) == ("valid", [[2, 1]], ())


def test_our_election_with_a_share_handed_in_again_verifies_there(tmp_path: Path) -> None:
    ours = made.set_up(threshold=(2, 3))
    ours.vote(0, [[1, 0]])
    ours.close()
    for owner, wrongly in ((1, False), (3, True), (2, False), (3, False)):
        ours.decrypt(owner, wrongly=wrongly)
    ours.count()

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    report = verify(ours.archive())
    assert (report.verdict, report.result) == ("valid", [[1, 0]])
    assert [item.check for item in report.warnings] == ["decryption_proof"] * 2


@pytest.mark.parametrize("group", BOTH)
@pytest.mark.parametrize("opened_by", [(1, 2, 4), (1, 2, 3, 4), (4, 3, 1, 3)])
def test_their_election_with_a_threshold_verifies_here(
    tmp_path: Path, group: str, opened_by: tuple[int, ...]
) -> None:
    votes = [(0, [[1, 0]]), (1, [[0, 1]])]

    data = theirs.election(
        tmp_path, group, [made.YES_NO.as_json()], ["v1", "v2"], votes, threshold=(2, 3), opened_by=opened_by
    )

    report = verify(data)
    assert (report.verdict, report.state, report.findings) == ("valid", "counted", ())
    assert report.result == [[1, 1]]


@pytest.mark.parametrize("votes", [(), ((2, [[0, 1, 0], [7, 0, 255]]),)])
def test_our_rankings_of_few_voters_verify_there(tmp_path: Path, votes: Any) -> None:
    ours = made.counted(RANKED, questions=(made.BLANK, made.RANKING), votes=votes, trustee_count=2)

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    assert verify(ours.archive()).verdict == "valid"


def test_our_rankings_verify_there_at_every_step(tmp_path: Path) -> None:
    ours = made.counted(
        RANKED,
        questions=(made.RANKING, made.BLANK, made.RANKING),
        votes=((0, [[1, 2, 3], [1, 0, 0], [0, 0, 0]]), (1, [[3, 2, 1], [0, 0, 1], [255, 254, 253]])),
        trustee_count=2,
    )

    for count in range(1, len(ours.events) + 1):
        data = made.archive_of(ours.events[:count])

        assert theirs.accepts(tmp_path, ours.election.uuid, data), ours.events[count - 1].type
        assert verify(data).verdict == "valid"


def test_their_rankings_verify_here_with_what_went_in(tmp_path: Path) -> None:
    votes = [
        (0, [[9, 9, 9], [1, 0], [0, 0, 0]]),
        (1, [[3, 2, 1], [0, 1], [255, 254, 253]]),
        (2, [[1, 1, 2], [1, 0], [1, 2, 3]]),
        (0, [[1, 2, 3], [1, 0], [0, 0, 0]]),
    ]
    questions = [question.as_json() for question in (made.RANKING, made.YES_NO, made.RANKING)]

    data = theirs.election(tmp_path, RANKED, questions, ["v1,v1", "v2,v2", "v3,v3"], votes, trustee_count=3)

    report = verify(data)
    assert (report.verdict, report.state, report.shufflers) == ("valid", "counted", (1, 2, 3))
    assert report.undecodable == ((), (), ())
    assert report.result is not None
    assert report.result[1] == [2, 1]
    assert [sorted(row) for row in report.result[::2]] == [
        [[1, 1, 2], [1, 2, 3], [3, 2, 1]],
        [[0, 0, 0], [1, 2, 3], [255, 254, 253]],
    ]


def test_trustees_of_both_programs_shuffle_and_open_one_election(tmp_path: Path) -> None:
    ours = made.set_up(RANKED, questions=(made.RANKING,), trustee_count=2)
    ours.vote(0, [[1, 2, 3]])
    ours.vote(1, [[3, 2, 1]])
    ours.close()
    (tmp_path / f"{ours.election.uuid}.bel").write_bytes(ours.archive())
    text, owned = theirs.run(tmp_path, "election", "shuffle", "--trustee-id", "1").splitlines()
    ours.append("Shuffle", text, owned)
    ours.shuffle(2)
    ours.append("EndShuffles")
    (tmp_path / f"{ours.election.uuid}.bel").write_bytes(ours.archive())
    (tmp_path / "key").write_text(trustees.private_key_json(ours.trustee_keys[0]))
    text, owned = theirs.run(
        tmp_path, "election", "decrypt", "--privkey", "key", "--trustee-id", "1"
    ).splitlines()
    ours.append("PartialDecryption", text, owned)
    ours.decrypt(2)
    ours.count()

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    report = verify(ours.archive())
    assert (report.verdict, report.shufflers) == ("valid", (1, 2))
    assert report.result is not None
    assert sorted(report.result[0]) == [[1, 2, 3], [3, 2, 1]]


def test_ranking_with_a_threshold_that_all_shuffled_verifies_there(tmp_path: Path) -> None:
    ours = made.counted(
        RANKED,
        questions=(made.RANKING,),
        votes=((0, [[1, 2, 3]]), (1, [[3, 2, 1]])),
        trustee_count=0,
        threshold=(2, 3),
        opened_by=(3, 1),
    )

    assert theirs.accepts(tmp_path, ours.election.uuid, ours.archive())
    report = verify(ours.archive())
    assert (report.verdict, report.shufflers) == ("valid", (1, 2, 3))


@pytest.mark.parametrize(
    "name",
    [
        *("ed-yesno", "ed-three-questions", "ed-weights", "ed-ranking-shuffles", "ed-lists"),
        *("ed-threshold-2of3", "belenios2048-threshold-2of3"),
    ],
)
def test_stored_election_of_a_newer_release_verifies_with_its_result(name: str) -> None:
    folder = Path(__file__).parent / "data"
    expected = json.loads((folder / f"{name}.result.json").read_text())

    report = verify((folder / f"{name}.bel").read_bytes())

    assert (report.verdict, report.state, report.findings) == ("valid", "counted", ())
    assert (report.result, report.warnings) == (expected, ())
    assert report.shufflers == ((1, 2) if name == "ed-ranking-shuffles" else ())
    assert report.undecodable == tuple(() for _question in expected)
