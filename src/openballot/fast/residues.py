"""Programs on numbers modulo a 2048-bit prime, carried out by the kernels."""

from collections.abc import Iterable, Sequence
from itertools import chain

import gmpy2
from gmpy2 import mpz

from openballot.fast.layout import (
    BYTE_POWERS,
    LANE_BITS,
    RESIDUE_TEETH,
    WORD_LIMBS,
    key_scratch,
    residue_limbs,
    residue_scratch,
)
from openballot.fast.loading import Library
from openballot.fast.programs import (
    Engine,
    Memory,
    Program,
    Results,
    Scratch,
    buffer,
    filled,
    padded,
)
from openballot.finitefields import FiniteField
from openballot.groups import Element

_BYTES = 8 * WORD_LIMBS


class Residues(Engine):
    """An element is an mpz above zero and below p."""

    element_pattern = "[1-9][0-9]{0,616}"

    def __init__(self, group: FiniteField, library: Library) -> None:
        self.kernel = library.kind
        self._p = group.p
        self._library = library
        self._scalar_words = -(-group.q.bit_length() // 64)
        self._columns = -(-group.q.bit_length() // RESIDUE_TEETH)
        self._is_safe_prime = group.p == 2 * group.q + 1
        self._order = filled(group.q.to_bytes(8 * self._scalar_words, "little"))
        self._field = _field(int(group.p), library.width)
        self._scratch = Scratch()

    def elements(self, texts: Sequence[str]) -> list[Element] | None:
        numbers = [mpz(text) for text in texts]
        return numbers if all(number < self._p for number in numbers) else None

    def table(self, base: Element) -> Memory:
        library = self._library
        windows = 8 * self._scalar_words
        table = buffer(windows * BYTE_POWERS * residue_limbs(library.width))
        scratch = self._scratch.of(key_scratch(library.width))
        library.call("residue_table", filled(_numbers([base])), windows, self._field, scratch, table)
        return table

    def run(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> list[Results | None]:
        # The Jacobi symbol proves members of a safe prime's group, and needs no powers.
        asked = program.proving_nothing() if self._is_safe_prime else program
        results, right = self.computed(asked, tables, elements, scalars)
        found = _read(results)
        return [
            list(map(str, found[start : start + program.results]))
            if holds and self._are_squares(row[: program.proven])
            else None
            for start, row, holds in zip(range(0, len(found), program.results), elements, right, strict=False)
        ]

    def joined(self, results: Results, places: slice) -> str:
        return ",".join(results[places])

    def are_members(self, elements: Sequence[Element]) -> list[bool]:
        if self._is_safe_prime:
            return [self._are_squares([element]) for element in elements]
        return super().are_members(elements)

    def computed(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> tuple[Memory, Memory]:
        library = self._library
        rows = padded(len(elements), library.width)
        numbers = _numbers(chain.from_iterable(elements)).ljust(rows * program.elements * _BYTES, b"\0")
        size = 8 * self._scalar_words
        exponents = b"".join([s.to_bytes(size, "little") for s in chain.from_iterable(scalars)])
        results, right = buffer(rows * program.results * WORD_LIMBS), buffer(rows)
        library.call(
            "residue_products",
            program.encoded,
            rows,
            filled(numbers),
            filled(exponents.ljust(rows * program.scalars * size, b"\0")),
            self._scalar_words,
            self._columns,
            self._order,
            self._field,
            *tables,
            self._scratch.of(residue_scratch(library.width, program.bases, self._scalar_words)),
            results,
            right,
        )
        return results, right

    def product(self, rows: Sequence[Sequence[Element]]) -> list[Element]:
        width, columns = self._library.width, len(rows[0])
        missing = [mpz(1)] * (-len(rows) % width * columns)
        numbers = filled(_numbers([*chain.from_iterable(rows), *missing]))
        results = buffer(width * columns * WORD_LIMBS)
        count, scratch = padded(len(rows), width), self._scratch.of(key_scratch(width))
        self._library.call("residue_columns", count, columns, numbers, self._field, scratch, results)
        totals = [mpz(1)] * columns
        for number, factor in enumerate(_read(results)):
            totals[number % columns] = totals[number % columns] * factor % self._p
        return totals

    def _are_squares(self, elements: Sequence[Element]) -> bool:
        return not self._is_safe_prime or all(gmpy2.jacobi(element, self._p) == 1 for element in elements)


def _field(p: int, width: int) -> Memory:
    """What the kernels know of p (`openballot.fast.kernels.montgomery`), each limb once for every lane."""
    bits, limbs = (64 if width == 1 else LANE_BITS), residue_limbs(width)
    r = 2 ** (bits * limbs) % p
    content = _limbs(-pow(p, -1, 2**bits) % 2**bits, 1, bits)
    for number in (p, r, r * r % p, 1):
        content += _limbs(number, limbs, bits)
    return filled(b"".join([limb.to_bytes(8, "little") * width for limb in content]))


def _limbs(number: int, count: int, bits: int) -> list[int]:
    return [number >> bits * limb & 2**bits - 1 for limb in range(count)]


def _numbers(elements: Iterable[Element]) -> bytes:
    return b"".join([element.to_bytes(_BYTES, "little") for element in elements])


def _read(results: Memory) -> list[mpz]:
    content = bytes(results)
    return [
        mpz.from_bytes(content[start : start + _BYTES], "little") for start in range(0, len(content), _BYTES)
    ]
