"""Paper slips: their codes, their making and cancelling, and that every count says them openly."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from factories.ballots import NO, YES, Called, ballot_in_state, draft
from factories.workplace import CommitteeOfPeople, make_committee
from openballot.credentials import parse_public_credentials
from openballot.groups import named
from openballot.verifier import verify
from openfloor.audit.queries import entries
from openfloor.audit.words import describe, describe_under_title
from openfloor.ballots import actions, charter, devices, errors, queries, slips, words
from openfloor.ballots.models import Ballot, Teller

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db

GROUPS = ("BELENIOS-2048", "Ed25519")
VECTORS = json.loads((Path(__file__).parents[3] / "vectors/slips.json").read_text(encoding="utf-8"))
MANY = 12


# Codes


def answering(drawn: list[int]) -> Callable[[int], bytes]:
    return lambda _length: bytes(drawn)


def test_codes_and_credentials_are_those_of_the_vectors() -> None:
    assert [slips.new_code(answering(vector["drawn"])) for vector in VECTORS["codes"]] == [
        vector["code"] for vector in VECTORS["codes"]
    ]
    for vector in VECTORS["credentials"]:
        found = slips.credential_of(named(vector["group"]), vector["uuid"], vector["code"])
        assert found == vector["credential"]


def test_codes_are_read_in_any_case_and_refused_with_a_mistake() -> None:
    for vector in VECTORS["typed"]:
        assert slips.parse_code(vector["typed"]) == vector["code"]
    for vector in VECTORS["refused"]:
        with pytest.raises(slips.BadSlipCode):
            slips.parse_code(vector["typed"])


@given(st.binary(min_size=21, max_size=21), st.integers(0, 21), st.integers(1, 31))
def test_a_code_with_one_wrong_character_is_never_a_code(drawn: bytes, place: int, by: int) -> None:
    code = slips.new_code(lambda _length: drawn)
    characters = code.replace("-", "")
    wrong = slips.CHARACTERS[(slips.CHARACTERS.index(characters[place]) + by) % 32]

    with pytest.raises(slips.BadSlipCode):
        slips.parse_code(characters[:place] + wrong + characters[place + 1 :])


# Making them


def everything() -> str:
    """All that ballots and ledger have stored."""
    models = [*apps.get_app_config("ballots").get_models(), *apps.get_app_config("audit").get_models()]
    return str(
        serializers.serialize("json", [row for model in models for row in model._default_manager.all()])
    )


def announced(members: int = 3, **terms: Any) -> Called:
    return ballot_in_state("announced", members, **{"group": "Ed25519", **terms})


def drawn(called: Called, count: int = 2) -> devices.PaperSlips:
    return devices.PaperSlips.draw(called.ballot.group, called.ballot.uuid, count)


def hand_in(called: Called, made: devices.PaperSlips, teller: Teller | None = None) -> None:
    teller = teller or called.tellers[0]
    number = teller.member.number
    signature = made.signature(called.person(number).keys, called.ballot.uuid, number)
    actions.make_slips(teller, made.credentials, signature, now=called.later())
    called.reload()


def cancel(called: Called, made: devices.PaperSlips, teller: Teller | None = None) -> None:
    teller = teller or called.tellers[0]
    number = teller.member.number
    signature = made.cancellation(called.person(number).keys, called.ballot.uuid, number)
    actions.cancel_slips(teller, made.hash, signature, now=called.later())
    called.reload()


def kinds(called: Called) -> list[str]:
    return [entry.kind for entry in entries(called.ballot.committee_id)]


def test_slips_are_kept_as_public_credentials_and_told_in_the_ledger() -> None:
    called = announced()
    made = drawn(called)

    hand_in(called, made)

    teller = called.tellers[0].member.number
    assert called.ballot.slips == 2
    assert called.ballot.voters == 5
    assert [one.promise for one in queries.slips_of(called.ballot)] == [
        {"number": teller, "count": 2, "list": made.hash}
    ]
    entry = entries(called.ballot.committee_id).filter(kind="ballot_slips_made").get()
    assert describe(entry) == "Member 1, a teller, made 2 paper slips for “Strike on Friday”."
    assert describe_under_title(entry) == "Member 1, a teller, made 2 paper slips."
    assert not [code for code in made.codes if code in everything()]


@pytest.mark.parametrize("state", ["draft", "frozen", "open", "withdrawn"])
def test_slips_are_refused_before_the_announcement_and_from_the_freeze_on(state: str) -> None:
    called = ballot_in_state(state, group="Ed25519")
    before = everything()

    with pytest.raises(errors.NoTimeForSlips):
        hand_in(called, drawn(called))

    assert everything() == before


def test_slips_are_refused_after_the_time_to_close() -> None:
    called = announced()
    called.now = called.ballot.closes_at
    before = everything()

    with pytest.raises(errors.NoTimeForSlips):
        hand_in(called, drawn(called))

    assert everything() == before


def test_there_are_no_more_slips_than_entitled_on_the_roll() -> None:
    called = announced()
    hand_in(called, drawn(called, 2))
    before = everything()

    with pytest.raises(errors.TooManySlips) as refusal:
        hand_in(called, drawn(called, 2))

    assert "more than 3 slips" in str(refusal.value)
    assert everything() == before
    hand_in(called, drawn(called, 1), called.tellers[1])
    assert called.ballot.slips == 3


def test_slips_must_be_signed_by_their_teller() -> None:
    called = announced()
    made = drawn(called)
    teller = called.tellers[0]
    keys, uuid, number = called.person(3).keys, called.ballot.uuid, teller.member.number
    before = everything()

    for signature in ("", "0" * 128, made.signature(keys, uuid, number), made.signature(keys, uuid, 3)):
        with pytest.raises(errors.BadSignature):
            actions.make_slips(teller, made.credentials, signature, now=called.now)

    assert everything() == before


def test_a_list_must_be_in_its_one_form_and_new() -> None:
    called = announced()
    made = drawn(called)
    hand_in(called, made)
    first, second = json.loads(made.credentials)
    fresh = json.loads(drawn(called, 1).credentials)[0]
    before = everything()

    for text in (
        "",
        "[]",
        "{}",
        made.credentials,
        json.dumps([first]),
        json.dumps([second, first], separators=(",", ":")),
        json.dumps([f"{fresh},2"], separators=(",", ":")),
        json.dumps([f"{fresh},1"], separators=(",", ":")),
        json.dumps(["0" * 63 + "1"], separators=(",", ":")),
        json.dumps([5], separators=(",", ":")),
        json.dumps([first, fresh], separators=(",", ":")),
    ):
        with pytest.raises(errors.BadSlips):
            actions.make_slips(called.tellers[0], text, "0" * 128, now=called.now)

    assert everything() == before


# Cancelling, and going on


def test_a_teller_cancels_their_own_slips_openly() -> None:
    called = announced()
    made = drawn(called)
    hand_in(called, made)

    cancel(called, made)

    assert called.ballot.slips == 0
    assert queries.slips_of(called.ballot) == []
    assert kinds(called)[-2:] == ["ballot_slips_made", "ballot_slips_cancelled"]
    entry = entries(called.ballot.committee_id).filter(kind="ballot_slips_cancelled").get()
    assert describe(entry) == "Member 1, a teller, cancelled 2 paper slips for “Strike on Friday”."


def test_slips_of_another_teller_or_with_another_signature_are_not_cancelled() -> None:
    called = announced()
    made = drawn(called)
    hand_in(called, made)
    teller, other = called.tellers
    signature = made.signature(called.person(1).keys, called.ballot.uuid, 1)
    before = everything()

    with pytest.raises(errors.NoSuchSlips):
        cancel(called, made, other)
    with pytest.raises(errors.BadSignature):
        actions.cancel_slips(teller, made.hash, signature, now=called.now)

    assert everything() == before


def test_slips_are_not_cancelled_once_the_list_is_fixed() -> None:
    called = announced()
    made = drawn(called)
    hand_in(called, made)
    called.freeze()
    before = everything()

    with pytest.raises(errors.NoTimeForSlips):
        cancel(called, made)

    assert everything() == before


def test_a_ballot_that_waits_for_slips_is_fixed_when_a_teller_says_so() -> None:
    called = announced(waits_for_slips=True)
    called.freeze()
    assert called.ballot.state == Ballot.State.ANNOUNCED
    assert "A teller has still to make the paper slips, for members without a phone." in (
        words.missing_in_words(called.ballot)
    )
    teller = called.tellers[1]
    assert "make_slips" in [thing.kind for thing in queries.things_to_do(teller.member, called.now)]

    assert actions.finish_slips(teller, now=called.later())

    assert called.reload().state == Ballot.State.FROZEN
    with pytest.raises(errors.NoTimeForSlips):
        actions.finish_slips(teller, now=called.now)


def test_a_copy_waits_for_slips_of_its_own() -> None:
    called = announced(waits_for_slips=True)
    hand_in(called, drawn(called))

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)

    assert (copy.waits_for_slips, copy.slips) == (True, 0)


# What was fixed, and how it is counted


def with_slips(
    state: str, count: int = 2, people: CommitteeOfPeople | None = None, **terms: Any
) -> tuple[Called, devices.PaperSlips]:
    called = draft(people, **{"group": "Ed25519", **terms})
    called.announce()
    made = drawn(called, count)
    hand_in(called, made)
    called.freeze()
    if state != "frozen":
        called.open()
    return called, made


def test_a_charter_names_slips_and_without_any_says_nothing_of_them() -> None:
    called, made = with_slips("frozen")
    plain = ballot_in_state("frozen", people=called.people, group="Ed25519")

    assert charter.parse(called.setup["charter"])["slips"] == [{"number": 1, "count": 2, "list": made.hash}]
    assert "slips" not in charter.parse(plain.setup["charter"])
    assert "slips" not in plain.setup
    assert called.setup["slips"] == [
        {
            "number": 1,
            "credentials": made.credentials,
            "signature": queries.slips_of(called.ballot)[0].signature,
        }
    ]


@pytest.mark.parametrize("group", GROUPS)
def test_the_list_of_voters_is_that_of_the_roll_and_the_slips(group: str) -> None:
    called, made = with_slips("frozen", group=group)
    teller = called.tellers[0].member
    k = bytes.fromhex(queries.teller_material(called.ballot, teller)["k"])
    keys = [keys["credentials"][group] for keys in queries.entitled_keys(called.ballot).values()]
    slip_keys = slips.read_list(named(group), made.credentials)

    recomputed = devices.recompute_credentials(group, called.ballot.uuid, k, keys, slip_keys)

    assert called.setup["credentials"] == recomputed
    assert len(parse_public_credentials(named(group), recomputed)) == 5


@pytest.mark.parametrize("group", GROUPS)
def test_papers_by_slip_count_like_any_other(group: str) -> None:
    called, made = with_slips("open", group=group)

    for typed, answers in ((made.codes[0].lower(), NO), (made.codes[0], YES), (made.codes[1], NO)):
        receipt = called.cast(devices.vote_by_slip(typed, called.ballot.election or "", answers).encode())
        assert receipt.state == "counts"
    called.vote(1)
    called.close()
    called.count()

    outcome = queries.outcome(called.ballot)
    assert (outcome.counts, outcome.papers, outcome.entitled, outcome.unmet) == ([[0, 2, 1]], 3, 5, ())
    assert words.outcome_in_words(called.ballot, outcome).endswith("3 of 5 voted.")
    assert words.who_may_vote(called.ballot) == "5: 3 on the roll and 2 by paper slip"
    assert queries.head_of(called.ballot)["entitled"] == 5
    archive = queries.archive_of(called.ballot, published_only=True)
    assert verify(archive, require="counted").verdict == "valid"


def test_turnout_is_a_share_of_roll_and_slips() -> None:
    called, _ = with_slips("open", count=3)
    called.vote(1)
    called.vote(2)
    called.close()
    called.count()

    assert [condition.value for condition in queries.outcome(called.ballot).unmet] == ["turnout"]


def test_a_slip_that_was_cancelled_casts_nothing() -> None:
    called = announced()
    spoilt, made = drawn(called, 1), drawn(called, 1)
    for one in (spoilt, made):
        hand_in(called, one)
    cancel(called, spoilt)
    called.freeze()
    called.open()
    before = everything()

    with pytest.raises(errors.UnknownCredential):
        called.cast(devices.vote_by_slip(spoilt.codes[0], called.ballot.election or "", YES).encode())

    assert everything() == before


def test_the_use_of_few_slips_is_never_told_and_that_of_many_only_at_the_end() -> None:
    people = make_committee(MANY)
    called, made = with_slips("open", MANY, people)
    few, _ = with_slips("open", 2, people)
    called.cast(devices.vote_by_slip(made.codes[0], called.ballot.election or "", YES).encode())
    assert queries.papers_by_slip(called.ballot) is None
    for one in (called, few):
        one.close()
        one.count()

    assert queries.papers_by_slip(called.ballot) == 1
    assert queries.papers_by_slip(few.ballot) is None


# Pages


def post(client: Client, uuid: str, deed: str, value: dict[str, str]) -> Any:
    return client.post(f"/ballots/{uuid}/slips/{deed}/", json.dumps(value), content_type="application/json")


def test_a_tellers_page_takes_and_cancels_slips(browse: Browse) -> None:
    called = ballot_of_today("announced", group="Ed25519")
    teller, uuid = called.people.members[0], called.ballot.uuid
    client = browse(teller.member)
    made = drawn(called)
    signed = {"credentials": made.credentials, "signature": made.signature(teller.keys, uuid, 1)}
    cancelled = {"list": made.hash, "signature": made.cancellation(teller.keys, uuid, 1)}

    answers = [post(client, uuid, "make", signed), client.get(f"/ballots/{uuid}/slips/")]
    answers += [post(client, uuid, "cancel", cancelled), client.get(f"/ballots/{uuid}/slips/")]

    assert [answer.status_code for answer in answers] == [200] * 4
    assert answers[0].json() == {"count": 2}
    assert "2 slips, made by entry 1" in answers[1].content.decode()
    assert f'data-cancel="{made.hash}"' in answers[1].content.decode()
    assert "None yet." in answers[3].content.decode()


def test_another_teller_is_not_offered_to_cancel(browse: Browse) -> None:
    called = ballot_of_today("announced", group="Ed25519")
    hand_in(called, drawn(called))

    page = browse(called.people.members[1].member).get(f"/ballots/{called.ballot.uuid}/slips/")

    assert "2 slips, made by entry 1" in page.content.decode()
    assert "data-cancel=" not in page.content.decode()


def test_a_teller_lets_the_ballot_go_on_by_a_plain_form(browse: Browse) -> None:
    called = ballot_of_today("announced", group="Ed25519", waits_for_slips=True)
    called.freeze()
    client = browse(called.people.members[1].member)

    answers = [client.post(f"/ballots/{called.ballot.uuid}/slips/finish/", follow=True) for _ in range(2)]

    assert "The ballot waits for slips no longer." in answers[0].content.decode()
    assert "Slips are made and cancelled after" in answers[1].content.decode()
    assert called.reload().state == Ballot.State.FROZEN


def test_the_slip_booth_is_open_to_anybody_and_sets_no_cookie() -> None:
    called, _ = of_today_with_slips()
    client = Client()

    page = client.get(f"/board/{called.ballot.uuid}/slip/")

    assert page.status_code == 200
    assert "data-obstacle" not in page.content.decode()
    assert page.cookies == {}


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("open", "There are no slips in this vote"), ("announced", None), ("draft", None)],
)
def test_the_slip_booth_is_shut_without_slips(state: str, sentence: str | None) -> None:
    called = ballot_of_today(state, group="Ed25519")

    page = Client().get(f"/board/{called.ballot.uuid}/slip/")

    assert page.status_code == (200 if sentence else 404)
    assert sentence is None or sentence in page.content.decode()


def test_the_slip_booth_says_when_voting_is_over() -> None:
    called, _ = of_today_with_slips()
    Ballot.objects.filter(pk=called.ballot.pk).update(
        opens_not_before=timezone.now() - timedelta(days=2), closes_at=timezone.now() - timedelta(minutes=1)
    )

    page = Client().get(f"/board/{called.ballot.uuid}/slip/")

    assert "Voting is over" in page.content.decode()


def test_the_number_of_slips_stands_on_the_ballots_pages_and_the_board(browse: Browse) -> None:
    called, _ = of_today_with_slips()
    uuid = called.ballot.uuid
    client = browse(called.people.members[3].member)

    pages = [client.get(address).content.decode() for address in (f"/ballots/{uuid}/", f"/board/{uuid}/")]

    assert ["6: 4 on the roll and 2 by paper slip" in page for page in pages] == [True, True]
    assert ["Anyone, with openballot or a newer Belenios (Ed25519)" in page for page in pages] == [True, True]
    assert f"/board/{uuid}/slip/" in pages[1]


def of_today_with_slips() -> tuple[Called, devices.PaperSlips]:
    people = people_of_today()
    return with_slips(
        "open",
        people=people,
        opens_not_before=people.now,
        closes_at=timezone.now() + timedelta(days=1),
    )
