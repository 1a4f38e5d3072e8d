"""Does a counted vote give the committee its mandate?

Shares are exact fractions, never floats: of 100 votes, "at least half" is met by
50 and "more than half" only by 51, and a single vote decides.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction


class ImpossibleRule(ValueError):
    """Shares that no vote could meet, or every vote would."""


class ImpossibleCount(ValueError):
    """More papers than people, or more votes than papers."""


class Condition(Enum):
    """What a rule can ask."""

    TURNOUT = "turnout"
    APPROVAL = "approval"


class Base(Enum):
    """Whom a share is of."""

    VOTING = "voting"  # those who said yes or no
    ENTITLED = "entitled"  # all who could have voted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """
    What the rulebook asks: turnout of those entitled, approval of those who said yes or no, or of all.

    `approval_more_than` is None where nothing is approved: a choice among people or dates.
    """

    turnout_at_least: Fraction
    approval_more_than: Fraction | None
    approval_of: Base = Base.VOTING

    def __post_init__(self) -> None:
        if not 0 <= self.turnout_at_least <= 1:
            raise ImpossibleRule("turnout is a share between none and all of those entitled")
        if self.approval_more_than is not None and not 0 <= self.approval_more_than < 1:
            raise ImpossibleRule("nothing can be more than all of the votes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A counted vote. `papers` are all accepted papers; those that say neither yes nor no are blank."""

    entitled: int
    papers: int
    yes: int = 0
    no: int = 0

    def __post_init__(self) -> None:
        if min(self.entitled, self.papers, self.yes, self.no) < 0:
            raise ImpossibleCount("people and papers are counted from zero")
        if self.papers > self.entitled or self.yes + self.no > self.papers:
            raise ImpossibleCount("each of those entitled has one paper, and each paper one vote")


def unmet_conditions(count: Count, rule: Rule) -> tuple[Condition, ...]:
    """Name every condition of *rule* that *count* fails; none means a mandate."""
    unmet = []
    # Turnout counts every accepted paper, blank ones too.
    if count.papers < rule.turnout_at_least * count.entitled:
        unmet.append(Condition.TURNOUT)
    # "More than": a tie is not carried, and neither is a vote in which nobody said yes or no.
    approval = rule.approval_more_than
    if approval is not None and count.yes <= approval * size(rule.approval_of, count):
        unmet.append(Condition.APPROVAL)
    return tuple(unmet)


def size(base: Base, count: Count) -> int:
    """How many people, or votes, a share of *base* is of."""
    return count.entitled if base is Base.ENTITLED else count.yes + count.no
