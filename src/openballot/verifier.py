"""Verify a whole election from its archive alone. It says everything that is wrong, and never only yes or no.

A correct archive that stops early is valid: look at the state, or require one. It is read once, event by
event, and memory grows with the list of voters, not with the ballots.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Self

from openballot.archive import Archive, ArchiveReader, ArchiveRefused, Event
from openballot.ballotbox import BallotBox
from openballot.checks import Finding, Refused, finding
from openballot.counting import Count
from openballot.decryption import read_owned
from openballot.election import Election
from openballot.setup import WHERE, Setup, setup_of
from openballot.tally import read_sized_tally
from openballot.workers import THIS_PROCESS, Workers

STATES = ("set_up", "open", "closed", "tallied", "shuffling", "shuffled", "decrypting", "counted")

# Called with the ballots examined so far, how many of the archive's bytes are read, and how many there are.
Progress = Callable[[int, int, int], None]

PIECE = 2**20

# Which events may follow which, where all answers are added up, and where some are shuffled.
_NEXT: dict[str | None, tuple[str, ...]] = {
    None: ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}
_NEXT_WITH_SHUFFLES = {
    **_NEXT,
    "EncryptedTally": ("Shuffle",),
    "Shuffle": ("Shuffle", "EndShuffles"),
    "EndShuffles": ("PartialDecryption",),
}
_STATE_AFTER = {
    "Setup": "set_up",
    "Ballot": "open",
    "EndBallots": "closed",
    "EncryptedTally": "tallied",
    "Shuffle": "shuffling",
    "EndShuffles": "shuffled",
    "PartialDecryption": "decrypting",
    "Result": "counted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """*verdict* is valid, invalid or not_an_archive; *result* the array as it stands in the result object.

    *shufflers* are the numbers of the trustees who shuffled, each once, as the board has it; *undecodable*
    the places, from 0, of each question's decrypted answers that are no votes. Warnings tell what is wrong
    with a part that the result does without; they leave the verdict as it is. *trusted* is the height up to
    which an earlier archive was trusted.
    """

    verdict: str
    state: str | None
    ballots: int
    result: list[Any] | None
    findings: tuple[Finding, ...]
    head: str | None = None
    shufflers: tuple[int, ...] = ()
    undecodable: tuple[tuple[int, ...], ...] | None = None
    warnings: tuple[Finding, ...] = ()
    trusted: int | None = None

    def as_json(self) -> dict[str, Any]:
        trusted = {} if self.trusted is None else {"trusted": self.trusted}
        return {
            "verdict": self.verdict,
            "state": self.state,
            "ballots": self.ballots,
            "result": self.result,
            "shufflers": list(self.shufflers),
            "undecodable": None if self.undecodable is None else list(map(list, self.undecodable)),
            "findings": [finding.as_json() for finding in self.findings],
            "warnings": [finding.as_json() for finding in self.warnings],
            **trusted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Out of an archive in which everything holds, what its next event is made from.

    *own_tally* and *tally* are the encrypted tally and the sized one, as computed here and as it has them;
    *tally_to_open* is the one after the last shuffle, and *shufflers* are who shuffled. *partials* are the
    owners' last partial decryptions that hold; warnings are about others.
    """

    timestamp: int
    last: Event
    setup: Setup
    own_tally: tuple[str, str]
    tally: tuple[str, str] | None
    tally_to_open: str | None
    shufflers: tuple[int, ...]
    partials: Mapping[int, str]
    warnings: tuple[Finding, ...]


def verify(
    source: bytes | BinaryIO,
    *,
    require: str | None = None,
    head: str | None = None,
    proofs: Mapping[int, str] | None = None,
    since: bytes | BinaryIO | None = None,
    workers: Workers = THIS_PROCESS,
    progress: Progress | None = None,
) -> Report:
    """Check everything an archive claims; *source* is its bytes, or a file that can be read from any place.

    *require* is a state the election must have reached, *head* the hash its last event must have. *proofs*
    are the trustees' bound proofs by owner, which stand beside the archive (docs/specs/binding-proof.md).
    *since* is an earlier copy that was found valid: this one must continue it, and what it holds is not
    proven again. *progress* is told how far it is.
    Raises FileChanged, and what *workers* raise when they are lost.
    """
    verification = Verification(source, since=since, workers=workers, progress=progress)
    return verification.run().report(require=require, head=head, proofs=proofs)


