"""Verify a whole election from its archive alone. It says everything that is wrong, and never only yes or no.

A correct archive that stops early is valid: look at the state, or require one. It is read once, event by
event, and memory grows with the list of voters, not with the ballots.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO, Self

from openballot.archive import Archive, ArchiveReader, ArchiveRefused, Event
from openballot.ballotbox import BallotBox
from openballot.canonical import NotCanonical, read, record, sha256_hex
from openballot.checks import Finding, Refused, finding
from openballot.credentials import parse_public_credentials, weights_of_checked
from openballot.decryption import (
    check_bound_proofs,
    examine_partial_decryption,
    open_tally,
    read_owned,
    read_result,
)
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.groups import product_of
from openballot.tally import Sums, read_encrypted_tally, read_sized_tally
from openballot.trustees import Trustee, parse_trustees
from openballot.workers import THIS_PROCESS, Workers

STATES = ("set_up", "open", "closed", "tallied", "decrypting", "counted")

# Called with the ballots examined so far, how many of the archive's bytes are read, and how many there are.
Progress = Callable[[int, int, int], None]

PIECE = 2**20

# Which events may follow which.
_NEXT = {
    None: ("Setup",),
    "Setup": ("Ballot", "EndBallots"),
    "Ballot": ("Ballot", "EndBallots"),
    "EndBallots": ("EncryptedTally",),
    "EncryptedTally": ("PartialDecryption", "Shuffle"),
    "Shuffle": ("Shuffle", "EndShuffles"),
    "EndShuffles": ("PartialDecryption",),
    "PartialDecryption": ("PartialDecryption", "Result"),
    "Result": (),
}
_STATE_AFTER = {
    "Setup": "set_up",
    "Ballot": "open",
    "EndBallots": "closed",
    "EncryptedTally": "tallied",
    "PartialDecryption": "decrypting",
    "Result": "counted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """*verdict* is valid, invalid or not_an_archive; *result* the array as it stands in the result object.

    *trusted* is the height up to which an earlier archive was trusted.
    """

    verdict: str
    state: str | None
    ballots: int
    result: list[Any] | None
    findings: tuple[Finding, ...]
    head: str | None = None
    trusted: int | None = None

    def as_json(self) -> dict[str, Any]:
        trusted = {} if self.trusted is None else {"trusted": self.trusted}
        return {
            "verdict": self.verdict,
            "state": self.state,
            "ballots": self.ballots,
            "result": self.result,
            "findings": [finding.as_json() for finding in self.findings],
            **trusted,
        }


@dataclass(frozen=True, slots=True)
class Setup:
    """What every later event is checked against."""

    election: Election
    trustees: list[Trustee]
    trustees_text: str
    credentials: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Out of an archive in which everything holds, what its next event is made from.

    *own_tally* and *tally* are the encrypted tally and the sized one: as computed here, as they stand there.
    """

    timestamp: int
    last: Event
    setup: Setup
    own_tally: tuple[str, str]
    tally: tuple[str, str] | None
    partials: Mapping[int, str]


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
    are the trustees' bound proofs by owner, which stand beside the archive (docs/specs/ballot.md). *since* is
    an earlier copy that was found valid: this one must continue it, and what it holds is not proven again.
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
        self._box: BallotBox | None = None
        self._tally: Sums | None = None
        self._total_weight = 0
        self.findings = self._reader.findings
        self.setup: Setup | None = None
        self.last: Event | None = None
        self.ballots = 0
        self.tally_texts: tuple[str, str] | None = None
        self.partials: dict[int, str] = {}
        self.result: list[Any] | None = None
        self.trusted: int | None = None

    def run(self) -> Self:
        """Read the archive to its end; raises FileChanged, and what the workers raise when they are lost."""
        if not self._reader.is_archive:
            return self
        steps = {
            "Setup": self._set_up,
            "Ballot": self._take_ballot,
            "EncryptedTally": self._take_tally,
            "PartialDecryption": self._take_decryption,
            "Result": self._take_result,
        }
        for height, event in enumerate(self._reader):
            self._check_order(event)
            self._compare_with_earlier(height, event)
            if event.type in steps:
                steps[event.type](event)
            self._types.add(event.type)
            self.last = event
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
                verdict="not_an_archive", state=None, ballots=0, result=None, findings=tuple(self.findings)
            )
        findings = list(self.findings)
        state = self._state()
        if proofs is not None and self.setup is not None and not findings:
            findings += self._bound_proof_findings(self.setup, proofs)
        if require is not None and (state is None or STATES.index(state) < STATES.index(require)):
            findings.append(finding("required_state", "file"))
        own_head = self.last.hash if self.last else None
        if head is not None and head != own_head:
            findings.append(finding("wrong_head", "file"))
        return Report(
            verdict="invalid" if findings else "valid",
            state=state,
            ballots=self.ballots,
            result=self.result,
            findings=tuple(findings),
            head=own_head,
            trusted=self.trusted,
        )

    def verified(self) -> Verified:
        """Return what the next step is made from; raises ArchiveRefused when anything at all is wrong."""
        own_tally = self._box.tally() if self._box else None
        if self.findings or self.setup is None or self.last is None or own_tally is None:
            raise ArchiveRefused(self.findings)
        return Verified(
            timestamp=self._reader.timestamp or 0,
            last=self.last,
            setup=self.setup,
            own_tally=own_tally,
            tally=self.tally_texts,
            partials=self.partials,
        )

    def _check_order(self, event: Event) -> None:
        where = f"event {event.height} ({event.type})"
        if event.type not in allowed_after(self.last):
            self._find("event_order", where)
        if event.type == "Shuffle":
            self._find("event_unsupported", where)

    def _compare_with_earlier(self, height: int, event: Event) -> None:
        if self._is_trusted():
            self.trusted = height
        elif self._earlier and self._earlier.differs:
            self._find("since_changed", f"event {height} ({event.type})")
            self._earlier = None

    def _is_trusted(self) -> bool:
        """Does the event just read stand in the earlier archive too?"""
        return self._earlier is not None and self._reader.position <= self._earlier.length

    def _set_up(self, event: Event) -> None:
        if "Setup" in self._types:
            return
        try:
            self.setup = _setup_of(event.data, checked=self._is_trusted())
        except Refused as refusal:
            self.findings.append(refusal.finding)
            return
        self._box = BallotBox(
            self.setup.election,
            self.setup.credentials,
            workers=self._workers,
            read_again=self._reader.text_at,
            findings=self.findings,
            progress=self._show_progress,
        )

    def _take_ballot(self, event: Event) -> None:
        self.ballots += 1
        if self._box and event.data:
            put = self._box.put_checked if self._is_trusted() else self._box.put
            put(event.data[-1], self._reader.payload_at)

    def _take_tally(self, event: Event) -> None:
        if self.setup is None or self._box is None or self.tally_texts or len(event.data) != 2:
            return
        text, sized_text = event.data
        self.tally_texts = text, sized_text
        try:
            number, self._total_weight, _ = read_sized_tally(sized_text)
            self._tally = read_encrypted_tally(self.setup.election, text)
        except Refused as refusal:
            self.findings.append(refusal.finding)
            return
        own = None if self._is_trusted() else self._box.tally()
        if own is not None:
            self._compare_tally(own, text, number)

    def _compare_tally(self, own: tuple[str, str], text: str, number: int) -> None:
        own_text, own_sized = own
        own_number, own_weight, _ = read_sized_tally(own_sized)
        if number != own_number:
            self._find("tally_number", "sized encrypted tally")
        if self._total_weight != own_weight:
            self._find("tally_weight", "sized encrypted tally")
        if text != own_text:
            self._find("tally_ciphertexts", "encrypted tally")

    def _take_decryption(self, event: Event) -> None:
        """The last readable partial decryption of each owner is kept."""
        if self.setup is None or self._tally is None or len(event.data) != 2:
            return
        where = f"event {event.height} ({event.type})"
        keys = {trustee.number: trustee.public_key for trustee in self.setup.trustees}
        text, owned_text = event.data
        try:
            owner, _ = read_owned(owned_text)
        except Refused:
            self._find("decryption_text", where)
            return
        if owner not in keys:
            self._find("decryption_owner", where)
            return
        self.findings += examine_partial_decryption(
            self.setup.election, keys[owner], self._tally, text, f"{where} of trustee {owner}"
        )
        self.partials[owner] = text

    def _take_result(self, event: Event) -> None:
        if self.setup is None or self._tally is None or "Result" in self._types or not event.data:
            return
        findings, self.result = _check_result(
            self.setup, self._tally, self.partials, self._total_weight, event.data[-1]
        )
        self.findings += findings

    def _end(self) -> None:
        if self.last is None:
            self._find("event_order", "file")
        if "Setup" not in self._types:
            self._find("setup_text", "event 0 (Setup)")
        if self._box:
            self._box.settle()
        if self._earlier and self._earlier.differs:
            self._find("since_changed", f"event {self.last.height + 1 if self.last else 0}")
        self._show_progress(self._box.examined if self._box else 0)

    def _state(self) -> str | None:
        reached = [state for event_type, state in _STATE_AFTER.items() if event_type in self._types]
        return reached[-1] if reached else None

    def _bound_proof_findings(self, setup: Setup, proofs: Mapping[int, str]) -> Iterator[Finding]:
        """Of an archive without any finding: each trustee's proofs bind the very total and factors."""
        for trustee in setup.trustees:
            where = f"bound proofs of trustee {trustee.number}"
            partial, text = self.partials.get(trustee.number), proofs.get(trustee.number)
            if self.tally_texts is None or partial is None or text is None:
                yield finding("bound_proof_missing", where)
            elif not _are_bound(setup.election, trustee, self.tally_texts[0], partial, text):
                yield finding("bound_proof", where)

    def _show_progress(self, examined: int) -> None:
        self._progress(examined, self._reader.position, self._reader.size)

    def _find(self, check: str, where: str) -> None:
        self.findings.append(finding(check, where))


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
            return _setup_of(event.data, checked=False)
    raise Refused("setup_text", "event 0 (Setup)")


