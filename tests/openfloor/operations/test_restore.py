"""Restoring: what holds comes back whole, what cannot be told is void, and bad files change nothing."""

import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from factories.place import Place, plain_environment
from journeys.kept import read_tables
from journeys.server import BIN, Server
from releases.devices import cast, fetched, papers_on, play

YES = [[0, 1, 0]]


def states(data: Path) -> dict[str, tuple[str, str | None]]:
    rows = read_tables(data)["ballots_ballot"]
    return {str(row["uuid"]): (str(row["state"]), row["reason"]) for row in rows}  # type: ignore[misc]


def ledger_kinds(data: Path) -> list[str]:
    return [str(row["kind"]) for row in read_tables(data)["audit_ledgerentry"]]


def hashes(data: Path) -> dict[str, list[str]]:
    """Every link of every chain."""
    tables = read_tables(data)
    return {
        name: [str(row["hash"]) for row in tables[name]]
        for name in ("ballots_boardevent", "workplace_rollrecord")
    }


def test_restored_folder_holds_what_was_there_and_says_what_cannot_go_on(place: Place) -> None:
    place.make_key()
    devices, before = place.devices, hashes(place.data)
    with closing(sqlite3.connect(place.data / "openfloor.sqlite3")) as database, database:
        database.execute("INSERT INTO django_session VALUES ('key', 'data', '2030-01-01')")
    into = place.folder / "elsewhere"

    run = place.restore(place.back_up(), into)

    assert run.returncode == 0, run.stderr
    assert hashes(into) == before
    assert states(into) == {
        devices["counted"]["uuid"]: ("counted", None),
        devices["open"]["uuid"]: ("void", "blind_key_lost"),
        devices["announced"]["uuid"]: ("void", "lost_unknown"),
    }
    assert "“Shall we strike on Friday?” is void" in run.stdout
    assert "“Shall we meet on Mondays?”: counted; papers on the board: 3." in run.stdout
    assert ledger_kinds(into)[-3:] == ["restored", "ballot_void", "ballot_void"]
    assert read_tables(into)["django_session"] == []
    assert sorted(path.suffix for path in (into / "secrets").iterdir()) == [".board", ".key"]
    assert (into / "address").read_text() == (place.data / "address").read_text()
    assert not list(place.folder.glob("*.restoring"))


def test_restored_server_serves_the_void_ballot_and_its_whole_ledger(place: Place) -> None:
    place.make_key()
    uuid, into = place.devices["open"]["uuid"], place.folder / "elsewhere"
    (paper,) = play(place.data, "papers", uuid, [4], YES)
    (into / "data").parent.mkdir()
    assert place.restore(place.back_up(), into / "data").returncode == 0
    server = Server(into)
    server.ahead = _before_the_close(place)

    server.start()
    answer = cast(server, uuid, paper)
    head = fetched(f"{server.url}/board/{uuid}/head.json")
    server.stop()

    assert answer["error"]["code"] == "void"
    assert (head["state"], head["height"]) == ("void", 4)
    assert place.type("upgrade", OPENFLOOR_DATA=str(server.data)).returncode == 0


def test_restore_where_nothing_was_lost_voids_nothing(place: Place) -> None:
    place.make_key()
    before = states(place.data)
    backup = place.back_up()

    run = _restore_before_the_close(place, backup, OPENFLOOR_SECRETS=str(place.data / "secrets"))

    assert run.returncode == 0, run.stderr
    assert states(place.folder / "elsewhere") == before
    assert "All of it holds together." in run.stdout


def test_restore_beside_the_old_secrets_voids_the_ballot_whose_receipts_are_lost(place: Place) -> None:
    place.make_key()
    uuid = place.devices["open"]["uuid"]
    (paper,) = play(place.data, "papers", uuid, [4], YES)
    backup = place.back_up()
    server = Server(place.folder)
    server.ahead = _before_the_close(place)
    server.start()
    cast(server, uuid, paper)
    server.stop()

    run = _restore_before_the_close(place, backup, OPENFLOOR_SECRETS=str(place.data / "secrets"))

    assert run.returncode == 0, run.stderr
    assert states(place.folder / "elsewhere")[uuid] == ("void", "receipts_lost")
    assert states(place.folder / "elsewhere")[place.devices["announced"]["uuid"]] == ("announced", None)


def test_restore_after_one_that_failed_does_not_take_its_secrets_for_the_servers_own(place: Place) -> None:
    place.make_key()
    backup, secrets = place.back_up(), place.folder / "mounted"
    with closing(sqlite3.connect(place.data / "openfloor.sqlite3")) as database, database:
        database.execute("DELETE FROM ballots_boardevent WHERE height = 2")
    failed = _restore_before_the_close(place, place.back_up(), OPENFLOOR_SECRETS=str(secrets))

    run = _restore_before_the_close(place, backup, OPENFLOOR_SECRETS=str(secrets))

    assert (failed.returncode, run.returncode) == (2, 0), run.stderr
    announced = place.devices["announced"]["uuid"]
    assert states(place.folder / "elsewhere")[announced] == ("void", "lost_unknown")
    assert not (secrets / "restore-unfinished").exists()
    assert {path.stat().st_mode & 0o777 for path in secrets.iterdir()} == {0o600}


