"""What a phone loads on the way to a vote, compressed as a proxy sends it: page, styles, scripts, fonts.

Each page is opened in a fresh Chromium, so nothing is kept from the page before. 120 kB is the most that a
page may weigh. The lists that grow with the committee (roll, credentials) are told apart.
"""

import gzip
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from _prepared import open_ballot
from playwright.sync_api import Browser, sync_playwright

from journeys.people import CHROMIUM, QUIET
from journeys.server import Server
from openfloor.workplace.memberkeys import words_from_root

MOST = 120_000  # bytes
SECONDS_TO_LOAD = 4
LISTS = ("/roll.jsonl", "/setup.json", "/ledger.jsonl", ".bel")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        called = open_ballot(server.data, members=3)
        uuid = called.ballot.uuid
        words = " ".join(words_from_root(called.person(1).keys.root))
        server.start()
        try:
            weights = weigh(server.url, ["/join/", "/sign-in/"], None)
            weights |= weigh(server.url, ["/", f"/ballots/{uuid}/", f"/ballots/{uuid}/vote/"], words)
            weights |= weigh(server.url, [f"/board/{uuid}/"], None)
        finally:
            server.stop()
    print(f"pages on the way to a vote, compressed, against {MOST // 1000} kB:")
    for path, (own, lists) in weights.items():
        name = path.replace(uuid, "…")
        print(
            f"  {name:<24} {own / 1000:6.1f} kB   ratio {own / MOST:.2f}   and lists of {lists / 1000:.1f} kB"
        )


def weigh(url: str, paths: list[str], words: str | None) -> dict[str, tuple[int, int]]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        weights = {path: weight_of(browser, url, path, words) for path in paths}
        browser.close()
    return weights


def weight_of(browser: Browser, url: str, path: str, words: str | None) -> tuple[int, int]:
    """Bytes of the page with all that it needs, and of the lists beside it."""
    context = browser.new_context(base_url=url, viewport={"width": 390, "height": 844})
    page = context.new_page()
    if words:
        page.goto("/sign-in/")
        page.get_by_label("Your twelve words").fill(words)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(f"{url}/")
        context.new_cdp_session(page).send("Network.clearBrowserCache")
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url) if request.method == "GET" else None)
    page.goto(path)
    page.wait_for_timeout(SECONDS_TO_LOAD * 1000)
    own = lists = 0
    for address in asked:
        if address.endswith("/live"):
            continue
        weight = len(gzip.compress(context.request.get(address).body(), 6))
        if urlsplit(address).path.endswith(LISTS):
            lists += weight
        else:
            own += weight
    context.close()
    return own, lists


if __name__ == "__main__":
    main()
