"""What the workplace tells, how often it asks the database for it, and what it keeps to itself."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.workplace import (
    CommitteeOfPeople,
    admit,
    candidate,
    found,
    give_role,
    make_committee,
    public_keys_of,
    vouch,
)
from openfloor.workplace import actions, queries, roll
from openfloor.workplace.models import Committee, Member, Role, RollRecord
from openfloor.workplace.queries import Cell, shown_counts

AssertQueries = Callable[[int], AbstractContextManager[object]]
TRUSTEE, TELLER = Role.Kind.TRUSTEE.value, Role.Kind.TELLER.value


def forget_states() -> None:
    """As after a restart of the server."""
    queries._states.clear()
    queries._latest.clear()


# Time


@pytest.mark.parametrize(
    ("zone", "day"), [("America/Los_Angeles", date(2026, 1, 5)), ("Asia/Manila", date(2026, 1, 6))]
)
def test_today_is_the_day_where_the_committee_works(zone: str, day: date) -> None:
    assert queries.today(Committee(zone=zone), datetime(2026, 1, 6, 7, 59, tzinfo=UTC)) == day


# The roll


@pytest.mark.django_db
def test_roll_is_read_once_and_its_head_at_every_request(django_assert_num_queries: AssertQueries) -> None:
    people = make_committee(4)
    forget_states()
    first = queries.roll_state(people.committee)

    with django_assert_num_queries(1):
        again = queries.roll_state(people.committee)

    assert again is first
    assert first == roll.verify(queries.roll_lines(people.committee)).state


@pytest.mark.django_db
def test_only_new_lines_are_read_and_a_state_in_use_stays_as_it_is() -> None:
    people = make_committee(3)
    before = queries.roll_state(people.committee)
    copy = before.copy()

    admit(people)

    assert queries.roll_state(people.committee).entries.keys() == {1, 2, 3, 4}
    assert before == copy


@pytest.mark.django_db
@pytest.mark.parametrize("restarted", [False, True])
def test_roll_can_be_read_as_it_stood(restarted: bool) -> None:
    people = make_committee(5)
    lines = queries.roll_lines(people.committee)
    if restarted:
        forget_states()

    for position in range(len(lines)):
        assert queries.roll_state(people.committee, position) == roll.replay(lines[: position + 1])
        assert queries.roll_lines(people.committee, position) == lines[: position + 1]


@pytest.mark.django_db
def test_record_that_was_rolled_back_is_not_in_the_state() -> None:
    people = found()
    newcomer = candidate(people.members[0], 2, now=people.now)
    head = queries.roll_head(people.committee)

    with transaction.atomic():
        vouch(people.members[0], newcomer, now=people.now)
        assert 2 in queries.roll_state(people.committee).entries
        transaction.set_rollback(True)

    assert queries.roll_head(people.committee) == head
    assert 2 not in queries.roll_state(people.committee).entries
    people.day += timedelta(days=1)
    assert vouch(people.members[0], newcomer, now=people.now)
    assert roll.verify(queries.roll_lines(people.committee)).state == queries.roll_state(people.committee)


@pytest.mark.django_db
def test_states_of_two_committees_are_kept_apart() -> None:
    ours, theirs = make_committee(2), found(index=8)

    assert set(queries.roll_state(ours.committee).entries) == {1, 2}
    assert set(queries.roll_state(theirs.committee).entries) == {1}


@pytest.mark.django_db
def test_committee_without_a_roll_has_no_head() -> None:
    with pytest.raises(RollRecord.DoesNotExist):
        queries.roll_head(Committee())


@pytest.mark.django_db
def test_entitled_members_are_those_of_the_day_and_the_position() -> None:
    people = make_committee(3)
    position, _ = queries.roll_head(people.committee)
    admit(people)
    later, _ = queries.roll_head(people.committee)

    def numbers(day: date, position: int) -> list[int]:
        return [number for number, _ in queries.entitled_members(people.committee, day, position)]

    assert numbers(people.day + timedelta(days=9), position) == [1, 2, 3]
    assert numbers(people.day, later) == [1, 2, 3]
    assert numbers(people.day + timedelta(days=3), later) == [1, 2, 3, 4]
    assert queries.entitled_members(people.committee, people.day, position)[1].keys == public_keys_of(2)


# Members


@pytest.mark.django_db
def test_members_are_those_on_the_roll() -> None:
    people = make_committee(3)
    candidate(people.members[0], 4, now=people.now)
    found(index=8)

    assert [member.number for member in queries.members_of(people.committee)] == [1, 2, 3]
    assert queries.member_by_number(people.committee, 4).state == Member.State.CANDIDATE
    with pytest.raises(Member.DoesNotExist):
        queries.member_by_number(people.committee, 5)


@pytest.mark.django_db
def test_candidate_is_told_how_many_vouches_are_missing() -> None:
    people = make_committee(2)
    founding = candidate(people.members[0], 3, now=people.now)
    assert queries.vouches_missing(founding.member) == 1
    vouch(people.members[0], founding, now=people.now)

    later = candidate(people.members[0], 4, now=people.now)
    assert queries.vouches_missing(later.member) == 2
    vouch(people.members[0], later, now=people.now)
    assert queries.vouches_missing(later.member) == 1


@pytest.mark.django_db
def test_roll_shows_no_handle() -> None:
    people = make_committee(5)

    text = "\n".join(queries.roll_lines(people.committee))

    assert people.members[4].member.handle == "Person 5"
    assert "Person" not in text


# Roles


@pytest.mark.django_db
def test_roles_are_told_by_member_and_by_committee() -> None:
    people = make_committee(4)
    give_role(people, people.members[1], TRUSTEE)
    give_role(people, people.members[2], TRUSTEE)
    give_role(people, people.members[2], TELLER)
    waiting = actions.propose_role(
        people.members[3].member, TRUSTEE, by=people.members[0].member, now=people.now
    )

    assert queries.roles_of(people.members[2].member) == {TRUSTEE, TELLER}
    assert queries.roles_of(people.members[3].member) == set()
    trustees = queries.members_with_role(people.committee, TRUSTEE)
    assert [member.number for member in trustees] == [2, 3]
    assert list(queries.roles_proposed(people.committee)) == [waiting]
    assert queries.roles_held(people.committee).count() == 4


@pytest.mark.django_db
def test_role_waits_for_those_who_have_not_signed_and_are_not_its_receiver() -> None:
    people = make_committee(4)
    role = actions.propose_role(people.members[3].member, TELLER, by=people.members[0].member, now=people.now)
    signer = people.members[1]
    signature = signer.keys.sign(actions.statement_of(role))
    actions.confirm_role(role, by=signer.member, signature=signature, now=people.now)

    waiting_for = [
        person.member.number for person in people.members if role in queries.roles_to_confirm(person.member)
    ]

    assert waiting_for == [1, 3]


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_roles_take_one_query_however_many_there_are(
    count: int, django_assert_num_queries: AssertQueries
) -> None:
    people = make_committee(4)
    for person in people.members[:count]:
        give_role(people, person, TELLER)

    with django_assert_num_queries(1):
        numbers = {role.member.number for role in queries.roles_held(people.committee)}

    assert numbers == {1, *range(1, count + 1)}


# Counts


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), max_size=8))
def test_no_count_under_ten_is_shown_and_none_follows_from_the_total(counts: list[int]) -> None:
    shown = shown_counts(counts)

    hidden = [count for count, each in zip(counts, shown, strict=True) if each is None]
    assert all(each is None or each == count for count, each in zip(counts, shown, strict=True))
    assert all(each is None or each >= 10 for each in shown)
    if hidden and len(hidden) < len(counts):
        assert len(hidden) > 1
        assert sum(hidden) >= 10


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([], []),
        ([9], [None]),
        ([10, 30], [10, 30]),
        ([9, 10, 30], [None, None, 30]),
        ([5, 6, 30], [None, None, 30]),
        ([1, 2, 10, 30], [None, None, None, 30]),
        ([0, 30, 10], [None, 30, None]),
    ],
)
def test_smallest_count_is_hidden_with_one_that_would_follow(
    counts: list[int], shown: list[int | None]
) -> None:
    assert shown_counts(counts) == shown


def workplace(people: CommitteeOfPeople) -> tuple[int, int]:
    """Two units with members written straight into the database: 12 in one, 11 in the other."""
    founder = people.members[0].member
    site = actions.add_site(founder, name="Main", now=people.now)
    units = [
        actions.add_unit(founder, site=site, name=name, headcount=headcount, now=people.now)
        for name, headcount in [("ER", 40), ("ICU", 30), ("Lab", 8)]
    ]
    for number in range(2, 25):
        Member.objects.create(
            committee=people.committee,
            number=number,
            handle="x",
            state=Member.State.MEMBER,
            unit=units[0] if number < 14 else units[1],
            sign_in_hash=f"{number:064}",
            keys={},
            proofs={},
        )
    return units[0].pk, units[1].pk


@pytest.mark.django_db
def test_headcounts_hide_cells_under_ten() -> None:
    people = found()
    workplace(people)

    counts = queries.headcounts(people.committee)

    # The founder named no unit: one alone, and with the empty lab not ten, so the smallest cell goes too.
    assert counts.units == [
        Cell(name="ER", site="Main", headcount=40, members=12),
        Cell(name="ICU", site="Main", headcount=30, members=None),
        Cell(name="Lab", site="Main", headcount=None, members=None),
    ]
    assert counts.occupations == []


@pytest.mark.django_db
def test_headcounts_count_members_and_not_candidates() -> None:
    people = found()
    first, second = workplace(people)
    Member.objects.filter(unit=second).update(state=Member.State.CANDIDATE)
    Member.objects.filter(number=1).update(unit=first)

    assert [cell.members for cell in queries.headcounts(people.committee).units] == [None, None, None]


@pytest.mark.django_db
@pytest.mark.parametrize("sites", [1, 3])
def test_headcounts_take_as_many_queries_for_one_site_as_for_three(
    sites: int, django_assert_num_queries: AssertQueries
) -> None:
    people = found()
    founder = people.members[0].member
    for index in range(sites):
        site = actions.add_site(founder, name=f"Site {index}", now=people.now)
        actions.add_unit(founder, site=site, name="ICU", headcount=30, now=people.now)
        actions.add_occupation(founder, name=f"Nurse {index}", headcount=30, now=people.now)

    with django_assert_num_queries(4):
        counts = queries.headcounts(people.committee)

    assert (len(counts.units), len(counts.occupations)) == (sites, sites)


@pytest.mark.django_db
def test_committees_without_founder_are_those_whose_link_nobody_used() -> None:
    founded = make_committee(1)
    waiting, _ = actions.prepare_committee("Night shift", "America/Los_Angeles", now=founded.now)

    assert list(queries.committees_without_founder()) == [waiting]
