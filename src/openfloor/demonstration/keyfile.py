"""A made-up trustee's key sealed under a passphrase: the twin of browser/core/trusteekey.js.

Source: docs/specs/ballot.md, "The trustee's key".
"""

import hashlib
import secrets
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openballot.ceremony import Participant
from openballot.groups import named
from openfloor.workplace.memberkeys import canonical

ITERATIONS = 600_000

RandomBytes = Callable[[int], bytes]


def seal(
    *,
    ballot: str,
    number: int,
    group: str,
    x: int,
    passphrase: str,
    randbytes: RandomBytes = secrets.token_bytes,
) -> str:
    """The text of the key file for *x*, a key of the trustee's own."""
    about = {
        "type": "openfloor/trustee-key-file/1",
        "ballot": ballot,
        "number": number,
        "group": group,
        "public_key": named(group).text(named(group).secret_power_generator(x)),
    }
    return _seal(about, str(x), passphrase, randbytes)


def seal_seed(
    *,
    ballot: str,
    number: int,
    own: Participant,
    share: int | None,
    passphrase: str,
    randbytes: RandomBytes = secrets.token_bytes,
) -> str:
    """The same for a trustee who makes a key with others; the share is None until its third round."""
    held = own.ceremony
    about = {
        "type": "openfloor/trustee-key-file/2",
        "ballot": ballot,
        "number": number,
        "ceremony": {
            "id": held.id,
            "group": held.group.name,
            "size": held.size,
            "threshold": held.threshold,
            "index": own.index,
        },
        "verification": held.group.text(held.group.secret_power_generator(own.sk)),
    }
    content = canonical({"seed": own.seed, "share": None if share is None else str(share)})
    return _seal(about, content, passphrase, randbytes)


def _seal(about: dict[str, Any], content: str, passphrase: str, randbytes: RandomBytes) -> str:
    salt, nonce = randbytes(16), randbytes(12)
    open_part = {
        **about,
        "kdf": "PBKDF2-HMAC-SHA-256",
        "iterations": ITERATIONS,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
    }
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS)
    sealed = AESGCM(key).encrypt(nonce, content.encode(), canonical(open_part).encode())
    return canonical({**open_part, "sealed": sealed.hex()})
