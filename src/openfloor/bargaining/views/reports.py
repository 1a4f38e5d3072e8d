"""The report of a session: written by organisers, read by whoever may read the session."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openfloor.bargaining import actions, forms, queries
from openfloor.bargaining.errors import BargainingError, DraftMoved, StillSitting
from openfloor.bargaining.models import Report, ReportDraft, Session
from openfloor.bargaining.reporting import generated
from openfloor.bargaining.views.finding import for_readers, is_ours, refuse_unless_writing, visible_session
from openfloor.bargaining.wording import differences
from openfloor.workplace.signin import MemberRequest, member_required

MOST_EARLIER = 5


@for_readers
def report(request: HttpRequest, session: Session) -> HttpResponse:
    """The last edition, or the one that `edition` names; to be printed as it is."""
    editions = queries.editions_of(session)
    shown = _edition(editions, request.GET.get("edition"))
    context = {
        "session": session,
        "is_ours": is_ours(request, session),
        "report": shown,
        "editions": editions,
        "is_last": shown == editions[0],
    }
    return render(request, "bargaining/report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_report(request: MemberRequest, session: UUID) -> HttpResponse:
    found = visible_session(request, session)
    refuse_unless_writing(request)
    if found.ended_at is None:
        messages.error(request, str(StillSitting()))
        return redirect("session", found.pk)
    drafts = queries.drafts_of(found)
    is_later = found.reports.exists()
    form = forms.ReportForm(_typed(request), initial=_start(found, drafts), is_later=is_later)
    theirs: ReportDraft | None = None
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, found, form)
        except DraftMoved as error:
            theirs = queries.drafts_of(found)[0]
            form = _beside(request, theirs, is_later=is_later)
            form.add_error(None, str(error))
        except BargainingError as error:
            form.add_error(None, str(error))
    context = {
        "session": found,
        "form": form,
        "drafts": drafts[:MOST_EARLIER],
        "anew": generated(found) if drafts else "",
        "theirs": theirs,
        "pieces": differences(theirs.text, form.cleaned_data["text"]) if theirs else (),
    }
    return render(request, "bargaining/report_form.html", context)


def _typed(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _edition(editions: list[Report], text: str | None) -> Report:
    for report in editions:
        if text is None or str(report.number) == text:
            return report
    raise Http404


def _start(session: Session, drafts: list[ReportDraft]) -> dict[str, Any]:
    """The last draft, or what the minutes say by themselves."""
    if drafts:
        return {"text": drafts[0].text, "seen": drafts[0].number}
    return {"text": generated(session), "seen": 0}


def _done(request: MemberRequest, session: Session, form: forms.ReportForm) -> HttpResponse:
    by, text, seen, now = request.member, form.cleaned_data["text"], form.cleaned_data["seen"], timezone.now()
    if "publish" in request.POST:
        actions.publish_report(by, session, text, seen=seen, reason=form.said_reason(), now=now)
        messages.success(request, _("The report is published, and its hash written in the ledger."))
        return redirect("session", session.pk)
    actions.save_draft(by, session, text, seen=seen, now=now)
    messages.success(request, _("The draft is kept. Only organisers see it."))
    return redirect("edit_report", session.pk)


def _beside(request: MemberRequest, theirs: ReportDraft, *, is_later: bool) -> forms.ReportForm:
    """What was typed, to be sent again by somebody who has now seen the other's draft."""
    typed = request.POST.copy()
    typed["seen"] = str(theirs.number)
    form = forms.ReportForm(typed, is_later=is_later)
    form.is_valid()
    return form
