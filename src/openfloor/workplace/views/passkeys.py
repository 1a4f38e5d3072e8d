"""Passkeys: asking the browser for one, and taking its answer.

The trap: a challenge stands in the session and is taken out before it is looked at, so that it answers once.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, authenticators
from openfloor.workplace.errors import AskedTooLongAgo
from openfloor.workplace.models import Member, Passkey
from openfloor.workplace.signin import (
    MemberRequest,
    device_token,
    member_required,
    set_device_cookie,
    sign_in_session,
)
from openfloor.workplace.views._bodies import body_of

ASKED_TO_SIGN = "passkey_challenge"
ASKED_FOR_NEW = "new_passkey"
STRANGERS_SESSION_SECONDS = 2 * 24 * 60 * 60


@require_POST
@answers_json
def passkey_challenge(request: HttpRequest) -> HttpResponse:
    """What a browser is asked when somebody signs in; a session that begins here is a short one."""
    body_of(request)
    if request.session.is_empty():
        request.session.set_expiry(STRANGERS_SESSION_SECONDS)
    challenge = authenticators.fresh_challenge()
    request.session[ASKED_TO_SIGN] = challenge
    return json_answer(authenticators.request_options(challenge))


@require_POST
@answers_json
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    credential = body_of(request, credential=dict)["credential"]
    challenge = _asked(request, ASKED_TO_SIGN)
    token = device_token(request)
    passkey = actions.sign_in_by_passkey(credential, token, challenge=challenge, now=timezone.now())
    member = passkey.member
    sign_in_session(request, member)
    answer = json_answer(_whose(member) | _sealed_by(passkey))
    set_device_cookie(answer, actions.remember_device(member, token))
    return answer


def _whose(member: Member) -> dict[str, Any]:
    return {
        "committee": str(member.committee_id),
        "number": member.number,
        "handle": member.handle,
        "member_key": member.keys["member"],
    }


def _sealed_by(passkey: Passkey) -> dict[str, str]:
    return {
        "passkey": passkey.credential_id,
        "sealed_root": passkey.sealed_root,
        "keep_root_at": reverse("keep_sealed_root", args=[passkey.pk]),
    }


@require_POST
@answers_json
@member_required
def new_passkey(request: MemberRequest) -> HttpResponse:
    """What a browser is asked to make. It carries the entry number: whoever syncs passkeys can read it."""
    body_of(request)
    member = request.member
    actions.refuse_too_many(member)
    challenge, user_handle = authenticators.fresh_challenge(), authenticators.fresh_user_handle()
    request.session[ASKED_FOR_NEW] = [challenge, user_handle]
    options = authenticators.creation_options(
        challenge,
        user_handle,
        shown_as=_("Entry %(number)s") % {"number": member.number},
        known_ids=list(member.passkeys.values_list("credential_id", flat=True)),
    )
    return json_answer(options)


@require_POST
@answers_json
@member_required
def add_passkey(request: MemberRequest) -> HttpResponse:
    made = body_of(request, name=str, credential=dict)
    challenge, user_handle = _asked(request, ASKED_FOR_NEW)
    passkey = actions.add_passkey(
        request.member, made["credential"], name=made["name"], challenge=challenge, user_handle=user_handle
    )
    messages.success(request, _("Your passkey is added."))
    return json_answer(_sealed_by(passkey), HTTPStatus.CREATED)


@require_POST
@answers_json
@member_required
def keep_sealed_root(request: MemberRequest, pk: int) -> HttpResponse:
    passkey = get_object_or_404(Passkey, member=request.member, pk=pk)
    actions.keep_sealed_root(passkey, body_of(request, sealed_root=str)["sealed_root"])
    return json_answer({})


@require_POST
@member_required
def remove_passkey(request: MemberRequest, pk: int) -> HttpResponse:
    actions.remove_passkey(get_object_or_404(Passkey, member=request.member, pk=pk))
    messages.success(
        request, _("Removed. It opens nothing here any more. You may delete it on your device too.")
    )
    return redirect("me")


def _asked(request: HttpRequest, name: str) -> Any:
    """What this session was asked last, and never again."""
    asked = request.session.pop(name, None)
    if asked is None:
        raise AskedTooLongAgo
    return asked
