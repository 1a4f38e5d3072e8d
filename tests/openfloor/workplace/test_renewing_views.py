"""The pages of a new key, as browsers meet them: a stranger is told nothing, and the old device is warned."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from factories import renewals
from factories.workplace import CommitteeOfPeople, Person, candidate, keys_of, make_committee, public_keys_of
from openfloor.workplace import actions, queries, roll
from openfloor.workplace.memberkeys import canonical, hash_of, sign_in_hash
from openfloor.workplace.models import Renewal

from .conftest import everything

pytestmark = pytest.mark.django_db

NEW = 40
SECRET = "a secret from a link"
WARNING = "Somebody asks for a new key for your entry"


@pytest.fixture
def people() -> CommitteeOfPeople:
    """Four, sixty days ago by the clock on the wall."""
    today = datetime.now(UTC).date()
    committee = make_committee(4, founded_on=today - timedelta(days=60))
    committee.day = queries.today(committee.committee, datetime.now(UTC))
    return committee


def browser_of(person: Person) -> Client:
    client = Client()
    assert post(client, "/sign-in/", secret=person.keys.sign_in_secret).status_code == 200
    return client


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def text_of(answer: Any) -> str:
    return str(answer.content, "utf-8")


def link_for(helper: Person, number: int) -> None:
    digest = hashlib.sha256(SECRET.encode()).hexdigest()
    answer = post(browser_of(helper), "/renew/start/", number=number, secret_hash=digest)
    assert answer.status_code == 200


def new_phone(number: int, committee: str, index: int = NEW) -> Client:
    """A stranger's browser that opened the link and handed in keys."""
    phone, keys = Client(), keys_of(index)
    assert post(phone, "/renew/", secret=SECRET).status_code == 200
    answer = post(
        phone,
        "/renew/keys/",
        sign_in_hash=sign_in_hash(keys.sign_in_secret),
        keys=public_keys_of(index),
        proofs=keys.proofs(committee, number),
    )
    assert answer.status_code == 200
    return phone


def test_link_keys_vouches_and_wait_by_the_pages(people: CommitteeOfPeople) -> None:
    ada, ben, cyd, _ = people.members
    committee = str(people.committee.pk)
    link_for(ada, 3)
    phone = new_phone(3, committee)
    assert "2 more colleagues have to vouch." in text_of(phone.get("/renew/"))
    fingerprint = roll.fingerprint(public_keys_of(NEW))

    for voucher, is_complete in ((ada, False), (ben, True)):
        browser = browser_of(voucher)
        asked = browser.get(f"/renew/vouch/3/{fingerprint}.json").json()
        assert asked["keys"] == public_keys_of(NEW)
        statement = {
            "type": "openfloor/renewal/1",
            "committee": committee,
            "number": 3,
            "day": asked["day"],
            "keys": asked["keys"],
            "replaces": asked["replaces"],
        }
        answer = post(
            browser,
            "/renew/vouch/",
            number=3,
            fingerprint=fingerprint,
            day=asked["day"],
            signature=voucher.keys.sign(statement),
        )
        assert answer.json()["on_roll"] is is_complete

    assert phone.get("/renew/state.json").json()["state"] == "waiting"
    assert "Your new key counts from" in text_of(phone.get("/renew/"))
    assert WARNING in text_of(browser_of(cyd).get("/roll/"))
    for member in (ada, ben):
        home = text_of(browser_of(member).get("/"))
        assert "Entry 3 gets a new key on" in home
        assert WARNING not in home


def test_page_of_a_stranger_tells_nothing_and_opens_nothing(people: CommitteeOfPeople) -> None:
    link_for(people.members[0], 3)
    stranger, before = Client(), everything()

    page = text_of(stranger.get("/renew/"))
    answers = [stranger.get("/renew/state.json"), post(stranger, "/renew/keys/")]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert str(people.committee.pk) not in page
    assert "Person 3" not in page
    assert everything() == before


def test_link_that_does_not_exist_is_refused(people: CommitteeOfPeople) -> None:
    answer = post(Client(), "/renew/", secret="another")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_link")


