"""Verify a whole election from its archive alone. It says everything that is wrong, and never only yes or no.

A correct archive that stops early is valid: look at the state, or require one.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from openballot.archive import Archive, Event, examine_archive
from openballot.ballots import Ballot, BallotChecker
from openballot.canonical import NotCanonical, read, record, sha256_hex
from openballot.checks import Finding, Refused, finding
from openballot.credentials import parse_public_credentials
from openballot.decryption import (
    Factors,
    are_enough,
    check_bound_proofs,
    examine_partial_decryption,
    open_tally,
    read_owned,
    read_result,
)
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.shuffle import examine_shuffle, shuffled_tally
from openballot.tally import read_encrypted_tally, read_sized_tally, tally_of
from openballot.trustees import Quorum, Trustee, Trustees, parse_trustees

STATES = ("set_up", "open", "closed", "tallied", "shuffling", "shuffled", "decrypting", "counted")

Progress = Callable[[int, int], None]

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
    with a part that the result does without; they leave the verdict as it is.
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

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "state": self.state,
            "ballots": self.ballots,
            "result": self.result,
            "shufflers": list(self.shufflers),
            "undecodable": None if self.undecodable is None else list(map(list, self.undecodable)),
            "findings": [finding.as_json() for finding in self.findings],
            "warnings": [finding.as_json() for finding in self.warnings],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What stands at an election's end, as far as it has come."""

    result: list[Any] | None = None
    undecodable: tuple[tuple[int, ...], ...] | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What every later event is checked against."""

    election: Election
    trustees: Trustees
    trustees_text: str
    credentials: dict[str, int]


def verify(
    data: bytes,
    *,
    require: str | None = None,
    head: str | None = None,
    proofs: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check everything an archive claims.

    *require* is a state the election must have reached, *head* the hash its last event must have. *proofs*
    are the trustees' bound proofs by owner, which stand beside the archive (docs/specs/binding-proof.md).
    *progress* is called with the number of ballots checked so far and the number there are.
    """
    archive, findings = examine_archive(data)
    if archive is None:
        return Report(verdict="not_an_archive", state=None, ballots=0, result=None, findings=tuple(findings))
    findings += _order_findings(archive)
    state = _state(archive)
    election_findings, warnings, outcome = _election_findings(archive, progress or _silent)
    findings += election_findings
    if proofs is not None and not findings:
        proof_findings, proof_warnings = _bound_proof_findings(archive, proofs)
        findings += proof_findings
        warnings += proof_warnings
    if require is not None and (state is None or STATES.index(state) < STATES.index(require)):
        findings.append(finding("required_state", "file"))
    if head is not None and head != archive.head:
        findings.append(finding("wrong_head", "file"))
    return Report(
        verdict="invalid" if findings else "valid",
        state=state,
        ballots=len(_of_type(archive, "Ballot")),
        result=outcome.result,
        findings=tuple(findings),
        head=archive.head,
        shufflers=shufflers(archive),
        undecodable=outcome.undecodable,
        warnings=tuple(warnings),
    )


def read_setup(archive: Archive) -> Setup:
    """Read and check election, trustees and credentials; raises Refused for the first thing that fails."""
    setups = _of_type(archive, "Setup")
    if not setups or len(setups[0].data) != 4:
        raise Refused("setup_text", "event 0 (Setup)")
    election_text, trustees_text, credentials_text, payload = setups[0].data
    _check_setup_text(payload)
    election = Election.parse(election_text)
    trustees = parse_trustees(election.group, trustees_text)
    if trustees.public_key(election.group) != election.public_key:
        raise Refused("election_key", "election")
    credentials = parse_public_credentials(election.group, credentials_text)
    _refuse_weights(election, credentials)
    return Setup(election, trustees, trustees_text, credentials)


def _refuse_weights(election: Election, credentials: Mapping[str, int]) -> None:
    """An answer that is decrypted by itself cannot count twice, nor half."""
    if not any(question.is_shuffled for question in election.questions):
        return
    for number, weight in enumerate(credentials.values(), start=1):
        if weight != 1:
            raise Refused("credential_weight", f"credential {number}")


def allowed_next(archive: Archive) -> tuple[str, ...]:
    """Return the types of event that may come next."""
    return _next_of(archive)[archive.events[-1].type if archive.events else None]


def ballot_texts(archive: Archive) -> list[str]:
    """Return the texts of all ballots, in the order of the board."""
    return [event.data[-1] for event in _of_type(archive, "Ballot") if event.data]


def shufflers(archive: Archive) -> tuple[int, ...]:
    """Return the numbers of the trustees who shuffled, each once, as the board has it."""
    numbers: list[int] = []
    for event in _of_type(archive, "Shuffle"):
        with suppress(Refused, IndexError):
            numbers.append(read_owned(event.data[-1])[0])
    return tuple(dict.fromkeys(numbers))


