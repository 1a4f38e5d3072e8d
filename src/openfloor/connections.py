"""Connections that end when nothing moves: no caller holds a place by being slow.

The trap: uvicorn times only the pause between two requests. One that never ends its headers, or never reads
its answer, would stay for good.
"""

import asyncio
import time
from http import HTTPStatus

from uvicorn.protocols.http.h11_impl import H11Protocol

from openfloor import live

MOST_CONNECTIONS = 4_000  # in one process
SECONDS_TO_ASK = 20.0  # from the connection, or the last answer, to the end of the next headers
SECONDS_TO_READ = 60.0  # in which at least something of an answer must have been taken
LOOK_EVERY_SECONDS = 2


class Connection(H11Protocol):
    """One caller's connection. `look` ends it when its time is over."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.waits_since = self.moved_at = time.monotonic()
        self.unsent = 0
        if len(self.connections) > MOST_CONNECTIONS * 1.1:
            transport.abort()
        elif len(self.connections) > MOST_CONNECTIONS:
            self.app = _too_many

    def on_response_complete(self) -> None:
        self.waits_since = time.monotonic()
        super().on_response_complete()

    def resume_writing(self) -> None:
        self.moved_at = time.monotonic()
        super().resume_writing()

    def look(self, now: float) -> None:
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent < self.unsent:
            self.moved_at = now
        self.unsent = unsent
        if now - self.moved_at > SECONDS_TO_READ:
            self.transport.abort()
        elif self._is_asking() and now - self.waits_since > SECONDS_TO_ASK:
            self.transport.close()

    def _is_asking(self) -> bool:
        return self.cycle is None or self.cycle.response_complete


async def _too_many(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    await live.plain_answer(
        send,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "Too many people are connected at once. Nothing was changed; try again in a minute.",
    )
