"""The ceremony in which trustees make a threshold key, in three rounds (docs/specs/threshold-ceremony.md).

Everybody commits to their coefficients before anybody shows them, so nobody chooses theirs by the others'. A
server only relays: each message is signed under its trustee's certificate, and names the round before by
its hash.

The trap: all that a trustee draws follows from the seed and from what was received, so that an answer lost on
the way can be made again to the last character. A seed is therefore for one place in one ceremony.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, Generic, TypeAlias, TypeVar

from cryptography.hazmat.primitives.hashes import SHA512
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openballot import channels, pedersen, pki
from openballot.canonical import (
    NotCanonical,
    array,
    compact,
    decimal,
    hash_hex,
    integer,
    read,
    record,
    sha256_hex,
    string,
)
from openballot.checks import Finding, Refused, finding
from openballot.groups import Element, Group, RandomBytes, product_of
from openballot.pedersen import Certificate, Place
from openballot.schnorr import Proof
from openballot.verificationkeys import VerificationKey, compose_key

CERTIFICATE = "openfloor/threshold-certificate/1"
COEFFICIENTS = "openfloor/threshold-coefficients/1"
KEY = "openfloor/threshold-key/1"
LARGEST = 20
_ID_LENGTH = 64
_ID_CHARACTERS = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-.")

T = TypeVar("T")


class ImpossibleCeremony(ValueError):
    """No ceremony can have this name, size or threshold."""


class CeremonyRefused(ValueError):
    """Messages of a ceremony are missing or fail their checks; *findings* names each."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        super().__init__(self.findings[0].sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceremony:
    """Which key is made: any *threshold* of *size* trustees open the count. A new attempt has a new *id*."""

    id: str
    group: Group
    size: int
    threshold: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.id) <= _ID_LENGTH or not set(self.id) <= _ID_CHARACTERS:
            raise ImpossibleCeremony("A ceremony's name has 1 to 64 letters, digits, dots and dashes.")
        # With a threshold of one, each trustee alone could open single votes.
        if not 2 <= self.threshold <= self.size <= LARGEST:
            raise ImpossibleCeremony(
                f"Of at most {LARGEST} trustees at least 2 must be needed, and no more than there are."
            )

    def place(self, index: int) -> Place:
        return Place(self.group, self.size, self.threshold, index)


@dataclass(frozen=True, slots=True)
class Participant:
    """A trustee who takes part: a place in a ceremony, and the seed that all of theirs follows from."""

    ceremony: Ceremony
    index: int
    seed: str = field(repr=False)

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.ceremony.size:
            raise ImpossibleCeremony(f"The trustees' numbers are 1 to {self.ceremony.size}.")

    @property
    def sk(self) -> int:
        return pki.signing_key(self.ceremony.group, self.seed)

    @property
    def dk(self) -> int:
        return pki.decryption_key(self.ceremony.group, self.seed)

    def polynomial(self) -> list[int]:
        """Return the secret a_0 … a_t."""
        return [
            self.ceremony.group.random_scalar(partial(self._derived, f"coefficient|{k}"))
            for k in range(self.ceremony.threshold)
        ]

    def draws(self, type_: str, previous: str = "") -> RandomBytes:
        """Return the source of all that is drawn for one message: the n-th draw has the number n."""
        numbers = count(1)
        return lambda size: self._derived(f"{type_}|{previous}|{next(numbers)}", size)

    def _derived(self, purpose: str, size: int) -> bytes:
        c = self.ceremony
        place = f"{c.id}|{c.group.name}|{c.size}|{c.threshold}|{self.index}"
        info = f"openfloor/1/ceremony|{place}|{purpose}"
        return HKDF(algorithm=SHA512(), length=size, salt=None, info=info.encode()).derive(self.seed.encode())


@dataclass(frozen=True, slots=True)
class Message(Generic[T]):
    """A checked message: its text, the fields of what was signed, and what they stand for."""

    text: str
    body: dict[str, Any]
    held: T

    @property
    def index(self) -> int:
        index: int = self.body["index"]
        return index


