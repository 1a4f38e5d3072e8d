"""What the first page says when nothing waits, from a founder alone to a committee that has decided."""

from datetime import timedelta

import pytest

from factories.ballots import ballot_in_state
from factories.workplace import (
    CommitteeOfPeople,
    Person,
    admit,
    candidate,
    found,
    give_role,
    invite,
    keys_of,
    make_committee,
)
from openfloor.home.guidance import for_idle
from openfloor.workplace import actions, roll
from openfloor.workplace.models import Role

pytestmark = pytest.mark.django_db


def said_to(person: Person, people: CommitteeOfPeople, *, later: timedelta = timedelta()) -> list[str]:
    return [now.heading for now in for_idle(person.member, people.now + later)]


def with_every_role() -> CommitteeOfPeople:
    people = make_committee(3)
    for holder in people.members[:2]:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            give_role(people, holder, kind)
    return people


def test_founder_alone_is_asked_to_invite_two() -> None:
    people = found()

    assert said_to(people.members[0], people) == ["Invite 2 colleagues"]


def test_two_members_are_asked_to_invite_one_more() -> None:
    people = make_committee(2)

    assert [said_to(person, people) for person in people.members] == [["Invite one more colleague"]] * 2


def test_open_invitation_is_followed_by_vouching() -> None:
    people = found()
    invite(people.members[0], now=people.now)

    assert said_to(people.members[0], people) == ["Vouch for your colleague", "Invite 2 colleagues"]


def test_candidate_is_vouched_for_though_their_invitation_is_used_up() -> None:
    people = found()
    candidate(people.members[0], 2, now=people.now)

    assert said_to(people.members[0], people)[0] == "Vouch for your colleague"


def test_expired_invitation_is_made_again() -> None:
    people = found()
    invite(people.members[0], now=people.now)

    assert said_to(people.members[0], people, later=timedelta(days=15)) == ["Invite 2 colleagues"]


def test_three_members_give_out_the_roles_that_are_missing() -> None:
    people = make_committee(3)
    give_role(people, people.members[0], Role.Kind.TRUSTEE)

    assert [now.sentence for now in for_idle(people.members[1].member, people.now)] == [
        "Before a ballot can be called you still need: 1 trustee, 2 tellers. "
        "One person can have several roles."
    ]


def test_roles_that_were_proposed_wait_for_signatures() -> None:
    people = make_committee(3)
    for holder in people.members[:2]:
        actions.propose_role(holder.member, Role.Kind.TELLER, by=people.members[2].member, now=people.now)

    assert [(now.heading, now.sentence) for now in for_idle(people.members[2].member, people.now)] == [
        (
            "Ask your colleagues to sign",
            "2 roles wait for signatures. Two members sign for each, never the one who gets it.",
        )
    ]


def test_committee_with_every_role_calls_its_first_ballot() -> None:
    people = with_every_role()

    assert said_to(people.members[0], people) == ["Practise first", "Call your first ballot"]


def test_organiser_after_the_first_ballot_has_nothing_to_do() -> None:
    called = ballot_in_state("counted")

    assert said_to(called.people.members[0], called.people) == ["Nothing to do now"]


def test_member_without_a_role_is_asked_who_is_not_in_yet() -> None:
    people = with_every_role()

    only = for_idle(people.members[2].member, people.now)

    assert [(now.heading, now.path) for now in only] == [("Nothing to do now", "/invitations/")]


def test_new_member_is_told_from_when_they_vote() -> None:
    people = with_every_role()
    newcomer = admit(people)
    first = people.day + timedelta(days=3)

    sentences = [now.sentence for now in for_idle(newcomer.member, people.now)]

    assert sentences == [
        f"You vote in every ballot that is called from {first.day} {first:%B} on. "
        "Until then, anyone on the roll can object to your entry."
    ]


def test_member_under_objection_is_told_so_first() -> None:
    people = with_every_role()
    newcomer, by = admit(people), people.members[0]
    statement = roll.objection_statement(str(people.committee.pk), newcomer.member.number, people.day)
    actions.object_to(
        newcomer.member.number,
        by=by.member,
        day=people.day,
        signature=keys_of(1).sign(statement),
        now=people.now,
    )

    assert said_to(newcomer, people) == ["Somebody objects to your entry"]


def test_ballot_that_waits_for_others_says_for_whom() -> None:
    called = ballot_in_state("announced", members=4)

    only = for_idle(called.people.members[3].member, called.later())

    assert [(now.heading, now.path) for now in only] == [
        ("Nothing to do now", f"/ballots/{called.ballot.uuid}/")
    ]
    assert only[0].sentence.endswith("Trustees who have still to act: entries 1, 2, 3.")


def test_member_without_a_vote_in_an_open_ballot_votes_in_the_next() -> None:
    called = ballot_in_state("open")
    newcomer = admit(called.people)

    assert [now.heading for now in for_idle(newcomer.member, called.later())] == ["You vote in the next one"]


def test_ballot_that_did_not_open_in_time_is_not_waited_for() -> None:
    called = ballot_in_state("announced")

    assert "Nothing to do now" in said_to(called.people.members[0], called.people, later=timedelta(days=30))
