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
from typing import Any, TypeAlias

import gmpy2
import nacl.bindings as sodium
from gmpy2 import mpz

from openballot import powers
from openballot.canonical import NotCanonical, decimal

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
    """

    name: str
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

    def scalar(self, text: object) -> int:
        """Read an exponent: decimal, 0 <= s < q, nothing else."""
        return decimal(text, below=self.q)

    def hash_to_scalar(self, text: str) -> int:
        """SHA-256 of the text as a big-endian number, modulo q."""
        return int.from_bytes(hashlib.sha256(text.encode()).digest(), "big") % self.q

    def random_scalar(self, randbytes: RandomBytes = secrets.token_bytes) -> int:
        """Draw 32 bytes more than q has, so that the bias is below 2^-256 whatever the group."""
        return int.from_bytes(randbytes((self.q.bit_length() + 7) // 8 + 32), "big") % self.q


class FiniteField(Group):
    """A subgroup of prime order q of the numbers modulo a prime p (specification, section 5)."""

    def __init__(self, name: str, *, p: int, q: int, g: int, padding: int | None = None) -> None:
        self.name = name
        self.padding = padding or 0
        # As many as fit below p whatever they are.
        bits = p.bit_length() - 1 - self.padding
        self.most_integers = 0 if padding is None else bits // INTEGER_BITS
        self.p = mpz(p)
        self.q = q
        self.generator = mpz(g)
        self.identity = mpz(1)
        self._digits = len(str(p))
        # p = 2q + 1: the group is the quadratic residues, and the Jacobi symbol proves membership.
        self._safe_prime = p == 2 * q + 1
        self._power_generator: Power | None = None

    def unproven(self, text: object) -> Element:
        if not isinstance(text, str) or not (text.isascii() and text.isdigit()) or len(text) > self._digits:
            raise NotCanonical("An element must be a decimal number.")
        number = mpz(text)
        if text[0] == "0" or number >= self.p:
            raise NotCanonical("An element must be a number from 1 to p - 1 without leading zeros.")
        return number

    def element(self, text: object) -> Element:
        element = self.unproven(text)
        if not self._contains(element):
            raise NotInGroup
        return element

    def _contains(self, element: Element) -> bool:
        if self._safe_prime:
            return bool(gmpy2.jacobi(element, self.p) == 1)
        return bool(gmpy2.powmod(element, self.q, self.p) == 1)

    def text(self, element: Element) -> str:
        return str(element)

    def order_key(self, element: Element) -> Any:
        return element

    def power(self, base: Element, exponent: int) -> Element:
        return gmpy2.powmod(base, exponent, self.p)

    def power_generator(self, exponent: int) -> Element:
        if self._power_generator is None:
            self._power_generator = self.fixed_base(self.generator)
        return self._power_generator(exponent)

    def secret_power(self, base: Element, exponent: int) -> Element:
        # powmod_sec asks for an exponent above zero; q does for zero what zero would do.
        return gmpy2.powmod_sec(base, exponent or self.q, self.p)

    def secret_power_generator(self, exponent: int) -> Element:
        return self.secret_power(self.generator, exponent)

    def multiply(self, left: Element, right: Element) -> Element:
        return left * right % self.p

    def inverse(self, element: Element) -> Element:
        return gmpy2.invert(element, self.p)

    def fixed_base(self, base: Element) -> Power:
        return powers.FixedBase(base, self.p, self.q.bit_length()).power

    def shared_powers(
        self, bases: Sequence[Element], own: Sequence[Sequence[int]], common: Sequence[int]
    ) -> SharedPowers:
        bits = self.q.bit_length()
        merged = list(common) if powers.merging_pays(len(bases), len(common), bits) else []
        rows: list[list[Element]] = []
        product: list[powers.Buckets] | None = None
        for index, (base, exponents) in enumerate(zip(bases, own, strict=True)):
            buckets = self._buckets_of_member(index, base, [*exponents, *merged])
            rows.append([powers.collect(bucket, self.p) for bucket in buckets[: len(exponents)]])
            tail = buckets[len(exponents) :]
            if product is None:
                product = tail
            else:
                product = [powers.merge(a, b, self.p) for a, b in zip(product, tail, strict=True)]
        if common and not merged:
            product = powers.shared_squarings(product_of(self, bases), common, self.p)
        return SharedPowers(rows, [powers.collect(bucket, self.p) for bucket in product or []])

    def product_of_powers(self, bases: Sequence[Element], exponents: Sequence[int]) -> Element:
        return powers.product_of_powers(bases, exponents, self.p)

    def independent_generator(self, index: int) -> Element:
        return gmpy2.powmod(_seed_of_generator(index), (self.p - 1) // self.q, self.p)

    def _member_of_number(self, number: int) -> Element | None:
        return mpz(number) if self._contains(mpz(number)) else None

    def _number_of_member(self, element: Element) -> int:
        return int(element)

    def _buckets_of_member(self, index: int, base: Element, exponents: list[int]) -> list[powers.Buckets]:
        if self._safe_prime:
            if not self._contains(base):
                raise NotInGroup(index)
            return powers.shared_squarings(base, exponents, self.p)
        *buckets, order = powers.shared_squarings(base, [*exponents, self.q], self.p)
        if powers.collect(order, self.p) != 1:
            raise NotInGroup(index)
        return buckets


class Ed25519(Group):
    """The prime-order subgroup of edwards25519, through libsodium without clamping.

    PyNaCl raises a bare RuntimeError for a zero exponent and for the identity, so both are handled first.
    """

    name = "Ed25519"
    q = 2**252 + 27742317777372353535851937790883648493
    identity = (1).to_bytes(32, "little")
    most_integers = 30
    padding = 14

    def __init__(self) -> None:
        self.generator = sodium.crypto_scalarmult_ed25519_base_noclamp((1).to_bytes(32, "little"))
        self._minus_one = (self.q - 1).to_bytes(32, "little")
        self._knows_members = not sodium.crypto_core_ed25519_is_valid_point(self._generator_outside())

    def element(self, text: object) -> Element:
        if not isinstance(text, str) or len(text) != 64 or not set(text) <= set("0123456789abcdef"):
            raise NotCanonical("An element must be 64 hexadecimal digits in lower case.")
        element = bytes.fromhex(text)[::-1]
        if not self._contains(element):
            raise NotInGroup
        return element

    def unproven(self, text: object) -> Element:
        # libsodium refuses to add what is not on the curve, so nothing unproven goes further.
        return self.element(text)

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
        y = _seed_of_generator(index) >> 2
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


def product_of(group: Group, elements: Sequence[Element]) -> Element:
    total = group.identity
    for element in elements:
        total = group.multiply(total, element)
    return total


def quotient(group: Group, numerator: Element, denominator: Element) -> Element:
    return group.multiply(numerator, group.inverse(denominator))


def _seed_of_generator(index: int) -> int:
    return int.from_bytes(hashlib.sha256(f"ggen|{index}".encode()).digest(), "big")


@cache
def named(name: str) -> Group:
    """Return the group an election names in its `group` field, or raise UnknownGroup."""
    if name == "BELENIOS-2048":
        return FiniteField(name, p=_BELENIOS_P, q=_BELENIOS_Q, g=_BELENIOS_G)
    if name == "RFC-3526-2048":
        return FiniteField(name, p=_RFC3526_P, q=(_RFC3526_P - 1) // 2, g=2, padding=8)
    if name == "Ed25519":
        return Ed25519()
    raise UnknownGroup(f"No group is named {name!r}.")


# Specification, section 5.1: generated after FIPS 186-4; q has 256 bits.
_BELENIOS_P = int(
    "206947856914225464010136436575050080649229892957511040971008847870573742192427174019222372"
    "544976843381290666331380789584049600543896362897963930387739057228036059737494276713767776"
    "188985898727358650490811670993105358677809800307904916540637771737641986785272734744763418"
    "356000356983051931442845617019110007867373073335641239717328979132404745788344682606523279"
    "746479511376726586935821800463179220736688600526271863633860887968821207694323661494910029"
    "234443463732221458841005864210502421203654335612013204811188524087310770141516662001623131"
    "77169372189248078507711827842317498073276598828825169183103125680162072880719"
)
_BELENIOS_G = int(
    "240235267750185220922768770353239993271228765737836491651007531878766327414635321932028567"
    "615526967879969466829874938909508389657342560190060106847716449173547413728310461045868131"
    "451178164675540052740288984613986453266121505579709716201616827031288643245666383486363578"
    "210615491841998253431518974065818686865115135857641013888221539601604322884360393098933366"
    "277284840659313840601023167509576377798266510360682240663507669776402534625377308513317349"
    "519424896775405257365904949247763147599157519877517771148149092045660020547812705472823814"
    "0972518639858334115700568353695553423781475582491896050296680037745308460627"
)
_BELENIOS_Q = int("78571733251071885079927659812671450121821421258408794611510081919805623223441")
# RFC 3526, group 14, a safe prime (specification, section 5.2).
_RFC3526_P = int(
    "323170060713110073003389139264238282488179412411402391128420097514007417066343542226196894"
    "173635693471179017379097041917546058732091950288537589861856221532121754125149017745202702"
    "357960782362488842461894775876411059286460994117232454266225221932305409190376805242355191"
    "256797158701170010580558776510388618472802579760549035697325615261670813393617995413364765"
    "591603683178967290731783845896806396719009772021941686472258710314113364293195361934716365"
    "332097170774482279885885653692086452966360772502689555059283627511211740969729980684105543"
    "59584866583291642136218231078990999448652468262416972035911852507045361090559"
)
