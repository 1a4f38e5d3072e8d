"""What the clock does at the table: it asks about sessions that nobody ended, and ends them."""

import logging
from datetime import datetime

from openfloor.bargaining.actions import end_if_quiet
from openfloor.bargaining.queries import sessions_gone_quiet
from openfloor.locks import alone_at

log = logging.getLogger(__name__)


def tick(now: datetime) -> None:
    """A session that fails keeps no other waiting. What another process does already is left to it."""
    with alone_at("table") as is_ours:
        if is_ours:
            _ask_or_end(now)


def _ask_or_end(now: datetime) -> None:
    for session in sessions_gone_quiet(now):
        try:
            end_if_quiet(session, now)
        except Exception:
            log.exception("a session could not be ended; trying again", extra={"session": session.pk})
