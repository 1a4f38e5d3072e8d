"""Tags and filters of every page: `{% load openfloor %}`."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from openballot.words import words_of
from openfloor.ui import clock
from openfloor.ui.pairs import in_pairs

register = template.Library()


@register.simple_tag
def script(name: str) -> SafeString:
    """The bundle of one page."""
    return format_html('<script type="module" src="{}"></script>', static(f"ui/bundles/{name}.js"))


@register.filter
def committee_time(moment: datetime, committee: Any) -> SafeString:
    """A moment in the committee's zone, with the zone's name. Takes a committee or a zone's name."""
    local = moment.astimezone(_zone(committee))
    return format_html(
        '<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), clock.in_words(local)
    )


@register.filter
def committee_day(moment: date, committee: Any = None) -> SafeString:
    """A day; of a moment, the day it is in the committee's zone."""
    day = moment.astimezone(_zone(committee)).date() if isinstance(moment, datetime) else moment
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), date_format(day, _("j F Y")))


@register.filter
def committee_hour(moment: datetime, committee: Any) -> SafeString:
    """The time of day alone, in the committee's zone."""
    local = moment.astimezone(_zone(committee))
    return format_html(
        '<time datetime="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        date_format(local, "TIME_FORMAT"),
    )


@register.filter
def words(hash_hex: str, count: int = 6) -> str:
    """A hash as words, two by two, to read aloud and compare."""
    found = words_of(hash_hex, count)
    return in_pairs(found)


def _zone(committee: Any) -> ZoneInfo:
    return ZoneInfo(committee if isinstance(committee, str) else committee.zone)
