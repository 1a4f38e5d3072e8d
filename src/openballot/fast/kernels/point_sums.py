"""Sums of multiples of points of edwards25519, for one ballot or for eight at once.

What is computed from a row is said by a program (`fast/layout.py`). Scalars are written with the digits 1 and
-1 alone, as every odd number below 2^n can be (Hamburg, "Fast and compact elliptic-curve cryptography", 2012,
section 3.3): no digit is zero, so all lanes do the same. An even scalar becomes odd by adding q, which is
no change for members; a row with anything else does not hold. Multiples of a row's points go by combs
(Lim and Lee, "More flexible exponentiation with precomputation", 1994), whose doublings the scalars of one
point share in part. The generator's and the key's combs have more teeth, so that they come in at the last
columns of the others and need no doublings of their own; their tables still stay in the cache.
"""

from typing import Any

import numpy as np
from numba import njit

from openballot.fast.kernels import edwards25519 as curve
from openballot.fast.kernels import field25519 as field
from openballot.fast.kernels.machine import (
    at,
    bytes_reversed,
    fetch,
    fetch_across,
    lane_count,
    lane_numbers,
    put,
    put_across,
    row_reader,
    row_writer,
    spread,
    tuple_fetcher,
    tuple_putter,
    where_zero,
)
from openballot.fast.layout import (
    AFFINE_ROW,
    ENCODED,
    HEADER,
    KEY_COLUMNS,
    KEY_ENTRIES,
    KEY_TEETH,
    POINT,
    POINT_COLUMNS,
    POINT_DIGITS,
    POINT_ENTRIES,
    POINT_TEETH,
    PREPARED_ROW,
)

Q = 2**252 + 27742317777372353535851937790883648493

_1, _63 = np.uint64(1), np.uint64(63)
_Q = tuple(np.uint64(Q >> 64 * number & 2**64 - 1) for number in range(4))
# q = 2^252 + c, and c = plus - minus without two digits side by side (Reitwieser, "Binary arithmetic", 1960).
_C = Q - 2**252
_PLUS = tuple(np.uint64((3 * _C & ~_C) >> 1 + 64 * number & 2**64 - 1) for number in range(2))
_MINUS = tuple(np.uint64((_C & ~(3 * _C)) >> 1 + 64 * number & 2**64 - 1) for number in range(2))

_fetch_limbs, _put_limbs = tuple_fetcher(field.LIMBS), tuple_putter(field.LIMBS)
_read_prepared, _write_prepared = row_reader(4, field.LIMBS), row_writer(4, field.LIMBS)
_read_affine, _write_affine = row_reader(3, field.LIMBS), row_writer(3, field.LIMBS)


@njit(forceinline=True)
def _fetch_point(like: Any, memory: Any, place: int) -> Any:
    return (
        _fetch_limbs(like, memory, place),
        _fetch_limbs(like, memory, place + 5),
        _fetch_limbs(like, memory, place + 10),
        _fetch_limbs(like, memory, place + 15),
    )


@njit(forceinline=True)
def _put_point(memory: Any, place: int, point: Any) -> None:
    _put_limbs(memory, place, point[0])
    _put_limbs(memory, place + 5, point[1])
    _put_limbs(memory, place + 10, point[2])
    _put_limbs(memory, place + 15, point[3])


@njit
def _fetch_256(like: Any, memory: Any, start: int, stride: int) -> Any:
    return (
        fetch_across(like, memory, start, stride),
        fetch_across(like, memory, start + 1, stride),
        fetch_across(like, memory, start + 2, stride),
        fetch_across(like, memory, start + 3, stride),
    )


@njit(forceinline=True)
def _q(like: Any) -> Any:
    return spread(like, _Q[0]), spread(like, _Q[1]), spread(like, _Q[2]), spread(like, _Q[3])


@njit(forceinline=True)
def _sum(a: Any, b: Any, carry: Any) -> Any:
    total = a + b + carry
    return total, (a & b | (a | b) & (total ^ np.uint64(2**64 - 1))) >> _63


