"""Products of 2048-bit numbers modulo p: 32 limbs of 64 bits as words, 40 limbs of 52 bits as lanes.

Montgomery, "Modular multiplication without trial division" (1985): each number x stands as x R modulo p, and
a product is divided by R on the way; R is 2^2048 for words, 2^2080 for lanes. Sums are made column by column
(product scanning: Koç, Acar, Kaliski, "Analyzing and comparing Montgomery multiplication algorithms", 1996,
section 7), in lanes four rows at a time, so that they stay in registers.

No product is compared with p. In lanes R is more than 4 p, so factors below 2 p give a product below 2 p,
whose limbs are below 2^52. In words p is more than R / 2, and all numbers are below R: p is taken off a
product that reaches R. What `out_of` returns is below p.

*field* points to -1/p modulo 2^52 or 2^64, then p, R modulo p, R^2 modulo p and 1, limb by limb.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic, overload

from openballot.fast.kernels.machine import (
    DOUBLE_WORD,
    VECTOR,
    WORD,
    Builder,
    Value,
    at,
    constant,
    fetch,
    ifma_high,
    ifma_low,
    lane_count,
    lanes,
    put,
    vector_at,
    word,
    words,
)
from openballot.fast.layout import LANE_BITS, LANE_LIMBS, WORD_LIMBS

ROWS = 4
_MASK_52 = 2**LANE_BITS - 1
_0 = np.uint64(0)
_TRIPLE_WORD = ir.IntType(192)


@intrinsic
def limb_count(typing: Any, like: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return ir.Constant(WORD, LANE_LIMBS if like == lanes else WORD_LIMBS)

    return types.int64(like), generate


@njit(forceinline=True)
def one(like: Any, field: Any) -> Any:
    return at(field, (1 + limb_count(like)) * lane_count(like))


@njit
def into(like: Any, x: Any, field: Any, work: Any) -> None:
    """Turn x into x R."""
    multiply(like, x, x, at(field, (1 + 2 * limb_count(like)) * lane_count(like)), field, work)


@njit
def out_of(like: Any, x: Any, field: Any, work: Any) -> None:
    """Turn x R into x. From factors below R and 1 comes at most p, and p only from zero."""
    multiply(like, x, x, at(field, (1 + 3 * limb_count(like)) * lane_count(like)), field, work)


def multiply(like: Any, product: Any, a: Any, b: Any, field: Any, work: Any) -> None:
    """Write a b / R; *product* may be one of the factors. *work* has room for 84 limbs."""
    raise NotImplementedError


def square(like: Any, product: Any, a: Any, field: Any, work: Any) -> None:
    """Write a a / R."""
    raise NotImplementedError


@overload(multiply)
def _multiply(like: Any, product: Any, a: Any, b: Any, field: Any, work: Any) -> Any:
    def in_lanes(like: Any, product: Any, a: Any, b: Any, field: Any, work: Any) -> None:
        _multiply_lanes(like, product, a, b, field, work)

    def in_words(like: Any, product: Any, a: Any, b: Any, field: Any, work: Any) -> None:
        _multiply_words(product, a, b, field, work)

    return in_lanes if like == lanes else in_words


@overload(square)
def _square(like: Any, product: Any, a: Any, field: Any, work: Any) -> Any:
    def in_lanes(like: Any, product: Any, a: Any, field: Any, work: Any) -> None:
        _square_lanes(like, product, a, field, work)

    def in_words(like: Any, product: Any, a: Any, field: Any, work: Any) -> None:
        _square_words(product, a, field, work)

    return in_lanes if like == lanes else in_words


@njit
def _multiply_lanes(like: Any, product: Any, a: Any, b: Any, field: Any, work: Any) -> None:
    for limb in range(2 * LANE_LIMBS + ROWS):
        put(work, limb, like ^ like)
    for row in range(0, LANE_LIMBS, ROWS):
        place = 8 * row
        _add_rows_and_reduce(at(work, place), a, at(b, place), field)
    _write_carried(like, product, work)


@njit
def _square_lanes(like: Any, product: Any, a: Any, field: Any, work: Any) -> None:
    _put_square(work, a)
    for row in range(0, LANE_LIMBS, ROWS):
        _reduce(at(work, 8 * row), field)
    _write_carried(like, product, work)


@njit
def _write_carried(like: Any, product: Any, sums: Any) -> None:
    carry = like ^ like
    for limb in range(LANE_LIMBS):
        total = fetch(like, sums, LANE_LIMBS + limb) + carry
        put(product, limb, total & np.uint64(_MASK_52))
        carry = total >> np.uint64(LANE_BITS)


class _Limbs:
    """Numbers in memory, each limb of eight lanes, loaded where it is first needed."""

    def __init__(self, builder: Builder, pointer: Value) -> None:
        self._builder = builder
        self._pointer = pointer
        self._loaded: dict[int, Value] = {}

    def __getitem__(self, limb: int) -> Value:
        if limb not in self._loaded:
            place = vector_at(self._builder, self._pointer, 8 * limb)
            self._loaded[limb] = self._builder.load(place, align=8)
        return self._loaded[limb]

    def put(self, limb: int, value: Value) -> None:
        self._builder.store(value, vector_at(self._builder, self._pointer, 8 * limb), align=8)


def _four_rows(builder: Builder, sums: _Limbs, field: _Limbs, factors: tuple[_Limbs, _Limbs] | None) -> None:
    """Add a times four limbs of b, and the multiple of p that makes the lowest four limbs of the sums zero.

    All that is left of these four is what the last of them carries. Sums have up to 60 bits.
    """
    zero = constant(sums[0], 0)
    bits, mask = constant(zero, LANE_BITS), constant(zero, _MASK_52)
    q: list[Value] = []
    carry = zero
    for column in range(LANE_LIMBS + ROWS):
        # Four chains of sums, which do not wait for each other.
        ab_low, qp_low, ab_high, qp_high = sums[column], carry, zero, zero
        for row in range(ROWS):
            low, high = column - row, column - row - 1
            if 0 <= low < LANE_LIMBS:
                if factors is not None:
                    ab_low = ifma_low(builder, ab_low, factors[0][low], factors[1][row])
                if row < len(q):
                    qp_low = ifma_low(builder, qp_low, field[1 + low], q[row])
            if 0 <= high < LANE_LIMBS:
                if factors is not None:
                    ab_high = ifma_high(builder, ab_high, factors[0][high], factors[1][row])
                qp_high = ifma_high(builder, qp_high, field[1 + high], q[row])
        total = builder.add(builder.add(ab_low, qp_low), builder.add(ab_high, qp_high))
        if column < ROWS:
            q.append(ifma_low(builder, zero, builder.and_(total, mask), field[0]))
            carry = builder.lshr(ifma_low(builder, total, field[1], q[column]), bits)
        else:
            sums.put(column, total)
            carry = zero


@intrinsic
def _add_rows_and_reduce(typing: Any, sums: Any, a: Any, b: Any, field: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        total, left, right, constants = (_Limbs(builder, pointer) for pointer in arguments)
        _four_rows(builder, total, constants, (left, right))
        return context.get_dummy_value()

    return types.void(words, words, words, words), generate


@intrinsic
def _reduce(typing: Any, sums: Any, field: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        total, constants = (_Limbs(builder, pointer) for pointer in arguments)
        _four_rows(builder, total, constants, None)
        return context.get_dummy_value()

    return types.void(words, words), generate


@intrinsic
def _put_square(typing: Any, sums: Any, a: Any) -> Any:
    """Write the columns of a a: every product of two different limbs once, then doubled."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        total = _Limbs(builder, arguments[0])
        zero = ir.Constant(VECTOR, [0] * 8)
        highs = [zero, zero]
        for column in range(2 * LANE_LIMBS):
            # Loaded anew for each column: forty limbs and their sums are more than there are registers.
            limbs = _Limbs(builder, arguments[1])
            lows, next_highs = [zero, zero], [zero, zero]
            for i in range(max(0, column - LANE_LIMBS + 1), (column + 1) // 2):
                j = column - i
                lows[i % 2] = ifma_low(builder, lows[i % 2], limbs[i], limbs[j])
                next_highs[i % 2] = ifma_high(builder, next_highs[i % 2], limbs[i], limbs[j])
            mixed = builder.add(builder.add(*lows), builder.add(*highs))
            value = builder.shl(mixed, constant(zero, 1))
            middle = column // 2
            half = ifma_low if column % 2 == 0 else ifma_high
            if middle < LANE_LIMBS:
                value = half(builder, value, limbs[middle], limbs[middle])
            total.put(column, value)
            highs = next_highs
        for column in range(2 * LANE_LIMBS, 2 * LANE_LIMBS + ROWS):
            total.put(column, zero)
        return context.get_dummy_value()

    return types.void(words, words), generate


@intrinsic
def _add_product(typing: Any, total: Any, a: Any, b: Any) -> Any:
    """Return total + a b, the total in three words."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        product = builder.mul(
            builder.zext(arguments[1], DOUBLE_WORD), builder.zext(arguments[2], DOUBLE_WORD)
        )
        value = builder.add(_joined(builder, arguments[0]), builder.zext(product, _TRIPLE_WORD))
        return _in_words(builder, value)

    return total(total, word, word), generate


@intrinsic
def _doubled_and_added(typing: Any, total: Any, more: Any) -> Any:
    """Return 2 total + more, in three words."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        twice = builder.shl(_joined(builder, arguments[0]), ir.Constant(_TRIPLE_WORD, 1))
        return _in_words(builder, builder.add(twice, _joined(builder, arguments[1])))

    return total(total, total), generate


def _joined(builder: Builder, three_words: Value) -> Value:
    value = ir.Constant(_TRIPLE_WORD, 0)
    for number in range(3):
        wide = builder.zext(builder.extract_value(three_words, number), _TRIPLE_WORD)
        value = builder.or_(value, builder.shl(wide, ir.Constant(_TRIPLE_WORD, 64 * number)))
    return value


def _in_words(builder: Builder, value: Value) -> Value:
    parts = [builder.lshr(value, ir.Constant(_TRIPLE_WORD, 64 * number)) for number in range(3)]
    return cgutils.pack_array(builder, [builder.trunc(part, WORD) for part in parts])


@njit
def _multiply_words(product: Any, a: Any, b: Any, field: Any, work: Any) -> None:
    """Column by column; q, the multiple of p that makes the lower half zero, stands in *work*."""
    p, q, result = at(field, 1), work, at(work, WORD_LIMBS)
    total = (_0, _0, _0)
    for column in range(2 * WORD_LIMBS):
        first = max(0, column - WORD_LIMBS + 1)
        for i in range(first, min(column, WORD_LIMBS)):
            total = _add_product(total, a[i], b[column - i])
            total = _add_product(total, q[i], p[column - i])
        total = _close_column(column, _with_last(column, total, a, b), q, p, field, result)
    _write_below_r(product, result, total[0], p)


@njit(forceinline=True)
def _with_last(column: int, total: Any, a: Any, b: Any) -> Any:
    return _add_product(total, a[column], b[0]) if column < WORD_LIMBS else total


@njit
def _square_words(product: Any, a: Any, field: Any, work: Any) -> None:
    p, q, result = at(field, 1), work, at(work, WORD_LIMBS)
    total = (_0, _0, _0)
    for column in range(2 * WORD_LIMBS):
        first = max(0, column - WORD_LIMBS + 1)
        mixed = (_0, _0, _0)
        for i in range(first, (column + 1) // 2):
            mixed = _add_product(mixed, a[i], a[column - i])
        for i in range(first, min(column, WORD_LIMBS)):
            total = _add_product(total, q[i], p[column - i])
        total = _doubled_and_added(mixed, total)
        if column % 2 == 0:
            total = _add_product(total, a[column // 2], a[column // 2])
        total = _close_column(column, total, q, p, field, result)
    _write_below_r(product, result, total[0], p)


@njit(forceinline=True)
def _close_column(column: int, total: Any, q: Any, p: Any, field: Any, result: Any) -> Any:
    """Make a lower column zero, or write an upper one; what is above it goes to the next."""
    if column < WORD_LIMBS:
        q[column] = total[0] * field[0]
        total = _add_product(total, q[column], p[0])
    else:
        result[column - WORD_LIMBS] = total[0]
    return total[1], total[2], _0


@njit
def _write_below_r(product: Any, result: Any, over: Any, p: Any) -> None:
    borrow = _0
    for number in range(WORD_LIMBS):
        taken = p[number] * over
        difference = result[number] - taken - borrow
        borrow = np.uint64(result[number] < taken or (result[number] == taken and borrow != _0))
        product[number] = difference
