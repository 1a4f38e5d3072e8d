"""The ballots of a board as they come: checked in batches, and each credential's last one added up.

The trap is memory: of all ballots only each credential's last one is remembered, by its hash and its place in
the file. So one that is replaced is read again from there, and taken out of the rows.
"""

import hashlib
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple, TypeAlias

from openballot.ballots import BallotChecker, BallotRefused, Sealed, claimed_credential, read_ballot
from openballot.batches import check_batch, read_batch
from openballot.canonical import base64_of
from openballot.checks import Finding
from openballot.election import Election
from openballot.findings import Findings
from openballot.groups import NotInGroup
from openballot.records import FileChanged
from openballot.tally import Rows, rows_of, together, without, written_tally
from openballot.workers import Pending, Workers

MOST_BALLOTS, MOST_CHARACTERS = 128, 2**20
DIGEST = 32

# For each text of a batch the ballot, if it can be read at all, and everything that is wrong with it.
Examined: TypeAlias = list[tuple[Sealed | None, list[Finding]]]


@dataclass(frozen=True, slots=True)
class Batch:
    """Ballots of one election, and the weights of their credentials; *checked* ones are only added up."""

    election_text: str
    weights: dict[str, int]
    texts: list[str]
    checked: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is left of a batch: of each ballot its credential and what is wrong; of all the tally's rows.

    One that cannot be read has no credential, and is in no row.
    """

    credentials: list[str | None]
    findings: list[list[Finding]]
    rows: Rows


def examine(batch: Batch) -> Outcome:
    """Check a batch, or only add it up when it was checked before. Runs wherever the work is done."""
    checker = _checker(batch.election_text).among(batch.weights)
    election = checker.election
    if not batch.checked:
        return _outcome(election, check_batch(checker, batch.texts))
    try:
        ballots = read_batch(election, batch.weights, batch.texts)
        return _outcome(election, [(ballot, []) for ballot in ballots])
    except (BallotRefused, NotInGroup):
        # Whoever checked them before was wrong: now it shows which they are.
        return _outcome(election, _read_one_by_one(election, batch))


def _outcome(election: Election, examined: Examined) -> Outcome:
    return Outcome(
        credentials=[ballot.credential if ballot else None for ballot, _ in examined],
        findings=[findings for _, findings in examined],
        rows=rows_of(election, [ballot for ballot, _ in examined if ballot]),
    )


@lru_cache(maxsize=1)
def _checker(election_text: str) -> BallotChecker:
    """The tables for an election's key are made once in each process."""
    return BallotChecker(Election.parse(election_text), {})


def _read_one_by_one(election: Election, batch: Batch) -> Examined:
    read: Examined = []
    for text in batch.texts:
        try:
            read.append((read_ballot(election, batch.weights, text).sealed(), []))
        except BallotRefused as refusal:
            read.append((None, [refusal.finding]))
    return read


class Place(NamedTuple):
    """Where a ballot stands in the file, and the SHA-256 of its text."""

    at: int
    digest: bytes


