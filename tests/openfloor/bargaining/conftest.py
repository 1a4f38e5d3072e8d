"""What the tests of the table share: a committee of today, whose first member is its organiser."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.utils import timezone

from factories.workplace import CommitteeOfPeople, make_committee
from openfloor.ui.errors import Refusal
from openfloor.workplace.models import Member
from openfloor.workplace.signin import SESSION_KEY

Refuses = Callable[[type[Refusal]], AbstractContextManager[None]]


def browser_of(member: Member) -> Client:
    """A browser in which this member is signed in."""
    client = Client()
    session = client.session
    session[SESSION_KEY] = str(member.pk)
    session.save()
    return client


@pytest.fixture
def people(db: None) -> CommitteeOfPeople:
    return make_committee(3, founded_on=timezone.now().date() - timedelta(days=60))


@pytest.fixture
def organiser(people: CommitteeOfPeople) -> Member:
    return people.members[0].member


@pytest.fixture
def member(people: CommitteeOfPeople) -> Member:
    return people.members[1].member


def everything() -> str:
    """All that the table and the ledger have stored."""
    models = [model for name in ("bargaining", "audit") for model in apps.get_app_config(name).get_models()]
    rows = [row for model in models for row in model._default_manager.order_by("pk")]
    return str(serializers.serialize("json", rows))


@pytest.fixture
def refuses() -> Refuses:
    """The deed is refused with exactly this error, and nothing in the database has changed."""

    @contextmanager
    def refused(error: type[Refusal]) -> Iterator[None]:
        before = everything()
        with pytest.raises(Refusal) as caught:
            yield
        assert type(caught.value) is error
        assert str(caught.value)
        assert everything() == before

    return refused