def allowed_after(last: Event | None) -> tuple[str, ...]:
    """Return the types of event that may come after this one."""
    return _NEXT[last.type if last else None]


def ballot_texts(archive: Archive) -> list[str]:
    """Return the texts of all ballots, in the order of the board."""
    return [event.data[-1] for event in archive.events if event.type == "Ballot" and event.data]


def _setup_of(data: tuple[str, ...], *, checked: bool) -> Setup:
    """Read a set-up. The list of voters, the long part, is not proven again when it was *checked* before."""
    if len(data) != 4:
        raise Refused("setup_text", "event 0 (Setup)")
    election_text, trustees_text, credentials_text, payload = data
    _check_setup_text(payload)
    election = Election.parse(election_text)
    trustees = parse_trustees(election.group, trustees_text)
    combined = product_of(election.group, [trustee.public_key for trustee in trustees])
    if combined != election.public_key:
        raise Refused("election_key", "election")
    weights = (
        weights_of_checked(credentials_text)
        if checked
        else parse_public_credentials(election.group, credentials_text)
    )
    return Setup(election, trustees, trustees_text, weights)


def _check_setup_text(payload: str) -> None:
    try:
        fields = record(read(payload), "election", "trustees", "credentials")
        for name in fields:
            sha256_hex(fields[name])
    except NotCanonical as error:
        raise Refused("setup_text", "event 0 (Setup)") from error


