"""Sessions: announced, noted by two at once, corrected by who wrote, read by members or by everybody."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from factories.bargaining import contract, put_forward, session, wages
from factories.workplace import CommitteeOfPeople, found
from openfloor import asgi
from openfloor.audit.queries import last_entry
from openfloor.bargaining import actions, queries
from openfloor.bargaining.actions.sessions import hash_of_lines
from openfloor.bargaining.errors import (
    BadLineOfMinutes,
    BadSession,
    NotYourLine,
    NotYourNotes,
    OrganisersBargain,
    SessionOver,
)
from openfloor.bargaining.minutes import lines_shown
from openfloor.bargaining.models import MinuteLine, Session
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

NOW = timezone.now()


@pytest.fixture
def sitting(organiser: Member, member: Member) -> Session:
    return session(organiser, contract(organiser), member)


def written(by: Member, sitting: Session, text: str = "They offered 20.", token: str = "") -> MinuteLine:
    return actions.write_line(by, sitting, text, token=token or text, now=NOW)


def test_announce_names_note_takers_and_stands_in_the_ledger(sitting: Session, member: Member) -> None:
    assert list(sitting.note_takers.all()) == [member]
    entry = last_entry(sitting.committee_id)
    assert entry is not None
    assert (entry.kind, json.loads(entry.payload or "")["audience"]) == ("session_announced", "members")


def test_announce_refuses_strangers_as_note_takers_and_a_session_without_a_name(
    organiser: Member, member: Member, refuses: Refuses
) -> None:
    about = contract(organiser)
    stranger = found(name="Day shift", index=9).members[0].member

    with refuses(BadSession):
        session(organiser, about, stranger)
    with refuses(BadSession):
        session(organiser, about, title=" ")
    for by in (member, stranger):
        with refuses(OrganisersBargain):
            session(by, about)


def test_two_note_takers_get_numbers_one_after_the_other(
    sitting: Session, organiser: Member, member: Member
) -> None:
    lines = [written(by, sitting, f"Line {place}") for place, by in enumerate((member, organiser, member))]

    assert [(line.number, line.writer) for line in lines] == [(1, member), (2, organiser), (3, member)]


def test_a_line_that_is_sent_twice_is_kept_once(sitting: Session, member: Member) -> None:
    first = written(member, sitting, token="t" * 32)

    again = written(member, sitting, token="t" * 32)

    assert again == first
    assert sitting.lines.count() == 1


def test_only_who_wrote_a_line_corrects_it_and_the_wrong_one_stays(
    sitting: Session, organiser: Member, member: Member, refuses: Refuses
) -> None:
    wrong = written(member, sitting, "They offered 2.")
    with refuses(NotYourLine):
        actions.correct_line(organiser, wrong, "They offered 20.", token="a", now=NOW)

    right = actions.correct_line(member, wrong, "They offered 20.", token="b", now=NOW)

    (shown,) = lines_shown(queries.lines_of(sitting))
    assert (shown.first, shown.last, shown.before) == (wrong, right, ["They offered 2."])
    with refuses(NotYourLine):
        actions.correct_line(member, wrong, "They offered 21.", token="c", now=NOW)
    twice = actions.correct_line(member, right, "They offered 21.", token="d", now=NOW)
    (shown,) = lines_shown(queries.lines_of(sitting))
    assert (shown.last, shown.before) == (twice, ["They offered 2.", "They offered 20."])


def test_nobody_else_takes_notes(sitting: Session, people: CommitteeOfPeople, refuses: Refuses) -> None:
    stranger = found(name="Day shift", index=9).members[0].member

    for by in (people.members[2].member, stranger):
        with refuses(NotYourNotes):
            written(by, sitting)


@pytest.mark.parametrize("text", ["", "  ", "a" * 501, "a\x00b"])
def test_a_line_that_cannot_be_is_refused(
    sitting: Session, member: Member, refuses: Refuses, text: str
) -> None:
    with refuses(BadLineOfMinutes):
        written(member, sitting, text, token="t")


def test_after_the_end_lines_are_corrected_but_not_added(
    sitting: Session, organiser: Member, member: Member, refuses: Refuses
) -> None:
    line = written(member, sitting)

    actions.end_session(organiser, sitting, now=NOW)

    entry = last_entry(sitting.committee_id)
    assert entry is not None
    assert json.loads(entry.payload or "")["hash"] == hash_of_lines([line])
    with refuses(SessionOver):
        written(member, sitting, "More.")
    with refuses(SessionOver):
        actions.end_session(organiser, sitting, now=NOW)
    actions.correct_line(member, line, "Less.", token="c", now=NOW)


def test_only_an_organiser_ends_a_session(sitting: Session, member: Member, refuses: Refuses) -> None:
    with refuses(OrganisersBargain):
        actions.end_session(member, sitting, now=NOW)


def test_the_head_tells_figures_and_the_last_lines_in_every_language(
    sitting: Session, organiser: Member, member: Member
) -> None:
    at = datetime(2026, 9, 1, 22, 41, tzinfo=UTC)
    for number in range(queries.LAST_LINES + 1):
        actions.write_line(member, sitting, f"Line {number}.", token=str(number), now=at)
    put_forward(organiser, wages(organiser, sitting.contract), "theirs", "5")

    head = asgi.public_head(f"/bargaining/sessions/{sitting.pk}/live")

    assert head is not None
    last = head.pop("last")
    assert head == {"lines": 6, "proposals": 1, "rules": 0, "report": 0, "ended": False}
    assert [line["number"] for line in last] == [2, 3, 4, 5, 6]
    assert last[-1] == {
        "number": 6,
        "corrects": None,
        "text": "Line 5.",
        "by": member.number,
        "at": {"en": "3:41 p.m.", "es": "15:41", "tl": "3:41 p.m."},
    }
    assert asgi.public_head("/bargaining/sessions/aaaaaaaaaaaaaaaa/live") is None


@pytest.mark.django_db(transaction=True)
def test_only_who_may_read_a_session_listens_to_it(organiser: Member, member: Member) -> None:
    about = contract(organiser)
    ours, public = session(organiser, about), session(organiser, about, audience=Session.Audience.PUBLIC)
    stranger = found(name="Day shift", index=9).members[0].member
    cookies = {
        name: browser_of(who).cookies["sessionid"].value for name, who in [("a", member), ("b", stranger)]
    }

    def may_listen(sitting: Session, key: str) -> bool:
        cookie = f"csrftoken=x; sessionid={key}" if key else ""
        return asgi.may_listen(f"/bargaining/sessions/{sitting.pk}/live", cookie)

    assert may_listen(ours, cookies["a"])
    assert not any(may_listen(ours, key) for key in (cookies["b"], "", "nonsense" * 4))
    assert all(may_listen(public, key) for key in (*cookies.values(), ""))
    Member.objects.filter(pk=member.pk).update(
        session_round=member.session_round + 1
    )  # signed out everywhere
    assert not may_listen(ours, cookies["a"])
    assert not asgi.may_listen("/bargaining/sessions/aaaaaaaaaaaaaaaa/live", "")
    assert asgi.may_listen("/board/aaaaaaaaaaaaaaaa/live", "")


# Pages


def test_what_comes_after_a_line_is_read_with_the_readers_own_rights(
    sitting: Session, organiser: Member, member: Member
) -> None:
    wrong = written(member, sitting, "They offered 2.")
    actions.correct_line(member, wrong, "They offered 20.", token="b", now=NOW)
    put_forward(organiser, wages(organiser, sitting.contract), "theirs", "5")
    address = f"/bargaining/sessions/{sitting.pk}/minutes.json"

    answer = browser_of(organiser).get(address, {"after": "1"}).json()

    (line,) = answer["lines"]
    assert (line["number"], line["corrects"], line["text"], line["by"]) == (
        2,
        1,
        "They offered 20.",
        member.number,
    )
    assert answer["proposals"] == ["They put forward article 12, “Wages”."]
    assert Client().get(address, headers={"accept": "application/json"}).status_code == 401


def test_a_public_session_is_read_without_signing_in_and_written_by_nobody_else(organiser: Member) -> None:
    sitting = session(organiser, contract(organiser), audience=Session.Audience.PUBLIC)
    written(organiser, sitting, "<b>They offered 20.</b>")
    stranger = Client()
    address = f"/bargaining/sessions/{sitting.pk}/"

    page = stranger.get(address)

    assert page.status_code == 200
    assert "&lt;b&gt;They offered 20.&lt;/b&gt;" in page.text
    assert "data-write" not in page.text
    assert stranger.get(f"{address}minutes.json").json()["lines"][0]["by"] == organiser.number
    assert stranger.post(f"{address}lines/", {"text": "x", "token": "y"}).status_code == 302
    assert sitting.lines.count() == 1


def test_members_of_another_committee_see_only_public_sessions(sitting: Session) -> None:
    stranger = found(name="Day shift", index=9).members[0].member

    assert browser_of(stranger).get(f"/bargaining/sessions/{sitting.pk}/").status_code == 404


def test_notes_are_taken_by_a_plain_form_and_by_the_script(sitting: Session, member: Member) -> None:
    browser = browser_of(member)
    address = f"/bargaining/sessions/{sitting.pk}/lines/"

    browser.post(address, {"text": "They came late.", "token": "a"})
    answer = browser.post(
        address, json.dumps({"text": "They offered 20.", "token": "b"}), content_type="application/json"
    )
    browser.post(address, {"text": "They came at noon.", "token": "c", "corrects": "1"})

    assert answer.json() == {"number": 2}
    page = browser.get(f"/bargaining/sessions/{sitting.pk}/").text
    assert "<s>They came late.</s>" in page
    assert "They came at noon." in page


@pytest.mark.parametrize("sent", [{"text": 5, "token": "a"}, {"text": "a", "token": "b", "corrects": 1}, []])
def test_what_is_no_line_is_refused_to_the_script(sitting: Session, member: Member, sent: Any) -> None:
    answer = browser_of(member).post(
        f"/bargaining/sessions/{sitting.pk}/lines/", json.dumps(sent), content_type="application/json"
    )

    assert answer.json()["error"]["code"] == "not_json"
    assert not sitting.lines.exists()


def test_a_session_is_announced_by_the_page_and_stands_in_calendars(
    organiser: Member, member: Member
) -> None:
    about = contract(organiser)
    browser = browser_of(organiser)
    tomorrow = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT12:00")
    typed = {"title": "Session 4", "starts_at": tomorrow, "audience": "public"}

    refused = browser.post(
        f"/bargaining/contracts/{about.pk}/sessions/new/", {**typed, "note_takers": f"{member.number}, 99"}
    )
    browser.post(
        f"/bargaining/contracts/{about.pk}/sessions/new/", {**typed, "note_takers": f"{member.number}"}
    )

    assert "There is no member with the entry number 99." in refused.text
    announced = Session.objects.get()
    assert list(announced.note_takers.all()) == [member]
    events = Calendar.from_ical(browser.get("/bargaining/calendar.ics").content).walk("VEVENT")
    assert "Session 4" in [str(event["SUMMARY"]) for event in events]


def test_a_session_is_ended_by_the_page(sitting: Session, organiser: Member) -> None:
    browser = browser_of(organiser)

    page = browser.post(f"/bargaining/sessions/{sitting.pk}/end/", follow=True).text

    assert "The session is over." in page
    assert "data-write" not in page