class Verification:
    """The check of one archive, event by event, each against what those before it left here."""

    def __init__(
        self,
        source: bytes | BinaryIO,
        *,
        since: bytes | BinaryIO | None = None,
        workers: Workers = THIS_PROCESS,
        progress: Progress | None = None,
    ) -> None:
        file = _as_file(source)
        self._earlier = None if since is None else _Earlier.compared(_as_file(since), file)
        self._reader = ArchiveReader(file)
        self._workers = workers
        self._progress = progress or _silent
        self._types: set[str] = set()
        self._next = _NEXT
        self._findings = self._reader.findings
        self._warnings: list[Finding] = []
        self._last: Event | None = None
        self._events = 0
        self._ballots = 0
        self._trusted: int | None = None
        self._setup: Setup | None = None
        self._box: BallotBox | None = None
        self._tally: tuple[str, str] | None = None
        self._has_tally = False
        self._tally_is_trusted = False
        self._shufflers: dict[int, None] = {}
        self._count: Count | None = None

    def run(self) -> Self:
        """Read the archive to its end; raises FileChanged, and what the workers raise when they are lost."""
        if not self._reader.is_archive:
            return self
        steps = {
            "Setup": self._set_up,
            "Ballot": self._take_ballot,
            "EncryptedTally": self._take_tally,
            "Shuffle": self._take_shuffle,
            "PartialDecryption": self._take_decryption,
            "Result": self._take_result,
        }
        for event in self._reader:
            self._check_order(event)
            self._compare_with_earlier(event)
            if event.type in steps:
                steps[event.type](event)
            self._types.add(event.type)
            self._last = event
            self._events += 1
        self._end()
        return self

    def report(
        self,
        *,
        require: str | None = None,
        head: str | None = None,
        proofs: Mapping[int, str] | None = None,
    ) -> Report:
        """Say what was found, and hold it against what is asked for."""
        if not self._reader.is_archive:
            return Report(
                verdict="not_an_archive",
                state=None,
                ballots=0,
                result=None,
                findings=tuple(self._findings.in_order()),
            )
        findings, warnings, count = self._findings.in_order(), list(self._warnings), self._count
        state = self._state()
        if proofs is not None and not findings:
            proof_findings, proof_warnings = self._proof_faults(proofs)
            findings += proof_findings
            warnings += proof_warnings
        if require is not None and (state is None or STATES.index(state) < STATES.index(require)):
            findings.append(finding("required_state", "file"))
        own_head = self._last.hash if self._last else None
        if head is not None and head != own_head:
            findings.append(finding("wrong_head", "file"))
        return Report(
            verdict="invalid" if findings else "valid",
            state=state,
            ballots=self._ballots,
            result=count.result if count else None,
            findings=tuple(findings),
            head=own_head,
            shufflers=tuple(self._shufflers),
            undecodable=count.undecodable if count else None,
            warnings=tuple(warnings),
            trusted=self._trusted,
        )

    def verified(self) -> Verified:
        """Return what the next step is made from; raises ArchiveRefused when anything at all is wrong."""
        own_tally = self._box.tally() if self._box else None
        if self._findings or self._setup is None or self._last is None or own_tally is None:
            raise ArchiveRefused(self._findings.in_order())
        return Verified(
            timestamp=self._reader.timestamp or 0,
            last=self._last,
            setup=self._setup,
            own_tally=own_tally,
            tally=self._tally,
            tally_to_open=self._count.tally_to_open if self._count else None,
            shufflers=tuple(self._shufflers),
            partials=self._count.good if self._count else {},
            warnings=tuple(self._warnings),
        )

    def _proof_faults(self, proofs: Mapping[int, str]) -> tuple[list[Finding], list[Finding]]:
        """Findings and warnings. Before there is a tally there is nothing that proofs could be of."""
        if self._count is not None:
            return self._count.bound_proof_faults(proofs)
        trustees = self._setup.trustees if self._setup else ()
        where = [f"bound proofs of trustee {trustee.number}" for trustee in trustees]
        return [finding("bound_proof_missing", each) for each in where], []

    def _check_order(self, event: Event) -> None:
        if event.type not in self._next.get(self._last.type if self._last else None, ()):
            self._findings.find("order", "event_order", f"event {event.height} ({event.type})")

    def _compare_with_earlier(self, event: Event) -> None:
        if self._is_trusted():
            self._trusted = self._events
        elif self._earlier and self._earlier.differs:
            self._findings.find("earlier", "since_changed", f"event {self._events} ({event.type})")
            self._earlier = None

    def _is_trusted(self) -> bool:
        """Does the event just read stand in the earlier archive too?"""
        return self._earlier is not None and self._reader.position <= self._earlier.length

    def _set_up(self, event: Event) -> None:
        if "Setup" in self._types:
            return
        self._next = _next_after(event)
        try:
            self._setup = setup_of(event.data, checked=self._is_trusted())
        except Refused as refusal:
            self._findings.add("setup", [refusal.finding])
            return
        self._box = BallotBox(
            self._setup.election,
            self._setup.credentials,
            workers=self._workers,
            read_again=self._reader.text_at,
            findings=self._findings,
            progress=self._show_progress,
        )

    def _take_ballot(self, event: Event) -> None:
        self._ballots += 1
        if self._box and event.data:
            put = self._box.put_checked if self._is_trusted() else self._box.put
            put(event.data[-1], self._reader.payload_at)

    def _take_tally(self, event: Event) -> None:
        """Of several the first counts."""
        if self._setup is None or self._has_tally:
            return
        self._has_tally = True
        if len(event.data) != 2:
            return
        text, sized = self._tally = event.data[0], event.data[1]
        try:
            _, total_weight, _ = read_sized_tally(sized)
            self._count = Count(self._setup, text, total_weight, self._findings, self._warnings)
        except Refused as refusal:
            self._findings.add("tally", [refusal.finding])
        self._tally_is_trusted = self._is_trusted()

    def _compare_tally(self, held: tuple[str, str], own: tuple[str, str]) -> None:
        number, total_weight, _ = read_sized_tally(held[1])
        own_number, own_weight, _ = read_sized_tally(own[1])
        if number != own_number:
            self._findings.find("tally", "tally_number", "sized encrypted tally")
        if total_weight != own_weight:
            self._findings.find("tally", "tally_weight", "sized encrypted tally")
        if held[0] != own[0]:
            self._findings.find("tally", "tally_ciphertexts", "encrypted tally")

    def _take_shuffle(self, event: Event) -> None:
        with suppress(Refused, IndexError):
            owner, _ = read_owned(event.data[-1])
            self._shufflers.setdefault(owner)
        if self._count:
            self._count.take_shuffle(event)

    def _take_decryption(self, event: Event) -> None:
        if self._count:
            self._count.take_decryption(event)

    def _take_result(self, event: Event) -> None:
        if self._count:
            self._count.take_result(event)

    def _end(self) -> None:
        if self._last is None:
            self._findings.find("order", "event_order", "file")
        if "Setup" not in self._types:
            self._findings.find("setup", "setup_text", WHERE)
        if self._box:
            self._box.settle()
            own = self._box.tally() if self._count and not self._tally_is_trusted else None
            if self._tally and own:
                self._compare_tally(self._tally, own)
        if self._count:
            self._count.judge_decryptions()
        if self._earlier and self._earlier.differs:
            self._findings.find("earlier", "since_changed", f"event {self._events}")
        self._show_progress(self._box.examined if self._box else 0)

    def _state(self) -> str | None:
        reached = [state for event_type, state in _STATE_AFTER.items() if event_type in self._types]
        return reached[-1] if reached else None

    def _show_progress(self, examined: int) -> None:
        self._progress(examined, self._reader.position, self._reader.size)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """How many bytes an archive has in common with an earlier one, and whether it then differs from it."""

    length: int
    differs: bool

    @classmethod
    def compared(cls, old: BinaryIO, new: BinaryIO) -> Self:
        length = 0
        old.seek(0)
        new.seek(0)
        while True:
            held, now = old.read(PIECE), new.read(PIECE)
            if not held or held != now[: len(held)]:
                return cls(length + _common(held, now), differs=bool(held))
            length += len(held)


