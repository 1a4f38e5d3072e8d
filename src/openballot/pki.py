"""Keys with which the trustees of a threshold sign to one another (specification, 4.6.1).

The trap: signing and decryption key follow from the seed, so whoever has a trustee's seed has the share.
"""

import secrets
from collections.abc import Callable

from openballot import schnorr
from openballot.canonical import NotCanonical, record, string
from openballot.election import BASE58, random_base58
from openballot.groups import Element, Group, RandomBytes
from openballot.schnorr import Proof

SEED_LENGTH = 22

SignedMessage = dict[str, str | dict[str, str]]


def new_seed(randbytes: RandomBytes = secrets.token_bytes) -> str:
    """Draw a trustee's one secret: 22 characters of Base58, 128 bits."""
    return random_base58(SEED_LENGTH, randbytes)


def read_seed(text: str) -> str:
    """Return the seed that was typed or saved, spaces aside; raises NotCanonical."""
    seed = "".join(text.split())
    if len(seed) != SEED_LENGTH or not set(seed) <= set(BASE58):
        raise NotCanonical("A trustee's secret has 22 letters and digits, without 0, O, I and l.")
    return seed


def signing_key(group: Group, seed: str) -> int:
    return group.hash_to_scalar(f"sk|{seed}")


def decryption_key(group: Group, seed: str) -> int:
    return group.hash_to_scalar(f"dk|{seed}")


def sign(group: Group, sk: int, message: str, randbytes: RandomBytes = secrets.token_bytes) -> Proof:
    return schnorr.prove(group, sk, _challenge_text(message), randbytes)


def is_signed(group: Group, verification: Element, message: str, signature: Proof) -> bool:
    return schnorr.holds(group, verification, _challenge_text(message), signature)


def signed_message(
    group: Group, sk: int, message: str, randbytes: RandomBytes = secrets.token_bytes
) -> SignedMessage:
    """Return {"message", "signature"}."""
    return {"message": message, "signature": sign(group, sk, message, randbytes).as_json()}


def read_signed_message(group: Group, value: object) -> tuple[str, Proof]:
    """Return message and signature, which is still to be checked; raises NotCanonical."""
    fields = record(value, "message", "signature")
    return string(fields["message"]), schnorr.read_proof(group, fields["signature"])


def _challenge_text(message: str) -> Callable[[str], str]:
    return lambda a: f"sigmsg|{message}|{a}"
