"""Who may do what, person by person; above all who may see a handle."""

import pytest

from factories.workplace import (
    CommitteeOfPeople,
    Person,
    candidate,
    found,
    give_role,
    invite,
    make_committee,
    vouch,
)
from openfloor.workplace import actions, permissions
from openfloor.workplace.models import Member, Role

pytestmark = pytest.mark.django_db

TELLER, TRUSTEE = Role.Kind.TELLER.value, Role.Kind.TRUSTEE.value


def who_sees(people: CommitteeOfPeople, whose: Person, *others: Person) -> list[int]:
    viewers = [*people.members, *others]
    return [
        viewer.member.number
        for viewer in viewers
        if permissions.handles_seen_by(viewer.member).filter(pk=whose.member.pk).exists()
    ]


def test_handle_is_seen_by_its_member_its_vouchers_and_the_tellers() -> None:
    people = make_committee(5)
    give_role(people, people.members[2], TELLER)
    give_role(people, people.members[3], TRUSTEE)
    newcomer = candidate(people.members[0], 6, now=people.now)

    assert who_sees(people, newcomer, newcomer) == [3, 6]
    vouch(people.members[1], newcomer, now=people.now)
    assert who_sees(people, newcomer, newcomer) == [2, 3, 6]
    vouch(people.members[2], newcomer, now=people.now)
    assert who_sees(people, newcomer, newcomer) == [2, 3, 6]


def test_handle_is_not_seen_by_who_was_vouched_for_nor_by_the_organiser() -> None:
    people = make_committee(4)

    # The founder, organiser, vouched for 2, 3 and 4; member 2 for 4.
    assert who_sees(people, people.members[0]) == [1]
    assert who_sees(people, people.members[1]) == [1, 2]
    assert who_sees(people, people.members[3]) == [1, 2, 4]


def test_handle_is_not_seen_by_a_voucher_or_teller_who_left_or_is_elsewhere() -> None:
    people, elsewhere = make_committee(4), make_committee_elsewhere()
    give_role(people, people.members[1], TELLER)
    Member.objects.filter(committee=people.committee, number=2).update(
        state=Member.State.LEFT, handle="", unit=None, occupation=None
    )
    people.members[1].member.refresh_from_db()

    assert who_sees(people, people.members[3]) == [1, 4]
    assert people.members[3].member not in permissions.handles_seen_by(elsewhere.members[0].member)


def make_committee_elsewhere() -> CommitteeOfPeople:
    """One person there, who holds every role."""
    elsewhere = found(index=8)
    for kind in (TELLER, TRUSTEE):
        Role.objects.create(
            member=elsewhere.members[0].member, kind=kind, state=Role.State.HELD, day=elsewhere.day
        )
    return elsewhere


def test_what_a_member_may_do_and_a_candidate_or_one_who_left_may_not() -> None:
    people = make_committee(3)
    newcomer = candidate(people.members[0], 4, now=people.now)
    member = people.members[1].member
    gone = Member(committee=people.committee, number=9, state=Member.State.LEFT)

    for allowed in (
        permissions.may_see_roll,
        permissions.may_invite,
        permissions.may_vouch,
        permissions.may_object,
        permissions.may_propose_role,
    ):
        assert [allowed(each) for each in (member, newcomer.member, gone)] == [True, False, False]


def test_organising_is_for_organisers_on_the_roll() -> None:
    people = make_committee(3)
    founder, second, _ = (person.member for person in people.members)
    give_role(people, people.members[1], TRUSTEE)

    assert permissions.may_organise(founder)
    assert not permissions.may_organise(second)
    founder.state = Member.State.LEFT
    assert not permissions.may_organise(founder)


def test_role_is_confirmed_by_others_of_the_same_committee() -> None:
    people, elsewhere = make_committee(3), make_committee_elsewhere()
    newcomer = candidate(people.members[0], 4, now=people.now)
    role = actions.propose_role(
        people.members[2].member, TRUSTEE, by=people.members[0].member, now=people.now
    )
    everybody = [*people.members, newcomer, *elsewhere.members]

    assert [permissions.may_confirm_role(person.member, role) for person in everybody] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert [permissions.may_end_role(person.member, role) for person in everybody] == [
        False,
        False,
        True,
        False,
        False,
    ]


def test_invitation_is_taken_back_by_its_maker_or_an_organiser() -> None:
    people, elsewhere = make_committee(3), make_committee_elsewhere()
    invitation, _ = invite(people.members[1], now=people.now)

    may = [
        permissions.may_revoke_invitation(person.member, invitation)
        for person in [*people.members, *elsewhere.members]
    ]

    assert may == [True, True, False, False]
