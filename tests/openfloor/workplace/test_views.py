"""The workplace's pages as a browser meets them: who may, who may not, and what is answered."""

import hashlib
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from factories.workplace import (
    ZONE,
    CommitteeOfPeople,
    Person,
    candidate,
    found,
    give_role,
    invite,
    keys_of,
    make_committee,
    public_keys_of,
)
from openfloor.audit.chain import verify_export
from openfloor.workplace import actions, queries, roll
from openfloor.workplace.memberkeys import Statement, sign_in_hash
from openfloor.workplace.models import Committee, Device, Invitation, Member, Occupation, Role, Site

from .conftest import everything

pytestmark = pytest.mark.django_db

PAGES = (
    "/me/",
    "/me/hand-over/",
    "/invitations/",
    "/vouch/",
    "/renew/start/",
    "/renew/vouch/",
    "/roll/",
    "/roll.jsonl",
    "/roll/handles/",
    "/roles/",
    "/workplace/",
    "/ledger/",
    "/ledger.jsonl",
)
SIGNED_DEEDS = (
    "/me/leave/",
    "/invitations/",
    "/vouch/",
    "/renew/start/",
    "/renew/vouch/",
    "/renew/stop/",
    "/roll/objections/",
    "/roll/objections/withdraw/",
    "/roles/1/confirm/",
    "/roles/1/resign/",
)
FORM_DEEDS = (
    "/me/devices/forget/",
    "/invitations/1/end/",
    "/roles/",
    "/roles/1/decline/",
    "/workplace/",
)


@pytest.fixture
def people() -> CommitteeOfPeople:
    """Three founding members, forty days ago by the clock on the wall."""
    today = datetime.now(UTC).date()
    committee = make_committee(3, founded_on=today - timedelta(days=40))
    committee.day = queries.today(committee.committee, datetime.now(UTC))
    return committee


def browser_of(person: Person) -> Client:
    """A browser in which this person has signed in."""
    client = Client()
    assert post(client, "/sign-in/", secret=person.keys.sign_in_secret).status_code == 200
    return client


def post(client: Client, address: str, **body: Any) -> Any:
    return client.post(address, body, content_type="application/json")


def code_of(response: Any) -> str:
    code: str = response.json()["error"]["code"]
    return code


def refused(response: Any, status: int, code: str) -> bool:
    """A refusal of this kind, with a sentence."""
    return (
        response.status_code == status and code_of(response) == code and response.json()["error"]["sentence"]
    )


def text_of(response: Any) -> str:
    return str(response.content, "utf-8")


def enrolment(index: int, committee: Committee, number: int, **changes: Any) -> dict[str, Any]:
    """What the device of person *index* sends to enrol."""
    keys = keys_of(index)
    return {
        "handle": f"Person {index}",
        "unit": None,
        "occupation": None,
        "sign_in_hash": sign_in_hash(keys.sign_in_secret),
        "keys": public_keys_of(index),
        "proofs": keys.proofs(str(committee.pk), number),
        **changes,
    }


def signed(person: Person, statement: Statement) -> str:
    return person.keys.sign(statement)


def committee_id(people: CommitteeOfPeople) -> str:
    return str(people.committee.pk)


# Who may come in


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_a_stranger_to_sign_in_and_back(address: str) -> None:
    answer = Client().get(address)

    assert (answer.status_code, answer["Location"]) == (302, f"/sign-in/?next={address.replace('/', '%2F')}")


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_a_candidate_to_their_code(address: str, people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)

    answer = browser_of(newcomer).get(address)

    assert (answer.status_code, answer["Location"]) == (302, "/join/")


@pytest.mark.parametrize("address", PAGES)
def test_page_opens_for_a_member(address: str, people: CommitteeOfPeople) -> None:
    assert browser_of(people.members[1]).get(address).status_code == 200


@pytest.mark.parametrize("address", SIGNED_DEEDS)
def test_signed_deed_is_refused_to_strangers_and_candidates(address: str, people: CommitteeOfPeople) -> None:
    newcomer = browser_of(candidate(people.members[0], 9, now=people.now))
    before = everything()

    assert refused(post(Client(), address), 401, "sign_in_first")
    assert refused(post(newcomer, address), 403, "vouches_missing")
    assert everything() == before


