"""Nothing that a board has shown or promised can be taken back: devices and watchers keep what they saw."""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Route, expect

from journeys.lies import GHOST, Board, Host, fetch
from journeys.lying.conftest import Member
from journeys.lying.noticing import kept, posted
from journeys.lying.programs import run, watch
from journeys.lying.telling import answer_board, answer_with, lying, rewrite, write_board
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step, vote
from openballot.ballots import ballot_hash
from openballot.words import words_of
from openfloor.ballots import statements

pytestmark = pytest.mark.journey

VOTER, OTHER_VOTER = 4, 5
GONE_FROM_BOARD = (
    "The board no longer holds what this device saw there."
    " Keep your receipt and tell a teller or a trustee in person."
)
FORKED = (
    "This board is not the one that this device saw before: something is gone or changed."
    " Keep your receipt, and tell a teller or a trustee in person."
)
NOT_COMPARED = (
    "Your device could not compare the board with what it saw here before."
    " Look again later, or ask an observer who runs openballot watch."
)
BAD_RECEIPT = (
    "The answer is not a receipt signed by your committee’s board. Your locked vote is kept;"
    " send it again, and tell a teller if this comes back."
)
SHUT_EARLY = (
    "The server says that voting is over. By the signed charter it is not."
    " Tell a teller or a trustee in person."
)


@pytest.fixture
def host(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["open"])


@pytest.fixture
def closed(server: Server, prepared: Prepared) -> tuple[str, Board]:
    uuid = prepared.ballots["closed"]
    return uuid, board_at(server, uuid)


# A board that is honest


def test_a_board_that_only_grows_alarms_nobody(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person], tmp_path: Path
) -> None:
    uuid, mirror = prepared.ballots["open"], tmp_path / "mirror.bel"
    voter, other = member_of(own_server, VOTER), member_of(own_server, OTHER_VOTER)
    vote(voter, uuid, "Yes")
    wait_for_height(own_server, uuid, 1)
    assert watch(own_server.url, uuid, mirror)[0] == 0
    look_at_board(voter, uuid)
    vote(other, uuid, "No")
    wait_for_height(own_server, uuid, 2)

    look_at_board(voter, uuid)
    assert_no_error(voter)
    voter.page.goto(f"/ballots/{uuid}/vote/")
    step(voter.page, "receipt")
    assert_no_error(voter)
    assert watch(own_server.url, uuid, mirror)[0] == 0


# A board that takes something back: in the database, with the chain made whole again


def test_a_dropped_ballot_is_missed_by_its_voter_and_by_a_watcher(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person], tmp_path: Path
) -> None:
    uuid, mirror = prepared.ballots["open"], tmp_path / "mirror.bel"
    voter, other = member_of(own_server, VOTER), member_of(own_server, OTHER_VOTER)
    for number, person in enumerate((voter, other), start=1):
        vote(person, uuid, "No")
        wait_for_height(own_server, uuid, number)
    assert watch(own_server.url, uuid, mirror)[0] == 0
    honest = board_at(own_server, uuid)
    dropped = honest.with_papers(honest.papers[1:])
    with lying(own_server) as database:
        (own_server.data / "secrets" / f"{uuid}.height").unlink()  # or the program itself would call it void
        write_board(database, uuid, dropped)
    assert board_at(own_server, uuid) == dropped

    other.set_clock(datetime.now(UTC) + timedelta(minutes=4))  # until then it might only not be shown yet
    for person in (voter, other):
        look_at_board(person, uuid)
        expect_error(person, FORKED)
    voter.page.goto(f"/ballots/{uuid}/vote/")
    expect_error(voter, GONE_FROM_BOARD)
    code, said = watch(own_server.url, uuid, mirror)
    assert code == 1
    assert "forked or shortened" in said
    for board in (honest, dropped):
        assert f"{board.head} {' '.join(words_of(board.head, 8))}" in said
    code, said = run("openballot", "verify", saved(own_server, uuid, tmp_path), "--head", honest.head)
    assert code == 1
    assert "The last event is not the one that was asked for." in said


