"""The functions that Python calls. The first argument of most is *like*, which C does not see."""

from typing import Any

from numba import types

from openballot.fast.kernels import point_sums, residue_products
from openballot.fast.kernels.machine import index, lanes, word, words

_program = types.CPointer(types.int64)


def exported(kind: str) -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Return each function of this kind, words or lanes, with the types of its arguments, by name."""
    like = {"words": word, "lanes": lanes}[kind]
    functions = {
        "point_sums": (point_sums.sum_all, (like, _program, index, *[words] * 7)),
        "point_columns": (point_sums.add_columns, (like, index, index, *[words] * 4)),
        "residue_table": (residue_products.fill_key_table, (like, words, index, *[words] * 3)),
        "residue_products": (
            residue_products.multiply_all,
            (like, _program, index, words, words, index, index, *[words] * 7),
        ),
        "residue_columns": (residue_products.multiply_columns, (like, index, index, *[words] * 4)),
    }
    if kind == "words":
        # Lanes read the same table.
        functions["point_table"] = (point_sums.fill_key_table, (words, words, words))
    return functions
