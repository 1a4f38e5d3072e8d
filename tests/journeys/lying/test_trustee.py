"""A trustee's browser signs one election, answers one test, and opens one sum that it made itself."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from journeys import lies
from journeys.lies import GHOST, Board, Host, Setup, fetch
from journeys.lying.conftest import Member
from journeys.lying.deeds import extended, signed_by_members
from journeys.lying.noticing import alarm, posted
from journeys.lying.programs import run
from journeys.lying.telling import answer_board, answer_json, page_says
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import PASSPHRASE, SLOW, check_board, make_trustee_key, prove, step
from openballot.words import words_of
from openfloor.ballots import devices

pytestmark = pytest.mark.journey

TRUSTEE, LAST_TRUSTEE = 1, 3
TRUSTEES_SIGNATURE = "A trustee’s signature does not hold for this ballot."
TELLERS_SIGNATURE = "A teller’s signature does not hold for the list of voters."
OTHER_BOARD = "The board has another list of voters, or another election, than the one that was signed."
FORKED = "The board is not the one that this device saw before: something is gone or changed."
OWN_KEY = "Your own key is not among the keys that make the ballot’s key."
SECOND = "You have opened this ballot already, in another sum or order. A second one could open single votes."
MANY = 2_001


@pytest.fixture
def frozen(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["frozen_own"])


@pytest.fixture
def closed(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["closed"])


@pytest.fixture
def board(server: Server, closed: Host) -> Board:
    return Board.read(fetch(f"{server.url}/board/{closed.uuid}/{closed.uuid}.bel"))


# Signing


def text_only(host: Host) -> Setup:
    return {**host.setup, "charter": lies.with_charter(host.setup, text="We go back to work.")["charter"]}


def own_key_swapped(host: Host) -> Setup:
    return lies.with_own_trustee(host.setup, LAST_TRUSTEE - 1)


def key_that_cancels_the_others(host: Host) -> Setup:
    return lies.with_rogue_trustee(host.setup, TRUSTEE - 1)


def one_key_for_two(host: Host) -> Setup:
    return lies.with_repeated_trustee(host.setup)


def key_of_nobody(host: Host) -> Setup:
    other = lies.with_own_trustee(host.setup, 0)
    return {**other, "trustees": host.setup["trustees"], "charter": host.setup["charter"]}


class SigningLie(NamedTuple):
    setup: Callable[[Host], Setup]
    found: str


SIGNING_LIES = [
    SigningLie(text_only, "The text that is shown is not the text that is locked into the votes."),
    SigningLie(own_key_swapped, OWN_KEY),
    SigningLie(key_that_cancels_the_others, "A trustee’s key comes without a proof that somebody holds it."),
    SigningLie(one_key_for_two, "Two trustees have the same key."),
    SigningLie(key_of_nobody, "The ballot’s key is not made of its trustees’ keys."),
]


def test_a_trustee_signs_what_an_honest_host_sends(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path
) -> None:
    trustee = member(LAST_TRUSTEE)
    bring_key(trustee, prepared, frozen, tmp_path)
    step(trustee.page, "sign")
    expect(trustee.page.get_by_role("button", name="Sign it")).to_be_enabled()
    assert posted(trustee) == []


@pytest.mark.parametrize("lie", SIGNING_LIES, ids=lambda lie: lie.setup.__name__)
def test_a_trustee_who_is_sent_another_setup_signs_nothing(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path, lie: SigningLie
) -> None:
    """The page itself tells the same lie as the texts: it names the host's key as the trustee's."""
    trustee = member(LAST_TRUSTEE)
    setup = lie.setup(frozen)
    answer_json(trustee.context, "/setup.json", setup)
    own = json.loads(setup["trustees"])[LAST_TRUSTEE - 1][1]
    page_says(trustee, frozen.uuid, public_key=json.dumps(own, separators=(",", ":")))
    bring_key(trustee, prepared, frozen, tmp_path)
    assert lie.found in alarm(trustee)
    expect(trustee.page.get_by_role("button", name="Sign it")).to_be_hidden()
    assert posted(trustee) == []


def test_a_trustee_remembers_the_key_that_their_device_made_and_the_test_that_it_answered(
    member: Member, prepared: Prepared, frozen: Host, board: Board, tmp_path: Path
) -> None:
    trustee, uuid = member(TRUSTEE), prepared.ballots["announced_own"]
    file = make_trustee_key(trustee, uuid, tmp_path)
    trustee.sent.clear()

    opened = json.loads(board.events[-1].data[0])[0][0]
    page_says(trustee, uuid, begin="prove", alpha=opened["alpha"], beta=opened["beta"])
    trustee.page.goto(f"/ballots/{uuid}/trustee/")
    prove(trustee, file)
    expect(trustee.page.locator("[data-error]")).to_contain_text("It answers only one")
    assert posted(trustee) == []

    trustee.context.unroute_all()
    forged = lies.with_charter(lies.with_own_trustee(frozen.setup, TRUSTEE - 1), ballot=uuid)
    own = json.dumps(json.loads(forged["trustees"])[TRUSTEE - 1][1], separators=(",", ":"))
    answer_json(trustee.context, "/setup.json", forged)
    page_says(trustee, uuid, begin="sign", public_key=own)
    trustee.page.goto(f"/ballots/{uuid}/trustee/")
    assert alarm(trustee) == [OWN_KEY]
    assert posted(trustee) == []


def test_a_trustee_signs_one_election_of_a_ballot_and_takes_no_test_afterwards(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path
) -> None:
    trustee = member(LAST_TRUSTEE)
    bring_key(trustee, prepared, frozen, tmp_path)
    trustee.page.get_by_role("button", name="Sign it").click()
    step(trustee.page, "wait_open")
    trustee.sent.clear()

    page_says(trustee, frozen.uuid, begin="sign")
    answer_json(trustee.context, "/setup.json", lies.with_charter(frozen.setup, text="We go back to work."))
    bring_key(trustee, prepared, frozen, tmp_path)
    assert alarm(trustee) == ["This is not the ballot that you signed."]

    trustee.context.unroute_all()
    page_says(trustee, frozen.uuid, begin="prove", alpha="4", beta="16")
    trustee.page.goto(f"/ballots/{frozen.uuid}/trustee/")
    prove(trustee, prepared.key_file("frozen_own", LAST_TRUSTEE, tmp_path))
    expect(trustee.page.locator("[data-error]")).to_contain_text("frozen already")
    assert posted(trustee) == []


# Opening: the setup


class Told(NamedTuple):
    """What there is to lie about."""

    host: Host
    board: Board
    prepared: Prepared


def list_of_one_voter(told: Told) -> Setup:
    """Whoever else stands on it is the host: then the sum tells that voter's vote."""
    return lies.list_of_one_voter(told.host.setup, told.board.papers[0])