def test_a_ballot_that_is_closed_early_is_noticed_by_whoever_was_in_the_booth(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person]
) -> None:
    uuid = prepared.ballots["open"]
    voter, other = member_of(own_server, VOTER), member_of(own_server, OTHER_VOTER)
    for person in (voter, other):
        person.page.goto(f"/ballots/{uuid}/vote/")
        step(person.page, "choose")
    with lying(own_server) as database:
        database.execute(
            "UPDATE ballots_ballot SET closes_at = opened_at, opens_not_before = '2000-01-01' WHERE uuid = ?",
            (uuid,),
        )

    page = voter.page
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "lost")
    expect(page.locator("[data-lost]")).to_have_text(SHUT_EARLY)
    other.page.goto(f"/ballots/{uuid}/vote/")
    expect_error(other, SHUT_EARLY)


# A board that is changed on its way to one browser


def drop_the_first(board: Board) -> Board:
    return board.with_papers(board.papers[1:])


def put_in_another_order(board: Board) -> Board:
    return board.with_papers(board.papers[::-1])


def end_before_the_last(board: Board) -> Board:
    return board.with_papers(board.papers[:-1])


@pytest.mark.parametrize("change", [drop_the_first, put_in_another_order, end_before_the_last])
def test_an_observers_device_notices_another_board_than_before(
    observer: Person, closed: tuple[str, Board], change: Callable[[Board], Board]
) -> None:
    uuid, board = closed
    look_at_board(observer, uuid)
    assert kept(observer, f"heads/{uuid}")[0]["head"] == board.head
    look_at_board(observer, uuid)
    assert_no_error(observer)

    answer_board(observer.context, uuid, change(board))
    look_at_board(observer, uuid)
    expect_error(observer, FORKED)


def test_an_observers_device_notices_a_board_that_is_none(
    observer: Person, closed: tuple[str, Board]
) -> None:
    uuid, board = closed
    look_at_board(observer, uuid)
    answer_with(observer.context, f"/{uuid}.bel", board.content()[:-512])
    look_at_board(observer, uuid)
    expect_error(observer, FORKED)


@pytest.mark.parametrize("excuse", ["so many votes", "no answer"])
def test_a_device_that_is_kept_from_comparing_says_so(
    observer: Person, closed: tuple[str, Board], excuse: str
) -> None:
    uuid, _board = closed
    look_at_board(observer, uuid)
    if excuse == "so many votes":
        rewrite(
            observer.context, "/head.json", lambda text: json.dumps({**json.loads(text), "ballots": 2_001})
        )
    else:
        observer.context.route(f"**/{uuid}.bel", lambda route: route.fulfill(status=404))
    look_at_board(observer, uuid)
    expect_error(observer, NOT_COMPARED)


# Receipts


def test_a_receipt_by_another_board_key_is_refused_and_the_vote_is_kept(member: Member, host: Host) -> None:
    voter = member(VOTER)

    def sign_again(text: str) -> str:
        answer = json.loads(text)
        return json.dumps({**answer, "signature": GHOST.sign(answer["receipt"])})

    rewrite(voter.context, f"/board/{host.uuid}/cast", sign_again)
    cast(voter, host)
    expect_error(voter, BAD_RECEIPT)
    assert kept(voter, f"receipt/{host.uuid}") is None
    paper = kept(voter, f"pending-paper/{host.uuid}")["paper"]

    voter.context.unroute_all()
    voter.page.get_by_role("button", name="Send it again").click()
    step(voter.page, "receipt")
    assert kept(voter, f"receipt/{host.uuid}")["paper"] == paper
    assert posted(voter) == [f"/board/{host.uuid}/cast"] * 2


