"""Bodies on their way in: a request reaches the pages whole, or not at all."""

import asyncio
from collections.abc import Iterable
from typing import Any

import pytest

from factories.loops import in_own_loop
from openfloor import arriving, live
from openfloor.arriving import Arriving

Message = dict[str, Any]


class Pages:
    """Notes the bodies it was asked with; answers when it is let."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.may_answer = asyncio.Event()

    async def __call__(self, scope: live.Scope, receive: live.Receive, send: live.Send) -> None:
        message = await receive()
        assert message["more_body"] is False
        self.bodies.append(message["body"])
        await self.may_answer.wait()
        await live.plain_answer(send, 200, "Done.")


async def ask(
    app: Arriving,
    messages: Iterable[Message],
    *,
    length: int,
    headers: Iterable[tuple[bytes, bytes]] = (),
    path: str = "/",
) -> list[Message]:
    """What comes back; a client that has no more messages hangs."""
    left, answers = list(messages), []

    async def receive() -> Message:
        return left.pop(0) if left else await asyncio.Future()

    async def send(message: Any) -> None:
        answers.append(message)

    scope = {"path": path, "headers": [(b"content-length", str(length).encode()), *headers]}
    await app(scope, receive, send)
    return answers


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


GONE = {"type": "http.disconnect"}


def asked(
    messages: Iterable[Message],
    *,
    length: int,
    headers: Iterable[tuple[bytes, bytes]] = (),
    path: str = "/",
) -> tuple[list[bytes], list[int]]:
    """The bodies that reached the pages, and the statuses of the answers."""

    async def alone() -> tuple[list[bytes], list[int]]:
        pages = Pages()
        pages.may_answer.set()
        app = Arriving(pages, seconds=0.05)
        answers = await ask(app, messages, length=length, headers=headers, path=path)
        return pages.bodies, [answer["status"] for answer in answers if "status" in answer]

    return in_own_loop(alone())


def test_body_in_parts_reaches_the_pages_as_one() -> None:
    assert asked([part(b"a", more=True), part(b"b", more=True), part(b"c")], length=3) == ([b"abc"], [200])


def test_body_that_never_ends_is_refused_after_its_time() -> None:
    assert asked([part(b"a", more=True)], length=3) == ([], [408])


def test_body_whose_sender_leaves_reaches_nobody() -> None:
    assert asked([part(b"a", more=True), GONE], length=3) == ([], [])


def test_body_of_unknown_length_is_refused() -> None:
    assert asked([part(b"a")], length=0, headers=[(b"transfer-encoding", b"chunked")]) == ([], [411])


@pytest.mark.parametrize("length", [arriving.LARGEST + 1, arriving.LARGEST_READ_IN_VAIN + 1])
def test_body_that_is_too_large_is_refused(length: int) -> None:
    assert asked([part(b"a", more=True), part(b"b")], length=length) == ([], [413])


@pytest.mark.parametrize("deed", ["shuffle", "decrypt"])
def test_body_of_a_trustee_may_be_larger(deed: str) -> None:
    path = f"/ballots/3kBfZ8Wq1xPmNv/trustee/{deed}/"

    assert asked([part(b"a")], length=arriving.LARGEST_OF_TRUSTEES, path=path) == ([b"a"], [200])
    assert asked([part(b"a")], length=arriving.LARGEST_OF_TRUSTEES + 1, path=path) == ([], [413])
    assert asked([part(b"a")], length=arriving.LARGEST + 1, path=path + "more/") == ([], [413])


def test_largest_bodies_at_once_are_fewer_still() -> None:
    path = "/ballots/3kBfZ8Wq1xPmNv/trustee/shuffle/"

    async def crowd() -> list[int]:
        pages = Pages()
        app = Arriving(pages, seconds=5)
        largest = [
            asyncio.create_task(ask(app, [part(b"x")], length=arriving.LARGEST + 1, path=path))
            for _ in range(arriving.MOST_OF_TRUSTEES_AT_ONCE)
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        refused = await ask(app, [part(b"x")], length=arriving.LARGEST + 1, path=path)
        pages.may_answer.set()
        taken = [await task for task in largest]
        again = await ask(app, [part(b"x")], length=arriving.LARGEST + 1, path=path)
        return [answers[0]["status"] for answers in (refused, *taken, again)]

    assert in_own_loop(crowd()) == [503, *[200] * arriving.MOST_OF_TRUSTEES_AT_ONCE, 200]


def test_too_large_body_that_never_ends_is_refused_after_its_time() -> None:
    assert asked([part(b"a", more=True)], length=arriving.LARGEST + 1) == ([], [413])


def test_large_bodies_at_once_are_few_and_small_ones_pass_them() -> None:
    async def crowd() -> tuple[list[int], list[int]]:
        pages = Pages()
        app = Arriving(pages, seconds=5)
        large = [
            asyncio.create_task(ask(app, [part(b"x")], length=arriving.LARGE + 1))
            for _ in range(arriving.MOST_LARGE_AT_ONCE)
        ]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        refused = await ask(app, [part(b"x")], length=arriving.LARGE + 1)
        small = asyncio.create_task(ask(app, [part(b"x")], length=1))
        pages.may_answer.set()
        statuses = [(await task)[0]["status"] for task in [*large, small]]
        again = await ask(app, [part(b"x")], length=arriving.LARGE + 1)
        return statuses, [refused[0]["status"], again[0]["status"]]

    statuses, (refused, again) = in_own_loop(crowd())

    assert statuses == [200] * (arriving.MOST_LARGE_AT_ONCE + 1)
    assert (refused, again) == (503, 200)
