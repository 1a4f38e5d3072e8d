"""Whoever does the work, the report is the same; and nobody is left at the end, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from elections import made
from elections.altered import chained
from openballot.canonical import compact
from openballot.cli import main
from openballot.cluster import dask_cluster
from openballot.processes import process_pool
from openballot.verifier import Progress, Report, verify
from openballot.workers import NoCluster, WorkersLost

SOURCE = str(Path(made.__file__).parents[2] / "src")
ENVIRONMENT = {**os.environ, "PYTHONPATH": SOURCE}
PATIENCE = 60.0
VOTERS, BALLOTS = 300, 550


@pytest.fixture(scope="module")
def election() -> made.Made:
    """More ballots than are handed over at a time, many of them replaced by later ones."""
    votes = [(index % VOTERS, [[1, 0] if index % 3 else [0, 1]]) for index in range(BALLOTS)]
    return made.counted("Ed25519", votes=votes, voters=VOTERS)


@pytest.fixture(scope="module")
def wrong(election: made.Made) -> bytes:
    """The same with another's answer in two of the ballots, one of which no later one replaces."""
    steps = [(event.type, event.data) for event in election.events]
    for place in (20, 350):
        mine, other = (json.loads(steps[index][1][0]) for index in (place, place + 1))
        steps[place] = ("Ballot", (compact({**mine, "answers": other["answers"]}),))
    return chained(steps)


