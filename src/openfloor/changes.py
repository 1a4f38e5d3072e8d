"""News of public boards, from whichever process published to every process that shows them.

The trap: news may be missed (a connection breaks, SQLite tells no other process), so whoever waits for it
looks again every few seconds all the same.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from django.db import connection, transaction

CHANNEL = "openfloor_boards"
SECONDS_TO_RECONNECT = 2

_hearers: set[Callable[[], None]] = set()

log = logging.getLogger(__name__)


class Changes(Protocol):
    """Where a process hears that a board has moved."""

    async def listen(self, hear: Callable[[], None]) -> None:
        """Call *hear* after every change, until cancelled."""


class OfThisProcess:
    """On SQLite a process hears of its own changes only; those of others it finds when it looks."""

    async def listen(self, hear: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()

        def hear_from_a_thread() -> None:
            loop.call_soon_threadsafe(hear)

        _hearers.add(hear_from_a_thread)
        try:
            await asyncio.Event().wait()
        finally:
            _hearers.discard(hear_from_a_thread)


class Notices:
    """PostgreSQL's NOTIFY, heard on one connection of this process alone."""

    async def listen(self, hear: Callable[[], None]) -> None:
        import psycopg

        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as listening:
                    await listening.execute(f"LISTEN {CHANNEL}")
                    hear()  # something may have been told before
                    async for _ in listening.notifies():
                        hear()
            except psycopg.Error:
                log.warning("news of the boards come late: the database does not answer; trying again")
            await asyncio.sleep(SECONDS_TO_RECONNECT)


def of_this_database() -> Changes:
    return Notices() if connection.vendor == "postgresql" else OfThisProcess()


def tell(uuid: str) -> None:
    """Say that a head has moved, of a ballot or a session: heard when the transaction has ended, or never."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, uuid])
    else:
        transaction.on_commit(_tell_this_process)


def _tell_this_process() -> None:
    for hear in list(_hearers):
        hear()


def _address() -> dict[str, Any]:
    """As Django connects, without what only its own connections need."""
    own = ("context", "cursor_factory", "prepare_threshold")
    return {name: value for name, value in connection.get_connection_params().items() if name not in own}
