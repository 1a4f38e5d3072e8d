"""The roll, by number and key. The trap: no handle belongs on this page."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, permissions, queries, words
from openfloor.workplace.roll import Entry, Renewal, RollState, is_settled, may_still_object
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._bodies import body_of, day_of

ROWS = 50
MONTHS = 6
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the page shows it; `votes_from` and `new_key_from` are days to come, or None."""

    entry: Entry
    key: str
    votes_from: date | None
    new_key_from: date | None


@dataclass(frozen=True, slots=True)
class Month:
    first: date
    joined: int
    total: int


@require_safe
@member_required
def roll(request: MemberRequest) -> HttpResponse:
    member = request.member
    if not permissions.may_see_roll(member):
        raise PermissionDenied
    state = queries.roll_state(member.committee)
    today = queries.today(member.committee, timezone.now())
    newest_first = sorted(state.entries.values(), key=lambda entry: (entry.day, entry.number), reverse=True)
    page = Paginator(newest_first, ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(entry, state, today) for entry in page],
        "members": sum(not entry.ended for entry in newest_first),
        "growth": _growth(newest_first, today),
        "growth_sentence": _growth_sentence(newest_first, today),
        "units": queries.headcounts(member.committee).units,
        "rules": words.rules_in_words(state.rules),
        "rule_differences": words.differences_of(state.rules),
        "new_keys": _new_keys(state, today),
        "today": today,
        **_objections(state, member.number, today),
    }
    return render(request, "workplace/roll.html", context)


def _row(entry: Entry, state: RollState, today: date) -> Row:
    settled = is_settled(entry, state.rules, today)
    waiting = entry.renewal_waiting_on(today)
    return Row(
        entry,
        key=entry.member_key_on(today),
        votes_from=None if settled else entry.day + timedelta(days=state.rules.objection_days),
        new_key_from=waiting.counts_from if waiting else None,
    )


def _new_keys(state: RollState, today: date) -> list[tuple[int, Renewal]]:
    """Entries whose new keys can still be stopped."""
    waiting = ((entry.number, entry.renewal_waiting_on(today)) for entry in state.entries.values())
    return [(number, renewal) for number, renewal in waiting if renewal is not None]


def _growth(entries: list[Entry], today: date) -> list[Month]:
    """The last months in which somebody joined, newest first."""
    joined = Counter(entry.day.replace(day=1) for entry in entries)
    months, total = [], 0
    for first in sorted(joined):
        total += joined[first]
        months.append(Month(first, joined[first], total))
    return months[: -MONTHS - 1 : -1]


def _growth_sentence(entries: list[Entry], today: date) -> str:
    count = sum(today - entry.day <= LATELY for entry in entries)
    if count == 0:
        return _("Nobody joined in the last 30 days.")
    return ngettext(
        "%(count)s joined in the last 30 days.", "%(count)s joined in the last 30 days.", count
    ) % {"count": count}


def _objections(state: RollState, number: int, today: date) -> dict[str, Any]:
    standing = [entry for entry in state.entries.values() if not entry.ended]
    return {
        "objection_days": state.rules.objection_days,
        "my_objections": [entry.number for entry in standing if number in entry.objections],
        "open_to_objection": [
            entry
            for entry in standing
            if entry.number != number
            and number not in entry.objections
            and may_still_object(entry, state.rules, today)
        ],
    }


@require_safe
@member_required
def handles(request: MemberRequest) -> HttpResponse:
    """Handles beside entry numbers and nothing else: who vouched for whom stays on the roll, by number."""
    if not permissions.may_see_roll(request.member):
        raise PermissionDenied
    by_number = permissions.handles_seen_by(request.member).order_by("number")
    page = Paginator(by_number, ROWS).get_page(request.GET.get("page"))
    return render(request, "workplace/handles.html", {"known": page})


@require_safe
@member_required
def roll_file(request: MemberRequest) -> HttpResponseBase:
    """The roll as `openfloor roll verify` reads it."""
    if not permissions.may_see_roll(request.member):
        raise PermissionDenied
    file = queries.roll_file(request.member.committee)
    answer = FileResponse(file, content_type="application/jsonl")
    answer.headers["Content-Length"] = str(file.size)
    return answer


@require_POST
@answers_json
@member_required
def object_to(request: MemberRequest) -> HttpResponse:
    if not permissions.may_object(request.member):
        raise PermissionDenied
    signed = body_of(request, number=int, day=str, signature=str)
    actions.object_to(
        signed["number"],
        by=request.member,
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    return json_answer({})


@require_POST
@answers_json
@member_required
def withdraw_objection(request: MemberRequest) -> HttpResponse:
    signed = body_of(request, number=int, day=str, signature=str)
    actions.withdraw_objection(
        signed["number"],
        by=request.member,
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    return json_answer({})
