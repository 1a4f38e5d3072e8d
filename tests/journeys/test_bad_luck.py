"""Everything that goes wrong: one clear sentence each, nothing changed, and a way on."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from journeys.belonging import sign_in
from journeys.kept import Tables, read_tables
from journeys.people import CHROMIUM, PHONE, QUIET, Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import choose, step, vote

pytestmark = pytest.mark.journey

MOVED_BY_THE_CLOCK = ("published_at", "published_height")
NOTHING_HAPPENED = re.compile(r"Nothing was (counted|changed)|not counted")
ABOUT_CALLERS = ("django_session", "workplace_strangerbudget", "workplace_device")

People = Callable[..., Person]


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("bad-luck"))
    yield server
    server.stop()


@contextmanager
def nothing_changes(server: Server) -> Iterator[None]:
    """In the whole database, but for what the clock does and what is known of callers."""
    before = _lasting(read_tables(server.data))
    yield
    assert _lasting(read_tables(server.data)) == before


def _lasting(tables: Tables) -> Tables:
    return {
        name: [
            {column: cell for column, cell in row.items() if column not in MOVED_BY_THE_CLOCK} for row in rows
        ]
        for name, rows in tables.items()
        if name not in ABOUT_CALLERS
    }


# Papers over plain HTTP


def cast(server: Server, uuid: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    with closing(HTTPConnection("localhost", server.port, timeout=30)) as connection:
        sent = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        connection.request("POST", f"/board/{uuid}/cast", body, sent)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def _changed(paper: str, change: Callable[[dict[str, Any]], object]) -> bytes:
    value = json.loads(paper)
    change(value)
    return json.dumps(value, separators=(",", ":")).encode()


def _bad_papers(papers: dict[str, str]) -> dict[str, tuple[str, bytes, int, str]]:
    """Name: the ballot's state, what is sent to it, and the status and code it gets."""
    good = papers["open"]
    choices = json.loads(good)["answers"][0]["choices"]
    return {
        "nothing": ("open", b"", 400, "not_json"),
        "no text": ("open", b"\xff\xfe", 400, "not_json"),
        "cut short": ("open", good.encode()[:-1], 400, "not_json"),
        "1,000,001 bytes": ("open", good.encode().ljust(1_000_001), 413, "too_large"),
        "a list": ("open", b"[]", 422, "not_canonical"),
        "a space more": ("open", good.replace(",", ", ", 1).encode(), 422, "not_canonical"),
        "a leading zero": ("open", good.replace('nge":"', 'nge":"0', 1).encode(), 422, "not_canonical"),
        "a field more": (
            "open",
            _changed(good, lambda paper: paper.update(time="noon")),
            422,
            "not_canonical",
        ),
        "no signature": ("open", _changed(good, lambda paper: paper.pop("signature")), 422, "not_canonical"),
        "an answer less": (
            "open",
            _changed(good, lambda paper: paper["answers"][0]["choices"].pop()),
            422,
            "not_canonical",
        ),
        "two answers exchanged": (
            "open",
            _changed(good, lambda paper: paper["answers"][0].update(choices=choices[::-1])),
            422,
            "bad_signature",
        ),
        "another's credential": (
            "open",
            _changed(good, lambda paper: paper.update(credential=choices[0]["alpha"])),
            422,
            "unknown_credential",
        ),
        "no element": (
            "open",
            _changed(good, lambda paper: paper["answers"][0]["choices"][0].update(alpha="9" * 700)),
            422,
            "outside_group",
        ),
        "of another ballot": ("open", papers["open_too"].encode(), 422, "wrong_election"),
        "early": ("frozen", papers["frozen"].encode(), 409, "not_yet_open"),
        "late": ("closed", papers["closed"].encode(), 409, "closed"),
        "to a draft": ("draft", good.encode(), 404, "no_such_ballot"),
        "to a withdrawn one": ("withdrawn", good.encode(), 404, "no_such_ballot"),
    }