@pytest.mark.parametrize("address", FORM_DEEDS)
def test_form_is_refused_to_strangers_and_candidates(address: str, people: CommitteeOfPeople) -> None:
    newcomer = browser_of(candidate(people.members[0], 9, now=people.now))
    before = everything()

    assert Client().post(address)["Location"].startswith("/sign-in/")
    assert newcomer.post(address)["Location"] == "/join/"
    assert everything() == before


@pytest.mark.parametrize("address", SIGNED_DEEDS)
def test_signed_deed_refuses_a_body_of_another_shape(address: str, people: CommitteeOfPeople) -> None:
    role = actions.propose_role(
        people.members[1].member, Role.Kind.TELLER, by=people.members[0].member, now=people.now
    )
    browser = browser_of(people.members[1 if "resign" in address else 0])
    address = address.replace("/1/", f"/{role.pk}/")
    before = everything()

    for body in ({}, {"day": 1, "signature": "a"}, {"number": True, "day": "x", "signature": "a"}):
        assert refused(post(browser, address, **body), 400, "not_json")
    assert everything() == before


def test_a_request_from_another_site_changes_nothing(people: CommitteeOfPeople) -> None:
    browser = Client(enforce_csrf_checks=True)
    secret = people.members[0].keys.sign_in_secret

    answer = browser.post("/sign-in/", {"secret": secret}, content_type="application/json")

    assert answer.status_code == 403
    assert "sessionid" not in browser.cookies


# Founding and joining


def test_founding_link_leads_to_the_form_and_to_entry_1() -> None:
    now = datetime.now(UTC)
    committee, secret = actions.prepare_committee("Night shift", ZONE, now=now)
    browser = Client()

    assert post(browser, "/found/", secret=secret).json() == {"number": 1}
    page = text_of(browser.get("/found/"))
    answer = post(browser, "/join/enrol/", **enrolment(1, committee, 1))

    assert "Night shift" in page
    assert secret not in page
    assert answer.json() == {"number": 1}
    founder = Member.objects.get()
    assert (founder.state, queries.roles_of(founder)) == (Member.State.MEMBER, {"organiser"})
    assert browser.get("/me/").status_code == 200


def test_founding_link_is_refused_once_the_founder_is_in() -> None:
    now = datetime.now(UTC)
    committee, secret = actions.prepare_committee("Night shift", ZONE, now=now)
    first, second = Client(), Client()
    for browser in (first, second):
        post(browser, "/found/", secret=secret)
    post(first, "/join/enrol/", **enrolment(1, committee, 1))
    before = everything()

    assert refused(post(Client(), "/found/", secret=secret), 410, "link_used_up")
    assert refused(post(second, "/join/enrol/", **enrolment(2, committee, 1)), 410, "link_used_up")
    assert everything() == before


def test_found_page_without_a_link_says_what_to_open() -> None:
    assert "openfloor init" in text_of(Client().get("/found/"))


def test_invitation_leads_to_a_candidate_who_sees_how_many_vouches_are_missing(
    people: CommitteeOfPeople,
) -> None:
    _, secret = invite(people.members[0], now=people.now)
    browser = Client()

    number = post(browser, "/join/", secret=secret).json()["number"]
    assert "What should we call you?" in text_of(browser.get("/join/"))
    answer = post(browser, "/join/enrol/", **enrolment(9, people.committee, number))

    assert answer.json() == {"number": number}
    assert Member.objects.get(number=number).state == Member.State.CANDIDATE
    assert "2 more colleagues have to vouch for you." in text_of(browser.get("/join/"))
    assert browser.get("/join/state.json").json()["state"] == "candidate"


def test_invitation_opened_again_in_the_same_browser_takes_one_use(people: CommitteeOfPeople) -> None:
    invitation, secret = invite(people.members[0], uses=3, now=people.now)
    browser = Client()

    numbers = {post(browser, "/join/", secret=secret).json()["number"] for _ in range(3)}

    assert numbers == {4}
    assert Invitation.objects.get(pk=invitation.pk).uses_left == 2


