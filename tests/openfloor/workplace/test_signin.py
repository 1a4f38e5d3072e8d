"""Signing in: the secret, the delays that strangers share, the devices that are spared, the session."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

from factories.workplace import CommitteeOfPeople, Person, candidate, found, invite, keys_of, make_committee
from openfloor.workplace import actions, errors, signin
from openfloor.workplace.memberkeys import sign_in_hash
from openfloor.workplace.models import Device, StrangerBudget
from openfloor.workplace.sessions import SessionStore

from .test_actions import Refuses, departure

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
WRONG = "ab" * 32


def fail(times: int, *, now: datetime = NOW) -> None:
    for _ in range(times):
        with pytest.raises(errors.UnknownKey):
            actions.sign_in(WRONG, None, now=now)


def seconds_to_wait(now: datetime) -> int:
    with pytest.raises(errors.WaitFirst) as refused:
        actions.sign_in(WRONG, None, now=now)
    return cast(int, refused.value.values["seconds"])


# The secret


def test_member_signs_in_by_the_derived_secret() -> None:
    people = make_committee(2)

    for person in people.members:
        assert actions.sign_in(person.keys.sign_in_secret, None, now=NOW) == person.member


def test_candidate_signs_in() -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)

    assert actions.sign_in(newcomer.keys.sign_in_secret, None, now=NOW) == newcomer.member


def test_stored_hash_does_not_sign_in() -> None:
    people = found()
    secret = people.members[0].keys.sign_in_secret

    with pytest.raises(errors.UnknownKey):
        actions.sign_in(sign_in_hash(secret), None, now=NOW)


@pytest.mark.parametrize("secret", ["", "words", "0" * 63, keys_of(1).sign_in_secret.upper(), "\ud800"])
def test_secret_that_is_none_is_refused(secret: str) -> None:
    found()

    with pytest.raises(errors.UnknownKey):
        actions.sign_in(secret, None, now=NOW)


def test_member_who_left_is_told_so(refuses: Refuses) -> None:
    people = make_committee(3)
    departure(people, 3)

    with refuses(errors.LeftAlready):
        actions.sign_in(people.members[2].keys.sign_in_secret, None, now=NOW)


# Delays


def test_twenty_failures_are_free_and_then_the_wait_doubles_to_a_minute() -> None:
    fail(20)

    waits, now = [], NOW
    for _ in range(8):
        waits.append(seconds_to_wait(now))
        now += timedelta(seconds=waits[-1])
        fail(1, now=now)

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_what_is_wrong_during_the_wait_is_not_counted(refuses: Refuses) -> None:
    fail(20)

    with refuses(errors.WaitFirst):
        actions.sign_in(WRONG, None, now=NOW + timedelta(milliseconds=999))
    fail(1, now=NOW + timedelta(seconds=1))


def test_nobody_with_the_right_words_or_link_ever_waits_for_strangers_who_fail() -> None:
    people = found()
    person, now = people.members[0], NOW
    _, link = invite(person, now=NOW)
    for _ in range(200):
        try:
            actions.sign_in(WRONG, None, now=now)
        except errors.WaitFirst as refused:
            now += timedelta(seconds=cast(int, refused.values["seconds"]))
        except errors.UnknownKey:
            assert actions.sign_in(person.keys.sign_in_secret, None, now=now) == person.member

    assert seconds_to_wait(now) == 60
    assert actions.sign_in(person.keys.sign_in_secret, None, now=now) == person.member
    assert actions.begin_joining(link, now=now).committee_id == people.committee.pk


def test_every_quiet_minute_halves_the_wait() -> None:
    StrangerBudget.objects.create(failures=26, last_failure_at=NOW)

    def wait_after_one_more_failure(quiet: timedelta) -> int:
        StrangerBudget.objects.update(failures=26, last_failure_at=NOW)
        fail(1, now=NOW + quiet)
        return seconds_to_wait(NOW + quiet)

    assert [wait_after_one_more_failure(timedelta(minutes=minutes)) for minutes in range(1, 7)] == [
        60,
        32,
        16,
        8,
        4,
        2,
    ]


def test_failures_are_forgotten_after_a_quiet_time() -> None:
    fail(20)

    fail(20, now=NOW + timedelta(minutes=20))


def test_success_of_one_does_not_pardon_the_failures_of_others() -> None:
    person = found().members[0]
    fail(20)

    actions.sign_in(person.keys.sign_in_secret, None, now=NOW)

    assert seconds_to_wait(NOW) == 1


def test_clock_that_was_set_back_makes_nobody_wait_longer() -> None:
    fail(20)

    assert seconds_to_wait(NOW - timedelta(days=1)) == 1


def test_links_and_sign_in_share_one_budget() -> None:
    for _ in range(10):
        with pytest.raises(errors.UnknownLink):
            actions.begin_joining("x" * 43, now=NOW)
        with pytest.raises(errors.UnknownLink):
            actions.begin_founding("x" * 43, now=NOW)

    assert seconds_to_wait(NOW) == 1
    with pytest.raises(errors.WaitFirst):
        actions.begin_joining("x" * 43, now=NOW)
    with pytest.raises(errors.WaitFirst):
        actions.begin_founding("x" * 43, now=NOW)


def test_link_that_is_used_up_is_no_failure() -> None:
    people = found()
    _, secret = invite(people.members[0], uses=1, now=NOW)
    actions.begin_joining(secret, now=NOW)

    for _ in range(30):
        with pytest.raises(errors.LinkUsedUp):
            actions.begin_joining(secret, now=NOW)

    assert not StrangerBudget.objects.exists()


def test_budget_is_one_row_without_an_address() -> None:
    fail(3)

    assert StrangerBudget.objects.count() == 1
    assert {field.name for field in StrangerBudget._meta.get_fields()} == {
        "only",
        "failures",
        "last_failure_at",
    }


# Devices


def test_known_device_is_never_delayed_nor_counted() -> None:
    person = found().members[0]
    token = actions.remember_device(person.member)
    fail(20)

    for _ in range(30):
        with pytest.raises(errors.UnknownKey):
            actions.sign_in(WRONG, token, now=NOW)

    assert actions.sign_in(person.keys.sign_in_secret, token, now=NOW) == person.member
    assert seconds_to_wait(NOW) == 1


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_device_that_nobody_knows_is_a_stranger(token: str) -> None:
    found()
    fail(20)

    with pytest.raises(errors.WaitFirst):
        actions.sign_in(WRONG, token, now=NOW)


def test_device_is_remembered_by_the_hash_of_its_token_once() -> None:
    member = found().members[0].member

    token = actions.remember_device(member)

    assert actions.remember_device(member, token) == token
    assert actions.remember_device(member, "x" * 43) != token
    assert Device.objects.filter(member=member).count() == 2
    assert not Device.objects.filter(token_hash=token).exists()


def test_device_of_another_member_is_remembered_anew() -> None:
    people = make_committee(2)
    first, second = (person.member for person in people.members)
    token = actions.remember_device(first)

    assert actions.remember_device(second, token) != token
    assert (first.devices.count(), second.devices.count()) == (1, 1)


def test_forgotten_devices_are_strangers_again() -> None:
    people = make_committee(2)
    first, second = (person.member for person in people.members)
    token = actions.remember_device(first)
    actions.remember_device(second)

    actions.forget_devices(first)

    fail(20)
    with pytest.raises(errors.WaitFirst):
        actions.sign_in(WRONG, token, now=NOW)
    assert second.devices.count() == 1


# The session


def request_to(path: str = "/roll/", *, method: str = "GET", **headers: Any) -> HttpRequest:
    request = getattr(RequestFactory(), method.lower())(path, **headers)
    request.session = SessionStore()
    signin.MemberMiddleware(lambda request: HttpResponse())(request)
    return cast(HttpRequest, request)


def signed_in(person: Person, **options: Any) -> HttpRequest:
    request = request_to(**options)
    signin.sign_in_session(request, person.member)
    return request


def again(request: HttpRequest) -> HttpRequest:
    """The next request of the same browser."""
    request.session.save()
    following = request_to()
    following.session = SessionStore(request.session.session_key)
    return following


def set_clock(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    monkeypatch.setattr("time.time", now.timestamp)


def test_session_knows_the_member_at_the_next_request() -> None:
    person = make_committee(2).members[1]

    request = again(signed_in(person))

    assert signin.member_of(request) == person.member


def test_session_of_nobody_has_no_member() -> None:
    assert signin.member_of(request_to()) is None


@pytest.mark.parametrize("value", ["", "robin", "0f8fad5b-d9cb-469f-a165-70867728950e"])
def test_session_with_an_unknown_member_has_none(value: str) -> None:
    request = request_to()
    request.session[signin.SESSION_KEY] = value

    assert signin.member_of(request) is None


def test_page_that_does_not_ask_who_is_there_asks_no_database() -> None:
    with connection.execute_wrapper(_refuse_queries):
        request_to()


def _refuse_queries(*_: object) -> None:
    raise AssertionError("a query was made")


def test_signing_in_gives_the_session_a_new_key() -> None:
    person = found().members[0]
    request = request_to()
    request.session["planted"] = "yes"
    request.session.save()
    before = request.session.session_key

    signin.sign_in_session(request, person.member)
    request.session.save()

    assert request.session.session_key != before
    assert "planted" not in request.session
    assert not SessionStore().exists(before or "")


def test_two_sessions_of_one_day_are_alike_but_for_their_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = found().members[0]
    for now in (NOW, NOW + timedelta(hours=5)):
        set_clock(monkeypatch, now)
        signed_in(person).session.save()

    (one, other) = Session.objects.values("session_data", "expire_date")

    assert one == other


def test_session_that_somebody_changed_is_empty() -> None:
    request = signed_in(found().members[0])
    request.session.save()
    Session.objects.update(session_data="x" + Session.objects.get().session_data)

    assert dict(SessionStore(request.session.session_key).items()) == {}


def test_sessions_that_are_over_are_removed_when_somebody_signs_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    person = found().members[0]
    set_clock(monkeypatch, NOW - timedelta(days=31))
    signed_in(person).session.save()
    set_clock(monkeypatch, NOW)

    signed_in(person)

    assert not Session.objects.exists()


def test_signing_out_forgets_everything() -> None:
    request = again(signed_in(found().members[0]))

    signin.sign_out_session(request)

    assert signin.member_of(request) is None
    assert request.session.is_empty()


def test_session_of_one_who_left_is_worth_nothing() -> None:
    people: CommitteeOfPeople = make_committee(3)
    request = again(signed_in(people.members[2]))

    departure(people, 3)

    assert signin.member_of(request) is None


def test_device_cookie_is_kept_from_scripts_and_other_sites() -> None:
    response = HttpResponse()

    signin.set_device_cookie(response, "token")

    cookie = response.cookies[signin.DEVICE_COOKIE]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("token", True, "Lax")
    request = request_to(HTTP_COOKIE=f"{signin.DEVICE_COOKIE}=token")
    assert signin.device_token(request) == "token"
    assert signin.device_token(request_to()) is None


# Guards


@signin.member_required
def for_members(request: signin.MemberRequest) -> HttpResponseBase:
    return HttpResponse(f"{request.member.number}")


@signin.signed_in_required
def for_both(request: signin.MemberRequest) -> HttpResponseBase:
    return HttpResponse(f"{request.member.number}")


def test_member_is_let_through() -> None:
    person = make_committee(2).members[1]

    assert for_members(signed_in(person)).content == b"2"  # type: ignore[attr-defined]
    assert for_both(signed_in(person)).content == b"2"  # type: ignore[attr-defined]


@pytest.mark.parametrize("view", [for_members, for_both])
def test_page_sends_a_stranger_to_sign_in_and_back(view: Any) -> None:
    response = view(request_to("/roll/?page=2"))

    assert (response.status_code, response.url) == (302, "/sign-in/?next=%2Froll%2F%3Fpage%3D2")


def test_form_of_a_stranger_is_sent_to_sign_in_without_a_way_back() -> None:
    response = cast(Any, for_members(request_to(method="POST")))

    assert (response.status_code, response.url) == (302, "/sign-in/")


@pytest.mark.parametrize("view", [for_members, for_both])
@pytest.mark.parametrize(
    "headers", [{"HTTP_ACCEPT": "application/json"}, {"CONTENT_TYPE": "application/json"}]
)
def test_script_of_a_stranger_is_answered_401(view: Any, headers: dict[str, str]) -> None:
    response = view(request_to(**headers))

    assert response.status_code == 401
    assert json.loads(response.content)["error"]["code"] == "sign_in_first"


def test_candidate_is_sent_to_where_they_wait() -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)
    page = cast(Any, for_members(signed_in(newcomer)))
    script = cast(Any, for_members(signed_in(newcomer, HTTP_ACCEPT="application/json")))

    assert (page.status_code, page.url) == (302, "/join/")
    assert (script.status_code, json.loads(script.content)["error"]["code"]) == (403, "vouches_missing")
    assert for_both(signed_in(newcomer)).content == b"2"  # type: ignore[attr-defined]


def test_guard_keeps_the_name_of_its_view() -> None:
    assert for_members.__name__ == "for_members"