def test_bad_papers_are_refused_by_name_and_change_nothing(server: Server, prepared: Prepared) -> None:
    papers = _bad_papers(prepared.papers)

    with nothing_changes(server):
        answers = {
            name: cast(server, prepared.ballots[state], body) for name, (state, body, _, _) in papers.items()
        }

    assert {name: (status, answer["error"]["code"]) for name, (status, answer) in answers.items()} == {
        name: (status, code) for name, (_, _, status, code) in papers.items()
    }
    sentences = [answer["error"]["sentence"] for _, answer in answers.values()]
    assert [sentence for sentence in sentences if not NOTHING_HAPPENED.search(sentence)] == []


def test_a_paper_of_three_megabytes_or_from_another_site_is_refused(
    server: Server, prepared: Prepared
) -> None:
    uuid, paper = prepared.ballots["open"], prepared.papers["open"].encode()

    with nothing_changes(server):
        with closing(HTTPConnection("localhost", server.port, timeout=30)) as connection:
            connection.request(
                "POST", f"/board/{uuid}/cast", paper.ljust(3_000_000), {"Content-Type": "application/json"}
            )
            answer = connection.getresponse()
            too_large = answer.status, answer.read().decode()
        elsewhere = cast(server, uuid, paper, **{"Sec-Fetch-Site": "cross-site"})
        as_a_form = cast(server, uuid, paper, **{"Content-Type": "text/plain"})

    assert too_large[0] == 413
    assert "Nothing was changed" in too_large[1]
    assert (elsewhere[0], elsewhere[1]["error"]["code"]) == (403, "from_elsewhere")
    assert (as_a_form[0], as_a_form[1]["error"]["code"]) == (400, "not_json")


# Links and vouches


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("used_up", "This link was used already. Ask for a new one; nothing was lost."),
        ("expired", "This link is too old. Ask for a new one; nothing was lost."),
        ("unknown", "This link is not known here. Ask for a new one; nothing was lost."),
    ],
)
def test_an_invitation_that_does_not_work_says_so_and_changes_nothing(
    server: Server, prepared: Prepared, person: People, link: str, says: str
) -> None:
    secret = prepared.links.get(link, "A" * 43)
    dot = person("Dot")

    with nothing_changes(server):
        dot.page.goto(f"/join/#{secret}")
        expect(dot.page.locator("[data-error]")).to_have_text(says)

    assert dot.page.url == f"{server.url}/join/"
    dot.check()


def test_nobody_vouches_for_themselves_or_in_a_circle(
    server: Server, prepared: Prepared, person: People
) -> None:
    gil, hal, ada = person("Gil"), person("Hal"), person("Ada")
    sign_in(gil, prepared.words[7])
    sign_in(ada, prepared.words[1])

    with nothing_changes(server):
        # Two who wait cannot vouch for each other: the page for members sends them back to where they wait.
        gil.page.goto(f"/vouch/#{prepared.codes[8]}")
        expect(gil.page.get_by_role("heading", name="Show this code to a colleague")).to_be_visible()
        assert _post_vouch(gil, 8) == (403, "vouches_missing")
        ada.page.goto(f"/vouch/#1.{'A' * 43}")
        expect(ada.page.locator("[data-error]")).to_have_text(
            "You cannot vouch for yourself. Show the code to a colleague who is on the roll."
        )
        ada.check()
        # Nor can a member vouch back: whoever vouched for them is on the roll already.
        ada.page.goto(f"/vouch/#2.{'A' * 43}")
        expect(ada.page.locator("[data-error]")).to_have_text(
            "This person is on the roll already and needs no vouch."
        )
        assert _post_vouch(ada, 1) == (409, "vouch_self")
    hal.page.goto("/")
    hal.check()


def _post_vouch(person: Person, number: int) -> tuple[int, str]:
    """Past the page, as a script of one's own would."""
    answer: tuple[int, str] = tuple(
        person.page.evaluate(
            """async (number) => {
                const answer = await fetch("/vouch/", {
                  method: "POST",
                  headers: { "Content-Type": "application/json", "Accept": "application/json",
                             "X-CSRFToken": document.querySelector("meta[name=csrf]").content },
                  body: JSON.stringify({ number, day: "2026-01-01", signature: "0".repeat(128) }),
                });
                return [answer.status, (await answer.json()).error.code];
            }""",
            number,
        )
    )
    return answer


# In the booth