def _are_bound(election: Election, trustee: Trustee, tally_text: str, partial: str, proofs_text: str) -> bool:
    try:
        return check_bound_proofs(election, trustee.public_key, tally_text, partial, proofs_text)
    except (NotCanonical, Refused):
        return False


def _check_result(
    setup: Setup, tally: list[list[Ciphertext]], partials: dict[int, str], total_weight: int, text: str
) -> tuple[list[Finding], list[Any] | None]:
    election = setup.election
    group = election.group
    try:
        counts = read_result(election, text)
    except Refused as refusal:
        return [refusal.finding], None
    result: list[Any] = read(text)["result"]
    if set(partials) != {trustee.number for trustee in setup.trustees}:
        return [finding("result_missing", "result")], result
    findings = _range_findings(election, counts, total_weight)
    try:
        opened = open_tally(election, tally, list(partials.values()))
    except Refused:
        # Named already, where the partial decryption was checked.
        return findings, result
    for q, (row, elements) in enumerate(zip(counts, opened, strict=True), start=1):
        for c, (count, element) in enumerate(zip(row, elements, strict=True), start=1):
            if group.power_generator(count % group.q) != element:
                findings.append(finding("result_value", f"result, question {q}, choice {c}"))
    return findings, result


def _range_findings(election: Election, counts: list[list[int]], total_weight: int) -> list[Finding]:
    """No count exceeds what was cast, and the sums respect each question's limits."""
    findings = []
    for number, (question, row) in enumerate(zip(election.questions, counts, strict=True), start=1):
        blank = row[0] if question.blank else 0
        answered = total_weight - blank
        chosen = row[question.blank :]
        fits = (
            answered >= 0
            and max(chosen) <= answered
            and question.min * answered <= sum(chosen) <= question.max * answered
        )
        if not fits:
            findings.append(finding("result_range", f"result, question {number}"))
    return findings


def _common(left: bytes, right: bytes) -> int:
    """How many bytes are the same at the beginning."""
    pairs = zip(left, right, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(left), len(right)))


def _as_file(source: bytes | BinaryIO) -> BinaryIO:
    return BytesIO(source) if isinstance(source, bytes) else source


def _silent(ballots: int, read: int, size: int) -> None:
    pass
