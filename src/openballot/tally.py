"""The encrypted tally: every choice multiplied over the voters' last ballots, raised to their weights.

The trap is revotes: the last ballot of a credential counts, and only that one, in the order of the board.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeAlias

from openballot.ballots import Ballot, read_ballot
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
from openballot.groups import Element, NotInGroup, product_of, quotient

# What stands in an encrypted tally: for each question a ciphertext for each choice.
Sums: TypeAlias = list[list[Ciphertext]]


def encrypted_tally(
    election: Election, credentials: Mapping[str, int], ballot_texts: Iterable[str]
) -> tuple[str, str]:
    """Return the encrypted tally and the sized encrypted tally of ballots that were checked before.

    Raises BallotRefused when a text cannot even be read, NotInGroup for what was never checked.
    """
    trusting = replace(election, group=election.group.trusting())
    return tally_of(trusting, [read_ballot(trusting, credentials, text) for text in ballot_texts])


def tally_of(election: Election, ballots: Iterable[Ballot]) -> tuple[str, str]:
    """The same for ballots already read."""
    counted = last_ballots(ballots)
    total_weight = sum(ballot.weight for ballot in counted)
    return written_tally(election, sums_of(election, counted), len(counted), total_weight)


def written_tally(election: Election, sums: Sums, number: int, total_weight: int) -> tuple[str, str]:
    """Write the encrypted tally and the sized one, of so many voters' last ballots with this weight."""
    group = election.group
    text = compact(
        [[{"alpha": group.text(c.alpha), "beta": group.text(c.beta)} for c in row] for row in sums]
    )
    sized = {
        "num_tallied": number,
        "total_weight": weight_value(total_weight),
        "encrypted_tally": hash_hex(text),
    }
    return text, compact(sized)


def sums_of(election: Election, ballots: Sequence[Ballot]) -> Sums:
    """Multiply each choice over all these ballots, raised to their weights, whoever's they are."""
    group = election.group
    return [
        [
            Ciphertext(
                product_of(group, [_weighted(election, row[c].alpha, weight) for row, weight in rows]),
                product_of(group, [_weighted(election, row[c].beta, weight) for row, weight in rows]),
            )
            for c in range(question.choices)
        ]
        for q, question in enumerate(election.questions)
        for rows in [[(ballot.answers[q].choices, ballot.weight) for ballot in ballots]]
    ]


def together(election: Election, left: Sums, right: Sums) -> Sums:
    """Return the sums of all the ballots that are in one or the other."""
    return _cell_by_cell(left, right, election.group.multiply)


def without(election: Election, whole: Sums, part: Sums) -> Sums:
    """Take the sums of some ballots out of those that they are in."""
    return _cell_by_cell(whole, part, partial(quotient, election.group))


def _cell_by_cell(left: Sums, right: Sums, combined: Callable[[Element, Element], Element]) -> Sums:
    return [
        [
            Ciphertext(combined(one.alpha, other.alpha), combined(one.beta, other.beta))
            for one, other in zip(row, other_row, strict=True)
        ]
        for row, other_row in zip(left, right, strict=True)
    ]


def last_ballots(ballots: Iterable[Ballot]) -> list[Ballot]:
    """Keep the last ballot of each credential."""
    return list({ballot.credential: ballot for ballot in ballots}.values())


def read_encrypted_tally(election: Election, text: str) -> Sums:
    """Read an encrypted tally and prove that its elements are in the group; raises Refused."""
    group = election.group
    try:
        rows = array(read(text), length=len(election.questions))
        fields = [
            [record(value, "alpha", "beta") for value in array(row, length=question.choices)]
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


def _weighted(election: Election, element: Element, ballot_weight: int) -> Element:
    return element if ballot_weight == 1 else election.group.power(element, ballot_weight)
