"""A trustee's browser opens no votes but those that enough trustees have mixed, each in their own name."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest

from journeys.lies import GHOST, Board, Event, Host, Signed, fetch, mixed
from journeys.lying.conftest import Member
from journeys.lying.deeds import keys_of
from journeys.lying.noticing import alarm, posted
from journeys.lying.telling import answer_board, answer_json, page_says
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import check_board, mix, step
from openballot import decryption
from openballot.canonical import compact
from openfloor.workplace.memberkeys import MemberKeys

pytestmark = pytest.mark.journey

TRUSTEE, OTHER, LAST_TRUSTEE = 1, 2, 3
UNSIGNED = "Votes were mixed in the name of a trustee who has not signed for it."
FORGED = "A trustee’s signature does not hold for the mixing in their name."
TOO_FEW = "Only 1 of the 2 trustees that it takes have mixed the votes."
NOT_MIXED = "The votes are not mixed yet."
UNPROVEN = "A trustee’s mixing is not proven to leave every vote as it was."
OWN = "Your own mixing of the votes is not on the board."
SECOND = "You have opened this ballot already, in another sum or order. A second one could open single votes."
OTHER_SUM = "The sum that the server offers is not the sum of the votes on the board."

Keys = Callable[[int], MemberKeys]
Shown = tuple[Board, list[Signed]]


@pytest.fixture(scope="session")
def prepared(rankings: Prepared) -> Prepared:
    return rankings


@pytest.fixture
def closed(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["closed"])


@pytest.fixture
def board(server: Server, closed: Host) -> Board:
    """As it was closed, whatever has been mixed since."""
    now = Board.read(fetch(f"{server.url}/board/{closed.uuid}/{closed.uuid}.bel"))
    end = next(at for at, event in enumerate(now.events) if event.kind == "EncryptedTally")
    return replace(now, events=now.events[: end + 1])


@pytest.fixture
def keys(prepared: Prepared) -> Keys:
    return lambda number: keys_of(prepared, number)


def honest(board: Board, keys: Keys) -> Shown:
    return mixed(board, (TRUSTEE, keys(TRUSTEE)), (OTHER, keys(OTHER)))


def by_the_host_in_their_names(board: Board, _keys: Keys) -> Shown:
    return mixed(board, (TRUSTEE, GHOST), (OTHER, GHOST))


def without_signatures(board: Board, keys: Keys) -> Shown:
    return honest(board, keys)[0], []


def by_one_trustee_alone(board: Board, keys: Keys) -> Shown:
    return mixed(board, (TRUSTEE, keys(TRUSTEE)))


def by_one_trustee_for_another(board: Board, keys: Keys) -> Shown:
    return mixed(board, (TRUSTEE, keys(TRUSTEE)), (OTHER, keys(TRUSTEE)))


def attributed_to_another(board: Board, keys: Keys) -> Shown:
    shown, signed = honest(board, keys)
    text = shown.events[-2].data[0]
    event = Event("Shuffle", (text, decryption.owned(LAST_TRUSTEE, text)))
    return _with_last_shuffle(shown, event), [signed[0], {**signed[1], "number": LAST_TRUSTEE}]


def first_one_replaced(board: Board, keys: Keys) -> Shown:
    shown, signed = honest(board, keys)
    other, _signed = mixed(board, (TRUSTEE, GHOST))
    at = len(board.events)
    events = (*board.events, other.events[at], *shown.events[at + 1 :])
    return replace(shown, events=events), signed


def papers_swapped_after_the_last(board: Board, keys: Keys) -> Shown:
    shown, signed = honest(board, keys)
    made = json.loads(shown.events[-2].data[0])
    made["ciphertexts"][0].reverse()
    text = compact(made)
    return _with_last_shuffle(shown, Event("Shuffle", (text, decryption.owned(OTHER, text)))), signed


def nobody_says_it_is_over(board: Board, keys: Keys) -> Shown:
    shown, signed = honest(board, keys)
    return replace(shown, events=shown.events[:-1]), signed


def _with_last_shuffle(shown: Board, event: Event) -> Board:
    return replace(shown, events=(*shown.events[:-2], event, shown.events[-1]))


class Lie(NamedTuple):
    tell: Callable[[Board, Keys], Shown]
    found: str


LIES = [
    Lie(by_the_host_in_their_names, FORGED),
    Lie(without_signatures, UNSIGNED),
    Lie(by_one_trustee_alone, TOO_FEW),
    Lie(by_one_trustee_for_another, FORGED),
    Lie(attributed_to_another, FORGED),
    Lie(first_one_replaced, UNPROVEN),
    Lie(papers_swapped_after_the_last, UNPROVEN),
    Lie(nobody_says_it_is_over, NOT_MIXED),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.tell.__name__)
def test_a_trustee_who_is_shown_another_mixing_opens_nothing(
    member: Member, prepared: Prepared, closed: Host, board: Board, keys: Keys, tmp_path: Path, lie: Lie
) -> None:
    trustee = member(LAST_TRUSTEE)
    show(trustee, closed, lie.tell(board, keys))
    check_to_open(trustee, prepared, closed, tmp_path)
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


@pytest.mark.parametrize(
    "lie",
    [Lie(by_the_host_in_their_names, FORGED), Lie(first_one_replaced, UNPROVEN)],
    ids=lambda lie: lie.tell.__name__,
)
def test_a_trustee_goes_on_from_no_other_mixing(
    member: Member, closed: Host, board: Board, keys: Keys, lie: Lie
) -> None:
    trustee = member(LAST_TRUSTEE)
    show(trustee, closed, lie.tell(board, keys))
    ask_to_mix(trustee, closed)
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


def test_a_trustee_mixes_no_other_votes_than_those_on_the_board(
    member: Member, closed: Host, board: Board
) -> None:
    trustee = member(LAST_TRUSTEE)
    answer_board(
        trustee.context, closed.uuid, board.with_papers(board.papers, board.sum_of(board.papers[:2]))
    )
    ask_to_mix(trustee, closed)
    assert alarm(trustee) == [OTHER_SUM]
    assert posted(trustee) == []


def test_a_trustee_opens_the_votes_in_one_order_only(
    member: Member, prepared: Prepared, closed: Host, board: Board, keys: Keys, tmp_path: Path
) -> None:
    trustee = member(LAST_TRUSTEE)
    show(trustee, closed, honest(board, keys))
    check_to_open(trustee, prepared, closed, tmp_path)
    step(trustee.page, "compare")
    with trustee.page.expect_response("**/trustee/decrypt/") as answer:
        trustee.page.get_by_role("button", name="They are the same").click()
    assert answer.value.status == 409  # the host itself knows of no such order
    assert posted(trustee) == [f"/ballots/{closed.uuid}/trustee/decrypt/"]
    trustee.context.unroute_all()

    show(trustee, closed, honest(board, keys))
    check_to_open(trustee, prepared, closed, tmp_path)
    assert SECOND in alarm(trustee)


def test_a_trustee_who_has_mixed_opens_no_votes_without_that_mixing(
    member: Member, prepared: Prepared, closed: Host, board: Board, keys: Keys, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    mix(trustee, closed.uuid)
    assert posted(trustee) == [f"/ballots/{closed.uuid}/trustee/shuffle/"]
    trustee.sent.clear()

    show(trustee, closed, honest(board, keys))
    check_to_open(trustee, prepared, closed, tmp_path)
    assert alarm(trustee) == [OWN]
    assert posted(trustee) == []


def show(trustee: Person, host: Host, shown: Shown) -> None:
    board, signed = shown
    answer_board(trustee.context, host.uuid, board)
    answer_json(trustee.context, f"/board/{host.uuid}/shuffles.json", {"shuffles": signed})


def ask_to_mix(trustee: Person, host: Host) -> None:
    trustee.page.goto(f"/ballots/{host.uuid}/trustee/")
    trustee.page.get_by_role("button", name="Mix the votes").click()


def check_to_open(trustee: Person, prepared: Prepared, host: Host, folder: Path) -> None:
    """The host says that it is time to open the votes."""
    page_says(trustee, host.uuid, begin="open")
    number = int(trustee.name.split()[-1])
    check_board(trustee, host.uuid, prepared.key_file("closed", number, folder))