@njit
def _put_digits(memory: Any, place: int, s: Any, size: int, count: int) -> None:
    """Write the digits of s, made odd, in *count* numbers of *size* bits: a one for 1, a zero for -1.

    With n digits these are the bits of (s + 2^n - 1) / 2 = 2^(n - 1) + (s - 1) / 2.
    """
    s0, s1, s2, s3 = s
    q0, q1, q2, q3 = _q(s0)
    even = where_zero(s0 & _1)
    s0, over = _sum(s0, q0 & even, s0 ^ s0)
    s1, over = _sum(s1, q1 & even, over)
    s2, over = _sum(s2, q2 & even, over)
    s3, over = _sum(s3, q3 & even, over)
    halved = place + count
    put(memory, halved, s0 >> _1 | s1 << _63)
    put(memory, halved + 1, s1 >> _1 | s2 << _63)
    put(memory, halved + 2, s2 >> _1 | s3 << _63)
    put(memory, halved + 3, s3 >> _1)
    put(memory, halved + 4, s0 ^ s0)
    put(memory, halved + 5, s0 ^ s0)
    mask = (_1 << np.uint64(size)) - _1
    for number in range(count):
        word, bit = halved + (number * size >> 6), np.uint64(number * size & 63)
        above = fetch(s0, memory, word + 1) << _1 << (_63 - bit)
        put(memory, place + number, (fetch(s0, memory, word) >> bit | above) & mask)
    highest = spread(s0, _1 << np.uint64(size - 1))
    put(memory, place + count - 1, fetch(s0, memory, place + count - 1) | highest)


@njit(forceinline=True)
def _entry_and_sign(digit: Any, top: Any) -> Any:
    """Split digits 1 and -1, the highest leading: an entry of a table, and a mask where it is negative."""
    is_negative = where_zero(digit & top)
    below = top - _1
    return (digit ^ is_negative) & below, is_negative


@njit(forceinline=True)
def _row(entry: Any, size: int) -> Any:
    """Where an entry of a table stands in which each lane has its own rows, one beside the other."""
    return (entry * np.uint64(lane_count(entry)) + lane_numbers(entry)) * np.uint64(size)


@njit
def _comb_entries(like: Any, point: Any, work: Any, teeth: int, columns: int) -> None:
    """Write the sums ± P_0 ± P_1 ± … + P_top for P_i = 2^(columns i) P.

    Bit i of an entry's number says which sign P_i has. After the entries *work* keeps every 2 P_i, the steps
    from one sign to the other.
    """
    lowest = curve.unfinished_identity(like)
    nothing = like ^ like
    steps = at(work, (POINT << teeth - 1) * lane_count(like))
    tooth = point
    for i in range(teeth - 1):
        lowest = curve.add_prepared(curve.extended(lowest), curve.prepared(tooth), where_zero(nothing))
        twice = curve.extended(curve.double(tooth[0], tooth[1], tooth[2]))
        _put_point(steps, i * POINT, curve.prepared(twice))
        X, Y, Z = twice[0], twice[1], twice[2]
        for _ in range(columns - 2):
            X, Y, Z = curve.projective(curve.double(X, Y, Z))
        tooth = curve.extended(curve.double(X, Y, Z))
    entry = curve.add_prepared(curve.extended(lowest), curve.prepared(tooth), nothing)
    _put_point(work, 0, curve.extended(entry))
    for i in range(teeth - 1):
        for k in range(1 << i):
            step = _fetch_point(like, steps, i * POINT)
            entry = curve.add_prepared(_fetch_point(like, work, k * POINT), step, nothing)
            _put_point(work, ((1 << i) + k) * POINT, curve.extended(entry))


@njit
def _fill_comb(like: Any, point: Any, table: Any, work: Any) -> None:
    _comb_entries(like, point, work, POINT_TEETH, POINT_COLUMNS)
    for k in range(POINT_ENTRIES):
        offset = _row((like ^ like) + np.uint64(k), PREPARED_ROW)
        _write_prepared(table, offset, curve.prepared(_fetch_point(like, work, k * POINT)))


@njit(forceinline=True)
def _comb_digit(like: Any, digits: Any, teeth: int, column: int) -> Any:
    digit = like ^ like
    for tooth in range(teeth):
        digit = digit | (fetch(like, digits, tooth) >> np.uint64(column) & _1) << np.uint64(tooth)
    return digit


@njit(forceinline=True)
def _add_entry(total: Any, table: Any, digits: Any, column: int) -> Any:
    digit = _comb_digit(total[0][0], digits, POINT_TEETH, column)
    entry, is_negative = _entry_and_sign(digit, np.uint64(POINT_ENTRIES))
    summand = _read_prepared(table, _row(entry, PREPARED_ROW))
    return curve.add_prepared(curve.extended(total), summand, is_negative)


@njit(forceinline=True)
def _add_key_entry(total: Any, table: Any, digits: Any, column: int) -> Any:
    digit = _comb_digit(total[0][0], digits, KEY_TEETH, column)
    entry, is_negative = _entry_and_sign(digit, np.uint64(KEY_ENTRIES))
    summand = _read_affine(table, entry * np.uint64(AFFINE_ROW))
    return curve.add_affine(curve.extended(total), summand, is_negative)


