"""Contracts: what is written down, who may, what runs out together, and calendars that others read."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from factories.bargaining import contract, terms
from factories.workplace import found
from openfloor.audit.queries import last_entry
from openfloor.bargaining import actions, queries
from openfloor.bargaining.errors import BadContract, DayTooFar, ForeignUnit, OrganisersBargain
from openfloor.bargaining.models import Contract
from openfloor.bargaining.notices import Notice, UnreadableNotice, as_lines, read_notices
from openfloor.bargaining.together import running_out_together
from openfloor.workplace.actions import add_site, add_unit
from openfloor.workplace.models import Member

from .conftest import Refuses, browser_of

TODAY = timezone.now().date()


@dataclass(frozen=True)
class Ends:
    expires_on: date | None


def ends(*days: int | None) -> list[Ends]:
    return [Ends(None if day is None else TODAY + timedelta(days=day)) for day in days]


def test_what_ends_within_30_days_of_the_next_runs_out_together() -> None:
    a, b, c, d, without = ends(0, 30, 60, 91, None)

    assert running_out_together([d, without, b, a, c]) == [[a, b, c], [d]]


@given(st.lists(st.integers(0, 2000)))
def test_groups_hold_every_contract_once_in_order_of_date(days: list[int]) -> None:
    contracts = ends(*days)

    groups = running_out_together(contracts)

    flat = [each.expires_on for group in groups for each in group]
    assert flat == sorted(each.expires_on for each in contracts if each.expires_on)


def test_notices_are_read_one_a_line_the_earliest_first() -> None:
    read = read_notices("60 days: to the mediators\n\n90: to the employer\n10 – to each hospital")

    assert read == (
        Notice(days=90, what="to the employer"),
        Notice(days=60, what="to the mediators"),
        Notice(days=10, what="to each hospital"),
    )
    assert read_notices(as_lines(read)) == read


@pytest.mark.parametrize("line", ["soon: to the employer", "90", "90:", "731: to all", f"9: {'a' * 201}"])
def test_a_notice_that_cannot_be_read_is_named_by_its_line(line: str) -> None:
    with pytest.raises(UnreadableNotice) as caught:
        read_notices(f"90: to the employer\n{line}")

    assert caught.value.line == 2


def test_add_contract_writes_it_down_and_into_the_ledger(organiser: Member) -> None:
    site = add_site(organiser, name="Main hospital", now=timezone.now())
    unit = add_unit(organiser, site=site, name="Telemetry", headcount=118, now=timezone.now())

    added = contract(organiser, units=(unit,))

    assert list(added.units.all()) == [unit]
    assert queries.notices_of(added) == (Notice(days=90, what="to the employer"),)
    entry = last_entry(organiser.committee_id)
    assert entry is not None
    assert entry.kind == "contract_written"
    assert json.loads(entry.payload or "")["expires_on"] == "2026-09-30"


def test_a_contract_may_name_no_end(organiser: Member) -> None:
    added = contract(organiser, expires_on=None)

    page = browser_of(organiser).get(f"/bargaining/contracts/{added.pk}/")

    assert "It names no end." in page.text


def test_change_contract_keeps_in_the_ledger_what_it_said_before(organiser: Member) -> None:
    added = contract(organiser)

    actions.change_contract(added, organiser, terms(expires_on=date(2026, 12, 31)), now=timezone.now())

    added.refresh_from_db()
    assert added.expires_on == date(2026, 12, 31)
    page = browser_of(organiser).get("/ledger/")
    assert "runs out on 30 September 2026" in page.text
    assert "runs out on 31 December 2026" in page.text


@pytest.mark.parametrize(
    "changed",
    [{"title": ""}, {"employer": "a" * 121}, {"workers": "a\nb"}, {"starts_on": date(2026, 9, 30)}],
)
def test_add_contract_refuses_what_cannot_be(
    organiser: Member, refuses: Refuses, changed: dict[str, Any]
) -> None:
    with refuses(BadContract):
        contract(organiser, **changed)


@pytest.mark.parametrize(
    "days",
    [{"starts_on": date(1899, 12, 31)}, {"expires_on": date(2201, 1, 1)}, {"expires_on": date(1, 6, 1)}],
)
def test_add_contract_refuses_a_day_that_no_contract_reaches(
    organiser: Member, refuses: Refuses, days: dict[str, Any]
) -> None:
    with refuses(DayTooFar):
        contract(organiser, **({"starts_on": None} | days))


def test_add_contract_refuses_a_unit_of_another_committee(organiser: Member, refuses: Refuses) -> None:
    stranger = found(name="Day shift", index=9).members[0].member
    site = add_site(stranger, name="Elsewhere", now=timezone.now())
    unit = add_unit(stranger, site=site, name="Ward", headcount=20, now=timezone.now())

    with refuses(ForeignUnit):
        contract(organiser, units=(unit,))


def test_only_an_organiser_of_the_committee_writes(
    organiser: Member, member: Member, refuses: Refuses
) -> None:
    added = contract(organiser)
    stranger = found(name="Day shift", index=9).members[0].member

    with refuses(OrganisersBargain):
        contract(member)
    with refuses(OrganisersBargain):
        actions.change_contract(added, stranger, terms(), now=timezone.now())


def test_a_contract_of_another_committee_is_not_there(organiser: Member) -> None:
    added = contract(organiser)
    stranger = found(name="Day shift", index=9).members[0].member

    assert browser_of(stranger).get(f"/bargaining/contracts/{added.pk}/").status_code == 404
    assert added.title not in browser_of(stranger).get("/bargaining/").text


def test_the_page_shows_who_runs_out_together_and_how_many_people(organiser: Member) -> None:
    for title, days, people in (("Nurses", 40, 268), ("Cleaners", 60, 84), ("Drivers", 400, 12)):
        contract(
            organiser, title=title, starts_on=None, expires_on=TODAY + timedelta(days=days), people=people
        )

    page = browser_of(organiser).get("/bargaining/").text

    assert "These run out together" in page
    assert "2 contracts between" in page
    assert "352 people are under them." in page


def test_a_form_that_is_wrong_says_so_and_saves_nothing(organiser: Member) -> None:
    browser = browser_of(organiser)
    typed = {"title": "Nurses", "employer": "Harbor", "workers": "Local 7", "no_strike": "no"}

    answer = browser.post(
        "/bargaining/contracts/new/",
        {**typed, "starts_on": "2026-10-01", "expires_on": "2026-10-01", "notices": "soon"},
    )

    assert "It must run out after it starts." in answer.text
    assert "Line 1 is not days, a colon" in answer.text
    assert not Contract.objects.exists()


def test_a_year_that_was_mistyped_is_named_at_its_field(organiser: Member) -> None:
    typed = {"title": "Nurses", "employer": "Harbor", "workers": "Local 7", "no_strike": "no"}

    answer = browser_of(organiser).post("/bargaining/contracts/new/", {**typed, "expires_on": "0001-06-01"})

    assert "Write a day of the years 1900 to 2200." in answer.text
    assert not Contract.objects.exists()


def test_an_organiser_writes_and_changes_a_contract_by_the_page(organiser: Member) -> None:
    browser = browser_of(organiser)
    typed = {"title": "Nurses", "employer": "Harbor", "workers": "Local 7", "no_strike": "no"}

    answer = browser.post("/bargaining/contracts/new/", {**typed, "notices": "90: to the employer"})
    added = Contract.objects.get()
    browser.post(f"{answer.headers['Location']}change/", {**typed, "title": "All nurses"})

    added.refresh_from_db()
    assert (added.title, added.expires_on, added.notices) == ("All nurses", None, [])


def test_the_calendar_has_each_end_and_each_last_day_for_a_notice(organiser: Member) -> None:
    contract(organiser)
    contract(organiser, title="Guards; of the night", expires_on=None)

    answer = browser_of(organiser).get("/bargaining/calendar.ics")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {(str(event["SUMMARY"]), event.decoded("dtstart")) for event in events} == {
        ("“Nurses and technicians” runs out", date(2026, 9, 30)),
        ("Last day for notice under “Nurses and technicians”: to the employer", date(2026, 7, 2)),
    }


def test_a_calendar_program_reads_without_signing_in_until_the_address_ends(organiser: Member) -> None:
    contract(organiser)
    browser = browser_of(organiser)
    program = Client()
    browser.post("/bargaining/calendar/")
    first = queries.calendar_secret_of(organiser)
    assert program.get(f"/bargaining/calendar/{first}.ics").status_code == 200

    browser.post("/bargaining/calendar/")
    second = queries.calendar_secret_of(organiser)

    assert program.get(f"/bargaining/calendar/{first}.ics").status_code == 404
    assert not program.get(f"/bargaining/calendar/{second}.ics").cookies
    browser.post("/bargaining/calendar/end/")
    assert program.get(f"/bargaining/calendar/{second}.ics").status_code == 404


def test_the_calendar_address_of_who_left_leads_nowhere(organiser: Member, member: Member) -> None:
    address = actions.make_calendar_address(member)
    Member.objects.filter(pk=member.pk).update(state=Member.State.LEFT, handle="", unit=None, occupation=None)

    assert Client().get(f"/bargaining/calendar/{address.secret}.ics").status_code == 404
