"""Data of an earlier release: upgraded, voted on again, counted, and checked by programs of their own."""

import shutil
import subprocess
import tarfile
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factories.place import Place
from journeys.kept import read_tables
from journeys.server import BIN, Server
from releases.devices import cast, papers_on, play

RELEASES = Path(__file__).parents[2] / "releases"
NO = [[0, 0, 1]]
BEFORE_THE_CLOSE = timedelta(days=1)


@pytest.fixture(params=sorted(path.name for path in RELEASES.glob("*.tar.xz")))
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    with tarfile.open(RELEASES / request.param) as archive:
        archive.extractall(tmp_path)  # noqa: S202 - our own
    return Place(next(tmp_path.iterdir()))


def test_data_of_a_release_is_refused_until_it_is_upgraded(released: Place) -> None:
    before = released.everything()

    run = released.type("serve")

    assert run.returncode == 2
    assert "openfloor upgrade" in run.stderr
    assert released.everything() == before


def test_data_of_a_release_is_upgraded_voted_on_and_counted(released: Place) -> None:
    devices, server = released.devices, Server(released.folder)
    uuid = devices["open"]["uuid"]
    before = row_counts(released.data)
    released.make_key()

    said = released.do("upgrade")

    assert "Upgraded and checked" in said
    assert row_counts(released.data).items() >= before.items()
    (paper,) = play(released.data, "papers", uuid, [4], NO)
    server.ahead = datetime.fromisoformat(devices["open"]["closes_at"]) - BEFORE_THE_CLOSE - datetime.now(UTC)
    server.start()
    receipt = cast(server, uuid, paper)
    server.set_ahead(-server.ahead)
    assert receipt["receipt"]["height"] == 5
    wait_until_added_up(server, uuid)
    result = play(released.data, "decrypt", uuid, devices["open"]["key_files"], devices["passphrase"])
    assert result == [[1, 2, 1]]
    archive = download(server, uuid, released.folder)
    server.stop()
    holds_for_others(archive)
    shown = [*devices["open"]["receipts"], receipt]
    events = papers_on(released.data, uuid)
    assert [events[one["receipt"]["height"]] for one in shown] == [
        (one["receipt"]["event"], one["receipt"]["ballot_hash"]) for one in shown
    ]
    assert {path.suffix for path in (released.data / "secrets").iterdir()} == {".board", ".key", ".lock"}


def test_backup_of_a_release_made_before_the_upgrade_restores_and_verifies(released: Place) -> None:
    released.make_key()
    backup = released.back_up()

    run = released.restore(backup, released.folder / "elsewhere")

    assert run.returncode == 0, run.stderr
    assert "counted; papers on the board: 3" in run.stdout
    assert "is void" in run.stdout


def row_counts(data: Path) -> dict[str, int]:
    tables = read_tables(data)
    return {name: len(tables[name]) for name in tables.keys() - {"django_migrations", "sqlite_sequence"}}


def wait_until_added_up(server: Server, uuid: str) -> None:
    for _ in range(300):
        kinds = [row["kind"] for row in read_tables(server.data)["ballots_boardevent"]]
        if kinds.count("EncryptedTally") == 2:  # of the ballot that the release counted, and of this one
            return
        time.sleep(0.1)
    raise AssertionError(server.log.read_text())


def download(server: Server, uuid: str, folder: Path) -> Path:
    target = folder / "check" / f"{uuid}.bel"
    target.parent.mkdir()
    with urllib.request.urlopen(f"{server.url}/board/{uuid}/{uuid}.bel", timeout=30) as answer:  # noqa: S310
        target.write_bytes(answer.read())
    return target


def holds_for_others(archive: Path) -> None:
    """Our verifier, and Debian's program of Belenios."""
    subprocess.run([BIN / "openballot", "verify", archive, "--require", "counted"], check=True)
    theirs = shutil.which("belenios-tool")
    assert theirs is not None
    subprocess.run([theirs, "election", "verify", "--dir", archive.parent], check=True)
