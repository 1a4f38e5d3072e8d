"""Runs where prepared.py starts it, over the data folder of a server; everything by the real actions."""

import base64
import hashlib
import json
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from factories import renewals
from factories.ballots import (
    DELEGATES,
    GRADED,
    NO,
    OWN_KEYS,
    RANKING_GROUP,
    YES,
    Called,
    ballot_in_state,
    give_up,
    terms_of,
)
from factories.crowd import join_at_once
from factories.workplace import CommitteeOfPeople, Person, admit, candidate, invite, keys_of, make_committee
from journeys.voting import PASSPHRASE
from openfloor.ballots.actions import draft_ballot
from openfloor.ballots.models import Ballot
from openfloor.ballots.tasks import tick
from openfloor.demonstration.keyfile import seal, seal_seed
from openfloor.workplace.memberkeys import canonical, words_from_root
from openfloor.workplace.models import Invitation, Member
from openfloor.workplace.queries import today

OVER = ("counted", "uncountable", "closed")
STATES = (*OVER, "withdrawn", "draft", "announced", "frozen", "open")
OWN = ("announced_own", "frozen_own", "open_too")  # each trustee with a key of their own
MAKING = (
    "certified",
    "frozen_wrong",
)  # a key is made together: one round is done, or a share was wrong
BEGINS_AS = {
    "announced_own": "announced",
    "frozen_own": "frozen",
    "certified": "announced",
    "frozen_wrong": "announced",
}
VOTES = (YES, YES, NO)


def main() -> None:
    deed, *words = sys.argv[1:]
    call_command("migrate", interactive=False, verbosity=0)
    deeds: dict[str, Callable[..., Any]] = {
        "prepare": prepare,
        "prepare_long": prepare_long,
        "prepare_rankings": prepare_rankings,
        "count_announced": count_announced,
        "open_ballot": open_ballot,
        "renew": renew,
    }
    json.dump(deeds[deed](*words), sys.stdout)


def prepare() -> dict[str, Any]:
    """
    Five members with a ballot in every state, each called on a day of its own.

    Entry 1 is organiser; 1 to 3 are trustees and 1 and 2 tellers of every ballot; 4 and 5 hold no role.
    Entry 6 has joined since, by the word of two others; 7 and 8 wait for theirs.
    """
    now = timezone.now()
    today = now.date() - timedelta(days=1)  # no later than the day it is in Los Angeles
    people = make_committee(5, founded_on=today - timedelta(days=60))
    called, papers = {}, {}
    for days, state in enumerate((*STATES, *OWN, *MAKING), start=-len(STATES + OWN + MAKING)):
        people.day = today + timedelta(days=days)
        called[state], papers[state] = _call(people, state, now)
    people.day = today
    admit(people)
    waiting = [candidate(people.members[0], index, now=people.now) for index in (7, 8)]
    return {
        "committee": str(people.committee.pk),
        "words": {
            person.member.number: words_from_root(person.keys.root) for person in (*people.members, *waiting)
        },
        "codes": {person.member.number: _code(person.member) for person in waiting},
        "ballots": {state: one.ballot.uuid for state, one in called.items()},
        "papers": papers,
        "key_files": {
            state: _key_files(called[state])
            for state in ("closed", "frozen", "frozen_own", "certified", "frozen_wrong")
        },
        "links": _links(people.members[0], now),
    }


def prepare_long() -> dict[str, Any]:
    """
    Five members and 2,000 others, more than a booth or a teller's browser checks, with three ballots.

    Entries 1 to 3 are trustees, 1 and 2 tellers; entry 3 has new keys since. The last one joined too late.
    """
    now = timezone.now()
    people = make_committee(5, founded_on=now.date() - timedelta(days=61))
    people.day = now.date() - timedelta(days=9)
    renewals.renew(people, people.members[2].member, index=60)
    join_at_once(people, 2_000)
    people.day = now.date() - timedelta(days=4)
    tick(people.now)
    people.members[2] = Person(Member.objects.get(number=3), keys_of(60))
    called = {state: _call(people, state, now, group="Ed25519")[0] for state in ("closed", "frozen", "open")}
    people.day = now.date() - timedelta(days=1)
    join_at_once(people, 1)
    return {
        "committee": str(people.committee.pk),
        "words": {person.member.number: words_from_root(person.keys.root) for person in people.members},
        "codes": {},
        "ballots": {state: one.ballot.uuid for state, one in called.items()},
        "papers": {},
        "key_files": {"closed": _key_files(called["closed"])},
        "links": {},
    }


ELECTION = {
    **DELEGATES,
    "answers": ["Ana, nights", "Ben from transport", "Chen", "Dina", "Emre, pharmacy"],
    "extra": {**DELEGATES["extra"], "seats": 3},
}
RANKED = ([[1, 2, 0, 0, 3]], [[2, 1, 3, 0, 0]], [[0, 0, 0, 0, 0]])
GRADES = {
    **GRADED,
    "answers": ["A shorter night shift", "One more nurse on nights", "A break room with a window"],
    "extra": {
        **GRADED["extra"],
        "grades": ["Excellent", "Very good", "Good", "Acceptable", "Poor", "Reject"],
    },
}
ROLE_OF_THE_ELECTED = {"kind": "give_role_to_elected", "candidates": [4, 5, 1, 2, 3], "role": "teller"}


