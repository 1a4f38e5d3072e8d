"""The encrypted tally of the voters' last ballots: answers added up under their weights, or sorted.

The trap is revotes: the last ballot of a credential counts, and only that one, in the order of the board.
"""

from collections.abc import Iterable, Mapping, Sequence

from openballot.ballots import Ballot
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


def encrypted_tally(
    election: Election, credentials: Mapping[str, int], ballot_texts: Iterable[str]
) -> tuple[str, str]:
    """Return the encrypted tally and the sized encrypted tally of ballots that were checked before.

    Raises BallotRefused when a text cannot even be read.
    """
    return tally_of(election, read_batch(election, credentials, list(ballot_texts)))


def tally_of(election: Election, ballots: Iterable[Ballot]) -> tuple[str, str]:
    """The same for ballots already read; raises Refused for a weight where answers are not added up."""
    group = election.group
    counted = last_ballots(ballots)
    rows = [
        question.tally(group, [(ballot.answers[index], ballot.weight) for ballot in counted])
        for index, question in enumerate(election.questions)
    ]
    text = compose_encrypted_tally(election, rows)
    sized = {
        "num_tallied": len(counted),
        "total_weight": weight_value(sum(ballot.weight for ballot in counted)),
        "encrypted_tally": hash_hex(text),
    }
    return text, compact(sized)


def compose_encrypted_tally(election: Election, rows: Sequence[Sequence[Ciphertext]]) -> str:
    """Write an encrypted tally of one row of ciphertexts for each question."""
    group = election.group
    return compact(
        [
            question.fold([ciphertext_json(group, ciphertext) for ciphertext in row])
            for question, row in zip(election.questions, rows, strict=True)
        ]
    )


def last_ballots(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Keep the last ballot of each credential."""
    return list({ballot.credential: ballot for ballot in ballots}.values())


def read_encrypted_tally(election: Election, text: str) -> list[list[Ciphertext]]:
    """Read an encrypted tally, a row of ciphertexts for each question, all proven members; raises Refused."""
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
