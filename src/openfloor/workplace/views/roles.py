"""Roles: proposed on a form, given and given back by signatures from devices."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from openfloor.ui.http import answers_json, json_answer
from openfloor.workplace import actions, permissions, queries
from openfloor.workplace.errors import NoSuchEntry, WorkplaceError
from openfloor.workplace.forms import RoleProposal
from openfloor.workplace.models import Member, Role
from openfloor.workplace.signin import MemberRequest, member_required
from openfloor.workplace.views._bodies import body_of, day_of

PURPOSES: dict[str, Promise] = {
    Role.Kind.ORGANISER: gettext_lazy("Calls ballots, and keeps sites and units up to date"),
    Role.Kind.TRUSTEE: gettext_lazy("Holds a key that helps to open the total of a ballot"),
    Role.Kind.TELLER: gettext_lazy("Checks the roll and the list of voters before a ballot opens"),
}
LOSSES: dict[str, Promise] = {
    Role.Kind.ORGANISER: gettext_lazy(
        "An organiser has no power over votes, and no ballot hangs on their key. If they lose it, another "
        "organiser goes on."
    ),
    Role.Kind.TRUSTEE: gettext_lazy(
        "Several trustees of a ballot must come together to count it; each ballot says how many. If so few "
        "keys are left that they are not enough, it can never be counted and has to be called again."
    ),
    Role.Kind.TELLER: gettext_lazy(
        "Two tellers have to sign before a ballot opens. They see the handles on the roll. "
        "If one loses phone and words, another teller checks instead."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A role that waits for signatures, as this member sees it."""

    pk: int
    number: int
    kind: str
    label: str
    day: date
    signed: int
    mine: bool
    may_confirm: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One kind of role and who holds it, by entry number; `mine` is this member's role to give back."""

    kind: str
    label: str
    purpose: Promise
    loss: Promise
    holders: list[str]
    mine: int | None


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def roles(request: MemberRequest) -> HttpResponse:
    member = request.member
    if not permissions.may_see_roll(member):
        raise PermissionDenied
    form = RoleProposal(request.POST if request.method == "POST" else None)
    if form.is_valid() and _propose(request, form):
        return redirect("roles")
    held = list(queries.roles_held(member.committee))
    context = {
        "form": form,
        "waiting": _waiting(member),
        "roles": [_office(kind, held, member) for kind in Role.Kind],
        "today": queries.today(member.committee, timezone.now()),
    }
    return render(request, "workplace/roles.html", context)


def _propose(request: MemberRequest, form: RoleProposal) -> bool:
    if not permissions.may_propose_role(request.member):
        raise PermissionDenied
    try:
        chosen = _member(request.member, form.cleaned_data["number"])
        actions.propose_role(chosen, form.cleaned_data["kind"], by=request.member, now=timezone.now())
    except WorkplaceError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Proposed. Two members have to sign, and you may be one of them."))
    return True


def _member(by: Member, number: int) -> Member:
    chosen = queries.members_of(by.committee).filter(number=number).first()
    if chosen is None:
        raise NoSuchEntry
    return chosen


def _waiting(member: Member) -> list[Proposal]:
    """Every proposal; those that this member can sign stand first."""
    to_confirm = set(queries.roles_to_confirm(member).values_list("pk", flat=True))
    proposed = queries.roles_proposed(member.committee).prefetch_related("confirmations")
    proposals = [
        Proposal(
            pk=role.pk,
            number=role.member.number,
            kind=role.kind,
            label=role.get_kind_display(),
            day=role.day,
            signed=len(role.confirmations.all()),
            mine=role.member_id == member.pk,
            may_confirm=role.pk in to_confirm,
        )
        for role in proposed
    ]
    return sorted(proposals, key=lambda proposal: not proposal.may_confirm)


def _office(kind: Role.Kind, held: list[Role], member: Member) -> Office:
    holding = [role for role in held if role.kind == kind]
    return Office(
        kind=kind.value,
        label=str(kind.label),
        purpose=PURPOSES[kind],
        loss=LOSSES[kind],
        holders=[str(role.member.number) for role in holding],
        mine=next((role.pk for role in holding if role.member_id == member.pk), None),
    )


@require_POST
@answers_json
@member_required
def confirm_role(request: MemberRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role, member__committee=request.member.committee, pk=pk)
    if not permissions.may_confirm_role(request.member, role):
        raise PermissionDenied
    signature = body_of(request, day=str, signature=str)["signature"]
    given = actions.confirm_role(role, by=request.member, signature=signature, now=timezone.now())
    return json_answer({"given": given})


@require_POST
@answers_json
@member_required
def resign_role(request: MemberRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role, member__committee=request.member.committee, pk=pk)
    if not permissions.may_end_role(request.member, role):
        raise PermissionDenied
    signed = body_of(request, day=str, signature=str)
    actions.resign_role(
        role,
        by=request.member,
        day=day_of(signed["day"]),
        signature=signed["signature"],
        now=timezone.now(),
    )
    return json_answer({})


@require_POST
@member_required
def decline_role(request: MemberRequest, pk: int) -> HttpResponse:
    role = get_object_or_404(Role, member__committee=request.member.committee, pk=pk)
    if not permissions.may_end_role(request.member, role):
        raise PermissionDenied
    try:
        actions.decline_role(role, by=request.member)
    except WorkplaceError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("You have declined."))
    return redirect("roles")
