"""Paper slips as they were made: public credentials by list, and whether their use may be told.

The trap: a slip's holder is one of few. What is told of them must be no smaller than what is told of a cell.
"""

import json
from dataclasses import dataclass
from typing import Any

from openfloor.ballots.models import Ballot
from openfloor.ballots.queries.electorate import FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSlips:
    """One list of slips: who made it, how many, and their public credentials as signed."""

    number: int
    count: int
    credentials: str
    hash: str
    signature: str

    @property
    def promise(self) -> dict[str, Any]:
        """What the charter says of them."""
        return {"number": self.number, "count": self.count, "list": self.hash}

    @property
    def published(self) -> dict[str, Any]:
        """What setup.json says of them."""
        return {"number": self.number, "credentials": self.credentials, "signature": self.signature}


def slips_of(ballot: Ballot) -> list[MadeSlips]:
    """The lists of slips that have been made and not cancelled, in the order of their making."""
    return [
        MadeSlips(
            number=made.teller.member.number,
            count=made.count,
            credentials=made.credentials,
            hash=made.hash,
            signature=made.signature,
        )
        for made in ballot.slip_lists.select_related("teller__member").order_by("pk")
    ]


def papers_by_slip(ballot: Ballot) -> int | None:
    """
    How many slips were used, once it is counted; None where their holders, or all the others, are too few.

    Anyone can work this out from the board: we only do not make it easy to look at a handful of people.
    """
    if ballot.state != Ballot.State.COUNTED or min(ballot.slips, ballot.voters - ballot.slips) < FEW:
        return None
    credentials = [credential for made in slips_of(ballot) for credential in json.loads(made.credentials)]
    papers = ballot.board.filter(kind="Ballot", credential__in=credentials)
    return papers.values("credential").distinct().count()
