"""A whole ballot in Ed25519, by the browsers of its people: keys, copies, audit, votes, count."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.checking import verified
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import (
    call_ballot,
    check_list_as_teller,
    in_an_hour,
    make_trustee_key,
    open_count,
    sign_as_trustee,
    vote,
)

pytestmark = pytest.mark.journey


@pytest.fixture
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("ed25519"))
    yield server
    server.stop()


def test_a_ballot_in_ed25519_from_the_draft_to_a_verified_count(
    server: Server, prepared: Prepared, person: Callable[..., Person]
) -> None:
    people = {number: person(f"Entry {number}") for number in (1, 2, 4)}
    for number, who in people.items():
        sign_in(who, prepared.words[number])
    ada, ben, dot = people.values()
    opens = server.now()
    uuid = call_ballot(
        ada,
        "Shall we strike?",
        opens=opens,
        closes=in_an_hour(opens),
        trustees=[1, 2],
        tellers=[1, 2],
        checkers="Ed25519",
    )
    files = {who.name: make_trustee_key(who, uuid, server.folder) for who in (ada, ben)}
    for who in (ada, ben):
        sign_as_trustee(who, uuid)
        check_list_as_teller(who, uuid)

    first = vote(dot, uuid, "No")
    again = vote(dot, uuid, "Yes")
    vote(ben, uuid, "No")
    assert first.hash != again.hash
    dot.check()

    server.set_ahead(timedelta(hours=2))
    for who in (ada, ben):
        who.set_clock(server.now())
    heads = {open_count(who, uuid, files[who.name]) for who in (ada, ben)}
    olu = person("Olu", viewport=LAPTOP)
    olu.page.goto(f"/board/{uuid}/")
    expect(olu.page.get_by_text("Anyone, with openballot or a newer Belenios (Ed25519)")).to_be_visible()
    expect(olu.page.get_by_text("version 2.1 or later")).to_be_visible()
    olu.page.get_by_role("link", name="The minutes, to print").click()
    expect(olu.page.get_by_text("Anyone, with openballot or a newer Belenios (Ed25519)")).to_be_visible()
    olu.check()

    assert len(heads) == 1
    report = verified(server, uuid)
    assert (report["ballots"], report["result"]) == (3, [[0, 1, 1]])
