"""What the machine decides: where data lies and under which address people come. Fails with the remedy."""

import os
import re
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from openfloor import logs

ONION = re.compile(r"[a-z2-7]{56}\.onion")


class BadEnvironment(Exception):
    """A setting of the machine that cannot work, and what to set instead."""


def data_folder() -> Path:
    """Where everything is kept; made on first use, readable by its owner only."""
    return _made(Path(os.environ.get("OPENFLOOR_DATA", "data")).resolve())


def secrets_folder() -> Path:
    """Keys that stay out of the database and its backups. Nodes of one server share this folder."""
    given = os.environ.get("OPENFLOOR_SECRETS")
    return _made(Path(given).resolve() if given else data_folder() / "secrets")


def _made(folder: Path) -> Path:
    # Asked for several times a request, and nearly always there.
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def address() -> str:
    """The address members type, without a slash at the end."""
    return kept_address() or "http://localhost:8000"


def kept_address() -> str | None:
    """The address as the environment has it, else as `openfloor init` kept it."""
    path = data_folder() / "address"
    url = os.environ.get("OPENFLOOR_URL") or (path.read_text(encoding="utf-8") if path.exists() else None)
    return None if url is None else _checked_address(url)


def keep_address() -> None:
    """Remember this address for the commands to come."""
    (data_folder() / "address").write_text(address(), encoding="utf-8")


def is_local(url: str) -> bool:
    """Does this address stay on this machine?"""
    return is_local_host(urlsplit(url).hostname or "")


def is_local_host(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "::1")


def local_port(url: str | None) -> int:
    """Where to listen: the port of a local address. A public one is a proxy's, which comes to 8000."""
    return (urlsplit(url).port if url and is_local(url) else None) or 8000


def _checked_address(url: str) -> str:
    url = url.strip().rstrip("/")
    parts = urlsplit(url)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.fragment
    ):
        raise BadEnvironment(f"The address is {url!r}; write OPENFLOOR_URL like https://vote.example.org")
    if parts.scheme == "http" and not is_local(url):
        raise BadEnvironment(f"The address is {url!r}; members' keys need https:// anywhere but on localhost")
    return url


def onion() -> str | None:
    """The name of the onion service that leads here too, if there is one."""
    name = os.environ.get("OPENFLOOR_ONION") or None
    if name is not None and not ONION.fullmatch(name):
        raise BadEnvironment(f"OPENFLOOR_ONION is {name!r}; write 56 letters and digits, then .onion")
    return name


def log_format() -> str:
    """What the log on stderr is for: people at a terminal, or programs."""
    asked = os.environ.get("OPENFLOOR_LOG") or ("plain" if sys.stderr.isatty() else "json")
    if asked not in logs.FORMATS:
        raise BadEnvironment(f"OPENFLOOR_LOG is {asked!r}; write json or plain")
    return asked


def secret_key() -> str:
    """Django's signing key, made once and kept beside the other keys."""
    path = secrets_folder() / "django.key"
    if not path.exists():
        # Whole or not at all: another node may be starting.
        fresh = path.with_name(f"django.key.{secrets.token_hex(8)}")
        write_secret(fresh, secrets.token_urlsafe(50).encode())
        with suppress(FileExistsError):
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text(encoding="ascii")


def write_secret(path: Path, content: bytes) -> None:
    """Create a file only its owner can read; an existing one is an error."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
