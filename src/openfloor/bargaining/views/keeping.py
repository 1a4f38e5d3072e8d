"""Keeping a session: its note-takers, its ground rules, what to read first, whether it goes on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from openfloor.bargaining import actions, forms, permissions, queries
from openfloor.bargaining.errors import BargainingError, NoNoteTaker, RulesMoved
from openfloor.bargaining.models import GroundRules, Session
from openfloor.bargaining.reading_list import reading_list
from openfloor.bargaining.views.finding import refuse_unless_writing, visible_session
from openfloor.workplace.models import Member
from openfloor.workplace.signin import MemberRequest, member_required


@require_POST
@member_required
def go_on(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    refuse_unless_writing(request)
    try:
        actions.go_on(request.member, found, now=timezone.now())
    except BargainingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("It goes on. After twelve hours without a line you are asked again."))
    return redirect("session", found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def note_takers(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    refuse_unless_writing(request)
    if "taken_off" in request.POST:
        return _taken_off(request, found)
    form = forms.NoteTakerForm(_typed(request), committee=request.member.committee)
    if request.method == "POST" and form.is_valid():
        taker = form.cleaned_data["number"]
        try:
            actions.name_note_taker(request.member, found, taker, now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request, _("Entry %(number)s takes notes from now on.") % {"number": taker.number}
            )
            return redirect("note_takers", found.pk)
    context = {"session": found, "form": form, "takers": found.note_takers.order_by("number")}
    return render(request, "bargaining/note_takers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def ground_rules(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    refuse_unless_writing(request)
    before = queries.rules_of(found)
    form = forms.RulesForm(_typed(request), initial=_rules_now(found, before))
    if request.method == "POST" and form.is_valid():
        try:
            _change_rules(request, found, form)
        except RulesMoved as error:
            form = _rules_beside(request, before)
            form.add_error(None, str(error))
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved, and written in the ledger."))
            return redirect("session", found.pk)
    return render(request, "bargaining/rules_form.html", {"session": found, "form": form, "before": before})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reading(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    if not permissions.may_take_notes(request.member, found):
        raise PermissionDenied
    if "take_out" in request.POST or "put_back" in request.POST:
        return _reading_changed(request, found)
    form = forms.ReadingForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_reading(request.member, found, **form.cleaned_data, now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It stands in the list now."))
            return redirect("session_reading", found.pk)
    context = {
        "session": found,
        "form": form,
        "entries": reading_list(found, timezone.now()),
        "is_something_out": found.reading_entries.exclude(takes_out="").exists(),
    }
    return render(request, "bargaining/reading.html", context)


def _typed(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _taken_off(request: MemberRequest, session: Session) -> HttpResponse:
    number = request.POST["taken_off"]
    try:
        taker = _note_taker_numbered(session, number)
        actions.take_off_note_taker(request.member, session, taker, now=timezone.now())
    except BargainingError as error:
        messages.error(request, str(error))
    else:
        sentence = _("Entry %(number)s takes no notes any more. Their lines stay.")
        messages.success(request, sentence % {"number": taker.number})
    return redirect("note_takers", session.pk)


def _note_taker_numbered(session: Session, text: str) -> Member:
    is_number = text.isascii() and text.isdigit() and len(text) <= 6
    taker = session.note_takers.filter(number=text).first() if is_number else None
    if taker is None:
        raise NoNoteTaker
    return taker


def _rules_now(session: Session, before: list[GroundRules]) -> dict[str, Any]:
    if not before:
        return {"text": session.ground_rules, "agreed_by": GroundRules.AgreedBy.BOTH, "seen": 0}
    return {"text": before[0].text, "agreed_by": before[0].agreed_by, "seen": before[0].number}


def _change_rules(request: MemberRequest, session: Session, form: forms.RulesForm) -> None:
    seen = form.cleaned_data["seen"]
    actions.change_ground_rules(request.member, session, form.rules(), seen=seen, now=timezone.now())


def _rules_beside(request: MemberRequest, before: list[GroundRules]) -> forms.RulesForm:
    """What was typed, to be sent again by somebody who has now seen the last ones."""
    typed = request.POST.copy()
    typed["seen"] = str(before[0].number if before else 0)
    form = forms.RulesForm(typed)
    form.is_valid()
    return form


def _reading_changed(request: MemberRequest, session: Session) -> HttpResponse:
    try:
        if "take_out" in request.POST:
            actions.take_out_reading(request.member, session, request.POST["take_out"], now=timezone.now())
        else:
            actions.put_back_reading(request.member, session)
    except BargainingError as error:
        messages.error(request, str(error))
    return redirect("session_reading", session.pk)
