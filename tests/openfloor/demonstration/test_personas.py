"""Looking around: one click, somebody's key on the device, and the page that is theirs."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from journeys.people import Person
from openfloor.demonstration import loader
from openfloor.workplace.memberkeys import words_from_root

from .conftest import Loaded, copy_of
from .server import Demonstration, Visitor

BANNER = "A made-up committee. These keys are not secret."
ROLES = ("member", "organiser", "trustee", "observer")
WHOSE_KEY = """
async () => {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open("openfloor");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return new Promise((resolve) => {
    const request = database.transaction("keys").objectStore("keys").getAll();
    request.onsuccess = () => resolve(request.result.map((kept) => kept.record.handle));
  });
}
"""


@pytest.fixture
def visitor(browser: Browser, server: Demonstration) -> Iterator[Person]:
    with Person.sit_down(browser, "visitor", server.url) as person:
        yield person


def become(person: Person, role: str) -> None:
    """One click in the banner of whatever page is shown."""
    person.page.get_by_role("complementary", name="Demonstration").get_by_role("link", name=role).click()
    person.page.wait_for_url(lambda url: "/demonstration/" not in url)


@pytest.mark.parametrize("role", ROLES)
def test_banner_leads_to_the_page_of_each(visitor: Person, loaded: Loaded, role: str) -> None:
    visitor.page.goto("/")

    become(visitor, role)

    persona = loaded.made.personas[role]
    assert visitor.page.url.endswith(persona.start)
    assert visitor.page.evaluate(WHOSE_KEY) == ([persona.handle] if persona.handle else [])


def test_another_persona_takes_the_place_of_the_first(visitor: Person, loaded: Loaded) -> None:
    handles = {role: persona.handle for role, persona in loaded.made.personas.items()}
    visitor.page.goto("/")

    become(visitor, "member")
    become(visitor, "organiser")
    expect(visitor.page.get_by_text(f"You are the organiser {handles['organiser']}")).to_be_visible()
    assert visitor.page.evaluate(WHOSE_KEY) == [handles["organiser"]]

    become(visitor, "observer")
    assert visitor.page.evaluate(WHOSE_KEY) == []
    visitor.page.goto("/ballots/")
    assert "/sign-in/" in visitor.page.url


def test_key_that_may_be_real_is_not_replaced_unasked(visitor: Person, loaded: Loaded) -> None:
    words = words_from_root(bytes.fromhex(loaded.made.personas["organiser"].root or ""))
    visitor.page.goto("/sign-in/")
    visitor.page.get_by_label("Your twelve words").fill(" ".join(words))
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url(lambda url: "/sign-in/" not in url)

    visitor.page.goto("/demonstration/as/member/")
    replace = visitor.page.get_by_role("button", name="Go on and remove that key")
    expect(replace).to_be_visible()
    assert visitor.page.evaluate(WHOSE_KEY) == [loaded.made.personas["organiser"].handle]

    replace.click()
    visitor.page.wait_for_url(f"**{loaded.made.personas['member'].start}")
    assert visitor.page.evaluate(WHOSE_KEY) == [loaded.made.personas["member"].handle]


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("observer", "/demonstration/"),
        ("observer", "/sign-in/"),
        ("observer", "/nowhere/"),
        ("member", "/"),
        ("member", "/ballots/"),
        ("member", "/roll/"),
        ("member", "/ledger/"),
        ("member", "/nowhere/"),
    ],
)
def test_every_page_says_that_it_is_made_up(server: Demonstration, role: str, path: str) -> None:
    visitor = Visitor(server)
    visitor.become(role)

    assert BANNER in visitor.get(path).text


def test_board_says_so_without_asking_who_looks(server: Demonstration, loaded: Loaded) -> None:
    visitor = Visitor(server)
    visitor.become("trustee")

    page = visitor.get(loaded.made.personas["observer"].start)

    assert BANNER in page.text
    assert "You are the trustee" not in page.text
    assert "cookie" not in page.headers.get("vary", "").lower()


def test_pages_are_accessible(visitor: Person) -> None:
    visitor.page.goto("/")
    visitor.page.get_by_text("Show the words of all three").click()

    visitor.check()


def test_without_scripts_the_page_says_why_it_cannot_go_on(browser: Browser, server: Demonstration) -> None:
    with Person.sit_down(browser, "visitor", server.url, java_script_enabled=False) as person:
        person.page.goto("/demonstration/as/member/")

        expect(person.page.locator("noscript p")).to_contain_text("impossible without JavaScript")
        expect(person.page.get_by_text("One moment")).to_be_hidden()


def test_unknown_role_is_no_page(server: Demonstration) -> None:
    assert server.ask("/demonstration/as/manager/").status == 404


def test_member_can_vote_in_the_open_ballot(visitor: Person, loaded: Loaded) -> None:
    visitor.page.goto("/")

    become(visitor, "member")
    visitor.page.get_by_label("Yes").check(timeout=60_000)
    visitor.page.get_by_role("button", name="Go on").click()
    visitor.page.get_by_role("button", name="Cast my vote").click()

    expect(visitor.page.get_by_role("heading", name="Your vote is in")).to_be_visible(timeout=60_000)


def test_trustee_completes_the_count_with_the_file_and_passphrase(
    browser: Browser, loaded: Loaded, tmp_path: Path
) -> None:
    with (
        Demonstration.start(copy_of(loaded, tmp_path)) as server,
        Person.sit_down(browser, "trustee", server.wait_until_ready().url) as trustee,
    ):
        trustee.page.goto("/")
        become(trustee, "trustee")
        with trustee.page.expect_download() as download:
            trustee.page.get_by_role("link", name="Save your key file").click()
        trustee.page.get_by_role("button", name="Your key file").set_input_files(download.value.path())
        trustee.page.get_by_role("textbox", name="Your passphrase").fill(loader.PASSPHRASE)
        trustee.page.get_by_role("button", name="Check the board").click()
        trustee.page.get_by_role("button", name="They are the same: open the total").click(timeout=120_000)
        trustee.page.get_by_role("link", name="See the ballot").click(timeout=60_000)

        expect(trustee.page.get_by_text(f"{loader.CLOSED_YES} yes, {loader.CLOSED_NO} no")).to_be_visible()


def test_trustees_part_is_all_that_the_count_still_needs(loaded: Loaded) -> None:
    with sqlite3.connect(f"file:{loaded.data / 'openfloor.sqlite3'}?mode=ro", uri=True) as database:
        trustees = dict(
            database.execute(
                "SELECT m.number, t.partial_decryption FROM ballots_trustee t "
                "JOIN workplace_member m ON m.id = t.member_id "
                "JOIN ballots_ballot b ON b.id = t.ballot_id WHERE b.state = 'closed'"
            ).fetchall()
        )
        (needed,) = database.execute("SELECT threshold FROM ballots_ballot WHERE state = 'closed'").fetchone()

    opened = [number for number, part in trustees.items() if part is not None]
    assert loaded.made.personas["trustee"].number in trustees.keys() - set(opened)
    assert len(opened) == needed - 1
