"""A breach is put to the members: by whom, how many it takes, and what the count does."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone

from factories.ballots import NO, OWN_KEYS, YES, Called, ballot_in_state
from factories.mandates import asked_after
from factories.workplace import found, make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import export_lines
from openfloor.audit.words import describe
from openfloor.ballots import actions, errors
from openfloor.ballots.mandate_ledger import examine
from openfloor.ballots.models import Ballot, CallForVote, Mandate, MandateBreach
from openfloor.ballots.queries.mandates import calls_needed, votes_called_for
from openfloor.workplace.actions import end_role_by_ballot
from openfloor.workplace.models import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def called() -> Called:
    """A mandate of seven members, and an offer below it."""
    people = make_committee(7)
    closes_at = people.now + 3 * DAY
    called = ballot_in_state(
        "counted",
        people=people,
        votes=(YES, YES, YES, YES, NO),
        mandate=asked_after(closes_at),
        closes_at=closes_at,
        **OWN_KEYS,
    )
    called.now = closes_at + 2 * DAY
    actions.record_offer(
        people.committee,
        {"wages.total": [Fraction(27, 100)]},
        reference="proposal 1",
        by=called.organiser,
        at=called.now,
        act="Our side offered 27 %.",
        source="Session 1",
        now=called.now,
    )
    return called


def payload(kind: str) -> dict[str, Any]:
    return dict(json.loads(LedgerEntry.objects.get(kind=kind).payload or ""))


@pytest.mark.parametrize(
    ("entitled", "needed"), [(3, 3), (29, 3), (30, 3), (31, 4), (495, 50), (500, 50), (46_000, 50)]
)
def test_it_takes_fifty_or_a_tenth_and_three_at_least(entitled: int, needed: int) -> None:
    assert calls_needed(entitled) == needed


def test_call_of_an_organiser_is_enough_and_the_same_trustees_are_asked_at_once(called: Called) -> None:
    breach = MandateBreach.objects.get()

    vote = actions.call_for_vote(breach, called.organiser, called.now)

    assert vote is not None
    decided = called.ballot
    assert (vote.state, vote.effect) == (
        "announced",
        {"kind": "change_mandate", "ballot": decided.uuid, "breach": breach.line},
    )
    assert vote.questions[0]["answers"] == ["Accept the move", "Stand by what we decided"]
    for officers in ("trustees", "tellers"):
        numbers = [
            list(getattr(ballot, officers).values_list("member__number", flat=True))
            for ballot in (vote, decided)
        ]
        assert numbers[0] == numbers[1]
    assert "Our side offered 27 %." in vote.text
    assert "Raise over four years: 27 % where at least 31 % was decided." in vote.text
    assert payload("mandate_put_to_vote") == {
        "ballot": decided.uuid,
        "title": decided.title,
        "breach": breach.line,
        "vote": vote.uuid,
        "vote_title": vote.title,
        "calls": 1,
        "by": called.organiser.number,
    }
    breach.refresh_from_db()
    assert breach.vote == vote


def test_three_of_seven_members_are_enough_and_the_ledger_names_none_of_them(called: Called) -> None:
    breach = MandateBreach.objects.get()
    _, *members = (person.member for person in called.people.members)

    answers = [actions.call_for_vote(breach, member, called.now) for member in members[:3]]

    vote = Ballot.objects.latest("pk") if answers[2] is None else answers[2]
    assert [answer is None for answer in answers] == [True, True, False]
    assert (vote.state, vote.called_by) == ("announced", members[2])
    told = payload("mandate_put_to_vote")
    assert (told["calls"], told["by"]) == (3, None)
    assert describe(LedgerEntry.objects.get(kind="mandate_put_to_vote")).startswith("3 members put line")


def test_nobody_calls_twice_and_what_is_put_to_vote_is_not_put_again(called: Called) -> None:
    breach = MandateBreach.objects.get()
    member = called.people.members[1].member
    actions.call_for_vote(breach, member, called.now)

    with pytest.raises(errors.CalledAlready):
        actions.call_for_vote(breach, member, called.now)
    actions.call_for_vote(breach, called.organiser, called.now)
    with pytest.raises(errors.PutToVoteAlready):
        actions.call_for_vote(breach, called.people.members[2].member, called.now)

    assert (CallForVote.objects.count(), Ballot.objects.count()) == (0, 2)  # who called is kept no longer


def test_members_of_another_committee_call_for_nothing(called: Called) -> None:
    elsewhere = found(name="Day shift", index=10).members[0].member

    with pytest.raises(errors.NotYours):
        actions.call_for_vote(MandateBreach.objects.get(), elsewhere, called.now)

    assert not CallForVote.objects.exists()


def test_what_no_longer_binds_is_not_put_to_a_vote(called: Called) -> None:
    Mandate.objects.update(state="changed", ended_at=called.now)

    with pytest.raises(errors.NothingToOverride):
        actions.call_for_vote(MandateBreach.objects.get(), called.organiser, called.now)

    assert not CallForVote.objects.exists()


def test_where_the_trustees_hold_no_role_any_more_it_stays_a_draft_for_organisers(called: Called) -> None:
    for person in called.people.members[:2]:
        end_role_by_ballot(person.member, Role.Kind.TRUSTEE, ballot_uuid="x", now=called.now)

    vote = actions.call_for_vote(MandateBreach.objects.get(), called.organiser, called.now)

    assert vote is not None
    assert (vote.state, vote.trustees.count()) == ("draft", 1)


def test_vote_that_was_withdrawn_can_be_called_again(called: Called) -> None:
    breach = MandateBreach.objects.get()
    first = actions.call_for_vote(breach, called.organiser, called.now)
    assert first is not None
    actions.withdraw(first, called.organiser, "A wrong word.", now=called.now)

    again = actions.call_for_vote(breach, called.organiser, called.now)

    assert again is not None
    assert (again.state, again.pk == first.pk) == ("announced", False)


@pytest.mark.parametrize(
    ("votes", "state", "told"),
    [
        ((YES, YES, YES, YES, NO), "changed", "mandate_stands"),
        ((NO, NO, NO, YES), "binding", "mandate_upheld"),
    ],
)
def test_count_changes_the_mandate_or_upholds_it_and_the_ledger_links_all_three(
    called: Called, votes: Any, state: str, told: str
) -> None:
    breach = MandateBreach.objects.get()
    vote = actions.call_for_vote(breach, called.organiser, called.now)
    assert vote is not None
    run = Called(vote, called.people, called.now)
    run.freeze()
    run.now = max(run.now, vote.opens_not_before)
    run.open()

    for number, answers in enumerate(votes, start=1):
        run.vote(number, answers)
    run.close()
    run.count()

    mandate = Mandate.objects.get()
    assert (run.ballot.state, mandate.state) == ("counted", state)
    assert payload(told)["ballot"] == called.ballot.uuid
    assert payload("mandate_put_to_vote")["vote"] == vote.uuid
    if state == "changed":
        event = mandate.events.get(deed="changed")
        assert (event.vote, event.entered_by) == (vote, None)
    else:
        assert payload("mandate_upheld") == {
            "ballot": called.ballot.uuid,
            "title": called.ballot.title,
            "breach": breach.line,
            "vote": vote.uuid,
        }
    assert not examine(list(export_lines(called.people.committee.pk))).findings


def test_draft_of_such_a_vote_keeps_what_it_is_about_when_it_is_edited(called: Called) -> None:
    breach = MandateBreach.objects.get()
    effect = {"kind": "change_mandate", "ballot": called.ballot.uuid, "breach": breach.line}

    with pytest.raises(errors.BadEffect):
        ballot_in_state("draft", people=called.people, effect={**effect, "breach": 0})
    with pytest.raises(errors.BadEffect):
        ballot_in_state("draft", people=called.people, effect={"kind": "change_mandate"})
    kept = ballot_in_state("draft", people=called.people, effect=effect).ballot

    assert kept.effect == effect
    assert timezone.is_aware(kept.closes_at)


def test_who_called_in_vain_can_call_again_where_the_vote_was_withdrawn(called: Called) -> None:
    breach, caller = MandateBreach.objects.get(), called.people.members[1].member
    actions.call_for_vote(breach, caller, called.now)
    vote = actions.call_for_vote(breach, called.organiser, called.now)
    assert vote is not None
    actions.withdraw(vote, called.organiser, "They took it back.", now=called.now)

    assert actions.call_for_vote(breach, caller, called.now) is None
    other = called.people.members[2].member
    assert [each.pk for each in votes_called_for(other)] == [breach.pk]


def test_a_copy_of_such_a_vote_changes_no_mandate(called: Called) -> None:
    vote = actions.call_for_vote(MandateBreach.objects.get(), called.organiser, called.now)
    assert vote is not None

    assert actions.copy_ballot(vote, called.organiser, called.now).effect is None
