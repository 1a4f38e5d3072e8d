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

LARGEST_WITHOUT_ANSWERS = 1_000_000  # bytes
LARGEST_ANSWER = 6_000  # of a shuffle in RFC-3526-2048 some 4,400


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
def trustee_shuffle(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    trustee = own_trusteeship(request, ballot)
    text, parent, signature = texts_of(
        read_json(request, limit=_limit(ballot)), "shuffle", "parent", "signature"
    )
    mixed = actions.hand_in_shuffle(trustee, text, parent, signature, now=timezone.now())
    return json_answer({"mixed": mixed})


@require_POST
@member_required
@answers_json
def trustee_decrypt(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    trustee = own_trusteeship(request, ballot)
    partial, bound_proofs, signature = texts_of(
        read_json(request, limit=_limit(ballot)), "partial_decryption", "bound_proofs", "head_signature"
    )
    counted = actions.hand_in_decryption(trustee, partial, bound_proofs, signature, now=timezone.now())
    return json_answer({"counted": counted})


def _limit(ballot: Ballot) -> int:
    """How many bytes a shuffle or a decryption may have: ranks and grades are opened one by one."""
    answers = queries.papers_of(ballot).count() if queries.is_mixed(ballot) else 0
    return LARGEST_WITHOUT_ANSWERS + answers * LARGEST_ANSWER


def _step(ballot: Ballot, trustee: Trustee) -> str:
    """What this trustee has to do now: make, prove, sign, mix, open; or wait, and for what."""
    if ballot.state == Ballot.State.ANNOUNCED:
        if trustee.public_key is None:
            return "make"
        return "wait_keys" if trustee.copy_works else "prove"
    if ballot.state == Ballot.State.FROZEN:
        return "sign" if trustee.freeze_signature is None else "wait_open"
    if ballot.state == Ballot.State.OPEN:
        return "wait_close"
    if ballot.state == Ballot.State.CLOSED:
        return _step_after_the_close(ballot, trustee)
    return "over"


def _step_after_the_close(ballot: Ballot, trustee: Trustee) -> str:
    if trustee.partial_decryption is not None:
        return "wait_count"
    if not queries.is_added_up(ballot):
        return "wait_sum"
    if queries.waits_for_shuffles(ballot):
        return "mix" if trustee.shuffle_signature is None else "wait_mix"
    return "open"
