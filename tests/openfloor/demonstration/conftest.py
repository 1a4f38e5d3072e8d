"""One demonstration for all tests, made once for all their processes. Who changes it has a copy."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from openfloor.demonstration import folder
from openfloor.demonstration.folder import Made

from .server import Demonstration


@dataclass(frozen=True)
class Loaded:
    """A finished demonstration that nobody serves, and what its first visitor saw while it was being made."""

    folder: Path
    first_status: int
    first_headers: dict[str, str]
    first_page: str

    @property
    def data(self) -> Path:
        return self.folder / ".demo"

    @property
    def made(self) -> Made:
        return folder.made(self.data)


@pytest.fixture(scope="session")
def loaded(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Loaded:
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "demonstration"
    seen = shared / "first-answer.json"
    with folder.alone_in(shared):
        if not seen.exists():
            seen.write_text(json.dumps(_make(shared)), encoding="utf-8")
    return Loaded(shared, *json.loads(seen.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def server(loaded: Loaded, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    """A demonstration that the tests of one module share."""
    with Demonstration.start(copy_of(loaded, tmp_path_factory.mktemp("served"))) as server:
        yield server.wait_until_ready()


def copy_of(loaded: Loaded, target: Path) -> Path:
    shutil.copytree(loaded.data, target / ".demo")
    return target


def _make(shared: Path) -> tuple[int, dict[str, str], str]:
    with Demonstration.start(shared) as server:
        first = server.first_answer()
        server.wait_until_ready()
    return first.status, first.headers, first.text
