"""The trustees' proofs beside the archive: `openballot verify --proofs`."""

import json
from pathlib import Path

import pytest

from elections import made
from openballot import decryption
from openballot.cli import main
from openballot.verifier import verify


def counted_with_proofs() -> tuple[made.Made, dict[int, str]]:
    election = made.set_up(voters=2, trustee_count=2)
    for voter, answer in enumerate(([1, 0], [0, 1])):
        election.vote(voter, [answer])
    election.close()
    tally_text = election.texts("EncryptedTally")[0][0]
    proofs = {}
    for number, x in enumerate(election.trustee_keys, start=1):
        election.decrypt(number)
        proofs[number] = decryption.bound_proofs(election.election, x, tally_text)
    election.count()
    return election, proofs


def checks(election: made.Made, proofs: dict[int, str]) -> list[tuple[str, str]]:
    findings = verify(election.archive(), require="counted", proofs=proofs).findings
    return [(finding.check, finding.object) for finding in findings]


def test_bound_proofs_of_every_trustee_hold() -> None:
    assert checks(*counted_with_proofs()) == []


def test_bound_proofs_of_one_trustee_missing_are_named() -> None:
    election, proofs = counted_with_proofs()

    assert checks(election, {1: proofs[1]}) == [("bound_proof_missing", "bound proofs of trustee 2")]


@pytest.mark.parametrize("wrong", ["not JSON", "{}", '{"decryption_proofs":[[]]}'])
def test_bound_proofs_in_another_form_are_refused(wrong: str) -> None:
    election, proofs = counted_with_proofs()

    assert checks(election, {**proofs, 2: wrong}) == [("bound_proof", "bound proofs of trustee 2")]


def test_bound_proofs_of_another_trustee_are_refused() -> None:
    election, proofs = counted_with_proofs()

    assert checks(election, {1: proofs[2], 2: proofs[2]}) == [("bound_proof", "bound proofs of trustee 1")]


def test_verify_reads_the_boards_file_of_proofs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    election, proofs = counted_with_proofs()
    archive, beside = tmp_path / "vote.bel", tmp_path / "proofs.json"
    archive.write_bytes(election.archive())
    rows = [{"number": 7, "owner": owner, "text": text} for owner, text in proofs.items()]

    beside.write_text(json.dumps({"final_heads": [], "bound_proofs": rows}))
    assert main(["verify", str(archive), "--proofs", str(beside), "--require", "counted"]) == 0
    beside.write_text(json.dumps({"final_heads": [], "bound_proofs": rows[:1]}))
    assert main(["verify", str(archive), "--proofs", str(beside)]) == 1
    beside.write_text("nothing of the kind")
    assert main(["verify", str(archive), "--proofs", str(beside)]) == 1
    assert "The file of proofs cannot be read." in capsys.readouterr().err
