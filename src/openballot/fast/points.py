"""Programs on points of edwards25519, carried out by the kernels."""

from collections.abc import Sequence
from itertools import chain

from openballot.fast.layout import ENCODED, POINT, POINT_KEY_TABLE, POINT_KEY_WORK, point_scratch
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
from openballot.groups import Element, Group, NotInGroup

_BYTES = 8 * ENCODED
_PLACE = 2 * _BYTES + 1  # the digits of a result, and a comma


class Points(Engine):
    """An element is 32 bytes, lowest first. Results come as texts, highest byte first."""

    element_pattern = "[0-9a-f]{64}"

    def __init__(self, group: Group, library: Library, words: Library) -> None:
        self.kernel = library.kind
        self._group = group
        self._library = library
        # What is done once, or with a handful of rows, needs no lanes.
        self._words = words
        self._scratch = Scratch()

    def elements(self, texts: Sequence[str]) -> list[Element] | None:
        return [bytes.fromhex(text)[::-1] for text in texts]

    def table(self, base: Element) -> Memory:
        table = buffer(POINT_KEY_TABLE)
        self._words.call("point_table", filled(base), table, buffer(POINT_KEY_WORK))
        return table

    def run(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> list[Results | None]:
        encoded, right = self.computed(program, tables, elements, scalars)
        # A comma stands after each result but the very last.
        size, text = program.results * _PLACE, bytes(encoded).hex(",", _BYTES)
        return [
            text[start : start + size] if holds else None
            for start, holds in zip(range(0, size * len(elements), size), right, strict=False)
        ]

    def joined(self, results: Results, places: slice) -> str:
        text: str = results[_PLACE * places.start : _PLACE * places.stop - 1]
        return text

    def computed(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> tuple[Memory, Memory]:
        library = self._library
        rows = padded(len(elements), library.width)
        points = b"".join(chain.from_iterable(elements)).ljust(rows * program.elements * _BYTES, b"\0")
        factors = b"".join([s.to_bytes(_BYTES, "little") for s in chain.from_iterable(scalars)])
        encoded, right = buffer(rows * program.results * ENCODED), buffer(rows)
        library.call(
            "point_sums",
            program.encoded,
            rows,
            filled(points),
            filled(factors.ljust(rows * program.scalars * _BYTES, b"\0")),
            *tables,
            self._scratch.of(point_scratch(library.width, program.bases, program.results)),
            encoded,
            right,
        )
        return encoded, right

    def product(self, rows: Sequence[Sequence[Element]]) -> list[Element]:
        columns = len(rows[0])
        content = b"".join(chain.from_iterable(rows))
        content += self._group.identity * (-len(rows) % self._library.width * columns)
        texts = self._added(self._library, content, columns)
        if self._library.width > 1:
            content = b"".join([bytes.fromhex(text)[::-1] for text in texts])
            texts = self._added(self._words, content, columns)
        return [bytes.fromhex(text)[::-1] for text in texts]

    def _added(self, library: Library, content: bytes, columns: int) -> list[str]:
        """Add up every column over the rows; as many rows are left as the kernel takes at once."""
        encoded, right = buffer(library.width * columns * ENCODED), buffer(library.width)
        rows = len(content) // (columns * _BYTES)
        scratch = self._scratch.of(library.width * columns * POINT)
        library.call("point_columns", rows, columns, filled(content), scratch, encoded, right)
        if not all(right):
            raise NotInGroup
        return bytes(encoded).hex(",", _BYTES).split(",")
