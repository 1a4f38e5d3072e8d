"""The report of a session: drafted by organisers who may write at once, published in editions that stay."""

from datetime import datetime

from django.db import transaction

from openfloor import changes
from openfloor.audit.actions import record
from openfloor.audit.chain import canonical, text_hash
from openfloor.bargaining import queries
from openfloor.bargaining.actions.proposals import begin
from openfloor.bargaining.errors import BadReport, DraftMoved, StillSitting
from openfloor.bargaining.models import Report, ReportDraft, Session
from openfloor.workplace.models import Member

LONGEST_REPORT, LONGEST_REASON = 400_000, 500
MOST_DRAFTS = 20  # of a session; the oldest go first


@transaction.atomic
def save_draft(by: Member, session: Session, text: str, *, seen: int, now: datetime) -> ReportDraft:
    """
    Kept beside the drafts before it. *seen* is the number of the one that the writer began with, 0 for none.

    Raises DraftMoved where somebody else has saved another since: nothing is put in the place of it unseen.
    """
    begin(by, session.contract)
    _refuse_bad(session, text)
    return _save(by, session, text, seen, now)


@transaction.atomic
def publish_report(
    by: Member, session: Session, text: str, *, seen: int, reason: str, now: datetime
) -> Report:
    """A new edition; those before it stay. The first one has no *reason*, each later one needs it."""
    begin(by, session.contract)
    _refuse_bad(session, text)
    last = queries.last_number(session.reports)
    reason = " ".join(reason.split()) if last else ""
    if last and not 1 <= len(reason) <= LONGEST_REASON:
        raise BadReport
    _save(by, session, text, seen, now)
    report = Report(
        session=session, number=last + 1, text=text, reason=reason, published_by=by, published_at=now
    )
    report.hash = hash_of_report(report)
    report.save(force_insert=True)
    _record(by, report, now)
    changes.tell(str(session.pk))
    return report


def hash_of_report(report: Report) -> str:
    """SHA-256 of the canonical JSON of what an edition says (docs/specs/ledger.md)."""
    return text_hash(canonical(queries.says_report(report)))


def _refuse_bad(session: Session, text: str) -> None:
    if Session.objects.filter(pk=session.pk, ended_at=None).exists():
        raise StillSitting
    if not text.strip() or len(text) > LONGEST_REPORT:
        raise BadReport


def _save(by: Member, session: Session, text: str, seen: int, now: datetime) -> ReportDraft:
    last = session.report_drafts.select_related("written_by").last()
    if last is not None and last.text == text:
        return last
    if last is not None and last.number != seen:
        raise DraftMoved(by=last.written_by.number)
    number = last.number + 1 if last else 1
    session.report_drafts.filter(number__lte=number - MOST_DRAFTS).delete()
    return ReportDraft.objects.create(
        session=session, number=number, text=text, written_by=by, written_at=now
    )


def _record(by: Member, report: Report, now: datetime) -> None:
    payload = {
        "session": str(report.session_id),
        "title": report.session.title,
        "edition": report.number,
        "reason": report.reason,
        "hash": report.hash,
        "by": by.number,
    }
    record(by.committee_id, "session_reported", payload, now=now)
