"""As whom somebody looks around, for the banner. Lazy, so that cookie-less pages never open the session."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from openfloor.demonstration import folder
from openfloor.workplace.signin import member_of


@dataclass(frozen=True, slots=True)
class LookingAround:
    """The role that was chosen; a trustee also needs the passphrase of their key file."""

    role: str
    handle: str | None
    passphrase: str


def persona(request: HttpRequest) -> dict[str, Any]:
    return {"persona": SimpleLazyObject(lambda: _looking_around(request))}


def _looking_around(request: HttpRequest) -> LookingAround | None:
    """None for observers, and for the others of the committee."""
    member = member_of(request)
    if member is None:
        return None
    made = folder.made(settings.DATA)
    for role, known in made.personas.items():
        if (known.committee, known.number) == (str(member.committee_id), member.number):
            return LookingAround(role, known.handle, made.trustee_key.passphrase)
    return None
