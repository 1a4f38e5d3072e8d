"""Which arithmetic a machine has for a group: eight lanes, words, or the reference in `openballot.groups`.

OPENBALLOT_KERNEL names one of KINDS, or "reference", to use that and no other.
"""

import os
from typing import TYPE_CHECKING, cast

from openballot.groups import Group

# What follows is loaded when there are enough ballots, and only for the kind of group they are of.
if TYPE_CHECKING:
    from openballot.fast.programs import Engine
    from openballot.finitefields import FiniteField

REFERENCE = "reference"
# Loading the kernels and making their tables takes as long as the reference does for so many ballots.
PAYS_FROM = 16

NAMES = {"lanes": "AVX512-IFMA, eight lanes", "words": "Numba, 64-bit words"}


_loaded: "dict[tuple[Group, str | None], Engine | None]" = {}


def engine_of(group: Group) -> "Engine | None":
    """Return the fastest engine that stands ready for this group; None when that is the reference."""
    return _loaded_once(group, _wanted())


def engine_if_it_pays(group: Group, count: int) -> "Engine | None":
    """Return an engine for so many ballots or credentials; None while it pays for too few to load it."""
    if count >= PAYS_FROM or (group, _wanted()) in _loaded:
        return engine_of(group)
    return None


def engine_for_one(group: Group) -> "Engine | None":
    """Return an engine for one ballot at a time, again and again; None where the reference is as fast.

    Seven empty lanes are slower than words, and words are no faster than GMP.
    """
    return None if group.arithmetic == "GMP" else _loaded_once(group, _wanted() or "words")


def _wanted() -> str | None:
    return os.environ.get("OPENBALLOT_KERNEL")


def _loaded_once(group: Group, wanted: str | None) -> "Engine | None":
    if (group, wanted) not in _loaded:
        _loaded[group, wanted] = _engine(group, wanted)
    return _loaded[group, wanted]


def name_of(group: Group) -> str:
    """Name the arithmetic that many ballots of this group are checked with on this machine."""
    engine = engine_of(group)
    if engine is not None:
        return NAMES[engine.kernel]
    return group.arithmetic


def _engine(group: Group, wanted: str | None) -> "Engine | None":
    if wanted == REFERENCE:
        return None
    from openballot.fast import loading

    try:
        kinds = [kind for kind in loading.kinds_that_run_here() if wanted in (None, kind)]
    except loading.NotCompiled:
        return None
    for kind in kinds:
        try:
            return _of_kind(group, kind)
        except loading.NotCompiled:
            continue
    return None


def _of_kind(group: Group, kind: str) -> "Engine":
    from openballot.fast import loading

    library = loading.library(kind)
    if group.arithmetic == "GMP":
        from openballot.fast.residues import Residues

        return Residues(cast("FiniteField", group), library)
    from openballot.fast.points import Points

    return Points(group, library, loading.library("words"))
