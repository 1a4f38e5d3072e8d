"""The workplace: sites, units and occupations beside the members in them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from openfloor.workplace import actions, forms, permissions, queries
from openfloor.workplace.errors import WorkplaceError
from openfloor.workplace.models import Member
from openfloor.workplace.signin import MemberRequest, member_required


@dataclass(frozen=True, slots=True)
class Change:
    """Something an organiser can do here: its form and the action that does it."""

    name: str
    title: Promise
    button: Promise
    form: type[forms.OfCommittee]
    deed: Callable[[Member, dict[str, Any], datetime], object]


CHANGES = (
    Change(
        "site",
        gettext_lazy("Add a site"),
        gettext_lazy("Add"),
        forms.NewSite,
        lambda by, typed, now: actions.add_site(by, now=now, **typed),
    ),
    Change(
        "unit",
        gettext_lazy("Add a unit"),
        gettext_lazy("Add"),
        forms.NewUnit,
        lambda by, typed, now: actions.add_unit(by, now=now, **typed),
    ),
    Change(
        "occupation",
        gettext_lazy("Add an occupation"),
        gettext_lazy("Add"),
        forms.NewOccupation,
        lambda by, typed, now: actions.add_occupation(by, now=now, **typed),
    ),
    Change(
        "rename-site",
        gettext_lazy("Rename a site"),
        gettext_lazy("Save"),
        forms.RenamedSite,
        lambda by, typed, now: actions.rename_site(by=by, now=now, **typed),
    ),
    Change(
        "change-unit",
        gettext_lazy("Change a unit"),
        gettext_lazy("Save"),
        forms.ChangedUnit,
        lambda by, typed, now: actions.change_unit(by=by, now=now, **typed),
    ),
    Change(
        "change-occupation",
        gettext_lazy("Change an occupation"),
        gettext_lazy("Save"),
        forms.ChangedOccupation,
        lambda by, typed, now: actions.change_occupation(by=by, now=now, **typed),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def workplace(request: MemberRequest) -> HttpResponse:
    member = request.member
    may_organise = permissions.may_organise(member)
    typed: dict[str, forms.OfCommittee] = {}
    if request.method == "POST":
        if not may_organise:
            raise PermissionDenied
        change = _change_named(request.POST.get("change", ""))
        form = change.form(member.committee, request.POST)
        if form.is_valid() and _done(change, form, request):
            return redirect("workplace")
        typed[change.name] = form
    counts = queries.headcounts(member.committee)
    context = {
        "sites": [
            {"name": site.name, "units": [cell for cell in counts.units if cell.site == site.name]}
            for site in member.committee.sites.all()
        ],
        "occupations": counts.occupations,
        "may_organise": may_organise,
        "changes": _offered(member, typed) if may_organise else [],
    }
    return render(request, "workplace/workplace.html", context)


def _change_named(name: str) -> Change:
    for change in CHANGES:
        if change.name == name:
            return change
    raise PermissionDenied


def _done(change: Change, form: forms.OfCommittee, request: MemberRequest) -> bool:
    try:
        change.deed(request.member, form.cleaned_data, timezone.now())
    except WorkplaceError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Saved, and written in the ledger."))
    return True


def _offered(member: Member, typed: dict[str, forms.OfCommittee]) -> list[dict[str, Any]]:
    """Every change that is possible now; changing needs something to change."""
    offered = []
    for change in CHANGES:
        form = typed.get(change.name) or change.form(member.committee)
        if form.has_choices():
            offered.append({"change": change, "form": form})
    return offered
