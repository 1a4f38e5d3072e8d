"""The main story: from a founding link to a result that a program we did not write calls correct."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from journeys.server import BIN
from journeys.story import StrikeVote

pytestmark = pytest.mark.journey


def test_one_strike_vote_from_an_invitation_to_a_verified_result(
    strike_vote: StrikeVote, tmp_path: Path
) -> None:
    assert len(strike_vote.heads) == 1
    assert_both_verifiers_agree(strike_vote.archive, [[0, 2, 1]], tmp_path)


def assert_both_verifiers_agree(archive: Path, result: list[list[int]], folder: Path) -> None:
    """Ours counts the result; Debian's belenios-tool finds no fault; an altered byte is refused by name."""
    ours = subprocess.run(
        [BIN / "openballot", "verify", archive, "--json", "--require", "counted"],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(ours.stdout)
    assert (ours.returncode, report["verdict"], report["state"]) == (0, "valid", "counted")
    assert report["result"] == result

    check = folder / "check"
    check.mkdir()
    shutil.copy(archive, check)
    theirs = subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", check], capture_output=True, text=True, check=False
    )
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr

    content = bytearray(archive.read_bytes())
    place = content.index(b'"challenge":"', len(content) // 2) + len(b'"challenge":"')
    content[place] = ord("1") if content[place] != ord("1") else ord("2")
    altered = folder / "altered.bel"
    altered.write_bytes(content)
    refused = subprocess.run(
        [BIN / "openballot", "verify", altered, "--json"], capture_output=True, text=True, check=False
    )
    assert refused.returncode in (1, 2)
    assert json.loads(refused.stdout)["findings"] != []
