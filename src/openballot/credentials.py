"""Who may vote, as public keys only. The list is sorted: its order must not tell who is who."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from openballot.canonical import NotCanonical, array, compact, decimal, read, string
from openballot.checks import Refused
from openballot.election import BASE58, random_base58
from openballot.elements import proven_together
from openballot.groups import Element, Group, NotInGroup, RandomBytes

LARGEST_WEIGHT = 10**30
# Counts up to this are found in seconds (`decryption.logarithms`); a heavier list is read, but never written.
LARGEST_TOTAL = 2**40
_PARTS = (5, 6, 5, 6)


class BadCode(ValueError):
    """A private credential is not four parts of 5, 6, 5 and 6 Base58 characters."""


class TooHeavy(ValueError):
    """Voters of so much weight could cast more than anybody could count."""

    def __init__(self) -> None:
        super().__init__("The voters weigh more than 2^40 together: nobody could find such counts.")


def compose_public_credentials(group: Group, entries: Sequence[str]) -> str:
    """Write the sorted list of "element" or "element,weight" texts.

    Raises Refused for any that is wrong, TooHeavy for all of them together.
    """
    text = compact(sorted(entries, key=lambda entry: _sort_key(group, entry)))
    refuse_too_heavy(parse_public_credentials(group, text))
    return text


def refuse_too_heavy(weights: Mapping[str, int]) -> None:
    """Raise TooHeavy for a list that is not to be used, though it can be read."""
    if sum(weights.values()) > LARGEST_TOTAL:
        raise TooHeavy


def parse_public_credentials(group: Group, text: str) -> dict[str, int]:
    """Return the weight of each credential, by its element text; raises Refused for the first wrong entry.

    A third column, a voter's name as older programs add it, is read and ignored. It is never written.
    """
    try:
        entries = [string(entry) for entry in array(read(text))]
    except NotCanonical as error:
        raise Refused("credentials_text", "credentials") from error
    weights: dict[str, int] = {}
    previous: Element | None = None
    proven = proven_together(group, [entry.partition(",")[0] for entry in entries])
    for number, entry in enumerate(entries, start=1):
        where = f"credential {number}"
        element_text, weight = _columns(entry, where)
        element = proven.get(element_text) or _credential(group, element_text, where)
        if element_text in weights:
            raise Refused("credential_repeated", where)
        if previous is not None and not group.order_key(previous) < group.order_key(element):
            raise Refused("credential_order", where)
        weights[element_text] = weight
        previous = element
    return weights


def weights_of_checked(text: str) -> dict[str, int]:
    """The same of a list that `parse_public_credentials` has taken before: here nothing is proven again."""
    return dict(_columns(string(entry), "credentials") for entry in array(read(text)))


def new_code(randbytes: RandomBytes = secrets.token_bytes) -> str:
    """Draw a private credential to be printed on paper: XXXXX-XXXXXX-XXXXX-XXXXXX."""
    characters = random_base58(sum(_PARTS), randbytes)
    starts = [sum(_PARTS[:index]) for index in range(len(_PARTS))]
    return "-".join(characters[start : start + size] for start, size in zip(starts, _PARTS, strict=True))


def secret_of_code(group: Group, uuid: str, code: str) -> int:
    """Derive the scalar of such a code, as Belenios 2.4 and later do; raises BadCode."""
    parts = code.split("-")
    if tuple(map(len, parts)) != _PARTS or not set("".join(parts)) <= set(BASE58):
        raise BadCode("The code must look like XXXXX-XXXXXX-XXXXX-XXXXXX.")
    digests = [hashlib.sha256(f"derive_credential|{uuid}|{half}|{code}".encode()).digest() for half in (0, 1)]
    return int.from_bytes(b"".join(digests), "big") % group.q


def _columns(entry: str, where: str) -> tuple[str, int]:
    element_text, *rest = entry.split(",", 2)
    weight_text = rest[0] if rest else ""
    named = len(rest) == 2
    if not rest or (named and weight_text == ""):
        return element_text, 1
    try:
        return element_text, decimal(weight_text, below=LARGEST_WEIGHT)
    except NotCanonical as error:
        raise Refused("credentials_text", where) from error


def _credential(group: Group, text: str, where: str) -> Element:
    try:
        element = group.element(text)
    except (NotCanonical, NotInGroup) as error:
        raise Refused("credential_element", where) from error
    if element == group.identity:
        raise Refused("credential_element", where)
    return element


def _sort_key(group: Group, entry: str) -> Any:
    try:
        return group.order_key(group.unproven(entry.split(",")[0]))
    except (NotCanonical, NotInGroup) as error:
        raise Refused("credential_element", "credentials") from error
