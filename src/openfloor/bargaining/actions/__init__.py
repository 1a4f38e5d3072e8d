"""Every deed at the table."""

from openfloor.bargaining.actions.calendars import end_calendar_address, make_calendar_address
from openfloor.bargaining.actions.contracts import Terms, add_contract, change_contract

__all__ = [
    "Terms",
    "add_contract",
    "change_contract",
    "end_calendar_address",
    "make_calendar_address",
]
