"""The booth's shell, and the member's own n. Everything secret happens in the browser."""

import re

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openfloor.ballots import queries, words
from openfloor.ballots.views.finding import visible_ballot
from openfloor.ui.http import NotJson, answers_json, json_answer
from openfloor.workplace.signin import MemberRequest, member_required

WHOLE = re.compile(r"0|[1-9][0-9]{0,8}")


@require_safe
@member_required
def vote(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    obstacle = words.why_not_to_vote(ballot, request.member, timezone.now())
    return render(request, "ballots/vote.html", {"ballot": ballot, "obstacle": obstacle})


@require_safe
@member_required
@answers_json
def blind(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    return json_answer({"n": queries.blind_nonce(ballot, request.member)})


@require_safe
@member_required
@answers_json
def roll_parts(request: MemberRequest, uuid: str) -> HttpResponseBase:
    """The parts of a long roll that this device checks; *since* is how long it was when it saw it last."""
    ballot = visible_ballot(request, uuid)
    since = request.GET.get("since", "0")
    if not WHOLE.fullmatch(since):
        raise NotJson
    return json_answer(queries.roll_parts(ballot, request.member, since=int(since)))
