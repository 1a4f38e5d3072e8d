"""A mandate from the count on: what binds, what is held against it, and who may say so."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.mandates import BELOW, MONTH, PLAIN, TERM, asked_after
from factories.workplace import CommitteeOfPeople, found, make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.audit.words import describe
from openfloor.ballots import actions, devices, errors, tasks
from openfloor.ballots.charter import moment
from openfloor.ballots.models import Ballot, Mandate, MandateBreach, MandateEvent
from workrules.mandates import Base, Deed

pytestmark = pytest.mark.django_db


def bound(votes: Any = (YES, YES, NO), people: CommitteeOfPeople | None = None, **change: Any) -> Called:
    """A counted ballot for a raise, and a strike a month after the close."""
    people = people or make_committee(3)
    asked = asked_after(people.now + timedelta(days=3), **change)
    return ballot_in_state("counted", people=people, votes=votes, mandate=asked)


def payload(kind: str) -> dict[str, Any]:
    entry = LedgerEntry.objects.get(kind=kind)
    return dict(json.loads(entry.payload or ""))


def test_carried_count_writes_the_mandate_into_the_ledger_with_the_head_of_its_board() -> None:
    ballot = bound().ballot

    mandate = Mandate.objects.get()
    assert payload("mandate_decided") == {
        "ballot": ballot.uuid,
        "title": ballot.title,
        "mandate": ballot.mandate_asked,
        "zone": ballot.committee.zone,
        "rule": {"turnout_at_least": [1, 2], "approval_more_than": [1, 2], "approval_of": "voting"},
        "decided_at": ballot.closes_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "election_hash": payload("ballot_counted")["election_hash"],
        "head": ballot.board.get(kind="Result").hash,
        "yes": 2,
        "no": 1,
        "papers": 3,
    }
    entry = LedgerEntry.objects.get(kind="mandate_decided")
    assert (mandate.ballot, mandate.decided_at, mandate.line) == (ballot, ballot.closes_at, entry.number)
    assert (mandate.state, mandate.ended_at) == ("binding", None)
    assert describe(entry).startswith(
        "“Strike on Friday” binds whoever speaks for us: Raise over four years: at least 31 %. Strike from"
    )


@pytest.mark.parametrize("votes", [(YES, NO), (YES,)])
def test_count_that_does_not_carry_binds_nobody(votes: Any) -> None:
    bound(votes)

    assert not Mandate.objects.exists()
    assert not LedgerEntry.objects.filter(kind="mandate_decided").exists()


@pytest.mark.parametrize(("votes", "unmet"), [((YES,), "approval"), ((YES, YES), None)])
def test_a_rule_of_all_who_may_vote_counts_those_who_stayed_away(votes: Any, unmet: str | None) -> None:
    """One yes and no other vote is all of those who voted, and one of three who may."""
    called = ballot_in_state("counted", votes=votes, turnout=Fraction(0), approval_of=Base.ENTITLED)

    assert payload("ballot_counted")["unmet"] == ([unmet] if unmet else [])
    assert json.loads(called.ballot.charter or "")["rule"]["approval_more_than"]["of"] == "entitled"


def test_ballot_without_terms_binds_nobody() -> None:
    ballot_in_state("counted")

    assert not Mandate.objects.exists()


def test_what_binds_stands_in_the_charter_that_voters_check() -> None:
    called = bound()

    assert json.loads(called.ballot.charter or "")["mandate"] == called.ballot.mandate_asked


def test_practice_and_other_questions_bind_nobody() -> None:
    people = make_committee(3)
    days = {"question": "When?", "answers": ["A", "B", "C"], "min": 1, "max": 1, "blank": False}

    with pytest.raises(errors.PracticeDecidesNothing):
        ballot_in_state("draft", people=people, mandate=PLAIN, practice=True)
    with pytest.raises(errors.OnlyYesBinds):
        ballot_in_state("draft", people=people, mandate=PLAIN, questions=[days])
    with pytest.raises(errors.BadMandate):
        ballot_in_state("draft", people=people, mandate={**PLAIN, "terms": []})

    assert not Ballot.objects.exists()


def test_vote_is_not_extended_past_what_it_decides() -> None:
    people = make_committee(3)
    closes_at = people.now + timedelta(days=3)
    called = ballot_in_state("open", people=people, mandate=asked_after(closes_at))
    due = closes_at + timedelta(days=30)
    signature = devices.sign_extension(people.members[0].keys, called.setup, moment(due))

    with pytest.raises(errors.PastItsMandate):
        actions.extend(called.ballot, people.members[0].member, due, signature, now=called.now)

    assert called.reload().decisions.count() == 0


def test_copy_of_a_ballot_binds_to_the_same() -> None:
    called = bound()

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)

    assert copy.mandate_asked == called.ballot.mandate_asked


# What was done about it


def happened(mandate: Mandate, deed: Deed, *, days: int = 1, **change: Any) -> actions.Happened:
    told = {
        "deed": deed,
        "at": mandate.decided_at + timedelta(days=days),
        "act": "It was said at the table.",
        "source": "Minutes of session 14",
    }
    return actions.Happened(**{**told, **change})


def told(called: Called, deed: Deed, *, days: int = 1, **change: Any) -> MandateEvent:
    """Entered by the second member and confirmed by the third, half a day after it happened."""
    mandate = Mandate.objects.select_related("ballot").get(ballot=called.ballot)
    now = mandate.decided_at + timedelta(days=days, hours=12)
    second, third = (person.member for person in called.people.members[1:3])
    event = actions.enter_event(mandate, second, happened(mandate, deed, days=days, **change), now)
    return actions.confirm_event(event, third, now)


def kinds_since_decided() -> list[str]:
    kinds = list(LedgerEntry.objects.order_by("number").values_list("kind", flat=True))
    return kinds[kinds.index("mandate_decided") + 1 :]


def test_event_waits_for_another_members_word_and_counts_for_nothing_until_then() -> None:
    called = bound()
    mandate = Mandate.objects.get()
    offered = happened(mandate, Deed.OFFERED, numbers=BELOW)

    event = actions.enter_event(mandate, called.people.members[1].member, offered, called.now + MONTH)

    assert (event.line, event.confirmed_by) == (None, None)
    with pytest.raises(errors.OwnEvent):
        actions.confirm_event(event, called.people.members[1].member, called.now + MONTH)
    assert kinds_since_decided() == []


def test_offer_below_the_floor_is_a_breach_in_the_ledger_once_it_is_confirmed() -> None:
    event = told(bound(), Deed.OFFERED, numbers=BELOW, act="Our side offered 27 %.")

    breach = MandateBreach.objects.get()
    assert kinds_since_decided() == ["mandate_event", "mandate_breached"]
    assert (payload("mandate_event")["by"], payload("mandate_event")["authority"]) == ([2, 3], "nobody")
    assert payload("mandate_breached") == {
        "ballot": event.mandate.ballot.uuid,
        "title": "Strike on Friday",
        "breach": "offer_below",
        "at": moment(event.at),
        "event": event.line,
        "shortfalls": [{"term": TERM, "value": [27, 100]}],
    }
    assert (breach.breach, breach.event, breach.lifted_line) == ("offer_below", event, None)
    assert describe(LedgerEntry.objects.get(kind="mandate_breached")) == (
        "“Strike on Friday” was not kept: an offer below it was made in our name, without a vote. "
        "Raise over four years: 27 % where at least 31 % was decided."
    )
    assert describe(LedgerEntry.objects.get(kind="mandate_event")) == (
        f"About “Strike on Friday”: {event.at.day} {event.at:%B} {event.at.year}: Our side offered 27 %. "
        "Source: Minutes of session 14. Entered and confirmed by members 2 and 3."
    )


def test_settling_again_writes_nothing_more() -> None:
    event = told(bound(), Deed.OFFERED, numbers=BELOW)
    before = kinds_since_decided()

    actions.settle(event.mandate, event.at + timedelta(days=2))

    assert kinds_since_decided() == before


def test_deadline_fires_by_itself_and_once() -> None:
    bound()
    due = Mandate.objects.get().due_at
    assert due is not None

    tasks.tick(due)
    assert kinds_since_decided() == []
    tasks.tick(due + timedelta(seconds=1))
    tasks.tick(due + timedelta(seconds=2))

    assert kinds_since_decided() == ["mandate_breached"]
    breached = payload("mandate_breached")
    assert (breached["breach"], breached["event"]) == ("deadline_passed", None)
    assert Mandate.objects.get().due_at is None


def test_mandate_runs_out_by_itself() -> None:
    people = make_committee(3)
    ends = people.now + timedelta(days=13)
    bound(people=people, action=None, expires_at=moment(ends))

    tasks.tick(ends + timedelta(seconds=1))

    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.ended_at, mandate.due_at) == ("expired", ends, None)
    assert kinds_since_decided() == ["mandate_stands"]


def test_action_that_began_in_time_and_is_told_later_lifts_the_deadline() -> None:
    called = bound(terms=[])
    due = Mandate.objects.get().due_at
    assert due is not None
    tasks.tick(due + timedelta(days=1))

    told(called, Deed.BEGAN, days=29)

    mandate = Mandate.objects.get()
    assert mandate.state == "fulfilled"
    assert kinds_since_decided() == [
        "mandate_breached",
        "mandate_event",
        "mandate_breach_lifted",
        "mandate_stands",
    ]
    assert not mandate.breaches.filter(lifted_line=None).exists()


def test_correction_stands_beside_what_it_corrects_and_lifts_the_breach() -> None:
    called = bound()
    wrong = told(called, Deed.OFFERED, numbers=BELOW)

    right = told(called, Deed.OFFERED, days=2, numbers={"wages.total": [[31, 100]]}, corrects=wrong)

    breached = LedgerEntry.objects.get(kind="mandate_breached")
    assert payload("mandate_breach_lifted")["breach"] == breached.number
    assert kinds_since_decided() == [
        "mandate_event",
        "mandate_breached",
        "mandate_event",
        "mandate_breach_lifted",
    ]
    assert (right.corrects, MandateEvent.objects.count()) == (wrong, 2)
    with pytest.raises(errors.CorrectedAlready):
        told(called, Deed.OFFERED, days=3, corrects=wrong)


def test_what_is_taken_back_counts_for_nothing() -> None:
    called = bound()
    wrong = told(called, Deed.CALLED_OFF)

    told(called, Deed.CALLED_OFF, days=2, corrects=wrong, takes_back=True)

    assert wrong.line is not None
    assert not Mandate.objects.get().breaches.filter(lifted_line=None).exists()
    latest = LedgerEntry.objects.filter(kind="mandate_event").latest("pk")
    assert f"line {wrong.line + 1} is taken back" in describe(latest)


def test_end_that_is_corrected_binds_again() -> None:
    called = bound(terms=[])
    wrong = told(called, Deed.BEGAN, days=2)

    told(called, Deed.BEGAN, days=3, corrects=wrong, takes_back=True)

    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.ended_at) == ("binding", None)
    assert mandate.due_at is not None
    assert kinds_since_decided().count("mandate_stands") == 2


def test_vote_behind_an_event_counts_only_if_it_carried_before() -> None:
    called = bound()
    later: dict[str, Any] = {"people": called.people, "closes_at": called.now + timedelta(days=3)}
    vote = ballot_in_state("counted", title="Call it off?", **later).ballot
    lost = ballot_in_state("counted", votes=(NO, NO, NO), **later).ballot
    days = (vote.closes_at - Mandate.objects.get().decided_at).days + 1

    with pytest.raises(errors.NoVoteBehindIt):
        told(called, Deed.CALLED_OFF, days=1, vote=vote)
    with pytest.raises(errors.NoVoteBehindIt):
        told(called, Deed.CALLED_OFF, days=days, vote=lost)
    assert not MandateEvent.objects.exists()
    told(called, Deed.CALLED_OFF, days=days, vote=vote)

    mandate = Mandate.objects.get()
    assert (mandate.state, mandate.breaches.count()) == ("changed", 0)
    assert (payload("mandate_event")["vote"], payload("mandate_event")["authority"]) == (
        vote.uuid,
        "same_rule",
    )


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"act": ""}, errors.BadEvent),
        ({"act": "two\nlines"}, errors.BadEvent),
        ({"act": "x" * 301}, errors.BadEvent),
        ({"source": " "}, errors.BadEvent),
        ({"numbers": {"wages.yearly": [[1, 100]]}}, errors.BadEvent),
        ({"takes_back": True}, errors.BadEvent),
        ({"days": 300}, errors.NotYetHappened),
        ({"days": -1}, errors.BeforeTheMandate),
    ],
)
def test_event_that_cannot_be_is_refused(change: dict[str, Any], error: type[errors.BallotError]) -> None:
    called = bound()
    mandate = Mandate.objects.get()
    member, now = called.people.members[1].member, called.now + 2 * MONTH

    with pytest.raises(error):
        actions.enter_event(mandate, member, happened(mandate, Deed.OFFERED, **change), now)

    assert not MandateEvent.objects.exists()


def test_members_of_another_committee_tell_and_confirm_nothing() -> None:
    called = bound()
    elsewhere = found(name="Day shift", index=10).members[0].member
    mandate = Mandate.objects.get()
    began, now = happened(mandate, Deed.BEGAN), called.now + MONTH
    event = actions.enter_event(mandate, called.people.members[1].member, began, now)

    with pytest.raises(errors.NotYours):
        actions.enter_event(mandate, elsewhere, began, now)
    with pytest.raises(errors.NotYours):
        actions.confirm_event(event, elsewhere, now)
    with pytest.raises(errors.NotYours):
        actions.drop_event(event, called.people.members[2].member)

    event.refresh_from_db()
    assert (event.line, MandateEvent.objects.count()) == (None, 1)


def test_member_takes_back_an_event_only_before_it_is_confirmed() -> None:
    called = bound()
    mandate = Mandate.objects.get()
    second, third = (person.member for person in called.people.members[1:])
    now = called.now + MONTH
    dropped = actions.enter_event(mandate, second, happened(mandate, Deed.BEGAN), now)
    kept = actions.enter_event(mandate, second, happened(mandate, Deed.BEGAN), now)
    actions.confirm_event(kept, third, now)

    actions.drop_event(dropped, second)

    with pytest.raises(errors.ConfirmedAlready):
        actions.drop_event(kept, second)
    with pytest.raises(errors.ConfirmedAlready):
        actions.confirm_event(kept, third, now)
    assert list(MandateEvent.objects.all()) == [kept]


def test_member_keeps_only_so_many_waiting() -> None:
    called = bound()
    mandate = Mandate.objects.get()
    began, now = happened(mandate, Deed.BEGAN), called.now + MONTH
    for _ in range(20):
        actions.enter_event(mandate, called.organiser, began, now)

    with pytest.raises(errors.TooManyWaiting):
        actions.enter_event(mandate, called.organiser, began, now)

    assert MandateEvent.objects.count() == 20


# Offers at the table


def test_offer_is_held_against_every_mandate_that_has_its_measure() -> None:
    called = bound()
    asked = {**PLAIN, "terms": [{**TERM, "about": "Night pay", "measure": "other.night-pay"}]}
    closes_at = called.now + timedelta(days=3)
    ballot_in_state("counted", people=called.people, mandate=asked, closes_at=closes_at)
    now = called.now + MONTH / 2
    offer: dict[str, Any] = {
        "reference": "proposal 12",
        "by": called.organiser,
        "at": now,
        "act": "Our side offered 27 %.",
        "source": "Session 14",
        "now": now,
    }

    numbers = {"wages.total": (Fraction(27, 100),), "wages.yearly": (Fraction(6, 100),)}
    first = actions.record_offer(called.people.committee, numbers, **offer)
    again = actions.record_offer(called.people.committee, numbers, **offer)

    event = MandateEvent.objects.get()
    assert [breach.event for breach in first] == [event]
    assert again == []
    assert (event.mandate.ballot, event.numbers, event.entered_by) == (called.ballot, BELOW, None)
    assert (payload("mandate_event")["by"], payload("mandate_event")["act"]) == ([], "Our side offered 27 %.")


def test_offer_at_the_floor_is_told_and_breaks_nothing() -> None:
    called = bound()
    now = called.now + timedelta(days=1)

    breaches = actions.record_offer(
        called.people.committee,
        {"wages.total": (Fraction(31, 100),)},
        reference="proposal 1",
        by=called.organiser,
        at=now,
        act="Our side asked for 31 %.",
        source="Session 1",
        now=now,
    )

    assert (breaches, kinds_since_decided()) == ([], ["mandate_event"])