def read_setup(archive: Archive) -> Setup:
    """Read and check election, trustees and credentials; raises Refused for the first thing that fails."""
    for event in archive.events:
        if event.type == "Setup":
            return setup_of(event.data)
    raise Refused("setup_text", WHERE)


def allowed_next(held: Archive | Verified) -> tuple[str, ...]:
    """Return the types of event that may come next."""
    if isinstance(held, Verified):
        following = _NEXT_WITH_SHUFFLES if held.setup.election.is_shuffled else _NEXT
    else:
        setups = [event for event in held.events if event.type == "Setup"]
        following = _next_after(setups[0]) if setups else _NEXT
    return following.get(held.last.type if held.last else None, ())


def tally_to_open(archive: Archive) -> str:
    """Return the encrypted tally that trustees decrypt, its answers in the order of the last shuffle.

    Raises Refused for an archive that has not come so far.
    """
    election = read_setup(archive).election
    tallies = [event.data[0] for event in archive.events if event.type == "EncryptedTally"]
    if not tallies:
        raise Refused("event_order", "file")
    text = tallies[0]
    for shuffle_text in [event.data[0] for event in archive.events if event.type == "Shuffle"]:
        from openballot.shuffle import shuffled_tally  # most elections have none

        text = shuffled_tally(election, text, shuffle_text)
    return text


def _next_after(setup: Event) -> dict[str | None, tuple[str, ...]]:
    """An election that cannot be read has other findings: its order is held to what more elections have."""
    try:
        shuffled = bool(setup.data) and Election.parse(setup.data[0]).is_shuffled
    except Refused:
        shuffled = False
    return _NEXT_WITH_SHUFFLES if shuffled else _NEXT


def ballot_texts(archive: Archive) -> list[str]:
    """Return the texts of all ballots, in the order of the board."""
    return [event.data[-1] for event in archive.events if event.type == "Ballot" and event.data]


def _common(left: bytes, right: bytes) -> int:
    """How many bytes are the same at the beginning."""
    pairs = zip(left, right, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _as_file(source: bytes | BinaryIO) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def _silent(ballots: int, read: int, size: int) -> None:
    pass
