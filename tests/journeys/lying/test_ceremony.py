"""A trustee's browser sends shares to nobody but the trustees, and signs only what they made together."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import expect

from factories import workplace
from journeys import lies
from journeys.lies import GHOST, Host, Setup
from journeys.lying.conftest import Member
from journeys.lying.deeds import keys_of
from journeys.lying.noticing import alarm, kept, posted
from journeys.lying.telling import answer_json, page_says, rewrite
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import PASSPHRASE, SLOW, step
from openballot import ceremony
from openfloor.ballots.devices import KeyMaker

pytestmark = pytest.mark.journey

TRUSTEE, COLLEAGUE = 1, 2
Told = dict[str, Any]  # a trustee's trustee.json


@pytest.fixture
def certified(prepared: Prepared) -> str:
    """Every certificate is there; shares are to be exchanged."""
    return prepared.ballots["certified"]


@pytest.fixture
def frozen(server: Server, prepared: Prepared) -> Host:
    return Host.of(server, prepared.ballots["frozen"])


# The first round: who would read the shares


def certificate_of_the_host(told: Told, uuid: str) -> Told:
    maker, signature = ghost_at(told, uuid, 2)
    return with_certificate(told, 2, maker.certificate, signature)


def certificate_of_the_host_with_the_old_signature(told: Told, uuid: str) -> Told:
    maker, _ = ghost_at(told, uuid, 2)
    return with_certificate(told, 2, maker.certificate)


def own_certificate(told: Told, uuid: str) -> Told:
    maker, signature = ghost_at(told, uuid, 1)
    return with_certificate(told, 1, maker.certificate, signature)


def members_changed_places(told: Told, uuid: str) -> Told:
    return {**told, "makers": [told["makers"][0], *reversed(told["makers"][1:])]}


def another_entry_in_the_own_place(told: Told, uuid: str) -> Told:
    first, second, third = told["makers"]
    return {**told, "makers": [{**first, "number": 4}, second, third]}


def certificate_twice(told: Told, uuid: str) -> Told:
    first, second, _ = told["certificates"]
    return {**told, "certificates": [first, second, second]}


def certificate_left_out(told: Told, uuid: str) -> Told:
    return {**told, "certificates": told["certificates"][:2]}


def certificate_of_an_older_attempt(told: Told, uuid: str) -> Told:
    """Made and signed by the very colleague, before the trustees began again."""
    older = {**told, "attempt": told["attempt"] - 1}
    maker, signature = maker_at(older, uuid, 2, workplace.keys_of(COLLEAGUE))
    return with_certificate(told, 2, maker.certificate, signature)


def another_roll(told: Told, uuid: str) -> Told:
    fixed = told["charter"]["roll"]
    return {**told, "charter": {**told["charter"], "roll": {**fixed, "head": "0" * 64}}}


class RoundLie(NamedTuple):
    change: Callable[[Told, str], Told]
    found: str


NOT_THEIRS = "The key that is said to be of entry 2 is not signed by them."
PASSED_ON = "What the server passed on from the trustees is not what they sent."
FIRST_ROUND_LIES = [
    RoundLie(certificate_of_the_host, NOT_THEIRS),
    RoundLie(certificate_of_the_host_with_the_old_signature, NOT_THEIRS),
    RoundLie(own_certificate, "The key that is said to be of entry 1 is not signed by them."),
    RoundLie(members_changed_places, NOT_THEIRS.replace("2", "3")),
    RoundLie(another_entry_in_the_own_place, "You are not named as trustee in the charter."),
    RoundLie(certificate_twice, PASSED_ON),
    RoundLie(certificate_left_out, PASSED_ON),
    RoundLie(certificate_of_an_older_attempt, PASSED_ON),
    RoundLie(another_roll, "The roll is not the one that this ballot was announced with."),
]


@pytest.mark.parametrize("lie", FIRST_ROUND_LIES, ids=lambda lie: lie.change.__name__)
def test_a_trustee_who_is_told_of_other_certificates_sends_no_share(
    member: Member, prepared: Prepared, certified: str, tmp_path: Path, lie: RoundLie
) -> None:
    trustee = member(TRUSTEE)
    tell(trustee, certified, lambda told: lie.change(told, certified))
    bring(trustee, prepared, "certified", tmp_path)
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


def test_a_trustee_who_is_told_another_threshold_sends_no_share(
    member: Member, prepared: Prepared, certified: str, tmp_path: Path
) -> None:
    """The file itself is for two of three."""
    trustee = member(TRUSTEE)
    page_says(trustee, certified, threshold="3")
    bring(trustee, prepared, "certified", tmp_path)
    assert alarm(trustee) == ["The server told this device something else about the trustees before."]
    assert posted(trustee) == []


def test_a_trustee_sends_shares_for_one_list_of_certificates(
    member: Member, prepared: Prepared, certified: str, tmp_path: Path
) -> None:
    """Even where a colleague has made two certificates, and signed both: two lists tell the whole key."""
    trustee = member(TRUSTEE)
    bring(trustee, prepared, "certified", tmp_path)
    step(trustee.page, "round")
    assert posted(trustee) == [f"/ballots/{certified}/trustee/coefficients/"]
    assert kept(trustee, f"answered-round/{certified}")["id"] == f"{certified}.1"
    trustee.sent.clear()

    def second_story(told: Told) -> Told:
        maker, signature = maker_at(told, certified, 2, keys_of(prepared, COLLEAGUE))
        forged = with_certificate(told, 2, maker.certificate, signature)
        return {**forged, "own": {**told["own"], "coefficients_message": None}}

    tell(trustee, certified, second_story)
    trustee.page.reload()
    assert alarm(trustee) == ["The server told this device something else about the trustees before."]
    assert posted(trustee) == []


# The second round, before the signature


def coefficients_left_out(told: Told, _host: Host) -> Told:
    return {**told, "coefficients": told["coefficients"][:2]}


def own_coefficients_left_out(told: Told, _host: Host) -> Told:
    return {**told, "coefficients": told["coefficients"][1:]}


def coefficients_twice(told: Told, _host: Host) -> Told:
    first, second, _ = told["coefficients"]
    return {**told, "coefficients": [first, second, second]}


def coefficients_of_the_host(told: Told, host: Host) -> Told:
    """Whoever has no certificate's key cannot sign in its place."""
    maker, _ = ghost_at(told, host.uuid, 2)
    others = [*told["certificates"]]
    others[1] = maker.certificate
    forged = ceremony.coefficients_message(maker.own, others)
    return {**told, "coefficients": [told["coefficients"][0], forged, told["coefficients"][2]]}


