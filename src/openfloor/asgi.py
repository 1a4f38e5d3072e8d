"""One port: pages through Django in threads, live boards as streams. No caller's address comes past here."""

import asyncio
import os
from typing import Any

from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

from openfloor import changes, live, pieces
from openfloor.arriving import Arriving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openfloor.settings")
PAGE_THREADS, CAST_THREADS = 3, 5
POLL_SECONDS = 2
MOST_STREAMS = 2_000  # in one process; half of its connections stay for pages
ADDRESS_HEADERS = {
    b"x-forwarded-for",
    b"x-real-ip",
    b"forwarded",
    b"x-client-ip",
    b"cf-connecting-ip",
    b"true-client-ip",
}


def in_threads(threads: int) -> Any:
    """Django's pages, so many at once."""
    app: Any = pieces.offered(get_wsgi_application())
    # A queue without an end: a thread never waits until a slow caller has read its answer.
    return WSGIMiddleware(app, workers=threads, send_queue_size=0)


casts, others = in_threads(CAST_THREADS), in_threads(PAGE_THREADS)


async def in_their_threads(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    """However many look at pages, papers have threads of their own."""
    await (casts if scope["path"].endswith("/cast") else others)(scope, receive, pieces.reading(send))


pages: Any = Arriving(in_their_threads)

from django.conf import settings  # noqa: E402 # the models below can be read from here on
from django.db import close_old_connections  # noqa: E402
from django.utils import timezone  # noqa: E402

from openfloor.audit import news  # noqa: E402
from openfloor.ballots import queries, tasks  # noqa: E402
from openfloor.ballots.errors import NoSuchBallot  # noqa: E402
from openfloor.bargaining import queries as bargaining  # noqa: E402
from openfloor.bargaining import tasks as table  # noqa: E402
from openfloor.bargaining.permissions import may_read  # noqa: E402
from openfloor.ui import health  # noqa: E402
from openfloor.workplace.signin import member_of_cookies  # noqa: E402


def move_boards_on() -> None:
    try:
        tasks.tick(timezone.now())
        table.tick(timezone.now())
        health.ticked()
    finally:
        close_old_connections()


def public_head(path: str) -> live.Head | None:
    """What is live at a path: a board, how far trustees are with a key, how far minutes or a ledger are."""
    watched = live.PATH.fullmatch(path)
    if watched is None:
        return None
    of, uuid = watched.groups()
    try:
        if of == "news":
            return news.head_at(uuid)
        if of == "bargaining/sessions":
            session = bargaining.session_at(uuid)
            return None if session is None else bargaining.session_head(session)
        return queries.head_at(uuid) if of == "board" else queries.keymaking_head(uuid)
    except NoSuchBallot:
        return None
    finally:
        close_old_connections()


def may_listen(path: str, cookies: str) -> bool:
    """What moves at most paths is figures, for anybody; words of a session are for those who may read it."""
    watched = live.PATH.fullmatch(path)
    if watched is None or watched[1] != "bargaining/sessions":
        return True
    try:
        session = bargaining.session_at(watched[2])
        return session is not None and may_read(member_of_cookies(cookies), session)
    finally:
        close_old_connections()


boards = live.Boards(
    tick=move_boards_on,
    head=public_head,
    changes=changes.of_this_database(),
    every_seconds=min(POLL_SECONDS, settings.BOARD_SECONDS),
)


async def application(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    if scope["type"] == "lifespan":
        await run_boards(receive, send)
    elif scope["type"] == "http":
        await answer(without_addresses(scope), receive, send)


async def run_boards(receive: live.Receive, send: live.Send) -> None:
    """They move on as long as the server lives."""
    await receive()
    running = asyncio.create_task(boards.run())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    boards.stop()
    await running
    await send({"type": "lifespan.shutdown.complete"})


async def answer(scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
    is_live = live.PATH.fullmatch(scope["path"]) is not None
    if not is_live or scope["method"] not in ("GET", "HEAD"):
        await pages(scope, receive, send)
    elif sum(map(len, boards.listeners.values())) >= MOST_STREAMS:
        await live.plain_answer(send, 503, "Too many watch live at once. Load the page again to see more.")
    elif not await asyncio.to_thread(may_listen, scope["path"], cookies_of(scope)):
        await live.plain_answer(send, 404, "There is no such page.")
    else:
        await boards.answer(scope["path"], scope, receive, send)


def cookies_of(scope: live.Scope) -> str:
    return "; ".join(value.decode("latin-1") for name, value in scope["headers"] if name == b"cookie")


def without_addresses(scope: live.Scope) -> dict[str, Any]:
    """The request without what tells who sent it: what is not there cannot be stored or logged."""
    headers = [(name, value) for name, value in scope["headers"] if name not in ADDRESS_HEADERS]
    return {**scope, "client": None, "headers": headers}
