"""Answers about clauses: any member gives them, none is changed, and the pages say what is missing."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories.bargaining import contract, put_forward, said, wages
from factories.workplace import CommitteeOfPeople, found
from openfloor.audit.queries import last_entry
from openfloor.bargaining import actions, queries
from openfloor.bargaining.actions.enforceable import MOST_ANSWERS
from openfloor.bargaining.clauses import Answer, Finding, Question
from openfloor.bargaining.clauses_shown import MOST_ANSWERS_SHOWN
from openfloor.bargaining.errors import (
    AnsweredOften,
    AnsweredSo,
    BadAnswer,
    MembersAnswer,
    NothingToAsk,
    PassageNotThere,
)
from openfloor.bargaining.models import Article, ClauseAnswer, Proposal
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

NOW = timezone.now()
TEXT = "The Employer shall assign at most four patients to a nurse, at all times,\nand may average as needed."


@pytest.fixture
def article(organiser: Member) -> Article:
    return wages(organiser, contract(organiser))


@pytest.fixture
def clause(organiser: Member, article: Article) -> Proposal:
    return put_forward(organiser, article, "theirs", text=TEXT)


def answer(
    by: Member, clause: Proposal, says: Answer, passage: str = "", question: Question = Question.WHO
) -> ClauseAnswer:
    return actions.answer_clause(by, clause, question, says, passage=passage, now=NOW)


def address(clause: Proposal) -> str:
    return f"/bargaining/proposals/{clause.pk}/enforceable/"


def test_answer_keeps_the_passage_in_one_line_and_the_ledger_as_it_is(
    member: Member, clause: Proposal
) -> None:
    before = last_entry(member.committee_id)

    answer(member, clause, Answer.YES, "at all times,  and\nmay average", Question.MEASURED_WHEN)

    given = ClauseAnswer.objects.get()
    assert (given.by, given.proposal, given.question, given.says, given.passage, given.follows) == (
        member,
        clause,
        "measured_when",
        "yes",
        "at all times, and may average",
        None,
    )
    assert last_entry(member.committee_id) == before


def test_answer_again_stands_beside_the_first_and_is_the_one_that_holds(
    member: Member, clause: Proposal
) -> None:
    first = answer(member, clause, Answer.NO)
    kept = ClauseAnswer.objects.filter(pk=first.pk).values().get()

    second = answer(member, clause, Answer.YES, "The Employer shall")

    assert second.follows == first
    assert ClauseAnswer.objects.filter(pk=first.pk).values().get() == kept
    assert queries.findings_about([clause])[clause.pk][Question.WHO] is Finding.SAYS


def test_two_who_differ_are_both_heard(organiser: Member, member: Member, clause: Proposal) -> None:
    answer(organiser, clause, Answer.NO)
    answer(member, clause, Answer.YES, "The Employer shall")

    found = queries.findings_about([clause])[clause.pk]

    assert found == dict.fromkeys(Question, Finding.UNANSWERED) | {Question.WHO: Finding.DISPUTED}


@pytest.mark.parametrize(
    ("says", "passage", "error"),
    [
        (Answer.YES, " \n", BadAnswer),
        (Answer.YES, "a" * 1_001, BadAnswer),
        (Answer.NO, "The Employer shall", BadAnswer),
        (Answer.UNSURE, "The Employer shall", BadAnswer),
        (Answer.YES, "The Employer must", PassageNotThere),
    ],
)
def test_answer_refuses_what_the_clause_does_not_say(
    member: Member, clause: Proposal, refuses: Refuses, says: Answer, passage: str, error: Any
) -> None:
    with refuses(error):
        answer(member, clause, says, passage)


def test_answer_refuses_the_same_again_and_one_too_many(
    member: Member, clause: Proposal, refuses: Refuses
) -> None:
    for time in range(MOST_ANSWERS):
        answer(member, clause, (Answer.NO, Answer.UNSURE)[time % 2])
        with refuses(AnsweredSo):
            answer(member, clause, (Answer.NO, Answer.UNSURE)[time % 2])

    with refuses(AnsweredOften):
        answer(member, clause, Answer.NO)


def test_answer_refuses_what_says_nothing(
    organiser: Member, member: Member, clause: Proposal, refuses: Refuses
) -> None:
    taken = actions.withdraw(organiser, clause.article, "theirs", made_on=clause.made_on, source="", now=NOW)

    with refuses(NothingToAsk):
        answer(member, taken, Answer.NO)
    assert browser_of(member).get(address(taken)).status_code == 404


def test_nobody_but_a_member_of_the_committee_answers(
    people: CommitteeOfPeople, clause: Proposal, refuses: Refuses
) -> None:
    stranger = found(name="Day shift", index=9).members[0].member
    left = people.members[2].member
    left.state = Member.State.LEFT

    for by in (stranger, left):
        with refuses(MembersAnswer):
            answer(by, clause, Answer.NO)


def test_the_database_refuses_two_first_answers_and_a_yes_without_a_passage(
    member: Member, clause: Proposal
) -> None:
    values: dict[str, Any] = {
        "committee": clause.committee,
        "proposal": clause,
        "question": "who",
        "by": member,
        "answered_at": NOW,
    }
    answer(member, clause, Answer.NO)

    for wrong in ({"says": "unsure"}, {"says": "yes", "question": "remedy"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClauseAnswer.objects.create(**values | wrong)


# Pages


def test_the_article_says_in_words_what_is_missing(
    organiser: Member, member: Member, clause: Proposal
) -> None:
    answer(member, clause, Answer.YES, "The Employer shall")
    answer(organiser, clause, Answer.NO, question=Question.REMEDY)
    answer(member, clause, Answer.UNSURE, question=Question.EVIDENCE)

    page = browser_of(member).get(f"/bargaining/articles/{clause.article_id}/").text

    for sentence in (
        "2 of 6 questions are answered.",
        "It does not say: what follows when it is broken, and by when.",
        "Nobody is sure: what counts as evidence.",
        "Nobody has answered: how much; when it is measured; who measures it.",
        "<mark>may</mark>: It lets somebody do it, and makes nobody.",
        "<mark>as needed</mark>: It does not say who finds that it is needed.",
        address(clause),
    ):
        assert sentence in page


def test_the_page_shows_both_sides_and_who_answered(
    organiser: Member, member: Member, article: Article, clause: Proposal
) -> None:
    ours = put_forward(organiser, article, "ours", text="The Employer shall assign at most four patients.")
    answer(organiser, ours, Answer.YES, "at most four patients", Question.HOW_MUCH)
    answer(member, clause, Answer.NO)
    answer(member, clause, Answer.YES, "The Employer shall")

    page = browser_of(member).get(address(clause)).text

    assert "and <mark>may</mark> average <mark>as needed</mark>." in page
    assert f'<a href="{address(ours)}">We · ' in page
    assert "<strong>Yes</strong>: “at most four patients”" in page
    assert "entry 2 · answered anew since</span><p><s><strong>No</strong></s></p>" in page
    assert "entry 2</span><p><strong>Yes</strong>: “The Employer shall”</p>" in page


def test_a_version_that_was_followed_says_so(organiser: Member, article: Article, clause: Proposal) -> None:
    put_forward(organiser, article, "theirs", text="Other words.")

    assert "Version 1 no longer stands" in browser_of(organiser).get(address(clause)).text


def test_answering_by_the_page(member: Member, clause: Proposal) -> None:
    browser = browser_of(member)
    typed = {"question": "who", "who-says": "yes", "who-passage": "The Employer should"}

    refused = browser.post(address(clause), typed)
    assert "These words do not stand in this version." in refused.text
    assert "The Employer should</textarea>" in refused.text
    assert not ClauseAnswer.objects.exists()
    taken = browser.post(address(clause), typed | {"who-passage": "The Employer shall"})

    assert taken.headers["Location"] == f"{address(clause)}#who"
    assert ClauseAnswer.objects.get().by == member


def test_a_question_that_is_none_changes_nothing(member: Member, clause: Proposal) -> None:
    answered = browser_of(member).post(address(clause), {"question": "whom", "whom-says": "no"}, follow=True)

    assert "Nothing was saved" in answered.text
    assert not ClauseAnswer.objects.exists()


def test_an_answer_gives_back_what_was_typed_about_the_other_questions(
    member: Member, clause: Proposal
) -> None:
    browser = browser_of(member)
    other = {"how_much-says": "yes", "how_much-passage": "half typed"}

    saved = browser.post(address(clause), {"question": "who", "who-says": "no", **other})
    refused = browser.post(address(clause), {"question": "who", "who-says": "yes", **other})

    assert ClauseAnswer.objects.get().question == Question.WHO
    assert "Saved. Earlier answers stay beside it." in saved.text
    assert saved.text.count("half typed") == refused.text.count("half typed") == 1
    assert refused.context["questions"][0].form.errors
    assert not saved.context["questions"][0].form.errors


def test_hostile_text_and_passages_are_shown_as_text(organiser: Member, article: Article) -> None:
    hostile = put_forward(organiser, article, "theirs", text="<img src=x onerror=alert(1)> may <b>")
    answer(organiser, hostile, Answer.YES, "<img src=x onerror=alert(1)> may")
    browser = browser_of(organiser)

    for page in (address(hostile), f"/bargaining/articles/{article.pk}/"):
        assert "<img" not in browser.get(page).text


def test_a_correction_is_asked_anew(organiser: Member, member: Member, clause: Proposal) -> None:
    answer(member, clause, Answer.YES, "The Employer shall")

    right = actions.correct(organiser, clause, said("The Employer will."), reason="A slip.", now=NOW)

    assert set(queries.findings_about([right])[right.pk].values()) == {Finding.UNANSWERED}
    assert ClauseAnswer.objects.count() == 1


def test_many_answers_take_as_many_queries_as_few_and_the_last_are_shown(
    organiser: Member, member: Member, article: Article, clause: Proposal, django_assert_num_queries: Any
) -> None:
    put_forward(organiser, article, "ours", text="Other words.")
    answer(member, clause, Answer.NO)
    browser = browser_of(member)
    browser.get(address(clause))

    with django_assert_num_queries(8):
        browser.get(address(clause))
    for time in range(MOST_ANSWERS_SHOWN - 1):
        answer(member, clause, (Answer.UNSURE, Answer.NO)[time % 2])
    for question in Question:
        answer(organiser, clause, Answer.UNSURE, question=question)
    with django_assert_num_queries(8):
        page = browser.get(address(clause)).text

    assert "and 1 earlier answer" in page
