"""Contracts: which run out together, what one says, writing one down."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openfloor.bargaining import actions, forms, permissions, queries, shown
from openfloor.bargaining.errors import BargainingError
from openfloor.bargaining.models import Contract
from openfloor.bargaining.together import DAYS, running_out_together
from openfloor.bargaining.views.finding import refuse_unless_writing, visible_contract
from openfloor.workplace import queries as workplace
from openfloor.workplace.signin import MemberRequest, member_required


@require_safe
@member_required
def contracts(request: MemberRequest) -> HttpResponse:
    found = list(queries.contracts_visible_to(request.member))
    may_write = permissions.may_write_down(request.member)
    today = workplace.today(request.member.committee, timezone.now())
    current = [each for each in found if each.expires_on is None or each.expires_on >= today]
    context = {
        "groups": [_group(together) for together in running_out_together(current)],
        "without_end": [each for each in current if each.expires_on is None],
        "over": [each for each in reversed(found) if each not in current],
        "days": DAYS,
        "to_end": queries.sessions_to_end(request.member.committee) if may_write else (),
        "may_write": may_write,
    }
    return render(request, "bargaining/contracts.html", context)


@require_safe
@member_required
def contract(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    context = {
        "contract": found,
        "articles": shown.articles_shown(found),
        "sessions": found.sessions.all(),
        "units": found.units.select_related("site"),
        "notices": [
            {"notice": notice, "last_day": found.expires_on and notice.last_day(found.expires_on)}
            for notice in queries.notices_of(found)
        ],
        "may_write": permissions.may_write_down(request.member),
    }
    return render(request, "bargaining/contract.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add_contract(request: MemberRequest) -> HttpResponse:
    refuse_unless_writing(request)
    form = _form(request, initial={"no_strike": Contract.NoStrike.UNKNOWN})
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_contract(request.member, form.terms(), now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved, and written in the ledger."))
            return redirect("contract", added.pk)
    return render(request, "bargaining/contract_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def change_contract(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    refuse_unless_writing(request)
    form = _form(request, initial=forms.of_contract(found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_contract(found, request.member, form.terms(), now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved, and written in the ledger."))
            return redirect("contract", found.pk)
    return render(request, "bargaining/contract_form.html", {"form": form, "contract": found})


def _form(request: MemberRequest, *, initial: dict[str, Any]) -> forms.ContractForm:
    typed = request.POST if request.method == "POST" else None
    return forms.ContractForm(typed, initial=initial, committee=request.member.committee)


def _group(together: Any) -> dict[str, Any]:
    counts = [each.people for each in together if each.people]
    return {
        "contracts": together,
        "first": together[0].expires_on,
        "last": together[-1].expires_on,
        "people": sum(counts) if len(counts) == len(together) else None,
    }
