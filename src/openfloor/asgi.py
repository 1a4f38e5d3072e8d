"""One port: pages through Django in threads, live boards as streams. No caller's address comes past here."""

import asyncio
import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from openfloor import live

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfloor.settings")
PAGE_THREADS = 8
POLL_SECONDS = 2
LARGEST_BODY = 2_000_000
LARGEST_BODY_READ_IN_VAIN = 20_000_000
ADDRESS_HEADERS = {
    b"x-forwarded-for",
    b"x-real-ip",
    b"forwarded",
    b"x-client-ip",
    b"cf-connecting-ip",
    b"true-client-ip",
}

pages: Any = WSGIMiddleware(get_wsgi_application(), workers=PAGE_THREADS)  # type: ignore[arg-type]

from django.conf import settings  # noqa: E402 # the models below can be read from here on
from django.db import close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from openfloor.ballots import queries, tasks  # noqa: E402
from openfloor.ballots.errors import NoSuchBallot  # noqa: E402


def move_boards_on() -> None:
    try:
        tasks.tick(timezone.now())
    finally:
        close_old_connections()


def public_head(uuid: str) -> live.Head | None:
    try:
        return queries.head_of(queries.public_ballot(uuid))
    except NoSuchBallot:
        return None
    finally:
        close_old_connections()


boards = live.Boards(
    tick=move_boards_on, head=public_head, every_seconds=min(POLL_SECONDS, settings.BOARD_SECONDS)
)


async def application(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    if scope["type"] == "lifespan":
        await run_boards(receive, send)
    elif scope["type"] == "http":
        await answer(without_addresses(scope), receive, send)


async def run_boards(receive: live.Receive, send: live.Send) -> None:
    """The poller lives as long as the server."""
    await receive()
    poller = asyncio.create_task(boards.poll())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    boards.stop()
    await poller
    await send({"type": "lifespan.shutdown.complete"})


async def answer(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        # Django reads such a body as empty and would answer as if all were well.
        await live.plain_answer(
            send, 411, "Say how long the request is (Content-Length). Nothing was changed."
        )
    elif int(headers.get(b"content-length", 0)) > LARGEST_BODY:
        await read_in_vain(headers, receive)
        await live.plain_answer(
            send, 413, "This is larger than 2 MB, which is too large. Nothing was changed."
        )
    elif (board := live.PATH.fullmatch(scope["path"])) and scope["method"] in ("GET", "HEAD"):
        await boards.answer(board[1], scope, receive, send)
    else:
        await pages(scope, receive, send)


async def read_in_vain(headers: dict[bytes, bytes], receive: live.Receive) -> None:
    """Throw a body away as it comes, when it ends soon: a browser shows no answer before it has sent all."""
    if int(headers[b"content-length"]) > LARGEST_BODY_READ_IN_VAIN or b"expect" in headers:
        return
    while (await receive()).get("more_body"):
        pass


def without_addresses(scope: live.Scope) -> dict[str, Any]:
    """The request without what tells who sent it: what is not there cannot be stored or logged."""
    headers = [(name, value) for name, value in scope["headers"] if name not in ADDRESS_HEADERS]
    return {**scope, "client": None, "headers": headers}