def test_invitation_unknown_used_up_or_expired_is_refused_by_its_own_sentence(
    people: CommitteeOfPeople,
) -> None:
    _, used_up = invite(people.members[0], uses=1, now=people.now)
    expired, old = invite(people.members[0], now=people.now)
    Invitation.objects.filter(pk=expired.pk).update(expires_at=people.now - timedelta(days=1))
    post(Client(), "/join/", secret=used_up)

    assert refused(post(Client(), "/join/", secret="A" * 43), 404, "unknown_link")
    assert refused(post(Client(), "/join/", secret=used_up), 410, "link_used_up")
    assert refused(post(Client(), "/join/", secret=old), 410, "link_expired")


def test_enrolling_without_a_place_stores_nothing(people: CommitteeOfPeople) -> None:
    before = everything()

    answer = post(Client(), "/join/enrol/", **enrolment(9, people.committee, 4))

    assert refused(answer, 409, "no_place")
    assert everything() == before


@pytest.mark.parametrize("place", ["unit", "occupation"])
def test_enrolling_refuses_a_place_of_another_committee(place: str, people: CommitteeOfPeople) -> None:
    other = found(name="Day shift", index=20)
    elsewhere = {
        "unit": Site.objects.create(committee=other.committee, name="X").units.create(name="Y", headcount=20),
        "occupation": Occupation.objects.create(committee=other.committee, name="Z", headcount=20),
    }
    _, secret = invite(people.members[0], now=people.now)
    browser = Client()
    number = post(browser, "/join/", secret=secret).json()["number"]
    before = everything()

    answer = post(
        browser, "/join/enrol/", **enrolment(9, people.committee, number, **{place: elsewhere[place].pk})
    )

    assert refused(answer, 409, "unknown_place")
    assert everything() == before


def test_join_state_turns_to_member_when_the_roll_has_the_entry(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)
    browser = browser_of(newcomer)
    before = browser.get("/join/state.json").json()

    for voucher in people.members[:2]:
        assert vouch_in_browser(voucher, newcomer, people).status_code == 200

    assert before["sentence"] == "2 more colleagues have to vouch for you."
    assert browser.get("/join/state.json").json()["state"] == "member"
    assert "You are in already" in text_of(browser.get("/join/"))


def test_join_state_is_refused_to_strangers() -> None:
    answer = Client().get("/join/state.json", headers={"Accept": "application/json"})

    assert refused(answer, 401, "sign_in_first")


def test_candidate_who_gives_up_is_forgotten_and_signed_out(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)
    browser = browser_of(newcomer)

    browser.post("/join/stop/")

    assert not Member.objects.filter(pk=newcomer.member.pk).exists()
    assert "sign-in" in browser.get("/me/")["Location"]


# Signing in


def test_sign_in_answers_who_it_is_and_knows_the_browser_again(people: CommitteeOfPeople) -> None:
    ada = people.members[0]
    browser = Client()

    first = post(browser, "/sign-in/", secret=ada.keys.sign_in_secret)
    post(browser, "/sign-in/", secret=ada.keys.sign_in_secret)

    assert first.json() == {"committee": committee_id(people), "number": 1, "handle": "Person 1"}
    assert Device.objects.filter(member=ada.member).count() == 1
    assert browser.cookies["device"]["httponly"]


def test_sign_in_refuses_a_secret_nobody_has(people: CommitteeOfPeople) -> None:
    browser = Client()

    assert refused(post(browser, "/sign-in/", secret="0" * 64), 403, "unknown_key")
    assert "sign-in" in browser.get("/me/")["Location"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [("/vouch/", "/vouch/"), ("https://elsewhere.example/", "/"), ("//elsewhere.example", "/"), ("me", "/")],
)
def test_sign_in_goes_on_to_our_own_pages_only(asked: str, given: str, people: CommitteeOfPeople) -> None:
    page = text_of(Client().get("/sign-in/", {"next": asked}))
    signed_in = browser_of(people.members[0]).get("/sign-in/", {"next": asked})

    assert f'data-next="{given}"' in page
    assert signed_in["Location"] == given