def test_a_receipt_that_names_another_event_of_the_board_is_found_out(
    member: Member, server: Server, host: Host
) -> None:
    """The host takes the vote, signs for it, records nothing, and points to what stood there already."""
    voter = member(VOTER)
    first = board_at(server, host.uuid).chained()[0]
    sign_without_recording(voter.context, host, event=first.hash, height=0)
    cast(voter, host)
    step(voter.page, "receipt")
    look_at_board(voter, host.uuid)
    expect_error(voter, FORKED)


def test_a_receipt_for_what_never_comes_is_found_out_within_minutes(member: Member, host: Host) -> None:
    voter = member(VOTER)
    sign_without_recording(voter.context, host, event="ab" * 32, height=500)
    cast(voter, host)
    step(voter.page, "receipt")
    look_at_board(voter, host.uuid)
    assert_no_error(voter)
    voter.set_clock(datetime.now(UTC) + timedelta(minutes=4))
    look_at_board(voter, host.uuid)
    expect_error(voter, FORKED)


def sign_without_recording(context: BrowserContext, host: Host, *, event: str, height: int) -> None:
    """Receipts as the board signs them; the paper goes nowhere."""

    def answer(route: Route) -> None:
        receipt = statements.receipt(
            ballot=host.uuid,
            election_hash=host.election.fingerprint,
            ballot_hash=ballot_hash(route.request.post_data or ""),
            event=event,
            height=height,
            ledger_head=host.charter["ledger_head"],
        )
        signature = host.board_signature(receipt)
        route.fulfill(json={"receipt": receipt, "signature": signature, "state": "counts"})

    context.route(f"**/board/{host.uuid}/cast", answer)


# What is on the board


def test_a_result_that_the_trustees_did_not_open_is_refused_by_whoever_verifies_it(
    server: Server, prepared: Prepared, tmp_path: Path
) -> None:
    uuid = prepared.ballots["counted"]
    honest = saved(server, uuid, tmp_path)
    assert run("openballot", "verify", honest, "--require", "counted")[0] == 0
    *events, result = Board.read(honest.read_bytes()).events
    assert result.data == ('{"result":[[0,2,1]]}',)
    board = Board.read(honest.read_bytes())
    forged = tmp_path / "forged.bel"
    turned = result._replace(data=('{"result":[[0,1,2]]}',))
    forged.write_bytes(Board(board.timestamp, (*events, turned)).content())

    code, said = run("openballot", "verify", forged)
    assert code == 1
    assert "A count or an answer is not what the trustees decrypted." in said


def cast(voter: Person, host: Host) -> None:
    page = voter.page
    page.goto(f"/ballots/{host.uuid}/vote/")
    step(page, "choose")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()


def look_at_board(person: Person, uuid: str) -> None:
    """Until the device has compared what it saw before with what it sees."""
    with person.page.expect_response(f"**/board/{uuid}/head.json"):
        person.page.goto(f"/board/{uuid}/")
    person.page.wait_for_load_state("load")


def expect_error(person: Person, sentence: str) -> None:
    expect(person.page.locator("[data-error]")).to_have_text(sentence, timeout=20_000)


def assert_no_error(person: Person) -> None:
    person.page.wait_for_timeout(1_000)
    expect(person.page.locator("[data-error]")).to_be_hidden()


def board_at(server: Server, uuid: str) -> Board:
    return Board.read(fetch(f"{server.url}/board/{uuid}/{uuid}.bel"))


def saved(server: Server, uuid: str, folder: Path) -> Path:
    file = folder / f"{uuid}.bel"
    file.write_bytes(fetch(f"{server.url}/board/{uuid}/{uuid}.bel"))
    return file


def wait_for_height(server: Server, uuid: str, height: int) -> None:
    """Until the public board shows this event."""
    for _ in range(100):
        if json.loads(fetch(f"{server.url}/board/{uuid}/head.json"))["height"] >= height:
            return
        time.sleep(0.1)
    raise AssertionError("the board does not advance")
