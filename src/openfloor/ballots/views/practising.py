"""A rehearsal: a draft with a made-up question, in one tap. All of it is real, and nothing is decided."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openfloor.ballots import actions, permissions, questions
from openfloor.ballots.errors import TooFewOfficers
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Committee, Role
from openfloor.workplace.signin import MemberRequest, member_required

LASTS = timedelta(minutes=30)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def practise(request: MemberRequest) -> HttpResponse:
    if not permissions.may_call(request.member):
        raise PermissionDenied
    officers = _officers(request.member.committee)
    are_enough = (
        len(officers["trustees"]) >= actions.FEWEST_TRUSTEES
        and len(officers["tellers"]) >= actions.FEWEST_TELLERS
    )
    if request.method == "POST":
        if not are_enough:
            messages.error(request, str(TooFewOfficers()))
            return redirect("roles")
        now = timezone.now()
        terms = _terms(now, ranks=request.POST.get("kind") == "rank")
        draft = actions.draft_ballot(request.member, **terms, **officers, practice=True, now=now)
        messages.success(request, _("Your practice ballot is ready. Read it, then announce it."))
        return redirect("ballot", draft.uuid)
    return render(request, "ballots/practise.html", {"are_enough": are_enough, **officers})


def _officers(committee: Committee) -> dict[str, Any]:
    return {
        "trustees": list(workplace.members_with_role(committee, Role.Kind.TRUSTEE)),
        "tellers": list(workplace.members_with_role(committee, Role.Kind.TELLER)),
    }


def _terms(now: datetime, *, ranks: bool) -> dict[str, Any]:
    """It opens when all have signed. Everybody who takes part counts, however few they are."""
    return {
        **(_ranking() if ranks else _yes_or_no()),
        "text": _(
            "This is practice. The question is made up, and nothing is decided. "
            "Everybody does their part as in a real ballot: make keys, sign, check, vote and count."
        ),
        "turnout": Fraction(0),
        "approval": Fraction(1, 2),
        "opens_not_before": now,
        "closes_at": now + LASTS,
    }


def _yes_or_no() -> dict[str, Any]:
    title = _("Practice: shall we paint the break room yellow?")
    return {
        "title": title,
        "questions": [{"question": title, "answers": [_("Yes"), _("No")], "min": 1, "max": 1, "blank": True}],
        "group": "BELENIOS-2048",
    }


def _ranking() -> dict[str, Any]:
    title = _("Practice: which two colours should the break room get?")
    return {
        "title": title,
        "questions": [
            {
                "type": "NonHomomorphic",
                "question": title,
                "answers": [_("Yellow"), _("Green"), _("Blue"), _("White")],
                "extra": {"type": questions.RANKS, "blank": True, "seats": 2, "method": questions.STV},
            }
        ],
        "group": "RFC-3526-2048",
    }
