"""Every way of altering an archive is refused by the finding that names it, whoever made the archive."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from elections import made, make_vectors, theirs
from elections.altered import (
    CHAIN_LEVEL,
    ELECTION_LEVEL,
    END,
    FILE_LEVEL,
    STEP_LEVEL,
    VOTES,
    Steps,
    chained,
    in_setup,
    replaced,
    steps_of,
    with_each_value_of_the_trustees_changed,
)
from openballot import ballots, tally
from openballot.canonical import compact
from openballot.verifier import verify


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


def checks_of(data: bytes) -> set[str]:
    report = verify(data)
    assert report.verdict != "valid"
    return {finding.check for finding in report.findings}


@pytest.mark.parametrize("source", ["ours", "theirs"])
@pytest.mark.parametrize(("alter", "expected"), FILE_LEVEL, ids=[alter.__name__ for alter, _ in FILE_LEVEL])
def test_altered_file_is_refused(
    sources: dict[str, bytes], source: str, alter: Callable[[bytes], bytes], expected: set[str]
) -> None:
    data = sources[source]

    altered = alter(data)

    assert altered != data
    assert checks_of(altered) == expected


@pytest.mark.parametrize("source", ["ours", "theirs"])
@pytest.mark.parametrize(("alter", "expected"), CHAIN_LEVEL, ids=[alter.__name__ for alter, _ in CHAIN_LEVEL])
def test_altered_chain_is_refused(
    sources: dict[str, bytes], source: str, alter: Callable[[bytes], bytes], expected: set[str]
) -> None:
    assert checks_of(alter(sources[source])) == expected


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
    stranger = ballots.make_ballot(ours.election, ours.election.group.random_scalar(), VOTES[0][1])

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
    ("alter", "expected"),
    [(alter, expected) for _, alter, expected in ELECTION_LEVEL],
    ids=[why for why, *_ in ELECTION_LEVEL],
)
def test_impossible_election_is_refused(
    ours: made.Made, alter: Callable[[Steps], Steps], expected: str
) -> None:
    assert checks_of(chained(alter(steps_of(ours.archive())))) == {expected}


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
    assert verify(chained(steps)).verdict == "valid"
    seen: set[str] = set()

    for changed in with_each_value_of_the_trustees_changed(steps):
        (check,) = checks_of(chained(changed))
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
