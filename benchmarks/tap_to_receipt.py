"""From the tap on "Go on" to the receipt on the screen, with the processor throttled six times against not.

One member votes again and again in a real Chromium on a real server; rounds are taken in turns.
"""

import statistics
import tempfile
import time
from pathlib import Path

from _goals import at_most
from _prepared import open_ballot
from playwright.sync_api import CDPSession, Page, expect, sync_playwright

from journeys.people import CHROMIUM, QUIET
from journeys.server import Server
from openfloor.workplace.memberkeys import words_from_root

ROUNDS, THROTTLED, PATIENCE = 5, 6, 120_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        uuid, words = prepare(server)
        server.start()
        try:
            pairs = measure(server, uuid, words)
        finally:
            server.stop()
    ratio = statistics.median(slow / fast for slow, fast in pairs)
    slow, fast = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"from tap to receipt, a yes/no ballot in BELENIOS-2048, median of {ROUNDS} rounds in turns:")
    print(f"  throttled {THROTTLED} times {slow:.2f} s   not throttled {fast:.2f} s   ratio {ratio:.1f}")
    at_most(f"tap to receipt, throttled {THROTTLED} times, against one second", 1, slow)


def prepare(server: Server) -> tuple[str, str]:
    """An open ballot in the server's data folder; its uuid, and a member's words."""
    called = open_ballot(server.data, members=3)
    return called.ballot.uuid, " ".join(words_from_root(called.person(1).keys.root))


def measure(server: Server, uuid: str, words: str) -> list[tuple[float, float]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(base_url=server.url, viewport={"width": 390, "height": 844})
        processor = page.context.new_cdp_session(page)
        page.goto("/sign-in/")
        page.get_by_label("Your twelve words").fill(words)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{server.url}/")
        vote(page, uuid)
        pairs = [
            (timed(page, processor, uuid, THROTTLED), timed(page, processor, uuid, 1)) for _ in range(ROUNDS)
        ]
        browser.close()
    return pairs


def timed(page: Page, processor: CDPSession, uuid: str, slower: int) -> float:
    processor.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    return vote(page, uuid)


def vote(page: Page, uuid: str) -> float:
    """Vote, and return the seconds from the first tap that computes to the receipt."""
    page.goto(f"/ballots/{uuid}/vote/")
    receipt = page.locator('[data-step="receipt"]:not([hidden])')
    choices = page.locator('[data-step="choose"]:not([hidden])')
    expect(receipt.or_(choices)).to_be_visible(timeout=PATIENCE)
    if receipt.is_visible():
        page.get_by_role("button", name="Change my vote").click()
    page.get_by_label("Yes", exact=True).check()
    began = time.perf_counter()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click(timeout=PATIENCE)
    expect(receipt).to_be_visible(timeout=PATIENCE)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
