"""What a member's device derives from its root secret, and what it signs (docs/specs/keys-and-roll.md).

The server never has a real member's secret: browser/core/memberkeys.js derives and signs, the server checks.
"""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypedDict

import rfc8785
from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from openballot import possession
from openballot.canonical import NotCanonical
from openballot.groups import Group, NotInGroup, named

GROUPS = ("BELENIOS-2048", "Ed25519", "RFC-3526-2048")
ROOT_BYTES = 16
HEX_DIGITS = frozenset("0123456789abcdef")

RandomBytes = Callable[[int], bytes]
Statement = dict[str, Any]


class Keys(TypedDict):
    """The public keys of an entry."""

    member: str
    credentials: dict[str, str]


class NotCanonicalText(ValueError):
    """A text is not the one way to write its value."""


class BadWords(ValueError):
    """The twelve words are not the words of a root secret."""


class UnknownWord(BadWords):
    """One of them is not on the list; `word` says which."""

    def __init__(self, word: str) -> None:
        super().__init__(f"{word!r} is not on the list of words.")
        self.word = word


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """Everything one root secret stands for."""

    root: bytes = field(repr=False)
    sign_in_secret: str = field(repr=False)  # 64 hexadecimal digits
    signing_key: SigningKey = field(repr=False)
    scalars: dict[str, int] = field(repr=False)  # by group

    @classmethod
    def from_root(cls, root: bytes) -> "MemberKeys":
        if len(root) != ROOT_BYTES:
            raise ValueError(f"A root secret has {ROOT_BYTES} bytes.")
        return cls(
            root=root,
            sign_in_secret=_derive(root, "sign-in", 32).hex(),
            signing_key=SigningKey(_derive(root, "member-key", 32)),
            scalars={name: _credential_scalar(root, named(name)) for name in GROUPS},
        )

    def sign(self, statement: Statement) -> str:
        return self.signing_key.sign(canonical(statement).encode()).signature.hex()

    def credential_scalar(self, group: str) -> int:
        return self.scalars[group]

    def public(self) -> Keys:
        """The `keys` of the entry: what a colleague vouches for."""
        return {
            "member": self.signing_key.verify_key.encode().hex(),
            "credentials": {name: _public_text(named(name), s) for name, s in self.scalars.items()},
        }

    def proofs(
        self, committee: str, number: int, randbytes: RandomBytes = secrets.token_bytes
    ) -> dict[str, dict[str, str]]:
        """The `proofs` of entry *number* in *committee*; they prove nothing anywhere else."""
        return {
            name: possession.prove(named(name), committee, number, s, randbytes)
            for name, s in self.scalars.items()
        }


def sign_in_hash(sign_in_secret: str) -> str:
    """What the server keeps of a sign-in secret of 64 hexadecimal digits."""
    return hashlib.sha256(bytes.fromhex(sign_in_secret)).hexdigest()


def is_member_key(text: object) -> bool:
    """Is this a signing key in the prime-order subgroup, other than the identity?"""
    if not is_hex(text, 64):
        return False
    group = named("Ed25519")
    # A key is written as RFC 8032 does, an element with its bytes reversed.
    reversed_text = bytes.fromhex(str(text))[::-1].hex()
    try:
        return bool(group.element(reversed_text) != group.identity)
    except (NotCanonical, NotInGroup):
        return False


def check_signature(member_key: str, statement: Statement, signature: object) -> bool:
    """Did the holder of *member_key* sign *statement*?"""
    if not is_hex(signature, 128) or not is_member_key(member_key):
        return False
    try:
        VerifyKey(bytes.fromhex(member_key)).verify(
            canonical(statement).encode(), bytes.fromhex(str(signature))
        )
    except BadSignatureError:
        return False
    return True


def is_hex(value: object, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= HEX_DIGITS


def canonical(value: Any) -> str:
    """The one text of *value* (RFC 8785); whole numbers only. Raises NotCanonicalText."""
    _refuse_fractions(value)
    try:
        return rfc8785.dumps(value).decode()
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise NotCanonicalText("This value has no canonical text.") from error


def parse_canonical(text: str) -> Any:
    """The value of a canonical text; any other text of the same value raises NotCanonicalText."""
    try:
        value = json.loads(text, parse_float=_refuse, parse_constant=_refuse)
        again = canonical(value)
    except (ValueError, RecursionError) as error:
        raise NotCanonicalText("The text is not plain JSON.") from error
    if again != text:
        raise NotCanonicalText("The text is not the canonical one of its value.")
    return value


def hash_of(text: str) -> str:
    """SHA-256 of a text; of one that is no UTF-8 at all, of the bytes it came from."""
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def words_from_root(root: bytes) -> list[str]:
    """The twelve words (BIP 39, English) of a root secret."""
    return Mnemonic("english").to_mnemonic(root).split()


def root_from_words(text: str) -> bytes:
    """The root secret of twelve words, in whatever case and spacing they were typed; raises BadWords."""
    words = text.lower().split()
    if len(words) != 12:
        raise BadWords(f"There are {len(words)} words, not twelve.")
    book = Mnemonic("english")
    for word in words:
        if word not in book.wordlist:
            raise UnknownWord(word)
    if not book.check(" ".join(words)):
        raise BadWords("The words do not belong together: one is wrong, or two are exchanged.")
    return bytes(book.to_entropy(words))


def _derive(root: bytes, label: str, length: int) -> bytes:
    return HKDF(SHA512(), length, salt=None, info=f"openfloor/1/{label}".encode()).derive(root)


def _credential_scalar(root: bytes, group: Group) -> int:
    length = (group.q.bit_length() + 7) // 8 + 32
    scalar = int.from_bytes(_derive(root, f"credential/{group.name}", length), "big") % group.q
    if scalar == 0:
        raise ValueError("This root secret gives a credential of zero. Draw another.")
    return scalar


def _public_text(group: Group, s: int) -> str:
    return group.text(group.secret_power_generator(s))


def _refuse_fractions(value: object) -> None:
    if isinstance(value, float):
        raise NotCanonicalText("Only whole numbers are used.")
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            _refuse_fractions(item)


def _refuse(text: str) -> NoReturn:
    raise NotCanonicalText(f"{text} is not a whole number.")
