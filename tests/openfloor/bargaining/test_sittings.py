"""Around the minutes: note-takers, ground rules, a session that nobody ends, what to read first."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from factories.bargaining import contract, ended_session, put_forward, reported_session, session, wages
from factories.workplace import CommitteeOfPeople, found
from openfloor import asgi
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import last_entry
from openfloor.audit.words import describe
from openfloor.bargaining import actions, queries, tasks
from openfloor.bargaining.errors import (
    BadGroundRules,
    BadReadingEntry,
    BadSession,
    NoNoteTaker,
    NoteTakerAlready,
    NotYourNotes,
    OrganisersBargain,
    RulesMoved,
    SessionOver,
)
from openfloor.bargaining.models import ReadingEntry, Session
from openfloor.bargaining.quiet import ASK_AFTER, END_AFTER, Due, due
from openfloor.bargaining.reading_list import for_outsiders, reading_list
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

NOW = timezone.now()
A_SECOND = timedelta(seconds=1)
NEW = actions.Rules(text="Members may follow.", agreed_by="both", refused_by_us="Secrecy of offers.")


@pytest.fixture
def sitting(organiser: Member, member: Member) -> Session:
    return session(organiser, contract(organiser), member)


@pytest.fixture
def third(people: CommitteeOfPeople) -> Member:
    return people.members[2].member


def asks_at(sitting: Session) -> datetime:
    """When the clock asks about a session without a line, that was announced after it had begun."""
    assert sitting.goes_on_at is not None
    return sitting.goes_on_at + ASK_AFTER


def last_of(sitting: Session) -> LedgerEntry:
    entry = last_entry(sitting.committee_id)
    assert entry is not None
    return entry


def page_of(sitting: Session, member: Member) -> str:
    return browser_of(member).get(f"/bargaining/sessions/{sitting.pk}/").text


# Note-takers


def test_a_note_taker_who_is_named_later_writes_and_one_taken_off_does_not(
    sitting: Session, organiser: Member, member: Member, third: Member, refuses: Refuses
) -> None:
    actions.name_note_taker(organiser, sitting, third, now=NOW)
    actions.write_line(third, sitting, "They came late.", token="a", now=NOW)
    actions.take_off_note_taker(organiser, sitting, member, now=NOW)

    assert list(sitting.note_takers.all()) == [third]
    assert json.loads(last_of(sitting).payload or "") == {
        "session": str(sitting.pk),
        "title": sitting.title,
        "taken_off": member.number,
        "note_takers": [third.number],
        "by": organiser.number,
    }
    with refuses(NotYourNotes):
        actions.write_line(member, sitting, "They left.", token="b", now=NOW)


def test_naming_refuses_who_is_named_strangers_and_everybody_but_organisers(
    sitting: Session, organiser: Member, member: Member, third: Member, refuses: Refuses
) -> None:
    stranger = found(name="Day shift", index=9).members[0].member

    with refuses(NoteTakerAlready):
        actions.name_note_taker(organiser, sitting, member, now=NOW)
    with refuses(BadSession):
        actions.name_note_taker(organiser, sitting, stranger, now=NOW)
    with refuses(NoNoteTaker):
        actions.take_off_note_taker(organiser, sitting, third, now=NOW)
    for by in (member, stranger):
        with refuses(OrganisersBargain):
            actions.name_note_taker(by, sitting, third, now=NOW)
    actions.end_session(organiser, sitting, now=NOW)
    with refuses(SessionOver):
        actions.name_note_taker(organiser, sitting, third, now=NOW)
    with refuses(SessionOver):
        actions.take_off_note_taker(organiser, sitting, member, now=NOW)


def test_note_takers_are_named_and_taken_off_by_the_page(
    sitting: Session, organiser: Member, member: Member, third: Member
) -> None:
    browser, address = browser_of(organiser), f"/bargaining/sessions/{sitting.pk}/note-takers/"

    refused = browser.post(address, {"number": "99"})
    again = browser.post(address, {"number": str(member.number)})
    browser.post(address, {"number": str(third.number)})
    page = browser.post(address, {"taken_off": str(member.number)}, follow=True).text
    nobody = browser.post(address, {"taken_off": "x"}, follow=True).text

    assert "There is no member with the entry number 99." in refused.text
    assert "takes notes already" in again.text
    assert f"Entry {member.number} takes no notes any more." in page
    assert "This entry takes no notes here." in nobody
    assert list(sitting.note_takers.all()) == [third]
    assert f"entry {third.number}" in page_of(sitting, member)


# Ground rules


def test_new_ground_rules_stand_beside_the_old_with_who_refused(sitting: Session, organiser: Member) -> None:
    first = actions.change_ground_rules(organiser, sitting, NEW, seen=0, now=NOW)
    refused = actions.Rules(
        text="", agreed_by="theirs", refused_by_us="No phones.", refused_by_them="Cameras."
    )

    actions.change_ground_rules(organiser, sitting, refused, seen=first.number, now=NOW)

    assert [each.number for each in queries.rules_of(sitting)] == [2, 1]
    assert describe(last_of(sitting)) == (
        f"Member {organiser.number} wrote down new ground rules of the session “Session 3”. "
        "Refused by us: No phones. Refused by them: Cameras."
    )
    page = page_of(sitting, organiser)
    for said in (
        "Members may follow.",
        "Both sides agreed.",
        "Refused by us: Secrecy of offers.",
        "As announced",
    ):
        assert said in page


def test_ground_rules_are_refused_unseen_empty_too_long_to_others_and_after_the_end(
    sitting: Session, organiser: Member, member: Member, refuses: Refuses
) -> None:
    def change(by: Member, rules: actions.Rules, seen: int = 1) -> None:
        actions.change_ground_rules(by, sitting, rules, seen=seen, now=NOW)

    change(organiser, NEW, 0)

    with refuses(RulesMoved):
        change(organiser, NEW, 0)
    with refuses(BadGroundRules):
        change(organiser, actions.Rules(text="", agreed_by="both"))
    with refuses(BadGroundRules):
        change(organiser, actions.Rules(text="a", agreed_by="nobody"))
    with refuses(BadGroundRules):
        change(organiser, actions.Rules(text="a", agreed_by="both", refused_by_us="a" * 1_001))
    with refuses(OrganisersBargain):
        change(member, NEW)
    actions.end_session(organiser, sitting, now=NOW)
    with refuses(SessionOver):
        change(organiser, NEW)


def test_who_writes_ground_rules_at_once_loses_nothing(sitting: Session, organiser: Member) -> None:
    browser, address = browser_of(organiser), f"/bargaining/sessions/{sitting.pk}/rules/"
    typed = {"text": "Members may follow.", "agreed_by": "both", "seen": "0"}
    browser.post(address, typed)

    late = browser.post(address, {**typed, "text": "No phones."})

    assert "Somebody wrote down other ground rules meanwhile" in late.text
    assert "No phones." in late.text
    assert "Members may follow." in late.text
    assert 'name="seen" value="1"' in late.text
    assert sitting.later_rules.count() == 1
    browser.post(address, {**typed, "text": "No phones.", "seen": "1"})
    assert sitting.later_rules.count() == 2


def test_a_page_that_reads_along_gets_new_ground_rules_once(
    sitting: Session, organiser: Member, member: Member
) -> None:
    actions.change_ground_rules(organiser, sitting, NEW, seen=0, now=NOW)
    address = f"/bargaining/sessions/{sitting.pk}/minutes.json"

    (rules,) = browser_of(member).get(address).json()["rules"]

    assert rules["lines"] == [
        "Members may follow.",
        "Both sides agreed.",
        "Refused by us: Secrecy of offers.",
    ]
    assert browser_of(member).get(address, {"rules": "1"}).json()["rules"] == []


# A session that nobody ends


def test_the_clock_asks_after_twelve_quiet_hours_and_ends_after_twelve_more(
    sitting: Session, organiser: Member, member: Member
) -> None:
    line = actions.write_line(member, sitting, "They came late.", token="a", now=timezone.now())
    asked_at = line.written_at + ASK_AFTER

    tasks.tick(asked_at - A_SECOND)
    assert page_of(sitting, organiser).count("Is this session over?") == 0
    tasks.tick(asked_at)

    assert "Is this session over?" in page_of(sitting, organiser)
    assert "Is this session over?" not in page_of(sitting, member)
    assert "Are these sessions over?" in browser_of(organiser).get("/bargaining/").text
    assert "Are these sessions over?" not in browser_of(member).get("/bargaining/").text
    assert "Is this session over?" in browser_of(organiser).get("/").text
    assert "They are at the table" in browser_of(member).get("/").text
    tasks.tick(asked_at + END_AFTER - A_SECOND)
    sitting.refresh_from_db()
    assert sitting.ended_at is None
    tasks.tick(asked_at + END_AFTER)
    sitting.refresh_from_db()
    assert sitting.ended_at == asked_at + END_AFTER
    assert json.loads(last_of(sitting).payload or "")["by"] is None
    assert describe(last_of(sitting)) == (
        "Nobody wrote any more, so the clock ended “Session 3”. Its minutes have 1 line."
    )
    with pytest.raises(SessionOver):
        actions.write_line(member, sitting, "More.", token="b", now=NOW)
    before = last_of(sitting)
    tasks.tick(asked_at + 3 * END_AFTER)
    assert last_of(sitting) == before


def test_a_line_and_an_answer_begin_the_twelve_hours_anew(
    sitting: Session, organiser: Member, member: Member, refuses: Refuses
) -> None:
    asked_at = asks_at(sitting)
    tasks.tick(asked_at)
    actions.write_line(member, sitting, "They came back.", token="a", now=asked_at + A_SECOND)
    assert queries.sessions_to_end(sitting.committee) == []

    tasks.tick(asked_at + END_AFTER)
    again_at = asked_at + A_SECOND + ASK_AFTER
    tasks.tick(again_at)
    assert queries.sessions_to_end(sitting.committee) == [sitting]
    with refuses(OrganisersBargain):
        actions.go_on(member, sitting, now=again_at)
    actions.go_on(organiser, sitting, now=again_at)
    assert queries.sessions_to_end(sitting.committee) == []
    tasks.tick(again_at + END_AFTER)

    sitting.refresh_from_db()
    assert sitting.ended_at is None
    assert queries.is_asked(sitting)


def test_an_organiser_says_by_the_page_that_it_goes_on(sitting: Session, organiser: Member) -> None:
    tasks.tick(asks_at(sitting) - A_SECOND)
    assert not queries.is_asked(Session.objects.get())
    tasks.tick(asks_at(sitting))

    page = browser_of(organiser).post(f"/bargaining/sessions/{sitting.pk}/go-on/", follow=True).text

    assert "It goes on." in page
    actions.end_session(organiser, sitting, now=NOW)
    page = browser_of(organiser).post(f"/bargaining/sessions/{sitting.pk}/go-on/", follow=True).text
    assert "This session is over." in page


def test_one_session_that_fails_keeps_no_other_waiting(
    organiser: Member, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    about = contract(organiser)
    first, second = session(organiser, about), session(organiser, about)
    real = actions.end_if_quiet

    def fails_for_first(sitting: Session, now: datetime) -> None:
        if sitting.pk == first.pk:
            raise OSError
        real(sitting, now)

    monkeypatch.setattr(tasks, "end_if_quiet", fails_for_first)

    tasks.tick(asks_at(second))

    assert queries.sessions_to_end(second.committee) == [second]
    assert "a session could not be ended" in caplog.text


@pytest.mark.parametrize("put", [datetime(2026, 3, 8, 3, tzinfo=UTC), datetime(2026, 11, 1, 3, tzinfo=UTC)])
def test_twelve_hours_are_twelve_hours_where_the_clocks_are_put_forward_or_back(put: datetime) -> None:
    """A session of an evening in Los Angeles; the clocks change in the night after it."""
    wall = ZoneInfo("America/Los_Angeles")
    start = put.astimezone(wall)
    asks_at, ends_at = put + ASK_AFTER, put + ASK_AFTER + END_AFTER

    def at(moment: datetime, asked_at: datetime | None = None) -> Due:
        asked = asked_at.astimezone(wall) if asked_at else None
        return due(stirred=[start], asked_at=asked, now=moment.astimezone(wall))

    assert asks_at.astimezone(wall).utcoffset() != start.utcoffset()
    assert (at(asks_at - A_SECOND), at(asks_at)) == (Due.NOTHING, Due.ASK)
    assert (at(ends_at - A_SECOND, asks_at), at(ends_at, asks_at)) == (Due.NOTHING, Due.END)


# What to read first


def test_the_reading_list_has_what_moved_since_the_last_session(organiser: Member) -> None:
    about = contract(organiser)
    article = wages(organiser, about)
    old = actions.add_article(organiser, about, number="14", title="Breaks", now=NOW)
    put_forward(organiser, old, "ours")
    before = reported_session(organiser, about)
    put_forward(organiser, article, "ours", "10", "7", "7", "7")
    put_forward(organiser, article, "theirs", "5", "5", "5", "5")
    sitting = session(organiser, about)

    report, moved = reading_list(sitting, timezone.now())

    assert (report.title, report.path) == (
        "The report of “Session 3”",
        f"/bargaining/sessions/{before.pk}/report/",
    )
    assert (moved.title, moved.lines) == (
        "12 · Wages",
        ("We · Raises, added up: 31 %", "They · Raises, added up: 20 %"),
    )
    assert "They · Raises, added up: 20 %" in page_of(sitting, organiser)


def test_at_the_first_session_everything_on_the_table_is_read(organiser: Member) -> None:
    about = contract(organiser)
    put_forward(organiser, wages(organiser, about), "ours")
    actions.add_article(organiser, about, number="14", title="Breaks", now=NOW)

    entries = reading_list(session(organiser, about), timezone.now())

    assert [(entry.title, entry.lines) for entry in entries] == [("12 · Wages", ("We · version 1",))]


def test_entries_are_added_taken_out_and_put_back(
    sitting: Session, organiser: Member, member: Member
) -> None:
    put_forward(organiser, wages(organiser, sitting.contract), "ours")
    browser, address = browser_of(member), f"/bargaining/sessions/{sitting.pk}/reading/"
    (article,) = reading_list(sitting, timezone.now())

    browser.post(address, {"title": "All contracts", "path": "/bargaining/"})
    browser.post(address, {"title": "The contracts", "path": "/bargaining/"})
    browser.post(address, {"take_out": article.key})
    browser.post(address, {"take_out": article.key})
    refused = browser.post(address, {"title": "Elsewhere", "path": "https://example.com/"})

    assert "the address of a page of this site" in refused.text
    assert [entry.title for entry in reading_list(sitting, timezone.now())] == ["The contracts"]
    browser.post(address, {"put_back": "yes"})
    browser.post(address, {"take_out": "/bargaining/"})
    assert [entry.title for entry in reading_list(sitting, timezone.now())] == ["12 · Wages"]


@pytest.mark.parametrize(
    "path",
    [
        "//example.com/",
        "/\\example.com",
        "https://example.com",
        "javascript:alert(1)",
        "/nowhere/",
        "/ballots /",
    ],
)
def test_a_reading_list_leads_nowhere_else(
    sitting: Session, organiser: Member, refuses: Refuses, path: str
) -> None:
    with refuses(BadReadingEntry):
        actions.add_reading(organiser, sitting, title="Elsewhere", path=path, now=NOW)


def test_only_who_takes_notes_changes_the_reading_list(
    sitting: Session, third: Member, refuses: Refuses
) -> None:
    with refuses(NotYourNotes):
        actions.add_reading(third, sitting, title="Table", path="/bargaining/", now=NOW)
    with refuses(NotYourNotes):
        actions.take_out_reading(third, sitting, "x", now=NOW)
    with refuses(NotYourNotes):
        actions.put_back_reading(third, sitting)


@pytest.mark.parametrize("key", ["", "a" * 61, "\x00", "é"])
def test_what_is_no_entry_is_not_taken_out(
    sitting: Session, organiser: Member, refuses: Refuses, key: str
) -> None:
    with refuses(BadReadingEntry):
        actions.take_out_reading(organiser, sitting, key, now=NOW)


def test_people_without_an_account_read_nothing_of_the_members(organiser: Member) -> None:
    about = contract(organiser)
    put_forward(organiser, wages(organiser, about), "ours", "10", "7", "7", "7")
    ended_session(organiser, about, audience=Session.Audience.MEMBERS)
    sitting = session(organiser, about, audience=Session.Audience.PUBLIC)
    put_forward(organiser, queries.articles_with_versions(about)[0], "ours", "9", "6", "6", "6")
    actions.add_reading(organiser, sitting, title="Among us", path="/bargaining/", now=NOW)
    page = Client().get(f"/bargaining/sessions/{sitting.pk}/").text

    for said in ("27 %", "31 %", "Among us", "Read this first", "Note-takers"):
        assert said not in page
    entries = reading_list(sitting, timezone.now())
    assert [entry.title for entry in entries] == ["12 · Wages", "Among us"]
    assert for_outsiders(entries) == []


def test_people_without_an_account_read_the_report_of_a_public_session(organiser: Member) -> None:
    about = contract(organiser)
    reported_session(organiser, about, audience=Session.Audience.PUBLIC)
    sitting = session(organiser, about, audience=Session.Audience.PUBLIC)

    page = Client().get(f"/bargaining/sessions/{sitting.pk}/").text

    assert "The report of “Session 3”" in page


def test_who_comes_late_sees_what_they_missed(sitting: Session, organiser: Member, member: Member) -> None:
    wrong = actions.write_line(member, sitting, "They offered 2.", token="a", now=NOW)
    actions.correct_line(member, wrong, "They offered 20.", token="b", now=NOW)
    put_forward(organiser, wages(organiser, sitting.contract), "theirs", "5")

    page = page_of(sitting, organiser)

    assert '<a href="#minutes">1 line</a> · <a href="#put-forward">1 proposal</a>' in page
    assert "data-missed" not in page_of(session(organiser, contract(organiser)), member)


def test_a_session_page_asks_the_same_however_much_stands_there(
    organiser: Member, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    about = contract(organiser)
    browser = browser_of(organiser)
    sitting = session(organiser, about)

    def fill(number: int) -> None:
        article = actions.add_article(organiser, about, number=str(number), title="Wages", now=NOW)
        put_forward(organiser, article, "ours", "10")
        actions.write_line(organiser, sitting, f"Line {number}.", token=str(number), now=NOW)
        seen = len(queries.rules_of(sitting))
        actions.change_ground_rules(organiser, sitting, NEW, seen=seen, now=NOW)
        actions.add_reading(organiser, sitting, title="Table", path=f"/bargaining/?{number}", now=NOW)

    fill(1)
    with django_assert_max_num_queries(60) as asked:
        browser.get(f"/bargaining/sessions/{sitting.pk}/")
    for number in (2, 3):
        fill(number)

    with django_assert_num_queries(len(asked)):
        browser.get(f"/bargaining/sessions/{sitting.pk}/")
    assert ReadingEntry.objects.count() == 3


def test_the_head_tells_how_many_rules_and_reports_there_are(sitting: Session, organiser: Member) -> None:
    actions.change_ground_rules(organiser, sitting, NEW, seen=0, now=NOW)

    head = asgi.public_head(f"/bargaining/sessions/{sitting.pk}/live")

    assert head == {"lines": 0, "last": [], "proposals": 0, "rules": 1, "report": 0, "ended": False}
