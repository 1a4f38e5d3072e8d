"""One honest server a module, whose answers a lie may change on their way, and members with browsers."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from journeys.belonging import sign_in
from journeys.lying.noticing import forget
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server

Member = Callable[[int], Person]


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("host"))
    yield server
    server.stop()


@pytest.fixture
def own_server(prepared: Prepared, tmp_path: Path) -> Iterator[Server]:
    """For lies in the database."""
    server = prepared.serve(tmp_path)
    yield server
    if server.process is not None:
        server.stop()


@pytest.fixture(scope="module")
def seats(browser: Browser, prepared: Prepared, server: Server) -> Iterator[dict[int, Person]]:
    """Members by entry number; each sits down once a module."""
    with ExitStack() as stack:

        class Seats(dict[int, Person]):
            def __missing__(self, number: int) -> Person:
                self[number] = stack.enter_context(_seated(browser, server, prepared, number))
                return self[number]

        yield Seats()


@pytest.fixture
def member(seats: dict[int, Person]) -> Iterator[Member]:
    """A member whose device holds their key, and remembers nothing yet."""
    asked: set[int] = set()

    def sit(number: int) -> Person:
        if number not in asked:
            asked.add(number)
            forget(seats[number])
        return seats[number]

    yield sit
    for number in asked:
        seats[number].context.unroute_all(behavior="ignoreErrors")


@pytest.fixture
def member_of(browser: Browser, prepared: Prepared) -> Iterator[Callable[[Server, int], Person]]:
    """A member at a server of one's own."""
    with ExitStack() as stack:
        yield lambda server, number: stack.enter_context(_seated(browser, server, prepared, number))


@pytest.fixture
def observer(browser: Browser, server: Server) -> Iterator[Person]:
    with Person.sit_down(browser, "Olu", server.url, viewport=LAPTOP) as person:
        yield person


def _seated(browser: Browser, server: Server, prepared: Prepared, number: int) -> Person:
    person = Person.sit_down(browser, f"Entry {number}", server.url)
    sign_in(person, prepared.words[number])
    return person
