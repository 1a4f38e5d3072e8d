"""The report: how far an election has come, and what was asked of it."""

import pytest

from elections import made
from openballot.archive import ArchiveRefused, Kind, read_archive, write_archive
from openballot.checks import CHECKS
from openballot.verifier import verify

STATES = ("set_up", "open", "open", "open", "closed", "tallied", "decrypting", "counted")


@pytest.fixture(scope="module")
def election() -> made.Made:
    return made.counted("Ed25519")


def test_archive_cut_at_any_event_is_a_valid_unfinished_election(election: made.Made) -> None:
    for count, state in enumerate(STATES, start=1):
        report = verify(made.archive_of(election.events[:count]))

        assert (report.verdict, report.state, report.findings) == ("valid", state, ())
        assert report.ballots == min(count - 1, 3)
        assert report.head == election.events[count - 1].hash
        assert report.result == ([[2, 1]] if state == "counted" else None)


def test_election_closed_without_a_ballot_is_closed() -> None:
    empty = made.counted("Ed25519", votes=())

    assert verify(made.archive_of(empty.events[:2])).state == "closed"
    assert verify(empty.archive()).result == [[0, 0]]


def test_required_state_accepts_what_has_come_further(election: made.Made) -> None:
    assert verify(election.archive(), require="closed").verdict == "valid"
    assert verify(election.archive(), require="counted").verdict == "valid"


def test_required_state_refuses_a_shortened_archive(election: made.Made) -> None:
    report = verify(made.archive_of(election.events[:-1]), require="counted")

    assert (report.verdict, report.state) == ("invalid", "decrypting")
    assert [finding.check for finding in report.findings] == ["required_state"]


def test_head_refuses_an_archive_that_ends_elsewhere(election: made.Made) -> None:
    head = election.events[-1].hash

    assert verify(election.archive(), head=head).verdict == "valid"
    shortened = verify(made.archive_of(election.events[:-1]), head=head)
    assert [finding.check for finding in shortened.findings] == ["wrong_head"]


def test_progress_tells_the_ballots_and_how_far_the_archive_is_read() -> None:
    election = made.set_up("Ed25519", voters=258)
    for voter in range(258):
        election.vote(voter, [[1, 0]])
    data = election.archive()
    seen: list[tuple[int, int, int]] = []

    verify(data, progress=lambda *step: seen.append(step))

    places = [len(made.archive_of(election.events[: 1 + count])) for count in (128, 256, 258)]
    steps = zip((128, 256, 258), places, strict=True)
    assert seen == [*((count, place, len(data)) for count, place in steps), (258, len(data), len(data))]


def test_report_as_json_has_exactly_the_documented_fields(election: made.Made) -> None:
    report = verify(made.archive_of(election.events[:2]), require="counted").as_json()

    assert report == {
        "verdict": "invalid",
        "state": "open",
        "ballots": 1,
        "result": None,
        "shufflers": [],
        "undecodable": None,
        "findings": [
            {
                "check": "required_state",
                "object": "file",
                "section": CHECKS["required_state"].section,
                "sentence": CHECKS["required_state"].sentence,
            }
        ],
        "warnings": [],
    }


def test_last_of_two_partial_decryptions_by_one_trustee_counts() -> None:
    election = made.set_up("Ed25519")
    election.vote(0, [[1, 0]])
    election.close()
    election.decrypt(1)
    election.decrypt(1)
    election.count()

    assert verify(election.archive()).result == [[1, 0]]


def test_archive_is_read_and_written_as_the_same_bytes(election: made.Made) -> None:
    data = election.archive()
    held = read_archive(data)

    records: list[tuple[Kind, str]] = []
    for event in held.events:
        records += [("data", text) for text in event.data]
        records.append(("event", event.text))

    assert write_archive(held.timestamp, records) == data


def test_read_archive_raises_every_finding(election: made.Made) -> None:
    with pytest.raises(ArchiveRefused) as caught:
        read_archive(election.archive() + bytes(512) + b"x")

    assert [finding.check for finding in caught.value.findings] == ["archive_record"]
