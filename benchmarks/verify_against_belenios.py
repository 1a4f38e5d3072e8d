"""CPU time of `openballot verify` with each arithmetic of this machine, against `belenios-tool`.

`belenios-tool election verify` gets 1,000 yes/no ballots of BELENIOS-2048; here the same archive is verified,
and one of Ed25519, long enough for start-up to show little. A ballot is compared with a ballot. Whole
child processes are measured, start-up included, in turns, so that a busy machine slows all alike.
"""

import statistics
import tempfile
from pathlib import Path

from _commands import OPENBALLOT, as_installed, cpu_seconds
from _elections import Written, kept_election
from _goals import at_least

from openballot.fast import engines, loading

ROUNDS = 5
OTHER = "BELENIOS-2048"
BALLOTS = {OTHER: 1_000, "Ed25519": 10_000}
# How many times as fast a ballot should be verified, with eight lanes and with words.
GOALS = {OTHER: {"lanes": 10, "words": 2}, "Ed25519": {"lanes": 80, "words": 25}}


def main() -> None:
    as_installed()
    kinds = [kind for kind in loading.kinds_that_run_here() if loading.is_kept(kind)]
    elections = {group_name: kept_election(group_name, count) for group_name, count in BALLOTS.items()}
    with tempfile.TemporaryDirectory() as folder:
        board = Path(folder) / f"{elections[OTHER].uuid}.bel"
        board.symlink_to(elections[OTHER].path)
        theirs = ["belenios-tool", "election", "verify", "--dir", folder]
        rounds = [
            (cpu_seconds(theirs) / BALLOTS[OTHER], seconds_a_ballot(elections, kinds)) for _ in range(ROUNDS)
        ]
    print(f"CPU time of verifying a yes/no ballot, median of {ROUNDS} rounds in turns:")
    print(f"  belenios-tool, {OTHER}: {statistics.median(other for other, _ in rounds) * 1000:.2f} ms")
    for group_name, kind in rounds[0][1]:
        own = statistics.median(ours[group_name, kind] for _, ours in rounds)
        ratios = [other / ours[group_name, kind] for other, ours in rounds]
        print(f"  openballot, {group_name}, {engines.NAMES[kind]}: {own * 1000:.3f} ms", end="")
        print(f" ({min(ratios):.1f}x to {max(ratios):.1f}x)")
        at_least(
            f"verify, {group_name}, {engines.NAMES[kind]}, against belenios-tool on {OTHER}",
            GOALS[group_name][kind],
            statistics.median(ratios),
        )


def seconds_a_ballot(elections: dict[str, Written], kinds: list[str]) -> dict[tuple[str, str], float]:
    verify = [*OPENBALLOT, "verify", "--processes", "1"]
    return {
        (group_name, kind): cpu_seconds([*verify, str(each.path)], OPENBALLOT_KERNEL=kind)
        / BALLOTS[group_name]
        for group_name, each in elections.items()
        for kind in kinds
    }


if __name__ == "__main__":
    main()
