"""Phone and words lost: colleagues vouch for a new key, the old phone is warned, and two days pass."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.people import Person
from journeys.prepared import Prepared, open_ballot
from journeys.server import Server
from journeys.voting import step, vote

pytestmark = pytest.mark.journey

CODE = re.compile(r"/renew/vouch/#\d+\.[A-Za-z0-9_-]{43}$")
WARNING = "Somebody asks for a new key for your entry. Was it you?"

People = Callable[..., Person]


@pytest.fixture
def server(prepared: Prepared, tmp_path: Path) -> Iterator[Server]:
    server = prepared.serve(tmp_path)
    yield server
    server.stop()


def help_renew(helper: Person, number: int) -> str:
    """A colleague makes the link for an entry."""
    page = helper.page
    page.goto("/vouch/")
    page.get_by_role("link", name="A colleague lost their key").click()
    page.get_by_label("Which entry is theirs?").fill(str(number))
    page.get_by_role("button", name="Make a link for them").click()
    link = page.get_by_label("The link", exact=True)
    expect(link).to_be_visible()
    helper.check()
    return link.input_value()


def ask_for_new_key(phone: Person, link: str) -> tuple[list[str], str]:
    """On a new phone: new words, and the link of the code that colleagues scan."""
    page = phone.page
    page.goto(link)
    expect(page).not_to_have_url(link)
    page.get_by_role("button", name="Make my twelve words").click()
    words = page.locator("[data-word-list] li").all_inner_texts()
    page.get_by_role("button", name="I have written them down").click()
    for field in (page.locator("#first"), page.locator("#second")):
        label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
        field.fill(words[int(label.split()[-1]) - 1])
    page.get_by_role("button", name="Finish").click()
    code = page.locator("[data-link]")
    expect(code).to_have_value(CODE, timeout=30_000)
    phone.check()
    return words, code.input_value()


def vouch(voucher: Person, code: str, number: int) -> None:
    page = voucher.page
    page.goto(code)
    page.get_by_label("Which entry is theirs?").fill(str(number))
    for said in (
        "I met this person",
        "I know that this entry is theirs",
        "Their old phone and their words are gone",
    ):
        page.get_by_label(said).check()
    page.get_by_role("button", name="I vouch for their new key").click()
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()
    voucher.check()


def test_who_lost_everything_gets_a_new_key_that_votes_in_the_next_ballot(
    server: Server, prepared: Prepared, person: People
) -> None:
    running = open_ballot(server, "Shall we strike in May?", days=9)
    old_phone, new_phone, ada, ben = (person(name) for name in ("Eve", "Eve, new phone", "Ada", "Ben"))
    for one, number in ((old_phone, 5), (ada, 1), (ben, 2)):
        sign_in(one, prepared.words[number])

    words, code = ask_for_new_key(new_phone, help_renew(ada, 5))
    vouch(ada, code, 5)
    old_phone.page.goto("/ballots/")
    expect(old_phone.page.get_by_role("heading", name=WARNING)).to_be_visible()
    old_phone.check()
    vouch(ben, code, 5)
    expect(new_phone.page.get_by_role("heading", name="Your new key counts from")).to_be_visible()
    new_phone.check()
    ben.page.goto("/")
    expect(ben.page.get_by_text("Entry 5 gets a new key on")).to_be_visible()
    ben.check()
    ben.page.goto("/roll/")
    expect(ben.page.locator("[data-verdict]")).to_have_text("Holds", timeout=30_000)
    expect(ben.page.get_by_role("button", name="Stop the new key of entry 5")).to_be_visible()
    ben.check()
    new_phone.page.goto("/sign-in/")
    new_phone.page.get_by_role("button", name="Go on as entry 5").click()
    expect(new_phone.page.locator("[data-error]")).to_contain_text("Your new key opens this from")
    vote(old_phone, running, "Yes")  # until the two days are over, the old key is Eve's

    server.set_ahead(timedelta(days=2))
    upcoming = open_ballot(server, "Shall we strike in June?", days=3)
    new_phone.page.goto("/renew/")
    expect(new_phone.page.get_by_role("heading", name="Your new key counts", exact=True)).to_be_visible()
    new_phone.check()
    new_phone.page.get_by_role("link", name="Sign in").click()
    new_phone.page.get_by_role("button", name="Go on as entry 5").click()
    expect(new_phone.page).not_to_have_url(re.compile("/sign-in/"))
    new_phone.page.goto(f"/ballots/{running}/vote/")
    expect(new_phone.page.get_by_text("it knows your old key only")).to_be_visible()
    new_phone.check()
    vote(new_phone, upcoming, "No")
    new_phone.check()
    new_phone.page.goto("/roll/")
    expect(new_phone.page.locator("[data-verdict]")).to_have_text("Holds", timeout=30_000)
    expect(new_phone.page.locator("[data-own-key]")).to_be_hidden()
    old_phone.page.goto("/ballots/")
    expect(old_phone.page).to_have_url(re.compile("/sign-in/"))
    assert len(words) == 12


def test_thief_asks_for_a_new_key_and_the_old_phone_stops_it(
    server: Server, prepared: Prepared, person: People
) -> None:
    dot, thief, ada, ben = (person(name) for name in ("Dot", "Thief", "Ada", "Ben"))
    for one, number in ((dot, 4), (ada, 1), (ben, 2)):
        sign_in(one, prepared.words[number])
    _, code = ask_for_new_key(thief, help_renew(ada, 4))
    for voucher in (ada, ben):
        vouch(voucher, code, 4)

    dot.page.goto(f"/ballots/{prepared.ballots['open']}/vote/")
    dot.page.get_by_role("button", name="It was not me: stop it").click()
    expect(dot.page.get_by_text("Stopped. Your key counts as before.")).to_be_visible(timeout=30_000)
    dot.check()

    expect(thief.page.get_by_role("heading", name="Somebody stopped this new key")).to_be_visible()
    thief.check()
    server.set_ahead(timedelta(days=2))
    thief.page.goto("/sign-in/")
    thief.page.get_by_role("button", name="Go on as entry 4").click()
    expect(thief.page.locator("[data-error]")).to_contain_text("No member has these words")
    sign_in_again(dot)
    expect(dot.page.get_by_role("heading", name=WARNING)).to_have_count(0)


def test_any_member_who_knows_better_stops_it_on_the_roll(
    server: Server, prepared: Prepared, person: People
) -> None:
    thief, ada, ben, cyd = (person(name) for name in ("Thief", "Ada", "Ben", "Cyd"))
    for one, number in ((ada, 1), (ben, 2), (cyd, 3)):
        sign_in(one, prepared.words[number])
    _, code = ask_for_new_key(thief, help_renew(ada, 4))
    for voucher in (ada, ben):
        vouch(voucher, code, 4)

    cyd.page.goto("/roll/")
    expect(cyd.page.locator("[data-verdict]")).to_have_text("Holds", timeout=30_000)
    cyd.page.get_by_role("button", name="Stop the new key of entry 4").click()

    expect(thief.page.get_by_role("heading", name="Somebody stopped this new key")).to_be_visible()
    expect(cyd.page.get_by_role("heading", name="New keys on the way")).to_have_count(0)
    cyd.check()


def test_voucher_who_types_another_entry_signs_nothing(
    server: Server, prepared: Prepared, person: People
) -> None:
    phone, ada = person("Dot, new phone"), person("Ada")
    sign_in(ada, prepared.words[1])
    _, code = ask_for_new_key(phone, help_renew(ada, 4))
    page = ada.page
    page.goto(code)
    page.get_by_label("Which entry is theirs?").fill("3")

    page.get_by_role("button", name="I vouch for their new key").click()

    expect(page.locator("[data-error]")).to_contain_text("The code is for entry 4, and you typed another")
    expect(phone.page.get_by_text("2 more colleagues have to vouch.")).to_be_visible()
    ada.check()
    step(page, "ask")


def sign_in_again(person: Person) -> None:
    """By the key on the device, where the session may still live."""
    person.page.goto("/")
    again = person.page.locator("[data-go-on]")
    if again.is_visible():
        again.click()
        expect(again).to_have_count(0)
