"""A practice ballot: all of it is real, every page says that it is practice, and nothing is decided."""

import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories.ballots import NO, YES, Called, ballot_in_state, draft, terms_of
from factories.workplace import CommitteeOfPeople, give_role, make_committee
from openballot import verifier
from openfloor.audit.queries import entries
from openfloor.audit.words import describe
from openfloor.ballots import actions, charter, errors, queries, words
from openfloor.ballots.models import Ballot
from openfloor.home.guidance import for_idle
from openfloor.workplace.models import Role

from .conftest import Browse, ballot_of_today, people_of_today
from .test_charter import PARTS

pytestmark = pytest.mark.django_db

BAND = "Nothing is decided here."
EFFECT = {"kind": "give_role", "number": 2, "role": "organiser"}


def with_roles() -> CommitteeOfPeople:
    people = people_of_today()
    for holder in people.members[:2]:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            give_role(people, holder, kind)
    return people


def stored(people: CommitteeOfPeople) -> list[Any]:
    return list(Ballot.objects.filter(committee=people.committee).values())


# The charter


def test_practice_stands_in_the_charter_only_when_it_is_practice() -> None:
    parts = {**PARTS, "effect": None}
    plain, text = charter.compose(**parts), charter.compose(**parts, practice=True)

    assert text == plain.replace('"questions"', '"practice":true,"questions"')
    assert charter.parse(text) == {**charter.parse(plain), "practice": True}
    assert charter.compose(**parts, practice=False) == plain
    assert charter.description("Strike", text) != charter.description("Strike", plain)


@pytest.mark.parametrize("value", ["false", "null", "1", '"yes"'])
def test_charter_says_practice_only_as_true(value: str) -> None:
    text = charter.compose(**{**PARTS, "effect": None}, practice=True)

    with pytest.raises(charter.NotACharter):
        charter.parse(text.replace('"practice":true', f'"practice":{value}'))


def test_charter_of_practice_has_no_effect() -> None:
    with pytest.raises(charter.NotACharter):
        charter.parse(charter.compose(**PARTS, practice=True))


def test_fingerprint_covers_practice() -> None:
    people = make_committee(3)
    practised = draft(people, practice=True)
    practised.announce()
    practised.freeze()
    ballot = practised.reload()

    assert charter.parse(ballot.charter or "")["practice"] is True
    assert charter.text_hash(ballot.charter or "") in (ballot.election or "")


# What it cannot do


def test_practice_with_an_effect_is_refused() -> None:
    people = make_committee(3)
    called = draft(people, practice=True)

    for deed in (
        lambda: draft(people, practice=True, effect=EFFECT),
        lambda: actions.edit_draft(
            called.ballot, called.organiser, **{**terms_of(people), "effect": EFFECT}, now=people.now
        ),
    ):
        with pytest.raises(errors.PracticeDecidesNothing):
            deed()

    assert [(row["practice"], row["effect"]) for row in stored(people)] == [(True, None)]


