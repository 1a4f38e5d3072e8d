"""Sessions: announced, noted line by line by several at once, ended. A line is added, never changed."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

import rfc8785
from django.db import transaction
from django.db.models import Max

from openfloor import changes
from openfloor.audit.actions import record
from openfloor.bargaining import permissions, queries
from openfloor.bargaining.actions.proposals import begin
from openfloor.bargaining.errors import (
    BadLineOfMinutes,
    BadSession,
    MinutesFull,
    NotYourLine,
    NotYourNotes,
    SessionOver,
)
from openfloor.bargaining.models import Contract, MinuteLine, Session
from openfloor.locks import lock_committee
from openfloor.workplace.models import Member

LONGEST_TITLE = 120
LONGEST_LINE = 500
MOST_LINES = 5_000


@transaction.atomic
def announce_session(
    by: Member,
    contract: Contract,
    *,
    title: str,
    place: str,
    starts_at: datetime,
    audience: str,
    ground_rules: str,
    note_takers: Sequence[Member],
    now: datetime,
) -> Session:
    begin(by, contract)
    title = " ".join(title.split())
    if not (1 <= len(title) <= LONGEST_TITLE and title.isprintable()):
        raise BadSession
    if any(
        taker.committee_id != by.committee_id or not permissions.is_on_the_roll(taker)
        for taker in note_takers
    ):
        raise BadSession
    session = Session.objects.create(
        committee_id=contract.committee_id,
        contract=contract,
        title=title,
        place=place,
        starts_at=starts_at,
        audience=audience,
        ground_rules=ground_rules,
    )
    session.note_takers.set(note_takers)
    payload = {
        "session": str(session.pk),
        "contract": str(contract.pk),
        "title": title,
        "starts_at": starts_at.isoformat(timespec="seconds"),
        "audience": audience,
        "ground_rules": ground_rules,
        "note_takers": sorted(taker.number for taker in note_takers),
        "by": by.number,
    }
    record(by.committee_id, "session_announced", payload, now=now)
    return session


@transaction.atomic
def end_session(by: Member, session: Session, *, now: datetime) -> None:
    """The ledger keeps how many lines there are, and the hash of all of them."""
    begin(by, session.contract)
    session = Session.objects.get(pk=session.pk)
    if session.ended_at is not None:
        raise SessionOver
    session.ended_at = now
    session.save(update_fields=["ended_at"])
    lines = list(queries.lines_of(session))
    payload = {
        "session": str(session.pk),
        "title": session.title,
        "lines": len(lines),
        "hash": hash_of_lines(lines),
        "by": by.number,
    }
    record(by.committee_id, "session_ended", payload, now=now)
    changes.tell(str(session.pk))


@transaction.atomic
def write_line(by: Member, session: Session, text: str, *, token: str, now: datetime) -> MinuteLine:
    session = _begin_noting(by, session)
    sent_before = session.lines.filter(writer=by, token=token).first()
    if sent_before is not None:
        return sent_before
    if session.ended_at is not None:
        raise SessionOver
    return _add(session, by, text, token, now, corrects=None)


@transaction.atomic
def correct_line(by: Member, wrong: MinuteLine, text: str, *, token: str, now: datetime) -> MinuteLine:
    """Also after the end: the line that was wrong stays, and the new one says which it corrects."""
    session = _begin_noting(by, wrong.session)
    sent_before = session.lines.filter(writer=by, token=token).first()
    if sent_before is not None:
        return sent_before
    if wrong.writer_id != by.pk or MinuteLine.objects.filter(corrects=wrong).exists():
        raise NotYourLine
    return _add(session, by, text, token, now, corrects=wrong)


def hash_of_lines(lines: Sequence[MinuteLine]) -> str:
    """SHA-256 of the canonical JSON of all lines in their order (docs/specs/ledger.md)."""
    says = [
        {
            "line": line.number,
            "text": line.text,
            "by": line.writer.number,
            "corrects": line.corrects.number if line.corrects else None,
        }
        for line in lines
    ]
    return hashlib.sha256(rfc8785.dumps(says)).hexdigest()


def _begin_noting(by: Member, session: Session) -> Session:
    """The committee is locked: two who write at once get numbers one after the other."""
    lock_committee(session.committee_id)
    if not permissions.may_take_notes(by, session):
        raise NotYourNotes
    return Session.objects.get(pk=session.pk)


def _add(
    session: Session, by: Member, text: str, token: str, now: datetime, *, corrects: MinuteLine | None
) -> MinuteLine:
    text = " ".join(text.split())
    if not (1 <= len(text) <= LONGEST_LINE and text.isprintable() and 1 <= len(token) <= 64):
        raise BadLineOfMinutes
    last = session.lines.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_LINES:
        raise MinutesFull(most=MOST_LINES)
    line = MinuteLine.objects.create(
        session=session,
        number=last + 1,
        text=text,
        writer=by,
        written_at=now,
        corrects=corrects,
        token=token,
    )
    changes.tell(str(session.pk))
    return line
