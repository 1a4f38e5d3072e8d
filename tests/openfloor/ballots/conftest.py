"""What the tests of the ballots' pages share: browsers that are signed in, and ballots of these days."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from factories.ballots import Called, ballot_in_state
from factories.workplace import CommitteeOfPeople, make_committee
from openfloor.workplace.models import Member
from openfloor.workplace.signin import SESSION_KEY

Browse = Callable[[Member], Client]


@pytest.fixture
def browse() -> Browse:
    """A browser in which this member is signed in; it checks CSRF as a real one is checked."""

    def signed_in(member: Member) -> Client:
        client = Client()
        session = client.session
        session[SESSION_KEY] = str(member.pk)
        session.save()
        return client

    return signed_in


def people_of_today(members: int = 4) -> CommitteeOfPeople:
    """A committee that was founded two months ago, and whose day is yesterday."""
    today: date = timezone.now().date()
    people = make_committee(members, founded_on=today - timedelta(days=60))
    people.day = today - timedelta(days=1)
    return people


def ballot_of_today(state: str, people: CommitteeOfPeople | None = None, **terms: Any) -> Called:
    """A ballot in *state* by the clock that pages read: called yesterday, open until tomorrow or closed."""
    people = people or people_of_today()
    is_over = state in ("closed", "counted", "uncountable")
    end = timedelta(hours=-1) if is_over else timedelta(days=1)
    times: dict[str, Any] = {"opens_not_before": people.now, "closes_at": timezone.now() + end}
    return ballot_in_state(state, people=people, **{**times, **terms})
