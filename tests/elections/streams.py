"""Randomness that is the same every time, and signatures made with it."""

import hashlib
from typing import Any

from openballot import groups, schnorr
from openballot.canonical import compact, hash_base64
from openballot.election import Election


class Stream:
    """Bytes that look random and are the same every time; the numbers they stand for are kept."""

    def __init__(self, group: groups.Group, label: str) -> None:
        self.group = group
        self.label = label
        self.scalars: list[str] = []

    def __call__(self, size: int) -> bytes:
        seed = f"{self.label}|{len(self.scalars)}".encode()
        number = int.from_bytes(hashlib.shake_256(seed).digest(size), "big") % self.group.q
        self.scalars.append(str(number))
        return number.to_bytes(size, "big")


def signed(election: Election, s: int, value: dict[str, Any]) -> str:
    """Sign changed content again with the voter's own key."""
    unsigned = {name: part for name, part in value.items() if name != "signature"}
    signed_hash = hash_base64(compact(unsigned))
    proof = schnorr.prove(
        election.group, s, lambda a: f"sig|{signed_hash}|{a}", Stream(election.group, "again")
    )
    return compact({**unsigned, "signature": {"hash": signed_hash, "proof": proof.as_json()}})
