"""The ledger in sentences, and as a file. It belongs to the members."""

from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openfloor.audit import queries as ledger_queries
from openfloor.audit.words import describe
from openfloor.workplace import permissions, queries
from openfloor.workplace.signin import MemberRequest, member_required

LINES = 100


@require_safe
@member_required
def ledger(request: MemberRequest) -> HttpResponse:
    committee = request.member.committee
    if not permissions.may_see_roll(request.member):
        raise PermissionDenied
    newest_first = ledger_queries.entries(committee.pk).reverse()
    page = Paginator(newest_first, LINES).get_page(request.GET.get("page"))
    zone = queries.zone(committee)
    days: list[dict[str, Any]] = [
        {
            "day": day,
            "lines": [{"number": entry.number, "sentence": describe(entry)} for entry in entries],
        }
        for day, entries in groupby(page, key=lambda entry: entry.at.astimezone(zone).date())
    ]
    context = {"days": days, "page": page, "head": ledger_queries.head(committee.pk)}
    return render(request, "workplace/ledger.html", context)


@require_safe
@member_required
def ledger_file(request: MemberRequest) -> StreamingHttpResponse:
    """The ledger as `openfloor ledger verify` reads it."""
    committee = request.member.committee
    if not permissions.may_see_roll(request.member):
        raise PermissionDenied
    lines = (f"{line}\n" for line in ledger_queries.export_lines(committee.pk))
    return StreamingHttpResponse(lines, content_type="application/jsonl")
