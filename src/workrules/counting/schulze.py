"""The Schulze method: one is chosen from a ranking by everybody, equal ranks allowed.

M. Schulze, "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner
election method", Social Choice and Welfare 36 (2011), section 2.2, with the strength of a link by winning
votes (≻win). The trap: it can leave several winners. No lot is drawn then; people decide.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

from workrules.counting.papers import Box, Fault, ImpossibleElection, order, sort_answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """
    A strongest path: each candidate on it is preferred to the next. It is as strong as its weakest link.

    `won` papers prefer the first of that link, `against` the second. Of equally strong paths it is one with
    the fewest links.
    """

    candidates: tuple[int, ...]
    won: int
    against: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """
    The whole count. `preferred[a][b]` papers rank a above b; `paths[a][b]` is None where no path leads.

    `ranking` goes from the best to the last; candidates in one place are level. First place holds whoever
    no candidate has a stronger path to than back, the next place those of whom that is true among the rest.
    """

    candidates: int
    valid: int
    blank: int
    invalid: tuple[tuple[Fault, int], ...]
    preferred: tuple[tuple[int, ...], ...]
    paths: tuple[tuple[Path | None, ...], ...]
    ranking: tuple[tuple[int, ...], ...]

    @property
    def beats_everybody(self) -> int | None:
        """Whom more papers prefer to each other candidate than not: the Condorcet winner, if there is one."""
        for a in range(self.candidates):
            others = [b for b in range(self.candidates) if b != a]
            if all(self.preferred[a][b] > self.preferred[b][a] for b in others):
                return a
        return None


def count(answers: Iterable[Sequence[int]], *, candidates: int) -> Count:
    """
    Count rankings: one rank for each candidate, 1 the best, equal ones allowed, 0 for below all others.

    Raises ImpossibleElection without candidates.
    """
    if candidates < 1:
        raise ImpossibleElection("an election has a candidate at least")
    box = sort_answers(answers, partial(order, candidates=candidates))
    preferred = _preferred(box, candidates)
    strongest = _strongest(preferred)
    return Count(
        candidates=candidates,
        valid=box.valid,
        blank=box.blank,
        invalid=box.invalid,
        preferred=tuple(map(tuple, preferred)),
        paths=tuple(
            tuple(_path(preferred, strongest[a][b], a, b) for b in range(candidates))
            for a in range(candidates)
        ),
        ranking=_ranking(strongest),
    )


# How strong a link or a path is: more papers for it, then fewer against it; (0, 0) is none. With ≻win, a tie
# or a defeat is weaker than any victory, and never decides between two candidates.
_Strength = tuple[int, int]
_NONE: _Strength = (0, 0)


def _preferred(box: Box, candidates: int) -> list[list[int]]:
    """N[a, b] of the paper."""
    preferred = [[0] * candidates for _ in range(candidates)]
    for places, number in box.papers:
        for a, b in combinations(range(candidates), 2):
            if places[a] < places[b]:
                preferred[a][b] += number
            elif places[b] < places[a]:
                preferred[b][a] += number
    return preferred


def _link(preferred: list[list[int]], a: int, b: int) -> _Strength:
    won, against = preferred[a][b], preferred[b][a]
    return (won, -against) if won > against else _NONE


def _strongest(preferred: list[list[int]]) -> list[list[_Strength]]:
    """P[a, b] of the paper, by the algorithm of Floyd and Warshall (section 2.3)."""
    everybody = range(len(preferred))
    strongest = [[_link(preferred, a, b) for b in everybody] for a in everybody]
    for through in everybody:
        for a in everybody:
            for b in everybody:
                by_way = min(strongest[a][through], strongest[through][b])
                strongest[a][b] = max(strongest[a][b], by_way)
    return strongest


def _path(preferred: list[list[int]], strength: _Strength, start: int, end: int) -> Path | None:
    """Find a way from start to end over links that are strong enough, as short as possible."""
    if start == end or strength == _NONE:
        return None
    came_from = {start: start}
    waiting = deque([start])
    while end not in came_from:
        here = waiting.popleft()
        for there in range(len(preferred)):
            if there not in came_from and _link(preferred, here, there) >= strength:
                came_from[there] = here
                waiting.append(there)
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return Path(candidates=tuple(reversed(way)), won=strength[0], against=-strength[1])


def _ranking(strongest: list[list[_Strength]]) -> tuple[tuple[int, ...], ...]:
    left = list(range(len(strongest)))
    ranking = []
    while left:
        place = tuple(b for b in left if all(strongest[a][b] <= strongest[b][a] for a in left))
        ranking.append(place)
        left = [candidate for candidate in left if candidate not in place]
    return tuple(ranking)
