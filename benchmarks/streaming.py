"""A vote of 46,000: what a ballot costs, what memory it takes, and how quickly small things start.

Whole commands are measured, start-up included. The long run is measured once: it averages over itself.
Memory is the proportional set size of all processes together, at its highest; the list of voters is as long
with 10,000 ballots as with 46,000, so that it counts for neither.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from _elections import Written, write_counted_election

import openballot
from openballot import batches, groups

GROUP, OTHER = "Ed25519", "BELENIOS-2048"
FEW, SOME, MANY, TINY = 1_000, 10_000, 46_000, 20
ROUNDS, STARTS = 5, 11
OPENBALLOT = [sys.executable, "-m", "openballot"]


def main() -> None:
    print(f"kernel for {GROUP}: {batches.kernel_of(groups.named(GROUP))}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small = write_counted_election(folder / "small.bel", GROUP, FEW)
        started_quickly([write_counted_election(folder / f"{g}.bel", g, TINY) for g in (GROUP, OTHER)])
        began = time.perf_counter()
        large = write_counted_election(folder / "large.bel", GROUP, MANY)
        print(f"({MANY:,} ballots made in {time.perf_counter() - began:.0f} s)")
        cost_per_ballot(small, large)
        memory(large, large.cut_after(SOME, folder / "some.bel"))


def started_quickly(tiny: Sequence[Written]) -> None:
    # As installed: what Python compiles is kept.
    subprocess.run([sys.executable, "-m", "compileall", "-q", *openballot.__path__], check=True)
    nothing = [sys.executable, "-c", "pass"]
    verify = {
        f"openballot verify, {TINY} ballots of {each.path.stem}": [*OPENBALLOT, "verify", str(each.path)]
        for each in tiny
    }
    for name, command in {"openballot --help": [*OPENBALLOT, "--help"], **verify}.items():
        rounds = [(cpu_seconds(command), cpu_seconds(nothing)) for _ in range(STARTS)]
        ratio = statistics.median(ours / bare for ours, bare in rounds)
        print(f"{name}: {ratio:.1f}x of python -c pass, median of {STARTS} (at most 15x is asked)")


def cost_per_ballot(small: Written, large: Written) -> None:
    alone = [*OPENBALLOT, "verify", "--processes", "1"]
    few = statistics.median(cpu_seconds([*alone, str(small.path)]) for _ in range(ROUNDS)) / FEW
    many = cpu_seconds([*alone, str(large.path)]) / MANY
    print(f"one process, milliseconds a ballot: {few * 1000:.2f} of {FEW:,}, {many * 1000:.2f} of {MANY:,}")
    print(f"  ratio {many / few:.2f}x (0.75x to 1.25x is asked)")


def memory(large: Written, some: Path) -> None:
    for processes in (1, 2):
        command = [*OPENBALLOT, "verify", "--processes", str(processes)]
        before, after = peak_memory([*command, str(some)]), peak_memory([*command, str(large.path)])
        print(
            f"memory, {processes} process(es): {before / 2**20:.0f} MiB with {SOME:,} ballots, "
            f"{after / 2**20:.0f} MiB with {MANY:,}"
        )
        print(f"  ratio {after / before:.2f}x (less than 1.20x is asked)")


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
