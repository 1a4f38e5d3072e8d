"""The plan of who joins when: the rules of the roll hold for it whatever the day of founding."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openfloor.demonstration.joining import Joining, Rules, plan

RULES = Rules(founding_members=3, vouches=2, vouch_from_day=7, vouches_a_month=5)


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 120), st.integers(3, 80))
def test_plan_keeps_the_rules_of_the_roll(founded_on: date, days: int, members: int) -> None:
    planned = plan(founded_on, days=days, members=members, rules=RULES)

    joined = {entry.number: entry for entry in planned}
    assert [entry.number for entry in planned] == list(range(1, members + 1))
    assert [entry.day for entry in planned] == sorted(entry.day for entry in planned)
    for entry in planned[RULES.founding_members :]:
        assert len(set(entry.vouchers)) == RULES.vouches
        for number in entry.vouchers:
            assert number < entry.number
            waited = entry.day - joined[number].day
            assert number <= RULES.founding_members or waited >= timedelta(RULES.vouch_from_day)
    given_in_month = Counter(
        (number, entry.day.year, entry.day.month)
        for entry in planned[RULES.founding_members :]
        for number in entry.vouchers
    )
    assert max(given_in_month.values(), default=0) <= RULES.vouches_a_month


def test_plan_begins_with_the_founder_and_who_they_vouch_for() -> None:
    day = date(2026, 3, 2)

    assert plan(day, days=10, members=3, rules=RULES) == [
        Joining(number=1, day=day, vouchers=()),
        Joining(number=2, day=day, vouchers=(1,)),
        Joining(number=3, day=day, vouchers=(1,)),
    ]


def test_plan_ends_in_time_for_the_ballots_when_all_can_vouch() -> None:
    day = date(2026, 3, 2)

    assert plan(day, days=85, members=60, rules=RULES)[-1].day == day + timedelta(85)
