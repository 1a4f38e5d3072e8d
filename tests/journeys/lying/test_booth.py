"""A booth locks no vote before all that it was sent fits what people signed and what its device saw."""

from collections.abc import Callable
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

from journeys import lies
from journeys.lies import GHOST, GHOST_NUMBER, Host, Setup
from journeys.lying.conftest import Member
from journeys.lying.deeds import as_file, extended, see_roll, signed_by_members
from journeys.lying.noticing import alarm, kept, posted
from journeys.lying.telling import answer_json, answer_with, lying, write_setup
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step
from openballot.canonical import hash_base64
from openballot.trustees import without_verification_keys

pytestmark = pytest.mark.journey

VOTER = 4
OTHER_TEXT = "We stop work for good.\n\nThe pension fund goes to the owners."
STALE_SIGNATURES = {
    "A trustee’s signature does not hold for this ballot.",
    "A teller’s signature does not hold for the list of voters.",
}


@pytest.fixture
def host(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["open"])


def test_a_booth_opens_when_the_host_is_honest(member: Member, host: Host) -> None:
    voter = member(VOTER)
    enter(voter, host)
    step(voter.page, "choose")
    assert posted(voter) == []
    assert kept(voter, f"election/{host.uuid}") == hash_base64(host.setup["election"])


# Setups: what the host answers instead of setup.json


def text_only(host: Host) -> Setup:
    return {**host.setup, "charter": lies.with_charter(host.setup, text=OTHER_TEXT)["charter"]}


def text_and_election(host: Host) -> Setup:
    return lies.with_charter(host.setup, text=OTHER_TEXT)


def text_and_every_signature(host: Host) -> Setup:
    return lies.signed_by_host(text_and_election(host))


def question(host: Host) -> Setup:
    swapped = [{**host.charter["questions"][0], "answers": ["No", "Yes"]}]
    return {**host.setup, "election": lies.with_charter(host.setup, questions=swapped)["election"]}


def trustees_keys(host: Host) -> Setup:
    return lies.with_own_ceremony(host.setup)


def trustees_keys_and_every_signature(host: Host) -> Setup:
    return lies.signed_by_host(lies.with_own_ceremony(host.setup))


def another_threshold(host: Host) -> Setup:
    return lies.signed_by_host(lies.with_charter(host.setup, threshold=3))


def shares_not_open_yet(host: Host) -> Setup:
    return {**host.setup, "trustees": without_verification_keys(host.setup["trustees"])}


def close_in_the_charter(host: Host) -> Setup:
    return {
        **host.setup,
        "charter": lies.with_charter(host.setup, closes_at="2039-01-01T00:00:00Z")["charter"],
    }


def extension_by_the_host(host: Host) -> Setup:
    signed = [
        {"number": number, "signature": GHOST.sign({"type": "openfloor/extension/1"})} for number in (1, 2)
    ]
    return {**host.setup, "extensions": [{"closes_at": "2039-01-01T00:00:00Z", "signatures": signed}]}


def one_voter_more(host: Host) -> Setup:
    return lies.with_credentials(host.setup, lambda listed: [*listed, host.credential_of(GHOST_NUMBER)])


def another_voters_key(host: Host) -> Setup:
    return swapped_key(host, 5)


def own_key(host: Host) -> Setup:
    return swapped_key(host, VOTER)


def swapped_key(host: Host, number: int) -> Setup:
    old, new = host.credential_of(number), host.credential_of(GHOST_NUMBER)
    return lies.with_credentials(host.setup, lambda listed: [new if one == old else one for one in listed])


def one_tellers_signature(host: Host) -> Setup:
    return {**host.setup, "audits": host.setup["audits"][:1]}


def two_trustees_signatures(host: Host) -> Setup:
    return {**host.setup, "freezes": host.setup["freezes"][:2]}


def board_key(host: Host) -> Setup:
    return {**host.setup, "board_key": GHOST.public()["member"]}


