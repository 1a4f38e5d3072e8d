"""What the offers mean for a member: the page gives the figures exactly, and asks the server for nothing."""

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from factories.bargaining import by_year, contract, put_forward, said, wages
from openfloor.bargaining import actions
from openfloor.bargaining.figures import Figures, Step
from openfloor.bargaining.models import Article
from openfloor.workplace.models import Member
from workrules.wages import SERIES, LumpSum

from .conftest import browser_of

NOW = timezone.now()


@pytest.fixture
def article(organiser: Member) -> Article:
    return wages(organiser, contract(organiser))


def page_of(member: Member, article: Article, *, asks_for: object = "") -> str:
    address = f"/bargaining/contracts/{article.contract_id}/me/"
    text: str = browser_of(member).get(address, {"article": str(asks_for)}).text
    return text


def given(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="reckoning" type="application/json">(.*?)</script>', page)
    assert found is not None
    values: dict[str, Any] = json.loads(found[1])
    return values


def test_the_page_gives_every_offer_exactly_and_what_stands_first(
    organiser: Member, member: Member, article: Article
) -> None:
    put_forward(organiser, article, "ours", "10", "7", "7", "7")
    put_forward(organiser, article, "theirs", "6.5", "5", "5", "5")
    put_forward(organiser, article, "ours", "9", "6", "6", "6")

    [offers] = [each["offers"] for each in given(page_of(member, article))["articles"]]

    assert [(each["title"], each["stands"]) for each in offers] == [
        ("We", True),
        ("They", True),
        ("We", False),
    ]
    assert offers[1] == {
        "side": "theirs",
        "title": "They",
        "day": "1 September 2026",
        "stands": True,
        "figures": {
            "starts_on": "2026-10-01",
            "ends_on": "2030-10-01",
            "raises": [
                {"on": f"{2026 + year}-10-01", "rate": rate}
                for year, rate in enumerate(("13/200", "1/20", "1/20", "1/20"))
            ],
        },
    }


def test_what_both_agreed_on_stands_alone_and_a_mistake_is_no_offer(
    organiser: Member, article: Article
) -> None:
    wrong = put_forward(organiser, article, "theirs", "2", "5")
    actions.correct(organiser, wrong, said(figures=by_year("5", "5")), reason="It was five.", now=NOW)
    actions.agree(organiser, article, said(figures=by_year("6", "5")), now=NOW)

    [offers] = [each["offers"] for each in given(page_of(organiser, article))["articles"]]

    assert [(each["side"], each["stands"], each["figures"]["raises"][0]["rate"]) for each in offers] == [
        ("both", True, "3/50"),
        ("theirs", False, "1/20"),
    ]


def test_what_was_taken_back_was_said_before(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "theirs", "5", "5")
    actions.withdraw(organiser, article, "theirs", made_on=date(2026, 9, 2), source="", now=NOW)

    [offers] = [each["offers"] for each in given(page_of(organiser, article))["articles"]]

    assert [each["stands"] for each in offers] == [False]


def test_money_paid_once_and_nothing_else_is_an_offer_too(organiser: Member, article: Article) -> None:
    once = Figures(lump_sums=(LumpSum(paid_on=date(2026, 12, 1), amount=Decimal("1500.50")),))
    actions.propose(organiser, article, "theirs", said(figures=once), now=NOW)

    [offers] = [each["offers"] for each in given(page_of(organiser, article))["articles"]]

    assert offers[0]["figures"] == {"lump_sums": [{"on": "2026-12-01", "amount": "1500.50"}]}


def test_steps_of_a_scale_that_stands_are_offered_with_who_wrote_them(
    organiser: Member, article: Article
) -> None:
    for side, pay in (("ours", "48.20"), ("theirs", "47.00"), ("ours", "49.00")):
        scale = by_year("5", steps=(Step(name="RN 3", pay=Decimal(pay)),))
        actions.propose(organiser, article, side, said(figures=scale), now=NOW)

    page = page_of(organiser, article)

    assert given(page)["steps"] == [
        {"name": "RN 3", "pay": "49.00", "said": "We, 1 September 2026"},
        {"name": "RN 3", "pay": "47.00", "said": "They, 1 September 2026"},
    ]
    assert "RN 3: 49.00" in page


def test_every_price_series_is_given_with_what_it_lacks(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "theirs", "5")

    page = page_of(organiser, article)

    series = given(page)["series"]
    assert [(each["key"], each["incomplete"], len(each["unverified"])) for each in series] == [
        ("cpi-u-us", [2025], 0),
        ("cpi-u-san-francisco-abag", [], 0),
        ("cpi-u-los-angeles", [], 8),
    ]
    assert [each["levels"][0] for each in series] == [[2015, str(each.levels[0][1])] for each in SERIES]
    assert "CPI-U, Los Angeles-Long Beach-Anaheim (not checked)" in page


def test_figures_that_nobody_compared_are_marked_on_the_page_of_the_article(
    organiser: Member, article: Article
) -> None:
    put_forward(organiser, article, "theirs", "5")
    address = f"/bargaining/articles/{article.pk}/"
    browser = browser_of(organiser)

    marked = browser.get(address, {"prices": "cpi-u-los-angeles"}).text

    assert "Prices 2018 to 2022" in marked
    assert marked.count("not checked") == 2
    assert "Nobody has compared these figures" in marked
    assert "not checked" not in browser.get(address).text


def test_the_article_that_was_asked_for_is_chosen(organiser: Member, article: Article) -> None:
    other = actions.add_article(organiser, article.contract, number="13", title="Nights", now=NOW)
    put_forward(organiser, article, "theirs", "5")
    put_forward(organiser, other, "theirs", "2")

    page = page_of(organiser, article, asks_for=other.pk)

    assert f'<option value="{other.pk}" selected>13 · Nights</option>' in page
    assert "selected" not in page_of(organiser, article, asks_for="<nonsense>").partition("data-series")[0]


def test_without_a_raise_on_the_table_the_page_says_what_to_do(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "ours")

    page = page_of(organiser, article)

    assert "Nobody has put a raise on the table yet." in page
    assert "offer-for-me" not in page


def test_nothing_typed_can_be_sent(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "theirs", "5")

    page = page_of(organiser, article)

    main = page.partition("<main")[2].partition("</main>")[0]
    assert "<form" not in main
    assert " name=" not in main
    assert (
        f"/bargaining/articles/{article.pk}/" in main.partition("<noscript>")[2].partition("</noscript>")[0]
    )


def test_hostile_words_stay_words(organiser: Member) -> None:
    article = actions.add_article(
        organiser, contract(organiser), number="12", title="</script><b>Wages</b>", now=NOW
    )
    put_forward(organiser, article, "theirs", "5")

    page = page_of(organiser, article)

    assert "<b>" not in page
    assert given(page)["articles"][0]["name"] == "12 · </script><b>Wages</b>"


def test_as_many_queries_for_many_offers_as_for_one(organiser: Member, article: Article) -> None:
    put_forward(organiser, article, "theirs", "5")
    counts = []

    for rate in ("1", "2", "3"):
        with CaptureQueriesContext(connection) as queries:
            page_of(organiser, article)
        counts.append(len(queries))
        other = actions.add_article(organiser, article.contract, number=f"2{rate}", title="More", now=NOW)
        put_forward(organiser, other, "ours", rate)

    assert len(set(counts)) == 1
