"""Versions of articles: every deed adds one, none changes one, and the pages say who moved."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from factories.bargaining import by_year, contract, put_forward, said, wages
from factories.workplace import found
from openfloor.audit.queries import last_entry
from openfloor.bargaining import actions, queries
from openfloor.bargaining.actions.proposals import hash_of
from openfloor.bargaining.errors import (
    ArticleThere,
    BadArticle,
    BadProposal,
    CorrectedAlready,
    DayTooFar,
    NothingNew,
    NothingToCorrect,
    NothingToWithdraw,
    OrganisersBargain,
)
from openfloor.bargaining.models import Article, Proposal
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

NOW = timezone.now()
TYPED = {"side": "theirs", "made_on": "2026-09-01", "text": "Wages rise by five percent."}


@pytest.fixture
def article(organiser: Member) -> Article:
    return wages(organiser, contract(organiser))


def test_propose_adds_a_version_and_an_entry_with_its_hash(organiser: Member, article: Article) -> None:
    version = put_forward(organiser, article, "ours", "10", "7", "7", "7")

    entry = last_entry(organiser.committee_id)
    assert entry is not None
    payload = json.loads(entry.payload or "")
    assert (payload["what"], payload["side"], payload["version"]) == ("proposed", "ours", 1)
    assert payload["hash"] == version.hash == hash_of(Proposal.objects.get())


def test_propose_again_keeps_what_was_said_before(organiser: Member, article: Article) -> None:
    first = put_forward(organiser, article, "ours", "10", "7", "7", "7")
    kept = Proposal.objects.filter(pk=first.pk).values().get()

    second = put_forward(organiser, article, "ours", "9", "6", "6", "6")

    assert second.number == 2
    assert Proposal.objects.filter(pk=first.pk).values().get() == kept


def test_propose_refuses_what_that_side_says_already(
    organiser: Member, article: Article, refuses: Refuses
) -> None:
    put_forward(organiser, article, "ours", "10")
    put_forward(organiser, article, "theirs", "10")

    with refuses(NothingNew):
        put_forward(organiser, article, "ours", "10")


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": " \n"},
        {"text": "a" * 60_001},
        {"made_on": NOW.date() + timedelta(days=2)},
        {"source": "a" * 201},
    ],
)
def test_propose_refuses_what_cannot_be(
    organiser: Member, article: Article, refuses: Refuses, wrong: dict[str, Any]
) -> None:
    with refuses(BadProposal):
        actions.propose(organiser, article, "ours", said(**wrong), now=NOW)


def test_propose_refuses_a_day_that_no_contract_reaches(
    organiser: Member, article: Article, refuses: Refuses
) -> None:
    with refuses(DayTooFar):
        actions.propose(organiser, article, "ours", said(made_on=date(1899, 12, 31)), now=NOW)


def test_correct_adds_a_version_that_says_what_was_wrong(organiser: Member, article: Article) -> None:
    wrong = put_forward(organiser, article, "theirs", "2", "5")

    actions.correct(
        organiser, wrong, said(figures=by_year("5", "5")), reason="It was five, not two.", now=NOW
    )

    right = queries.standing_version(article, "theirs")
    assert right is not None
    assert (right.number, right.side, right.corrects) == (2, "theirs", wrong)
    assert Proposal.objects.count() == 2
    page = browser_of(organiser).get("/ledger/").text
    assert "corrected version 1 of article 12, “Wages”, by version 2: It was five, not two." in page


def test_correct_refuses_a_second_correction_and_one_without_a_reason(
    organiser: Member, article: Article, refuses: Refuses
) -> None:
    wrong = put_forward(organiser, article, "theirs", "2")
    with refuses(BadProposal):
        actions.correct(organiser, wrong, said(), reason="", now=NOW)
    actions.correct(organiser, wrong, said(), reason="A slip.", now=NOW)

    with refuses(CorrectedAlready):
        actions.correct(organiser, wrong, said("Otherwise."), reason="Another.", now=NOW)


def test_withdraw_takes_what_stands_from_the_table(
    organiser: Member, article: Article, refuses: Refuses
) -> None:
    put_forward(organiser, article, "ours", "10")
    taken: dict[str, Any] = {"made_on": date(2026, 9, 2), "source": "", "now": NOW}
    with refuses(NothingToWithdraw):
        actions.withdraw(organiser, article, "theirs", **taken)

    version = actions.withdraw(organiser, article, "ours", **taken)

    assert queries.standing_version(article, "ours") is None
    with refuses(NothingToWithdraw):
        actions.withdraw(organiser, article, "ours", **taken)
    with refuses(NothingToCorrect):
        actions.correct(organiser, version, said(), reason="It was not.", now=NOW)


def test_agree_stands_until_a_side_comes_back(organiser: Member, article: Article, refuses: Refuses) -> None:
    agreed = actions.agree(organiser, article, said("Agreed words."), now=NOW)
    with refuses(NothingNew):
        actions.agree(organiser, article, said("Agreed words."), now=NOW)
    assert queries.standing_version(article, "both") == agreed

    put_forward(organiser, article, "theirs", "3")

    assert queries.standing_version(article, "both") is None


def test_add_article_refuses_a_number_twice_and_names_that_cannot_be(
    organiser: Member, article: Article, refuses: Refuses
) -> None:
    with refuses(ArticleThere):
        wages(organiser, article.contract)
    with refuses(BadArticle):
        actions.add_article(organiser, article.contract, number=" ", title="Breaks", now=NOW)
    with refuses(BadArticle):
        actions.add_article(organiser, article.contract, number="13", title="a" * 121, now=NOW)


def test_nobody_but_an_organiser_of_the_committee_writes(
    organiser: Member, member: Member, article: Article, refuses: Refuses
) -> None:
    version = put_forward(organiser, article, "ours", "10")
    stranger = found(name="Day shift", index=9).members[0].member
    taken: dict[str, Any] = {"made_on": date(2026, 9, 2), "source": "", "now": NOW}

    for by in (member, stranger):
        with refuses(OrganisersBargain):
            actions.add_article(by, article.contract, number="13", title="Breaks", now=NOW)
        with refuses(OrganisersBargain):
            put_forward(by, article, "theirs", "5")
        with refuses(OrganisersBargain):
            actions.agree(by, article, said(), now=NOW)
        with refuses(OrganisersBargain):
            actions.withdraw(by, article, "ours", **taken)
        with refuses(OrganisersBargain):
            actions.correct(by, version, said(), reason="A slip.", now=NOW)


@pytest.mark.parametrize(
    "impossible",
    [
        {"kind": "corrected"},
        {"kind": "agreed", "side": "ours"},
        {"kind": "proposed", "side": "both"},
        {"kind": "proposed", "text": ""},
        {"kind": "withdrawn"},
    ],
)
def test_the_database_refuses_versions_that_cannot_be(
    organiser: Member, article: Article, impossible: dict[str, Any]
) -> None:
    values = {"side": "ours", "text": "Words.", **impossible}

    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.create(
            committee=article.committee,
            article=article,
            number=1,
            made_on=date(2026, 9, 1),
            written_by=organiser,
            written_at=NOW,
            **values,
        )


# Pages


def test_the_page_says_who_moved_and_what_the_offers_come_to(
    organiser: Member, member: Member, article: Article
) -> None:
    put_forward(organiser, article, "ours", "10", "7", "7", "7")
    put_forward(organiser, article, "theirs", "5", "5", "5", "5")
    put_forward(organiser, article, "ours", "9", "6", "6", "6")

    page = browser_of(member).get(f"/bargaining/articles/{article.pk}/").text

    assert (
        "Raises, added up: 31 % → 27 %. We moved 4 points towards them; 7 points are left between us." in page
    )
    assert "29.82 %" in page  # 9, 6, 6 and 6 compounded
    assert "21.55 %" in page
    assert "Months of one of these years are missing." in page
    assert f"/bargaining/articles/{article.pk}/propose/" not in page


def test_another_window_gives_another_figure(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "theirs", "6.5", "5", "5", "5")
    browser = browser_of(organiser)
    address = f"/bargaining/articles/{article.pk}/"

    assert "Against prices of 2021 to 2025" in browser.get(address).text
    other = browser.get(address, {"since": "2015", "until": "2019"}).text
    assert "Against prices of 2015 to 2019" in other
    assert "Months of one of these years are missing." not in other


def test_two_readings_of_a_percentage_are_shown_kindly_and_nothing_is_saved(
    organiser: Member, article: Article
) -> None:
    answer = browser_of(organiser).post(
        f"/bargaining/articles/{article.pk}/propose/",
        {**TYPED, "starts_on": "2026-10-01", "raises": "year 1: 5 %\nyear 2: 0.05"},
    )

    assert "Line 2: “0.05” can be read as 0.05 % or as 5 %." in answer.text.replace("&#x27;", "'")
    assert "year 2: 0.05" in answer.text
    assert not Proposal.objects.exists()


def test_a_version_is_written_down_by_the_page_with_all_its_numbers(
    organiser: Member, article: Article
) -> None:
    numbers = {
        "starts_on": "2026-10-01",
        "ends_on": "2028-10-01",
        "raises": "year 1: 5 %\nyear 2: 5,5",
        "lump_sums": "2026-11-01: 1,500",
        "ratios": "telemetry: 1:4",
        "steps": "RN 3: 48.20",
        "effective_on": "2026-10-01",
    }

    browser_of(organiser).post(f"/bargaining/articles/{article.pk}/propose/", {**TYPED, **numbers})

    assert Proposal.objects.get().figures == {
        "starts_on": "2026-10-01",
        "ends_on": "2028-10-01",
        "effective_on": "2026-10-01",
        "raises": [{"on": "2026-10-01", "rate": "1/20"}, {"on": "2027-10-01", "rate": "11/200"}],
        "lump_sums": [{"on": "2026-11-01", "amount": "1500"}],
        "ratios": [{"where": "telemetry", "patients": "4"}],
        "steps": [{"name": "RN 3", "pay": "48.20"}],
    }


def test_hostile_text_is_shown_as_text(organiser: Member, article: Article) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    put_forward(organiser, article, "theirs", text=hostile)
    put_forward(organiser, article, "theirs", text=f"{hostile} more")
    browser = browser_of(organiser)

    for address in ("", "compare/?old=1&new=2"):
        page = browser.get(f"/bargaining/articles/{article.pk}/{address}").text
        assert "<script>alert" not in page
        assert "<img" not in page


def test_compare_marks_the_words_that_changed(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "ours", text="No nurse has more than four patients.")
    put_forward(organiser, article, "theirs", text="No nurse has more than six patients.")
    browser = browser_of(organiser)
    address = f"/bargaining/articles/{article.pk}/compare/"

    page = browser.get(address, {"old": "1", "new": "2"}).text

    assert "more than <del>four</del><ins>six</ins> patients." in page
    assert browser.get(address, {"old": "1", "new": "3"}).status_code == 404


def test_correcting_and_agreeing_start_from_the_words_that_stand(organiser: Member, article: Article) -> None:
    version = put_forward(organiser, article, "theirs", "5", "5", text="Wages rise by five.")
    browser = browser_of(organiser)

    correcting = browser.get(f"/bargaining/proposals/{version.pk}/correct/").text
    agreeing = browser.get(f"/bargaining/articles/{article.pk}/agree/?from=1").text

    for page in (correcting, agreeing):
        assert "Wages rise by five.</textarea>" in page
        assert "2026-10-01: 5 %\n2027-10-01: 5 %</textarea>" in page


def test_what_was_corrected_already_says_so(organiser: Member, article: Article) -> None:
    wrong = put_forward(organiser, article, "theirs", "2")
    actions.correct(organiser, wrong, said(), reason="A slip.", now=NOW)

    answer = browser_of(organiser).get(f"/bargaining/proposals/{wrong.pk}/correct/", follow=True)

    assert "This version was corrected already." in answer.text
    assert "Corrected by version 2" in answer.text


def test_a_contract_of_many_articles_takes_as_many_queries_as_one_of_few(
    organiser: Member, article: Article, django_assert_num_queries: Any
) -> None:
    browser = browser_of(organiser)
    address = f"/bargaining/contracts/{article.contract_id}/"
    put_forward(organiser, article, "ours", "10")
    browser.get(address)

    with django_assert_num_queries(11):
        browser.get(address)
    for number in range(3):
        more = actions.add_article(organiser, article.contract, number=f"A{number}", title="More", now=NOW)
        put_forward(organiser, more, "ours", "10")
        put_forward(organiser, more, "theirs", "5")
    with django_assert_num_queries(11):
        browser.get(address)
