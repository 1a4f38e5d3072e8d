"""What every template knows. Lazy, so that a page that never asks who you are never opens the session."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from openfloor.ui import languages

RENEWS = (
    "X-Renews"  # an open page brings itself up to date: messages are for the page that somebody asked for
)


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the menu."""

    path: str
    name: str | Promise


PLACES = (
    Place("/ballots/", _("Ballots")),
    Place("/bargaining/", _("The table")),
    Place("/ledger/", _("Ledger")),
)
MORE_PLACES = (
    Place("/mandates/", _("Mandates")),
    Place("/roll/", _("The roll")),
    Place("/vouch/", _("Vouch for a colleague")),
    Place("/invitations/", _("Invite colleagues")),
    Place("/roles/", _("Roles")),
    Place("/workplace/", _("Our workplace")),
    Place("/me/", _("You and your key")),
)


def page(request: HttpRequest) -> dict[str, Any]:
    def member() -> Any:
        return getattr(request, "member", None)

    def committee() -> Any:
        found = member()
        return found.committee if found else None

    return {
        "site_name": "Openfloor",
        "demonstration": settings.DEMONSTRATION,
        "member": SimpleLazyObject(member),
        "committee": SimpleLazyObject(committee),
        "places": PLACES,
        "more_places": MORE_PLACES,
        "languages": languages.LANGUAGES,
        "unread_languages": languages.UNREAD,
        "renews": RENEWS in request.headers,
    }
