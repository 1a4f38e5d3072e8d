"""Ballots in any state, with real keys, signatures and proofs: every step is taken by the real actions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from factories.workplace import CommitteeOfPeople, Person, give_role, make_committee
from openballot import ceremony, channels, pki
from openballot.canonical import compact
from openfloor.ballots import actions, devices, queries
from openfloor.ballots.models import Ballot, Teller, Trustee
from openfloor.workplace.models import Member, Role
from openfloor.workplace.queries import today

YES_OR_NO = {
    "question": "Shall we strike?",
    "answers": ["Yes", "No"],
    "min": 1,
    "max": 1,
    "blank": True,
}
DELEGATES: dict[str, Any] = {
    "type": "NonHomomorphic",
    "question": "Who should speak for us?",
    "answers": ["Ana", "Ben", "Chen", "Dina"],
    "extra": {"type": "PreferentialVoting", "blank": True, "seats": 2, "method": "STV"},
}
DEMANDS: dict[str, Any] = {
    "type": "NonHomomorphic",
    "question": "Which demand comes first?",
    "answers": ["Pay", "Staffing", "Breaks"],
    "extra": {"type": "PreferentialVoting", "blank": True, "method": "Schulze"},
}
GRADED: dict[str, Any] = {
    "type": "NonHomomorphic",
    "question": "How good is each plan?",
    "answers": ["Plan A", "Plan B"],
    "extra": {
        "type": "ScoreVoting",
        "blank": True,
        "method": "MajorityJudgment",
        "grades": ["Good", "Fair", "Bad"],
    },
}
RANKING_GROUP = "RFC-3526-2048"
OWN_KEYS: dict[str, Any] = {"threshold": 3}  # each of the three trustees has a key of their own
BLANK, YES, NO = [[1, 0, 0]], [[0, 1, 0]], [[0, 0, 1]]
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Called:
    """A ballot with its people, and what their devices hold. Every deed moves `now` on by a minute."""

    ballot: Ballot
    people: CommitteeOfPeople
    now: datetime
    trustee_keys: dict[int, devices.TrusteeKey] = field(default_factory=dict)  # by entry number
    makers: dict[int, devices.KeyMaker] = field(default_factory=dict)  # of a key made together

    @property
    def organiser(self) -> Member:
        return self.people.members[0].member

    @property
    def trustees(self) -> list[Trustee]:
        return list(self.ballot.trustees.select_related("member"))

    @property
    def tellers(self) -> list[Teller]:
        return list(self.ballot.tellers.select_related("member"))

    @property
    def setup(self) -> dict[str, Any]:
        return queries.setup_of(self.reload())

    def reload(self) -> Ballot:
        self.ballot.refresh_from_db()
        return self.ballot

    def later(self, by: timedelta = MINUTE) -> datetime:
        self.now += by
        return self.now

    def person(self, number: int) -> Person:
        return next(person for person in self.people.members if person.member.number == number)

    def announce(self) -> None:
        self.ballot = actions.announce(self.ballot, self.organiser, now=self.later())

    def make_key(self, trustee: Trustee) -> tuple[str, str]:
        """A trustee's device draws a key and hands it in; returns the test."""
        number, ballot = trustee.member.number, self.ballot
        key = devices.TrusteeKey.draw(ballot.group)
        self.trustee_keys[number] = key
        signature = key.signature(self.person(number).keys, ballot.uuid, number)
        return actions.hand_in_trustee_key(trustee, key.text, signature, now=self.later())

    def prove_copy(self, trustee: Trustee, test: tuple[str, str]) -> bool:
        answer = self.trustee_keys[trustee.member.number].open_test(*test)
        return actions.prove_copy(trustee, answer, now=self.later())

    def keymaking(self, trustee: Trustee) -> dict[str, Any]:
        """What the server tells a trustee who makes a key with the others."""
        trustee.refresh_from_db()
        return queries.keymaking_of(self.reload(), trustee)

    def certify(self, trustee: Trustee) -> None:
        """First round: a trustee's device draws a seed, and sends its certificate."""
        number, ballot = trustee.member.number, self.ballot
        maker = devices.KeyMaker.draw(ballot.uuid, self.keymaking(trustee))
        self.makers[number] = maker
        signature = maker.signature(self.person(number).keys, ballot.uuid, number)
        actions.hand_in_certificate(trustee, maker.certificate, signature, now=self.later())

    def send_shares(self, trustee: Trustee) -> bool:
        """Second round."""
        message = self.makers[trustee.member.number].coefficients(self.keymaking(trustee))
        return actions.hand_in_coefficients(trustee, message, now=self.later())

    def send_wrong_share(self, trustee: Trustee, *, to: int) -> bool:
        """The same, but what is sealed for place *to* is no share of theirs: only who sits there can tell."""
        maker, told = self.makers[trustee.member.number], self.keymaking(trustee)
        held, group = maker.own.ceremony, maker.own.ceremony.group
        encryption = ceremony.read_certificates(held, told["certificates"])[to - 1].held.encryption
        wrong = channels.send(group, maker.own.sk, encryption, compact({"secret": "7"}))
        body = json.loads(json.loads(maker.coefficients(told))["message"])
        body["secrets"][to - 1] = wrong
        message = compact(pki.signed_message(group, maker.own.sk, compact(body)))
        return actions.hand_in_coefficients(trustee, message, now=self.later())

    def finish_key(self, trustee: Trustee) -> bool:
        """Third round: a trustee's device opens its shares, keeps the key of them, and signs the election."""
        number = trustee.member.number
        message = self.makers[number].key_message(self.keymaking(trustee))
        self.trustee_keys[number] = self.makers[number].key(message)
        signature = devices.sign_freeze(self.person(number).keys, number, self.setup)
        return actions.finish_key(trustee, message, signature, now=self.later())

    def freeze(self) -> None:
        if self.ballot.threshold is None:
            for trustee in self.trustees:
                self.prove_copy(trustee, self.make_key(trustee))
        else:
            for trustee in self.trustees:
                self.certify(trustee)
            for trustee in self.trustees:
                self.send_shares(trustee)
        self.reload()

    def sign_freeze(self, trustee: Trustee) -> bool:
        if self.ballot.threshold is not None:
            return self.finish_key(trustee)
        number = trustee.member.number
        signature = devices.sign_freeze(self.person(number).keys, number, self.setup)
        return actions.sign_freeze(trustee, signature, now=self.later())

    def sign_audit(self, teller: Teller) -> bool:
        number = teller.member.number
        signature = devices.sign_audit(self.person(number).keys, number, self.setup)
        return actions.sign_audit(teller, signature, now=self.later())

    def open(self) -> None:
        for trustee in self.trustees:
            self.sign_freeze(trustee)
        for teller in self.tellers:
            self.sign_audit(teller)
        self.reload()

    def paper(self, number: int, answers: Sequence[Sequence[int]] = YES) -> bytes:
        """The paper that a member's device makes, not cast yet."""
        person, ballot = self.person(number), self.reload()
        n_hex = queries.blind_nonce(ballot, person.member)
        return devices.vote(person.keys, ballot.election or "", n_hex, answers).encode()

    def cast(self, paper: bytes) -> actions.Receipt:
        return actions.cast(self.ballot.uuid, paper, now=self.later())

    def vote(self, number: int, answers: Sequence[Sequence[int]] = YES) -> actions.Receipt:
        return self.cast(self.paper(number, answers))

    def close(self) -> None:
        self.now = max(self.now, self.ballot.closes_at)
        actions.close_if_due(self.ballot, now=self.now)
        actions.add_up(self.ballot)
        self.reload()

    def shuffle_of(self, trustee: Trustee) -> devices.Shuffled:
        """What a trustee's device makes of the published board, not handed in yet."""
        number = trustee.member.number
        archive = queries.archive_of(self.reload(), published_only=True)
        return devices.shuffle(self.person(number).keys, number, archive)

    def hand_in_shuffle(self, trustee: Trustee, shuffled: devices.Shuffled) -> bool:
        text, parent, signature = shuffled.text, shuffled.parent, shuffled.signature
        return actions.hand_in_shuffle(trustee, text, parent, signature, now=self.later())

    def shuffle(self, trustee: Trustee) -> bool:
        return self.hand_in_shuffle(trustee, self.shuffle_of(trustee))

    def mix(self) -> None:
        """As many trustees as are needed mix the votes, where that is done."""
        for trustee in self.trustees:
            if queries.waits_for_shuffles(self.reload()):
                self.shuffle(trustee)

    def part_of(self, trustee: Trustee) -> devices.HandedIn:
        """What a trustee's device makes of the published board."""
        number = trustee.member.number
        archive = queries.archive_of(self.reload(), published_only=True)
        return devices.decrypt(self.trustee_keys[number], self.person(number).keys, number, archive)

    def decrypt(self, trustee: Trustee) -> bool:
        part = self.part_of(trustee)
        return actions.hand_in_decryption(
            trustee, part.partial, part.bound_proofs, part.head_signature, now=self.later()
        )

    def count(self) -> None:
        """As many trustees as are needed open the count."""
        self.mix()
        for trustee in self.trustees[: queries.keys_needed(self.ballot)]:
            self.decrypt(trustee)
        self.reload()


