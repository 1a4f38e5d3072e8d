"""The secret k that hides who is who on a board: one file, outside the database and its backups.

The trap: a copied disk image or a journalling file system may keep what was overwritten here. Whoever keeps
k can tell who voted, never how.
"""

import os
import secrets
from pathlib import Path

from openfloor import env

LENGTH = 32
SUFFIX = ".k"


class Erased(Exception):
    """There is no k for this ballot: it was never made, or voting is over."""


def draw() -> bytes:
    return secrets.token_bytes(LENGTH)


def keep(uuid: str, k: bytes) -> None:
    """Write *k* for its owner's eyes only; what a crash left behind is erased first."""
    erase(uuid)
    env.write_secret(_path(uuid), k)
    _sync(env.secrets_folder())


def read(uuid: str) -> bytes:
    """The ballot's k; raises Erased."""
    try:
        return _path(uuid).read_bytes()
    except FileNotFoundError as error:
        raise Erased(uuid) from error


def erase(uuid: str) -> None:
    """Overwrite and remove the ballot's k; without one, nothing happens."""
    path = _path(uuid)
    try:
        descriptor = os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(max(LENGTH, os.fstat(descriptor).st_size)))
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
    _sync(env.secrets_folder())


def is_kept(uuid: str) -> bool:
    return _path(uuid).exists()


def kept() -> set[str]:
    """The uuids of the ballots whose k is still here."""
    return {path.stem for path in env.secrets_folder().glob(f"*{SUFFIX}")}


def _path(uuid: str) -> Path:
    return env.secrets_folder() / f"{uuid}{SUFFIX}"


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
