"""Ways of altering an archive, each with the checks that must notice it.

Each copy is made consistent again (re-hashed, re-chained, re-signed, re-tallied), so that only the intended
check, or those listed with it, can notice.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from nacl import bindings as sodium

from elections import made
from openballot import archive, ballots, decryption, groups, trustees
from openballot.canonical import compact, hash_hex
from openballot.finitefields import FiniteField
from openballot.verifier import read_setup

Steps: TypeAlias = list[tuple[str, tuple[str, ...]]]

VOTES: tuple[tuple[int, list[list[int]]], ...] = (
    (0, [[0, 1], [0, 1, 0]]),
    (1, [[1, 0], [1, 0, 0]]),
    (2, [[1, 0], [0, 0, 1]]),
    (0, [[1, 0], [0, 1, 0]]),
)
# Where the events of this election stand.
BALLOT, END, TALLY, PARTIAL, RESULT = 1, 5, 6, 7, 9


def group_of(steps: Steps) -> groups.Group:
    return groups.named(json.loads(steps[0][1][0])["group"])


def steps_of(data: bytes) -> Steps:
    return [(event.type, event.data) for event in archive.read_archive(data).events]


def chained(steps: Steps) -> bytes:
    return made.archive_of(made.chained(steps))


def replaced(steps: Steps, index: int, *data: str) -> Steps:
    return [*steps[:index], (steps[index][0], data), *steps[index + 1 :]]


def in_setup(steps: Steps, part: int, text: str) -> Steps:
    texts = list(steps[0][1][:3])
    texts[part] = text
    return replaced(steps, 0, *archive.setup_data(*texts))


def edited(text: str, change: Callable[[Any], object]) -> str:
    value = json.loads(text)
    change(value)
    return compact(value)


def plus_one(holder: dict[str, str], name: str) -> None:
    """No scalar here is the group's largest."""
    holder[name] = str(int(holder[name]) + 1)


def outside(group: groups.Group, text: str) -> str:
    """Minus a member of the field, or a member plus the point (0, -1): neither belongs to the group."""
    if isinstance(group, FiniteField):
        return str(int(group.p) - int(text))
    minus_one = (2**255 - 20).to_bytes(32, "little")
    return group.text(sodium.crypto_core_ed25519_add(group.element(text), minus_one))


# --- the file


def cut_in_a_record(data: bytes) -> bytes:
    return data[:-512]


def cut_in_a_header(data: bytes) -> bytes:
    return data[: 1024 + 100]


def closed_with_zero_blocks(data: bytes) -> bytes:
    return data + bytes(1024)


def one_byte_of_a_proof(data: bytes) -> bytes:
    at = data.index(b'"response":"') + len(b'"response":"')
    return data[:at] + (b"2" if data[at : at + 1] == b"1" else b"1") + data[at + 1 :]


def other_mode(data: bytes) -> bytes:
    return data.replace(b"0000644\0", b"0000600\0", 1)


def padding_not_zero(data: bytes) -> bytes:
    return data[:1023] + b"x" + data[1024:]


def other_time_on_one_record(data: bytes) -> bytes:
    held = archive.read_archive(data)
    last = held.events[-1]
    kept = data[: -len(archive.event_member(last.text, held.timestamp))]
    return kept + archive.event_member(last.text, held.timestamp + 1)


def renamed_record(data: bytes) -> bytes:
    held = archive.read_archive(data)
    return data.replace(held.events[-1].hash.encode() + b".event", b"0" * 64 + b".event")


def header_of_version_two(data: bytes) -> bytes:
    return data.replace(b'"version":1,"timestamp"', b'"version":2,"timestamp"', 1)


def header_with_a_number(data: bytes) -> bytes:
    held = archive.read_archive(data)
    stamp = str(held.timestamp).encode()
    return data.replace(b'"' + stamp + b'"}\0\0', stamp + b"}\0\0\0\0", 1)


