"""What to read first for those who come late to a session: what stands on the table, and what was added."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from openfloor.audit.demands import term_in_words
from openfloor.ballots.mandate_words import asked_in_lines
from openfloor.ballots.models import Mandate
from openfloor.ballots.queries import mandates as promises
from openfloor.bargaining import queries, words
from openfloor.bargaining.figures import from_json
from openfloor.bargaining.models import Article, Proposal, ReadingEntry, Session
from openfloor.bargaining.shown import ShownArticle, articles_shown

MOST_ARTICLES, MOST_MEASURES = 20, 3
PUBLIC_PLACE = "/board/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`key` takes it out; `public_path` is where people without an account may read it, or nothing."""

    key: str
    title: str
    path: str
    lines: tuple[str, ...] = ()
    public_path: str = ""


def reading_list(session: Session, now: datetime) -> list[Entry]:
    """What stands there by itself, but for what was taken out; then what was added."""
    changed = list(session.reading_entries.all())
    taken_out = {entry.takes_out for entry in changed if entry.takes_out}
    by_itself = [entry for entry in _by_itself(session, now) if entry.key not in taken_out]
    return [*by_itself, *(_added(entry) for entry in changed if entry.path)]


def for_outsiders(entries: list[Entry]) -> list[Entry]:
    """What leads to pages of members, and what those say, stays with the members."""
    return [
        Entry(key=each.key, title=each.title, path=each.public_path) for each in entries if each.public_path
    ]


def _by_itself(session: Session, now: datetime) -> Iterator[Entry]:
    before = queries.session_before(session)
    mandates = promises.mandates_that_bind(session.committee, now)
    if before is not None:
        yield from _report_of(before)
    yield from _mandates(session, mandates)
    yield from _articles(session, before, mandates)


def _report_of(session: Session) -> Iterator[Entry]:
    if session.reports.exists():
        path = reverse("session_report", args=[session.pk])
        is_public = session.audience == Session.Audience.PUBLIC
        yield Entry(
            key=f"report:{session.pk}",
            title=_("The report of “%(title)s”") % {"title": session.title},
            path=path,
            public_path=path if is_public else "",
        )


def _mandates(session: Session, mandates: list[Mandate]) -> Iterator[Entry]:
    shown = reverse("public_mandates", args=[session.committee_id])
    is_public = bool(mandates) and promises.are_public(session.committee)
    for mandate in mandates:
        yield Entry(
            key=f"mandate:{mandate.ballot.uuid}",
            title=_("What we decided: %(title)s") % {"title": mandate.ballot.title},
            path=reverse("mandate", args=[mandate.ballot.uuid]),
            lines=tuple(asked_in_lines(promises.asked_of(mandate), session.committee.zone)),
            public_path=shown if is_public else "",
        )


def _articles(session: Session, before: Session | None, mandates: list[Mandate]) -> Iterator[Entry]:
    """Those that moved since the last session, the last one first; all that is on the table at the first."""
    since = (before.ended_at or before.starts_at) if before else None
    moved = [
        (last, shown)
        for shown in articles_shown(session.contract)
        if (last := _last_written(shown.article)) is not None and (since is None or last > since)
    ]
    moved.sort(key=lambda each: each[0], reverse=True)
    for _last, shown in moved[:MOST_ARTICLES]:
        yield Entry(
            key=f"article:{shown.article.pk}",
            title=f"{shown.article.number} · {shown.article.title}",
            path=reverse("article", args=[shown.article.pk]),
            lines=(*_said(shown, mandates), *shown.below),
        )


def _last_written(article: Article) -> datetime | None:
    return max((proposal.written_at for proposal in article.proposals.all()), default=None)


def _said(article: ShownArticle, mandates: list[Mandate]) -> Iterator[str]:
    """Ours and theirs, beside what was decided about wages where either names raises."""
    for version in article.said:
        yield _version_in_words(version)
    if any(version.figures.get("raises") for version in article.said):
        for mandate in mandates:
            for term in promises.asked_of(mandate)["terms"]:
                if term["measure"].startswith("wages."):
                    yield _("Decided: %(term)s") % {"term": term_in_words(term)}


def _version_in_words(version: Proposal) -> str:
    said = words.figures_in_words(from_json(version.figures))[:MOST_MEASURES]
    what = "; ".join(said) or _("version %(number)s") % {"number": version.number}
    return f"{words.SIDES[version.side]} · {what}"


def _added(entry: ReadingEntry) -> Entry:
    is_public = entry.path.startswith(PUBLIC_PLACE)
    return Entry(
        key=entry.path, title=entry.title, path=entry.path, public_path=entry.path if is_public else ""
    )
