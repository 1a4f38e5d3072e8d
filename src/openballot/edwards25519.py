"""Edwards25519, by libsodium. An element is the 32 bytes of a point, as RFC 8032 writes it."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import nacl.bindings as sodium

from openballot.canonical import NotCanonical
from openballot.groups import Element, Group, NotInGroup, Power, SharedPowers, product_of, seed_of_generator


class Ed25519(Group):
    """The prime-order subgroup of edwards25519, through libsodium without clamping.

    PyNaCl raises a bare RuntimeError for a zero exponent and for the identity, so both are handled first.
    """

    name = "Ed25519"
    arithmetic = "libsodium"
    q = 2**252 + 27742317777372353535851937790883648493
    identity = (1).to_bytes(32, "little")
    most_integers = 30
    padding = 14

    def __init__(self) -> None:
        self.generator = sodium.crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))
        self._minus_one = (self.q - 1).to_bytes(32, "little")
        self._knows_members = not sodium.crypto_core_ed25519_is_valid_point(self._generator_outside())

    def element(self, text: object) -> Element:
        element = self._written(text)
        if not self._contains(element):
            raise NotInGroup
        return element

    def unproven(self, text: object) -> Element:
        # libsodium refuses to add what is not on the curve, so nothing unproven goes further.
        return self.element(text)

    def trusting(self) -> Group:
        return _trusting()

    def _written(self, text: object) -> Element:
        if not isinstance(text, str) or len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise NotCanonical("An element must be 64 hexadecimal digits in lower case.")
        return bytes.fromhex(text)[::-1]

    def _contains(self, element: Element) -> bool:
        if element == self.identity:
            return True
        if not sodium.crypto_core_ed25519_is_valid_point(element):
            return False
        if self._knows_members:
            return True
        # The power q - 1 of a member plus (0, -1) is not its inverse.
        power = sodium.crypto_scalarmult_ed25519_noclamp(self._minus_one, element)
        return bool(power == self.inverse(element))

    def _generator_outside(self) -> Element:
        """The generator plus (0, -1), which some libsodium releases take for a member: (-x, -y)."""
        y = int.from_bytes(self.generator, "little") % 2**255
        return ((2**255 - 19 - y) | 2**255).to_bytes(32, "little")

    def text(self, element: Element) -> str:
        return bytes(element[::-1]).hex()

    def order_key(self, element: Element) -> Any:
        return element

    def power(self, base: Element, exponent: int) -> Element:
        return self.secret_power(base, exponent)

    def power_generator(self, exponent: int) -> Element:
        return self.secret_power_generator(exponent)

    def secret_power(self, base: Element, exponent: int) -> Element:
        exponent %= self.q
        if exponent == 0 or base == self.identity:
            return self.identity
        return sodium.crypto_scalarmult_ed25519_noclamp(exponent.to_bytes(32, "little"), base)

    def secret_power_generator(self, exponent: int) -> Element:
        exponent %= self.q
        if exponent == 0:
            return self.identity
        return sodium.crypto_scalarmult_ed25519_base_noclamp(exponent.to_bytes(32, "little"))

    def multiply(self, left: Element, right: Element) -> Element:
        if left == self.identity:
            return right
        if right == self.identity:
            return left
        return sodium.crypto_core_ed25519_add(left, right)

    def inverse(self, element: Element) -> Element:
        # -(x, y) = (-x, y): the sign of x is the top bit. The identity has x = 0 and no other sign.
        if element == self.identity:
            return element
        return element[:31] + bytes([element[31] ^ 0x80])

    def fixed_base(self, base: Element) -> Power:
        if base == self.generator:
            return self.power_generator
        return lambda exponent: self.power(base, exponent)

    def shared_powers(
        self, bases: Sequence[Element], own: Sequence[Sequence[int]], common: Sequence[int]
    ) -> SharedPowers:
        total = product_of(self, bases)
        rows = [
            [self.power(base, exponent) for exponent in exponents]
            for base, exponents in zip(bases, own, strict=True)
        ]
        return SharedPowers(rows, [self.power(total, exponent) for exponent in common])

    def product_of_powers(self, bases: Sequence[Element], exponents: Sequence[int]) -> Element:
        return product_of(self, list(map(self.power, bases, exponents)))

    def independent_generator(self, index: int) -> Element:
        y = seed_of_generator(index) >> 2
        while not self._is_on_curve(point := y.to_bytes(32, "little")):
            y += 1
        for _ in range(3):
            point = sodium.crypto_core_ed25519_add(point, point)
        return point

    def _is_on_curve(self, element: Element) -> bool:
        # libsodium adds any two points of the curve, in the subgroup or not.
        try:
            sodium.crypto_core_ed25519_add(element, element)
        except RuntimeError:
            return False
        return True

    def _member_of_number(self, number: int) -> Element | None:
        element = number.to_bytes(32, "little")
        return element if self._contains(element) else None

    def _number_of_member(self, element: Element) -> int:
        return int.from_bytes(element, "little")


class _TrustingEd25519(Ed25519):
    def unproven(self, text: object) -> Element:
        return self._written(text)

    def power(self, base: Element, exponent: int) -> Element:
        try:
            return super().power(base, exponent)
        except RuntimeError as error:
            raise NotInGroup from error

    def multiply(self, left: Element, right: Element) -> Element:
        try:
            return sodium.crypto_core_ed25519_add(left, right)
        except RuntimeError as error:
            raise NotInGroup from error


@cache
def _trusting() -> Ed25519:
    return _TrustingEd25519()


def group(_name: str) -> Ed25519:
    """Make the one group there is of this kind."""
    return Ed25519()
