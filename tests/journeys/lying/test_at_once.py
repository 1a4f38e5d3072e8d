"""Two presses at once, an address that is no text, a browser that keeps nothing: each check still holds."""

import json

import pytest
from playwright.sync_api import expect

from journeys.lying.conftest import Member
from journeys.lying.noticing import posted
from journeys.prepared import Prepared
from journeys.voting import PASSPHRASE, step

pytestmark = pytest.mark.journey

VOTER, TRUSTEE = 3, 1
BOTH_PRESSED = """
() => {
  document.querySelector("[data-open-paper]").click();
  document.querySelector("[data-cast-it]").click();
}
"""


def test_a_paper_that_is_being_opened_is_not_cast(member: Member, prepared: Prepared) -> None:
    voter, uuid = member(VOTER), prepared.ballots["open"]
    page = voter.page
    page.goto(f"/ballots/{uuid}/vote/")
    step(page, "choose")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    step(page, "check")

    with page.expect_download() as download:
        page.evaluate(BOTH_PRESSED)
    page.wait_for_timeout(500)
    assert posted(voter) == []

    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")
    opened = json.loads(download.value.path().read_text())["ballot"]
    cast = [one.body.decode() for one in voter.sent if one.method == "POST"]
    assert len(cast) == 1
    assert cast != [opened]


def test_a_board_is_followed_and_compared_also_at_an_address_that_is_no_text(
    member: Member, prepared: Prepared
) -> None:
    page = member(VOTER).page
    with page.expect_response("**/head.json"):
        page.goto(f"/board/{prepared.ballots['open']}/#%")
    expect(page.locator("[data-live-state]")).to_contain_text("Live.")


def test_a_trustee_whose_browser_keeps_nothing_makes_no_key(member: Member, prepared: Prepared) -> None:
    trustee = member(TRUSTEE)
    page = trustee.context.new_page()
    page.add_init_script("IDBFactory.prototype.open = () => { throw new Error('private mode'); };")
    page.goto(f"/ballots/{prepared.ballots['announced']}/trustee/")
    page.get_by_label("Passphrase for the file").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make my key and save the file").click()
    page.get_by_label("Your twelve words").fill(" ".join(prepared.words[TRUSTEE]))
    page.get_by_role("button", name="Go on").click()

    expect(page.locator("[data-error]")).to_contain_text("This browser refuses to keep anything")
    assert posted(trustee) == []
    page.close()
