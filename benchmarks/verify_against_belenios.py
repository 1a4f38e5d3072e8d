"""CPU time of `openballot verify` with each arithmetic of this machine, against `belenios-tool`.

`belenios-tool election verify` gets 1,000 yes/no ballots of BELENIOS-2048; here the same archive is verified,
and one of Ed25519, long enough for start-up not to show. A ballot is compared with a ballot. Whole child
processes are measured, in turns, so that a busy machine slows all alike.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from _elections import write_counted_election

from openballot.fast import engines, loading

ROUNDS = 5
BALLOTS = {"BELENIOS-2048": 1_000, "Ed25519": 10_000}
# How many times as fast a ballot should be verified, with eight lanes and with words.
GOALS = {
    "BELENIOS-2048": {"lanes": "10x", "words": "2x"},
    "Ed25519": {"lanes": "80x", "words": "25x"},
}


def cpu_seconds(command: list[str], **environment: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    kinds = [*(kind for kind in loading.kinds_that_run_here() if loading.is_kept(kind)), engines.REFERENCE]
    with tempfile.TemporaryDirectory() as name:
        paths = {}
        for group_name in BALLOTS:
            folder = Path(name) / group_name
            folder.mkdir()
            written = write_counted_election(folder / "made", group_name, BALLOTS[group_name])
            paths[group_name] = written.path.rename(folder / f"{written.uuid}.bel")
        theirs = ["belenios-tool", "election", "verify", "--dir", str(paths["BELENIOS-2048"].parent)]
        rounds = [(cpu_seconds(theirs), measured(paths, kinds)) for _ in range(ROUNDS)]
    other = statistics.median(seconds for seconds, _ in rounds) / BALLOTS["BELENIOS-2048"]
    print(f"CPU time of verifying a yes/no ballot, median of {ROUNDS} rounds in turns:")
    print(f"  belenios-tool election verify, BELENIOS-2048: {other * 1000:.2f} ms")
    for group_name, kind in rounds[0][1]:
        own = statistics.median(seconds[group_name, kind] for _, seconds in rounds) / BALLOTS[group_name]
        ratio = statistics.median(
            (theirs_s / BALLOTS["BELENIOS-2048"]) / (ours_s[group_name, kind] / BALLOTS[group_name])
            for theirs_s, ours_s in rounds
        )
        goal = GOALS[group_name].get(kind, "none")
        arithmetic = engines.NAMES.get(kind, "the reference (GMP, libsodium)")
        print(f"  {group_name:<13} {arithmetic:<30} {own * 1000:6.3f} ms   {ratio:6.2f}x (goal {goal})")


def measured(paths: dict[str, Path], kinds: list[str]) -> dict[tuple[str, str], float]:
    verify = [sys.executable, "-m", "openballot", "verify", "--processes", "1"]
    return {
        (group_name, kind): cpu_seconds([*verify, str(path)], OPENBALLOT_KERNEL=kind)
        for group_name, path in paths.items()
        for kind in kinds
    }


if __name__ == "__main__":
    main()
