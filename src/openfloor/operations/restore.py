"""Putting a backup back, into a folder of its own. It is shown under its name only once everything holds."""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from openfloor.operations import bundle, starting
from openfloor.operations.errors import Refused
from openfloor.operations.starting import Say


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
    shutil.rmtree(being_made, ignore_errors=True)  # of one that was killed
    being_made.mkdir(mode=0o700)
    try:
        restored = _restore(source, key, being_made, now, say)
        if into.exists():
            into.rmdir()
        being_made.rename(into)
    finally:
        shutil.rmtree(being_made, ignore_errors=True)
    return restored


def _restore(source: Path, key: str, folder: Path, now: datetime, say: Say) -> Restored:
    say("Opening the backup …")
    manifest = bundle.unpack(source, key, folder)
    _refuse_other_kind(manifest)
    is_same_machine = _put_secrets(folder)
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


def _put_secrets(folder: Path) -> bool:
    """
    Into the folder that OPENFLOOR_SECRETS names, when one does; what is there already stays.

    True when all of them were there: it is the folder of the very server that made the backup.
    """
    given = os.environ.get("OPENFLOOR_SECRETS")
    if not given:
        return False
    were_there = True
    there = Path(given).resolve()
    there.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, path in bundle.secrets_in(folder / "secrets").items():
        kept = there / path.name
        if not kept.exists():
            were_there = False
            shutil.copyfile(path, kept)
        elif path.suffix == ".board" and kept.read_bytes() != path.read_bytes():
            raise Refused(f"{there} has another key under the name {name}. Nothing was restored.")
    shutil.rmtree(folder / "secrets")
    return were_there
