"""A trustee's page: one sentence of what to do now. The key itself never arrives here."""

from collections.abc import Mapping
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, queries, words
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.views.finding import own_trusteeship, texts_of, visible_ballot
from openfloor.ui import policy
from openfloor.ui.errors import Refusal
from openfloor.ui.http import NotJson, answers_json, json_answer, read_json
from openfloor.workplace.signin import MemberRequest, member_required

MOST_MIXED_IN_A_BROWSER = 500  # papers; minutes on an old phone
LARGEST_WITHOUT_ANSWERS = 1_000_000  # bytes
LARGEST_ANSWER = 6_000  # of a shuffle in RFC-3526-2048 some 4,400


@require_safe
@csp_replace(policy.STARTING_A_WORKER)  # type: ignore[arg-type] # typed for views without arguments
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
            "size": ballot.trustees.count(),
            "quorum": words.quorum_in_words(ballot.trustees.count(), ballot.threshold),
            "missing": words.missing_in_words(ballot),
            **_mixing(ballot),
            "keys": words.keys_in_words(ballot),
            "is_in_trouble": queries.is_in_trouble(ballot),
            "are_keys_missing": queries.are_keys_missing(ballot),
            "may_say_lost": trustee.copy_works
            and trustee.partial_decryption is None
            and ballot.state in queries.WITH_KEYS,
        },
    )


@require_safe
@member_required
@answers_json
def trustee_material(request: MemberRequest, uuid: str) -> HttpResponseBase:
    """What the browser of a trustee who makes a key with others goes on from."""
    ballot = visible_ballot(request, uuid)
    trustee = own_trusteeship(request, ballot)
    missing = {"missing": [*words.keys_in_words(ballot), *words.missing_in_words(ballot)]}
    return json_answer({**queries.keymaking_of(ballot, trustee), **missing})


@require_POST
@member_required
@answers_json
def trustee_certificate(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    message, signature = texts_of(read_json(request), "message", "signature")
    actions.hand_in_certificate(trustee, message, signature, now=timezone.now())
    return json_answer({})


@require_POST
@member_required
@answers_json
def trustee_coefficients(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    (message,) = texts_of(read_json(request), "message")
    return json_answer({"frozen": actions.hand_in_coefficients(trustee, message, now=timezone.now())})


@require_POST
@member_required
@answers_json
def trustee_finish(request: MemberRequest, uuid: str) -> HttpResponseBase:
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    message, signature = texts_of(read_json(request), "message", "signature")
    return json_answer({"opened": actions.finish_key(trustee, message, signature, now=timezone.now())})


@require_POST
@member_required
@answers_json
def trustee_refuse(request: MemberRequest, uuid: str) -> HttpResponseBase:
    """The browser of this trustee found shares of others wrong, and signs nothing."""
    trustee = own_trusteeship(request, visible_ballot(request, uuid))
    actions.refuse_shares(trustee, _positions(read_json(request)), now=timezone.now())
    return json_answer({})


@require_POST
@member_required
def trustee_lost(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    is_lost = request.POST.get("lost") == "yes"
    try:
        actions.say_key_is_lost(own_trusteeship(request, ballot), is_lost=is_lost)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        found = _("Good. Your key counts again.")
        lost = _("It is said on the ballot’s page now. If you find the key, say so here.")
        messages.success(request, lost if is_lost else found)
    return redirect("ballot_trustee", ballot.uuid)


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


def _positions(value: Any) -> list[int]:
    """The places of trustees; raises NotJson."""
    if not isinstance(value, Mapping) or set(value) != {"positions"}:
        raise NotJson
    positions = value["positions"]
    # JSON's true is an int to Python.
    if not isinstance(positions, list) or not all(type(position) is int for position in positions):
        raise NotJson
    return positions


def _mixing(ballot: Ballot) -> dict[str, Any]:
    if not queries.is_mixed(ballot):
        return {"is_mixed": False}
    papers = queries.papers_of(ballot).count()
    return {
        "is_mixed": True,
        "mixing": words.mixing_in_words(ballot),
        "papers": papers,
        "is_long": papers > MOST_MIXED_IN_A_BROWSER,
    }


def _limit(ballot: Ballot) -> int:
    """How many bytes a shuffle or a decryption may have: ranks and grades are opened one by one."""
    answers = queries.papers_of(ballot).count() if queries.is_mixed(ballot) else 0
    return LARGEST_WITHOUT_ANSWERS + answers * LARGEST_ANSWER


def _step(ballot: Ballot, trustee: Trustee) -> str:
    """What this trustee has to do now: make, prove, exchange, sign, mix, open; or wait, and for what."""
    if ballot.state == Ballot.State.ANNOUNCED:
        return _step_of_making(ballot, trustee)
    if ballot.state == Ballot.State.FROZEN:
        if trustee.freeze_signature is None:
            return "lost" if trustee.key_lost else "sign"
        return "wait_open"
    if ballot.state == Ballot.State.OPEN:
        return "wait_close"
    if ballot.state == Ballot.State.CLOSED:
        return _step_after_the_close(ballot, trustee)
    return "over"


def _step_of_making(ballot: Ballot, trustee: Trustee) -> str:
    if ballot.threshold is None:
        if trustee.public_key is None or trustee.key_lost:
            return "make"
        return "wait_keys" if trustee.copy_works else "prove"
    if trustee.key_lost and queries.is_whole(ballot, queries.CERTIFICATES):
        return "lost"
    return "make" if trustee.certificate_message is None or trustee.key_lost else "exchange"


def _step_after_the_close(ballot: Ballot, trustee: Trustee) -> str:
    if trustee.partial_decryption is not None:
        return "wait_count"
    if not queries.is_added_up(ballot):
        return "wait_sum"
    if queries.waits_for_shuffles(ballot):
        return "mix" if trustee.shuffle_signature is None else "wait_mix"
    return "open"
