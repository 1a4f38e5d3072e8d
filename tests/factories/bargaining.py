"""Contracts and what is bargained about them, made by the real actions."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from openfloor.bargaining import actions
from openfloor.bargaining.figures import Figures
from openfloor.bargaining.models import Article, Contract, Proposal, Session
from openfloor.bargaining.notices import Notice
from openfloor.workplace.models import Member
from workrules.wages import Raise

EXPIRES_ON = date(2026, 9, 30)


def terms(**changed: Any) -> actions.Terms:
    known: dict[str, Any] = {
        "title": "Nurses and technicians",
        "employer": "Harbor General",
        "workers": "Local 7",
        "people": 372,
        "starts_on": date(2022, 10, 1),
        "expires_on": EXPIRES_ON,
        "no_strike": Contract.NoStrike.YES,
        "no_strike_text": "There shall be no strike while this agreement lasts.",
        "notices": (Notice(days=90, what="to the employer"),),
    }
    return actions.Terms(**(known | changed))


def contract(by: Member, *, now: datetime | None = None, **changed: Any) -> Contract:
    """Written down by *by*, an organiser."""
    return actions.add_contract(by, terms(**changed), now=now or timezone.now())


def wages(by: Member, about: Contract) -> Article:
    return actions.add_article(by, about, number="12", title="Wages", now=timezone.now())


def said(text: str = "Wages rise as follows.", **changed: Any) -> actions.Said:
    return actions.Said(**{"text": text, "made_on": date(2026, 9, 1), **changed})


def by_year(*rates: str, **more: Any) -> Figures:
    """Raises on the first of October of each year from 2026, over as many years."""
    return Figures(
        starts_on=date(2026, 10, 1),
        ends_on=date(2026 + len(rates), 10, 1),
        raises=tuple(
            Raise(effective_on=date(2026 + year, 10, 1), rate=Fraction(rate) / 100)
            for year, rate in enumerate(rates)
        ),
        **more,
    )


def put_forward(by: Member, article: Article, side: str = "ours", *rates: str, text: str = "") -> Proposal:
    """A version of *side* with these raises, one a year."""
    figures = by_year(*rates) if rates else Figures()
    text = text or f"Wages rise by {', '.join(rates) or 'some'} percent."
    return actions.propose(by, article, side, said(text, figures=figures), now=timezone.now())


def session(by: Member, about: Contract, *note_takers: Member, **changed: Any) -> Session:
    """Begun an hour ago, open to members."""
    now = timezone.now()
    values: dict[str, Any] = {
        "title": "Session 3",
        "place": "Room 7",
        "starts_at": now - timedelta(hours=1),
        "audience": Session.Audience.MEMBERS,
        "ground_rules": "",
        "note_takers": note_takers,
    }
    return actions.announce_session(by, about, **(values | changed), now=now)


def ended_session(by: Member, about: Contract, *note_takers: Member, **changed: Any) -> Session:
    """Begun two hours ago, and over."""
    ended = session(by, about, *note_takers, **({"starts_at": timezone.now() - timedelta(hours=2)} | changed))
    actions.end_session(by, ended, now=timezone.now())
    ended.refresh_from_db()
    return ended


def reported_session(by: Member, about: Contract, text: str = "They offered 20.", **changed: Any) -> Session:
    """The same with its report."""
    reported = ended_session(by, about, **changed)
    actions.publish_report(by, reported, text, seen=0, reason="", now=timezone.now())
    return reported
