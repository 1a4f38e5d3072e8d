"""Reading the ledger."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import QuerySet

from openfloor.audit import chain
from openfloor.audit.models import LedgerEntry


def entries(committee_id: UUID) -> QuerySet[LedgerEntry]:
    """From the first to the last."""
    return LedgerEntry.objects.filter(committee_id=committee_id).order_by("number")


def last_entry(committee_id: UUID) -> LedgerEntry | None:
    return entries(committee_id).last()


def head(committee_id: UUID) -> str | None:
    """The hash of the last entry: who keeps it notices when anything before it is changed."""
    last = last_entry(committee_id)
    return last.hash if last else None


def export_lines(committee_id: UUID) -> Iterator[str]:
    """The export, line by line, as `openfloor ledger verify` reads it."""
    for entry in entries(committee_id):
        yield chain.export_line(entry.text, entry.salt, entry.payload)
