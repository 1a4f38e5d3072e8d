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
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from openballot import archive, ballots, credentials, decryption, groups, tally, trustees
from openballot.election import Election, compose_election, new_uuid
from openballot.fast import engines, loading
from openballot.questions import Question

ROUNDS, CORES, AT_A_TIME = 5, 2, 100
BALLOTS = {"BELENIOS-2048": 1_000, "Ed25519": 10_000}
# How many times as fast a ballot should be verified, with eight lanes and with words.
GOALS = {
    "BELENIOS-2048": {"lanes": "10x", "words": "2x"},
    "Ed25519": {"lanes": "80x", "words": "25x"},
}


def counted_election(group_name: str) -> tuple[str, bytes]:
    """Make an election with every step up to the result; return its uuid and archive."""
    group, count = groups.named(group_name), BALLOTS[group_name]
    x = trustees.generate_key(group)
    public_key = trustees.public_key_json(group, x)
    voters = [group.random_scalar() for _ in range(count)]
    keys = [group.text(group.power_generator(s)) for s in voters]
    credentials_text = credentials.compose_public_credentials(group, keys)
    election_text = compose_election(
        uuid=new_uuid(),
        name="Strike vote",
        description="Shall we strike?",
        group=group,
        public_key=trustees.combined_public_key(group, [public_key]),
        questions=[Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)],
    )
    election = Election.parse(election_text)
    trustees_text = trustees.compose_trustees([public_key])
    pieces = [voters[start : start + AT_A_TIME] for start in range(0, count, AT_A_TIME)]
    with ProcessPoolExecutor(CORES) as pool:
        texts = [text for made in pool.map(_ballots, [election_text] * len(pieces), pieces) for text in made]
    weights = credentials.weights_of_checked(credentials_text)
    tally_text, sized = tally.encrypted_tally(election, weights, texts)
    partial = decryption.partial_decryption(election, x, tally_text)
    result = decryption.compute_result(election, trustees_text, tally_text, count, {1: partial})
    steps: list[tuple[str, tuple[str, ...]]] = [
        ("Setup", archive.setup_data(election_text, trustees_text, credentials_text)),
        *(("Ballot", (text,)) for text in texts),
        ("EndBallots", ()),
        ("EncryptedTally", (tally_text, sized)),
        ("PartialDecryption", (partial, decryption.owned(1, partial))),
        ("Result", (result,)),
    ]
    return election.uuid, b"".join(_written(steps))


def _ballots(election_text: str, scalars: list[int]) -> list[str]:
    election = Election.parse(election_text)
    return [
        ballots.make_ballot(election, s, [[1, 0] if index % 3 else [0, 1]]) for index, s in enumerate(scalars)
    ]


def _written(steps: list[tuple[str, tuple[str, ...]]]) -> Iterator[bytes]:
    timestamp = 1_795_000_000
    yield archive.header_member(timestamp)
    previous = None
    for event_type, held in steps:
        previous = archive.next_event(previous, event_type, held)
        yield archive.event_bytes(previous, timestamp)


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
            uuid, data = counted_election(group_name)
            paths[group_name] = Path(name) / group_name / f"{uuid}.bel"
            paths[group_name].parent.mkdir()
            paths[group_name].write_bytes(data)
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
