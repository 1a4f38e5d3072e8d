"""Nobody comes onto the roll, and nothing leaves roll or ledger, by the host's word alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys import lies
from journeys.lies import GHOST, GHOST_NUMBER, Host
from journeys.lying.conftest import Member
from journeys.lying.deeds import as_file, keys_of, see_roll
from journeys.lying.noticing import alarm, posted
from journeys.lying.programs import run
from journeys.lying.telling import answer_with, lying, rewrite, write_ledger, write_roll
from journeys.people import Person
from journeys.prepared import Prepared, renew
from journeys.server import Server
from journeys.voting import step
from openfloor.workplace.memberkeys import canonical

pytestmark = pytest.mark.journey

MEMBER, VOUCHER, CANDIDATE = 4, 1, 7
LOST_LINES = "The roll has lost lines that this device has seen."
CHANGED_LINES = "The roll was changed behind us: a line that this device has seen is now another."
LEDGER_CHANGED = "The ledger was changed behind us: what this device saw before is no longer in it."


@pytest.fixture
def host(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["open"])


# A member whom nobody met


def test_an_added_member_is_noticed_by_a_device_that_sees_the_roll_for_the_first_time(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person], tmp_path: Path
) -> None:
    """In the database, with the chain made whole again."""
    reader = member_of(own_server, MEMBER)
    honest = Host.of(own_server, prepared.ballots["open"])
    assert verify_roll(honest.roll, tmp_path)[0] == 0
    lines = lies.with_ghost(honest.roll, len(honest.roll) - 1)
    with lying(own_server) as database:
        write_roll(database, lines)

    reader.page.goto("/roll/")
    expect(reader.page.get_by_text("Does not hold", exact=True)).to_be_visible(timeout=30_000)
    faults = reader.page.locator("[data-findings] li").all_inner_texts()
    assert f"Line {len(lines)}, entry {GHOST_NUMBER}: a vouch was not signed by its member" in faults
    reader.page.get_by_text("Check it with another program").click()
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Download the roll").click()
    code, said = run("openfloor", "roll", "verify", download.value.path())
    assert code == 1
    assert "The signature under a vouch does not hold." in said


@pytest.mark.parametrize("told", ["shorter", "forked"])
def test_a_device_misses_the_lines_that_it_saw_before(member: Member, host: Host, told: str) -> None:
    reader = member(MEMBER)
    see_roll(reader)
    see_roll(reader)
    expect(reader.page.get_by_text("nothing this device saw before was changed")).to_be_visible()

    shorter, forked = host.roll[:-1], lies.with_ghost(host.roll, len(host.roll) - 2)
    answer_with(reader.context, "/roll.jsonl", as_file(shorter if told == "shorter" else forked))
    reader.page.goto("/roll/")
    expect(reader.page.locator("[data-sentence]")).to_have_text(
        LOST_LINES if told == "shorter" else CHANGED_LINES
    )
    expect(reader.page.get_by_text("This device saw earlier")).to_be_visible()


# A new key that nobody asked for


@pytest.mark.parametrize(
    ("vouchers", "fault"),
    [
        ([], "too few or too many vouched"),
        ([(1, None, 0), (2, None, 0)], "a vouch was not signed by its member"),
        ([(1, 1, 0), (1, 1, 0)], "the same member vouched twice"),
        ([(1, 1, 9), (2, 2, 0)], "the day of a vouch is impossible"),
    ],
    ids=["unvouched", "forged", "one twice", "long ago"],
)
def test_a_new_key_without_two_fresh_vouches_is_noticed(
    member: Member,
    host: Host,
    prepared: Prepared,
    tmp_path: Path,
    vouchers: list[tuple[int, int | None, int]],
    fault: str,
) -> None:
    reader = member(MEMBER)
    signed = [(by, keys_of(prepared, who) if who else GHOST, ago) for by, who, ago in vouchers]
    lines = lies.with_renewal(host.roll, MEMBER, signed)

    answer_with(reader.context, "/roll.jsonl", as_file(lines))
    reader.page.goto("/roll/")

    expect(reader.page.get_by_text("Does not hold", exact=True)).to_be_visible(timeout=30_000)
    expect(reader.page.locator("[data-findings] li")).to_contain_text([f"entry {MEMBER}: {fault}"])
    assert verify_roll(lines, tmp_path)[0] == 1


def test_a_new_key_by_two_false_colleagues_is_told_to_its_member_by_the_roll_when_the_host_does_not(
    member: Member, host: Host, prepared: Prepared
) -> None:
    reader = member(MEMBER)
    lines = lies.with_renewal(host.roll, MEMBER, [(by, keys_of(prepared, by), 0) for by in (1, 2)])

    answer_with(reader.context, "/roll.jsonl", as_file(lines))
    reader.page.goto("/roll/")

    expect(reader.page.get_by_text("Holds", exact=True)).to_be_visible(timeout=30_000)
    expect(
        reader.page.get_by_text("The roll has a new key for your entry, and this site did not tell you")
    ).to_be_visible()


def test_a_stop_that_the_host_takes_and_hides_is_noticed_by_the_device_that_signed_it(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person]
) -> None:
    renew(own_server, MEMBER)
    reader = member_of(own_server, MEMBER)
    waiting = Host.of(own_server, prepared.ballots["open"]).roll
    answer_with(reader.context, "/roll.jsonl", as_file(waiting))
    reader.page.goto("/")

    reader.page.get_by_role("button", name="It was not me: stop it").click()

    expect(
        reader.page.get_by_text("The server took your word and does not show it on the roll.")
    ).to_be_visible(timeout=30_000)


# Vouching


def test_a_voucher_signs_the_keys_on_the_colleagues_screen(member: Member, prepared: Prepared) -> None:
    voucher = member(VOUCHER)
    voucher.page.goto(f"/vouch/#{prepared.codes[CANDIDATE]}")
    step(voucher.page, "ask")
    assert posted(voucher) == []


def test_a_voucher_refuses_keys_that_are_not_on_the_colleagues_screen(
    member: Member, prepared: Prepared
) -> None:
    voucher = member(VOUCHER)
    rewrite(voucher.context, f"/vouch/{CANDIDATE}.json", lambda text: with_values(text, keys=GHOST.public()))
    voucher.page.goto(f"/vouch/#{prepared.codes[CANDIDATE]}")
    step(voucher.page, "swapped")
    expect(
        voucher.page.get_by_text("The server shows other keys than your colleague’s screen")
    ).to_be_visible()
    expect(voucher.page.get_by_role("button", name="I vouch for them")).to_be_hidden()
    assert posted(voucher) == []


def test_a_voucher_signs_for_the_number_on_the_colleagues_screen(member: Member, prepared: Prepared) -> None:
    """Whatever number the host gives to the same keys."""
    voucher = member(VOUCHER)
    rewrite(voucher.context, f"/vouch/{CANDIDATE}.json", lambda text: with_values(text, number=GHOST_NUMBER))
    voucher.page.goto(f"/vouch/#{prepared.codes[CANDIDATE]}")
    page = voucher.page
    expect(page.get_by_role("heading", name=f"entry {CANDIDATE}")).to_be_visible()
    for said in ("I met this person", "They work here", "They are not management"):
        page.get_by_label(said).check()
    page.get_by_role("button", name="I vouch for them").click()
    step(page, "done")
    (vouch,) = [json.loads(one.body) for one in voucher.sent if one.method == "POST"]
    assert vouch["number"] == CANDIDATE


# The ledger


def test_a_ledger_that_was_written_anew_is_missed_by_whoever_kept_a_head(
    own_server: Server, prepared: Prepared, member_of: Callable[[Server, int], Person], tmp_path: Path
) -> None:
    """In the database: another count, with every later entry hashed and chained again."""
    reader = member_of(own_server, MEMBER)
    see_ledger(reader)
    see_ledger(reader)
    expect(reader.page.get_by_text("what it saw before is still there")).to_be_visible()
    honest = Host.of(own_server, prepared.ballots["open"]).ledger
    file, head = tmp_path / "ledger.jsonl", lies.ledger_head(honest)
    file.write_text(as_file(honest))
    assert run("openfloor", "ledger", "verify", file, "--seen", head)[0] == 0
    number = lies.number_of(honest, "ballot_counted")
    payload = json.loads(honest[number])["payload"]
    forged = lies.with_payload(honest, number, {**payload, "counts": [[0, 1, 2]]})
    with lying(own_server) as database:
        write_ledger(database, forged)

    reader.page.goto("/ledger/")
    expect(reader.page.locator("[data-sentence]")).to_have_text(LEDGER_CHANGED)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Download the ledger").click()
    assert run("openfloor", "ledger", "verify", download.value.path())[0] == 0
    code, said = run("openfloor", "ledger", "verify", download.value.path(), "--seen", head)
    assert code == 1
    assert "The entry that you saw is not in this ledger" in said
    reader.page.goto(f"/ballots/{prepared.ballots['open']}/vote/")
    assert alarm(reader) == ["The ledger is not the one that this ballot was announced in."]
    assert posted(reader)[1:] == []  # the first is the sign-in


def test_a_ledger_changed_in_one_place_is_refused_by_a_device_that_never_saw_it(
    member: Member, host: Host
) -> None:
    reader = member(MEMBER)
    number = lies.number_of(host.ledger, "ballot_counted")
    turned = [*host.ledger]
    turned[number] = with_values(turned[number], payload={"counts": [[0, 1, 2]]})
    answer_with(reader.context, "/ledger.jsonl", as_file(turned))
    reader.page.goto("/ledger/")
    expect(reader.page.get_by_text("Does not hold", exact=True)).to_be_visible()
    expect(reader.page.locator("[data-findings] li").first).to_contain_text(
        "the text is not the one that was recorded"
    )


def see_ledger(reader: Person) -> None:
    reader.page.goto("/ledger/")
    expect(reader.page.get_by_text("Holds", exact=True)).to_be_visible()


def verify_roll(lines: list[str], folder: Path) -> tuple[int, str]:
    file = folder / "roll.jsonl"
    file.write_text(as_file(lines))
    return run("openfloor", "roll", "verify", file)


def with_values(text: str, **values: object) -> str:
    return canonical({**json.loads(text), **values})
