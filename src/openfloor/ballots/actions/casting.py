"""Taking one ballot paper: without a session, without a time, and answered only once it is on the disk."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import transaction

from openballot.ballots import Ballot as Paper
from openballot.ballots import BallotChecker, BallotRefused, ballot_hash
from openballot.batches import PreparedChecker
from openballot.credentials import weights_of_checked
from openballot.election import Election
from openfloor.ballots import errors, shown, statements
from openfloor.ballots.actions.board import LIGHT, append, locked_lightly
from openfloor.ballots.actions.closing import close_if_due
from openfloor.ballots.models import Ballot, BoardEvent
from openfloor.ballots.queries import loss_of
from openfloor.workplace import boardkey

LARGEST_PAPER = 1_000_000  # bytes
MOST_PAPERS = 50  # of one credential, the first included: nobody alone can fill the board


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The board's signed word that it has a paper; *state* is "counts" or "replaced" by a later one."""

    receipt: statements.Statement
    signature: str
    state: str

    def as_json(self) -> dict[str, Any]:
        return {"receipt": self.receipt, "signature": self.signature, "state": self.state}


def cast(ballot_uuid: str, body: bytes, now: datetime) -> Receipt:
    """
    Put a paper on the board and answer with its receipt; the same bytes always get the same one.

    The proofs are checked before the transaction. Inside it state and clock are read again: the time that has
    passed since *now* counts, so that nothing slips in after the close. Raises BallotError, each code as in
    docs/specs/ballot.md.
    """
    started = monotonic()
    ballot = _ballot_at(ballot_uuid)
    text = _text_of(body)
    tracker = ballot_hash(text)
    known = _event_of(ballot, tracker)
    if known is not None:
        return _receipt_again(ballot, known)
    if close_if_due(ballot, now):
        raise errors.Closed
    _refuse_unless_open(ballot)
    paper = _checked(ballot, text)
    with transaction.atomic(durable=True):
        ballot = locked_lightly(ballot.pk)
        known = _event_of(ballot, tracker)
        is_over = now + timedelta(seconds=monotonic() - started) >= ballot.closes_at
        if known is None and not is_over:
            _refuse_unless_open(ballot)
            _refuse_too_many(ballot, paper.credential)
            event = append(ballot, "Ballot", text, credential=paper.credential, tracker=tracker)
    if known is not None:
        return _receipt_again(ballot, known)
    if is_over:
        close_if_due(ballot, now + timedelta(seconds=monotonic() - started))
        raise errors.Closed
    return _receipt(ballot, event, "counts")


def _ballot_at(uuid: str) -> Ballot:
    ballot = Ballot.objects.only(*LIGHT).filter(uuid=uuid).first()
    if ballot is None or ballot.state in (Ballot.State.DRAFT, Ballot.State.WITHDRAWN):
        raise errors.NoSuchBallot
    return ballot


def _refuse_void(ballot: Ballot) -> None:
    """Also when nobody has marked it yet: a receipt must not be shown again for what may fork away."""
    if loss_of(ballot) is not None:  # or it has closed since it was read, and that erased its k
        ballot = _ballot_at(ballot.uuid)
    if ballot.state == Ballot.State.VOID or loss_of(ballot) is not None:
        raise errors.Void


def _event_of(ballot: Ballot, tracker: str) -> BoardEvent | None:
    return ballot.board.filter(tracker=tracker).defer("data", "text").first()


def _refuse_unless_open(ballot: Ballot) -> None:
    if ballot.state == Ballot.State.VOID:
        raise errors.Void
    if ballot.state in (Ballot.State.ANNOUNCED, Ballot.State.FROZEN):
        raise errors.NotYetOpen
    if ballot.state == Ballot.State.WITHDRAWN:
        raise errors.NoSuchBallot
    if ballot.state != Ballot.State.OPEN:
        raise errors.Closed


def _refuse_too_many(ballot: Ballot, credential: str) -> None:
    if ballot.board.filter(credential=credential).count() >= MOST_PAPERS:
        raise errors.TooManyPapers(most=MOST_PAPERS - 1)


def _text_of(body: bytes) -> str:
    if len(body) > LARGEST_PAPER:
        raise errors.PaperTooLarge
    try:
        text = body.decode()
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise errors.NotJson from error
    return text


def _checked(ballot: Ballot, text: str) -> Paper:
    try:
        return _checker(ballot.uuid).check(text)
    except BallotRefused as refusal:
        raise errors.PAPER_REFUSALS[refusal.check] from refusal


# Election and credentials never change after the freeze, which checked them; the tables are worth a second.
@lru_cache(maxsize=8)
def _checker(uuid: str) -> PreparedChecker:
    credentials = Ballot.objects.values_list("credentials", flat=True).get(uuid=uuid)
    return PreparedChecker(BallotChecker(_election(uuid), weights_of_checked(str(credentials))))


@lru_cache(maxsize=64)
def _election(uuid: str) -> Election:
    return Election.parse(str(Ballot.objects.values_list("election", flat=True).get(uuid=uuid)))


def _receipt_again(ballot: Ballot, event: BoardEvent) -> Receipt:
    _refuse_void(ballot)
    later = ballot.board.filter(credential=event.credential, height__gt=event.height)
    return _receipt(ballot, event, "replaced" if later.exists() else "counts")


def _receipt(ballot: Ballot, event: BoardEvent, state: str) -> Receipt:
    receipt = statements.receipt(
        ballot=ballot.uuid,
        election_hash=_election(ballot.uuid).fingerprint,
        ballot_hash=str(event.tracker),
        event=event.hash,
        height=event.height,
        ledger_head=str(ballot.opening_ledger_head),
    )
    if ballot.state == Ballot.State.OPEN:
        shown.keep(ballot.uuid, event.height, event.hash)
    return Receipt(receipt=receipt, signature=boardkey.sign(ballot.committee_id, receipt), state=state)
