"""A roll too long for a phone: what booth and trustee still notice, though they read only parts of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page, expect

from journeys import lies
from journeys.lies import Host
from journeys.lying.conftest import Member
from journeys.lying.noticing import alarm, kept, posted
from journeys.lying.telling import answer_json, rewrite
from journeys.people import Person
from journeys.prepared import Prepared, prepare
from journeys.server import Server
from journeys.voting import check_board, step
from openfloor.ballots import statements
from openfloor.workplace.memberkeys import canonical, hash_of

pytestmark = pytest.mark.journey

VOTER, TRUSTEE, RENEWED, TELLER, OTHER_TELLER = 4, 1, 3, 1, 2
ANOTHER_ROLL = "What was sent of the roll is not the roll that this ballot was announced with."
FORKED = "The roll is not the one that this device saw before: something is gone or changed."
TELLERS_CHECKED = "Two tellers checked every other entry"

Parts = dict[str, Any]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """In place of the short one: 2,005 who may vote."""
    return prepare(tmp_path_factory.mktemp("long") / "data", "prepare_long")


@pytest.fixture
def host(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["open"])


@pytest.fixture
def closed(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["closed"])


def test_a_booth_reads_parts_of_a_long_roll_and_says_who_checked_the_rest(member: Member, host: Host) -> None:
    voter = member(VOTER)
    enter(voter, host)
    step(voter.page, "choose")
    expect(voter.page.locator("[data-checked]")).to_contain_text(TELLERS_CHECKED)
    assert [one for one in voter.sent if one.url.endswith("/roll.jsonl")] == []
    assert kept(voter, "roll tree")["size"] == len(host.roll)


def entry_that_is_not_in_the_tree(host: Host, parts: Parts) -> Parts:
    ghost = lies.with_ghost(host.roll[:3], 2)[-1]
    path = parts["records"][0]["path"]
    return with_records(parts, [*parts["records"], {"position": host.position, "text": ghost, "path": path}])


def trustees_key_changed(_: Host, parts: Parts) -> Parts:
    def changed(part: Parts) -> Parts:
        record = {**json.loads(part["text"]), "keys": lies.GHOST.public()}
        return {**part, "text": canonical(record)} if is_new_key(part) else part

    return with_records(parts, [changed(part) for part in parts["records"]])


def trustees_new_key_left_out(_: Host, parts: Parts) -> Parts:
    return with_records(parts, [part for part in parts["records"] if not is_new_key(part)])


def shortened_roll(host: Host, parts: Parts) -> Parts:
    """As if the record before the last were the last."""
    return {**parts, "head": {**parts["head"], "position": host.position - 1}}


def trees_that_do_not_fit(_: Host, parts: Parts) -> Parts:
    return {**parts, "root": "0" * 64}


def next_record_kept_back(_: Host, parts: Parts) -> Parts:
    return {**parts, "later": []}


class Lie(NamedTuple):
    told: Callable[[Host, Parts], Parts]
    found: str


LIES = [
    Lie(entry_that_is_not_in_the_tree, ANOTHER_ROLL),
    Lie(trustees_key_changed, ANOTHER_ROLL),
    Lie(trustees_new_key_left_out, "A trustee’s signature does not hold for this ballot."),
    Lie(shortened_roll, ANOTHER_ROLL),
    Lie(trees_that_do_not_fit, ANOTHER_ROLL),
    Lie(next_record_kept_back, ANOTHER_ROLL),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.told.__name__)
def test_a_booth_that_is_sent_other_parts_stops(member: Member, host: Host, lie: Lie) -> None:
    voter = member(VOTER)
    tell(voter, lambda parts: lie.told(host, parts))
    enter(voter, host)
    assert lie.found in alarm(voter)
    assert_nothing_was_locked(voter, host)


def test_a_booth_refuses_another_tree_than_the_tellers_signed(member: Member, host: Host) -> None:
    voter = member(VOTER)
    fixed = host.charter["roll"]
    answer_json(voter.context, "/setup.json", lies.with_charter(host.setup, roll={**fixed, "tree": "0" * 64}))
    enter(voter, host)
    assert {ANOTHER_ROLL, "A teller’s signature does not hold for the list of voters."} <= set(alarm(voter))
    assert_nothing_was_locked(voter, host)


def test_a_booth_refuses_a_roll_that_lost_what_it_saw_before(member: Member, host: Host) -> None:
    voter = member(VOTER)
    enter(voter, host)
    step(voter.page, "choose")
    seen = kept(voter, "roll tree")
    fixed = host.charter["roll"]
    cut = {"size": fixed["position"] + 1, "root": fixed["tree"], "grown": [], "seen": None, "later": []}
    tell(voter, lambda parts: {**parts, **cut})
    enter(voter, host)
    assert alarm(voter) == [FORKED]
    assert_nothing_was_locked(voter, host)
    assert kept(voter, "roll tree") == seen


def test_a_trustee_opens_by_parts_of_a_long_roll_and_is_told_so(
    member: Member, prepared: Prepared, closed: Host, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    check_board(trustee, closed.uuid, prepared.key_file("closed", TRUSTEE, tmp_path))
    step(trustee.page, "compare")
    expect(trustee.page.locator("[data-parts-note]")).to_contain_text(TELLERS_CHECKED)
    assert trustee.axe() == []
    assert [one for one in trustee.sent if one.url.endswith("/roll.jsonl")] == []


def test_a_trustee_who_is_sent_another_key_of_a_colleague_opens_nothing(
    member: Member, prepared: Prepared, closed: Host, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    tell(trustee, lambda parts: trustees_key_changed(closed, parts))
    check_board(trustee, closed.uuid, prepared.key_file("closed", TRUSTEE, tmp_path))
    assert ANOTHER_ROLL in alarm(trustee)
    assert posted(trustee) == []


def test_a_teller_signs_a_long_list_only_with_the_code_of_their_own_program(
    member: Member, server: Server, prepared: Prepared
) -> None:
    teller, frozen = member(TELLER), Host.of(server, prepared.ballots["frozen"])
    page = teller.page
    page.goto(f"/ballots/{frozen.uuid}/teller/")
    page.get_by_role("button", name="Check the list").click()
    step(page, "program")
    expect(page.get_by_text("2005 members may vote: too many")).to_be_visible()
    assert teller.axe() == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Your teller’s file").click()
    material = json.loads(download.value.path().read_text("utf-8"))
    assert (material["k"], material["number"]) == (frozen.k.hex(), TELLER)

    compare(page, "0" * 64)
    expect(page.locator("[data-error]")).to_contain_text("This is not the code of this list.")
    assert posted(teller) == []

    compare(page, f" {code_of(frozen, TELLER).upper()}\n")
    step(page, "sign")
    expect(page.get_by_text("The list holds: 2005 members")).to_be_visible()
    page.get_by_role("button", name="Sign the list").click()
    step(page, "signed")


def test_a_teller_with_the_code_of_another_list_signs_nothing(
    member: Member, server: Server, prepared: Prepared
) -> None:
    teller, frozen = member(OTHER_TELLER), Host.of(server, prepared.ballots["frozen"])
    ghost = frozen.credential_of(lies.GHOST_NUMBER)
    swapped = lies.with_credentials(frozen.setup, lambda listed: [ghost, *listed[1:]])
    answer_json(teller.context, "/setup.json", swapped)
    teller.page.goto(f"/ballots/{frozen.uuid}/teller/")
    teller.page.get_by_role("button", name="Check the list").click()
    step(teller.page, "program")
    compare(teller.page, code_of(frozen, OTHER_TELLER))
    expect(teller.page.locator("[data-error]")).to_contain_text("This is not the code of this list.")
    assert posted(teller) == []


def compare(page: Page, code: str) -> None:
    page.get_by_label("The program’s code").fill(code)
    page.get_by_role("button", name="Compare").click()


def code_of(host: Host, number: int) -> str:
    """As `openfloor roll audit` prints it."""
    fixed = host.charter["roll"]
    said = statements.audit(
        ballot=host.uuid,
        election_hash=host.election.fingerprint,
        credentials=hash_of(host.setup["credentials"]),
        roll=fixed["head"],
        entitled=fixed["entitled"],
        number=number,
    )
    return hash_of(canonical(said))


def with_records(parts: Parts, records: list[Parts]) -> Parts:
    return {**parts, "records": records}


def is_new_key(part: Parts) -> bool:
    record = json.loads(part["text"])
    return (record["type"], record.get("number")) == ("openfloor/roll/renewal/1", RENEWED)


def tell(person: Person, change: Callable[[Parts], Parts]) -> None:
    rewrite(person.context, "/roll-parts.json*", lambda text: json.dumps(change(json.loads(text))))


def enter(voter: Person, host: Host) -> None:
    voter.page.goto(f"/ballots/{host.uuid}/vote/")


def assert_nothing_was_locked(voter: Person, host: Host) -> None:
    assert posted(voter) == []
    assert kept(voter, f"pending-paper/{host.uuid}") is None
    expect(voter.page.get_by_role("button", name="Go on")).to_be_hidden()
