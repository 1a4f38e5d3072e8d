"""One roll key, a fresh credential for each ballot: multiplicative key blinding (voting, section 4).

The factor depends on the key itself, so nobody can choose keys whose credentials are related.
"""

import hashlib
import hmac

from openballot.groups import Group


class ZeroFactor(ValueError):
    """The blinding factor is zero; it would turn every key into the identity."""


def nonce(k: bytes, key_text: str) -> str:
    """HMAC-SHA256 under the ballot's secret k: whoever knows it can link this key and its credential."""
    return hmac.new(k, key_text.encode(), hashlib.sha256).hexdigest()


def blinding_factor(group: Group, uuid: str, key_text: str, n_hex: str) -> int:
    """h = H("openfloor|blind|uuid|group|S|n"); raises ZeroFactor, which no one will ever see."""
    factor = group.hash_to_scalar(f"openfloor|blind|{uuid}|{group.name}|{key_text}|{n_hex}")
    if factor == 0:
        raise ZeroFactor("The blinding factor is zero.")
    return factor


def blinded_key(group: Group, uuid: str, key_text: str, n_hex: str) -> str:
    """S' = S^h: the public credential for the ballot *uuid*."""
    factor = blinding_factor(group, uuid, key_text, n_hex)
    return group.text(group.power(group.element(key_text), factor))


def blinded_scalar(group: Group, uuid: str, key_text: str, n_hex: str, s: int) -> int:
    """s' = h s mod q: the secret that signs for S'."""
    return blinding_factor(group, uuid, key_text, n_hex) * s % group.q
