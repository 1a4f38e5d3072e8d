"""Who may do what at the table. Every member reads all of it; organisers write it down."""

from openfloor.workplace.models import Member, Role
from openfloor.workplace.queries import roles_of


def may_write_down(member: Member) -> bool:
    """Contracts, articles, proposals and sessions of one's own committee."""
    return is_on_the_roll(member) and Role.Kind.ORGANISER.value in roles_of(member)


def is_on_the_roll(member: Member) -> bool:
    return member.state == Member.State.MEMBER
