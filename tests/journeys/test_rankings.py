"""Ranking and grading on a phone: by thumb and by keyboard, read back, tested, cast and changed."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from elections.made import RANKING, Made, set_up
from journeys.belonging import sign_in
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step
from openballot.shuffle import check_shuffle

pytestmark = pytest.mark.journey

People = Callable[..., Person]


@pytest.fixture(scope="session")
def prepared(rankings: Prepared) -> Prepared:
    return rankings


@pytest.fixture
def server(prepared: Prepared, tmp_path: Path) -> Iterator[Server]:
    server = prepared.serve(tmp_path)
    yield server
    server.stop()


def booth(one: Person, prepared: Prepared, number: int, state: str) -> Page:
    sign_in(one, prepared.words[number])
    one.page.goto(f"/ballots/{prepared.ballots[state]}/vote/")
    step(one.page, "choose")
    return one.page


def names(page: Page) -> list[str]:
    """In the order in which they stand on the page."""
    return page.locator("[data-rank] [data-name]").all_inner_texts()


def name(page: Page, text: str) -> Locator:
    return page.locator("[data-rank]", has_text=text)


def order(page: Page) -> Locator:
    return page.locator("[data-order]")


def read_back(page: Page) -> list[str]:
    page.get_by_role("button", name="Go on").click()
    step(page, "check")
    return page.locator("[data-chosen] dd").all_inner_texts()


def test_a_member_ranks_by_taps_reads_it_back_changes_it_and_casts(
    server: Server, prepared: Prepared, person: People
) -> None:
    dot = person("Dot")
    page = booth(dot, prepared, 4, "open")
    expect(page.get_by_text("3 are elected. Tap the names in your order")).to_be_visible()
    expect(page.get_by_text("Whoever is elected becomes teller.")).to_be_visible()
    expect(name(page, "Ana")).to_contain_text("entry 4")

    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert").first).to_have_text("Rank one at least, or vote blank.")
    for tapped in ("Chen", "Ana", "Dina", "Chen", "Ben"):
        name(page, tapped).click()
    expect(order(page)).to_have_text("1. Ana, nights · 2. Dina · 3. Ben from transport")
    page.get_by_role("button", name="Ben from transport: one place up").click()
    page.get_by_role("button", name="Ana, nights: one place up").click(force=True)  # it is first already
    dot.check()
    assert read_back(page) == [
        "1. Ana, nights",
        "2. Ben from transport",
        "3. Dina",
        "Not ranked: Chen · Emre, pharmacy",
    ]
    dot.check()

    page.get_by_role("button", name="Change it").click()
    step(page, "choose")
    expect(order(page)).to_have_text("1. Ana, nights · 2. Ben from transport · 3. Dina")
    page.get_by_label("Blank").check()
    expect(order(page)).to_have_text("Nothing is ranked yet.")
    assert read_back(page) == ["Blank: I take part without choosing"]
    page.get_by_role("button", name="Change it").click()
    name(page, "Emre").click()
    expect(page.get_by_label("Blank")).not_to_be_checked()
    assert read_back(page)[0] == "1. Emre, pharmacy"
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")
    dot.check()

    page.get_by_role("button", name="Change my vote").click()
    expect(order(page)).to_have_text("Nothing is ranked yet.")


def test_each_device_draws_an_order_of_its_own_and_keeps_it(
    server: Server, prepared: Prepared, person: People
) -> None:
    seen = []
    for number in (4, 5):
        page = booth(person(f"Entry {number}"), prepared, number, "open")
        first = names(page)
        page.reload()
        step(page, "choose")
        assert names(page) == first
        seen.append(first)

    assert sorted(seen[0]) == sorted(seen[1])


def test_a_ranking_by_keyboard_alone(server: Server, prepared: Prepared, person: People) -> None:
    page = booth(person("Dot"), prepared, 4, "open")
    first, second = page.locator("[data-rank]").nth(0), page.locator("[data-rank]").nth(1)

    first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # up
    page.keyboard.press("Tab")  # down
    page.keyboard.press("Tab")
    expect(second).to_be_focused()
    page.keyboard.press("Space")
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(second).to_have_accessible_name(f"{names(page)[1]} · entry {entry_of(second)} your number 2")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(order(page)).to_have_text(f"1. {names(page)[1]} · 2. {names(page)[0]}")


def entry_of(row: Locator) -> str:
    return row.locator("[data-entry]").inner_text().split()[-1]


def test_a_member_grades_each_proposal_or_none(server: Server, prepared: Prepared, person: People) -> None:
    dot = person("Dot")
    page = booth(dot, prepared, 4, "open_too")
    night = page.get_by_role("group", name="A shorter night shift")
    nurse = page.get_by_role("group", name="One more nurse on nights")
    window = page.get_by_role("group", name="A break room with a window")

    night.get_by_label("Good", exact=True).check()
    nurse.get_by_label("Excellent").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("alert").first).to_have_text("Give each of them a grade, or vote blank.")
    window.get_by_label("Reject").check()
    dot.check()

    assert read_back(page) == [
        "A shorter night shift: Good",
        "One more nurse on nights: Excellent",
        "A break room with a window: Reject",
    ]
    page.get_by_role("button", name="Change it").click()
    page.get_by_label("Blank").check()
    expect(night.get_by_label("Good", exact=True)).not_to_be_checked()
    assert read_back(page) == ["Blank: I take part without choosing"]
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")


def test_a_ranking_that_is_opened_for_a_test_holds_what_was_tapped(
    server: Server, prepared: Prepared, person: People, tmp_path: Path
) -> None:
    page = booth(person("Dot"), prepared, 4, "open")
    for tapped in ("Dina", "Ana"):
        name(page, tapped).click()
    read_back(page)
    page.get_by_text("Test whether this device locked what you chose").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Open this paper and lock a new one").click()
    paper = tmp_path / "paper.json"
    download.value.save_as(paper)

    observer = person("Olu")
    observer.page.goto(f"/board/{prepared.ballots['open']}/")
    observer.page.get_by_text("Open a paper that was saved for a test").click()
    observer.page.get_by_label("The saved paper").set_input_files(paper)
    observer.page.get_by_role("button", name="Open it").click()

    expect(observer.page.locator("[data-tested-answer]")).to_contain_text(
        "1. Dina · 2. Ana, nights · Not ranked: "
    )


MIX_BESIDE_THE_PAGE = """
async ([address, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const policy = trustedTypes.createPolicy("openfloor-worker", { createScriptURL: (url) => url });
  const worker = new Worker(policy.createScriptURL(address));
  const [seen, lived] = [{ votes: 0, steps: [] }, { ticks: 0 }];
  const ask = (message) => new Promise((resolve, reject) => {
    worker.onerror = ({ message: why }) => reject(new Error(why));
    worker.onmessage = ({ data }) => {
      if ("answer" in data) resolve(data.answer);
      if (data.votes) seen.votes = data.votes.papers;
      if (data.steps) seen.steps.push(data.steps.done / data.steps.total);
    };
    worker.postMessage(message);
  });
  const { findings } = await ask({ deed: "check", bytes, checkBallots: true });
  const clock = setInterval(() => { lived.ticks += 1; }, 20);
  const shuffle = await ask({ deed: "mix" });
  clearInterval(clock);
  return { findings, shuffle, ...seen, ...lived };
}
"""


def test_sixty_votes_are_mixed_beside_a_page_that_stays_alive(
    server: Server, prepared: Prepared, person: People
) -> None:
    board = sixty_rankings()
    ada = person("Ada")
    sign_in(ada, prepared.words[1])
    ada.page.goto(f"/ballots/{prepared.ballots['closed']}/trustee/")
    address = ada.page.locator("[data-trustee]").get_attribute("data-worker")

    content = base64.b64encode(board.archive()).decode()
    made = ada.page.evaluate(MIX_BESIDE_THE_PAGE, [address, content])

    assert (made["findings"], made["votes"]) == ([], 60)
    assert made["steps"] == sorted(made["steps"])
    assert made["steps"][-1] == 1
    assert made["ticks"] > 3
    check_shuffle(board.election, board.tally_text, made["shuffle"])


def sixty_rankings() -> Made:
    board = set_up("RFC-3526-2048", questions=(RANKING,), voters=60)
    for voter in range(60):
        board.vote(voter, [[1, 2, 3] if voter % 2 else [2, 0, 1]])
    board.close()
    return board