Certificates: TypeAlias = Sequence[Message[Certificate]]
Coefficients: TypeAlias = Sequence[Message[tuple[Element, ...]]]
Keys: TypeAlias = Sequence[Message[VerificationKey]]


# --- round 1: certificates, and commitments to the coefficients


def certificate_message(own: Participant) -> str:
    """Return a trustee's message of round 1."""
    randbytes = own.draws(CERTIFICATE)
    place = own.ceremony.place(own.index)
    body = {
        "ceremony": own.ceremony.id,
        "certificate": pedersen.compose_certificate(place, own.seed, randbytes),
        "commitment": _commitment(own.ceremony, own.index, _own_coefficients(own)),
        "index": own.index,
        "type": CERTIFICATE,
    }
    return _signed(own, body, randbytes)


def read_certificates(ceremony: Ceremony, texts: Sequence[str]) -> Certificates:
    """Return round 1 in the order of the trustees, everything in it checked; raises CeremonyRefused."""

    messages = _read_round(ceremony, texts, partial(_certificate_in, ceremony))
    try:
        pedersen.refuse_repeated([message.held for message in messages], [_of(m.index) for m in messages])
    except Refused as refusal:
        raise CeremonyRefused([refusal.finding]) from refusal
    return messages


def check_certificate(ceremony: Ceremony, index: int, text: str) -> Certificate:
    """Check a message of round 1 by the trustee at this place, alone as it comes; raises Refused."""
    message = _certificate_in(ceremony, text, _of(index))
    _refuse_another(index, message)
    return message.held


# --- round 2: coefficients, and a share sealed for each trustee


def coefficients_message(own: Participant, certificates: Sequence[str]) -> str:
    """Return a trustee's message of round 2, once the whole of round 1 is there; raises CeremonyRefused."""
    group = own.ceremony.group
    seen = _read_own_certificates(own, certificates)
    previous = _hash_of(seen)
    randbytes = own.draws(COEFFICIENTS, previous)
    polynomial, text = own.polynomial(), _own_coefficients(own)
    signed = pki.signed_message(group, own.sk, text, randbytes)
    shares = [
        channels.send(
            group, own.sk, other.held.encryption, _share_text(group, polynomial, other.index), randbytes
        )
        for other in seen
    ]
    all_certificates = pedersen.certificates_text(_certificates_of(seen), text)
    body = {
        "ceremony": own.ceremony.id,
        "coefexps": signed,
        "index": own.index,
        "previous": previous,
        "secrets": shares,
        "signature": pki.sign(group, own.sk, all_certificates, randbytes).as_json(),
        "type": COEFFICIENTS,
    }
    return _signed(own, body, randbytes)


def read_coefficients(ceremony: Ceremony, certificates: Certificates, texts: Sequence[str]) -> Coefficients:
    """Return round 2, everything checked that anybody can check; raises CeremonyRefused."""
    return _read_round(ceremony, texts, partial(_coefficients_in, ceremony, certificates))


def check_coefficients(ceremony: Ceremony, certificates: Certificates, index: int, text: str) -> None:
    """Check a message of round 2 by the trustee at this place, alone as it comes; raises Refused."""
    _refuse_another(index, _coefficients_in(ceremony, certificates, text, _of(index)))


# --- round 3: each trustee opens and checks the shares, and shows the key of their sum


