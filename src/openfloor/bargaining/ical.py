"""Ends of contracts, last days for their notices and sessions to come, as a calendar for other programs."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from openfloor.bargaining.models import Contract, Session
from openfloor.bargaining.queries import notices_of

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_of(contracts: Iterable[Contract], sessions: Iterable[Session], *, now: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Openfloor//contracts//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Contracts"))
    for contract in contracts:
        for event in _events(contract):
            calendar.add_component(event)
    for session in sessions:
        calendar.add_component(_event(str(session.pk), session.title, session.starts_at, now))
    return bytes(calendar.to_ical())


def _events(contract: Contract) -> Iterable[Event]:
    if contract.expires_on is None:
        return
    words = {"title": contract.title}
    yield _event(
        f"{contract.pk}-end", _("“%(title)s” runs out") % words, contract.expires_on, contract.changed_at
    )
    for place, notice in enumerate(notices_of(contract)):
        yield _event(
            f"{contract.pk}-notice-{place}",
            _("Last day for notice under “%(title)s”: %(what)s") % {**words, "what": notice.what},
            notice.last_day(contract.expires_on),
            contract.changed_at,
        )


def _event(uid: str, summary: str, day: date | datetime, stamp: datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@openfloor")
    event.add("dtstamp", stamp)
    event.add("dtstart", day)
    event.add("summary", summary)
    return event
