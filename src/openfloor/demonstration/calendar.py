"""Days before today, as the clock at the made-up hospital shows them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from openfloor.demonstration.story import ZONE


@dataclass(frozen=True, slots=True)
class Calendar:
    today: date

    @classmethod
    def at(cls, now: datetime) -> "Calendar":
        return cls(now.astimezone(ZoneInfo(ZONE)).date())

    def day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def moment(self, days_ago: int, hour: int) -> datetime:
        """A full hour; days ahead are negative."""
        return on(self.day(days_ago), hour)


def on(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(ZONE))
