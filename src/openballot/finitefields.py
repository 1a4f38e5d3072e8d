"""The groups of numbers modulo a prime of 2048 bits, by GMP. An element is an mpz."""

from collections.abc import Sequence
from typing import Any

import gmpy2
from gmpy2 import mpz

from openballot import powers
from openballot.canonical import NotCanonical
from openballot.groups import (
    INTEGER_BITS,
    Element,
    Group,
    NotInGroup,
    Power,
    SharedPowers,
    product_of,
    seed_of_generator,
)


class FiniteField(Group):
    """A subgroup of prime order q of the numbers modulo a prime p (specification, section 5)."""

    arithmetic = "GMP"

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
        return gmpy2.powmod(seed_of_generator(index), (self.p - 1) // self.q, self.p)

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


def group(name: str) -> FiniteField:
    """Make BELENIOS-2048 or RFC-3526-2048."""
    if name == "BELENIOS-2048":
        return FiniteField(name, p=_BELENIOS_P, q=_BELENIOS_Q, g=_BELENIOS_G)
    return FiniteField(name, p=_RFC3526_P, q=(_RFC3526_P - 1) // 2, g=2, padding=8)


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
