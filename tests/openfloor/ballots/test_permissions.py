"""Who may do what: by role, by ballot, and only while on the roll."""

from collections.abc import Callable

import pytest

from factories.ballots import Called, ballot_in_state
from factories.workplace import Person, found, make_committee
from openfloor.ballots import permissions
from openfloor.ballots.models import Ballot
from openfloor.workplace.models import Member

pytestmark = pytest.mark.django_db

Permission = Callable[[Member, Ballot], bool]
ALL: dict[str, Permission] = {
    "may_call": lambda member, _: permissions.may_call(member),
    "may_lead": permissions.may_lead,
    "is_trustee": permissions.is_trustee,
    "is_teller": permissions.is_teller,
    "may_extend": permissions.may_extend,
    "may_give_up": permissions.may_give_up,
}


def granted(person: Person, called: Called) -> set[str]:
    return {name for name, permission in ALL.items() if permission(person.member, called.ballot)}


def test_permissions_follow_the_roles() -> None:
    called = ballot_in_state("announced", people=make_committee(4))
    organiser, teller, trustee, member = called.people.members
    officer = {"is_trustee", "may_extend", "may_give_up"}

    assert granted(organiser, called) == set(ALL)
    assert granted(teller, called) == officer | {"is_teller"}
    assert granted(trustee, called) == officer
    assert granted(member, called) == set()


def test_another_committees_organiser_may_only_call_there() -> None:
    called = ballot_in_state("announced")
    stranger = found(index=50).members[0]

    assert granted(stranger, called) == {"may_call"}


def test_who_left_the_roll_may_nothing_but_open_with_their_key() -> None:
    called = ballot_in_state("announced")
    leaver = called.people.members[0]
    leaver.member.state = Member.State.LEFT

    assert granted(leaver, called) == {"is_trustee", "is_teller"}


def test_role_that_ended_gives_nothing() -> None:
    called = ballot_in_state("announced")
    organiser = called.people.members[0]
    organiser.member.roles.update(state="ended")

    assert granted(organiser, called) == {"is_trustee", "is_teller", "may_extend"}