def another_election_with_the_same_keys(told: Told) -> Setup:
    return lies.signed_by_host(lies.with_charter(told.host.setup, text="Another."))


def another_election_signed_by_the_others(told: Told) -> Setup:
    setup = lies.with_charter(told.host.setup, text="Another.")
    signed = signed_by_members(setup, told.prepared)
    return {**signed, "freezes": [*setup["freezes"][:1], *signed["freezes"][1:]]}


def extension_that_the_host_ignores(told: Told) -> Setup:
    return extended(told.host, told.prepared)


class OpeningLie(NamedTuple):
    setup: Callable[[Told], Setup]
    found: str


OPENING_LIES = [
    OpeningLie(list_of_one_voter, TELLERS_SIGNATURE),
    OpeningLie(another_election_with_the_same_keys, TRUSTEES_SIGNATURE),
    OpeningLie(another_election_signed_by_the_others, TRUSTEES_SIGNATURE),
    OpeningLie(
        extension_that_the_host_ignores,
        "By the signed charter, voting is not over yet. Check the clock of your device.",
    ),
]


@pytest.mark.parametrize("lie", OPENING_LIES, ids=lambda lie: lie.setup.__name__)
def test_a_trustee_who_is_sent_another_setup_opens_nothing(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path, lie: OpeningLie
) -> None:
    trustee = member(TRUSTEE)
    setup = lie.setup(Told(closed, board, prepared))
    answer_json(trustee.context, "/setup.json", setup)
    answer_board(trustee.context, closed.uuid, board.with_setup(setup))
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


