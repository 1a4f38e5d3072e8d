"""The command line, run as people run it."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from elections import kinds, made, pages
from openballot import archive, verifier
from openballot.canonical import hash_hex
from openballot.cli import main
from openballot.election import Question
from openballot.words import words_of

PAGE = Path(__file__).parents[2] / "docs" / "start" / "election-by-hand.md"


@pytest.fixture(scope="module")
def election() -> made.Made:
    return made.counted("Ed25519")


@pytest.fixture
def bel(election: made.Made, tmp_path: Path) -> Path:
    path = tmp_path / "election.bel"
    path.write_bytes(election.archive())
    return path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def board(tmp_path: Path) -> Iterator[str]:
    """Serve the folder `served` over HTTP."""
    (tmp_path / "served").mkdir()
    handler = partial(Quiet, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_election_by_hand_page_runs_as_printed_and_belenios_tool_verifies_it(tmp_path: Path) -> None:
    folder = tmp_path / "election"

    done = pages.run(PAGE, folder)

    assert done.returncode == 0, done.stderr
    assert '{"result":[[3,1],[1,1,2,3]]}\n' in done.stdout
    assert '{"result":[[3,1],[1,1,2,3]]}' in PAGE.read_text(encoding="utf-8")
    assert "all checks passed" in done.stderr
    for secret in ("trustee-1.private.json", "voters.private.txt"):
        assert (folder / secret).stat().st_mode & 0o077 == 0


def test_ranking_by_hand_page_runs_as_printed_and_belenios_tool_verifies_it(tmp_path: Path) -> None:
    done = pages.run(PAGE.with_name("ranking-by-hand.md"), tmp_path / "election")

    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stdout.splitlines() if line.startswith('{"result"')]
    assert sorted(json.loads(line)["result"][0]) == [[0, 0, 0, 0], [1, 2, 3, 4], [2, 1, 4, 3]]
    assert "Shuffled by trustees: 1, 2\n" in done.stdout
    assert "all checks passed" in done.stderr


def test_verify_prints_the_state_first_and_exits_0(bel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(bel)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["State: counted", "Verdict: valid", "Ballots: 3"]
    assert lines[-1] == "Result: [[2,1]]"


def test_verify_exits_1_with_the_findings(
    election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.bel"
    path.write_bytes(made.archive_of(election.events[:-1]))

    assert main(["verify", str(path), "--require", "counted", "--head", "0" * 64]) == 1

    printed = capsys.readouterr()
    assert printed.out.startswith("State: decrypting\nVerdict: invalid\n")
    assert [line.split()[0] for line in printed.err.splitlines()] == ["required_state", "wrong_head"]


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_verify_exits_2_for_what_is_no_archive(
    tmp_path: Path, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)

    assert main(["verify", str(path), "--json"]) == 2

    report = json.loads(capsys.readouterr().out)
    assert (report["verdict"], report["state"], report["ballots"]) == ("not_an_archive", None, 0)


def test_verify_json_is_the_report(bel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--json", str(bel)]) == 0

    assert json.loads(capsys.readouterr().out) == {
        "verdict": "valid",
        "state": "counted",
        "ballots": 3,
        "result": [[2, 1]],
        "shufflers": [],
        "undecodable": [[]],
        "findings": [],
        "warnings": [],
    }


def test_verify_shows_a_bar_on_a_terminal_only(bel: Path) -> None:
    command = [sys.executable, "-m", "openballot", "verify", "--json", str(bel)]
    environment = {**os.environ, "PYTHONPATH": str(Path(made.__file__).parents[2] / "src")}
    terminal, inner = os.openpty()

    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=inner, env=environment, check=True)
    piped = subprocess.run(command, capture_output=True, env=environment, check=True)

    os.close(inner)
    assert b"] 3 ballots" in os.read(terminal, 4096)
    os.close(terminal)
    assert piped.stderr == b""


def test_inspect_lists_questions_and_events(
    bel: Path, election: made.Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["inspect", str(bel)]) == 0

    printed = capsys.readouterr().out
    assert "Question 1: Strike? (1–1)" in printed
    assert printed.count(" Ballot ") == 3
    assert election.events[-1].hash in printed


def test_inspect_shows_no_control_characters_of_a_hostile_election(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = Question(question="\x1b[2JStrike?", answers=("Yes\r", "No\x9b"), min=1, max=1)
    bel = tmp_path / "election.bel"
    bel.write_bytes(made.set_up("Ed25519", questions=(hostile,)).archive())

    assert main(["inspect", str(bel)]) == 0

    printed = capsys.readouterr().out
    assert "\ufffd[2JStrike?" in printed
    assert not set(printed) & {"\x1b", "\r", "\x9b"}


def test_tally_hash_is_the_hash_in_the_sized_tally(
    bel: Path, election: made.Made, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tally", "--hash", str(bel)]) == 0

    sized = json.loads(election.texts("EncryptedTally")[0][1])
    assert capsys.readouterr().out.strip() == sized["encrypted_tally"]


def test_tally_of_an_invalid_archive_is_not_computed(bel: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bel.write_bytes(bel.read_bytes()[:-512])

    assert main(["tally", "--hash", str(bel)]) == 1

    assert capsys.readouterr().out == ""


def test_watch_mirrors_a_growing_board_until_it_is_counted(
    board: str, election: made.Made, tmp_path: Path
) -> None:
    served, mirror = tmp_path / "served" / "x.bel", tmp_path / "mirror.bel"
    for count in (2, 5, 8):
        served.write_bytes(made.archive_of(election.events[:count]))

        assert main(["watch", f"{board}/x.bel", str(mirror), *(["--once"] if count < 8 else [])]) == 0
        assert mirror.read_bytes() == served.read_bytes()


@pytest.mark.parametrize("kind", ["fork", "shrink"])
def test_watch_exits_1_with_both_heads_when_the_board_forks_or_shrinks(
    board: str, election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    served, mirror = tmp_path / "served" / "x.bel", tmp_path / "mirror.bel"
    before = made.archive_of(election.events[:4])
    other = [*election.events[:2], archive.next_event(election.events[1], "EndBallots")]
    after = made.archive_of(other if kind == "fork" else election.events[:3])
    mirror.write_bytes(before)
    served.write_bytes(after)

    assert main(["watch", f"{board}/x.bel", str(mirror)]) == 1

    printed = capsys.readouterr().out
    for head in (election.events[3].hash, archive.read_archive(after).head):
        assert f"{head} {' '.join(words_of(head or '', 8))}" in printed
    assert mirror.read_bytes() == before


def test_watch_refuses_a_board_that_is_no_archive_and_keeps_its_copy(board: str, tmp_path: Path) -> None:
    (tmp_path / "served" / "x.bel").write_bytes(b"Not found")

    assert main(["watch", f"{board}/x.bel", str(tmp_path / "mirror.bel")]) == 2
    assert not (tmp_path / "mirror.bel").exists()


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/x.bel"])
def test_watch_reads_web_addresses_only(address: str, tmp_path: Path) -> None:
    assert main(["watch", address, str(tmp_path / "mirror.bel")]) == 1


def test_watch_once_fails_when_nobody_answers(tmp_path: Path) -> None:
    assert main(["watch", "http://127.0.0.1:1/x.bel", str(tmp_path / "mirror.bel"), "--once"]) == 1


def test_cast_refuses_bad_and_repeated_and_late_ballots_and_changes_nothing(
    election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bel, paper = tmp_path / "election.bel", tmp_path / "paper"
    right = election.texts("Ballot")[1][0]
    cases = [(2, right[:-1], "ballot_text"), (3, right, "ballot_repeated"), (5, right, "")]
    for count, text, check in cases:
        before = made.archive_of(election.events[:count])
        bel.write_bytes(before)
        paper.write_text(text)

        assert main(["cast", str(bel), str(paper)]) == 1

        assert bel.read_bytes() == before
        assert check in capsys.readouterr().err


def test_secret_files_are_never_written_over(tmp_path: Path) -> None:
    name = str(tmp_path / "trustee")

    assert main(["trustee-key", "--out", name]) == 0
    held = (tmp_path / "trustee.private.json").read_text()
    assert main(["trustee-key", "--out", name]) == 1
    assert (tmp_path / "trustee.private.json").read_text() == held


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["decrypt", "BEL", "--key", "KEY"], "not at this step"),
        (["close", "BEL"], "not at this step"),
        (["result", "BEL"], "not at this step"),
        (["ballot", "BEL", "--code", "KEY", "--answers", "[[1,0]]"], "XXXXX-XXXXXX-XXXXX-XXXXXX"),
        (["inspect", "KEY"], "not an election archive"),
        (["inspect", "NOWHERE"], "No such file"),
    ],
)
def test_command_out_of_place_says_why(
    bel: Path, tmp_path: Path, command: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text('"5"\n')
    names = {"BEL": str(bel), "KEY": str(tmp_path / "key"), "NOWHERE": str(tmp_path / "nowhere")}

    assert main([names.get(word, word) for word in command]) in (1, 2)

    assert sentence in capsys.readouterr().err


def test_decrypt_with_a_foreign_key_is_refused(
    election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "election.bel").write_bytes(made.archive_of(election.events[:6]))
    (tmp_path / "key").write_text('"5"')

    assert main(["decrypt", str(tmp_path / "election.bel"), "--key", str(tmp_path / "key")]) == 1
    assert "not the key of any" in capsys.readouterr().err


@pytest.mark.parametrize("answers", ["", "1", "[1]", "[[true]]", '[["1"]]', "[[1,1]]"])
def test_answers_in_another_form_are_refused(election: made.Made, tmp_path: Path, answers: str) -> None:
    (tmp_path / "election.bel").write_bytes(made.archive_of(election.events[:1]))
    (tmp_path / "code").write_text("AbCdE-fGhJkM-nPqRs-tUvWxY\n")
    bel, code = str(tmp_path / "election.bel"), str(tmp_path / "code")

    assert main(["ballot", bel, "--code", code, "--answers", answers]) == 1


@pytest.mark.parametrize(
    "template", ["", "[]", "{}", '{"name":"N","description":"D","questions":[{"question":"Q"}]}']
)
def test_template_without_its_parts_is_refused(tmp_path: Path, template: str) -> None:
    assert main(["trustee-key", "--out", str(tmp_path / "t")]) == 0
    uuid = "AbCdEfGhJkMnPq"
    assert main(["credentials", "--uuid", uuid, "--count", "2", "--out", str(tmp_path / "v")]) == 0
    (tmp_path / "template").write_text(template)
    parts = {
        "template": "template",
        "trustee": "t.public.json",
        "credentials": "v.public.json",
        "out": "x.bel",
    }
    options = [word for name, file in parts.items() for word in (f"--{name}", str(tmp_path / file))]

    assert main(["set-up", "--uuid", uuid, *options]) == 1
    assert not (tmp_path / "x.bel").exists()


# Rankings, lists and shuffles


@pytest.fixture(scope="module")
def ranked() -> made.Made:
    """Ready to be shuffled."""
    election = made.set_up("Ed25519", questions=(made.RANKING, made.LISTS), trustee_count=2)
    election.vote(0, [[1, 2, 3], [[1, 1, 0], [0, 0, 0, 0], [0, 0]]])
    election.vote(1, [[3, 2, 1], [[0, 0, 0], [0, 0, 0, 0], [1, 1]]])
    election.close()
    return election


@pytest.fixture
def to_shuffle(ranked: made.Made, tmp_path: Path) -> Path:
    path = tmp_path / "ranked.bel"
    path.write_bytes(ranked.archive())
    return path


def test_shuffles_are_printed_checked_and_appended(
    to_shuffle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shuffle", str(to_shuffle)]) == 0
    (tmp_path / "shuffle").write_text(capsys.readouterr().out)
    before = to_shuffle.read_bytes()

    assert main(["add-shuffle", str(to_shuffle), str(tmp_path / "shuffle"), "--trustee", "2"]) == 0
    assert main(["end-shuffles", str(to_shuffle)]) == 0

    assert to_shuffle.read_bytes().startswith(before)
    assert "Only one trustee has shuffled" in capsys.readouterr().err
    assert main(["verify", str(to_shuffle), "--require", "shuffled"]) == 0
    assert "State: shuffled\n" in (printed := capsys.readouterr().out)
    assert "Shuffled by trustees: 2\n" in printed


def test_tally_hash_of_shuffled_answers_is_that_of_the_last_order(
    to_shuffle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["shuffle", str(to_shuffle)]) == 0
    (tmp_path / "shuffle").write_text(capsys.readouterr().out)
    main(["add-shuffle", str(to_shuffle), str(tmp_path / "shuffle"), "--trustee", "2"])
    capsys.readouterr()

    assert main(["tally", "--hash", str(to_shuffle)]) == 0

    opened = verifier.tally_to_open(archive.read_archive(to_shuffle.read_bytes()))
    assert capsys.readouterr().out.strip() == hash_hex(opened)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["end-shuffles", "BEL"], "not at this step"),
        (["decrypt", "BEL", "--key", "KEY"], "not at this step"),
        (["add-shuffle", "BEL", "SHUFFLE", "--trustee", "3"], "no trustee of this number"),
        (["add-shuffle", "BEL", "SHUFFLE", "--trustee", "1"], "shuffle_proof"),
        (["add-shuffle", "BEL", "KEY", "--trustee", "1"], "shuffle_text"),
    ],
)
def test_shuffle_that_cannot_be_taken_changes_nothing(
    to_shuffle: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    sentence: str,
) -> None:
    assert main(["shuffle", str(to_shuffle)]) == 0
    value = json.loads(capsys.readouterr().out)
    value["proofs"][0][2].reverse()
    (tmp_path / "shuffle").write_text(json.dumps(value, separators=(",", ":")))
    (tmp_path / "key").write_text('"5"\n')
    names = {"BEL": to_shuffle, "SHUFFLE": tmp_path / "shuffle", "KEY": tmp_path / "key"}
    before = to_shuffle.read_bytes()

    assert main([str(names.get(word, word)) for word in command]) == 1

    assert sentence in capsys.readouterr().err
    assert to_shuffle.read_bytes() == before


def test_verify_names_the_answers_that_are_no_votes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    election = kinds.with_marked_papers("Ed25519")
    (tmp_path / "marked.bel").write_bytes(election.archive())
    (answers,) = json.loads(election.texts("Result")[0][0])["result"]
    marked = [str(number) for number, answer in enumerate(answers, start=1) if answer != [3, 2, 1]]

    assert main(["verify", str(tmp_path / "marked.bel")]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"No votes, for they do not decode: question 1, paper {', '.join(marked)}"


def test_shuffle_of_an_election_without_rankings_is_refused(
    election: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "election.bel").write_bytes(made.archive_of(election.events[:6]))

    assert main(["shuffle", str(tmp_path / "election.bel")]) == 1
    assert "not at this step" in capsys.readouterr().err


def test_inspect_shows_every_kind_of_question(to_shuffle: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["inspect", str(to_shuffle)]) == 0

    printed = capsys.readouterr().out
    assert "Question 1: Rank them, 1 is best (a number from 0 to 255 for each)\n  - Ana\n" in printed
    assert "Question 2: Which list? (one list, and one or more of its candidates)\n" in printed
    assert "  - Nights: Chen, Dina, Élie\n" in printed


def test_ballot_of_every_kind_is_filled_in(
    ranked: made.Made, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ranked.bel").write_bytes(made.archive_of(ranked.events[:1]))
    (tmp_path / "code").write_text("AbCdE-fGhJkM-nPqRs-tUvWxY\n")
    answers = "[[1,2,3],[[0,0,0],[0,0,0,0],[1,1]]]"

    assert (
        main(["ballot", str(tmp_path / "ranked.bel"), "--code", str(tmp_path / "code"), "--answers", answers])
        == 0
    )

    ranking, lists = json.loads(capsys.readouterr().out)["answers"]
    assert list(ranking) == ["choices", "proof"]
    assert [len(row) for row in lists["choices"]] == [3, 4, 2]


@pytest.mark.parametrize("answers", ["[[[[1]]]]", '[["a"],[[1]]]', "[[1,2,3]]", "[[1,2],[[0]]]", "[" * 9999])
def test_answers_of_another_shape_are_refused(ranked: made.Made, tmp_path: Path, answers: str) -> None:
    (tmp_path / "ranked.bel").write_bytes(made.archive_of(ranked.events[:1]))
    (tmp_path / "code").write_text("AbCdE-fGhJkM-nPqRs-tUvWxY\n")

    assert (
        main(["ballot", str(tmp_path / "ranked.bel"), "--code", str(tmp_path / "code"), "--answers", answers])
        == 1
    )


@pytest.mark.parametrize(
    ("group", "options", "question", "sentence"),
    [
        ("BELENIOS-2048", ["--count", "2"], made.RANKING.as_json(), "election_question_group"),
        ("Ed25519", ["--weights", "1,2"], made.RANKING.as_json(), "credential_weight"),
        (
            "Ed25519",
            ["--count", "2"],
            {"type": "Ballade", "value": {"answers": [], "question": ""}},
            "unsupported",
        ),
        ("Ed25519", ["--count", "2"], {"type": "Lists", "value": {}}, "or with type and value"),
    ],
)
def test_set_up_of_an_impossible_question_is_refused_and_leaves_no_archive(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    group: str,
    options: list[str],
    question: object,
    sentence: str,
) -> None:
    uuid = ["--uuid", "AbCdEfGhJkMnPq", "--group", group]
    template = {"name": "N", "description": "D", "questions": [question]}
    (tmp_path / "template").write_text(json.dumps(template))
    assert main(["trustee-key", "--group", group, "--out", str(tmp_path / "t")]) == 0
    assert main(["credentials", *uuid, *options, "--out", str(tmp_path / "v")]) == 0
    parts = {
        "template": "template",
        "trustee": "t.public.json",
        "credentials": "v.public.json",
        "out": "x.bel",
    }
    named = [word for name, file in parts.items() for word in (f"--{name}", str(tmp_path / file))]

    assert main(["set-up", *uuid, *named]) == 1

    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "x.bel").exists()