def test_sign_out_ends_the_session(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])

    assert browser.get("/sign-out/").status_code == 405
    browser.post("/sign-out/")

    assert "sign-in" in browser.get("/me/")["Location"]


def test_forgotten_devices_are_strangers_again(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])

    browser.post("/me/devices/forget/")

    assert not Device.objects.exists()


def test_leaving_ends_the_entry_and_the_session(people: CommitteeOfPeople) -> None:
    cyd = people.members[2]
    browser = browser_of(cyd)
    statement = roll.resignation_statement(committee_id(people), 3, people.day)

    answer = post(browser, "/me/leave/", day=people.day.isoformat(), signature=signed(cyd, statement))

    assert answer.status_code == 200
    assert queries.roll_state(people.committee).entries[3].ended
    assert "sign-in" in browser.get("/me/")["Location"]


def test_leaving_is_refused_with_the_signature_of_another(people: CommitteeOfPeople) -> None:
    statement = roll.resignation_statement(committee_id(people), 3, people.day)
    browser = browser_of(people.members[2])
    before = everything()

    answer = post(
        browser,
        "/me/leave/",
        day=people.day.isoformat(),
        signature=signed(people.members[0], statement),
    )

    assert refused(answer, 400, "signature_refused")
    assert everything() == before


# Inviting


def test_invitation_is_kept_by_its_hash_and_listed_to_its_maker_only(people: CommitteeOfPeople) -> None:
    ada, ben = (browser_of(person) for person in people.members[:2])
    secret = secrets.token_urlsafe(32)
    secret_hash = hashlib.sha256(secret.encode()).hexdigest()

    answer = post(ada, "/invitations/", secret_hash=secret_hash, uses=4, days=7)

    assert answer.json()["sentence"].startswith("It lets 4 people ask to join, until ")
    assert Invitation.objects.get(made_by=people.members[0].member, uses_left=4).secret_hash == secret_hash
    assert secret not in everything()
    assert "End it now" in text_of(ada.get("/invitations/"))
    assert "End it now" not in text_of(ben.get("/invitations/"))


@pytest.mark.parametrize(("uses", "days"), [(0, 7), (51, 7), (1, 0), (1, 31), (1, 10**12), (1, -5)])
def test_invitation_beyond_its_limits_is_not_made(uses: int, days: int, people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])
    before = everything()

    answer = post(browser, "/invitations/", secret_hash="0" * 64, uses=uses, days=days)

    assert refused(answer, 409, "bad_invitation")
    assert everything() == before


def test_invitation_is_ended_by_its_maker_or_an_organiser_and_nobody_else(people: CommitteeOfPeople) -> None:
    ada, ben, cyd = people.members
    by_ben, _ = invite(ben, now=people.now)
    by_cyd, _ = invite(cyd, now=people.now)

    assert browser_of(cyd).post(f"/invitations/{by_ben.pk}/end/").status_code == 403
    assert browser_of(ben).post(f"/invitations/{by_ben.pk}/end/").status_code == 302
    assert browser_of(ada).post(f"/invitations/{by_cyd.pk}/end/").status_code == 302

    assert set(Invitation.objects.values_list("uses_left", flat=True)) == {0}


def test_invitation_of_another_committee_is_not_found(people: CommitteeOfPeople) -> None:
    other = found(name="Day shift", index=20)
    invitation, _ = invite(other.members[0], now=other.now)

    assert browser_of(people.members[0]).post(f"/invitations/{invitation.pk}/end/").status_code == 404


# Vouching


def vouch_in_browser(
    voucher: Person, newcomer: Person, people: CommitteeOfPeople, *, signer: Person | None = None
) -> Any:
    browser = browser_of(voucher)
    shown = browser.get(f"/vouch/{newcomer.member.number}.json").json()
    statement = {"type": "openfloor/vouch/1", "committee": committee_id(people), **shown}
    return post(
        browser,
        "/vouch/",
        number=shown["number"],
        day=shown["day"],
        signature=signed(signer or voucher, statement),
    )


