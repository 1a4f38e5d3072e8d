"""What a device is sent of a long roll: the parts that concern it, and that they are of one roll."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from factories import renewals
from factories.ballots import Called, ballot_in_state
from factories.crowd import join_at_once
from factories.workplace import make_committee
from openfloor.ballots import charter, queries
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member, RollRecord
from openfloor.workplace.rolltree import Tree

from .conftest import Browse

pytestmark = pytest.mark.django_db


@pytest.fixture
def called() -> Called:
    """Entry 4 has new keys; 30 others joined; the trustees are 1, 2, 3. Entries 35 and 36 came later."""
    people = make_committee(4)
    people.day += timedelta(days=40)
    renewals.renew(people, people.members[3].member, 40)
    join_at_once(people, 30)
    called = ballot_in_state("frozen", people=people, group="Ed25519")
    join_at_once(people, 2)
    return called


def parts_for(called: Called, number: int, since: int = 0) -> dict[str, Any]:
    return queries.roll_parts(called.ballot, member_of(called, number), since=since)


def member_of(called: Called, number: int) -> Member:
    return called.people.committee.members.get(number=number)


def about(parts: list[dict[str, Any]]) -> list[tuple[str, int | None]]:
    records = [json.loads(part["text"]) for part in parts]
    return [(record["type"].split("/")[2], record.get("number")) for record in records]


def test_parts_are_the_rules_the_founders_the_officers_and_the_members_own(called: Called) -> None:
    officer, crowd = parts_for(called, 1), parts_for(called, 20)

    founders = [("rules", None), ("entry", 1), ("entry", 2), ("entry", 3)]
    assert about(officer["records"]) == founders
    assert about(crowd["records"]) == [*founders, ("entry", 20)]
    assert about(parts_for(called, 4)["records"]) == [*founders, ("entry", 4), ("renewal", 4)]


def test_parts_of_an_officer_are_all_who_vouched_for_them(called: Called) -> None:
    index = workplace._index(called.people.committee, 37)

    behind = index.positions_behind([4], 37)

    assert behind == {0, 1, 2, 3, 4, 5}
    assert index.positions_behind([4], 5) == {0, 1, 2, 3, 4}
    assert index.positions_about([4], 37) == {4, 5}


def test_parts_stand_in_the_tree_of_the_charter_and_in_todays(called: Called) -> None:
    lines = workplace.roll_lines(called.people.committee)
    tree, fixed = Tree(lines), charter.parse(called.ballot.charter or "")["roll"]
    size = fixed["position"] + 1

    parts = parts_for(called, 20, since=7)

    assert fixed["tree"] == tree.root(size)
    assert (parts["size"], parts["root"]) == (len(lines), tree.root(len(lines)))
    assert parts["grown"] == tree.consistency(size, len(lines))
    assert parts["seen"] == tree.consistency(7, len(lines))
    for part in [*parts["records"], parts["head"]]:
        assert part["text"] == lines[part["position"]]
        assert part["path"] == tree.inclusion(part["position"], size)
    assert parts["head"]["position"] == size - 1
    assert [part["position"] for part in parts["later"]] == [size]
    assert parts["later"][0]["path"] == tree.inclusion(size, len(lines))


def test_parts_name_new_keys_that_came_after_the_announcement(called: Called) -> None:
    called.people.day += timedelta(days=14)  # next month they may vouch again
    renewals.renew(called.people, called.people.members[2].member, 41)

    later = parts_for(called, 3)["later"]

    assert about(later) == [("entry", 35), ("renewal", 3)]
    assert about(parts_for(called, 1)["later"]) == [("entry", 35)]


@pytest.mark.parametrize("since", [0, 1_000])
def test_parts_prove_nothing_of_a_roll_that_never_was(called: Called, since: int) -> None:
    assert parts_for(called, 1, since)["seen"] is None


def test_index_is_read_on_and_not_again(called: Called) -> None:
    committee = called.people.committee
    parts_for(called, 1)
    before = workplace._indexes[committee.pk]
    size = before.tree.size

    join_at_once(called.people, 2)

    assert parts_for(called, 1)["size"] == size + 2
    assert workplace._indexes[committee.pk] is before


def test_index_of_a_roll_that_was_put_back_is_made_anew(called: Called) -> None:
    committee = called.people.committee
    parts_for(called, 1)
    before = workplace._indexes[committee.pk]

    RollRecord.objects.filter(committee=committee, position=before.tree.size - 1).delete()

    lines = workplace.roll_lines(committee)
    assert parts_for(called, 1)["root"] == Tree(lines).root(len(lines))
    assert workplace._indexes[committee.pk] is not before


def test_parts_take_as_many_questions_of_the_database_for_a_long_roll_as_for_a_short_one(
    called: Called,
) -> None:
    def questions() -> int:
        parts_for(called, 1)
        with CaptureQueriesContext(connection) as asked:
            parts_for(called, 1)
        return len(asked)

    short = questions()
    join_at_once(called.people, 60)

    assert questions() == short


def test_page_for_the_device_sends_them_to_members_of_this_committee(called: Called, browse: Browse) -> None:
    path = f"/ballots/{called.ballot.uuid}/roll-parts.json"

    answer = browse(member_of(called, 1)).get(path, {"since": "7"})

    assert answer.json() == parts_for(called, 1, since=7)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("since", ["-1", "1.5", "x", "", "9999999999", "٣"])
def test_a_size_that_is_none_is_refused(called: Called, browse: Browse, since: str) -> None:
    path = f"/ballots/{called.ballot.uuid}/roll-parts.json"

    answer = browse(member_of(called, 1)).get(path, {"since": since})

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "not_json")
