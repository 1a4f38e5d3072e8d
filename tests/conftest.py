"""One browser for all tests of a process: a second Playwright beside a running one refuses to start."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from journeys.people import CHROMIUM, QUIET


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()
