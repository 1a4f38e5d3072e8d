"""Vouching: a colleague's keys for a device that knows their fingerprint, and the signature it gives."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, permissions, queries
from openfloor.workplace.errors import AlreadyOnTheRoll, NobodyWaits, VouchForYourself
from openfloor.workplace.models import Member
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._bodies import body_of, day_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def vouch(request: MemberRequest) -> HttpResponseBase:
    if not permissions.may_vouch(request.member):
        raise PermissionDenied
    if request.method == "POST":
        return _sign(request)
    return render(request, "workplace/vouch.html")


@answers_json
def _sign(request: MemberRequest) -> HttpResponse:
    signed = body_of(request, number=int, day=str, signature=str)
    waiting = _candidate(request.member, signed["number"])
    on_roll = actions.vouch(
        request.member,
        waiting,
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    return json_answer(_outcome(waiting) if on_roll else {"on_roll": False})


def _outcome(newcomer: Member) -> dict[str, bool | str]:
    state = queries.roll_state(newcomer.committee)
    entry = state.entries[newcomer.number]
    votes_from = entry.day + timedelta(days=state.rules.objection_days)
    return {"on_roll": True, "founding": entry.founding, "entitled_from": date_format(votes_from, _("j F"))}


@require_safe
@answers_json
@member_required
def candidate(request: MemberRequest, number: int) -> HttpResponse:
    if not permissions.may_vouch(request.member):
        raise PermissionDenied
    waiting = _candidate(request.member, number)
    today = queries.today(waiting.committee, timezone.now())
    return json_answer({"number": waiting.number, "keys": waiting.keys, "day": today.isoformat()})


def _candidate(voucher: Member, number: int) -> Member:
    if number == voucher.number:
        raise VouchForYourself
    try:
        colleague = queries.member_by_number(voucher.committee, number)
    except Member.DoesNotExist as error:
        raise NobodyWaits from error
    if colleague.state == Member.State.MEMBER:
        raise AlreadyOnTheRoll
    if colleague.state == Member.State.LEFT:
        raise NobodyWaits
    return colleague
