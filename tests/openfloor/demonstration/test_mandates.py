"""The made-up committee's mandate: every page about it, in both themes and both widths, and its file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from journeys.people import Person

from .looking import become, faults_of, follow
from .server import Demonstration


@pytest.fixture
def visitor(browser: Browser, server: Demonstration) -> Iterator[Person]:
    with Person.sit_down(browser, "visitor", server.url) as person:
        yield person


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

    assert faults_of(visitor, addresses) == []
    assert visitor.complaints == []


@pytest.mark.parametrize("role", ["member", "organiser"])
def test_mandate_says_that_an_offer_was_below_it(visitor: Person, role: str) -> None:
    become(visitor, role)

    visitor.page.goto("/mandates/")

    text = visitor.page.locator("main").inner_text()
    assert "Below the mandate" in text
    assert "Raise over four years: 27 % where at least 31 % was decided." in text
