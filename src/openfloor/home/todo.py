"""What a member can do now, the most pressing first; and what to say where nothing waits."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openfloor.ballots import queries, words
from openfloor.ballots.queries.mandates import events_waiting_for, votes_called_for
from openfloor.ballots.words import Now
from openfloor.bargaining.models import Session
from openfloor.bargaining.permissions import may_write_down
from openfloor.bargaining.queries import is_asked, sessions_that_go_on
from openfloor.home import guidance
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member


def things_of(member: Member, now: datetime) -> list[Now]:
    """Never none."""
    things = [
        *(words.now_of(thing, now) for thing in queries.things_to_do(member, now)),
        *_roles(member),
        *_sessions(member, now),
        *_called_votes(member),
        *_told(member),
    ]
    return things or guidance.for_idle(member, now)


def _roles(member: Member) -> Iterator[Now]:
    for role in workplace.roles_to_confirm(member):
        yield Now(
            heading=_("Confirm a role"),
            sentence=_("Entry %(number)s is proposed as %(role)s. Two members must sign for it.")
            % {"number": role.member.number, "role": role.get_kind_display()},
            path=reverse("roles"),
            action=_("Look at it"),
        )


def _sessions(member: Member, now: datetime) -> Iterator[Now]:
    may_end = may_write_down(member)
    for session in sessions_that_go_on(member.committee, now):
        if may_end and is_asked(session):
            yield _is_it_over(session)
            continue
        yield Now(
            heading=_("They are at the table"),
            about=session.title,
            sentence=_("Its minutes appear as they are written."),
            path=reverse("session", args=[session.pk]),
            action=_("Read along"),
        )


def _is_it_over(session: Session) -> Now:
    return Now(
        heading=_("Is this session over?"),
        about=session.title,
        sentence=_("Nobody has written a line for twelve hours. If nobody answers, the clock ends it."),
        path=reverse("session", args=[session.pk]),
        action=_("Look at it"),
    )


def _called_votes(member: Member) -> Iterator[Now]:
    for breach in votes_called_for(member):
        yield Now(
            heading=_("Shall we vote on it?"),
            about=breach.mandate.ballot.title,
            sentence=_("Members call for a vote on a move below what we decided."),
            path=reverse("mandate_override", args=[breach.pk]),
            action=_("Look at it"),
        )


def _told(member: Member) -> Iterator[Now]:
    for event in events_waiting_for(member):
        yield Now(
            heading=_("Is this what was done?"),
            about=event.mandate.ballot.title,
            sentence=_("A member told what was done about it. It counts once another has seen the source."),
            path=reverse("mandate", args=[event.mandate.ballot.uuid]),
            action=_("Look at it"),
        )
