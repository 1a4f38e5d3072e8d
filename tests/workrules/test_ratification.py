"""Whether a vote ratifies: the published cases, the edges of each convention, and ties."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workrules.mandates import CONVENTIONS, Convention, Count, Outcome, Reason, ratification
from workrules.mandates.ratification import (
    MAJORITY,
    MAJORITY_OF_ENTITLED,
    TEAMSTERS_UNTIL_2021,
    TWO_THIRDS_TO_ACCEPT,
    UFCW_LOCAL,
    Motion,
)


def vote(yes: int, no: int, *, entitled: int | None = None, blank: int = 0) -> Count:
    papers = yes + no + blank
    return Count(entitled=papers if entitled is None else entitled, papers=papers, yes=yes, no=no)


# 54.2 % no at 44 % turnout, per 1,000 entitled and in whole papers
NO_BY_54_2 = vote(201_520, 238_480, entitled=1_000_000)


def test_no_by_54_percent_at_44_percent_turnout_rejects_by_majority_and_ratifies_by_the_old_rule() -> None:
    assert ratification(NO_BY_54_2, MAJORITY) == Outcome(
        ratified=False, reason=Reason.NOT_ENOUGH, margin=-36_960
    )
    assert ratification(NO_BY_54_2, TEAMSTERS_UNTIL_2021) == Outcome(
        ratified=True, reason=Reason.NOT_ENOUGH_AT_LOW_TURNOUT, margin=-36_960
    )


def test_no_by_60_percent_with_60_percent_for_a_strike_may_still_be_signed_by_a_ufcw_board() -> None:
    rejected, for_a_strike = vote(40, 60), vote(60, 40)

    assert ratification(rejected, UFCW_LOCAL, strike=for_a_strike) == Outcome(
        ratified=True, reason=Reason.NO_STRIKE_VOTE, margin=-20
    )


@pytest.mark.parametrize(
    ("strike", "ratified"), [(vote(66, 34), True), (vote(67, 33), False), (vote(2, 1), False)]
)
def test_two_thirds_for_a_strike_bind_a_ufcw_board(strike: Count, ratified: bool) -> None:
    assert ratification(vote(40, 60), UFCW_LOCAL, strike=strike).ratified is ratified


def test_strike_that_was_not_asked_about_was_not_approved() -> None:
    assert ratification(vote(0, 100), UFCW_LOCAL).reason is Reason.NO_STRIKE_VOTE


def test_138_to_135_rejects_by_3() -> None:
    counted = vote(135, 138)

    assert ratification(counted, MAJORITY) == Outcome(ratified=False, reason=Reason.NOT_ENOUGH, margin=-3)
    assert counted.papers == 273


@pytest.mark.parametrize(
    ("counted", "convention", "ratified"),
    [
        (vote(50, 50), MAJORITY, False),
        (vote(51, 50), MAJORITY, True),
        (vote(51, 50, blank=899), MAJORITY, True),
        (vote(0, 0, entitled=10), MAJORITY, False),
        (vote(50, 0, entitled=100), MAJORITY_OF_ENTITLED, False),
        (vote(51, 0, entitled=100), MAJORITY_OF_ENTITLED, True),
        (vote(2, 1), TWO_THIRDS_TO_ACCEPT, True),
        (vote(199, 100), TWO_THIRDS_TO_ACCEPT, False),
        (vote(0, 0, entitled=10), TWO_THIRDS_TO_ACCEPT, False),
        # Rejection must carry: a tie, or no vote at all, leaves the agreement standing.
        (vote(50, 50), TEAMSTERS_UNTIL_2021, True),
        (vote(0, 0, entitled=10), TEAMSTERS_UNTIL_2021, True),
        (vote(24, 26, entitled=100), TEAMSTERS_UNTIL_2021, False),  # exactly half voted: the usual bar
        (vote(17, 32, entitled=100), TEAMSTERS_UNTIL_2021, True),  # 49 %: 32 of 49 are under two thirds
        (vote(16, 32, entitled=100), TEAMSTERS_UNTIL_2021, False),  # 32 of 48 are two thirds
    ],
)
def test_edge_of_a_convention(counted: Count, convention: Convention, ratified: bool) -> None:
    assert ratification(counted, convention).ratified is ratified


@pytest.mark.parametrize(("voted", "reason"), [(49, Reason.NO_QUORUM), (50, Reason.CARRIED)])
def test_without_its_quorum_nothing_carries(voted: int, reason: Reason) -> None:
    half_must_vote = replace(MAJORITY, quorum=Fraction(1, 2))

    assert ratification(vote(voted, 0, entitled=100), half_must_vote).reason is reason


def test_every_convention_says_where_it_is_from() -> None:
    assert all(each.source for each in CONVENTIONS)
    assert len({each.key for each in CONVENTIONS}) == len(CONVENTIONS)


@st.composite
def votes(draw: st.DrawFn) -> Count:
    yes, no, blank, absent = (draw(st.integers(0, 60)) for _ in range(4))
    return vote(yes, no, blank=blank, entitled=yes + no + blank + absent)


@given(votes(), st.sampled_from(CONVENTIONS))
def test_one_no_turned_into_a_yes_never_unratifies(counted: Count, convention: Convention) -> None:
    if counted.no == 0 or not ratification(counted, convention, strike=counted).ratified:
        return
    better = vote(
        counted.yes + 1,
        counted.no - 1,
        entitled=counted.entitled,
        blank=counted.papers - counted.yes - counted.no,
    )

    assert ratification(better, convention, strike=counted).ratified


@given(votes(), st.sampled_from(CONVENTIONS))
def test_it_ratifies_exactly_when_the_motion_says_so(counted: Count, convention: Convention) -> None:
    outcome = ratification(counted, convention)

    assert outcome.ratified is ((outcome.reason is Reason.CARRIED) is (convention.motion is Motion.ACCEPT))
