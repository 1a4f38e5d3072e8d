"""The encrypted tally of the voters' last ballots: answers added up under their weights, or sorted.

The trap is revotes: the last ballot of a credential counts, and only that one, in the order of the board.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from openballot.ballots import Sealed
from openballot.batches import read_batch
from openballot.canonical import (
    NotCanonical,
    array,
    compact,
    hash_hex,
    integer,
    read,
    record,
    sha256_hex,
    weight,
    weight_value,
)
from openballot.checks import Refused
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.groups import NotInGroup
from openballot.questions.texts import ciphertext_json

# What stands in an encrypted tally: a row of ciphertexts for each question.
Rows: TypeAlias = list[list[Ciphertext]]


def encrypted_tally(
    election: Election, credentials: Mapping[str, int], ballot_texts: Iterable[str]
) -> tuple[str, str]:
    """Return the encrypted tally and the sized encrypted tally of ballots that were checked before.

    Raises BallotRefused when a text cannot even be read, NotInGroup for what was never checked.
    """
    return tally_of(election, read_batch(election, credentials, list(ballot_texts)))


def tally_of(election: Election, ballots: Iterable[Sealed]) -> tuple[str, str]:
    """The same for ballots already read; raises Refused for a weight where answers are not added up."""
    counted = last_ballots(ballots)
    total_weight = sum(ballot.weight for ballot in counted)
    return written_tally(election, rows_of(election, counted), len(counted), total_weight)


def written_tally(election: Election, rows: Rows, number: int, total_weight: int) -> tuple[str, str]:
    """Write the encrypted tally and the sized one, of so many voters' last ballots with this weight."""
    text = compose_encrypted_tally(election, rows)
    sized = {
        "num_tallied": number,
        "total_weight": weight_value(total_weight),
        "encrypted_tally": hash_hex(text),
    }
    return text, compact(sized)


def rows_of(election: Election, ballots: Sequence[Sealed]) -> Rows:
    """Return the rows of all these ballots, whoever's they are.

    Raises Refused for a weight where answers are not added up, NotInGroup for what cannot be multiplied.
    """
    return [
        question.tally(election.group, [(ballot.answers[index], ballot.weight) for ballot in ballots])
        for index, question in enumerate(election.questions)
    ]


def together(election: Election, left: Rows, right: Rows) -> Rows:
    """Return the rows of all the ballots that are in one or the other."""
    return [
        question.together(election.group, one, other)
        for question, one, other in zip(election.questions, left, right, strict=True)
    ]


def without(election: Election, whole: Rows, part: Rows) -> Rows:
    """Take the rows of some ballots out of those that they are in."""
    return [
        question.without(election.group, one, other)
        for question, one, other in zip(election.questions, whole, part, strict=True)
    ]


def compose_encrypted_tally(election: Election, rows: Rows) -> str:
    """Write an encrypted tally."""
    group = election.group
    return compact(
        [
            question.fold([ciphertext_json(group, ciphertext) for ciphertext in row])
            for question, row in zip(election.questions, rows, strict=True)
        ]
    )


def last_ballots(ballots: Iterable[Sealed]) -> list[Sealed]:
    """Keep the last ballot of each credential."""
    return list({ballot.credential: ballot for ballot in ballots}.values())


def read_encrypted_tally(election: Election, text: str) -> Rows:
    """Read an encrypted tally and prove that its elements are in the group; raises Refused."""
    group = election.group
    try:
        rows = array(read(text), length=len(election.questions))
        fields = [
            [record(value, "alpha", "beta") for value in question.unfold(row)]
            for row, question in zip(rows, election.questions, strict=True)
        ]
    except NotCanonical as error:
        raise Refused("tally_text", "encrypted tally") from error
    try:
        return [
            [Ciphertext(group.element(value["alpha"]), group.element(value["beta"])) for value in row]
            for row in fields
        ]
    except (NotCanonical, NotInGroup) as error:
        raise Refused("tally_element", "encrypted tally") from error


def read_sized_tally(text: str) -> tuple[int, int, str]:
    """Return num_tallied, total_weight and the encrypted tally's hash; raises Refused."""
    try:
        fields = record(read(text), "num_tallied", "total_weight", "encrypted_tally")
        return (
            integer(fields["num_tallied"]),
            weight(fields["total_weight"]),
            sha256_hex(fields["encrypted_tally"]),
        )
    except NotCanonical as error:
        raise Refused("tally_text", "sized encrypted tally") from error
