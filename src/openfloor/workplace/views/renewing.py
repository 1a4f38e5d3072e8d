"""New keys for who lost theirs. The trap: a stranger's page, which must tell nothing about anybody."""

from datetime import date
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, permissions, queries
from openfloor.workplace.errors import NoPlace, NoRenewal, VouchForYourself
from openfloor.workplace.models import Renewal
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._bodies import body_of, day_of

RENEWAL = "renewal"


# The new device: no session of a member, only of a link that was opened


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST":
        return _exchange(request)
    renewal = _renewal_of(request)
    if renewal is None:
        return render(request, "workplace/renew.html")
    if renewal.state == Renewal.State.INVITED:
        return render(request, "workplace/renew.html", {"renewal": renewal})
    context = {"renewal": renewal, "progress": _progress(renewal)}
    return render(request, "workplace/renew_waiting.html", context)


@answers_json
def _exchange(request: HttpRequest) -> HttpResponse:
    secret = body_of(request, secret=str)["secret"]
    renewal = actions.begin_renewal(secret, now=timezone.now())
    request.session[RENEWAL] = renewal.pk
    return json_answer({})


@require_POST
@answers_json
def ask_for_new_keys(request: HttpRequest) -> HttpResponse:
    renewal = _renewal_of(request)
    if renewal is None:
        raise NoPlace
    made = body_of(request, sign_in_hash=str, keys=dict, proofs=dict)
    actions.ask_for_new_keys(
        renewal,
        sign_in_hash=made["sign_in_hash"],
        keys=cast(Any, made["keys"]),
        proofs=made["proofs"],
        now=timezone.now(),
    )
    return json_answer({})


@require_safe
@answers_json
def renewal_state(request: HttpRequest) -> HttpResponse:
    renewal = _renewal_of(request)
    if renewal is None:
        raise NoPlace
    return json_answer({"state": renewal.state, "sentence": _progress(renewal)})


def _renewal_of(request: HttpRequest) -> Renewal | None:
    known = Renewal.objects.select_related("member__committee")
    return known.filter(pk=request.session.get(RENEWAL, 0)).first()


def _progress(renewal: Renewal) -> str:
    if renewal.state == Renewal.State.STOPPED:
        return _("Somebody stopped this new key. Talk to your colleagues in person before you ask again.")
    if renewal.state == Renewal.State.DONE:
        return _("Your new key counts.")
    if renewal.state == Renewal.State.WAITING and renewal.counts_from is not None:
        return _("Enough colleagues vouched. Your new key counts from %(day)s.") % {
            "day": date_format(renewal.counts_from, _("j F"))
        }
    needed = queries.roll_state(renewal.member.committee).vouches_for_renewal
    missing = max(needed - renewal.vouches.count(), 1)
    return ngettext(
        "%(count)s more colleague has to vouch.", "%(count)s more colleagues have to vouch.", missing
    ) % {"count": missing}


# The colleagues


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def help_renew(request: MemberRequest) -> HttpResponseBase:
    if not permissions.may_help_renew(request.member):
        raise PermissionDenied
    if request.method == "POST":
        return _make_link(request)
    context = {"vouches": queries.roll_state(request.member.committee).vouches_for_renewal}
    return render(request, "workplace/help_renew.html", context)


@answers_json
def _make_link(request: MemberRequest) -> HttpResponse:
    wanted = body_of(request, number=int, secret_hash=str)
    actions.invite_to_renew(
        wanted["number"], by=request.member, secret_hash=wanted["secret_hash"], now=timezone.now()
    )
    return json_answer({})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def vouch_for_renewal(request: MemberRequest) -> HttpResponseBase:
    if not permissions.may_vouch(request.member):
        raise PermissionDenied
    if request.method == "POST":
        return _sign(request)
    return render(request, "workplace/vouch_for_renewal.html")


@answers_json
def _sign(request: MemberRequest) -> HttpResponse:
    signed = body_of(request, number=int, fingerprint=str, day=str, signature=str)
    is_complete = actions.vouch_for_renewal(
        request.member,
        signed["number"],
        signed["fingerprint"],
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    waiting = queries.renewals_waiting(request.member.committee).filter(member__number=signed["number"])
    counts_from = waiting.get().counts_from if is_complete else None
    return json_answer({"on_roll": is_complete, "counts_from": _in_words(counts_from)})


@require_safe
@answers_json
@member_required
def new_keys(request: MemberRequest, number: int, fingerprint: str) -> HttpResponse:
    """What the colleague's code names, for a device that compares the fingerprint before it signs."""
    if not permissions.may_vouch(request.member):
        raise PermissionDenied
    if number == request.member.number:
        raise VouchForYourself
    now, committee = timezone.now(), request.member.committee
    renewal = actions.renewal_asked_for(committee, number, fingerprint, now=now)
    today = queries.today(committee, now)
    handle = permissions.handles_seen_by(request.member).filter(pk=renewal.member_id).first()
    return json_answer(
        {
            "keys": renewal.keys,
            "replaces": queries.hash_of_keys_on(committee, number, today),
            "day": today.isoformat(),
            "handle": handle.handle if handle else None,
        }
    )


# Stopping


@require_safe
@answers_json
@member_required
def renewal_asked(request: MemberRequest) -> HttpResponse:
    """What somebody asks for one's own entry."""
    renewal = request.member.renewal_asked
    if renewal is None:
        raise NoRenewal
    today = queries.today(request.member.committee, timezone.now())
    on_roll = renewal.state == Renewal.State.WAITING
    return json_answer({"keys": renewal.keys, "day": today.isoformat(), "on_roll": on_roll})


@require_POST
@answers_json
@member_required
def stop_renewal(request: MemberRequest) -> HttpResponse:
    if not permissions.may_stop_renewal(request.member):
        raise PermissionDenied
    signed = body_of(request, number=int, day=str, stops=str, signature=str)
    actions.stop_renewal(
        signed["number"],
        signed["stops"],
        by=request.member,
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    return json_answer({})


def _in_words(day: date | None) -> str | None:
    return date_format(day, _("j F")) if day else None
