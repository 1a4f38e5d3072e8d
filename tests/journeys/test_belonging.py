"""A committee is founded and grows: by an invitation, and because colleagues vouch."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.belonging import ask_to_join, confirm_roles, found, invite, propose, vouch
from journeys.people import Person
from journeys.server import Server

pytestmark = pytest.mark.journey


def test_a_committee_grows_from_its_founder_to_a_fourth_member_with_two_vouches(
    server: Server, person: Callable[..., Person], tmp_path: Path
) -> None:
    link = server.found("Harbor General committee")
    server.start()
    ada, ben, cyd, dot = person("Ada"), person("Ben"), person("Cyd"), person("Dot")

    found(ada, link)
    ada.check()
    invitation = invite(ada, uses=3)
    ada.check()
    for newcomer, voucher in ((ben, ada), (cyd, ben)):
        _, code = ask_to_join(newcomer, invitation)
        newcomer.check()
        vouch(voucher, code)
        voucher.check()
    _, code = ask_to_join(dot, invitation)
    vouch(ada, code)
    expect(ada.page.get_by_text("One more colleague has to meet them")).to_be_visible()
    vouch(cyd, code)
    expect(cyd.page.get_by_text("Entry 4 is on the roll")).to_be_visible()

    dot.page.goto("/roll/")
    expect(dot.page.get_by_text("vouched for as the rules ask")).to_be_visible(timeout=30_000)
    dot.check()
    dot.page.get_by_text("Check it with another program").click()
    with dot.page.expect_download() as download:
        dot.page.get_by_role("link", name="Download the roll").click()
    file = tmp_path / "roll.jsonl"
    download.value.save_as(file)
    assert "4" in server.run("roll", "verify", str(file))


def test_roles_are_given_by_two_signatures(server: Server, person: Callable[..., Person]) -> None:
    link = server.found("Harbor General committee")
    server.start()
    ada, ben, cyd = person("Ada"), person("Ben"), person("Cyd")
    found(ada, link)
    invitation = invite(ada)
    for newcomer in (ben, cyd):
        vouch(ada, ask_to_join(newcomer, invitation)[1])

    propose(ada, 2, "teller")
    confirm_roles(ada)
    confirm_roles(cyd)

    ben.page.goto("/roles/")
    expect(ben.page.get_by_text("Held by entry 2")).to_be_visible()
    ben.check()


def test_an_invitation_used_up_or_expired_says_so(server: Server, person: Callable[..., Person]) -> None:
    link = server.found("Harbor General committee")
    server.start()
    ada, ben, cyd, dot = person("Ada"), person("Ben"), person("Cyd"), person("Dot")
    found(ada, link)
    once, later = invite(ada, uses=1), invite(ada, uses=5)
    ask_to_join(ben, once)

    cyd.page.goto(once)
    expect(cyd.page.locator("[data-error]")).to_contain_text("used")
    cyd.check()
    server.set_ahead(timedelta(days=8))
    dot.page.goto(later)
    expect(dot.page.locator("[data-error]")).to_contain_text("too old")
    dot.check()
    cyd.page.goto(link)
    expect(cyd.page.locator("[data-error]")).to_be_visible()
