"""A single vote decides: every edge of turnout and approval by name."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workrules.mandates import Base, Condition, Count, ImpossibleCount, ImpossibleRule, Rule, unmet_conditions

HALF = Fraction(1, 2)
USUAL = Rule(turnout_at_least=HALF, approval_more_than=HALF)


@pytest.mark.parametrize(
    ("count", "unmet"),
    [
        (Count(entitled=200, papers=100, yes=51, no=49), ()),
        (Count(entitled=200, papers=100, yes=50, no=50), (Condition.APPROVAL,)),
        (Count(entitled=200, papers=100, yes=50, no=49), ()),
        (Count(entitled=201, papers=100, yes=100, no=0), (Condition.TURNOUT,)),
        (Count(entitled=200, papers=99, yes=0, no=99), (Condition.TURNOUT, Condition.APPROVAL)),
    ],
)
def test_half_is_enough_for_turnout_and_not_for_approval(count: Count, unmet: tuple[Condition, ...]) -> None:
    assert unmet_conditions(count, USUAL) == unmet


def test_blank_papers_count_for_turnout_and_not_for_approval() -> None:
    mostly_blank = Count(entitled=100, papers=50, yes=2, no=1)

    assert unmet_conditions(mostly_blank, USUAL) == ()


def test_nobody_voting_meets_nothing() -> None:
    assert unmet_conditions(Count(entitled=10, papers=0), USUAL) == (Condition.TURNOUT, Condition.APPROVAL)


def test_only_blank_papers_are_no_approval_even_where_any_share_would_do() -> None:
    any_yes = Rule(turnout_at_least=Fraction(0), approval_more_than=Fraction(0))

    assert unmet_conditions(Count(entitled=3, papers=3), any_yes) == (Condition.APPROVAL,)
    assert unmet_conditions(Count(entitled=3, papers=3, yes=1, no=2), any_yes) == ()


@pytest.mark.parametrize(("yes", "unmet"), [(50, (Condition.APPROVAL,)), (51, ())])
def test_a_majority_of_the_entitled_needs_more_than_half_of_all_who_may_vote(
    yes: int, unmet: tuple[Condition, ...]
) -> None:
    """law.md 6: a rule may count all who could vote, so that whoever stays at home says no."""
    of_all = Rule(turnout_at_least=Fraction(0), approval_more_than=HALF, approval_of=Base.ENTITLED)

    assert unmet_conditions(Count(entitled=100, papers=60, yes=yes, no=60 - yes), of_all) == unmet


def test_a_choice_without_approval_asks_for_turnout_alone() -> None:
    choice = Rule(turnout_at_least=Fraction(2, 3), approval_more_than=None)

    assert unmet_conditions(Count(entitled=3, papers=2), choice) == ()
    assert unmet_conditions(Count(entitled=3, papers=1), choice) == (Condition.TURNOUT,)


@pytest.mark.parametrize(
    ("turnout", "approval"),
    [(Fraction(3, 2), HALF), (Fraction(-1), HALF), (HALF, Fraction(1)), (HALF, Fraction(-1))],
)
def test_rules_that_no_vote_could_meet_or_fail_cannot_be_made(turnout: Fraction, approval: Fraction) -> None:
    with pytest.raises(ImpossibleRule):
        Rule(turnout_at_least=turnout, approval_more_than=approval)


@pytest.mark.parametrize(
    "numbers",
    [
        {"entitled": 1, "papers": 2},
        {"entitled": 3, "papers": 2, "yes": 2, "no": 1},
        {"entitled": 3, "papers": 2, "yes": -1, "no": 1},
    ],
)
def test_counts_that_cannot_be_cannot_be_made(numbers: dict[str, int]) -> None:
    with pytest.raises(ImpossibleCount):
        Count(**numbers)


@st.composite
def counts(draw: st.DrawFn) -> Count:
    yes, no, blank, absent = (draw(st.integers(0, 200)) for _ in range(4))
    papers = yes + no + blank
    return Count(entitled=papers + absent, papers=papers, yes=yes, no=no)


@given(counts(), st.fractions(0, 1), st.fractions(0, 1).filter(lambda share: share < 1))
def test_one_more_yes_never_costs_a_mandate(count: Count, turnout: Fraction, approval: Fraction) -> None:
    rule = Rule(turnout_at_least=turnout, approval_more_than=approval)
    one_more = Count(entitled=count.entitled + 1, papers=count.papers + 1, yes=count.yes + 1, no=count.no)

    assert set(unmet_conditions(one_more, rule)) <= set(unmet_conditions(count, rule))