def slips_of_the_host(host: Host) -> Setup:
    return lies.with_slips(host.setup)


def slips_in_the_charter(host: Host) -> Setup:
    return lies.signed_by_host(lies.with_promised_slips(host.setup))


def slips_that_are_hidden(host: Host) -> Setup:
    return {**lies.with_promised_slips(host.setup), "slips": []}


def slips_by_no_teller(host: Host) -> Setup:
    return lies.with_promised_slips(host.setup, VOTER)


class Lie(NamedTuple):
    setup: Callable[[Host], Setup]
    found: set[str]


LIES = [
    Lie(text_only, {"The text that is shown is not the text that is locked into the votes."}),
    Lie(text_and_election, STALE_SIGNATURES),
    Lie(text_and_every_signature, STALE_SIGNATURES),
    Lie(question, {"The questions that are shown are not the ones of the election."}),
    Lie(trustees_keys, STALE_SIGNATURES),
    Lie(trustees_keys_and_every_signature, STALE_SIGNATURES),
    Lie(
        another_threshold,
        {"The charter says another number of trustees who are enough than their key asks for."},
    ),
    Lie(shares_not_open_yet, {"The list of trustees is not written in its one exact form."}),
    Lie(close_in_the_charter, {"The text that is shown is not the text that is locked into the votes."}),
    Lie(extension_by_the_host, {"The time to close was changed without the signatures that this takes."}),
    Lie(one_voter_more, {"The list of voters has 6 keys; 5 members may vote."}),
    Lie(another_voters_key, {"A teller’s signature does not hold for the list of voters."}),
    Lie(own_key, {"Your own key is not on the list of voters."}),
    Lie(one_tellers_signature, {"Fewer than two tellers have signed the list of voters."}),
    Lie(two_trustees_signatures, {"A trustee has not signed this ballot."}),
    Lie(slips_of_the_host, {"There are paper slips that the charter does not know."}),
    Lie(
        slips_in_the_charter,
        STALE_SIGNATURES | {"A teller’s signature does not hold for the paper slips of entry 1."},
    ),
    Lie(slips_that_are_hidden, {"Paper slips of entry 1 are missing from the list of voters."}),
    Lie(
        slips_by_no_teller,
        {"The charter counts paper slips that its tellers may not have made, or too many of them."},
    ),
    Lie(board_key, {"The board signs with another key than the one in the ledger."}),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.setup.__name__)
def test_a_booth_that_is_sent_another_setup_stops(member: Member, host: Host, lie: Lie) -> None:
    voter = member(VOTER)
    answer_json(voter.context, "/setup.json", lie.setup(host))
    enter(voter, host)
    assert lie.found <= set(alarm(voter))
    assert_nothing_was_locked(voter, host)


def test_a_text_that_was_changed_in_the_database_is_locked_into_no_vote(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person]
) -> None:
    voter = member_of(own_server, VOTER)
    honest = Host.of(own_server, prepared.ballots["open"])
    with lying(own_server) as database:
        write_setup(database, honest.uuid, text_and_election(honest))
    voter.sent.clear()
    enter(voter, honest)
    assert set(alarm(voter)) == STALE_SIGNATURES
    assert_nothing_was_locked(voter, honest)


def test_a_booth_refuses_a_roll_with_somebody_for_whom_nobody_vouched(member: Member, host: Host) -> None:
    voter = member(VOTER)
    lines, setup = lies.with_ghost_who_votes(host)
    answer_json(voter.context, "/setup.json", lies.signed_by_host(setup))
    answer_with(voter.context, "/roll.jsonl", as_file(lines))
    enter(voter, host)
    assert "The roll does not hold: an entry on it is not vouched for as the rules ask." in alarm(voter)
    assert_nothing_was_locked(voter, host)


