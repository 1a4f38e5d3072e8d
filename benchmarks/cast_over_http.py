"""Casts a second through HTTP, and how long each takes, with full verification against the same view without.

On SQLite, then on a PostgreSQL that does not wait for the disk.

Two real servers, of two processes each, on copies of one data folder are asked in turns, each with the same
papers. The one without verification reads the credential and stores the paper.
"""

import http.client
import json
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
from urllib.parse import urlsplit

import psycopg
from _goals import at_least
from _load import quantile
from _prepared import open_ballot

from factories.postgres import Postgres, new_database
from journeys.server import free_port

MEMBERS, ROUNDS, PAPERS_A_ROUND, CLIENTS, PROCESSES = 8, 5, 40, 4, "2"
GROUPS, AT_LEAST = ("BELENIOS-2048", "Ed25519"), 0.7


def main() -> None:
    match sys.argv[1:]:
        case ["--unverified", port]:
            serve_without_verification(port)
        case ["--unverified-process", *lines]:
            be_process_without_verification(lines)
        case ["--on-sqlite", group]:
            compare("SQLite", group, None)
        case ["--on-postgresql", group]:
            postgres = Postgres()
            try:
                compare("PostgreSQL", group, postgres)
            finally:
                postgres.stop()
        case _:
            # Django is set up for one data folder in each process.
            for group in GROUPS:
                for database in ("--on-sqlite", "--on-postgresql"):
                    subprocess.run([sys.executable, __file__, database, group], check=True)


def compare(name: str, group: str, postgres: Postgres | None) -> None:
    """Prepare one ballot, serve two copies of it in turns, and say how they compare."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        if postgres:
            os.environ["OPENFLOOR_DATABASE"] = new_database(postgres.url("postgres"))
        uuid, papers = prepare(data / "verified", group)
        shutil.copytree(data / "verified", data / "unverified")
        copy = copy_of(postgres) if postgres else None
        servers = [start(data, "verified", None), start(data, "unverified", copy)]
        try:
            warm_up = [papers.pop() for _ in range(CLIENTS)]
            for _, port in servers:
                casts_a_second(port, uuid, warm_up, [])
            measured = measure([port for _, port in servers], uuid, papers)
        finally:
            for process, _ in servers:
                process.terminate()
                process.wait()
    say(name, group, *measured)


def copy_of(postgres: Postgres) -> str:
    """The address of a copy of the prepared database, from which this process has to go first."""
    from django.db import connection

    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]
    prepared, copy = (urlsplit(os.environ["OPENFLOOR_DATABASE"]).path[1:], "openfloor_unverified")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as cluster:
        cluster.execute(f"CREATE DATABASE {copy} TEMPLATE {prepared}")
    return postgres.url(copy)


def prepare(data: Path, group: str) -> tuple[str, list[bytes]]:
    """An open ballot in a data folder of its own, and enough papers for all rounds."""
    called = open_ballot(data, MEMBERS, group=group)
    papers = [
        called.paper(number + 1)
        for _ in range(ROUNDS * PAPERS_A_ROUND // MEMBERS + 1)
        for number in range(MEMBERS)
    ]
    return called.ballot.uuid, papers


def start(folder: Path, name: str, database: str | None) -> "tuple[subprocess.Popen[bytes], int]":
    port, openfloor = free_port(), str(Path(sys.executable).parent / "openfloor")
    command = (
        [openfloor, "serve", "--port", str(port), "--processes", PROCESSES]
        if name == "verified"
        else [sys.executable, __file__, "--unverified", str(port)]
    )
    environment = {
        **os.environ,
        "OPENFLOOR_DATA": str(folder / name),
        "OPENFLOOR_URL": f"http://localhost:{port}",
        **({"OPENFLOOR_DATABASE": database} if database else {}),
    }
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    wait_for(port)
    return process, port


def serve_without_verification(port: str) -> None:
    """The same server, in which a paper is only read for its credential."""
    from openfloor import cli, processes

    class Process(subprocess.Popen[bytes]):
        """Started as the server's own processes are, but here."""

        def __init__(self, command: list[str], **options: Any) -> None:
            super().__init__([sys.executable, __file__, "--unverified-process", *command[-2:]], **options)

    processes.subprocess.Popen = Process  # type: ignore[attr-defined]
    cli.main(["serve", "--port", port, "--processes", PROCESSES])


def be_process_without_verification(lines: list[str]) -> None:
    from openfloor import processes, server
    from openfloor.ballots.actions import casting

    def unchecked(ballot: object, text: str) -> Any:
        return SimpleNamespace(credential=json.loads(text)["credential"])

    assert server
    casting._checked = unchecked
    processes.main(*lines)


def measure(
    ports: list[int], uuid: str, papers: list[bytes]
) -> tuple[list[tuple[float, float]], tuple[list[float], list[float]]]:
    """Casts a second in each round, and how long each cast took; with verification and without."""
    rates = []
    seconds: tuple[list[float], list[float]] = ([], [])
    for index in range(ROUNDS):
        batch = papers[index * PAPERS_A_ROUND : (index + 1) * PAPERS_A_ROUND]
        with_it, without = (
            casts_a_second(port, uuid, batch, taken) for port, taken in zip(ports, seconds, strict=True)
        )
        rates.append((with_it, without))
    return rates, seconds


def casts_a_second(port: int, uuid: str, papers: list[bytes], seconds: list[float]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        seconds += clients.map(lambda paper: cast(port, uuid, paper), papers)
    return len(papers) / (time.perf_counter() - began)


def cast(port: int, uuid: str, paper: bytes) -> float:
    began = time.perf_counter()
    connection = http.client.HTTPConnection("localhost", port, timeout=60)
    connection.request("POST", f"/board/{uuid}/cast", paper, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 200, body
    return time.perf_counter() - began


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            http.client.HTTPConnection("localhost", port, timeout=5).connect()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("a server did not start")


def say(
    name: str, group: str, rates: list[tuple[float, float]], seconds: tuple[list[float], list[float]]
) -> None:
    ratio = statistics.median(with_it / without for with_it, without in rates)
    own, other = (statistics.median(column) for column in zip(*rates, strict=True))
    print(f"{name}, {group}: {PAPERS_A_ROUND} papers, {CLIENTS} clients, median of {ROUNDS} rounds:")
    print(f"  with full verification {own:.0f} a second   without {other:.0f} a second")
    for percent in (50, 99):
        with_it, without = (quantile(taken, percent / 100) * 1000 for taken in seconds)
        print(f"  p{percent} {with_it:.0f} ms   without {without:.0f} ms   ratio {with_it / without:.1f}")
    what = (
        f"casts a second over HTTP, {name}, {group}, {PROCESSES} processes, against the view without checks"
    )
    at_least(what, AT_LEAST, ratio)


if __name__ == "__main__":
    main()
