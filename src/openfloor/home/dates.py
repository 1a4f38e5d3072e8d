"""The dates around today: votes, sessions, what was put forward, what runs out, what falls due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.ballots import queries
from openfloor.ballots.mandate_words import breach_in_words
from openfloor.ballots.models import Ballot
from openfloor.ballots.queries.mandates import breaches_since, mandates_ahead
from openfloor.bargaining.models import Contract, Proposal
from openfloor.bargaining.queries import (
    contracts_of,
    notices_of,
    proposals_since,
    sessions_since,
)
from openfloor.bargaining.words import put_forward_in_words
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Committee, Member

NEVER_RAN = (Ballot.State.DRAFT, Ballot.State.WITHDRAWN, Ballot.State.VOID)


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """Something on the line of dates; `at` is the morning of a whole day."""

    at: datetime
    sentence: str
    path: str
    is_practice: bool = False
    is_day: bool = False


def dates_of(member: Member, since: datetime, now: datetime) -> Iterator[Date]:
    """In no order."""
    committee = member.committee
    yield from _votes(member, now)
    yield from _sessions(committee, since)
    yield from _put_forward(committee, since)
    yield from _breaches(committee, since)
    yield from _mandates(committee, now)
    for contract in contracts_of(committee):
        yield from _end_of(contract, committee)


def _votes(member: Member, now: datetime) -> Iterator[Date]:
    """Openings and closes; not of drafts, of what is withdrawn or void, or of practice that is over."""
    shown = (
        queries.ballots_visible_to(member)
        .exclude(state__in=NEVER_RAN)
        .exclude(practice=True, closes_at__lte=now)
    )
    for ballot in shown.select_related("committee"):
        closes = _("Vote closes: %(title)s") if ballot.closes_at > now else _("Vote closed: %(title)s")
        yield _of_ballot(ballot, ballot.closes_at, closes)
        if ballot.opened_at is not None:
            yield _of_ballot(ballot, ballot.opened_at, _("Vote opened: %(title)s"))
        elif ballot.opens_not_before > now:
            yield _of_ballot(ballot, ballot.opens_not_before, _("Vote opens: %(title)s"))


def _of_ballot(ballot: Ballot, at: datetime, sentence: str) -> Date:
    return Date(
        at=at,
        sentence=sentence % {"title": ballot.title},
        path=reverse("ballot", args=[ballot.uuid]),
        is_practice=ballot.practice,
    )


def _sessions(committee: Committee, since: datetime) -> Iterator[Date]:
    for session in sessions_since(committee, since):
        yield Date(
            at=session.starts_at,
            sentence=_("At the table: %(title)s") % {"title": session.title},
            path=reverse("session", args=[session.pk]),
        )


def _put_forward(committee: Committee, since: datetime) -> Iterator[Date]:
    """All that a side put forward in one contract on one day is one line."""
    together: dict[tuple[date, str, Contract], dict[UUID, Proposal]] = {}
    for proposal in proposals_since(committee, since.astimezone(workplace.zone(committee)).date()):
        key = (proposal.made_on, proposal.side, proposal.article.contract)
        together.setdefault(key, {})[proposal.article_id] = proposal
    for (day, side, contract), by_article in together.items():
        *others, last = by_article.values()
        if others:
            path = reverse("contract", args=[contract.pk])
            yield _of_day(day, committee, _many_in_words(side, len(by_article)), path)
        else:
            path = reverse("article", args=[last.article_id])
            yield _of_day(day, committee, put_forward_in_words(last), path)


def _many_in_words(side: str, count: int) -> str:
    sentence = {
        Proposal.Side.OURS: ngettext(
            "We spoke of %(count)s article.", "We spoke of %(count)s articles.", count
        ),
        Proposal.Side.THEIRS: ngettext(
            "They spoke of %(count)s article.", "They spoke of %(count)s articles.", count
        ),
        Proposal.Side.BOTH: ngettext(
            "Both sides agreed on %(count)s article, for now.",
            "Both sides agreed on %(count)s articles, for now.",
            count,
        ),
    }[Proposal.Side(side)]
    return sentence % {"count": count}


def _breaches(committee: Committee, since: datetime) -> Iterator[Date]:
    for breach in breaches_since(committee, since):
        yield Date(
            at=breach.at,
            sentence=f"{breach.mandate.ballot.title} · {breach_in_words(breach)}",
            path=reverse("mandate", args=[breach.mandate.ballot.uuid]),
        )


def _mandates(committee: Committee, now: datetime) -> Iterator[Date]:
    for mandate, action_by, expires_at in mandates_ahead(committee):
        path = reverse("mandate", args=[mandate.ballot.uuid])
        if action_by:
            action = (mandate.ballot.mandate_asked or {})["action"]["what"]
            yield Date(at=action_by, sentence=_("It must have begun: %(what)s") % {"what": action}, path=path)
        if expires_at:
            sentence = _("No longer binding: %(title)s") % {"title": mandate.ballot.title}
            yield Date(at=expires_at, sentence=sentence, path=path)


def _end_of(contract: Contract, committee: Committee) -> Iterator[Date]:
    if contract.expires_on is None:
        return
    path = reverse("contract", args=[contract.pk])
    runs_out = _("The contract runs out: %(title)s") % {"title": contract.title}
    yield _of_day(contract.expires_on, committee, runs_out, path)
    for notice in notices_of(contract):
        sentence = _("Last day for a notice: %(what)s (%(title)s)")
        about = {"what": notice.what, "title": contract.title}
        yield _of_day(notice.last_day(contract.expires_on), committee, sentence % about, path)


def _of_day(day: date, committee: Committee, sentence: str, path: str) -> Date:
    at = datetime.combine(day, time(), workplace.zone(committee))
    return Date(at=at, sentence=sentence, path=path, is_day=True)