def test_database_holds_no_practice_with_an_effect() -> None:
    ballot = draft(practice=True).ballot

    with pytest.raises(IntegrityError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(effect=EFFECT)


def test_edit_neither_begins_nor_ends_practice() -> None:
    people = make_committee(3)
    for practice in (True, False):
        called = draft(people, practice=practice)
        terms = {**terms_of(people), "title": "Another", "practice": not practice}

        actions.edit_draft(called.ballot, called.organiser, **terms, now=people.now)

        assert (called.reload().practice, called.ballot.title) == (practice, "Another")


def test_copy_of_practice_is_practice() -> None:
    called = ballot_in_state("withdrawn", practice=True)

    copy = actions.copy_ballot(called.ballot, called.organiser, now=called.now)

    assert copy.practice is True


# From the draft to the count


def test_practice_is_counted_and_verified_like_any_other() -> None:
    called = ballot_in_state("counted", practice=True, votes=(YES, YES, NO))

    report = verifier.verify(queries.archive_of(called.ballot, published_only=True), require="counted")

    assert (report.verdict, called.ballot.result) == ("valid", [[0, 2, 1]])
    assert str(words.badge(called.ballot, queries.outcome(called.ballot)).word) == "Counted, as practice"


def test_ledger_names_practice_in_every_line_about_it() -> None:
    called = ballot_in_state("counted", practice=True)

    about = entries(called.ballot.committee_id).filter(kind__startswith="ballot_")
    assert [json.loads(entry.payload or "")["practice"] for entry in about] == [True] * 5
    sentences = [describe(entry) for entry in about]
    assert sentences[0] == "Member 1 called a practice ballot, “Strike on Friday”. 3 members may vote."
    assert sentences[-1] == (
        "“Strike on Friday” was counted: 3 of 3 voted. It was practice: nothing is decided."
    )


def test_ledger_of_a_real_ballot_says_nothing_of_practice() -> None:
    called = ballot_in_state("announced")

    about = entries(called.ballot.committee_id).filter(kind__startswith="ballot_")
    assert ["practice" in json.loads(entry.payload or "") for entry in about] == [False]


# Making one


def test_organiser_makes_a_practice_ballot_in_one_tap(browse: Browse) -> None:
    people = with_roles()
    before = timezone.now()

    answer = browse(people.members[0].member).post("/ballots/practise/")

    ballot = Ballot.objects.get()
    assert answer.headers["Location"] == f"/ballots/{ballot.uuid}/"
    assert (ballot.practice, ballot.state, ballot.effect) == (True, Ballot.State.DRAFT, None)
    assert Fraction(ballot.turnout_numerator, ballot.turnout_denominator) == 0
    assert ballot.closes_at - ballot.opens_not_before == timedelta(minutes=30)
    assert abs(ballot.opens_not_before - before) < timedelta(minutes=1)
    assert [trustee.member.number for trustee in ballot.trustees.all()] == [1, 2]
    assert [teller.member.number for teller in ballot.tellers.all()] == [1, 2]


def test_practice_without_enough_roles_is_refused(browse: Browse) -> None:
    people = people_of_today()
    client = browse(people.members[0].member)

    answer = client.post("/ballots/practise/")

    assert answer.headers["Location"] == "/roles/"
    assert "Roles first" in client.get("/ballots/practise/").content.decode()
    assert stored(people) == []


def test_members_who_are_not_organisers_make_no_practice_ballot(browse: Browse) -> None:
    people = with_roles()

    answers = [
        getattr(browse(people.members[3].member), how)("/ballots/practise/") for how in ("get", "post")
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert stored(people) == []


def test_first_page_offers_practice_before_the_first_real_ballot() -> None:
    people = make_committee(3)
    for holder in people.members[:2]:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            give_role(people, holder, kind)
    organiser = people.members[0].member

    def headings() -> list[str]:
        return [now.heading for now in for_idle(organiser, people.now)]

    assert headings() == ["Practise first", "Call your first ballot"]
    ballot_in_state("withdrawn", people=people, practice=True)
    assert headings() == ["Practise first", "Call your first ballot"]
    ballot_in_state("counted", people=people, practice=True)
    assert headings() == ["Call your first ballot"]
    ballot_in_state("counted", people=people)
    assert headings() == ["Nothing to do now"]


# The pages


@pytest.mark.parametrize(
    ("state", "pages"),
    [
        ("draft", ("", "edit/", "announce/", "withdraw/")),
        ("announced", ("", "trustee/", "teller/", "slips/", "withdraw/", "vote/")),
        ("frozen", ("", "trustee/", "teller/", "extend/", "board")),
        ("open", ("", "vote/", "trustee/", "extend/", "board", "slip")),
        ("closed", ("", "uncountable/", "trustee/", "board")),
        ("counted", ("", "minutes/", "board")),
    ],
)
def test_every_page_of_a_practice_ballot_says_so(state: str, pages: tuple[str, ...], browse: Browse) -> None:
    practised, real = ballot_of_today(state, practice=True), None
    with_band = _pages(practised, pages, browse)
    assert {page: text.count(BAND) for page, text in with_band.items()} == dict.fromkeys(pages, 1)

    real = ballot_of_today(state, practised.people)
    assert {page: text.count(BAND) for page, text in _pages(real, pages, browse).items()} == dict.fromkeys(
        pages, 0
    )


def _pages(called: Called, pages: tuple[str, ...], browse: Browse) -> dict[str, str]:
    client, uuid = browse(called.organiser), called.ballot.uuid
    at = {"board": f"/board/{uuid}/", "slip": f"/board/{uuid}/slip/"}
    answers = {page: client.get(at.get(page, f"/ballots/{uuid}/{page}")) for page in pages}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {page: answer.content.decode() for page, answer in answers.items()}


def test_counted_practice_is_no_decision_anywhere_and_folds_away(browse: Browse) -> None:
    practised = ballot_of_today("counted", practice=True)
    real = ballot_of_today("counted", practised.people, title="A real question")
    client = browse(practised.organiser)

    home, ledger, ballots = (client.get(path).content.decode() for path in ("/", "/ledger/", "/ballots/"))

    assert practised.ballot.uuid not in home
    assert real.ballot.uuid in home
    decided = ledger.partition("Everything else")[0]
    assert "Strike on Friday" not in decided
    assert "A real question" in decided
    assert "Strike on Friday" in ledger
    listed, _, folded = ballots.partition("<details><summary>1 practice ballot that is over")
    assert practised.ballot.uuid not in listed
    assert practised.ballot.uuid in folded
    assert real.ballot.uuid in listed


def test_form_of_a_practice_draft_offers_no_effect(browse: Browse) -> None:
    called = ballot_of_today("draft", practice=True)

    page = browse(called.organiser).get(f"/ballots/{called.ballot.uuid}/edit/").content.decode()

    assert "effect_kind" not in page


def test_first_page_marks_what_waits_as_practice(browse: Browse) -> None:
    called = ballot_of_today("open", practice=True)

    assert BAND in browse(called.organiser).get("/").content.decode()


def test_practice_is_withdrawn_like_any_other() -> None:
    called = ballot_in_state("frozen", practice=True)

    actions.withdraw(called.ballot, called.organiser, "Once is enough.", now=called.later())

    assert called.reload().state == Ballot.State.WITHDRAWN
