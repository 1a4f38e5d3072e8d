"""The proof all others are made of: that somebody knows the exponent of a public key.

Challenge and response are canonical scalars below q: a larger one would be a second text for one proof.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from openballot.canonical import record
from openballot.groups import Element, Group, RandomBytes


@dataclass(frozen=True, slots=True)
class Proof:
    challenge: int
    response: int

    def as_json(self) -> dict[str, str]:
        return {"challenge": str(self.challenge), "response": str(self.response)}


def read_proof(group: Group, value: object) -> Proof:
    """Read {"challenge", "response"}; raises NotCanonical."""
    fields = record(value, "challenge", "response")
    return Proof(group.scalar(fields["challenge"]), group.scalar(fields["response"]))


def prove(
    group: Group, x: int, challenge_text: Callable[[str], str], randbytes: RandomBytes = secrets.token_bytes
) -> Proof:
    """Prove knowledge of *x*: A = g^w, challenge = H(challenge_text(A)), response = w - x challenge mod q."""
    w = group.random_scalar(randbytes)
    challenge = group.hash_to_scalar(challenge_text(group.text(group.secret_power_generator(w))))
    return Proof(challenge, (w - x * challenge) % group.q)


def holds(group: Group, public_key: Element, challenge_text: Callable[[str], str], proof: Proof) -> bool:
    """Check that A = g^response X^challenge hashes to the challenge."""
    a = group.multiply(group.power_generator(proof.response), group.power(public_key, proof.challenge))
    return group.hash_to_scalar(challenge_text(group.text(a))) == proof.challenge
