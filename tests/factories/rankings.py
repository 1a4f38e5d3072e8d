"""Papers that people might cast: as Belenios writes them, and as examples in books print them."""

from collections.abc import Iterable, Sequence

from hypothesis import strategies as st

HEAD = "5a" * 32

Answers = list[list[int]]


def ranks(candidates: int, preferences: Iterable[int]) -> list[int]:
    """One paper: the ranks of all candidates, from the candidates in order of preference."""
    answer = [0] * candidates
    for rank, candidate in enumerate(preferences, start=1):
        answer[candidate] = rank
    return answer


def printed(names: str, profile: dict[str, int]) -> Answers:
    """Papers as books print them: `A>B=C` is A, then B and C level; whoever is not named is unranked."""
    in_order = names.split()
    answers = []
    for paper, number in profile.items():
        places = {name: rank for rank, level in enumerate(paper.split(">"), 1) for name in level.split("=")}
        answers += [[places.get(name, 0) for name in in_order]] * number
    return answers


@st.composite
def rankings(
    draw: st.DrawFn, *, fewest: int = 0, candidates: Sequence[int] = range(1, 7)
) -> tuple[int, Answers]:
    """Some candidates, and papers that rank one of them at least."""
    number = draw(st.sampled_from(candidates))
    orders = st.permutations(range(number)).flatmap(
        lambda order: st.integers(1, number).map(lambda length: order[:length])
    )
    papers = draw(st.lists(st.tuples(orders, st.integers(1, 5)), min_size=fewest, max_size=15))
    return number, [ranks(number, order) for order, times in papers for _ in range(times)]


@st.composite
def numbered(
    draw: st.DrawFn, *, lowest: int, highest: int, fewest: int = 0, candidates: Sequence[int] = range(1, 6)
) -> tuple[int, Answers]:
    """Some candidates, and papers with any number from *lowest* to *highest* for each."""
    number = draw(st.sampled_from(candidates))
    paper = st.lists(st.integers(lowest, highest), min_size=number, max_size=number)
    return number, draw(st.lists(paper, min_size=fewest, max_size=25))


def renamed(answers: Answers, order: Sequence[int]) -> Answers:
    """The same papers with the candidates in another order: the new first is the old `order[0]`."""
    return [[answer[old] for old in order] for answer in answers]
