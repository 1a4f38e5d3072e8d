"""A committee's data folder, made once by this version's code, and a copy of it for each test."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from factories.place import Place, plain_environment

TESTS = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    subprocess.run(
        [sys.executable, TESTS / "releases/make.py", folder],
        env=plain_environment() | {"PYTHONPATH": str(TESTS)},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Place:
    """A counted ballot, an open one with four papers, and an announced one; see tests/releases/make.py."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Place(tmp_path)
