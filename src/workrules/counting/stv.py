"""Single transferable vote: several people are elected, each by a like number of votes.

The rules are those of the Scottish Local Government Elections Order 2011 (SSI 2011/399), schedule 1,
rules 46 to 53: weighted inclusive Gregory transfers in five decimals, whatever is beyond them being lost.
The trap: a vote that cannot be transferred, and what rounding loses, are counted too; each stage adds up.

Ours where the Order says nothing: without a valid paper nobody is elected; where there are fewer
candidates than seats, all are elected; the lot is that of lots.py.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from functools import partial

from workrules.counting.lots import draw, lot_seed
from workrules.counting.papers import Box, Fault, ImpossibleElection, Paper, preferences, sort_answers

PLACES = 5
ONE_VOTE = 10**PLACES  # votes are reckoned in whole hundred-thousandths


class Step(Enum):
    """What happens at a stage of the count (article 2, "stage of the count")."""

    FIRST_PREFERENCES = "first_preferences"
    SURPLUS = "surplus"
    EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """Several were level. `stage` is the earlier one, from 1, that told them apart; None where a lot did."""

    candidates: tuple[int, ...]
    stage: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    One stage: whose papers moved, and where everybody stands at its end. Candidates count from 0.

    `changes` are this stage's; `votes`, `non_transferable` and `rounded_away` are totals at its end and
    add up to the number of valid papers. `elected` reached the quota, those with most votes first;
    `elected_last` fill the seats that are left (rule 53).
    """

    step: Step
    candidate: int | None
    tie: Tie | None
    changes: tuple[Decimal, ...]
    votes: tuple[Decimal, ...]
    non_transferable: Decimal
    rounded_away: Decimal
    elected: tuple[int, ...]
    elected_last: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The whole count. `elected` are in the order of their election, and fewer than `seats` if there are."""

    candidates: int
    seats: int
    valid: int
    blank: int
    invalid: tuple[tuple[Fault, int], ...]
    quota: int
    stages: tuple[Stage, ...]
    elected: tuple[int, ...]


def count(answers: Sequence[Sequence[int]], *, candidates: int, seats: int, head: str) -> Count:
    """
    Count strict rankings: *answers* has one rank for each candidate, 1 the best, 0 for not ranked.

    *head* is the hash of the board's last event before the decryption, from which lots are drawn. Raises
    ImpossibleElection without candidates or seats, BadHead for a head that is no hash.
    """
    if candidates < 1 or seats < 1:
        raise ImpossibleElection("an election has a candidate and a seat at least")
    seed = lot_seed(head, answers)
    box = sort_answers(answers, partial(preferences, candidates=candidates))
    table = _Table(candidates=candidates, seats=seats, quota=droop_quota(box.valid, seats), seed=seed)
    if box.papers:
        table.count(box)
    return Count(
        candidates=candidates,
        seats=seats,
        valid=box.valid,
        blank=box.blank,
        invalid=box.invalid,
        quota=table.quota,
        stages=tuple(table.stages),
        elected=tuple(table.elected),
    )


def droop_quota(valid: int, seats: int) -> int:
    """The votes that elect: rule 47. No more candidates than seats can have so many."""
    return valid // (seats + 1) + 1


@dataclass(frozen=True, slots=True)
class _Parcel:
    """So many equal papers, and what each is worth in hundred-thousandths of a vote."""

    paper: Paper
    number: int
    value: int


@dataclass(slots=True, kw_only=True)
class _Table:
    """The counting table: which papers lie with whom."""

    candidates: int
    seats: int
    quota: int
    seed: str
    parcels: list[list[_Parcel]] = field(init=False)
    votes: list[int] = field(init=False)
    continuing: set[int] = field(init=False)
    elected: list[int] = field(default_factory=list)
    with_surplus: list[int] = field(default_factory=list)
    non_transferable: int = 0
    rounded_away: int = 0
    stages: list[Stage] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.parcels = [[] for _ in range(self.candidates)]
        self.votes = [0] * self.candidates
        self.continuing = set(range(self.candidates))

    @property
    def vacancies(self) -> int:
        return self.seats - len(self.elected)

    def count(self, box: Box) -> None:
        self._first_stage(box)
        while self.vacancies and self.continuing:
            if self.with_surplus:
                self._transfer_surplus()
            else:
                self._exclude()

    def _first_stage(self, box: Box) -> None:
        """Rule 46."""
        before = list(self.votes)
        for paper, number in box.papers:
            self._lay(_Parcel(paper, number, ONE_VOTE))
        self._end_stage(Step.FIRST_PREFERENCES, None, None, before)

    def _transfer_surplus(self) -> None:
        """Rules 49 and 50: the highest surplus first; every paper at its value times surplus over votes."""
        most = max(self.votes[candidate] for candidate in self.with_surplus)
        level = sorted(candidate for candidate in self.with_surplus if self.votes[candidate] == most)
        candidate, tie = self._choose(level, max)
        before = list(self.votes)
        surplus = before[candidate] - self.quota * ONE_VOTE
        self.with_surplus.remove(candidate)
        self.votes[candidate] -= surplus
        moved = 0
        for parcel in self._take(candidate):
            value = surplus * parcel.value // before[candidate]
            moved += value * parcel.number
            self._lay(_Parcel(parcel.paper, parcel.number, value))
        self.rounded_away += surplus - moved
        self._end_stage(Step.SURPLUS, candidate, tie, before)

    def _exclude(self) -> None:
        """Rules 51 and 52: the fewest votes; every paper at the value it came with."""
        fewest = min(self.votes[candidate] for candidate in self.continuing)
        level = sorted(candidate for candidate in self.continuing if self.votes[candidate] == fewest)
        candidate, tie = self._choose(level, min)
        before = list(self.votes)
        self.continuing.remove(candidate)
        self.votes[candidate] = 0
        for parcel in self._take(candidate):
            self._lay(parcel)
        self._end_stage(Step.EXCLUSION, candidate, tie, before)

    def _take(self, candidate: int) -> list[_Parcel]:
        taken, self.parcels[candidate] = self.parcels[candidate], []
        return taken

    def _lay(self, parcel: _Parcel) -> None:
        """Lay papers with the next candidate on them who is neither elected nor excluded."""
        for candidate in parcel.paper:
            if candidate in self.continuing:
                self.parcels[candidate].append(parcel)
                self.votes[candidate] += parcel.number * parcel.value
                return
        self.non_transferable += parcel.number * parcel.value

    def _choose(
        self, level: list[int], furthest: Callable[[Iterable[Decimal]], Decimal]
    ) -> tuple[int, Tie | None]:
        """
        Of level candidates the one that was *furthest* at the latest earlier stage that differs, or a lot.

        Where several were furthest at that stage, stages before it are asked about those alone.
        """
        if len(level) == 1:
            return level[0], None
        left = level
        for number in range(len(self.stages) - 1, 0, -1):
            votes = self.stages[number - 1].votes
            most = furthest(votes[candidate] for candidate in left)
            left = [candidate for candidate in left if votes[candidate] == most]
            if len(left) == 1:
                return left[0], Tie(candidates=tuple(level), stage=number)
        return draw(self.seed, len(self.stages) + 1, left), Tie(candidates=tuple(level), stage=None)

    def _end_stage(self, step: Step, candidate: int | None, tie: Tie | None, before: list[int]) -> None:
        elected = self._elect_by_quota()
        self.stages.append(
            Stage(
                step=step,
                candidate=candidate,
                tie=tie,
                changes=tuple(_votes(now - then) for now, then in zip(self.votes, before, strict=True)),
                votes=tuple(map(_votes, self.votes)),
                non_transferable=_votes(self.non_transferable),
                rounded_away=_votes(self.rounded_away),
                elected=elected,
                elected_last=self._fill_last_seats(),
            )
        )

    def _elect_by_quota(self) -> tuple[int, ...]:
        """Rule 48."""
        quota = self.quota * ONE_VOTE
        reached = [candidate for candidate in self.continuing if self.votes[candidate] >= quota]
        self.with_surplus += [candidate for candidate in reached if self.votes[candidate] > quota]
        return self._elect(reached)

    def _fill_last_seats(self) -> tuple[int, ...]:
        """Rule 53."""
        return self._elect(list(self.continuing) if len(self.continuing) <= self.vacancies else [])

    def _elect(self, candidates: list[int]) -> tuple[int, ...]:
        in_order = sorted(candidates, key=lambda candidate: (-self.votes[candidate], candidate))
        self.continuing -= set(in_order)
        self.elected += in_order
        return tuple(in_order)


def _votes(units: int) -> Decimal:
    return Decimal(units).scaleb(-PLACES)
