"""CPU time a ballot of adding up and of three decryptions: `belenios-tool`, and ours as the server does it.

The server's papers were verified when they were cast; the program's commands are measured as they are, on a
board of 200. What the steps cost once, however many ballots there are, is in both.
"""

import resource
import subprocess
import tempfile
import time
from pathlib import Path

from _elections import Written, write_counted_election

from openballot import batches, decryption, groups, tally, trustees
from openballot.archive import ArchiveReader
from openballot.credentials import weights_of_checked
from openballot.election import Election

FEW, DECRYPTIONS, AT_LEAST = 200, 3, 500
# Ballots of BELENIOS-2048 take five times as long to make, and are suggested for smaller votes.
MANY = {"Ed25519": 46_000, "BELENIOS-2048": 5_000}


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        theirs = their_seconds(folder / "theirs") / FEW
        print(f"encrypted tally and {DECRYPTIONS} decryptions, CPU time a ballot:")
        print(f"  belenios-tool, BELENIOS-2048, {FEW}: {theirs * 1000:.2f} ms")
        for group_name, count in MANY.items():
            written = write_counted_election(folder / f"{group_name}.bel", group_name, count)
            ours = our_seconds(written) / count
            kernel = batches.kernel_of(groups.named(group_name))
            print(f"  openballot, {group_name}, {count:,}, {kernel}: {ours * 1000:.3f} ms")
            print(f"    ratio {theirs / ours:.0f}x (at least {AT_LEAST}x is asked)")


def their_seconds(folder: Path) -> float:
    folder.mkdir()
    written = write_counted_election(folder / "whole", "BELENIOS-2048", FEW)
    board = folder / f"{written.uuid}.bel"
    (folder / "key").write_text(trustees.private_key_json(written.x))
    written.cut_after(FEW + 1, board)
    seconds = tool_seconds(folder, "compute-encrypted-tally")
    written.cut_after(FEW + 2, board)
    for _ in range(DECRYPTIONS):
        seconds += tool_seconds(folder, "decrypt", "--privkey", "key", "--trustee-id", "1")
    return seconds


def tool_seconds(folder: Path, *arguments: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["belenios-tool", "election", *arguments], cwd=folder, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
