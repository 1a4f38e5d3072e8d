"""A vote of 46,000: what a ballot costs, what memory it takes, and how quickly small things start.

Whole commands are measured, start-up included. The long run is measured once: it averages over itself.
Memory is the proportional set size of all processes together, at its highest; the list of voters is as long
with 10,000 ballots as with 46,000, so that it counts for neither.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _commands import OPENBALLOT, as_installed, cpu_seconds
from _elections import Written, kept_election
from _goals import at_most

from openballot import batches, groups

GROUP, OTHER = "Ed25519", "BELENIOS-2048"
FEW, SOME, MANY, TINY = 1_000, 10_000, 46_000, 20
ROUNDS, STARTS = 5, 11


def main() -> None:
    as_installed()
    print(f"kernel for {GROUP}: {batches.kernel_of(groups.named(GROUP))}")
    started_quickly()
    large = kept_election(GROUP, MANY)
    cost_per_ballot(kept_election(GROUP, FEW), large)
    with tempfile.TemporaryDirectory() as folder:
        memory(large, large.cut_after(SOME, Path(folder) / "some.bel"))


def started_quickly() -> None:
    nothing = [sys.executable, "-c", "pass"]
    verify = {
        f"start-up of openballot verify, {TINY} ballots of {name}": [
            *OPENBALLOT,
            "verify",
            str(kept_election(name, TINY).path),
        ]
        for name in (GROUP, OTHER)
    }
    for name, command in {"start-up of openballot --help": [*OPENBALLOT, "--help"], **verify}.items():
        rounds = [(cpu_seconds(command), cpu_seconds(nothing)) for _ in range(STARTS)]
        at_most(
            f"{name}, against python -c pass", 15, statistics.median(ours / bare for ours, bare in rounds)
        )


def cost_per_ballot(small: Written, large: Written) -> None:
    alone = [*OPENBALLOT, "verify", "--processes", "1"]
    few = statistics.median(cpu_seconds([*alone, str(small.path)]) for _ in range(ROUNDS)) / FEW
    many = cpu_seconds([*alone, str(large.path)]) / MANY
    print(f"one process, milliseconds a ballot: {few * 1000:.3f} of {FEW:,}, {many * 1000:.3f} of {MANY:,}")
    at_most(f"verify, {GROUP}, a ballot of {MANY:,}, against one of {FEW:,}", 1.25, many / few)


def memory(large: Written, some: Path) -> None:
    for processes in (1, 2):
        command = [*OPENBALLOT, "verify", "--processes", str(processes)]
        before, after = peak_memory([*command, str(some)]), peak_memory([*command, str(large.path)])
        print(
            f"memory, {processes} process(es): {before / 2**20:.0f} MiB with {SOME:,} ballots, "
            f"{after / 2**20:.0f} MiB with {MANY:,}"
        )
        at_most(
            f"verify, memory of {MANY:,} ballots, {processes} process(es), against {SOME:,}",
            1.2,
            after / before,
        )


def peak_memory(command: list[str]) -> int:
    """Run a command; the most that it and its processes held together, in bytes."""
    highest = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            highest = max(highest, proportional_set_size(process.pid))
            time.sleep(0.02)
    assert process.returncode == 0
    return highest


def proportional_set_size(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return 0
    own = next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)
    return own * 1024 + sum(map(proportional_set_size, map(int, children)))


if __name__ == "__main__":
    main()
