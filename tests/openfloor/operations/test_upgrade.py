"""Upgrades: what fails, or is killed, leaves the data as it was; what does not fit is never served."""

import shutil
import signal
import sqlite3
import subprocess
import tarfile
import time
from contextlib import closing
from pathlib import Path

import pytest

from factories.place import Place, plain_environment
from journeys.kept import read_tables
from journeys.server import BIN, Server

RELEASES = Path(__file__).parents[2] / "releases"


@pytest.fixture
def old(tmp_path: Path) -> Place:
    """Data of the first release, with a key for its backup."""
    with tarfile.open(RELEASES / "0.1.0.tar.xz") as archive:
        archive.extractall(tmp_path)  # noqa: S202 - our own
    place = Place(tmp_path / "0.1.0")
    place.make_key()
    return place


def change(place: Place, statement: str) -> None:
    with closing(sqlite3.connect(place.data / "openfloor.sqlite3")) as database, database:
        database.execute(statement)


def database_of(place: Place) -> bytes:
    return (place.data / "openfloor.sqlite3").read_bytes()


def is_upgraded(place: Place) -> bool:
    return any(row["name"] == "0003_void" for row in read_tables(place.data)["django_migrations"])


def test_upgrade_makes_a_backup_of_what_was_before(old: Place) -> None:
    before = database_of(old)

    said = old.do("upgrade", "--to", old.folder / "kept")

    (backup,) = (old.folder / "kept").iterdir()
    assert str(backup) in said
    assert is_upgraded(old)
    into = old.folder / "elsewhere"
    assert old.restore(backup, into).returncode == 0
    assert database_of(old) != before
    assert not list(old.data.glob("*.upgrading*"))


def test_upgrade_without_a_key_asks_for_one_and_changes_nothing(old: Place) -> None:
    (old.data / "backup-recipients").unlink()
    before = old.everything()

    run = old.type("upgrade")

    assert run.returncode == 2
    assert "openfloor backup-key" in run.stderr
    assert old.everything() == before


def test_upgrade_without_a_backup_has_to_be_asked_for(old: Place) -> None:
    (old.data / "backup-recipients").unlink()

    said = old.do("upgrade", "--without-backup")

    assert said.startswith("Upgraded and checked:")
    assert not (old.data / "backups").exists()


def test_upgrade_of_data_that_is_of_this_version_only_checks_it(place: Place) -> None:
    place.make_key()
    before = database_of(place)

    said = place.do("upgrade")

    assert "of this version already" in said
    assert database_of(place) == before
    assert not (place.data / "backups").exists()


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        ("DELETE FROM ballots_boardevent WHERE height = 2", "its board does not hold"),
        ("UPDATE ballots_boardevent SET hash = 'aa' WHERE height = 1", "its board does not hold"),
        ("UPDATE audit_ledgerentry SET text = replace(text, '2026', '2025')", "the ledger does not hold"),
        ("DELETE FROM audit_ledgerentry WHERE number = 9", "the ledger does not hold"),
        ("DELETE FROM workplace_rollrecord WHERE position = 2", "the roll does not hold"),
        ("UPDATE ballots_ballot SET ledger_head = 'aa'", "that it names is not there"),
    ],
)
def test_upgrade_whose_check_fails_goes_back(old: Place, damage: str, named: str) -> None:
    change(old, damage)
    before = database_of(old)

    run = old.type("upgrade")

    assert run.returncode == 2
    assert named in run.stderr
    assert "as it was before" in run.stderr
    assert "Traceback" not in run.stderr
    assert database_of(old) == before
    assert not list(old.data.glob("*.upgrading*"))


def test_upgrade_whose_migration_fails_goes_back(old: Place) -> None:
    change(old, "CREATE TABLE ballots_slips (id integer)")
    before = database_of(old)

    run = old.type("upgrade")

    assert run.returncode == 2
    assert "as it was before" in run.stderr
    assert "Traceback" not in run.stderr
    assert database_of(old) == before


def test_upgrade_waits_for_whoever_reads_and_then_leaves_the_log_that_they_hold_back(old: Place) -> None:
    path = old.data / "openfloor.sqlite3"
    with closing(sqlite3.connect(path)) as reading, closing(sqlite3.connect(path)) as writing:
        writing.execute("PRAGMA journal_mode=WAL")
        reading.execute("BEGIN")
        reading.execute("SELECT COUNT(*) FROM django_session").fetchone()
        with writing:
            writing.execute("INSERT INTO django_session VALUES ('key', 'data', '2030-01-01')")

        run = old.type("upgrade", "--without-backup")

    assert run.returncode == 2
    assert "Another program reads the database" in run.stderr
    assert [row["session_key"] for row in read_tables(old.data)["django_session"]] == ["key"]
    assert not is_upgraded(old)


def test_upgrade_killed_at_any_moment_leaves_data_of_one_version(old: Place) -> None:
    original = old.folder / "original"
    shutil.copytree(old.data, original)
    began = time.monotonic()
    old.do("upgrade", "--without-backup")
    took = time.monotonic() - began

    outcomes = set()
    for tenth in (4, 5, 6, 7, 8, 9, 10):
        shutil.rmtree(old.data)
        shutil.copytree(original, old.data)
        with subprocess.Popen(
            [BIN / "openfloor", "upgrade", "--without-backup"],
            cwd=old.folder,
            env=plain_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(took * tenth / 10)
            process.send_signal(signal.SIGKILL)
        outcomes.add(is_upgraded(old))
        assert old.do("upgrade", "--without-backup")
        assert is_upgraded(old)

    assert False in outcomes


def test_upgrade_refuses_while_the_server_runs(place: Place) -> None:
    place.make_key()
    server = Server(place.folder)
    server.start()

    run = place.type("upgrade")
    server.stop()

    assert run.returncode == 2
    assert "Stop it first" in run.stderr
    assert place.type("upgrade").returncode == 0


@pytest.mark.parametrize("command", ["serve", "upgrade", "init"])
def test_data_of_a_newer_version_is_refused(place: Place, command: str) -> None:
    place.make_key()
    change(place, "INSERT INTO django_migrations VALUES (999, 'ballots', '9999_later', '2030-01-01')")
    before = place.everything()
    options = ["--name", "Another", "--zone", "UTC"] if command == "init" else []

    run = place.type(command, *options)

    assert run.returncode == 2
    assert "newer version" in run.stderr
    assert place.everything() == before
