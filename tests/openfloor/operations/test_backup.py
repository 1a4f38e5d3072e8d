"""Backups: opened by the committee's key alone, whole or not there, and never with k."""

import base64
import fcntl
import gzip
import io
import json
import re
import signal
import subprocess
import tarfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest

from factories.place import Place, plain_environment
from journeys.kept import read_tables
from journeys.server import BIN

SECRET_KEY = re.compile(r"AGE-SECRET-KEY-1\w+")
NAME = re.compile(r"openfloor-\d{8}T\d{6}Z\.tar\.gz\.age")


def opened(backup: Path, key_file: Path) -> bytes:
    """The tar, still compressed, as the ordinary age program reads it."""
    run = subprocess.run(["age", "--decrypt", "-i", key_file, backup], capture_output=True, check=True)
    return run.stdout


def files_in(packed: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {member.name: file.read() for member in tar if (file := tar.extractfile(member))}


def forms_of(secret: bytes) -> list[bytes]:
    return [
        secret,
        secret.hex().encode(),
        secret.hex().upper().encode(),
        base64.b64encode(secret).rstrip(b"="),
        base64.urlsafe_b64encode(secret).rstrip(b"="),
        gzip.compress(secret, mtime=0)[10:-8],
    ]


def test_backup_without_a_key_says_how_to_make_one_and_writes_nothing(place: Place) -> None:
    before = place.everything()

    run = place.type("backup")

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.count("\n") == 1
    assert "openfloor backup-key" in run.stderr
    assert place.everything() == before


def test_backup_key_is_shown_once_and_only_its_public_half_stays(place: Place) -> None:
    secret = SECRET_KEY.findall(place.do("backup-key"))
    again = place.type("backup-key")

    assert len(secret) == 1
    assert again.returncode == 2
    assert "AGE-SECRET-KEY" not in again.stdout + again.stderr
    public = str(pyrage.x25519.Identity.from_str(secret[0]).to_public())
    assert (place.data / "backup-recipients").read_text() == f"{public}\n"
    assert secret[0].encode() not in b"".join(place.everything().values())


def test_backup_key_takes_a_second_key_that_opens_backups_too(place: Place) -> None:
    place.make_key()
    other = place.folder / "other"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    public = re.search(r"age1\w+", other.read_text())
    assert public is not None

    place.do("backup-key", "--add", public[0])

    backup = place.back_up()
    assert opened(backup, other) == opened(backup, place.key_file)


@pytest.mark.parametrize("text", ["age1nothing", "AGE-SECRET-KEY-1QQ", "", "ö"])
def test_backup_key_refuses_to_add_what_is_no_key(place: Place, text: str) -> None:
    place.make_key()
    before = place.everything()

    run = place.type("backup-key", f"--add={text}")

    assert run.returncode == 2 or text == ""
    assert "Traceback" not in run.stderr
    assert place.everything() == before


def test_backup_key_replaced_opens_the_next_backup_alone(place: Place) -> None:
    place.make_key()
    before = place.back_up()
    (secret,) = SECRET_KEY.findall(place.do("backup-key", "--replace"))
    fresh = place.folder / "fresh"
    fresh.write_text(secret)

    after = place.back_up()

    assert opened(after, fresh)
    assert opened(before, place.key_file)
    with pytest.raises(subprocess.CalledProcessError):
        opened(after, place.key_file)


def test_backup_holds_database_address_and_secrets_and_what_they_are(place: Place) -> None:
    place.make_key()

    files = files_in(opened(place.back_up(), place.key_file))

    committee = place.devices["committee"]
    assert list(files) == [
        "manifest.json",
        "openfloor.sqlite3",
        "address",
        "backup-recipients",
        f"secrets/{committee}.board",
        "secrets/django.key",
    ]
    manifest = json.loads(files["manifest.json"])
    assert manifest["type"] == "openfloor/backup/1"
    assert manifest["database"] == "sqlite"
    assert set(manifest["files"]) == set(files) - {"manifest.json"}
    copy = place.folder / "copy"
    copy.mkdir()
    (copy / "openfloor.sqlite3").write_bytes(files["openfloor.sqlite3"])
    assert read_tables(copy) == read_tables(place.data)


def test_backup_never_holds_k_in_any_form(place: Place) -> None:
    place.make_key()
    uuid = place.devices["open"]["uuid"]
    k = (place.data / f"secrets/{uuid}.k").read_bytes()
    board_key = next((place.data / "secrets").glob("*.board")).read_bytes()
    (place.data / f"secrets/{uuid}.height").write_text(f"4 {'a' * 64}\n")

    backup = place.back_up()

    packed = opened(backup, place.key_file)
    everything = b"\n".join([backup.read_bytes(), packed, gzip.decompress(packed)])
    assert len(k) == 32
    assert [form for form in forms_of(k) if form in everything] == []
    assert board_key in everything  # what is there would be found
    assert not any(name.endswith((".k", ".height")) for name in files_in(packed))
    assert {path.name for path in place.data.iterdir()} & {"backup-in-progress"} == set()


def test_backup_is_readable_by_its_owner_alone_and_noted(place: Place) -> None:
    place.make_key()
    before = datetime.now(UTC).replace(microsecond=0)

    backup = place.back_up()

    assert NAME.fullmatch(backup.name)
    assert backup.stat().st_mode & 0o777 == 0o600
    noted = json.loads((place.data / "last-backup").read_text())
    assert noted["file"] == str(backup)
    assert before <= datetime.fromisoformat(noted["at"]) <= datetime.now(UTC)


def test_backup_under_a_given_name_refuses_one_that_is_there(place: Place) -> None:
    place.make_key()
    target = place.folder / "ours.age"
    place.do("backup", "--to", target)
    before = target.read_bytes()

    run = place.type("backup", "--to", target)

    assert run.returncode == 2
    assert "is there already" in run.stderr
    assert target.read_bytes() == before


def test_backup_keeps_as_many_as_asked_and_nobody_elses_files(place: Place) -> None:
    place.make_key()
    first = place.back_up()
    (first.parent / "notes.age").write_text("ours")

    place.do("backup", "--to", first.parent, "--keep", "2")
    place.do("backup", "--to", first.parent, "--keep", "2")

    left = sorted(path.name for path in first.parent.iterdir())
    assert len(left) == 3
    assert "notes.age" in left
    assert first.name not in left


def test_backup_that_was_just_made_stays_where_a_wrong_clock_gave_others_later_names(place: Place) -> None:
    place.make_key()
    (place.folder / "kept").mkdir()
    for year in (2098, 2099):
        (place.folder / f"kept/openfloor-{year}0101T000000Z.tar.gz.age").write_bytes(b"of a wrong clock")

    place.do("backup", "--to", place.folder / "kept", "--keep", "2")

    left = sorted(path.name for path in (place.folder / "kept").iterdir())
    assert len(left) == 2
    assert left[1] == "openfloor-20990101T000000Z.tar.gz.age"


def test_backup_holds_of_the_secrets_only_what_it_names(place: Place) -> None:
    place.make_key()
    uuid = place.devices["open"]["uuid"]
    (place.data / f"secrets/{uuid}.k.bak").write_bytes(b"a copy that somebody made")

    assert place.restore(place.back_up(), place.folder / "elsewhere").returncode == 0

    secrets = sorted(path.suffix for path in (place.folder / "elsewhere/secrets").iterdir())
    assert secrets == [".board", ".key"]


def test_backup_begins_anew_where_one_was_killed(place: Place) -> None:
    place.make_key()
    (place.data / "backup-in-progress").mkdir()
    (place.data / "backup-in-progress/database").write_bytes(b"half")

    backup = place.back_up()

    assert files_in(opened(backup, place.key_file))["openfloor.sqlite3"].startswith(b"SQLite format 3")
    assert not (place.data / "backup-in-progress").exists()


def test_backup_refuses_while_another_is_made(place: Place) -> None:
    place.make_key()
    with (place.data / "backup.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        run = place.type("backup")

    assert run.returncode == 2
    assert "Another backup" in run.stderr


def test_backup_killed_at_any_moment_leaves_none_or_a_whole_one(place: Place) -> None:
    place.make_key()
    folder = place.folder / "kept"
    began = time.monotonic()
    place.back_up()
    took = time.monotonic() - began

    for tenth in range(3, 11):
        with subprocess.Popen(
            [BIN / "openfloor", "backup", "--to", folder],
            cwd=place.folder,
            env=plain_environment(),
            stdout=subprocess.DEVNULL,
        ) as process:
            time.sleep(took * tenth / 10)
            process.send_signal(signal.SIGKILL)

    backups = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    assert backups
    assert 0 < len(backups) < 9
    assert all("manifest.json" in files_in(opened(backup, place.key_file)) for backup in backups)
    assert place.back_up() not in backups


@pytest.mark.parametrize("blocks", [64, 300])
def test_backup_on_a_full_disk_says_so_and_leaves_nothing(place: Place, blocks: int) -> None:
    place.make_key()

    run = subprocess.run(
        ["bash", "-c", f"ulimit -f {blocks}; exec {BIN / 'openfloor'} backup --to kept"],
        cwd=place.folder,
        env=plain_environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert "Traceback" not in run.stderr
    assert list((place.folder / "kept").iterdir()) == []
    assert not (place.data / "backup-in-progress").exists()


def test_backup_of_a_damaged_database_is_refused(place: Place) -> None:
    place.make_key()
    database = place.data / "openfloor.sqlite3"
    with database.open("r+b") as file:
        file.seek(database.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 20_000)

    run = place.type("backup", "--to", "kept")

    assert run.returncode == 2
    assert "damaged" in run.stderr
    assert "Traceback" not in run.stderr
    assert list((place.folder / "kept").iterdir()) == []
