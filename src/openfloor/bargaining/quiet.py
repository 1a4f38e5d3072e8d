"""A session that nobody ended: the clock asks first, and ends it when nobody answers.

All moments are instants: how long it was quiet does not depend on clocks that are put forward or back.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum

ASK_AFTER = timedelta(hours=12)  # without a line
END_AFTER = timedelta(hours=12)  # without an answer


class Due(Enum):
    NOTHING = "nothing"
    ASK = "ask"
    END = "end"


def due(*, stirred: list[datetime], asked_at: datetime | None, now: datetime) -> Due:
    """
    What the clock does about a session that is not over.

    *stirred* are the moments at which it gave a sign of life: its start, its last line, "it goes on".
    """
    last = max(moment.astimezone(UTC) for moment in stirred)
    now = now.astimezone(UTC)
    if asked_at is None or asked_at <= last:
        return Due.ASK if now - last >= ASK_AFTER else Due.NOTHING
    return Due.END if now - asked_at.astimezone(UTC) >= END_AFTER else Due.NOTHING
