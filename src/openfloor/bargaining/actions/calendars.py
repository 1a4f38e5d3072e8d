"""The address at which a member's calendar program reads: made, made anew, ended."""

from django.db import transaction

from openfloor.bargaining.models import CalendarAddress
from openfloor.workplace.models import Member


@transaction.atomic
def make_calendar_address(member: Member) -> CalendarAddress:
    """A new one; an earlier one leads nowhere any more."""
    CalendarAddress.objects.filter(member=member).delete()
    return CalendarAddress.objects.create(member=member)


def end_calendar_address(member: Member) -> None:
    CalendarAddress.objects.filter(member=member).delete()
