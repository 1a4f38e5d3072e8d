"""Every deed at the table."""

from openfloor.bargaining.actions.calendars import end_calendar_address, make_calendar_address
from openfloor.bargaining.actions.contracts import Terms, add_contract, change_contract
from openfloor.bargaining.actions.importing import Planned, import_proposal, plan_import
from openfloor.bargaining.actions.proposals import Said, add_article, agree, correct, propose, withdraw

__all__ = [
    "Planned",
    "Said",
    "Terms",
    "add_article",
    "add_contract",
    "agree",
    "change_contract",
    "correct",
    "end_calendar_address",
    "import_proposal",
    "make_calendar_address",
    "plan_import",
    "propose",
    "withdraw",
]