def tally_to_open(archive: Archive) -> str:
    """Return the encrypted tally that trustees decrypt, its answers in the order of the last shuffle.

    Raises Refused for an archive that has not come so far.
    """
    election = read_setup(archive).election
    tallies = _data_of(archive, "EncryptedTally")
    if not tallies:
        raise Refused("event_order", "file")
    text = tallies[0][0]
    for shuffle_text, _owned in _data_of(archive, "Shuffle"):
        text = shuffled_tally(election, text, shuffle_text)
    return text


def _next_of(archive: Archive) -> dict[str | None, tuple[str, ...]]:
    """An election that cannot be read has other findings: its order is held to what more elections have."""
    setups = _data_of(archive, "Setup")
    try:
        questions = Election.parse(setups[0][0]).questions if setups and setups[0] else ()
    except Refused:
        questions = ()
    return _NEXT_WITH_SHUFFLES if any(question.is_shuffled for question in questions) else _NEXT


def _order_findings(archive: Archive) -> Iterator[Finding]:
    allowed = _next_of(archive)
    previous: str | None = None
    for event in archive.events:
        if event.type not in allowed.get(previous, ()):
            yield finding("event_order", f"event {event.height} ({event.type})")
        previous = event.type
    if previous is None:
        yield finding("event_order", "file")


def _state(archive: Archive) -> str | None:
    types = {event.type for event in archive.events}
    reached = [state for event_type, state in _STATE_AFTER.items() if event_type in types]
    return reached[-1] if reached else None


def _election_findings(archive: Archive, progress: Progress) -> tuple[list[Finding], list[Finding], Outcome]:
    """Return findings, warnings and the outcome."""
    try:
        setup = read_setup(archive)
    except Refused as refusal:
        return [refusal.finding], [], Outcome()
    ballots, findings = _check_ballots(archive, setup, progress)
    tallies = _of_type(archive, "EncryptedTally")
    if not tallies or len(tallies[0].data) != 2:
        return findings, [], Outcome()
    tally_text, sized_text = tallies[0].data
    try:
        number, total_weight, _ = read_sized_tally(sized_text)
        tally = read_encrypted_tally(setup.election, tally_text)
    except Refused as refusal:
        return [*findings, refusal.finding], [], Outcome()
    if ballots is not None:
        findings += _tally_findings(setup, ballots, tally_text, number, total_weight)
    shuffled, shuffle_findings = _check_shuffles(archive, setup, tally)
    findings += shuffle_findings
    if shuffled is None:
        return findings, [], Outcome()
    factors, decryption_findings, warnings = _check_decryptions(archive, setup, shuffled)
    findings += decryption_findings
    results = _of_type(archive, "Result")
    if not results or not results[0].data:
        return findings, warnings, Outcome()
    result_findings, outcome = _check_result(setup, shuffled, factors, total_weight, results[0].data[-1])
    return findings + result_findings, warnings, outcome


def _check_setup_text(payload: str) -> None:
    try:
        fields = record(read(payload), "election", "trustees", "credentials")
        for name in fields:
            sha256_hex(fields[name])
    except NotCanonical as error:
        raise Refused("setup_text", "event 0 (Setup)") from error


def _check_ballots(
    archive: Archive, setup: Setup, progress: Progress
) -> tuple[list[Ballot] | None, list[Finding]]:
    """Return the ballots, or None when one of them cannot be read, so that no tally can be compared."""
    checker = BallotChecker(setup.election, setup.credentials)
    texts = ballot_texts(archive)
    findings: list[Finding] = []
    ballots: list[Ballot] = []
    seen: set[str] = set()
    for number, text in enumerate(texts, start=1):
        ballot, ballot_findings = checker.examine(text)
        findings += ballot_findings
        if ballot is not None:
            if ballot.tracker in seen:
                findings.append(finding("ballot_repeated", f"ballot {ballot.tracker}"))
            seen.add(ballot.tracker)
            ballots.append(ballot)
        progress(number, len(texts))
    return (ballots if len(ballots) == len(texts) else None), findings


def _tally_findings(
    setup: Setup, ballots: list[Ballot], tally_text: str, number: int, total_weight: int
) -> Iterator[Finding]:
    own_text, own_sized = tally_of(setup.election, ballots)
    own_number, own_weight, _ = read_sized_tally(own_sized)
    if number != own_number:
        yield finding("tally_number", "sized encrypted tally")
    if total_weight != own_weight:
        yield finding("tally_weight", "sized encrypted tally")
    if tally_text != own_text:
        yield finding("tally_ciphertexts", "encrypted tally")


def _check_shuffles(
    archive: Archive, setup: Setup, tally: list[list[Ciphertext]]
) -> tuple[list[list[Ciphertext]] | None, list[Finding]]:
    """Return the tally after the last shuffle, or None when one cannot be read."""
    findings: list[Finding] = []
    numbers = {trustee.number for trustee in setup.trustees}
    for event in _of_type(archive, "Shuffle"):
        where = f"event {event.height} ({event.type})"
        try:
            text, owned_text = event.data
            owner, _ = read_owned(owned_text)
        except ValueError:
            return None, [*findings, finding("shuffle_text", where)]
        if owner not in numbers:
            findings.append(finding("shuffle_owner", where))
        shuffled, shuffle_findings = examine_shuffle(setup.election, tally, text, where)
        findings += shuffle_findings
        if shuffled is None:
            return None, findings
        tally = shuffled
    return tally, findings


