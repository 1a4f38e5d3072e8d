"""What people do for one ballot: call it, hold its key, check its list, vote, open the count."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from journeys.people import Person

ZONE = ZoneInfo("America/Los_Angeles")
PASSPHRASE = "four plain quiet words"
SLOW = 60_000


@dataclass
class Receipt:
    words: str
    hash: str


def _wall(moment: datetime) -> str:
    return moment.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")


def call_ballot(
    person: Person,
    title: str,
    *,
    opens: datetime,
    closes: datetime,
    trustees: list[int],
    tellers: list[int],
    waits_for_slips: bool = False,
    checkers: str = "",
) -> str:
    """An organiser drafts and announces a yes-or-no ballot, in the group *checkers* if given; its uuid."""
    page = person.page
    page.goto("/ballots/new/?kind=yes-or-no")
    page.get_by_label("The question in short").fill(title)
    page.get_by_label("The full text").fill("We stop work at 7 a.m. on the day after the contract ends.")
    page.locator("[name$=-question]").first.fill(title)
    set_times(page, opens, closes)
    choose_officers(page, trustees, tellers)
    if waits_for_slips:
        page.get_by_label("Wait for paper slips").check()
    if checkers:
        page.locator(f"[name=group][value={checkers}]").check()
    page.get_by_role("button", name="Save the draft").click()
    return announce(page)


def set_times(page: Page, opens: datetime, closes: datetime) -> None:
    page.get_by_label("Opens, not before").fill(_wall(opens))
    page.locator("[name=closes_at]").fill(_wall(closes))


def choose_officers(page: Page, trustees: list[int], tellers: list[int]) -> None:
    for legend, numbers in (("Trustees", trustees), ("Tellers", tellers)):
        group = page.get_by_role("group", name=legend)
        for number in numbers:
            group.get_by_label(f"Entry {number}", exact=True).check()


def announce(page: Page) -> str:
    """From the page of a draft; its uuid."""
    page.get_by_role("link", name="Announce it").click()
    page.get_by_role("button", name="Announce it").click()
    expect(page.get_by_text("trustees make their keys").first).to_be_visible()
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def make_trustee_key(person: Person, uuid: str, folder: Path) -> Path:
    """
    A trustee makes a key, saves it, and proves that the saved file works; the file.

    Where the key is made together, the page is left open and goes on by itself.
    """
    page = person.page
    page.goto(f"/ballots/{uuid}/trustee/")
    page.get_by_label("Passphrase for the file").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Make my key and save the file").click()
    file = folder / f"{person.name}.json"
    download.value.save_as(file)
    prove(person, file)
    step(page, "wait_keys", "round", "sign")
    return file


def prove(person: Person, file: Path) -> None:
    """The saved file is tried on the page that asks for it."""
    page = person.page
    page.locator("#file").set_input_files(file)
    page.locator("#opening").fill(PASSPHRASE)
    page.get_by_role("button", name="Try it").click()


def lose_key(person: Person, uuid: str) -> None:
    """A trustee says that the key is lost."""
    page = person.page
    page.goto(f"/ballots/{uuid}/trustee/")
    page.get_by_text("I have lost my key").click()
    page.get_by_role("button", name="Say that my key is lost").click()
    expect(page.get_by_text("It is said on the ballot’s page now.")).to_be_visible()
    person.check()


def sign_as_trustee(person: Person, uuid: str) -> None:
    page = person.page
    page.goto(f"/ballots/{uuid}/trustee/")
    step(page, "sign")
    page.get_by_role("button", name="Sign it").click()
    step(page, "wait_open", "wait_close")


def check_list_as_teller(person: Person, uuid: str) -> None:
    page = person.page
    page.goto(f"/ballots/{uuid}/teller/")
    page.get_by_role("button", name="Check the list").click()
    sign = page.get_by_role("button", name="Sign the list")
    expect(sign).to_be_visible(timeout=SLOW)
    person.check()
    sign.click()
    step(page, "signed")


def vote(person: Person, uuid: str, answer: str) -> Receipt:
    """Choose, check, cast; the receipt."""
    page = person.page
    page.goto(f"/ballots/{uuid}/vote/")
    step(page, "choose", "receipt")
    if page.locator('[data-step="receipt"]').is_visible():
        page.get_by_role("button", name="Change my vote").click()
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")
    words = page.locator("[data-receipt-words]").inner_text()
    return Receipt(words, page.locator("[data-receipt-hash]").inner_text())


def choose(person: Person, uuid: str, answer: str) -> Page:
    """Up to the page that reads the choice back."""
    page = person.page
    page.goto(f"/ballots/{uuid}/vote/")
    step(page, "choose")
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Go on").click()
    step(page, "check")
    return page


def rank(person: Person, uuid: str, *names: str) -> None:
    """A member ranks by taps and casts."""
    page = person.page
    page.goto(f"/ballots/{uuid}/vote/")
    step(page, "choose")
    for name in names:
        page.locator("[data-rank]", has_text=name).click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")


def mix(person: Person, uuid: str) -> None:
    """A trustee's browser checks the board and mixes its votes."""
    page = person.page
    page.goto(f"/ballots/{uuid}/trustee/")
    page.get_by_role("button", name="Mix the votes").click()
    step(page, "wait_mix", "open")


def begin_to_open(person: Person, uuid: str, file: Path) -> str:
    """A trustee's browser checks the whole board; the head in words."""
    check_board(person, uuid, file)
    words = person.page.locator("[data-head-words]")
    expect(words).to_be_visible(timeout=SLOW)
    return words.inner_text()


def check_board(person: Person, uuid: str, file: Path) -> None:
    page = person.page
    page.goto(f"/ballots/{uuid}/trustee/")
    step(page, "open")
    page.locator("#key-file").set_input_files(file)
    page.locator("#key-passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Check the board").click()


def open_count(person: Person, uuid: str, file: Path) -> str:
    """A trustee's browser checks the whole board and decrypts; the head in words."""
    seen = begin_to_open(person, uuid, file)
    person.page.get_by_role("button", name="They are the same").click()
    step(person.page, "wait_count", "over")
    return seen


def step(page: Page, *names: str) -> None:
    """Wait until the page shows one of these steps."""
    shown = page.locator(", ".join(f'[data-step="{name}"]:not([hidden])' for name in names))
    expect(shown.first).to_be_visible(timeout=SLOW)


def in_an_hour(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0) + timedelta(hours=1)
