"""Who may do what to a ballot. Roles are asked for here; the ballot's state is the action's to refuse."""

from openfloor.ballots.models import Ballot, Mandate
from openfloor.workplace.models import Member, Role
from openfloor.workplace.queries import roles_of

DECIDING_ROLES = {Role.Kind.ORGANISER.value, Role.Kind.TRUSTEE.value, Role.Kind.TELLER.value}


def may_call(member: Member) -> bool:
    """Draft a ballot, and see other organisers' drafts."""
    return is_on_the_roll(member) and Role.Kind.ORGANISER.value in roles_of(member)


def may_lead(member: Member, ballot: Ballot) -> bool:
    """Edit, announce, withdraw and copy."""
    return member.committee_id == ballot.committee_id and may_call(member)


def is_trustee(member: Member, ballot: Ballot) -> bool:
    return ballot.trustees.filter(member=member).exists()


def is_teller(member: Member, ballot: Ballot) -> bool:
    return ballot.tellers.filter(member=member).exists()


def may_extend(member: Member, ballot: Ballot) -> bool:
    """Sign for a later close: a trustee or teller of this ballot, still on the roll."""
    return is_on_the_roll(member) and (is_trustee(member, ballot) or is_teller(member, ballot))


def may_give_up(member: Member, ballot: Ballot) -> bool:
    """Sign that the ballot cannot be counted: any member with a role."""
    same_committee = member.committee_id == ballot.committee_id
    return same_committee and is_on_the_roll(member) and bool(DECIDING_ROLES & roles_of(member))


def may_tell(member: Member, mandate: Mandate) -> bool:
    """Enter what was done about a mandate, and confirm what somebody else entered: every member."""
    return member.committee_id == mandate.committee_id and is_on_the_roll(member)


def is_on_the_roll(member: Member) -> bool:
    return member.state == Member.State.MEMBER
