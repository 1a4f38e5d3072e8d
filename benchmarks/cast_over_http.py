"""Casts a second through HTTP with full verification, against the same view without any.

Two real servers on copies of one data folder are asked in turns, each with the same papers, by as many
clients as there are server threads. The one without verification reads the credential and stores the paper.
"""

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from _prepared import open_ballot

from journeys.server import free_port

MEMBERS, ROUNDS, PAPERS_A_ROUND, CLIENTS = 8, 5, 40, 4


def main() -> None:
    if sys.argv[1:2] == ["--unverified"]:
        serve_without_verification(sys.argv[2])
        return
    with tempfile.TemporaryDirectory() as folder:
        uuid, papers = prepare(Path(folder) / "verified")
        shutil.copytree(Path(folder) / "verified", Path(folder) / "unverified")
        servers = [start(Path(folder), name) for name in ("verified", "unverified")]
        try:
            warm_up = [papers.pop() for _ in range(CLIENTS)]
            for _, port in servers:
                casts_a_second(port, uuid, warm_up)
            rates = measure([port for _, port in servers], uuid, papers)
        finally:
            for process, _ in servers:
                process.terminate()
                process.wait()
    say(rates)


def prepare(data: Path) -> tuple[str, list[bytes]]:
    """An open ballot in a data folder of its own, and enough papers for all rounds."""
    called = open_ballot(data, MEMBERS)
    papers = [
        called.paper(number + 1)
        for _ in range(ROUNDS * PAPERS_A_ROUND // MEMBERS + 1)
        for number in range(MEMBERS)
    ]
    return called.ballot.uuid, papers


def start(folder: Path, name: str) -> "tuple[subprocess.Popen[bytes], int]":
    port = free_port()
    command = (
        [str(Path(sys.executable).parent / "openfloor"), "serve", "--port", str(port)]
        if name == "verified"
        else [sys.executable, __file__, "--unverified", str(port)]
    )
    environment = {
        **os.environ,
        "OPENFLOOR_DATA": str(folder / name),
        "OPENFLOOR_URL": f"http://localhost:{port}",
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    wait_for(port)
    return process, port


def serve_without_verification(port: str) -> None:
    """The same server, in which a paper is only read for its credential."""
    import json

    from openfloor import cli

    def start_django() -> None:
        plain_start()
        from openfloor.ballots.actions import casting

        def unchecked(ballot: object, text: str) -> Any:
            return SimpleNamespace(credential=json.loads(text)["credential"])

        casting._checked = unchecked

    plain_start = cli._start_django
    cli._start_django = start_django
    cli.main(["serve", "--port", port])


def measure(ports: list[int], uuid: str, papers: list[bytes]) -> list[tuple[float, float]]:
    rates = []
    for index in range(ROUNDS):
        batch = papers[index * PAPERS_A_ROUND : (index + 1) * PAPERS_A_ROUND]
        with_it, without = (casts_a_second(port, uuid, batch) for port in ports)
        rates.append((with_it, without))
    return rates


def casts_a_second(port: int, uuid: str, papers: list[bytes]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda paper: cast(port, uuid, paper), papers))
    return len(papers) / (time.perf_counter() - began)


def cast(port: int, uuid: str, paper: bytes) -> None:
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("POST", f"/board/{uuid}/cast", paper, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, body


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            http.client.HTTPConnection("localhost", port, timeout=5).connect()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def say(rates: list[tuple[float, float]]) -> None:
    ratio = statistics.median(with_it / without for with_it, without in rates)
    own, other = (statistics.median(column) for column in zip(*rates, strict=True))
    print(f"cast {PAPERS_A_ROUND} yes/no papers over HTTP, {CLIENTS} clients, median of {ROUNDS} rounds:")
    print(f"  with full verification {own:.0f} a second   without {other:.0f} a second")
    print(f"  ratio {ratio:.2f} (1 would mean that verification costs nothing)")


if __name__ == "__main__":
    main()
