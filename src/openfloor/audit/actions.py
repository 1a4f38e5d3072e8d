"""Writing to the ledger. The trap: an entry belongs in the same transaction as the deed it records."""

import secrets
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openfloor import changes
from openfloor.audit import chain
from openfloor.audit.errors import NothingToRemove
from openfloor.audit.models import LedgerEntry
from openfloor.audit.queries import last_entry
from openfloor.locks import lock_committee


@transaction.atomic
def record(committee_id: UUID, kind: str, payload: dict[str, Any], *, now: datetime) -> LedgerEntry:
    """
    Append an entry, inside the caller's transaction when there is one.

    The committee is locked until that ends: no number is used twice, and none is left out.
    """
    lock_committee(committee_id)
    before = last_entry(committee_id)
    # A clock that was set back must not break the chain: times never go back in it.
    second = now.astimezone(UTC).replace(microsecond=0)
    at = max(second, before.at) if before else second
    number = before.number + 1 if before else 0
    salt = secrets.token_hex(32)
    payload_text = chain.canonical(payload)
    text = chain.entry_text(
        committee=str(committee_id),
        number=number,
        parent=before.hash if before else None,
        at=at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        kind=kind,
        payload_hash=chain.payload_hash(salt, payload_text),
    )
    changes.tell(str(committee_id))
    return LedgerEntry.objects.create(
        committee_id=committee_id,
        number=number,
        text=text,
        hash=chain.text_hash(text),
        kind=kind,
        at=at,
        salt=salt,
        payload=payload_text,
    )


@transaction.atomic
def remove_payload(committee_id: UUID, number: int, *, reason: str, now: datetime) -> LedgerEntry:
    """Take the text of one entry out, and say so in another; the chain still verifies."""
    lock_committee(committee_id)
    entry = LedgerEntry.objects.filter(committee_id=committee_id, number=number).first()
    if entry is None or entry.payload is None or entry.kind == chain.REMOVAL:
        raise NothingToRemove
    entry.salt = entry.payload = None
    entry.save(update_fields=["salt", "payload"])
    return record(committee_id, chain.REMOVAL, {"number": number, "reason": reason}, now=now)
