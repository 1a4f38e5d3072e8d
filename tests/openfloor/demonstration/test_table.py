"""The made-up table: every page of it, in both themes and both widths."""

from collections.abc import Iterator

import pytest
from django.urls import resolve
from playwright.sync_api import Browser

from journeys.people import Person
from openfloor.bargaining.urls import urlpatterns

from .looking import become, faults_of, follow
from .server import Demonstration

# For forms, scripts and programs; and a session that nobody has ended shows the rest of its forms itself.
NO_PAGES = {
    *("calendar_file", "calendar_for_program", "end_calendar", "proposals_csv", "proposals_json"),
    *("minutes_json", "write_line", "end_session", "go_on"),
}


@pytest.fixture
def visitor(browser: Browser, server: Demonstration) -> Iterator[Person]:
    with Person.sit_down(browser, "visitor", server.url) as person:
        yield person


def addresses_of(visitor: Person) -> list[str]:
    page = visitor.page
    contract = follow(page, "/bargaining/", "main a[href*='/contracts/']:has-text('Nurses')")
    article = follow(page, contract, "a[href*='/articles/']:has-text('Staffing')")
    now = follow(page, contract, "a[href*='/sessions/']:has-text('Session 13')")
    past = follow(page, contract, "a[href*='/sessions/']:has-text('Session 11')")
    return [
        *("/bargaining/", "/bargaining/calendar/", "/bargaining/contracts/new/"),
        contract,
        *(
            f"{contract}{part}"
            for part in ("change/", "articles/new/", "me/", "import/", "print/", "sessions/new/")
        ),
        article,
        *(f"{article}{part}" for part in ("compare/", "propose/", "agree/", "withdraw/")),
        follow(page, article, "a[href$='/correct/']"),
        follow(page, article, "a[href$='/enforceable/']"),
        now,
        *(f"{now}{part}" for part in ("note-takers/", "rules/", "reading/")),
        past,
        *(f"{past}{part}" for part in ("report/", "report/edit/")),
    ]


def test_every_page_of_the_table_is_clean(visitor: Person) -> None:
    become(visitor, "organiser")
    addresses = addresses_of(visitor)

    visited = {resolve(address).url_name for address in addresses}
    assert {pattern.name for pattern in urlpatterns} - visited == NO_PAGES
    assert faults_of(visitor, addresses) == []
    assert visitor.complaints == []
