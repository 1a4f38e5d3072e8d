"""What changed between two contracts of sixty pages: ours, against `difflib` word by word on the same texts.

The second contract has words changed in one paragraph of twelve, one of fifty left out and one of fifty put
in: what a round of bargaining does. `difflib` is measured as it is called plainly, and told to look at
frequent words too, as ours does.
"""

import random
import statistics
import time
from collections.abc import Callable
from difflib import SequenceMatcher
from typing import Any

from openfloor.bargaining.wording import Change, differences

PAGES, PARAGRAPHS_A_PAGE, WORDS = 60, 8, 60  # some 480 words a page
SEED, ROUNDS = 5, 5
FREQUENT = ["the", "of", "and", "to", "a", "in", "shall", "be", "for", "or", "not", "by", "employer", "nurse"]


def main() -> None:
    chance = random.Random(SEED)
    old = contract(chance)
    new = bargained(old, chance)
    before, after = "\n\n".join(old), "\n\n".join(new)
    check(before, after)
    print(f"two contracts of {PAGES} pages, {len(before.split()):,} words; CPU time, median of {ROUNDS}:")
    ours = median(lambda: differences(before, after), ROUNDS)
    plain = median(lambda: by_words(before, after, autojunk=True), ROUNDS)
    print(f"  ours {ours:.3f} s, difflib {plain:.3f} s, ratio {ours / plain:.3f}")
    exact = median(lambda: by_words(before, after, autojunk=False), 1)
    print(f"  difflib with frequent words, once {exact:.1f} s, ratio {ours / exact:.5f}")


def contract(chance: random.Random) -> list[str]:
    """Paragraphs of words as frequent as in English."""
    rare = [f"word{number}" for number in range(4_000)]
    words = FREQUENT + rare
    weights = [1 / (place + 2) for place in range(len(words))]
    return [" ".join(chance.choices(words, weights, k=WORDS)) + "." for _ in range(PAGES * PARAGRAPHS_A_PAGE)]


def bargained(paragraphs: list[str], chance: random.Random) -> list[str]:
    changed = []
    for number, paragraph in enumerate(paragraphs):
        if number % 50 == 7:
            continue
        words = paragraph.split()
        if number % 12 == 0:
            words[10:14] = ["no", "later", "than", "ten", "days"]
            words[40] = "must"
        changed.append(" ".join(words))
        if number % 50 == 30:
            changed.append("New: " + " ".join(chance.choices(FREQUENT, k=WORDS)))
    return changed


def by_words(before: str, after: str, *, autojunk: bool) -> Any:
    return SequenceMatcher(None, before.split(), after.split(), autojunk=autojunk).get_opcodes()


def check(before: str, after: str) -> None:
    """Nothing is lost: what was kept and taken out is the old text, what was kept and put in the new one."""
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.change is not Change.IN) == before
    assert "".join(piece.text for piece in pieces if piece.change is not Change.OUT) == after


def median(work: Callable[[], object], rounds: int) -> float:
    return statistics.median(seconds(work) for _ in range(rounds))


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
