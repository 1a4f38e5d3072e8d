"""Pages of the table."""

from openfloor.bargaining.views.calendars import (
    calendar,
    calendar_file,
    calendar_for_program,
    end_calendar,
)
from openfloor.bargaining.views.contracts import add_contract, change_contract, contract, contracts

__all__ = [
    "add_contract",
    "calendar",
    "calendar_file",
    "calendar_for_program",
    "change_contract",
    "contract",
    "contracts",
    "end_calendar",
]
