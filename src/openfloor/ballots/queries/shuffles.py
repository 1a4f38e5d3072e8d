"""Ranks and grades between their sum and their opening: who has mixed the votes, and what is opened then."""

from typing import Any

from openballot.decryption import read_owned
from openballot.election import Election
from openballot.shuffle import shuffled_tally
from openfloor.ballots import errors, statements
from openfloor.ballots.models import Ballot, BoardEvent
from openfloor.ballots.queries.boards import board_hash, papers_of, texts_of
from openfloor.ballots.queries.keymaking import keys_needed
from openfloor.ballots.questions import are_shuffled


def is_mixed(ballot: Ballot) -> bool:
    """Is it a ballot whose votes are mixed and then opened one by one?"""
    return are_shuffled(ballot.questions)


def shuffles_needed(ballot: Ballot) -> int:
    """As many trustees mix as open the count: fewer could find out together whose vote is whose."""
    return keys_needed(ballot)


def shuffles_made(ballot: Ballot) -> int:
    """How many trustees have mixed."""
    return ballot.trustees.exclude(shuffle_signature=None).count()


def is_added_up(ballot: Ballot) -> bool:
    """Is the encrypted tally on the board?"""
    return ballot.board.filter(kind="EncryptedTally").exists()


def waits_for_shuffles(ballot: Ballot) -> bool:
    """Is it the trustees' turn to mix the votes?"""
    is_time = ballot.state == Ballot.State.CLOSED and is_mixed(ballot) and is_added_up(ballot)
    return is_time and not ballot.board.filter(kind="EndShuffles").exists()


def event_to_open(ballot: Ballot) -> BoardEvent | None:
    """The last event before the count is opened: the tally, or the end of the shuffles. None before it."""
    return ballot.board.filter(kind="EndShuffles" if is_mixed(ballot) else "EncryptedTally").first()


def is_ready_to_open(ballot: Ballot) -> bool:
    return event_to_open(ballot) is not None


def tally_to_open(ballot: Ballot) -> str:
    """The text of the board's tally, its answers in the order of the last shuffle; raises TallyBeingMade."""
    tally = ballot.board.filter(kind="EncryptedTally").first()
    if tally is None:
        raise errors.TallyBeingMade
    text: str = tally.data[0]
    last = ballot.board.filter(kind="Shuffle").order_by("height").last()
    if last is None:
        return text
    return shuffled_tally(Election.parse(texts_of(ballot).election), text, last.data[0])


def shuffles_of(ballot: Ballot) -> dict[str, Any]:
    """shuffles.json: who says to have made each shuffle on the board, in its order."""
    signatures = {
        trustee.position: {"number": trustee.member.number, "signature": trustee.shuffle_signature}
        for trustee in ballot.trustees.select_related("member")
    }
    events = ballot.board.filter(kind="Shuffle").order_by("height")
    return {"shuffles": [signatures[read_owned(event.data[1])[0]] for event in events]}


def final_head_of(ballot: Ballot, number: int) -> statements.Statement:
    """The final head that trustee *number* signs with the decryption; raises TallyBeingMade, NotMixedYet."""
    event = refuse_unless_ready(ballot)
    return statements.final_head(
        ballot=ballot.uuid,
        election_hash=board_hash(ballot),
        head=event.hash,
        ballots=papers_of(ballot).count(),
        number=number,
    )


def refuse_unless_ready(ballot: Ballot) -> BoardEvent:
    """What `event_to_open` answers; raises TallyBeingMade, NotMixedYet."""
    event = event_to_open(ballot)
    if event is None:
        raise errors.NotMixedYet if is_added_up(ballot) else errors.TallyBeingMade
    return event