def key_message(own: Participant, certificates: Sequence[str], coefficients: Sequence[str]) -> str:
    """Return a trustee's message of round 3, once every share was checked; raises CeremonyRefused."""
    group = own.ceremony.group
    seen = _read_own_certificates(own, certificates)
    shown = read_coefficients(own.ceremony, seen, coefficients)
    share = _sum_of_shares(own, seen, shown)
    previous = _hash_of(shown)
    randbytes = own.draws(KEY, previous)
    key = compose_key(group, share, randbytes)
    signature = pki.sign(group, own.sk, str(key["public_key"]), randbytes)
    sealed = compact({"decryption_key": str(share)})
    body = {
        "ceremony": own.ceremony.id,
        "index": own.index,
        "previous": previous,
        "private_key": channels.send(group, own.sk, seen[own.index - 1].held.encryption, sealed, randbytes),
        "public_key": {**key, "signature": signature.as_json()},
        "type": KEY,
    }
    return _signed(own, body, randbytes)


def read_keys(
    ceremony: Ceremony, certificates: Certificates, coefficients: Coefficients, texts: Sequence[str]
) -> Keys:
    """Return round 3, everything checked that anybody can check; raises CeremonyRefused."""
    return _read_round(ceremony, texts, partial(_key_in, ceremony, certificates, coefficients))


def check_key(
    ceremony: Ceremony, certificates: Certificates, coefficients: Coefficients, index: int, text: str
) -> None:
    """Check a message of round 3 by the trustee at this place, alone as it comes; raises Refused."""
    _refuse_another(index, _key_in(ceremony, certificates, coefficients, text, _of(index)))


# --- what comes of it


@dataclass(frozen=True, slots=True)
class Settled:
    """What nobody can change any more once the second round is whole, each as its text.

    *parameters* are the threshold_parameters without the `verification_keys`, which follow from them.
    """

    public_key: str
    share_keys: tuple[str, ...]
    parameters: str


def settle(ceremony: Ceremony, certificates: Sequence[str], coefficients: Sequence[str]) -> Settled:
    """Return the election's key, the keys of the shares and what they rest on; raises CeremonyRefused."""
    seen = read_certificates(ceremony, certificates)
    shown = read_coefficients(ceremony, seen, coefficients)
    group, held = ceremony.group, [message.held for message in shown]
    return Settled(
        public_key=group.text(product_of(group, [own[0] for own in held])),
        share_keys=tuple(group.text(key) for key in pedersen.public_shares(group, held)),
        parameters=pedersen.compose_parameters(ceremony.threshold, **_lists_of(seen, shown)),
    )


def compose_parameters(
    ceremony: Ceremony, certificates: Sequence[str], coefficients: Sequence[str], keys: Sequence[str]
) -> str:
    """Return the threshold_parameters for an election's list of trustees; raises CeremonyRefused."""
    seen = read_certificates(ceremony, certificates)
    shown = read_coefficients(ceremony, seen, coefficients)
    made = read_keys(ceremony, seen, shown, keys)
    return pedersen.compose_parameters(
        ceremony.threshold, **_lists_of(seen, shown), keys=[message.body["public_key"] for message in made]
    )


def open_share(group: Group, seed: str, sealed: str) -> int:
    """Return the share x that a trustee sealed for themselves; raises StaysSealed or WrongSender.

    *sealed* is the private_key of their message of round 3, or the decryption key by `belenios-tool` 2.0.
    """
    verification = group.secret_power_generator(pki.signing_key(group, seed))
    plain = channels.receive(group, pki.decryption_key(group, seed), verification, sealed)
    try:
        # Belenios 2.0 writes the sum of the shares as it comes, not yet modulo q.
        key = decimal(record(read(plain), "decryption_key")["decryption_key"], below=LARGEST * group.q)
        return key % group.q
    except NotCanonical as error:
        raise channels.StaysSealed from error


def sealed_share(text: str) -> str:
    """Return the private_key of a message of round 3; raises NotCanonical."""
    message = string(record(read(text), "message", "signature")["message"])
    return string(record(read(message), *_FIELDS[KEY])["private_key"])


# --- inside


_FIELDS = {
    CERTIFICATE: ("ceremony", "certificate", "commitment", "index", "type"),
    COEFFICIENTS: ("ceremony", "coefexps", "index", "previous", "secrets", "signature", "type"),
    KEY: ("ceremony", "index", "previous", "private_key", "public_key", "type"),
}


