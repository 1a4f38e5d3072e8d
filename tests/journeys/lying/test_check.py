"""An observer's own browser verifies the whole board; a lie in the record or on the page is told by name."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys import lies
from journeys.lies import Board, fetch
from journeys.lying.telling import answer_board, answer_with, rewrite
from journeys.people import LAPTOP, PHONE, Person
from journeys.prepared import Prepared
from journeys.server import Server
from openballot.ballots import ballot_hash
from openballot.canonical import hash_hex
from openballot.words import words_of

pytestmark = pytest.mark.journey

SLOW = 60_000
HELD = "Holds"
BROKEN = "Does not hold"


@pytest.fixture
def counted(server: Server, prepared: Prepared) -> tuple[str, Board]:
    return board_of(server, prepared.ballots["counted"])


def board_of(server: Server, uuid: str) -> tuple[str, Board]:
    return uuid, Board.read(fetch(f"{server.url}/board/{uuid}/{uuid}.bel"))


def test_a_counted_board_is_checked_and_comes_to_the_result_of_the_page(
    observer: Person, counted: tuple[str, Board]
) -> None:
    uuid, board = counted
    page = observer.page
    observer.sent.clear()
    page.goto(f"/board/{uuid}/")
    expect(page.locator("[data-check-before]")).to_have_text(
        re.compile(r"^Your browser loads the whole record \(0\.\d MB\) .* that takes a few seconds\.$")
    )
    assert [sent.url for sent in observer.sent if "check-board" in sent.url] == []
    observer.check()

    assert verdict_of(page) == HELD
    expect(page.locator("[data-check-counts] li")).to_have_text("Shall we strike? Yes 2 · No 1 · Blank 0")
    assert re.findall(r"[a-z]+", page.locator("[data-check-words]").inner_text()) == words_of(board.head, 8)
    for viewport in (PHONE, LAPTOP):
        for scheme in ("light", "dark"):
            page.set_viewport_size(viewport)  # type: ignore[arg-type] # a mapping with the two keys asked for
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            observer.check()


def test_a_board_is_checked_while_voting_goes_on(observer: Person, prepared: Prepared) -> None:
    observer.page.goto(f"/board/{prepared.ballots['open']}/")
    assert verdict_of(observer.page) == HELD
    expect(observer.page.get_by_text("There is no result yet.", exact=False)).to_be_visible()


# What does not hold, and where


def with_another_vote(board: Board) -> Board:
    """The first voter's paper says something else."""
    first, *others = board.papers
    challenge = re.compile(r'"challenge":"(\d*)(\d)"')
    altered = challenge.sub(lambda found: f'"challenge":"{found[1]}{(int(found[2]) + 1) % 10}"', first, 1)
    return board.with_papers([altered, *others])


def test_an_altered_vote_is_found_by_name_and_words(observer: Person, counted: tuple[str, Board]) -> None:
    uuid, board = counted
    altered = with_another_vote(board)
    answer_with(observer.context, f"/{uuid}.bel", altered.content())
    observer.page.goto(f"/board/{uuid}/")

    assert verdict_of(observer.page) == BROKEN
    found = observer.page.locator("[data-check-findings] li").all_inner_texts()
    tracker = ballot_hash(altered.papers[0])
    assert any("A vote on the board was changed after it was signed." in line for line in found)
    assert any(f"ballot_individual_proof: ballot {tracker}, question 1, choice 1" in line for line in found)
    assert all(word in found[0] for word in words_of(hash_hex(altered.papers[0]), 6))
    observer.check()


def test_what_is_no_board_is_called_so(observer: Person, counted: tuple[str, Board]) -> None:
    uuid, _ = counted
    answer_with(observer.context, f"/{uuid}.bel", "nothing")
    observer.page.goto(f"/board/{uuid}/")

    assert verdict_of(observer.page) == BROKEN
    expect(observer.page.get_by_text("What was sent is no record of a vote.")).to_be_visible()


PAGE_LIES: list[tuple[Callable[[str], str], str]] = [
    (
        lambda text: re.sub(r"<span data-votes>2</span>", "<span data-votes>1</span>", text),
        "The counts that this page shows are not those of the record.",
    ),
    (
        lambda text: re.sub(r'(<strong>|<th scope="row">)No(</strong>|</th>)', r"\1Never\2", text),
        "The questions that are shown are not the ones of the election.",
    ),
    (
        lambda text: re.sub(r"(data-head-hash>)[0-9a-f]{4}", r"\g<1>0000", text),
        "The board that this page shows is not the one in the record.",
    ),
    (
        lambda text: re.sub(r"(data-may-vote>)5", r"\g<1>6", text),
        "By the record 5 may vote; this page shows another number.",
    ),
]


@pytest.mark.parametrize(("change", "found"), PAGE_LIES, ids=["counts", "answers", "head", "entitled"])
def test_a_page_that_shows_something_else_than_the_record_is_told(
    observer: Person, counted: tuple[str, Board], change: Callable[[str], str], found: str
) -> None:
    uuid, _ = counted
    rewrite(observer.context, f"/board/{uuid}/", change)
    observer.page.goto(f"/board/{uuid}/")

    assert verdict_of(observer.page) == BROKEN
    expect(observer.page.get_by_text("The record holds, but this page shows something else.")).to_be_visible()
    expect(observer.page.get_by_text(found)).to_be_visible()


# A long check


@pytest.fixture
def long_board(observer: Person, server: Server, prepared: Prepared) -> str:
    """Hundreds of papers to check, as the host tells it."""
    uuid, board = board_of(server, prepared.ballots["closed"])
    answer_board(observer.context, uuid, board.with_papers(lies.many_papers(board.papers[0], 600)))
    return uuid


def test_a_check_says_how_long_it_takes_and_is_stopped(observer: Person, long_board: str) -> None:
    page = observer.page
    page.goto(f"/board/{long_board}/")
    begin(page)
    expect(page.locator("[data-check-left]")).to_have_text(
        re.compile(r"^Votes checked: \d+ of \d+\. (A few|About \d+) (seconds|minutes) are left\.$"),
        timeout=SLOW,
    )
    assert page.locator("[data-check-bar]").evaluate("bar => bar.value > 0 && bar.value < bar.max")
    assert len(page.workers) > 0
    observer.check()

    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Check everything on this device")).to_be_visible()
    expect(page.locator("[data-error]")).to_be_hidden()
    expect_no_workers(page)


def test_a_page_that_is_left_stops_checking_and_begins_anew(observer: Person, long_board: str) -> None:
    page = observer.page
    page.goto(f"/board/{long_board}/")
    begin(page)
    expect(page.locator("[data-check-phase]")).to_have_text("Your browser checks every vote.", timeout=SLOW)

    page.goto("/sign-in/")
    expect_no_workers(page)
    page.go_back()
    expect(page.get_by_role("button", name="Check everything on this device")).to_be_visible()
    expect(page.locator("[data-check-part=running]")).to_be_hidden()
    page.wait_for_load_state("networkidle")


def begin(page: Page) -> None:
    page.get_by_role("button", name="Check everything on this device").click()


def expect_no_workers(page: Page) -> None:
    for _ in range(50):
        if not page.workers:
            return
        page.wait_for_timeout(100)
    raise AssertionError("workers go on without their page")


def verdict_of(page: Page) -> str:
    begin(page)
    expect(page.locator("[data-check-part=done]")).to_be_visible(timeout=SLOW)
    return page.locator("[data-verdict]").inner_text()
