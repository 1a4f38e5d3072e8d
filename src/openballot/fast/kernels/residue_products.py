"""Products of powers modulo a 2048-bit prime, for one ballot or for eight at once.

What is computed from a row is said by a program (`fast/layout.py`). Powers of a row's elements go by combs
(Lim and Lee, "More flexible exponentiation with precomputation", 1994), whose squarings the scalars of one
element share in part; those of the generator and of the key by tables of all powers for every byte.
"""

from typing import Any

import numpy as np
from numba import njit
from numba.extending import overload

from openballot.fast.kernels import montgomery as field
from openballot.fast.kernels.machine import (
    at,
    fetch,
    fetch_across,
    lane_count,
    lane_numbers,
    lanes,
    put,
    put_across,
    row_reader,
    row_writer,
    tuple_fetcher,
    tuple_putter,
    where_zero,
)
from openballot.fast.layout import (
    BYTE_POWERS,
    HEADER,
    LANE_BITS,
    LANE_LIMBS,
    RESIDUE_ENTRIES,
    RESIDUE_TEETH,
    RESIDUE_WORK,
    WORD_LIMBS,
)

_1, _63 = np.uint64(1), np.uint64(63)
_ALL = np.uint64(2**64 - 1)
EIGHT = 8
_read_eight, _write_eight = row_reader(1, EIGHT), row_writer(1, EIGHT)
_fetch_eight, _put_eight = tuple_fetcher(EIGHT), tuple_putter(EIGHT)


@njit
def _copy(like: Any, target: Any, source: Any) -> None:
    for limb in range(field.limb_count(like)):
        put(target, limb, fetch(like, source, limb))


@njit
def _read_row(like: Any, target: Any, table: Any, offset: Any) -> None:
    """Copy the limbs that stand side by side at each lane's offset."""
    for limb in range(0, field.limb_count(like), EIGHT):
        _put_eight(target, limb, _read_eight(table, offset + np.uint64(limb))[0])


@njit
def _write_row(like: Any, table: Any, offset: Any, source: Any) -> None:
    for limb in range(0, field.limb_count(like), EIGHT):
        _write_eight(table, offset + np.uint64(limb), (_fetch_eight(like, source, limb),))


@njit
def _lane_row(entry: Any) -> Any:
    """Where an entry of a table stands in which each lane has its own rows, one beside the other."""
    rows = entry * np.uint64(lane_count(entry)) + lane_numbers(entry)
    return rows * np.uint64(field.limb_count(entry))


@njit
def _read_number(
    like: Any, target: Any, numbers: Any, start: int, stride: int, field_: Any, work: Any
) -> None:
    """Read 32 words across the rows, cut them into limbs, and make them ready to be multiplied."""
    for word in range(WORD_LIMBS):
        put(work, word, fetch_across(like, numbers, start + word, stride))
    put(work, WORD_LIMBS, like ^ like)
    put(work, WORD_LIMBS + 1, like ^ like)
    _cut(like, target, work)
    field.into(like, target, field_, work)


@njit
def _write_number(like: Any, numbers: Any, start: int, stride: int, x: Any, field_: Any, work: Any) -> None:
    field.out_of(like, x, field_, work)
    _join(like, work, x)
    for word in range(WORD_LIMBS):
        put_across(numbers, start + word, stride, fetch(like, work, word))


def _cut(like: Any, target: Any, source: Any) -> None:
    """Write the limbs of a number that stands in 64-bit words."""
    raise NotImplementedError


def _join(like: Any, target: Any, source: Any) -> None:
    raise NotImplementedError


@overload(_cut)
def _cut_overload(like: Any, target: Any, source: Any) -> Any:
    def in_lanes(like: Any, target: Any, source: Any) -> None:
        for limb in range(LANE_LIMBS):
            word, bit = LANE_BITS * limb >> 6, np.uint64(LANE_BITS * limb & 63)
            above = fetch(like, source, word + 1) << _1 << (_63 - bit)
            put(target, limb, (fetch(like, source, word) >> bit | above) & np.uint64(2**LANE_BITS - 1))

    def in_words(like: Any, target: Any, source: Any) -> None:
        _copy(like, target, source)

    return in_lanes if like == lanes else in_words


@overload(_join)
def _join_overload(like: Any, target: Any, source: Any) -> Any:
    def in_lanes(like: Any, target: Any, source: Any) -> None:
        for word in range(WORD_LIMBS):
            limb, bit = 64 * word // LANE_BITS, np.uint64(64 * word % LANE_BITS)
            total = fetch(like, source, limb) >> bit
            total = total | fetch(like, source, limb + 1) << (np.uint64(LANE_BITS) - bit)
            if limb + 2 < LANE_LIMBS:
                total = total | fetch(like, source, limb + 2) << _1 << (np.uint64(2 * LANE_BITS - 1) - bit)
            put(target, word, total)

    def in_words(like: Any, target: Any, source: Any) -> None:
        _copy(like, target, source)

    return in_lanes if like == lanes else in_words


