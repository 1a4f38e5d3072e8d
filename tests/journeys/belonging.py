"""What people do to belong: found, invite, join, vouch, give roles, by the labels of the pages."""

import re

from playwright.sync_api import expect

from journeys.people import Person

HOME = re.compile(r"^http://[^/]+/$")
CODE = re.compile(r"/vouch/#\d+\.[A-Za-z0-9_-]{43}$")


def _make_keys(person: Person) -> list[str]:
    """From the nickname to the entry: write the twelve words down, prove it, wait for the keys."""
    page = person.page
    page.get_by_label("What should we call you?").fill(person.name)
    page.get_by_role("button", name="Make my twelve words").click()
    expect(page.get_by_role("heading", name="Write these twelve words down")).to_be_visible()
    words = page.locator("[data-word-list] li").all_inner_texts()
    page.get_by_role("button", name="I have written them down").click()
    for field in (page.locator("#first"), page.locator("#second")):
        label = page.locator(f"label[for={field.get_attribute('id')}]").inner_text()
        field.fill(words[int(label.split()[-1]) - 1])
    page.get_by_role("button", name="Finish").click()
    return words


def found(person: Person, link: str) -> list[str]:
    """The founder opens the one-time link; their twelve words."""
    person.page.goto(link)
    words = _make_keys(person)
    expect(person.page).to_have_url(HOME, timeout=30_000)
    return words


def invite(person: Person, *, uses: int = 5) -> str:
    """A member makes an invitation; the link."""
    page = person.page
    page.goto("/invitations/")
    page.get_by_label("How many people").fill(str(uses))
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("The link")
    expect(link).to_be_visible()
    return link.input_value()


def ask_to_join(person: Person, invitation: str) -> tuple[list[str], str]:
    """Somebody opens an invitation and makes their keys; their twelve words, and the link of their code."""
    person.page.goto(invitation)
    expect(person.page).not_to_have_url(invitation)  # the secret is gone from the address at once
    words = _make_keys(person)
    code = person.page.locator("[data-link]")
    expect(code).to_have_value(CODE)
    return words, code.input_value()


def vouch(person: Person, code: str) -> None:
    """A member scans the colleague's code and vouches."""
    page = person.page
    page.goto(code)
    for said in ("I met this person", "They work here", "They are not management"):
        page.get_by_label(said).check()
    page.get_by_role("button", name="I vouch for them").click()
    expect(page.get_by_text("Signed", exact=True)).to_be_visible()


def propose(person: Person, number: int, role: str) -> None:
    page = person.page
    page.goto("/roles/")
    page.get_by_label("Their entry number").fill(str(number))
    page.get_by_label("The role").select_option(role)
    page.get_by_role("button", name="Propose").click()


def confirm_roles(person: Person) -> None:
    """Sign for every proposal that waits for this person."""
    page = person.page
    page.goto("/roles/")
    buttons = page.get_by_role("button", name="I agree: sign")
    while (waiting := buttons.count()) > 0:
        buttons.first.click()
        expect(buttons).to_have_count(waiting - 1)


def sign_in(person: Person, words: list[str]) -> None:
    """By the twelve words, typed on a device that may never have seen them."""
    page = person.page
    page.goto("/sign-in/")
    page.get_by_label("Your twelve words").fill(" ".join(words))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).not_to_have_url(re.compile("/sign-in/"), timeout=30_000)
