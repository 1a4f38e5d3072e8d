"""Threshold trustees: any t + 1 of n open the count (specification, 4.6; docs/specs/openballot.md, 9).

Each trustee i has a secret polynomial f_i of degree t and publishes A_ik = g^(a_ik); the trustees' secret is
the sum of all f_i(0), which nobody ever holds. Trustee j's share is the sum of all f_i(j), whose public part
follows from the A.

The older form, of Belenios 2.0, has no context in its certificates and neither signatures of all certificates
nor signed keys. It is read and never written.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from openballot import pki
from openballot.canonical import NotCanonical, array, compact, integer, read, record
from openballot.checks import Refused
from openballot.groups import Element, Group, RandomBytes, product_of
from openballot.schnorr import read_proof
from openballot.verificationkeys import VerificationKey, member, read_key

Coefficients: TypeAlias = tuple[Element, ...]

# Each trustee signs all certificates: the work grows with the square of their number.
LARGEST = 100
_CONTEXT = ("group", "size", "threshold", "index")


@dataclass(frozen=True, slots=True)
class Place:
    """A trustee's place in a threshold group: what its certificate is for."""

    group: Group
    size: int
    threshold: int
    index: int

    def as_json(self) -> dict[str, str | int]:
        return {
            "group": self.group.name,
            "size": self.size,
            "threshold": self.threshold,
            "index": self.index,
        }


@dataclass(frozen=True, slots=True)
class Certificate:
    """The keys to which a trustee's shares are sealed and by which its messages are signed."""

    verification: Element
    encryption: Element


@dataclass(frozen=True, slots=True)
class Parameters:
    """A threshold group as an election lists it, everything in it checked."""

    threshold: int
    keys: tuple[VerificationKey, ...]
    public_key: Element


# --- one trustee's part


def compose_certificate(
    place: Place, seed: str, randbytes: RandomBytes = secrets.token_bytes
) -> pki.SignedMessage:
    """Return the certificate of the trustee with this seed, signed by itself (4.6.2)."""
    group = place.group
    sk, dk = pki.signing_key(group, seed), pki.decryption_key(group, seed)
    keys = {
        "context": place.as_json(),
        "verification": group.text(group.secret_power_generator(sk)),
        "encryption": group.text(group.secret_power_generator(dk)),
    }
    return pki.signed_message(group, sk, compact(keys), randbytes)


def coefficients_text(group: Group, polynomial: Sequence[int]) -> str:
    """Return the text of raw_coefexps: g^a for the coefficients a_0 … a_t (4.6.4)."""
    return compact({"coefexps": [group.text(group.secret_power_generator(a)) for a in polynomial]})


def value_at(group: Group, polynomial: Sequence[int], j: int) -> int:
    """Return f(j) mod q."""
    value = 0
    for coefficient in reversed(polynomial):
        value = (value * j + coefficient) % group.q
    return value


def certificates_text(certificates: Sequence[object], coefficients: str) -> str:
    """Return what a trustee signs who has seen all certificates and chosen these coefficients."""
    return "certs_sig|" + compact({"certs": list(certificates), "coefexps": read(coefficients)["coefexps"]})


# --- the parts of all


def compose_parameters(
    threshold: int,
    *,
    certificates: Sequence[object],
    coefficients: Sequence[object],
    signatures: Sequence[object],
    keys: Sequence[object] | None = None,
) -> str:
    """Return the text of threshold_parameters (4.6.7), each list in the order of the trustees.

    Without *keys* it is what is fixed before the trustees have opened their shares.
    """
    return compact(
        {
            "threshold": threshold,
            "certs": list(certificates),
            "coefexps": list(coefficients),
            "signatures": list(signatures),
            **({} if keys is None else {"verification_keys": list(keys)}),
        }
    )


def read_parameters(group: Group, value: object, owners_from: int = 1) -> Parameters:
    """Read threshold_parameters and check everything in them; raises Refused for the first that fails.

    Trustees are named by their owner numbers, of which the first is *owners_from*.
    """
    fields = _read_lists(value, f"trustee {owners_from}")
    threshold, size = fields["threshold"], len(fields["certs"])
    if not 1 <= threshold <= size <= LARGEST:
        raise Refused("trustees_threshold", f"trustee {owners_from}")
    owners = [f"trustee {owners_from + i}" for i in range(size)]
    certificates = _read_certificates(group, fields, owners)
    coefficients = [
        read_coefficients(group, signed, threshold, certificate, where)
        for signed, certificate, where in zip(fields["coefexps"], certificates, owners, strict=True)
    ]
    _check_signatures(group, fields, certificates, owners)
    publics = public_shares(group, coefficients)
    keys = [
        read_share_key(group, key, public, certificate if "signatures" in fields else None, where)
        for key, public, certificate, where in zip(
            fields["verification_keys"], publics, certificates, owners, strict=True
        )
    ]
    public_key = product_of(group, [own[0] for own in coefficients])
    if public_key == group.identity:
        raise Refused("trustee_key", owners[0])
    return Parameters(threshold, tuple(keys), public_key)


def _read_certificates(group: Group, fields: Mapping[str, Any], owners: Sequence[str]) -> list[Certificate]:
    def place(index: int) -> Place | None:
        is_older = "signatures" not in fields
        return None if is_older else Place(group, len(owners), fields["threshold"], index)

    certificates = [
        read_certificate(group, cert, place(index), where)
        for index, (cert, where) in enumerate(zip(fields["certs"], owners, strict=True), start=1)
    ]
    refuse_repeated(certificates, owners)
    return certificates