@njit
def _fill_comb(
    like: Any, base: Any, table: Any, columns: int, field_: Any, teeth: Any, x: Any, work: Any
) -> None:
    """Write the products of every choice among P_i = base^(2^(columns i)); bit i of an entry chooses P_i."""
    size = field.limb_count(like) * lane_count(like)
    _copy(like, teeth, base)
    for tooth in range(1, RESIDUE_TEETH):
        place = at(teeth, tooth * size)
        _copy(like, place, at(teeth, (tooth - 1) * size))
        for _ in range(columns):
            field.square(like, place, place, field_, work)
    nothing = like ^ like
    _write_row(like, table, _lane_row(nothing), field.one(like, field_))
    for tooth in range(RESIDUE_TEETH):
        place = at(teeth, tooth * size)
        for entry in range(1 << tooth):
            _read_row(like, x, table, _lane_row(nothing + np.uint64(entry)))
            field.multiply(like, x, x, place, field_, work)
            _write_row(like, table, _lane_row(nothing + np.uint64((1 << tooth) + entry)), x)


@njit
def _comb_entry(like: Any, digits: Any, column: int, columns: int, scalar_words: int) -> Any:
    entry = like ^ like
    for tooth in range(RESIDUE_TEETH):
        position = tooth * columns + column
        if position < 64 * scalar_words:
            bit = fetch(like, digits, position >> 6) >> np.uint64(position & 63) & _1
            entry = entry | bit << np.uint64(tooth)
    return entry


@njit
def _multiply_comb_powers(
    like: Any,
    total: Any,
    tables: Any,
    table_size: int,
    digits: Any,
    scalar_words: int,
    columns: int,
    bases: Any,
    step: int,
    terms: int,
    field_: Any,
    x: Any,
    work: Any,
) -> None:
    """Multiply powers of *terms* bases, whose numbers stand *step* apart, in one run of squarings."""
    width = lane_count(like)
    _copy(like, total, field.one(like, field_))
    for reverse in range(columns):
        column = columns - 1 - reverse
        if reverse:
            field.square(like, total, total, field_, work)
        for term in range(terms):
            scalar = at(digits, term * scalar_words * width)
            entry = _comb_entry(like, scalar, column, columns, scalar_words)
            _read_row(like, x, at(tables, bases[term * step] * table_size), _lane_row(entry))
            field.multiply(like, total, total, x, field_, work)


@njit
def _multiply_key_power(
    like: Any, total: Any, table: Any, digits: Any, scalar_words: int, field_: Any, x: Any, work: Any
) -> None:
    """Multiply by the table's base to a scalar, byte by byte."""
    size = np.uint64(field.limb_count(like))
    for byte in range(8 * scalar_words):
        digit = fetch(like, digits, byte >> 3) >> np.uint64((byte & 7) * 8) & np.uint64(255)
        _read_row(like, x, table, (digit + np.uint64(BYTE_POWERS * byte)) * size)
        field.multiply(like, total, total, x, field_, work)


@njit
def _put_scalar(like: Any, digits: Any, scalars: Any, start: int, stride: int, scalar_words: int) -> None:
    for word in range(scalar_words):
        put(digits, word, fetch_across(like, scalars, start + word, stride))


@njit
def _where_one(like: Any, x: Any, field_: Any, work: Any) -> Any:
    field.out_of(like, x, field_, work)
    different = fetch(like, x, 0) ^ _1
    for limb in range(1, field.limb_count(like)):
        different = different | fetch(like, x, limb)
    return where_zero(different)


