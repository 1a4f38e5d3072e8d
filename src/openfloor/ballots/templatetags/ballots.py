"""Short times for lines of dates: `{% load ballots %}`. The zone is named once beside them, not in each."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from openfloor.ballots import mandate_words, queries, words
from openfloor.ballots.models import Ballot
from openfloor.ui import clock
from openfloor.workplace.models import Committee

register = template.Library()


@register.filter
def short_time(moment: datetime, committee: Committee) -> SafeString:
    """Today, 8 p.m.; Tuesday, noon; 14 October, 7 a.m."""
    zone = ZoneInfo(committee.zone)
    text = capfirst(words.short_time(moment, zone, timezone.now()))
    return format_html(
        '<time datetime="{}">{}</time>', moment.astimezone(zone).isoformat(timespec="seconds"), text
    )


@register.filter
def short_day(moment: datetime, committee: Committee) -> SafeString:
    """Today; Tuesday; 14 October."""
    zone = ZoneInfo(committee.zone)
    text = capfirst(words.short_day(moment, zone, timezone.now()))
    return format_html('<time datetime="{}">{}</time>', moment.astimezone(zone).date().isoformat(), text)


@register.filter
def moved_or_stood(vote: Ballot) -> str:
    """What came of a vote on a breach: 9 accept the move, 24 stand by what we decided."""
    return mandate_words.vote_in_words(vote)


@register.filter
def address_of_vote(vote: Ballot, is_public: object) -> str:
    """Its page; for outsiders its board, and nothing before there is one."""
    if not is_public:
        return reverse("ballot", args=[vote.uuid])
    return reverse("board", args=[vote.uuid]) if vote.state in queries.PUBLIC_STATES else ""


@register.filter
def asked_in_words(ballot: Ballot) -> list[words.Asked]:
    """What is asked, question by question."""
    return words.asked_in_words(ballot)


@register.filter
def is_mixed(ballot: Ballot) -> bool:
    """Are its votes mixed, and opened one by one?"""
    return queries.is_mixed(ballot)


@register.filter
def who_may_vote(ballot: Ballot) -> str:
    """60, or 72: 60 on the roll and 12 by paper slip."""
    return words.who_may_vote(ballot)


@register.filter
def who_can_check(group: str) -> str:
    """Anyone with a Debian computer."""
    return words.who_can_check(group)


@register.filter
def zone_in_words(zone: str) -> str:
    """Los Angeles time."""
    return clock.zone_in_words(zone)
