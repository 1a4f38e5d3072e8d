"""Trustees make one key together: in one sitting with open pages, or by visits on days of their own."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from journeys.belonging import confirm_roles, propose, sign_in
from journeys.checking import assert_both_verifiers_agree, record_of
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import (
    PASSPHRASE,
    SLOW,
    begin_to_open,
    call_ballot,
    check_list_as_teller,
    in_an_hour,
    lose_key,
    make_trustee_key,
    open_count,
    prove,
    step,
    vote,
)

pytestmark = pytest.mark.journey

TITLE = "Shall we march again?"
BEGIN_AGAIN = "What you saved for this ballot before is worth nothing now"


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("threshold"))
    yield server
    server.stop()


def test_three_trustees_make_a_key_in_one_sitting_and_two_of_them_open_the_count(
    server: Server, prepared: Prepared, person: Callable[..., Person], tmp_path: Path
) -> None:
    ada, ben, cyd = trustees = [person(name) for name in ("Ada", "Ben", "Cyd")]
    for number, who in enumerate(trustees, start=1):
        sign_in(who, prepared.words[number])
    opens = server.now()
    uuid = call_ballot(
        ada, "Shall we march?", opens=opens, closes=in_an_hour(opens), trustees=[1, 2, 3], tellers=[1, 2]
    )
    expect(ada.page.get_by_text("Any 2 of these 3 open the count.")).to_be_visible()

    files = {who.name: make_trustee_key(who, uuid, server.folder) for who in trustees}
    for who in trustees:  # nobody has touched a page since
        step(who.page, "sign")
        expect(who.page.get_by_text("2 of 3 keys open the count.")).to_be_visible()
    ada.check()
    for who in trustees:
        who.page.get_by_role("button", name="Sign it").click()
        step(who.page, "wait_open")
    for who in (ada, ben):
        check_list_as_teller(who, uuid)
    step(cyd.page, "wait_close")
    for who, answer in ((ada, "Yes"), (ben, "No"), (cyd, "Yes")):
        vote(who, uuid, answer)

    lose_key(cyd, uuid)
    ada.page.goto(f"/ballots/{uuid}/")
    expect(ada.page.get_by_text("Nothing is lost: 2 keys are left, and 2 are enough.")).to_be_visible()
    ada.check()

    server.set_ahead(timedelta(hours=2))
    for who in (ada, ben):
        who.set_clock(server.now())
    head = open_count(ada, uuid, files["Ada"])
    opened = ada.page.locator("[data-step=wait_count]")
    expect(opened.get_by_text("1 of 3 trustees has opened it; 2 are needed.")).to_be_visible()
    assert open_count(ben, uuid, files["Ben"]) == head
    ben.page.goto(f"/board/{uuid}/")
    expect(ben.page.get_by_text("2 of 3 trustees have opened it, and 2 are enough.")).to_be_visible()
    ben.check()
    assert_both_verifiers_agree(record_of(server, uuid), [[0, 2, 1]], tmp_path)


def test_trustees_who_come_on_days_and_devices_of_their_own_make_a_key_without_the_one_who_is_away(
    server: Server, prepared: Prepared, person: Callable[..., Person], tmp_path: Path
) -> None:
    ada, ben, cyd, dot = people = [person(name) for name in ("Ada", "Ben", "Cyd", "Dot")]
    for number, who in enumerate(people, start=1):
        sign_in(who, prepared.words[number])
    propose(ada, 4, "trustee")
    for who in (ada, ben):
        confirm_roles(who)
    opens = server.now()
    uuid = call_ballot(
        ada,
        TITLE,
        opens=opens,
        closes=opens + timedelta(days=3),
        trustees=[1, 2, 3],
        tellers=[1, 2],
    )
    old = make_trustee_key(ben, uuid, tmp_path)

    cyd_is_away_and_dot_takes_the_place(ada, uuid)
    expect(ben.page.get_by_text(BEGIN_AGAIN)).to_be_visible(timeout=20_000)
    ben.check()
    ben.page.get_by_role("button", name="I have saved my file already").click()
    prove(ben, old)
    expect(ben.page.locator("[data-error]")).to_contain_text(
        "This file is from before the trustees began again."
    )
    cyd.page.goto("/")
    expect(cyd.page.get_by_text(TITLE).first).to_be_visible()
    cyd.page.goto(f"/ballots/{uuid}/trustee/")
    expect(cyd.page.get_by_role("heading", name="This is not yours to do")).to_be_visible()

    # First visits, each closed again; whoever comes last goes on at once
    files = {}
    for who in (ada, ben, dot):
        files[who.name] = make_trustee_key(who, uuid, tmp_path)
        who.page.goto("/ballots/")

    # Second visits: from the first page, and on a device that has never seen the key
    follow_the_card(ada, "Go on with your key")
    step(ada.page, "round")
    missing = ada.page.locator("[data-round-missing]")
    expect(missing).to_have_text("One trustee has still to act: entry 2.")
    ada.check()
    ada.page.goto("/ballots/")
    laptop = person("Ben again")
    sign_in(laptop, prepared.words[2])
    follow_the_card(laptop, "Go on with your key")
    bring(laptop, files["Ben"])
    step(laptop.page, "sign")

    # Third visits, a day later
    server.set_ahead(timedelta(days=1))
    for who in (dot, laptop, ada):
        follow_the_card(who, "Check and sign the ballot", button="Check it")
        step(who.page, "sign")
        who.page.get_by_role("button", name="Sign it").click()
        step(who.page, "wait_open")
    for who in (ada, ben):
        check_list_as_teller(who, uuid)
    step(dot.page, "wait_close")  # the page has seen by itself that voting opened
    vote(dot, uuid, "Yes")

    server.set_ahead(timedelta(days=4))
    for who in (ada, laptop, dot):
        who.set_clock(server.now())
    send_a_bad_part(ada, uuid, files["Ada"])
    dot.page.goto(f"/ballots/{uuid}/")
    expect(dot.page.get_by_text("Entry 1 sent a part of the count that does not hold.")).to_be_visible()
    dot.check()
    heads = {open_count(laptop, uuid, files["Ben"]), open_count(dot, uuid, files["Dot"])}
    assert len(heads) == 1
    assert_both_verifiers_agree(record_of(server, uuid), [[0, 1, 0]], tmp_path)


def cyd_is_away_and_dot_takes_the_place(organiser: Person, uuid: str) -> None:
    page = organiser.page
    page.goto(f"/ballots/{uuid}/")
    page.get_by_role("link", name="Let the trustees begin again, or others").click()
    expect(page.get_by_text("Trustees who have still to act: entries 1, 3.")).to_be_visible()
    organiser.check()
    page.get_by_label("Entry 3", exact=True).uncheck()
    page.get_by_label("Entry 4", exact=True).check()
    page.get_by_role("button", name="Begin again with these").click()
    expect(page.get_by_text("Member 1 let the trustees of")).to_be_visible()
    organiser.check()


def follow_the_card(who: Person, heading: str, button: str = "Go on") -> None:
    """What waits for them in this ballot; the committee has others."""
    page = who.page
    page.goto("/roles/trustee/")
    card = page.locator("section.now .stack").filter(has_text=TITLE)
    expect(card.get_by_role("heading", name=heading)).to_be_visible()
    card.get_by_role("link", name=button, exact=True).click()


def bring(who: Person, file: Path) -> None:
    """The saved file on another device."""
    page = who.page
    step(page, "bring")
    page.locator("#bring-file").set_input_files(file)
    page.locator("#bring-passphrase").fill(PASSPHRASE)
    page.locator("[data-bring] button").last.click()


def send_a_bad_part(who: Person, uuid: str, file: Path) -> None:
    """As a device would that does not calculate right."""

    def spoil(route: Route) -> None:
        body = json.loads(route.request.post_data or "")
        route.continue_(post_data=json.dumps({**body, "bound_proofs": "[]"}))

    page = who.page
    page.route("**/trustee/decrypt/", spoil)
    begin_to_open(who, uuid, file)
    page.get_by_role("button", name="They are the same: open the total").click()
    expect(page.locator("[data-error]")).to_contain_text("with the key of entry 1", timeout=SLOW)
    page.unroute_all()
