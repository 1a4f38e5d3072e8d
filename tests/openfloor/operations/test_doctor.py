"""The doctor as an operator calls it: over a real folder and a real server, and it changes nothing."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journeys.server import BIN, Server


def doctor(server: Server, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / "openfloor", "doctor", *options],
        cwd=server.folder,
        env=server.environment() | {"OPENFLOOR_LOG": "json"},
        capture_output=True,
        text=True,
        check=False,
    )


def found(server: Server) -> dict[str, Any]:
    run = doctor(server, "--json")
    assert run.stderr == ""
    return {finding["check"]: finding for finding in json.loads(run.stdout)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("doctor"))
    server.found("Harbor General")
    server.start()
    yield server
    server.stop()


def contents(folder: Path) -> dict[str, bytes]:
    kept = ("openfloor.sqlite3", "secrets/django.key", "address")
    return {name: (folder / name).read_bytes() for name in kept if (folder / name).exists()}


def test_doctor_finds_a_running_server_well_and_changes_nothing(server: Server) -> None:
    before = contents(server.data)

    findings = found(server)

    assert contents(server.data) == before
    for check in ("https", "server", "version", "database", "permissions", "voting_links"):
        assert findings[check]["state"] == "good", findings[check]
    assert set(findings["backup"]) == {"check", "state", "what", "why", "remedy"}


def test_doctor_exits_1_and_says_what_to_type_when_something_is_to_do(server: Server) -> None:
    run = doctor(server)

    assert run.returncode == 1
    assert "TO DO    There was no backup yet." in run.stdout
    assert "Type: openfloor backup" in run.stdout


def test_doctor_finds_a_key_that_others_can_read_and_a_link_left_behind(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.found("Harbor General")
    (server.data / "secrets/django.key").chmod(0o644)
    (server.data / "secrets/AbCdEfGhJkMnPq.k").write_bytes(b"k" * 32)

    findings = found(server)

    assert findings["server"]["state"] == "to_do"
    assert "django.key" in findings["permissions"]["what"]
    assert "AbCdEfGhJkMnPq" in findings["voting_links"]["what"]
    assert (server.data / "secrets/AbCdEfGhJkMnPq.k").exists()


def test_doctor_of_a_database_that_is_none_says_so(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.data.mkdir()
    (server.data / "openfloor.sqlite3").write_bytes(b"not a database" * 100)

    run = doctor(server)

    assert run.returncode == 1
    assert "The database does not answer (DatabaseError)." in run.stdout
    assert "Traceback" not in run.stderr


def test_doctor_of_a_folder_without_data_exits_2_and_makes_none(tmp_path: Path) -> None:
    run = doctor(Server(tmp_path))

    assert run.returncode == 2
    assert "No committee's data" in run.stderr
    assert list(tmp_path.iterdir()) == []
