"""What only one may do at a time, in whatever process or on whatever node.

The one order, so that no two wait for each other: first a ballot's row (`ballots.actions.board.locked`), then
its committee (here; roll and ledger are numbered under it), then any other row. Nobody takes a ballot while
holding a committee, nor a second ballot, but for `erase_blind_keys`, which takes several and nothing else.
Inside a transaction SQLite needs none of this: it has one writer at a time, from BEGIN on.
"""

import fcntl
import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection

from openfloor import env

SECONDS_TO_LOOK_AGAIN = 0.2


def lock_committee(committee_id: UUID) -> None:
    """Until the transaction ends, nobody else writes this committee's roll or ledger."""
    if connection.vendor == "postgresql":
        _ask("SELECT pg_advisory_xact_lock(%s)", f"committee {committee_id}")


@contextmanager
def alone_at(deed: str) -> Iterator[bool]:
    """Whether nobody else does *deed* while this lasts. It comes at once: who is late does without."""
    with _postgresql_alone(deed) if connection.vendor == "postgresql" else _machine_alone(deed) as is_ours:
        yield is_ours


@contextmanager
def in_turn_at(deed: str) -> Iterator[None]:
    """Wait until nobody else does *deed*, and do it."""
    while True:
        with alone_at(deed) as is_ours:
            if is_ours:
                yield
                return
        time.sleep(SECONDS_TO_LOOK_AGAIN)


@contextmanager
def _postgresql_alone(deed: str) -> Iterator[bool]:
    is_ours = _ask("SELECT pg_try_advisory_lock(%s)", deed)
    try:
        yield is_ours
    finally:
        if is_ours:
            _ask("SELECT pg_advisory_unlock(%s)", deed)


@contextmanager
def _machine_alone(deed: str) -> Iterator[bool]:
    with (env.data_folder() / f"{deed}.lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _ask(question: str, name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(question, [_key(name)])
        return bool(cursor.fetchone()[0])


def _key(name: str) -> int:
    """PostgreSQL knows such a lock by a number."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
