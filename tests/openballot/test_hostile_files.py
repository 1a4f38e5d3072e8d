"""Whatever stands in the files that people hand to a command, it answers in a sentence and spoils nothing."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from elections import ceremonies, made
from fuzz.drafts import Draft, written_json
from fuzz.mutations import JUNK, MUTATIONS, places_in
from fuzz.openly import steps_of
from fuzz.seeds import seed
from openballot import groups, trustees
from openballot.cli import main
from openballot.credentials import new_code
from openballot.verifier import verify

EXAMPLES = int(os.environ.get("OPENBALLOT_FUZZ", "400"))
TEMPLATE = {
    "name": "Assembly",
    "description": "Of the members",
    "questions": [
        {"question": "Strike?", "answers": ["Yes", "No"], "min": 1, "max": 1},
        {"type": "Lists", "value": {"answers": [["Days", "Ana"]], "question": "Which?"}},
    ],
}


@dataclass(frozen=True)
class Command:
    """*words* name files; the archive is that of a seed's first *events*, the rest stands in FILES."""

    words: str
    of: str = "weights"
    events: int = 99


ED25519 = "--group Ed25519 --out NEW"
CEREMONY = f"--ceremony trustee.1 --of 2 --threshold 2 {ED25519}"
COMMANDS = (
    Command("verify ARCHIVE"),
    Command("verify ARCHIVE --json --require counted"),
    Command("verify ARCHIVE --proofs proofs"),
    Command("inspect ARCHIVE"),
    Command("tally ARCHIVE"),
    Command("ballot ARCHIVE --code code --answers ANSWERS", events=1),
    Command("cast ARCHIVE paper", events=1),
    Command("cast ARCHIVE paper", events=2),
    Command("open-ballot opened"),
    Command("open-ballot opened --election ARCHIVE"),
    Command("close ARCHIVE", events=4),
    Command("decrypt ARCHIVE --key key", events=6),
    Command("add-decryption ARCHIVE partial", events=6),
    Command("add-decryption ARCHIVE partial", events=7),
    Command("result ARCHIVE", events=8),
    Command("shuffle ARCHIVE", of="ranking", events=5),
    Command("add-shuffle ARCHIVE shuffle --trustee 1", of="ranking", events=5),
    Command("end-shuffles ARCHIVE", of="ranking", events=7),
    Command(
        f"set-up --uuid AbCdEfGhJkMnPq {ED25519} --template template --trustee public --credentials list"
    ),
    Command(f"set-up --uuid AbCdEfGhJkMnPq {ED25519} --template template --trustee group --credentials list"),
    Command(f"threshold-coefficients {CEREMONY} --trustee 1 --seed seed --certificates c1 c2"),
    Command(f"threshold-key {CEREMONY} --trustee 1 --seed seed --certificates c1 c2 --coefficients e1 e2"),
    Command(f"threshold-finish {CEREMONY} --certificates c1 c2 --coefficients e1 e2 --keys k1 k2"),
    Command(f"threshold-share {ED25519} --seed seed --sealed k1"),
)
ANSWERS = ("[[1,0]]", "[[1,1]]", "[[]]", "[", "[[1e9]]", '[["1"]]', f"[[{'1' * 5000}]]", "[" * 100_000, "{}")


@cache
def files() -> Mapping[str, bytes]:
    """What is right to hand in, by the name that stands for it in the commands."""
    weights, ranking = seed("weights"), seed("ranking")
    texts = {step.type: step.texts for step in reversed(steps_of(weights.data))}
    group = groups.named("Ed25519")
    x = next(iter(weights.keys.of_trustee.values()))
    public = trustees.public_key_json(group, x)
    opened = {"election": texts["Setup"][0], "ballot": texts["Ballot"][0], "nonces": [["1", "2"]]}
    bound = [{"owner": owner, "text": '{"decryption_proofs":[[]]}'} for owner in (1, 2)]
    return {
        "code": new_code().encode(),
        "paper": texts["Ballot"][0].encode(),
        "opened": json.dumps(opened).encode(),
        "key": trustees.private_key_json(x).encode(),
        "partial": texts["PartialDecryption"][0].encode(),
        "shuffle": next(s.texts[0] for s in steps_of(ranking.data) if s.type == "Shuffle").encode(),
        "template": json.dumps(TEMPLATE).encode(),
        "public": public.encode(),
        "list": texts["Setup"][2].encode(),
        "proofs": json.dumps({"bound_proofs": bound}).encode(),
        **ceremony_files(),
    }


def ceremony_files() -> dict[str, bytes]:
    ceremony = ceremonies.of("Ed25519", 2, 2)
    messages = {
        f"{letter}{number}": text.encode()
        for letter, texts in zip("cek", ceremony.rounds, strict=True)
        for number, text in enumerate(texts, start=1)
    }
    own = ceremony.participants[0].seed
    return {**messages, "seed": own.encode(), "group": ceremony.parameters.encode()}


