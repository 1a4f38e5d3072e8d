"""A whole proposal in: pasted or as a file, looked at first, then stored. And everything out again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from openfloor.bargaining import actions, exports, forms, shown
from openfloor.bargaining.errors import BargainingError
from openfloor.bargaining.models import Contract
from openfloor.bargaining.views.finding import refuse_unless_writing, visible_contract
from openfloor.workplace import queries as workplace
from openfloor.workplace.signin import MemberRequest, member_required


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def import_proposal(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    refuse_unless_writing(request)
    if request.method != "POST":
        today = workplace.today(request.member.committee, timezone.now())
        return _page(request, found, forms.ImportForm(initial={"made_on": today}))
    form = forms.ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, found, form)
    if "store" in request.POST:
        return _stored(request, found, form)
    return _preview(request, found, form)


@require_safe
@member_required
def proposals_csv(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    sheet = exports.as_csv(shown.articles_shown(found, texts=True))
    # A byte order mark, without which spreadsheets take it for another alphabet.
    return _file(HttpResponse(f"\ufeff{sheet}", content_type="text/csv; charset=utf-8"), "proposals.csv")


@require_safe
@member_required
def proposals_json(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    return _file(
        JsonResponse(exports.as_json(found, shown.articles_shown(found, texts=True))), "proposals.json"
    )


@require_safe
@member_required
def table_printed(request: MemberRequest, contract: UUID) -> HttpResponse:
    found = visible_contract(request, contract)
    context = {"contract": found, "articles": shown.articles_shown(found, texts=True)}
    return render(request, "bargaining/printed.html", context)


def _stored(request: MemberRequest, contract: Contract, form: forms.ImportForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        added = actions.import_proposal(
            request.member,
            contract,
            values["side"],
            values["cut"].parts,
            made_on=values["made_on"],
            source=values["source"],
            now=timezone.now(),
        )
    except BargainingError as error:
        form.add_error(None, str(error))
        return _page(request, contract, form)
    sentence = ngettext("%(count)s version is stored.", "%(count)s versions are stored.", len(added))
    messages.success(request, sentence % {"count": len(added)})
    return redirect("contract", contract.pk)


def _preview(request: MemberRequest, contract: Contract, form: forms.ImportForm) -> HttpResponse:
    cut = form.cleaned_data["cut"]
    planned = actions.plan_import(contract, form.cleaned_data["side"], cut.parts)
    context = {
        "contract": contract,
        "form": form,
        "planned": planned,
        "count": sum(each.is_new_text for each in planned),
        "before": cut.before,
        "has_tracked_changes": form.has_tracked_changes,
    }
    return render(request, "bargaining/import.html", context)


def _page(request: MemberRequest, contract: Contract, form: forms.ImportForm) -> HttpResponse:
    return render(request, "bargaining/import.html", {"contract": contract, "form": form})


def _file(answer: HttpResponse, name: str) -> HttpResponse:
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