@njit
def _sum_of_multiples(
    like: Any,
    tables: Any,
    table_size: int,
    bases: Any,
    terms: int,
    g_table: Any,
    has_g: bool,
    y_table: Any,
    has_y: bool,
    digits: Any,
) -> Any:
    """Sum multiples of *terms* bases, whose numbers stand two apart, of the generator and of the key.

    All in one run of doublings. The digits of the terms stand one after the other, then g's, then y's.
    """
    stride = POINT_DIGITS * lane_count(like)
    total = curve.unfinished_identity(like)
    for reverse in range(POINT_COLUMNS):
        column = POINT_COLUMNS - 1 - reverse
        if reverse:
            X, Y, Z = curve.projective(total)
            total = curve.double(X, Y, Z)
        for term in range(terms):
            table = at(tables, bases[2 * term] * table_size)
            total = _add_entry(total, table, at(digits, term * stride), column)
        if has_g and column < KEY_COLUMNS:
            total = _add_key_entry(total, g_table, at(digits, terms * stride), column)
        if has_y and column < KEY_COLUMNS:
            total = _add_key_entry(total, y_table, at(digits, (terms + 1) * stride), column)
    return curve.extended(total)


@njit
def _is_member(like: Any, point: Any) -> Any:
    """Return a mask: where q P is the identity. For a point that has no comb."""
    summand = curve.prepared(point)
    nothing = like ^ like
    X, Y, Z = point[0], point[1], point[2]
    for reverse in range(252):
        place = 251 - reverse
        doubled = curve.double(X, Y, Z)
        X, Y, Z = curve.projective(doubled)
        if place < 128:
            word, bit = place >> 6, np.uint64(place & 63)
            if _PLUS[word] >> bit & _1:
                X, Y, Z = curve.projective(curve.add_prepared(curve.extended(doubled), summand, nothing))
            if _MINUS[word] >> bit & _1:
                taken = curve.add_prepared(curve.extended(doubled), summand, where_zero(nothing))
                X, Y, Z = curve.projective(taken)
    return curve.is_identity(X, Y, Z)


@njit
def _make_affine(like: Any, points: Any, count: int) -> None:
    """Divide X and Y of each point by its Z, with one inversion (Montgomery's trick); T is lost."""
    product = field.one(like)
    for number in range(count):
        _put_limbs(points, number * POINT + 15, product)
        product = field.multiply(product, _fetch_limbs(like, points, number * POINT + 10))
    inverse = field.inverse(product)
    for reverse in range(count):
        place = (count - 1 - reverse) * POINT
        Z_inverse = field.multiply(inverse, _fetch_limbs(like, points, place + 15))
        inverse = field.multiply(inverse, _fetch_limbs(like, points, place + 10))
        _put_limbs(points, place, field.multiply(_fetch_limbs(like, points, place), Z_inverse))
        _put_limbs(points, place + 5, field.multiply(_fetch_limbs(like, points, place + 5), Z_inverse))


@njit
def _write_affine_points(like: Any, results: Any, count: int, encoded: Any, row: int) -> None:
    """Encode all results of a row, highest byte first."""
    _make_affine(like, results, count)
    for number in range(count):
        x = _fetch_limbs(like, results, number * POINT)
        w0, w1, w2, w3 = curve.compress(x, _fetch_limbs(like, results, number * POINT + 5))
        start, stride = (row * count + number) * ENCODED, count * ENCODED
        put_across(encoded, start, stride, bytes_reversed(w3))
        put_across(encoded, start + 1, stride, bytes_reversed(w2))
        put_across(encoded, start + 2, stride, bytes_reversed(w1))
        put_across(encoded, start + 3, stride, bytes_reversed(w0))


@njit
def _read_encoded(like: Any, encoded: Any, start: int, stride: int) -> Any:
    w0, w1, w2, w3 = _fetch_256(like, encoded, start, stride)
    return curve.decompress(w0, w1, w2, w3)


