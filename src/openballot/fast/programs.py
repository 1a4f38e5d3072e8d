"""What is to be computed of every ballot of an election, as the kernels read it (`fast/layout.py`)."""

import ctypes
import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self, TypeAlias

from openballot.groups import Element

# The results of a row, as an engine keeps them.
Results: TypeAlias = Any
Memory: TypeAlias = "ctypes.Array[Any]"


@dataclass(frozen=True, slots=True)
class Powers:
    """The product of *terms*, each a base to a scalar, with the generator's and the key's power, if any."""

    terms: tuple[tuple[int, int], ...]
    g_scalar: int | None = None
    y_scalar: int | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """The product of some elements; *is_base* when powers of it are asked for."""

    elements: tuple[int, ...]
    is_base: bool = False


@dataclass(frozen=True, slots=True)
class Program:
    """Elements and scalars are named by their places in a row; products are bases after the elements."""

    elements: int
    proven: int
    scalars: int
    products: tuple[Product, ...]
    powers: tuple[Powers, ...]
    encoded: Memory = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        numbers = self._numbers()
        object.__setattr__(self, "encoded", (ctypes.c_int64 * len(numbers))(*numbers))

    @property
    def bases(self) -> int:
        return self.elements + len(self.products)

    @property
    def results(self) -> int:
        return len(self.products) + len(self.powers)

    def proving_nothing(self) -> Self:
        return replace(self, proven=0)

    def _numbers(self) -> list[int]:
        numbers = [self.elements, self.proven, self.scalars, len(self.products), len(self.powers)]
        for product in self.products:
            numbers += [product.is_base, len(product.elements), *product.elements]
        for powers in self.powers:
            numbers.append(len(powers.terms))
            for base, scalar in powers.terms:
                numbers += [base, scalar]
            numbers += [-1 if s is None else s for s in (powers.g_scalar, powers.y_scalar)]
        return numbers


class Engine(ABC):
    """Carries out programs in one group. *kernel* is the kind it uses."""

    kernel: str
    element_pattern: str

    @abstractmethod
    def elements(self, texts: Sequence[str]) -> list[Element] | None:
        """Read texts that match the pattern; None when one of them is too large. Nothing is proven."""

    @abstractmethod
    def table(self, base: Element) -> Memory:
        """Prepare a member for many powers of it."""

    @abstractmethod
    def run(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> list[Results | None]:
        """Return each row's results, or None where an element that must be a member is none.

        The tables are those of the generator and of the key.
        """

    @abstractmethod
    def joined(self, results: Results, places: slice) -> str:
        """Write the texts of some results, with commas between."""

    @abstractmethod
    def computed(
        self,
        program: Program,
        tables: tuple[Memory, Memory],
        elements: Sequence[Sequence[Element]],
        scalars: Sequence[Sequence[int]],
    ) -> tuple[Memory, Memory]:
        """What the kernel makes of each row, and whether all of it that must be a member is one."""

    def are_members(self, elements: Sequence[Element]) -> list[bool]:
        """Say of each element that was read whether it belongs to the group."""
        nothing = buffer(0)
        _, right = self.computed(MEMBERSHIP, (nothing, nothing), [[element] for element in elements], [])
        return list(map(bool, right[: len(elements)]))

    @abstractmethod
    def product(self, rows: Sequence[Sequence[Element]]) -> list[Element]:
        """Multiply each column of members over all rows."""


MEMBERSHIP = Program(elements=1, proven=1, scalars=0, products=(), powers=())


def buffer(words: int) -> Memory:
    """Memory of so many words, all zero, that starts where a vector may."""
    room = (ctypes.c_uint64 * (words + 8))()
    skip = -ctypes.addressof(room) % 64
    return (ctypes.c_uint64 * words).from_buffer(room, skip)


class Scratch(threading.local):
    """Memory whose content does not matter, one for each thread, as large as was ever asked for."""

    def __init__(self) -> None:
        self._memory = buffer(0)

    def of(self, words: int) -> Memory:
        if len(self._memory) < words:
            self._memory = buffer(words)
        return self._memory


def filled(content: bytes) -> Memory:
    memory = buffer(len(content) // 8)
    ctypes.memmove(memory, content, len(content))
    return memory


def padded(rows: int, width: int) -> int:
    """The number of rows that full lanes take."""
    return -(-rows // width) * width
