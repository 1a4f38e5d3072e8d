"""Papers opened instead of cast: what the browser saved is read, and no nonces show anything false."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import made
from openballot import ballots, opening
from openballot.canonical import compact
from openballot.checks import Refused
from openballot.cli import main
from openballot.election import Election, Question
from openballot.questions import AnyQuestion

LISTS_ANSWER = [[0, 0, 0], [1, 1, 0, 1], [0, 0]]
QUESTIONS = (made.YES_NO, made.BLANK, made.UP_TO_TWO)
ALLOWED = (
    ([1, 0], [0, 1]),
    ([1, 0, 0], [0, 1, 0], [0, 0, 1]),
    ([0, 0, 0], [1, 0, 0], [0, 0, 1], [1, 1, 0], [0, 1, 1]),
)
VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "opened.json").read_text(encoding="utf-8")
)
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["words"][0])

ELECTION = made.set_up("Ed25519", questions=QUESTIONS)
any_answers = st.tuples(*(st.sampled_from(rows) for rows in ALLOWED)).map(list)


def opened(answers: list[list[int]], voter: int = 0, election: made.Made = ELECTION) -> dict[str, Any]:
    """What the booth would save: the nonces are the first that each question draws (vectors/README.md)."""
    drawn: list[int] = []
    group = election.election.group

    def randbytes(size: int) -> bytes:
        drawn.append(group.random_scalar())
        return drawn[-1].to_bytes(size, "big")

    text = ballots.make_ballot(election.election, election.voters[voter], answers, randbytes)
    nonces, at = [], 0
    for question, bits in zip(election.election.questions, answers, strict=True):
        assert isinstance(question, Question)
        nonces.append([str(r) for r in drawn[at : at + len(bits)]])
        own = 3 * len(bits)
        branches = question.max - question.min + 1
        at += len(bits) + own + (3 + 2 * (branches + 1) - 1 if question.blank else 2 * branches - 1)
    return {"election": election.election.text, "ballot": text, "nonces": nonces}


def parsed(fields: object) -> opening.Opened:
    return opening.Opened.parse(json.dumps(fields).encode())


@each_vector
def test_paper_the_browser_saved_shows_what_it_holds(vector: dict[str, Any]) -> None:
    paper = opening.Opened.parse(vector["file"].encode())

    assert opening.read_answers(paper) == vector["answers"]
    assert paper.words == vector["words"]


@each_vector
def test_no_changed_nonce_opens_the_browsers_paper(vector: dict[str, Any]) -> None:
    fields = json.loads(vector["file"])
    last = fields["nonces"][-1]
    last[-1] = str(int(last[-1]) - 1)

    with pytest.raises(opening.WrongNonces) as caught:
        opening.read_answers(parsed(fields))

    assert (caught.value.question, caught.value.choice) == (3, len(last))


@settings(max_examples=30, deadline=None)
@given(any_answers)
def test_every_allowed_answer_is_shown_as_it_was_made(answers: list[list[int]]) -> None:
    assert opening.read_answers(parsed(opened(answers))) == answers


def opened_alone(question: AnyQuestion[Any], answer: Any, *, group: str = "Ed25519") -> dict[str, Any]:
    """The same of an election with this one question; its nonces in the row they are drawn in."""
    election = made.set_up(group, questions=(question,), voters=1)
    drawn: list[int] = []

    def randbytes(size: int) -> bytes:
        drawn.append(election.election.group.random_scalar())
        return drawn[-1].to_bytes(size, "big")

    text = ballots.make_ballot(election.election, election.voters[0], [answer], randbytes)
    return {"election": election.election.text, "ballot": text, "nonces": [list(map(str, drawn))]}


RANKED = ("Ed25519", "RFC-3526-2048")


@pytest.mark.parametrize("group", RANKED)
@pytest.mark.parametrize("answer", [[1, 2, 3], [0, 0, 0], [255, 0, 1]])
def test_ranking_is_shown_as_it_was_made(group: str, answer: list[int]) -> None:
    fields = opened_alone(made.RANKING, answer, group=group)
    fields["nonces"] = [fields["nonces"][0][:1]]

    assert opening.read_answers(parsed(fields)) == [answer]


@pytest.mark.parametrize("answer", [[[0, 0, 0], [1, 1, 0, 1], [0, 0]], [[0, 0, 0], [0, 0, 0, 0], [1, 1]]])
def test_lists_are_shown_as_they_were_made(answer: list[list[int]]) -> None:
    fields = opened_alone(made.LISTS, answer)
    fields["nonces"] = [made.LISTS.fold(fields["nonces"][0][:9])]

    assert opening.read_answers(parsed(fields)) == [answer]


def test_no_other_nonce_opens_a_ranking_or_a_list() -> None:
    ranking, lists = opened_alone(made.RANKING, [1, 2, 3]), opened_alone(made.LISTS, LISTS_ANSWER)
    ranking["nonces"] = [ranking["nonces"][0][1:2]]
    drawn = lists["nonces"][0][:9]
    lists["nonces"] = [made.LISTS.fold([*drawn[:7], *reversed(drawn[7:])])]

    for fields, choice in ((ranking, 1), (lists, 8)):
        with pytest.raises(opening.WrongNonces) as caught:
            opening.read_answers(parsed(fields))
        assert (caught.value.question, caught.value.choice) == (1, choice)


def test_paper_with_an_element_that_no_ranking_encodes_to_is_not_opened() -> None:
    two = dataclasses.replace(made.RANKING, answers=("Ana", "Ben"))
    election = made.set_up("Ed25519", questions=(two,), voters=1).election
    device = dataclasses.replace(election, questions=(made.RANKING,))

    def opened_by(maker: Election, answer: list[int]) -> opening.Opened:
        text = ballots.make_ballot(maker, 7, [answer], lambda size: (5).to_bytes(size, "big"))
        return parsed({"election": election.text, "ballot": text, "nonces": [["5"]]})

    assert opening.read_answers(opened_by(election, [2, 3])) == [[2, 3]]
    with pytest.raises(opening.WrongNonces):
        opening.read_answers(opened_by(device, [1, 2, 3]))


@pytest.mark.parametrize("nonces", ["5", ["5", "5"], [["5"]], []])
def test_nonces_of_a_ranking_in_another_shape_are_refused(nonces: object) -> None:
    fields = opened_alone(made.RANKING, [1, 2, 3]) | {"nonces": [nonces]}

    with pytest.raises(opening.NotOpened):
        parsed(fields)


@settings(max_examples=30, deadline=None)
@given(any_answers, any_answers)
def test_nonces_of_one_paper_open_no_other(answers: list[list[int]], others: list[list[int]]) -> None:
    swapped = opened(answers) | {"nonces": opened(others)["nonces"]}

    with pytest.raises(opening.WrongNonces):
        opening.read_answers(parsed(swapped))


def test_chosen_names_the_answers_and_tells_blank_from_none() -> None:
    assert made.UP_TO_TWO.chosen([1, 0, 1]) == ("Ana", "Chen")
    assert made.UP_TO_TWO.chosen([0, 0, 0]) == ()
    assert made.BLANK.chosen([0, 1, 0]) == ("Yes",)
    assert made.BLANK.chosen([1, 0, 0]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"election":1,"ballot":"","nonces":[]}',
        b"{" + b" " * opening.MOST_BYTES,
    ],
)
def test_file_that_is_no_opened_paper_is_refused(data: bytes) -> None:
    with pytest.raises(opening.NotOpened):
        opening.Opened.parse(data)


def test_paper_that_is_no_text_is_refused() -> None:
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]]) | {"ballot": "\ud800"}

    with pytest.raises(opening.NotOpened):
        parsed(fields)


@pytest.mark.parametrize("nonce", ["", "01", "-1", "1e3", str(ELECTION.election.group.q), 5, None])
def test_nonce_that_is_no_scalar_is_refused(nonce: object) -> None:
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]])
    fields["nonces"][0][0] = nonce

    with pytest.raises(opening.NotOpened):
        parsed(fields)


@pytest.mark.parametrize("nonces", [[], [["1", "1"]], [["1"], ["1"], ["1"]]])
def test_nonces_of_another_shape_are_refused(nonces: list[list[str]]) -> None:
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]]) | {"nonces": nonces}

    with pytest.raises(opening.NotOpened):
        opening.read_answers(parsed(fields))


def test_paper_whose_proofs_do_not_hold_is_refused_before_its_nonces_count() -> None:
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]])
    other = json.loads(opened([[0, 1], [0, 1, 0], [0, 0, 0]])["ballot"])
    fields["ballot"] = compact(json.loads(fields["ballot"]) | {"answers": other["answers"]})

    with pytest.raises(Refused) as caught:
        opening.read_answers(parsed(fields))

    assert caught.value.check == "ballot_signature_hash"


@pytest.mark.parametrize("credential", ["0" * 64, "", "1".zfill(64)])
def test_paper_under_an_impossible_credential_is_refused(credential: str) -> None:
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]])
    fields["ballot"] = compact(json.loads(fields["ballot"]) | {"credential": credential})

    with pytest.raises(Refused) as caught:
        opening.read_answers(parsed(fields))

    assert caught.value.check == "credential_element"


# The command


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    path = tmp_path / "opened-paper.json"
    path.write_text(json.dumps(opened([[0, 1], [1, 0, 0], [1, 0, 1]])), encoding="utf-8")
    return path


def archive_with(paper_text: str | None, folder: Path) -> Path:
    path = folder / "board.bel"
    election = made.Made(**{**vars(ELECTION), "events": list(ELECTION.events)})
    if paper_text:
        election.append("Ballot", paper_text)
    path.write_bytes(election.archive())
    return path


def test_open_ballot_shows_words_and_answers(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["open-ballot", str(paper)]) == 0

    lines = capsys.readouterr().out.splitlines()
    held = opening.Opened.parse(paper.read_bytes())
    assert lines == [
        f"Paper: {held.tracker} {' '.join(held.words)}",
        "Strike?: No",
        "Accept the offer?: a blank vote",
        "Who speaks for us?: Ana, Chen",
        "Compare the words and the answers with what the booth showed.",
        "Not compared with a real election: add --election and the archive of its board.",
    ]


@pytest.mark.parametrize("vector", VECTORS[3:], ids=lambda vector: vector["group"])
def test_open_ballot_shows_lists_and_rankings(
    vector: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "opened.json").write_text(vector["file"], encoding="utf-8")

    assert main(["open-ballot", str(tmp_path / "opened.json")]) == 0

    assert capsys.readouterr().out.splitlines()[1:4] == [
        "Accept the offer?: No",
        "Which list?: Days, Ana, Ben",
        "Rank them, 1 is best: Ana: 3, Ben: 1, Chen: 255",
    ]


def test_open_ballot_says_nothing_more_when_the_election_is_the_real_one(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["open-ballot", str(paper), "--election", str(archive_with(None, tmp_path))]) == 0

    assert capsys.readouterr().out.splitlines()[-1].startswith("Compare the words")


def test_open_ballot_warns_of_an_opened_paper_on_the_board(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    board = archive_with(json.loads(paper.read_text(encoding="utf-8"))["ballot"], tmp_path)

    assert main(["open-ballot", str(paper), "--election", str(board)]) == 1

    assert "stands on the board" in capsys.readouterr().out


def test_open_ballot_exits_1_when_the_nonces_lie(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fields = json.loads(paper.read_text(encoding="utf-8"))
    fields["nonces"][0].reverse()
    paper.write_text(json.dumps(fields), encoding="utf-8")

    assert main(["open-ballot", str(paper)]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Do not vote on that device" in printed.err


def test_open_ballot_refuses_a_paper_of_another_election(
    paper: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other.bel"
    other.write_bytes(made.set_up("Ed25519").archive())

    assert main(["open-ballot", str(paper), "--election", str(other)]) == 1

    printed = capsys.readouterr()
    assert printed.out == ""
    assert "another election" in printed.err


def test_open_ballot_refuses_a_credential_that_is_not_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stranger = made.Made(**{**vars(ELECTION), "voters": [ELECTION.election.group.random_scalar()]})
    path = tmp_path / "opened-paper.json"
    fields = opened([[1, 0], [0, 1, 0], [0, 0, 0]], election=stranger)
    path.write_text(json.dumps(fields), encoding="utf-8")

    assert main(["open-ballot", str(path), "--election", str(archive_with(None, tmp_path))]) == 1

    assert "ballot_credential" in capsys.readouterr().err


def test_open_ballot_prints_no_control_characters_of_a_hostile_election(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = Question(question="\x1b[2JStrike?", answers=("Yes\r", "No"), min=1, max=1)
    path = tmp_path / "opened-paper.json"
    election = made.set_up("Ed25519", questions=(hostile,))
    path.write_text(json.dumps(opened([[1, 0]], election=election)), encoding="utf-8")

    assert main(["open-ballot", str(path)]) == 0

    assert not set(capsys.readouterr().out) & {"\x1b", "\r"}
