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
from openfloor.bargaining.views.enforceable import enforceable
from openfloor.bargaining.views.importing import import_proposal, proposals_csv, proposals_json, table_printed
from openfloor.bargaining.views.keeping import go_on, ground_rules, note_takers, reading
from openfloor.bargaining.views.mine import offer_for_me
from openfloor.bargaining.views.reports import edit_report, report
from openfloor.bargaining.views.sessions import (
    announce_session,
    end_session,
    minutes_json,
    session,
    write_line,
)

__all__ = [
    "add_article",
    "add_contract",
    "agree",
    "announce_session",
    "article",
    "calendar",
    "calendar_file",
    "calendar_for_program",
    "change_contract",
    "compare",
    "contract",
    "contracts",
    "correct",
    "edit_report",
    "end_calendar",
    "end_session",
    "enforceable",
    "go_on",
    "ground_rules",
    "import_proposal",
    "minutes_json",
    "note_takers",
    "offer_for_me",
    "proposals_csv",
    "proposals_json",
    "propose",
    "reading",
    "report",
    "session",
    "table_printed",
    "withdraw",
    "write_line",
]