@pytest.fixture(scope="module")
def long_bel(election: made.Made, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same ballots over and over, to work on for a while."""
    setup, *ballots = [(event.type, event.data) for event in election.events[: BALLOTS + 1]]
    path = tmp_path_factory.mktemp("long") / "election.bel"
    path.write_bytes(chained([setup, *ballots * 40]))
    return path


@pytest.fixture
def bel(election: made.Made, tmp_path: Path) -> Path:
    path = tmp_path / "election.bel"
    path.write_bytes(election.archive())
    return path


def in_the_middle(deed: signal.Signals, pid: int) -> Progress:
    """Send a signal once, when the first ballots are examined and others are not."""
    sent = False

    def progress(ballots: int, read: int, size: int) -> None:
        nonlocal sent
        if not sent:
            assert ballots < BALLOTS
            os.kill(pid, deed)
            sent = True

    return progress


def children_of(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()))


def wait_for_children(pid: int) -> list[int]:
    deadline = time.monotonic() + PATIENCE
    while not (children := children_of(pid)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return children


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def assert_gone(pids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    while any(map(is_alive, pids)):
        assert time.monotonic() < deadline, pids
        time.sleep(0.05)


@contextmanager
def verifying(path: Path, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """`openballot verify` in a process group of its own, as a terminal would start it."""
    command = [sys.executable, "-m", "openballot", "verify", str(path), *options]
    # Who is started in the background ignores Ctrl-C, and so would this.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        command,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


# --- a pool of processes


def test_pool_reports_what_this_process_reports(election: made.Made, wrong: bytes) -> None:
    for data in (election.archive(), wrong):
        with process_pool(2) as workers:
            report = verify(data, workers=workers)

        assert report == verify(data)
    assert {finding.check for finding in report.findings} >= {"ballot_signature_hash", "tally_ciphertexts"}


def test_verify_with_processes_ends_as_without(
    bel: Path, wrong: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(bel), "--processes", "2"]) == 0
    assert f"Ballots: {BALLOTS}\n" in capsys.readouterr().out
    bel.write_bytes(wrong)
    assert main(["verify", str(bel), "--processes", "2"]) == 1


@pytest.mark.parametrize("number", ["0", "-1", "two"])
def test_verify_refuses_an_impossible_number_of_processes(bel: Path, number: str) -> None:
    with pytest.raises(SystemExit):
        main(["verify", str(bel), "--processes", number])


def test_killed_process_of_the_pool_is_said_in_one_sentence(long_bel: Path) -> None:
    with verifying(long_bel, "--processes", "2") as process:
        children = wait_for_children(process.pid)
        os.kill(children[0], signal.SIGKILL)
        printed, said = process.communicate(timeout=PATIENCE)

    assert process.returncode == 1
    assert printed == b""
    assert said.decode().splitlines() == [
        "A process that checked ballots was ended from outside, perhaps because memory ran out. "
        "Nothing is known about the archive. Start again, with fewer --processes."
    ]
    assert_gone(children)


def test_interrupt_ends_quietly_and_leaves_no_process(long_bel: Path) -> None:
    with verifying(long_bel, "--processes", "2") as process:
        children = wait_for_children(process.pid)
        os.killpg(process.pid, signal.SIGINT)
        printed, said = process.communicate(timeout=PATIENCE)

    assert (process.returncode, printed, said) == (130, b"", b"")
    assert_gone(children)


@pytest.mark.parametrize("deed", [signal.SIGTERM, signal.SIGKILL])
def test_killed_parent_leaves_no_process(long_bel: Path, deed: signal.Signals) -> None:
    with verifying(long_bel, "--processes", "2") as process:
        children = wait_for_children(process.pid)
        os.kill(process.pid, deed)
        process.wait(PATIENCE)

    assert_gone(children)


# --- a Dask cluster


class Cluster:
    """A real scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: list[subprocess.Popen[bytes]] = []
        file = folder / "scheduler.json"
        self.scheduler = self._start("dask_scheduler", "--port", "0", "--scheduler-file", str(file))
        deadline = time.monotonic() + PATIENCE
        while not file.exists() or not file.read_text().endswith("}"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        self.address: str = json.loads(file.read_text())["address"]

    def add_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        """Start a worker that checks one batch at a time, and wait for it to join."""
        from distributed import Client

        name = f"worker-{len(self.processes)}"
        worker = self._start(
            "dask_worker",
            self.address,
            *("--name", name, "--nthreads", "1", "--no-nanny", "--local-directory", str(self.folder / name)),
            **environment,
        )
        with Client(self.address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(len(self.processes) - 1, PATIENCE)
        return worker

    def _start(self, command: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                f"distributed.cli.{command}",
                "--host",
                "127.0.0.1",
                "--no-dashboard",
                *options,
            ],
            env={**ENVIRONMENT, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.processes.append(process)
        return process

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path)
    yield cluster
    cluster.stop()


def on_cluster(cluster: Cluster, data: bytes, progress: Progress | None = None) -> Report:
    with dask_cluster(cluster.address) as workers:
        return verify(data, workers=workers, progress=progress)


def test_cluster_reports_the_same_though_a_worker_is_killed_in_the_middle(
    cluster: Cluster, election: made.Made, wrong: bytes
) -> None:
    doomed = cluster.add_worker()
    cluster.add_worker()
    expected = verify(election.archive()), verify(wrong)

    killed = on_cluster(cluster, election.archive(), in_the_middle(signal.SIGKILL, doomed.pid))

    assert (killed, on_cluster(cluster, wrong)) == expected
    assert doomed.wait(PATIENCE) == -signal.SIGKILL


def test_cluster_lost_in_the_middle_is_said_in_one_sentence(cluster: Cluster, election: made.Made) -> None:
    cluster.add_worker()

    with pytest.raises(WorkersLost, match="Nothing is known about the archive"):
        on_cluster(cluster, election.archive(), in_the_middle(signal.SIGKILL, cluster.scheduler.pid))


def test_cluster_without_workers_or_with_others_than_ours_is_refused(cluster: Cluster, bel: Path) -> None:
    with pytest.raises(NoCluster, match="has no workers"):
        on_cluster(cluster, bel.read_bytes())
    (cluster.folder / "openballot").mkdir()
    (cluster.folder / "openballot" / "__init__.py").touch()
    cluster.add_worker(PYTHONPATH=str(cluster.folder))

    with pytest.raises(NoCluster, match="have this openballot"):
        on_cluster(cluster, bel.read_bytes())


def test_verify_with_dask_ends_as_without(
    cluster: Cluster, bel: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.add_worker()

    assert main(["verify", str(bel), "--dask", cluster.address]) == 0
    assert f"Ballots: {BALLOTS}\n" in capsys.readouterr().out


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://"])
def test_verify_says_when_no_cluster_answers(
    bel: Path, address: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openballot.cluster.CONNECT_SECONDS", 1)

    assert main(["verify", str(bel), "--dask", address]) == 1
    assert capsys.readouterr().err == f"No Dask scheduler answers at {address}.\n"


def test_verify_says_how_to_get_dask(
    bel: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    assert main(["verify", str(bel), "--dask", "tcp://127.0.0.1:1"]) == 1
    assert capsys.readouterr().err == "Dask is not installed here: pip install openfloor[scale].\n"
