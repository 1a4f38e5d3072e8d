"""A teller's page: recompute who may vote, and sign."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, queries, words
from openfloor.ballots.models import Ballot, Teller
from openfloor.ballots.views.finding import own_tellership, texts_of, visible_ballot
from openfloor.ui.http import answers_json, json_answer, read_json
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def teller(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    teller = own_tellership(request, ballot)
    return render(
        request,
        "ballots/teller.html",
        {"ballot": ballot, "step": _step(ballot, teller), "missing": words.missing_in_words(ballot)},
    )


@require_safe
@member_required
@answers_json
def teller_material(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    own_tellership(request, ballot)
    return json_answer(queries.teller_material(ballot, request.member))


@require_POST
@member_required
@answers_json
def teller_sign(request: MemberRequest, uuid: str) -> HttpResponseBase:
    teller = own_tellership(request, visible_ballot(request, uuid))
    (signature,) = texts_of(read_json(request), "signature")
    return json_answer({"opened": actions.sign_audit(teller, signature, now=timezone.now())})


def _step(ballot: Ballot, teller: Teller) -> str:
    if teller.audit_signature is not None:
        return "signed"
    if ballot.state == Ballot.State.ANNOUNCED:
        return "wait"
    return "audit" if ballot.state == Ballot.State.FROZEN else "over"
