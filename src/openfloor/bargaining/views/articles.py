"""An article: every version of it, who moved, what changed in its words, what the offers come to."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from openfloor.bargaining import actions, clauses_shown, forms, permissions, queries, shown, words
from openfloor.bargaining.errors import BargainingError, CorrectedAlready, NothingToCorrect
from openfloor.bargaining.models import Article, Proposal
from openfloor.bargaining.views.finding import (
    refuse_unless_writing,
    visible_article,
    visible_contract,
    visible_proposal,
)
from openfloor.bargaining.worth import window_of
from openfloor.workplace import queries as workplace
from openfloor.workplace.signin import MemberRequest, member_required
from workrules.wages import SERIES


@require_safe
@member_required
def article(request: MemberRequest, article: UUID) -> HttpResponse:
    found = visible_article(request, article)
    versions = queries.versions_of(found)
    below = words.below_mandates(versions)
    now = shown.article_shown(found, versions, below)
    window = window_of(*(request.GET.get(name) for name in ("prices", "since", "until")))
    offers = shown.offers_shown(now, window)
    context = {
        "article": found,
        "now": now,
        "is_held_against_nothing": shown.is_held_against_nothing(now, timezone.now()),
        "versions": shown.versions_shown(versions, below),
        "offers": offers,
        "clauses": clauses_shown.clauses_shown(queries.versions_that_stand(versions)),
        "window": window,
        "series": SERIES,
        "years": [year for year, _level in window.series.levels],
        "longest": shown.longest_bar(offers, window),
        "may_write": permissions.may_write_down(request.member),
    }
    return render(request, "bargaining/article.html", context)


@require_safe
@member_required
def compare(request: MemberRequest, article: UUID) -> HttpResponse:
    """Two versions, word by word; 404 where a number names none."""
    found = visible_article(request, article)
    versions = [each for each in queries.versions_of(found) if each.kind != Proposal.Kind.WITHDRAWN]
    old, new = (_numbered(versions, request.GET.get(name)) for name in ("old", "new"))
    context = {
        "article": found,
        "versions": versions,
        "old": old,
        "new": new,
        "pieces": shown.compared(old, new),
    }
    return render(request, "bargaining/compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def add_article(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    refuse_unless_writing(request)
    form = forms.ArticleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_article(request.member, found, **form.cleaned_data, now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved. Now write down what was put forward."))
            return redirect("article", added.pk)
    return render(request, "bargaining/article_form.html", {"form": form, "contract": found})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def propose(request: MemberRequest, article: UUID) -> HttpResponse:
    found = visible_article(request, article)
    refuse_unless_writing(request)
    form = forms.ProposalForm(_typed(request), initial=_start(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(request.member, found, form.cleaned_data["side"], form.said(), now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            return _written(request, found)
    return _page(request, found, form, _("What was put forward?"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def agree(request: MemberRequest, article: UUID) -> HttpResponse:
    found = visible_article(request, article)
    refuse_unless_writing(request)
    form = forms.SaidForm(_typed(request), initial=_start(request, found))
    if request.method == "POST" and form.is_valid():
        try:
            actions.agree(request.member, found, form.said(), now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            return _written(request, found)
    return _page(request, found, form, _("What did both sides agree on?"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def withdraw(request: MemberRequest, article: UUID) -> HttpResponse:
    found = visible_article(request, article)
    refuse_unless_writing(request)
    form = forms.WithdrawalForm(_typed(request), initial={"made_on": _today(request)})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(request.member, found, **form.cleaned_data, now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            return _written(request, found)
    return _page(request, found, form, _("Who takes what back?"))


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def correct(request: MemberRequest, proposal: UUID) -> HttpResponse:
    wrong = visible_proposal(request, proposal)
    refuse_unless_writing(request)
    if wrong.kind == Proposal.Kind.WITHDRAWN:
        messages.error(request, str(NothingToCorrect()))
        return redirect("article", wrong.article_id)
    if hasattr(wrong, "corrected_by"):
        messages.error(request, str(CorrectedAlready()))
        return redirect("article", wrong.article_id)
    initial = {**forms.of_version(wrong), "made_on": wrong.made_on}
    form = forms.CorrectionForm(_typed(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.correct(request.member, wrong, form.said(), reason=reason, now=timezone.now())
        except BargainingError as error:
            form.add_error(None, str(error))
        else:
            return _written(request, wrong.article)
    return _page(request, wrong.article, form, _("Correct what was written down"))


def _numbered(versions: list[Proposal], text: str | None) -> Proposal:
    for version in versions:
        if str(version.number) == text:
            return version
    raise Http404


def _typed(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _start(request: MemberRequest, article: Article) -> dict[str, Any]:
    """A new version starts from the one that a link named, on today's date."""
    versions = {str(each.number): each for each in queries.versions_of(article)}
    start = versions.get(request.GET.get("from", ""))
    return {**forms.of_version(start), "source": "", "made_on": _today(request)}


def _today(request: MemberRequest) -> date:
    return workplace.today(request.member.committee, timezone.now())


def _written(request: MemberRequest, article: Article) -> HttpResponse:
    messages.success(request, _("Saved, and written in the ledger."))
    return redirect("article", article.pk)


def _page(request: MemberRequest, article: Article, form: Any, heading: str) -> HttpResponse:
    context = {"article": article, "form": form, "heading": heading}
    return render(request, "bargaining/version_form.html", context)
