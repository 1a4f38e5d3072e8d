"""Proof that a member holds the secret of a key on the roll, bound to the committee, the entry and the group.

Bound, so that a proof copied from another entry, committee or group proves nothing.
"""

import secrets
from collections.abc import Callable

from openballot import schnorr
from openballot.groups import Group, NotInGroup, RandomBytes


def prove(
    group: Group, committee: str, number: int, s: int, randbytes: RandomBytes = secrets.token_bytes
) -> dict[str, str]:
    """Return {"challenge", "response"} for the key g^s in the roll's entry *number*."""
    key_text = group.text(group.secret_power_generator(s))
    return schnorr.prove(group, s, _challenge_text(group, committee, number, key_text), randbytes).as_json()


def check(group: Group, committee: str, number: int, key_text: str, proof: object) -> bool:
    """Check such a proof. Raises NotCanonical for a text that is not exact, NotInGroup for a foreign key."""
    key = group.element(key_text)
    if key == group.identity:
        raise NotInGroup
    return schnorr.holds(
        group, key, _challenge_text(group, committee, number, key_text), schnorr.read_proof(group, proof)
    )


def _challenge_text(group: Group, committee: str, number: int, key_text: str) -> Callable[[str], str]:
    return lambda a: f"openfloor|possession|{committee}|{number}|{group.name}|{key_text}|{a}"
