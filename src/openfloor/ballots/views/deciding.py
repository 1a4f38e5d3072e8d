"""Decisions that two must sign: a later close, and that a ballot cannot be counted."""

from datetime import UTC, date, datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from openfloor.ballots import actions, permissions, queries, words
from openfloor.ballots.charter import moment
from openfloor.ballots.forms import ExtensionForm
from openfloor.ballots.models import Ballot
from openfloor.ballots.views.finding import texts_of, visible_ballot
from openfloor.ui.http import NotJson, answers_json, json_answer, read_json
from openfloor.workplace import queries as workplace
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def extend(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless(permissions.may_extend(request.member, ballot))
    form = ExtensionForm(request.GET or None, zone=workplace.zone(ballot.committee), after=ballot.closes_at)
    chosen = form.cleaned_data["closes_at"] if form.is_valid() else None
    return render(
        request,
        "ballots/extend.html",
        {
            "ballot": ballot,
            "form": form,
            "zone": ballot.committee.zone,
            "chosen": chosen,
            "chosen_moment": moment(chosen) if chosen else None,
            "waiting": [
                (decision, _read_moment(decision.statement["closes_at"]))
                for decision in _waiting(request, ballot)
            ],
            "signed": [
                _read_moment(decision.statement["closes_at"]) for decision in _signed(request, ballot)
            ],
            "is_possible": ballot.state in (Ballot.State.FROZEN, Ballot.State.OPEN),
        },
    )


@require_POST
@member_required
@answers_json
def extend_sign(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    _refuse_unless(permissions.may_extend(request.member, ballot))
    closes_at, signature = texts_of(read_json(request), "closes_at", "signature")
    carried = actions.extend(ballot, request.member, _moment(closes_at), signature, now=timezone.now())
    return json_answer({"carried": carried})


@require_safe
@member_required
def uncountable(request: MemberRequest, uuid: str) -> HttpResponse:
    ballot = visible_ballot(request, uuid)
    _refuse_unless(permissions.may_give_up(request.member, ballot))
    return render(
        request,
        "ballots/uncountable.html",
        {
            "ballot": ballot,
            "day": workplace.today(ballot.committee, timezone.now()),
            "waiting": _waiting(request, ballot),
            "signed": _signed(request, ballot),
            "missing": queries.missing_signatures(ballot)["trustees"],
            "quorum": words.quorum_in_words(ballot.trustees.count(), ballot.threshold),
            "opened": words.opened_in_words(ballot),
            "keys": words.keys_in_words(ballot),
            "are_keys_missing": queries.are_keys_missing(ballot),
            "is_possible": ballot.state == Ballot.State.CLOSED,
        },
    )


@require_POST
@member_required
@answers_json
def uncountable_sign(request: MemberRequest, uuid: str) -> HttpResponseBase:
    ballot = visible_ballot(request, uuid)
    _refuse_unless(permissions.may_give_up(request.member, ballot))
    reason, day, signature = texts_of(read_json(request), "reason", "day", "signature")
    carried = actions.declare_uncountable(
        ballot, request.member, reason, _day(day), signature, now=timezone.now()
    )
    return json_answer({"carried": carried})


def _refuse_unless(permitted: bool) -> None:
    if not permitted:
        raise PermissionDenied


def _waiting(request: MemberRequest, ballot: Ballot) -> list[queries.Decision]:
    """What another has signed and this member has not."""
    return [
        decision
        for decision in queries.decisions_waiting(ballot)
        if request.member.number not in decision.signed_by
    ]


def _signed(request: MemberRequest, ballot: Ballot) -> list[queries.Decision]:
    """What this member has signed and another has not."""
    return [
        decision
        for decision in queries.decisions_waiting(ballot)
        if request.member.number in decision.signed_by
    ]


def _moment(text: str) -> datetime:
    """A moment as statements have it; raises NotJson for any other text."""
    try:
        found = _read_moment(text)
    except ValueError as error:
        raise NotJson from error
    if moment(found) != text:
        raise NotJson
    return found


def _read_moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotJson from error
