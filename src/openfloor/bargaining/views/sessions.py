"""Sessions: announced, read live by members or by everybody, noted by several at once."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openfloor.bargaining import actions, forms, permissions, queries
from openfloor.bargaining.errors import BargainingError
from openfloor.bargaining.minutes import lines_shown
from openfloor.bargaining.models import MinuteLine, Proposal, Report, Session
from openfloor.bargaining.reading_list import for_outsiders, reading_list
from openfloor.bargaining.views.finding import (
    for_readers,
    is_ours,
    refuse_unless_writing,
    visible_contract,
    visible_session,
)
from openfloor.bargaining.words import all_put_forward_in_words, rules_in_words
from openfloor.ui.errors import Refusal
from openfloor.ui.http import NotJson, json_answer, json_refusal, read_json
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member
from openfloor.workplace.signin import MemberRequest, member_of, member_required

MOST_AT_ONCE = 200
LIVE_AFTER_THE_END = timedelta(days=1)  # whoever read along waits for the report


@for_readers
def session(request: HttpRequest, session: Session) -> HttpResponse:
    member, now = member_of(request), timezone.now()
    lines = list(queries.lines_of(session))
    proposals = list(queries.put_forward_in(session))
    editions, rules = queries.editions_of(session), queries.rules_of(session)
    ours = is_ours(request, session)
    entries = reading_list(session, now)
    may_note = member is not None and permissions.may_take_notes(member, session)
    may_write = may_note and member is not None and permissions.may_write_down(member)
    context = {
        "session": session,
        "is_ours": ours,
        "lines": lines_shown(lines),
        "last": lines[-1].number if lines else 0,
        "proposals": [
            {"sentence": sentence, "article": each.article_id}
            for each, sentence in zip(proposals, all_put_forward_in_words(proposals), strict=True)
        ],
        "reading": entries if ours else for_outsiders(entries),
        "rules": [{"at": each.written_at, "lines": rules_in_words(each)} for each in rules],
        "rules_seen": rules[0].number if rules else 0,
        "note_takers": session.note_takers.order_by("number") if ours else (),
        "report": editions[0] if editions else None,
        "is_corrected_since": bool(editions and lines and lines[-1].written_at > editions[0].published_at),
        "has_begun": session.starts_at <= now,
        "is_late": _is_late(session, member, lines, proposals),
        "is_live": session.ended_at is None or (not editions and now - session.ended_at < LIVE_AFTER_THE_END),
        "is_asked": may_write and queries.is_asked(session),
        "may_note": may_note,
        "may_write": may_write,
        "correcting": _own_line(member, lines, request.GET.get("correct", "") if may_note else ""),
        "token": secrets.token_hex(16),
    }
    return render(request, "bargaining/session.html", context)


@for_readers
def minutes_json(request: HttpRequest, session: Session) -> HttpResponse:
    """What came after line `after`, version `rules` of the ground rules, and edition `edition`."""
    zone = workplace.zone(session.committee)
    lines = queries.lines_of(session, after=_number(request, "after"))[:MOST_AT_ONCE]
    editions, rules = queries.editions_of(session), queries.rules_of(session)
    return json_answer(
        {
            "lines": [{**queries.line_as_json(line), "at": _hour(line.written_at, zone)} for line in lines],
            "proposals": all_put_forward_in_words(list(queries.put_forward_in(session))),
            "rules": [
                {"number": each.number, "at": _hour(each.written_at, zone), "lines": rules_in_words(each)}
                for each in reversed(rules)
                if each.number > _number(request, "rules")
            ],
            "report": _report_as_json(editions[:1], after=_number(request, "edition")),
            "ended": session.ended_at is not None,
        }
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def announce_session(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    refuse_unless_writing(request)
    typed = request.POST if request.method == "POST" else None
    form = forms.SessionForm(
        typed, committee=request.member.committee, initial={"audience": Session.Audience.MEMBERS}
    )
    if request.method == "POST" and form.is_valid():
        try:
            announced = actions.announce_session(
                request.member, found, **form.cleaned_data, now=timezone.now()
            )
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The session is announced, and written in the ledger."))
            return redirect("session", announced.pk)
    return render(request, "bargaining/session_form.html", {"form": form, "contract": found})


@require_POST
@member_required
def end_session(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    refuse_unless_writing(request)
    try:
        actions.end_session(request.member, found, now=timezone.now())
    except BargainingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The session is over. The hash of its minutes stands in the ledger."))
    return redirect("session", found.pk)


@require_POST
@member_required
def write_line(request: MemberRequest, session: UUID) -> HttpResponse:
    """JSON from the page's script, a plain form without it."""
    found = visible_session(request, session)
    if not permissions.may_take_notes(request.member, found):
        raise PermissionDenied
    is_script = request.content_type == "application/json"
    try:
        line = _written(request, found, read_json(request) if is_script else request.POST.dict())
    except Refusal as refusal:
        if is_script:
            return json_refusal(refusal)
        messages.error(request, str(refusal))
        return redirect("session", found.pk)
    return json_answer({"number": line.number}) if is_script else redirect("session", found.pk)


def _written(request: MemberRequest, session: Session, typed: Any) -> MinuteLine:
    """`corrects` is the number of a line, or nothing."""
    if not isinstance(typed, dict):
        raise NotJson
    text, token, corrects = (typed.get(name, "") for name in ("text", "token", "corrects"))
    if not all(isinstance(value, str) for value in (text, token, corrects)):
        raise NotJson
    by, now = request.member, timezone.now()
    if not corrects:
        return actions.write_line(by, session, text, token=token, now=now)
    wrong = _line_numbered(session, corrects)
    return actions.correct_line(by, wrong, text, token=token, now=now)


def _line_numbered(session: Session, text: str) -> MinuteLine:
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    line = queries.lines_of(session).filter(number=text).first() if is_number else None
    if line is None:
        raise Http404
    return line


def _is_late(
    session: Session, member: Member | None, lines: list[MinuteLine], proposals: list[Proposal]
) -> bool:
    """Does it go on, and did they miss something? Whoever wrote a line was there."""
    was_there = member is not None and any(line.writer_id == member.pk for line in lines)
    return session.ended_at is None and bool(lines or proposals) and not was_there


def _own_line(member: Any, lines: list[MinuteLine], text: str) -> MinuteLine | None:
    mine = (
        [line for line in lines if str(line.number) == text and line.writer_id == member.pk] if text else []
    )
    return mine[0] if mine else None


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0


def _report_as_json(last: list[Report], *, after: int) -> dict[str, Any] | None:
    return next(
        ({"edition": each.number, "text": each.text} for each in last if each.number > after),
        None,
    )


def _hour(moment: datetime, zone: ZoneInfo) -> str:
    return date_format(moment.astimezone(zone), "TIME_FORMAT")
