"""The ledger in sentences, and as a file: first what was put to a vote, then everything else by day."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from openfloor.audit import queries as ledger_queries
from openfloor.audit.models import LedgerEntry
from openfloor.audit.words import describe, describe_under_title
from openfloor.workplace import permissions, queries
from openfloor.workplace.signin import MemberRequest, member_required

LINES = 100
NO_NEWS = ("mandate_event", "mandate_breach_lifted", "mandate_put_to_vote", "mandate_upheld")
MANDATES = {
    "mandate_decided": ("kept", _("Carried")),
    "mandate_breached": ("broken", _("Not kept")),
    "mandate_stands": ("closed", _("Over")),
}


@require_safe
@member_required
def ledger(request: MemberRequest) -> HttpResponse:
    committee = request.member.committee
    if not permissions.may_see_roll(request.member):
        raise PermissionDenied
    newest_first = ledger_queries.entries(committee.pk).reverse()
    page = Paginator(newest_first, LINES).get_page(request.GET.get("page"))
    zone = queries.zone(committee)
    context = {
        "decisions": _decisions(page, zone),
        "days": _days((entry for entry in page if _ballot_of(entry) is None), zone),
        "page": page,
        "head": ledger_queries.head(committee.pk),
    }
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


def _decisions(entries: Iterable[LedgerEntry], zone: ZoneInfo) -> list[dict[str, Any]]:
    """What is on this page about each ballot, the latest first: its title, its state, its story."""
    stories: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if (uuid := _ballot_of(entry)) is not None:
            stories.setdefault(uuid, []).append(entry)
    return [
        {
            "title": _payload(story[0])["title"],
            "state": _state(story),
            "lines": [
                {"day": entry.at.astimezone(zone).date(), **_line(entry, describe_under_title(entry))}
                for entry in story
            ],
        }
        for story in stories.values()
    ]


def _days(entries: Iterable[LedgerEntry], zone: ZoneInfo) -> list[dict[str, Any]]:
    return [
        {"day": day, "lines": [_line(entry, describe(entry)) for entry in of_day]}
        for day, of_day in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date())
    ]


def _line(entry: LedgerEntry, sentence: str) -> dict[str, Any]:
    return {"number": entry.number + 1, "sentence": sentence}


def _state(story: list[LedgerEntry]) -> tuple[str, str | Promise]:
    """A shape and a word, by the latest line that says how it stands."""
    latest = next((entry for entry in story if entry.kind not in NO_NEWS), story[0])
    if latest.kind in MANDATES:
        return MANDATES[latest.kind]
    if latest.kind == "ballot_counted":
        carried = not _payload(latest)["unmet"]
        return ("kept", _("Carried")) if carried else ("broken", _("Not carried"))
    if latest.kind == "ballot_withdrawn":
        return "broken", _("Withdrawn")
    if latest.kind == "ballot_uncountable":
        return "broken", _("Cannot be counted")
    if latest.kind == "ballot_void":
        return "broken", _("Void")
    return "open", _("Waiting")


def _ballot_of(entry: LedgerEntry) -> str | None:
    """The ballot that a line is about; what was only practice stands among everything else."""
    is_about_ballot = entry.kind.startswith(("ballot_", "mandate_")) and entry.payload is not None
    is_practice = "practice" in _payload(entry)
    return _payload(entry)["ballot"] if is_about_ballot and not is_practice else None


def _payload(entry: LedgerEntry) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(entry.payload or "{}")
    return payload
