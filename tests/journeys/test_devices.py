"""Several devices of one member: passkeys, a key sealed by code, and a storage that is wiped mid-ballot."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect

from journeys.belonging import sign_in
from journeys.kept import read_folder, read_tables
from journeys.leaks import forms
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import SLOW, step, vote
from openfloor.workplace.memberkeys import root_from_words

pytestmark = pytest.mark.journey

People = Callable[..., Person]
USUAL = 5_000
KEY_IS_HERE = "Your key is on this device and opens"


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("devices"))
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A phone's keys are made in steps that a busy machine takes its time for."""
    expect.set_options(timeout=SLOW)
    yield
    expect.set_options(timeout=USUAL)


# Authenticators


class Authenticator:
    """A passkey manager of Chromium's own, as a phone has one. It outlives what the browser wipes."""

    def __init__(self, person: Person, *, prf: bool) -> None:
        self._session: CDPSession = person.context.new_cdp_session(person.page)
        self._session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "ctap2Version": "ctap2_1",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "hasPrf": prf,
            "automaticPresenceSimulation": True,
        }
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self.id: str = added["authenticatorId"]

    def forget_all(self) -> None:
        """The person has deleted every passkey on their phone."""
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self.id})


def add_passkey(person: Person, name: str) -> None:
    page = person.page
    page.goto("/me/")
    page.get_by_label("Name the new passkey").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_text("Your passkey is added.")).to_be_visible()


def use_passkey(person: Person, address: str = "/sign-in/?next=/me/") -> Page:
    page = person.page
    page.goto(address)
    page.get_by_role("button", name="Use my passkey").click()
    return page


def wipe(person: Person, server: Server, *, cookies: bool) -> None:
    """As a browser does when it runs out of space, or as its person does by clearing the site."""
    person.context.new_cdp_session(person.page).send(
        "Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "indexeddb"}
    )
    if cookies:
        person.context.clear_cookies()


def papers_on(server: Server, uuid: str) -> list[str]:
    """The credentials of the papers on a board, in their order."""
    tables = read_tables(server.data)
    (ballot,) = [row["id"] for row in tables["ballots_ballot"] if row["uuid"] == uuid]
    events = sorted(tables["ballots_boardevent"], key=lambda row: int(str(row["height"])))
    return [
        str(row["credential"]) for row in events if row["ballot_id"] == ballot and row["kind"] == "Ballot"
    ]


def test_passkey_with_a_prf_brings_the_key_back_to_an_empty_device_without_words(
    server: Server, prepared: Prepared, person: People
) -> None:
    dot = person("Dot")
    sign_in(dot, prepared.words[4])
    Authenticator(dot, prf=True)
    add_passkey(dot, "My phone")
    expect(dot.page.get_by_text("Signs you in and brings your key back")).to_be_visible()
    dot.check()

    wipe(dot, server, cookies=True)
    page = use_passkey(dot)

    expect(page.locator("[data-key-state]")).to_have_text(KEY_IS_HERE)
    dot.check()


def test_what_opens_the_sealed_key_is_neither_sent_nor_kept(
    server: Server, prepared: Prepared, person: People
) -> None:
    eve = person("Eve")
    sign_in(eve, prepared.words[5])
    Authenticator(eve, prf=True)
    eve.context.add_init_script(KEEP_PRF)
    add_passkey(eve, "My phone")
    wipe(eve, server, cookies=True)
    use_passkey(eve)
    expect(eve.page.locator("[data-key-state]")).to_have_text(KEY_IS_HERE)
    outputs = [bytes.fromhex(text) for text in eve.page.evaluate("() => localStorage.prf.split(' ')")]

    assert len(outputs) >= 2
    assert len(set(outputs)) == 1
    root = root_from_words(" ".join(prepared.words[5]))
    sent = b"".join(request.url.encode() + request.body for request in eve.sent)
    kept = read_folder(server.data).everything() + server.log.read_bytes()
    for secret in (outputs[0], root):
        assert [form for form in forms(secret) if form in sent + kept] == []


# Writes down what the browser's own PRF gives, beside the page and not through it.
KEEP_PRF = """(() => {
  const results = PublicKeyCredential.prototype.getClientExtensionResults;
  PublicKeyCredential.prototype.getClientExtensionResults = function () {
    const found = results.call(this);
    const first = found.prf?.results?.first;
    const digits = (byte) => byte.toString(16).padStart(2, "0");
    const hex = first && [...new Uint8Array(first)].map(digits).join("");
    if (hex) localStorage.prf = [...(localStorage.prf?.split(" ") ?? []), hex].join(" ");
    return found;
  };
})()"""


