"""Calling a ballot: what it is comes first, and the form asks for what that kind needs."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factories.ballots import DELEGATES, DEMANDS, GRADED, RANKING_GROUP, YES_OR_NO, draft
from factories.workplace import CommitteeOfPeople, give_role
from openfloor.ballots import actions, asking, questions
from openfloor.ballots.models import Ballot
from openfloor.workplace.models import Role

from .conftest import Browse, people_of_today

pytestmark = pytest.mark.django_db

BLANK = {"blank": True}


@pytest.fixture
def people() -> CommitteeOfPeople:
    people = people_of_today()
    for person in people.members[:2]:
        for kind in (Role.Kind.TRUSTEE, Role.Kind.TELLER):
            give_role(people, person, kind)
    return people


@pytest.fixture
def organiser(people: CommitteeOfPeople, browse: Browse) -> Client:
    return browse(people.members[0].member)


def terms(people: CommitteeOfPeople, **others: Any) -> dict[str, Any]:
    """What the form of a ranking sends, but for its questions."""
    officers = [person.member.pk for person in people.members[:2]]
    return {
        "title": "Who speaks for us?",
        "text": "For one year.",
        "turnout_numerator": "1",
        "turnout_denominator": "2",
        "approval_numerator": "1",
        "approval_denominator": "2",
        "opens_not_before": "2099-06-01T07:00",
        "closes_at": "2099-06-03T19:30",
        "group": "RFC-3526-2048",
        "trustees": officers,
        "tellers": officers,
        "questions-TOTAL_FORMS": "1",
        "questions-INITIAL_FORMS": "0",
        **others,
    }


ELECT = {
    "questions-0-kind": "elect",
    "questions-0-question": "Who speaks for us?",
    "questions-0-candidates": "3 Ana, nights\r\n1. Ben\r\n\r\n 2 – 3rd floor Cleo ",
    "questions-0-seats": "2",
    "questions-0-blank": "on",
}
RANK = {
    "questions-0-kind": "rank",
    "questions-0-question": "Which comes first?",
    "questions-0-answers": "Pay\r\nStaffing",
    "questions-0-blank": "on",
}
GRADE = {
    "questions-0-kind": "grade",
    "questions-0-question": "How good is each?",
    "questions-0-answers": "Plan A\r\nPlan B",
    "questions-0-grades": "Good\r\nFair\r\nBad",
}


def refused(answer: Any) -> str:
    assert answer.status_code == 200
    assert not Ballot.objects.exists()
    return unescape(answer.content.decode())


def test_what_it_is_is_chosen_first(organiser: Client) -> None:
    page = organiser.get("/ballots/new/").content.decode()

    links = re.findall(r'href="\?kind=([a-z-]+)"', page)
    assert links == ["yes-or-no", "choose", "elect", "rank", "grade", "recall"]
    for name in links:
        form = organiser.get(f"/ballots/new/?kind={name}").content.decode()
        assert str(asking.BY_NAME[name].sentence) in unescape(form)
    assert "What do you want to put to the vote?" in organiser.get("/ballots/new/?kind=else").content.decode()


@pytest.mark.parametrize(
    ("kind", "groups", "has_approval"),
    [
        ("yes-or-no", ["BELENIOS-2048", "Ed25519"], True),
        ("recall", ["BELENIOS-2048", "Ed25519"], True),
        ("choose", ["BELENIOS-2048", "Ed25519"], True),
        ("elect", ["RFC-3526-2048", "Ed25519"], False),
        ("rank", ["RFC-3526-2048", "Ed25519"], False),
        ("grade", ["RFC-3526-2048", "Ed25519"], False),
    ],
)
def test_form_offers_who_can_check_by_the_kind(
    kind: str, groups: list[str], has_approval: bool, organiser: Client
) -> None:
    page = organiser.get(f"/ballots/new/?kind={kind}").content.decode()

    assert re.findall(r'name="group" value="([A-Za-z0-9-]+)"', page) == groups
    assert re.search(rf'name="group" value="{groups[0]}"[^>]* checked', page)
    assert ("More than this share must say yes" in page) is has_approval


def test_recall_starts_as_a_ballot_that_ends_a_role(people: CommitteeOfPeople, organiser: Client) -> None:
    page = organiser.get("/ballots/new/?kind=recall").content.decode()
    assert '<option value="end_role" selected>' in page
    sent = {
        "group": "BELENIOS-2048",
        "questions-0-question": "Is entry 2 no longer teller?",
        "questions-0-answers": "Yes\nNo",
        "questions-0-min": "1",
        "questions-0-max": "1",
        "effect_kind": "end_role",
        "effect_role": "teller",
        "effect_number": "2",
    }

    organiser.post("/ballots/new/?kind=recall", terms(people, **sent))

    ballot = Ballot.objects.get()
    assert ballot.effect == {"kind": "end_role", "number": 2, "role": "teller"}
    assert "Recall a delegate" in organiser.get(f"/ballots/{ballot.uuid}/edit/").content.decode()


def test_election_is_drafted_with_whom_each_name_stands_for(
    people: CommitteeOfPeople, organiser: Client
) -> None:
    organiser.post("/ballots/new/?kind=elect", terms(people, **ELECT, elected_role="trustee"))

    ballot = Ballot.objects.get()
    assert ballot.questions == [
        {
            "type": "NonHomomorphic",
            "question": "Who speaks for us?",
            "answers": ["Ana, nights", "Ben", "3rd floor Cleo"],
            "extra": {"type": "PreferentialVoting", "blank": True, "seats": 2, "method": "STV"},
        }
    ]
    assert ballot.effect == {"kind": "give_role_to_elected", "candidates": [3, 1, 2], "role": "trustee"}
    announce = unescape(organiser.get(f"/ballots/{ballot.uuid}/announce/").content.decode())
    assert "2 people are elected, by single transferable vote." in announce
    assert "Whoever is elected becomes trustee." in announce
    assert "a rare order can serve as a mark" in announce


def test_election_to_no_role_needs_no_entry_numbers(people: CommitteeOfPeople, organiser: Client) -> None:
    named = {**ELECT, "questions-0-candidates": "Ana\n2 Ben"}

    organiser.post("/ballots/new/?kind=elect", terms(people, **named))

    ballot = Ballot.objects.get()
    assert (ballot.questions[0]["answers"], ballot.effect) == (["Ana", "Ben"], None)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"questions-0-candidates": "3 Ana"}, "A question needs two answers at least."),
        ({"questions-0-candidates": "3 Ana\n4 Ana"}, "Two answers are the same."),
        ({"questions-0-candidates": "3 Ana\n3 Ben"}, "The same entry number stands there twice."),
        ({"questions-0-candidates": "\n".join(f"Name {i}" for i in range(31))}, "thirty answers at most"),
        ({"questions-0-seats": "4"}, "There are not that many candidates."),
        ({"questions-0-seats": "0"}, "Ensure this value is greater than or equal to 1."),
        (
            {"questions-0-candidates": "Ana\n3 Ben\nCleo", "elected_role": "teller"},
            "each line begins with an entry",
        ),
        ({"questions-0-candidates": "3 Ana\n99 Ben", "elected_role": "teller"}, "members on the roll"),
        ({"elected_role": "chair"}, "Select a valid choice."),
        ({"group": "BELENIOS-2048"}, "Select a valid choice."),
        ({**RANK, "elected_role": "teller"}, "each line begins with an entry number."),
    ],
)
def test_election_refuses_what_cannot_be(
    changed: dict[str, str], sentence: str, people: CommitteeOfPeople, organiser: Client
) -> None:
    answer = organiser.post("/ballots/new/?kind=elect", terms(people, **{**ELECT, **changed}))

    page = refused(answer)
    assert sentence in page
    assert "For one year." in page


@pytest.mark.parametrize(
    ("kind", "sent", "extra"),
    [
        ("rank", RANK, {"type": "PreferentialVoting", "blank": True, "method": "Schulze"}),
        (
            "grade",
            GRADE,
            {
                "type": "ScoreVoting",
                "blank": False,
                "method": "MajorityJudgment",
                "grades": ["Good", "Fair", "Bad"],
            },
        ),
    ],
)
def test_proposals_are_ranked_or_graded(
    kind: str, sent: dict[str, str], extra: dict[str, Any], people: CommitteeOfPeople, organiser: Client
) -> None:
    organiser.post(f"/ballots/new/?kind={kind}", terms(people, **sent))

    (question,) = Ballot.objects.get().questions
    assert question["extra"] == extra
    assert len(question["answers"]) == 2


@pytest.mark.parametrize(
    ("grades", "sentence"),
    [
        ("Good", "There are two to ten grades."),
        ("\n".join("abcdefghijk"), "There are two to ten grades."),
        ("Good\nGood", "Two answers are the same."),
        ("Good\n" + "B" * 41, "A grade has forty characters at most."),
    ],
)
def test_grades_that_nobody_can_give_are_refused(
    grades: str, sentence: str, people: CommitteeOfPeople, organiser: Client
) -> None:
    sent = {**GRADE, "questions-0-grades": grades}

    assert sentence in refused(organiser.post("/ballots/new/?kind=grade", terms(people, **sent)))


def test_one_more_question_is_of_the_same_kind_without_javascript(
    people: CommitteeOfPeople, organiser: Client
) -> None:
    answer = organiser.post("/ballots/new/?kind=grade", terms(people, **GRADE, add_question="1"))

    page = refused(answer)
    assert 'name="questions-1-grades"' in page
    assert "Excellent" in page
    assert 'value="grade"' in page


@pytest.mark.parametrize("asked", [DELEGATES, DEMANDS, GRADED, YES_OR_NO])
def test_form_of_a_draft_sends_back_what_the_draft_says(
    asked: dict[str, Any], people: CommitteeOfPeople, organiser: Client
) -> None:
    effect = {"kind": "give_role_to_elected", "candidates": [4, 2, 3, 1], "role": "teller"}
    kept = draft(
        people,
        group=RANKING_GROUP if "type" in asked else "Ed25519",
        questions=[asked],
        effect=effect if asked == DELEGATES else None,
        trustees=[],
        tellers=[],
    ).ballot
    before = (kept.questions, kept.effect, kept.group)

    organiser.post(f"/ballots/{kept.uuid}/edit/", sent_by(organiser.get(f"/ballots/{kept.uuid}/edit/")))

    kept.refresh_from_db()
    assert (kept.questions, kept.effect, kept.group) == before


def test_draft_of_several_kinds_is_edited_without_a_loss(
    people: CommitteeOfPeople, organiser: Client
) -> None:
    asked = [YES_OR_NO, DEMANDS, GRADED]
    kept = draft(people, group=RANKING_GROUP, questions=asked, trustees=[], tellers=[]).ballot
    sent = sent_by(organiser.get(f"/ballots/{kept.uuid}/edit/"))

    organiser.post(f"/ballots/{kept.uuid}/edit/", {**sent, "title": "Another"})

    kept.refresh_from_db()
    assert (kept.title, kept.questions, kept.group) == ("Another", asked, RANKING_GROUP)


def sent_by(answer: Any) -> dict[str, Any]:
    """What a browser would send, had nobody touched the form."""
    context = answer.context
    sent: dict[str, Any] = {}
    for form in (context["form"], context["questions"].management_form, *context["questions"].forms):
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not False and value is not None:
                sent[field.html_name] = value
    return sent


# A law: whatever the form takes is a question that an election can ask.

lines = st.lists(st.text(st.characters(codec="utf-8"), max_size=12), max_size=5).map("\n".join)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    kind=st.sampled_from(list(asking.FIELDS)),
    asked=st.text(st.characters(codec="utf-8"), max_size=20),
    texts=st.tuples(lines, lines, lines),
    numbers=st.tuples(*[st.integers(-1, 6)] * 3),
    blank=st.booleans(),
)
def test_what_the_form_takes_an_election_can_ask(
    kind: str, asked: str, texts: tuple[str, str, str], numbers: tuple[int, int, int], blank: bool
) -> None:
    answers, candidates, grades = texts
    fewest, most, seats = numbers
    sent = {
        "question": asked,
        "answers": answers,
        "candidates": candidates,
        "grades": grades,
        "min": fewest,
        "max": most,
        "seats": seats,
        **({"blank": "on"} if blank else {}),
    }
    form = asking.QuestionForm(sent, kind=kind, call=asking.YES_OR_NO)

    if form.is_valid():
        question = form.as_question()
        try:
            assert questions.sound(question) == question
        except questions.ImpossibleQuestion:
            # Only what cannot be printed on one line is left to the action, which says so.
            printed = [
                question["question"],
                *question["answers"],
                *question.get("extra", {}).get("grades", []),
            ]
            assert not all(line.isprintable() for line in printed)


def test_practice_can_be_a_ranking(people: CommitteeOfPeople, organiser: Client) -> None:
    organiser.post("/ballots/practise/", {"kind": "rank"})

    ballot = Ballot.objects.get()
    assert (ballot.practice, ballot.group, ballot.effect) == (True, RANKING_GROUP, None)
    assert questions.method_of(ballot.questions[0]) == questions.STV
    actions.announce(ballot, people.members[0].member, now=ballot.opens_not_before)
