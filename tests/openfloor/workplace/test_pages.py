"""The workplace's pages in a real browser: what only a device can do, and what it says when it cannot."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.belonging import ask_to_join, found, invite, vouch
from journeys.people import LAPTOP, PHONE, Person
from journeys.server import Server

pytestmark = pytest.mark.journey

MEMBER_PAGES = (
    "/me/",
    "/invitations/",
    "/vouch/",
    "/roll/",
    "/roles/",
    "/workplace/",
    "/ledger/",
    "/join/",
    "/found/",
)
STRANGER_PAGES = ("/", "/sign-in/", "/join/", "/found/")
NO_STORAGE = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError') }"


class Committee:
    """A founded committee on a server of its own: Ada is in, and her browser stays open."""

    def __init__(self, browser: Browser, server: Server) -> None:
        self.browser, self.server = browser, server
        link = server.found("Harbor General committee", "--vouch-from-day", "0")
        server.start()
        self.ada = self.sit_down("Ada")
        self.words = found(self.ada, link)

    def sit_down(self, name: str, *, javascript: bool = True) -> Person:
        return Person.sit_down(self.browser, name, self.server.url, java_script_enabled=javascript)


@pytest.fixture(scope="module")
def committee(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Committee]:
    server = Server(tmp_path_factory.mktemp("pages"))
    try:
        yield Committee(browser, server)
    finally:
        if server.process is not None:
            server.stop()


@pytest.fixture
def ada(committee: Committee) -> Iterator[Person]:
    """Ada, signed in, in a new tab: what a test routes or opens is gone with it."""
    tab = committee.ada.context.new_page()
    person = Person("Ada", committee.ada.context, tab, committee.ada.sent, committee.ada.complaints)
    sign_in(tab)
    yield person
    tab.close()
    assert person.complaints == []


@pytest.fixture
def person(committee: Committee) -> Iterator[Callable[..., Person]]:
    with ExitStack() as stack:
        yield lambda name, **how: stack.enter_context(committee.sit_down(name, **how))


def sign_in(page: Page) -> None:
    """By one tap, where the browser is not signed in already."""
    page.goto("/sign-in/?next=/me/")
    if "/sign-in/" in page.url:
        page.get_by_role("button", name="Go on as Ada").click()
    expect(page.locator("[data-key-state]")).to_have_text("Your key is on this device and opens")


def type_words(page: Page, words: str) -> None:
    page.get_by_label("Your twelve words").fill(words)
    page.get_by_role("button", name="Sign in").click()


def error_on(page: Page) -> str:
    expect(page.locator("[data-error]")).to_be_visible()
    return page.locator("[data-error]").inner_text()


# The look


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
@pytest.mark.parametrize("address", MEMBER_PAGES)
def test_page_of_a_member_is_accessible_and_fits(address: str, color_scheme: str, ada: Person) -> None:
    ada.page.emulate_media(color_scheme=color_scheme)  # type: ignore[arg-type]

    for size in (PHONE, LAPTOP):
        ada.page.set_viewport_size(size)  # type: ignore[arg-type]
        ada.page.goto(address)
        expect(ada.page.locator("h1:visible")).to_have_count(1)

        assert ada.axe() == []
        assert ada.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", STRANGER_PAGES)
def test_page_of_a_stranger_is_accessible_and_fits(address: str, person: Callable[..., Person]) -> None:
    stranger = person("Nobody")

    for size in (PHONE, LAPTOP):
        stranger.page.set_viewport_size(size)  # type: ignore[arg-type]
        stranger.page.goto(address)
        expect(stranger.page.locator("h1:visible")).to_have_count(1)

        assert stranger.axe() == []
        assert stranger.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("address", STRANGER_PAGES)
def test_page_without_javascript_says_what_is_impossible_and_why(
    address: str, person: Callable[..., Person]
) -> None:
    reader = person("Nobody", javascript=False)

    reader.page.goto(address)

    expect(reader.page.locator("noscript p")).to_contain_text("impossible without JavaScript:")


# Signing in


def test_key_on_this_device_signs_in_by_one_tap_and_by_keyboard_alone(ada: Person) -> None:
    ada.page.goto("/me/")
    ada.page.get_by_role("button", name="Sign out", exact=True).last.press("Enter")
    ada.page.get_by_role("button", name="Go on as Ada").press("Enter")

    expect(ada.page.get_by_role("navigation", name="Main")).to_be_visible()


def test_twelve_words_sign_in_on_another_device_and_never_leave_it(
    committee: Committee, person: Callable[..., Person]
) -> None:
    other = person("Ada’s laptop")
    other.page.goto("/sign-in/?next=/me/")

    type_words(other.page, "  ".join(committee.words).upper())

    expect(other.page.locator("[data-key-state]")).to_have_text("Your key is on this device and opens")
    sent = b"".join(request.body for request in other.sent).lower()
    assert not [word for word in committee.words if f'"{word}"'.encode() in sent]
    assert b" ".join(word.encode() for word in committee.words[:2]) not in sent


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ability able about", "these are 3"),
        ("ability able about above absent absorb abstract absurd abuse access accident zzz", "“zzz”"),
        ("zoo " * 12, "do not fit together"),
        ("abandon " * 11 + "about", "No member has these words"),
    ],
)
def test_words_that_are_wrong_are_named(typed: str, said: str, person: Callable[..., Person]) -> None:
    stranger = person("Nobody")
    stranger.page.goto("/sign-in/")

    type_words(stranger.page, typed)

    assert said in error_on(stranger.page)


def test_stranger_with_the_right_words_never_waits_for_the_failures_of_others(
    committee: Committee, person: Callable[..., Person]
) -> None:
    stranger = person("Ada’s new phone")
    stranger.page.goto("/sign-in/?next=/me/")
    stranger.page.evaluate(
        """async () => {
            const headers = {
                "Content-Type": "application/json",
                "X-CSRFToken": document.querySelector("meta[name=csrf]").content,
            };
            const body = JSON.stringify({ secret: "0".repeat(64) });
            for (let i = 0; i < 21; i += 1) await fetch("/sign-in/", { method: "POST", headers, body });
        }"""
    )

    type_words(stranger.page, " ".join(committee.words))

    expect(stranger.page.locator("[data-key-state]")).to_have_class("state kept")


def test_key_removed_from_a_device_is_gone(committee: Committee, person: Callable[..., Person]) -> None:
    borrowed = person("A borrowed phone")
    borrowed.page.goto("/sign-in/?next=/me/")
    type_words(borrowed.page, " ".join(committee.words))

    borrowed.page.get_by_role("button", name="Sign out and remove my key").click()

    expect(borrowed.page.get_by_role("heading", name="Sign in with your twelve words")).to_be_visible()


def test_browser_that_keeps_nothing_says_so_before_a_key_is_made(
    ada: Person, person: Callable[..., Person]
) -> None:
    private = person("Private window")
    private.page.add_init_script(NO_STORAGE)

    private.page.goto(invite(ada))

    expect(private.page.get_by_role("heading", name="This browser refuses to keep your key")).to_be_visible()
    private.check()


def test_browser_that_keeps_nothing_signs_in_and_says_what_is_not_possible(
    committee: Committee, person: Callable[..., Person]
) -> None:
    private = person("Private window")
    private.page.add_init_script(NO_STORAGE)
    private.page.goto("/sign-in/?next=/roll/")

    type_words(private.page, " ".join(committee.words))

    expect(private.page.get_by_role("heading", name="your key is not kept")).to_be_visible()
    private.check()
    private.page.get_by_role("button", name="Go on").click()
    expect(private.page.get_by_text("every entry is vouched for")).to_be_visible(timeout=30_000)


# Joining


def test_secret_of_an_invitation_is_out_of_the_address_at_once(
    ada: Person, person: Callable[..., Person]
) -> None:
    link = invite(ada)
    newcomer = person("Ben")

    newcomer.page.goto(link)
    expect(newcomer.page.get_by_label("What should we call you?")).to_be_visible()

    assert newcomer.page.url == link.split("#")[0]
    assert not [request for request in newcomer.sent if link.split("#")[1] in request.url]
    newcomer.page.goto("/sign-in/")
    newcomer.page.go_back()
    assert "#" not in newcomer.page.url


def test_invitation_whose_connection_is_lost_is_tried_again_without_scanning_it(
    ada: Person, person: Callable[..., Person]
) -> None:
    newcomer = person("Ben")
    newcomer.page.route(
        "**/join/", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    newcomer.page.goto(invite(ada))
    said = error_on(newcomer.page)

    newcomer.page.unroute("**/join/")
    newcomer.page.get_by_role("button", name="Try again").click()

    assert "Nothing is lost" in said
    expect(newcomer.page.get_by_label("What should we call you?")).to_be_visible()


def test_word_retyped_wrongly_is_asked_for_again(ada: Person, person: Callable[..., Person]) -> None:
    newcomer = person("Ben")
    newcomer.page.goto(invite(ada))
    newcomer.page.get_by_label("What should we call you?").fill("Ben")
    newcomer.page.get_by_role("button", name="Make my twelve words").click()
    newcomer.page.get_by_role("button", name="I have written them down").click()
    newcomer.page.locator("#first").fill("zzz")
    newcomer.page.get_by_role("button", name="Finish").click()

    assert "is not the one on your list" in error_on(newcomer.page)
    newcomer.check()


def test_enrolment_whose_connection_is_lost_is_finished_with_the_same_words(
    ada: Person, person: Callable[..., Person]
) -> None:
    newcomer = person("Ben")
    newcomer.page.route("**/join/enrol/", lambda route: route.abort())
    with pytest.raises(AssertionError):
        ask_to_join(newcomer, invite(ada))
    said = error_on(newcomer.page)

    newcomer.page.unroute("**/join/enrol/")
    newcomer.page.reload()
    expect(newcomer.page.get_by_role("heading", name="One last step")).to_be_visible()
    newcomer.page.get_by_role("button", name="Finish").click()

    assert "Nothing is lost" in said
    expect(newcomer.page.get_by_role("heading", name="Show this code to a colleague")).to_be_visible()
    newcomer.check()


# Vouching


def test_keys_swapped_by_the_server_are_never_signed(ada: Person, person: Callable[..., Person]) -> None:
    newcomer = person("Ben")
    _, code = ask_to_join(newcomer, invite(ada))

    def swap(route: Route) -> None:
        shown = route.fetch().json()
        shown["keys"]["member"] = "0" * 64
        route.fulfill(json=shown)

    ada.page.route("**/vouch/*.json", swap)
    sent_before = len(ada.sent)
    ada.page.goto(code)

    expect(ada.page.get_by_text("Do not vouch")).to_be_visible()
    assert ada.axe() == []
    assert not [request for request in ada.sent[sent_before:] if request.method == "POST"]


def test_vouch_without_all_three_answers_is_not_signed(ada: Person, person: Callable[..., Person]) -> None:
    _, code = ask_to_join(person("Ben"), invite(ada))
    ada.page.goto(code)
    sent_before = len(ada.sent)

    ada.page.get_by_label("They work here").check()
    ada.page.get_by_role("button", name="I vouch for them").click()

    assert not [request for request in ada.sent[sent_before:] if request.method == "POST"]


def test_code_that_is_no_code_is_refused(ada: Person) -> None:
    ada.page.goto("/vouch/#12.short")

    assert "not a colleague’s code" in error_on(ada.page)


def test_code_survives_signing_in_first(ada: Person, person: Callable[..., Person]) -> None:
    newcomer = person("Ben")
    _, code = ask_to_join(newcomer, invite(ada))
    ada.page.goto("/me/")
    ada.page.get_by_role("button", name="Sign out", exact=True).last.click()

    ada.page.goto(code)
    ada.page.get_by_role("button", name="Go on as Ada").click()

    expect(ada.page.get_by_role("button", name="I vouch for them")).to_be_visible()


# The roll and the ledger


def change_file(page: Page, address: str, change: Callable[[list[str]], list[str]]) -> None:
    """Serve *address* with its lines changed, as a lying server would."""

    def lie(route: Route) -> None:
        lines = route.fetch().text().splitlines()
        route.fulfill(body="".join(f"{line}\n" for line in change(lines)))

    page.route(f"**{address}", lie)


def test_roll_that_changes_behind_us_or_shrinks_raises_the_alarm(
    ada: Person, person: Callable[..., Person]
) -> None:
    newcomer = person("Ben")
    _, code = ask_to_join(newcomer, invite(ada))
    vouch(ada, code)
    ada.page.goto("/roll/")
    expect(ada.page.get_by_text("every entry is vouched for")).to_be_visible(timeout=30_000)

    change_file(ada.page, "/roll.jsonl", lambda lines: lines[:-1])
    ada.page.reload()
    expect(ada.page.get_by_text("The roll has lost lines")).to_be_visible()
    assert ada.axe() == []

    ada.page.unroute("**/roll.jsonl")
    change_file(
        ada.page,
        "/roll.jsonl",
        lambda lines: [*lines[:-1], lines[-1].replace('"founding":true', '"founding":false')],
    )
    ada.page.reload()
    expect(ada.page.get_by_text("The roll was changed behind us")).to_be_visible()


def test_roll_with_a_fault_names_the_line(committee: Committee, person: Callable[..., Person]) -> None:
    fresh = person("Ada’s laptop")
    fresh.page.goto("/sign-in/?next=/me/")
    type_words(fresh.page, " ".join(committee.words))
    expect(fresh.page.locator("[data-key-state]")).to_have_class("state kept")

    change_file(
        fresh.page, "/roll.jsonl", lambda lines: [lines[0], lines[1].replace('"number":1', '"number":2')]
    )
    fresh.page.goto("/roll/")

    expect(fresh.page.get_by_text("nobody proved to hold this key")).to_be_visible(timeout=30_000)
    assert fresh.axe() == []


def test_objection_is_signed_on_the_device_and_taken_back(ada: Person, person: Callable[..., Person]) -> None:
    newcomer = person("Ben")
    _, code = ask_to_join(newcomer, invite(ada))
    vouch(ada, code)
    number = code.split("#")[1].split(".")[0]
    ada.page.goto("/roll/")

    ada.page.get_by_label("The new entry you object to").select_option(number)
    ada.page.get_by_role("button", name="Sign the objection").click()
    expect(ada.page.get_by_text(f"You object to entry {number}")).to_be_visible()
    expect(ada.page.get_by_text("every entry is vouched for")).to_be_visible(timeout=30_000)
    ada.page.get_by_role("button", name="Take it back").click()

    expect(ada.page.get_by_role("button", name="Take it back")).to_have_count(0)


def test_ledger_rewritten_behind_us_raises_the_alarm(ada: Person) -> None:
    ada.page.goto("/ledger/")
    expect(ada.page.get_by_text("This device has checked all")).to_be_visible()

    change_file(ada.page, "/ledger.jsonl", lambda lines: lines[:-1])
    ada.page.reload()
    expect(ada.page.get_by_text("The ledger was changed behind us")).to_be_visible()
    assert ada.axe() == []


def test_file_of_the_roll_is_what_the_page_checked(committee: Committee, ada: Person, tmp_path: Path) -> None:
    ada.page.goto("/roll/")
    with ada.page.expect_download() as download:
        ada.page.get_by_text("Check it with another program").click()
        ada.page.get_by_role("link", name="Download the roll").click()
    file = tmp_path / "roll.jsonl"
    download.value.save_as(file)

    first = json.loads(file.read_text(encoding="utf-8").splitlines()[0])
    assert first["type"] == "openfloor/roll/rules/1"
    committee.server.run("roll", "verify", str(file))
