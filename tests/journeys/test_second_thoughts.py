"""People change their minds, lose keys, object, step back and leave: what then stands on every page."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.belonging import sign_in
from journeys.kept import read_tables
from journeys.people import Person
from journeys.prepared import Prepared, count_announced
from journeys.server import Server
from journeys.voting import ZONE, lose_key, step, vote

pytestmark = pytest.mark.journey

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("second-thoughts"))
    yield server
    server.stop()


@pytest.fixture
def somebody(person: People, prepared: Prepared) -> Callable[[int], Person]:
    """The member with this entry number, signed in on a device that has never seen their words."""

    def signed_in(number: int) -> Person:
        one = person(f"Entry {number}")
        sign_in(one, prepared.words[number])
        return one

    return signed_in


Somebody = Callable[[int], Person]


def test_a_later_vote_replaces_the_first_also_from_a_second_device(
    server: Server, prepared: Prepared, somebody: Somebody, person: People
) -> None:
    uuid = prepared.ballots["open"]
    phone, laptop = somebody(4), somebody(4)

    first = vote(phone, uuid, "Yes")
    second = vote(laptop, uuid, "No")
    third = vote(phone, uuid, "Blank: I take part without choosing")

    observer = person("Olu")
    observer.page.goto(f"/board/{uuid}/")
    observer.page.wait_for_function("async () => (await (await fetch('head.json')).json()).ballots === 3")
    observer.page.reload()
    expect(observer.page.locator("[data-voters]")).to_have_text("1")
    observer.page.locator("[data-papers] summary").click()
    expect(observer.page.locator(".papers .hash")).to_have_text([first.hash, second.hash, third.hash])
    laptop.page.goto("/me/")
    expect(laptop.page.locator("[data-key-state]")).to_contain_text("Your key is on this device and opens")


def test_an_extension_signed_by_two_moves_the_close_on_every_page(
    server: Server, prepared: Prepared, somebody: Somebody
) -> None:
    uuid = prepared.ballots["open_too"]
    later = (datetime.now(ZONE) + timedelta(days=9)).replace(hour=10, minute=0)
    ada, cyd, eve = somebody(1), somebody(3), somebody(5)

    ada.page.goto(f"/ballots/{uuid}/extend/")
    ada.page.locator("[name=closes_at]").fill(f"{later:%Y-%m-%dT%H:%M}")
    ada.page.get_by_role("button", name="Look at this time").click()
    ada.page.get_by_role("button", name="Sign it").click()
    expect(ada.page.get_by_text("You have signed: it closes")).to_be_visible()
    ada.check()
    assert _closes_at(server, uuid) < later.isoformat()
    cyd.page.goto(f"/ballots/{uuid}/extend/")
    expect(cyd.page.get_by_text("Waits for your signature")).to_be_visible()
    cyd.check()
    cyd.page.get_by_role("button", name="Sign it").click()
    cyd.page.wait_for_url(f"**/ballots/{uuid}/")

    pages = {
        "home": "/",
        "ballots": "/ballots/",
        "ballot": f"/ballots/{uuid}/",
        "booth": f"/ballots/{uuid}/vote/",
        "board": f"/board/{uuid}/",
        "ledger": "/ledger/",
    }
    told = {name: _says(eve.page, address, later) for name, address in pages.items()}
    assert told == dict.fromkeys(pages, True)
    eve.page.goto(f"/board/{uuid}/")
    expect(eve.page.get_by_text("This time was moved by two signatures.")).to_be_visible()


def _closes_at(server: Server, uuid: str) -> str:
    rows = read_tables(server.data)["ballots_ballot"]
    return next(str(row["closes_at"]) for row in rows if row["uuid"] == uuid)


def _says(page: Page, address: str, when: datetime) -> bool:
    """Does the page name this day?"""
    page.goto(address)
    if address.endswith("/vote/"):
        step(page, "choose")
    return f"{when.day} {when:%B}" in _unfolded(page)


def _unfolded(page: Page) -> str:
    """All that the page says, also where it has to be opened."""
    text: str = page.evaluate(
        """() => {
            for (const details of document.querySelectorAll("main details")) details.open = true;
            return document.querySelector("main").innerText;
        }"""
    )
    return text


def test_a_ballot_of_which_too_many_keys_are_lost_is_called_again_from_a_copy_and_counted(
    server: Server, prepared: Prepared, somebody: Somebody
) -> None:
    uuid = prepared.ballots["closed"]
    ada, ben = somebody(1), somebody(2)
    for who in (ada, ben):
        lose_key(who, uuid)
    expect(ben.page.get_by_text("Too few keys are left, so nobody can open the count.")).to_be_visible()
    ada.page.goto(f"/ballots/{uuid}/trustee/")
    ada.page.get_by_role("link", name="The count cannot be opened any more").click()
    ada.page.get_by_label("What happened?").fill("The memory stick broke.")
    ada.page.get_by_role("button", name="Sign it").click()
    expect(ada.page.get_by_text("It takes one more member with a role.")).to_be_visible()
    ben.page.goto(f"/ballots/{uuid}/uncountable/")
    expect(ben.page.get_by_text("“The memory stick broke.”")).to_be_visible()
    ben.check()
    ben.page.get_by_role("button", name="Sign it").click()
    ben.page.wait_for_url(f"**/ballots/{uuid}/")
    expect(ben.page.get_by_text("Too few keys are left, so nobody can open the count.")).to_be_visible()
    ben.page.goto(f"/board/{uuid}/")
    expect(ben.page.get_by_text("Too few keys are left, so nobody can open the count.")).to_be_visible()

    page = ada.page
    page.goto(f"/ballots/{uuid}/")
    page.get_by_role("button", name="Copy it into a new draft").click()
    page.get_by_role("button", name="Save the draft").click()
    page.get_by_role("link", name="Announce it").click()
    page.get_by_role("button", name="Announce it").click()
    copy = page.url.rstrip("/").rsplit("/", 1)[-1]
    count_announced(server, copy)

    page.goto(f"/board/{copy}/")
    expect(page.get_by_text("66.7 % said yes: 2 yes, 1 no. 3 of 5 voted.")).to_be_visible()
    ada.check()


def test_a_withdrawn_ballot_says_why_on_its_pages_and_in_the_ledger(
    server: Server, prepared: Prepared, somebody: Somebody
) -> None:
    uuid, reason = prepared.ballots["frozen"], "The offer is on the table again."
    ada, eve = somebody(1), somebody(5)
    ada.page.goto(f"/ballots/{uuid}/withdraw/")
    ada.page.get_by_role("button", name="Withdraw it").click()
    expect(ada.page.get_by_text("This field is required.")).to_be_visible()
    ada.page.locator("[name=reason]").fill(reason)
    ada.page.get_by_role("button", name="Withdraw it").click()

    for address in ("/ballots/", f"/ballots/{uuid}/", f"/ballots/{uuid}/vote/", "/ledger/"):
        eve.page.goto(address)
        expect(eve.page.get_by_text(reason).first).to_be_visible()
        eve.check()
    assert not (server.data / "secrets" / f"{uuid}.k").exists()


def test_who_joined_after_the_announcement_is_told_that_they_vote_in_the_next_one(
    server: Server, prepared: Prepared, somebody: Somebody
) -> None:
    fay, uuid = somebody(6), prepared.ballots["open"]

    fay.page.goto("/")
    expect(fay.page.get_by_role("link", name="Vote", exact=True)).to_have_count(0)
    fay.page.goto(f"/ballots/{uuid}/vote/")
    expect(fay.page.get_by_role("heading", name="You vote in the next one")).to_be_visible()
    fay.check()
    answer = fay.page.request.get(f"/ballots/{uuid}/blind.json")

    assert (answer.status, answer.json()["error"]["code"]) == (403, "not_entitled")


def test_a_role_given_back_ends_at_once_and_stands_in_the_ledger(
    server: Server, prepared: Prepared, somebody: Somebody
) -> None:
    cyd = somebody(3)
    cyd.page.goto("/roles/")
    teller = cyd.page.locator("section", has=cyd.page.get_by_role("heading", name="Teller", exact=True))
    teller.get_by_text("Give it back", exact=True).click()
    teller.get_by_role("button", name="Sign and give it back").click()

    expect(teller.get_by_text("Held by entries 1, 2", exact=True)).to_be_visible()
    cyd.check()
    cyd.page.goto("/ledger/")
    assert "Member 3 gave back the role of teller." in _unfolded(cyd.page)


def test_a_member_who_leaves_is_forgotten_and_cannot_come_back_with_old_words(
    server: Server, prepared: Prepared, somebody: Somebody, person: People
) -> None:
    ben, other = somebody(2), person("another device")
    ben.page.goto("/me/")
    ben.page.get_by_text("Leave the committee").click()
    ben.page.locator("[data-leave] [name=typed]").fill("3")
    ben.page.locator("[data-leave] button").click()
    expect(ben.page.locator("[data-error]")).to_be_visible()
    ben.page.locator("[data-leave] [name=typed]").fill("2")
    ben.page.locator("[data-leave] button").click()
    expect(ben.page.get_by_text("You have left. Your entry is ended,")).to_be_visible()
    expect(ben.page.get_by_label("Your twelve words")).to_be_visible()  # the key is gone from this device
    ben.check()

    other.page.goto("/sign-in/")
    other.page.get_by_label("Your twelve words").fill(" ".join(prepared.words[2]))
    other.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.page.locator("[data-error]")).to_contain_text("This member has left the committee.")
    tables = read_tables(server.data)
    (left,) = [row for row in tables["workplace_member"] if row["number"] == 2]
    assert (left["state"], left["handle"]) == ("left", "")
    assert [row for row in tables["workplace_device"] if row["member_id"] == left["id"]] == []
    roles = {row["state"] for row in tables["workplace_role"] if row["member_id"] == left["id"]}
    assert roles == {"ended"}
    last = json.loads(str(tables["workplace_rollrecord"][-1]["text"]))
    assert (last["type"], last["number"]) == ("openfloor/roll/end/1", 2)


def test_an_objection_keeps_an_entry_from_voting_until_it_is_taken_back(
    prepared: Prepared, browser: Any, tmp_path: Path
) -> None:
    server = prepared.serve(tmp_path)
    try:
        with Person.sit_down(browser, "Ada", server.url) as ada:
            sign_in(ada, prepared.words[1])
            page = ada.page
            page.goto("/roll/")
            page.get_by_label("The new entry you object to").select_option("6")
            page.get_by_role("button", name="Sign the objection").click()
            expect(page.get_by_text("You object to entry 6", exact=True)).to_be_visible()
            ada.check()
            server.set_ahead(timedelta(days=5))
            with_objection = _entitled_in_a_new_ballot(page, prepared)
            page.goto("/roll/")
            page.get_by_role("button", name="Take it back").click()
            expect(page.get_by_text("You object to entry 6", exact=True)).to_have_count(0)
            without = _entitled_in_a_new_ballot(page, prepared)
    finally:
        server.stop()

    assert (with_objection, without) == ("5 members", "6 members")


def _entitled_in_a_new_ballot(page: Page, prepared: Prepared) -> str:
    """What the page before an announcement says of the roll as it is now."""
    page.goto(f"/ballots/{prepared.ballots['draft']}/announce/")
    who = page.locator("dt", has_text="Who may vote").locator("+ dd")
    return who.inner_text().partition(",")[0]