def archive_of(command: Command, random: Random) -> bytes:
    """The archive as the command wants it, or at another step, or changed but chained, or spoiled."""
    draft = Draft.of(seed(command.of))
    events = command.events if random.random() < 0.7 else random.randrange(9)
    del draft.steps[events:]
    way = random.randrange(4)
    if way == 0:
        random.choice(list(MUTATIONS.values()))(draft, random)
    return spoiled(draft.written(), random) if way == 1 else draft.written()


def spoiled(data: bytes, random: Random) -> bytes:
    """Change a value where there is JSON, or bytes anywhere; or leave it as it is."""
    way = random.randrange(8)
    if way == 0:
        return data
    if way == 1:
        return random.choice(
            (b"", b"\n", b"null", b"[]", b"{}", b"\xff", b"[" * 50_000, b"9" * 5000, b'"\\ud800"')
        )
    if way < 5:
        with contextlib.suppress(ValueError, IndexError):
            value = json.loads(data)
            container, key = random.choice(list(places_in(value)))
            container[key] = random.choice(JUNK)
            return written_json(value).encode(errors="surrogatepass")
    start, length = random.randrange(len(data) + 1), random.choice((0, 1, 1, 2, 100))
    return data[:start] + random.randbytes(random.randrange(3)) + data[start + length :]


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="OPENBALLOT_FUZZ" not in os.environ,
    phases=[Phase.generate],
)
@given(command=st.sampled_from(COMMANDS), number=st.integers(0, 2**64))
def test_no_file_breaks_a_command_or_is_spoiled_by_it(
    tmp_path_factory: pytest.TempPathFactory, command: Command, number: int
) -> None:
    random = Random(number)  # noqa: S311 - no secret
    folder = tmp_path_factory.mktemp("hostile")
    archive = archive_of(command, random)
    for name, data in files().items():
        (folder / name).write_bytes(spoiled(data, random))
    (folder / "ARCHIVE").write_bytes(archive)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    code, said = run(command, folder, random)

    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert code in (0, 1, 2)
    if code:
        assert said
        assert after == before
    if verify(archive).verdict == "valid":
        assert verify(after["ARCHIVE"]).verdict == "valid"


def run(command: Command, folder: Path, random: Random) -> tuple[int, str]:
    """Return the exit code and everything that was said."""
    name, *words = command.words.split()
    paths = {word: str(folder / word) for word in ("ARCHIVE", "NEW", *files())}
    words = [random.choice(ANSWERS) if word == "ANSWERS" else paths.get(word, word) for word in words]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main([name, *words])
    return code, said.getvalue()


def test_archive_that_only_begins_takes_nothing_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, paper = tmp_path / "board.bel", tmp_path / "paper"
    draft = Draft.of(seed("weights"))
    paper.write_text(draft.of_type("Ballot")[0].texts[0], encoding="utf-8")
    draft.steps.clear()
    archive.write_bytes(draft.written())

    assert main(["cast", str(archive), str(paper)]) == 1

    assert "not at this step" in capsys.readouterr().err
    assert archive.read_bytes() == draft.written()


def test_decryption_of_no_tally_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive, partial = tmp_path / "board.bel", tmp_path / "partial"
    draft = Draft.of(seed("weights"))
    draft.steps = [draft.steps[0], *draft.of_type("PartialDecryption")[:1]]
    archive.write_bytes(draft.written())
    partial.write_text(draft.steps[1].texts[0], encoding="utf-8")

    assert main(["add-decryption", str(archive), str(partial)]) == 1

    assert capsys.readouterr().err
    assert archive.read_bytes() == draft.written()


def test_bytes_that_are_no_text_are_refused_from_standard_input(tmp_path: Path) -> None:
    archive = tmp_path / "board.bel"
    archive.write_bytes(seed("weights").data)

    done = subprocess.run(
        [sys.executable, "-m", "openballot", "cast", str(archive), "-"],
        input=b'{"a":"\xff"}',
        env={"LC_ALL": "C", "PYTHONPATH": str(Path(made.__file__).parents[2] / "src")},
        capture_output=True,
        check=False,
    )

    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "there", "complaint"),
    [
        ("credentials --uuid AbCdEfGhJkMnPq --group Ed25519 --weights=-1", "", "credentials_text"),
        ("credentials --uuid AbCdEfGhJkMnPq --group Ed25519 --weights=1,1099511627776", "", "2^40"),
        ("credentials --uuid AbCdEfGhJkMnPq --group Ed25519 --count 1", "out.public.json", "exists"),
        ("trustee-key --group Ed25519", "out.public.json", "exists"),
        (
            "threshold-certificate --ceremony c --of 2 --threshold 2 --trustee 1 --group Ed25519",
            "out.certificate.json",
            "exists",
        ),
    ],
)
def test_secret_is_not_written_without_what_belongs_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: str, there: str, complaint: str
) -> None:
    if there:
        (tmp_path / there).touch()

    assert main([*words.split(), "--out", str(tmp_path / "out")]) == 1

    assert complaint in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == [there][: bool(there)]
