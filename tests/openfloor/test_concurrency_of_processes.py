"""Several server processes on one database, at a close: what was promised is on the board, nothing else."""

import http.client
import json
import os
import signal
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from factories import rush
from factories.elsewhere import Place
from journeys.server import Server
from openballot import decryption, verifier
from openballot.archive import Archive, read_archive
from openballot.ballots import ballot_hash
from openballot.election import Election

pytestmark = pytest.mark.any_database

PROCESSES = 8
TURNS = 10
PAPERS_BEFORE_THE_CLOSE = 200


@dataclass(frozen=True)
class Answer:
    paper: int
    status: int
    said: dict[str, Any]


def cast(server: Server, uuid: str, paper: str) -> tuple[int, dict[str, Any]]:
    """On a connection of its own, which any of the processes may take."""
    connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
    headers = {"Content-Type": "application/json", "Origin": server.url, "Connection": "close"}
    connection.request("POST", f"/board/{uuid}/cast", paper, headers)
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    return answer.status, said


def archive_when(server: Server, uuid: str, kind: str) -> bytes:
    """The board's archive, once it has an event of this kind."""
    for _ in range(600):
        connection = http.client.HTTPConnection("localhost", server.port, timeout=60)
        connection.request("GET", f"/board/{uuid}/{uuid}.bel")
        archive = connection.getresponse().read()
        connection.close()
        if any(event.type == kind for event in read_archive(archive).events):
            return archive
        time.sleep(0.1)
    raise AssertionError(f"there was no {kind} within a minute")


def result_of(archive: Archive, election: Election, keys: Sequence[str]) -> list[list[int]]:
    """What the trustees' keys open."""
    trustees = archive.events[0].data[1]
    tally, _ = next(event for event in archive.events if event.type == "EncryptedTally").data
    partials = {
        position: decryption.partial_decryption(election, int(x), tally)
        for position, x in enumerate(keys, start=1)
    }
    result = decryption.compute_result(election, trustees, tally, rush.MEMBERS, partials)
    return decryption.read_result(election, result)


def test_no_paper_is_lost_while_eight_processes_cast_and_the_close_passes(tmp_path: Path) -> None:
    place = Place.new(tmp_path)
    made = place.play(rush.open_with_papers, TURNS)
    uuid, papers = made["uuid"], made["papers"]
    server = Server(tmp_path, "--processes", str(PROCESSES), **place.environment).start()
    is_halfway = Event()
    answers: list[Answer] = []

    def vote(client: int) -> None:
        for paper in range(client, len(papers), PROCESSES):
            answers.append(Answer(paper, *cast(server, uuid, papers[paper])))
            if len(answers) >= PAPERS_BEFORE_THE_CLOSE:
                is_halfway.set()

    with ThreadPoolExecutor(PROCESSES) as clients:
        voting = [clients.submit(vote, client) for client in range(PROCESSES)]
        is_halfway.wait(120)
        closes_at = datetime.now(UTC) + timedelta(seconds=0.2)
        place.close_ballots_at(closes_at)
        for each in voting:
            each.result()
    archive = archive_when(server, uuid, "EncryptedTally")
    again = cast(server, uuid, papers[0])
    server.stop()

    taken = {answer.paper: answer.said["receipt"] for answer in answers if answer.status == 200}
    refused = {answer.paper for answer in answers if answer.status != 200}
    assert len(answers) == len(papers) == 400
    assert len(taken) >= PAPERS_BEFORE_THE_CLOSE
    assert refused
    assert {answer.said["error"]["code"] for answer in answers if answer.paper in refused} == {"closed"}
    assert again == (200, {**again[1], "receipt": taken[0], "state": "replaced"})

    # The chain verifies, and every receipt names the very event that has its paper: no fork, no gap.
    assert verifier.verify(archive).verdict == "valid"
    board = read_archive(archive)
    on_board = {
        event.hash: (event.height, event.data[-1]) for event in board.events if event.type == "Ballot"
    }
    assert len(on_board) == len(taken)
    for paper, receipt in taken.items():
        assert on_board[receipt["event"]] == (receipt["height"], papers[paper])
        assert receipt["ballot_hash"] == ballot_hash(papers[paper])

    # The last paper of each member on the board is the one that counts. (SQLite lets whoever asks first go
    # first, not whoever waits longest: by the close, somebody may have cast none.)
    last = {paper % rush.MEMBERS: paper for paper in sorted(taken, key=lambda paper: taken[paper]["height"])}
    yes = sum(made["said_yes"][paper] for paper in last.values())
    election = Election.parse(board.events[0].data[0])
    assert result_of(board, election, made["keys"]) == [[0, yes, len(last) - yes]]
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def test_process_that_is_killed_is_replaced_and_none_outlives_the_keeper(tmp_path: Path) -> None:
    server = Server(tmp_path, "--processes", "2", **Place.new(tmp_path).environment).start()
    time.sleep(10)  # what stops sooner after its start stops everything
    first = children_of(server)
    os.kill(first[0], signal.SIGKILL)
    second = wait_for_children(server, 2, without=first[0])

    server.kill()
    for _ in range(200):
        if not any(is_alive(process) for process in second):
            break
        time.sleep(0.1)

    assert len(first) == len(second) == 2
    assert first[1] in second
    assert "another takes its place" in server.log.read_text(encoding="utf-8")
    assert not any(is_alive(process) for process in second)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_one_stop_ends_all_processes(tmp_path: Path, signal_number: int) -> None:
    server = Server(tmp_path, "--processes", "2", **Place.new(tmp_path).environment).start()
    children = children_of(server)
    assert server.process is not None

    server.process.send_signal(signal_number)
    code = server.process.wait(20)

    assert code == 0
    assert not any(is_alive(process) for process in children)
    assert "Traceback" not in server.log.read_text(encoding="utf-8")


def children_of(server: Server) -> list[int]:
    assert server.process is not None
    found = subprocess.run(
        ["ps", "--ppid", str(server.process.pid), "-o", "pid="], capture_output=True, text=True, check=False
    )
    return [int(line) for line in found.stdout.split()]


def wait_for_children(server: Server, number: int, *, without: int) -> list[int]:
    for _ in range(300):
        children = [child for child in children_of(server) if child != without]
        if len(children) == number:
            return children
        time.sleep(0.1)
    raise AssertionError("no other took its place")


def is_alive(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
