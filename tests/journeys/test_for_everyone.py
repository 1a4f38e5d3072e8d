"""By keyboard alone, on every page in both themes and both widths, and on a phone six times slower."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Locator, Page, expect

from journeys.belonging import sign_in
from journeys.people import LAPTOP, PHONE, Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import PASSPHRASE, SLOW, step
from openfloor.bargaining import urls as table

pytestmark = pytest.mark.journey

People = Callable[..., Person]
MOST_TABS = 60
PAGES_FOR_SCRIPTS_AND_FORMS = {
    "ballots/<belenios:uuid>/copy/",
    "ballots/<belenios:uuid>/charter/",
    "ballots/<belenios:uuid>/trustee/key/",
    "ballots/<belenios:uuid>/trustee/copy/",
    "ballots/<belenios:uuid>/trustee/sign/",
    "ballots/<belenios:uuid>/trustee.json",
    "ballots/<belenios:uuid>/trustee/certificate/",
    "ballots/<belenios:uuid>/trustee/coefficients/",
    "ballots/<belenios:uuid>/trustee/finish/",
    "ballots/<belenios:uuid>/trustee/refuse/",
    "ballots/<belenios:uuid>/trustee/lost/",
    "ballots/<belenios:uuid>/trustee/decrypt/",
    "ballots/<belenios:uuid>/trustee/shuffle/",
    "ballots/<belenios:uuid>/teller.json",
    "ballots/<belenios:uuid>/teller/sign/",
    "ballots/<belenios:uuid>/slips/make/",
    "ballots/<belenios:uuid>/slips/cancel/",
    "ballots/<belenios:uuid>/slips/finish/",
    "ballots/<belenios:uuid>/blind.json",
    "ballots/<belenios:uuid>/roll-parts.json",
    "ballots/<belenios:uuid>/extend/sign/",
    "ballots/<belenios:uuid>/uncountable/sign/",
    "board/<belenios:uuid>/<belenios:name>.bel",
    "board/<belenios:uuid>/charter.json",
    "board/<belenios:uuid>/setup.json",
    "board/<belenios:uuid>/head.json",
    "board/<belenios:uuid>/proofs.json",
    "board/<belenios:uuid>/shuffles.json",
    "board/<belenios:uuid>/cast",
    "favicon.ico",
    "healthz",
    "invitations/<int:pk>/end/",
    "join/enrol/",
    "join/state.json",
    "join/stop/",
    "language/",
    "ledger.jsonl",
    "mandates/events/<int:pk>/confirm/",
    "mandates/events/<int:pk>/drop/",
    "mandates/openness/",
    "me/devices/forget/",
    "me/devices/sign-out/",
    "me/hand-over/seal/",
    "me/hand-over/stop/",
    "me/leave/",
    "me/passkeys/",
    "me/passkeys/<int:pk>/remove/",
    "me/passkeys/<int:pk>/sealed/",
    "me/passkeys/new/",
    "offline.json",
    "renew/asked.json",
    "renew/keys/",
    "renew/state.json",
    "renew/stop/",
    "renew/vouch/<int:number>/<slug:fingerprint>.json",
    "robots.txt",
    "roles/<int:pk>/confirm/",
    "roles/<int:pk>/decline/",
    "roles/<int:pk>/resign/",
    "roll.jsonl",
    "roll/objections/",
    "roll/objections/withdraw/",
    "service-worker.js",
    "sign-in/passkey/",
    "sign-in/passkey/challenge/",
    "sign-out/",
    "site.webmanifest",
    "vouch/<int:number>.json",
}
PAGES_OF_A_MANDATE = {  # looked at in the demonstration, which has one, as those of the table are
    "mandates/<belenios:uuid>/",
    "mandates/<belenios:uuid>/tell/",
    "mandates/events/<int:pk>/correct/",
    "mandates/events/<int:pk>/take-back/",
    "mandates/breaches/<int:pk>/vote/",
    "board/mandates/<uuid:committee>/",
    "board/mandates/<uuid:committee>/sheet/",
    "board/mandates/<uuid:committee>/feed.atom",
}


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("for-everyone"))
    yield server
    server.stop()


# By keyboard alone


def reach(page: Page, target: Locator) -> None:
    """Press Tab until the focus is on *target*, and see it there."""
    for _ in range(MOST_TABS):
        if target.evaluate("element => element === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {target}")


def type_in(page: Page, label: str, text: str) -> None:
    reach(page, page.get_by_label(label, exact=True).locator("visible=true"))
    page.keyboard.type(text)


def press(page: Page, name: str, key: str = "Enter") -> None:
    reach(page, page.get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def test_somebody_joins_by_keyboard(server: Server, prepared: Prepared, person: People) -> None:
    page = (gus := person("Gus", viewport=LAPTOP)).page
    page.goto(f"/join/#{prepared.links['good']}")
    type_in(page, "What should we call you?", "Gus")
    press(page, "Make my twelve words")
    words = page.locator("[data-word-list] li").all_inner_texts()
    press(page, "I have written them down", "Space")
    for field in ("#first", "#second"):
        label = page.locator(f"label[for={field[1:]}]").inner_text()
        type_in(page, label, words[int(label.split()[-1]) - 1])
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Show this code to a colleague")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-link]")).to_have_value(re.compile("/vouch/#"))
    gus.check()


def test_a_member_votes_by_keyboard(server: Server, prepared: Prepared, person: People) -> None:
    eve = person("Eve", color_scheme="dark")
    sign_in(eve, prepared.words[5])
    page = eve.page
    page.goto(f"/ballots/{prepared.ballots['open']}/vote/")
    step(page, "choose")
    reach(page, page.get_by_label("Yes", exact=True))
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    eve.check()
    press(page, "Go on")
    step(page, "check")
    expect(page.locator("[data-chosen] dd")).to_have_text("No")
    eve.check()
    press(page, "Cast my vote")

    step(page, "receipt")
    eve.check()


def test_a_trustee_opens_the_count_by_keyboard(
    server: Server, prepared: Prepared, person: People, tmp_path: Path
) -> None:
    file = prepared.key_file("closed", 3, tmp_path)
    cyd = person("Cyd", viewport=LAPTOP)
    sign_in(cyd, prepared.words[3])
    page = cyd.page
    page.on("filechooser", lambda chooser: chooser.set_files(file))
    page.goto(f"/ballots/{prepared.ballots['closed']}/trustee/")
    reach(page, page.locator("#key-file"))
    page.keyboard.press("Enter")
    expect(page.locator("#key-file")).to_have_value(re.compile("closed-3"))
    type_in(page, "Your passphrase", PASSPHRASE)
    page.keyboard.press("Enter")
    expect(page.locator("[data-head-words]")).to_be_visible(timeout=SLOW)
    cyd.check()
    press(page, "They are the same: open the total")

    step(page, "wait_count")
    cyd.check()


# Every page


def _addresses(prepared: Prepared) -> dict[int | None, list[str]]:
    """
    What each looks at, by entry number: 1 organises, 2 is teller, 3 is trustee, 4 holds no role, 7 waits for
    vouches, and None has no account.
    """
    of = prepared.ballots
    public = ("frozen", "open", "closed", "counted", "uncountable")
    return {
        None: [
            *("/", "/sign-in/", "/device/", "/found/", "/join/", "/renew/"),
            *("/offline/", "/no-such-page/"),
            *(f"/board/{of[state]}/" for state in public),
            f"/board/{of['counted']}/?find=abandon",
            f"/ballots/{of['counted']}/minutes/",
            *(f"/board/{of[state]}/slip/" for state in ("frozen", "open")),
        ],
        7: ["/join/"],
        4: [
            *(
                "/",
                "/ballots/",
                "/ballots/new/",
                "/ballots/practise/",
                "/me/",
                "/me/hand-over/",
                "/invitations/",
                "/vouch/",
                f"/vouch/#{prepared.codes[7]}",
                "/renew/start/",
                "/renew/vouch/",
            ),
            *("/roll/", "/roles/", "/workplace/", "/ledger/", "/join/", "/found/"),
            *("/mandates/", "/mandates/sheet/"),
            *(f"/ballots/{uuid}/" for state, uuid in of.items() if state not in ("draft", "open_too")),
            *(f"/ballots/{of[state]}/vote/" for state in ("announced", "open", "closed", "withdrawn")),
        ],
        2: [
            "/",
            "/roll/handles/",
            *(f"/ballots/{of[state]}/teller/" for state in ("announced", "frozen", "open")),
            *(f"/ballots/{of[state]}/slips/" for state in ("announced", "frozen")),
        ],
        3: [
            "/",
            *(
                f"/ballots/{of[state]}/trustee/"
                for state in (
                    *("announced", "certified", "frozen", "open", "closed", "counted"),
                    *("announced_own", "frozen_own"),
                )
            ),
            f"/ballots/{of['open']}/extend/",
            f"/ballots/{of['closed']}/uncountable/",
        ],
        1: [
            *("/", "/ballots/", "/ballots/new/", "/ballots/practise/", "/workplace/", "/roles/"),
            *("/me/", "/roles/organiser/", "/roles/trustee/", "/roles/teller/"),
            *(f"/ballots/{of['draft']}/{page}" for page in ("", "edit/", "announce/")),
            f"/ballots/{of['announced']}/withdraw/",
            f"/ballots/{of['announced']}/trustees/",
            f"/ballots/{of['closed']}/",
        ],
    }


def test_every_page_is_clean_in_both_themes_and_both_widths(
    server: Server, prepared: Prepared, person: People
) -> None:
    faults: dict[str, list[str]] = {}
    seen: set[str] = set()
    for number, addresses in _addresses(prepared).items():
        one = person(f"Entry {number}")
        if number is not None:
            sign_in(one, prepared.words[number])
        for address in addresses:
            one.page.goto(address)
            _wait_until_drawn(one.page)
            outline = one.page.evaluate(OUTLINE)
            if outline not in seen:
                seen.add(outline)
                found = _faults(one)
                if found:
                    faults[f"{number} {address}"] = found

    assert faults == {}


OUTLINE = """() => [...document.querySelectorAll("*")].map((element) =>
  element.tagName + element.className + element.hidden + (element.getAttribute("role") ?? "")).join(" ")"""


def _wait_until_drawn(page: Page) -> None:
    page.wait_for_function(
        """() => {
            const steps = [...document.querySelectorAll("[data-step]")];
            const passing = ["checking", "working", "looking"];
            const isThere = (step) => !step.hidden && !passing.includes(step.dataset.step);
            const isShut = document.querySelector("[data-obstacle], [data-exchange]") !== null;
            return steps.length === 0 || isShut || steps.some(isThere);
        }"""
    )


def _faults(one: Person) -> list[str]:
    page = one.page
    found = []
    for scheme, size in (("light", PHONE), ("dark", PHONE), ("light", LAPTOP), ("dark", LAPTOP)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type] # one of the two it takes
        page.set_viewport_size(size)  # type: ignore[arg-type]
        found += [f"{scheme} {size['width']}: {fault}" for fault in one.axe()]
        if page.evaluate("() => document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{scheme} {size['width']}: wider than the screen")
    return found


def test_no_page_is_left_out(prepared: Prepared) -> None:
    visited = [
        address.partition("#")[0].partition("?")[0]
        for addresses in _addresses(prepared).values()
        for address in addresses
    ]
    patterns = dict(_patterns(get_resolver()))

    unvisited = {
        route for route, pattern in patterns.items() if not any(pattern.resolve(path[1:]) for path in visited)
    }

    of_the_table = {str(pattern.pattern) for pattern in table.urlpatterns}
    assert unvisited == PAGES_FOR_SCRIPTS_AND_FORMS | PAGES_OF_A_MANDATE | of_the_table


def _patterns(resolver: URLResolver) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern)
        else:
            yield str(pattern.pattern), pattern


# On an old phone


def test_a_phone_six_times_slower_votes_and_shows_progress(
    server: Server, prepared: Prepared, person: People
) -> None:
    dot = person("Dot")
    sign_in(dot, prepared.words[4])
    page = dot.page
    dot.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})

    page.goto(f"/ballots/{prepared.ballots['open_too']}/vote/")
    step(page, "checking")
    expect(page.get_by_role("progressbar", name="Checking the ballot")).to_be_visible()
    step(page, "choose")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    step(page, "check")
    page.get_by_role("button", name="Cast my vote").click()

    step(page, "receipt")
    expect(page.get_by_role("heading", name="Your vote is in")).to_be_visible()
