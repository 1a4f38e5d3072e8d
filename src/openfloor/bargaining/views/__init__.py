"""Pages of the table."""

from openfloor.bargaining.views.articles import (
    add_article,
    agree,
    article,
    compare,
    correct,
    propose,
    withdraw,
)
from openfloor.bargaining.views.calendars import (
    calendar,
    calendar_file,
    calendar_for_program,
    end_calendar,
)
from openfloor.bargaining.views.contracts import add_contract, change_contract, contract, contracts

__all__ = [
    "add_article",
    "add_contract",
    "agree",
    "article",
    "calendar",
    "calendar_file",
    "calendar_for_program",
    "change_contract",
    "compare",
    "contract",
    "contracts",
    "correct",
    "end_calendar",
    "propose",
    "withdraw",
]
