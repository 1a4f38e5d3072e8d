"""What WebAuthn asks a browser and what comes back, over py_webauthn; nothing here touches the database.

The trap: the browser's answer is a stranger's. Whatever cannot be read is refused as Unreadable.
"""

import secrets
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from django.conf import settings
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NAME = "Openfloor"
CHALLENGE_BYTES = 32
HANDLE_BYTES = 32
LONGEST_ID = 1023  # bytes, by the standard
UNREADABLE = (
    WebAuthnException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    struct.error,
    RecursionError,
)


class Unreadable(Exception):
    """Not an answer to what was asked."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """What a browser made, checked against what it was asked."""

    credential_id: str
    public_key: str
    sign_count: int


def fresh_challenge() -> str:
    return bytes_to_base64url(secrets.token_bytes(CHALLENGE_BYTES))


def fresh_user_handle() -> str:
    return bytes_to_base64url(secrets.token_bytes(HANDLE_BYTES))


def creation_options(
    challenge: str, user_handle: str, *, shown_as: str, known_ids: list[str]
) -> dict[str, Any]:
    """What `navigator.credentials.create` is asked: a passkey found without a name, and no attestation."""
    options = webauthn.generate_registration_options(
        rp_id=_rp_id(),
        rp_name=NAME,
        user_name=shown_as,
        user_display_name=shown_as,
        user_id=base64url_to_bytes(user_handle),
        challenge=base64url_to_bytes(challenge),
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(each)) for each in known_ids
        ],
    )
    return options_to_json_dict(options)


def request_options(challenge: str) -> dict[str, Any]:
    """What `navigator.credentials.get` is asked: any passkey of ours."""
    options = webauthn.generate_authentication_options(
        rp_id=_rp_id(),
        challenge=base64url_to_bytes(challenge),
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return options_to_json_dict(options)


def read_new(credential: Mapping[str, Any], challenge: str) -> NewPasskey:
    """The passkey in the answer to `creation_options`; raises Unreadable."""
    with _unreadable_otherwise():
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_rp_id(),
            expected_origin=settings.ADDRESS,
        )
        if not 0 < len(made.credential_id) <= LONGEST_ID:
            raise Unreadable
        return NewPasskey(
            bytes_to_base64url(made.credential_id), made.credential_public_key.hex(), made.sign_count
        )


def named_in(credential: Mapping[str, Any]) -> tuple[str, str]:
    """The credential id and user handle that the answer to `request_options` claims; raises Unreadable."""
    with _unreadable_otherwise():
        claimed = webauthn.helpers.parse_authentication_credential_json(dict(credential))
        return bytes_to_base64url(claimed.raw_id), bytes_to_base64url(claimed.response.user_handle or b"")


def signed_count(credential: Mapping[str, Any], challenge: str, public_key: str) -> int:
    """The sign count of an answer that holds; raises Unreadable. Whether it went up, the caller sees."""
    with _unreadable_otherwise():
        verified = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_rp_id(),
            expected_origin=settings.ADDRESS,
            credential_public_key=bytes.fromhex(public_key),
            credential_current_sign_count=0,
        )
        return verified.new_sign_count


def _rp_id() -> str:
    return urlsplit(settings.ADDRESS).hostname or "localhost"


@contextmanager
def _unreadable_otherwise() -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise Unreadable from error
