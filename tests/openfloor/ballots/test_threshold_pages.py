"""A key that trustees make together, as pages and scripts meet it."""

import json
from typing import Any

import pytest
from django.test import Client

from factories.ballots import OWN_KEYS, Called
from factories.workplace import admit, give_role
from openfloor.ballots import actions, devices, queries, words
from openfloor.ballots.models import Ballot
from openfloor.workplace.models import Member, Role

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db


def post(client: Client, called: Called, deed: str, body: Any) -> Any:
    path = f"/ballots/{called.ballot.uuid}/trustee/{deed}/"
    return client.post(path, json.dumps(body), content_type="application/json")


def told(client: Client, called: Called) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/ballots/{called.ballot.uuid}/trustee.json").json()
    return answer


def page_of(client: Client, called: Called, path: str = "") -> str:
    page: str = client.get(f"/ballots/{called.ballot.uuid}/{path}").content.decode()
    return page


def members(called: Called) -> list[Member]:
    return [person.member for person in called.people.members]


# The rounds, as browsers ask for them


def test_three_browsers_make_a_key_and_sign(browse: Browse) -> None:
    called = ballot_of_today("announced")
    uuid, people = called.ballot.uuid, called.people.members[:3]
    clients = [browse(person.member) for person in people]
    makers = [devices.KeyMaker.draw(uuid, told(client, called)) for client in clients]

    for client, maker, person in zip(clients, makers, people, strict=True):
        signature = maker.signature(person.keys, uuid, person.member.number)
        body = {"message": maker.certificate, "signature": signature}
        assert post(client, called, "certificate", body).json() == {}
    answers = [
        post(client, called, "coefficients", {"message": maker.coefficients(told(client, called))}).json()
        for client, maker in zip(clients, makers, strict=True)
    ]
    assert answers == [{"frozen": False}, {"frozen": False}, {"frozen": True}]
    for teller in called.tellers:
        called.sign_audit(teller)
    answers = []
    for client, maker, person in zip(clients, makers, people, strict=True):
        signature = devices.sign_freeze(person.keys, person.member.number, called.setup)
        body = {"message": maker.key_message(told(client, called)), "signature": signature}
        answers.append(post(client, called, "finish", body).json())

    assert answers == [{"opened": False}, {"opened": False}, {"opened": True}]
    assert called.reload().state == "open"


def test_browser_is_told_of_whole_rounds_only_and_of_who_is_missing(browse: Browse) -> None:
    called = ballot_of_today("announced")
    first, second, third = called.trustees
    client = browse(first.member)
    called.certify(first)
    called.certify(second)

    before = told(client, called)
    called.certify(third)
    after = told(client, called)

    assert (before["certificates"], before["missing"]) == (None, ["One trustee has still to act: entry 3."])
    assert before["place"] == {"group": "BELENIOS-2048", "size": 3, "threshold": 2, "index": 1}
    assert before["own"]["certificate_message"] == called.makers[1].certificate
    assert after["certificates"] == [called.makers[number].certificate for number in (1, 2, 3)]
    assert (after["coefficients"], after["attempt"]) == (None, 1)
    assert [maker["number"] for maker in after["makers"]] == [1, 2, 3]
    assert after["charter"]["roll"]["head"] == called.reload().roll_head
    assert after["missing"] == ["Trustees who have still to act: entries 1, 2, 3."]


