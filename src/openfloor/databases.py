"""Which database: one SQLite file in the data folder, or the PostgreSQL that OPENFLOOR_DATABASE names.

The trap: PostgreSQL serves about a hundred connections in all, so a process takes no more than it needs.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from openfloor.env import BadEnvironment

CONNECTIONS = 10  # of one process at most: eight threads for requests, the clock, the live boards
SECONDS_TO_WAIT = 20  # for a connection, or for a lock that another holds
EXAMPLE = "postgresql://openfloor@/openfloor?host=/run/postgresql"


def settings_of(url: str | None, folder: Path) -> dict[str, Any]:
    """What Django is told; raises BadEnvironment with the remedy."""
    return _sqlite(folder) if url is None else _postgresql(url)


def refuse_one_that_is_silent() -> None:
    """Ask PostgreSQL once, past the pool, which would try for long and not say why; raises BadEnvironment."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    import psycopg

    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.OperationalError as error:
        raise BadEnvironment(f"The database does not answer: {' '.join(str(error).split())}") from error


def _sqlite(folder: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "openfloor.sqlite3",
        # Kept open: whoever closes the last connection has to merge the whole log, at every request.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # One writer at a time, taken at BEGIN: deferred transactions fail with "database is locked".
            "transaction_mode": "IMMEDIATE",
            "timeout": SECONDS_TO_WAIT,
            # FULL: a receipt that was shown survives a power cut.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA secure_delete=ON;",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    parts = _parts_of(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname"),
        "CONN_HEALTH_CHECKS": True,  # a restart of the database costs nobody an error
        "OPTIONS": {
            **parts,
            # on: a receipt that was shown survives a power cut. The timeouts and the keepalives end what a
            # node that lost its power still holds, in a transaction or out of one, so that the others go on.
            "options": f"-c synchronous_commit=on -c lock_timeout={SECONDS_TO_WAIT}s "
            "-c idle_in_transaction_session_timeout=60s "
            "-c tcp_keepalives_idle=30s -c tcp_keepalives_interval=10s -c tcp_keepalives_count=3",
            "pool": {"min_size": 1, "max_size": CONNECTIONS, "timeout": SECONDS_TO_WAIT},
        },
    }


def _parts_of(url: str) -> dict[str, Any]:
    """The address taken apart. It may hold a password, so no sentence repeats it."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise BadEnvironment(f"OPENFLOOR_DATABASE is no address of a database; write it like {EXAMPLE}")
    if find_spec("psycopg") is None or find_spec("psycopg_pool") is None:
        raise BadEnvironment(
            "OPENFLOOR_DATABASE asks for PostgreSQL, whose driver is not installed. "
            "Type: pip install 'openfloor[scale]'"
        )
    import psycopg

    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        raise BadEnvironment(f"OPENFLOOR_DATABASE cannot be read; write it like {EXAMPLE}") from error
    if not parts.get("dbname"):
        raise BadEnvironment(f"OPENFLOOR_DATABASE names no database; write it like {EXAMPLE}")
    if "options" in parts:
        raise BadEnvironment("OPENFLOOR_DATABASE has options=…; leave them out, Openfloor sets its own.")
    return dict(parts)
