"""What every answer carries and every error says, by behaviour, at addresses made for these tests."""

import json

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from openfloor.ui.errors import Refusal
from openfloor.ui.http import answers_json, json_answer, read_json


class TooEarly(Refusal):
    code = "too_early"
    sentence = _("Voting opens in %(days)s days.")
    status = 425


def page(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/base.html")


def cookieless(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/cookieless.html")


def elsewhere(request: HttpRequest) -> HttpResponse:
    return HttpResponseRedirect("/page/")


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def too_large(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@require_POST
def post_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@csrf_exempt
@answers_json
def echo(request: HttpRequest) -> HttpResponse:
    return json_answer(read_json(request, limit=100))


@answers_json
def early(request: HttpRequest) -> HttpResponse:
    raise TooEarly(days=3)


urlpatterns = [
    path("", include("openfloor.ui.urls")),
    path("page/", page),
    path("board/abc/", cookieless),
    path("elsewhere/", elsewhere),
    path("forbidden/", forbidden),
    path("forbidden.json", answers_json(forbidden)),
    path("too-large/", too_large),
    path("broken/", broken),
    path("post-only/", post_only),
    path("echo/", echo),
    path("early/", early),
]
handler400 = "openfloor.ui.errors.bad_request"
handler403 = "openfloor.ui.errors.forbidden"
handler404 = "openfloor.ui.errors.not_found"
handler500 = "openfloor.ui.errors.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def browser() -> Client:
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


EVERY_STATUS = [
    (200, "/page/"),
    (200, "/board/abc/"),
    (302, "/elsewhere/"),
    (403, "/forbidden/"),
    (403, "/forbidden.json"),
    (404, "/nowhere/"),
    (405, "/post-only/"),
    (413, "/too-large/"),
    (425, "/early/"),
    (500, "/broken/"),
]


@pytest.mark.parametrize(("status", "address"), EVERY_STATUS)
def test_answer_carries_the_fixed_headers(browser: Client, status: int, address: str) -> None:
    answer = browser.get(address)

    assert answer.status_code == status
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert answer.headers["Cache-Control"] == "no-store"


def test_foreign_host_gets_the_headers_too(browser: Client) -> None:
    answer = browser.get("/page/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_referrer_stays_on_our_site_and_boards_send_none(browser: Client) -> None:
    assert browser.get("/page/").headers["Referrer-Policy"] == "same-origin"
    assert browser.get("/board/abc/").headers["Referrer-Policy"] == "no-referrer"
    assert browser.get("/board/nothing/").headers["Referrer-Policy"] == "no-referrer"


def test_cookieless_page_sets_no_cookie_and_asks_for_none(browser: Client) -> None:
    answer = browser.get("/board/abc/")

    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("address", ["/forbidden/", "/nowhere/", "/post-only/", "/too-large/", "/broken/"])
def test_error_page_says_what_happened_without_cookies(browser: Client, address: str) -> None:
    answer = browser.get(address)

    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h1>" in answer.text
    assert not answer.cookies


@pytest.mark.parametrize("address", ["/forbidden/", "/nowhere/", "/post-only/", "/too-large/", "/broken/"])
def test_error_is_json_for_a_script_that_asks_for_it(browser: Client, address: str) -> None:
    answer = browser.get(address, headers={"accept": "application/json"})

    assert set(answer.json()["error"]) == {"code", "sentence"}


def test_wrong_method_still_says_which_is_right(browser: Client) -> None:
    assert browser.get("/post-only/").headers["Allow"] == "POST"


def test_form_without_its_token_is_refused_in_words(browser: Client) -> None:
    answer = browser.post("/post-only/")

    assert answer.status_code == 403
    assert "This page was open for too long" in answer.text


def test_token_of_the_page_lets_its_script_send(browser: Client) -> None:
    shown = browser.get("/page/").text
    token = shown.split('name="csrf" content="')[1].split('"')[0]

    assert browser.post("/post-only/", headers={"x-csrftoken": token}).text == "done"


def test_json_is_read_and_answered(browser: Client) -> None:
    answer = browser.post("/echo/", '{"a": [1, null]}', content_type="application/json")

    assert answer.json() == {"a": [1, None]}


@pytest.mark.parametrize("body", ["", "{", '{"a":1,"a":2}', "NaN", "[" * 99, b"\xff", '{"a":Infinity}'])
def test_json_that_is_broken_is_refused(browser: Client, body: str | bytes) -> None:
    answer = browser.post("/echo/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "not_json"


def test_form_where_json_is_asked_is_refused(browser: Client) -> None:
    answer = browser.post("/echo/", {"a": 1})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")


@pytest.mark.parametrize("length", [101, 3_000_000])
def test_json_over_the_limit_is_refused(browser: Client, length: int) -> None:
    answer = browser.post("/echo/", json.dumps("a" * (length - 2)), content_type="application/json")

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_refusal_travels_with_code_sentence_values_and_status(browser: Client) -> None:
    answer = browser.get("/early/")

    assert answer.status_code == 425
    assert answer.json() == {
        "error": {"code": "too_early", "sentence": "Voting opens in 3 days.", "days": 3},
    }


def test_robots_are_sent_away(browser: Client) -> None:
    assert browser.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"


def test_web_manifest_names_no_committee_and_an_icon(browser: Client) -> None:
    answer = browser.get("/site.webmanifest")

    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.json()["name"] == "Openfloor"
    assert answer.json()["icons"]


def test_favicon_leads_to_the_icon(browser: Client) -> None:
    assert browser.get("/favicon.ico").headers["Location"].endswith("icon.svg")


@override_settings(DEMONSTRATION=True)
def test_demonstration_says_so_on_every_page(browser: Client) -> None:
    for address in ("/page/", "/board/abc/"):
        assert "A made-up committee" in browser.get(address).text


def test_page_has_no_inline_script_or_style(browser: Client) -> None:
    for address in ("/page/", "/board/abc/", "/nowhere/"):
        text = browser.get(address).text
        assert "<style" not in text
        assert " style=" not in text
        assert "<script>" not in text


def rendered(template: str, **values: object) -> str:
    return engines["django"].from_string("{% load openfloor %}" + template).render(values)


def test_script_tag_loads_the_pages_bundle() -> None:
    assert rendered('{% script "vote" %}') == (
        '<script type="module" src="/static/ui/bundles/vote.js"></script>'
    )
