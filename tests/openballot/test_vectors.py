"""The vectors are what the code makes, and the code reads them as they say."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from elections import make_vectors
from openballot import (
    ballots,
    blinding,
    credentials,
    decryption,
    groups,
    possession,
    shuffle,
    tally,
    trustees,
    words,
)
from openballot.archive import read_archive
from openballot.canonical import NotCanonical
from openballot.checks import Refused
from openballot.election import Election
from openballot.groups import NotInGroup
from openballot.verifier import verify

FOLDER = Path(__file__).parents[2] / "vectors"


def vectors(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


ELECTIONS = vectors("elections")
each_election = pytest.mark.parametrize("vector", ELECTIONS, ids=[vector["group"] for vector in ELECTIONS])


@pytest.mark.parametrize("name", make_vectors.MAKERS)
def test_vectors_are_what_the_code_makes(name: str) -> None:
    held = (FOLDER / f"{name}.json").read_text(encoding="utf-8")

    assert held == make_vectors.written(make_vectors.MAKERS[name]())


@pytest.mark.parametrize("vector", vectors("blinding"), ids=lambda vector: vector["group"])
def test_blinded_scalar_is_the_secret_of_the_blinded_key(vector: dict[str, Any]) -> None:
    group = groups.named(vector["group"])
    n = blinding.nonce(bytes.fromhex(vector["k"]), vector["key"])

    key = blinding.blinded_key(group, vector["uuid"], vector["key"], n)
    s = blinding.blinded_scalar(group, vector["uuid"], vector["key"], n, int(vector["s"]))

    assert (n, key, str(s)) == (vector["n"], vector["blinded_key"], vector["blinded_scalar"])
    assert group.text(group.power_generator(s)) == key
    listed = credentials.parse_public_credentials(group, vector["credentials"])
    k = bytes.fromhex(vector["k"])
    assert set(listed) == {
        blinding.blinded_key(group, vector["uuid"], text, blinding.nonce(k, text)) for text in vector["keys"]
    }


@pytest.mark.parametrize("vector", vectors("binding_proofs"), ids=lambda vector: vector["group"])
def test_binding_proofs_hold_for_their_ciphertexts_and_factors_only(vector: dict[str, Any]) -> None:
    def check(case: dict[str, Any]) -> bool:
        election = Election.parse(case["election"])
        key = election.group.element(case["key"])
        texts = (case["tally"], case["partial_decryption"], case["proofs"])
        try:
            return decryption.check_bound_proofs(election, key, *texts)
        except (NotCanonical, Refused):
            return False

    assert check(vector)
    for wrong in vector["refused"]:
        assert not check({**vector, **wrong}), wrong["why"]


@pytest.mark.parametrize("vector", vectors("possession"), ids=lambda vector: vector["group"])
def test_possession_proof_holds_for_its_entry_only(vector: dict[str, Any]) -> None:
    group = groups.named(vector["group"])

    def check(case: dict[str, Any]) -> bool:
        return possession.check(group, case["committee"], case["number"], case["key"], case["proof"])

    assert check(vector)
    for case in vector["refused"]:
        if case["error"] == "wrong":
            assert not check(case), case["why"]
        else:
            with pytest.raises({"not_canonical": NotCanonical, "not_in_group": NotInGroup}[case["error"]]):
                check(case)


@pytest.mark.parametrize("vector", vectors("trustees"), ids=lambda vector: vector["group"])
def test_trustees_keys_are_checked_and_multiplied(vector: dict[str, Any]) -> None:
    group = groups.named(vector["group"])
    texts = [trustee["text"] for trustee in vector["trustees"]]

    assert trustees.compose_trustees(texts) == vector["trustees_text"]
    assert trustees.combined_public_key(group, texts) == vector["combined_public_key"]
    read = trustees.parse_trustees(group, vector["trustees_text"])
    assert [trustee.number for trustee in read] == [1, 2, 3]
    for trustee, held in zip(vector["trustees"], read, strict=True):
        assert held.public_key == group.power_generator(int(trustee["x"]))
    for case in vector["refused"]:
        with pytest.raises(Refused) as caught:
            trustees.check_public_key(group, case["text"])
        assert caught.value.check == case["check"]


@each_election
def test_ballots_of_the_vectors_are_accepted_or_refused_by_name(vector: dict[str, Any]) -> None:
    election = Election.parse(vector["election"])
    listed = credentials.parse_public_credentials(election.group, vector["credentials"])
    checker = ballots.BallotChecker(election, listed)

    assert election.fingerprint == vector["fingerprint"]
    assert listed == vector["weights"]
    for case in vector["ballots"]:
        assert checker.check(case["text"]).tracker == case["tracker"]
    for case in vector["refused_ballots"]:
        with pytest.raises(ballots.BallotRefused):
            checker.check(case["text"])
        _, findings = checker.examine(case["text"])
        assert case["check"] in [finding.check for finding in findings], case["why"]


@each_election
def test_count_of_the_vectors_comes_out(vector: dict[str, Any]) -> None:
    election = Election.parse(vector["election"])
    texts = [case["text"] for case in vector["ballots"]]

    assert tally.encrypted_tally(election, vector["weights"], texts) == (
        vector["encrypted_tally"],
        vector["sized_encrypted_tally"],
    )
    for case in vector["partial_decryptions"]:
        key = election.group.power_generator(int(case["x"]))
        decryption.check_partial_decryption(election, key, vector["encrypted_tally"], case["text"])
        assert decryption.check_bound_proofs(
            election, key, vector["encrypted_tally"], case["text"], case["bound_text"]
        )
    assert verify(base64.b64decode(vector["archive_base64"])).verdict == "valid"


@each_election
def test_archive_of_the_vectors_has_its_events(vector: dict[str, Any]) -> None:
    held = read_archive(base64.b64decode(vector["archive_base64"]))

    assert (held.timestamp, held.head) == (vector["timestamp"], vector["head"])
    assert [
        {"text": event.text, "hash": event.hash, "data": list(event.data)} for event in held.events
    ] == vector["events"]


KINDS = vectors("kinds")
each_of_kinds = pytest.mark.parametrize("vector", KINDS, ids=[vector["group"] for vector in KINDS])


@each_of_kinds
def test_papers_of_every_kind_in_the_vectors_are_accepted_or_refused_by_name(vector: dict[str, Any]) -> None:
    election = Election.parse(vector["election"])
    listed = credentials.parse_public_credentials(election.group, vector["credentials"])
    checker = ballots.BallotChecker(election, listed)

    for case in vector["ballots"]:
        assert checker.check(case["text"]).credential in listed
    for case in vector["refused_ballots"]:
        _, findings = checker.examine(case["text"])
        assert case["check"] in [finding.check for finding in findings], case["why"]


@each_of_kinds
def test_shuffles_of_the_vectors_are_accepted_or_refused_by_name(vector: dict[str, Any]) -> None:
    election = Election.parse(vector["election"])
    tally_text = vector["encrypted_tally"]
    for case in vector["refused_shuffles"]:
        with pytest.raises(Refused) as caught:
            shuffle.check_shuffle(election, tally_text, case["text"])
        assert caught.value.check == case["check"], case["why"]

    for case in vector["shuffles"]:
        shuffle.check_shuffle(election, tally_text, case["text"])
        tally_text = shuffle.shuffled_tally(election, tally_text, case["text"])
    assert tally_text == vector["shuffled_tally"]


def test_bound_proof_of_another_factor_is_refused() -> None:
    vector = ELECTIONS[0]
    election = Election.parse(vector["election"])
    first, second = vector["partial_decryptions"]
    key = election.group.power_generator(int(first["x"]))

    assert not decryption.check_bound_proofs(
        election, key, vector["encrypted_tally"], second["text"], first["bound_text"]
    )
    assert not decryption.check_bound_proofs(
        election, key, vector["encrypted_tally"], first["text"], second["bound_text"]
    )


@pytest.mark.parametrize("vector", vectors("words"), ids=lambda vector: f"{vector['count']}")
def test_words_of_a_hash(vector: dict[str, Any]) -> None:
    assert words.words_of(vector["hash"], vector["count"]) == vector["words"]


def test_more_words_than_a_hash_has_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 23"):
        words.words_of("00" * 32, 24)