def _read_round(
    ceremony: Ceremony, texts: Sequence[str], read_one: Callable[[str, str], Message[T]]
) -> list[Message[T]]:
    """Read exactly one message by each trustee, and say everything that is wrong or missing."""
    findings: list[Finding] = []
    held: dict[int, Message[T]] = {}
    for position, text in enumerate(texts, start=1):
        try:
            message = read_one(text, f"message {position}")
            if message.index in held:
                raise Refused("ceremony_repeated", _of(message.index))
            held[message.index] = message
        except Refused as refusal:
            findings.append(refusal.finding)
    named = {item.object for item in findings}
    findings += [
        finding("ceremony_missing", _of(index))
        for index in range(1, ceremony.size + 1)
        if index not in held and _of(index) not in named
    ]
    if findings:
        raise CeremonyRefused(findings)
    return [held[index] for index in sorted(held)]


def _refuse_another(index: int, message: Message[Any]) -> None:
    if message.index != index:
        raise Refused("ceremony_other", _of(index))


def _certificate_in(ceremony: Ceremony, text: str, where: str) -> Message[Certificate]:
    body, signed = _opened(ceremony, CERTIFICATE, text, where)
    where = _of(body["index"])
    certificate = pedersen.read_certificate(
        ceremony.group, body["certificate"], ceremony.place(body["index"]), where
    )
    _refuse_unsigned(ceremony, certificate, signed, where)
    return Message(text, body, certificate)


def _coefficients_in(
    ceremony: Ceremony, certificates: Certificates, text: str, where: str
) -> Message[tuple[Element, ...]]:
    group = ceremony.group
    body, signed = _opened(ceremony, COEFFICIENTS, text, where)
    where, seen = _of(body["index"]), certificates[body["index"] - 1]
    _refuse_unsigned(ceremony, seen.held, signed, where)
    _refuse_out_of_step(body, certificates, where)
    coefficients = pedersen.read_coefficients(group, body["coefexps"], ceremony.threshold, seen.held, where)
    if _commitment(ceremony, seen.index, body["coefexps"]["message"]) != seen.body["commitment"]:
        raise Refused("ceremony_commitment", where)
    pedersen.check_certificates_signature(
        group, body["signature"], _certificates_of(certificates), body["coefexps"], seen.held, where
    )
    return Message(text, body, coefficients)


def _key_in(
    ceremony: Ceremony, certificates: Certificates, coefficients: Coefficients, text: str, where: str
) -> Message[VerificationKey]:
    group = ceremony.group
    body, signed = _opened(ceremony, KEY, text, where)
    where, seen = _of(body["index"]), certificates[body["index"] - 1]
    _refuse_unsigned(ceremony, seen.held, signed, where)
    _refuse_out_of_step(body, coefficients, where)
    public = pedersen.public_share(group, [message.held for message in coefficients], seen.index)
    return Message(text, body, pedersen.read_share_key(group, body["public_key"], public, seen.held, where))


def _refuse_out_of_step(body: Mapping[str, Any], before: Sequence[Message[Any]], where: str) -> None:
    if body["previous"] != _hash_of(before):
        raise Refused("ceremony_previous", where)


def _opened(
    ceremony: Ceremony, type_: str, text: str, where: str
) -> tuple[dict[str, Any], tuple[str, Proof]]:
    """Return the fields of a message, and what is signed with its signature; raises Refused."""
    try:
        signed = pki.read_signed_message(ceremony.group, read(text))
        body = read(signed[0])
        if isinstance(body, dict) and body.get("type") != type_:
            raise Refused("ceremony_other", where)
        fields = record(body, *_FIELDS[type_])
        index = integer(fields["index"])
        _refuse_other_forms(ceremony, fields)
    except NotCanonical as error:
        raise Refused("ceremony_text", where) from error
    if fields["ceremony"] != ceremony.id or not 1 <= index <= ceremony.size:
        raise Refused("ceremony_other", where)
    return fields, signed


