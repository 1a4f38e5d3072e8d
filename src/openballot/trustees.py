"""Who holds the key that opens the count: trustees who are all needed, and thresholds of whom some are.

Owner numbers count from 1 over all of them, in the order of the list. A key without a proof of knowledge
could be chosen to cancel the others' keys, so the proof is always checked.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from openballot.canonical import NotCanonical, array, compact, read
from openballot.checks import Refused
from openballot.groups import Element, Group, RandomBytes, product_of
from openballot.verificationkeys import compose_key, read_key


@dataclass(frozen=True, slots=True)
class Trustee:
    number: int
    public_key: Element
    name: str


@dataclass(frozen=True, slots=True)
class Quorum:
    """Trustees of whom any *threshold* make one factor; one with a key of their own is one of one."""

    threshold: int
    trustees: tuple[Trustee, ...]
    public_key: Element

    def index(self, number: int) -> int:
        """Return the place of an owner among these, counted from 1."""
        return number - self.trustees[0].number + 1


@dataclass(frozen=True, slots=True)
class Trustees(Sequence[Trustee]):
    """An election's trustees, the first of whom is owner 1."""

    quorums: tuple[Quorum, ...]
    _all: tuple[Trustee, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        everybody = tuple(trustee for quorum in self.quorums for trustee in quorum.trustees)
        object.__setattr__(self, "_all", everybody)

    def __getitem__(self, index: Any) -> Any:
        return self._all[index]

    def __len__(self) -> int:
        return len(self._all)

    def public_key(self, group: Group) -> Element:
        """Return the election's public key, which all of them make together."""
        return product_of(group, [quorum.public_key for quorum in self.quorums])


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
    return compact(compose_key(group, x, randbytes))


def check_public_key(group: Group, text: str) -> str:
    """Return the key's element text, or raise Refused."""
    return group.text(read_key(group, _read(text, "trustee key"), "trustee key").public_key)


def compose_trustees(texts: Sequence[str]) -> str:
    """Return the election's list of trustees from public keys and parameters of threshold groups."""
    return compact([[_kind(value), value] for value in (_read(text, "trustee key") for text in texts)])


def without_verification_keys(text: str) -> str:
    """Return the list as it is fixed before threshold trustees open their shares; raises Refused.

    The `verification_keys` follow from what stays. A list of single keys is returned as it is.
    """
    return compact([[kind, _without_keys(value)] for kind, value in _items(text)])


def _without_keys(value: object) -> object:
    if not isinstance(value, dict):
        return value
    return {name: held for name, held in value.items() if name != "verification_keys"}


def combined_public_key(group: Group, texts: Sequence[str]) -> str:
    """Return the election's public key from the same texts; raises Refused for one that fails its checks."""
    return group.text(parse_trustees(group, compose_trustees(texts)).public_key(group))


def parse_trustees(group: Group, text: str) -> Trustees:
    """Read and check an election's list of trustees; raises Refused for the first that fails."""
    quorums: list[Quorum] = []
    seen: set[Element] = set()
    for kind, value in _items(text):
        quorums.append(_quorum(group, kind, value, len(seen) + 1))
        _refuse_repeated(quorums[-1], seen)
    if not quorums:
        raise Refused("trustees_text", "trustees")
    return Trustees(tuple(quorums))


def _items(text: str) -> list[list[Any]]:
    """Return the kind and the value of each entry of a list."""
    try:
        return [array(item, length=2) for item in array(_read(text, "trustees"))]
    except NotCanonical as error:
        raise Refused("trustees_text", "trustees") from error


def _kind(value: object) -> str:
    return "Pedersen" if isinstance(value, dict) and "certs" in value else "Single"


def _read(text: str, where: str) -> object:
    try:
        return read(text)
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error


def _quorum(group: Group, kind: object, value: object, number: int) -> Quorum:
    if kind == "Single":
        key = read_key(group, value, f"trustee {number}")
        return Quorum(1, (Trustee(number, key.public_key, key.name),), key.public_key)
    if kind == "Pedersen":
        from openballot import pedersen  # many elections have none

        read_group = pedersen.read_parameters(group, value, number)
        trustees = [
            Trustee(i, key.public_key, key.name) for i, key in enumerate(read_group.keys, start=number)
        ]
        return Quorum(read_group.threshold, tuple(trustees), read_group.public_key)
    raise Refused("trustees_unsupported", f"trustee {number}")


def _refuse_repeated(quorum: Quorum, seen: set[Element]) -> None:
    for trustee in quorum.trustees:
        if trustee.public_key in seen:
            raise Refused("trustee_repeated", f"trustee {trustee.number}")
        seen.add(trustee.public_key)
