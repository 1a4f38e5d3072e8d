"""Making a backup while the server runs: one consistent moment, encrypted, whole or not there at all."""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from openfloor import env
from openfloor.operations import backupkey, bundle, database
from openfloor.operations.errors import Refused

NAMED_BY_US = re.compile(r"openfloor-\d{8}T\d{6}Z\.tar\.gz\.age")
LAST = "last-backup"  # {"at", "file"}: what `doctor` reads
LOCK = "backup.lock"
WORK = "backup-in-progress"  # what is not encrypted yet, beside the database, which is not encrypted either


def back_up(to: Path | None, keep: int | None, now: datetime) -> Path:
    """
    Write a backup and return where it is; *keep* is how many of ours stay in its folder.

    It needs free room for about twice the database. Raises Refused.
    """
    recipients = backupkey.recipients()
    target = _target(to, now)
    if keep is not None and not NAMED_BY_US.fullmatch(target.name):
        raise Refused("--keep needs a folder, where every backup has a name of its own.")
    being_written = target.with_name(f"{target.name}.partial")
    with _alone() as work:
        files = _gather(work)
        manifest = bundle.Manifest(
            version=version("openfloor"),
            at=now.astimezone(UTC).isoformat(timespec="seconds"),
            database=database.kind(),
            migrations=database.applied(),
            files=bundle.describe(files),
        )
        being_written.unlink(missing_ok=True)
        try:
            bundle.pack(manifest, files, recipients, work, being_written)
            _sync(being_written)
            being_written.rename(target)
            _sync(target.parent)
        finally:
            being_written.unlink(missing_ok=True)
        _note_last(target, now)
    if keep is not None:
        _prune(target, keep)
    return target


def _target(to: Path | None, now: datetime) -> Path:
    to = to or env.data_folder() / "backups"
    if to.suffix == ".age":
        if to.exists():
            raise Refused(f"{to} is there already. Choose another name.")
        folder, name = to.parent, to.name
    else:
        folder, name = to, _name_at(now)
        while (folder / name).exists():
            now += timedelta(seconds=1)
            name = _name_at(now)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder.resolve() / name


def _name_at(moment: datetime) -> str:
    return f"openfloor-{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.tar.gz.age"


@contextmanager
def _alone() -> Iterator[Path]:
    """A folder to work in, emptied before and after; raises Refused while another backup is made."""
    with (env.data_folder() / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("Another backup is being made. Wait until it is done.") from error
        work = env.data_folder() / WORK
        shutil.rmtree(work, ignore_errors=True)  # of one that was killed
        work.mkdir(mode=0o700)
        try:
            yield work
        finally:
            shutil.rmtree(work)


def _gather(work: Path) -> dict[str, Path]:
    """The files by name. The database first: what it speaks of is in the folder of secrets by then."""
    files = {bundle.DATABASE_FILES[database.kind()]: work / "database"}
    database.dump(work / "database")
    if address := env.kept_address():
        (work / "address").write_text(address, encoding="utf-8")
        files["address"] = work / "address"
    files[backupkey.FILE] = env.data_folder() / backupkey.FILE
    return files | bundle.secrets_in(env.secrets_folder())


def _note_last(target: Path, now: datetime) -> None:
    note = {"at": now.astimezone(UTC).isoformat(timespec="seconds"), "file": str(target)}
    being_written = env.data_folder() / f"{LAST}.new"
    being_written.write_text(json.dumps(note), encoding="utf-8")
    being_written.replace(env.data_folder() / LAST)


def _prune(made: Path, keep: int) -> None:
    """Never the one just *made*: a clock that was ahead has given others later names."""
    others = {path for path in made.parent.iterdir() if NAMED_BY_US.fullmatch(path.name)} - {made}
    for path in sorted(others, reverse=True)[keep - 1 :]:
        path.unlink()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
