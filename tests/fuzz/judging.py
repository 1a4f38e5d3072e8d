"""Whether the verifier's answer to a mutant is right, by the keys of the election that it was made of."""

from collections.abc import Collection
from dataclasses import replace
from functools import cache
from itertools import takewhile

from fuzz.openly import Meaning, Reading, demand, steps_of
from fuzz.seeds import Seed
from openballot.archive import event_bytes, header_member, read_archive
from openballot.verifier import Report, verify


def hold(data: bytes, report: Report, seed: Seed, authored: Collection[str], *, keyed: bool) -> None:
    """An accepted mutant says what its keys say; and nothing else than its seed, unless it is *keyed*.

    What no key stands for may differ: how far the archive goes, when it was written, names of trustees, who
    is listed without having voted, and the order of papers. Its head tells all that apart.
    """
    if report.verdict != "valid":
        return
    reading = Reading(data, seed.keys, authored, warned=bool(report.warnings))
    found, before = reading.meaning(), meaning_of(seed)
    demand(report.result is None or found.result == reading.written_result(report.result), "reported result")
    if keyed:
        return
    if found.papers:
        demand(found.election == before.election, "another election")
    if any(step.type == "PartialDecryption" for step in reading.steps):
        demand((found.election, found.papers) == (before.election, before.papers), "other papers")
        demand(found.result in (None, before.result), "another result")


def hold_since(data: bytes, report: Report, seed: Seed) -> None:
    """Verified since an earlier copy, an archive gets the same answer, or has changed what the copy holds.

    Since a copy that was never valid it gets any answer.
    """
    verify(data, since=data)
    earlier = while_open(seed)
    again = verify(data, since=earlier)
    if not data.startswith(earlier):
        demand(again.verdict != "valid", "changed, and accepted")
        return
    demand(replace(again, trusted=None) == report, "answered otherwise since an earlier copy")


@cache
def while_open(seed: Seed) -> bytes:
    """The seed's board before the end of voting."""
    board = read_archive(seed.data)
    events = takewhile(lambda event: event.type in ("Setup", "Ballot"), board.events)
    return header_member(board.timestamp) + b"".join(event_bytes(event, board.timestamp) for event in events)


@cache
def papers_of(seed: Seed) -> frozenset[str]:
    """The papers that the seed's voters signed."""
    return frozenset(step.texts[0] for step in steps_of(seed.data) if step.type == "Ballot")


@cache
def meaning_of(seed: Seed) -> Meaning:
    return Reading(seed.data, seed.keys, papers_of(seed)).meaning()