def test_passkey_without_a_prf_signs_in_and_says_where_the_key_comes_from(
    server: Server, prepared: Prepared, person: People
) -> None:
    cyd = person("Cyd")
    sign_in(cyd, prepared.words[3])
    Authenticator(cyd, prf=False)
    add_passkey(cyd, "My phone")
    expect(cyd.page.get_by_text("your key comes from your words or another device")).to_be_visible()
    cyd.context.clear_cookies()
    page = cyd.page
    page.goto("/sign-in/?next=/me/")
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.get_by_role("button", name="Use my passkey").click()
    expect(page.locator("[data-key-state]")).to_have_text(KEY_IS_HERE)

    wipe(cyd, server, cookies=True)
    use_passkey(cyd)
    step(page, "without-key")
    cyd.check()
    page.get_by_role("link", name="Go on without it").click()

    expect(page.locator("[data-key-state]")).to_have_text("Your key is not on this device")
    cyd.check()
    page.get_by_role("link", name="Bring my key here").click()
    page.get_by_role("link", name="With my twelve words").click()
    page.get_by_label("Your twelve words").fill(" ".join(prepared.words[3]))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("[data-key-state]")).to_have_text(KEY_IS_HERE)


def test_passkey_made_where_the_key_was_missing_seals_it_at_the_next_sign_in(
    server: Server, prepared: Prepared, person: People
) -> None:
    ben = person("Ben")
    sign_in(ben, prepared.words[2])
    Authenticator(ben, prf=True)
    wipe(ben, server, cookies=False)
    add_passkey(ben, "My phone")
    expect(ben.page.get_by_text("your key comes from your words or another device")).to_be_visible()
    ben.context.clear_cookies()
    sign_in(ben, prepared.words[2])
    ben.context.clear_cookies()
    page = ben.page
    page.goto("/sign-in/?next=/me/")
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.get_by_role("button", name="Use my passkey").click()

    expect(page.get_by_text("Signs you in and brings your key back")).to_be_visible()


def test_passkey_that_was_removed_signs_nobody_in(server: Server, prepared: Prepared, person: People) -> None:
    ada = person("Ada")
    sign_in(ada, prepared.words[1])
    Authenticator(ada, prf=True)
    add_passkey(ada, "My phone")
    ada.page.get_by_role("button", name="Remove My phone").click()
    expect(ada.page.get_by_text("It opens nothing here any more")).to_be_visible()
    wipe(ada, server, cookies=True)

    page = use_passkey(ada)

    expect(page.locator("[data-error]")).to_have_text(
        "This passkey opens nothing here. Use your twelve words; nothing was lost."
    )
    sign_in(ada, prepared.words[1])


def test_second_passkey_on_one_device_and_a_refusal_are_one_sentence_each(
    server: Server, prepared: Prepared, person: People
) -> None:
    ada = person("Ada")
    sign_in(ada, prepared.words[1])
    authenticator = Authenticator(ada, prf=True)
    add_passkey(ada, "My phone")
    page = ada.page
    page.get_by_label("Name the new passkey").fill("Again")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.locator("[data-error]")).to_have_text(
        "This device has a passkey of yours already. Nothing was changed."
    )
    ada.check()
    ada.context.clear_cookies()
    authenticator.forget_all()
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in as somebody else").click()
    page.get_by_role("button", name="Use my passkey").click()

    expect(page.locator("[data-error]")).to_contain_text("No passkey was used")
    ada.check()


# From device to device


def show_code(person: Person, address: str = "/device/?next=/me/") -> str:
    """The new device shows its code; the link in it."""
    page = person.page
    page.goto(address)
    page.get_by_role("button", name="From my other device, with a code").click()
    step(page, "code")
    return page.locator("[data-link]").input_value()


def scan(person: Person, link: str) -> str:
    """The old device opens it; the words it shows."""
    page = person.page
    page.goto(link)
    step(page, "compare")
    expect(page).not_to_have_url(re.compile("#"))
    return page.locator("[data-words-compared]").inner_text()


def confirm(person: Person) -> None:
    page = person.page
    page.get_by_label("The other device is mine").check()
    page.get_by_label("It shows the same three words").check()
    page.get_by_role("button", name="Hand my key over").click()
    step(page, "done")


