"""The first page: the one thing to do now, what we decided, what they offered, and the dates around today."""

from datetime import timedelta

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openfloor.home.dates import dates_of
from openfloor.home.decided import decided_by
from openfloor.home.offered import offered_last
from openfloor.home.todo import things_of
from openfloor.ui import offline, policy
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member
from openfloor.workplace.signin import member_of

WEEK = timedelta(days=7)


@require_safe
@csp_replace(policy.STARTING_A_WORKER)
def home(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    if member is None:
        return render(request, "home/welcome.html")
    if member.state != Member.State.MEMBER:
        return redirect("join")
    now = timezone.now()
    things = things_of(member, now)
    dates = sorted(dates_of(member, now - WEEK, now), key=lambda date: date.at)
    return render(
        request,
        "home/home.html",
        {
            "worker": offline.worker_address(),
            "now": things[0],
            "others": things[1:],
            "decided": decided_by(member),
            "offered": offered_last(member),
            "new_keys": workplace.renewals_waiting(member.committee),
            "this_week": [date for date in dates if now - WEEK <= date.at <= now][::-1],
            "next": [date for date in dates if date.at > now],
        },
    )