def test_keys_of_their_own_have_no_rounds(browse: Browse) -> None:
    called = ballot_of_today("announced", **OWN_KEYS)

    answer = browse(called.trustees[0].member).get(f"/ballots/{called.ballot.uuid}/trustee.json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "keys_of_their_own")


@pytest.mark.parametrize("positions", [None, {}, "1", [True], ["2"], [1.5], [None]])
def test_wrong_shares_are_named_by_whole_numbers(positions: Any, browse: Browse) -> None:
    called = ballot_of_today("frozen")

    answer = post(browse(called.trustees[0].member), called, "refuse", {"positions": positions})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")
    assert queries.refused_shares(called.ballot) == []


# What pages say


def steps_on(page: str) -> str:
    return page.partition('data-begin="')[2].partition('"')[0]


def test_trustees_page_begins_where_the_rounds_are(browse: Browse) -> None:
    called = ballot_of_today("announced")
    client = browse(called.trustees[0].member)
    seen = [steps_on(page_of(client, called, "trustee/"))]
    for trustee in called.trustees:
        called.certify(trustee)
    seen.append(steps_on(page_of(client, called, "trustee/")))
    for trustee in called.trustees:
        called.send_shares(trustee)
    seen.append(steps_on(page_of(client, called, "trustee/")))
    called.finish_key(called.trustees[0])
    seen.append(steps_on(page_of(client, called, "trustee/")))

    assert seen == ["make", "exchange", "sign", "wait_open"]


def test_trustees_page_does_not_go_on_with_a_key_that_is_lost(browse: Browse) -> None:
    called = ballot_of_today("announced")
    alone = ballot_of_today("announced", called.people, **OWN_KEYS)
    client = browse(called.trustees[0].member)
    called.certify(called.trustees[0])
    alone.prove_copy(alone.trustees[0], alone.make_key(alone.trustees[0]))
    lose(alone, 1)
    lose(called, 1)
    seen = [steps_on(page_of(client, ballot, "trustee/")) for ballot in (alone, called)]
    for trustee in called.trustees:
        called.certify(trustee)
    lose(called, 1)
    seen.append(steps_on(page_of(client, called, "trustee/")))
    actions.say_key_is_lost(called.trustees[0], is_lost=False)
    for trustee in called.trustees:
        called.send_shares(trustee)
    lose(called, 1)
    seen.append(steps_on(page_of(client, called, "trustee/")))

    assert seen == ["make", "make", "lost", "lost"]


def test_pages_say_how_many_trustees_are_enough_and_who_has_opened(browse: Browse) -> None:
    called = ballot_of_today("closed")
    client = browse(called.organiser)
    enough = "Any 2 of these 3 open the count. If one is away or loses the key, nothing is lost."

    called.decrypt(called.trustees[2])
    closed = page_of(client, called)
    called.decrypt(called.trustees[0])
    counted = page_of(client, called)
    board = Client().get(f"/board/{called.ballot.uuid}/").content.decode()

    assert enough in closed
    assert "Voting is over. Any 2 of the 3 trustees open the total." in closed
    assert "1 of 3 trustees has opened it; 2 are needed." in closed
    assert "Entries 1, 2 can still open it." in closed
    opened = "2 of 3 trustees have opened it, and 2 are enough."
    assert opened in counted
    assert opened in board
    assert "Any 2 trustees together: they could open single votes." in board


def test_key_that_is_lost_is_said_and_taken_back_on_the_trustees_page(browse: Browse) -> None:
    called = ballot_of_today("open")
    client = browse(called.trustees[0].member)
    path = f"/ballots/{called.ballot.uuid}/trustee/lost/"

    lost = client.post(path, {"lost": "yes"}, follow=True).content.decode()
    everybody = page_of(browse(called.people.members[3].member), called)
    found = client.post(path, {"lost": "no"}, follow=True).content.decode()

    assert "I have found it" in lost
    assert "Entry 1 has lost the key." in everybody
    assert "Nothing is lost: 2 keys are left, and 2 are enough." in everybody
    assert "I have lost my key" in found
    assert "has lost the key" not in page_of(client, called)


def test_key_cannot_be_lost_before_there_is_one(browse: Browse) -> None:
    called = ballot_of_today("announced")
    client = browse(called.trustees[0].member)

    page = client.post(f"/ballots/{called.ballot.uuid}/trustee/lost/", {"lost": "yes"}, follow=True)

    assert "You have not handed in a key yet." in page.content.decode()
    assert not called.trustees[0].key_lost


def lose(called: Called, *places: int) -> None:
    for place in places:
        actions.say_key_is_lost(called.trustees[place - 1], is_lost=True)


@pytest.mark.parametrize(
    ("state", "lost", "sentences"),
    [
        ("open", (1,), ["Entry 1 has lost the key.", "Nothing is lost: 2 keys are left, and 2 are enough."]),
        (
            "closed",
            (1, 3),
            ["Entries 1, 3 have lost their keys.", "Too few keys are left, so nobody can open the count."],
        ),
        (
            "frozen",
            (2,),
            [
                "Entry 2 has lost the key.",
                "It cannot open with this key. An organiser withdraws it and calls it again from a copy.",
            ],
        ),
        ("counted", (), []),
    ],
)
def test_what_a_lost_key_means_is_said_for_the_ballot_as_it_is(
    state: str, lost: tuple[int, ...], sentences: list[str]
) -> None:
    called = ballot_of_today(state)
    lose(called, *lost)

    assert words.keys_in_words(called.reload()) == sentences


def test_lost_key_is_made_anew_until_others_have_used_it() -> None:
    called = ballot_of_today("announced")
    first, *others = called.trustees
    called.certify(first)
    lose(called, 1)
    alone = words.keys_in_words(called.reload())
    kinds = [thing.kind for thing in queries.things_to_do(first.member, called.now)]
    called.certify(first)
    for trustee in others:
        called.certify(trustee)
    lose(called, 1)

    assert (alone, kinds) == (["Entry 1 has lost the key.", "They make a new one."], ["make_key"])
    assert words.keys_in_words(called.reload())[1].startswith("The others have used it already.")
    of_organiser = [thing.kind for thing in queries.things_to_do(called.organiser, called.now)]
    assert of_organiser == ["begin_again"]


def test_refused_share_stands_on_the_ballots_page_with_what_to_do(browse: Browse) -> None:
    called = ballot_of_today("frozen")
    client = browse(called.trustees[2].member)
    assert post(client, called, "refuse", {"positions": [1, 2]}).json() == {}

    page = page_of(browse(called.organiser), called)

    assert "Entry 3 says: the shares of entries 1, 2 are wrong." in page
    assert "It cannot open with this key." in page
    assert "Member 3, a trustee of “Strike on Friday”, found the shares of members 1 and 2 wrong." in page
    assert f'href="/ballots/{called.ballot.uuid}/withdraw/"' in page
    assert "have still to act" not in page
    assert "Then it opens by itself." not in page
    assert called.people.members[2].member.handle not in page


def test_uncountable_page_says_whether_enough_keys_are_left(browse: Browse) -> None:
    called = ballot_of_today("closed")
    client = browse(called.organiser)

    enough = page_of(client, called, "uncountable/")
    lose(called, 1, 2)
    too_few = page_of(client, called, "uncountable/")

    assert "enough keys are left" in enough
    assert "They cannot, or cannot be reached any more" in enough
    assert "enough keys are left" not in too_few
    assert "Too few keys are left, so nobody can open the count." in too_few


# Replacing trustees


def test_organiser_lets_others_begin_again(browse: Browse) -> None:
    people = people_of_today()
    called = ballot_of_today("announced", people)
    give_role(people, people.members[3], Role.Kind.TRUSTEE)
    called.certify(called.trustees[0])
    client, path = browse(called.organiser), f"/ballots/{called.ballot.uuid}/trustees/"

    form = client.get(path).content.decode()
    chosen = [str(members(called)[index].pk) for index in (0, 1, 3)]
    page = client.post(path, {"trustees": chosen, "threshold": ""}, follow=True).content.decode()

    assert all(f"Entry {number}" in form for number in (1, 2, 3, 4))
    assert "The trustees begin again." in page
    assert "let the trustees of “Strike on Friday” begin again: members 1, 2 and 4." in page
    assert [trustee.member.number for trustee in called.trustees] == [1, 2, 4]
    trustee = browse(called.trustees[0].member)
    assert "What you saved for this ballot before is worth nothing now" in page_of(
        trustee, called, "trustee/"
    )


def test_who_joined_since_is_not_offered_as_trustee(browse: Browse) -> None:
    people = people_of_today()
    called = ballot_of_today("announced", people)
    newcomer = admit(people)
    give_role(people, newcomer, Role.Kind.TRUSTEE)
    client, path = browse(called.organiser), f"/ballots/{called.ballot.uuid}/trustees/"

    form = client.get(path).content.decode()
    answer = client.post(path, {"trustees": [str(newcomer.member.pk)]})

    assert f"Entry {newcomer.member.number}" not in form
    assert answer.status_code == 200
    assert called.reload().attempt == 1


@pytest.mark.parametrize(
    ("chosen", "threshold", "says"),
    [((0,), "", "at least two trustees"), ((0, 1, 2), "4", "at most 20 trustees"), ((), "", "required")],
)
def test_trustees_that_cannot_be_are_refused_on_the_form(
    chosen: tuple[int, ...], threshold: str, says: str, browse: Browse
) -> None:
    called = ballot_of_today("announced")
    values = {"trustees": [str(members(called)[index].pk) for index in chosen], "threshold": threshold}

    answer = browse(called.organiser).post(f"/ballots/{called.ballot.uuid}/trustees/", values)

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert called.reload().attempt == 1


@pytest.mark.parametrize("state", ["frozen", "open", "withdrawn"])
def test_trustees_stay_once_the_ballot_is_frozen(state: str, browse: Browse) -> None:
    called = ballot_of_today(state)

    page = browse(called.organiser).get(f"/ballots/{called.ballot.uuid}/trustees/", follow=True)

    assert "withdraw the ballot and call it again from a copy" in page.content.decode()


def test_only_organisers_are_offered_to_replace_trustees_and_only_while_they_make_keys(
    browse: Browse,
) -> None:
    announced = ballot_of_today("announced")
    frozen = ballot_of_today("frozen", announced.people)
    organiser, plain = (browse(members(announced)[index]) for index in (0, 3))
    offer = "/trustees/"

    assert offer in page_of(organiser, announced)
    assert offer not in page_of(plain, announced)
    assert offer not in page_of(organiser, frozen)


# The draft's form


def form_values(called: Called, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Strike",
        "text": "We stop work.",
        "turnout_numerator": 1,
        "turnout_denominator": 2,
        "approval_numerator": 1,
        "approval_denominator": 2,
        "group": "BELENIOS-2048",
        "opens_not_before": "2038-01-01T10:00",
        "closes_at": "2038-01-02T10:00",
        "trustees": [str(member.pk) for member in members(called)[:3]],
        "tellers": [str(member.pk) for member in members(called)[:2]],
        "questions-TOTAL_FORMS": 1,
        "questions-INITIAL_FORMS": 0,
        "questions-0-question": "Shall we?",
        "questions-0-answers": "Yes\nNo",
        "questions-0-min": 1,
        "questions-0-max": 1,
        **changes,
    }


@pytest.mark.parametrize(("typed", "threshold", "shown"), [("", 2, ""), ("2", 2, ""), ("3", None, "3")])
def test_draft_keeps_how_many_are_enough_and_shows_what_is_not_usual(
    typed: str, threshold: int | None, shown: str, browse: Browse
) -> None:
    called = ballot_of_today("draft")
    client = browse(called.organiser)

    client.post("/ballots/new/", form_values(called, threshold=typed))
    draft = Ballot.objects.exclude(pk=called.ballot.pk).get()
    form = client.get(f"/ballots/{draft.uuid}/edit/").context["form"]

    assert draft.threshold == threshold
    assert (form["threshold"].value() or "") == (int(shown) if shown else "")


@pytest.mark.parametrize(
    ("typed", "says"), [("4", "So many trustees are not chosen."), ("1", "greater than or equal to 2")]
)
def test_form_refuses_a_number_that_cannot_be(typed: str, says: str, browse: Browse) -> None:
    called = ballot_of_today("draft")

    answer = browse(called.organiser).post("/ballots/new/", form_values(called, threshold=typed))

    assert says in answer.content.decode()
    assert Ballot.objects.count() == 1


def test_announcement_says_in_words_how_many_are_enough(browse: Browse) -> None:
    called = ballot_of_today("draft")
    client = browse(called.organiser)

    together = page_of(client, called, "announce/")
    Ballot.objects.update(threshold=None)
    alone = page_of(client, called, "announce/")

    assert "Any 2 of these 3 open the count." in together
    assert "All 3 trustees open the count together. If one loses the key, nothing can be counted." in alone
