"""CPU time a ballot of adding up and of three decryptions: `belenios-tool`, and ours as the server does it.

The server's papers were verified when they were cast; the program's commands are measured as they are, on a
board of 200. What the steps cost once, however many ballots there are, is in both.
"""

import statistics
import tempfile
import time
from pathlib import Path

from _commands import cpu_seconds
from _elections import Written, kept_election
from _goals import at_least

from openballot import batches, decryption, groups, tally, trustees
from openballot.archive import ArchiveReader
from openballot.credentials import weights_of_checked
from openballot.election import Election

FEW, DECRYPTIONS, AT_LEAST, ROUNDS = 200, 3, 500, 5
# The longer the vote, the less what a step costs once.
MANY = {"Ed25519": 46_000, "BELENIOS-2048": 1_000}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        theirs = [their_seconds(Path(name)) / FEW for _ in range(ROUNDS)]
    other = statistics.median(theirs)
    print(f"encrypted tally and {DECRYPTIONS} decryptions, CPU time a ballot, median of {ROUNDS}:")
    print(f"  belenios-tool, BELENIOS-2048, {FEW}: {other * 1000:.2f} ms")
    for group_name, count in MANY.items():
        written = kept_election(group_name, count)
        ours = statistics.median(our_seconds(written) for _ in range(ROUNDS)) / count
        kernel = batches.kernel_of(groups.named(group_name))
        print(f"  openballot, {group_name}, {count:,}, {kernel}: {ours * 1000:.3f} ms")
        ratio = other / ours
        if group_name == "Ed25519":
            at_least(f"encrypted tally and {DECRYPTIONS} decryptions, {count:,} ballots", AT_LEAST, ratio)
        else:
            print(f"  {ratio:.0f} times as fast")


def their_seconds(folder: Path) -> float:
    written = kept_election("BELENIOS-2048", FEW)
    board = folder / f"{written.uuid}.bel"
    (folder / "key").write_text(trustees.private_key_json(written.x))
    tool = ["env", "-C", str(folder), "belenios-tool", "election"]
    written.cut_after(FEW + 1, board)
    seconds = cpu_seconds([*tool, "compute-encrypted-tally"])
    written.cut_after(FEW + 2, board)
    for _ in range(DECRYPTIONS):
        seconds += cpu_seconds([*tool, "decrypt", "--privkey", "key", "--trustee-id", "1"])
    return seconds


def our_seconds(written: Written) -> float:
    with written.path.open("rb") as file:
        setup, *events = ArchiveReader(file)
    texts = [event.data[0] for event in events if event.type == "Ballot"]
    began = time.process_time()
    election = Election.parse(setup.data[0])
    tally_text, _ = tally.encrypted_tally(election, weights_of_checked(setup.data[2]), texts)
    for _ in range(DECRYPTIONS):
        decryption.partial_decryption(election, written.x, tally_text)
    return time.process_time() - began


if __name__ == "__main__":
    main()