def _check_decryptions(
    archive: Archive, setup: Setup, tally: list[list[Ciphertext]]
) -> tuple[dict[int, Factors], list[Finding], list[Finding]]:
    """Return the factors of every owner whose last partial decryption holds, findings, and warnings."""
    findings: list[Finding] = []
    faults: dict[int, list[Finding]] = {}
    last: dict[int, Factors | None] = {}
    for event in _of_type(archive, "PartialDecryption"):
        where = f"event {event.height} ({event.type})"
        if len(event.data) != 2:
            continue
        text, owned_text = event.data
        try:
            owner, _ = read_owned(owned_text)
        except Refused:
            findings.append(finding("decryption_text", where))
            continue
        if not 1 <= owner <= len(setup.trustees):
            findings.append(finding("decryption_owner", where))
            continue
        key = setup.trustees[owner - 1].public_key
        last[owner], found = examine_partial_decryption(
            setup.election, key, tally, text, f"{where} of trustee {owner}"
        )
        faults.setdefault(owner, []).extend(found)
    bad = {owner for owner, factors in last.items() if factors is None}
    dispensable = {owner for quorum in setup.trustees.quorums for owner in _dispensable(quorum, bad)}
    warnings = [fault for owner in faults if owner in dispensable for fault in faults[owner]]
    findings += [fault for owner in faults if owner not in dispensable for fault in faults[owner]]
    return {owner: factors for owner, factors in last.items() if factors is not None}, findings, warnings


def _dispensable(quorum: Quorum, bad: Collection[int]) -> list[int]:
    """Return the owners of a quorum, when enough are left without the bad ones; else none."""
    owners = [trustee.number for trustee in quorum.trustees]
    left = [owner for owner in owners if owner not in bad]
    return owners if len(left) >= quorum.threshold else []


def _bound_proof_findings(archive: Archive, proofs: Mapping[int, str]) -> tuple[list[Finding], list[Finding]]:
    """Of an archive without any other finding: enough trustees' proofs bind the very total and factors."""
    setup = read_setup(archive)
    tally_text = tally_to_open(archive) if _of_type(archive, "EncryptedTally") else None
    partials = {read_owned(owned)[0]: text for text, owned in _data_of(archive, "PartialDecryption")}
    faults: dict[int, Finding] = {}
    for trustee in setup.trustees:
        where = f"bound proofs of trustee {trustee.number}"
        partial, text = partials.get(trustee.number), proofs.get(trustee.number)
        if tally_text is None or partial is None or text is None:
            faults[trustee.number] = finding("bound_proof_missing", where)
        elif not _are_bound(setup.election, trustee, tally_text, partial, text):
            faults[trustee.number] = finding("bound_proof", where)
    dispensable = {owner for quorum in setup.trustees.quorums for owner in _dispensable(quorum, faults)}
    findings = [fault for owner, fault in faults.items() if owner not in dispensable]
    # Who was not needed and handed nothing in owes no proof.
    return findings, [fault for owner, fault in faults.items() if owner in dispensable & partials.keys()]


def _are_bound(election: Election, trustee: Trustee, tally_text: str, partial: str, proofs_text: str) -> bool:
    try:
        return check_bound_proofs(election, trustee.public_key, tally_text, partial, proofs_text)
    except (NotCanonical, Refused):
        return False


def _check_result(
    setup: Setup, tally: list[list[Ciphertext]], factors: dict[int, Factors], total_weight: int, text: str
) -> tuple[list[Finding], Outcome]:
    election = setup.election
    try:
        counts = read_result(election, text)
    except Refused as refusal:
        return [refusal.finding], Outcome()
    result: list[Any] = read(text)["result"]
    if not are_enough(setup.trustees, factors):
        return [finding("result_missing", "result")], Outcome(result=result)
    opened = open_tally(election, setup.trustees, tally, factors)
    places = [f"result, question {number}" for number in range(1, len(counts) + 1)]
    findings = []
    for question, row, where in zip(election.questions, counts, places, strict=True):
        findings += question.range_findings(row, total_weight, where)
    for question, row, elements, where in zip(election.questions, counts, opened, places, strict=True):
        findings += question.value_findings(election.group, row, elements, where)
    undecodable = tuple(
        tuple(question.undecodable(election.group, elements))
        for question, elements in zip(election.questions, opened, strict=True)
    )
    return findings, Outcome(result=result, undecodable=undecodable)


def _data_of(archive: Archive, event_type: str) -> list[tuple[str, ...]]:
    return [event.data for event in _of_type(archive, event_type)]


def _of_type(archive: Archive, event_type: str) -> list[Event]:
    return [event for event in archive.events if event.type == event_type]


def _silent(done: int, total: int) -> None:
    pass
