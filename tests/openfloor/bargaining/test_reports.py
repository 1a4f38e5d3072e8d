"""The report of a session: made from the minutes, drafted by two at once, published in editions that stay."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from factories.bargaining import contract, ended_session, put_forward, reported_session, session, wages
from factories.workplace import CommitteeOfPeople, give_role
from openfloor.audit.queries import last_entry
from openfloor.audit.words import describe
from openfloor.bargaining import actions, queries, reporting
from openfloor.bargaining.actions.reports import MOST_DRAFTS, hash_of_report
from openfloor.bargaining.errors import BadReport, DraftMoved, OrganisersBargain, StillSitting
from openfloor.bargaining.models import Report, ReportDraft, Session
from openfloor.workplace.models import Member, Role

from .conftest import Refuses, browser_of

NOW = timezone.now()


@pytest.fixture
def over(organiser: Member) -> Session:
    return ended_session(organiser, contract(organiser))


@pytest.fixture
def second(people: CommitteeOfPeople) -> Member:
    """Another organiser."""
    give_role(people, people.members[1], Role.Kind.ORGANISER)
    return people.members[1].member


def publish(by: Member, over: Session, text: str, *, seen: int = 0, reason: str = "") -> Report:
    return actions.publish_report(by, over, text, seen=seen, reason=reason, now=timezone.now())


def test_the_first_draft_says_who_moved_what_was_agreed_and_every_line_as_corrected(
    organiser: Member, member: Member
) -> None:
    start = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)  # half past eleven of the evening before, in Los Angeles
    about = contract(organiser)
    article = wages(organiser, about)
    put_forward(organiser, article, "ours", "10", "7", "7", "7")
    put_forward(organiser, article, "theirs", "5", "5", "5", "5")
    sitting = session(organiser, about, member, starts_at=timezone.now())
    put_forward(organiser, article, "ours", "9", "6", "6", "6")
    said = actions.Said(text="Wages rise by 24 percent.", made_on=NOW.date() - timedelta(days=1))
    actions.agree(organiser, article, said, now=timezone.now())
    wrong = actions.write_line(member, sitting, "They offered 2.", token="a", now=start)
    actions.write_line(organiser, sitting, "They left.", token="b", now=start + timedelta(hours=1))
    actions.correct_line(member, wrong, "They offered 20.", token="c", now=start + timedelta(hours=2))
    rules = actions.Rules(text="", agreed_by="both", refused_by_us="Secrecy.")
    actions.change_ground_rules(organiser, sitting, rules, seen=0, now=start)
    sitting.committee.zone = "America/Los_Angeles"
    sitting.committee.save()
    sitting.refresh_from_db()

    lines = reporting.generated(sitting).splitlines()

    assert lines[0] == "Session 3"
    assert lines[1].endswith(" · Room 7")
    assert lines[2:] == [
        "",
        "What was put forward",
        "– We put forward article 12, “Wages”.",
        "   Raises, added up: 31 % → 27 %. We moved 4 points towards them; 7 points are left between us.",
        "",
        "What was agreed",
        "– Both sides agreed on article 12, “Wages”, for now.",
        "",
        "Ground rules that changed",
        "– 11:30 p.m. · Refused by us: Secrecy.",
        "",
        "Minutes",
        "31 October 2026",
        f"11:30 p.m. · They offered 20. (entry {member.number}; corrected, it said “They offered 2.”)",
        "1 November 2026",
        f"12:30 a.m. · They left. (entry {organiser.number})",
    ]


def test_the_first_draft_of_a_session_without_a_word_says_so(over: Session) -> None:
    assert reporting.generated(over).splitlines()[2:] == [
        "",
        "What was put forward",
        "Nothing.",
        "",
        "Minutes",
        "Nobody took any.",
    ]


def test_a_first_draft_leaves_out_what_would_be_too_long_and_says_how_much(
    organiser: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    sitting = session(organiser, contract(organiser))
    for number in range(5):
        actions.write_line(organiser, sitting, "a" * 100, token=str(number), now=NOW)
    monkeypatch.setattr(reporting, "LONGEST", 400)

    assert reporting.generated(sitting).splitlines()[-1] == "2 more lines stand on the page of the session."


def test_a_draft_is_kept_and_seen_by_organisers_alone(
    over: Session, organiser: Member, people: CommitteeOfPeople
) -> None:
    actions.save_draft(organiser, over, "They offered 20.", seen=0, now=NOW)

    assert [draft.text for draft in queries.drafts_of(over)] == ["They offered 20."]
    assert (
        "They offered 20." in browser_of(organiser).get(f"/bargaining/sessions/{over.pk}/report/edit/").text
    )
    for address in ("", "minutes.json", "report/", "report/edit/"):
        answer = browser_of(people.members[2].member).get(f"/bargaining/sessions/{over.pk}/{address}")
        assert "They offered 20." not in answer.text


def test_two_who_edit_at_once_lose_no_words(
    over: Session, organiser: Member, second: Member, refuses: Refuses
) -> None:
    actions.save_draft(organiser, over, "They offered 20 percent.", seen=0, now=NOW)
    with refuses(DraftMoved):
        actions.save_draft(second, over, "They offered 2 percent.", seen=0, now=NOW)
    with refuses(DraftMoved):
        publish(second, over, "They offered 2 percent.")
    browser, address = browser_of(second), f"/bargaining/sessions/{over.pk}/report/edit/"

    late = browser.post(address, {"text": "They offered 2 percent.", "seen": "0", "publish": "yes"})

    assert f"Entry {organiser.number} saved another draft meanwhile. Nothing is lost" in late.text
    assert "They offered 2 percent.</textarea>" in late.text
    assert "<del>20</del><ins>2</ins>" in late.text
    assert 'name="seen" value="1"' in late.text
    assert not over.reports.exists()
    browser.post(address, {"text": "They offered 20 percent, or 2.", "seen": "1", "keep": "yes"})
    assert [draft.text for draft in queries.drafts_of(over)] == [
        "They offered 20 percent, or 2.",
        "They offered 20 percent.",
    ]


def test_the_same_words_from_two_are_one_draft(over: Session, organiser: Member, second: Member) -> None:
    first = actions.save_draft(organiser, over, "They offered 20.", seen=0, now=NOW)

    assert actions.save_draft(second, over, "They offered 20.", seen=0, now=NOW) == first


def test_only_the_last_drafts_are_kept(over: Session, organiser: Member) -> None:
    for seen in range(MOST_DRAFTS + 2):
        actions.save_draft(organiser, over, f"Draft {seen}.", seen=seen, now=NOW)

    assert over.report_drafts.count() == MOST_DRAFTS
    assert queries.drafts_of(over)[0].number == MOST_DRAFTS + 2


def test_publishing_writes_the_hash_into_the_ledger_and_a_later_edition_says_so(
    over: Session, organiser: Member
) -> None:
    first = publish(organiser, over, "They offered 2.")
    later = publish(organiser, over, "They offered 20.", seen=1, reason="They offered 20,  not 2.")

    first.refresh_from_db()
    assert (first.text, first.hash) == ("They offered 2.", hash_of_report(first))
    entry = last_entry(over.committee_id)
    assert entry is not None
    assert (entry.kind, json.loads(entry.payload or "")) == (
        "session_reported",
        {
            "session": str(over.pk),
            "title": "Session 3",
            "edition": 2,
            "reason": "They offered 20, not 2.",
            "hash": later.hash,
            "by": organiser.number,
        },
    )
    assert describe(entry) == (
        f"Member {organiser.number} published edition 2 of the report of “Session 3”: They offered 20, not 2."
    )
    address = f"/bargaining/sessions/{over.pk}/report/"
    browser = browser_of(organiser)
    assert "What is different: They offered 20, not 2." in " ".join(browser.get(address).text.split())
    old = browser.get(address, {"edition": "1"}).text
    assert "They offered 2.</p>" in old
    assert "There is a later edition." in old
    assert browser.get(address, {"edition": "3"}).status_code == 404


def test_a_report_is_refused_before_the_end_empty_too_long_unexplained_and_to_others(
    over: Session, organiser: Member, member: Member, refuses: Refuses
) -> None:
    sitting = session(organiser, over.contract)
    with refuses(StillSitting):
        publish(organiser, sitting, "They offered 20.")
    with refuses(StillSitting):
        actions.save_draft(organiser, sitting, "They offered 20.", seen=0, now=NOW)
    for text in (" ", "a" * 400_001):
        with refuses(BadReport):
            publish(organiser, over, text)
    with refuses(OrganisersBargain):
        publish(member, over, "They offered 20.")
    with refuses(OrganisersBargain):
        actions.save_draft(member, over, "They offered 20.", seen=0, now=NOW)
    publish(organiser, over, "They offered 20.")
    with refuses(BadReport):
        publish(organiser, over, "They offered 21.", seen=1)


def test_a_report_is_written_and_published_by_the_page(over: Session, organiser: Member) -> None:
    browser, address = browser_of(organiser), f"/bargaining/sessions/{over.pk}/report/edit/"
    assert "Nobody took any." in browser.get(address).text

    kept = browser.post(address, {"text": "<b>They offered 20.</b>", "seen": "0", "keep": "yes"}, follow=True)
    browser.post(address, {"text": "<b>They offered 20.</b>", "seen": "1", "publish": "yes"})
    again = browser.post(address, {"text": "They offered 21.", "seen": "1", "publish": "yes"})

    assert "The draft is kept." in kept.text
    assert "&lt;b&gt;They offered 20.&lt;/b&gt;" in browser.get(f"/bargaining/sessions/{over.pk}/").text
    assert "a later edition says what is different" in again.text
    assert Report.objects.count() == 1
    assert ReportDraft.objects.count() == 1


def test_the_page_sends_back_who_would_report_too_early(organiser: Member) -> None:
    sitting = session(organiser, contract(organiser))

    page = browser_of(organiser).get(f"/bargaining/sessions/{sitting.pk}/report/edit/", follow=True)

    assert page.redirect_chain == [(f"/bargaining/sessions/{sitting.pk}/", 302)]
    assert "This session is not over." in page.text


def test_a_report_is_read_by_whom_the_session_is_open_to(organiser: Member, member: Member) -> None:
    about = contract(organiser)
    ours = reported_session(organiser, about)
    public = reported_session(organiser, about, audience=Session.Audience.PUBLIC)

    assert Client().get(f"/bargaining/sessions/{ours.pk}/report/").status_code == 302
    assert "They offered 20." in browser_of(member).get(f"/bargaining/sessions/{ours.pk}/report/").text
    assert "They offered 20." in Client().get(f"/bargaining/sessions/{public.pk}/report/").text
    news = Client().get(f"/bargaining/sessions/{public.pk}/minutes.json").json()
    assert news["report"] == {"edition": 1, "text": "They offered 20."}
    known = Client().get(f"/bargaining/sessions/{public.pk}/minutes.json", {"edition": "1"}).json()
    assert known["report"] is None


def test_the_page_says_that_lines_were_corrected_after_the_report(organiser: Member) -> None:
    sitting = session(organiser, contract(organiser))
    line = actions.write_line(organiser, sitting, "They offered 2.", token="a", now=timezone.now())
    actions.end_session(organiser, sitting, now=timezone.now())
    publish(organiser, sitting, "They offered 2.")
    browser, address = browser_of(organiser), f"/bargaining/sessions/{sitting.pk}/"
    assert "corrected after it was published" not in browser.get(address).text

    actions.correct_line(organiser, line, "They offered 20.", token="b", now=timezone.now())

    assert "corrected after it was published" in browser.get(address).text