def _refuse_other_forms(ceremony: Ceremony, fields: Mapping[str, object]) -> None:
    """What the readers of a certificate, of coefficients and of a key do not look at."""
    for name in ("commitment", "previous"):
        if name in fields:
            sha256_hex(fields[name])
    secrets = array(fields["secrets"], length=ceremony.size) if "secrets" in fields else []
    for sealed in (*secrets, fields.get("private_key", "")):
        string(sealed)


def _refuse_unsigned(
    ceremony: Ceremony, certificate: Certificate, signed: tuple[str, Proof], where: str
) -> None:
    if not pki.is_signed(ceremony.group, certificate.verification, *signed):
        raise Refused("ceremony_signature", where)


def _read_own_certificates(own: Participant, texts: Sequence[str]) -> Certificates:
    """Read round 1, in which the own message must have come back as it was sent."""
    seen = read_certificates(own.ceremony, texts)
    if seen[own.index - 1].text != certificate_message(own):
        raise CeremonyRefused([finding("ceremony_seed", _of(own.index))])
    return seen


def _own_coefficients(own: Participant) -> str:
    return pedersen.coefficients_text(own.ceremony.group, own.polynomial())


def _commitment(ceremony: Ceremony, index: int, coefficients: str) -> str:
    return hash_hex(f"openfloor|coefexps|{ceremony.id}|{index}|{coefficients}")


def _share_text(group: Group, polynomial: Sequence[int], j: int) -> str:
    return compact({"secret": str(pedersen.value_at(group, polynomial, j))})


def _sum_of_shares(own: Participant, certificates: Certificates, coefficients: Coefficients) -> int:
    """Open the shares of all for this trustee and add them up; whoever sent a wrong one is named."""
    shares: list[int] = []
    faults: list[Finding] = []
    for sender, shown in zip(certificates, coefficients, strict=True):
        try:
            shares.append(_share_from(own, sender.held, shown))
        except Refused as refusal:
            faults.append(refusal.finding)
    if faults:
        raise CeremonyRefused(faults)
    return sum(shares) % own.ceremony.group.q


def _share_from(own: Participant, sender: Certificate, shown: Message[tuple[Element, ...]]) -> int:
    """Open one share and hold it against its sender's coefficients; raises Refused."""
    group, where = own.ceremony.group, _of(shown.index)
    sealed = shown.body["secrets"][own.index - 1]
    try:
        plain = channels.receive(group, own.dk, sender.verification, sealed)
        share = group.scalar(record(read(plain), "secret")["secret"])
    except (channels.StaysSealed, NotCanonical) as error:
        raise Refused("ceremony_share_sealed", where) from error
    except channels.WrongSender as error:
        raise Refused("ceremony_share_signature", where) from error
    if group.secret_power_generator(share) != pedersen.public_value(group, shown.held, own.index):
        raise Refused("ceremony_share", where)
    return share


def _signed(own: Participant, body: Mapping[str, object], randbytes: RandomBytes) -> str:
    return compact(pki.signed_message(own.ceremony.group, own.sk, compact(body), randbytes))


def _certificates_of(messages: Certificates) -> list[object]:
    return [message.body["certificate"] for message in messages]


def _lists_of(certificates: Certificates, coefficients: Coefficients) -> dict[str, list[object]]:
    """Name the lists of threshold_parameters that the first two rounds give."""
    return {
        "certificates": _certificates_of(certificates),
        "coefficients": [message.body["coefexps"] for message in coefficients],
        "signatures": [message.body["signature"] for message in coefficients],
    }


def _hash_of(messages: Sequence[Message[Any]]) -> str:
    """Return the hash of a round: of all texts in the order of the trustees, each with a line's end."""
    return hash_hex("".join(f"{message.text}\n" for message in messages))


def _of(index: int) -> str:
    return f"trustee {index}"