# Opening: the board


def sum_of_one_ballot(board: Board, _closed: Host) -> Board:
    return board.with_papers(board.papers, board.sum_of(board.papers[:1]))


def no_sum_yet(board: Board, _closed: Host) -> Board:
    return replace(board, events=board.events[:-1])


def paper_without_proof(board: Board, _closed: Host) -> Board:
    return board.with_papers([*board.papers, *lies.many_papers(board.papers[0], 1)])


def paper_by_nobody(board: Board, closed: Host) -> Board:
    paper = devices.vote(GHOST, closed.setup["election"], "0" * 64, [[0, 1, 0]])
    return board.with_papers([*board.papers, paper], board.sum_of(board.papers))


def list_of_the_board_alone(board: Board, closed: Host) -> Board:
    return board.with_setup(lies.list_of_one_voter(closed.setup, board.papers[0]))


def list_and_papers_of_the_board(board: Board, closed: Host) -> Board:
    return list_of_the_board_alone(board.with_papers(board.papers[:1]), closed)


class BoardLie(NamedTuple):
    change: Callable[[Board, Host], Board]
    found: str


BOARD_LIES = [
    BoardLie(sum_of_one_ballot, "The sum that the server offers is not the sum of the votes on the board."),
    BoardLie(no_sum_yet, "The board does not hold the sum yet."),
    BoardLie(paper_without_proof, "A vote on the board fails a proof, or is made for another ballot."),
    BoardLie(paper_by_nobody, "A vote on the board is by nobody on the list of voters."),
    BoardLie(list_of_the_board_alone, "A vote on the board is by nobody on the list of voters."),
    BoardLie(list_and_papers_of_the_board, OTHER_BOARD),
]


@pytest.mark.parametrize("lie", BOARD_LIES, ids=lambda lie: lie.change.__name__)
def test_a_trustee_who_is_shown_another_board_opens_nothing(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path, lie: BoardLie
) -> None:
    trustee = member(TRUSTEE)
    answer_board(trustee.context, closed.uuid, lie.change(board, closed))
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


