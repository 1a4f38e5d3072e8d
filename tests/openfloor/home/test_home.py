"""The first page reads like one story: what we decided, what they offered, and the dates around today."""

from datetime import date, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.bargaining import by_year, contract, said, session, wages
from factories.mandates import asked_after
from factories.workplace import ZONE, make_committee
from openfloor.ballots import actions as ballots
from openfloor.ballots.mandate import pairs_of
from openfloor.ballots.models import Mandate, MandateBreach
from openfloor.bargaining import actions
from openfloor.bargaining.models import Article
from openfloor.workplace.models import Member
from openfloor.workplace.signin import SESSION_KEY
from workrules.mandates import Deed

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def decided() -> Called:
    """31 % over four years were decided some weeks ago; a strike must begin within the year."""
    people = make_committee(3, founded_on=(timezone.now() - 80 * DAY).date())
    asked = asked_after(timezone.now() + 100 * DAY)
    return ballot_in_state("counted", people=people, votes=(YES, YES, NO), mandate=asked)


@pytest.fixture
def article(decided: Called) -> Article:
    ends = today() + 24 * DAY
    return wages(decided.organiser, contract(decided.organiser, expires_on=ends))


def today() -> date:
    """Where the committee works."""
    return timezone.now().astimezone(ZoneInfo(ZONE)).date()


def put(article: Article, by: Member, side: str, *rates: str) -> None:
    words = said(f"Wages rise by {rates}.", figures=by_year(*rates), made_on=today())
    actions.propose(by, article, side, words, now=timezone.now())


def home(member: Member) -> str:
    client = Client()
    browser_session = client.session
    browser_session[SESSION_KEY] = str(member.pk)
    browser_session.save()
    return client.get("/").text


def test_it_says_what_was_decided_what_they_offered_last_and_what_ours_is_below(
    decided: Called, article: Article
) -> None:
    put(article, decided.organiser, "theirs", "5", "5", "5", "5")
    put(article, decided.organiser, "theirs", "6.5", "5", "5", "5")
    put(article, decided.organiser, "ours", "9", "6", "6", "6")

    page = home(decided.person(2).member)

    assert "Below the mandate" in page
    assert "Raises, added up: 21.5 %" in page
    assert "Raises, added up: 20 %" not in page
    assert "Raise over four years: 27 % where at least 31 % was decided, no vote since." in page


def test_what_was_written_down_wrongly_is_not_what_was_offered(decided: Called, article: Article) -> None:
    put(article, decided.organiser, "theirs", "5", "5")
    wrong = article.proposals.get()
    right = said("Six.", figures=by_year("6", "6"), made_on=today())
    actions.correct(decided.organiser, wrong, right, reason="It was 6.", now=timezone.now())

    assert "Raises, added up: 12 %" in home(decided.organiser)


def test_it_shows_when_the_contract_runs_out_and_when_something_falls_due(
    decided: Called, article: Article
) -> None:
    page = home(decided.organiser)

    assert "The contract runs out: Nurses and technicians" in page
    assert "It must have begun: Strike from the day the contract ends" in page


def test_many_articles_of_one_day_are_one_line(decided: Called, article: Article) -> None:
    put(article, decided.organiser, "theirs", "5")
    for number in range(4):
        more = actions.add_article(
            decided.organiser, article.contract, number=f"{number}b", title="More", now=timezone.now()
        )
        put(more, decided.organiser, "theirs", "5")

    assert "They spoke of 5 articles." in home(decided.organiser)


def test_a_session_that_goes_on_is_something_to_read_along(decided: Called, article: Article) -> None:
    session(decided.organiser, article.contract, title="Session 9")

    page = home(decided.person(2).member)

    assert "They are at the table" in page
    assert "At the table: Session 9" in page


def test_what_another_told_waits_for_whoever_did_not_tell_it(decided: Called) -> None:
    happened = ballots.Happened(
        deed=Deed.OFFERED,
        at=timezone.now() - DAY,
        act="Our side offered 27 %.",
        source="Minutes",
        numbers=pairs_of({"wages.total": [Fraction(27, 100)]}),
    )
    teller = decided.person(2).member
    ballots.enter_event(Mandate.objects.get(), teller, happened, timezone.now())

    assert "Is this what was done?" in home(decided.person(3).member)
    assert "Is this what was done?" not in home(teller)


def test_a_vote_that_is_called_for_is_shown_to_whoever_has_not_called(
    decided: Called, article: Article
) -> None:
    put(article, decided.organiser, "ours", "5")
    caller = decided.person(2).member
    ballots.call_for_vote(MandateBreach.objects.get(), caller, timezone.now())

    assert "Shall we vote on it?" in home(decided.person(3).member)
    assert "Shall we vote on it?" not in home(caller)


def test_it_asks_no_more_questions_however_much_there_is(decided: Called, article: Article) -> None:
    put(article, decided.organiser, "ours", "5")
    put(article, decided.organiser, "theirs", "5")
    session(decided.organiser, article.contract)
    with CaptureQueriesContext(connection) as few:
        home(decided.organiser)
    for number in range(6):
        more = actions.add_article(
            decided.organiser, article.contract, number=f"{number}b", title="More", now=timezone.now()
        )
        put(more, decided.organiser, "theirs", "5")
        put(more, decided.organiser, "ours", "4")
        session(decided.organiser, article.contract, title=f"Session {number}")
    with CaptureQueriesContext(connection) as many:
        home(decided.organiser)

    assert len(many) == len(few)
