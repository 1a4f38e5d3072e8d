"""Threshold trustees: any t + 1 of n open the count, fewer do not, and a wrong share is told and skipped."""

import base64
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import ceremonies, made
from fuzz.limits import limited_time
from openballot import decryption, groups, pedersen, tally, trustees
from openballot.canonical import compact, hash_hex
from openballot.checks import Refused
from openballot.cli import main
from openballot.election import Election
from openballot.verifier import Report, verify

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "threshold.json").read_text(encoding="utf-8")
)
each_group = pytest.mark.parametrize("vector", VECTORS, ids=[vector["group"] for vector in VECTORS])

GROUP = groups.named("Ed25519")
NOT_AN_ELEMENT = "0" * 64  # y = 0, a point of order 4


def told(report: Report) -> tuple[str, list[str], list[str]]:
    return (
        report.verdict,
        [f"{item.check} of {item.object[-9:]}" for item in report.findings],
        sorted({f"{item.check} of {item.object.split(',')[0][-9:]}" for item in report.warnings}),
    )


# --- the list of trustees


@each_group
def test_mixed_list_of_trustees_is_read_with_its_owners_and_its_key(vector: dict[str, Any]) -> None:
    counted = vector["count"]
    election = Election.parse(counted["election"])
    group = election.group

    listed = trustees.parse_trustees(group, counted["trustees"])

    assert [trustee.number for trustee in listed] == [1, 2, 3, 4]
    assert [group.text(trustee.public_key) for trustee in listed] == counted["public_keys"]
    assert [(quorum.threshold, len(quorum.trustees)) for quorum in listed.quorums] == [(1, 1), (2, 3)]
    assert listed.public_key(group) == election.public_key


def test_two_threshold_groups_stand_in_one_list() -> None:
    texts = [ceremonies.of("Ed25519", 2, 3, label).parameters for label in ("first", "second")]

    listed = trustees.parse_trustees(GROUP, trustees.compose_trustees(texts))

    assert [quorum.index(quorum.trustees[2].number) for quorum in listed.quorums] == [3, 3]
    assert [trustee.number for trustee in listed] == [1, 2, 3, 4, 5, 6]


@each_group
def test_what_is_fixed_before_the_shares_are_open_is_the_list_without_their_keys(
    vector: dict[str, Any],
) -> None:
    group = groups.named(vector["group"])
    single = json.loads(vector["count"]["trustees"])[0][1]
    parts = [vector["parameters"], vector["parameters_older_form"], compact(single)]
    text = trustees.compose_trustees([vector["parameters"]])

    fixed = trustees.without_verification_keys(text)

    assert hash_hex(fixed) == vector["settled"]["trustees"]
    assert trustees.without_verification_keys(fixed) == fixed
    mixed = json.loads(trustees.without_verification_keys(trustees.compose_trustees(parts)))
    assert ["verification_keys" in value for _kind, value in mixed] == [False, False, False]
    assert mixed[2] == ["Single", single]
    with pytest.raises(Refused, match="list of trustees"):
        trustees.parse_trustees(group, fixed)
    for garbage in ("", "{}", "[1]", '[["Pedersen"]]', f" {text}"):
        with pytest.raises(Refused, match="list of trustees"):
            trustees.without_verification_keys(garbage)


@each_group
def test_older_form_is_read_and_stands_for_the_same_keys(vector: dict[str, Any]) -> None:
    group = groups.named(vector["group"])

    older, newer = (
        trustees.parse_trustees(group, trustees.compose_trustees([vector[name]]))
        for name in ("parameters_older_form", "parameters")
    )

    assert older == newer


@pytest.fixture(scope="module")
def parameters() -> str:
    return ceremonies.of("Ed25519", 2, 3).parameters


def in_message(holder: dict[str, Any], change: Callable[[Any], object]) -> None:
    message = json.loads(holder["message"])
    change(message)
    holder["message"] = compact(message)


