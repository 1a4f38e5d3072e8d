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
from openballot.credentials import parse_public_credentials
from openballot.election import Election
from openfloor.ballots import errors, statements
from openfloor.ballots.actions.board import HEAVY, append, locked_lightly
from openfloor.ballots.actions.closing import close_if_due
from openfloor.ballots.models import Ballot, BoardEvent
from openfloor.ballots.queries import board_hash, texts_of
from openfloor.workplace import boardkey

LARGEST_PAPER = 1_000_000  # bytes


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
    known = ballot.board.filter(tracker=tracker).first()
    if known is not None:
        return _receipt(ballot, known)
    if close_if_due(ballot, now):
        raise errors.Closed
    _refuse_unless_open(ballot)
    paper = _checked(ballot, text)
    with transaction.atomic(durable=True):
        ballot = locked_lightly(ballot.pk)
        event = ballot.board.filter(tracker=tracker).first()
        is_over = now + timedelta(seconds=monotonic() - started) >= ballot.closes_at
        if event is None and not is_over:
            _refuse_unless_open(ballot)
            event = append(ballot, "Ballot", text, credential=paper.credential, tracker=tracker)
    if event is None:
        close_if_due(ballot, now + timedelta(seconds=monotonic() - started))
        raise errors.Closed
    return _receipt(ballot, event)


def _ballot_at(uuid: str) -> Ballot:
    ballot = Ballot.objects.select_related("committee").defer(*HEAVY).filter(uuid=uuid).first()
    if ballot is None or ballot.state in (Ballot.State.DRAFT, Ballot.State.WITHDRAWN):
        raise errors.NoSuchBallot
    return ballot


def _refuse_unless_open(ballot: Ballot) -> None:
    if ballot.state in (Ballot.State.ANNOUNCED, Ballot.State.FROZEN):
        raise errors.NotYetOpen
    if ballot.state == Ballot.State.WITHDRAWN:
        raise errors.NoSuchBallot
    if ballot.state != Ballot.State.OPEN:
        raise errors.Closed


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


# Election and credentials never change after the freeze; the tables are worth a second each.
@lru_cache(maxsize=8)
def _checker(uuid: str) -> BallotChecker:
    texts = texts_of(Ballot.objects.get(uuid=uuid))
    election = Election.parse(texts.election)
    return BallotChecker(election, parse_public_credentials(election.group, texts.credentials))


def _receipt(ballot: Ballot, event: BoardEvent) -> Receipt:
    receipt = statements.receipt(
        ballot=ballot.uuid,
        election_hash=board_hash(ballot),
        ballot_hash=str(event.tracker),
        event=event.hash,
        height=event.height,
        ledger_head=str(ballot.opening_ledger_head),
    )
    later = ballot.board.filter(credential=event.credential, height__gt=event.height)
    return Receipt(
        receipt=receipt,
        signature=boardkey.sign(ballot.committee, receipt),
        state="replaced" if later.exists() else "counts",
    )
