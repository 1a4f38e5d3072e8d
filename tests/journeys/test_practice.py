"""Three people rehearse: keys, audit, votes, count. A page that lies about practice is noticed."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from journeys.belonging import sign_in
from journeys.checking import verified
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import (
    check_list_as_teller,
    make_trustee_key,
    open_count,
    sign_as_trustee,
    step,
    vote,
)

pytestmark = pytest.mark.journey

BAND = "Practice. Nothing is decided here."


@pytest.fixture
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("practice"))
    yield server
    server.stop()


def test_three_people_rehearse_a_ballot_and_nothing_is_decided(
    server: Server, prepared: Prepared, person: Callable[..., Person]
) -> None:
    ada, ben, cyd = (person(name) for name in ("Ada", "Ben", "Cyd"))
    for number, who in enumerate((ada, ben, cyd), start=1):
        sign_in(who, prepared.words[number])
    uuid = _practise(ada)
    files = {who.name: make_trustee_key(who, uuid, server.folder) for who in (ada, ben, cyd)}
    for who in (ada, ben, cyd):
        sign_as_trustee(who, uuid)
    for who in (ada, ben):
        check_list_as_teller(who, uuid)

    for who, answer in ((ada, "Yes"), (ben, "Yes"), (cyd, "No")):
        vote(who, uuid, answer)
        expect(who.page.get_by_text(BAND)).to_be_visible()
        who.check()
    _a_page_that_hides_it_is_noticed(ben, uuid)
    _a_page_that_claims_it_is_noticed(ben, prepared.ballots["open"])

    server.set_ahead(timedelta(minutes=40))
    for who in (ada, ben):  # two of the three are enough
        who.set_clock(server.now())
    heads = {open_count(who, uuid, files[who.name]) for who in (ada, ben)}
    assert len(heads) == 1
    assert verified(server, uuid)["result"] == [[0, 2, 1]]

    olu = person("Olu", viewport=LAPTOP)
    for path in (f"/board/{uuid}/", f"/ballots/{uuid}/minutes/"):
        olu.page.goto(path)
        expect(olu.page.get_by_text(BAND)).to_be_visible()
        expect(olu.page.get_by_text("Counted, as practice").first).to_be_visible()
        olu.check()
    ada.page.goto("/")
    expect(ada.page.get_by_text("break room")).to_have_count(0)
    ada.page.goto("/ballots/")
    ada.page.get_by_text("1 practice ballot that is over").click()
    expect(ada.page.get_by_role("link", name="break room")).to_be_visible()
    ada.check()


def _practise(organiser: Person) -> str:
    page = organiser.page
    page.goto("/ballots/")
    page.get_by_role("link", name="Practise first").click()
    organiser.check()
    page.get_by_role("button", name="Make the practice ballot").click()
    expect(page.get_by_text(BAND)).to_be_visible()
    page.get_by_role("link", name="Announce it").click()
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("trustees make their keys").first).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def _a_page_that_hides_it_is_noticed(who: Person, uuid: str) -> None:
    _serve_changed(who, uuid, lambda html: html.replace("data-practice", "data-nothing"))
    expect(who.page.get_by_text("this page hides it")).to_be_visible()


def _a_page_that_claims_it_is_noticed(who: Person, uuid: str) -> None:
    _serve_changed(who, uuid, lambda html: html.replace("<h1", "<p data-practice>Practice</p><h1", 1))
    expect(who.page.get_by_text("By the charter it is real.")).to_be_visible()


def _serve_changed(who: Person, uuid: str, change: Callable[[str], str]) -> None:
    address = f"**/ballots/{uuid}/vote/"

    def answer(route: Route) -> None:
        honest = route.fetch()
        route.fulfill(response=honest, body=change(honest.text()))

    who.context.route(address, answer)
    who.page.goto(f"/ballots/{uuid}/vote/")
    step(who.page, "alarm")
    who.context.unroute(address)
