"""Where an article stands: what each side says now, whether it is agreed, and who moved. Nothing is stored.

Versions stand in the order in which they were written down. A correction takes the place of what it corrects
and is no move of a side: only the one who wrote it down was wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from openfloor.bargaining.figures import Figures, Measure, measures
from workrules.wages import Move, move

OURS, THEIRS, BOTH = "ours", "theirs", "both"
PROPOSED, CORRECTED, WITHDRAWN, AGREED = "proposed", "corrected", "withdrawn", "agreed"
OTHER_SIDE = {OURS: THEIRS, THEIRS: OURS}


class State(Enum):
    """What an article waits for."""

    EMPTY = "empty"
    OURS_ALONE = "ours_alone"  # they have not answered
    THEIRS_ALONE = "theirs_alone"  # we have not answered
    APART = "apart"
    AGREED = "agreed"  # tentatively, until the members ratify the whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as it was written down; `corrects` is the number of the one it takes the place of."""

    number: int
    side: str
    kind: str
    figures: Figures
    corrects: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The numbers of the versions that count now; None where there is none."""

    state: State
    ours: int | None
    theirs: int | None
    agreed: int | None

    @property
    def said(self) -> tuple[int, ...]:
        """What is agreed alone, where it is; or what each side says."""
        numbers = (self.ours, self.theirs) if self.agreed is None else (self.agreed,)
        return tuple(number for number in numbers if number is not None)

    def of(self, side: str) -> int | None:
        return {OURS: self.ours, THEIRS: self.theirs, BOTH: self.agreed}[side]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """
    What a version changed in one measure against the last one of the same side.

    `move` is None where the other side has named no figure yet: there is nothing to move towards.
    """

    measure: Measure
    before: Fraction
    after: Fraction
    move: Move | None


def standing(versions: Sequence[Version]) -> Standing:
    last: dict[str, int | None] = {OURS: None, THEIRS: None, BOTH: None}
    for version in versions:
        if version.kind == CORRECTED:
            last = {side: version.number if n == version.corrects else n for side, n in last.items()}
        elif version.kind == AGREED:
            last[BOTH] = version.number
        else:
            last[version.side] = None if version.kind == WITHDRAWN else version.number
            last[BOTH] = None  # whoever comes back to an article opens it again
    return Standing(state=_state(last), ours=last[OURS], theirs=last[THEIRS], agreed=last[BOTH])


def _state(last: dict[str, int | None]) -> State:
    if last[BOTH] is not None:
        return State.AGREED
    return {
        (False, False): State.EMPTY,
        (True, False): State.OURS_ALONE,
        (False, True): State.THEIRS_ALONE,
        (True, True): State.APART,
    }[last[OURS] is not None, last[THEIRS] is not None]


def movements(versions: Sequence[Version]) -> dict[int, tuple[Movement, ...]]:
    """By the number of each proposal: how it moved its side, as all corrections have the figures now."""
    said = _as_corrected(versions)
    last: dict[str, dict[Measure, Fraction]] = {OURS: {}, THEIRS: {}}
    found: dict[int, tuple[Movement, ...]] = {}
    for version in versions:
        if version.kind not in (PROPOSED, WITHDRAWN):
            continue
        now = measures(said[version.number]) if version.kind == PROPOSED else {}
        found[version.number] = _against(last[version.side], now, last[OTHER_SIDE[version.side]])
        last[version.side] = now
    return found


def _as_corrected(versions: Sequence[Version]) -> dict[int, Figures]:
    """The figures of each version that was no correction, as the last correction of it has them."""
    original: dict[int, int] = {}
    said: dict[int, Figures] = {}
    for version in versions:
        root = version.number if version.corrects is None else original[version.corrects]
        original[version.number] = root
        said[root] = version.figures
    return said


def _against(
    before: dict[Measure, Fraction], now: dict[Measure, Fraction], other: dict[Measure, Fraction]
) -> tuple[Movement, ...]:
    return tuple(
        Movement(
            measure=measure,
            before=before[measure],
            after=after,
            move=move(before[measure], after, other=other[measure]) if measure in other else None,
        )
        for measure, after in now.items()
        if measure in before
    )
