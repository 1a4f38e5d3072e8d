"""Ballots as members see them, and calling one: draft, announce, withdraw, copy."""

from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.audit.queries import entries
from openfloor.audit.words import describe
from openfloor.ballots import actions, asking, binding, errors, forms, permissions, queries, words
from openfloor.ballots.actions.drafting import WITHDRAWABLE
from openfloor.ballots.asking import Call, QuestionFormSet
from openfloor.ballots.binding import TermFormSet
from openfloor.ballots.forms import BallotForm, WithdrawForm
from openfloor.ballots.mandate_words import standing_of_ballots
from openfloor.ballots.models import Ballot
from openfloor.ballots.questions import can_be_marked
from openfloor.ballots.views.finding import visible_ballot
from openfloor.ui.errors import Refusal
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Role
from openfloor.workplace.signin import MemberRequest, member_required
from workrules.mandates import Base

OVER = (Ballot.State.COUNTED, Ballot.State.UNCOUNTABLE, Ballot.State.WITHDRAWN, Ballot.State.VOID)
GROUPS = (
    (
        gettext_lazy("Now"),
        (Ballot.State.ANNOUNCED, Ballot.State.FROZEN, Ballot.State.OPEN, Ballot.State.CLOSED),
    ),
    (gettext_lazy("Drafts"), (Ballot.State.DRAFT,)),
    (gettext_lazy("Over"), OVER),
)

_NO_ROWS = {"terms-TOTAL_FORMS": "0", "terms-INITIAL_FORMS": "0"}


@require_safe
@member_required
def ballots(request: MemberRequest) -> HttpResponse:
    found = queries.ballots_visible_to(request.member).select_related("committee")
    papers = queries.papers_counted(found)
    return render(
        request,
        "ballots/ballots.html",
        {
            "groups": [
                (
                    heading,
                    [
                        _with_badge(ballot, papers)
                        for ballot in found
                        if ballot.state in states and not _is_practised(ballot)
                    ],
                )
                for heading, states in GROUPS
            ],
            "practised": [_with_badge(ballot, papers) for ballot in found if _is_practised(ballot)],
            "is_empty": not found,
            "may_call": permissions.may_call(request.member),
        },
    )


def _is_practised(ballot: Ballot) -> bool:
    """Practice that is over: it folds away."""
    return ballot.practice and ballot.state in OVER


def _with_badge(ballot: Ballot, papers: dict[UUID, int]) -> tuple[Ballot, words.Badge]:
    counted = ballot.state == Ballot.State.COUNTED
    return ballot, words.badge(ballot, queries.outcome(ballot, papers.get(ballot.pk, 0)) if counted else None)