def orphan_at_the_end(data: bytes) -> bytes:
    return data + archive.data_member('{"note":1}', archive.read_archive(data).timestamp)


FILE_LEVEL: list[tuple[Callable[[bytes], bytes], set[str]]] = [
    (cut_in_a_record, {"archive_truncated", "archive_orphan"}),
    (cut_in_a_header, {"archive_truncated", "event_order", "setup_text"}),
    (closed_with_zero_blocks, {"archive_record"}),
    (one_byte_of_a_proof, {"archive_hash", "archive_missing", "trustee_proof"}),
    (other_mode, {"archive_record"}),
    (padding_not_zero, {"archive_record"}),
    (other_time_on_one_record, {"archive_record"}),
    (renamed_record, {"archive_record", "archive_hash"}),
    (header_of_version_two, {"archive_header"}),
    (header_with_a_number, {"archive_header"}),
    (orphan_at_the_end, {"archive_orphan"}),
]


# --- the chain of events


def with_events(data: bytes, change: Callable[[list[str]], None]) -> bytes:
    """Change the events' texts, leaving the chain as it comes out, and write everything again."""
    held = archive.read_archive(data)
    texts = [event.text for event in held.events]
    change(texts)
    records: list[tuple[archive.Kind, str]] = []
    for event, text in zip(held.events, texts, strict=True):
        records += [("data", item) for item in event.data]
        records.append(("event", text))
    return archive.write_archive(held.timestamp, records)


def event_with_a_space(data: bytes) -> bytes:
    return with_events(data, lambda texts: texts.__setitem__(RESULT, texts[RESULT].replace(",", ", ", 1)))


def event_of_unknown_type(data: bytes) -> bytes:
    return with_events(data, lambda texts: texts.__setitem__(RESULT, texts[RESULT].replace("Result", "Rest")))


def event_with_another_parent(data: bytes) -> bytes:
    return with_events(
        data,
        lambda texts: texts.__setitem__(
            RESULT, edited(texts[RESULT], lambda value: value.update(parent=hash_hex("")))
        ),
    )


def event_with_another_height(data: bytes) -> bytes:
    return with_events(
        data,
        lambda texts: texts.__setitem__(RESULT, edited(texts[RESULT], lambda value: value.update(height=99))),
    )


def event_with_another_payload(data: bytes) -> bytes:
    return with_events(
        data,
        lambda texts: texts.__setitem__(
            RESULT, edited(texts[RESULT], lambda value: value.update(payload=hash_hex("")))
        ),
    )


def ballot_taken_out_of_the_chain(data: bytes) -> bytes:
    held = archive.read_archive(data)
    kept = [event for event in held.events if event.height != BALLOT + 1]
    return archive.header_member(held.timestamp) + b"".join(
        archive.event_bytes(event, held.timestamp) for event in kept
    )


CHAIN_LEVEL: list[tuple[Callable[[bytes], bytes], set[str]]] = [
    (event_with_a_space, {"event_text"}),
    (event_of_unknown_type, {"event_text"}),
    (event_with_another_parent, {"event_parent"}),
    (event_with_another_height, {"event_height"}),
    (event_with_another_payload, {"archive_missing"}),
    (
        ballot_taken_out_of_the_chain,
        {"event_parent", "event_height", "tally_number", "tally_weight", "tally_ciphertexts"},
    ),
]


# --- the steps of the election, chained again


def ballot_after_the_end(steps: Steps) -> Steps:
    return [*steps[:4], steps[END], steps[4], *steps[TALLY:]]


def result_before_decryptions(steps: Steps) -> Steps:
    return [*steps[:PARTIAL], steps[RESULT]]


def decryption_after_the_result(steps: Steps) -> Steps:
    return [*steps, steps[PARTIAL]]


def second_set_up(steps: Steps) -> Steps:
    return [steps[0], *steps]


def no_set_up(steps: Steps) -> Steps:
    return steps[1:]


def tally_without_the_end(steps: Steps) -> Steps:
    return [*steps[:END], *steps[TALLY:]]


