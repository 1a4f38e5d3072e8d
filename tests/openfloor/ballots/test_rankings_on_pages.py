"""Elections and rankings on the pages: what is asked, whose turn it is, who won and how."""

from html import unescape
from typing import Any

import pytest
from django.test import Client

from factories.ballots import DELEGATES, DEMANDS, GRADED, OWN_KEYS, RANKING_GROUP
from openfloor.ballots import queries
from openfloor.ballots.models import Ballot

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db

PAPERS = ([[1, 2, 0, 0]], [[1, 2, 0, 0]], [[0, 0, 0, 0]])


def of_today(state: str, **terms: Any) -> Any:
    return ballot_of_today(
        state, **{"group": RANKING_GROUP, "questions": [DELEGATES], "votes": PAPERS, **terms}
    )


def shown(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def test_counted_election_says_who_is_elected_on_every_page(browse: Browse) -> None:
    people = people_of_today()
    effect = {"kind": "give_role_to_elected", "candidates": [3, 4, 1, 2], "role": "teller"}
    called = of_today("counted", people=people, effect=effect)
    uuid, member = called.ballot.uuid, browse(people.members[3].member)

    pages = [
        *(shown(member, path) for path in ("/", f"/ballots/{uuid}/")),
        *(shown(Client(), path) for path in (f"/board/{uuid}/", f"/ballots/{uuid}/minutes/")),
    ]
    ballot, board, minutes = pages[1:]

    assert all("Elected: Ana and Ben." in page for page in pages)
    assert "Whoever is elected becomes teller." in ballot
    assert 'Ana <span class="soft">· entry 3</span>' in ballot
    assert "2 valid papers. 1 blank paper, which is not counted." in board
    assert (
        f"openballot verify {uuid}.bel --json | python -m workrules.counting stv --seats 2 --head " in board
    )
    assert queries.lot_head(called.ballot) in board
    assert "Round 1" in minutes


def test_too_few_papers_elect_nobody_on_any_page(browse: Browse) -> None:
    called = of_today("counted", votes=PAPERS[:1])
    uuid = called.ballot.uuid

    pages = [
        *(shown(browse(called.organiser), path) for path in ("/", f"/ballots/{uuid}/")),
        *(shown(Client(), path) for path in (f"/board/{uuid}/", f"/ballots/{uuid}/minutes/")),
    ]

    assert not any("Elected:" in page for page in pages)
    assert all("The papers would have elected: Ana and" in page for page in pages)


def test_ranks_and_grades_say_what_comes_first() -> None:
    papers = ([[1, 1, 2], [1, 3]], [[1, 1, 0], [2, 3]])
    called = of_today("counted", questions=[DEMANDS, GRADED], votes=papers)

    page = shown(Client(), f"/board/{called.ballot.uuid}/")

    assert "Pay and Staffing are level in first place. Plan A comes first." in page
    assert "schulze --question 1 -- Pay Staffing Breaks" in page
    assert "majority-judgment --grades 3 --question 2 -- 'Plan A' 'Plan B'" in page


def test_paper_that_is_no_vote_is_told_apart() -> None:
    called = of_today("counted")
    Ballot.objects.filter(pk=called.ballot.pk).update(undecodable=[[0]])

    page = shown(Client(), f"/board/{called.ballot.uuid}/")

    assert "1 paper is no vote: it holds what no device of ours writes." in page


def test_pages_say_who_can_mix_the_votes(browse: Browse) -> None:
    called = of_today("closed", **OWN_KEYS)
    uuid = called.ballot.uuid
    first, second, _ = called.trustees
    called.shuffle(second)

    home = shown(browse(first.member), "/")
    ballot = shown(browse(called.people.members[3].member), f"/ballots/{uuid}/")
    signed = Client().get(f"/board/{uuid}/shuffles.json").json()

    assert "Mix the votes" in home
    assert "The trustees mix the locked votes, one after the other" in ballot
    assert "1 of 3 trustees has mixed the votes. The next can be any of these entries: 1, 3." in ballot
    second.refresh_from_db()
    assert signed == {"shuffles": [{"number": 2, "signature": second.shuffle_signature}]}
