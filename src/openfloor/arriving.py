"""A request's body, whole before a page's thread is taken: who sends slowly keeps nobody else waiting."""

import asyncio
import re
from collections.abc import Awaitable, Callable

from openfloor import live

App = Callable[[live.Scope, live.Receive, live.Send], Awaitable[None]]

LARGEST = 2_000_000  # bytes
LARGEST_READ_IN_VAIN = 20_000_000
LARGE = 100_000  # hardly any request is; of these only a few are in memory at once
MOST_LARGE_AT_ONCE = 32
SECONDS_TO_ARRIVE = 60.0

# What a trustee makes of thousands of votes that are opened one by one.
OF_TRUSTEES = re.compile("/ballots/[^/]+/trustee/(?:shuffle|decrypt)/")
LARGEST_OF_TRUSTEES = 30_000_000
MOST_OF_TRUSTEES_AT_ONCE = 2
TIMES_LONGER_TO_ARRIVE = 5


class Gone(Exception):
    """The caller has left before all was here."""


class Arriving:
    """Hands requests on to *app* once all of them is here; says what it refuses in one sentence."""

    def __init__(self, app: App, *, seconds: float = SECONDS_TO_ARRIVE) -> None:
        self.app = app
        self.seconds = seconds
        self.large = 0
        self.largest = 0

    async def __call__(self, scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
        headers = dict(scope["headers"])
        length = int(headers.get(b"content-length", 0))
        if b"transfer-encoding" in headers:
            # Django reads such a body as empty and would answer as if all were well.
            await live.plain_answer(
                send, 411, "Say how long the request is (Content-Length). Nothing was changed."
            )
        elif length > (LARGEST_OF_TRUSTEES if OF_TRUSTEES.fullmatch(scope["path"]) else LARGEST):
            await self._read_in_vain(length, headers, receive)
            await live.plain_answer(
                send, 413, "This is larger than 2 MB, which is too large. Nothing was changed."
            )
        elif self._is_too_much(length):
            await live.plain_answer(
                send, 503, "Too much is arriving at once. Nothing was changed; try again in a minute."
            )
        else:
            await self._hand_on(length, scope, receive, send)

    def _is_too_much(self, length: int) -> bool:
        if length > LARGEST:
            return self.largest >= MOST_OF_TRUSTEES_AT_ONCE
        return length > LARGE and self.large >= MOST_LARGE_AT_ONCE

    async def _hand_on(self, length: int, scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
        self.large += length > LARGE
        self.largest += length > LARGEST
        longer = TIMES_LONGER_TO_ARRIVE if length > LARGEST else 1
        try:
            body = await asyncio.wait_for(_whole(receive), self.seconds * longer)
        except TimeoutError:
            await live.plain_answer(
                send, 408, "This arrived too slowly. Nothing was changed; try again with a better signal."
            )
        except Gone:
            return
        else:
            await self.app(scope, _at_once(body, receive), send)
        finally:
            self.large -= length > LARGE
            self.largest -= length > LARGEST

    async def _read_in_vain(self, length: int, headers: dict[bytes, bytes], receive: live.Receive) -> None:
        """Throw a body away as it comes, when it ends soon: a browser shows no answer before it sent all."""
        if length > LARGEST_READ_IN_VAIN or b"expect" in headers:
            return
        try:
            async with asyncio.timeout(self.seconds):
                while (await receive()).get("more_body"):
                    pass
        except TimeoutError:
            return


async def _whole(receive: live.Receive) -> bytes:
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _at_once(body: bytes, receive: live.Receive) -> live.Receive:
    """The body in one message; whatever is asked for after it comes from *receive*."""
    unread = [body]

    async def first_the_body() -> live.Scope:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return first_the_body
