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
from openfloor.bargaining.views.importing import import_proposal, proposals_csv, proposals_json, table_printed

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
    "import_proposal",
    "proposals_csv",
    "proposals_json",
    "propose",
    "table_printed",
    "withdraw",
]
