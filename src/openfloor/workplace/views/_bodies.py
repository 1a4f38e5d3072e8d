"""What our own scripts send: exactly the fields asked for, each of its kind. All else is refused whole."""

from datetime import date
from types import NoneType
from typing import Any

from django.http import HttpRequest

from openfloor.ui.http import NotJson, read_json
from openfloor.workplace.roll import read_day

OPTIONAL_NUMBER = (int, NoneType)


def body_of(request: HttpRequest, **kinds: type | tuple[type, ...]) -> dict[str, Any]:
    """The fields of a JSON object; raises NotJson when one is missing, too many or of another kind."""
    value = read_json(request)
    if not isinstance(value, dict) or set(value) != set(kinds):
        raise NotJson
    for name, kind in kinds.items():
        # True is an int to isinstance, but not a number that anybody sent.
        if type(value[name]) not in (kind if isinstance(kind, tuple) else (kind,)):
            raise NotJson
    return value


def day_of(text: str) -> date:
    """A day as statements write it; raises NotJson."""
    day = read_day(text)
    if day is None:
        raise NotJson
    return day
