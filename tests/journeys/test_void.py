"""A server restored from a backup: who voted since is told so, and no device calls it fraud."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step, vote

SECRET_KEY = re.compile(r"AGE-SECRET-KEY-1\w+")


def restore_what_is_older(server: Server, key: str, backup: Path) -> None:
    """The machine is lost with all that came after the backup."""
    server.stop()
    shutil.rmtree(server.data)
    (server.folder / "paper").write_text(key)
    server.run("restore", str(backup), "--into", str(server.data), "--key-file", str(server.folder / "paper"))
    server.start()


def test_vote_that_a_restore_lost_is_void_by_name_on_every_page(
    prepared: Prepared, tmp_path: Path, person: Callable[..., Person], server: Server
) -> None:
    shutil.copytree(prepared.folder, server.data)
    server.start()
    uuid = prepared.ballots["open"]
    (key,) = SECRET_KEY.findall(server.run("backup-key"))
    backup = Path(server.run("backup", "--to", str(tmp_path / "kept")).split("  (")[0])
    voter, organiser = person("Voter"), person("Organiser", viewport={"width": 1280, "height": 900})
    sign_in(voter, prepared.words[4])
    receipt = vote(voter, uuid, "Yes")

    restore_what_is_older(server, key, backup)

    page = voter.page
    page.goto("/sign-in/")
    page.locator("[data-go-on]").click()
    expect(page.get_by_role("heading", name="A vote is void").first).to_be_visible()
    voter.check()
    page.goto(f"/ballots/{uuid}/vote/")
    step(page, "receipt")
    expect(page.get_by_role("heading", name="This vote is void")).to_be_visible()
    expect(page.locator("[data-receipt-words]")).to_have_text(receipt.words)
    expect(page.locator("[data-receipt-state]")).to_have_text("Void")
    expect(page.locator("[data-void-note]")).to_contain_text("Your vote is missing from the board")
    expect(page.locator("[data-error]")).to_be_hidden()
    voter.check()
    page.goto(f"/board/{uuid}/")
    expect(page.locator("[data-lost-here]")).to_contain_text("This device saw more on this board")
    expect(page.locator("[data-error]")).to_be_hidden()
    voter.check()

    page = organiser.page
    sign_in(organiser, prepared.words[1])
    page.goto(f"/ballots/{uuid}/")
    organiser.check()
    page.get_by_role("button", name="Call it again from a copy").click()
    expect(page).to_have_url(re.compile("/edit/$"))
