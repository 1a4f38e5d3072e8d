"""Trustees with a key each: all of them are needed to open the count, and none can act alone.

A key without a proof of knowledge could be chosen to cancel the others' keys, so the proof is always checked.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from openballot import schnorr
from openballot.canonical import NotCanonical, array, compact, read, record, string
from openballot.checks import Refused
from openballot.groups import Element, Group, NotInGroup, RandomBytes, product_of


@dataclass(frozen=True, slots=True)
class Trustee:
    number: int
    public_key: Element
    name: str


def generate_key(group: Group, randbytes: RandomBytes = secrets.token_bytes) -> int:
    """Draw a private key x, never zero."""
    return group.random_scalar(randbytes) or 1


def private_key_json(x: int) -> str:
    """Write a private key as Belenios does: the decimal number as a JSON text."""
    return compact(str(x))


def read_private_key(group: Group, text: str) -> int:
    """Read such a key; raises NotCanonical."""
    return group.scalar(read(text))


def public_key_json(group: Group, x: int, randbytes: RandomBytes = secrets.token_bytes) -> str:
    """Return X = g^x with the proof that x is known."""
    key_text = group.text(group.secret_power_generator(x))
    proof = schnorr.prove(group, x, _challenge_text(group, key_text), randbytes)
    return compact({"pok": proof.as_json(), "public_key": key_text})


def check_public_key(group: Group, text: str) -> str:
    """Return the key's element text, or raise Refused."""
    try:
        value = read(text)
    except NotCanonical as error:
        raise Refused("trustees_text", "trustee key") from error
    return group.text(_checked_key(group, value, "trustee key").public_key)


def compose_trustees(texts: Sequence[str]) -> str:
    """Return the election's list of trustees from their public keys."""
    return compact([["Single", read(text)] for text in texts])


def combined_public_key(group: Group, texts: Sequence[str]) -> str:
    """Return the election's public key: the product of the trustees' keys."""
    keys = [group.element(check_public_key(group, text)) for text in texts]
    return group.text(product_of(group, keys))


def parse_trustees(group: Group, text: str) -> list[Trustee]:
    """Read and check an election's list of trustees; raises Refused for the first that fails."""
    try:
        items = [array(item, length=2) for item in array(read(text))]
    except NotCanonical as error:
        raise Refused("trustees_text", "trustees") from error
    trustees: list[Trustee] = []
    for number, (kind, value) in enumerate(items, start=1):
        where = f"trustee {number}"
        if kind != "Single":
            raise Refused("trustees_unsupported", where)
        trustee = _checked_key(group, value, where, number)
        if any(other.public_key == trustee.public_key for other in trustees):
            raise Refused("trustee_repeated", where)
        trustees.append(trustee)
    if not trustees:
        raise Refused("trustees_text", "trustees")
    return trustees


def _checked_key(group: Group, value: object, where: str, number: int = 1) -> Trustee:
    try:
        fields = record(value, "pok", "public_key", "name", optional=("name",))
        name = string(fields.get("name", ""))
        key_text = string(fields["public_key"])
        proof = schnorr.read_proof(group, fields["pok"])
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    try:
        key = group.element(key_text)
    except (NotCanonical, NotInGroup) as error:
        raise Refused("trustee_key", where) from error
    if key == group.identity:
        raise Refused("trustee_key", where)
    if not schnorr.holds(group, key, _challenge_text(group, key_text), proof):
        raise Refused("trustee_proof", where)
    return Trustee(number, key, name)


def _challenge_text(group: Group, key_text: str) -> Callable[[str], str]:
    return lambda a: f"pok|{group.name}|{key_text}|{a}"
