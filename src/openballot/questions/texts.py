"""Ciphertexts, proofs and encryptions of bits, as in every kind of answer (specification, 4.11)."""

from collections.abc import Sequence

from openballot.canonical import NotCanonical, array, record
from openballot.checks import Refused
from openballot.disjunction import Ciphertext
from openballot.groups import Element, Group, NotInGroup
from openballot.questions.base import WrongNonce
from openballot.schnorr import Proof


def encrypted(group: Group, y: Element, m: int, r: int) -> Ciphertext:
    """Return (g^r, y^r g^m) for a bit m."""
    # Both messages are multiplied, so that a 0 and a 1 take the same time.
    g_m = (group.identity, group.generator)[m]
    return Ciphertext(group.secret_power_generator(r), group.multiply(group.secret_power(y, r), g_m))


def opened_bits(group: Group, y: Element, choices: Sequence[Ciphertext], nonces: Sequence[int]) -> list[int]:
    """Return m of each ciphertext (g^r, y^r g^m) with m = 0 or 1; raises WrongNonce for another."""
    bits = []
    for number, (choice, r) in enumerate(zip(choices, nonces, strict=True), start=1):
        shared = group.power(y, r)
        betas = (shared, group.multiply(shared, group.generator))
        if choice.alpha != group.power_generator(r) or choice.beta not in betas:
            raise WrongNonce(number)
        bits.append(betas.index(choice.beta))
    return bits


def choices_text(group: Group, choices: Sequence[Ciphertext]) -> str:
    return ",".join(f"{group.text(choice.alpha)},{group.text(choice.beta)}" for choice in choices)


def interval_prefix(group: Group, s: str, ciphertext: Ciphertext) -> str:
    return f"prove|{s}|{choices_text(group, [ciphertext])}|"


def ciphertext_json(group: Group, ciphertext: Ciphertext) -> dict[str, str]:
    return {"alpha": group.text(ciphertext.alpha), "beta": group.text(ciphertext.beta)}


def proofs_json(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    return [proof.as_json() for proof in proofs]


def read_ciphertext(group: Group, value: object, where: str) -> Ciphertext:
    """Read a ciphertext whose membership is still to be proven; raises NotCanonical or Refused."""
    fields = record(value, "alpha", "beta")
    return Ciphertext(
        read_unproven(group, fields["alpha"], where), read_unproven(group, fields["beta"], where)
    )


def read_unproven(group: Group, value: object, where: str) -> Element:
    try:
        return group.unproven(value)
    except (NotCanonical, NotInGroup) as error:
        raise Refused("ballot_element", where) from error


def read_proofs(group: Group, value: object, length: int, where: str) -> tuple[Proof, ...]:
    return tuple(read_proof(group, proof, where) for proof in array(value, length=length))


def read_proof(group: Group, value: object, where: str) -> Proof:
    fields = record(value, "challenge", "response")
    return Proof(
        read_scalar(group, fields["challenge"], where), read_scalar(group, fields["response"], where)
    )


def read_scalar(group: Group, value: object, where: str) -> int:
    try:
        return group.scalar(value)
    except NotCanonical as error:
        raise Refused("ballot_scalar", where) from error
