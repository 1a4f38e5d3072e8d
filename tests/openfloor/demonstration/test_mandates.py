"""The made-up committee's mandate: every page about it, in both themes and both widths, and its file."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from journeys.people import LAPTOP, PHONE, Person

from .server import Demonstration

LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (PHONE, LAPTOP)]


@pytest.fixture
def visitor(browser: Browser, server: Demonstration) -> Iterator[Person]:
    with Person.sit_down(browser, "visitor", server.url) as person:
        yield person


def faults(visitor: Person) -> list[str]:
    page, found = visitor.page, []
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two it takes
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{page.url} {scheme} {size['width']}: {fault}" for fault in visitor.axe()]
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{page.url} {size['width']}: wider than the screen")
    return found


def follow(page: Page, address: str, link: str) -> str:
    """Where a link of a page leads."""
    page.goto(address)
    return page.locator(link).first.get_attribute("href") or ""


def become(visitor: Person, role: str) -> None:
    visitor.page.goto(f"/demonstration/as/{role}/")
    visitor.page.wait_for_url(re.compile("/(ballots|board)/"))


def test_every_page_about_mandates_is_clean(visitor: Person) -> None:
    page = visitor.page
    become(visitor, "organiser")
    mandate = follow(page, "/mandates/", "h2.decided a")
    addresses = [
        *("/", "/mandates/", "/mandates/sheet/", "/ledger/", "/ballots/new/?kind=yes-or-no"),
        mandate,
        f"{mandate}tell/",
        follow(page, mandate, "a[href$='/correct/']"),
        follow(page, mandate, "a[href$='/take-back/']"),
        follow(page, mandate, "a[href$='/vote/']"),
        follow(page, "/mandates/", "a[href^='/board/mandates/']"),
        follow(page, "/mandates/", "a[href^='/board/mandates/']") + "sheet/",
    ]

    found = []
    for address in addresses:
        page.goto(address)
        found += faults(visitor)

    assert found == []
    assert visitor.complaints == []


@pytest.mark.parametrize("role", ["member", "organiser"])
def test_mandate_says_that_an_offer_was_below_it(visitor: Person, role: str) -> None:
    become(visitor, role)

    visitor.page.goto("/mandates/")

    text = visitor.page.locator("main").inner_text()
    assert "Below the mandate" in text
    assert "Raise over four years: 27 % where at least 31 % was decided." in text
