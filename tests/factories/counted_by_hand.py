"""A single transferable vote as one would count it on a table: paper by paper, slowly, from the Order."""

from collections.abc import Callable, Sequence
from decimal import ROUND_DOWN, Decimal

FIVE_PLACES = Decimal("0.00001")


class LotNeeded(Exception):
    """The Order would have a lot drawn here."""


class Paper:
    """One paper: its names in order, what it is worth, and with whom it lies."""

    def __init__(self, answer: Sequence[int]) -> None:
        self.names = sorted((name for name, rank in enumerate(answer) if rank), key=lambda name: answer[name])
        self.value = Decimal(1)
        self.lies_with: int | None = None

    def move(self, continuing: set[int]) -> None:
        self.lies_with = next((name for name in self.names if name in continuing), None)


def count_by_hand(
    answers: Sequence[Sequence[int]], candidates: int, seats: int
) -> tuple[set[int], list[list[Decimal]]]:
    """Give the elected and everybody's votes at the end of each stage. Raises LotNeeded."""
    papers = [Paper(answer) for answer in answers]
    quota = Decimal(len(papers) // (seats + 1) + 1)
    continuing, elected, surpluses = set(range(candidates)), set[int](), set[int]()
    kept = dict.fromkeys(range(candidates), Decimal(0))
    stages: list[list[Decimal]] = []

    def votes(name: int) -> Decimal:
        return kept[name] + sum((paper.value for paper in papers if paper.lies_with == name), Decimal(0))

    def end_stage() -> None:
        stages.append([votes(name) for name in range(candidates)])
        for name in list(continuing):
            if votes(name) >= quota:
                continuing.remove(name)
                elected.add(name)
                if votes(name) > quota:
                    surpluses.add(name)
        if len(continuing) <= seats - len(elected):
            elected.update(continuing)
            continuing.clear()

    def choose(names: set[int], furthest: Callable[..., Decimal]) -> int:
        for stage in reversed(stages):
            mark = furthest(stage[name] for name in names)
            names = {name for name in names if stage[name] == mark}
        if len(names) > 1:
            raise LotNeeded
        return names.pop()

    for paper in papers:
        paper.move(continuing)
    end_stage()
    while len(elected) < seats and continuing:
        name = choose(surpluses, max) if surpluses else choose(continuing, min)
        mine = [paper for paper in papers if paper.lies_with == name]
        if name in surpluses:
            surpluses.remove(name)
            total = votes(name)
            for paper in mine:
                paper.value = ((total - quota) * paper.value / total).quantize(FIVE_PLACES, ROUND_DOWN)
            kept[name] = quota
        else:
            continuing.remove(name)
        for paper in mine:
            paper.move(continuing)
        end_stage()
    return elected, stages
