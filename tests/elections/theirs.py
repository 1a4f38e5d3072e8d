"""Whole elections by Debian's belenios-tool, and its verdict on ours."""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TOOL = "/usr/bin/belenios-tool"


def run(folder: Path, *arguments: str, given: str = "") -> str:
    """Run the tool in *folder* and return what it prints; fails the test when the tool fails."""
    done = subprocess.run(
        [TOOL, *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        env={**os.environ, "BELENIOS_USE_URANDOM": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def accepts(folder: Path, uuid: str, data: bytes) -> bool:
    """Does `belenios-tool election verify` accept this archive?"""
    folder.mkdir(exist_ok=True)
    (folder / f"{uuid}.bel").write_bytes(data)
    done = subprocess.run(
        [TOOL, "election", "verify", "--dir", str(folder)], capture_output=True, text=True, check=False
    )
    return done.returncode == 0 and "all checks passed" in done.stdout + done.stderr


def election(
    folder: Path,
    group: str,
    questions: Sequence[dict[str, Any]],
    voters: Sequence[str],
    votes: Sequence[tuple[int, Any]],
    *,
    trustee_count: int = 1,
) -> bytes:
    """Run a whole election there and return its archive; *voters* are lines such as "v1,v1,3"."""
    uuid = run(folder, "setup", "generate-token").strip()
    _set_up(folder, uuid, group, questions, voters, trustee_count)
    codes = [line.split()[-1] for line in (folder / "private_creds.txt").read_text().splitlines()]
    for voter, answers in votes:
        (folder / "code").write_text(codes[voter])
        (folder / "answers").write_text(json.dumps(answers))
        ballot = run(folder, "election", "generate-ballot", "--privcred", "code", "--ballot", "answers")
        _append(folder, "Ballot", ballot)
    _append(folder, "EndBallots", "")
    _append(folder, "EncryptedTally", run(folder, "election", "compute-encrypted-tally"))
    if any(question.get("type") == "NonHomomorphic" for question in questions):
        for number in range(1, trustee_count + 1):
            _append(folder, "Shuffle", run(folder, "election", "shuffle", "--trustee-id", str(number)))
        _append(folder, "EndShuffles", "")
    for number, key in enumerate(sorted(folder.glob("*.privkey")), start=1):
        partial = run(folder, "election", "decrypt", "--privkey", key.name, "--trustee-id", str(number))
        _append(folder, "PartialDecryption", partial)
    _append(folder, "Result", run(folder, "election", "compute-result"))
    return (folder / f"{uuid}.bel").read_bytes()


def _set_up(
    folder: Path,
    uuid: str,
    group: str,
    questions: Sequence[dict[str, Any]],
    voters: Sequence[str],
    trustee_count: int,
) -> None:
    (folder / "voters").write_text("".join(f"{line}\n" for line in voters))
    in_group = ["--uuid", uuid, "--group", group]
    run(folder, "setup", "generate-credentials", *in_group, "--file", "voters")
    _rename(folder, "*.pubcreds", "public_creds.json")
    _rename(folder, "*.privcreds", "private_creds.txt")
    for _ in range(trustee_count):
        run(folder, "setup", "generate-trustee-key", "--group", group)
    keys = [key.read_text() for key in sorted(folder.glob("*.pubkey"))]
    (folder / "public_keys.jsons").write_text("".join(keys))
    run(folder, "setup", "make-trustees")
    (folder / "public_keys.jsons").unlink()
    template = {"description": 'Dé"cision\\', "name": "Theirs", "questions": questions}
    (folder / "template.json").write_text(json.dumps(template))
    run(folder, "setup", "make-election", *in_group, "--template", "template.json")
    run(folder, "archive", "init")
    for name in ("election.json", "trustees.json", "public_creds.json"):
        (folder / name).unlink(missing_ok=True)


def _append(folder: Path, event_type: str, payload: str) -> None:
    run(folder, "archive", "add-event", f"--type={event_type}", given=payload)


def _rename(folder: Path, pattern: str, name: str) -> None:
    (found,) = folder.glob(pattern)
    found.rename(folder / name)
