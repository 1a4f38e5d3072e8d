"""The three groups elections may use, behind one protocol.

Three traps. An element that was only read may lie outside the group: `element` proves membership, `unproven`
does not. Secrets go through `secret_power` only: the others take a time that depends on the exponent. And
`decode` reads integers out of any element: only what `encode` gives back from them is an answer.
"""

import hashlib
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, TypeAlias

from openballot.canonical import decimal

# An mpz of a finite field, or the 32 bytes of a point. Opaque outside this module.
Element: TypeAlias = Any
RandomBytes = Callable[[int], bytes]
Power = Callable[[int], Element]

INTEGER_BITS = 8


class UnknownGroup(ValueError):
    """No group has this name."""


class NotEncodable(ValueError):
    """These integers cannot be written into an element of this group."""


class NotInGroup(ValueError):
    """A number or point is well written, but is not an element of the group."""

    def __init__(self, index: int = 0) -> None:
        super().__init__("A number is not an element of the election's group.")
        self.index = index


@dataclass(frozen=True, slots=True)
class SharedPowers:
    """`own[i][j]` is bases[i] to the j-th of its own exponents; `product[j]` that of all bases together."""

    own: list[list[Element]]
    product: list[Element]


class Group(ABC):
    """A cyclic group of prime order *q*, written multiplicatively as in the specification.

    An element holds at most *most_integers* integers of 8 bits, above *padding* bits that make it a member.
    *arithmetic* names the library that computes here.
    """

    name: str
    arithmetic: str
    q: int
    generator: Element
    identity: Element
    most_integers: int
    padding: int

    @abstractmethod
    def element(self, text: object) -> Element:
        """Read an element and prove that it belongs to the group; raises NotCanonical or NotInGroup."""

    @abstractmethod
    def unproven(self, text: object) -> Element:
        """Read an element that may be multiplied, but whose membership `shared_powers` is still to prove.

        Raises NotCanonical, or NotInGroup already where nothing else can be multiplied.
        """

    @abstractmethod
    def text(self, element: Element) -> str: ...

    @abstractmethod
    def order_key(self, element: Element) -> Any:
        """Sort by this: numerically in finite fields, by the little-endian bytes for Ed25519."""

    @abstractmethod
    def power(self, base: Element, exponent: int) -> Element: ...

    @abstractmethod
    def power_generator(self, exponent: int) -> Element: ...

    @abstractmethod
    def secret_power(self, base: Element, exponent: int) -> Element: ...

    @abstractmethod
    def secret_power_generator(self, exponent: int) -> Element: ...

    @abstractmethod
    def multiply(self, left: Element, right: Element) -> Element: ...

    @abstractmethod
    def inverse(self, element: Element) -> Element: ...

    @abstractmethod
    def fixed_base(self, base: Element) -> Power:
        """Prepare many public powers of one base."""

    @abstractmethod
    def shared_powers(
        self, bases: Sequence[Element], own: Sequence[Sequence[int]], common: Sequence[int]
    ) -> SharedPowers:
        """Raise each base to its own exponents and the product of all bases to the common ones.

        Bases may be unproven: the squarings serve to prove each a member too, or NotInGroup names its index.
        """

    @abstractmethod
    def product_of_powers(self, bases: Sequence[Element], exponents: Sequence[int]) -> Element:
        """Multiply public powers, each member of *bases* raised to its own of the *exponents*."""

    @abstractmethod
    def independent_generator(self, index: int) -> Element:
        """Return the generator number *index*, of which nobody knows a logarithm; -1 is the one called h.

        GetGenerator of the specification's shuffle algorithms: SHA-256 of "ggen|index", made a member.
        """

    @abstractmethod
    def _member_of_number(self, number: int) -> Element | None:
        """Return the member that this number writes, if there is one."""

    @abstractmethod
    def _number_of_member(self, element: Element) -> int: ...

    def encode(self, integers: Sequence[int]) -> Element:
        """Write integers of 8 bits into the element of the smallest number that begins with them.

        of_ints of the specification, section 5. Raises NotEncodable. Takes a time that depends on them.
        """
        if len(integers) > self.most_integers or not all(0 <= integer < 256 for integer in integers):
            raise NotEncodable(f"An answer is at most {self.most_integers} whole numbers from 0 to 255.")
        first = int.from_bytes(bytes(integers), "big") << self.padding
        for number in range(first, first + (1 << self.padding)):
            element = self._member_of_number(number)
            if element is not None:
                return element
        raise NotEncodable("No element of the group begins with these numbers.")

    def decode(self, element: Element, count: int) -> list[int]:
        """Read *count* integers out of any element, as to_ints of the specification does (section 5)."""
        number = self._number_of_member(element) >> self.padding
        return [number >> (INTEGER_BITS * place) & 255 for place in reversed(range(count))]

    def holds_integers(self, element: Element, count: int) -> bool:
        """Is this the very element that `encode` writes for *count* integers?"""
        try:
            return bool(self.encode(self.decode(element, count)) == element)
        except NotEncodable:
            return False

    def trusting(self) -> "Group":
        """Return the same group for reading what was proven before: `unproven` proves nothing at all.

        There `multiply` and `power` raise NotInGroup for what cannot be multiplied.
        """
        return self

    def scalar(self, text: object) -> int:
        """Read an exponent: decimal, 0 <= s < q, nothing else."""
        return decimal(text, below=self.q)

    def hash_to_scalar(self, text: str) -> int:
        """SHA-256 of the text as a big-endian number, modulo q."""
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q

    def random_scalar(self, randbytes: RandomBytes = secrets.token_bytes) -> int:
        """Draw 32 bytes more than q has, so that the bias is below 2^-256 whatever the group."""
        return int.from_bytes(randbytes((self.q.bit_length() + 7) // 8 + 32), "big") % self.q


def product_of(group: Group, elements: Sequence[Element]) -> Element:
    total = group.identity
    for element in elements:
        total = group.multiply(total, element)
    return total


def quotient(group: Group, numerator: Element, denominator: Element) -> Element:
    return group.multiply(numerator, group.inverse(denominator))


def seed_of_generator(index: int) -> int:
    """Hash the number of an independent generator, to begin with (specification, section 6)."""
    return int.from_bytes(hashlib.sha256(f"ggen|{index}".encode()).digest(), "big")


# An election needs one of the two libraries, and each takes as long to load as Python itself.
_MODULES = {
    "BELENIOS-2048": "openballot.finitefields",
    "RFC-3526-2048": "openballot.finitefields",
    "Ed25519": "openballot.edwards25519",
}


@cache
def named(name: str) -> Group:
    """Return the group an election names in its `group` field, or raise UnknownGroup."""
    if name not in _MODULES:
        raise UnknownGroup(f"No group is named {name!r}.")
    group: Group = import_module(_MODULES[name]).group(name)
    return group