def _check_signatures(
    group: Group, fields: Mapping[str, Any], certificates: Sequence[Certificate], owners: Sequence[str]
) -> None:
    for signature, own, certificate, where in zip(
        fields.get("signatures", ()), fields["coefexps"], certificates, owners, strict="signatures" in fields
    ):
        check_certificates_signature(group, signature, fields["certs"], own, certificate, where)


def read_certificate(group: Group, value: object, place: Place | None, where: str) -> Certificate:
    """Read a certificate for this place, or one of the older form; raises Refused."""
    names = (*(("context",) if place else ()), "verification", "encryption")
    try:
        message, signature = pki.read_signed_message(group, value)
        fields = record(read(message), *names)
        context = record(fields["context"], *_CONTEXT) if place else None
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    # Compared as texts: in Python, JSON's true equals 1.
    if place and compact(context) != compact(place.as_json()):
        raise Refused("certificate_context", where)
    certificate = Certificate(
        member(group, fields["verification"], "certificate_key", where),
        member(group, fields["encryption"], "certificate_key", where),
    )
    if not pki.is_signed(group, certificate.verification, message, signature):
        raise Refused("certificate_signature", where)
    return certificate


def refuse_repeated(certificates: Sequence[Certificate], owners: Sequence[str]) -> None:
    """Refuse two trustees with one key: who holds both would hold two shares."""
    verification: set[Element] = set()
    encryption: set[Element] = set()
    for own, where in zip(certificates, owners, strict=True):
        if own.verification in verification or own.encryption in encryption:
            raise Refused("trustee_repeated", where)
        verification.add(own.verification)
        encryption.add(own.encryption)


def read_coefficients(
    group: Group, value: object, threshold: int, certificate: Certificate, where: str
) -> Coefficients:
    """Read a trustee's signed A_i0 … A_it; raises Refused."""
    try:
        message, signature = pki.read_signed_message(group, value)
        texts = array(record(read(message), "coefexps")["coefexps"])
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    if len(texts) != threshold:
        raise Refused("trustees_threshold", where)
    coefficients = tuple(member(group, text, "coefficient_element", where) for text in texts)
    if not pki.is_signed(group, certificate.verification, message, signature):
        raise Refused("coefficients_signature", where)
    return coefficients


def check_certificates_signature(
    group: Group,
    value: object,
    certificates: Sequence[object],
    signed_coefficients: Mapping[str, Any],
    certificate: Certificate,
    where: str,
) -> None:
    """Check a trustee's signature of all certificates and its own coefficients; raises Refused."""
    try:
        signature = read_proof(group, value)
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    message = certificates_text(certificates, signed_coefficients["message"])
    if not pki.is_signed(group, certificate.verification, message, signature):
        raise Refused("certificates_signature", where)


def public_shares(group: Group, coefficients: Sequence[Coefficients]) -> list[Element]:
    """Return X_j, the product of all A_ik^(j^k), for each trustee j (4.6.6)."""
    totals = _totals(group, coefficients)
    return [public_value(group, totals, j) for j in range(1, len(coefficients) + 1)]


def public_share(group: Group, coefficients: Sequence[Coefficients], j: int) -> Element:
    """Return X_j alone."""
    return public_value(group, _totals(group, coefficients), j)


def _totals(group: Group, coefficients: Sequence[Coefficients]) -> list[Element]:
    """Return g^a_0 … g^a_t of the trustees' polynomials added up."""
    return [product_of(group, column) for column in zip(*coefficients, strict=True)]


def public_value(group: Group, coefficients: Sequence[Element], j: int) -> Element:
    """Return g^f(j) from g^a_0 … g^a_t."""
    value = group.identity
    for coefficient in reversed(coefficients):
        value = group.multiply(group.power(value, j), coefficient)
    return value


def read_share_key(
    group: Group, value: object, public: Element, certificate: Certificate | None, where: str
) -> VerificationKey:
    """Read the key of a trustee's share, signed by its certificate unless that is None; raises Refused."""
    key = read_key(group, value, where, signed=certificate is not None)
    if key.public_key != public:
        raise Refused("share_key", where)
    is_signed = certificate is None or (
        key.signature is not None
        and pki.is_signed(group, certificate.verification, group.text(key.public_key), key.signature)
    )
    if not is_signed:
        raise Refused("share_key_signature", where)
    return key


# --- opening the count


def combine(group: Group, factors: Mapping[int, Element]) -> Element:
    """Return alpha^f(0) from alpha^f(j) by index j, by Lagrange's powers (4.19)."""
    powers = lagrange(group.q, factors)
    return product_of(group, [group.power(factor, powers[j]) for j, factor in factors.items()])


def lagrange(q: int, indexes: Iterable[int]) -> dict[int, int]:
    """Return, for each index d, the product of k / (k - d) mod q over the other indexes k."""
    chosen = list(indexes)
    coefficients = {}
    for d in chosen:
        numerator = denominator = 1
        for k in chosen:
            if k != d:
                numerator, denominator = numerator * k % q, denominator * (k - d) % q
        coefficients[d] = numerator * pow(denominator, -1, q) % q
    return coefficients


def _read_lists(value: object, where: str) -> dict[str, Any]:
    try:
        fields = record(
            value,
            *("threshold", "certs", "coefexps", "signatures", "verification_keys"),
            optional=("signatures",),
        )
        integer(fields["threshold"])
        size = len(array(fields["certs"]))
        for name in ("coefexps", "signatures", "verification_keys"):
            if name in fields:
                array(fields[name], length=size)
    except NotCanonical as error:
        raise Refused("trustees_text", where) from error
    return fields