def end_with_a_payload(steps: Steps) -> Steps:
    return replaced(steps, END, "{}")


def set_up_in_another_order(steps: Steps) -> Steps:
    election, trustee_list, voters, payload = steps[0][1]
    return replaced(steps, 0, trustee_list, election, voters, payload)


def data_twice_before_an_event(steps: Steps) -> Steps:
    return replaced(steps, RESULT, *steps[RESULT][1], *steps[RESULT][1])


def set_up_with_a_space(steps: Steps) -> Steps:
    *texts, payload = steps[0][1]
    return replaced(steps, 0, *texts, payload.replace(",", ", "))


def trustee_proof_changed(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: plus_one(value[0][1]["pok"], "response")))


def trustee_key_outside_the_group(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0][1]["public_key"] = outside(group_of(steps), value[0][1]["public_key"])

    return in_setup(steps, 1, edited(steps[0][1][1], change))


def trustee_key_is_the_identity(steps: Steps) -> Steps:
    return in_setup(
        steps, 1, edited(steps[0][1][1], lambda value: value[0][1].update(public_key=identity(steps)))
    )


def trustee_twice(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: value.append(value[0])))


def trustee_left_out(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: value.pop()))


def trustee_with_fields_in_another_order(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0][1]["pok"] = value[0][1].pop("pok")

    return in_setup(steps, 1, edited(steps[0][1][1], change))


def trustee_replaced_by_another(steps: Steps) -> Steps:
    other = trustees.public_key_json(group_of(steps), 3, made.drawn("another trustee"))
    return in_setup(
        steps, 1, edited(steps[0][1][1], lambda value: value[0].__setitem__(1, json.loads(other)))
    )


def identity(steps: Steps) -> str:
    group = group_of(steps)
    return group.text(group.identity)


def first_column(entry: str) -> str:
    return entry.split(",")[0]


def credential_outside_the_group(steps: Steps) -> Steps:
    return in_setup(
        steps,
        2,
        edited(
            steps[0][1][2],
            lambda value: value.__setitem__(0, outside(group_of(steps), first_column(value[0]))),
        ),
    )


def credential_is_the_identity(steps: Steps) -> Steps:
    return in_setup(steps, 2, edited(steps[0][1][2], lambda value: value.insert(0, identity(steps))))


def credential_twice(steps: Steps) -> Steps:
    return in_setup(steps, 2, edited(steps[0][1][2], lambda value: value.insert(0, value[0])))


def credentials_not_sorted(steps: Steps) -> Steps:
    return in_setup(steps, 2, edited(steps[0][1][2], lambda value: value.reverse()))


def credentials_with_a_space(steps: Steps) -> Steps:
    return in_setup(steps, 2, steps[0][1][2].replace('","', '", "'))


def credential_with_weight_zero_before(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0] = f"{first_column(value[0])},05"

    return in_setup(steps, 2, edited(steps[0][1][2], change))


def other_weight(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0] = f"{first_column(value[0])},7"

    return in_setup(steps, 2, edited(steps[0][1][2], change))


def voter_struck_from_the_list(steps: Steps) -> Steps:
    voted = json.loads(steps[BALLOT + 1][1][0])["credential"]
    return in_setup(
        steps,
        2,
        compact([entry for entry in json.loads(steps[0][1][2]) if first_column(entry) != voted]),
    )


def same_ballot_twice(steps: Steps) -> Steps:
    return [*steps[: BALLOT + 1], *steps[BALLOT:]]


def earlier_ballot_replayed(steps: Steps) -> Steps:
    """The first, replaced ballot comes again last, so that it would count."""
    return [*steps[:END], steps[BALLOT], *steps[END:]]


def revote_before_the_vote(steps: Steps) -> Steps:
    first, last = steps[BALLOT], steps[END - 1]
    return [steps[0], last, *steps[BALLOT + 1 : END - 1], first, *steps[END:]]


