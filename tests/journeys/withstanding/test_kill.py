"""A real server killed again and again, with no time to say goodbye: what was shown stands, nothing is half.

OPENFLOOR_KILLS asks for more kills than the suite's own; how many there were is printed at the end.
"""

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from factories.workplace import keys_of
from journeys.kept import read_tables
from journeys.server import Server
from journeys.withstanding.visitor import Visitor
from openballot import archive, verifier
from openfloor.audit import chain
from openfloor.ballots import devices

pytestmark = pytest.mark.journey

KILLS_WHILE_CASTING = int(os.environ.get("OPENFLOOR_KILLS", "100"))
SIDE_BY_SIDE = 2  # as many as a small machine has processors
CLIENTS = 3
PAPERS_A_KILL = 4
LIVES = 4
TESTS = Path(__file__).parents[2]
Say = Callable[[str], None]
PLAY = "import django; django.setup(); from journeys.withstanding import crowd; crowd.main()"


@dataclass(frozen=True)
class Crowd:
    folder: Path
    rush: dict[str, Any]
    life: dict[str, Any]

    def server(self, folder: Path) -> Server:
        """Not started yet, over a copy of the data."""
        shutil.copytree(self.folder, folder / "data")
        return Server(folder)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    folder = tmp_path_factory.mktemp("crowd") / "data"
    made = subprocess.run(
        [sys.executable, "-c", PLAY, str(KILLS_WHILE_CASTING * PAPERS_A_KILL)],
        env={
            **os.environ,
            "OPENFLOOR_DATA": str(folder),
            "PYTHONPATH": str(TESTS),
            "DJANGO_SETTINGS_MODULE": "openfloor.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return Crowd(folder, **json.loads(made.stdout))


@pytest.fixture
def say(capfd: pytest.CaptureFixture[str]) -> Say:
    """A line for whoever runs the tests."""

    def aloud(line: str) -> None:
        with capfd.disabled():
            print(f"\n  {line}", flush=True)  # noqa: T201 - the figure is to be quoted

    return aloud


# While ballots are cast


@dataclass
class Rush:
    """One server, its clients, and what they were told."""

    server: Server
    uuid: str
    papers: Iterator[str]
    chance: random.Random
    kills: int = 0
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)  # by paper
    unanswered: list[str] = field(default_factory=list)
    came_back: Counter[str] = field(default_factory=Counter)

    def play(self, kills: int) -> None:
        while self.kills < kills:
            self.server.start()
            self._send_again()
            self._cast_until_killed()
            self.kills += 1
        self.server.start()
        self._send_again()

    def _send_again(self) -> None:
        """What got no answer is sent once more, as the booth does: now it gets its receipt."""
        on_board = self._papers_on_the_board()
        for paper in self.unanswered:
            answer = Visitor(self.server).cast(self.uuid, paper)
            assert answer.status == 200, answer.text
            self.shown[paper] = answer.json
            was_there = answer.json["receipt"]["ballot_hash"] in on_board
            self.came_back["on the board already" if was_there else "taken now"] += 1
        self.unanswered.clear()

    def _cast_until_killed(self) -> None:
        some = [paper for paper in (next(self.papers, None) for _ in range(PAPERS_A_KILL)) if paper]
        with ThreadPoolExecutor(CLIENTS) as clients:
            told = [clients.submit(self._cast, paper) for paper in some]
            for _ in islice(as_completed(told), self.chance.randrange(len(told))):
                pass
            time.sleep(self.chance.uniform(0, 0.1))
            self.server.kill()
        for paper, answer in zip(some, (one.result() for one in told), strict=True):
            if answer is None:
                self.unanswered.append(paper)
            else:
                self.shown[paper] = answer

    def _cast(self, paper: str) -> dict[str, Any] | None:
        with suppress(OSError, HTTPException, json.JSONDecodeError):
            answer = Visitor(self.server).cast(self.uuid, paper)
            assert answer.status == 200, answer.text
            shown: dict[str, Any] = answer.json
            return shown
        return None

    def _papers_on_the_board(self) -> set[str]:
        return {str(row["tracker"]) for row in read_tables(self.server.data)["ballots_boardevent"]}

    def check(self) -> None:
        """Every receipt that was shown is on the board, which is whole; each paper keeps its receipt."""
        board = archive_of(self.server, self.uuid, ballots=len(self.shown))
        hashes = [event.hash for event in archive.read_archive(board).events]
        for paper, told in self.shown.items():
            receipt = told["receipt"]
            assert hashes[receipt["height"]] == receipt["event"]
            again = Visitor(self.server).cast(self.uuid, paper).json
            assert (again["receipt"], again["signature"]) == (receipt, told["signature"])


def archive_of(server: Server, uuid: str, *, ballots: int, require: str | None = None) -> bytes:
    """The published archive once it has that many papers; our verifier finds nothing wrong with it."""
    for _ in range(100):
        if Visitor(server).ask(f"/board/{uuid}/head.json").json["ballots"] == ballots:
            break
        time.sleep(0.1)
    board = Visitor(server).ask(f"/board/{uuid}/{uuid}.bel").text.encode()
    assert verifier.verify(board, require=require).findings == ()
    return board


def test_no_receipt_is_lost_however_often_the_server_is_killed_while_papers_are_cast(
    crowd: Crowd, tmp_path: Path, say: Say
) -> None:
    papers = crowd.rush["papers"]
    rushes = [
        Rush(
            crowd.server(tmp_path / str(index)),
            crowd.rush["uuid"],
            iter(papers[index::SIDE_BY_SIDE]),
            random.Random(index),  # noqa: S311 - moments to kill at
        )
        for index in range(SIDE_BY_SIDE)
    ]

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(lambda rush: rush.play(KILLS_WHILE_CASTING // SIDE_BY_SIDE), rushes))

    try:
        for rush in rushes:
            rush.check()
    finally:
        for rush in rushes:
            rush.server.stop()
    kills = sum(rush.kills for rush in rushes)
    came_back = sum((rush.came_back for rush in rushes), Counter[str]())
    say(
        f"killed {kills} times while papers were cast: {sum(len(rush.shown) for rush in rushes)} receipts "
        f"shown, every one on the board; {came_back.total()} answers lost and sent again, "
        f"{came_back['on the board already']} of them on the board already"
    )
    assert kills == KILLS_WHILE_CASTING
    # The kills did hit what they were meant to hit.
    assert came_back.total() >= kills // 2


# Around the steps of a ballot's life


@dataclass
class Life:
    """A ballot from its last signature to its count, whose server is killed around every step."""

    server: Server
    life: dict[str, Any]
    chance: random.Random
    kills: int = 0

    @property
    def uuid(self) -> str:
        return str(self.life["uuid"])

    def play(self) -> None:
        self.server.start()
        try:
            self._open()
            for paper in self.life["papers"]:
                assert Visitor(self.server).cast(self.uuid, paper).status == 200
            self._close()
            self._count()
            self._check()
        finally:
            self.server.stop()

    def _open(self) -> None:
        path, number = f"/ballots/{self.uuid}/teller/sign/", self.life["teller"]
        self._do_and_kill(number, path, {"signature": self.life["signature"]})
        if self._missing("ballots_teller", "audit_signature"):
            assert self._hand_in(number, path, {"signature": self.life["signature"]})
        self._wait_for("open")
        assert self._k().exists()

    def _close(self) -> None:
        """By the clock alone, as the server starts."""
        self.server.kill()
        self.server.ahead += timedelta(days=2)
        for _ in range(3):
            self.server.launch()
            self._kill_after(self.chance.uniform(0.4, 1.4))
        self.server.start()
        self._wait_for("closed", "EncryptedTally")
        assert not self._k().exists()

    def _count(self) -> None:
        board = archive_of(self.server, self.uuid, ballots=len(self.life["papers"]))
        path = f"/ballots/{self.uuid}/trustee/decrypt/"
        for done, (number, key) in enumerate(self.life["trustees"].items(), start=1):
            trustee = devices.TrusteeKey(group=key["group"], x=int(key["x"]), text=key["text"])
            part = devices.decrypt(trustee, keys_of(int(number)), int(number), board)
            body = {
                "partial_decryption": part.partial,
                "bound_proofs": part.bound_proofs,
                "head_signature": part.head_signature,
            }
            self._do_and_kill(int(number), path, body)
            missing = self._missing("ballots_trustee", "partial_decryption") - self.life["spare_trustees"]
            if missing > len(self.life["trustees"]) - done:
                assert self._hand_in(int(number), path, body)
        self._wait_for("counted", "Result")

    def _check(self) -> None:
        board = archive_of(self.server, self.uuid, ballots=len(self.life["papers"]), require="counted")
        papers, trustees = len(self.life["papers"]), len(self.life["trustees"])
        assert [event.type for event in archive.read_archive(board).events] == [
            "Setup",
            *["Ballot"] * papers,
            "EndBallots",
            "EncryptedTally",
            *["PartialDecryption"] * trustees,
            "Result",
        ]
        visitor = Visitor(self.server)
        visitor.sign_in(1)
        lines = visitor.ask("/ledger.jsonl").text.splitlines()
        assert chain.verify_export(lines) == []
        entries = read_tables(self.server.data)["audit_ledgerentry"]
        kinds = Counter(row["kind"] for row in entries if f'"{self.uuid}"' in str(row["payload"]))
        assert kinds == dict.fromkeys(
            ("ballot_announced", "ballot_frozen", "ballot_opened", "ballot_closed", "ballot_counted"), 1
        )

    def _do_and_kill(self, number: int, path: str, body: dict[str, Any]) -> None:
        """Kill the server while it does this, and once more while it takes up what was left undone."""
        visitor = Visitor(self.server)
        assert visitor.sign_in(number).status == 200
        with ThreadPoolExecutor(1) as apart:
            apart.submit(self._quietly, visitor, path, body)
            self._kill_after(self.chance.uniform(0, 0.2))
        self.server.launch()
        self._kill_after(self.chance.uniform(0.6, 1.2))
        self.server.start()

    def _kill_after(self, seconds: float) -> None:
        time.sleep(seconds)
        self.server.kill()
        self.kills += 1

    def _quietly(self, visitor: Visitor, path: str, body: dict[str, Any]) -> None:
        with suppress(OSError, HTTPException):
            visitor.ask(path, body)

    def _hand_in(self, number: int, path: str, body: dict[str, Any]) -> bool:
        visitor = Visitor(self.server)
        visitor.sign_in(number)
        return visitor.ask(path, body).status == 200

    def _missing(self, table: str, column: str) -> int:
        """How many of the ballot's officers have not handed this in, by what is on the disk."""
        tables = read_tables(self.server.data)
        (ballot,) = [row["id"] for row in tables["ballots_ballot"] if row["uuid"] == self.uuid]
        return sum(row[column] is None for row in tables[table] if row["ballot_id"] == ballot)

    def _wait_for(self, state: str, last_event: str | None = None) -> None:
        """Nobody does anything meanwhile: what is due happens by itself."""
        for _ in range(200):
            tables = read_tables(self.server.data)
            (ballot,) = [row for row in tables["ballots_ballot"] if row["uuid"] == self.uuid]
            events = [row for row in tables["ballots_boardevent"] if row["ballot_id"] == ballot["id"]]
            kinds = [row["kind"] for row in sorted(events, key=lambda row: int(str(row["height"])))]
            if ballot["state"] == state and last_event in (None, *kinds[-1:]):
                return
            time.sleep(0.1)
        raise AssertionError(f"the ballot is {ballot['state']!r} and ends with {kinds[-1:]!r}, not {state}")

    def _k(self) -> Path:
        return self.server.data / "secrets" / f"{self.uuid}.k"


def test_every_step_happens_exactly_once_however_often_the_server_is_killed_around_it(
    crowd: Crowd, tmp_path: Path, say: Say
) -> None:
    lives = [
        Life(crowd.server(tmp_path / str(index)), crowd.life, random.Random(index))  # noqa: S311
        for index in range(LIVES)
    ]

    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        list(pool.map(Life.play, lives))

    say(
        f"killed {sum(life.kills for life in lives)} times around opening, closing, adding up, decryption "
        f"and count of {LIVES} ballots: each step happened exactly once"
    )
