"""What the tests of the workplace share."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.apps import apps
from django.core import serializers

from openfloor.ui.errors import Refusal


def everything() -> str:
    """All that the workplace and the ledger have stored."""
    models = [model for name in ("workplace", "audit") for model in apps.get_app_config(name).get_models()]
    rows = [row for model in models for row in model._default_manager.order_by("pk")]
    return str(serializers.serialize("json", rows))


@pytest.fixture
def refuses() -> Callable[[type[Refusal]], AbstractContextManager[None]]:
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
