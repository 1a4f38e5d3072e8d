"""What the processor can do and Python cannot say: wide products, and eight numbers worked on at once.

`Lanes` is a vector of eight 64-bit numbers, one of each of eight ballots. Every function here takes a word
or lanes, told apart by *like* where nothing else tells, so what is built from them is written once for both.
The trap is AVX512-IFMA: it multiplies the low 52 bits of each lane and drops whatever stands above them.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.extending import intrinsic, overload, register_model

from openballot.fast.layout import WIDTH

WORD = ir.IntType(64)
DOUBLE_WORD = ir.IntType(128)
VECTOR = ir.VectorType(WORD, WIDTH)

# Values and types of LLVM and Numba, whose libraries do not describe them to a type checker.
Value: TypeAlias = Any
Builder: TypeAlias = Any


class Lanes(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


lanes = Lanes()
word = types.uint64
words = types.CPointer(word)
index = types.int64


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, lanes_type: Lanes) -> None:
        super().__init__(manager, lanes_type, VECTOR)


def constant(like: Value, number: int) -> Value:
    """Return the number, or eight of it where *like* is a vector."""
    if like.type == VECTOR:
        return ir.Constant(VECTOR, [number] * WIDTH)
    return ir.Constant(WORD, number)


def ifma_low(builder: Builder, total: Value, left: Value, right: Value) -> Value:
    """Return total + the low 52 bits of left * right, in each lane."""
    return _ifma(builder, "l", total, left, right)


def ifma_high(builder: Builder, total: Value, left: Value, right: Value) -> Value:
    """Return total + the bits from 52 up of left * right, in each lane."""
    return _ifma(builder, "h", total, left, right)


def _ifma(builder: Builder, half: str, total: Value, left: Value, right: Value) -> Value:
    function_type = ir.FunctionType(VECTOR, [VECTOR] * 3)
    name = f"llvm.x86.avx512.vpmadd52{half}.uq.512"
    function = cgutils.get_or_insert_function(builder.module, function_type, name)
    return builder.call(function, [total, left, right])


def is_one_number(numba_type: Any) -> bool:
    return numba_type == lanes or isinstance(numba_type, types.Integer)


@intrinsic
def eight_zeros(typing: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return ir.Constant(VECTOR, [0] * WIDTH)

    return lanes(), generate


@intrinsic
def spread(typing: Any, like: Any, number: Any) -> Any:
    """Return *number*, in every lane where *like* is lanes."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return _splat(builder, arguments[1]) if like == lanes else arguments[1]

    return like(like, word), generate


@intrinsic
def lane_numbers(typing: Any, like: Any) -> Any:
    """Return 0 to 7 in the eight lanes, or 0."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return ir.Constant(VECTOR, list(range(WIDTH))) if like == lanes else ir.Constant(WORD, 0)

    return like(like), generate


@intrinsic
def lane_count(typing: Any, like: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return ir.Constant(WORD, WIDTH if like == lanes else 1)

    return index(like), generate


@intrinsic
def at(typing: Any, pointer: Any, words_on: Any) -> Any:
    """Return the pointer that stands so many words further."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return builder.gep(arguments[0], [arguments[1]])

    return pointer(pointer, index), generate


@intrinsic
def bytes_reversed(typing: Any, number: Any) -> Any:
    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        value_type, suffix = (VECTOR, "v8i64") if number == lanes else (WORD, "i64")
        function_type = ir.FunctionType(value_type, [value_type])
        function = cgutils.get_or_insert_function(builder.module, function_type, f"llvm.bswap.{suffix}")
        return builder.call(function, [arguments[0]])

    return number(number), generate


@intrinsic
def fetch(typing: Any, like: Any, pointer: Any, number: Any) -> Any:
    """Read the number at this place, numbers standing side by side; eight words are one place of lanes."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        return builder.load(_place(builder, like, arguments[1], arguments[2]), align=8)

    return like(like, words, index), generate


@intrinsic
def put(typing: Any, pointer: Any, number: Any, value: Any) -> Any:
    """Write the number at this place, as `fetch` reads it."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        builder.store(arguments[2], _place(builder, value, arguments[0], arguments[1]), align=8)
        return context.get_dummy_value()

    return types.void(words, index, value), generate


