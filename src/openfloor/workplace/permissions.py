"""Who may do what around members. The trap: a handle is for its member, its vouchers and the tellers only."""

from django.db.models import Q, QuerySet

from openfloor.workplace.models import Committee, Invitation, Member, Role, Vouch


def is_on_the_roll(member: Member) -> bool:
    return member.state == Member.State.MEMBER


def belongs_to(member: Member, committee: Committee) -> bool:
    return member.committee_id == committee.pk and is_on_the_roll(member)


def may_see_roll(member: Member) -> bool:
    """The roll, the ledger and the roles, all by entry number."""
    return is_on_the_roll(member)


def may_invite(member: Member) -> bool:
    return is_on_the_roll(member)


def may_revoke_invitation(member: Member, invitation: Invitation) -> bool:
    """Who made it, or an organiser."""
    if not belongs_to(member, invitation.committee):
        return False
    return invitation.made_by_id == member.pk or may_organise(member)


def may_vouch(member: Member) -> bool:
    """Any member; whether this vouch counts today is for the roll's rules to say."""
    return is_on_the_roll(member)


def may_help_renew(member: Member) -> bool:
    """Give a colleague who lost their key the link to ask for a new one."""
    return is_on_the_roll(member)


def may_stop_renewal(member: Member) -> bool:
    """Any member: whoever holds the old key, and whoever knows that something is wrong."""
    return is_on_the_roll(member)


def may_object(member: Member) -> bool:
    return is_on_the_roll(member)


def may_organise(member: Member) -> bool:
    """Change sites, units and occupations."""
    return is_on_the_roll(member) and _holds(member, Role.Kind.ORGANISER)


def may_propose_role(member: Member) -> bool:
    return is_on_the_roll(member)


def may_confirm_role(member: Member, role: Role) -> bool:
    """Sign for somebody else's role in one's own committee."""
    return belongs_to(member, role.member.committee) and role.member_id != member.pk


def may_end_role(member: Member, role: Role) -> bool:
    """Decline a proposal for oneself, or resign."""
    return role.member_id == member.pk


def handles_seen_by(viewer: Member) -> QuerySet[Member]:
    """Whose handles *viewer* may see: their own, those they vouched for; a teller everybody's."""
    known = Q(pk=viewer.pk)
    if is_on_the_roll(viewer):
        known |= Q(pk__in=Vouch.objects.filter(voucher=viewer).values("candidate"))
        if _holds(viewer, Role.Kind.TELLER):
            known |= Q(committee=viewer.committee_id)
    return Member.objects.filter(known).exclude(handle="")


def _holds(member: Member, kind: Role.Kind) -> bool:
    return member.roles.filter(kind=kind, state=Role.State.HELD).exists()