def words_on(person: Person) -> str:
    """What the new device shows to compare."""
    words = person.page.locator("[data-step]:not([hidden]) [data-words-compared]")
    expect(words).to_be_visible()
    return words.inner_text()


@pytest.fixture
def old(prepared: Prepared, person: People) -> Person:
    """Dot's phone, which has the key."""
    dot = person("Dot")
    sign_in(dot, prepared.words[4])
    return dot


def test_key_goes_from_one_device_to_another_by_a_code(server: Server, old: Person, person: People) -> None:
    new = person("Dot’s laptop")
    link = show_code(new)
    new.check()
    words = scan(old, link)
    expect(old.page).not_to_have_url(re.compile("#"))
    assert words_on(new) == words
    assert len(words.split(" · ")) == 3
    new.check()
    old.check()
    confirm(old)
    old.check()
    step(new.page, "arrived")
    expect(new.page.get_by_role("heading", name=re.compile("entry 4"))).to_be_visible()
    assert words_on(new) == words
    new.check()
    new.page.get_by_role("button", name=re.compile("Go on as")).click()

    expect(new.page.locator("[data-key-state]")).to_have_text(KEY_IS_HERE)
    rows = read_tables(server.data)["workplace_handover"]
    assert {(row["envelope"], row["state"]) for row in rows} == {("", "fetched")}


def test_code_that_was_used_is_refused_in_one_sentence(server: Server, old: Person, person: People) -> None:
    new = person("Dot’s laptop")
    link = show_code(new)
    scan(old, link)
    confirm(old)
    step(new.page, "arrived")

    old.page.goto("about:blank")
    old.page.goto(link)

    expect(old.page.locator("[data-error]")).to_contain_text("This code was used already.")
    old.check()


def test_code_that_another_member_scanned_is_not_answered_twice(
    server: Server, prepared: Prepared, old: Person, person: People
) -> None:
    new, wrong = person("Dot’s laptop"), person("Eve")
    sign_in(wrong, prepared.words[5])
    link = show_code(new)
    scan(wrong, link)

    old.page.goto(link)
    expect(old.page.locator("[data-error]")).to_contain_text("Somebody else has scanned this code.")
    old.check()
    confirm(wrong)
    step(new.page, "arrived")
    expect(new.page.get_by_role("heading", name=re.compile("entry 5"))).to_be_visible()
    new.page.get_by_role("button", name="This is not me: throw it away").click()
    step(new.page, "code")
    link = show_code(new)
    scan(old, link)
    confirm(old)
    step(new.page, "arrived")
    expect(new.page.get_by_role("heading", name=re.compile("entry 4"))).to_be_visible()


def test_of_two_new_devices_at_once_the_later_code_is_answered(
    server: Server, old: Person, person: People
) -> None:
    first, second = person("Dot’s laptop"), person("Dot’s tablet")
    scan(old, show_code(first))
    words_on(first)
    scan(old, show_code(second))

    step(first.page, "over")
    expect(first.page.locator("[data-error]")).to_contain_text("Your other device stopped")
    first.check()
    confirm(old)
    step(second.page, "arrived")


def test_hand_over_that_was_stopped_hands_nothing_over(server: Server, old: Person, person: People) -> None:
    new = person("Dot’s laptop")
    scan(old, show_code(new))
    words_on(new)
    old.page.get_by_role("button", name="Stop", exact=True).click()
    step(old.page, "stopped")
    old.check()

    step(new.page, "over")
    expect(new.page.locator("[data-error]")).to_contain_text("Your other device stopped")
    assert {row["state"] for row in read_tables(server.data)["workplace_handover"]} <= {"fetched"}


def test_envelope_changed_on_the_way_opens_nothing(server: Server, old: Person, person: People) -> None:
    new = person("Dot’s laptop")

    def change(route: Route) -> None:
        answer = route.fetch()
        value = answer.json()
        if value.get("envelope"):
            sealed = json.loads(value["envelope"])
            sealed["sealed"] = "00" + sealed["sealed"][2:]
            value["envelope"] = json.dumps(sealed, separators=(",", ":"))
        route.fulfill(response=answer, json=value)

    link = show_code(new)
    new.page.route("**/device/", change)
    scan(old, link)
    confirm(old)

    step(new.page, "over")
    expect(new.page.locator("[data-error]")).to_contain_text("What came does not open")
    new.check()


