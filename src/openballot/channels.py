"""What one trustee tells another through a server that must not read it (specification, 4.6.1 and 4.6.3).

A message names its recipient, is signed by its sender and then sealed: ElGamal carries the key of AES-GCM.
Belenios 2.0 seals with AES-CCM instead and names no algorithm; that form is read and never written.
"""

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESCCM, AESGCM

from openballot import pki
from openballot.canonical import NotCanonical, compact, read, record, string
from openballot.groups import Element, Group, RandomBytes, quotient

ALGORITHM = "AES-GCM"
_CCM_NONCE, _CCM_TAG = 13, 8


class StaysSealed(ValueError):
    """A sealed message cannot be opened with this key, or is not written in its exact form."""

    def __init__(self) -> None:
        super().__init__("This is not sealed for that key, or was changed. Nothing was opened.")


class WrongSender(ValueError):
    """An opened message is for another recipient, or not signed by the one it should be from."""

    def __init__(self) -> None:
        super().__init__("This is for somebody else, or not signed by its sender.")


def send(
    group: Group, sk: int, recipient: Element, message: str, randbytes: RandomBytes = secrets.token_bytes
) -> str:
    """Sign *message* for the recipient's encryption key and seal it."""
    content = compact({"recipient": group.text(recipient), "message": message})
    return seal(group, recipient, compact(pki.signed_message(group, sk, content, randbytes)), randbytes)


def receive(group: Group, dk: int, sender: Element, text: str) -> str:
    """Open what the owner of the key *sender* sent to this one; raises StaysSealed or WrongSender."""
    try:
        content, signature = pki.read_signed_message(group, read(unseal(group, dk, text)))
        fields = record(read(content), "recipient", "message")
        recipient, message = string(fields["recipient"]), string(fields["message"])
    except NotCanonical as error:
        raise StaysSealed from error
    if recipient != group.text(group.secret_power_generator(dk)):
        raise WrongSender
    if not pki.is_signed(group, sender, content, signature):
        raise WrongSender
    return message


def seal(group: Group, encryption: Element, plain: str, randbytes: RandomBytes = secrets.token_bytes) -> str:
    """Encrypt to an encryption key: alpha = g^r, beta = ek^r g^s, and AES-GCM under the hash of g^s."""
    r, s = group.random_scalar(randbytes), group.random_scalar(randbytes)
    carried = group.secret_power_generator(s)
    alpha = group.text(group.secret_power_generator(r))
    beta = group.text(group.multiply(group.secret_power(encryption, r), carried))
    data = AESGCM(_key(group, carried)).encrypt(_nonce(alpha), plain.encode(), None)
    return compact({"algorithm": ALGORITHM, "alpha": alpha, "beta": beta, "data": data.hex()})


def unseal(group: Group, dk: int, text: str) -> str:
    """Decrypt what was sealed; raises StaysSealed."""
    try:
        fields = record(read(text), "algorithm", "alpha", "beta", "data", optional=("algorithm",))
        alpha, beta = group.element(fields["alpha"]), group.element(fields["beta"])
        data = _bytes(string(fields["data"]))
        key = _key(group, quotient(group, beta, group.secret_power(alpha, dk)))
        nonce = _nonce(fields["alpha"])
        return _opened(fields.get("algorithm"), key, nonce, data).decode()
    except (ValueError, InvalidTag) as error:
        raise StaysSealed from error


def _opened(algorithm: object, key: bytes, nonce: bytes, data: bytes) -> bytes:
    if algorithm is None:
        return AESCCM(key, tag_length=_CCM_TAG).decrypt(nonce[:_CCM_NONCE], data, None)
    if algorithm != ALGORITHM:
        raise NotCanonical("This algorithm is not known here.")
    return AESGCM(key).decrypt(nonce, data, None)


def _bytes(text: str) -> bytes:
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise NotCanonical("Bytes must be hexadecimal digits in lower case.")
    return data


def _key(group: Group, carried: Element) -> bytes:
    return hashlib.sha256(f"key|{group.text(carried)}".encode()).digest()


def _nonce(alpha_text: str) -> bytes:
    return hashlib.sha256(f"iv|{alpha_text}".encode()).digest()
