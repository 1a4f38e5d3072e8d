"""Live boards, spoken to in ASGI as the server does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from factories.loops import in_own_loop
from openfloor import live
from openfloor.changes import OfThisProcess
from openfloor.live import Boards
from openfloor.ui import policy

UUID = "aBcDeFgHiJkLmN"


class Listener:
    """A browser that has opened one stream."""

    def __init__(self, boards: Boards, uuid: str = UUID, method: str = "GET", room: int = 0) -> None:
        self.messages: asyncio.Queue[dict[str, Any]] = asyncio.Queue(room)
        self.leaving = asyncio.Event()
        self.task = asyncio.create_task(
            boards.answer(uuid, {"method": method}, self._receive, self.messages.put)  # type: ignore[arg-type]
        )

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.messages.get(), 5)

    async def next_text(self) -> str:
        body: bytes = (await self.next())["body"]
        return body.decode()

    async def leave(self) -> None:
        self.leaving.set()
        await asyncio.wait_for(self.task, 5)

    async def _receive(self) -> dict[str, Any]:
        await self.leaving.wait()
        return {"type": "http.disconnect"}


class Board:
    """The state behind the streams, moved on by the test."""

    def __init__(self) -> None:
        self.ballots = 0
        self.ticks = 0

    def tick(self) -> None:
        self.ticks += 1

    def head(self, uuid: str) -> live.Head | None:
        return {"ballots": self.ballots} if uuid == UUID else None


def run(story: Callable[[Board, Boards], Awaitable[None]]) -> None:
    async def whole() -> None:
        board = Board()
        boards = Boards(tick=board.tick, head=board.head, changes=OfThisProcess(), every_seconds=0.01)
        running = asyncio.create_task(boards.run())
        await story(board, boards)
        boards.stop()
        await asyncio.wait_for(running, 5)

    in_own_loop(whole())


def test_listener_gets_the_head_at_once_and_again_when_it_changes() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards)
        start = await listener.next()
        assert start["status"] == 200
        assert await listener.next_text() == 'retry: 5000\ndata: {"ballots":0}\n\n'

        board.ballots = 1

        assert json.loads((await listener.next_text()).removeprefix("data: ")) == {"ballots": 1}

    run(story)


def test_listener_hears_nothing_while_nothing_changes() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards)
        await listener.next()
        await listener.next()
        ticks = board.ticks

        while board.ticks < ticks + 5:
            await asyncio.sleep(0.01)

        assert listener.messages.empty()

    run(story)


def test_listener_gets_a_sign_of_life_while_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.05)

    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards)
        await listener.next()
        await listener.next()

        assert await listener.next_text() == ": still here\n\n"

    run(story)


def test_listener_who_leaves_is_forgotten() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards)
        await listener.next()
        await listener.next()

        await listener.leave()

        assert boards.listeners == {}

    run(story)


def test_slow_listener_gets_the_last_head_only() -> None:
    async def story(board: Board, boards: Boards) -> None:
        queue: asyncio.Queue[str | None] = asyncio.Queue(maxsize=1)
        boards.listeners[UUID] = {queue}
        boards.last_sent[UUID] = ""

        for board.ballots in (1, 2, 3):
            ticks = board.ticks
            while board.ticks < ticks + 3:
                await asyncio.sleep(0.01)

        assert queue.get_nowait() == 'data: {"ballots":3}\n\n'
        assert queue.empty()

    run(story)


def test_listener_who_comes_while_others_are_told_more_hears_it_too() -> None:
    async def story(board: Board, boards: Boards) -> None:
        first = Listener(boards)
        await first.next()
        await first.next()
        second = Listener(boards, room=1)
        second.messages.put_nowait({})  # no answer fits in before this is taken out
        await asyncio.sleep(0)

        board.ballots = 1
        await first.next()
        await second.next()
        await second.next()

        assert await second.next_text() == 'retry: 5000\ndata: {"ballots":1}\n\n'

    run(story)


def test_stop_ends_every_stream() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listeners = [Listener(boards) for _ in range(3)]
        for listener in listeners:
            await listener.next()
            await listener.next()

        boards.stop()

        for listener in listeners:
            assert (await listener.next()).get("more_body", False) is False
            await asyncio.wait_for(listener.task, 5)

    run(story)


def test_unknown_board_is_refused_with_a_sentence() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards, uuid="zzzzzzzzzzzzzz")

        assert (await listener.next())["status"] == 404
        assert await listener.next_text() == "There is no such board.\n"

    run(story)


def test_head_request_gets_no_stream() -> None:
    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards, method="HEAD")

        assert (await listener.next())["status"] == 200
        assert await listener.next() == {"type": "http.response.body", "body": b""}
        await asyncio.wait_for(listener.task, 5)

    run(story)


def test_tick_that_fails_is_reported_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def whole() -> None:
        left = [RuntimeError("disk full")]
        done = asyncio.Event()
        loop = asyncio.get_running_loop()

        def tick() -> None:
            if left:
                raise left.pop()
            loop.call_soon_threadsafe(done.set)

        boards = Boards(tick=tick, head=lambda uuid: None, changes=OfThisProcess(), every_seconds=0.01)
        running = asyncio.create_task(boards.run())
        await asyncio.wait_for(done.wait(), 5)
        boards.stop()
        await asyncio.wait_for(running, 5)

    in_own_loop(whole())

    assert "could not be moved on" in caplog.text


def test_stream_carries_the_fixed_headers() -> None:
    headers = {name.decode(): value.decode() for name, value in live.stream_headers()}

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["referrer-policy"] == "no-referrer"
    for name, value in policy.HEADERS.items():
        assert headers[name.lower()] == value


def test_a_stream_ends_after_a_while_so_that_who_comes_back_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live, "KEEP_ALIVE_SECONDS", 0.05)
    monkeypatch.setattr(live, "LONGEST_SECONDS", 0)

    async def story(board: Board, boards: Boards) -> None:
        listener = Listener(boards)
        await listener.next()
        await listener.next()

        assert await listener.next() == {"type": "http.response.body", "body": b""}
        await asyncio.wait_for(listener.task, 5)
        assert boards.listeners == {}

    run(story)