def every_other_message_of_the_host(told: Told, host: Host) -> Told:
    """Another ceremony around the trustee's own certificate: all of its key but one part is the host's."""
    ghosts = [ghost_at(told, host.uuid, index) for index in (2, 3)]
    forged = told
    for index, (maker, signature) in zip((2, 3), ghosts, strict=True):
        forged = with_certificate(forged, index, maker.certificate, signature)
    others = [ceremony.coefficients_message(maker.own, forged["certificates"]) for maker, _ in ghosts]
    return {**forged, "coefficients": [told["coefficients"][0], *others]}


class FreezeLie(NamedTuple):
    change: Callable[[Told, Host], Told]
    found: str


SECOND_ROUND_LIES = [
    FreezeLie(coefficients_left_out, PASSED_ON),
    FreezeLie(own_coefficients_left_out, PASSED_ON),
    FreezeLie(coefficients_twice, PASSED_ON),
    FreezeLie(coefficients_of_the_host, PASSED_ON),
    FreezeLie(every_other_message_of_the_host, NOT_THEIRS),
]


@pytest.mark.parametrize("lie", SECOND_ROUND_LIES, ids=lambda lie: lie.change.__name__)
def test_a_trustee_who_is_told_of_other_shares_signs_nothing(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path, lie: FreezeLie
) -> None:
    trustee = member(TRUSTEE)
    tell(trustee, frozen.uuid, lambda told: lie.change(told, frozen))
    bring(trustee, prepared, "frozen", tmp_path)
    assert lie.found in alarm(trustee)
    assert posted(trustee) == []


# The frozen election


def text_only(host: Host) -> Setup:
    return {**host.setup, "charter": lies.with_charter(host.setup, text="We go back to work.")["charter"]}


def another_threshold(host: Host) -> Setup:
    return lies.with_charter(host.setup, threshold=3)


def no_threshold(host: Host) -> Setup:
    fields = {name: value for name, value in host.charter.items() if name != "threshold"}
    return lies.with_charter_of(host.setup, fields)


def ceremony_of_the_host(host: Host) -> Setup:
    return lies.with_own_ceremony(host.setup)


def threshold_in_the_list(host: Host) -> Setup:
    return {**host.setup, "trustees": host.setup["trustees"].replace('"threshold":2', '"threshold":3', 1)}


class SigningLie(NamedTuple):
    setup: Callable[[Host], Setup]
    found: str


SETTLED = "The ballot’s list of trustees is not what the trustees made together."
SIGNING_LIES = [
    SigningLie(text_only, "The text that is shown is not the text that is locked into the votes."),
    SigningLie(
        another_threshold,
        "The charter says another number of trustees who are enough than their key asks for.",
    ),
    SigningLie(
        no_threshold, "The charter says another number of trustees who are enough than their key asks for."
    ),
    SigningLie(ceremony_of_the_host, SETTLED),
    SigningLie(threshold_in_the_list, "A trustee’s certificate for the shared key does not hold."),
]


