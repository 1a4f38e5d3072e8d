"""Every way of altering an archive is refused by the finding that names it.

Each copy is made consistent again (re-hashed, re-chained, re-signed, re-tallied), so that only the intended
check, or those listed with it, can notice.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from elections import made, make_vectors, theirs
from openballot import archive, ballots, decryption, groups, tally, trustees
from openballot.canonical import compact, hash_hex
from openballot.verifier import read_setup, verify

Steps: TypeAlias = list[tuple[str, tuple[str, ...]]]

VOTES: tuple[tuple[int, list[list[int]]], ...] = (
    (0, [[0, 1], [0, 1, 0]]),
    (1, [[1, 0], [1, 0, 0]]),
    (2, [[1, 0], [0, 0, 1]]),
    (0, [[1, 0], [0, 1, 0]]),
)
# Where the events of this election stand.
BALLOT, END, TALLY, PARTIAL, RESULT = 1, 5, 6, 7, 9
GROUP = groups.named("BELENIOS-2048")


@pytest.fixture(scope="module")
def ours() -> made.Made:
    return made.counted(questions=(made.YES_NO, made.BLANK), votes=VOTES, trustee_count=2, weights=(1, 2, 3))


@pytest.fixture(scope="module")
def sources(ours: made.Made, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    questions = [question.as_json() for question in (made.YES_NO, made.BLANK)]
    by_tool = theirs.election(
        tmp_path_factory.mktemp("theirs"),
        "BELENIOS-2048",
        questions,
        ["v1,v1", "v2,v2,2", "v3,v3,3"],
        VOTES,
        trustee_count=2,
    )
    return {"ours": ours.archive(), "theirs": by_tool}


def steps_of(data: bytes) -> Steps:
    return [(event.type, event.data) for event in archive.read_archive(data).events]


def chained(steps: Steps) -> bytes:
    events: list[archive.Event] = []
    for event_type, data in steps:
        events.append(archive.next_event(events[-1] if events else None, event_type, data))
    return made.archive_of(events)


def checks_of(data: bytes) -> set[str]:
    report = verify(data)
    assert report.verdict != "valid"
    return {finding.check for finding in report.findings}


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
    holder[name] = str((int(holder[name]) + 1) % GROUP.q)


def minus(text: str) -> str:
    """An element of the field that is outside the group: minus a member."""
    assert isinstance(GROUP, groups.FiniteField)
    return str(int(GROUP.p) - int(text))


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


@pytest.mark.parametrize("source", ["ours", "theirs"])
@pytest.mark.parametrize(("alter", "expected"), FILE_LEVEL, ids=[alter.__name__ for alter, _ in FILE_LEVEL])
def test_altered_file_is_refused(
    sources: dict[str, bytes], source: str, alter: Callable[[bytes], bytes], expected: set[str]
) -> None:
    data = sources[source]

    altered = alter(data)

    assert altered != data
    assert checks_of(altered) == expected


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


@pytest.mark.parametrize("source", ["ours", "theirs"])
@pytest.mark.parametrize(("alter", "expected"), CHAIN_LEVEL, ids=[alter.__name__ for alter, _ in CHAIN_LEVEL])
def test_altered_chain_is_refused(
    sources: dict[str, bytes], source: str, alter: Callable[[bytes], bytes], expected: set[str]
) -> None:
    assert checks_of(alter(sources[source])) == expected


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
        value[0][1]["public_key"] = minus(value[0][1]["public_key"])

    return in_setup(steps, 1, edited(steps[0][1][1], change))


def trustee_key_is_the_identity(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: value[0][1].update(public_key="1")))


def trustee_twice(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: value.append(value[0])))


def trustee_left_out(steps: Steps) -> Steps:
    return in_setup(steps, 1, edited(steps[0][1][1], lambda value: value.pop()))


def trustee_with_fields_in_another_order(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0][1]["pok"] = value[0][1].pop("pok")

    return in_setup(steps, 1, edited(steps[0][1][1], change))


def trustee_replaced_by_another(steps: Steps) -> Steps:
    other = trustees.public_key_json(GROUP, trustees.generate_key(GROUP))
    return in_setup(
        steps, 1, edited(steps[0][1][1], lambda value: value[0].__setitem__(1, json.loads(other)))
    )


def first_column(entry: str) -> str:
    return entry.split(",")[0]


def credential_outside_the_group(steps: Steps) -> Steps:
    return in_setup(
        steps,
        2,
        edited(steps[0][1][2], lambda value: value.__setitem__(0, minus(first_column(value[0])))),
    )


def credential_is_the_identity(steps: Steps) -> Steps:
    return in_setup(steps, 2, edited(steps[0][1][2], lambda value: value.insert(0, "1")))


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
    setup = read_setup(archive.read_archive(chained(steps)))
    texts = [data[0] for kind, data in steps if kind == "Ballot"]
    first, *rest = [ballots.read_ballot(setup.election, setup.credentials, text) for text in texts]

    def change(value: Any) -> None:
        for row, answer in zip(value, first.answers, strict=True):
            for cell, choice in zip(row, answer.choices, strict=True):
                cell["alpha"] = GROUP.text(GROUP.multiply(GROUP.element(cell["alpha"]), choice.alpha))
                cell["beta"] = GROUP.text(GROUP.multiply(GROUP.element(cell["beta"]), choice.beta))

    assert len(rest) == 3
    return with_tally(steps, edited(steps[TALLY][1][0], change))


def tally_element_outside_the_group(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[0][0]["alpha"] = minus(value[0][0]["alpha"])

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
        value["decryption_factors"][0][0] = minus(value["decryption_factors"][0][0])

    return with_partial(steps, edited(steps[PARTIAL][1][0], change))


def decryption_response_too_large(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        proof = value["decryption_proofs"][0][0]
        proof["response"] = str(int(proof["response"]) + GROUP.q)

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
    return result_of(steps, lambda result: result[0].__setitem__(0, str(result[0][0] + GROUP.q)))


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


@pytest.mark.parametrize("source", ["ours", "theirs"])
@pytest.mark.parametrize(("alter", "expected"), STEP_LEVEL, ids=[alter.__name__ for alter, _ in STEP_LEVEL])
def test_altered_election_is_refused(
    sources: dict[str, bytes], source: str, alter: Callable[[Steps], Steps], expected: set[str]
) -> None:
    altered = chained(alter(steps_of(sources[source])))

    assert checks_of(altered) == expected


@pytest.mark.parametrize("source", ["ours", "theirs"])
def test_unaltered_copy_is_accepted(sources: dict[str, bytes], source: str) -> None:
    report = verify(chained(steps_of(sources[source])))

    assert (report.verdict, report.result) == ("valid", [[6, 0], [2, 1, 3]])


# --- alterations that need a secret to be consistent


def test_ballot_signed_again_with_any_part_changed_is_refused_by_its_name(ours: made.Made) -> None:
    right = ours.texts("Ballot")[-1][0]
    for case in make_vectors.refused_ballots(ours.election, ours.voters[0], right):
        steps = steps_of(ours.archive())[:END]
        altered = chained(replaced(steps, END - 1, case["text"]))

        assert case["check"] in checks_of(altered), case["why"]


def test_ballot_of_a_stranger_is_refused(ours: made.Made) -> None:
    stranger = ballots.make_ballot(ours.election, GROUP.random_scalar(), VOTES[0][1])

    altered = chained([*steps_of(ours.archive())[:END], ("Ballot", (stranger,))])

    assert checks_of(altered) == {"ballot_credential"}


def test_ballot_of_the_same_voter_in_another_election_is_refused(ours: made.Made) -> None:
    other = made.set_up(questions=(made.YES_NO, made.BLANK))
    foreign = ballots.make_ballot(other.election, ours.voters[0], VOTES[0][1])

    altered = chained([*steps_of(ours.archive())[:END], ("Ballot", (foreign,))])

    assert checks_of(altered) == {"ballot_election"}


def test_tally_of_other_ballots_decrypted_by_all_trustees_is_refused(ours: made.Made) -> None:
    """All trustees collude and decrypt a tally in which a voter's last ballot is not counted."""
    steps = steps_of(ours.archive())[: END + 1]
    texts = [data[0] for kind, data in steps if kind == "Ballot"]
    cheat = made.Made(**{**vars(ours), "events": []})
    for kind, data in steps:
        cheat.append(kind, *data)
    cheat.append("EncryptedTally", *tally.encrypted_tally(ours.election, ours.weights, texts[:-1]))
    cheat.decrypt(1)
    cheat.decrypt(2)
    cheat.count()

    assert checks_of(cheat.archive()) == {"tally_ciphertexts"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda value: value.update(version=2), "election_version"),
        (lambda value: value.update(group="BELENIOS-4096"), "election_group"),
        (lambda value: value.update(public_key="1"), "election_key"),
        (lambda value: value.update(public_key=minus(value["public_key"])), "election_key"),
        (lambda value: value.update(uuid="short"), "election_text"),
        (lambda value: value.update(questions=[]), "election_text"),
        (lambda value: value.update(note=""), "election_text"),
        (lambda value: value.update(name=7), "election_text"),
        (lambda value: value["questions"][0].update(max=3), "election_question"),
        (lambda value: value["questions"][0].update(min=2), "election_question"),
        (lambda value: value["questions"][0].update(answers=[]), "election_question"),
        (
            lambda value: value["questions"].append({"type": "Ballade", "value": {}}),
            "election_question_unsupported",
        ),
    ],
)
def test_impossible_election_is_refused(
    ours: made.Made, change: Callable[[Any], object], expected: str
) -> None:
    steps = steps_of(ours.archive())[:1]

    altered = chained(in_setup(steps, 0, edited(steps[0][1][0], change)))

    assert checks_of(altered) == {expected}


