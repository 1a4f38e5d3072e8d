"""What a role is for: what to do now, when whoever holds it is needed, what losing the key means."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from openfloor.ballots import permissions, queries, words
from openfloor.ballots.models import Ballot
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member, Role
from openfloor.workplace.signin import MemberRequest, member_required

DUTIES = {
    Role.Kind.ORGANISER: ("finish_draft", "begin_again", "cannot_open", "stuck"),
    Role.Kind.TRUSTEE: ("make_key", "prove_copy", "send_shares", "sign_freeze", "shuffle", "decrypt"),
    Role.Kind.TELLER: ("make_slips", "audit"),
}
OVER = (Ballot.State.COUNTED, Ballot.State.WITHDRAWN, Ballot.State.UNCOUNTABLE, Ballot.State.VOID)


@require_safe
@member_required
def duty(request: MemberRequest, kind: str) -> HttpResponse:
    member = request.member
    if not permissions.is_on_the_roll(member):
        raise PermissionDenied
    role = Role.Kind(kind)
    now = timezone.now()
    things = [thing for thing in queries.things_to_do(member, now) if thing.kind in DUTIES[role]]
    busy_with = {thing.ballot.pk for thing in things}
    return render(
        request,
        "ballots/duty.html",
        {
            "kind": role.value,
            "is_mine": role.value in workplace.roles_of(member),
            "things": [words.now_of(thing, now) for thing in things],
            "waiting": [
                (ballot, words.badge(ballot, None))
                for ballot in _served_by(member, role)
                if ballot.pk not in busy_with
            ],
            "may_call": permissions.may_call(member),
        },
    )


def _served_by(member: Member, role: Role.Kind) -> list[Ballot]:
    """Ballots under way in which this member is trustee or teller, the next to close first."""
    if role == Role.Kind.ORGANISER:
        return []
    officers = {Role.Kind.TRUSTEE: "trustees__member", Role.Kind.TELLER: "tellers__member"}[role]
    mine = queries.ballots_visible_to(member).filter(**{officers: member})
    return list(mine.exclude(state__in=(Ballot.State.DRAFT, *OVER)).order_by("closes_at"))
