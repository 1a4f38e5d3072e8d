"""An observer counts again: the published vectors, a result on standard input, a whole archive."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factories.rankings import HEAD
from workrules.counting.cli import NoSuchResult, answers_in, main

ROOT = Path(__file__).parents[2]
VECTORS: list[dict[str, Any]] = json.loads((ROOT / "vectors/counting.json").read_text(encoding="utf-8"))


def given_result(monkeypatch: pytest.MonkeyPatch, *questions: object) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps({"result": questions})))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_vector_is_counted_as_it_says(
    vector: dict[str, Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = [paper["answer"] for paper in vector["papers"] for _ in range(paper["number"])]
    options = [f"--{name}={vector[name]}" for name in ("seats", "grades", "head") if name in vector]
    given_result(monkeypatch, answers)

    assert main([vector["rule"], *options, "--json", *vector["candidates"]]) == 0

    assert json.loads(capsys.readouterr().out) == vector["count"]


def test_transferable_votes_are_told_stage_by_stage(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_result(monkeypatch, [5, 3], [*[[1, 2, 0]] * 3, [0, 1, 2], [0, 2, 1], [0, 0, 0], [1, 1, 0]])

    code = main(["stv", "--seats=2", f"--head={HEAD}", "--question=2", "Ada", "Ben", "Cora"])

    assert code == 0
    assert capsys.readouterr().out == (
        "Valid papers: 5\n"
        "Blank papers: 1\n"
        "Invalid papers: 1 (repeated 1)\n"
        "Votes that elect: 2\n"
        "\n"
        "Stage 1: first preferences\n"
        "       3.00000  Ada, elected\n"
        "       1.00000  Ben\n"
        "       1.00000  Cora\n"
        "       0.00000  (not transferable)\n"
        "       0.00000  (rounded away)\n"
        "\n"
        "Stage 2: surplus of Ada\n"
        "       2.00000  Ada\n"
        "       1.99999  Ben\n"
        "       1.00000  Cora\n"
        "       0.00000  (not transferable)\n"
        "       0.00001  (rounded away)\n"
        "\n"
        "Stage 3: Cora is excluded\n"
        "       2.00000  Ada\n"
        "       2.99999  Ben, elected\n"
        "       0.00000  Cora\n"
        "       0.00000  (not transferable)\n"
        "       0.00001  (rounded away)\n"
        "\n"
        "Elected: Ada, Ben\n"
    )


def test_rankings_are_told_pair_by_pair(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_result(monkeypatch, [[1, 2], [1, 0], [2, 1]])

    assert main(["schulze", "Tuesday", "Friday"]) == 0

    assert capsys.readouterr().out == (
        "Valid papers: 3\n"
        "Blank papers: 0\n"
        "Invalid papers: 0\n"
        "\n"
        "Tuesday over Friday: 2 papers; strongest path Tuesday > Friday, weakest link 2 to 1\n"
        "Friday over Tuesday: 1 papers; no path\n"
        "\n"
        "Place 1: Tuesday\n"
        "Place 2: Friday\n"
    )


def test_grades_are_told_name_by_name(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_result(monkeypatch, [[1, 2], [2, 2], [3, 3]])

    assert main(["majority-judgment", "--grades=3", "Tuesday", "Friday"]) == 0

    assert capsys.readouterr().out == (
        "Valid papers: 3\n"
        "Blank papers: 0\n"
        "Invalid papers: 0\n"
        "\n"
        "Tuesday: 1 1 1; middle grade 2, 1 better, 1 worse\n"
        "Friday: 0 2 1; middle grade 2, 0 better, 1 worse\n"
        "Told apart after 2 steps: grade 1 before grade 2\n"
        "\n"
        "Place 1: Tuesday\n"
        "Place 2: Friday\n"
    )


def test_seat_that_is_left_and_lot_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given_result(monkeypatch, [[1, 0], [0, 1]])

    assert main(["stv", "--seats=1", f"--head={HEAD}", "Ada", "Ben"]) == 0

    said = capsys.readouterr().out
    assert "Level were Ada, Ben; decided by lot\n" in said
    assert ", elected to a seat that is left\n" in said


def test_answers_that_a_verifier_names_as_no_votes_are_left_out() -> None:
    report = {"result": [[1], [[1, 2], [2, 1], [9, 9]]], "undecodable": [[], [0, 2]]}

    assert answers_in(json.dumps(report), 2) == [[2, 1]]
    assert answers_in(json.dumps({**report, "undecodable": None}), 2) == [[1, 2], [2, 1], [9, 9]]


@pytest.mark.parametrize("question", [-1, 0, 3])
def test_question_that_is_not_there_is_refused(question: int) -> None:
    with pytest.raises(NoSuchResult):
        answers_in('{"result":[[1,2],[[1,2]]]}', question)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[",
        "[[[1]]]",
        "{}",
        '{"result":{}}',
        '{"result":[[5,3]]}',
        '{"result":[[["1"]]]}',
        '{"result":[[[true]]]}',
        '{"result":[[[1.0]]]}',
        '{"result":[[[1]]],"undecodable":[]}',
        '{"result":[[[1]]],"undecodable":[3]}',
        '{"result":' + "[" * 100_000,
    ],
)
def test_what_is_no_result_of_ranks_or_grades_is_refused(text: str) -> None:
    with pytest.raises(NoSuchResult):
        answers_in(text, 1)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--seats=1", "--head=5a"], "64 hexadecimal digits"),
        (["--seats=0", f"--head={HEAD}"], "a seat at least"),
        (["--seats=1", f"--head={HEAD}", "--question=7"], "question 7"),
    ],
)
def test_what_cannot_be_counted_is_said_in_a_sentence(
    options: list[str],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    given_result(monkeypatch, [[1, 2]])

    assert main(["stv", *options, "Ada", "Ben"]) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_observers_page_counts_an_archive_again(tmp_path: Path) -> None:
    """The line of docs/start/for-observers.md, on an election that another program made."""
    page = (ROOT / "docs/start/for-observers.md").read_text(encoding="utf-8")
    line = next(line.strip() for line in page.splitlines() if "| python -m workrules.counting" in line)
    (tmp_path / "b.bel").write_bytes((ROOT / "tests/openballot/data/ed-ranking-shuffles.bel").read_bytes())
    of_this_one = {
        "<ballot>": "b",
        "stv --seats 3 --head <hash>": "schulze --question 2",
        '"Ada" "Ben" "Cora" "Dan"': "A B C D",
    }
    for written, meant in of_this_one.items():
        assert written in line
        line = line.replace(written, meant)

    ran = subprocess.run(  # noqa: S602
        line,
        shell=True,
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ran.stdout.endswith("Place 1: A\nPlace 2: B\nPlace 3: D\nPlace 4: C\n")
