"""Who may do what at the table. Members read all of it and answer about clauses; organisers write it down."""

from openfloor.bargaining.models import Proposal, Session
from openfloor.workplace.models import Member, Role
from openfloor.workplace.queries import roles_of


def may_write_down(member: Member) -> bool:
    """Contracts, articles, proposals and sessions of one's own committee."""
    return is_on_the_roll(member) and Role.Kind.ORGANISER.value in roles_of(member)


def may_read(member: Member | None, session: Session) -> bool:
    """Its page, its minutes, and what moves there."""
    if session.audience == Session.Audience.PUBLIC:
        return True
    return member is not None and member.committee_id == session.committee_id and is_on_the_roll(member)


def may_take_notes(member: Member, session: Session) -> bool:
    """Write lines of its minutes: who was named for it, and organisers."""
    if member.committee_id != session.committee_id or not is_on_the_roll(member):
        return False
    return session.note_takers.filter(pk=member.pk).exists() or may_write_down(member)


def may_answer(member: Member, version: Proposal) -> bool:
    """Say whether it can be enforced."""
    return member.committee_id == version.committee_id and is_on_the_roll(member)


def is_on_the_roll(member: Member) -> bool:
    return member.state == Member.State.MEMBER
