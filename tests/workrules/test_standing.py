"""Where a mandate stands: each way to keep and to break it by name, and the laws of its course."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workrules.mandates import (
    Authority,
    Bound,
    Breach,
    Deed,
    Event,
    Finding,
    ImpossibleMandate,
    ImpossibleTerm,
    Mandate,
    Shortfall,
    Standing,
    State,
    Term,
    shortfalls,
    standing,
)
from workrules.mandates.terms import Numbers

DECIDED = datetime(2025, 9, 12, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TOTAL = Term(measure="wages.total", bound=Bound.AT_LEAST, value=Fraction(31, 100))
YEARLY = Term(measure="wages.yearly", bound=Bound.AT_LEAST, value=Fraction(6, 100))
TELEMETRY = Term(measure="patients_per_nurse.telemetry", bound=Bound.AT_MOST, value=Fraction(4))
TERMS = (TOTAL, YEARLY, TELEMETRY)
WAGES = Mandate(decided_at=DECIDED, terms=TERMS)
STRIKE = Mandate(decided_at=DECIDED, action_by=DECIDED + 30 * DAY, expires_at=DECIDED + 365 * DAY)
BOTH = Mandate(decided_at=DECIDED, terms=TERMS, action_by=DECIDED + 30 * DAY)
BELOW: Numbers = {"wages.total": (Fraction(27, 100),)}
ENOUGH: Numbers = {"wages.total": (Fraction(31, 100),), "patients_per_nurse.telemetry": (Fraction(4),)}
LONG_AFTER = DECIDED + 1000 * DAY


def event(
    deed: Deed,
    *,
    day: int = 10,
    by: Authority = Authority.NOBODY,
    numbers: Numbers | None = None,
) -> Event:
    return Event(
        at=DECIDED + day * DAY,
        reference=f"{deed.value}-{day}",
        deed=deed,
        authority=by,
        numbers=numbers or {},
    )


def breaches(mandate: Mandate, *events: Event, now: datetime = LONG_AFTER) -> list[Breach]:
    return [finding.breach for finding in standing(mandate, events, now=now).breaches]


def state(mandate: Mandate, *events: Event, now: datetime = LONG_AFTER) -> State:
    return standing(mandate, events, now=now).state


# Terms


def test_shortfall_names_the_worst_value_and_by_how_much() -> None:
    numbers = {
        "wages.yearly": (Fraction(9, 100), Fraction(5, 100), Fraction(4, 100)),
        "patients_per_nurse.telemetry": (Fraction(5),),
    }

    found = shortfalls(TERMS, numbers)

    assert found == (
        Shortfall(term=YEARLY, value=Fraction(4, 100)),
        Shortfall(term=TELEMETRY, value=Fraction(5)),
    )
    assert [each.by for each in found] == [Fraction(2, 100), Fraction(1)]


def test_exactly_the_value_and_silence_break_nothing() -> None:
    assert shortfalls(TERMS, ENOUGH) == shortfalls(TERMS, {}) == ()


# Offers


def test_offer_below_a_floor_is_a_breach_with_its_numbers() -> None:
    offered = event(Deed.OFFERED, numbers=BELOW)

    assert standing(WAGES, [offered], now=LONG_AFTER) == Standing(
        state=State.BINDING,
        ended_at=None,
        ended_by=None,
        began_at=None,
        breaches=(
            Finding(
                breach=Breach.OFFER_BELOW,
                at=offered.at,
                reference=offered.reference,
                shortfalls=(Shortfall(term=TOTAL, value=Fraction(27, 100)),),
            ),
        ),
    )


def test_offer_at_the_floor_keeps_the_mandate() -> None:
    assert standing(WAGES, [event(Deed.OFFERED, numbers=ENOUGH)], now=LONG_AFTER).is_kept


def test_offer_below_a_floor_that_a_ballot_under_the_same_rule_allowed_is_no_breach() -> None:
    assert breaches(WAGES, event(Deed.OFFERED, numbers=BELOW, by=Authority.SAME_RULE)) == []


def test_ballot_under_another_rule_allows_nothing_unless_the_mandate_says_so() -> None:
    offered = event(Deed.OFFERED, numbers=BELOW, by=Authority.BALLOT)
    open_to_any_ballot = Mandate(decided_at=DECIDED, terms=TERMS, changed_by=Authority.BALLOT)

    assert breaches(WAGES, offered) == [Breach.OFFER_BELOW]
    assert breaches(open_to_any_ballot, offered) == []


# Action and deadline


def test_deadline_fires_by_itself_after_its_moment_and_not_at_it() -> None:
    assert STRIKE.action_by is not None
    assert breaches(STRIKE, now=STRIKE.action_by) == []
    assert standing(STRIKE, [], now=STRIKE.action_by + timedelta(seconds=1)).breaches == (
        Finding(breach=Breach.DEADLINE_PASSED, at=STRIKE.action_by, reference=None),
    )


def test_action_that_begins_at_the_deadline_fulfils_a_mandate_for_it() -> None:
    began = event(Deed.BEGAN, day=30)

    assert standing(STRIKE, [began], now=LONG_AFTER) == Standing(
        state=State.FULFILLED, ended_at=began.at, ended_by=began.reference, began_at=began.at, breaches=()
    )


def test_action_that_begins_late_fulfils_and_was_late() -> None:
    began = event(Deed.BEGAN, day=31)

    assert (state(STRIKE, began), breaches(STRIKE, began)) == (State.FULFILLED, [Breach.DEADLINE_PASSED])


def test_action_alone_does_not_fulfil_a_mandate_with_terms() -> None:
    assert state(BOTH, event(Deed.BEGAN)) is State.BINDING


def test_action_called_off_without_a_vote_is_a_breach_and_the_deadline_another() -> None:
    assert breaches(STRIKE, event(Deed.CALLED_OFF)) == [
        Breach.CALLED_OFF_WITHOUT_VOTE,
        Breach.DEADLINE_PASSED,
    ]


def test_action_called_off_by_ballot_ends_the_mandate() -> None:
    called_off = event(Deed.CALLED_OFF, by=Authority.SAME_RULE)

    assert (state(STRIKE, called_off), breaches(STRIKE, called_off)) == (State.CHANGED, [])


# Agreements and changes


def test_agreement_signed_without_a_vote_is_a_breach_even_above_the_floors() -> None:
    signed = event(Deed.SIGNED, numbers=ENOUGH)

    assert (state(WAGES, signed), breaches(WAGES, signed)) == (State.BINDING, [Breach.SIGNED_WITHOUT_VOTE])


@pytest.mark.parametrize("by", [Authority.BALLOT, Authority.SAME_RULE])
def test_agreement_that_was_voted_on_and_meets_the_terms_fulfils(by: Authority) -> None:
    assert state(WAGES, event(Deed.SIGNED, numbers=ENOUGH, by=by)) is State.FULFILLED


def test_agreement_below_the_floors_needs_the_mandates_own_rule() -> None:
    other_rule, same_rule = (
        event(Deed.SIGNED, numbers=BELOW, by=by) for by in (Authority.BALLOT, Authority.SAME_RULE)
    )

    assert breaches(WAGES, other_rule) == [Breach.SIGNED_WITHOUT_VOTE]
    assert (state(WAGES, same_rule), breaches(WAGES, same_rule)) == (State.CHANGED, [])


def test_change_without_the_authority_changes_nothing() -> None:
    changed = event(Deed.CHANGED)

    assert (state(WAGES, changed), breaches(WAGES, changed)) == (State.BINDING, [Breach.CHANGED_WITHOUT_VOTE])


# The order of things


def test_what_comes_after_the_end_is_no_business_of_the_mandate() -> None:
    changed, offered = event(Deed.CHANGED, by=Authority.SAME_RULE), event(Deed.OFFERED, day=11, numbers=BELOW)

    assert breaches(WAGES, changed, offered) == []


def test_change_does_not_heal_what_came_before_it() -> None:
    offered, changed = event(Deed.OFFERED, numbers=BELOW), event(Deed.CHANGED, day=11, by=Authority.SAME_RULE)

    assert (state(WAGES, offered, changed), breaches(WAGES, offered, changed)) == (
        State.CHANGED,
        [Breach.OFFER_BELOW],
    )


def test_what_came_before_the_decision_was_not_bound_by_it() -> None:
    assert breaches(WAGES, event(Deed.OFFERED, day=-1, numbers=BELOW)) == []


def test_mandate_expires_and_no_longer_binds() -> None:
    expiring = Mandate(decided_at=DECIDED, terms=TERMS, expires_at=DECIDED + 10 * DAY)
    before, at_the_end = (event(Deed.OFFERED, day=day, numbers=BELOW) for day in (9, 10))

    assert state(expiring, now=DECIDED + 10 * DAY) is State.EXPIRED
    assert breaches(expiring, before) == [Breach.OFFER_BELOW]
    assert breaches(expiring, at_the_end) == []


def test_event_that_waits_for_a_second_word_counts_for_nothing() -> None:
    waiting = Event(at=DECIDED + DAY, reference="1", deed=Deed.CALLED_OFF, confirmed=False)

    assert standing(WAGES, [waiting], now=LONG_AFTER).is_kept


@pytest.mark.parametrize(
    "build",
    [
        lambda: Mandate(decided_at=DECIDED),
        lambda: Mandate(decided_at=DECIDED, terms=TERMS, changed_by=Authority.NOBODY),
        lambda: Mandate(decided_at=DECIDED, action_by=DECIDED),
        lambda: Mandate(decided_at=DECIDED, terms=TERMS, expires_at=DECIDED - DAY),
        lambda: Mandate(decided_at=DECIDED, action_by=DECIDED + DAY, expires_at=DECIDED + DAY),
    ],
)
def test_impossible_mandate_cannot_be_built(build: Callable[[], object]) -> None:
    with pytest.raises(ImpossibleMandate):
        build()


def test_term_is_about_some_measure() -> None:
    with pytest.raises(ImpossibleTerm):
        Term(measure="", bound=Bound.AT_LEAST, value=Fraction(1))


# Laws


@st.composite
def courses(draw: st.DrawFn) -> list[Event]:
    days = draw(st.lists(st.integers(-2, 40), max_size=8))
    return [
        Event(
            at=DECIDED + day * DAY,
            reference=f"{place:03}",
            deed=draw(st.sampled_from(Deed)),
            authority=draw(st.sampled_from(Authority)),
            numbers=draw(st.sampled_from([BELOW, ENOUGH, {}])),
            confirmed=draw(st.booleans()),
        )
        for place, day in enumerate(days)
    ]


MANDATES = st.sampled_from([WAGES, STRIKE, BOTH])


@given(MANDATES, courses(), st.randoms(use_true_random=False))
def test_order_in_which_events_are_given_never_matters(
    mandate: Mandate, events: list[Event], random: Random
) -> None:
    shuffled = random.sample(events, len(events))

    assert standing(mandate, shuffled, now=LONG_AFTER) == standing(mandate, events, now=LONG_AFTER)


@given(MANDATES, courses(), st.integers(0, 40), st.integers(0, 40))
def test_breach_that_was_found_once_is_found_ever_after(
    mandate: Mandate, events: list[Event], day: int, later: int
) -> None:
    now = standing(mandate, events, now=DECIDED + day * DAY)
    then = standing(mandate, events, now=DECIDED + (day + later) * DAY)

    assert then.breaches[: len(now.breaches)] == now.breaches
    assert now.state is State.BINDING or (then.state, then.ended_at) == (now.state, now.ended_at)


@given(MANDATES, courses())
def test_breaches_are_told_in_the_order_of_their_days(mandate: Mandate, events: list[Event]) -> None:
    found = standing(mandate, events, now=LONG_AFTER)

    assert [each.at for each in found.breaches] == sorted(each.at for each in found.breaches)
    assert found.ended_at is None or all(each.at <= found.ended_at for each in found.breaches)
