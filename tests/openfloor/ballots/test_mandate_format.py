"""What a charter's mandate may say, and what it means to the rules."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from factories.mandates import ASKED, PLAIN, TERM
from openfloor.ballots import mandate
from workrules.mandates import Authority, Base, Bound, Mandate, Rule, Term

CLOSES = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)


def test_mandate_means_its_terms_its_action_and_its_end() -> None:
    assert mandate.mandate_of(ASKED, decided_at=CLOSES) == Mandate(
        decided_at=CLOSES,
        terms=(Term(measure="wages.total", bound=Bound.AT_LEAST, value=Fraction(31, 100)),),
        action_by=datetime(2026, 4, 1, 7, 0, tzinfo=UTC),
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
        changed_by=Authority.SAME_RULE,
    )


@pytest.mark.parametrize("asked", [ASKED, PLAIN, {**ASKED, "terms": []}])
def test_sound_mandate_stays_as_it_is(asked: dict[str, Any]) -> None:
    assert mandate.sound(asked, decided_at=CLOSES) == asked


@pytest.mark.parametrize(
    "asked",
    [
        {**PLAIN, "terms": []},
        {**ASKED, "more": 1},
        {name: value for name, value in ASKED.items() if name != "changed_by"},
        {**ASKED, "changed_by": "nobody"},
        {**ASKED, "changed_by": "the board"},
        {**ASKED, "terms": [TERM, TERM]},
        {**ASKED, "terms": [{**TERM, "measure": f"other.{number}"} for number in range(11)]},
        {**ASKED, "terms": [{**TERM, "about": " Raise"}]},
        {**ASKED, "terms": [{**TERM, "about": "x" * 121}]},
        {**ASKED, "terms": [{**TERM, "measure": "Wages"}]},
        {**ASKED, "terms": [{**TERM, "bound": "about"}]},
        {**ASKED, "terms": [{**TERM, "unit": "dollars"}]},
        {**ASKED, "terms": [{**TERM, "numerator": 62, "denominator": 200}]},
        {**ASKED, "terms": [{**TERM, "numerator": True, "denominator": 1}]},
        {**ASKED, "terms": [{**TERM, "denominator": 0}]},
        {**ASKED, "terms": [{**TERM, "numerator": 0.31}]},
        {**ASKED, "terms": [None]},
        {**ASKED, "terms": None},
        {**ASKED, "action": {"what": "Strike"}},
        {**ASKED, "action": {"what": "", "by": "2026-04-01T07:00:00Z"}},
        {**ASKED, "action": {"what": "Strike", "by": "2026-03-05T04:00:00Z"}},
        {**ASKED, "action": {"what": "Strike", "by": "2026-4-1T07:00:00Z"}},
        {**ASKED, "expires_at": "2026-03-01T00:00:00Z"},
        {**ASKED, "expires_at": "2026-04-01T07:00:00Z"},
        None,
        [],
    ],
)
def test_impossible_mandate_is_refused(asked: Any) -> None:
    with pytest.raises(mandate.ImpossibleAsked):
        mandate.sound(asked, decided_at=CLOSES)


def test_nothing_may_fall_due_before_the_vote_is_over() -> None:
    due = datetime(2026, 4, 1, 7, 0, tzinfo=UTC)

    assert mandate.is_due_after(ASKED, due - timedelta(seconds=1))
    assert not mandate.is_due_after(ASKED, due)
    assert mandate.is_due_after(None, due)
    assert mandate.is_due_after(PLAIN, due)


@pytest.mark.parametrize(
    ("turnout", "approval", "authority"),
    [
        ("1/2", "1/2", Authority.SAME_RULE),
        ("2/3", "2/3", Authority.SAME_RULE),
        ("1/3", "1/2", Authority.BALLOT),
        ("1/2", "1/3", Authority.BALLOT),
    ],
)
def test_ballot_that_asks_for_as_much_may_change_a_mandate(
    turnout: str, approval: str, authority: Authority
) -> None:
    over = Rule(turnout_at_least=Fraction(1, 2), approval_more_than=Fraction(1, 2))
    rule = Rule(turnout_at_least=Fraction(turnout), approval_more_than=Fraction(approval))

    assert mandate.authority_of(rule, over) is authority


def test_numbers_go_into_texts_and_come_back() -> None:
    numbers = {"wages.yearly": (Fraction(13, 200), Fraction(1, 20))}

    assert mandate.pairs_of(numbers) == {"wages.yearly": [[13, 200], [1, 20]]}
    assert mandate.numbers_of(mandate.pairs_of(numbers)) == numbers


@pytest.mark.parametrize(
    ("of", "over_of", "authority"),
    [
        (Base.VOTING, Base.ENTITLED, Authority.BALLOT),
        (Base.ENTITLED, Base.ENTITLED, Authority.SAME_RULE),
        (Base.ENTITLED, Base.VOTING, Authority.SAME_RULE),
    ],
)
def test_a_share_of_those_who_vote_is_less_strict_than_one_of_all(
    of: Base, over_of: Base, authority: Authority
) -> None:
    rule, over = (
        Rule(turnout_at_least=Fraction(0), approval_more_than=Fraction(1, 2), approval_of=each)
        for each in (of, over_of)
    )

    assert mandate.authority_of(rule, over) is authority
