"""Three delegates are elected by ranking; two of three trustees open the votes, for one lost the key."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.checking import assert_both_verifiers_agree, record_of
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import (
    announce,
    check_list_as_teller,
    choose_officers,
    lose_key,
    make_trustee_key,
    mix,
    open_count,
    rank,
    set_times,
    step,
)

pytestmark = pytest.mark.journey

TITLE = "Who speaks for us at the table?"
CANDIDATES = ("1 Ada, nights", "2 Ben from transport", "3 Cyd", "4 Dot, pharmacy", "5 Eve")
BALLOTS = {
    "Ada": ("Ada", "Dot"),
    "Ben": ("Dot", "Ada"),
    "Cyd": ("Cyd", "Ben from transport"),
    "Dot": ("Dot", "Cyd"),
    "Eve": ("Ada", "Cyd"),
}


@pytest.fixture
def server(prepared: Prepared, tmp_path: Path) -> Iterator[Server]:
    server = prepared.serve(tmp_path)
    yield server
    server.stop()


def call_election(person: Person, opens: datetime) -> str:
    """Three of five are elected and become tellers; any two of the three trustees are enough."""
    page = person.page
    page.goto("/ballots/new/")
    page.get_by_role("link", name="Elect delegates").click()
    page.get_by_label("The question in short").fill(TITLE)
    page.get_by_label("The full text").fill("Three delegates speak for us until the contract is settled.")
    page.locator("[name$=-question]").fill(TITLE)
    page.get_by_label("Candidates, one a line").fill("\n".join(CANDIDATES))
    page.get_by_label("How many are elected?").fill("3")
    page.locator("[name=elected_role]").select_option("teller")
    set_times(page, opens, opens + timedelta(hours=1))
    choose_officers(page, trustees=[1, 2, 3], tellers=[1, 2])
    page.locator("[name=group][value=RFC-3526-2048]").check()
    page.get_by_role("button", name="Save the draft").click()
    person.check()
    return announce(page)


def test_three_delegates_are_elected_and_one_of_three_trustees_loses_the_key(
    server: Server, prepared: Prepared, person: Callable[..., Person], tmp_path: Path
) -> None:
    ada, ben, cyd, dot, eve = people = [person(name) for name in BALLOTS]
    for number, who in enumerate(people, start=1):
        sign_in(who, prepared.words[number])
    uuid = call_election(ada, server.now())
    trustees = (ada, ben, cyd)
    files = {who.name: make_trustee_key(who, uuid, server.folder) for who in trustees}
    for who in trustees:
        step(who.page, "sign")
        who.page.get_by_role("button", name="Sign it").click()
        step(who.page, "wait_open")
    for who in (ada, ben):
        check_list_as_teller(who, uuid)
    for who in people:
        rank(who, uuid, *BALLOTS[who.name])

    lose_key(cyd, uuid)

    server.set_ahead(timedelta(hours=2))
    for who in people:
        who.set_clock(server.now())
    mix(cyd, uuid)  # it takes no key
    waiting = cyd.page.locator("[data-step=wait_mix]")
    expect(waiting).to_contain_text(
        "1 of 2 trustees has mixed the votes. The next can be any of these entries: 1, 2."
    )
    cyd.check()
    mix(ada, uuid)
    head = open_count(ada, uuid, files["Ada"])
    assert open_count(ben, uuid, files["Ben"]) == head

    dot.page.goto(f"/board/{uuid}/")
    elected = dot.page.get_by_text(re.compile("^Elected: "))
    expect(elected.first).to_be_visible()
    names = elected.first.inner_text()
    dot.check()
    for name in ("Ada, nights", "Cyd", "Dot, pharmacy"):
        assert name in names
    eve.page.goto("/roles/")
    eve.check()
    assert_both_verifiers_agree(record_of(server, uuid), opened_papers(), tmp_path)


def opened_papers() -> list[list[list[int]]]:
    """What everybody ranked, as the archive has it."""
    names = [candidate.split(" ", 1)[1] for candidate in CANDIDATES]
    ranks = [
        [
            next((place for place, one in enumerate(ballot, start=1) if name.startswith(one)), 0)
            for name in names
        ]
        for ballot in BALLOTS.values()
    ]
    return [sorted(ranks)]
