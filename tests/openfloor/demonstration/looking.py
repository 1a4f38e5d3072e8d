"""Looking at the pages of the demonstration as somebody does: in both themes, at both widths."""

import re

from playwright.sync_api import Page

from journeys.people import LAPTOP, PHONE, Person

LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (PHONE, LAPTOP)]


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


def faults_of(visitor: Person, addresses: list[str]) -> list[str]:
    found = []
    for address in addresses:
        visitor.page.goto(address)
        found += faults(visitor)
    return found
