"""The limbs under the points, for words and for lanes: numbers at the bounds that the kernels rely on."""

import ctypes
import random
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import pytest
from numba import cfunc, njit, types

from openballot.fast.kernels import field25519
from openballot.fast.kernels.machine import eight_zeros, tuple_fetcher, tuple_putter, words
from openballot.fast.layout import WIDTH
from openballot.fast.loading import kinds_that_run_here
from openballot.fast.programs import buffer, filled

P = field25519.P
Limbs = tuple[int, ...]
_fetch, _put = tuple_fetcher(field25519.LIMBS), tuple_putter(field25519.LIMBS)
_zero = field25519.limbs_of(0)[0]

# The largest limbs that an element may have, in words and in lanes (field25519.py).
LARGEST = {"words": (2**54 - 1,) * 5, "lanes": (2**51 + 2**13 - 1, *[2**51 - 1] * 4)}
# subtract adds 4 p in words, 2 p in lanes: no more may be taken away.
LARGEST_TAKEN = {
    "words": (4 * (2**51 - 19), *[4 * (2**51 - 1)] * 4),
    "lanes": LARGEST["lanes"],
}
# In words only products are bound.
RESULTS_BELOW = {
    "words": (2**51, 2**51 + 2**13, *[2**51] * 3),
    "lanes": (2**51 + 2**13, *[2**51] * 4),
}
OPERATIONS: dict[str, Callable[[int, int], int]] = {
    "multiply": lambda a, b: a * b,
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "square": lambda a, b: a * a,
    "negative": lambda a, b: -b,
    "inverse": lambda a, b: pow(a, P - 2, P),
    "canonical": lambda a, b: a,
}


def value_of(limbs: Sequence[int]) -> int:
    return sum(limb << 51 * place for place, limb in enumerate(limbs))


@cache
def compiled_operation(kind: str, name: str) -> Any:
    operation = getattr(field25519, name)
    takes_both = name in ("multiply", "add", "subtract")
    takes_second = name == "negative"

    @njit  # type: ignore[untyped-decorator]
    def apply(like: Any, a: Any, b: Any, result: Any) -> None:
        first, second = _fetch(like, a, 0), _fetch(like, b, 0)
        if takes_both:
            _put(result, 0, operation(first, second))
        elif takes_second:
            _put(result, 0, operation(second))
        else:
            _put(result, 0, operation(first))

    if kind == "lanes":
        return cfunc(types.void(words, words, words))(lambda a, b, result: apply(eight_zeros(), a, b, result))
    return cfunc(types.void(words, words, words))(lambda a, b, result: apply(_zero, a, b, result))


def computed(kind: str, name: str, a: Limbs, b: Limbs) -> Limbs:
    """Every lane is given the same."""
    width = WIDTH if kind == "lanes" else 1
    memory = [
        filled(b"".join([limb.to_bytes(8, "little") * width for limb in operand])) for operand in (a, b)
    ]
    result = buffer(field25519.LIMBS * width)
    pointers = [ctypes.cast(each, ctypes.POINTER(ctypes.c_uint64)) for each in (*memory, result)]
    compiled_operation(kind, name).ctypes(*pointers)
    limbs = [result[place * width : (place + 1) * width] for place in range(field25519.LIMBS)]
    assert all(len(set(lane)) == 1 for lane in limbs)
    return tuple(lane[0] for lane in limbs)


def operands(kind: str) -> list[tuple[Limbs, Limbs]]:
    chance, largest, taken = random.Random(8), LARGEST[kind], LARGEST_TAKEN[kind]  # noqa: S311
    special = [tuple(map(int, field25519.limbs_of(n))) for n in (0, 1, 2, 18, 19, P - 1, P - 19, P // 2)]
    # p and 2 p themselves, and everything that rounds up to them.
    special += [(2**51 - 19 + n, *[2**51 - 1] * 4) for n in range(19)]
    special += [tuple(chance.randint(0, limb) for limb in taken) for _ in range(20)]
    special += [taken, (0, 0, 0, 0, 2**51 - 1), (2**51 - 1, 0, 0, 0, 0)]
    pairs = [(a, b) for a in special for b in special]
    return [*pairs, *[(largest, b) for b in special]]


@pytest.mark.parametrize("kind", kinds_that_run_here())
@pytest.mark.parametrize("name", OPERATIONS)
def test_operation_is_right_at_the_bounds_and_keeps_to_them(kind: str, name: str) -> None:
    for a, b in operands(kind):
        limbs = computed(kind, name, a, b)

        assert value_of(limbs) % P == OPERATIONS[name](value_of(a), value_of(b)) % P
        if kind == "lanes" or name in ("multiply", "square", "inverse"):
            assert all(limb < bound for limb, bound in zip(limbs, RESULTS_BELOW[kind], strict=True))
        if name == "canonical":
            assert value_of(limbs) < P