def revote_left_out(steps: Steps) -> Steps:
    return [*steps[: END - 1], *steps[END:]]


def only_ballot_of_a_voter_left_out(steps: Steps) -> Steps:
    return [*steps[: BALLOT + 1], *steps[BALLOT + 2 :]]


def ballot_with_a_space(steps: Steps) -> Steps:
    return replaced(steps, BALLOT, steps[BALLOT][1][0].replace(",", ", ", 1))


def ballot_for_another_election(steps: Steps) -> Steps:
    return replaced(
        steps, BALLOT, edited(steps[BALLOT][1][0], lambda value: value.update(election_hash="A" * 43))
    )


def ballot_under_another_voters_credential(steps: Steps) -> Steps:
    other = json.loads(steps[BALLOT + 1][1][0])["credential"]
    return replaced(steps, BALLOT, edited(steps[BALLOT][1][0], lambda value: value.update(credential=other)))


def ballot_with_anothers_answer(steps: Steps) -> Steps:
    other = json.loads(steps[BALLOT + 1][1][0])["answers"][0]
    return replaced(
        steps, BALLOT, edited(steps[BALLOT][1][0], lambda value: value["answers"].__setitem__(0, other))
    )


def signature_changed(steps: Steps) -> Steps:
    return replaced(
        steps,
        BALLOT,
        edited(steps[BALLOT][1][0], lambda value: plus_one(value["signature"]["proof"], "challenge")),
    )


def sized(steps: Steps, **fields: object) -> Steps:
    text, old = steps[TALLY][1]
    return replaced(steps, TALLY, text, edited(old, lambda value: value.update(fields)))


def number_of_ballots_changed(steps: Steps) -> Steps:
    return sized(steps, num_tallied=4)


def total_weight_changed(steps: Steps) -> Steps:
    return sized(steps, total_weight=7)


def total_weight_as_text(steps: Steps) -> Steps:
    return sized(steps, total_weight="6")


def with_tally(steps: Steps, text: str) -> Steps:
    old = steps[TALLY][1][1]
    return replaced(
        steps,
        TALLY,
        text,
        edited(old, lambda value: value.update(encrypted_tally=hash_hex(text))),
    )


def tally_with_swapped_answers(steps: Steps) -> Steps:
    return with_tally(steps, edited(steps[TALLY][1][0], lambda value: value[0].reverse()))


def tally_of_every_ballot(steps: Steps) -> Steps:
    """The replaced ballot is counted as well."""
    group = group_of(steps)
    setup = read_setup(archive.read_archive(chained(steps)))
    texts = [data[0] for kind, data in steps if kind == "Ballot"]
    first, *rest = [ballots.read_ballot(setup.election, setup.credentials, text) for text in texts]

    def change(value: Any) -> None:
        for row, answer in zip(value, first.answers, strict=True):
            for cell, choice in zip(row, answer.choices, strict=True):
                cell["alpha"] = group.text(group.multiply(group.element(cell["alpha"]), choice.alpha))
                cell["beta"] = group.text(group.multiply(group.element(cell["beta"]), choice.beta))

    assert len(rest) == 3
    return with_tally(steps, edited(steps[TALLY][1][0], change))


def tally_element_outside_the_group(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0][0]["alpha"] = outside(group_of(steps), value[0][0]["alpha"])

    return with_tally(steps, edited(steps[TALLY][1][0], change))


def tally_with_a_row_too_few(steps: Steps) -> Steps:
    return with_tally(steps, edited(steps[TALLY][1][0], lambda value: value.pop()))


def with_partial(steps: Steps, text: str, owner: int = 1) -> Steps:
    return replaced(steps, PARTIAL, text, decryption.owned(owner, text))


def decryption_proof_changed(steps: Steps) -> Steps:
    return with_partial(
        steps,
        edited(
            steps[PARTIAL][1][0],
            lambda value: plus_one(value["decryption_proofs"][0][1], "response"),
        ),
    )


