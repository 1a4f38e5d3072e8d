"""A threshold key by command line, and shares by Debian's belenios-tool."""

from pathlib import Path

import pytest

from elections import ceremonies, made, pages, theirs
from openballot.canonical import compact
from openballot.cli import main
from openballot.verifier import verify

PAGE = pages.ROOT / "docs" / "start" / "threshold-by-hand.md"


def test_threshold_by_hand_page_runs_as_printed_and_belenios_tool_verifies_it(tmp_path: Path) -> None:
    folder = tmp_path / "election"

    done = pages.run(PAGE, folder)

    assert done.returncode == 0, done.stderr
    assert '{"result":[[2,0]]}\n' in done.stdout
    assert '{"result":[[2,0]]}' in PAGE.read_text(encoding="utf-8")
    assert "all checks passed" in done.stderr
    for secret in ("trustee-1.seed", "trustee-2.private.json", "trustee-3.private.json"):
        assert (folder / secret).stat().st_mode & 0o077 == 0


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The seeds and the messages of a ceremony, as the commands write them."""
    ceremony = ceremonies.of("Ed25519", 2, 3)
    for own, *texts in zip(ceremony.participants, *ceremony.rounds, strict=True):
        (tmp_path / f"{own.index}.seed").write_text(own.seed)
        for name, text in zip(("certificate", "coefficients", "key"), texts, strict=True):
            (tmp_path / f"{own.index}.{name}.json").write_text(text)
    return tmp_path


def step(folder: Path, command: str, *arguments: str) -> int:
    named = ("--ceremony", "trustee.1", "--of", "3", "--threshold", "2", "--group", "Ed25519")
    return main([command, *named, *arguments, "--out", str(folder / "out")])


def of_all(folder: Path, name: str) -> list[str]:
    return [f"--{name}", *(str(path) for path in sorted(folder.glob(f"?.{name.removesuffix('s')}*.json")))]


def test_steps_make_the_same_files_again(files: Path) -> None:
    own = ("--trustee", "1", "--seed", str(files / "1.seed"))
    certificates, coefficients = of_all(files, "certificates"), of_all(files, "coefficients")

    assert step(files, "threshold-coefficients", *own, *certificates) == 0
    assert step(files, "threshold-key", *own, *certificates, *coefficients) == 0

    for name in ("coefficients", "key"):
        assert (files / f"out.{name}.json").read_text() == (files / f"1.{name}.json").read_text()


def test_step_names_who_is_missing_and_writes_nothing(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = ("--trustee", "1", "--seed", str(files / "1.seed"))
    held = sorted(files.iterdir())

    assert step(files, "threshold-coefficients", *own, *of_all(files, "certificates")[:-1]) == 1

    assert "ceremony_missing (trustee 3; T 2)" in capsys.readouterr().err
    assert sorted(files.iterdir()) == held


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--trustee", "1", "--seed", "2.seed"], "ceremony_seed (trustee 1; T 3)"),
        (["--trustee", "4", "--seed", "1.seed"], "The trustees' numbers are 1 to 3."),
        (["--trustee", "1", "--seed", "1.key.json"], "22 letters and digits"),
        (["--trustee", "1", "--seed", "1.seed", "--threshold", "1"], "at least 2 must be needed"),
        (["--trustee", "1", "--seed", "1.seed", "--ceremony", "other"], "ceremony_other (message 1; T 2)"),
    ],
)
def test_step_out_of_place_says_why(
    files: Path, arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(files / word) if (files / word).exists() else word for word in arguments]

    assert step(files, "threshold-coefficients", *given, *of_all(files, "certificates")) == 1

    assert sentence in capsys.readouterr().err
    assert not (files / "out.coefficients.json").exists()


def test_share_of_another_seed_is_not_opened(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sealed = ("--group", "Ed25519", "--sealed", str(files / "1.key.json"), "--out", str(files / "out"))

    assert main(["threshold-share", "--seed", str(files / "2.seed"), *sealed]) == 1
    assert "Nothing was opened." in capsys.readouterr().err
    assert main(["threshold-share", "--seed", str(files / "1.seed"), *sealed]) == 0
    assert (files / "out.private.json").stat().st_mode & 0o077 == 0


def test_their_threshold_election_is_finished_here_with_their_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    data = theirs.election(
        folder,
        "BELENIOS-2048",
        [made.YES_NO.as_json()],
        ["v1", "v2"],
        [(0, [[1, 0]]), (1, [[1, 0]])],
        threshold=(2, 3),
        opened_by=(),
    )
    archive = tmp_path / "vote.bel"
    archive.write_bytes(data)
    assert verify(data).verdict == "valid"

    seeds = sorted(folder.glob("*.key"))
    for seed in seeds[1:]:
        out = str(tmp_path / seed.stem)
        files = ("--seed", str(seed), "--sealed", str(seed.with_suffix(".dkey")))
        assert main(["threshold-share", *files, "--out", out]) == 0
    for key in (*folder.glob("*.privkey"), *sorted(tmp_path.glob("*.private.json"))):
        capsys.readouterr()
        assert main(["decrypt", str(archive), "--key", str(key)]) == 0
        decrypted = tmp_path / f"{key.name}.decryption"
        decrypted.write_text(capsys.readouterr().out)
        assert main(["add-decryption", str(archive), str(decrypted)]) == 0
    assert main(["result", str(archive)]) == 0

    report = verify(archive.read_bytes(), require="counted")
    assert (report.verdict, report.result, report.warnings) == ("valid", [[2, 0]], ())
    (uuid,) = (found.stem for found in folder.glob("*.bel"))
    assert theirs.accepts(tmp_path / "check", uuid, archive.read_bytes())


def test_threshold_made_by_their_steps_is_set_up_here(tmp_path: Path) -> None:
    theirs.threshold_keys(tmp_path, "BELENIOS-2048", 2, 3)
    template = {"name": "N", "description": "D", "questions": [made.YES_NO.as_json()]}
    (tmp_path / "template.json").write_text(compact(template))
    uuid = ("--uuid", "AbCdEfGhJkMnPq")
    assert main(["credentials", *uuid, "--count", "2", "--out", str(tmp_path / "voters")]) == 0

    files = (
        "--template",
        "template.json",
        "--trustee",
        "threshold.json",
        "--credentials",
        "voters.public.json",
    )
    given = [str(tmp_path / word) if "." in word else word for word in files]
    assert main(["set-up", *uuid, *given, "--out", str(tmp_path / "vote.bel")]) == 0

    data = (tmp_path / "vote.bel").read_bytes()
    assert verify(data).verdict == "valid"
    assert theirs.accepts(tmp_path / "check", uuid[1], data)
