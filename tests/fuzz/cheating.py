"""A voter's device that keeps no rule: it encrypts whatever it is told, and proves of it what can be proven.

Where nothing that a proof may say is true, the proof is as good as a liar can make it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from openballot import disjunction
from openballot.disjunction import Branch, Ciphertext
from openballot.election import Election
from openballot.groups import Group
from openballot.questions import Context, Question, lists
from openballot.questions.base import sum_of
from openballot.questions.lists import Lists
from openballot.questions.nonhomomorphic import NonHomomorphic
from openballot.questions.texts import choices_text, ciphertext_json, interval_prefix, proofs_json


@dataclass(frozen=True)
class Sealed:
    """A ciphertext, and what a voter knows of it."""

    ciphertext: Ciphertext
    m: int
    r: int


class Device:
    def __init__(self, context: Context, random: Random) -> None:
        self.context, self.random = context, random

    @property
    def group(self) -> Group:
        return self.context.group

    def seal(self, m: int) -> Sealed:
        group, y = self.group, self.context.y
        r = self.random.randrange(1, group.q)
        beta = group.multiply(group.power(y, r), group.power_generator(m % group.q))
        return Sealed(Ciphertext(group.power_generator(r), beta), m, r)

    def total(self, sealed: Sequence[Sealed]) -> Sealed:
        ciphertext = sum_of(self.group, [each.ciphertext for each in sealed])
        return Sealed(
            ciphertext, sum(each.m for each in sealed), sum(each.r for each in sealed) % self.group.q
        )

    def proof(self, branches: Sequence[tuple[Sealed, int]], prefix: str) -> list[dict[str, str]]:
        """Prove the first branch that is true, or else pretend to prove the first."""
        true = next((place for place, (sealed, m) in enumerate(branches) if sealed.m == m), 0)
        named = [Branch(sealed.ciphertext, m) for sealed, m in branches]
        r = branches[true][0].r
        proofs = disjunction.prove(self.group, self.context.y, named, true, r, prefix, self.random.randbytes)
        return proofs_json(proofs)

    def prefix(self, sealed: Sequence[Sealed]) -> str:
        """Return S, of these choices."""
        return f"{self.context.s0}|{choices_text(self.group, [each.ciphertext for each in sealed])}"

    def individual(self, sealed: Sequence[Sealed]) -> list[Any]:
        prefixes = [interval_prefix(self.group, self.context.s0, each.ciphertext) for each in sealed]
        return [
            self.proof([(each, 0), (each, 1)], prefix) for each, prefix in zip(sealed, prefixes, strict=True)
        ]

    def json(self, sealed: Sequence[Sealed]) -> list[Any]:
        return [ciphertext_json(self.group, each.ciphertext) for each in sealed]

    def of_question(self, question: Question, ms: Sequence[int]) -> dict[str, Any]:
        sealed = [self.seal(m) for m in ms]
        s, blank, total = self.prefix(sealed), sealed[0], self.total(sealed[question.blank :])
        interval = [(total, m) for m in range(question.min, question.max + 1)]
        answer = {"choices": self.json(sealed), "individual_proofs": self.individual(sealed)}
        if not question.blank:
            prefix = interval_prefix(self.group, s, total.ciphertext)
            return {**answer, "overall_proof": self.proof(interval, prefix)}
        return {
            **answer,
            "overall_proof": self.proof([(blank, 1), *interval], f"bproof1|{s}|"),
            "blank_proof": self.proof([(blank, 0), (total, 0)], f"bproof0|{s}|"),
        }

    def of_lists(self, question: Lists, ms: Sequence[int]) -> dict[str, Any]:
        sealed = [self.seal(m) for m in ms]
        rows = question.fold(sealed)
        s, chosen = self.prefix(sealed), self.total([row[0] for row in rows])
        candidates = self.total([each for row in rows for each in row[1:]])
        prefix = interval_prefix(self.group, s, chosen.ciphertext)
        return {
            "choices": question.fold(self.json(sealed)),
            "individual_proofs": question.fold(self.individual(sealed)),
            "overall_proof": self.proof([(chosen, 1)], prefix)[0],
            "list_proofs": [
                self.proof([(row[0], 1), (self.total(row[1:]), 0)], f"lproof|{s}|") for row in rows
            ],
            "nonzero_proof": lists._prove_nonzero(
                self.group, self.context.y, candidates.ciphertext, candidates.r, s, self.random.randbytes
            ),
        }


def answers(election: Election, credential: str, random: Random) -> tuple[list[Any], bool]:
    """Fill in one question by no rule, and the others as they allow.

    The second value says whether the paper may hold by chance. That whoever filled it in did not know what it
    holds cannot be seen when it is opened, so such a paper is never right.
    """
    context = Context(election.group, election.public_key, f"{election.fingerprint}|{credential}")
    device, cheated = Device(context, random), random.choice(election.questions)
    filled_in = [
        _cheat(device, question, random)
        if question is cheated
        else question.encrypt(context, honest(question, random), random.randbytes)
        for question in election.questions
    ]
    return filled_in, not isinstance(cheated, NonHomomorphic)


def honest(question: Any, random: Random) -> Any:
    """An answer that the question allows."""
    if isinstance(question, NonHomomorphic):
        return [random.randrange(256) for _ in question.answers]
    if isinstance(question, Lists):
        chosen = random.randrange(len(question.answers))
        return [[int(number == chosen)] * len(row) for number, row in enumerate(question.answers)]
    chosen = random.randint(question.min, question.max)
    places = random.sample(range(question.blank, question.choices), chosen)
    return [int(place in places) for place in range(question.choices)]


def _cheat(device: Device, question: Any, random: Random) -> Any:
    if isinstance(question, Question):
        return device.of_question(question, _numbers(question.choices, random))
    if isinstance(question, Lists):
        return device.of_lists(question, _numbers(question.choices, random))
    answer = question.encrypt(device.context, honest(question, random), random.randbytes)
    # Somebody else's answer, re-encrypted: its proof cannot be made without its randomness.
    other = device.seal(random.randrange(3))
    return {**answer, "choices": ciphertext_json(device.group, other.ciphertext)}


def _numbers(count: int, random: Random) -> list[int]:
    ways: tuple[Callable[[], list[int]], ...] = (
        lambda: [0] * count,
        lambda: [1] * count,
        lambda: random.sample([1, *[0] * (count - 1)], count),
        lambda: [2, -1, *[0] * count][:count],
        lambda: [0, *[1] * count][:count],
        lambda: [random.randrange(2) for _ in range(count)],
        lambda: [random.randrange(-1, 3) for _ in range(count)],
    )
    return random.choice(ways)()
