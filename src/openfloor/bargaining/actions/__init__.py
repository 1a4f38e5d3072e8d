"""Every deed at the table."""

from openfloor.bargaining.actions.calendars import end_calendar_address, make_calendar_address
from openfloor.bargaining.actions.contracts import Terms, add_contract, change_contract
from openfloor.bargaining.actions.enforceable import answer_clause
from openfloor.bargaining.actions.importing import Planned, import_proposal, plan_import
from openfloor.bargaining.actions.proposals import Said, add_article, agree, correct, propose, withdraw
from openfloor.bargaining.actions.sessions import announce_session, correct_line, end_session, write_line

__all__ = [
    "Planned",
    "Said",
    "Terms",
    "add_article",
    "add_contract",
    "agree",
    "announce_session",
    "answer_clause",
    "change_contract",
    "correct",
    "correct_line",
    "end_calendar_address",
    "end_session",
    "import_proposal",
    "make_calendar_address",
    "plan_import",
    "propose",
    "withdraw",
    "write_line",
]