def draft(people: CommitteeOfPeople | None = None, *, members: int = 3, **terms: Any) -> Called:
    """A complete draft: the first three members are its trustees, the first two its tellers."""
    people = people or make_committee(members)
    for person in people.members[:3] if len(people.members) >= 3 else []:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            if not person.member.roles.filter(kind=kind, state=Role.State.HELD).exists():
                give_role(people, person, kind)
    ballot = actions.draft_ballot(people.members[0].member, **{**terms_of(people), **terms}, now=people.now)
    return Called(ballot, people, people.now)


def terms_of(people: CommitteeOfPeople) -> dict[str, Any]:
    """What `draft_ballot` asks for, as most tests want it."""
    members = [person.member for person in people.members]
    return {
        "title": "Strike on Friday",
        "text": "We stop work on Friday at 7 a.m.\n\nIt ends when the offer is better.",
        "questions": [YES_OR_NO],
        "group": "BELENIOS-2048",
        "turnout": Fraction(1, 2),
        "approval": Fraction(1, 2),
        "opens_not_before": people.now,
        "closes_at": people.now + timedelta(days=3),
        "trustees": members[:3],
        "tellers": members[:2],
    }


def ballot_in_state(
    state: str,
    members: int = 3,
    *,
    people: CommitteeOfPeople | None = None,
    votes: Sequence[Sequence[Sequence[int]]] = (YES, YES, NO),
    **terms: Any,
) -> Called:
    """
    A ballot that has come to *state* on its own way.

    *votes* are cast by members 1, 2, 3 … on the way to a close; an open ballot has none yet.
    """
    called = draft(people, members=members, **terms)
    steps = {
        "announced": called.announce,
        "frozen": called.freeze,
        "open": called.open,
        "closed": lambda: _vote_and_close(called, votes),
        "counted": called.count,
    }
    ways = {
        "draft": [],
        "withdrawn": ["announced"],
        "uncountable": ["announced", "frozen", "open", "closed"],
    }
    order = list(steps)
    for step in ways[state] if state in ways else order[: order.index(state) + 1]:
        steps[step]()
    if state == "withdrawn":
        actions.withdraw(called.ballot, called.organiser, "The offer is better.", now=called.later())
    elif state == "uncountable":
        give_up(called)
    called.reload()
    return called


def give_up(called: Called, reason: str = "A key is lost.") -> None:
    """Two members sign that the ballot cannot be counted."""
    day = today(called.people.committee, called.now)
    for person in called.people.members[:2]:
        signature = devices.sign_uncountable(person.keys, called.setup, reason, day.isoformat())
        actions.declare_uncountable(called.ballot, person.member, reason, day, signature, now=called.now)


def _vote_and_close(called: Called, votes: Sequence[Sequence[Sequence[int]]]) -> None:
    for number, answers in enumerate(votes, start=1):
        called.vote(number, answers)
    called.close()