def test_vouch_page_hands_out_keys_and_no_handle(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)

    answer = browser_of(people.members[0]).get(f"/vouch/{newcomer.member.number}.json")

    assert answer.json() == {
        "number": newcomer.member.number,
        "keys": public_keys_of(9),
        "day": people.day.isoformat(),
    }


def test_second_vouch_says_from_which_day_the_newcomer_votes(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)

    answers = [vouch_in_browser(voucher, newcomer, people).json() for voucher in people.members[:2]]

    assert answers[0] == {"on_roll": False}
    assert (answers[1]["on_roll"], answers[1]["founding"]) == (True, False)
    assert str((people.day + timedelta(days=3)).day) in answers[1]["entitled_from"]


def test_vouch_with_the_signature_of_another_is_refused(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)

    answer = vouch_in_browser(people.members[0], newcomer, people, signer=people.members[1])

    assert refused(answer, 400, "signature_refused")
    assert newcomer.member.vouches_received.count() == 0


def test_vouch_page_refuses_oneself_members_and_numbers_nobody_waits_under(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])
    gone = candidate(people.members[0], 9, now=people.now)
    actions.give_up_joining(gone.member)

    assert refused(browser.get("/vouch/1.json"), 409, "vouch_self")
    assert refused(browser.get("/vouch/2.json"), 409, "already_on_the_roll")
    assert refused(browser.get("/vouch/77.json"), 404, "nobody_waits")
    assert refused(browser.get(f"/vouch/{gone.member.number}.json"), 404, "nobody_waits")


def test_candidate_of_another_committee_is_not_found(people: CommitteeOfPeople) -> None:
    other = found(name="Day shift", index=20)
    for index in range(21, 25):
        candidate(other.members[0], index, now=other.now)

    assert refused(browser_of(people.members[0]).get("/vouch/5.json"), 404, "nobody_waits")


# The roll


def test_roll_page_shows_numbers_and_vouches_and_never_a_handle(people: CommitteeOfPeople) -> None:
    Member.objects.update(handle="Marigold")
    teller = people.members[1]
    give_role(people, teller, Role.Kind.TELLER)

    page = text_of(browser_of(teller).get("/roll/"))

    assert "3 of us are on the roll" in page
    assert people.members[2].keys.public()["member"][:12] in page
    assert "Marigold" not in page


def test_roll_file_is_the_roll_that_verifies(people: CommitteeOfPeople) -> None:
    answer = browser_of(people.members[0]).get("/roll.jsonl")

    report = roll.verify_file(answer.getvalue())
    assert (report.findings, len(report.state.entries)) == ((), 3)
    assert answer.headers["Cache-Control"] == "no-store"


def test_roll_page_hides_small_cells(people: CommitteeOfPeople) -> None:
    site = Site.objects.create(committee=people.committee, name="Harbor")
    unit = site.units.create(name="Telemetry", headcount=42)
    Member.objects.update(unit=unit)

    assert "under 10" in text_of(browser_of(people.members[0]).get("/roll/"))


def test_objection_is_signed_shown_and_taken_back(people: CommitteeOfPeople) -> None:
    newcomer = candidate(people.members[0], 9, now=people.now)
    for voucher in people.members[:2]:
        vouch_in_browser(voucher, newcomer, people)
    cyd, number = people.members[2], newcomer.member.number
    browser, day = browser_of(cyd), people.day
    about = {"number": number, "day": day.isoformat()}
    objection = roll.objection_statement(committee_id(people), number, day)
    withdrawal = roll.withdrawal_statement(committee_id(people), number, day)

    offered = f'<option value="{number}">' in text_of(browser.get("/roll/"))
    post(browser, "/roll/objections/", **about, signature=signed(cyd, objection))
    objected = text_of(browser.get("/roll/"))
    post(browser, "/roll/objections/withdraw/", **about, signature=signed(cyd, withdrawal))

    assert offered
    assert f"You object to entry {number}" in objected
    assert queries.roll_state(people.committee).entries[number].objections == frozenset()


