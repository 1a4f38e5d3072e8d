"""Proofs that one of several statements is true without telling which (specification, 4.12 and 4.13).

Branch j says that (alpha, beta) encrypts M under the election's key. The branches that are not true are
simulated; the challenges must sum to the hash, so one branch at least had to be proven.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openballot.groups import Element, Group, Power, RandomBytes, quotient
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class Ciphertext:
    alpha: Element
    beta: Element


@dataclass(frozen=True, slots=True)
class Branch:
    ciphertext: Ciphertext
    m: int


@dataclass(frozen=True, slots=True)
class Raised:
    """alpha and beta of a branch, each to the branch's challenge."""

    alpha: Element
    beta: Element


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """The election's key with public powers of it and of the generator prepared."""

    group: Group
    g_power: Power
    y_power: Power


def prove(
    group: Group,
    y: Element,
    branches: Sequence[Branch],
    true: int,
    r: int,
    prefix: str,
    randbytes: RandomBytes = secrets.token_bytes,
) -> list[Proof]:
    """Prove branch *true*, whose ciphertext has the randomness *r*. *prefix* is hashed first."""
    challenges, responses, commitments = [], [], []
    w = 0
    for index, branch in enumerate(branches):
        if index == true:
            w = group.random_scalar(randbytes)
            challenge = response = 0
            a, b = group.secret_power_generator(w), group.secret_power(y, w)
        else:
            challenge, response = group.random_scalar(randbytes), group.random_scalar(randbytes)
            a, b = _simulated(group, y, branch, challenge, response)
        challenges.append(challenge)
        responses.append(response)
        commitments += [a, b]
    total = group.hash_to_scalar(prefix + _joined(group, commitments))
    challenges[true] = (total - sum(challenges)) % group.q
    responses[true] = (w - r * challenges[true]) % group.q
    return [Proof(*pair) for pair in zip(challenges, responses, strict=True)]


def holds(
    key: VerifyingKey,
    branches: Sequence[Branch],
    raised: Sequence[Raised],
    proofs: Sequence[Proof],
    prefix: str,
) -> bool:
    """Check A = g^response alpha^challenge, B = y^response (beta / g^M)^challenge, and the challenges' sum.

    The powers of alpha and beta come in as *raised*, because their squarings are shared between proofs.
    """
    group = key.group
    commitments = []
    for branch, power, proof in zip(branches, raised, proofs, strict=True):
        commitments.append(group.multiply(key.g_power(proof.response), power.alpha))
        b = group.multiply(key.y_power(proof.response), power.beta)
        if branch.m:
            b = group.multiply(b, key.g_power(-branch.m * proof.challenge % group.q))
        commitments.append(b)
    total = group.hash_to_scalar(prefix + _joined(group, commitments))
    return total == sum(proof.challenge for proof in proofs) % group.q


def _simulated(
    group: Group, y: Element, branch: Branch, challenge: int, response: int
) -> tuple[Element, Element]:
    # The powers take the same time for every branch: which one is true must stay unknown.
    power: Callable[[Element, int], Element] = group.secret_power
    shifted = quotient(group, branch.ciphertext.beta, group.power_generator(branch.m))
    a = group.multiply(group.secret_power_generator(response), power(branch.ciphertext.alpha, challenge))
    return a, group.multiply(power(y, response), power(shifted, challenge))


def _joined(group: Group, elements: Sequence[Element]) -> str:
    return ",".join(map(group.text, elements))
