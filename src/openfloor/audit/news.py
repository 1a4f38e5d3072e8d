"""How far a committee's ledger is, told to its open pages: a number, and no word.

The address is known to whoever was shown one of the committee's own pages; from its id it cannot be guessed.
"""

from typing import Any
from uuid import UUID

from django.utils.crypto import salted_hmac

from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import last_entry

LENGTH = 32


def address(committee_id: UUID) -> str:
    return f"/news/{_name(committee_id)}/live"


def lines(committee_id: UUID) -> int:
    last = last_entry(committee_id)
    return last.number + 1 if last else 0


def head_at(name: str) -> dict[str, Any] | None:
    committees = LedgerEntry.objects.filter(number=0).values_list("committee_id", flat=True)
    found = next((committee_id for committee_id in committees if _name(committee_id) == name), None)
    return None if found is None else {"lines": lines(found)}


def _name(committee_id: UUID) -> str:
    return salted_hmac("openfloor.audit.news", str(committee_id), algorithm="sha256").hexdigest()[:LENGTH]