def test_objection_after_its_days_is_refused(people: CommitteeOfPeople) -> None:
    ben = people.members[1]
    statement = roll.objection_statement(committee_id(people), 3, people.day)
    browser = browser_of(ben)
    before = everything()

    answer = post(
        browser, "/roll/objections/", number=3, day=people.day.isoformat(), signature=signed(ben, statement)
    )

    assert refused(answer, 409, "too_late_to_object")
    assert everything() == before


# Roles


def test_role_is_proposed_signed_by_two_and_given_back(people: CommitteeOfPeople) -> None:
    ada, ben, cyd = people.members

    browser_of(ada).post("/roles/", {"number": 2, "kind": "trustee"})
    role = Role.objects.get(kind="trustee")
    statement = actions.statement_of(role)
    given = [
        post(
            browser_of(person),
            f"/roles/{role.pk}/confirm/",
            day=statement["day"],
            signature=signed(person, statement),
        ).json()["given"]
        for person in (ada, cyd)
    ]
    held = text_of(browser_of(cyd).get("/roles/"))
    resignation = roll.role_resigned_statement(committee_id(people), 2, "trustee", people.day)
    post(
        browser_of(ben),
        f"/roles/{role.pk}/resign/",
        day=people.day.isoformat(),
        signature=signed(ben, resignation),
    )

    assert given == [False, True]
    assert "Held by entry 2" in held
    role.refresh_from_db()
    assert role.state == Role.State.ENDED


@pytest.mark.parametrize("number", ["77", "0", "ada", ""])
def test_role_for_a_number_that_is_nobody_is_not_proposed(number: str, people: CommitteeOfPeople) -> None:
    answer = browser_of(people.members[0]).post("/roles/", {"number": number, "kind": "teller"})

    assert answer.status_code == 200
    assert "errorlist" in text_of(answer)
    assert not Role.objects.filter(kind="teller").exists()


def test_nobody_signs_for_their_own_role_or_ends_that_of_another(people: CommitteeOfPeople) -> None:
    ada, ben, _ = people.members
    role = actions.propose_role(ben.member, Role.Kind.TELLER, by=ada.member, now=people.now)
    body = {"day": people.day.isoformat(), "signature": signed(ben, actions.statement_of(role))}
    ben_browser, ada_browser = browser_of(ben), browser_of(ada)
    before = everything()

    assert refused(post(ben_browser, f"/roles/{role.pk}/confirm/", **body), 403, "forbidden")
    assert refused(post(ada_browser, f"/roles/{role.pk}/resign/", **body), 403, "forbidden")
    assert ada_browser.post(f"/roles/{role.pk}/decline/").status_code == 403
    assert everything() == before


def test_role_of_another_committee_is_not_found(people: CommitteeOfPeople) -> None:
    found(name="Day shift", index=20)
    foreign = Role.objects.exclude(member__committee=people.committee).get()
    browser = browser_of(people.members[0])

    for deed in ("confirm", "resign"):
        answer = post(browser, f"/roles/{foreign.pk}/{deed}/", day="2026-01-01", signature="0")
        assert refused(answer, 404, "not_found")
    assert browser.post(f"/roles/{foreign.pk}/decline/").status_code == 404


def test_role_is_declined_by_who_is_proposed(people: CommitteeOfPeople) -> None:
    ada, ben, _ = people.members
    role = actions.propose_role(ben.member, Role.Kind.TELLER, by=ada.member, now=people.now)

    browser_of(ben).post(f"/roles/{role.pk}/decline/")

    role.refresh_from_db()
    assert role.state == Role.State.ENDED


# Sites, units, occupations


