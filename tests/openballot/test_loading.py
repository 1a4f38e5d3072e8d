"""Kernels that are there, are missing, or are not to be trusted: what is imported, what runs instead."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from elections import made
from openballot import groups
from openballot.batches import kernel_of
from openballot.fast import engines, loading
from openballot.fast.loading import kinds_that_run_here

FEW, MANY = engines.PAYS_FROM - 1, engines.PAYS_FROM
# Check a batch, then say which of the large libraries were imported, and what checked.
CHECK = """
import sys
from openballot import archive, ballots, batches, verifier
read = archive.read_archive(open(sys.argv[1], "rb").read())
setup = verifier.read_setup(read)
checker = ballots.BallotChecker(setup.election, setup.credentials)
examined = batches.check_batch(checker, verifier.ballot_texts(read))
assert all(ballot and not findings for ballot, findings in examined)
print(*[name for name in ("llvmlite", "numba", "numpy") if sys.modules.get(name)])
"""
# As systemd's MemoryDenyWriteExecute does.
NEVER_RUN_WHAT_WAS_WRITTEN = "import ctypes\nassert ctypes.CDLL(None).prctl(65, 1, 0, 0, 0) == 0\n"
WITHOUT_LLVM = "import sys; sys.modules['llvmlite'] = None\n"


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    folder = tmp_path_factory.mktemp("archives")
    for count in (FEW, MANY):
        opened = made.set_up("Ed25519", voters=count)
        for voter in range(count):
            opened.vote(voter, [[1, 0]])
        (folder / f"{count}.bel").write_bytes(opened.archive())
    return {count: folder / f"{count}.bel" for count in (FEW, MANY)}


@pytest.fixture
def nothing_loaded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in a new process."""
    monkeypatch.setattr(engines, "_loaded", {})
    loading.library.cache_clear()
    yield
    loading.library.cache_clear()


def imported(script: str, path: Path, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, path],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_few_ballots_are_checked_without_llvm(compiled: Path, archives: dict[int, Path]) -> None:
    assert imported(CHECK, archives[FEW]) == ""


def test_many_ballots_are_checked_without_numba(compiled: Path, archives: dict[int, Path]) -> None:
    assert imported(CHECK, archives[MANY]) == "llvmlite"


def test_reference_can_be_asked_for(compiled: Path, archives: dict[int, Path]) -> None:
    assert imported(CHECK, archives[MANY], OPENBALLOT_KERNEL="reference") == ""


def test_many_ballots_are_checked_where_llvm_is_not_installed(
    compiled: Path, archives: dict[int, Path]
) -> None:
    assert imported(WITHOUT_LLVM + CHECK, archives[MANY]) == ""


def test_many_ballots_are_checked_where_nothing_was_compiled(
    archives: dict[int, Path], tmp_path: Path
) -> None:
    assert imported(CHECK, archives[MANY], OPENBALLOT_CACHE=str(tmp_path)) == "llvmlite"


def test_many_ballots_are_checked_where_memory_that_was_written_never_runs(
    compiled: Path, archives: dict[int, Path]
) -> None:
    assert imported(NEVER_RUN_WHAT_WAS_WRITTEN + CHECK, archives[MANY]) == "llvmlite"


def test_kernels_are_compiled_once(compiled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.stat().st_mtime_ns for path in compiled.rglob("*.o")}

    done = subprocess.run(
        [sys.executable, "-m", "openballot", "compile"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr.splitlines()[-1]) == (0, "Ready.")
    assert {path: path.stat().st_mtime_ns for path in compiled.rglob("*.o")} == before
    assert sorted(path.stem for path in before if path.parent == loading.folder()) == sorted(
        kinds_that_run_here()
    )


def test_where_numba_is_not_installed_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "numba.py").write_text("raise ImportError", encoding="utf-8")

    done = subprocess.run(
        [sys.executable, "-m", "openballot", "compile"],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "OPENBALLOT_CACHE": str(tmp_path)},
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == (
        "Numba is not installed here: pip install openfloor[fast]. Everything works without it.\n"
    )


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def altered(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[1000] ^= 1
    path.write_bytes(content)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def opened_to_others(path: Path) -> None:
    path.chmod(0o666)


@pytest.mark.parametrize("spoil", [cut, altered, emptied, opened_to_others, Path.unlink])
def test_kernels_that_are_not_whole_or_not_ours_are_not_loaded(
    compiled: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nothing_loaded: None,
    spoil: Callable[[Path], None],
) -> None:
    kept = loading.folder()
    monkeypatch.setenv("OPENBALLOT_CACHE", str(tmp_path))
    copies = loading.folder()
    copies.mkdir()
    for path in kept.glob("*.o"):
        (copies / path.name).write_bytes(path.read_bytes())
        (copies / path.name).chmod(0o600)
        spoil(copies / path.name)

    assert not loading.is_kept("words")
    assert kernel_of(groups.named("Ed25519")) == "libsodium"


def test_kernels_are_kept_for_their_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBALLOT_CACHE", str(tmp_path / "cache"))

    loading.keep("words", b"machine code")

    assert loading.is_kept("words")
    assert [path.name for path in loading.folder().iterdir()] == ["words.o"]
    assert (loading.folder() / "words.o").stat().st_mode & 0o777 == 0o600
    assert loading.folder().stat().st_mode & 0o777 == 0o700


def test_cache_is_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBALLOT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    in_cache = loading.folder().parent
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    assert in_cache == tmp_path / "xdg" / "openballot"
    assert loading.folder().parent == tmp_path / "home" / ".cache" / "openballot"
