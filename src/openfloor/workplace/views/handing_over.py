"""A key from one device to another of the same member: the page of each, and what stands between them."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._addresses import safe_target
from openfloor.workplace.views._bodies import body_of

WAITING = {"state": "waiting"}


@require_http_methods(["GET", "HEAD", "POST"])
def bring_key(request: HttpRequest) -> HttpResponseBase:
    """For a device without the key: whoever opens it may be signed in or not."""
    if request.method == "POST":
        return _fetch(request)
    target = safe_target(request.GET.get("next", "/"))
    return render(request, "workplace/bring_key.html", {"next": target})


@answers_json
def _fetch(request: HttpRequest) -> HttpResponse:
    fetched = actions.fetch_hand_over(body_of(request, code=str)["code"], now=timezone.now())
    if fetched is None:
        return json_answer(WAITING)
    hand_over, envelope = fetched
    return json_answer(
        {
            "state": "sealed" if envelope else "opened",
            "committee": str(hand_over.member.committee_id),
            "key": hand_over.key,
            "envelope": envelope,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def hand_over(request: MemberRequest) -> HttpResponseBase:
    """For the device that has the key."""
    if request.method == "POST":
        return _open(request)
    return render(request, "workplace/hand_over.html")


@answers_json
def _open(request: MemberRequest) -> HttpResponse:
    scanned = body_of(request, code=str, key=str)
    actions.open_hand_over(request.member, code=scanned["code"], key=scanned["key"], now=timezone.now())
    return json_answer({})


@require_POST
@answers_json
@member_required
def seal_hand_over(request: MemberRequest) -> HttpResponse:
    sealed = body_of(request, code=str, envelope=str)
    actions.seal_hand_over(
        request.member, code=sealed["code"], envelope=sealed["envelope"], now=timezone.now()
    )
    return json_answer({})


@require_POST
@answers_json
@member_required
def stop_hand_over(request: MemberRequest) -> HttpResponse:
    body_of(request)
    actions.stop_hand_over(request.member)
    return json_answer({})