def test_a_trustee_who_saw_the_board_before_opens_no_board_of_one_ballot(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    with trustee.page.expect_response("**/head.json"):
        trustee.page.goto(f"/board/{closed.uuid}/")
    trustee.page.wait_for_timeout(500)
    answer_board(trustee.context, closed.uuid, board.with_papers(board.papers[:1]))
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    assert alarm(trustee) == [FORKED]
    assert posted(trustee) == []


def test_trustees_who_saw_nothing_before_see_different_words_for_different_boards(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path
) -> None:
    trustee, other = member(TRUSTEE), member(LAST_TRUSTEE)
    single = board.with_papers(board.papers[:1])
    answer_board(trustee.context, closed.uuid, single)
    for person in (trustee, other):
        check_board(person, closed.uuid, own_file(person, prepared, tmp_path))
        step(person.page, "compare")
    assert words_shown(trustee) == words_of(single.head, 8)
    assert words_shown(other) == words_of(board.head, 8)
    assert words_shown(trustee) != words_shown(other)
    expect(trustee.page.get_by_text("checked 1 vote")).to_be_visible()

    trustee.page.get_by_role("button", name="They differ: stop").click()
    step(trustee.page, "stopped")
    assert posted(trustee) == []


def test_a_board_of_too_many_votes_to_check_is_opened_only_as_an_observer_added_it_up(
    member: Member, prepared: Prepared, server: Server, closed: Host, board: Board, tmp_path: Path
) -> None:
    """
    Two thousand papers without proofs hide a single vote: taken off the sum, they leave it bare.

    So all rests on the observer's word: whoever types the host's own hash does open that sum.
    """
    trustee = member(TRUSTEE)
    victim, known, _ = board.papers
    counted = lies.many_papers(known, MANY - 1)
    crowded = board.with_papers([victim, *counted], board.sum_of([victim, counted[-1]]))
    answer_board(trustee.context, closed.uuid, crowded)
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    step(trustee.page, "compare")
    open_it = trustee.page.get_by_role("button", name="They are the same: open the total")
    error = trustee.page.locator("[data-error]")
    open_it.click()
    expect(error).to_have_text("Ask an observer first, and type the hash that they got.")

    archive = tmp_path / "board.bel"
    archive.write_bytes(fetch(f"{server.url}/board/{closed.uuid}/{closed.uuid}.bel"))
    code, said = run("openballot", "tally", archive, "--hash")
    assert (code, said.strip()) == (0, lies.tally_hash(board))
    trustee.page.get_by_label("The sum’s hash, as an observer got it").fill(said)
    open_it.click()
    expect(error).to_contain_text("The observer got another sum than this site shows you.")
    assert posted(trustee) == []

    trustee.page.get_by_label("The sum’s hash, as an observer got it").fill(lies.tally_hash(crowded))
    open_it.click()
    expect(error).not_to_be_empty(timeout=SLOW)  # the host's own words: it knows of no such sum
    assert posted(trustee) == [f"/ballots/{closed.uuid}/trustee/decrypt/"]


def test_a_trustee_opens_one_sum_of_a_ballot(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path
) -> None:
    trustee = member(LAST_TRUSTEE)
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    step(trustee.page, "compare")
    trustee.page.get_by_role("button", name="They are the same: open the total").click()
    step(trustee.page, "wait_count")
    assert posted(trustee) == [f"/ballots/{closed.uuid}/trustee/decrypt/"]
    trustee.sent.clear()

    page_says(trustee, closed.uuid, begin="open")
    answer_board(trustee.context, closed.uuid, board.with_papers(board.papers[:1]))
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    assert SECOND in alarm(trustee)
    assert posted(trustee) == []


def test_a_trustee_with_two_tabs_opens_one_sum(
    member: Member, prepared: Prepared, closed: Host, board: Board, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    check_board(trustee, closed.uuid, own_file(trustee, prepared, tmp_path))
    step(trustee.page, "compare")
    other = replace(trustee, page=trustee.context.new_page())
    answer_board(trustee.context, closed.uuid, board.with_papers(board.papers[:1]))
    check_board(other, closed.uuid, own_file(other, prepared, tmp_path))
    step(other.page, "compare")

    for person in (trustee, other):
        person.page.get_by_role("button", name="They are the same: open the total").click()
        step(person.page, "wait_count", "over", "alarm")

    assert alarm(other) == [SECOND]
    assert posted(trustee) == [f"/ballots/{closed.uuid}/trustee/decrypt/"]
    other.page.close()


def bring_key(trustee: Person, prepared: Prepared, host: Host, folder: Path) -> None:
    """On a device that did not make the key."""
    page = trustee.page
    page.goto(f"/ballots/{host.uuid}/trustee/")
    file = prepared.key_file("frozen_own", LAST_TRUSTEE, folder)
    page.locator("#bring-file").set_input_files(file)
    page.locator("#bring-passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Check the ballot").click()


def own_file(trustee: Person, prepared: Prepared, folder: Path) -> Path:
    return prepared.key_file("closed", int(trustee.name.split()[-1]), folder)


def words_shown(trustee: Person) -> list[str]:
    return trustee.page.locator("[data-head-words]").inner_text().replace("·", " ").split()
