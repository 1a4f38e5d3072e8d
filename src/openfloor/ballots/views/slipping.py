"""Paper slips: a teller makes them, and whoever holds one votes by it on any phone, without an account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, queries, words
from openfloor.ballots import slips as format_of_slips
from openfloor.ballots.models import Ballot
from openfloor.ballots.views.finding import own_tellership, public_ballot, texts_of, visible_ballot
from openfloor.ui.errors import Refusal
from openfloor.ui.http import answers_json, json_answer, read_json
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def slips(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    own_tellership(request, ballot)
    most = min(format_of_slips.MOST, ballot.entitled or 0)
    return render(
        request,
        "ballots/slips.html",
        {
            "ballot": ballot,
            "made": queries.slips_of(ballot),
            "most": most,
            "left": most - ballot.slips,
            "is_time": ballot.state == Ballot.State.ANNOUNCED and timezone.now() < ballot.closes_at,
        },
    )


@require_POST
@member_required
@answers_json
def slips_make(request: MemberRequest, uuid: str) -> HttpResponseBase:
    teller = own_tellership(request, visible_ballot(request, uuid))
    credentials, signature = texts_of(read_json(request), "credentials", "signature")
    made = actions.make_slips(teller, credentials, signature, now=timezone.now())
    return json_answer({"count": made.count})


@require_POST
@member_required
@answers_json
def slips_cancel(request: MemberRequest, uuid: str) -> HttpResponseBase:
    teller = own_tellership(request, visible_ballot(request, uuid))
    list_hash, signature = texts_of(read_json(request), "list", "signature")
    actions.cancel_slips(teller, list_hash, signature, now=timezone.now())
    return json_answer({})


@require_POST
@member_required
def slips_finish(request: MemberRequest, uuid: str) -> HttpResponse:
    teller = own_tellership(request, visible_ballot(request, uuid))
    try:
        actions.finish_slips(teller, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The ballot waits for slips no longer."))
    return redirect("ballot_slips", uuid)


@require_safe
def slip_booth(request: HttpRequest, uuid: str) -> HttpResponse:
    """Nothing here may ask who is signed in: the phone may belong to anybody."""
    ballot = public_ballot(uuid)
    obstacle = words.why_no_slip_counts(ballot, timezone.now())
    return render(
        request, "ballots/slip.html", {"ballot": ballot, "committee": ballot.committee, "obstacle": obstacle}
    )
