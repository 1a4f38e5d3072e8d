"""Every deed at the table."""

from openfloor.bargaining.actions.calendars import end_calendar_address, make_calendar_address
from openfloor.bargaining.actions.contracts import Terms, add_contract, change_contract
from openfloor.bargaining.actions.enforceable import answer_clause
from openfloor.bargaining.actions.importing import Planned, import_proposal, plan_import
from openfloor.bargaining.actions.proposals import Said, add_article, agree, correct, propose, withdraw
from openfloor.bargaining.actions.reading_lists import add_reading, put_back_reading, take_out_reading
from openfloor.bargaining.actions.reports import publish_report, save_draft
from openfloor.bargaining.actions.sessions import (
    Rules,
    announce_session,
    change_ground_rules,
    correct_line,
    end_if_quiet,
    end_session,
    go_on,
    name_note_taker,
    take_off_note_taker,
    write_line,
)

__all__ = [
    "Planned",
    "Rules",
    "Said",
    "Terms",
    "add_article",
    "add_contract",
    "add_reading",
    "agree",
    "announce_session",
    "answer_clause",
    "change_contract",
    "change_ground_rules",
    "correct",
    "correct_line",
    "end_calendar_address",
    "end_if_quiet",
    "end_session",
    "go_on",
    "import_proposal",
    "make_calendar_address",
    "name_note_taker",
    "plan_import",
    "propose",
    "publish_report",
    "put_back_reading",
    "save_draft",
    "take_off_note_taker",
    "take_out_reading",
    "withdraw",
    "write_line",
]
