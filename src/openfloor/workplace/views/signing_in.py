"""Signing in and out, and the page about oneself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, queries
from openfloor.workplace.errors import SignInFirst
from openfloor.workplace.models import Role
from openfloor.workplace.signin import (
    MemberRequest,
    device_token,
    member_of,
    member_required,
    set_device_cookie,
    sign_in_session,
    sign_out_session,
)
from openfloor.workplace.views._addresses import safe_target
from openfloor.workplace.views._bodies import body_of, day_of
from openfloor.workplace.views.roles import LOSSES, PURPOSES


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _hand_in(request)
    target = safe_target(request.GET.get("next", "/"))
    # Whoever is signed in may still have lost the key, and type the words that bring it back.
    if member_of(request) is not None and "words" not in request.GET:
        return redirect(target)
    return render(request, "workplace/sign_in.html", {"next": target})


@answers_json
def _hand_in(request: HttpRequest) -> HttpResponse:
    secret = body_of(request, secret=str)["secret"]
    token = device_token(request)
    member = actions.sign_in(secret, token, now=timezone.now())
    sign_in_session(request, member)
    answer = json_answer(
        {"committee": str(member.committee_id), "number": member.number, "handle": member.handle}
    )
    set_device_cookie(answer, actions.remember_device(member, token))
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sign_out_session(request)
    messages.success(request, _("You are signed out."))
    return redirect("home")


@require_safe
@member_required
def me(request: MemberRequest) -> HttpResponse:
    member = request.member
    held = queries.roles_of(member)
    context = {
        "devices": member.devices.count(),
        "passkeys": member.passkeys.all(),
        "roles": [
            {"kind": kind.value, "label": kind.label, "purpose": PURPOSES[kind], "loss": LOSSES[kind]}
            for kind in Role.Kind
            if kind in held
        ],
        "today": queries.today(member.committee, timezone.now()),
    }
    return render(request, "workplace/me.html", context)


@require_POST
@member_required
def forget_devices(request: MemberRequest) -> HttpResponse:
    actions.forget_devices(request.member)
    messages.success(request, _("Your devices are forgotten. Each is known again when you sign in there."))
    return redirect("me")


@require_POST
@member_required
def sign_out_elsewhere(request: MemberRequest) -> HttpResponse:
    """End every session, and begin this one anew; one that was ended meanwhile stays so."""
    try:
        actions.sign_out_everywhere(request.member)
    except SignInFirst as refusal:
        messages.error(request, str(refusal))
        return redirect("sign_in")
    sign_in_session(request, request.member)
    messages.success(request, _("You are signed out on every other device."))
    answer = redirect("me")
    set_device_cookie(answer, actions.remember_device(request.member))
    return answer


@require_POST
@answers_json
@member_required
def leave(request: MemberRequest) -> HttpResponse:
    signed = body_of(request, day=str, signature=str)
    actions.leave(
        request.member, day=day_of(signed["day"]), signature=signed["signature"], now=timezone.now()
    )
    sign_out_session(request)
    messages.success(request, _("You have left. Your entry is ended, and your handle is forgotten."))
    return json_answer({})
