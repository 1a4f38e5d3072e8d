"""The folder: what counts as complete, and what is never emptied."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

import pytest

from openfloor.demonstration import folder
from openfloor.demonstration.errors import NotTheDemonstration
from openfloor.demonstration.folder import KeyFile, Made, Persona

NOW = datetime(2026, 5, 1, tzinfo=UTC)
CLOSES_AT = NOW + timedelta(days=6)
COMMITTEE = "11111111-2222-4333-8444-555555555555"


def contents(path: Path) -> dict[str, bytes]:
    return {str(file.relative_to(path)): file.read_bytes() for file in path.rglob("*") if file.is_file()}


def made() -> Made:
    member = Persona(start="/x/", committee=COMMITTEE, number=3, handle="saltfern", root="00" * 16)
    return Made(
        good_until=CLOSES_AT,
        personas={"member": member, "observer": Persona(start="/y/")},
        trustee_key=KeyFile(text="{}", passphrase="a b c"),
    )


def complete(path: Path) -> Path:
    folder.begin(path, COMMITTEE)
    keep_committees(path, COMMITTEE)
    folder.finish(path, made())
    return path


def keep_committees(path: Path, *committees: str) -> None:
    with sqlite3.connect(path / folder.DATABASE) as database:
        database.execute("CREATE TABLE workplace_committee (id CHAR(32))")
        database.executemany(
            "INSERT INTO workplace_committee VALUES (?)", [(UUID(committee).hex,) for committee in committees]
        )
    database.close()


def test_made_reads_what_finish_wrote(tmp_path: Path) -> None:
    assert folder.made(complete(tmp_path)) == made()


def test_is_complete_until_the_open_ballot_closes(tmp_path: Path) -> None:
    complete(tmp_path)

    assert folder.is_complete(tmp_path, NOW)
    assert folder.is_complete(tmp_path, CLOSES_AT - timedelta(seconds=1))
    assert not folder.is_complete(tmp_path, CLOSES_AT)


def test_is_complete_refuses_what_is_half_made(tmp_path: Path) -> None:
    assert not folder.is_complete(tmp_path, NOW)
    folder.begin(tmp_path)
    assert not folder.is_complete(tmp_path, NOW)
    folder.begin(tmp_path, COMMITTEE)
    assert not folder.is_complete(tmp_path, NOW)


def test_is_complete_refuses_what_other_code_made(tmp_path: Path) -> None:
    kept = json.loads((complete(tmp_path) / folder.MADE).read_text())

    (tmp_path / folder.MADE).write_text(json.dumps(kept | {"made_by": "0" * 64}))

    assert not folder.is_complete(tmp_path, NOW)


def test_folder_says_that_its_keys_are_not_secret(tmp_path: Path) -> None:
    assert "not secret" in (complete(tmp_path) / folder.MADE).read_text()


def test_empty_takes_away_what_the_loader_made(tmp_path: Path) -> None:
    complete(tmp_path)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "django.key").write_text("x")

    folder.empty(tmp_path)

    assert list(contents(tmp_path)) == [folder.MADE]
    assert not folder.is_complete(tmp_path, NOW)


def test_empty_refuses_a_folder_without_the_loaders_mark(tmp_path: Path) -> None:
    keep_committees(tmp_path, COMMITTEE)
    before = contents(tmp_path)

    with pytest.raises(NotTheDemonstration):
        folder.empty(tmp_path)

    assert contents(tmp_path) == before


@pytest.mark.parametrize("with_the_made_up_one", [True, False])
def test_empty_refuses_a_committee_that_the_loader_did_not_make(
    tmp_path: Path, with_the_made_up_one: bool
) -> None:
    folder.begin(tmp_path, COMMITTEE)
    keep_committees(tmp_path, *([COMMITTEE] if with_the_made_up_one else []), str(uuid4()))
    before = contents(tmp_path)

    with pytest.raises(NotTheDemonstration):
        folder.empty(tmp_path)

    assert contents(tmp_path) == before


def test_alone_in_makes_another_wait(tmp_path: Path) -> None:
    order = []

    def come_second() -> None:
        with folder.alone_in(tmp_path):
            order.append("second")

    with folder.alone_in(tmp_path):
        other = Thread(target=come_second)
        other.start()
        other.join(0.3)
        order.append("first")
    other.join(10)

    assert order == ["first", "second"]
