"""What the machine decides: where data lies and under which address people come. Fails with the remedy."""

import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

LOCAL_HOSTS = ("localhost", "127.0.0.1", "[::1]")


class BadEnvironment(Exception):
    """A setting of the machine that cannot work, and what to set instead."""


def data_folder() -> Path:
    """Where everything is kept; made on first use, readable by its owner only."""
    folder = Path(os.environ.get("OPENFLOOR_DATA", "data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secrets_folder() -> Path:
    """Keys that stay out of the database and its backups."""
    folder = data_folder() / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def address() -> str:
    """The address members type, without a slash at the end."""
    url = os.environ.get("OPENFLOOR_URL", "http://localhost:8000").rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise BadEnvironment(f"OPENFLOOR_URL is {url!r}; write it like https://vote.example.org")
    if parts.scheme == "http" and not is_local(url):
        raise BadEnvironment(f"OPENFLOOR_URL is {url!r}; members' keys need https:// anywhere but on localhost")
    return url


def is_local(url: str) -> bool:
    """Does this address stay on this machine?"""
    host = urlsplit(url).hostname or ""
    return host in ("localhost", "127.0.0.1", "::1")


def secret_key() -> str:
    """Django's signing key, made once and kept beside the other keys."""
    path = secrets_folder() / "django.key"
    if not path.exists():
        write_secret(path, secrets.token_urlsafe(50).encode())
    return path.read_text(encoding="ascii")


def write_secret(path: Path, content: bytes) -> None:
    """Create a file only its owner can read; an existing one is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
