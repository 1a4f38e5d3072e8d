"""Invitations: the secret is made in the browser, and only its hash comes here."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, permissions, queries
from openfloor.workplace.forms import InvitationForm
from openfloor.workplace.models import Invitation
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._bodies import body_of


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def invitations(request: MemberRequest) -> HttpResponseBase:
    if not permissions.may_invite(request.member):
        raise PermissionDenied
    if request.method == "POST":
        return _make(request)
    now = timezone.now()
    still_open = queries.invitations_of(request.member).filter(uses_left__gt=0, expires_at__gt=now)
    context = {"form": InvitationForm(), "invitations": still_open}
    return render(request, "workplace/invitations.html", context)


@answers_json
def _make(request: MemberRequest) -> HttpResponse:
    wanted = body_of(request, secret_hash=str, uses=int, days=int)
    now = timezone.now()
    invitation = actions.make_invitation(
        request.member,
        secret_hash=wanted["secret_hash"],
        uses=wanted["uses"],
        expires_at=now + timedelta(days=min(max(wanted["days"], 0), 1000)),
        now=now,
    )
    return json_answer({"sentence": _limits(invitation)})


def _limits(invitation: Invitation) -> str:
    last = date_format(invitation.expires_at.astimezone(queries.zone(invitation.committee)), _("j F"))
    return ngettext(
        "It lets %(uses)s person ask to join, until %(last)s.",
        "It lets %(uses)s people ask to join, until %(last)s.",
        invitation.uses_left,
    ) % {"uses": invitation.uses_left, "last": last}


@require_POST
@member_required
def end_invitation(request: MemberRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(Invitation, committee=request.member.committee, pk=pk)
    if not permissions.may_revoke_invitation(request.member, invitation):
        raise PermissionDenied
    actions.revoke_invitation(invitation, by=request.member)
    messages.success(request, _("The invitation is ended. Whoever began with it may finish."))
    return redirect("invitations")
