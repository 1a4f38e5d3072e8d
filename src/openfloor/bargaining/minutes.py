"""The minutes as they are shown: each line with its last version, and what it said before."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from openfloor.bargaining.models import MinuteLine


@dataclass(slots=True)
class ShownLine:
    """`first` is where it stands in the minutes; `last` is what it says now and can be corrected."""

    first: MinuteLine
    last: MinuteLine
    before: list[str] = field(default_factory=list)


def lines_shown(lines: Iterable[MinuteLine]) -> list[ShownLine]:
    shown: dict[int, ShownLine] = {}
    root: dict[int, int] = {}
    for line in lines:
        if line.corrects is None:
            root[line.number] = line.number
            shown[line.number] = ShownLine(line, line)
        else:
            root[line.number] = root[line.corrects.number]
            corrected = shown[root[line.number]]
            corrected.before.append(corrected.last.text)
            corrected.last = line
    return list(shown.values())
