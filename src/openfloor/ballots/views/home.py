"""The first page: the one thing to do now, what we decided, and the dates around today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from openfloor.ballots import guidance, queries, words
from openfloor.ballots.mandate_words import standing_of_ballots
from openfloor.ballots.models import Ballot
from openfloor.ballots.words import Now
from openfloor.ui import offline, policy
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member
from openfloor.workplace.signin import member_of

WEEK = timedelta(days=7)
MOST_DECIDED = 3


@dataclass(frozen=True, slots=True)
class Date:
    """Something on the line of dates."""

    at: datetime
    sentence: str
    ballot: Ballot


@require_safe
@csp_replace(policy.STARTING_A_WORKER)
def home(request: HttpRequest) -> HttpResponse:
    member = member_of(request)
    if member is None:
        return render(request, "ballots/welcome.html")
    if member.state != Member.State.MEMBER:
        return redirect("join")
    now = timezone.now()
    waiting = [words.now_of(thing, now) for thing in queries.things_to_do(member, now)]
    things = [*waiting, *_workplace_things(member)] or guidance.for_idle(member, now)
    dates = sorted(_dates(member, now), key=lambda date: date.at)
    return render(
        request,
        "ballots/home.html",
        {
            "worker": offline.worker_address(),
            "now": things[0],
            "others": things[1:],
            "decided": _decided(member),
            "new_keys": workplace.renewals_waiting(member.committee),
            "this_week": [date for date in dates if now - WEEK <= date.at <= now][::-1],
            "next": [date for date in dates if date.at > now],
        },
    )


def _workplace_things(member: Member) -> Iterator[Now]:
    for role in workplace.roles_to_confirm(member):
        yield Now(
            heading=_("Confirm a role"),
            sentence=_("Entry %(number)s is proposed as %(role)s. Two members must sign for it.")
            % {"number": role.member.number, "role": role.get_kind_display()},
            path=reverse("roles"),
            action=_("Look at it"),
        )


def _decided(member: Member) -> list[dict[str, Any]]:
    counted = queries.ballots_visible_to(member).filter(state=Ballot.State.COUNTED, practice=False)
    latest = list(counted.select_related("committee").order_by("-closes_at")[:MOST_DECIDED])
    papers = queries.papers_counted(latest)
    mandates = standing_of_ballots(latest)
    return [
        {
            "ballot": ballot,
            "mandate": mandates.get(ballot.pk),
            "badge": words.badge(ballot, outcome),
            "outcome": words.outcome_in_words(ballot, outcome),
            "unmet": words.unmet_in_words(ballot, outcome),
        }
        for ballot in latest
        for outcome in [queries.outcome(ballot, papers.get(ballot.pk, 0))]
    ]


def _dates(member: Member, now: datetime) -> Iterator[Date]:
    """Openings and closes; not of drafts, of what is withdrawn or void, or of practice that is over."""
    never_ran = [Ballot.State.DRAFT, Ballot.State.WITHDRAWN, Ballot.State.VOID]
    shown = (
        queries.ballots_visible_to(member)
        .exclude(state__in=never_ran)
        .exclude(practice=True, closes_at__lte=now)
    )
    for ballot in shown.select_related("committee"):
        closes = _("Vote closes: %(title)s") if ballot.closes_at > now else _("Vote closed: %(title)s")
        yield Date(ballot.closes_at, closes % {"title": ballot.title}, ballot)
        if ballot.opened_at is not None:
            yield Date(ballot.opened_at, _("Vote opened: %(title)s") % {"title": ballot.title}, ballot)
        elif ballot.opens_not_before > now:
            yield Date(ballot.opens_not_before, _("Vote opens: %(title)s") % {"title": ballot.title}, ballot)
