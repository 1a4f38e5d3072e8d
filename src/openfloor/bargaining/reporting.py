"""The first draft of a session's report: what the minutes and the proposals say, for an organiser to edit."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.bargaining import queries, words
from openfloor.bargaining.minutes import ShownLine, lines_shown
from openfloor.bargaining.models import Proposal, Session
from openfloor.bargaining.standing import movements
from openfloor.workplace.queries import zone

LONGEST = 300_000  # characters of the lines that are taken over; the page of the session has them all


def generated(session: Session) -> str:
    """Plain text, in the language of whoever asks for it."""
    made = list(queries.put_forward_in(session))
    parts = [
        _heading(session),
        _put_forward(session, made),
        _agreed(made),
        _rules(session),
        _minutes(session),
    ]
    return "\n\n".join(part for part in parts if part)


def _heading(session: Session) -> str:
    began = session.starts_at.astimezone(zone(session.committee))
    when = f"{date_format(began, _('j F Y'))}, {date_format(began, 'TIME_FORMAT')}"
    return "\n".join([session.title, " · ".join(part for part in (when, session.place) if part)])


def _put_forward(session: Session, made: list[Proposal]) -> str:
    moves = _moves(session)
    lines = [_("What was put forward")]
    for proposal, sentence in zip(made, words.all_put_forward_in_words(made), strict=True):
        if proposal.kind != Proposal.Kind.AGREED:
            lines.append(f"– {sentence}")
            lines += [f"   {move}" for move in moves.get(proposal.pk, ())]
    return "\n".join(lines if lines[1:] else [*lines, _("Nothing.")])


def _moves(session: Session) -> dict[object, list[str]]:
    """By proposal: who moved by how much, with the figures as corrections have them now."""
    found: dict[object, list[str]] = {}
    for article in queries.articles_with_versions(session.contract):
        versions = list(article.proposals.all())
        moved = movements([queries.as_version(version) for version in versions])
        for version in versions:
            found[version.pk] = [
                words.movement_in_words(version.side, each) for each in moved.get(version.number, ())
            ]
    return found


def _agreed(made: list[Proposal]) -> str:
    agreed = [proposal for proposal in made if proposal.kind == Proposal.Kind.AGREED]
    if not agreed:
        return ""
    return "\n".join(
        [_("What was agreed"), *(f"– {words.put_forward_in_words(proposal)}" for proposal in agreed)]
    )


def _rules(session: Session) -> str:
    """Only those that were written down while it lasted."""
    changed = queries.rules_of(session)[::-1]
    if not changed:
        return ""
    lines = [_("Ground rules that changed")]
    for rules in changed:
        at = _hour(session, rules.written_at)
        said = " ".join(" ".join(words.rules_in_words(rules)).split())
        lines.append(f"– {at} · {said}")
    return "\n".join(lines)


def _minutes(session: Session) -> str:
    taken = list(_lines(session))
    lines, length = [_("Minutes")], 0
    for place, line in enumerate(taken):
        length += len(line) + 1
        if length > LONGEST:
            left = len(taken) - place
            more = ngettext(
                "%(count)s more line stands on the page of the session.",
                "%(count)s more lines stand on the page of the session.",
                left,
            )
            return "\n".join([*lines, more % {"count": left}])
        lines.append(line)
    return "\n".join(lines if taken else [*lines, _("Nobody took any.")])


def _lines(session: Session) -> Iterator[str]:
    day: date | None = session.starts_at.astimezone(zone(session.committee)).date()
    for line in lines_shown(queries.lines_of(session)):
        at = line.first.written_at.astimezone(zone(session.committee))
        if at.date() != day:
            day = at.date()
            yield date_format(at, _("j F Y"))
        yield f"{_hour(session, line.first.written_at)} · {_as_corrected(line)}"


def _as_corrected(line: ShownLine) -> str:
    by = _("entry %(number)s") % {"number": line.first.writer.number}
    if not line.before:
        return f"{line.last.text} ({by})"
    before = " / ".join(f"“{text}”" for text in line.before)
    return _("%(text)s (%(entry)s; corrected, it said %(before)s)") % {
        "text": line.last.text,
        "entry": by,
        "before": before,
    }


def _hour(session: Session, moment: datetime) -> str:
    return date_format(moment.astimezone(zone(session.committee)), "TIME_FORMAT")
