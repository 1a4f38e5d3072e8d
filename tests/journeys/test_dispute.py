"""From the demands to a vote on a breach: what was decided against what is done, on every open page."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from journeys.belonging import sign_in
from journeys.lying.programs import run
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared, count_announced
from journeys.server import Server
from journeys.voting import announce, choose_officers, in_an_hour, set_times

pytestmark = pytest.mark.journey

People = Callable[..., Person]
A_SECOND = 1_000
BELOW = "Raise over four years: 27 % where at least 31 % was decided"


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("dispute"))
    yield server
    server.stop()


def test_a_move_below_what_was_decided_is_marked_at_once_and_put_to_all_members(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, ben = person("Organiser", viewport=LAPTOP), person("Member")
    for number, who in enumerate((ada, ben), 1):
        sign_in(who, prepared.words[number])

    vote = call_a_vote_on_a_raise(ada, server)
    count_announced(server, vote)
    server.set_ahead(timedelta(hours=3))
    for who in (ada, ben):
        who.set_clock(server.now())
    ben.page.goto(f"/mandates/{vote}/")
    expect(ben.page.get_by_text("Raise over four years: at least 31 %.")).to_be_visible()
    ben.check()

    article = lay_wages_on_the_table(ada)
    put_forward(ada, article, 10, 7, 7, 7)
    contract = ada.page.get_by_role("link", name="Nurses").first.get_attribute("href")
    ben.page.goto(article)
    others = [open_tab(ben, address) for address in ("/", "/mandates/", f"/mandates/{vote}/", contract)]
    put_forward(ada, article, 9, 6, 6, 6)
    for page in (ben.page, *others):
        expect(page.get_by_text(BELOW).first).to_be_visible(timeout=A_SECOND)
    ben.check()
    for page in others:
        page.close()

    ada.page.goto(f"/mandates/{vote}/")
    ada.page.get_by_role("link", name="Call a vote on it").click()
    ada.check()
    ada.page.get_by_role("button", name="Put it to all of us").click()
    expect(ada.page.get_by_text("It is put to all of us.")).to_be_visible()
    override = ada.page.url.rstrip("/").rsplit("/", 1)[-1]
    count_announced(server, override)
    server.set_ahead(timedelta(days=5))
    for who in (ada, ben):
        who.set_clock(server.now())
    ben.page.goto(f"/mandates/{vote}/")
    expect(ben.page.get_by_text("Changed by us")).to_be_visible()

    ben.page.goto("/ledger/")
    with ben.page.expect_download() as download:
        ben.page.get_by_role("link", name="Download the ledger").click()
    code, said = run("openfloor", "ledger", "verify", download.value.path())
    assert code == 0
    assert "Mandates: 1. Breaches of them that stand: 1." in said


def call_a_vote_on_a_raise(organiser: Person, server: Server) -> str:
    """A yes binds whoever speaks for us; its uuid."""
    page, now = organiser.page, server.now()
    page.goto("/ballots/new/?kind=yes-or-no")
    page.get_by_label("The question in short").fill("31 percent over four years?")
    page.get_by_label("The full text").fill("We ask for 31 percent over four years.")
    page.locator("[name$=-question]").first.fill("31 percent over four years?")
    set_times(page, in_an_hour(now), in_an_hour(now) + timedelta(hours=1))
    choose_officers(page, [1, 2, 3], [1, 2])
    page.get_by_text("Write down demands, an action, an end").click()
    page.locator("[name=terms-0-measure]").select_option("wages.total")
    page.locator("[name=terms-0-about]").fill("Raise over four years")
    page.locator("[name=terms-0-bound]").select_option("at_least")
    page.locator("[name=terms-0-value]").fill("31 %")
    page.get_by_role("button", name="Save the draft").click()
    return announce(page)


def lay_wages_on_the_table(organiser: Person) -> str:
    """A contract and its article on wages; the article's address."""
    page = organiser.page
    page.goto("/bargaining/contracts/new/")
    page.get_by_label("What is it called?").fill("Nurses")
    page.get_by_label("Employer").fill("Harbor General")
    page.get_by_label("Our side").fill("Local 7")
    page.get_by_role("button", name="Save").click()
    page.goto(f"{page.url}articles/new/")
    page.get_by_label("Its number").fill("12")
    page.get_by_label("What is it about?").fill("Wages")
    page.get_by_role("button", name="Save").click()
    return page.url


def put_forward(organiser: Person, article: str, *rates: int) -> None:
    page = organiser.page
    page.goto(f"{article}propose/")
    page.get_by_label("We put it forward").check()
    page.get_by_label("The words").fill(f"Wages rise by {sum(rates)} percent.")
    page.get_by_label("The term starts on").fill("2026-10-01")
    page.get_by_label("The term ends on").fill("2030-10-01")
    raises = "\n".join(f"year {year}: {rate} %" for year, rate in enumerate(rates, 1))
    page.get_by_label("Raises, one a line").fill(raises)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(f"Wages rise by {sum(rates)} percent.").first).to_be_attached()


def open_tab(who: Person, address: str | None) -> Page:
    page = who.context.new_page()
    page.goto(str(address))
    return page
