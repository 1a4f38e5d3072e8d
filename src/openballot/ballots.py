"""Ballot papers: made with a credential's secret, and checked completely before anything is done with them.

The trap: a ballot is its exact text. One that says the same in other characters is refused.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from openballot import schnorr
from openballot.canonical import NotCanonical, array, compact, hash_base64, read, record, string
from openballot.checks import Finding, Refused, finding
from openballot.disjunction import VerifyingKey
from openballot.election import Election
from openballot.groups import Element, RandomBytes
from openballot.questions import Context, ImpossibleAnswer
from openballot.questions.base import elements_of
from openballot.questions.texts import read_proof
from openballot.schnorr import Proof

_FIELDS = ("election_uuid", "election_hash", "credential", "answers", "signature")


class BallotRefused(Refused):
    """A ballot fails a check; nothing may be stored."""


class Sealed(NamedTuple):
    """What a tally takes of a ballot: each answer's alpha, beta, alpha, beta, …, and with which weight."""

    credential: str
    weight: int
    answers: tuple[Sequence[Element], ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot paper as read, an answer to each question; *tracker* is what its owner finds it by."""

    credential: str
    tracker: str
    weight: int
    signed_hash: str
    signature_hash: str
    signature: Proof
    answers: tuple[Any, ...]

    def sealed(self) -> Sealed:
        return Sealed(self.credential, self.weight, tuple(map(elements_of, self.answers)))


def ballot_hash(text: str) -> str:
    """The ballot's tracking number: Base64 without padding of the SHA-256 of its text."""
    return hash_base64(text)


def claimed_credential(text: str) -> str:
    """Find the credential of a ballot without reading it.

    In a text that is exact and for this election it stands in this place; any other is refused before its
    credential matters.
    """
    parts = text.split('"', 12)
    return parts[11] if len(parts) > 11 else ""


def make_ballot(
    election: Election, s: int, answers: Sequence[Any], randbytes: RandomBytes = secrets.token_bytes
) -> str:
    """Encrypt *answers*, each of the form its question asks for, and sign with the secret *s*.

    Raises ImpossibleAnswer.
    """
    group = election.group
    if len(answers) != len(election.questions):
        raise ImpossibleAnswer(f"There are {len(election.questions)} questions to answer.")
    credential = group.text(group.secret_power_generator(s))
    context = _context(election, credential)
    unsigned = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential,
        "answers": [
            question.encrypt(context, answer, randbytes)
            for question, answer in zip(election.questions, answers, strict=True)
        ],
    }
    signed_hash = hash_base64(compact(unsigned))
    signature = schnorr.prove(group, s, lambda a: f"sig|{signed_hash}|{a}", randbytes)
    return compact({**unsigned, "signature": {"hash": signed_hash, "proof": signature.as_json()}})


def read_ballot(election: Election, credentials: Mapping[str, int], text: str) -> Ballot:
    """Read a ballot's exact text and its claims, proving nothing; raises BallotRefused."""
    try:
        tracker = ballot_hash(text)
    except UnicodeEncodeError as error:
        # Half of a pair of surrogates is no character: such a text has no bytes, and no hash.
        raise BallotRefused("ballot_text", "ballot") from error
    where = f"ballot {tracker}"
    group = election.group
    try:
        fields = record(read(text), *_FIELDS)
        uuid, fingerprint = string(fields["election_uuid"]), string(fields["election_hash"])
        credential = string(fields["credential"])
        signature = record(fields["signature"], "hash", "proof")
        signature_hash = string(signature["hash"])
    except NotCanonical as error:
        raise BallotRefused("ballot_text", where) from error
    if (uuid, fingerprint) != (election.uuid, election.fingerprint):
        raise BallotRefused("ballot_election", where)
    if credential not in credentials:
        raise BallotRefused("ballot_credential", where)
    try:
        values = array(fields["answers"], length=len(election.questions))
        answers = tuple(
            question.read_answer(group, value, f"{where}, question {number}")
            for number, (question, value) in enumerate(zip(election.questions, values, strict=True), start=1)
        )
        proof = read_proof(group, signature["proof"], f"{where}, signature")
    except NotCanonical as error:
        raise BallotRefused("ballot_text", where) from error
    except Refused as error:
        raise BallotRefused(error.check, error.object) from error
    return Ballot(
        credential=credential,
        tracker=tracker,
        weight=credentials[credential],
        signed_hash=hash_base64(text[: text.rindex(',"signature"')] + "}"),
        signature_hash=signature_hash,
        signature=proof,
        answers=answers,
    )


class BallotChecker:
    """Checks the ballots of one election, with the tables for its key made once."""

    def __init__(self, election: Election, credentials: Mapping[str, int]) -> None:
        self.election = election
        self.credentials = credentials
        group = election.group
        self._key = VerifyingKey(group, group.power_generator, group.fixed_base(election.public_key))

    def among(self, credentials: Mapping[str, int]) -> Self:
        """Return a checker of the same election, with the same tables, for these credentials."""
        other = copy(self)
        other.credentials = credentials
        return other

    def check(self, text: str) -> Ballot:
        """Return the ballot when everything about it holds; raises BallotRefused otherwise.

        The cheap checks come first, so that only who holds a listed credential can make the checker work.
        """
        ballot = read_ballot(self.election, self.credentials, text)
        for found in self._findings(ballot):
            raise BallotRefused(found.check, found.object)
        return ballot

    def examine(self, text: str) -> tuple[Ballot | None, list[Finding]]:
        """Return the ballot, if it can be read at all, and everything that is wrong with it."""
        try:
            ballot = read_ballot(self.election, self.credentials, text)
        except BallotRefused as refusal:
            return None, [refusal.finding]
        return ballot, list(self._findings(ballot))

    def _findings(self, ballot: Ballot) -> Iterator[Finding]:
        yield from self._signature_findings(ballot)
        context = _context(self.election, ballot.credential)
        answered = zip(self.election.questions, ballot.answers, strict=True)
        for number, (question, answer) in enumerate(answered, start=1):
            where = f"ballot {ballot.tracker}, question {number}"
            yield from question.findings(context, self._key, answer, where)

    def _signature_findings(self, ballot: Ballot) -> Iterator[Finding]:
        where = f"ballot {ballot.tracker}"
        group = self._key.group
        if ballot.signature_hash != ballot.signed_hash:
            yield finding("ballot_signature_hash", where)
        # The credential is listed, and every listed credential was proven to be in the group.
        credential = group.unproven(ballot.credential)
        if not schnorr.holds(
            group, credential, lambda a: f"sig|{ballot.signature_hash}|{a}", ballot.signature
        ):
            yield finding("ballot_signature", where)


def _context(election: Election, credential: str) -> Context:
    return Context(election.group, election.public_key, f"{election.fingerprint}|{credential}")
