"""Who is asking: the session knows a member by id, and forgets them when they leave."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.http.cookie import parse_cookie
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from openfloor.ui.http import json_refusal
from openfloor.workplace.errors import SignInFirst, VouchesMissing, WorkplaceError
from openfloor.workplace.models import Member
from openfloor.workplace.sessions import SessionStore

SESSION_KEY = "member"
ROUND_KEY = "round"
DEVICE_COOKIE = "device"
DEVICE_DAYS = 400  # browsers keep no cookie longer

P = ParamSpec("P")


class MemberRequest(HttpRequest):
    """A request that `member_required` or `signed_in_required` let through."""

    member: Member


View = Callable[Concatenate[MemberRequest, P], HttpResponseBase]
GuardedView = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


class MemberMiddleware:
    """Sets `request.member`: a member, a candidate or None. Looked up when asked for, and once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.member = SimpleLazyObject(lambda: _member_of_session(request.session))  # type: ignore[attr-defined]
        return self.get_response(request)


def member_of(request: HttpRequest) -> Member | None:
    """Who is signed in, as an object of its own and not a lazy one."""
    return cast(MemberRequest, request).member or None


def sign_in_session(request: HttpRequest, member: Member) -> None:
    """Begin a session of *member*; one that somebody planted before is worth nothing."""
    request.session.clear_expired()
    request.session.flush()
    request.session[SESSION_KEY] = str(member.pk)
    request.session[ROUND_KEY] = member.session_round
    request.member = member  # type: ignore[attr-defined]


def sign_out_session(request: HttpRequest) -> None:
    request.session.flush()
    request.member = None  # type: ignore[attr-defined]


def member_of_cookies(header: str) -> Member | None:
    """Who is signed in, where a request does not pass through Django."""
    key = parse_cookie(header).get(settings.SESSION_COOKIE_NAME)
    return _member_of_session(SessionStore(key)) if key else None


def device_token(request: HttpRequest) -> str | None:
    """What `remember_device` gave this browser."""
    return request.COOKIES.get(DEVICE_COOKIE)


def set_device_cookie(response: HttpResponseBase, token: str) -> None:
    response.set_cookie(
        DEVICE_COOKIE,
        token,
        max_age=DEVICE_DAYS * 24 * 60 * 60,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def signed_in_required(view: View[P]) -> GuardedView[P]:
    """For members and candidates: others are sent to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if member_of(request) is None:
            return _turned_away(request, SignInFirst(), "sign_in")
        return view(cast(MemberRequest, request), *args, **kwargs)

    return guarded


def member_required(view: View[P]) -> GuardedView[P]:
    """For members on the roll: candidates are sent to where they wait for their vouches."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        member = member_of(request)
        if member is not None and member.state != Member.State.MEMBER:
            return _turned_away(request, VouchesMissing(), "join")
        return on_signed_in(request, *args, **kwargs)

    on_signed_in = signed_in_required(view)
    return guarded


def asks_for_json(request: HttpRequest) -> bool:
    """Is this one of our scripts, which wants an answer and not a page?"""
    return request.content_type == "application/json" or "application/json" in request.headers.get(
        "Accept", ""
    )


def _turned_away(request: HttpRequest, refusal: WorkplaceError, page: str) -> HttpResponse:
    if asks_for_json(request):
        return json_refusal(refusal)
    address = reverse(page)
    if request.method == "GET" and page == "sign_in":
        address += "?" + urlencode({"next": request.get_full_path()})
    return redirect(address)


def _member_of_session(session: SessionBase) -> Member | None:
    try:
        member_id = UUID(session[SESSION_KEY])
    except (KeyError, ValueError):
        return None
    members = Member.objects.select_related("committee").exclude(state=Member.State.LEFT)
    # Sessions from before there were rounds are of the first one.
    return members.filter(pk=member_id, session_round=session.get(ROUND_KEY, 0)).first()
