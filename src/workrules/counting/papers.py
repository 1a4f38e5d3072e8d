"""What came out of the ballot box: each decrypted answer is a paper, blank, or invalid.

An answer is a list of small integers, one for each candidate, as Belenios writes it: a rank with 1 for the
best and 0 for "not ranked", or a grade with 1 for the best. The trap: a paper that breaks the rule of its
question is counted as invalid and never repaired, for a repaired paper is a vote that nobody cast.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

Paper = tuple[int, ...]
MOST = 255  # each number is encoded in eight bits


class ImpossibleElection(ValueError):
    """Nobody to elect, nothing to elect them to, or no grade to give."""


class Fault(Enum):
    """Why an answer is no valid paper."""

    LENGTH = "length"  # not one number for each candidate
    NO_RANK = "no_rank"  # a number that is no rank
    REPEATED = "repeated"  # two candidates share a rank where each has its own
    GAP = "gap"  # a rank is left out
    NO_GRADE = "no_grade"  # a candidate without a grade, or with one that is not offered


class InvalidPaper(ValueError):
    """This answer is no valid paper; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Equal papers lie together with their number, in order, so that it never matters who voted when."""

    papers: tuple[tuple[Paper, int], ...]
    blank: int
    invalid: tuple[tuple[Fault, int], ...]

    @property
    def valid(self) -> int:
        return sum(number for _, number in self.papers)


def sort_answers(answers: Iterable[Sequence[int]], read: Callable[[Paper], Paper]) -> Box:
    """Read every answer with *read*, which raises InvalidPaper; all zeros is a blank paper."""
    papers: Counter[Paper] = Counter()
    invalid: Counter[Fault] = Counter()
    blank = 0
    for answer, number in Counter(map(tuple, answers)).items():
        try:
            paper = read(answer)
        except InvalidPaper as refused:
            invalid[refused.fault] += number
            continue
        if any(answer):
            papers[paper] += number
        else:
            blank += number
    return Box(
        papers=tuple(sorted(papers.items())),
        blank=blank,
        invalid=tuple((fault, invalid[fault]) for fault in Fault if invalid[fault]),
    )


def preferences(answer: Paper, *, candidates: int) -> Paper:
    """
    Read strict ranks as the candidates in order of preference: (2, 0, 1) is (2, 0).

    The ranks are 1, 2, 3 …, each given once, and 0 for everybody who is not ranked.
    """
    _check_numbers(answer, candidates)
    ranked = sorted((rank, candidate) for candidate, rank in enumerate(answer) if rank)
    ranks = [rank for rank, _ in ranked]
    if len(set(ranks)) < len(ranks):
        raise InvalidPaper(Fault.REPEATED)
    if ranks != list(range(1, len(ranks) + 1)):
        raise InvalidPaper(Fault.GAP)
    return tuple(candidate for _, candidate in ranked)


def order(answer: Paper, *, candidates: int) -> Paper:
    """
    Read ranks that may be equal as places without gaps: (7, 0, 3, 7) is (1, 2, 0, 1).

    Only the order matters. Everybody who is not ranked is equal, and below everybody who is.
    """
    _check_numbers(answer, candidates)
    places = [*sorted(set(answer) - {0}), 0]
    return tuple(map(places.index, answer))


def grades(answer: Paper, *, candidates: int, offered: int) -> Paper:
    """Read one grade for each candidate, from 1, the best, to *offered*, the worst; or none at all."""
    _check_numbers(answer, candidates)
    if any(answer) and not all(1 <= grade <= offered for grade in answer):
        raise InvalidPaper(Fault.NO_GRADE)
    return answer


def _check_numbers(answer: Paper, candidates: int) -> None:
    if len(answer) != candidates:
        raise InvalidPaper(Fault.LENGTH)
    if not all(0 <= number <= MOST for number in answer):
        raise InvalidPaper(Fault.NO_RANK)