def test_a_trustee_opens_their_shares_and_signs_what_an_honest_host_sends(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path
) -> None:
    trustee = member(TRUSTEE)
    bring(trustee, prepared, "frozen", tmp_path)
    step(trustee.page, "sign")
    expect(trustee.page.get_by_role("button", name="Sign it")).to_be_enabled()
    assert posted(trustee) == []


@pytest.mark.parametrize("lie", SIGNING_LIES, ids=lambda lie: lie.setup.__name__)
def test_a_trustee_who_is_sent_another_election_signs_nothing(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path, lie: SigningLie
) -> None:
    trustee = member(TRUSTEE)
    answer_json(trustee.context, "/setup.json", lie.setup(frozen))
    bring(trustee, prepared, "frozen", tmp_path)
    assert lie.found in alarm(trustee)
    expect(trustee.page.get_by_role("button", name="Sign it")).to_be_hidden()
    assert posted(trustee) == []


def test_a_trustee_who_has_signed_takes_part_in_no_other_ceremony_of_the_ballot(
    member: Member, prepared: Prepared, frozen: Host, tmp_path: Path
) -> None:
    """A host that says that the trustees begin again could have two elections under one name."""
    trustee = member(TRUSTEE)
    bring(trustee, prepared, "frozen", tmp_path)
    step(trustee.page, "sign")
    trustee.page.get_by_role("button", name="Sign it").click()
    step(trustee.page, "wait_open")
    trustee.sent.clear()

    page_says(trustee, frozen.uuid, begin="make", attempt="2")
    page = trustee.page
    page.goto(f"/ballots/{frozen.uuid}/trustee/")
    page.get_by_label("Passphrase for the file").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make my key and save the file").click()
    expect(page.locator("[data-error]")).to_contain_text("This ballot is frozen already")
    assert posted(trustee) == []


def test_a_wrong_share_is_told_by_name_to_everybody(
    member: Member, prepared: Prepared, tmp_path: Path
) -> None:
    third, uuid = member(3), prepared.ballots["frozen_wrong"]
    bring(third, prepared, "frozen_wrong", tmp_path)
    step(third.page, "shares")
    expect(third.page.locator("[data-wrong-shares] li")).to_have_text(
        ["The share that entry 2 sent you does not fit what they showed to all."]
    )
    third.check()
    third.page.get_by_role("link", name="See the ballot").click()
    expect(third.page.get_by_text("Entry 3 says: the share of entry 2 is wrong.")).to_be_visible()
    assert posted(third) == [f"/ballots/{uuid}/trustee/refuse/"]

    organiser = member(TRUSTEE)
    organiser.page.goto(f"/ballots/{uuid}/")
    organiser.page.get_by_role("link", name="Withdraw it").first.click()
    expect(organiser.page.get_by_role("heading", name="Withdraw this ballot?")).to_be_visible()


def test_a_page_without_https_says_that_no_key_can_be_made(
    member: Member, prepared: Prepared, server: Server
) -> None:
    trustee = member(TRUSTEE)
    page = trustee.context.new_page()
    page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })")
    page.goto(f"/ballots/{prepared.ballots['announced']}/trustee/")
    step(page, "insecure")
    expect(page.get_by_text("whose address begins with https")).to_be_visible()
    page.close()


def maker_at(told: Told, uuid: str, index: int, keys: Any) -> tuple[KeyMaker, str]:
    """A seed at a place of this ceremony, and the signature of its certificate by *keys*."""
    maker = KeyMaker.draw(uuid, {**told, "place": {**told["place"], "index": index}})
    return maker, maker.signature(keys, uuid, told["makers"][index - 1]["number"])


def ghost_at(told: Told, uuid: str, index: int) -> tuple[KeyMaker, str]:
    return maker_at(told, uuid, index, GHOST)


def with_certificate(told: Told, index: int, message: str, signature: str | None = None) -> Told:
    certificates, makers = [*told["certificates"]], [*told["makers"]]
    certificates[index - 1] = message
    if signature is not None:
        makers[index - 1] = {**makers[index - 1], "signature": signature}
    return {**told, "certificates": certificates, "makers": makers}


def tell(trustee: Person, uuid: str, change: Callable[[Told], Told]) -> None:
    """The host tells this trustee something else of the rounds."""
    rewrite(trustee.context, f"/{uuid}/trustee.json", lambda text: json.dumps(change(json.loads(text))))


def bring(trustee: Person, prepared: Prepared, state: str, folder: Path) -> None:
    """On a device that did not make the key."""
    page, number = trustee.page, int(trustee.name.split()[-1])
    file = prepared.key_file(state, number, folder)
    page.goto(f"/ballots/{prepared.ballots[state]}/trustee/")
    step(page, "bring")
    page.locator("#bring-file").set_input_files(file)
    page.locator("#bring-passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Go on", exact=True).click(timeout=SLOW)
