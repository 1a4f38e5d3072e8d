"""Paper slips: made by a teller, printed, typed on a borrowed phone, counted openly."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from journeys.belonging import sign_in
from journeys.checking import verified
from journeys.people import LAPTOP, Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import (
    call_ballot,
    check_list_as_teller,
    in_an_hour,
    make_trustee_key,
    open_count,
    sign_as_trustee,
    step,
    vote,
)

pytestmark = pytest.mark.journey

People = Callable[..., Person]
CODE = re.compile(r"^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{6}-[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{6}$")


@pytest.fixture
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("slips"))
    yield server
    server.stop()


def test_slips_are_made_printed_cancelled_and_voted_by_on_a_borrowed_phone(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, ben = person("Ada"), person("Ben")
    for number, one in enumerate((ada, ben), start=1):
        sign_in(one, prepared.words[number])
    uuid = _call(server, ada)
    codes = _make_slips(ben, uuid, 2)
    spoilt = _make_slips(ben, uuid, 1)
    ben.page.get_by_role("button", name="Cancel these").nth(1).click()
    expect(ben.page.get_by_role("button", name="Cancel these")).to_have_count(1)
    files = {one.name: make_trustee_key(one, uuid, server.folder) for one in (ada, ben)}
    ben.page.goto(f"/ballots/{uuid}/slips/")
    ben.page.get_by_role("button", name="No more slips are needed").click()
    expect(ben.page.get_by_role("heading", name="Slips can no longer be made or cancelled")).to_be_visible()
    ben.check()
    for one in (ada, ben):
        sign_as_trustee(one, uuid)
    for one in (ada, ben):
        check_list_as_teller(one, uuid)

    vote(ada, uuid, "Yes")
    eve = person("Eve", color_scheme="dark")
    words = _vote_by_slip(eve, uuid, codes[0].lower().replace("-", " "), "No")
    eve.page.get_by_role("button", name="Clear this page").click()
    step(eve.page, "code")
    assert eve.context.cookies() == []
    assert eve.page.evaluate("() => localStorage.length") == 0
    assert eve.page.evaluate("async () => (await indexedDB.databases()).length") == 0
    assert words not in eve.page.content()
    _vote_by_slip(eve, uuid, codes[0], "Yes")

    fay = person("Fay", viewport=LAPTOP)
    _refusals(fay, uuid, codes[1], spoilt[0])
    fay.page.goto(f"/board/{uuid}/slip/#{codes[1]}")
    step(fay.page, "choose")
    assert codes[1] not in fay.page.url
    fay.page.goto(f"/board/{uuid}/")
    expect(fay.page.get_by_text("7: 5 on the roll and 2 by paper slip")).to_be_visible()
    fay.check()
    _refuse_leaks(server, [*codes, *spoilt])

    server.set_ahead(timedelta(hours=2))
    for one in (ada, ben):
        one.set_clock(server.now())
        open_count(one, uuid, files[one.name])
    fay.page.goto(f"/board/{uuid}/")
    expect(fay.page.get_by_text("2 of 7 voted.").first).to_be_visible()
    expect(fay.page.get_by_text("Of the slips, used")).to_have_count(0)
    assert verified(server, uuid)["result"] == [[0, 2, 0]]


def _call(server: Server, ada: Person) -> str:
    opens = server.now()
    return call_ballot(
        ada,
        "Shall we strike?",
        opens=opens,
        closes=in_an_hour(opens),
        trustees=[1, 2],
        tellers=[1, 2],
        waits_for_slips=True,
    )


def _make_slips(teller: Person, uuid: str, count: int) -> list[str]:
    """The codes as they stand on the printed sheet."""
    page = teller.page
    page.goto(f"/ballots/{uuid}/slips/")
    step(page, "overview")
    teller.check()
    page.get_by_label("How many slips?").fill(str(count))
    page.get_by_role("button", name="Make the slips").click()
    step(page, "sheet")
    teller.check()
    codes = page.locator(".slip .code").all_inner_texts()
    assert len(codes) == count
    assert all(CODE.fullmatch(code) for code in codes)
    page.get_by_role("button", name="They are printed: forget the codes").click()
    step(page, "overview")
    return codes


def _vote_by_slip(voter: Person, uuid: str, typed: str, answer: str) -> str:
    page = voter.page
    page.goto(f"/board/{uuid}/slip/")
    page.get_by_label("The code of your slip").fill(typed)
    page.get_by_role("button", name="Go on").click()
    step(page, "choose")
    voter.check()
    page.get_by_label(answer, exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")
    voter.check()
    return page.locator("[data-receipt-words]").inner_text()


def _refusals(voter: Person, uuid: str, code: str, cancelled: str) -> None:
    """A mistake in typing is told apart from a slip that does not count."""
    page = voter.page
    page.goto(f"/board/{uuid}/slip/")
    wrong = ("3" if code[0] == "2" else "2") + code[1:]
    for typed, sentence in (
        (code[:-1], "A code has 22 letters and numbers; these are 21."),
        (f"0{code[1:]}", "No code has “0” in it."),
        (wrong, "There is a mistake in the code"),
        (cancelled, "The code is whole, but it is not on the list of this vote."),
    ):
        page.get_by_label("The code of your slip").fill(typed)
        page.get_by_role("button", name="Go on").click()
        expect(page.locator("[data-error]")).to_contain_text(sentence)
    voter.check()


def _refuse_leaks(server: Server, codes: list[str]) -> None:
    """No code, and no part of one that could be one, lies in the server's folder."""
    for path in server.data.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [code for code in codes if code.encode() in content], path
            assert not [code for code in codes if code.replace("-", "").encode() in content], path
