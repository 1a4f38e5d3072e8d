"""What moves while people look on: server-sent events. Each process looks when it hears news, and besides.

The trap: a server waits for open streams when it is told to stop, so `stop` must end them first.
"""

import asyncio
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from openfloor.changes import Changes
from openfloor.ui import policy

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Head = dict[str, Any]

PATH = re.compile(r"/(board|ballots|bargaining/sessions|news)/([A-Za-z0-9-]{14,36})/live")
KEEP_ALIVE_SECONDS = 15
LONGEST_SECONDS = 3_600  # then it ends, and who comes back is asked again whether they may listen
RETRY_MILLISECONDS = 5_000
STILL_HERE = ": still here\n\n"
ENDED = None

log = logging.getLogger(__name__)


class Boards:
    """
    Sends each listener the head at one path at once, and again whenever it changes.

    *tick* moves the boards on and *head* reads what is public at a path (None: nothing). Both may block:
    they run off the event loop, each one at a time. A tick may take minutes, heads are read meanwhile.
    """

    def __init__(
        self,
        *,
        tick: Callable[[], object],
        head: Callable[[str], Head | None],
        changes: Changes,
        every_seconds: float,
    ) -> None:
        self.tick = tick
        self.head = head
        self.changes = changes
        self.every_seconds = every_seconds
        self.listeners: dict[str, set[asyncio.Queue[str | None]]] = {}
        self.last_sent: dict[str, str] = {}
        self.stopping = asyncio.Event()
        self.news = asyncio.Event()
        self.reading = asyncio.Lock()

    async def run(self) -> None:
        """Move the boards on, and tell the listeners, until stopped."""
        listening = asyncio.create_task(self.changes.listen(self.news.set))
        await asyncio.gather(self._keep_ticking(), self._keep_telling())
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)

    async def _keep_ticking(self) -> None:
        """A tick that fails is reported and tried again: the clock must not stop."""
        while not self.stopping.is_set():
            try:
                await asyncio.to_thread(self.tick)
            except Exception:
                log.exception("the boards could not be moved on; trying again")
            self.news.set()
            await _wait(self.stopping, self.every_seconds)

    async def _keep_telling(self) -> None:
        while not self.stopping.is_set():
            self.news.clear()
            try:
                await self._tell_changes()
            except Exception:
                log.exception("the boards could not be read; trying again")
            await _wait(self.news, self.every_seconds)

    def stop(self) -> None:
        """End every stream, so that the server can go down."""
        self.stopping.set()
        self.news.set()
        for queues in self.listeners.values():
            for queue in queues:
                _put_latest(queue, ENDED)

    async def answer(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """One listener's stream, until they leave or the server stops."""
        opening = await self._head_event(path)
        if opening is None:
            await plain_answer(send, 404, "There is no such board.")
            return
        await send({"type": "http.response.start", "status": 200, "headers": stream_headers()})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body", "body": b""})
            return

        queue = self._enter(path, opening)
        gone = asyncio.create_task(_until_gone(receive))
        try:
            # Others may have been told more since this head was read.
            first = f"retry: {RETRY_MILLISECONDS}\n{self.last_sent[path]}"
            await send({"type": "http.response.body", "body": first.encode(), "more_body": True})
            await self._stream(queue, gone, send)
        finally:
            gone.cancel()
            self._leave(path, queue)

    async def _head_event(self, path: str) -> str | None:
        """What a new listener is told first: the same as the others of this board were told last."""
        if self.stopping.is_set():
            return None
        if path in self.last_sent:
            return self.last_sent[path]
        head = await self._read(path)
        return None if head is None else event(head)

    def _enter(self, path: str, opening: str) -> asyncio.Queue[str | None]:
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)
        self.listeners.setdefault(path, set()).add(queue)
        self.last_sent.setdefault(path, opening)
        return queue

    def _leave(self, path: str, queue: asyncio.Queue[str | None]) -> None:
        self.listeners[path].discard(queue)
        if not self.listeners[path]:
            del self.listeners[path], self.last_sent[path]

    async def _stream(self, queue: asyncio.Queue[str | None], gone: asyncio.Task[None], send: Send) -> None:
        until = time.monotonic() + LONGEST_SECONDS
        while True:
            news = asyncio.create_task(queue.get())
            await asyncio.wait((news, gone), timeout=KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if gone.done():
                news.cancel()
                return
            text = news.result() if news.done() else STILL_HERE
            news.cancel()
            if text is ENDED or time.monotonic() > until:
                await send({"type": "http.response.body", "body": b""})
                return
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})

    async def _tell_changes(self) -> None:
        for path in list(self.listeners):
            head = await self._read(path)
            # Whoever listened may have left meanwhile.
            if head is not None and path in self.listeners and event(head) != self.last_sent[path]:
                self.last_sent[path] = event(head)
                for queue in self.listeners[path]:
                    _put_latest(queue, self.last_sent[path])

    async def _read(self, path: str) -> Head | None:
        async with self.reading:
            return await asyncio.to_thread(self.head, path)


def event(head: Head) -> str:
    return f"data: {json.dumps(head, separators=(',', ':'))}\n\n"


def stream_headers() -> list[tuple[bytes, bytes]]:
    return _headers({"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"})


async def plain_answer(send: Send, status: int, sentence: str) -> None:
    """A refusal that needs no page: one sentence, and the connection ends."""
    body = f"{sentence}\n".encode()
    headers = _headers(
        {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    )
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _headers(own: dict[str, str]) -> list[tuple[bytes, bytes]]:
    fixed = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
        "Referrer-Policy": "no-referrer",
    }
    together = policy.HEADERS | fixed | own
    return [(name.lower().encode(), value.encode()) for name, value in together.items()]


def _put_latest(queue: asyncio.Queue[str | None], text: str | None) -> None:
    """A slow listener needs the last head only."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(text)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