def decryption_factors_swapped(steps: Steps) -> Steps:
    return with_partial(
        steps, edited(steps[PARTIAL][1][0], lambda value: value["decryption_factors"][0].reverse())
    )


def decryption_factor_outside_the_group(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value["decryption_factors"][0][0] = outside(group_of(steps), value["decryption_factors"][0][0])

    return with_partial(steps, edited(steps[PARTIAL][1][0], change))


def decryption_response_too_large(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        proof = value["decryption_proofs"][0][0]
        proof["response"] = str(int(proof["response"]) + group_of(steps).q)

    return with_partial(steps, edited(steps[PARTIAL][1][0], change))


def decryption_by_an_unknown_trustee(steps: Steps) -> Steps:
    return with_partial(steps, steps[PARTIAL][1][0], owner=3)


def decryption_under_anothers_number(steps: Steps) -> Steps:
    return with_partial(steps, steps[PARTIAL][1][0], owner=2)


def decryption_missing(steps: Steps) -> Steps:
    return [*steps[: PARTIAL + 1], steps[RESULT]]


def owner_with_a_field_too_many(steps: Steps) -> Steps:
    text, owner = steps[PARTIAL][1]
    return replaced(steps, PARTIAL, text, edited(owner, lambda value: value.update(name="Ana")))


def result_of(steps: Steps, change: Callable[[Any], object]) -> Steps:
    return replaced(steps, RESULT, edited(steps[RESULT][1][0], lambda value: change(value["result"])))


def result_with_swapped_answers(steps: Steps) -> Steps:
    return result_of(steps, lambda result: result[0].reverse())


def result_with_one_vote_more(steps: Steps) -> Steps:
    return result_of(steps, lambda result: result[0].__setitem__(0, result[0][0] + 1))


def result_as_text(steps: Steps) -> Steps:
    return result_of(steps, lambda result: result[0].__setitem__(0, str(result[0][0])))


def result_below_zero(steps: Steps) -> Steps:
    return result_of(steps, lambda result: result[0].__setitem__(0, -1))


def result_shifted_by_the_group_order(steps: Steps) -> Steps:
    return result_of(steps, lambda result: result[0].__setitem__(0, str(result[0][0] + group_of(steps).q)))


def result_with_a_space(steps: Steps) -> Steps:
    return replaced(steps, RESULT, steps[RESULT][1][0].replace(",", ", ", 1))


TALLY_CHECKS = {"tally_ciphertexts", "decryption_proof", "result_missing"}

STEP_LEVEL: list[tuple[Callable[[Steps], Steps], set[str]]] = [
    (ballot_after_the_end, {"event_order"}),
    (result_before_decryptions, {"event_order", "result_missing"}),
    (decryption_after_the_result, {"event_order"}),
    (second_set_up, {"event_order"}),
    (no_set_up, {"event_order", "setup_text"}),
    (tally_without_the_end, {"event_order"}),
    (end_with_a_payload, {"archive_missing"}),
    (set_up_in_another_order, {"archive_missing", "election_text"}),
    (data_twice_before_an_event, {"archive_missing"}),
    (set_up_with_a_space, {"setup_text"}),
    (trustee_proof_changed, {"trustee_proof"}),
    (trustee_key_outside_the_group, {"trustee_key"}),
    (trustee_key_is_the_identity, {"trustee_key"}),
    (trustee_twice, {"trustee_repeated"}),
    (trustee_left_out, {"election_key"}),
    (trustee_with_fields_in_another_order, {"trustees_text"}),
    (trustee_replaced_by_another, {"election_key"}),
    (credential_outside_the_group, {"credential_element"}),
    (credential_is_the_identity, {"credential_element"}),
    (credential_twice, {"credential_repeated"}),
    (credentials_not_sorted, {"credential_order"}),
    (credentials_with_a_space, {"credentials_text"}),
    (credential_with_weight_zero_before, {"credentials_text"}),
    (other_weight, {"tally_weight", "tally_ciphertexts"}),
    (voter_struck_from_the_list, {"ballot_credential"}),
    (same_ballot_twice, {"ballot_repeated"}),
    (earlier_ballot_replayed, {"ballot_repeated", "tally_ciphertexts"}),
    (revote_before_the_vote, {"tally_ciphertexts"}),
    (revote_left_out, {"tally_ciphertexts"}),
    (only_ballot_of_a_voter_left_out, {"tally_number", "tally_weight", "tally_ciphertexts"}),
    (ballot_with_a_space, {"ballot_text"}),
    (ballot_for_another_election, {"ballot_election"}),
    (
        ballot_under_another_voters_credential,
        {
            *("ballot_signature_hash", "ballot_signature", "ballot_individual_proof"),
            *("ballot_blank_proof", "ballot_overall_proof"),
        },
    ),
    (
        ballot_with_anothers_answer,
        {"ballot_signature_hash", "ballot_individual_proof", "ballot_overall_proof"},
    ),
    (signature_changed, {"ballot_signature"}),
    (number_of_ballots_changed, {"tally_number"}),
    (total_weight_changed, {"tally_weight", "result_range"}),
    (total_weight_as_text, {"tally_text"}),
    (tally_with_swapped_answers, TALLY_CHECKS),
    (tally_of_every_ballot, TALLY_CHECKS),
    (tally_element_outside_the_group, {"tally_element"}),
    (tally_with_a_row_too_few, {"tally_text"}),
    (decryption_proof_changed, {"decryption_proof", "result_missing"}),
    (decryption_factors_swapped, {"decryption_proof", "result_missing"}),
    (decryption_factor_outside_the_group, {"decryption_element", "result_missing"}),
    (decryption_response_too_large, {"decryption_text", "result_missing"}),
    (decryption_by_an_unknown_trustee, {"decryption_owner", "result_missing"}),
    (decryption_under_anothers_number, {"result_missing"}),
    (decryption_missing, {"result_missing"}),
    (owner_with_a_field_too_many, {"decryption_text", "result_missing"}),
    (result_with_swapped_answers, {"result_value"}),
    (result_with_one_vote_more, {"result_value", "result_range"}),
    (result_as_text, {"result_text"}),
    (result_below_zero, {"result_text"}),
    (result_shifted_by_the_group_order, {"result_text"}),
    (result_with_a_space, {"result_text"}),
]


# --- the election alone: an archive that ends at its set-up


def in_election(change: Callable[[Any, Steps], object]) -> Callable[[Steps], Steps]:
    return lambda steps: in_setup(steps[:1], 0, edited(steps[0][1][0], lambda value: change(value, steps)))


def in_election_text(change: Callable[[str], str]) -> Callable[[Steps], Steps]:
    return lambda steps: in_setup(steps[:1], 0, change(steps[0][1][0]))


def written_otherwise(old: str, new: str) -> Callable[[Steps], Steps]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return in_election_text(change)


ELECTION_LEVEL: list[tuple[str, Callable[[Steps], Steps], str]] = [
    ("another version", in_election(lambda value, _: value.update(version=2)), "election_version"),
    ("a version as text", in_election(lambda value, _: value.update(version="1")), "election_text"),
    ("an unknown group", in_election(lambda value, _: value.update(group="BELENIOS-4096")), "election_group"),
    (
        "a group that is no text",
        in_election(lambda value, _: value.update(group=["Ed25519"])),
        "election_text",
    ),
    (
        "the identity as key",
        in_election(lambda value, steps: value.update(public_key=identity(steps))),
        "election_key",
    ),
    (
        "a key outside the group",
        in_election(
            lambda value, steps: value.update(public_key=outside(group_of(steps), value["public_key"]))
        ),
        "election_key",
    ),
    ("a short identifier", in_election(lambda value, _: value.update(uuid="short")), "election_text"),
    ("no question", in_election(lambda value, _: value.update(questions=[])), "election_text"),
    ("a field too many", in_election(lambda value, _: value.update(note="")), "election_text"),
    ("a name that is no text", in_election(lambda value, _: value.update(name=7)), "election_text"),
    (
        "more choices than answers",
        in_election(lambda value, _: value["questions"][0].update(max=3)),
        "election_question",
    ),
    ("min above max", in_election(lambda value, _: value["questions"][0].update(min=2)), "election_question"),
    (
        "no answers",
        in_election(lambda value, _: value["questions"][0].update(answers=[])),
        "election_question",
    ),
    ("a question that is none", in_election(lambda value, _: value["questions"].append(7)), "election_text"),
    (
        "an answer that is no text",
        in_election(lambda value, _: value["questions"][1]["answers"].append(7)),
        "election_text",
    ),
    (
        "a question of an unknown kind",
        in_election(lambda value, _: value["questions"].append({"type": "Ballade", "value": {}})),
        "election_question_unsupported",
    ),
    # Texts that a careless reader takes for the same value, or for no text at all.
    ("half of a surrogate pair", written_otherwise('"name":"', '"name":"\\ud800'), "election_text"),
    ("a letter as an escape", written_otherwise('"name":"A', '"name":"\\u0041'), "election_text"),
    ("a slash as an escape", written_otherwise('"name":"', '"name":"\\/'), "election_text"),
    ("DEL as it is", written_otherwise('"name":"', '"name":"\x7f'), "election_text"),
    ("a control character", written_otherwise('"name":"', '"name":"\x01'), "election_text"),
    ("a fraction", written_otherwise('"version":1', '"version":1.0'), "election_text"),
    ("an exponent", written_otherwise('"version":1', '"version":1e0'), "election_text"),
    ("minus zero", written_otherwise('"min":1', '"min":-0'), "election_text"),
    ("a half", written_otherwise('"min":1', '"min":0.5'), "election_text"),
    ("infinity", written_otherwise('"min":1', '"min":Infinity'), "election_text"),
    ("a field twice", written_otherwise('"version":1', '"version":1,"version":1'), "election_text"),
    (
        "a field named __proto__",
        written_otherwise('"version":1', '"version":1,"__proto__":{}'),
        "election_text",
    ),
    (
        "fields named like places",
        written_otherwise('"version":1', '"2":0,"1":0,"version":1'),
        "election_text",
    ),
    ("a byte-order mark", in_election_text(lambda text: f"\ufeff{text}"), "election_text"),
    ("a line at its end", in_election_text(lambda text: f"{text}\n"), "election_text"),
    ("brackets without end", written_otherwise('"name":"', f'"name":{"[" * 20_000},"x":"'), "election_text"),
    ("an array around it", in_election_text(lambda text: f"[{text}]"), "election_text"),
    ("null", in_election_text(lambda _: "null"), "election_text"),
    ("nothing", in_election_text(lambda _: ""), "election_text"),
]


# --- threshold trustees: every value of the list


def leaves(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value where a text or a number stands: what holds it, and where in that."""
    found: list[tuple[Any, Any]] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        found += leaves(inner) if isinstance(inner, dict | list) else [(value, key)]
    return found


def another(leaf: object) -> object:
    """Another value of the same form: a number one higher, a text with another number in it."""
    if isinstance(leaf, int):
        return leaf + 1
    assert isinstance(leaf, str)
    if leaf.isdigit():
        return str(int(leaf) + 1)
    if not leaf.startswith("{"):
        return f"{leaf}."
    inner = json.loads(leaf)
    holder, key = leaves(inner)[-1]
    holder[key] = another(holder[key])
    return compact(inner)


def with_each_value_of_the_trustees_changed(steps: Steps) -> Iterator[Steps]:
    """Set-ups that differ in one value of the list of trustees each."""
    trustee_list = steps[0][1][1]
    for number in range(len(leaves(json.loads(trustee_list)))):
        value = json.loads(trustee_list)
        holder, key = leaves(value)[number]
        holder[key] = another(holder[key])
        yield in_setup(steps[:1], 1, compact(value))
