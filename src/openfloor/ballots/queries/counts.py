"""Ranks and grades, counted by the rule of their question from what was opened."""

from openfloor.ballots import errors
from openfloor.ballots.models import Ballot
from openfloor.ballots.questions import Count, counted, is_shuffled
from openfloor.ui.kept import Kept


def counts_of(ballot: Ballot) -> list[Count | None]:
    """Of each question, None where answers were added up; raises StillOpen. It takes a second a 50,000."""
    if ballot.result is None or ballot.undecodable is None:
        raise errors.StillOpen
    head = lot_head(ballot)
    return [
        counted(question, _votes(answers, no_votes), head) if is_shuffled(question) else None
        for question, answers, no_votes in zip(
            ballot.questions, ballot.result, ballot.undecodable, strict=True
        )
    ]


def kept_counts_of(ballot: Ballot) -> list[Count | None]:
    """The same for pages, which ask again and again for what never changes."""
    return _counts.get(ballot.uuid, lambda: counts_of(ballot))


def lot_head(ballot: Ballot) -> str:
    """The event that lots are drawn from, if any are needed: the last before the opening."""
    return ballot.board.only("hash").get(kind="EndShuffles").hash


def _votes(answers: list[list[int]], no_votes: list[int]) -> list[list[int]]:
    left_out = set(no_votes)
    return [answer for place, answer in enumerate(answers) if place not in left_out]


_counts: Kept[list[Count | None]] = Kept(most=8)