def prepare_rankings() -> dict[str, Any]:
    """
    Five members with elections by ranking and grades: open ones, one to be mixed, and one that is counted.

    Entries 1 to 3 are trustees, 1 and 2 tellers.
    """
    now = timezone.now()
    people = make_committee(5, founded_on=now.date() - timedelta(days=61))
    asked = {"group": RANKING_GROUP, "questions": [ELECTION]}
    election = {**asked, "effect": ROLE_OF_THE_ELECTED, "votes": RANKED}
    terms: dict[str, dict[str, Any]] = {
        "counted": election,
        "closed": election,
        "frozen": election,
        "open": election,
        "open_too": {**asked, "questions": [GRADES], "votes": ([[1, 2, 6]],)},
    }
    called = {}
    for days, state in enumerate(terms, start=-len(terms)):
        people.day = now.date() + timedelta(days=days)
        called[state], _ = _call(people, state, now, **terms[state])
    return {
        "committee": str(people.committee.pk),
        "words": {person.member.number: words_from_root(person.keys.root) for person in people.members},
        "codes": {},
        "ballots": {state: one.ballot.uuid for state, one in called.items()},
        "papers": {},
        "key_files": {state: _key_files(called[state]) for state in ("closed", "frozen")},
        "links": {},
    }


def count_announced(uuid: str) -> None:
    ballot = Ballot.objects.get(uuid=uuid)
    members = Member.objects.filter(number__lte=len(VOTES)).order_by("number")
    people = CommitteeOfPeople(
        ballot.committee, [Person(member, keys_of(member.number)) for member in members]
    )
    called = Called(ballot, people, max(timezone.now(), ballot.opens_not_before))
    called.freeze()
    called.open()
    _vote_and_close(called)
    called.count()


def renew(number: str) -> None:
    """Entries 1 and 2 vouch for a new key of another entry; it stands on the roll and waits."""
    now = timezone.now()
    members = Member.objects.select_related("committee").filter(number__lte=2).order_by("number")
    vouchers = [Person(member, keys_of(member.number)) for member in members]
    committee = members[0].committee
    people = CommitteeOfPeople(committee, vouchers, today(committee, now))
    renewals.renew(people, Member.objects.get(committee=committee, number=int(number)), index=60)


def open_ballot(title: str, days: str) -> str:
    """One more ballot, called and opened now, for so many days; its uuid."""
    now = timezone.now()
    members = Member.objects.select_related("committee").filter(number__lte=3).order_by("number")
    people = CommitteeOfPeople(
        members[0].committee, [Person(member, keys_of(member.number)) for member in members]
    )
    times = {"opens_not_before": now, "closes_at": now + timedelta(days=int(days))}
    ballot = draft_ballot(members[0], **{**terms_of(people), "title": title, **times}, now=now)
    called = Called(ballot, people, now)
    called.announce()
    called.freeze()
    called.open()
    return ballot.uuid


def _call(
    people: CommitteeOfPeople, state: str, now: datetime, *, votes: Any = VOTES, **terms: Any
) -> tuple[Called, str]:
    """A ballot that has come to *state*, and a paper for it where there could be one."""
    closes_at = people.now + timedelta(hours=3) if state in OVER else now + timedelta(days=2)
    called = ballot_in_state(
        "open" if state in OVER or state == "open_too" else BEGINS_AS.get(state, state),
        people=people,
        title=f"Shall we strike? ({state})",
        opens_not_before=people.now,
        closes_at=closes_at,
        **(OWN_KEYS if state in OWN else {}),
        **terms,
    )
    if state in MAKING:
        _make_key(called, wrong=state == "frozen_wrong")
    paper = called.paper(4, votes[0]).decode() if called.reload().state in ("open", "frozen") else ""
    if state in OVER:
        _vote_and_close(called, votes)
    if state == "counted":
        called.count()
    elif state == "uncountable":
        give_up(called)
    return called, paper


def _make_key(called: Called, *, wrong: bool) -> None:
    """One round; or two, in which entry 2 sends entry 3 what is no share."""
    for trustee in called.trustees:
        called.certify(trustee)
    if wrong:
        first, second, third = called.trustees
        called.send_shares(first)
        called.send_wrong_share(second, to=3)
        called.send_shares(third)


def _vote_and_close(called: Called, votes: Any = VOTES) -> None:
    for number, answers in enumerate(votes, start=1):
        called.vote(number, answers)
    called.close()


def _code(waiting: Member) -> str:
    """What a candidate's screen shows after the #."""
    fingerprint = hashlib.sha256(canonical(waiting.keys).encode()).digest()
    return f"{waiting.number}.{base64.urlsafe_b64encode(fingerprint).decode().rstrip('=')}"


def _key_files(called: Called) -> dict[int, str]:
    """As browsers saved them: of a key made together, in the first round."""
    ballot = called.ballot
    files = {
        number: seal(ballot=ballot.uuid, number=number, group=ballot.group, x=key.x, passphrase=PASSPHRASE)
        for number, key in called.trustee_keys.items()
        if number not in called.makers
    }
    return files | {
        number: seal_seed(ballot=ballot.uuid, number=number, own=maker.own, share=None, passphrase=PASSPHRASE)
        for number, maker in called.makers.items()
    }


def _links(inviter: Person, now: datetime) -> dict[str, str]:
    """One invitation that works, one that is used up, one that is too old."""
    made = {name: invite(inviter, uses=5, now=now) for name in ("good", "used_up", "expired")}
    Invitation.objects.filter(pk=made["used_up"][0].pk).update(uses_left=0)
    Invitation.objects.filter(pk=made["expired"][0].pk).update(expires_at=now - timedelta(days=1))
    return {name: secret for name, (_, secret) in made.items()}