def plus_one(proof: dict[str, str], name: str) -> None:
    proof[name] = str((int(proof[name]) + 1) % GROUP.q)


Change = Callable[[Any], object]

ALTERED: list[tuple[str, str, str, Change]] = [
    ("threshold above the size", "trustees_threshold", "trustee 1", lambda v: v.update(threshold=4)),
    ("threshold of zero", "trustees_threshold", "trustee 1", lambda v: v.update(threshold=0)),
    ("threshold of one more", "certificate_context", "trustee 1", lambda v: v.update(threshold=3)),
    ("threshold as text", "trustees_text", "trustee 1", lambda v: v.update(threshold="2")),
    ("threshold true", "trustees_text", "trustee 1", lambda v: v.update(threshold=True)),
    (
        "a hundred and one",
        "trustees_threshold",
        "trustee 1",
        lambda v: [v[name].extend([v[name][0]] * 98) for name in list(v)[1:]],
    ),
    ("nobody", "trustees_threshold", "trustee 1", lambda v: [v[name].clear() for name in list(v)[1:]]),
    ("certificate missing", "trustees_text", "trustee 1", lambda v: v["certs"].pop()),
    ("certificates swapped", "certificate_context", "trustee 1", lambda v: v["certs"].reverse()),
    (
        "certificate's key",
        "certificate_signature",
        "trustee 2",
        lambda v: in_message(v["certs"][1], lambda m: m.update(encryption=GROUP.text(GROUP.generator))),
    ),
    (
        "certificate's context",
        "certificate_context",
        "trustee 2",
        lambda v: in_message(v["certs"][1], lambda m: m["context"].update(group="BELENIOS-2048")),
    ),
    (
        "certificate without context",
        "trustees_text",
        "trustee 2",
        lambda v: in_message(v["certs"][1], lambda m: m.pop("context")),
    ),
    (
        "certificate's key outside the group",
        "certificate_key",
        "trustee 2",
        lambda v: in_message(v["certs"][1], lambda m: m.update(verification=NOT_AN_ELEMENT)),
    ),
    (
        "certificate's signature",
        "certificate_signature",
        "trustee 3",
        lambda v: plus_one(v["certs"][2]["signature"], "challenge"),
    ),
    (
        "response of q or more",
        "trustees_text",
        "trustee 3",
        lambda v: v["certs"][2]["signature"].update(response=str(GROUP.q)),
    ),
    (
        "space in a certificate",
        "trustees_text",
        "trustee 1",
        lambda v: v["certs"][0].update(message=v["certs"][0]["message"].replace(",", ", ", 1)),
    ),
    ("coefficients missing", "trustees_text", "trustee 1", lambda v: v["coefexps"].pop()),
    ("coefficients swapped", "coefficients_signature", "trustee 1", lambda v: v["coefexps"].reverse()),
    (
        "a coefficient",
        "coefficients_signature",
        "trustee 2",
        lambda v: in_message(v["coefexps"][1], lambda m: m["coefexps"].reverse()),
    ),
    (
        "a coefficient too many",
        "trustees_threshold",
        "trustee 2",
        lambda v: in_message(v["coefexps"][1], lambda m: m["coefexps"].append(m["coefexps"][0])),
    ),
    (
        "a coefficient outside the group",
        "coefficient_element",
        "trustee 2",
        lambda v: in_message(v["coefexps"][1], lambda m: m["coefexps"].__setitem__(0, NOT_AN_ELEMENT)),
    ),
    (
        "the identity as a coefficient",
        "coefficient_element",
        "trustee 2",
        lambda v: in_message(
            v["coefexps"][1], lambda m: m["coefexps"].__setitem__(1, GROUP.text(GROUP.identity))
        ),
    ),
    (
        "coefficients' signature",
        "coefficients_signature",
        "trustee 1",
        lambda v: plus_one(v["coefexps"][0]["signature"], "response"),
    ),
    ("signature missing", "trustees_text", "trustee 1", lambda v: v["signatures"].pop()),
    ("signatures missing", "trustees_text", "trustee 1", lambda v: v.pop("signatures")),
    ("signatures swapped", "certificates_signature", "trustee 1", lambda v: v["signatures"].reverse()),
    (
        "a signature of the certificates",
        "certificates_signature",
        "trustee 3",
        lambda v: plus_one(v["signatures"][2], "response"),
    ),
    (
        "a key's proof",
        "trustee_proof",
        "trustee 2",
        lambda v: plus_one(v["verification_keys"][1]["pok"], "response"),
    ),
    (
        "a key outside the group",
        "trustee_key",
        "trustee 2",
        lambda v: v["verification_keys"][1].update(public_key=NOT_AN_ELEMENT),
    ),
    ("keys swapped", "share_key", "trustee 1", lambda v: v["verification_keys"].reverse()),
    (
        "a key's signature",
        "share_key_signature",
        "trustee 2",
        lambda v: plus_one(v["verification_keys"][1]["signature"], "response"),
    ),
    (
        "a key without signature",
        "trustees_text",
        "trustee 2",
        lambda v: v["verification_keys"][1].pop("signature"),
    ),
    ("a key missing", "trustees_text", "trustee 1", lambda v: v["verification_keys"].pop()),
    ("a field too many", "trustees_text", "trustee 1", lambda v: v.update(note="")),
    ("a field missing", "trustees_text", "trustee 1", lambda v: v.pop("coefexps")),
]


