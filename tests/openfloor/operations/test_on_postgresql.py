"""Backup, restore and upgrade where the data is in PostgreSQL, with its own programs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from factories.place import Place, plain_environment
from factories.postgres import Postgres

TESTS = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    cluster = Postgres()
    yield cluster
    cluster.stop()


@pytest.fixture(scope="module")
def filled(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """The committee of tests/releases/make.py, in a database of PostgreSQL."""
    _ask(postgres, "CREATE DATABASE filled")
    place = Place(tmp_path_factory.mktemp("filled"))
    subprocess.run(
        [sys.executable, TESTS / "releases/make.py", place.folder],
        env=plain_environment() | {"PYTHONPATH": str(TESTS), "OPENFLOOR_DATABASE": postgres.url("filled")},
        check=True,
        capture_output=True,
    )
    place.make_key()
    return place


def _ask(postgres: Postgres, question: str, database: str = "postgres") -> list[tuple[object, ...]]:
    with psycopg.connect(postgres.url(database), autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchall() if answer.description else []


def _hashes(postgres: Postgres, database: str) -> list[tuple[object, ...]]:
    return _ask(postgres, "SELECT height, hash FROM ballots_boardevent ORDER BY ballot_id, height", database)


def test_backup_of_postgresql_restores_into_an_empty_database(postgres: Postgres, filled: Place) -> None:
    backup = filled.back_up(OPENFLOOR_DATABASE=postgres.url("filled"))
    _ask(postgres, "CREATE DATABASE empty")

    run = filled.restore(backup, filled.folder / "elsewhere", OPENFLOOR_DATABASE=postgres.url("empty"))

    assert run.returncode == 0, run.stderr
    assert _hashes(postgres, "empty") == _hashes(postgres, "filled")
    states = _ask(postgres, "SELECT state FROM ballots_ballot ORDER BY closes_at", "empty")
    assert states == [("counted",), ("void",), ("void",)]
    assert not (filled.folder / "elsewhere/openfloor.pgdump").exists()


def test_restore_refuses_a_database_that_is_not_empty(postgres: Postgres, filled: Place) -> None:
    backup = filled.back_up(OPENFLOOR_DATABASE=postgres.url("filled"))
    before = _hashes(postgres, "filled")

    run = filled.restore(backup, filled.folder / "nowhere", OPENFLOOR_DATABASE=postgres.url("filled"))

    assert run.returncode == 2
    assert "is not empty" in run.stderr
    assert _hashes(postgres, "filled") == before
    assert not (filled.folder / "nowhere").exists()


def test_restore_of_a_board_that_does_not_hold_leaves_the_database_empty(
    postgres: Postgres, filled: Place
) -> None:
    _ask(postgres, "CREATE DATABASE damaged TEMPLATE filled")
    _ask(postgres, "DELETE FROM ballots_boardevent WHERE height = 2", "damaged")
    _ask(postgres, "CREATE DATABASE still_empty")
    backup = filled.back_up(OPENFLOOR_DATABASE=postgres.url("damaged"))

    run = filled.restore(backup, filled.folder / "nowhere", OPENFLOOR_DATABASE=postgres.url("still_empty"))

    assert run.returncode == 2
    assert "its board does not hold" in run.stderr
    tables = _ask(postgres, "SELECT * FROM pg_tables WHERE schemaname = 'public'", "still_empty")
    assert tables == []


def test_backup_of_postgresql_is_refused_where_none_is_named(postgres: Postgres, filled: Place) -> None:
    backup = filled.back_up(OPENFLOOR_DATABASE=postgres.url("filled"))

    run = filled.restore(backup, filled.folder / "nowhere")

    assert run.returncode == 2
    assert "name it in OPENFLOOR_DATABASE" in run.stderr


def _at_an_older_version(postgres: Postgres, filled: Place, name: str) -> dict[str, str]:
    """A copy of the database without the last migrations of the ballots."""
    _ask(postgres, f"CREATE DATABASE {name} TEMPLATE filled")
    environment = {"OPENFLOOR_DATABASE": postgres.url(name)}
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "ballots", "0002", "--verbosity", "0"],
        env=plain_environment()
        | environment
        | {"OPENFLOOR_DATA": str(filled.data), "DJANGO_SETTINGS_MODULE": "openfloor.settings"},
        check=True,
        capture_output=True,
    )
    return environment


def test_upgrade_of_postgresql_changes_and_checks(postgres: Postgres, filled: Place) -> None:
    environment = _at_an_older_version(postgres, filled, "older")

    said = filled.do("upgrade", **environment)

    assert "Upgraded and checked" in said
    assert _hashes(postgres, "older") == _hashes(postgres, "filled")
    assert "of this version already" in filled.do("upgrade", **environment)


def test_upgrade_of_postgresql_whose_check_fails_changes_nothing(postgres: Postgres, filled: Place) -> None:
    environment = _at_an_older_version(postgres, filled, "older_and_damaged")
    _ask(postgres, "DELETE FROM ballots_boardevent WHERE height = 2", "older_and_damaged")
    question = "SELECT app, name FROM django_migrations ORDER BY id"
    before = _ask(postgres, question, "older_and_damaged")

    run = filled.type("upgrade", **environment)

    assert run.returncode == 2
    assert "as it was before" in run.stderr
    assert _ask(postgres, question, "older_and_damaged") == before


def test_upgrade_of_postgresql_refuses_while_others_are_connected(postgres: Postgres, filled: Place) -> None:
    environment = _at_an_older_version(postgres, filled, "in_use")

    with psycopg.connect(postgres.url("in_use")):
        run = filled.type("upgrade", **environment)

    assert run.returncode == 2
    assert "Stop every server" in run.stderr
