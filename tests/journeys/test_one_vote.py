"""The main story: from a founding link to a result that a program we did not write calls correct."""

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from journeys.belonging import ask_to_join, confirm_roles, found, invite, propose, vouch
from journeys.people import LAPTOP, Person
from journeys.server import BIN, Server
from journeys.voting import (
    call_ballot,
    check_list_as_teller,
    in_an_hour,
    make_trustee_key,
    open_count,
    sign_as_trustee,
    vote,
)

pytestmark = pytest.mark.journey


def test_one_strike_vote_from_an_invitation_to_a_verified_result(
    server: Server, person: Callable[..., Person], tmp_path: Path
) -> None:
    link = server.found("Harbor General committee")
    server.start()
    ada, ben, cyd, dot = person("Ada"), person("Ben"), person("Cyd"), person("Dot", color_scheme="dark")
    found(ada, link)
    invitation = invite(ada)
    vouch(ada, ask_to_join(ben, invitation)[1])
    vouch(ben, ask_to_join(cyd, invitation)[1])
    _, code = ask_to_join(dot, invitation)
    vouch(ada, code)
    vouch(cyd, code)
    server.set_ahead(timedelta(days=4))  # the days in which members may object to Dot's entry
    for member, role in ((1, "trustee"), (2, "trustee"), (3, "trustee"), (2, "teller"), (3, "teller")):
        propose(ada, member, role)
    for one in (ada, ben, cyd, dot):
        confirm_roles(one)

    opens = server.now()
    uuid = call_ballot(
        ada,
        "Authorize a strike from the day the contract ends?",
        opens=opens,
        closes=in_an_hour(opens),
        trustees=[1, 2, 3],
        tellers=[2, 3],
    )
    trustees = {one.name: one for one in (ada, ben, cyd)}
    files = {name: make_trustee_key(one, uuid, tmp_path) for name, one in trustees.items()}
    for one in trustees.values():
        sign_as_trustee(one, uuid)
        one.check()
    for one in (ben, cyd):
        check_list_as_teller(one, uuid)

    vote(ben, uuid, "No")
    dot.page.goto("/")
    expect(dot.page.get_by_role("link", name="Vote", exact=True)).to_be_visible()
    dot.check()
    receipts = {one.name: vote(one, uuid, answer) for one, answer in ((ada, "Yes"), (ben, "Yes"), (dot, "No"))}
    dot.check()
    observer = person("Olu", viewport=LAPTOP)
    observer.page.goto(f"/board/{uuid}/")
    expect(observer.page.locator("[data-voters]")).to_have_text("3", timeout=20_000)
    observer.page.get_by_label("The words or the code of your receipt").fill(receipts["Dot"].words)
    observer.page.get_by_role("button", name="Find it").click()
    expect(observer.page.locator("#papers").get_by_text(receipts["Dot"].hash)).to_be_visible()
    observer.check()

    server.set_ahead(timedelta(hours=2))
    heads = {open_count(one, uuid, files[name]) for name, one in trustees.items()}
    assert len(heads) == 1
    observer.page.goto(f"/board/{uuid}/")
    expect(observer.page.get_by_text("66.7 % said yes: 2 yes, 1 no. 3 of 4 voted.")).to_be_visible()
    observer.check()
    with observer.page.expect_download() as download:
        observer.page.get_by_role("link", name="Save the record").click()
    archive = tmp_path / f"{uuid}.bel"
    download.value.save_as(archive)

    assert_both_verifiers_agree(archive, [[0, 2, 1]], tmp_path)


def assert_both_verifiers_agree(archive: Path, result: list[list[int]], folder: Path) -> None:
    """Ours counts the result; Debian's belenios-tool finds nothing wrong; one altered byte is refused by name."""
    ours = subprocess.run(
        [BIN / "openballot", "verify", archive, "--json", "--require", "counted"],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(ours.stdout)
    assert (ours.returncode, report["verdict"], report["state"]) == (0, "valid", "counted")
    assert report["result"] == result

    check = folder / "check"
    check.mkdir()
    shutil.copy(archive, check)
    theirs = subprocess.run(
        ["belenios-tool", "election", "verify", "--dir", check], capture_output=True, text=True, check=False
    )
    assert theirs.returncode == 0, theirs.stdout + theirs.stderr

    content = bytearray(archive.read_bytes())
    place = content.index(b'"challenge":"', len(content) // 2) + len(b'"challenge":"')
    content[place] = ord("1") if content[place] != ord("1") else ord("2")
    altered = folder / "altered.bel"
    altered.write_bytes(content)
    refused = subprocess.run(
        [BIN / "openballot", "verify", altered, "--json"], capture_output=True, text=True, check=False
    )
    assert refused.returncode in (1, 2)
    assert json.loads(refused.stdout)["findings"] != []
