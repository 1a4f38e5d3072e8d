"""The archive is read once, and what it claims costs no more memory than it holds."""

import io
import os
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from elections import made
from elections.altered import chained
from openballot import archive, records
from openballot.findings import MOST
from openballot.records import FileChanged
from openballot.verifier import Report, verify

SOURCE = str(Path(made.__file__).parents[2] / "src")
VOTERS = 640
MEMORY = 400 * 2**20


@pytest.fixture(scope="module")
def election() -> made.Made:
    return made.counted("Ed25519", votes=((0, [[1, 0]]), (1, [[0, 1]]), (0, [[0, 1]])))


@pytest.fixture(scope="module")
def crowd() -> made.Made:
    crowd = made.set_up("Ed25519", voters=VOTERS)
    for voter in range(VOTERS):
        crowd.vote(voter, [[1, 0]])
    return crowd


class Counted(io.BytesIO):
    """A file that counts what is read from it."""

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


def checks(report: Report) -> list[str]:
    return [finding.check for finding in report.findings]


def verify_in_little_memory(*arguments: str, source: int | None = None) -> subprocess.CompletedProcess[str]:
    """The command, with no more memory than it takes for an ordinary archive."""
    return subprocess.run(
        ["prlimit", f"--as={MEMORY}", sys.executable, "-m", "openballot", "verify", *arguments],
        env={**os.environ, "PYTHONPATH": SOURCE},
        stdin=source,
        capture_output=True,
        text=True,
        check=False,
    )


def test_archive_is_read_once_but_for_replaced_ballots(election: made.Made, crowd: made.Made) -> None:
    beginning = 3 * records.BLOCK
    replaced = records.BLOCK + len(election.texts("Ballot")[0][0].encode())
    for made_election, again in ((crowd, 0), (election, replaced)):
        file = Counted(made_election.archive())

        assert verify(file).verdict == "valid"
        assert file.taken == len(file.getvalue()) + beginning + again


def test_memory_does_not_grow_with_the_ballots(crowd: made.Made) -> None:
    peaks = []
    for ballots in (128, VOTERS):
        data = made.archive_of(crowd.events[: 1 + ballots])
        tracemalloc.start()
        verify(data)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    one_text_each = sum(len(text) for (text,) in crowd.texts("Ballot")[128:])
    assert peaks[1] - peaks[0] < one_text_each / 4


def test_archive_through_a_pipe_is_verified(election: made.Made, tmp_path: Path) -> None:
    path = tmp_path / "election.bel"
    path.write_bytes(election.archive())
    for name in ("-", "/dev/stdin"):
        with subprocess.Popen(["cat", str(path)], stdout=subprocess.PIPE) as cat:
            assert cat.stdout is not None
            done = verify_in_little_memory(name, source=cat.stdout.fileno())

        assert (done.returncode, done.stderr) == (0, "")
        assert "Verdict: valid\nBallots: 3\n" in done.stdout


def test_file_that_changes_while_it_is_read_is_refused(election: made.Made) -> None:
    data = election.archive()
    replaced = data.index(election.texts("Ballot")[0][0].encode())
    file = io.BytesIO(data)

    class Changing(io.BytesIO):
        """Its first ballot is another one when it is read again."""

        def seek(self, offset: int, whence: int = 0, /) -> int:
            if offset == replaced - records.BLOCK:
                self.getbuffer()[replaced : replaced + 5] = b"other"
            return super().seek(offset, whence)

    assert verify(file).verdict == "valid"
    with pytest.raises(FileChanged):
        verify(Changing(data))


# --- what a record or an event may take


def test_record_that_claims_more_than_the_file_holds_costs_nothing(
    election: made.Made, tmp_path: Path
) -> None:
    path = tmp_path / "election.bel"
    claiming = bytearray(archive.data_member("{}", made.TIMESTAMP))
    claiming[124:135] = b"7" * 11
    path.write_bytes(made.archive_of(election.events[:2]) + claiming)

    done = verify_in_little_memory(str(path))

    assert done.returncode == 1
    assert "archive_truncated (record 9;" in done.stderr


@pytest.mark.parametrize(("events", "room"), [(0, archive.LARGEST_DATA), (2, archive.LARGEST_PAPER)])
def test_record_larger_than_an_event_may_hold_is_refused_unread(
    election: made.Made, tmp_path: Path, events: int, room: int
) -> None:
    path = tmp_path / "election.bel"
    header = bytearray(archive.data_member("", made.TIMESTAMP))
    header[124:135] = b"%011o" % (room + 1)
    path.write_bytes(made.archive_of(election.events[:events]) + header)
    os.truncate(path, path.stat().st_size + 2 * room)

    done = verify_in_little_memory(str(path))

    assert done.returncode == 1
    assert f"archive_large (record {9 if events else 2};" in done.stderr


def test_data_of_one_event_share_their_room(election: made.Made) -> None:
    half = "0" * (archive.LARGEST_PAPER // 2 + 1)
    data = made.archive_of(election.events[:2])
    pieces = [archive.data_member(half, made.TIMESTAMP)] * 2

    assert checks(verify(data + pieces[0])) == ["archive_orphan"]
    assert checks(verify(data + b"".join(pieces))) == ["archive_large", "archive_orphan"]


def test_many_data_before_an_event_are_refused(election: made.Made) -> None:
    steps = [(event.type, event.data) for event in election.events[:2]]
    crowded = [steps[0], ("Ballot", ("{}",) * 5_000 + steps[1][1])]

    assert checks(verify(chained(crowded))) == ["archive_missing"]


def test_no_more_than_a_thousand_findings_are_listed(election: made.Made) -> None:
    for surplus, last in ((0, "event_text"), (1, "more_findings"), (5_000, "more_findings")):
        junk = archive.event_member("{}", made.TIMESTAMP) * (MOST + surplus)

        report = verify(made.archive_of(election.events[:2]) + junk)

        assert checks(report)[:MOST] == ["event_text"] * MOST
        assert checks(report)[-1] == last
        assert len(report.findings) == MOST + (surplus > 0)
