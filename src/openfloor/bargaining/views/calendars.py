"""The ends of contracts for calendar programs: a file, or an address that such a program reads by itself."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.bargaining import actions, ical, queries
from openfloor.workplace.models import Committee
from openfloor.workplace.signin import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def calendar(request: MemberRequest) -> HttpResponse:
    if request.method == "POST":
        actions.make_calendar_address(request.member)
        messages.success(request, _("Here is your address. An earlier one leads nowhere any more."))
        return redirect("calendar")
    secret = queries.calendar_secret_of(request.member)
    address = settings.ADDRESS + reverse("calendar_for_program", args=[secret]) if secret else None
    return render(request, "bargaining/calendar.html", {"address": address})


@require_POST
@member_required
def end_calendar(request: MemberRequest) -> HttpResponse:
    actions.end_calendar_address(request.member)
    messages.success(request, _("Your address leads nowhere any more."))
    return redirect("calendar")


@require_safe
@member_required
def calendar_file(request: MemberRequest) -> HttpResponse:
    return _file(request.member.committee)


@require_safe
def calendar_for_program(request: HttpRequest, secret: str) -> HttpResponse:
    member = queries.member_at_calendar(secret)
    if member is None:
        raise Http404
    return _file(member.committee)


def _file(committee: Committee) -> HttpResponse:
    now = timezone.now()
    to_come = queries.sessions_to_come(committee, now)
    written = ical.calendar_of(queries.contracts_of(committee), to_come, now=now)
    answer = HttpResponse(written, content_type=ical.CONTENT_TYPE)
    answer.headers["Content-Disposition"] = 'attachment; filename="contracts.ics"'
    return answer
