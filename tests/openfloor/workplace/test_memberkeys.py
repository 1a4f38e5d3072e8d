"""Derivation, words, canonical text and signatures, against values that other programs can recompute."""

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_core_ed25519_add

from openballot import possession
from openballot.groups import named
from openfloor.workplace.memberkeys import (
    GROUPS,
    BadWords,
    MemberKeys,
    NotCanonicalText,
    UnknownWord,
    canonical,
    check_signature,
    is_member_key,
    parse_canonical,
    root_from_words,
    sign_in_hash,
    words_from_root,
)

VECTORS = json.loads((Path(__file__).parents[3] / "vectors/member_keys.json").read_text(encoding="utf-8"))
ROOT = bytes(range(16))
COMMITTEE = "0f8fad5b-d9cb-469f-a165-70867728950e"


def hkdf_sha512(secret: bytes, info: bytes, length: int) -> bytes:
    """RFC 5869, written from its two formulas."""
    key = hmac.digest(bytes(64), secret, hashlib.sha512)
    block, output = b"", b""
    for counter in range(1, -(-length // 64) + 1):
        block = hmac.digest(key, block + info + bytes([counter]), hashlib.sha512)
        output += block
    return output[:length]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: str(vector["root"]))
def test_member_keys_are_those_of_the_vectors(vector: dict[str, Any]) -> None:
    keys = MemberKeys.from_root(bytes.fromhex(vector["root"]))

    derived = {
        "root": keys.root.hex(),
        "words": " ".join(words_from_root(keys.root)),
        "sign_in": keys.sign_in_secret,
        "sign_in_stored": sign_in_hash(keys.sign_in_secret),
        "member_key_seed": keys.signing_key.encode().hex(),
        "member_key": keys.public()["member"],
        "credentials": {
            name: {"s": str(keys.credential_scalar(name)), "key": keys.public()["credentials"][name]}
            for name in GROUPS
        },
    }

    assert derived == vector


def test_sign_in_secret_is_derived_by_hkdf_from_the_sixteen_bytes() -> None:
    keys = MemberKeys.from_root(ROOT)

    assert keys.sign_in_secret == hkdf_sha512(ROOT, b"openfloor/1/sign-in", 32).hex()
    assert sign_in_hash(keys.sign_in_secret) == hashlib.sha256(bytes.fromhex(keys.sign_in_secret)).hexdigest()


@pytest.mark.parametrize(
    ("group", "length"), [("BELENIOS-2048", 64), ("Ed25519", 64), ("RFC-3526-2048", 288)]
)
def test_credential_scalar_is_drawn_from_32_bytes_more_than_q_has(group: str, length: int) -> None:
    wide = hkdf_sha512(ROOT, f"openfloor/1/credential/{group}".encode(), length)

    scalar = MemberKeys.from_root(ROOT).credential_scalar(group)

    assert scalar == int.from_bytes(wide, "big") % named(group).q


def test_public_keys_are_those_of_the_derived_secrets() -> None:
    keys = MemberKeys.from_root(ROOT)

    public = keys.public()

    assert list(public["credentials"]) == list(GROUPS)
    for name in GROUPS:
        group = named(name)
        assert public["credentials"][name] == group.text(group.power_generator(keys.credential_scalar(name)))
    assert is_member_key(public["member"])


def test_proofs_hold_for_their_committee_and_number_only() -> None:
    keys = MemberKeys.from_root(ROOT)
    texts = keys.public()["credentials"]

    proofs = keys.proofs(COMMITTEE, 7)

    for name in GROUPS:
        assert possession.check(named(name), COMMITTEE, 7, texts[name], proofs[name])
        assert not possession.check(named(name), COMMITTEE, 8, texts[name], proofs[name])


def test_member_keys_show_no_secret_when_printed() -> None:
    keys = MemberKeys.from_root(ROOT)

    assert repr(keys) == "MemberKeys()"


@pytest.mark.parametrize("length", [0, 15, 17, 32])
def test_root_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        MemberKeys.from_root(bytes(length))


@settings(deadline=None)
@given(st.binary(min_size=16, max_size=16))
def test_words_give_the_root_back_however_they_are_typed(root: bytes) -> None:
    words = words_from_root(root)

    assert len(words) == 12
    assert root_from_words("  " + "\n ".join(words).upper() + " ") == root


def test_words_of_the_all_zero_root_are_those_of_bip_39() -> None:
    assert words_from_root(bytes(16)) == ["abandon"] * 11 + ["about"]


def test_a_word_not_on_the_list_is_named() -> None:
    with pytest.raises(UnknownWord) as refused:
        root_from_words(" ".join(["abandon"] * 11 + ["abuot"]))

    assert refused.value.word == "abuot"


@pytest.mark.parametrize("words", [["abandon"] * 12, ["abandon"] * 11, ["abandon"] * 12 + ["about"], []])
def test_words_without_their_checksum_or_of_another_count_are_refused(words: list[str]) -> None:
    with pytest.raises(BadWords):
        root_from_words(" ".join(words))


def test_signature_holds_for_its_statement_and_key_only() -> None:
    keys, other = MemberKeys.from_root(ROOT), MemberKeys.from_root(bytes(16))
    statement = {"type": "openfloor/role/1", "number": 3}

    signature = keys.sign(statement)

    assert check_signature(keys.public()["member"], statement, signature)
    assert not check_signature(keys.public()["member"], {**statement, "number": 4}, signature)
    assert not check_signature(other.public()["member"], statement, signature)


@pytest.mark.parametrize("signature", [None, 7, "", "00" * 63, "zz" * 64, "00" * 64, "A" * 128])
def test_signature_that_is_none_is_refused(signature: object) -> None:
    assert not check_signature(MemberKeys.from_root(ROOT).public()["member"], {}, signature)


def test_signature_in_capitals_is_refused() -> None:
    keys = MemberKeys.from_root(ROOT)

    assert not check_signature(keys.public()["member"], {}, keys.sign({}).upper())


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "01" + "00" * 31,  # the identity
        "00" * 32,  # of order four
        "ec" + "ff" * 30 + "7f",  # of order two
        "02" + "00" * 31,  # no point
        "ee" + "ff" * 30 + "7f",  # the identity, written as a number above p
    ],
)
def test_member_key_outside_the_group_is_refused(text: object) -> None:
    assert not is_member_key(text)