def test_a_booth_refuses_a_roll_other_than_the_one_it_saw_before(member: Member, host: Host) -> None:
    voter = member(VOTER)
    see_roll(voter)
    shorter = host.roll[:-1]  # as long as the ballot needs it
    answer_with(voter.context, "/roll.jsonl", as_file(shorter))
    enter(voter, host)
    assert alarm(voter) == [
        "The roll is not the one that this device saw before: something is gone or changed."
    ]
    assert_nothing_was_locked(voter, host)


def test_a_booth_notices_who_was_left_out_by_an_older_roll(member: Member, host: Host) -> None:
    voter = member(VOTER)
    answer_json(voter.context, "/setup.json", lies.without_last_member(host))
    enter(voter, host)
    assert "The ballot leaves out members who were on the roll before it was announced." in alarm(voter)
    assert_nothing_was_locked(voter, host)


def test_a_booth_that_is_handed_a_wrong_n_stops_and_does_not_keep_it(member: Member, host: Host) -> None:
    voter = member(VOTER)
    answer_json(voter.context, "/blind.json", {"n": "0" * 64})
    enter(voter, host)
    assert alarm(voter) == ["Your own key is not on the list of voters."]
    assert_nothing_was_locked(voter, host)
    voter.context.unroute_all()
    enter(voter, host)
    step(voter.page, "choose")


def test_a_booth_refuses_another_ballot_at_this_address(
    member: Member, server: Server, prepared: Prepared, host: Host
) -> None:
    voter = member(VOTER)
    other = Host.of(server, prepared.ballots["open_too"])
    answer_json(voter.context, f"/{host.uuid}/setup.json", other.setup)
    answer_json(voter.context, "/blind.json", {"n": other.nonce_of(VOTER)})
    enter(voter, host)
    assert "This is another ballot than the one at this address." in alarm(voter)
    assert_nothing_was_locked(voter, host)


# What the device saw before


def test_a_booth_refuses_another_election_than_it_saw_before(
    member: Member, host: Host, prepared: Prepared
) -> None:
    """Even one that every trustee and teller has signed: they may have been deceived, or act together."""
    voter = member(VOTER)
    enter(voter, host)
    step(voter.page, "choose")
    answer_json(voter.context, "/setup.json", signed_by_members(text_and_election(host), prepared))
    enter(voter, host)
    assert alarm(voter) == ["The ballot is not the one that this device saw here before."]
    assert_nothing_was_locked(voter, host)


def test_a_booth_notices_that_an_extension_is_gone(member: Member, host: Host, prepared: Prepared) -> None:
    voter = member(VOTER)
    answer_json(voter.context, "/setup.json", extended(host, prepared))
    enter(voter, host)
    step(voter.page, "choose")
    expect(voter.page.get_by_text("1 January 2039")).to_be_visible()
    voter.context.unroute_all()
    enter(voter, host)
    assert alarm(voter) == [
        "The ballot closes earlier than this device was shown before: a later time that was signed is gone."
    ]
    assert_nothing_was_locked(voter, host)


def test_a_booth_notices_a_ledger_that_was_written_anew(member: Member, host: Host) -> None:
    voter = member(VOTER)
    enter(voter, host)
    step(voter.page, "choose")
    number = lies.number_of(host.ledger, "ballot_counted")
    answer_with(
        voter.context,
        "/ledger.jsonl",
        as_file(lies.with_payload(host.ledger, number, {"counts": [[0, 9, 0]]})),
    )
    enter(voter, host)
    assert alarm(voter) == ["The ledger is not the one that this ballot was announced in."]
    assert_nothing_was_locked(voter, host)


def enter(voter: Person, host: Host) -> None:
    voter.page.goto(f"/ballots/{host.uuid}/vote/")


def assert_nothing_was_locked(voter: Person, host: Host) -> None:
    assert posted(voter) == []
    assert kept(voter, f"pending-paper/{host.uuid}") is None
    expect(voter.page.get_by_role("button", name="Go on")).to_be_hidden()
