"""A server for each test that asks for one, and people to use it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from journeys.people import Person
from journeys.prepared import Prepared, prepare
from journeys.server import Server
from journeys.story import StrikeVote, play


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    server = Server(tmp_path)
    yield server
    if server.process is not None:
        server.stop()


@pytest.fixture
def person(browser: Browser, server: Server) -> Iterator[Callable[..., Person]]:
    """Makes people; at the end their browsers are closed and must have had nothing to complain about."""
    with ExitStack() as stack:
        yield lambda name, **how: stack.enter_context(Person.sit_down(browser, name, server.url, **how))


@pytest.fixture(scope="session")
def strike_vote(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> StrikeVote:
    """The main story, played once."""
    return play(browser, tmp_path_factory.mktemp("strike-vote"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A committee with a ballot in every state, to be copied by whoever needs one."""
    return prepare(tmp_path_factory.mktemp("prepared") / "data")


@pytest.fixture(scope="session")
def rankings(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A committee with elections by ranking, and grades."""
    return prepare(tmp_path_factory.mktemp("rankings") / "data", "prepare_rankings")