def papers_on(server: Server, uuid: str) -> list[tuple[str, str]]:
    """The papers on a board in their order: credential and hash."""
    tables = read_tables(server.data)
    (ballot,) = [row["id"] for row in tables["ballots_ballot"] if row["uuid"] == uuid]
    events = sorted(tables["ballots_boardevent"], key=lambda row: int(str(row["height"])))
    return [
        (str(row["credential"]), str(row["tracker"]))
        for row in events
        if row["ballot_id"] == ballot and row["kind"] == "Ballot"
    ]


def test_a_second_tab_sends_you_back_to_the_first(server: Server, prepared: Prepared, person: People) -> None:
    ben, uuid = person("Ben"), prepared.ballots["open"]
    sign_in(ben, prepared.words[2])

    with nothing_changes(server):
        choose(ben, uuid, "Yes")
        second = ben.context.new_page()
        second.goto(f"/ballots/{uuid}/vote/")
        step(second, "elsewhere")
        expect(second.get_by_role("heading", name="This vote is open in another tab")).to_be_visible()
        ben.page.close()
        second.get_by_role("button", name="Load again").click()
        step(second, "choose")
    ben.page = second
    ben.check()


def test_the_back_button_goes_back_to_the_choice_and_never_votes_twice(
    server: Server, prepared: Prepared, person: People
) -> None:
    cyd, uuid = person("Cyd"), prepared.ballots["open"]
    sign_in(cyd, prepared.words[3])
    before = papers_on(server, uuid)
    page = choose(cyd, uuid, "Yes")
    page.go_back()
    step(page, "choose")
    expect(page.get_by_label("Yes", exact=True)).to_be_checked()
    assert papers_on(server, uuid) == before

    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("[data-chosen] dd")).to_have_text("No")
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")
    words = page.locator("[data-receipt-words]").inner_text()
    page.go_back()
    step(page, "receipt")
    page.go_back()
    page.go_forward()
    step(page, "receipt")

    assert page.locator("[data-receipt-words]").inner_text() == words
    assert len(papers_on(server, uuid)) == len(before) + 1
    cyd.check()


def test_a_device_that_lost_its_storage_mid_ballot_votes_with_the_twelve_words_as_the_same_voter(
    server: Server, prepared: Prepared, person: People
) -> None:
    eve, uuid = person("Eve"), prepared.ballots["open"]
    sign_in(eve, prepared.words[5])
    before = papers_on(server, uuid)
    vote(eve, uuid, "Yes")
    page = eve.page
    page.get_by_role("button", name="Change my vote").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    step(page, "check")

    _clear_storage(eve, server)
    page.get_by_role("button", name="Cast my vote").click()
    expect(page.locator("[data-error]")).to_contain_text(
        "This browser refuses to keep anything for this site"
    )
    assert len(papers_on(server, uuid)) == len(before) + 1
    page.reload()
    step(page, "words")
    eve.check()
    _type_words(page, prepared.words[4])
    expect(page.locator("[data-error]")).to_contain_text("These words belong to another key")
    _type_words(page, prepared.words[5])
    step(page, "choose")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")

    (first, _), (second, _) = papers_on(server, uuid)[len(before) :]
    assert first == second


def _clear_storage(person: Person, server: Server) -> None:
    """As a browser does when it runs out of space: also under an open page."""
    person.context.new_cdp_session(person.page).send(
        "Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"}
    )


def _type_words(page: Page, words: list[str]) -> None:
    page.get_by_label("Your twelve words").fill(" ".join(words))
    page.get_by_role("button", name="Go on").last.click()


# The connection


def test_a_connection_lost_after_the_record_was_made_ends_in_the_same_receipt(
    server: Server, prepared: Prepared, person: People
) -> None:
    dot, uuid = person("Dot"), prepared.ballots["open_too"]
    sign_in(dot, prepared.words[4])
    before = papers_on(server, uuid)
    page = choose(dot, uuid, "Yes")
    answers: list[Any] = []

    def lose_the_first(route: Route) -> None:
        answer = route.fetch()
        answers.append(answer.json())
        if len(answers) == 1:
            route.abort("connectionreset")
        else:
            route.fulfill(response=answer)

    page.route("**/cast", lose_the_first)
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")

    assert len(answers) == 2
    assert answers[0] == answers[1]
    assert [tracker for _, tracker in papers_on(server, uuid)[len(before) :]] == [
        page.locator("[data-receipt-hash]").inner_text()
    ]
    dot.check()


