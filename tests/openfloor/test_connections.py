"""A connection on which nothing moves ends; one that moves, however slowly, does not."""

import asyncio
import time
from typing import Any

import pytest
from uvicorn import Config
from uvicorn.server import ServerState

from factories.loops import in_own_loop
from openfloor import connections
from openfloor.connections import SECONDS_TO_ASK, SECONDS_TO_READ, Connection

END_OF_HEADERS = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Wire(asyncio.Transport):
    """A client that takes as much of its answers as the test says."""

    def __init__(self) -> None:
        super().__init__()
        self.unsent = 0
        self.written = b""
        self.end = ""

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return default

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def write(self, data: Any) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return bool(self.end)

    def close(self) -> None:
        self.end = self.end or "closed"

    def abort(self) -> None:
        self.end = self.end or "aborted"


async def never_answers(scope: Any, receive: Any, send: Any) -> None:
    await asyncio.Future()


def connect(state: ServerState) -> tuple[Connection, Wire]:
    connection, wire = Connection(Config(never_answers, lifespan="off"), state, {}), Wire()
    connection.connection_made(wire)
    return connection, wire


@pytest.mark.parametrize("sent", [b"", END_OF_HEADERS[:-2]])
def test_connection_that_does_not_ask_is_closed(sent: bytes) -> None:
    async def story() -> list[str]:
        connection, wire = connect(ServerState())
        if sent:
            connection.data_received(sent)
        ends = []
        for seconds in (SECONDS_TO_ASK - 1, SECONDS_TO_ASK + 1):
            connection.look(time.monotonic() + seconds)
            ends.append(wire.end)
        return ends

    assert in_own_loop(story()) == ["", "closed"]


def test_connection_whose_answer_takes_long_stays() -> None:
    async def story() -> str:
        state = ServerState()
        connection, wire = connect(state)
        connection.data_received(END_OF_HEADERS)
        connection.look(time.monotonic() + 3600)
        for task in state.tasks:
            task.cancel()
        return wire.end

    assert in_own_loop(story()) == ""


def test_connection_that_takes_nothing_of_its_answer_is_aborted_and_a_slow_one_is_not() -> None:
    async def story() -> list[str]:
        state, ends = ServerState(), []
        for slower in (0, 1):
            connection, wire = connect(state)
            connection.data_received(END_OF_HEADERS)
            wire.unsent, now = 100_000, time.monotonic()
            for _ in range(4):
                connection.look(now)
                wire.unsent -= slower
                now += SECONDS_TO_READ / 2
            ends.append(wire.end)
        for task in state.tasks:
            task.cancel()
        return ends

    assert in_own_loop(story()) == ["aborted", ""]


def test_connections_over_the_limit_are_told_so_and_far_over_it_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 10)

    async def story() -> tuple[list[bytes], list[str]]:
        state = ServerState()
        everybody = [connect(state) for _ in range(12)]
        for connection, wire in everybody:
            if not wire.end:
                connection.data_received(END_OF_HEADERS)
        await asyncio.sleep(0.05)
        for task in state.tasks:
            task.cancel()
        return [wire.written[:12] for _, wire in everybody], [wire.end for _, wire in everybody]

    written, ends = in_own_loop(story())

    assert written == [b""] * 10 + [b"HTTP/1.1 503", b""]
    assert ends == [""] * 10 + ["closed", "aborted"]
