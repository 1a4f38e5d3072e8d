"""A made-up trustee's key sealed under a passphrase: the twin of browser/core/trusteekey.js.

Source: docs/specs/ballot.md, "The trustee's key".
"""

import hashlib
import secrets
from collections.abc import Callable

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

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
    """The text of the key file for *x*."""
    salt, nonce = randbytes(16), randbytes(12)
    open_part = {
        "type": "openfloor/trustee-key-file/1",
        "ballot": ballot,
        "number": number,
        "group": group,
        "public_key": named(group).text(named(group).secret_power_generator(x)),
        "kdf": "PBKDF2-HMAC-SHA-256",
        "iterations": ITERATIONS,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
    }
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), salt, ITERATIONS)
    sealed = AESGCM(key).encrypt(nonce, str(x).encode(), canonical(open_part).encode())
    return canonical({**open_part, "sealed": sealed.hex()})
