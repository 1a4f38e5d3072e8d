"""Is an agreement ratified? The conventions differ in what must carry: acceptance or rejection.

The trap: where rejection must carry, everything short of it is a yes. A vote that says no by 54 % can then
ratify, as it did among the Teamsters in 2018. Federal law gives members no right to vote on their contract;
each convention is a rule of the union's own, with its source and dates beside it.
"""

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from workrules.mandates.majority import Base, Count, size

HALF = Fraction(1, 2)
TWO_THIRDS = Fraction(2, 3)


class Motion(Enum):
    """What has to carry. Where it does not, the other stands."""

    ACCEPT = "accept"
    REJECT = "reject"


class Reason(Enum):
    """Why it came out as it did."""

    CARRIED = "carried"
    NO_QUORUM = "no_quorum"
    NOT_ENOUGH = "not_enough"
    NOT_ENOUGH_AT_LOW_TURNOUT = "not_enough_at_low_turnout"
    NO_STRIKE_VOTE = "no_strike_vote"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A share to reach. *exactly_is_enough* tells "at least two thirds" from "more than half"."""

    share: Fraction
    of: Base
    exactly_is_enough: bool

    def is_reached(self, votes: int, count: Count) -> bool:
        """Nothing is reached by nobody's vote."""
        needed = self.share * size(self.of, count)
        return votes > needed or (self.exactly_is_enough and votes == needed and votes > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Convention:
    """
    How one union's members ratify.

    Under `low_turnout`, a share of those entitled, `bar_at_low_turnout` holds instead of `bar`. Under
    `quorum` the motion fails. With `strike_bar` a rejection counts only if a strike was approved, too.
    """

    key: str
    source: str
    motion: Motion
    bar: Bar
    quorum: Fraction = Fraction(0)
    low_turnout: Fraction = Fraction(0)
    bar_at_low_turnout: Bar | None = None
    strike_bar: Bar | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """*ratified*, or at least open to be signed; *margin* is yes minus no."""

    ratified: bool
    reason: Reason
    margin: int


MORE_THAN_HALF_OF_VOTES = Bar(share=HALF, of=Base.VOTING, exactly_is_enough=False)
TWO_THIRDS_OF_VOTES = Bar(share=TWO_THIRDS, of=Base.VOTING, exactly_is_enough=True)

MAJORITY = Convention(
    key="majority",
    source="the usual rule: more yes than no; a tie ratifies nothing",
    motion=Motion.ACCEPT,
    bar=MORE_THAN_HALF_OF_VOTES,
)
MAJORITY_OF_ENTITLED = Convention(
    key="majority_of_entitled",
    source="more than half of all who may vote say yes",
    motion=Motion.ACCEPT,
    bar=Bar(share=HALF, of=Base.ENTITLED, exactly_is_enough=False),
)
TWO_THIRDS_TO_ACCEPT = Convention(
    key="two_thirds",
    source="two thirds of those voting, or more, say yes",
    motion=Motion.ACCEPT,
    bar=TWO_THIRDS_OF_VOTES,
)
# Labor Notes, October 2018, "Getting a fair contract vote". The rule was dropped in 2021.
TEAMSTERS_UNTIL_2021 = Convention(
    key="teamsters_until_2021",
    source="Teamsters constitution until 2021, by Labor Notes, October 2018",
    motion=Motion.REJECT,
    bar=MORE_THAN_HALF_OF_VOTES,
    low_turnout=HALF,
    bar_at_low_turnout=TWO_THIRDS_OF_VOTES,
)
# The same report: a local's board may sign what was voted down, unless two thirds approved a strike.
UFCW_LOCAL = Convention(
    key="ufcw_local",
    source="UFCW locals, by Labor Notes, October 2018",
    motion=Motion.REJECT,
    bar=MORE_THAN_HALF_OF_VOTES,
    strike_bar=TWO_THIRDS_OF_VOTES,
)

CONVENTIONS = (MAJORITY, MAJORITY_OF_ENTITLED, TWO_THIRDS_TO_ACCEPT, TEAMSTERS_UNTIL_2021, UFCW_LOCAL)


def ratification(count: Count, convention: Convention, *, strike: Count | None = None) -> Outcome:
    """
    Say whether *count* ratifies under *convention*, and why.

    *strike* is the count of the separate question whether to strike, None where it was not put.
    """
    reason = _reason(count, convention, strike)
    carried = reason is Reason.CARRIED
    return Outcome(
        ratified=carried is (convention.motion is Motion.ACCEPT), reason=reason, margin=count.yes - count.no
    )


def _reason(count: Count, convention: Convention, strike: Count | None) -> Reason:
    votes = count.yes if convention.motion is Motion.ACCEPT else count.no
    if count.papers < convention.quorum * count.entitled:
        return Reason.NO_QUORUM
    low = convention.bar_at_low_turnout
    if low is not None and count.papers < convention.low_turnout * count.entitled:
        return Reason.CARRIED if low.is_reached(votes, count) else Reason.NOT_ENOUGH_AT_LOW_TURNOUT
    if not convention.bar.is_reached(votes, count):
        return Reason.NOT_ENOUGH
    if convention.strike_bar is not None and not (
        strike is not None and convention.strike_bar.is_reached(strike.yes, strike)
    ):
        return Reason.NO_STRIKE_VOTE
    return Reason.CARRIED