# --- threshold trustees: every value of the list, in both of its forms


@pytest.fixture(scope="module")
def threshold_sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    votes = [(0, [[1, 0]])]
    older = theirs.election(
        tmp_path_factory.mktemp("threshold"),
        "BELENIOS-2048",
        [made.YES_NO.as_json()],
        ["v1"],
        votes,
        threshold=(2, 3),
        opened_by=(),
    )
    stored = (Path(__file__).parent / "data" / "belenios2048-threshold-2of3.bel").read_bytes()
    return {"stored": stored, "theirs": older}


def leaves(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value where a text or a number stands: what holds it, and where in that."""
    found: list[tuple[Any, Any]] = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        found += leaves(inner) if isinstance(inner, dict | list) else [(value, key)]
    return found


def altered(leaf: object) -> object:
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
    holder[key] = altered(holder[key])
    return compact(inner)


OF_EVERY_VALUE = {
    *("trustees_unsupported", "trustee_proof", "trustee_key"),
    *("certificate_key", "certificate_signature", "coefficient_element", "coefficients_signature"),
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("stored", OF_EVERY_VALUE | {"certificates_signature", "share_key_signature", "certificate_context"}),
        ("theirs", OF_EVERY_VALUE | {"trustees_threshold"}),
    ],
)
def test_any_value_changed_in_a_list_with_a_threshold_is_refused_by_name(
    threshold_sources: dict[str, bytes], source: str, expected: set[str]
) -> None:
    steps = steps_of(threshold_sources[source])[:1]
    trustee_list = steps[0][1][1]
    assert verify(chained(steps)).verdict == "valid"
    seen: set[str] = set()

    for number in range(len(leaves(json.loads(trustee_list)))):
        value = json.loads(trustee_list)
        holder, key = leaves(value)[number]
        holder[key] = altered(holder[key])
        (check,) = checks_of(chained(in_setup(steps, 1, compact(value))))
        seen.add(check)

    assert seen == expected


@pytest.mark.parametrize("source", ["stored", "theirs"])
def test_any_part_of_a_list_with_a_threshold_left_out_or_doubled_is_refused(
    threshold_sources: dict[str, bytes], source: str
) -> None:
    steps = steps_of(threshold_sources[source])[:1]
    trustee_list = steps[0][1][1]
    at = [kind for kind, _value in json.loads(trustee_list)].index("Pedersen")
    names = [name for name, part in json.loads(trustee_list)[at][1].items() if isinstance(part, list)]

    changes: tuple[Callable[[list[object]], object], ...] = (
        lambda part: part.pop(),
        lambda part: part.append(part[0]),
        lambda part: part.reverse(),
        lambda part: part.clear(),
    )
    for name in names:
        for change in changes:
            value = json.loads(trustee_list)
            change(value[at][1][name])

            assert verify(chained(in_setup(steps, 1, compact(value)))).verdict == "invalid", name


def test_any_single_byte_changed_is_refused(ours: made.Made) -> None:
    data = chained(steps_of(ours.archive())[:2])
    for position in (*range(0, 1100, 7), *range(1100, len(data), 211)):
        altered = bytearray(data)
        altered[position] ^= 1

        assert verify(bytes(altered)).verdict == "invalid", position


@pytest.mark.parametrize("data", [b"", b"PK\3\4", bytes(2048), b"BELENIOS", Path(__file__).read_bytes()])
def test_what_is_no_archive_is_called_so(data: bytes) -> None:
    report = verify(data)

    assert (report.verdict, report.state) == ("not_an_archive", None)
    assert [finding.check for finding in report.findings] == ["not_an_archive"]
