"""Numbers modulo p = 2^255 - 19: five limbs of 51 bits, as words or as lanes (Bernstein, Curve25519, 2006).

What must hold of every element: limb 0 is below 2^51 + 2^13 and the others below 2^51 in lanes, so that
no number that AVX512-IFMA multiplies has more than 52 bits. In words all limbs are below 2^54: five products
of two of them, the second times 19, still fit 128 bits. What is returned is the same number modulo p, rarely
the smallest: only `canonical` returns that.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit
from numba.core import cgutils
from numba.extending import intrinsic

from openballot.fast.kernels.machine import (
    DOUBLE_WORD,
    VECTOR,
    WORD,
    Builder,
    Value,
    constant,
    ifma_high,
    ifma_low,
    lanes,
    spread,
    where_zero,
)

P = 2**255 - 19
BITS = 51
LIMBS = 5
MASK = 2**BITS - 1


def limbs_of(number: int) -> tuple[np.uint64, ...]:
    return tuple(np.uint64(number % P >> BITS * limb & MASK) for limb in range(LIMBS))


_ZERO, _ONE = limbs_of(0), limbs_of(1)
_SQRT_MINUS_ONE = limbs_of(pow(2, (P - 1) // 4, P))
_51, _1, _19 = np.uint64(BITS), np.uint64(1), np.uint64(19)
_MASK = np.uint64(MASK)


def _split(builder: Builder, element: Value) -> list[Value]:
    return [builder.extract_value(element, limb) for limb in range(LIMBS)]


def _carried(builder: Builder, limbs: list[Value]) -> Value:
    """Bring every limb below 2^51 and what the last one carries back to the first, 19 times."""
    mask, bits = constant(limbs[0], MASK), constant(limbs[0], BITS)
    for limb in range(LIMBS - 1):
        limbs[limb + 1] = builder.add(limbs[limb + 1], builder.lshr(limbs[limb], bits))
        limbs[limb] = builder.and_(limbs[limb], mask)
    over = builder.lshr(limbs[-1], bits)
    limbs[-1] = builder.and_(limbs[-1], mask)
    limbs[0] = builder.add(limbs[0], _times_19(builder, over))
    return cgutils.pack_array(builder, limbs)


def _times_19(builder: Builder, number: Value) -> Value:
    double = builder.shl(number, constant(number, 1))
    sixteen = builder.shl(number, constant(number, 4))
    return builder.add(builder.add(sixteen, double), number)


def _multiply_lanes(builder: Builder, pairs: list[tuple[int, Value, Value]]) -> Value:
    """Sum the products that weigh 2^(51 k); a half from bit 52 up weighs 2 * 2^(51 (k + 1))."""
    zero = ir.Constant(VECTOR, [0] * 8)
    low, high = [zero] * 10, [zero] * 10
    for k, left, right in pairs:
        low[k] = ifma_low(builder, low[k], left, right)
        high[k + 1] = ifma_high(builder, high[k + 1], left, right)
    sums = [builder.add(low[k], builder.shl(high[k], constant(zero, 1))) for k in range(10)]
    # 2^255 = 19: the upper five fold onto the lower, once they are small enough to be multiplied by 19.
    for k in range(5, 9):
        sums[k + 1] = builder.add(sums[k + 1], builder.lshr(sums[k], constant(zero, BITS)))
        sums[k] = builder.and_(sums[k], constant(zero, MASK))
    return _carried(builder, [builder.add(sums[k], _times_19(builder, sums[k + 5])) for k in range(5)])


def _multiply_words(builder: Builder, pairs: list[tuple[int, Value, Value]]) -> Value:
    """Sum the products that weigh 2^(51 k) in 128 bits each; from k = 5 on they fold, 19 times.

    Limb by limb, so that few registers are needed.
    """
    limbs = []
    over = ir.Constant(DOUBLE_WORD, 0)
    for limb in range(LIMBS):
        total = over
        for k, left, right in pairs:
            if k % LIMBS == limb:
                factor = right if k < LIMBS else _times_19(builder, right)
                product = builder.mul(builder.zext(left, DOUBLE_WORD), builder.zext(factor, DOUBLE_WORD))
                total = builder.add(total, product)
        limbs.append(builder.and_(builder.trunc(total, WORD), ir.Constant(WORD, MASK)))
        over = builder.lshr(total, ir.Constant(DOUBLE_WORD, BITS))
    # With limbs below 2^54 the last carry is below 2^60, and 19 times it below 2^64.
    first = builder.add(limbs[0], _times_19(builder, builder.trunc(over, WORD)))
    limbs[0] = builder.and_(first, ir.Constant(WORD, MASK))
    limbs[1] = builder.add(limbs[1], builder.lshr(first, ir.Constant(WORD, BITS)))
    return cgutils.pack_array(builder, limbs)


@intrinsic
def multiply(typing: Any, left: Any, right: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        a, b = _split(builder, arguments[0]), _split(builder, arguments[1])
        pairs = [(i + j, a[i], b[j]) for i in range(LIMBS) for j in range(LIMBS)]
        return (_multiply_lanes if left.dtype == lanes else _multiply_words)(builder, pairs)

    return left(left, left), generate


@intrinsic
def square(typing: Any, number: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        a = _split(builder, arguments[0])
        # Limb 0, which may be a little larger, is never the one that is doubled.
        twice = [builder.shl(limb, constant(limb, 1)) for limb in a]
        pairs = [(i + j, a[i], a[j] if i == j else twice[j]) for i in range(LIMBS) for j in range(i, LIMBS)]
        return (_multiply_lanes if number.dtype == lanes else _multiply_words)(builder, pairs)

    return number(number), generate


@intrinsic
def add(typing: Any, left: Any, right: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        a, b = _split(builder, arguments[0]), _split(builder, arguments[1])
        sums = [builder.add(x, y) for x, y in zip(a, b, strict=True)]
        return _carried(builder, sums) if left.dtype == lanes else cgutils.pack_array(builder, sums)

    return left(left, left), generate


@intrinsic
def subtract(typing: Any, left: Any, right: Any) -> Any:
    """left + 2p - right in lanes, left + 4p - right in words: no limb falls below zero."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        a, b = _split(builder, arguments[0]), _split(builder, arguments[1])
        times = 2 if left.dtype == lanes else 4
        zero = [times * (2**BITS - 19), *[times * MASK] * (LIMBS - 1)]
        differences = [
            builder.sub(builder.add(x, constant(x, z)), y) for x, y, z in zip(a, b, zero, strict=True)
        ]
        return (
            _carried(builder, differences)
            if left.dtype == lanes
            else cgutils.pack_array(builder, differences)
        )

    return left(left, left), generate