@pytest.mark.parametrize("body", [{}, {"sign_in_hash": 1, "keys": {}, "proofs": {}}, {"keys": []}])
def test_keys_of_another_shape_are_refused(people: CommitteeOfPeople, body: dict[str, Any]) -> None:
    link_for(people.members[0], 3)
    phone = Client()
    post(phone, "/renew/", secret=SECRET)
    before = everything()

    assert post(phone, "/renew/keys/", **body).status_code == 400
    assert everything() == before


def test_keys_for_a_voucher_are_refused_to_strangers_candidates_oneself_and_others(
    people: CommitteeOfPeople,
) -> None:
    ada, _, cyd, _ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    address = reverse("new_keys", args=[3, roll.fingerprint(renewal.keys)])
    waits = candidate(ada, 30, now=people.now)

    def code(client: Client, asked: str = address) -> str:
        answer = client.get(asked, headers={"Accept": "application/json"})
        return str(answer.json()["error"]["code"])

    assert code(Client()) == "sign_in_first"
    assert code(browser_of(waits)) == "vouches_missing"
    assert code(browser_of(cyd)) == "vouch_self"
    assert code(browser_of(ada), reverse("new_keys", args=[2, "a" * 43])) == "nobody_asks_for_keys"


def test_voucher_sees_the_handle_only_of_who_they_vouched_for(people: CommitteeOfPeople) -> None:
    dot = people.members[3]
    renewal = renewals.ask(people.members[0], dot.member, NEW, now=people.now)
    vouchers = queries.roll_state(people.committee).entries[4].vouchers
    address = reverse("new_keys", args=[4, roll.fingerprint(renewal.keys)])

    seen = {
        person.member.number: browser_of(person).get(address).json()["handle"]
        for person in people.members[:3]
    }

    assert seen == {number: ("Person 4" if number in vouchers else None) for number in (1, 2, 3)}


def test_own_request_is_told_to_its_member_alone(people: CommitteeOfPeople) -> None:
    ada, ben, cyd, _ = people.members
    renewal = renewals.ask(ada, cyd.member, NEW, now=people.now)
    renewals.vouch(ada, renewal, now=people.now)

    told = browser_of(cyd).get("/renew/asked.json").json()
    others = browser_of(ben).get("/renew/asked.json")
    stranger = Client().get("/renew/asked.json", headers={"Accept": "application/json"})

    assert told == {"keys": public_keys_of(NEW), "day": people.day.isoformat(), "on_roll": False}
    assert others.json()["error"]["code"] == "no_renewal"
    assert stranger.status_code == 401


def test_old_device_stops_by_the_page_and_its_session_goes_on(people: CommitteeOfPeople) -> None:
    cyd = people.members[2]
    old_phone = browser_of(cyd)
    renewal = renewals.renew(people, cyd.member, NEW)
    told = old_phone.get("/renew/asked.json").json()
    stops = hash_of(canonical(told["keys"]))
    statement = roll.renewal_stopped_statement(str(people.committee.pk), 3, 3, people.day, told["keys"])

    answer = post(
        old_phone,
        "/renew/stop/",
        number=3,
        day=told["day"],
        stops=stops,
        signature=cyd.keys.sign(statement),
    )

    assert answer.status_code == 200
    renewal.refresh_from_db()
    assert renewal.state == "stopped"
    assert WARNING not in text_of(old_phone.get("/roll/"))


def test_session_of_the_old_device_ends_when_the_new_key_counts(people: CommitteeOfPeople) -> None:
    cyd = people.members[2]
    old_phone = browser_of(cyd)
    renewals.renew(people, cyd.member, NEW)

    actions.take_due_renewals(people.now + timedelta(days=2))

    assert old_phone.get("/me/")["Location"].startswith("/sign-in/")
    assert Renewal.objects.get().state == "done"


def test_key_that_does_not_count_yet_is_told_its_day_at_sign_in(people: CommitteeOfPeople) -> None:
    renewals.renew(people, people.members[2].member, NEW)

    answer = post(Client(), "/sign-in/", secret=keys_of(NEW).sign_in_secret)

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "key_counts_later")


def test_roll_page_shows_the_key_that_counts(people: CommitteeOfPeople) -> None:
    ada = browser_of(people.members[0])
    renewals.renew(people, people.members[2].member, NEW)

    page = text_of(ada.get("/roll/"))

    assert public_keys_of(3)["member"][:12] in page
    assert public_keys_of(NEW)["member"][:12] not in page
    assert "Stop the new key of entry 3" in page