def test_workplace_is_changed_by_an_organiser(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[0])

    browser.post("/workplace/", {"change": "site", "name": "Harbor"})
    site = Site.objects.get()
    browser.post("/workplace/", {"change": "unit", "site": site.pk, "name": "Telemetry", "headcount": 42})
    unit = site.units.get()
    browser.post(
        "/workplace/", {"change": "change-unit", "unit": unit.pk, "name": "Telemetry", "headcount": 40}
    )
    browser.post("/workplace/", {"change": "rename-site", "site": site.pk, "name": "Harbor General"})
    browser.post("/workplace/", {"change": "occupation", "name": "Nurse", "headcount": 310})
    occupation = Occupation.objects.get()
    browser.post(
        "/workplace/",
        {"change": "change-occupation", "occupation": occupation.pk, "name": "Nurse", "headcount": 300},
    )

    page = text_of(browser.get("/workplace/"))
    assert [text in page for text in ("Harbor General", "Telemetry", "40", "300")] == [True] * 4


def test_workplace_is_not_changed_by_a_member_without_the_role(people: CommitteeOfPeople) -> None:
    browser = browser_of(people.members[1])
    before = everything()

    answer = browser.post("/workplace/", {"change": "site", "name": "Harbor"})

    assert answer.status_code == 403
    assert everything() == before
    assert "Add a site" not in text_of(browser.get("/workplace/"))


def test_workplace_says_why_a_change_is_refused(people: CommitteeOfPeople) -> None:
    other = found(name="Day shift", index=20)
    foreign = Site.objects.create(committee=other.committee, name="Elsewhere")
    Site.objects.create(committee=people.committee, name="Harbor")
    browser = browser_of(people.members[0])
    before = everything()

    taken = browser.post("/workplace/", {"change": "site", "name": "Harbor"})
    not_ours = browser.post(
        "/workplace/", {"change": "unit", "site": foreign.pk, "name": "X", "headcount": 1}
    )
    unknown = browser.post("/workplace/", {"change": "everything"})

    assert "is on the list already" in text_of(taken)
    assert "errorlist" in text_of(not_ours)
    assert unknown.status_code == 403
    assert everything() == before


# Handles


def test_handles_page_shows_those_one_may_know_and_no_vouches(people: CommitteeOfPeople) -> None:
    founder, second, third = (
        text_of(browser_of(person).get("/roll/handles/")) for person in people.members[:3]
    )

    assert "Person 2" in founder
    assert "Person 1" not in second
    assert "Person 3" in third
    assert all("Vouched for by" not in page for page in (founder, second, third))


def test_handles_page_shows_a_teller_everybody(people: CommitteeOfPeople) -> None:
    give_role(people, people.members[1], Role.Kind.TELLER)

    page = text_of(browser_of(people.members[1]).get("/roll/handles/"))

    assert all(person.member.handle in page for person in people.members)


# The ledger


def test_ledger_page_tells_it_in_sentences_newest_first(people: CommitteeOfPeople) -> None:
    give_role(people, people.members[1], Role.Kind.TELLER)

    page = text_of(browser_of(people.members[2]).get("/ledger/"))

    assert page.index("became teller") < page.index("was prepared")
    assert "openfloor ledger verify ledger.jsonl --seen" in page


def test_ledger_file_is_the_export_that_verifies(people: CommitteeOfPeople) -> None:
    answer = browser_of(people.members[0]).get("/ledger.jsonl")

    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert verify_export(lines) == []
    assert len(lines) > 3


@pytest.mark.parametrize("address", ["/invitations/", "/roles/", "/ledger/", "/roll/"])
def test_list_asks_the_database_as_often_for_three_as_for_one(
    address: str, people: CommitteeOfPeople
) -> None:
    browser = browser_of(people.members[0])

    def add_one(number: int) -> None:
        invite(people.members[0], now=people.now)
        actions.propose_role(
            people.members[number].member, Role.Kind.TELLER, by=people.members[0].member, now=people.now
        )
        actions.add_site(people.members[0].member, name=f"Site {number}", now=people.now)

    add_one(0)
    browser.get(address)
    with CaptureQueriesContext(connection) as for_one:
        browser.get(address)
    add_one(1)
    add_one(2)
    browser.get(address)
    with CaptureQueriesContext(connection) as for_three:
        browser.get(address)

    assert len(for_three) == len(for_one)
