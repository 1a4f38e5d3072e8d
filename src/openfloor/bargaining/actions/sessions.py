"""Sessions: announced, noted line by line by several at once, ended. A line is added, never changed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from openfloor import changes
from openfloor.audit.actions import record
from openfloor.audit.chain import canonical, text_hash
from openfloor.bargaining import permissions, queries
from openfloor.bargaining.actions.proposals import begin
from openfloor.bargaining.errors import (
    BadGroundRules,
    BadLineOfMinutes,
    BadSession,
    MinutesFull,
    NoNoteTaker,
    NoteTakerAlready,
    NotYourLine,
    NotYourNotes,
    RulesMoved,
    SessionOver,
)
from openfloor.bargaining.models import Contract, GroundRules, MinuteLine, Session
from openfloor.bargaining.quiet import Due, due
from openfloor.locks import lock_committee
from openfloor.workplace.models import Member

LONGEST_TITLE = 120
LONGEST_LINE, LONGEST_TOKEN = 500, 64
MOST_LINES = 5_000
LONGEST_RULES, LONGEST_REFUSED = 5_000, 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Ground rules as they are written down during a session: who agreed to them, and what a side refused."""

    text: str
    agreed_by: str
    refused_by_us: str = ""
    refused_by_them: str = ""


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
        goes_on_at=now if starts_at <= now else None,
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
    session = begin_sitting(by, session)
    _end(session, by.number, now)


@transaction.atomic
def go_on(by: Member, session: Session, *, now: datetime) -> None:
    """The clock asked whether a session is over, and an organiser says no."""
    session = begin_sitting(by, session)
    session.goes_on_at = now
    session.save(update_fields=["goes_on_at"])


@transaction.atomic
def end_if_quiet(session: Session, now: datetime) -> None:
    """What the clock does: ask the organisers, and after another time end what nobody ended."""
    lock_committee(session.committee_id)
    session = Session.objects.get(pk=session.pk)
    if session.ended_at is not None:
        return
    last_line = queries.lines_of(session).last()
    stirred = [session.starts_at, session.goes_on_at, last_line.written_at if last_line else None]
    what = due(stirred=[moment for moment in stirred if moment], asked_at=session.asked_at, now=now)
    if what is Due.ASK:
        session.asked_at = now
        session.save(update_fields=["asked_at"])
    elif what is Due.END:
        _end(session, None, now)


@transaction.atomic
def write_line(by: Member, session: Session, text: str, *, token: str, now: datetime) -> MinuteLine:
    text = _line_of(text, token)
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
    text = _line_of(text, token)
    session = _begin_noting(by, wrong.session)
    sent_before = session.lines.filter(writer=by, token=token).first()
    if sent_before is not None:
        return sent_before
    if wrong.writer_id != by.pk or MinuteLine.objects.filter(corrects=wrong).exists():
        raise NotYourLine
    return _add(session, by, text, token, now, corrects=wrong)


@transaction.atomic
def name_note_taker(by: Member, session: Session, taker: Member, *, now: datetime) -> None:
    session = begin_sitting(by, session)
    if taker.committee_id != session.committee_id or not permissions.is_on_the_roll(taker):
        raise BadSession
    if session.note_takers.filter(pk=taker.pk).exists():
        raise NoteTakerAlready(number=taker.number)
    session.note_takers.add(taker)
    _record_note_takers(by, session, {"named": taker.number}, now)


@transaction.atomic
def take_off_note_taker(by: Member, session: Session, taker: Member, *, now: datetime) -> None:
    """What they wrote stays."""
    session = begin_sitting(by, session)
    if not session.note_takers.filter(pk=taker.pk).exists():
        raise NoNoteTaker
    session.note_takers.remove(taker)
    _record_note_takers(by, session, {"taken_off": taker.number}, now)


@transaction.atomic
def change_ground_rules(
    by: Member, session: Session, rules: Rules, *, seen: int, now: datetime
) -> GroundRules:
    """*seen* is the number of the rules that the writer had before them: nobody overlooks another's."""
    session = begin_sitting(by, session)
    last = queries.last_number(session.later_rules)
    if seen != last:
        raise RulesMoved
    _refuse_bad_rules(rules)
    written = GroundRules.objects.create(
        session=session, number=last + 1, written_by=by, written_at=now, **asdict(rules)
    )
    payload = {
        "session": str(session.pk),
        "title": session.title,
        "version": written.number,
        **asdict(rules),
        "by": by.number,
    }
    record(by.committee_id, "session_rules_changed", payload, now=now)
    changes.tell(str(session.pk))
    return written


def begin_sitting(by: Member, session: Session) -> Session:
    """The committee is locked, this is an organiser of it, and the session is not over."""
    begin(by, session.contract)
    session = Session.objects.get(pk=session.pk)
    if session.ended_at is not None:
        raise SessionOver
    return session


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
    return text_hash(canonical(says))


def _end(session: Session, by: int | None, now: datetime) -> None:
    """*by* nobody where the clock does it."""
    session.ended_at = now
    session.save(update_fields=["ended_at"])
    lines = list(queries.lines_of(session))
    payload = {
        "session": str(session.pk),
        "title": session.title,
        "lines": len(lines),
        "hash": hash_of_lines(lines),
        "by": by,
    }
    record(session.committee_id, "session_ended", payload, now=now)
    changes.tell(str(session.pk))


def _record_note_takers(by: Member, session: Session, what: dict[str, int], now: datetime) -> None:
    payload = {
        "session": str(session.pk),
        "title": session.title,
        **what,
        "note_takers": sorted(session.note_takers.values_list("number", flat=True)),
        "by": by.number,
    }
    record(by.committee_id, "session_note_takers", payload, now=now)


def _refuse_bad_rules(rules: Rules) -> None:
    refused = (rules.refused_by_us, rules.refused_by_them)
    if len(rules.text) > LONGEST_RULES or any(len(text) > LONGEST_REFUSED for text in refused):
        raise BadGroundRules
    if rules.agreed_by not in GroundRules.AgreedBy.values or not any((rules.text, *refused)):
        raise BadGroundRules


def _line_of(text: str, token: str) -> str:
    """Looked at before the database is asked for either: it takes no half of a character, and no NUL."""
    text = " ".join(text.split())
    if not all(
        1 <= len(each) <= longest and each.isprintable()
        for each, longest in ((text, LONGEST_LINE), (token, LONGEST_TOKEN))
    ):
        raise BadLineOfMinutes
    return text


def _begin_noting(by: Member, session: Session) -> Session:
    """The committee is locked: two who write at once get numbers one after the other."""
    lock_committee(session.committee_id)
    if not permissions.may_take_notes(by, session):
        raise NotYourNotes
    return Session.objects.get(pk=session.pk)


def _add(
    session: Session, by: Member, text: str, token: str, now: datetime, *, corrects: MinuteLine | None
) -> MinuteLine:
    last = queries.last_number(session.lines)
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
