"""Is it enforceable? What members find in the words of a version, beside what the other side says."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from openfloor.bargaining import actions, clauses_shown, permissions, queries
from openfloor.bargaining.clauses import Answer, Question
from openfloor.bargaining.errors import BadAnswer, BargainingError, MembersAnswer
from openfloor.bargaining.forms import AnswerForm
from openfloor.bargaining.models import Proposal
from openfloor.bargaining.views.finding import visible_proposal
from openfloor.workplace.signin import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def enforceable(request: MemberRequest, proposal: UUID) -> HttpResponse:
    found = visible_proposal(request, proposal)
    if found.kind == Proposal.Kind.WITHDRAWN:
        raise Http404
    if request.method == "POST":
        return _answer(request, found)
    return _page(request, found, [AnswerForm(question) for question in Question])


def _answer(request: MemberRequest, version: Proposal) -> HttpResponse:
    if not permissions.may_answer(request.member, version):
        raise PermissionDenied
    question = _asked(request.POST.get("question"))
    if question is None:
        messages.error(request, str(BadAnswer()))
        return redirect("enforceable", version.pk)
    form, others = AnswerForm(question, request.POST), _others(request, question)
    if form.is_valid():
        says, passage = Answer(form.cleaned_data["says"]), form.cleaned_data["passage"]
        try:
            actions.answer_clause(
                request.member, version, question, says, passage=passage, now=timezone.now()
            )
        except MembersAnswer as error:
            raise PermissionDenied from error
        except BargainingError as error:
            form.add_error("passage", str(error))
        else:
            messages.success(request, _("Saved. Earlier answers stay beside it."))
            form = AnswerForm(question)
            if not any(each.initial for each in others):
                return redirect(f"{reverse('enforceable', args=[version.pk])}#{question}")
    return _page(request, version, [form, *others])


def _others(request: MemberRequest, sent: Question) -> list[AnswerForm]:
    """What was typed about the other questions stays in its boxes."""
    return [AnswerForm.given_back(question, request.POST) for question in Question if question != sent]


def _asked(text: str | None) -> Question | None:
    return next((question for question in Question if question == text), None)


def _page(request: MemberRequest, version: Proposal, forms: list[AnswerForm]) -> HttpResponse:
    versions = queries.versions_of(version.article)
    clauses = clauses_shown.clauses_shown(clauses_shown.beside(version, versions))
    context = {
        "article": version.article,
        "version": version,
        "stands": version in queries.versions_that_stand(versions),
        "clauses": clauses,
        "questions": clauses_shown.questions_shown(clauses, {form.question: form for form in forms}),
        "may_answer": permissions.may_answer(request.member, version),
    }
    return render(request, "bargaining/enforceable.html", context)
