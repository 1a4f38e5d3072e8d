"""The key to the backups: the committee has its secret half on paper, the server only the public half."""

from pathlib import Path

import pyrage

from openfloor import env
from openfloor.operations.errors import Refused

FILE = "backup-recipients"  # one public key a line, as `age -R` reads it


def make() -> tuple[str, str]:
    """A fresh key: the secret half, which is kept nowhere here, and the public half."""
    secret = pyrage.x25519.Identity.generate()
    return str(secret), str(secret.to_public())


def add(public: str) -> None:
    """Encrypt every backup from now on so that this key opens it too."""
    try:
        text = str(pyrage.x25519.Recipient.from_str(public.strip()))
    except pyrage.RecipientError as error:
        raise Refused(
            "This is not the public half of a backup key: it begins with age1. Nothing was changed."
        ) from error
    known = kept()
    if text in known:
        raise Refused("Backups are for this key already. Nothing was changed.")
    write([*known, text])


def write(public: list[str]) -> None:
    """These keys, and no other, open the backups from now on."""
    fresh = _path().with_suffix(".new")
    fresh.write_text("".join(f"{line}\n" for line in public), encoding="ascii")
    fresh.replace(_path())


def kept() -> list[str]:
    """The public halves; empty when there is none."""
    path = _path()
    return path.read_text(encoding="ascii").split() if path.exists() else []


def recipients() -> list[str]:
    """Raises Refused when there is none."""
    public = kept()
    if not public:
        raise Refused(
            "There is no key to encrypt the backup with. Make one with the committee, once: "
            "openfloor backup-key"
        )
    return public


def _path() -> Path:
    return env.data_folder() / FILE