@njit(forceinline=True)
def zero(like: Any) -> Any:
    return constant_element(like, _ZERO)


@njit(forceinline=True)
def one(like: Any) -> Any:
    return constant_element(like, _ONE)


@njit(forceinline=True)
def constant_element(like: Any, limbs: Any) -> Any:
    return (
        spread(like, limbs[0]),
        spread(like, limbs[1]),
        spread(like, limbs[2]),
        spread(like, limbs[3]),
        spread(like, limbs[4]),
    )


@njit(forceinline=True)
def negative(a: Any) -> Any:
    return subtract(zero(a[0]), a)


@intrinsic
def pick(typing: Any, mask: Any, a: Any, b: Any) -> Any:
    """Return a where the mask is set, else b."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        is_set = builder.icmp_signed("<", arguments[0], constant(arguments[0], 0))
        pairs = zip(_split(builder, arguments[1]), _split(builder, arguments[2]), strict=True)
        return cgutils.pack_array(builder, [builder.select(is_set, x, y) for x, y in pairs])

    return a(mask, a, a), generate


@njit
def _carry_once(a: Any) -> Any:
    a0, a1, a2, a3, a4 = a
    a1 = a1 + (a0 >> _51)
    a2 = a2 + (a1 >> _51)
    a3 = a3 + (a2 >> _51)
    a4 = a4 + (a3 >> _51)
    return (a0 & _MASK) + (a4 >> _51) * _19, a1 & _MASK, a2 & _MASK, a3 & _MASK, a4 & _MASK


@njit
def canonical(a: Any) -> Any:
    """Return the smallest limbs of the same number: once p is taken off where a + 19 reaches 2^255."""
    a0, a1, a2, a3, a4 = _carry_once(_carry_once(a))
    over = (a0 + _19) >> _51
    over = (a1 + over) >> _51
    over = (a2 + over) >> _51
    over = (a3 + over) >> _51
    over = (a4 + over) >> _51
    a0 = a0 + over * _19
    a1 = a1 + (a0 >> _51)
    a2 = a2 + (a1 >> _51)
    a3 = a3 + (a2 >> _51)
    a4 = a4 + (a3 >> _51)
    return a0 & _MASK, a1 & _MASK, a2 & _MASK, a3 & _MASK, a4 & _MASK


@njit
def same(a: Any, b: Any) -> Any:
    """Return a mask: where a = b modulo p."""
    d0, d1, d2, d3, d4 = canonical(subtract(a, b))
    return where_zero(d0 | d1 | d2 | d3 | d4)


@njit
def opposite(a: Any, b: Any) -> Any:
    """Return a mask: where a = -b modulo p."""
    d0, d1, d2, d3, d4 = canonical(add(a, b))
    return where_zero(d0 | d1 | d2 | d3 | d4)


@njit
def parity(a: Any) -> Any:
    return canonical(a)[0] & _1


@njit
def from_words(w0: Any, w1: Any, w2: Any, w3: Any) -> Any:
    """Read the low 255 bits of four words, lowest first."""
    return (
        w0 & _MASK,
        (w0 >> np.uint64(51) | w1 << np.uint64(13)) & _MASK,
        (w1 >> np.uint64(38) | w2 << np.uint64(26)) & _MASK,
        (w2 >> np.uint64(25) | w3 << np.uint64(39)) & _MASK,
        (w3 >> np.uint64(12)) & _MASK,
    )


@njit
def to_words(a: Any) -> Any:
    """Write canonical limbs as four words, lowest first."""
    a0, a1, a2, a3, a4 = a
    return (
        a0 | a1 << np.uint64(51),
        a1 >> np.uint64(13) | a2 << np.uint64(38),
        a2 >> np.uint64(26) | a3 << np.uint64(25),
        a3 >> np.uint64(39) | a4 << np.uint64(12),
    )


@njit
def _square_times(a: Any, times: int) -> Any:
    for _ in range(times):
        a = square(a)
    return a


@njit
def _to_2_250_minus_1(a: Any) -> Any:
    """Return a^(2^250 - 1) and a^11: runs of ones in the exponent, doubled in length."""
    a2 = square(a)
    a9 = multiply(_square_times(a2, 2), a)
    a11 = multiply(a9, a2)
    ones_5 = multiply(square(a11), a9)
    ones_10 = multiply(_square_times(ones_5, 5), ones_5)
    ones_20 = multiply(_square_times(ones_10, 10), ones_10)
    ones_40 = multiply(_square_times(ones_20, 20), ones_20)
    ones_50 = multiply(_square_times(ones_40, 10), ones_10)
    ones_100 = multiply(_square_times(ones_50, 50), ones_50)
    ones_200 = multiply(_square_times(ones_100, 100), ones_100)
    return multiply(_square_times(ones_200, 50), ones_50), a11


@njit
def inverse(a: Any) -> Any:
    """Return a^(p - 2), which is 1/a, and 0 for 0."""
    ones_250, a11 = _to_2_250_minus_1(a)
    return multiply(_square_times(ones_250, 5), a11)


@njit
def square_root_of_ratio(u: Any, v: Any) -> Any:
    """Return x with v x^2 = u, and a mask: where there is one (RFC 8032, section 5.1.3, steps 2 and 3)."""
    v3 = multiply(square(v), v)
    uv7 = multiply(multiply(square(v3), v), u)
    ones_250, _ = _to_2_250_minus_1(uv7)
    power = multiply(_square_times(ones_250, 2), uv7)  # uv7^((p - 5) / 8)
    x = multiply(multiply(u, v3), power)
    vxx = multiply(v, square(x))
    is_root, is_root_of_minus = same(vxx, u), opposite(vxx, u)
    return pick(is_root, x, multiply(x, constant_element(u[0], _SQRT_MINUS_ONE))), is_root | is_root_of_minus