@pytest.mark.parametrize(
    ("check", "where", "change"), [case[1:] for case in ALTERED], ids=[case[0] for case in ALTERED]
)
def test_altered_threshold_group_is_refused_by_name(
    parameters: str, check: str, where: str, change: Change
) -> None:
    value = json.loads(parameters)
    change(value)

    with pytest.raises(Refused) as caught:
        trustees.parse_trustees(GROUP, compact([["Pedersen", value]]))

    assert (caught.value.check, caught.value.object) == (check, where)


@pytest.mark.parametrize(
    ("value", "check", "where"),
    [
        ([["Pedersen", {}]], "trustees_text", "trustee 1"),
        ([["Pedersen", []]], "trustees_text", "trustee 1"),
        ([["Shamir", {}]], "trustees_unsupported", "trustee 1"),
        ([["Single"]], "trustees_text", "trustees"),
        ([], "trustees_text", "trustees"),
        ({}, "trustees_text", "trustees"),
    ],
)
def test_list_that_is_none_is_refused(value: object, check: str, where: str) -> None:
    with pytest.raises(Refused) as caught:
        trustees.parse_trustees(GROUP, compact(value))

    assert (caught.value.check, caught.value.object) == (check, where)


def test_threshold_group_listed_twice_is_refused_at_the_first_repeated_owner(parameters: str) -> None:
    with pytest.raises(Refused) as caught:
        trustees.combined_public_key(GROUP, [parameters, parameters])

    assert (caught.value.check, caught.value.object) == ("trustee_repeated", "trustee 4")


def test_copied_certificate_of_the_older_form_is_refused() -> None:
    value = json.loads(ceremonies.older_form(ceremonies.of("Ed25519", 2, 3)))
    value["certs"][2] = value["certs"][0]

    with pytest.raises(Refused) as caught:
        trustees.parse_trustees(GROUP, compact([["Pedersen", value]]))

    assert (caught.value.check, caught.value.object) == ("trustee_repeated", "trustee 3")


def test_single_trustees_key_is_never_signed(parameters: str) -> None:
    signed = json.loads(parameters)["verification_keys"][0]

    with pytest.raises(Refused) as caught:
        trustees.parse_trustees(GROUP, compact([["Single", signed]]))

    assert caught.value.check == "trustees_text"


