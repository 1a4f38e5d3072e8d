"""The committee's board key: it signs receipts. Its seed lies in the secrets folder, outside the database."""

import secrets
from pathlib import Path
from uuid import UUID

from nacl.signing import SigningKey

from openfloor import env
from openfloor.workplace.memberkeys import Statement, canonical
from openfloor.workplace.models import Committee


def make(committee_id: UUID) -> str:
    """Draw the key of a new committee and return its public half."""
    seed = secrets.token_bytes(32)
    env.write_secret(_path(committee_id), seed.hex().encode())
    return SigningKey(seed).verify_key.encode().hex()


def sign(committee: Committee, statement: Statement) -> str:
    """The signature of a statement, as members sign theirs."""
    seed = bytes.fromhex(_path(committee.pk).read_text(encoding="ascii"))
    return SigningKey(seed).sign(canonical(statement).encode()).signature.hex()


def _path(committee_id: UUID) -> Path:
    return env.secrets_folder() / f"{committee_id}.board"