@njit
def _multiply_row(
    like: Any,
    program: Any,
    row: int,
    elements: Any,
    scalars: Any,
    scalar_words: int,
    columns: int,
    order: Any,
    field_: Any,
    g_table: Any,
    y_table: Any,
    scratch: Any,
    results: Any,
    right: Any,
) -> None:
    """Carry out the program for one row, or for eight."""
    width = lane_count(like)
    element_count, proven, scalar_count, product_count, output_count = (
        program[0],
        program[1],
        program[2],
        program[3],
        program[4],
    )
    base_count, result_count = element_count + product_count, product_count + output_count
    size = field.limb_count(like) * width
    table_size = RESIDUE_ENTRIES * size
    work = scratch
    teeth = at(work, RESIDUE_WORK * width)
    total = at(teeth, RESIDUE_TEETH * size)
    x = at(total, size)
    digits = at(x, 2 * size)
    bases = at(digits, (base_count * scalar_words + 1) * width)
    tables = at(bases, base_count * size)

    for base in range(element_count):
        start, stride = (row * element_count + base) * WORD_LIMBS, element_count * WORD_LIMBS
        _read_number(like, at(bases, base * size), elements, start, stride, field_, work)
    cursor = HEADER
    for number in range(product_count):
        _copy(like, total, field.one(like, field_))
        for factor in range(program[cursor + 1]):
            element = at(bases, program[cursor + 2 + factor] * size)
            field.multiply(like, total, total, element, field_, work)
        if program[cursor]:
            table = at(tables, (element_count + number) * table_size)
            _fill_comb(like, total, table, columns, field_, teeth, x, work)
        cursor += 2 + program[cursor + 1]
        start = (row * result_count + output_count + number) * WORD_LIMBS
        _write_number(like, results, start, result_count * WORD_LIMBS, total, field_, work)
    for base in range(element_count):
        table = at(tables, base * table_size)
        _fill_comb(like, at(bases, base * size), table, columns, field_, teeth, x, work)

    holds = where_zero(like ^ like)
    _put_scalar(like, digits, order, 0, 0, scalar_words)
    for base in range(proven):
        _multiply_comb_powers(
            like,
            total,
            at(tables, base * table_size),
            0,
            digits,
            scalar_words,
            columns,
            program,
            1,
            1,
            field_,
            x,
            work,
        )
        holds = holds & _where_one(like, total, field_, work)
    put_across(right, row, 1, holds)

    for output in range(output_count):
        terms = program[cursor]
        for term in range(terms):
            start = (row * scalar_count + program[cursor + 2 + 2 * term]) * scalar_words
            place = at(digits, term * scalar_words * width)
            _put_scalar(like, place, scalars, start, scalar_count * scalar_words, scalar_words)
        _multiply_comb_powers(
            like,
            total,
            tables,
            table_size,
            digits,
            scalar_words,
            columns,
            at(program, cursor + 1),
            2,
            terms,
            field_,
            x,
            work,
        )
        cursor += 1 + 2 * terms
        for number in range(2):
            scalar = program[cursor + number]
            if scalar >= 0:
                start = (row * scalar_count + scalar) * scalar_words
                _put_scalar(like, digits, scalars, start, scalar_count * scalar_words, scalar_words)
                table = g_table if number == 0 else y_table
                _multiply_key_power(like, total, table, digits, scalar_words, field_, x, work)
        cursor += 2
        start = (row * result_count + output) * WORD_LIMBS
        _write_number(like, results, start, result_count * WORD_LIMBS, total, field_, work)


@njit
def multiply_all(
    like: Any,
    program: Any,
    rows: int,
    elements: Any,
    scalars: Any,
    scalar_words: int,
    columns: int,
    order: Any,
    field_: Any,
    g_table: Any,
    y_table: Any,
    scratch: Any,
    results: Any,
    right: Any,
) -> None:
    """Carry out the program for rows whose number is a multiple of the lanes'."""
    for row in range(0, rows, lane_count(like)):
        _multiply_row(
            like,
            program,
            row,
            elements,
            scalars,
            scalar_words,
            columns,
            order,
            field_,
            g_table,
            y_table,
            scratch,
            results,
            right,
        )


@njit
def fill_key_table(like: Any, base: Any, windows: int, field_: Any, scratch: Any, table: Any) -> None:
    """Write base^(d 256^window) for every d below 256 and every window; each lane has windows of its own."""
    width = lane_count(like)
    size = field.limb_count(like) * width
    work = scratch
    step = at(work, RESIDUE_WORK * width)
    own, x = at(step, size), at(step, 2 * size)
    _read_number(like, step, base, 0, 0, field_, work)
    for first in range(0, windows, width):
        for lane in range(width):
            mine = where_zero(lane_numbers(like) ^ np.uint64(lane))
            for limb in range(field.limb_count(like)):
                mixed = fetch(like, step, limb) & mine | fetch(like, own, limb) & (mine ^ _ALL)
                put(own, limb, mixed)
            for _ in range(8):
                field.square(like, step, step, field_, work)
        _copy(like, x, field.one(like, field_))
        window = lane_numbers(like) + np.uint64(first)
        for digit in range(BYTE_POWERS):
            row = (window * np.uint64(BYTE_POWERS) + np.uint64(digit)) * np.uint64(field.limb_count(like))
            _write_row(like, table, row, x)
            field.multiply(like, x, x, own, field_, work)


@njit
def multiply_columns(
    like: Any, rows: int, columns: int, elements: Any, field_: Any, scratch: Any, results: Any
) -> None:
    """Multiply each column over the rows; each lane over every eighth of them, so eight rows are left."""
    width = lane_count(like)
    size = field.limb_count(like) * width
    work = scratch
    total = at(work, RESIDUE_WORK * width)
    x = at(total, size)
    stride = columns * WORD_LIMBS
    for column in range(columns):
        _copy(like, total, field.one(like, field_))
        for row in range(0, rows, width):
            _read_number(like, x, elements, (row * columns + column) * WORD_LIMBS, stride, field_, work)
            field.multiply(like, total, total, x, field_, work)
        _write_number(like, results, column * WORD_LIMBS, stride, total, field_, work)