# --- the arithmetic


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_any_enough_shares_give_the_same_factor_and_fewer_give_another(data: st.DataObject) -> None:
    size = data.draw(st.integers(2, 7))
    threshold = data.draw(st.integers(2, size))
    polynomial = data.draw(st.lists(st.integers(1, GROUP.q - 1), min_size=threshold, max_size=threshold))
    places = data.draw(st.permutations(range(1, size + 1)))[:threshold]
    alpha = GROUP.power_generator(data.draw(st.integers(1, GROUP.q - 1)))

    factors = {j: GROUP.power(alpha, pedersen.value_at(GROUP, polynomial, j)) for j in places}

    assert pedersen.combine(GROUP, factors) == GROUP.power(alpha, polynomial[0])
    del factors[places[0]]
    assert pedersen.combine(GROUP, factors) != GROUP.power(alpha, polynomial[0])


@given(st.integers(2, 5), st.data())
@settings(max_examples=30, deadline=None)
def test_public_shares_are_those_of_the_secret_ones(size: int, data: st.DataObject) -> None:
    threshold = data.draw(st.integers(1, size))
    scalars = st.integers(1, GROUP.q - 1)
    polynomials = [data.draw(st.lists(scalars, min_size=threshold, max_size=threshold)) for _ in range(size)]

    publics = pedersen.public_shares(
        GROUP, [tuple(GROUP.power_generator(a) for a in polynomial) for polynomial in polynomials]
    )

    for j, public in enumerate(publics, start=1):
        share = sum(pedersen.value_at(GROUP, polynomial, j) for polynomial in polynomials)
        assert public == GROUP.power_generator(share % GROUP.q)


# --- the count


def closed(threshold: tuple[int, int] = (2, 4), trustee_count: int = 1) -> made.Made:
    election = made.set_up("Ed25519", trustee_count=trustee_count, threshold=threshold)
    for voter, answers in enumerate(([1, 0], [0, 1], [1, 0])):
        election.vote(voter, [answers])
    election.close()
    return election


def opened_by(election: made.Made, owners: tuple[int, ...], *, wrongly: tuple[int, ...] = ()) -> made.Made:
    own = made.Made(**{**vars(election), "events": [*election.events]})
    for owner in owners:
        own.decrypt(owner, wrongly=owner in wrongly)
    return own


@pytest.mark.parametrize("threshold", [(2, 4), (3, 4), (4, 4)])
def test_any_enough_shares_count_the_same_and_fewer_count_nothing(threshold: tuple[int, int]) -> None:
    election = closed(threshold)
    needed, size = threshold

    for count in range(needed, size + 1):
        for owners in combinations(range(2, size + 2), count):
            counted = opened_by(election, (1, *owners))
            counted.count()
            assert told(verify(counted.archive(), require="counted")) == ("valid", [], [])
            assert verify(counted.archive()).result == [[2, 1]]
    for owners in ((1, *range(2, needed + 1)), tuple(range(2, size + 2))):
        with pytest.raises(Refused) as caught:
            opened_by(election, owners).count()
        assert caught.value.check == "result_missing"


def test_result_of_too_few_shares_is_refused() -> None:
    election = closed((3, 4), trustee_count=0)
    counted = opened_by(election, (1, 2, 3))
    counted.count()
    result = counted.texts("Result")[0][0]

    for owners in ((1,), (2, 4), (1, 1, 1)):
        short = opened_by(election, owners)
        short.append("Result", result)

        assert told(verify(short.archive())) == ("invalid", ["result_missing of result"], [])


def test_share_that_fails_is_a_warning_while_enough_remain() -> None:
    election = closed()
    counted = opened_by(election, (2, 1, 4, 3), wrongly=(4,))

    assert told(verify(counted.archive())) == ("valid", [], ["decryption_proof of trustee 4"])
    counted.count()
    report = verify(counted.archive(), require="counted")

    assert told(report) == ("valid", [], ["decryption_proof of trustee 4"])
    assert report.result == [[2, 1]]
    assert report.as_json()["warnings"][0]["check"] == "decryption_proof"


