"""The database: whole, of this version, safe against a power cut, and of one time with this machine."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection

from openfloor.operations import database
from openfloor.operations.checkup.finding import Finding, good, to_do

CLOCKS_DIFFER = timedelta(seconds=5)
RESTORE = "openfloor restore, with the last backup (docs/operate/backups.md)"


def database_findings(*, now: datetime) -> Iterator[Finding]:
    try:
        yield from _version_findings()
        yield from _sqlite_findings() if database.kind() == "sqlite" else _postgresql_findings(now)
    except Error as error:
        yield to_do(
            "database",
            f"The database does not answer ({type(error).__name__}).",
            why="Without it no page works.",
            remedy=RESTORE if database.kind() == "sqlite" else "sudo systemctl restart postgresql",
        )


def _version_findings() -> Iterator[Finding]:
    if newer := database.unknown(database.applied()):
        yield to_do(
            "version",
            f"A newer version of Openfloor wrote this database ({', '.join(newer[:3])}).",
            why="This version does not know what is in it.",
            remedy="Install the newer version again, then: sudo systemctl restart openfloor",
        )
    elif database.pending():
        yield to_do(
            "version",
            "The database was written by an older version of Openfloor.",
            why="The server does not start before it was brought up to date.",
            remedy="sudo systemctl stop openfloor && openfloor upgrade && sudo systemctl start openfloor",
        )
    else:
        yield good("version", "The database fits this version of Openfloor.")


def _sqlite_findings() -> Iterator[Finding]:
    if (found := _value("PRAGMA quick_check(1)")) != "ok" or _value("PRAGMA foreign_key_check") is not None:
        yield to_do(
            "database",
            f"The database is damaged ({found}).",
            why="What was written may be lost, and more with each hour that it is used.",
            remedy=RESTORE,
        )
    else:
        yield good("database", "The database is whole.")


def _postgresql_findings(now: datetime) -> Iterator[Finding]:
    unsafe = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if _value(f"SHOW {name}") == "off"
    ]
    if unsafe:
        yield to_do(
            "database",
            f"PostgreSQL runs with {', '.join(unsafe)} off.",
            why="After a power cut a vote could be missing whose receipt was shown.",
            remedy=f"sudo -u postgres psql -c 'ALTER SYSTEM RESET {unsafe[0]}' -c 'SELECT pg_reload_conf()'",
        )
    else:
        yield good("database", "The database answers, and writes before it says that it has.")
    there: datetime = _value("SELECT clock_timestamp()")
    if abs(there - now) > CLOCKS_DIFFER:
        yield to_do(
            "clock",
            f"The database's clock and this machine's differ by {abs(there - now)}.",
            why="The clock decides when a ballot opens and closes.",
            remedy="sudo timedatectl set-ntp true (on both machines)",
        )


def _value(question: str) -> Any:
    """The first value of the first row; None without a row."""
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None
