"""What many ask for at once, kept: the first who asks makes it, the others wait for it.

The trap: a key must name everything that its value follows from, for nothing here grows old by itself.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class Kept(Generic[V]):
    """The values asked for last, *most* of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._places: OrderedDict[Hashable, _Place[V]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        place = self._place(key)
        with place.lock:
            if not place.made:
                place.made.append(make())
            return place.made[0]

    def _place(self, key: Hashable) -> "_Place[V]":
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            if len(self._places) > self._most:
                self._places.popitem(last=False)
            return place


class _Place(Generic[V]):
    """Where one value is made, by one caller at a time; *made* is empty until one succeeds."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made: list[V] = []
