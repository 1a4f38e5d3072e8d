"""The server process: uvicorn on one socket. It writes no access log, and knows no caller's address."""

import asyncio
import resource
import socket
import time
from collections.abc import Callable
from types import FrameType

import uvicorn

from openfloor import logs
from openfloor.asgi import application, boards
from openfloor.connections import LOOK_EVERY_SECONDS, Connection

SECONDS_TO_FINISH = 10
TICKS_A_SECOND = 10  # uvicorn's own


class Server(uvicorn.Server):
    """Says when it answers, and ends the live streams first when told to stop."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets=sockets)
        if self.started:
            self.when_ready()

    async def on_tick(self, counter: int) -> bool:
        if counter % (LOOK_EVERY_SECONDS * TICKS_A_SECOND) == 0:
            for connection in list(self.server_state.connections):
                if isinstance(connection, Connection):
                    connection.look(time.monotonic())
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.loop.call_soon_threadsafe(boards.stop)
        super().handle_exit(sig, frame)


def run(listening: socket.socket, when_ready: Callable[[], None]) -> None:
    logs.catch_uncaught()
    # Each live stream is an open file, and most systems begin with 1,024.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    Server(
        uvicorn.Config(
            application,
            http=Connection,
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        ),
        when_ready,
    ).run(sockets=[listening])
