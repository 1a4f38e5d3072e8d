"""Which records of a roll say whose keys count, and whose vouches they rest on, with the tree over all.

The trap: it believes what it reads, like `replay`, and only grows: a roll that was put back needs a new one.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

from openfloor.workplace.memberkeys import hash_of
from openfloor.workplace.roll import ENTRY, RENEWAL, RENEWAL_STOPPED, Record
from openfloor.workplace.rolltree import Tree


class RollIndex:
    """Grows line by line and answers for every size that the roll has had."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.head: str | None = None
        self._about: defaultdict[int, list[int]] = defaultdict(list)  # positions, by the number of the entry
        self._rests_on: dict[int, tuple[int, ...]] = {}  # numbers of those who signed, by position
        self._founding: list[int] = []

    def append(self, line: str) -> None:
        record = json.loads(line)
        if record["type"] in (ENTRY, RENEWAL, RENEWAL_STOPPED):
            self._read(record)
        self.head = hash_of(line)
        self.tree.append(line)

    def _read(self, record: Record) -> None:
        number, position = record["number"], self.tree.size
        signed = record.get("vouches", [record])
        self._about[number].append(position)
        self._rests_on[position] = tuple(one["by"] for one in signed)
        if record.get("founding"):
            self._founding.append(number)

    def positions_about(self, numbers: Iterable[int], size: int) -> set[int]:
        """Where the first *size* records say which keys these entries have."""
        return {position for number in numbers for position in self._about.get(number, ()) if position < size}

    def positions_behind(self, numbers: Iterable[int], size: int) -> set[int]:
        """The same with all that it rests on: the rules, the founders, and every voucher's voucher."""
        positions, known = {0}, set[int]()
        wanted = [*self._founding, *numbers]
        while wanted:
            number = wanted.pop()
            if number in known:
                continue
            known.add(number)
            found = self.positions_about([number], size)
            positions |= found
            wanted += (by for position in found for by in self._rests_on[position])
        return positions
