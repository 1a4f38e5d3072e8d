"""The network is gone and the phone is put away: what is kept stays in sight, and goes on by itself."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import choose, step, vote

pytestmark = pytest.mark.journey

People = Callable[..., Person]
WORKER_OF_ANOTHER_LANGUAGE = """async () => {
  for (;;) {
    const { active } = await navigator.serviceWorker.getRegistration();
    if (active?.scriptURL.includes("language=es")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}"""


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("no-connection"))
    yield server
    if server.process is not None:
        server.stop()


def at_home(prepared: Prepared, person: People, number: int) -> Person:
    """A member on the first page, whose worker is there."""
    ada = person(f"Member {number}")
    sign_in(ada, prepared.words[number])
    ada.page.goto("/")
    ada.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    return ada


def test_a_browser_would_install_it(server: Server, prepared: Prepared, person: People) -> None:
    ada = at_home(prepared, person, 4)
    devtools = ada.context.new_cdp_session(ada.page)

    errors = devtools.send("Page.getInstallabilityErrors")["installabilityErrors"]

    # Tests' windows are private ones; there is nothing else to complain about.
    assert [error["errorId"] for error in errors] == ["in-incognito"]


def test_without_a_connection_the_receipt_is_in_sight_and_the_page_goes_on_when_it_is_back(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada = at_home(prepared, person, 4)
    receipt = vote(ada, prepared.ballots["open"], "Yes")
    server.stop()

    ada.page.goto(f"/ballots/{prepared.ballots['open']}/")

    expect(ada.page.get_by_role("heading", name="You have no connection")).to_be_visible()
    expect(ada.page.locator("[data-words]")).to_have_text(receipt.words)
    ada.check()
    server.start()
    ada.page.get_by_role("button", name="Try again").click()
    expect(ada.page.get_by_role("heading", name="What is asked")).to_be_visible()


def test_a_locked_vote_waits_in_sight_and_is_sent_once_when_the_connection_is_back(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, uuid = at_home(prepared, person, 5), prepared.ballots["open"]
    page = choose(ada, uuid, "Yes")
    server.stop()
    page.get_by_role("button", name="Cast my vote").click()
    expect(page.get_by_role("button", name="Send it again")).to_be_visible(timeout=30_000)

    page.goto("/")

    expect(page.get_by_text("Your locked vote is kept on this device.")).to_be_visible()
    server.start()
    page.get_by_role("link", name="Open my vote").click()
    step(page, "receipt")
    expect(page.get_by_role("heading", name="Your vote is in")).to_be_visible()


def test_the_device_keeps_no_page_of_a_member(server: Server, prepared: Prepared, person: People) -> None:
    ada = at_home(prepared, person, 4)

    kept = ada.page.evaluate(
        "async () => { const found = []; for (const name of await caches.keys())"
        " for (const { url } of await (await caches.open(name)).keys()) found.push(new URL(url).pathname);"
        " return found; }"
    )

    assert {path for path in kept if not path.startswith("/static/ui/")} == {"/offline/"}


def test_the_page_without_a_connection_speaks_the_language_that_was_chosen(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada = at_home(prepared, person, 4)
    ada.page.get_by_role("button", name="Español").click()
    expect(ada.page.locator("html")).to_have_attribute("lang", "es")
    ada.page.evaluate(WORKER_OF_ANOTHER_LANGUAGE)
    server.stop()

    ada.page.goto("/")

    expect(ada.page.get_by_role("heading", name="No tienes conexión")).to_be_visible()
    server.start()