@require_safe
@member_required
def ballot(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    member = request.member
    now = timezone.now()
    outcome = queries.outcome(ballot) if ballot.state == Ballot.State.COUNTED else None
    prefetch_related_objects([ballot], "trustees__member", "tellers__member")
    things = [thing for thing in queries.things_to_do(member, now) if thing.ballot == ballot]
    return render(
        request,
        "ballots/ballot.html",
        {
            "ballot": ballot,
            "badge": words.badge(ballot, outcome),
            "next_step": words.next_step(ballot),
            "missing": words.missing_in_words(ballot),
            "keys": words.keys_in_words(ballot),
            "is_in_trouble": queries.is_in_trouble(ballot),
            "quorum": words.quorum_in_words(len(ballot.trustees.all()), ballot.threshold),
            "opened": words.opened_in_words(ballot) if ballot.state == Ballot.State.COUNTED else "",
            "thing": next(
                (words.now_of(thing, now) for thing in things if thing.kind != "sign_decision"), None
            ),
            "decisions": queries.decisions_waiting(ballot),
            "rule": words.terms_in_words(ballot),
            "mandate": standing_of_ballots([ballot]).get(ballot.pk),
            "outcome": words.outcome_in_words(ballot, outcome) if outcome else None,
            "unmet": words.unmet_in_words(ballot, outcome) if outcome else [],
            "is_public": ballot.state in queries.PUBLIC_STATES and ballot.charter is not None,
            "may_lead": permissions.may_lead(member, ballot),
            "may_replace": permissions.may_lead(member, ballot) and ballot.state == Ballot.State.ANNOUNCED,
            "may_withdraw": permissions.may_lead(member, ballot) and ballot.state in WITHDRAWABLE,
            "may_extend": permissions.may_extend(member, ballot)
            and ballot.state in (Ballot.State.FROZEN, Ballot.State.OPEN),
            "may_give_up": permissions.may_give_up(member, ballot) and ballot.state == Ballot.State.CLOSED,
            "few": queries.few_entitled(ballot, now),
            "joined_since": queries.joined_since(ballot),
            "ledger": _ledger_of(ballot),
        },
    )


@require_safe
@member_required
def charter(request: MemberRequest, uuid: str) -> HttpResponse:
    """The exact text, as a file."""
    ballot = visible_ballot(request, uuid)
    if ballot.charter is None:
        raise PermissionDenied
    answer = HttpResponse(ballot.charter, content_type="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="charter-{ballot.uuid}.json"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new(request: MemberRequest) -> HttpResponse:
    if not permissions.may_call(request.member):
        raise PermissionDenied
    call = asking.BY_NAME.get(request.GET.get("kind", ""))
    if call is None and request.method != "POST":
        return render(request, "ballots/kinds.html", {"calls": asking.CALLS})
    call = call or asking.YES_OR_NO
    now = timezone.now()
    initial = forms.fresh_ballot(now, call)
    form = _form(request, call, now, is_shuffled=call.is_shuffled, initial=initial)
    questions = _questions(request, call, initial=[])
    demands = _demands(request, initial=[])
    if _is_sent(request, form, questions, demands):
        try:
            draft = actions.draft_ballot(request.member, **_terms(form, questions, demands), now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your draft is saved. Only organisers see it."))
            return redirect("ballot", draft.uuid)
    return _form_page(request, form, questions, demands)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless_leading(request, ballot)
    if ballot.state != Ballot.State.DRAFT:
        messages.error(request, str(errors.NotADraft()))
        return redirect("ballot", ballot.uuid)
    now = timezone.now()
    call = asking.call_of(ballot)
    is_shuffled = queries.is_mixed(ballot)
    form = _form(request, call, now, is_shuffled=is_shuffled, initial=forms.of_ballot(ballot))
    questions = _questions(request, call, initial=asking.of_questions(ballot))
    demands = _demands(request, initial=binding.of_terms(ballot.mandate_asked))
    if _is_sent(request, form, questions, demands):
        terms = _terms(form, questions, demands)
        if (ballot.effect or {}).get("kind") == "change_mandate":
            terms["effect"] = ballot.effect  # what it is called for is no field of the form
        try:
            actions.edit_draft(ballot, request.member, **terms, now=now)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Your draft is saved."))
            return redirect("ballot", ballot.uuid)
    return _form_page(request, form, questions, demands, ballot)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def announce(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless_leading(request, ballot)
    now = timezone.now()
    if request.method == "POST":
        try:
            actions.announce(ballot, request.member, now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect(
                "ballot_announce" if ballot.state == Ballot.State.DRAFT else "ballot", ballot.uuid
            )
        messages.success(request, _("The ballot is announced. Its trustees make their keys now."))
        return redirect("ballot", ballot.uuid)
    if ballot.state != Ballot.State.DRAFT:
        return redirect("ballot", ballot.uuid)
    prefetch_related_objects([ballot], "trustees__member", "tellers__member")
    entitled = queries.entitled_now(ballot.committee, now)
    return render(
        request,
        "ballots/announce.html",
        {
            "ballot": ballot,
            "rule": words.terms_in_words(ballot),
            "quorum": words.quorum_in_words(len(ballot.trustees.all()), ballot.threshold),
            "entitled": entitled,
            "marks": any(can_be_marked(question, entitled) for question in ballot.questions),
            "few": queries.few_entitled(ballot, now),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def trustees(request: MemberRequest, uuid: str) -> HttpResponse:
    """Others in the place of a trustee who is away or has lost the key: all of them begin again."""
    ballot = visible_ballot(request, uuid)
    _refuse_unless_leading(request, ballot)
    if ballot.state != Ballot.State.ANNOUNCED:
        messages.error(request, str(errors.TrusteesStay()))
        return redirect("ballot", ballot.uuid)
    members = [
        member
        for member in workplace.members_with_role(ballot.committee, Role.Kind.TRUSTEE)
        if queries.can_sign_for(ballot, member)
    ]
    form = forms.TrusteesForm(request.POST or None, members=members, initial=forms.of_trustees(ballot))
    if request.method == "POST" and form.is_valid():
        chosen = list(form.cleaned_data["trustees"].order_by("number"))
        threshold = form.cleaned_data["threshold"]
        try:
            actions.replace_trustees(ballot, request.member, chosen, threshold, now=timezone.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("The trustees begin again. Tell them: what they saved is worth nothing now.")
            )
            return redirect("ballot", ballot.uuid)
    return render(
        request,
        "ballots/trustees.html",
        {
            "ballot": ballot,
            "form": form,
            "missing": [*words.keys_in_words(ballot), *words.missing_in_words(ballot)],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless_leading(request, ballot)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(ballot, request.member, form.cleaned_data["reason"], now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The ballot is withdrawn."))
        return redirect("ballot", ballot.uuid)
    return render(request, "ballots/withdraw.html", {"ballot": ballot, "form": form})


@require_POST
@member_required
def copy(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless_leading(request, ballot)
    draft = actions.copy_ballot(ballot, request.member, now=timezone.now())
    messages.success(request, _("Here is the copy. Check its times before you announce it."))
    return redirect("ballot_edit", draft.uuid)


def _refuse_unless_leading(request: MemberRequest, ballot: Ballot) -> None:
    if not permissions.may_lead(request.member, ballot):
        raise PermissionDenied


def _form(
    request: MemberRequest, call: Call, now: datetime, *, is_shuffled: bool, initial: dict[str, Any]
) -> BallotForm:
    committee = request.member.committee
    return BallotForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        call=call,
        is_shuffled=is_shuffled,
        zone=workplace.zone(committee),
        trustees=workplace.members_with_role(committee, Role.Kind.TRUSTEE),
        tellers=workplace.members_with_role(committee, Role.Kind.TELLER),
        now=now,
    )


def _questions(request: MemberRequest, call: Call, *, initial: list[dict[str, Any]]) -> Any:
    if request.method != "POST":
        return QuestionFormSet(initial=initial, form_kwargs={"call": call}, prefix="questions")
    adds = "add_question" in request.POST
    data = asking.with_one_more(request.POST, call) if adds else request.POST
    return QuestionFormSet(data, initial=initial, form_kwargs={"call": call}, prefix="questions")


def _demands(request: MemberRequest, *, initial: list[dict[str, Any]]) -> Any:
    """What a yes binds us to. A request that leaves the rows out binds us to none."""
    if request.method != "POST":
        return TermFormSet(initial=initial, prefix="terms")
    sent = request.POST if "terms-TOTAL_FORMS" in request.POST else _NO_ROWS
    return TermFormSet(sent, prefix="terms")


def _is_sent(request: MemberRequest, form: BallotForm, questions: Any, demands: Any) -> bool:
    """Was the whole form sent, and is it sound? Adding a question only draws it again."""
    if request.method != "POST" or "add_question" in request.POST:
        return False
    are_sound = bool(form.is_valid()) & bool(questions.is_valid()) & bool(demands.is_valid())
    return are_sound and not (form.cleaned_data["elected_role"] and questions.candidates() is None)


def _terms(form: BallotForm, questions: Any, demands: Any) -> dict[str, Any]:
    values = form.cleaned_data
    return {
        "title": values["title"],
        "text": values["text"],
        "questions": questions.questions(),
        "group": values["group"],
        "turnout": Fraction(values["turnout_numerator"], values["turnout_denominator"]),
        "approval": Fraction(values["approval_numerator"], values["approval_denominator"]),
        "approval_of": Base(values["approval_of"] or Base.VOTING),
        "opens_not_before": values["opens_not_before"],
        "closes_at": values["closes_at"],
        "trustees": list(values["trustees"].order_by("number")),
        "tellers": list(values["tellers"].order_by("number")),
        "threshold": values["threshold"],
        "effect": _effect(values, questions),
        "mandate": binding.asked_of(values, demands.terms()),
        "waits_for_slips": values["waits_for_slips"],
    }


def _effect(values: dict[str, Any], questions: Any) -> dict[str, Any] | None:
    if values["elected_role"]:
        candidates = questions.candidates()
        return {"kind": "give_role_to_elected", "candidates": candidates, "role": values["elected_role"]}
    if not values["effect_kind"]:
        return None
    return {
        "kind": values["effect_kind"],
        "number": values["effect_number"],
        "role": values["effect_role"],
    }


def _form_page(
    request: MemberRequest, form: BallotForm, questions: Any, demands: Any, ballot: Ballot | None = None
) -> HttpResponse:
    return render(
        request,
        "ballots/form.html",
        {
            "form": form,
            "questions": questions,
            "demands": demands,
            "ballot": ballot,
            "zone": request.member.committee.zone,
        },
    )


def _ledger_of(ballot: Ballot) -> list[dict[str, Any]]:
    """The ledger's lines about this ballot; a removed payload is about nothing any more."""
    about = entries(ballot.committee_id).filter(
        kind__regex="^(ballot|mandate)_", payload__contains=f'"{ballot.uuid}"'
    )
    return [{"at": entry.at, "sentence": describe(entry)} for entry in about]
