"""Long files go out piece by piece as the caller takes them: they hold no thread and lie in no memory."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from openfloor import live
from openfloor.ui.growing import Part

BYTES = 262_144

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Piece(NamedTuple):
    """What stands in an answer in place of bytes that are read when their turn comes."""

    part: Part
    offset: int

    def read(self) -> bytes:
        return self.part.at(self.offset, min(BYTES, self.part.size - self.offset))


def offered(app: WsgiApp) -> WsgiApp:
    """*app*, whose file answers are cut into pieces."""

    def cutting(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        cut = _leave_out if environ["REQUEST_METHOD"] == "HEAD" else _cut
        return app({**environ, "wsgi.file_wrapper": cut}, start_response)

    return cutting


def reading(send: live.Send) -> live.Send:
    """*send*, which reads a piece before it sends it."""

    async def read_and_send(message: live.Scope) -> None:
        body = message.get("body")
        if isinstance(body, Piece):
            message = {**message, "body": await asyncio.to_thread(body.read)}
        await send(message)

    return read_and_send


def _cut(file: Any, block_size: int) -> Iterator[bytes | Piece]:
    try:
        if isinstance(file, Part):
            yield from (Piece(file, offset) for offset in range(0, file.size, BYTES))
        else:
            yield from iter(lambda: file.read(BYTES), b"")
    finally:
        file.close()


def _leave_out(file: Any, block_size: int) -> Iterator[bytes]:
    file.close()
    return iter(())
