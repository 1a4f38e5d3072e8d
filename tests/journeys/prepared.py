"""A committee with a ballot in every state, for stories that begin in the middle; scene.py makes it.

The trap: the tests' own settings are for another folder, so the scene is made in a process of its own.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from journeys.server import Server

TESTS = Path(__file__).parents[1]
PLAY = "import django; django.setup(); from journeys import scene; scene.main()"


@dataclass(frozen=True)
class Prepared:
    """What was made, and the secrets that only the members' devices know."""

    folder: Path
    committee: str
    words: dict[int, list[str]]  # by entry number
    codes: dict[int, str]  # of those who wait for vouches: "<number>.<fingerprint>"
    ballots: dict[str, str]  # uuid by state
    papers: dict[str, str]  # made by member 4 for the ballot in that state, and not cast
    key_files: dict[str, dict[int, str]]  # of the trustees of the ballot in that state, by entry number
    links: dict[str, str]  # secrets of links

    def key_file(self, state: str, number: int, folder: Path) -> Path:
        """The file of that trustee, as it lies on their stick."""
        file = folder / f"{state}-{number}.json"
        file.write_text(self.key_files[state][number], encoding="utf-8")
        return file

    def serve(self, folder: Path) -> Server:
        """A server of its own over a copy of the data."""
        shutil.copytree(self.folder, folder / "data")
        return Server(folder).start()


def prepare(folder: Path, scene: str = "prepare") -> Prepared:
    """Make the committee in *folder*."""
    made = json.loads(_play(folder, scene))
    for by_number in (made["words"], made["codes"], *made["key_files"].values()):
        for number in list(by_number):
            by_number[int(number)] = by_number.pop(number)
    return Prepared(folder=folder, **made)


def count_announced(server: Server, uuid: str) -> None:
    """Let everybody's devices take an announced ballot to its count: three vote, two of them yes."""
    _play(server.data, "count_announced", uuid)


def renew(server: Server, number: int) -> None:
    """A new key for an entry, vouched for by 1 and 2: it stands on the roll and waits."""
    _play(server.data, "renew", str(number))


def open_ballot(server: Server, title: str, *, days: int) -> str:
    """One more ballot, called and opened by the server's clock; its uuid."""
    uuid: str = json.loads(_play(server.data, "open_ballot", title, str(days), clock=server.environment()))
    return uuid


def _play(data: Path, *words: str, clock: dict[str, str] | None = None) -> str:
    finished = subprocess.run(
        [sys.executable, "-c", PLAY, *words],
        env={
            **(clock or os.environ),
            "OPENFLOOR_DATA": str(data),
            "PYTHONPATH": str(TESTS),
            "DJANGO_SETTINGS_MODULE": "openfloor.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout
