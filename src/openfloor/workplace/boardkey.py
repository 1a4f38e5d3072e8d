"""The committee's board key: it signs receipts. Its seed lies in the secrets folder, outside the database."""

import secrets
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from nacl.signing import SigningKey

from openfloor import env
from openfloor.workplace.memberkeys import Statement, canonical


def make(committee_id: UUID) -> str:
    """Draw the key of a new committee and return its public half."""
    seed = secrets.token_bytes(32)
    env.write_secret(_path(committee_id), seed.hex().encode())
    return SigningKey(seed).verify_key.encode().hex()


def is_kept(committee_id: UUID) -> bool:
    return _path(committee_id).exists()


def sign(committee_id: UUID, statement: Statement) -> str:
    """The signature of a statement, as members sign theirs."""
    path = _path(committee_id)
    return _key_in(path, path.stat().st_mtime_ns).sign(canonical(statement).encode()).signature.hex()


# Read once, and again when the file is another.
@lru_cache(maxsize=8)
def _key_in(path: Path, changed_at: int) -> SigningKey:
    return SigningKey(bytes.fromhex(path.read_text(encoding="ascii")))


def _path(committee_id: UUID) -> Path:
    return env.secrets_folder() / f"{committee_id}.board"