def test_server_that_swaps_the_key_is_seen_in_the_words_and_gets_nothing(
    server: Server, old: Person, person: People
) -> None:
    new = person("Dot’s laptop")

    def swap(route: Route) -> None:
        answer = route.fetch()
        value = answer.json()
        if value.get("key"):
            value["key"] = "9e6732a7dc4b53c8f91dfef4754d113169bfdc747fea3bec15b4830da4621d1d"
        route.fulfill(response=answer, json=value)

    link = show_code(new)
    new.page.route("**/device/", swap)
    words = scan(old, link)
    assert words_on(new) != words
    confirm(old)

    step(new.page, "over")
    expect(new.page.locator("[data-error]")).to_contain_text("What came does not open")


def test_code_from_elsewhere_is_none(server: Server, old: Person) -> None:
    old.page.goto("/me/hand-over/#nothing")

    expect(old.page.locator("[data-error]")).to_contain_text("This is not the code of a new device.")
    old.check()


# Storage wiped in the middle of a ballot


def _votes_again_as_the_same(member: Person, server: Server, uuid: str, before: list[str]) -> None:
    page = member.page
    step(page, "choose")
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cast my vote").click()
    step(page, "receipt")

    (again,) = papers_on(server, uuid)[len(before) :]
    assert again == before[-1]


def test_wiped_phone_votes_again_by_passkey_with_the_same_credential(
    server: Server, prepared: Prepared, person: People
) -> None:
    uuid = prepared.ballots["open"]
    cyd = person("Cyd")
    sign_in(cyd, prepared.words[3])
    Authenticator(cyd, prf=True)
    add_passkey(cyd, "My phone")
    vote(cyd, uuid, "Yes")
    before = papers_on(server, uuid)

    wipe(cyd, server, cookies=False)
    cyd.page.goto(f"/ballots/{uuid}/vote/")
    step(cyd.page, "words")
    cyd.check()
    cyd.page.get_by_role("link", name="Use a passkey or another device instead").click()
    cyd.page.get_by_role("button", name="Use my passkey").click()

    _votes_again_as_the_same(cyd, server, uuid, before)


def test_wiped_phone_votes_again_by_another_device_with_the_same_credential(
    server: Server, prepared: Prepared, person: People
) -> None:
    uuid = prepared.ballots["open_too"]
    phone, laptop = person("Ben"), person("Ben’s laptop")
    for device in (phone, laptop):
        sign_in(device, prepared.words[2])
    vote(phone, uuid, "Yes")
    before = papers_on(server, uuid)

    wipe(phone, server, cookies=True)
    phone.page.goto(f"/ballots/{uuid}/vote/")
    phone.page.get_by_role("link", name="Bring my key here another way").click()
    phone.page.get_by_role("button", name="From my other device, with a code").click()
    scan(laptop, phone.page.locator("[data-link]").input_value())
    confirm(laptop)
    step(phone.page, "arrived")
    phone.page.get_by_role("button", name=re.compile("Go on as")).click()

    _votes_again_as_the_same(phone, server, uuid, before)


def test_wiped_phone_votes_again_by_words_with_the_same_credential(
    server: Server, prepared: Prepared, person: People
) -> None:
    uuid = prepared.ballots["open"]
    eve = person("Eve")
    sign_in(eve, prepared.words[5])
    vote(eve, uuid, "Yes")
    before = papers_on(server, uuid)

    wipe(eve, server, cookies=True)
    eve.page.goto(f"/ballots/{uuid}/vote/")
    eve.page.get_by_label("Your twelve words").fill(" ".join(prepared.words[5]))
    eve.page.get_by_role("button", name="Sign in", exact=True).click()

    _votes_again_as_the_same(eve, server, uuid, before)


# The lost device


def test_lost_device_is_signed_out_from_another_one(
    server: Server, prepared: Prepared, old: Person, person: People
) -> None:
    lost = person("Dot’s lost phone")
    sign_in(lost, prepared.words[4])
    lost.page.goto("/me/")
    old.page.goto("/me/")
    old.page.get_by_role("button", name="Sign out on all other devices").click()
    expect(old.page.get_by_text("You are signed out on every other device.")).to_be_visible()
    expect(old.page.get_by_text("You are known on 1 device.")).to_be_visible()
    old.check()

    lost.page.goto("/me/")

    expect(lost.page).to_have_url(re.compile("/sign-in/"))
    old.page.goto("/roll/")
    expect(old.page).to_have_url(re.compile("/roll/"))
