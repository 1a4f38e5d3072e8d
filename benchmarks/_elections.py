"""Counted elections with tens of thousands of voters, written to files; all cores make the ballots.

They are made once and kept in `.bench/`: whatever version comes later has to verify them too.
"""

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from openballot import archive, ballots, credentials, decryption, groups, trustees
from openballot.election import Election, Question, compose_election, new_uuid
from openballot.processes import process_pool
from openballot.verifier import Verification

TIMESTAMP = 1_795_000_000
AT_A_TIME, CORES = 100, 2
KEPT = Path(__file__).parents[1] / ".bench"
QUESTION = Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)


@dataclass(frozen=True, slots=True)
class Written:
    """A counted yes/no election on disk, in which each voter voted once; *x* is its trustee's key."""

    path: Path
    uuid: str
    x: int
    ends: Sequence[int]

    def cut_after(self, count: int, path: Path) -> Path:
        """Copy it as it was after the set-up and so many further events."""
        with self.path.open("rb") as file:
            path.write_bytes(file.read(self.ends[count]))
        return path


def kept_election(group_name: str, voters: int) -> Written:
    """Return such an election, made now if there is none yet."""
    path = KEPT / f"{group_name}-{voters}.bel"
    notes = path.with_suffix(".json")
    if not notes.exists():
        print(f"({voters:,} ballots of {group_name} are made, once …)", flush=True)
        KEPT.mkdir(exist_ok=True)
        made = write_counted_election(path, group_name, voters)
        notes.write_text(json.dumps({"uuid": made.uuid, "x": made.x, "ends": list(made.ends)}))
    return Written(path, **json.loads(notes.read_text(encoding="utf-8")))


def write_counted_election(path: Path, group_name: str, voters: int) -> Written:
    """Make an election from the set-up to the result."""
    group = groups.named(group_name)
    x = trustees.generate_key(group)
    public_key = trustees.public_key_json(group, x)
    scalars = [group.random_scalar() for _ in range(voters)]
    keys = [group.text(group.power_generator(s)) for s in scalars]
    election_text = compose_election(
        uuid=new_uuid(),
        name="Strike vote",
        description="Shall we strike?",
        group=group,
        public_key=trustees.combined_public_key(group, [public_key]),
        questions=[QUESTION],
    )
    trustees_text = trustees.compose_trustees([public_key])
    credentials_text = credentials.compose_public_credentials(group, keys)
    setup = archive.next_event(
        None, "Setup", archive.setup_data(election_text, trustees_text, credentials_text)
    )
    path.write_bytes(archive.header_member(TIMESTAMP) + archive.event_bytes(setup, TIMESTAMP))
    ends = [path.stat().st_size]
    last = _append_ballots(path, ends, setup, election_text, scalars)
    last = _append(path, ends, last, "EndBallots")
    with path.open("rb") as file, path.open("rb") as same, process_pool(CORES) as workers:
        tally_text, sized = Verification(file, since=same, workers=workers).run().verified().own_tally
    election = Election.parse(election_text)
    partial = decryption.partial_decryption(election, x, tally_text)
    result = decryption.compute_result(election, trustees_text, tally_text, voters, {1: partial})
    last = _append(path, ends, last, "EncryptedTally", tally_text, sized)
    last = _append(path, ends, last, "PartialDecryption", partial, decryption.owned(1, partial))
    _append(path, ends, last, "Result", result)
    return Written(path, election.uuid, x, ends)


def _append(path: Path, ends: list[int], last: archive.Event, event_type: str, *data: str) -> archive.Event:
    event = archive.next_event(last, event_type, data)
    with path.open("ab") as file:
        file.write(archive.event_bytes(event, TIMESTAMP))
        ends.append(file.tell())
    return event


def _append_ballots(
    path: Path, ends: list[int], last: archive.Event, election_text: str, scalars: Sequence[int]
) -> archive.Event:
    pieces = [scalars[start : start + AT_A_TIME] for start in range(0, len(scalars), AT_A_TIME)]
    with ProcessPoolExecutor(CORES) as pool, path.open("ab") as file:
        for texts in pool.map(_ballots, [election_text] * len(pieces), pieces):
            for text in texts:
                last = archive.next_event(last, "Ballot", (text,))
                file.write(archive.event_bytes(last, TIMESTAMP))
                ends.append(file.tell())
    return last


def _ballots(election_text: str, scalars: Sequence[int]) -> list[str]:
    election = _election(election_text)
    return [ballots.make_ballot(election, s, [[1, 0] if s % 3 else [0, 1]]) for s in scalars]


@lru_cache(maxsize=1)
def _election(text: str) -> Election:
    return Election.parse(text)
