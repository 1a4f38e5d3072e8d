"""A trustee's page: one sentence of what to do now. The key itself never arrives here."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, queries, words
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.views.finding import own_trusteeship, texts_of, visible_ballot
from openfloor.ui.http import answers_json, json_answer, read_json
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def trustee(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    trustee = own_trusteeship(request, ballot)
    return render(
        request,
        "ballots/trustee.html",
        {
            "ballot": ballot,
            "trustee": trustee,
            "step": _step(ballot, trustee),
            "missing": words.missing_in_words(ballot),
            "count": ballot.trustees.count(),
        },
    )


@require_POST
@member_required
@answers_json
def trustee_key(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    public_key, signature = texts_of(read_json(request), "public_key", "signature")
    alpha, beta = actions.hand_in_trustee_key(trustee, public_key, signature, now=timezone.now())
    return json_answer({"alpha": alpha, "beta": beta})


@require_POST
@member_required
@answers_json
def trustee_copy(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    (answer,) = texts_of(read_json(request), "answer")
    return json_answer({"frozen": actions.prove_copy(trustee, answer, now=timezone.now())})


@require_POST
@member_required
@answers_json
def trustee_sign(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    (signature,) = texts_of(read_json(request), "signature")
    return json_answer({"opened": actions.sign_freeze(trustee, signature, now=timezone.now())})


@require_POST
@member_required
@answers_json
def trustee_decrypt(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    partial, bound_proofs, signature = texts_of(
        read_json(request), "partial_decryption", "bound_proofs", "head_signature"
    )
    counted = actions.hand_in_decryption(trustee, partial, bound_proofs, signature, now=timezone.now())
    return json_answer({"counted": counted})


def _step(ballot: Ballot, trustee: Trustee) -> str:
    """What this trustee has to do now: make, prove, sign, open; or wait, and for what."""
    if ballot.state == Ballot.State.ANNOUNCED:
        if trustee.public_key is None:
            return "make"
        return "wait_keys" if trustee.copy_works else "prove"
    if ballot.state == Ballot.State.FROZEN:
        return "sign" if trustee.freeze_signature is None else "wait_open"
    if ballot.state == Ballot.State.OPEN:
        return "wait_close"
    if ballot.state == Ballot.State.CLOSED:
        if trustee.partial_decryption is not None:
            return "wait_count"
        return "open" if queries.is_added_up(ballot) else "wait_sum"
    return "over"
