"""Majority judgment: everybody is graded, and the best middle grade wins.

M. Balinski and R. Laraki, "A theory of measuring, electing, and ranking", PNAS 104 (2007) 8720-8725:
candidates are ranked by majority grade and then by majority value. The trap: of an even number of grades
the middle one is the lower of the two; and whoever has the same grades as another is level with them. No lot
is drawn then; people decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, groupby, pairwise
from operator import itemgetter

from workrules.counting.papers import Box, Fault, ImpossibleElection, grades, sort_answers

FEWEST_GRADES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgment:
    """
    What one candidate was given: `numbers` papers for each grade, the best first.

    `grade` is the majority grade, from 1, the best; `better` and `worse` papers gave another one. Together
    they are the majority gauge. None where nobody graded.
    """

    numbers: tuple[int, ...]
    grade: int | None
    better: int
    worse: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """
    How a place was told from the next: by the middle grades left once `set_aside` of each were taken away.

    0 means by the majority grades themselves. `grade` is what was in the middle for this place then, and
    `next_grade` for the next.
    """

    set_aside: int
    grade: int
    next_grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """
    The whole count. `ranking` goes from the best to the last; candidates in one place are level.

    `steps` has one for each place but the last: how it was told from the one after it.
    """

    candidates: int
    grades: int
    valid: int
    blank: int
    invalid: tuple[tuple[Fault, int], ...]
    judgments: tuple[Judgment, ...]
    ranking: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]


def count(answers: Iterable[Sequence[int]], *, candidates: int, grades_offered: int) -> Count:
    """
    Count grades: one for each candidate, from 1, the best, to *grades_offered*, the worst.

    Raises ImpossibleElection without candidates, or with fewer than two grades.
    """
    if candidates < 1 or grades_offered < FEWEST_GRADES:
        raise ImpossibleElection("an election has a candidate and two grades at least")
    box = sort_answers(answers, partial(grades, candidates=candidates, offered=grades_offered))
    judgments = tuple(_judgment(_numbers(box, candidate, grades_offered)) for candidate in range(candidates))
    values = sorted(
        (majority_value(judgments[candidate].numbers), candidate) for candidate in range(candidates)
    )
    places = [(value, tuple(map(itemgetter(1), level))) for value, level in groupby(values, itemgetter(0))]
    return Count(
        candidates=candidates,
        grades=grades_offered,
        valid=box.valid,
        blank=box.blank,
        invalid=box.invalid,
        judgments=judgments,
        ranking=tuple(place for _, place in places),
        steps=tuple(_step(value, next_value) for (value, _), (next_value, _) in pairwise(places)),
    )


def majority_value(numbers: Sequence[int]) -> tuple[int, ...]:
    """
    List the grades in the order in which the middle one is taken away, again and again: smaller is better.

    Sorted from the best, they go from the centre outwards, in turn on either side; of two in the centre the
    worse one goes first. *numbers* are the papers for each grade, the best first.
    """
    graded = [grade for grade, number in enumerate(numbers, start=1) for _ in range(number)]
    centre, odd = divmod(len(graded), 2)
    worse, better = graded[centre + odd :], reversed(graded[:centre])
    return (*graded[centre : centre + odd], *chain.from_iterable(zip(worse, better, strict=True)))


def _numbers(box: Box, candidate: int, grades_offered: int) -> tuple[int, ...]:
    numbers = [0] * grades_offered
    for paper, number in box.papers:
        numbers[paper[candidate] - 1] += number
    return tuple(numbers)


def _judgment(numbers: tuple[int, ...]) -> Judgment:
    value = majority_value(numbers)
    if not value:
        return Judgment(numbers=numbers, grade=None, better=0, worse=0)
    grade = value[0]
    return Judgment(
        numbers=numbers, grade=grade, better=sum(numbers[: grade - 1]), worse=sum(numbers[grade:])
    )


def _step(value: tuple[int, ...], next_value: tuple[int, ...]) -> Step:
    differs = next(at for at, (one, other) in enumerate(zip(value, next_value, strict=True)) if one != other)
    return Step(set_aside=differs, grade=value[differs], next_grade=next_value[differs])
