"""Reading what is bargained about. Nothing is written here."""

from django.db.models import QuerySet

from openfloor.bargaining.models import CalendarAddress, Contract
from openfloor.bargaining.notices import Notice
from openfloor.workplace.models import Committee, Member


def contracts_of(committee: Committee) -> QuerySet[Contract]:
    return Contract.objects.filter(committee=committee)


def contracts_visible_to(member: Member) -> QuerySet[Contract]:
    """Every member sees all contracts of their committee."""
    return contracts_of(member.committee)


def notices_of(contract: Contract) -> tuple[Notice, ...]:
    return tuple(Notice(days=each["days"], what=each["what"]) for each in contract.notices)


def member_at_calendar(secret: str) -> Member | None:
    """Whose calendar reads at this address, as long as they are on the roll."""
    found = CalendarAddress.objects.select_related("member__committee").filter(
        secret=secret, member__state=Member.State.MEMBER
    )
    address = found.first()
    return address.member if address else None


def calendar_secret_of(member: Member) -> str | None:
    return CalendarAddress.objects.filter(member=member).values_list("secret", flat=True).first()
