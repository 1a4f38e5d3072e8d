"""Papers that were opened instead of cast: does the paper encrypt what the booth showed?

The trap: whoever has the nonces can read the paper, so a paper that was opened must never be counted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from openballot.ballots import Ballot, BallotChecker, ballot_hash
from openballot.canonical import NotCanonical, array, hash_hex, string
from openballot.checks import Refused
from openballot.election import Election
from openballot.groups import NotInGroup
from openballot.questions import WrongNonce
from openballot.words import words_of

MOST_BYTES = 4_000_000
RECEIPT_WORDS = 6


class NotOpened(ValueError):
    """Not a file that the booth saved, or not whole."""

    def __init__(self) -> None:
        super().__init__("This is not a paper that the booth saved, or it is not whole. Save it again.")


class WrongNonces(ValueError):
    """The numbers given do not open the ciphertexts: whoever made the paper encrypted something else."""

    def __init__(self, question: int, choice: int) -> None:
        super().__init__(
            f"The keys do not open this paper (question {question}, choice {choice}): "
            "what was locked is not what the device says. Do not vote on that device."
        )
        self.question = question
        self.choice = choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What the booth saves: the election's text, the paper's text, and one nonce for each ciphertext."""

    election: Election
    ballot: str
    nonces: tuple[tuple[int, ...], ...]

    @property
    def tracker(self) -> str:
        return ballot_hash(self.ballot)

    @property
    def words(self) -> list[str]:
        """The words that the booth showed before it was asked to open the paper."""
        return words_of(hash_hex(self.ballot), RECEIPT_WORDS)

    @property
    def credential(self) -> str:
        try:
            return string(json.loads(self.ballot)["credential"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise Refused("ballot_text", f"ballot {self.tracker}") from error

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read a file that the booth saved; raises NotOpened, or Refused for an impossible election."""
        try:
            if len(data) > MOST_BYTES:
                raise NotCanonical("The file is too large.")
            fields = json.loads(data.decode())
            election = Election.parse(string(fields["election"]))
            rows = array(fields["nonces"], length=len(election.questions))
            nonces = tuple(
                tuple(map(election.group.scalar, question.unfold(row, 1)))
                for question, row in zip(election.questions, rows, strict=True)
            )
            ballot = string(fields["ballot"])
            ballot.encode()
            return cls(election=election, ballot=ballot, nonces=nonces)
        except Refused:
            raise
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise NotOpened from error


def read_answers(opened: Opened) -> list[Any]:
    """
    What the paper encrypts: 0 or 1 for each choice, a blank vote's bit first, or the numbers of a ranking.

    Everything about the paper but its place on a list of credentials is checked first; raises Refused.
    Raises WrongNonces unless every ciphertext is (g^r, y^r M) for its nonce r and an M that a question of its
    kind allows (Belenios specification, section 4.11).
    """
    election = opened.election
    ballot = _checked(opened)
    return [
        _open(election, number, answer, nonces)
        for number, (answer, nonces) in enumerate(zip(ballot.answers, opened.nonces, strict=True), start=1)
    ]


def _checked(opened: Opened) -> Ballot:
    group, credential = opened.election.group, opened.credential
    # Where a list of credentials is at hand, its reader has proven this.
    try:
        is_usable = group.element(credential) != group.identity
    except (NotCanonical, NotInGroup):
        is_usable = False
    if not is_usable:
        raise Refused("credential_element", f"ballot {opened.tracker}")
    return BallotChecker(opened.election, {credential: 1}).check(opened.ballot)


def _open(election: Election, number: int, answer: Any, nonces: Sequence[int]) -> Any:
    question = election.questions[number - 1]
    try:
        return question.open_answer(election.group, election.public_key, answer, nonces)
    except WrongNonce as error:
        raise WrongNonces(number, error.choice) from error
