"""The port's dispatcher with real ballots behind it."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from factories.ballots import Called, ballot_in_state
from factories.loops import in_own_loop
from openfloor import asgi, changes, live
from openfloor.ballots import queries, tasks


@pytest.mark.django_db(transaction=True)
def test_public_head_is_the_published_one() -> None:
    called = ballot_in_state("open")
    called.vote(1)

    assert asgi.public_head(f"/board/{called.ballot.uuid}/live") == queries.head_of(called.reload())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", ["draft", "announced", "withdrawn"])
def test_ballot_that_is_not_public_has_no_head(state: str) -> None:
    assert asgi.public_head(f"/board/{ballot_in_state(state).ballot.uuid}/live") is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("state", "done"), [("announced", 0), ("frozen", 6), ("open", 11)])
def test_key_in_the_making_has_a_head_of_its_own(state: str, done: int) -> None:
    uuid = ballot_in_state(state).ballot.uuid

    assert asgi.public_head(f"/ballots/{uuid}/live") == {
        "state": state,
        "attempt": 1,
        "done": done,
        "is_added_up": False,
        "is_mixed": False,
    }


@pytest.mark.django_db(transaction=True)
def test_unknown_board_has_no_head() -> None:
    for path in ("/board/aaaaaaaaaaaaaa/live", "/ballots/aaaaaaaaaaaaaa/live", "/elsewhere/live"):
        assert asgi.public_head(path) is None


@pytest.mark.django_db(transaction=True)
def test_turnout_reaches_a_listener_when_it_is_published() -> None:
    called = ballot_in_state("open")
    heads = in_own_loop(heads_while_somebody_votes(called))

    assert [head["ballots"] for head in heads] == [0, 1]


async def heads_while_somebody_votes(called: Called) -> list[dict[str, Any]]:
    """What a listener is told: first at once, then when the next minute has come."""
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    boards = live.Boards(
        tick=lambda: tasks.tick(called.now),
        head=asgi.public_head,
        changes=changes.of_this_database(),
        every_seconds=0.05,
    )

    async def never_leave() -> dict[str, Any]:
        await asyncio.Event().wait()
        return {}

    def vote() -> None:
        called.vote(1)
        called.later(timedelta(minutes=2))
        connections.close_all()

    running = asyncio.create_task(boards.run())
    listener = asyncio.create_task(
        boards.answer(f"/board/{called.ballot.uuid}/live", {"method": "GET"}, never_leave, sent.put)  # type: ignore[arg-type]
    )
    start = await asyncio.wait_for(sent.get(), 10)
    assert start["status"] == 200
    heads = [head_in(await asyncio.wait_for(sent.get(), 10))]
    await asyncio.to_thread(vote)
    heads.append(head_in(await asyncio.wait_for(sent.get(), 10)))
    boards.stop()
    await asyncio.wait_for(asyncio.gather(listener, running), 10)
    await asyncio.to_thread(connections.close_all)
    return heads


def head_in(message: dict[str, Any]) -> dict[str, Any]:
    text: str = message["body"].decode()
    head: dict[str, Any] = json.loads(text.split("data: ")[1])
    return head


def test_request_comes_without_what_tells_who_sent_it() -> None:
    scope = {
        "client": ("198.51.100.77", 5),
        "headers": [(b"host", b"localhost"), (b"x-forwarded-for", b"198.51.100.77")],
    }

    assert asgi.without_addresses(scope) == {"client": None, "headers": [(b"host", b"localhost")]}
