"""From the encrypted tally to the result: what the trustees did with it, as an archive has it.

The trap is a bad part that the result does without. That is a warning and no finding, and which of the two it
is shows only when all parts are there.
"""

from collections.abc import Collection, Mapping
from typing import Any

from openballot.archive import Event
from openballot.canonical import NotCanonical, read
from openballot.checks import Finding, Refused, finding
from openballot.decryption import (
    Factors,
    are_enough,
    check_bound_proofs,
    examine_partial_decryption,
    open_tally,
    read_owned,
    read_result,
)
from openballot.election import Election
from openballot.findings import Findings
from openballot.setup import Setup
from openballot.tally import Rows, compose_encrypted_tally, read_encrypted_tally
from openballot.trustees import Quorum, Trustee


class Count:
    """The count of one election, event by event.

    *findings* and *warnings* grow with what is wrong. *good* are the texts of the owners' last partial
    decryptions that hold. *result* and *undecodable* are those of the report.
    """

    def __init__(
        self,
        setup: Setup,
        encrypted_tally: str,
        total_weight: int,
        findings: Findings,
        warnings: list[Finding],
    ) -> None:
        """Raises Refused when the encrypted tally cannot be read."""
        self._has_result = False
        self.result: list[Any] | None = None
        self.undecodable: tuple[tuple[int, ...], ...] | None = None
        self._setup = setup
        self._tally: Rows | None = read_encrypted_tally(setup.election, encrypted_tally)
        self._total_weight = total_weight
        self._findings = findings
        self._warnings = warnings
        self._texts: dict[int, str] = {}
        self._factors: dict[int, Factors | None] = {}
        self._faults: dict[int, list[Finding]] = {}

    @property
    def tally_to_open(self) -> str | None:
        """The encrypted tally that trustees decrypt, its answers in the order of the last shuffle."""
        return None if self._tally is None else compose_encrypted_tally(self._setup.election, self._tally)

    @property
    def good(self) -> dict[int, str]:
        return {owner: self._texts[owner] for owner, factors in self._factors.items() if factors is not None}

    def take_shuffle(self, event: Event) -> None:
        """Check a shuffle; without one that can be read nothing after it can be checked."""
        if self._tally is None:
            return
        where = f"event {event.height} ({event.type})"
        try:
            text, owned_text = event.data
            owner, _ = read_owned(owned_text)
        except ValueError:
            self._findings.find("shuffles", "shuffle_text", where)
            self._tally = None
            return
        if not 1 <= owner <= len(self._setup.trustees):
            self._findings.find("shuffles", "shuffle_owner", where)
        from openballot.shuffle import examine_shuffle  # most elections have none

        self._tally, faults = examine_shuffle(self._setup.election, self._tally, text, where)
        self._findings.add("shuffles", faults)

    def take_decryption(self, event: Event) -> None:
        """Check a partial decryption; of two by one owner the last counts."""
        if self._tally is None or len(event.data) != 2:
            return
        where = f"event {event.height} ({event.type})"
        text, owned_text = event.data
        try:
            owner, _ = read_owned(owned_text)
        except Refused:
            self._findings.find("decryptions", "decryption_text", where)
            return
        if not 1 <= owner <= len(self._setup.trustees):
            self._findings.find("decryptions", "decryption_owner", where)
            return
        key = self._setup.trustees[owner - 1].public_key
        self._texts[owner] = text
        self._factors[owner], faults = examine_partial_decryption(
            self._setup.election, key, self._tally, text, f"{where} of trustee {owner}"
        )
        self._faults.setdefault(owner, []).extend(faults)

    def take_result(self, event: Event) -> None:
        """Check the result against what was decrypted; of several the first counts."""
        if self._tally is None or self._has_result:
            return
        self._has_result = True
        if not event.data:
            return
        text = event.data[-1]
        try:
            counts = read_result(self._setup.election, text)
        except Refused as refusal:
            self._findings.add("result", [refusal.finding])
            return
        self.result = read(text)["result"]
        factors = {owner: held for owner, held in self._factors.items() if held is not None}
        if not are_enough(self._setup.trustees, factors):
            self._findings.find("result", "result_missing", "result")
            return
        election = self._setup.election
        opened = open_tally(election, self._setup.trustees, self._tally, factors)
        places = [f"result, question {number}" for number in range(1, len(counts) + 1)]
        for question, row, where in zip(election.questions, counts, places, strict=True):
            self._findings.add("result", question.range_findings(row, self._total_weight, where))
        for question, row, elements, where in zip(election.questions, counts, opened, places, strict=True):
            self._findings.add("result", question.value_findings(election.group, row, elements, where))
        self.undecodable = tuple(
            tuple(question.undecodable(election.group, elements))
            for question, elements in zip(election.questions, opened, strict=True)
        )

    def judge_decryptions(self) -> None:
        """At the end, say what is wrong with them: findings, or warnings where enough are left."""
        bad = {owner for owner, factors in self._factors.items() if factors is None}
        spared = self._dispensable(bad)
        for owner, faults in self._faults.items():
            if owner in spared:
                self._warnings += faults
            else:
                self._findings.add("decryptions", faults)

    def bound_proof_faults(self, proofs: Mapping[int, str]) -> tuple[list[Finding], list[Finding]]:
        """Hold the trustees' proofs beside the archive against the very total and factors; see ballot.md.

        Returns findings, and warnings about whom the result does without.
        """
        faults: dict[int, Finding] = {}
        tally_text = self.tally_to_open
        for trustee in self._setup.trustees:
            where = f"bound proofs of trustee {trustee.number}"
            partial, text = self._texts.get(trustee.number), proofs.get(trustee.number)
            if tally_text is None or partial is None or text is None:
                faults[trustee.number] = finding("bound_proof_missing", where)
            elif not _are_bound(self._setup.election, trustee, tally_text, partial, text):
                faults[trustee.number] = finding("bound_proof", where)
        spared = self._dispensable(faults)
        findings = [fault for owner, fault in faults.items() if owner not in spared]
        # Who was not needed and handed nothing in owes no proof.
        return findings, [fault for owner, fault in faults.items() if owner in spared & self._texts.keys()]

    def _dispensable(self, bad: Collection[int]) -> set[int]:
        """Return the owners in whose groups enough are left without the bad ones."""
        return {owner for quorum in self._setup.trustees.quorums for owner in _spared_by(quorum, bad)}


def _are_bound(election: Election, trustee: Trustee, tally_text: str, partial: str, proofs_text: str) -> bool:
    try:
        return check_bound_proofs(election, trustee.public_key, tally_text, partial, proofs_text)
    except (NotCanonical, Refused):
        return False


def _spared_by(quorum: Quorum, bad: Collection[int]) -> list[int]:
    owners = [trustee.number for trustee in quorum.trustees]
    left = [owner for owner in owners if owner not in bad]
    return owners if len(left) >= quorum.threshold else []
