"""Putting a backup back, into a folder of its own. It is shown under its name only once everything holds."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openfloor import env
from openfloor.operations import bundle, starting
from openfloor.operations.errors import Refused
from openfloor.operations.serving import nobody_serves
from openfloor.operations.starting import Say

UNFINISHED = "restore-unfinished"  # in the folder of secrets, until a restore beside it has ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was found, in sentences, and which ballots are void for what the backup cannot have."""

    manifest: bundle.Manifest
    facts: list[str]
    void: list[str]


def restore(source: Path, key: str, into: Path, now: datetime, say: Say) -> Restored:
    """
    Unpack, check, migrate, check again. Raises Refused with the folder, or the empty database, as it was.

    Django must not have started: the folder that it works on is this one.
    """
    into = into.resolve()
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise Refused(f"{into} is in use. Choose a folder that is empty, or that does not exist yet.")
    into.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    being_made = into.with_name(f"{into.name}.restoring")
    with _given_secrets() as given:
        shutil.rmtree(being_made, ignore_errors=True)  # of one that was killed
        being_made.mkdir(mode=0o700)
        try:
            restored = _restore(source, key, being_made, given, now, say)
            if into.exists():
                into.rmdir()
            being_made.rename(into)
        finally:
            shutil.rmtree(being_made, ignore_errors=True)
        if given:
            (given / UNFINISHED).unlink()
    return restored


@contextmanager
def _given_secrets() -> Iterator[Path | None]:
    """The folder that OPENFLOOR_SECRETS names. What is void loses its k there: no server may run over it."""
    name = os.environ.get("OPENFLOOR_SECRETS")
    if not name:
        yield None
        return
    given = Path(name).resolve()
    given.mkdir(mode=0o700, parents=True, exist_ok=True)
    with nobody_serves(given):
        yield given


def _restore(source: Path, key: str, folder: Path, given: Path | None, now: datetime, say: Say) -> Restored:
    say("Opening the backup …")
    manifest = bundle.unpack(source, key, folder)
    _refuse_other_kind(manifest)
    is_same_machine = given is not None and _put_secrets(folder / "secrets", given)
    os.environ["OPENFLOOR_DATA"] = str(folder)
    starting.set_up()
    from openfloor.operations import reviving

    try:
        facts, void = reviving.revive(manifest, folder, now, say, is_same_machine=is_same_machine)
    finally:
        reviving.disconnect()
    return Restored(manifest=manifest, facts=facts, void=void)


def _refuse_other_kind(manifest: bundle.Manifest) -> None:
    is_asked = bool(os.environ.get("OPENFLOOR_DATABASE"))
    if manifest.database == "postgresql" and not is_asked:
        raise Refused(
            "This is a backup of PostgreSQL. Make an empty database, name it in OPENFLOOR_DATABASE, and try "
            "again."
        )
    if manifest.database == "sqlite" and is_asked:
        raise Refused("This is a backup of SQLite. Leave OPENFLOOR_DATABASE out, and try again.")


def _put_secrets(folder: Path, given: Path) -> bool:
    """
    Move what of *folder* is not in *given* yet; what is there already stays.

    True when all of it was there, and not put there by a restore that did not end: then *given* is the folder
    of the very server that made the backup.
    """
    files = bundle.secrets_in(folder)
    missing = {name: path for name, path in files.items() if not (given / path.name).exists()}
    for name, path in files.items():
        is_other = name not in missing and (given / path.name).read_bytes() != path.read_bytes()
        if is_other and path.suffix == ".board":
            raise Refused(f"{given} has another key under the name {name}. Nothing was restored.")
    were_there = not missing and not (given / UNFINISHED).exists()
    (given / UNFINISHED).touch()
    for path in missing.values():
        env.write_secret(given / path.name, path.read_bytes())
    shutil.rmtree(folder)
    return were_there
