"""The disjunctions that one answer proves, checked together so that the powers of each base are shared.

A branch is about one choice or about the sum of a part. The parts of an answer are disjoint and hold every
choice, so that each ciphertext is raised, and proven a member, exactly once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from openballot import disjunction
from openballot.checks import Finding, finding
from openballot.disjunction import Branch, Ciphertext, Raised, VerifyingKey
from openballot.groups import Element, Group, NotInGroup
from openballot.questions.base import sum_of
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class Choice:
    """A branch is about the ciphertext number *index* of the answer, from 0."""

    index: int


@dataclass(frozen=True, slots=True)
class Sum:
    """A branch is about the sum of the part number *part*, from 0."""

    part: int


About: TypeAlias = Choice | Sum


@dataclass(frozen=True, slots=True)
class Statement:
    """One of *branches* is true: that what it is about encrypts M. *part* says where, for a finding."""

    check: str
    part: str
    branches: Sequence[tuple[About, int]]
    proofs: Sequence[Proof]
    prefix: str


class Parts:
    """An answer's ciphertexts, the indexes of each part, and the part's sum."""

    def __init__(self, group: Group, choices: Sequence[Ciphertext], parts: Sequence[Sequence[int]]) -> None:
        self.group = group
        self.choices = choices
        self.parts = parts
        self.sums = [sum_of(group, [choices[index] for index in part]) for part in parts]

    def branches(self, named: Sequence[tuple[About, int]]) -> list[Branch]:
        return [Branch(self._ciphertext(about), m) for about, m in named]

    def _ciphertext(self, about: About) -> Ciphertext:
        return self.choices[about.index] if isinstance(about, Choice) else self.sums[about.part]


def findings_of(
    key: VerifyingKey, parts: Parts, statements: Sequence[Statement], where: str
) -> list[Finding]:
    """Prove every ciphertext a member, then check every statement."""
    try:
        raised = _raise_all(parts, statements)
    except NotInGroup as error:
        return [finding("ballot_element", f"{where}, choice {error.index + 1}")]
    return [
        finding(statement.check, where + statement.part)
        for statement, powers in zip(statements, raised, strict=True)
        if not disjunction.holds(
            key, parts.branches(statement.branches), powers, statement.proofs, statement.prefix
        )
    ]


def _raise_all(parts: Parts, statements: Sequence[Statement]) -> list[list[Raised]]:
    """Raise every alpha and beta to every challenge about it, in one pass per base."""
    wanted: dict[About, list[int]] = {}
    places: list[list[tuple[About, int]]] = []
    for statement in statements:
        row = []
        for (about, _m), proof in zip(statement.branches, statement.proofs, strict=True):
            exponents = wanted.setdefault(about, [])
            row.append((about, len(exponents)))
            exponents.append(proof.challenge)
        places.append(row)
    alpha = _powers(parts, [choice.alpha for choice in parts.choices], wanted)
    beta = _powers(parts, [choice.beta for choice in parts.choices], wanted)
    return [[Raised(alpha[about][k], beta[about][k]) for about, k in row] for row in places]


def _powers(
    parts: Parts, bases: Sequence[Element], wanted: dict[About, list[int]]
) -> dict[About, list[Element]]:
    powers: dict[About, list[Element]] = {}
    for number, part in enumerate(parts.parts):
        own = [wanted.get(Choice(index), []) for index in part]
        common = wanted.get(Sum(number), [])
        try:
            shared = parts.group.shared_powers([bases[index] for index in part], own, common)
        except NotInGroup as error:
            raise NotInGroup(part[error.index]) from error
        powers[Sum(number)] = shared.product
        powers |= {Choice(index): row for index, row in zip(part, shared.own, strict=True)}
    return powers
