"""A teller's browser signs only the list of voters that it made itself from a roll that it checked."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from journeys import lies
from journeys.lies import GHOST_NUMBER, Host, Setup
from journeys.lying.conftest import Member
from journeys.lying.deeds import as_file, see_roll
from journeys.lying.noticing import alarm, posted
from journeys.lying.telling import answer_json, answer_with, rewrite
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step

pytestmark = pytest.mark.journey

TELLER = 2
CHANGED = "The list of voters is not the one that the roll gives."
NOT_VOUCHED_FOR = "The roll does not hold: an entry on it is not vouched for as the rules ask."
FORKED = "The roll is not the one that this device saw before: something is gone or changed."


@pytest.fixture
def host(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["frozen"])


class Told(NamedTuple):
    """What the host answers: the texts of the ballot, and the roll."""

    setup: Setup
    roll: list[str]


def ghost_on_the_roll(host: Host) -> Told:
    lines, setup = lies.with_ghost_who_votes(host)
    return Told(setup, lines)


def ghost_on_the_list(host: Host) -> Told:
    ghost = host.credential_of(GHOST_NUMBER)
    return Told(lies.with_credentials(host.setup, lambda listed: [*listed, ghost]), host.roll)


def voter_left_out(host: Host) -> Told:
    gone = host.credential_of(4)
    setup = lies.with_credentials(host.setup, lambda listed: [one for one in listed if one != gone])
    return Told(setup, host.roll)


def voters_key_swapped(host: Host) -> Told:
    old, new = host.credential_of(4), host.credential_of(GHOST_NUMBER)
    setup = lies.with_credentials(host.setup, lambda listed: [new if one == old else one for one in listed])
    return Told(setup, host.roll)


def older_roll(host: Host) -> Told:
    return Told(lies.without_last_member(host), host.roll)


def roll_that_ends_earlier(host: Host) -> Told:
    return Told(host.setup, host.roll[: host.position])


def another_count_in_the_charter(host: Host) -> Told:
    fixed = host.charter["roll"]
    return Told(lies.with_charter(host.setup, roll={**fixed, "entitled": 6}), host.roll)


def another_tree_in_the_charter(host: Host) -> Told:
    fixed = host.charter["roll"]
    return Told(lies.with_charter(host.setup, roll={**fixed, "tree": "0" * 64}), host.roll)


class Lie(NamedTuple):
    told: Callable[[Host], Told]
    found: str


LIES = [
    Lie(ghost_on_the_roll, NOT_VOUCHED_FOR),
    Lie(ghost_on_the_list, CHANGED),
    Lie(voter_left_out, CHANGED),
    Lie(voters_key_swapped, CHANGED),
    Lie(older_roll, "The ballot leaves out members who were on the roll before it was announced."),
    Lie(roll_that_ends_earlier, "The roll is not the one that this ballot was announced with."),
    Lie(
        another_tree_in_the_charter,
        "What was sent of the roll is not the roll that this ballot was announced with.",
    ),
    Lie(another_count_in_the_charter, "The roll gives 5 who may vote; the charter says 6."),
]


def test_a_teller_may_sign_the_list_of_an_honest_host(member: Member, host: Host) -> None:
    teller = member(TELLER)
    check_list(teller, host)
    step(teller.page, "sign")
    expect(teller.page.get_by_text("The list holds: 5 members, each of them once")).to_be_visible()
    assert posted(teller) == []


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.told.__name__)
def test_a_teller_signs_no_list_that_the_roll_does_not_give(member: Member, host: Host, lie: Lie) -> None:
    teller = member(TELLER)
    told = lie.told(host)
    answer_json(teller.context, "/setup.json", told.setup)
    answer_with(teller.context, "/roll.jsonl", as_file(told.roll))
    check_list(teller, host)
    assert lie.found in alarm(teller)
    assert_nothing_was_signed(teller)


def test_a_teller_who_is_handed_another_k_does_not_sign(member: Member, host: Host) -> None:
    teller = member(TELLER)
    rewrite(teller.context, "/teller.json", lambda text: text.replace(host.k.hex(), "0" * 64))
    check_list(teller, host)
    assert alarm(teller) == [CHANGED]
    assert_nothing_was_signed(teller)


@pytest.mark.parametrize("told", ["shorter", "forked"])
def test_a_teller_signs_nothing_by_another_roll_than_their_device_saw_before(
    member: Member, host: Host, told: str
) -> None:
    teller = member(TELLER)
    see_roll(teller)
    lines = host.roll[:-1] if told == "shorter" else lies.with_ghost(host.roll, len(host.roll) - 2)
    answer_with(teller.context, "/roll.jsonl", as_file(lines))
    check_list(teller, host)
    assert FORKED in alarm(teller)
    assert_nothing_was_signed(teller)


def check_list(teller: Person, host: Host) -> None:
    teller.page.goto(f"/ballots/{host.uuid}/teller/")
    teller.page.get_by_role("button", name="Check the list").click()


def assert_nothing_was_signed(teller: Person) -> None:
    assert posted(teller) == []
    expect(teller.page.get_by_role("button", name="Sign the list")).to_be_hidden()