@intrinsic
def fetch_across(typing: Any, like: Any, pointer: Any, start: Any, stride: Any) -> Any:
    """Read pointer[start], and for the other lanes what stands *stride* words further each time."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        _, base, first, step = arguments
        if like != lanes:
            return builder.load(builder.gep(base, [first]))
        value = ir.Constant(VECTOR, ir.Undefined)
        for lane in range(WIDTH):
            value = builder.insert_element(
                value, builder.load(builder.gep(base, [first])), ir.Constant(ir.IntType(32), lane)
            )
            first = builder.add(first, step)
        return value

    return like(like, words, index, index), generate


@intrinsic
def put_across(typing: Any, pointer: Any, start: Any, stride: Any, value: Any) -> Any:
    """Write what `fetch_across` would read."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        base, place, step, number = arguments
        if value != lanes:
            builder.store(number, builder.gep(base, [place]))
            return context.get_dummy_value()
        for lane in range(WIDTH):
            builder.store(
                builder.extract_element(number, ir.Constant(ir.IntType(32), lane)), builder.gep(base, [place])
            )
            place = builder.add(place, step)
        return context.get_dummy_value()

    return types.void(words, index, index, value), generate


@intrinsic
def where_zero(typing: Any, number: Any) -> Any:
    """Return a mask: all bits one where the number is zero, else none."""

    def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
        zero = constant(arguments[0], 0)
        return builder.sext(builder.icmp_unsigned("==", arguments[0], zero), zero.type)

    return number(number), generate


def tuple_fetcher(count: int) -> Any:
    """Return a function that reads *count* places from one on."""

    @intrinsic
    def fetch_tuple(typing: Any, like: Any, pointer: Any, number: Any) -> Any:
        def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
            start = _place(builder, like, arguments[1], arguments[2])
            places = [builder.gep(start, [ir.Constant(WORD, place)]) for place in range(count)]
            return cgutils.pack_array(builder, [builder.load(place, align=8) for place in places])

        return types.UniTuple(like, count)(like, words, index), generate

    return fetch_tuple


def tuple_putter(count: int) -> Any:
    """Return a function that writes what the function of `tuple_fetcher` reads."""

    @intrinsic
    def put_tuple(typing: Any, pointer: Any, number: Any, values: Any) -> Any:
        def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
            start = _place(builder, values.dtype, arguments[0], arguments[1])
            for place in range(count):
                value = builder.extract_value(arguments[2], place)
                builder.store(value, builder.gep(start, [ir.Constant(WORD, place)]), align=8)
            return context.get_dummy_value()

        return types.void(words, index, values), generate

    return put_tuple


def row_reader(groups: int, count: int) -> Any:
    """Return a function that reads groups of *count* words from pointer[offset] on, each lane from its own.

    Rows are read to the next multiple of eight words.
    """

    @intrinsic
    def read_row(typing: Any, pointer: Any, offset: Any) -> Any:
        def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
            base, offsets = arguments
            if offset == lanes:
                numbers = _transposed_rows(builder, base, offsets, groups * count)
            else:
                row = builder.gep(base, [offsets])
                numbers = [
                    builder.load(builder.gep(row, [ir.Constant(WORD, place)]))
                    for place in range(groups * count)
                ]
            starts = range(0, groups * count, count)
            return cgutils.pack_array(
                builder, [cgutils.pack_array(builder, numbers[start : start + count]) for start in starts]
            )

        return types.UniTuple(types.UniTuple(offset, count), groups)(words, offset), generate

    return read_row


def row_writer(groups: int, count: int) -> Any:
    """Return a function that writes where the function of `row_reader` reads."""

    @intrinsic
    def write_row(typing: Any, pointer: Any, offset: Any, values: Any) -> Any:
        def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
            base, offsets, nested = arguments
            numbers = [
                builder.extract_value(builder.extract_value(nested, group), place)
                for group in range(groups)
                for place in range(count)
            ]
            if offset == lanes:
                _write_transposed(builder, base, offsets, numbers)
            else:
                row = builder.gep(base, [offsets])
                for place, number in enumerate(numbers):
                    builder.store(number, builder.gep(row, [ir.Constant(WORD, place)]))
            return context.get_dummy_value()

        return types.void(words, offset, values), generate

    return write_row


