"""Founding and joining. The trap: a link's secret comes in a POST body only, never in an address."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, queries
from openfloor.workplace.errors import NoPlace, UnknownPlace
from openfloor.workplace.models import Committee, Member, Occupation, Unit
from openfloor.workplace.signin import (
    MemberRequest,
    device_token,
    member_of,
    set_device_cookie,
    sign_in_session,
    sign_out_session,
    signed_in_required,
)
from openfloor.workplace.views._bodies import OPTIONAL_NUMBER, body_of

TICKET = "ticket"


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _exchange_founding(request)
    if member_of(request) is not None:
        return render(request, "workplace/already_in.html")
    return render(request, "workplace/found.html", _reserved(request, founding=True))


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _exchange_invitation(request)
    member = member_of(request)
    if member is None:
        return render(request, "workplace/join.html", _reserved(request, founding=False))
    if member.state == Member.State.CANDIDATE:
        return render(request, "workplace/waiting.html", {"progress": _progress(member)})
    return render(request, "workplace/already_in.html")


@require_POST
@answers_json
def enrol(request: HttpRequest) -> HttpResponse:
    ticket = _ticket(request)
    if ticket is None:
        raise NoPlace
    about = body_of(
        request,
        handle=str,
        unit=OPTIONAL_NUMBER,
        occupation=OPTIONAL_NUMBER,
        sign_in_hash=str,
        keys=dict,
        proofs=dict,
    )
    member = actions.enrol(
        ticket,
        handle=about["handle"],
        unit=_unit(ticket, about["unit"]),
        occupation=_occupation(ticket, about["occupation"]),
        sign_in_hash=about["sign_in_hash"],
        keys=cast(Any, about["keys"]),
        proofs=about["proofs"],
        now=timezone.now(),
    )
    sign_in_session(request, member)
    answer = json_answer({"number": member.number})
    set_device_cookie(answer, actions.remember_device(member, device_token(request)))
    return answer


@require_safe
@answers_json
@signed_in_required
def join_state(request: MemberRequest) -> HttpResponse:
    member = request.member
    if member.state == Member.State.MEMBER:
        return json_answer({"state": member.state, "sentence": _("You are on the roll.")})
    return json_answer({"state": member.state, "sentence": _progress(member)})


@require_POST
@signed_in_required
def give_up(request: MemberRequest) -> HttpResponse:
    actions.give_up_joining(request.member)
    sign_out_session(request)
    messages.success(request, _("You have not joined, and your handle is forgotten."))
    return redirect("home")


@answers_json
def _exchange_founding(request: HttpRequest) -> HttpResponse:
    secret = body_of(request, secret=str)["secret"]
    return _keep(request, actions.begin_founding(secret, now=timezone.now()))


@answers_json
def _exchange_invitation(request: HttpRequest) -> HttpResponse:
    secret = body_of(request, secret=str)["secret"]
    return _keep(request, actions.begin_joining(secret, now=timezone.now(), ticket=_ticket(request)))


def _keep(request: HttpRequest, ticket: actions.Ticket) -> HttpResponse:
    request.session[TICKET] = ticket.as_session()
    return json_answer({"number": ticket.number})


def _ticket(request: HttpRequest) -> actions.Ticket | None:
    return actions.Ticket.from_session(request.session.get(TICKET))


def _reserved(request: HttpRequest, *, founding: bool) -> dict[str, Any]:
    ticket = _ticket(request)
    if ticket is None or ticket.founding != founding:
        return {}
    committee = Committee.objects.get(pk=ticket.committee_id)
    units = (
        Unit.objects.filter(site__committee=committee).select_related("site").order_by("site__name", "name")
    )
    return {
        "ticket": ticket,
        "committee": committee,
        "units": units,
        "occupations": committee.occupations.all(),
    }


def _unit(ticket: actions.Ticket, pk: int | None) -> Unit | None:
    if pk is None:
        return None
    unit = Unit.objects.filter(site__committee=ticket.committee_id, pk=pk).first()
    if unit is None:
        raise UnknownPlace
    return unit


def _occupation(ticket: actions.Ticket, pk: int | None) -> Occupation | None:
    if pk is None:
        return None
    occupation = Occupation.objects.filter(committee=ticket.committee_id, pk=pk).first()
    if occupation is None:
        raise UnknownPlace
    return occupation


def _progress(candidate: Member) -> str:
    missing = queries.vouches_missing(candidate)
    return ngettext(
        "%(missing)s more colleague has to vouch for you.",
        "%(missing)s more colleagues have to vouch for you.",
        missing,
    ) % {"missing": missing}