def test_backup_made_while_four_clients_cast_restores_to_a_board_that_they_saw(place: Place) -> None:
    place.make_key()
    uuid = place.devices["open"]["uuid"]
    ready = [play(place.data, "papers", uuid, [number] * 6, YES) for number in (1, 2, 4, 5)]
    server = Server(place.folder)
    server.ahead = _before_the_close(place)
    server.start()
    with ThreadPoolExecutor(5) as threads:
        casting = [threads.submit(_cast_all, server, uuid, some) for some in ready]
        backup = threads.submit(place.back_up).result()
        shown = [receipt for some in casting for receipt in some.result()]
    server.stop()

    run = place.restore(backup, place.folder / "elsewhere")

    assert run.returncode == 0, run.stderr
    assert states(place.folder / "elsewhere")[uuid] == ("void", "blind_key_lost")
    board, restored = papers_on(place.data, uuid), papers_on(place.folder / "elsewhere", uuid)
    assert len(shown) == 24
    assert [board[receipt["height"]] for receipt in shown] == [
        (receipt["event"], receipt["ballot_hash"]) for receipt in shown
    ]
    assert len(restored) >= 4
    assert restored == {height: board[height] for height in restored}


def test_restore_takes_the_key_from_whoever_types_it(place: Place) -> None:
    place.make_key()
    backup, into = place.back_up(), place.folder / "elsewhere"
    into.mkdir()

    run = subprocess.run(
        [BIN / "openfloor", "restore", backup, "--into", into],
        cwd=place.folder,
        env=plain_environment(),
        input=place.key_file.read_text(),
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )

    assert run.returncode == 0, run.stderr
    assert place.key_file.read_text().strip() not in run.stdout + run.stderr


# What is refused


def test_restore_refuses_a_folder_in_use(place: Place) -> None:
    place.make_key()
    backup, before = place.back_up(), place.everything()

    run = place.restore(backup, place.data)

    assert (
        _one_sentence(run)
        == f"{place.data} is in use. Choose a folder that is empty, or that does not exist yet."
    )
    assert place.everything() == before


def test_restore_refuses_the_secrets_over_which_a_server_runs_and_leaves_its_vote_alone(place: Place) -> None:
    place.make_key()
    uuid, backup = place.devices["open"]["uuid"], place.back_up()
    (paper,) = play(place.data, "papers", uuid, [4], YES)
    server = Server(place.folder)
    server.ahead = _before_the_close(place)
    server.start()
    cast(server, uuid, paper)

    run = _restore_before_the_close(place, backup, OPENFLOOR_SECRETS=str(place.data / "secrets"))
    again = cast(server, uuid, paper)
    server.stop()

    assert "The server is running" in _one_sentence(run)
    assert again["state"] == "counts"
    assert (place.data / f"secrets/{uuid}.k").exists()
    assert not list(place.folder.glob("elsewhere*"))


def test_restore_refuses_a_file_that_is_no_backup_in_one_sentence(place: Place) -> None:
    place.make_key()
    garbage = place.folder / "garbage.age"
    garbage.write_bytes(bytes(range(256)) * 400)

    run = place.restore(garbage, place.folder / "elsewhere")

    assert "This is not a backup" in _one_sentence(run)
    assert not list(place.folder.glob("elsewhere*"))


def test_restore_refuses_a_backup_of_a_newer_version(place: Place) -> None:
    place.make_key()
    with closing(sqlite3.connect(place.data / "openfloor.sqlite3")) as database, database:
        database.execute("INSERT INTO django_migrations VALUES (999, 'ballots', '9999_later', '2030-01-01')")

    run = place.restore(place.back_up(), place.folder / "elsewhere")

    assert "newer version" in _one_sentence(run)
    assert not list(place.folder.glob("elsewhere*"))


def test_restore_refuses_a_board_that_does_not_hold(place: Place) -> None:
    place.make_key()
    with closing(sqlite3.connect(place.data / "openfloor.sqlite3")) as database, database:
        database.execute("DELETE FROM ballots_boardevent WHERE height = 2")

    run = place.restore(place.back_up(), place.folder / "elsewhere")

    assert "its board does not hold" in run.stderr
    assert run.returncode == 2
    assert not list(place.folder.glob("elsewhere*"))


def test_restore_refuses_a_backup_of_sqlite_into_postgresql(place: Place) -> None:
    place.make_key()

    run = place.restore(
        place.back_up(), place.folder / "elsewhere", OPENFLOOR_DATABASE="postgresql://nobody@/nothing"
    )

    assert "Leave OPENFLOOR_DATABASE out" in _one_sentence(run)
    assert not list(place.folder.glob("elsewhere*"))


def _one_sentence(run: subprocess.CompletedProcess[str]) -> str:
    """What a command refuses with, after what it said on the way."""
    assert run.returncode == 2, run.stdout + run.stderr
    said = [line for line in run.stderr.splitlines() if not line.endswith("…")]
    assert len(said) == 1, run.stderr
    return said[0].removeprefix("openfloor: ")


def _before_the_close(place: Place) -> timedelta:
    closes_at = datetime.fromisoformat(place.devices["open"]["closes_at"])
    return closes_at - timedelta(days=1) - datetime.now(UTC)


def _restore_before_the_close(
    place: Place, backup: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    server = Server(place.folder)
    server.ahead = _before_the_close(place)
    environment |= {name: server.environment()[name] for name in ("LD_PRELOAD", "FAKETIME")}
    return place.restore(backup, place.folder / "elsewhere", **environment)


def _cast_all(server: Server, uuid: str, papers: list[str]) -> list[dict[str, Any]]:
    return [cast(server, uuid, paper)["receipt"] for paper in papers]