def _transposed_rows(builder: Builder, base: Value, offsets: Value, count: int) -> list[Value]:
    rows = [builder.gep(base, [offset]) for offset in _lanes_of(builder, offsets)]
    columns: list[Value] = []
    for block in range(-(-count // WIDTH)):
        columns += _transpose(
            builder, [builder.load(vector_at(builder, row, block * WIDTH), align=8) for row in rows]
        )
    return columns[:count]


def _write_transposed(builder: Builder, base: Value, offsets: Value, columns: list[Value]) -> None:
    rows = [builder.gep(base, [offset]) for offset in _lanes_of(builder, offsets)]
    padded = columns + [constant(columns[0], 0)] * (-len(columns) % WIDTH)
    for block in range(0, len(padded), WIDTH):
        for row, vector in zip(rows, _transpose(builder, padded[block : block + WIDTH]), strict=True):
            builder.store(vector, vector_at(builder, row, block), align=8)


def _transpose(builder: Builder, rows: list[Value]) -> list[Value]:
    """Turn eight vectors into those of their first, second, … numbers: swap blocks of 1, 2 and 4."""
    for size in (1, 2, 4):
        low = [lane if not lane & size else WIDTH + lane - size for lane in range(WIDTH)]
        high = [lane + size if not lane & size else WIDTH + lane for lane in range(WIDTH)]
        swapped = list(rows)
        for number in range(WIDTH):
            if not number & size:
                pair = rows[number], rows[number + size]
                swapped[number] = _shuffle(builder, *pair, low)
                swapped[number + size] = _shuffle(builder, *pair, high)
        rows = swapped
    return rows


def _shuffle(builder: Builder, left: Value, right: Value, places: list[int]) -> Value:
    return builder.shuffle_vector(left, right, ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), places))


def _lanes_of(builder: Builder, vector: Value) -> list[Value]:
    return [builder.extract_element(vector, ir.Constant(ir.IntType(32), lane)) for lane in range(WIDTH)]


def _splat(builder: Builder, number: Value) -> Value:
    single = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), number, ir.Constant(ir.IntType(32), 0))
    return _shuffle(builder, single, single, [0] * WIDTH)


def _place(builder: Builder, numba_type: Any, pointer: Value, number: Value) -> Value:
    if numba_type == lanes:
        return vector_at(builder, pointer, builder.mul(number, ir.Constant(WORD, WIDTH)))
    return builder.gep(pointer, [number])


def vector_at(builder: Builder, pointer: Value, words_on: int | Value) -> Value:
    places = ir.Constant(WORD, words_on) if isinstance(words_on, int) else words_on
    return builder.bitcast(builder.gep(pointer, [places]), VECTOR.as_pointer())


def _define_operator(symbol: Callable[..., Any], instruction: str) -> None:
    """Let *symbol* stand between lanes, or between lanes and one word that serves all of them."""

    @intrinsic
    def apply(typing: Any, left: Any, right: Any) -> Any:
        def generate(context: Any, builder: Builder, signature: Any, arguments: Sequence[Value]) -> Value:
            number = arguments[1] if right == lanes else _splat(builder, arguments[1])
            return getattr(builder, instruction)(arguments[0], number)

        return lanes(lanes, lanes if right == lanes else word), generate

    @overload(symbol)
    def between(left: Any, right: Any) -> Any:
        def implementation(left: Any, right: Any) -> Any:
            return apply(left, right)

        return implementation if left == lanes and is_one_number(right) else None


_OPERATORS: tuple[tuple[Callable[..., Any], str], ...] = (
    (operator.add, "add"),
    (operator.sub, "sub"),
    (operator.mul, "mul"),
    (operator.and_, "and_"),
    (operator.or_, "or_"),
    (operator.xor, "xor"),
    (operator.lshift, "shl"),
    (operator.rshift, "lshr"),
)
for _symbol, _instruction in _OPERATORS:
    _define_operator(_symbol, _instruction)
