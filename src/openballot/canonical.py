"""Canonical JSON as Belenios writes it: compact, in the specification's field order. Nothing is repaired.

The trap: a hash stands for one exact text, so two texts for one value are two different objects.
"""

import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any, Never

LARGEST_PLAIN_WEIGHT = 2**30 - 1
# Every program reads a text of this depth and numbers of this size, and all of them alike (RFC 7493, 2.2).
DEEPEST = 64
LARGEST_NUMBER = 2**53 - 1


class NotCanonical(ValueError):
    """A text is not the one way to write its value."""


def compact(value: object) -> str:
    """Write *value* without spaces, its fields in the order they have; DEL is escaped, as Belenios does."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")


def read(text: str) -> Any:
    """Read *text*, or raise NotCanonical when `compact` would not write the same text again."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=_distinct,
            parse_int=_number,
            parse_float=_no_fraction,
            parse_constant=_no_fraction,
        )
        rewritten = compact(value)
        rewritten.encode()
    except (ValueError, RecursionError) as error:
        raise NotCanonical("The text is not plain JSON.") from error
    if rewritten != text:
        raise NotCanonical("The text is not written in the compact form.")
    if text.count("[") + text.count("{") > DEEPEST and not _is_nested(value, DEEPEST):
        raise NotCanonical("The text is nested too deeply.")
    return value


def record(value: object, *names: str, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return *value* when it is an object with exactly the fields *names*, in that order.

    Those named in *optional* too may be absent.
    """
    if not isinstance(value, dict):
        raise NotCanonical("An object is missing.")
    expected = [name for name in names if name in value or name not in optional]
    if list(value) != expected:
        raise NotCanonical(f"The fields must be {', '.join(expected)}, in this order.")
    return value


def array(value: object, *, length: int | None = None) -> list[Any]:
    if not isinstance(value, list):
        raise NotCanonical("An array is missing.")
    if length is not None and len(value) != length:
        raise NotCanonical(f"The array must hold {length} items, not {len(value)}.")
    return value


def string(value: object) -> str:
    if not isinstance(value, str):
        raise NotCanonical("A text is missing.")
    return value


def integer(value: object) -> int:
    # JSON's true is an int to Python.
    if type(value) is not int or value < 0:
        raise NotCanonical("A whole number of 0 or more is missing.")
    return value


def sha256_hex(value: object) -> str:
    text = string(value)
    if len(text) != 64 or not set(text) <= set("0123456789abcdef"):
        raise NotCanonical("A SHA-256 hash in 64 hexadecimal digits is missing.")
    return text


def decimal(text: object, *, below: int) -> int:
    """Read a number 0 <= n < *below* written without leading zeros."""
    digits = string(text)
    # The length is checked first: reading a number of a million digits takes minutes.
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(below)):
        raise NotCanonical("A number is missing or far too large.")
    if digits[0] == "0" and digits != "0":
        raise NotCanonical("A number has leading zeros.")
    number = int(digits)
    if number >= below:
        raise NotCanonical("A number is too large.")
    return number


def weight(value: object) -> int:
    """Read a weight or a weighted count: a number up to 2^30 - 1, above that a string."""
    if type(value) is int and 0 <= value <= LARGEST_PLAIN_WEIGHT:
        return value
    if isinstance(value, str):
        number = decimal(value, below=10**40)
        if number > LARGEST_PLAIN_WEIGHT:
            return number
    raise NotCanonical("A count or weight is missing, or a number is written as a text or the reverse.")


def weight_value(number: int) -> int | str:
    return number if number <= LARGEST_PLAIN_WEIGHT else str(number)


def hash_hex(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def hash_base64(text: str) -> str:
    """Base64 without padding of the text's SHA-256: the fingerprint of elections and ballots."""
    return base64_of(hashlib.sha256(text.encode()).digest())


def base64_of(digest: bytes) -> str:
    """Base64 without padding."""
    return binascii.b2a_base64(digest, newline=False).decode().rstrip("=")


def _distinct(pairs: list[tuple[str, Any]]) -> Mapping[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("A field is written twice.")
    if any(name.isascii() and name.isdigit() for name in value):
        # JavaScript puts such fields first, whatever their order is in the text.
        raise NotCanonical("A field's name is a number.")
    return value


def _number(text: str) -> int:
    # The length is checked first: see `decimal`.
    number = int(text) if len(text) <= len(str(-LARGEST_NUMBER)) else None
    if number is None or abs(number) > LARGEST_NUMBER:
        raise NotCanonical("A number is too large.")
    return number


def _is_nested(value: object, most: int) -> bool:
    """Is this value nested at most so deep?"""
    if not isinstance(value, dict | list):
        return True
    inner = value.values() if isinstance(value, dict) else value
    return most > 0 and all(_is_nested(item, most - 1) for item in inner)


def _no_fraction(_: str) -> Never:
    raise NotCanonical("Only whole numbers are used.")