@njit
def _sum_rows(
    like: Any,
    program: Any,
    row: int,
    points: Any,
    scalars: Any,
    g_table: Any,
    y_table: Any,
    scratch: Any,
    encoded: Any,
    right: Any,
) -> None:
    """Carry out the program for one row, or for eight."""
    width = lane_count(like)
    point_count, proven, scalar_count, sum_count, output_count = (
        program[0],
        program[1],
        program[2],
        program[3],
        program[4],
    )
    base_count = point_count + sum_count
    table_size = POINT_ENTRIES * PREPARED_ROW * width
    bases = scratch
    work = at(bases, base_count * POINT * width)
    digits = at(work, (POINT_ENTRIES + POINT_TEETH) * POINT * width)
    results = at(digits, POINT_DIGITS * (base_count + 2) * width)
    tables = at(results, (sum_count + output_count) * POINT * width)

    holds = where_zero(like ^ like)
    for base in range(point_count):
        point, is_point = _read_encoded(like, points, (row * point_count + base) * 4, point_count * 4)
        holds = holds & is_point
        _put_point(bases, base * POINT, point)
    cursor = HEADER
    for number in range(sum_count):
        total = curve.extended(curve.unfinished_identity(like))
        for summand in range(program[cursor + 1]):
            point = _fetch_point(like, bases, program[cursor + 2 + summand] * POINT)
            total = curve.extended(curve.add_prepared(total, curve.prepared(point), like ^ like))
        _put_point(results, (output_count + number) * POINT, total)
        if program[cursor]:
            _fill_comb(like, total, at(tables, (point_count + number) * table_size), work)
        cursor += 2 + program[cursor + 1]
    if output_count == 0:
        for base in range(proven):
            holds = holds & _is_member(like, _fetch_point(like, bases, base * POINT))
        put_across(right, row, 1, holds)
        return

    for base in range(point_count):
        _fill_comb(like, _fetch_point(like, bases, base * POINT), at(tables, base * table_size), work)
    _put_digits(digits, 0, _q(like), POINT_COLUMNS, POINT_TEETH)
    for base in range(proven):
        table = at(tables, base * table_size)
        total = _sum_of_multiples(like, table, 0, program, 1, g_table, False, y_table, False, digits)
        holds = holds & curve.is_identity(total[0], total[1], total[2])
    put_across(right, row, 1, holds)

    for output in range(output_count):
        terms = program[cursor]
        key_scalars = at(program, cursor + 1 + 2 * terms)
        for term in range(terms):
            scalar = program[cursor + 2 + 2 * term]
            s = _fetch_256(like, scalars, (row * scalar_count + scalar) * 4, scalar_count * 4)
            _put_digits(digits, POINT_DIGITS * term, s, POINT_COLUMNS, POINT_TEETH)
        for number in range(2):
            scalar = key_scalars[number]
            if scalar >= 0:
                s = _fetch_256(like, scalars, (row * scalar_count + scalar) * 4, scalar_count * 4)
                _put_digits(digits, POINT_DIGITS * (terms + number), s, KEY_COLUMNS, KEY_TEETH)
        total = _sum_of_multiples(
            like,
            tables,
            table_size,
            at(program, cursor + 1),
            terms,
            g_table,
            key_scalars[0] >= 0,
            y_table,
            key_scalars[1] >= 0,
            digits,
        )
        _put_point(results, output * POINT, total)
        cursor += 3 + 2 * terms
    _write_affine_points(like, results, sum_count + output_count, encoded, row)


@njit
def sum_all(
    like: Any,
    program: Any,
    rows: int,
    points: Any,
    scalars: Any,
    g_table: Any,
    y_table: Any,
    scratch: Any,
    encoded: Any,
    right: Any,
) -> None:
    """Carry out the program for rows whose number is a multiple of the lanes'."""
    for row in range(0, rows, lane_count(like)):
        _sum_rows(like, program, row, points, scalars, g_table, y_table, scratch, encoded, right)


@njit
def add_columns(
    like: Any, rows: int, columns: int, points: Any, scratch: Any, encoded: Any, right: Any
) -> None:
    """Add up each column over the rows; each lane over every eighth of them, so that eight rows are left."""
    holds = where_zero(like ^ like)
    stride = columns * ENCODED
    for column in range(columns):
        total = curve.extended(curve.unfinished_identity(like))
        for row in range(0, rows, lane_count(like)):
            point, is_point = _read_encoded(like, points, (row * columns + column) * ENCODED, stride)
            holds = holds & is_point
            total = curve.extended(curve.add_prepared(total, curve.prepared(point), like ^ like))
        _put_point(scratch, column * POINT, total)
    _write_affine_points(like, scratch, columns, encoded, 0)
    put_across(right, 0, 1, holds)


@njit
def fill_key_table(encoded: Any, table: Any, work: Any) -> None:
    """Write the entries of a comb with more teeth, affine and prepared."""
    like = np.uint64(0)
    point, _ = _read_encoded(like, encoded, 0, 0)
    _comb_entries(like, point, work, KEY_TEETH, KEY_COLUMNS)
    _make_affine(like, work, KEY_ENTRIES)
    for number in range(KEY_ENTRIES):
        x = _fetch_limbs(like, work, number * POINT)
        y = _fetch_limbs(like, work, number * POINT + 5)
        plus, minus, _, t2d = curve.prepared((x, y, field.one(like), field.multiply(x, y)))
        # Lanes read these too, and multiply no number that was not carried.
        row = field.canonical(plus), field.canonical(minus), field.canonical(t2d)
        _write_affine(table, np.uint64(number * AFFINE_ROW), row)
