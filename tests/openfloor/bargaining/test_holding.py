"""What our side puts forward is held against what the members decided, in the same transaction."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from factories.ballots import NO, YES, Called, ballot_in_state
from factories.bargaining import by_year, contract, said, session, wages
from factories.mandates import asked_after
from factories.workplace import ZONE, make_committee
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import export_lines
from openfloor.ballots import actions as ballots
from openfloor.ballots.errors import OwnEvent
from openfloor.ballots.mandate_ledger import examine
from openfloor.ballots.models import Mandate, MandateBreach, MandateEvent, PublicMandates
from openfloor.bargaining import actions, queries
from openfloor.bargaining.figures import Figures
from openfloor.bargaining.models import Article, Proposal, Session
from openfloor.bargaining.reporting import generated
from openfloor.workplace.models import Member

from .conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided() -> Called:
    """31 % over four years were decided weeks ago."""
    founded = timezone.now() - timedelta(days=80)
    people = make_committee(3, founded_on=founded.date())
    return ballot_in_state(
        "counted", people=people, votes=(YES, YES, NO), mandate=asked_after(timezone.now(), action=None)
    )


@pytest.fixture
def organiser(decided: Called) -> Member:
    return decided.organiser


@pytest.fixture
def article(organiser: Member) -> Article:
    return wages(organiser, contract(organiser))


def today(days_ago: int = 0) -> date:
    """Where the committee works."""
    return timezone.now().astimezone(ZoneInfo(ZONE)).date() - timedelta(days=days_ago)


def put(by: Member, article: Article, *rates: str, side: str = "ours") -> Proposal:
    figures = by_year(*rates) if rates else Figures()
    words = said(f"Wages rise by {rates}.", figures=figures, made_on=today())
    return actions.propose(by, article, side, words, now=timezone.now())


def kinds() -> list[str]:
    return list(LedgerEntry.objects.order_by("number").values_list("kind", flat=True))


def test_a_version_of_ours_below_a_floor_is_a_breach_at_once(article: Article, organiser: Member) -> None:
    version = put(organiser, article, "9", "6", "6", "6")

    breach = MandateBreach.objects.get()
    assert breach.breach == "offer_below"
    assert [shortfall["value"] for shortfall in breach.shortfalls] == [[27, 100]]
    assert breach.event is not None
    assert breach.event.reference == str(version.pk)
    assert breach.event.source == f"{reverse('article', args=[article.pk])}#version-1"
    assert kinds()[-3:] == ["proposal_written", "mandate_event", "mandate_breached"]


def test_a_version_at_the_floor_is_set_against_the_mandate_and_breaks_nothing(
    article: Article, organiser: Member
) -> None:
    put(organiser, article, "10", "7", "7", "7")

    assert MandateEvent.objects.get().numbers == {"wages.total": [[31, 100]]}
    assert not MandateBreach.objects.exists()


def test_what_they_put_forward_binds_us_to_nothing(article: Article, organiser: Member) -> None:
    put(organiser, article, "5", "5", "5", "5", side="theirs")

    assert not MandateEvent.objects.exists()


def test_what_both_agreed_on_below_a_floor_is_a_breach(article: Article, organiser: Member) -> None:
    words = said("Wages rise.", figures=by_year("6.5", "5", "5", "5"), made_on=today())
    actions.agree(organiser, article, words, now=timezone.now())

    assert MandateBreach.objects.get().shortfalls[0]["value"] == [43, 200]


def test_words_without_numbers_are_held_against_nothing(article: Article, organiser: Member) -> None:
    put(organiser, article)

    assert not MandateEvent.objects.exists()


def test_what_was_said_before_the_members_decided_is_no_breach(
    article: Article, organiser: Member, decided: Called
) -> None:
    day = decided.ballot.closes_at.date()
    words = said("Wages rise.", figures=by_year("5", "5"), made_on=day)
    actions.propose(organiser, article, "ours", words, now=timezone.now())

    assert not MandateEvent.objects.exists()


def test_a_slip_of_the_pen_stays_a_breach_until_another_member_confirms_the_correction(
    article: Article, organiser: Member, decided: Called
) -> None:
    wrong = put(organiser, article, "9", "6", "6", "6")
    right = said("Wages rise.", figures=by_year("13", "6", "6", "6"), made_on=today())
    correction = actions.correct(organiser, wrong, right, reason="It was 13, not 9.", now=timezone.now())

    event = MandateEvent.objects.get(reference=str(correction.pk))
    assert event.corrects == MandateEvent.objects.get(reference=str(wrong.pk))
    assert (event.entered_by, event.line) == (organiser, None)
    assert MandateBreach.objects.get().lifted_line is None
    page = browser_of(organiser).get(reverse("article", args=[article.pk])).text
    assert page.count("27 % where at least 31 % was decided") == 3  # above, and at both versions

    with pytest.raises(OwnEvent):
        ballots.confirm_event(event, organiser, timezone.now())
    ballots.confirm_event(event, decided.person(2).member, timezone.now())

    assert MandateBreach.objects.get().lifted_line is not None
    assert kinds()[-2:] == ["mandate_event", "mandate_breach_lifted"]
    assert "27 % where" not in browser_of(organiser).get(reverse("article", args=[article.pk])).text


def test_a_correction_of_the_next_day_is_held_as_of_the_moment_that_it_corrects(
    article: Article, organiser: Member, decided: Called
) -> None:
    """On the day of the vote itself, whose morning was before the decision."""
    now = decided.ballot.closes_at + timedelta(minutes=30)
    day = now.astimezone(ZoneInfo(ZONE)).date()
    first = said("Wages rise.", figures=by_year("9", "6", "6", "6"), made_on=day)
    wrong = actions.propose(organiser, article, "ours", first, now=now)
    right = said("Wages rise slowly.", figures=by_year("9", "6", "6", "6"), made_on=day)
    actions.correct(organiser, wrong, right, reason="A word was missing.", now=now + timedelta(days=1))

    assert [event.at for event in MandateEvent.objects.order_by("pk")] == [now.replace(microsecond=0)] * 2


def test_a_correction_of_a_correction_leaves_a_ledger_that_holds(
    article: Article, organiser: Member, decided: Called
) -> None:
    """The first takes the offer back, the second has its numbers again."""
    other = decided.person(2).member
    wrong = put(organiser, article, "9", "6", "6", "6")
    for figures, reason in (
        (Figures(), "No numbers were said."),
        (by_year("8", "6", "6", "6"), "They were."),
    ):
        words = said(reason, figures=figures, made_on=today())
        wrong = actions.correct(organiser, wrong, words, reason=reason, now=timezone.now())
        event = MandateEvent.objects.get(reference=str(wrong.pk))
        if event.line is None:
            ballots.confirm_event(event, other, timezone.now())

    examined = examine(list(export_lines(organiser.committee_id)))
    assert (list(examined.findings), examined.mandates, examined.breaches) == ([], 1, 1)


def test_a_correction_can_bring_a_version_below_the_floor(article: Article, organiser: Member) -> None:
    wrong = put(organiser, article, "13", "6", "6", "6")
    right = said("Wages rise.", figures=by_year("9", "6", "6", "6"), made_on=today())
    correction = actions.correct(organiser, wrong, right, reason="It was 9, not 13.", now=timezone.now())

    breach = MandateBreach.objects.get()
    assert breach.event is not None
    assert breach.event.reference == str(correction.pk)


@pytest.mark.parametrize("days_ago", [0, 200])
def test_a_correction_that_takes_the_numbers_or_the_day_away_takes_the_offer_back(
    article: Article, organiser: Member, decided: Called, days_ago: int
) -> None:
    wrong = put(organiser, article, "9", "6", "6", "6")
    figures = by_year("9", "6", "6", "6") if days_ago else Figures()
    right = said("Wages rise.", figures=figures, made_on=today(days_ago))
    actions.correct(organiser, wrong, right, reason="So it was.", now=timezone.now())

    event = MandateEvent.objects.latest("pk")
    ballots.confirm_event(event, decided.person(2).member, timezone.now())
    assert event.takes_back
    assert MandateBreach.objects.get().lifted_line is not None


def test_the_pages_say_below_which_mandate_and_by_how_much(article: Article, organiser: Member) -> None:
    put(organiser, article, "9", "6", "6", "6")
    decided_on = Mandate.objects.get().decided_at
    browser = browser_of(organiser)

    for address in (
        reverse("article", args=[article.pk]),
        reverse("contract", args=[article.contract_id]),
    ):
        page = browser.get(address).content.decode()
        assert "Raise over four years: 27 % where at least 31 % was decided, no vote since." in page
        assert f"Below the mandate of {decided_on.day} " in page


def test_a_page_of_many_articles_asks_no_more_questions_than_one_of_few(
    article: Article, organiser: Member
) -> None:
    browser, address = browser_of(organiser), reverse("contract", args=[article.contract_id])
    put(organiser, article, "9", "6", "6", "6")
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for number in range(5):
        more = actions.add_article(
            organiser, article.contract, number=f"{number}b", title="Wages", now=timezone.now()
        )
        put(organiser, more, "9", "6", "6", str(number))
    with CaptureQueriesContext(connection) as many:
        browser.get(address)

    assert len(many) == len(few)


def test_a_public_session_tells_strangers_about_a_mandate_only_once_it_is_published(
    article: Article, organiser: Member
) -> None:
    sitting = session(organiser, article.contract, audience=Session.Audience.PUBLIC)
    put(organiser, article, "9", "6", "6", "6")
    pages = [reverse(name, args=[sitting.pk]) for name in ("session", "minutes_json")]

    def telling(browser: Client) -> list[bool]:
        return ["Below the mandate" in browser.get(page).content.decode() for page in pages]

    assert telling(Client()) == [False, False]
    assert telling(browser_of(organiser)) == [True, True]
    assert "Below the mandate" not in generated(sitting)

    PublicMandates.objects.create(committee=organiser.committee)

    assert telling(Client()) == [True, True]
    assert "Below the mandate" in generated(sitting)


def test_a_breach_that_comes_by_a_correction_shows_in_the_session_and_the_draft_of_its_report(
    article: Article, organiser: Member
) -> None:
    sitting = session(organiser, article.contract)
    address = reverse("minutes_json", args=[sitting.pk])
    wrong = put(organiser, article, "13", "6", "6", "6")
    before = queries.session_head(sitting)["versions"]
    for rate in ("14", "9"):
        right = said("Wages rise.", figures=by_year(rate, "6", "6", "6"), made_on=today())
        wrong = actions.correct(organiser, wrong, right, reason=f"It was {rate}.", now=timezone.now())

    answer = browser_of(organiser).get(address).json()
    assert "27 % where at least 31 % was decided" in answer["proposals"][0]
    assert answer["versions"] == queries.session_head(sitting)["versions"] == before + 2
    assert "27 % where at least 31 % was decided" in generated(sitting)
