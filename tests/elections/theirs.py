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
    threshold: tuple[int, int] | None = None,
    opened_by: Sequence[int] | None = None,
) -> bytes:
    """Run a whole election there and return its archive; *voters* are lines such as "v1,v1,3".

    With a *threshold* of (t + 1, n), n trustees follow those with keys of their own. *opened_by* are the
    owners who decrypt before the result; with nobody there, the election ends at its encrypted tally.
    """
    uuid = run(folder, "setup", "generate-token").strip()
    _set_up(folder, uuid, group, questions, voters, trustee_count, threshold)
    codes = [line.split()[-1] for line in (folder / "private_creds.txt").read_text().splitlines()]
    for voter, answers in votes:
        (folder / "code").write_text(codes[voter])
        (folder / "answers").write_text(json.dumps(answers))
        ballot = run(folder, "election", "generate-ballot", "--privcred", "code", "--ballot", "answers")
        _append(folder, "Ballot", ballot)
    _append(folder, "EndBallots", "")
    _append(folder, "EncryptedTally", run(folder, "election", "compute-encrypted-tally"))
    owners = range(1, len(_owners(folder)) + 1)
    if any(question.get("type") == "NonHomomorphic" for question in questions):
        for owner in owners:
            _append(folder, "Shuffle", run(folder, "election", "shuffle", "--trustee-id", str(owner)))
        _append(folder, "EndShuffles", "")
    for owner in owners if opened_by is None else opened_by:
        _append(folder, "PartialDecryption", partial_decryption(folder, owner))
    if opened_by != ():
        _append(folder, "Result", run(folder, "election", "compute-result"))
    return (folder / f"{uuid}.bel").read_bytes()


def partial_decryption(folder: Path, owner: int) -> str:
    """Return the lines of a partial decryption by this owner: the decryption and whose it is."""
    key = _owners(folder)[owner - 1]
    number = ("--trustee-id", str(owner))
    if key.suffix == ".privkey":
        return run(folder, "election", "decrypt", "--privkey", key.name, *number)
    sealed = key.with_suffix(".dkey").name
    return run(
        folder, "election", "decrypt-threshold", "--key", key.name, "--decryption-key", sealed, *number
    )


def threshold_keys(folder: Path, group: str, threshold: int, size: int) -> None:
    """Run the steps by which *size* trustees make a threshold key; leaves threshold.json and their files."""

    def step(number: int, *arguments: str, given: str = "") -> str:
        tool = ("setup", "generate-trustee-key-threshold", "--group", group)
        return run(folder, *tool, "--step", str(number), *arguments, given=given)

    for _ in range(size):
        step(1)
    names = [certificate.stem for certificate in sorted(folder.glob("*.cert"))]
    (folder / "certs").write_text("".join((folder / f"{name}.cert").read_text() for name in names))
    certs, polynomials = ("--certs", "certs"), ("--polynomials", "polynomials")
    step(2, *certs)
    own = {name: (*certs, "--key", f"{name}.key") for name in names}
    made = [step(3, *own[name], "--threshold", str(threshold)) for name in names]
    (folder / "polynomials").write_text("".join(made))
    step(4, *certs, *polynomials)
    outputs = [step(5, *own[name], given=(folder / f"{name}.vinput").read_text()) for name in names]
    (folder / "threshold.json").write_text(step(6, *certs, *polynomials, given="".join(outputs)))


def _owners(folder: Path) -> list[Path]:
    return [*sorted(folder.glob("*.privkey")), *sorted(folder.glob("*.key"))]


def _set_up(
    folder: Path,
    uuid: str,
    group: str,
    questions: Sequence[dict[str, Any]],
    voters: Sequence[str],
    trustee_count: int,
    threshold: tuple[int, int] | None,
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
    if threshold:
        threshold_keys(folder, group, *threshold)
    run(folder, "setup", "make-trustees")
    (folder / "public_keys.jsons").unlink()
    (folder / "threshold.json").unlink(missing_ok=True)
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
