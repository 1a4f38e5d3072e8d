"""The small elections that mutants are made of, with every secret of theirs, kept beside the corpus.

`python -m fuzz.seeds` makes them anew, and the same unless the library draws its numbers otherwise; then the
corpus must be made anew too.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

from elections import made
from fuzz.openly import Keys
from openballot import pedersen, trustees
from openballot.questions import AnyQuestion, Question
from openballot.questions.lists import Lists
from openballot.questions.nonhomomorphic import NonHomomorphic

CORPUS = Path(__file__).parents[1] / "openballot" / "corpus"
FOLDER = CORPUS / "seeds"

Votes: TypeAlias = Sequence[tuple[int, Sequence[Any]]]

UP_TO_TWO = Question(question="Who?", answers=("Ana", "Ben"), min=0, max=2)
BLANK = Question(question="Agree?", answers=("Yes",), min=0, max=1, blank=True)
YES_NO = Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)
LISTS = Lists(question="Which?", answers=(("Days", "Ana"), ("Nights", "Ben")))
RANKING = NonHomomorphic(question="Rank", answers=("Ana", "Ben"), extra='{"type":"ScoreVoting"}')


@dataclass(frozen=True, slots=True)
class Seed:
    name: str
    data: bytes
    keys: Keys


@cache
def seed(name: str) -> Seed:
    secrets = json.loads((FOLDER / f"{name}.keys.json").read_text(encoding="utf-8"))
    keys = Keys(secrets["joint"], secrets["voters"], secrets["trustees"])
    return Seed(name, (FOLDER / f"{name}.bel").read_bytes(), keys)


def _made(
    group: str, questions: Sequence[AnyQuestion[Any]], votes: Votes, weights: Sequence[int] = (), **more: Any
) -> made.Made:
    label = " ".join(question.question for question in questions)
    return made.counted(
        group, questions=questions, votes=votes, weights=weights, randbytes=made.drawn(label), **more
    )


MAKERS: Mapping[str, Any] = {
    "plain": lambda: _made("Ed25519", [YES_NO], [(0, [[1, 0]])], voters=2),
    # Two voters of different weights, one of whom votes again; two trustees.
    "weights": lambda: _made(
        "Ed25519", [YES_NO], [(0, [[1, 0]]), (1, [[0, 1]]), (0, [[0, 1]])], (1, 3), voters=2, trustee_count=2
    ),
    "blank": lambda: _made(
        "Ed25519", [BLANK, UP_TO_TWO], [(0, [[1, 0], [1, 1]]), (1, [[0, 1], [0, 1]])], voters=3
    ),
    "lists": lambda: _made("Ed25519", [LISTS], [(0, [[[1, 1], [0, 0]]])], voters=2),
    "ranking": lambda: _made("Ed25519", [RANKING], [(0, [[1, 2]]), (1, [[2, 1]])], voters=2, trustee_count=2),
    "threshold": lambda: _made(
        "Ed25519", [UP_TO_TWO], [(0, [[1, 0]])], voters=2, trustee_count=0, threshold=(2, 3), opened_by=(1, 3)
    ),
    "field": lambda: _made("BELENIOS-2048", [YES_NO], [(0, [[1, 0]])], voters=2),
}
NAMES = tuple(MAKERS)


def _write(name: str) -> None:
    election = MAKERS[name]()
    group = election.election.group
    secrets = {
        "joint": _joint(election),
        "voters": {group.text(group.power_generator(s)): s for s in election.voters},
        "trustees": {group.text(group.power_generator(x)): x for x in election.trustee_keys},
    }
    (FOLDER / f"{name}.bel").write_bytes(election.archive())
    (FOLDER / f"{name}.keys.json").write_text(json.dumps(secrets, indent=1) + "\n", encoding="utf-8")


def _joint(election: made.Made) -> int:
    """Return what all trustees together would decrypt with."""
    group = election.election.group
    joint = 0
    for quorum in trustees.parse_trustees(group, election.trustees_text).quorums:
        chosen = quorum.trustees[: quorum.threshold]
        powers = pedersen.lagrange(group.q, map(quorum.index, (trustee.number for trustee in chosen)))
        joint += sum(
            powers[quorum.index(trustee.number)] * election.trustee_keys[trustee.number - 1]
            for trustee in chosen
        )
    return joint % group.q


if __name__ == "__main__":
    for wanted in NAMES:
        _write(wanted)
