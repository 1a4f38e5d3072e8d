"""The shapes that the templates of counts fill in, and what all counts say.

The trap: votes are cut and never rounded up, for 4.99995 are not the five that elect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from django.utils.formats import localize
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from workrules.counting import Fault, majority_judgment, schulze, stv

WIDTH = 1000  # of every bar, in its own units
MARK = 6

FAULTS = {
    Fault.LENGTH: gettext_lazy("not one number for each name"),
    Fault.NO_RANK: gettext_lazy("a number that is no rank"),
    Fault.REPEATED: gettext_lazy("two names share a rank"),
    Fault.GAP: gettext_lazy("a rank is left out"),
    Fault.NO_GRADE: gettext_lazy("a name without a grade"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a bar, from *start* on, in its units; *kind* is its class in look.css."""

    kind: str
    start: int
    width: int
    opacity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: what stands above it and under it; *description* tells it to whoever does not see it."""

    name: str
    note: str
    description: str
    parts: tuple[Part, ...]
    under: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Figures. The first cell of *columns* heads the rows."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What happened in one round, sentence by sentence."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """Bars under a sentence that says how to read them."""

    sentence: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A whole count as a page shows it: who won, what was counted, pictures, the way there, the figures."""

    outcome: str
    facts: tuple[str, ...]
    pictures: tuple[Pictured, ...]
    places: tuple[str, ...]
    rounds: tuple[Round, ...]
    tables: tuple[Table, ...]


def papers(count: stv.Count | schulze.Count | majority_judgment.Count) -> str:
    """Say how many papers were counted, and how many were not and why."""
    valid = ngettext("%(count)s valid paper.", "%(count)s valid papers.", count.valid)
    blank = ngettext(
        "%(count)s blank paper, which is not counted.",
        "%(count)s blank papers, which are not counted.",
        count.blank,
    )
    sentences = [valid % {"count": localize(count.valid)}]
    if count.blank:
        sentences.append(blank % {"count": localize(count.blank)})
    return " ".join([*sentences, *(_invalid(fault, number) for fault, number in count.invalid)])


def _invalid(fault: Fault, number: int) -> str:
    sentence = ngettext(
        "%(count)s invalid paper, which is not counted: %(reason)s.",
        "%(count)s invalid papers, which are not counted: %(reason)s.",
        number,
    )
    return sentence % {"count": localize(number), "reason": FAULTS[fault]}


def first_place(place: Sequence[int], valid: int, names: Sequence[str]) -> str:
    """Say who wins, or that the rule leaves it open."""
    if not valid:
        return _("Nobody wins: there is no valid paper.")
    sentence = ngettext(
        "%(names)s wins.",
        "%(names)s are level in first place. The rule does not choose between them; the members decide.",
        len(place),
    )
    return sentence % {"names": listed(place, names)}


def places(ranking: Sequence[Sequence[int]], names: Sequence[str]) -> tuple[str, ...]:
    return tuple(listed(place, names) for place in ranking)


def listed(candidates: Iterable[int], names: Sequence[str]) -> str:
    return in_a_list([names[candidate] for candidate in candidates])


def in_a_list(names: Sequence[str]) -> str:
    """Write names one after the other; those with a comma of their own would run together behind commas."""
    if any("," in name for name in names):
        return " · ".join(names)
    return get_text_list(list(names), _("and"))


def votes(number: Decimal) -> str:
    """Write votes with two places at most, but never some as none: 26.19992 is 26.19."""
    cut = number.quantize(Decimal("0.01"), ROUND_DOWN)
    shown = cut if cut or not number else number
    return str(localize(Decimal(f"{shown:f}".rstrip("0").rstrip("."))))


def in_votes(number: Decimal | int) -> str:
    """Write votes with their word: 1 vote, 26.19 votes."""
    form = 1 if number == 1 else 2
    return ngettext("%(number)s vote", "%(number)s votes", form) % {"number": votes(Decimal(number))}


def share(part: Decimal | int, whole: Decimal | int) -> int:
    """Find how far a bar reaches, in its units."""
    return int(WIDTH * part / whole)