def test_shares_that_fail_are_findings_once_too_few_are_left() -> None:
    election = closed()
    result = opened_by(election, (1, 2, 3))
    result.count()

    for owners, wrongly in (((1, 2, 3, 4), (2, 3)), ((1, 2, 3, 4, 5), (2, 3, 4))):
        bad = opened_by(election, owners, wrongly=wrongly)
        bad.append("Result", result.texts("Result")[0][0])

        assert verify(bad.archive()).verdict == "invalid"
        assert "result_missing" in [item.check for item in verify(bad.archive()).findings]

    all_bad = verify(opened_by(election, (2, 3, 4), wrongly=(2, 3, 4)).archive())
    assert {item.check for item in all_bad.findings} == {"decryption_proof"}
    assert all_bad.warnings == ()


def test_of_two_partial_decryptions_by_one_owner_the_last_counts() -> None:
    election = closed()
    good_last = opened_by(opened_by(election, (1, 2, 3), wrongly=(1, 2)), (1, 2))
    good_last.count()

    assert told(verify(good_last.archive())) == (
        "valid",
        [],
        ["decryption_proof of trustee 1", "decryption_proof of trustee 2"],
    )
    bad_last = opened_by(opened_by(election, (1, 2, 3)), (2,), wrongly=(2,))
    with pytest.raises(Refused) as caught:
        bad_last.count()
    assert caught.value.check == "result_missing"


def test_partial_decryption_by_a_single_trustee_that_fails_is_a_finding() -> None:
    bad = verify(opened_by(closed(), (2, 1, 3), wrongly=(1,)).archive())

    assert (bad.verdict, {item.check for item in bad.findings}) == ("invalid", {"decryption_proof"})


def test_share_in_another_form_or_outside_the_group_is_a_warning_too() -> None:
    election = opened_by(closed(), (1, 2, 3))
    right = election.texts("PartialDecryption")[-1][0]
    outside = json.loads(right)
    outside["decryption_factors"][0][0] = NOT_AN_ELEMENT

    for text, check in (
        (right.replace(",", ", ", 1), "decryption_text"),
        (compact(outside), "decryption_element"),
    ):
        altered = opened_by(election, ())
        altered.append("PartialDecryption", text, decryption.owned(4, text))
        altered.count()

        assert told(verify(altered.archive())) == ("valid", [], [f"{check} of trustee 4"])


def test_share_under_anothers_number_is_named_by_that_number() -> None:
    election = opened_by(closed(), (1, 2, 3))
    text = election.texts("PartialDecryption")[-1][0]
    election.append("PartialDecryption", text, decryption.owned(5, text))
    election.count()

    assert told(verify(election.archive())) == ("valid", [], ["decryption_proof of trustee 5"])


@each_group
def test_count_of_the_vectors_comes_out_with_its_warnings(vector: dict[str, Any]) -> None:
    counted = vector["count"]
    election = Election.parse(counted["election"])
    texts = {case["owner"]: case["text"] for case in counted["partial_decryptions"]}

    for chosen in ((1, 2, 3), (1, 4, 3), (1, 2, 3, 4)):
        assert (
            decryption.compute_result(
                election,
                counted["trustees"],
                counted["encrypted_tally"],
                counted["total_weight"],
                {owner: texts[owner] for owner in chosen},
            )
            == counted["result"]
        )
    report = verify(base64.b64decode(counted["archive_base64"]), require="counted")
    assert (report.verdict, report.result) == ("valid", [[0, 1]])
    assert [item.check for item in report.warnings] == counted["warnings"]
    assert {item.object.split(",")[0] for item in report.warnings} == {
        "event 5 (PartialDecryption) of trustee 3"
    }


