"""A trustee's public key with the proof that its private key is known (specification, 4.5).

A key without the proof could be chosen to cancel the others' keys, so the proof is always checked.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from openballot import schnorr
from openballot.canonical import NotCanonical, record, string
from openballot.checks import Refused
from openballot.groups import Element, Group, NotInGroup, RandomBytes
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """What a partial decryption is checked against. Only a threshold trustee's is signed."""

    public_key: Element
    name: str
    signature: Proof | None


def compose_key(
    group: Group, x: int, randbytes: RandomBytes = secrets.token_bytes
) -> dict[str, str | dict[str, str]]:
    """Return X = g^x with the proof that x is known: {"pok", "public_key"}."""
    key_text = group.text(group.secret_power_generator(x))
    proof = schnorr.prove(group, x, _challenge_text(group, key_text), randbytes)
    return {"pok": proof.as_json(), "public_key": key_text}


def read_key(group: Group, value: object, where: str, *, signed: bool = False) -> VerificationKey:
    """Read and check a key with its proof; raises Refused. Who signed it is left to the caller."""
    optional = ("name",) if signed else ("signature", "name")
    try:
        fields = record(value, "pok", "public_key", "signature", "name", optional=optional)
        if not signed and "signature" in fields:
            raise NotCanonical("A key that nobody can have signed is signed.")
        name = string(fields.get("name", ""))
        key_text = string(fields["public_key"])
        proof = schnorr.read_proof(group, fields["pok"])
        signature = schnorr.read_proof(group, fields["signature"]) if signed else None
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    key = member(group, key_text, "trustee_key", where)
    if not schnorr.holds(group, key, _challenge_text(group, key_text), proof):
        raise Refused("trustee_proof", where)
    return VerificationKey(key, name, signature)


def member(group: Group, text: object, check: str, where: str) -> Element:
    """Read an element that must be in the group and not the identity; raises Refused for *check*."""
    try:
        element = group.element(text)
    except (NotCanonical, NotInGroup) as error:
        raise Refused(check, where) from error
    if element == group.identity:
        raise Refused(check, where)
    return element


def _challenge_text(group: Group, key_text: str) -> Callable[[str], str]:
    return lambda a: f"pok|{group.name}|{key_text}|{a}"
