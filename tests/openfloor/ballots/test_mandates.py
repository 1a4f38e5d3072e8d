"""A mandate from the count on: what binds, what is held against it, and who may say so."""

import json
from datetime import timedelta
from typing import Any

import pytest

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.mandates import PLAIN, asked_after
from factories.workplace import CommitteeOfPeople, make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.audit.words import describe
from openfloor.ballots import actions, devices, errors
from openfloor.ballots.charter import moment
from openfloor.ballots.models import Ballot, Mandate

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
        "rule": {"turnout_at_least": [1, 2], "approval_more_than": [1, 2]},
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