@pytest.mark.parametrize("owner", [0, 6])
def test_partial_decryption_by_an_owner_there_is_not_is_told(owner: int) -> None:
    election = opened_by(closed(), (1,))
    listed = trustees.parse_trustees(GROUP, election.trustees_text)
    ciphertexts = tally.read_encrypted_tally(election.election, election.texts("EncryptedTally")[0][0])
    text = election.texts("PartialDecryption")[0][0]

    good, faults = decryption.good_decryptions(election.election, listed, ciphertexts, {owner: text})

    assert (good, [item.check for item in faults]) == ({}, ["decryption_owner"])


def test_examined_shares_are_told_apart() -> None:
    election = opened_by(closed(), (1, 2, 3, 4), wrongly=(3,))
    listed = trustees.parse_trustees(GROUP, election.trustees_text)
    ciphertexts = tally.read_encrypted_tally(election.election, election.texts("EncryptedTally")[0][0])
    texts = {decryption.read_owned(owned)[0]: text for text, owned in election.texts("PartialDecryption")}

    good, faults = decryption.good_decryptions(election.election, listed, ciphertexts, texts)

    assert sorted(good) == [1, 2, 4]
    assert {(item.check, item.object.split(",")[0]) for item in faults} == {
        ("decryption_proof", "partial decryption of trustee 3")
    }


# --- the proofs beside the archive


def with_proofs(owners: tuple[int, ...]) -> tuple[made.Made, dict[int, str]]:
    election = opened_by(closed((2, 3)), owners)
    tally_text = election.texts("EncryptedTally")[0][0]
    election.count()
    keys = {owner: election.trustee_keys[owner - 1] for owner in owners}
    return election, {
        owner: decryption.bound_proofs(election.election, x, tally_text) for owner, x in keys.items()
    }


def test_bound_proofs_of_shares_hold() -> None:
    election, proofs = with_proofs((1, 2, 4))

    assert told(verify(election.archive(), proofs=proofs)) == ("valid", [], [])


def test_bound_proofs_of_a_share_too_many_are_a_warning_when_they_fail() -> None:
    election, proofs = with_proofs((1, 2, 3, 4))

    assert told(verify(election.archive(), proofs={**proofs, 4: proofs[3]})) == (
        "valid",
        [],
        ["bound_proof of trustee 4"],
    )
    del proofs[4]
    assert told(verify(election.archive(), proofs=proofs)) == (
        "valid",
        [],
        ["bound_proof_missing of trustee 4"],
    )


def test_bound_proofs_of_too_few_shares_are_refused() -> None:
    election, proofs = with_proofs((1, 2, 4))

    assert told(verify(election.archive(), proofs={1: proofs[1], 2: proofs[2], 4: proofs[2]})) == (
        "invalid",
        ["bound_proof_missing of trustee 3", "bound_proof of trustee 4"],
        [],
    )
    assert told(verify(election.archive(), proofs={2: proofs[2], 4: proofs[4]})) == (
        "invalid",
        ["bound_proof_missing of trustee 1"],
        [],
    )


# --- the command line


def test_verify_prints_a_warning_and_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    election = opened_by(closed(), (1, 2, 3, 4), wrongly=(3,))
    archive = tmp_path / "vote.bel"
    archive.write_bytes(election.archive())

    assert main(["result", str(archive)]) == 0
    assert main(["verify", str(archive), "--require", "counted"]) == 0

    captured = capsys.readouterr()
    assert '{"result":[[2,1]]}' in captured.out
    assert "Warning: decryption_proof (event 8 (PartialDecryption) of trustee 3, question 1" in captured.err


def test_list_of_many_trustees_is_gone_through_in_one_go() -> None:
    key = groups.named("Ed25519").generator
    single = [trustees.Trustee(number, key, "") for number in range(1, 30_001)]
    listed = trustees.Trustees(tuple(trustees.Quorum(1, (trustee,), key) for trustee in single))

    with limited_time():
        assert list(listed) == single
