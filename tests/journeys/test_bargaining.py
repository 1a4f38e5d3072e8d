"""The table: minutes taken by two at once, versions that appear as they are made, clauses read closely."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from journeys.belonging import sign_in
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server

pytestmark = pytest.mark.journey

People = Callable[..., Person]
A_SECOND = 1_000


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("bargaining"))
    yield server
    if server.process is not None:
        server.stop()


def send(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()


def a_contract(organiser: Person) -> str:
    """Written down by the page; its address."""
    page = organiser.page
    page.goto("/bargaining/contracts/new/")
    page.get_by_label("What is it called?").fill("Nurses")
    page.get_by_label("Employer").fill("Harbor General")
    page.get_by_label("Our side").fill("Local 7")
    send(page, "Save")
    expect(page.get_by_role("heading", name="Nurses")).to_be_visible()
    return page.url


def an_article(organiser: Person, contract: str) -> str:
    page = organiser.page
    page.goto(f"{contract}articles/new/")
    page.get_by_label("Its number").fill("12")
    page.get_by_label("What is it about?").fill("Wages")
    send(page, "Save")
    expect(page.get_by_role("link", name="Write down a version")).to_be_visible()
    return page.url


def a_session(organiser: Person, contract: str, note_taker: int) -> str:
    page = organiser.page
    page.goto(f"{contract}sessions/new/")
    page.get_by_label("What is it called?").fill("Session 3")
    page.get_by_label("Starts").fill("2026-01-02T09:00")
    page.get_by_label("Who takes notes?").fill(str(note_taker))
    send(page, "Announce it")
    expect(page.get_by_role("heading", name="Take notes")).to_be_visible()
    return page.url


def note(person: Person, line: str) -> None:
    person.page.get_by_label("One short line").fill(line)
    send(person.page, "Add the line")
    expect(person.page.get_by_label("One short line")).to_have_value("")


def test_two_keep_the_minutes_and_a_third_reads_along_on_a_phone(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, ben, cleo = person("Organiser", viewport=LAPTOP), person("Note-taker"), person("Reader")
    for number, somebody in enumerate((ada, ben, cleo), 1):
        sign_in(somebody, prepared.words[number])
    contract = a_contract(ada)
    session = a_session(ada, contract, note_taker=2)
    ben.page.goto(session)
    cleo.page.goto(session)
    for somebody in (ada, ben, cleo):
        expect(somebody.page.locator("[data-live-state]")).to_have_text("New lines appear by themselves.")

    note(ada, "They came late.")
    expect(cleo.page.get_by_text("They came late.")).to_be_visible(timeout=A_SECOND)
    note(ben, "They offered 2 percent.")
    note(ada, "<b>Bold</b> words.")

    for somebody in (ada, ben, cleo):
        lines = somebody.page.locator("[data-lines] [data-text]")
        expect(lines).to_have_text(["They came late.", "They offered 2 percent.", "<b>Bold</b> words."])
    expect(cleo.page.get_by_role("heading", name="Take notes")).to_have_count(0)
    ben.page.get_by_role("link", name="Correct it").click()
    ben.page.get_by_label("What was said").fill("They offered 20 percent.")
    send(ben.page, "Correct it")
    expect(cleo.page.locator("[data-lines] s")).to_have_text("They offered 2 percent.")
    expect(cleo.page.get_by_text("They offered 20 percent.")).to_be_visible()
    cleo.check()
    server.stop()
    ben.page.get_by_label("One short line").fill("Nobody answered.")
    send(ben.page, "Add the line")
    expect(ben.page.get_by_text("Your line is still in the box")).to_be_visible()
    server.start()
    send(ben.page, "Add the line")
    expect(cleo.page.get_by_text("Nobody answered.")).to_be_visible(timeout=20_000)
    expect(cleo.page.get_by_text("Nobody answered.")).to_have_count(1)


def test_what_is_put_forward_appears_in_the_session_and_says_who_moved(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, cleo = person("Organiser", viewport=LAPTOP), person("Reader")
    for number, somebody in ((1, ada), (3, cleo)):
        sign_in(somebody, prepared.words[number])
    contract = a_contract(ada)
    cleo.page.goto(a_session(ada, contract, note_taker=2))
    page = ada.page
    article = an_article(ada, contract)

    for side, rates in (("We", ("10", "7", "7", "7")), ("They", ("5",) * 4), ("We", ("9", "6", "6", "6"))):
        page.goto(f"{article}propose/")
        page.get_by_label(f"{side} put it forward").check()
        page.get_by_label("The words").fill(f"Wages rise by {'; '.join(rates)} percent.")
        page.get_by_label("The term starts on").fill("2026-10-01")
        page.get_by_label("The term ends on").fill("2030-10-01")
        raises = "\n".join(f"year {year}: {rate} %" for year, rate in enumerate(rates, 1))
        page.get_by_label("Raises, one a line").fill(raises)
        send(page, "Save")

    expect(
        page.get_by_text(re.compile("31 % → 27 %. We moved 4 points towards them; 7 points"))
    ).to_be_visible()
    expect(cleo.page.locator("[data-put-forward] li")).to_have_text(
        [re.compile("^We put"), re.compile("^They put"), re.compile("^We put")]
    )
    page.get_by_role("link", name="What changed since version 1").click()
    expect(page.locator("del").first).to_have_text("10")
    ada.check()


def test_who_comes_late_reads_up_a_new_note_taker_writes_and_the_report_appears(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, ben, cleo = person("Organiser", viewport=LAPTOP), person("New note-taker"), person("Reader")
    for number, somebody in ((1, ada), (4, ben), (3, cleo)):
        sign_in(somebody, prepared.words[number])
    session = a_session(ada, a_contract(ada), note_taker=2)
    note(ada, "They came late.")
    ada.page.get_by_role("link", name="Change what stands here").click()
    ada.page.get_by_label("What is it?").fill("All contracts")
    ada.page.get_by_label("Its address here").fill("/bargaining/")
    send(ada.page, "Add it")
    expect(ada.page.get_by_text("It stands in the list now.")).to_be_visible()
    ada.check()

    cleo.page.goto(session)
    expect(cleo.page.locator("[data-missed]")).to_have_text("Since it began you missed: 1 line · 0 proposals")
    expect(cleo.page.get_by_role("link", name="All contracts")).to_be_visible()
    expect(cleo.page.locator("[data-live-state]")).to_have_text("New lines appear by themselves.")
    ben.page.goto(session)
    expect(ben.page.get_by_role("heading", name="Take notes")).to_have_count(0)
    ada.page.goto(f"{session}note-takers/")
    ada.page.get_by_label("Their entry number").fill("4")
    send(ada.page, "Name them")
    ada.check()
    ben.page.reload()
    note(ben, "They offered 2 percent.")
    expect(cleo.page.get_by_text("They offered 2 percent.")).to_be_visible(timeout=A_SECOND)

    ada.page.goto(f"{session}rules/")
    ada.page.get_by_label("Ground rules from now on").fill("Members may follow.")
    ada.page.get_by_label("What did we refuse?").fill("Secrecy of offers.")
    send(ada.page, "Save")
    expect(cleo.page.get_by_text("Refused by us: Secrecy of offers.")).to_be_visible(timeout=A_SECOND)
    ada.check()
    send(ada.page, "End the session")
    expect(cleo.page.get_by_text("Its report appears here by itself.")).to_be_visible(timeout=A_SECOND)
    ada.page.get_by_role("link", name="Write the report").click()
    draft = ada.page.get_by_label("The report", exact=True)
    expect(draft).to_have_value(
        re.compile(r"They came late\. \(entry 1\)\n.*They offered 2 percent\. \(entry 4\)")
    )
    draft.fill("They offered 2 percent over four years, and left.")
    ada.check()
    send(ada.page, "Publish it")
    report = cleo.page.locator("[data-report]")
    expect(report).to_contain_text("They offered 2 percent over four years, and left.", timeout=A_SECOND)
    cleo.check()
    ben.check()
    cleo.page.get_by_role("link", name="To print").click()
    expect(cleo.page.get_by_role("button", name="Print")).to_be_visible()
    cleo.check()


def test_a_member_says_on_a_phone_what_a_clause_lacks(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, cleo = person("Organiser", viewport=LAPTOP), person("Reader", color_scheme="dark")
    for number, somebody in ((1, ada), (3, cleo)):
        sign_in(somebody, prepared.words[number])
    article = an_article(ada, a_contract(ada))
    for side, words in (
        ("We", "The Employer shall pay one hour for each shift over the ratio."),
        ("They", "The Employer may pay as needed, census permitting."),
    ):
        ada.page.goto(f"{article}propose/")
        ada.page.get_by_label(f"{side} put it forward").check()
        ada.page.get_by_label("The words").fill(words)
        send(ada.page, "Save")

    page = cleo.page
    page.goto(article)
    page.get_by_role("link", name="Question by question: version 1").click()
    who = page.locator("#who")
    who.get_by_text("Answer it for version 1").click()
    who.get_by_label("Yes", exact=True).check()
    who.get_by_label("With a yes").fill("The Employer must")
    send(page, "Save")
    expect(who.get_by_text("These words do not stand in this version.")).to_be_in_viewport()
    who.get_by_label("With a yes").fill("The Employer shall")
    send(page, "Save")
    expect(who.get_by_text("Yes: “The Employer shall”")).to_be_visible()
    cleo.check()

    ada.page.goto(article)
    expect(ada.page.get_by_text("1 of 6 questions are answered.")).to_be_visible()
    ada.page.get_by_role("link", name="Question by question: version 2").click()
    expect(ada.page.locator(".charter mark")).to_have_text(["may", "as needed", "census permitting"])
    ours, theirs = (ada.page.locator(".charter").nth(place).bounding_box() for place in (0, 1))
    assert ours is not None
    assert theirs is not None
    assert ours["y"] == theirs["y"]
    ada.check()