def test_member_key_with_a_small_part_is_refused() -> None:
    key = bytes.fromhex(MemberKeys.from_root(ROOT).public()["member"])
    of_order_two = bytes.fromhex("ec" + "ff" * 30 + "7f")

    assert not is_member_key(crypto_core_ed25519_add(key, of_order_two).hex())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda values: st.lists(values, max_size=4) | st.dictionaries(st.text(), values, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(json_values)
def test_canonical_text_is_read_back_as_its_value(value: object) -> None:
    assert parse_canonical(canonical(value)) == value


@settings(deadline=None)
@given(json_values)
def test_canonical_text_is_the_only_one_of_its_value_that_is_read(value: object) -> None:
    spaced = json.dumps(value, indent=1)

    if spaced != canonical(value):
        with pytest.raises(NotCanonicalText):
            parse_canonical(spaced)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "1.0",
        "1e3",
        "-0",
        "NaN",
        "Infinity",
        "01",
        "9007199254740992",
        "1" * 5000,
        '{"b":1,"a":2}',
        '{"a":1,"a":1}',
        '{"a": 1}',
        '"\\u0041"',
        '"\\ud800"',
        '"\udc80"',
        "[" * 100_000,
        "1\n",
        "\ufeff1",
    ],
)
def test_text_that_is_not_canonical_is_refused(text: str) -> None:
    with pytest.raises(NotCanonicalText):
        parse_canonical(text)


@pytest.mark.parametrize("value", [1.5, [1.0], {"a": {"b": 0.5}}, 2**53, "\ud800", {1: 2}, object()])
def test_value_without_a_canonical_text_is_refused(value: object) -> None:
    with pytest.raises(NotCanonicalText):
        canonical(value)
