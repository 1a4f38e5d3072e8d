"""Moments in words, as the committee's clock shows them."""

from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _


def in_words(local: datetime) -> str:
    """Of a moment in a zone: 8 October 2026, 8 p.m., Los Angeles time."""
    return _("%(day)s, %(time)s, %(zone)s") % {
        "day": date_format(local, _("j F Y")),
        "time": date_format(local, "TIME_FORMAT"),
        "zone": zone_in_words(str(local.tzinfo)),
    }


def zone_in_words(zone: str) -> str:
    if "/" not in zone:
        return zone
    return _("%(city)s time") % {"city": zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")}
