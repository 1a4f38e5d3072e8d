"""A teller's program: the code of an honest list, and every difference by its name."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factories.ballots import Called, ballot_in_state
from openballot.canonical import hash_base64
from openfloor.ballots import auditing, queries, statements
from openfloor.ballots.charter import text_hash
from openfloor.cli import main
from openfloor.workplace import queries as workplace
from openfloor.workplace.memberkeys import canonical, hash_of

pytestmark = pytest.mark.django_db

Files = dict[str, Any]


@pytest.fixture
def called() -> Called:
    return ballot_in_state("frozen", members=4, group="Ed25519")


@pytest.fixture
def files(called: Called) -> Files:
    return {
        "setup": called.setup,
        "lines": workplace.roll_lines(called.people.committee),
        "material": queries.teller_material(called.ballot, called.tellers[1].member),
    }


def test_code_is_the_hash_of_what_this_teller_signs(called: Called, files: Files) -> None:
    steps: list[tuple[str, int, int]] = []

    found = auditing.audit(**files, say=lambda *step: steps.append(step))

    ballot = called.ballot
    said = statements.audit(
        ballot=ballot.uuid,
        election_hash=hash_base64(ballot.election or ""),
        credentials=text_hash(ballot.credentials or ""),
        roll=ballot.roll_head or "",
        entitled=4,
        number=2,
    )
    assert found == auditing.Audit((), 4, hash_of(canonical(said)))
    assert steps == [(step, done, 4) for step in ("roll", "list") for done in range(1, 5)]


def other_charter(files: Files, **roll: Any) -> Files:
    terms = json.loads(files["setup"]["charter"])
    terms["roll"] |= roll
    return {**files, "setup": {**files["setup"], "charter": canonical(terms)}}


def other_line(files: Files) -> Files:
    *lines, last = files["lines"]
    record = json.loads(last)
    record["proofs"]["Ed25519"]["response"] = "1"
    return {**files, "lines": [*lines, canonical(record)]}


def swapped_vouch(files: Files) -> Files:
    *lines, last = files["lines"]
    record = json.loads(last)
    record["vouches"][0]["signature"] = "0" * 128
    return {**files, "lines": [*lines, canonical(record)]}


def with_slips(files: Files) -> Files:
    slips = [{"number": 1, "credentials": "[]", "signature": "0" * 128}]
    return {**files, "setup": {**files["setup"], "slips": slips}}


@pytest.mark.parametrize(
    ("lie", "found"),
    [
        (
            lambda files: {**files, "material": {**files["material"], "k": "00" * 32}},
            ("credentials_changed",),
        ),
        (
            lambda files: {**files, "setup": {**files["setup"], "credentials": "[]"}},
            ("credentials_changed",),
        ),
        (lambda files: {**files, "lines": files["lines"][:-1]}, ("roll_head", "roll_tree", "roll_entitled")),
        (other_line, ("possession", "roll_head", "roll_tree")),
        (swapped_vouch, ("vouch_signature", "roll_head", "roll_tree")),
        (lambda files: other_charter(files, tree="0" * 64), ("charter_hash", "roll_tree")),
        (lambda files: other_charter(files, entitled=5), ("charter_hash", "roll_entitled")),
        (with_slips, ("slips",)),
    ],
)
def test_every_difference_is_found(
    files: Files, lie: Callable[[Files], Files], found: tuple[str, ...]
) -> None:
    assert auditing.audit(**lie(files)).findings == found


@pytest.mark.parametrize(
    "spoil",
    [
        lambda files: {**files, "setup": {}},
        lambda files: {**files, "material": {**files["material"], "ballot": "AbCdEfGhJkMnPq"}},
        lambda files: {**files, "material": {**files["material"], "k": "none"}},
    ],
)
def test_files_of_something_else_are_refused(files: Files, spoil: Callable[[Files], Files]) -> None:
    with pytest.raises(auditing.NotAnAudit):
        auditing.audit(**spoil(files))


def typed(folder: Path, files: Files) -> int:
    (folder / "setup.json").write_text(json.dumps(files["setup"]), "utf-8")
    (folder / "roll.jsonl").write_text("".join(f"{line}\n" for line in files["lines"]), "utf-8")
    (folder / "teller.json").write_text(json.dumps(files["material"]), "utf-8")
    names = {"--setup": "setup.json", "--roll": "roll.jsonl", "--material": "teller.json"}
    return main(
        ["roll", "audit", *(word for option, name in names.items() for word in (option, str(folder / name)))]
    )


def test_command_prints_the_code(files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = typed(tmp_path, files)

    assert code == 0
    assert f"Code: {auditing.audit(**files).code}\n" in capsys.readouterr().out


def test_command_prints_no_code_of_a_list_that_does_not_hold(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed(tmp_path, other_line(files))

    said = capsys.readouterr().out
    assert code == 1
    assert said.splitlines()[1:] == ["possession", "roll_head", "roll_tree"]
    assert "Code" not in said


def test_command_refuses_a_file_that_is_no_json(
    files: Files, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = typed(tmp_path, {**files, "material": []})

    assert (code, capsys.readouterr().out) == (2, "")
