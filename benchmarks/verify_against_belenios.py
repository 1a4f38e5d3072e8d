"""CPU time of `openballot verify` against `belenios-tool election verify` on the same 200 yes/no ballots.

Whole child processes are measured, start-up included, in turns, so that a busy machine slows both alike.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from openballot import archive, ballots, credentials, decryption, groups, tally, trustees
from openballot.election import Election, Question, compose_election, new_uuid

BALLOTS, ROUNDS, AT_LEAST = 200, 5, 1.3
GROUP = groups.named("BELENIOS-2048")


def counted_election() -> tuple[str, bytes]:
    """Make an election with every step up to the result; return its uuid and archive."""
    x = trustees.generate_key(GROUP)
    public_key = trustees.public_key_json(GROUP, x)
    voters = [GROUP.random_scalar() for _ in range(BALLOTS)]
    keys = [GROUP.text(GROUP.power_generator(s)) for s in voters]
    credentials_text = credentials.compose_public_credentials(GROUP, keys)
    election = Election.parse(
        compose_election(
            uuid=new_uuid(),
            name="Strike vote",
            description="Shall we strike?",
            group=GROUP,
            public_key=trustees.combined_public_key(GROUP, [public_key]),
            questions=[Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)],
        )
    )
    trustees_text = trustees.compose_trustees([public_key])
    weights = credentials.parse_public_credentials(GROUP, credentials_text)
    texts = [
        ballots.make_ballot(election, s, [[1, 0] if index % 3 else [0, 1]]) for index, s in enumerate(voters)
    ]
    tally_text, sized = tally.encrypted_tally(election, weights, texts)
    partial = decryption.partial_decryption(election, x, tally_text)
    result = decryption.compute_result(election, trustees_text, tally_text, BALLOTS, {1: partial})
    steps: list[tuple[str, tuple[str, ...]]] = [
        ("Setup", archive.setup_data(election.text, trustees_text, credentials_text)),
        *(("Ballot", (text,)) for text in texts),
        ("EndBallots", ()),
        ("EncryptedTally", (tally_text, sized)),
        ("PartialDecryption", (partial, decryption.owned(1, partial))),
        ("Result", (result,)),
    ]
    timestamp = 1_795_000_000
    data = archive.header_member(timestamp)
    previous = None
    for event_type, held in steps:
        previous = archive.next_event(previous, event_type, held)
        data += archive.event_bytes(previous, timestamp)
    return election.uuid, data


def cpu_seconds(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    uuid, data = counted_election()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{uuid}.bel"
        path.write_bytes(data)
        ours = [sys.executable, "-m", "openballot", "verify", str(path)]
        theirs = ["belenios-tool", "election", "verify", "--dir", folder]
        rounds = [(cpu_seconds(ours), cpu_seconds(theirs)) for _ in range(ROUNDS)]
    own, other = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(theirs_s / ours_s for ours_s, theirs_s in rounds)
    print(f"verify {BALLOTS} BELENIOS-2048 ballots, CPU seconds, median of {ROUNDS} rounds in turns:")
    print(f"  openballot verify {own:.2f}   belenios-tool election verify {other:.2f}")
    print(f"  ratio {ratio:.2f}x (at least {AT_LEAST}x is asked)")


if __name__ == "__main__":
    main()
