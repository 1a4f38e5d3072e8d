"""What a ballot binds a committee to: a raise and a strike, as texts have them."""

from datetime import datetime, timedelta
from typing import Any

from openfloor.ballots.charter import moment

MONTH = timedelta(days=30)

TERM: dict[str, Any] = {
    "about": "Raise over four years",
    "measure": "wages.total",
    "bound": "at_least",
    "unit": "percent",
    "numerator": 31,
    "denominator": 100,
}
ASKED: dict[str, Any] = {
    "terms": [TERM],
    "action": {"what": "Strike from the day the contract ends", "by": "2026-04-01T07:00:00Z"},
    "expires_at": "2027-01-01T00:00:00Z",
    "changed_by": "same_rule",
}
PLAIN: dict[str, Any] = {**ASKED, "action": None, "expires_at": None}
BELOW = {"wages.total": [[27, 100]]}  # what an offer under the floor says


def asked_after(closes_at: datetime, **change: Any) -> dict[str, Any]:
    """The same with a strike a month after the close, and no end."""
    return {
        **ASKED,
        "action": {"what": ASKED["action"]["what"], "by": moment(closes_at + MONTH)},
        "expires_at": None,
        **change,
    }
