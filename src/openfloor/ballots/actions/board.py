"""Writing on a board: one event after the last, inside the caller's transaction and never outside one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from openballot import archive
from openfloor.ballots import errors
from openfloor.ballots.charter import text_hash
from openfloor.ballots.models import Ballot, BoardEvent, Teller, Trustee
from openfloor.ballots.queries import key_in_booths, loss_of
from openfloor.workplace import queries as workplace
from openfloor.workplace.memberkeys import Statement, check_signature
from openfloor.workplace.models import Member

HEAVY = ("charter", "trustees_text", "credentials")  # megabytes that most deeds have no use for
LIGHT = (
    "uuid",
    "committee",
    "state",
    "closes_at",
    "opened_at",
    "opening_ledger_head",
    "published_height",
    "published_at",
)


def locked(ballot_id: UUID) -> Ballot:
    """The ballot as it is now; nobody else changes it before the transaction ends."""
    return Ballot.objects.select_for_update(of=("self",)).select_related("committee").get(pk=ballot_id)


def locked_lightly(ballot_id: UUID) -> Ballot:
    """The same for deeds done again and again: with its times and state alone."""
    return Ballot.objects.select_for_update(of=("self",)).only(*LIGHT).get(pk=ballot_id)


def announced(trustee: Trustee, now: datetime) -> Ballot:
    """A trustee's ballot, locked, that waits for keys; raises NotAnnounced, TimeIsOver."""
    return _in_time(trustee, Ballot.State.ANNOUNCED, errors.NotAnnounced, now)


def frozen(officer: Trustee | Teller, now: datetime) -> Ballot:
    """A trustee's or teller's ballot, locked, that waits for signatures; raises NotFrozen, TimeIsOver."""
    return _in_time(officer, Ballot.State.FROZEN, errors.NotFrozen, now)


def _in_time(
    officer: Trustee | Teller, state: Ballot.State, otherwise: type[errors.BallotError], now: datetime
) -> Ballot:
    ballot = locked(officer.ballot_id)
    if ballot.state != state:
        raise otherwise
    if now >= ballot.closes_at:
        raise errors.TimeIsOver
    return ballot


def append(
    ballot: Ballot, kind: str, *data: str, credential: str | None = None, tracker: str | None = None
) -> BoardEvent:
    """
    Put an event with its data, the payload last, after the last event of the board.

    Raises Void rather than add to a board that has lost what receipts promised.
    """
    if loss_of(ballot) is not None:
        raise errors.Void
    event = next_event(ballot, kind, *data)
    event.credential, event.tracker = credential, tracker
    event.save(force_insert=True)
    return event


def last_event(ballot: Ballot) -> BoardEvent | None:
    """Its height and hash; the texts that it brought may be megabytes."""
    return ballot.board.only("height", "hash").order_by("height").last()


def next_event(ballot: Ballot, kind: str, *data: str) -> BoardEvent:
    """The event that would come next, not saved."""
    last = last_event(ballot)
    parent, height = (last.hash, last.height + 1) if last else (None, 0)
    text = archive.event(parent, height, kind, text_hash(data[-1]) if data else None)
    return BoardEvent(
        ballot=ballot, height=height, kind=kind, data=list(data), text=text, hash=text_hash(text)
    )


def refuse_unsigned(ballot: Ballot, member: Member, statement: Statement, signature: str) -> None:
    """Raises BadSignature unless *statement* is signed by the key that every booth has for *member*."""
    key = key_in_booths(ballot, member)
    if key is None or not check_signature(key, statement, signature):
        raise errors.BadSignature


def refuse_unsigned_now(
    ballot: Ballot, member: Member, statement: Statement, signature: str, now: datetime
) -> None:
    """The same for what no booth reads: by the key that counts now, so that a trustee may have a new one."""
    entry = workplace.roll_state(ballot.committee).entries.get(member.number)
    day = workplace.today(ballot.committee, now)
    if entry is None or not check_signature(entry.member_key_on(day), statement, signature):
        raise errors.BadSignature


def in_ledger(ballot: Ballot) -> dict[str, Any]:
    """How every entry of the ledger names a ballot."""
    return {"ballot": ballot.uuid, "title": ballot.title, **({"practice": True} if ballot.practice else {})}
