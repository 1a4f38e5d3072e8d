"""What OPENFLOOR_DATABASE may say, and the sentence for what it may not."""

import subprocess
import sys
from pathlib import Path

import pytest

from openfloor import databases
from openfloor.asgi import CAST_THREADS, PAGE_THREADS
from openfloor.env import BadEnvironment

OPENFLOOR = Path(sys.executable).parent / "openfloor"


def test_without_an_address_it_is_sqlite_in_the_data_folder(tmp_path: Path) -> None:
    settings = databases.settings_of(None, tmp_path)

    assert settings["ENGINE"] == "django.db.backends.sqlite3"
    assert settings["NAME"] == tmp_path / "openfloor.sqlite3"


def test_postgresql_is_taken_from_its_address(tmp_path: Path) -> None:
    settings = databases.settings_of("postgresql://me:secret@db.example:5433/votes?sslmode=require", tmp_path)

    options = settings["OPTIONS"]
    parts = {name: options[name] for name in ("user", "password", "host", "port", "sslmode")}
    assert settings["NAME"] == "votes"
    assert parts == {
        "user": "me",
        "password": "secret",
        "host": "db.example",
        "port": "5433",
        "sslmode": "require",
    }
    assert "-c synchronous_commit=on" in options["options"]


def test_socket_folder_is_a_host(tmp_path: Path) -> None:
    settings = databases.settings_of("postgresql://me@/votes?host=/run/postgresql", tmp_path)

    assert settings["OPTIONS"]["host"] == "/run/postgresql"


def test_every_page_thread_the_clock_and_the_boards_have_a_connection(tmp_path: Path) -> None:
    settings = databases.settings_of("postgresql://me@/votes", tmp_path)

    assert settings["OPTIONS"]["pool"]["max_size"] >= PAGE_THREADS + CAST_THREADS + 2


@pytest.mark.parametrize(
    ("url", "remedy"),
    [
        ("mysql://me:secret@db/votes", "is no address of a database"),
        ("votes", "is no address of a database"),
        ("postgresql://me:secret@db:port/votes?nonsense", "cannot be read"),
        ("postgresql://me:secret@db", "names no database"),
        ("postgresql://me:secret@db/votes?options=-c%20x", "leave them out"),
    ],
)
def test_bad_address_is_refused_with_the_remedy_and_without_the_password(
    url: str, remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(BadEnvironment, match=remedy) as refusal:
        databases.settings_of(url, tmp_path)

    assert "secret" not in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_missing_driver_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(databases, "find_spec", lambda name: None)

    with pytest.raises(BadEnvironment, match=r"pip install 'openfloor\[scale\]'"):
        databases.settings_of("postgresql://me@/votes", tmp_path)


def test_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    finished = subprocess.run(
        [OPENFLOOR, "serve", "--port", "0"],
        cwd=tmp_path,
        env={"OPENFLOOR_DATABASE": f"postgresql://me:secret@/votes?host={tmp_path}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert finished.returncode == 2
    assert finished.stderr.startswith("openfloor: The database does not answer: ")
    assert "Traceback" not in finished.stderr
    assert "secret" not in finished.stderr
