"""Contracts and what is bargained about them, made by the real actions."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from openfloor.bargaining import actions
from openfloor.bargaining.models import Contract
from openfloor.bargaining.notices import Notice
from openfloor.workplace.models import Member

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