def test_without_a_connection_the_vote_is_kept_and_sent_again_by_hand(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada, uuid = person("Ada"), prepared.ballots["open_too"]
    sign_in(ada, prepared.words[1])
    before = papers_on(server, uuid)
    page = choose(ada, uuid, "Yes")

    page.clock.install()
    page.route("**/cast", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("button", name="Cast my vote").click()
    unsure = page.get_by_text("We do not know whether your vote arrived.")
    while not unsure.is_visible():
        page.clock.run_for(1_000)
    ada.check()
    assert papers_on(server, uuid) == before
    page.unroute("**/cast")
    page.get_by_role("button", name="Send it again").click()
    step(page, "receipt")

    assert len(papers_on(server, uuid)) == len(before) + 1


def test_a_browser_closed_between_keeping_and_sending_sends_when_it_comes_back(
    server: Server, prepared: Prepared, browser: Browser, tmp_path: Path
) -> None:
    uuid = prepared.ballots["open_too"]
    before = papers_on(server, uuid)
    with _browser_with_a_disk(browser, tmp_path, server) as ben:
        sign_in(ben, prepared.words[2])
        page = choose(ben, uuid, "Yes")
        server.stop()
        with page.expect_request("**/cast"):
            page.get_by_role("button", name="Cast my vote").click()
    server.start()
    assert papers_on(server, uuid) == before

    with _browser_with_a_disk(browser, tmp_path, server) as ben:
        ben.page.goto(f"/ballots/{uuid}/vote/")
        step(ben.page, "receipt")
        expect(ben.page.get_by_role("heading", name="Your vote is in")).to_be_visible()
        receipt = ben.page.locator("[data-receipt-hash]").inner_text()

    assert [tracker for _, tracker in papers_on(server, uuid)[len(before) :]] == [receipt]


@contextmanager
def _browser_with_a_disk(browser: Browser, folder: Path, server: Server) -> Iterator[Person]:
    """A whole browser whose storage is still there when it is started again."""
    context = browser.browser_type.launch_persistent_context(
        folder / "profile",
        executable_path=CHROMIUM,
        args=QUIET,
        base_url=server.url,
        viewport=PHONE,  # type: ignore[arg-type] # a mapping with the two keys asked for
    )
    yield Person("Ben", context, context.pages[0])
    context.close()


# Without JavaScript

NEEDS_A_SCRIPT = re.compile(
    r"impossible without JavaScript: \S.*|by a script\. That is impossible without JavaScript"
)


def _pages_that_need_a_script(prepared: Prepared) -> dict[int | None, list[str]]:
    """By entry number of who looks; None is a stranger, 7 waits for vouches."""
    of = prepared.ballots
    return {
        None: ["/", "/sign-in/", "/found/", "/join/", "/renew/", f"/board/{of['open']}/"],
        7: ["/join/"],
        1: [
            "/me/",
            "/invitations/",
            "/vouch/",
            "/renew/start/",
            "/renew/vouch/",
            "/roll/",
            "/roles/",
            "/ledger/",
            f"/ballots/{of['open']}/vote/",
            f"/ballots/{of['announced']}/trustee/",
            f"/ballots/{of['closed']}/trustee/",
            f"/ballots/{of['frozen']}/teller/",
            f"/ballots/{of['open']}/extend/",
            f"/ballots/{of['closed']}/uncountable/",
        ],
    }


def test_without_javascript_every_page_that_needs_it_says_what_is_impossible_and_why(
    prepared: Prepared, person: People
) -> None:
    silent = []
    for number, addresses in _pages_that_need_a_script(prepared).items():
        plain = person(f"Plain {number}", java_script_enabled=False)
        if number is not None:
            scripted = person(f"Scripted {number}")
            sign_in(scripted, prepared.words[number])
            plain.context.add_cookies(scripted.context.cookies())  # type: ignore[arg-type]
        for address in addresses:
            plain.page.goto(address)
            said = plain.page.locator("noscript").all_text_contents()
            if plain.page.url.partition("?")[0][-len(address) :] != address or not any(
                map(NEEDS_A_SCRIPT.search, said)
            ):
                silent.append((number, address, said))

    assert silent == []
