"""Public powers in a finite field: tables for fixed bases, shared squarings for others. Never for secrets.

Nearly all of verification is g^r, y^r and v^c for a few c per base v. A table of g and of y turns the first
two into 32 multiplications. For the third, one chain of squarings v, v^2, v^4, … serves every exponent of v:
each exponent drops the chain's values into buckets by odd digit (Yao's method). Buckets of different bases
for one exponent can be merged before they are collected, which gives the power of the bases' product. Bases
with an exponent each share the squarings of their product as it grows (Straus's method).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import TypeAlias

import gmpy2
from gmpy2 import mpz

ROW_BITS = 8
DIGIT_BITS = 5
BUCKETS = 1 << (DIGIT_BITS - 1)
# A table takes as long to make as so many powers without one.
TABLE_FROM = 12

# Bucket k holds the product of the chain's values that carry the odd digit 2k + 1; None is an empty product.
Buckets: TypeAlias = list[mpz | None]


class FixedBase:
    """All base^(d * 2^(8 i)) for 0 <= d < 256: a power is then one multiplication for each byte.

    The table is made once it pays; whoever has the kernels never asks for so many powers.
    """

    def __init__(self, base: mpz, p: mpz, bits: int) -> None:
        self.p = p
        self._base = base
        self._bits = bits
        self._asked = 0

    def power(self, exponent: int) -> mpz:
        """Raise the base to 0 <= exponent < 2^bits."""
        self._asked += 1
        if self._asked < TABLE_FROM:
            return gmpy2.powmod(self._base, exponent, self.p)
        result, p = mpz(1), self.p
        for row, digit in zip(self._rows, exponent.to_bytes(len(self._rows), "little"), strict=True):
            if digit:
                result = result * row[digit] % p
        return result

    @cached_property
    def _rows(self) -> list[list[mpz]]:
        rows, base = [], self._base
        for _ in range(-(-self._bits // ROW_BITS)):
            row = [mpz(1)]
            for _ in range(2**ROW_BITS - 1):
                row.append(row[-1] * base % self.p)
            rows.append(row)
            base = row[-1] * base % self.p
        return rows


def shared_squarings(base: mpz, exponents: Sequence[int], p: mpz) -> list[Buckets]:
    """Return one row of buckets per exponent; `collect` turns a row into the power."""
    buckets: list[Buckets] = [[None] * BUCKETS for _ in exponents]
    digits_at: dict[int, list[tuple[Buckets, int]]] = {}
    for row, exponent in zip(buckets, exponents, strict=True):
        for position, digit in _odd_digits(exponent):
            digits_at.setdefault(position, []).append((row, digit >> 1))
    value = base
    for position in range(max(digits_at, default=-1) + 1):
        if position:
            value = value * value % p
        for row, k in digits_at.get(position, ()):
            held = row[k]
            row[k] = value if held is None else held * value % p
    return buckets


def merging_pays(bases: int, exponents: int, bits: int) -> bool:
    """Is a product of bases cheaper from merged buckets than with a chain of squarings of its own?

    Counts multiplications: an exponent has about one odd digit in six bits, a merge costs one per bucket.
    """
    digits = bits // (DIGIT_BITS + 1)
    return bases * exponents * (digits + BUCKETS) <= bits + exponents * digits


def merge(left: Buckets, right: Buckets, p: mpz) -> Buckets:
    """Return the buckets of the product of two bases raised to one exponent."""
    return [b if a is None else a if b is None else a * b % p for a, b in zip(left, right, strict=True)]


def collect(buckets: Buckets, p: mpz) -> mpz:
    """Return the product of buckets[k]^(2k + 1), by running products from the top: two steps a bucket."""
    running: mpz | None = None
    doubled: mpz | None = None
    for bucket in reversed(buckets[1:]):
        if bucket is not None:
            running = bucket if running is None else running * bucket % p
        if running is not None:
            doubled = running if doubled is None else doubled * running % p
    result = mpz(1) if doubled is None else doubled * doubled % p
    for rest in (running, buckets[0]):
        if rest is not None:
            result = result * rest % p
    return result


def product_of_powers(bases: Sequence[mpz], exponents: Sequence[int], p: mpz) -> mpz:
    """Return the product of each base raised to its own exponent."""
    factors_at: dict[int, list[mpz]] = {}
    for base, exponent in zip(bases, exponents, strict=True):
        row = _odd_powers(base, p)
        for position, digit in _odd_digits(exponent):
            factors_at.setdefault(position, []).append(row[digit >> 1])
    result = mpz(1)
    for position in range(max(factors_at, default=-1), -1, -1):
        result = result * result % p
        for factor in factors_at.get(position, ()):
            result = result * factor % p
    return result


def _odd_powers(base: mpz, p: mpz) -> list[mpz]:
    """Return base, base^3, … base^31: one for each odd digit."""
    square = base * base % p
    row = [base]
    while len(row) < BUCKETS:
        row.append(row[-1] * square % p)
    return row


def _odd_digits(exponent: int) -> list[tuple[int, int]]:
    """Write the exponent as a sum of odd digits below 2^5, each at its bit position."""
    digits = []
    position = 0
    while exponent:
        zeros = (exponent & -exponent).bit_length() - 1
        exponent >>= zeros
        position += zeros
        digits.append((position, exponent % 2**DIGIT_BITS))
        exponent >>= DIGIT_BITS
        position += DIGIT_BITS
    return digits