class LastBallots:
    """The place of each credential's last ballot, in as few bytes before it votes as afterwards."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self.weights = weights
        self.number = 0
        self.total_weight = 0
        self._rows = {credential: row for row, credential in enumerate(weights)}
        # No ballot stands at 0, where the archive's header does.
        self._places = array("Q", bytes(8 * len(weights)))
        self._digests = bytearray(DIGEST * len(weights))
        self._replaced: dict[int, set[bytes]] = {}

    def has(self, credential: str, digest: bytes) -> bool:
        """Has this very ballot been put in before?"""
        row = self._rows[credential]
        return self._places[row] != 0 and (
            digest == self._digest(row) or digest in self._replaced.get(row, ())
        )

    def put(self, credential: str, place: Place) -> Place | None:
        """Put in a ballot; return the place of the one that it replaces."""
        row = self._rows[credential]
        before = Place(self._places[row], self._digest(row)) if self._places[row] else None
        if before is None:
            self.number += 1
            self.total_weight += self.weights[credential]
        else:
            self._replaced.setdefault(row, set()).add(before.digest)
        self._places[row] = place.at
        self._digests[DIGEST * row : DIGEST * (row + 1)] = place.digest
        return before

    def places_up_to(self, at: int) -> Iterator[Place]:
        """Yield those of the last ballots that stand no later than that."""
        for row, place in enumerate(self._places):
            if 0 < place <= at:
                yield Place(place, self._digest(row))

    def _digest(self, row: int) -> bytes:
        return bytes(self._digests[DIGEST * row : DIGEST * (row + 1)])


@dataclass(slots=True)
class _Pile:
    """Ballots that wait to be handed over together, and their places."""

    checked: bool
    weights: dict[str, int] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    characters: int = 0

    def is_full(self) -> bool:
        return len(self.texts) >= MOST_BALLOTS or self.characters >= MOST_CHARACTERS


class BallotBox:
    """Takes the ballots of one election in the order of the board, and adds up the last of each credential.

    *read_again* gives a ballot back from where it stands. *findings* grows with what is wrong; *progress* is
    called with the number of ballots examined, whenever it grows.
    """

    def __init__(
        self,
        election: Election,
        credentials: Mapping[str, int],
        *,
        workers: Workers,
        read_again: Callable[[int], str],
        findings: Findings,
        progress: Callable[[int], None],
    ) -> None:
        self.election = election
        self.examined = 0
        self._last = LastBallots(credentials)
        self._rows = rows_of(election, [])
        self._all_can_be_read = True
        self._workers = workers
        self._read_again = read_again
        self._findings = findings
        self._progress = progress
        # Ballots up to this place are in no row yet.
        self._waiting_up_to = 0
        self._arriving = _Pile(checked=False)
        self._replaced = _Pile(checked=True)
        self._handed_over: deque[tuple[Pending[Outcome], Callable[[Outcome], None]]] = deque()

    def put(self, text: str, at: int) -> None:
        """Take the ballot that stands there, and have it checked."""
        self._add(self._arriving, text, Place(at, _digest(text)))
        if self._arriving.is_full():
            self._hand_over_arriving()
            self._take_back(self._workers.ahead)

    def put_checked(self, text: str, at: int) -> None:
        """Take one that was found good before, earlier than any that was not: it waits to be added up."""
        credential = claimed_credential(text)
        if credential in self._last.weights:
            self._note(credential, Place(at, _digest(text)))
            self._waiting_up_to = at

    def settle(self) -> None:
        """Wait for all the work that is still done somewhere."""
        self._hand_over_arriving()
        self._take_back(0)
        self._hand_over_replaced()
        self._take_back(0)

    def tally(self) -> tuple[str, str] | None:
        """Write the encrypted tally of all so far, and the sized one; None when a ballot cannot be read."""
        self.settle()
        self._add_up_waiting()
        if not self._all_can_be_read:
            return None
        return written_tally(self.election, self._rows, self._last.number, self._last.total_weight)

    def _add_up_waiting(self) -> None:
        pile = _Pile(checked=True)
        for place in self._last.places_up_to(self._waiting_up_to):
            self._add(pile, self._again(place), place)
            if pile.is_full():
                self._hand_over(pile, self._take_in)
                self._take_back(self._workers.ahead)
                pile = _Pile(checked=True)
        self._hand_over(pile, self._take_in)
        self._take_back(0)
        self._waiting_up_to = 0

    def _add(self, pile: _Pile, text: str, place: Place) -> None:
        credential = claimed_credential(text)
        if credential in self._last.weights:
            pile.weights[credential] = self._last.weights[credential]
        pile.texts.append(text)
        pile.places.append(place)
        pile.characters += len(text)

    def _hand_over_arriving(self) -> None:
        pile, self._arriving = self._arriving, _Pile(checked=False)
        self._hand_over(pile, partial(self._count, pile.places))

    def _hand_over_replaced(self) -> None:
        pile, self._replaced = self._replaced, _Pile(checked=True)
        self._hand_over(pile, self._take_out)

    def _hand_over(self, pile: _Pile, then: Callable[[Outcome], None]) -> None:
        if pile.texts:
            batch = Batch(self.election.text, pile.weights, pile.texts, pile.checked)
            self._handed_over.append((self._workers.executor.submit(examine, batch), then))

    def _take_back(self, ahead: int) -> None:
        """Take outcomes in the order of the board until no more than *ahead* are waited for."""
        while len(self._handed_over) > ahead:
            future, then = self._handed_over.popleft()
            then(future.result())

    def _count(self, places: list[Place], outcome: Outcome) -> None:
        for place, credential, findings in zip(places, outcome.credentials, outcome.findings, strict=True):
            self._findings.add("ballots", findings)
            before = self._note(credential, place) if credential else None
            if before is not None and before.at > self._waiting_up_to:
                self._add(self._replaced, self._again(before), before)
        self._add_up(outcome)
        self.examined += len(places)
        self._progress(self.examined)
        if self._replaced.is_full():
            self._hand_over_replaced()

    def _note(self, credential: str, place: Place) -> Place | None:
        """Remember a credential's last ballot; return the place of the one before."""
        if self._last.has(credential, place.digest):
            self._findings.find("ballots", "ballot_repeated", f"ballot {base64_of(place.digest)}")
        return self._last.put(credential, place)

    def _take_in(self, outcome: Outcome) -> None:
        for findings in outcome.findings:
            self._findings.add("ballots", findings)
        self._add_up(outcome)

    def _add_up(self, outcome: Outcome) -> None:
        self._all_can_be_read = self._all_can_be_read and None not in outcome.credentials
        self._rows = together(self.election, self._rows, outcome.rows)

    def _again(self, place: Place) -> str:
        text = self._read_again(place.at)
        if _digest(text) != place.digest:
            raise FileChanged
        return text

    def _take_out(self, outcome: Outcome) -> None:
        self._rows = without(self.election, self._rows, outcome.rows)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
