"""News of a board: told by PostgreSQL to every process, on SQLite within the process."""

import asyncio
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from factories.ballots import ballot_in_state
from factories.loops import in_own_loop
from openfloor import changes
from openfloor.ballots import actions

SOON = 1.0


def is_heard(deed: Callable[[], object]) -> bool:
    """Does a process that listens hear of *deed*, which another does?"""

    def do() -> None:
        deed()
        connections.close_all()

    async def listen() -> bool:
        news = asyncio.Event()
        listening = asyncio.create_task(changes.of_this_database().listen(news.set))
        await is_set_soon(news)  # it says so when it begins to listen
        news.clear()
        await asyncio.to_thread(do)
        heard = await is_set_soon(news)
        listening.cancel()
        return heard

    return in_own_loop(listen())


async def is_set_soon(news: asyncio.Event) -> bool:
    try:
        return await asyncio.wait_for(news.wait(), SOON)
    except TimeoutError:
        return False


@pytest.mark.django_db(transaction=True)
def test_board_that_advances_is_told() -> None:
    called = ballot_in_state("open")
    called.vote(1)
    ballot, closes_at = called.reload(), called.ballot.closes_at

    heard = [
        is_heard(lambda: actions.publish_if_due(ballot, closes_at)),
        is_heard(lambda: actions.publish_if_due(ballot, closes_at)),  # nothing new
        is_heard(lambda: actions.close_if_due(ballot, closes_at)),
    ]

    assert heard == [True, False, True]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_never_told() -> None:
    def tell_and_fail() -> None:
        with transaction.atomic():
            changes.tell("aaaaaaaaaaaaaa")
            transaction.set_rollback(True)

    assert is_heard(tell_and_fail) is False
