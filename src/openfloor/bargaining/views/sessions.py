"""Sessions: announced, read live by members or by everybody, noted by several at once."""

import secrets
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openfloor.bargaining import actions, forms, permissions, queries
from openfloor.bargaining.errors import BargainingError
from openfloor.bargaining.minutes import lines_shown
from openfloor.bargaining.models import MinuteLine, Session
from openfloor.bargaining.views.finding import refuse_unless_writing, visible_contract, visible_session
from openfloor.bargaining.words import all_put_forward_in_words
from openfloor.ui.errors import Refusal
from openfloor.ui.http import NotJson, json_answer, json_refusal, read_json
from openfloor.workplace import queries as workplace
from openfloor.workplace.signin import MemberRequest, member_of, member_required

MOST_AT_ONCE = 200


@require_safe
def session(request: HttpRequest, session: UUID) -> HttpResponseBase:
    """Without signing in where it is open to everybody."""
    found = queries.public_session(session)
    return _session_of_members(request, session) if found is None else _shown(request, found)


@require_safe
def minutes_json(request: HttpRequest, session: UUID) -> HttpResponseBase:
    """What came after line `after`, for the page that reads along."""
    found = queries.public_session(session)
    return _minutes_of_members(request, session) if found is None else _minutes(request, found)


@member_required
def _session_of_members(request: MemberRequest, session: UUID) -> HttpResponse:
    return _shown(request, visible_session(request, session))


@member_required
def _minutes_of_members(request: MemberRequest, session: UUID) -> HttpResponse:
    return _minutes(request, visible_session(request, session))


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


def _shown(request: HttpRequest, session: Session) -> HttpResponse:
    member = member_of(request)
    lines, made = list(queries.lines_of(session)), list(queries.put_forward_in(session))
    may_note = member is not None and permissions.may_take_notes(member, session)
    correcting = request.GET.get("correct", "") if may_note else ""
    context = {
        "session": session,
        "is_ours": member is not None and member.committee_id == session.committee_id,
        "lines": lines_shown(lines),
        "last": lines[-1].number if lines else 0,
        "proposals": [
            {"sentence": sentence, "article": each.article_id}
            for each, sentence in zip(made, all_put_forward_in_words(made), strict=True)
        ],
        "has_begun": session.starts_at <= timezone.now(),
        "may_note": may_note,
        "may_end": may_note and member is not None and permissions.may_write_down(member),
        "correcting": _own_line(member, lines, correcting),
        "token": secrets.token_hex(16),
        "zone": session.committee.zone,
    }
    return render(request, "bargaining/session.html", context)


def _own_line(member: Any, lines: list[MinuteLine], text: str) -> MinuteLine | None:
    mine = (
        [line for line in lines if str(line.number) == text and line.writer_id == member.pk] if text else []
    )
    return mine[0] if mine else None


def _minutes(request: HttpRequest, session: Session) -> HttpResponse:
    after = request.GET.get("after", "0")
    since = int(after) if after.isascii() and after.isdigit() and len(after) <= 6 else 0
    lines = list(queries.lines_of(session, after=since)[:MOST_AT_ONCE])
    zone = workplace.zone(session.committee)
    return json_answer(
        {
            "lines": [
                {
                    "number": line.number,
                    "corrects": line.corrects.number if line.corrects else None,
                    "text": line.text,
                    "by": line.writer.number,
                    "at": date_format(line.written_at.astimezone(zone), "TIME_FORMAT"),
                }
                for line in lines
            ],
            "proposals": all_put_forward_in_words(list(queries.put_forward_in(session))),
            "ended": session.ended_at is not None,
        }
    )
