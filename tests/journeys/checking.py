"""What an observer does with a program of ours, and with one that others wrote: verify the record."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from journeys.lies import fetch
from journeys.server import BIN, Server


def record_of(server: Server, uuid: str) -> Path:
    """The record that the board offers, saved."""
    archive = server.folder / f"{uuid}.bel"
    archive.write_bytes(fetch(f"{server.url}/board/{uuid}/{uuid}.bel"))
    return archive


def verified(server: Server, uuid: str) -> dict[str, Any]:
    """The report of `openballot verify` on the record that the board offers, which must be counted."""
    archive = record_of(server, uuid)
    done = subprocess.run(
        [BIN / "openballot", "verify", archive, "--json", "--require", "counted"],
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["findings"]) == (0, "valid", [])
    return report


def assert_both_verifiers_agree(archive: Path, result: list[list[Any]], folder: Path) -> None:
    """
    Ours counts the result; Debian's belenios-tool finds no fault; an altered byte is refused by name.

    Answers that were opened one by one come in an order that nobody knows: here in that of their numbers.
    """
    ours = subprocess.run(
        [BIN / "openballot", "verify", archive, "--json", "--require", "counted"],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(ours.stdout)
    assert (ours.returncode, report["verdict"], report["state"]) == (0, "valid", "counted")
    assert [_in_some_order(opened) for opened in report["result"]] == result

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


def _in_some_order(opened: list[Any]) -> list[Any]:
    return sorted(opened) if opened and isinstance(opened[0], list) else opened
