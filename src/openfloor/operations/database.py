"""The whole database as one file, out and in again. SQLite's own backup, PostgreSQL's own programs.

The trap: a password in the address of the database must not stand in a command that others can list.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from openfloor.operations.errors import Refused

LEAVING_SECONDS = 5
NOT_COUNTED = {"django_migrations", "django_session"}


def kind() -> str:
    """sqlite or postgresql."""
    return str(connection.vendor)


def sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def dump(target: Path) -> None:
    """The database as it is at one moment, while others go on writing."""
    if kind() == "sqlite":
        copy_sqlite(sqlite_file(), target)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def load(source: Path) -> None:
    """Put a dump of PostgreSQL into its empty database: all of it or nothing."""
    _run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", str(source)
    )


def copy_sqlite(source: Path, target: Path) -> None:
    """One consistent copy. Raises Refused when what was copied is damaged."""
    if not source.exists():
        raise Refused(f"There is no database at {source}.")
    try:
        with closing(sqlite3.connect(source)) as before, closing(sqlite3.connect(target)) as copy:
            before.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        if error.sqlite_errorcode in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            raise Refused(_damaged(error)) from error
        raise Refused(f"The database could not be copied ({error}). Is there room on the disk?") from error
    refuse_damaged(target)


def refuse_damaged(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        found = str(error)
    if found != "ok":
        raise Refused(_damaged(found))


def _damaged(what: object) -> str:
    return f"The database is damaged ({what}). Nothing was changed; restore the last backup."


def is_empty() -> bool:
    return not connection.introspection.table_names()


def row_counts() -> dict[str, int]:
    """How many rows each table has that must keep them; sessions come and go."""
    names = sorted(set(connection.introspection.table_names()) - NOT_COUNTED)
    with connection.cursor() as cursor:
        counts = {}
        for name in names:
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 - a table's name
            counts[name] = cursor.fetchone()[0]
    return counts


def applied() -> dict[str, list[str]]:
    """The migrations that this database has been through, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def unknown(migrations: dict[str, list[str]]) -> list[str]:
    """Those that this program does not have: a newer one wrote the data."""
    loader = MigrationLoader(connection)
    return [
        f"{app}.{name}"
        for app, names in sorted(migrations.items())
        for name in names
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]


def pending() -> list[str]:
    """Those that this database has not been through."""
    loader = MigrationLoader(connection)
    return [
        f"{app}.{name}"
        for app, name in sorted(loader.disk_migrations)
        if (app, name) not in loader.applied_migrations
    ]


def others_connected() -> bool:
    """Whether other clients use this PostgreSQL database; whoever is just leaving has a few seconds."""
    for _ in range(LEAVING_SECONDS):
        if not _other_clients():
            return False
        time.sleep(1)
    return True


def _other_clients() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend'"
        )
        clients = int(cursor.fetchone()[0])
    return clients - int(connections["default"].pool.get_stats()["pool_size"])  # type: ignore[attr-defined]


def _run(program: str, *words: str) -> None:
    from psycopg.conninfo import make_conninfo

    options = connection.settings_dict["OPTIONS"]
    parts = {name: value for name, value in options.items() if name not in ("options", "pool", "password")}
    address = make_conninfo(dbname=connection.settings_dict["NAME"], **parts)
    password = {"PGPASSWORD": str(options["password"])} if "password" in options else {}
    finished = subprocess.run(  # noqa: S603 - no shell; the words are ours
        [_found(program), *words, f"--dbname={address}"],
        env={**os.environ, **password},
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        last = (finished.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refused(f"{program} failed: {last}")


def _found(program: str) -> str:
    """In the path, or where Debian keeps it: the newest, as it dumps every older server."""
    found = shutil.which(program)
    candidates = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    if found is None and not candidates:
        raise Refused(f"{program} is not installed. Type: apt-get install postgresql-client")
    return found or str(candidates[-1])
