"""From an older version's data to this one's: a backup first, then a copy is changed and checked, then taken.

The trap: a migration that was half done cannot be taken back, so SQLite's file stays untouched until a whole
new one is ready beside it. On PostgreSQL everything happens in one transaction.
"""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import DatabaseError, connection, connections, transaction

from openfloor.operations import backup, database, starting
from openfloor.operations.checking import Checked, check_everything
from openfloor.operations.errors import Refused
from openfloor.operations.starting import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgraded:
    """What was done; *steps* is empty when the data was of this version already."""

    backup: Path | None
    steps: list[str]
    facts: list[str]


def upgrade(*, with_backup: bool, to: Path | None, now: datetime, say: Say) -> Upgraded:
    """Raises Refused, with the data as it was before."""
    starting.refuse_newer(database.applied())
    steps = database.pending()
    if not steps:
        return Upgraded(backup=None, steps=[], facts=_checked(say).facts)
    if database.kind() == "postgresql" and database.others_connected():
        raise Refused("Others are connected to the database. Stop every server that uses it first.")
    made = None
    if with_backup:
        say("Making a backup …")
        made = backup.back_up(to, None, now)
    change = _on_a_copy if database.kind() == "sqlite" else _in_one_transaction
    return Upgraded(backup=made, steps=steps, facts=change(say).facts)


def _on_a_copy(say: Say) -> Checked:
    original = database.sqlite_file()
    copy = original.with_name(f"{original.name}.upgrading")
    _remove(copy)
    try:
        database.copy_sqlite(original, copy)
        _use(copy)
        checked = _changed(say)
        _merge_log(copy)
        _use(original)
        _merge_log(original)
        _replace(original, copy)
    except (DatabaseError, Refused) as error:
        raise Refused(f"The upgrade failed, and the data is as it was before. {error}") from error
    finally:
        _use(original)
        _remove(copy)
    return checked


def _in_one_transaction(say: Say) -> Checked:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # A long roll takes minutes to check, and meanwhile the database is asked nothing.
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            return _changed(say)
    except (DatabaseError, Refused) as error:
        raise Refused(f"The upgrade failed, and the data is as it was before. {error}") from error


def _changed(say: Say) -> Checked:
    before = database.row_counts()
    say("Changing the data …")
    starting.migrate()
    after = database.row_counts()
    lost = [name for name, count in before.items() if after.get(name, 0) != count]
    if lost:
        raise Refused(f"Rows are missing or too many in: {', '.join(lost)}.")
    return _checked(say)


def _checked(say: Say) -> Checked:
    checked = check_everything(every_paper=False, say=say)
    if checked.problems:
        raise Refused(" ".join(checked.problems))
    return checked


def _use(path: Path) -> None:
    connections.close_all()
    connection.settings_dict["NAME"] = path


def _merge_log(path: Path) -> None:
    """An old log beside a new file would be taken for the new one's."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        is_in_use = bool(cursor.fetchone()[0])
    connections.close_all()
    if is_in_use:
        raise Refused("Another program reads the database. Wait until it is done, and type it again.")
    for log in _logs(path):
        log.unlink(missing_ok=True)


def _replace(original: Path, copy: Path) -> None:
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.replace(original)


def _remove(path: Path) -> None:
    for one in (path, *_logs(path)):
        one.unlink(missing_ok=True)


def _logs(path: Path) -> list[Path]:
    return [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal")]
