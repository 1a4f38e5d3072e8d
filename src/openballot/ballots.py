"""Ballot papers: made with a credential's secret, and checked completely before anything is done with them.

Two traps. Individual proofs are bound to S0 = fingerprint|credential, the others to S, which adds the
ciphertexts. And a ballot is its exact text: one that says the same in other characters is refused.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Self

from openballot import disjunction, schnorr
from openballot.canonical import NotCanonical, array, compact, hash_base64, read, record, string
from openballot.checks import Finding, Refused, finding
from openballot.disjunction import Branch, Ciphertext, Raised, VerifyingKey
from openballot.election import Election, Question
from openballot.groups import Element, Group, NotInGroup, RandomBytes, SharedPowers, product_of
from openballot.schnorr import Proof

_FIELDS = ("election_uuid", "election_hash", "credential", "answers", "signature")


class BallotRefused(Refused):
    """A ballot fails a check; nothing may be stored."""


class ImpossibleAnswer(ValueError):
    """The choices asked for are not allowed by the question, so no proof for them exists."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The encrypted answer to one question, as read; nothing in it is proven yet."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A ballot paper as read. *tracker* is the hash by which its owner finds it on the board."""

    credential: str
    tracker: str
    weight: int
    signed_hash: str
    signature_hash: str
    signature: Proof
    answers: tuple[Answer, ...]


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
    election: Election, s: int, answers: Sequence[Sequence[int]], randbytes: RandomBytes = secrets.token_bytes
) -> str:
    """Encrypt *answers*, 0 or 1 for each choice (a blank one leads), and sign with the secret *s*."""
    group = election.group
    if len(answers) != len(election.questions):
        raise ImpossibleAnswer(f"There are {len(election.questions)} questions to answer.")
    credential = group.text(group.secret_power_generator(s))
    s0 = f"{election.fingerprint}|{credential}"
    unsigned = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential,
        "answers": [
            _encrypt(election, question, answer, s0, randbytes)
            for question, answer in zip(election.questions, answers, strict=True)
        ],
    }
    signed_hash = hash_base64(compact(unsigned))
    signature = schnorr.prove(group, s, lambda a: f"sig|{signed_hash}|{a}", randbytes)
    return compact({**unsigned, "signature": {"hash": signed_hash, "proof": signature.as_json()}})


def read_ballot(election: Election, credentials: Mapping[str, int], text: str) -> Ballot:
    """Read a ballot's exact text and its claims, proving nothing; raises BallotRefused."""
    tracker = ballot_hash(text)
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
            _answer(group, question, value, f"{where}, question {number}")
            for number, (question, value) in enumerate(zip(election.questions, values, strict=True), start=1)
        )
        proof = _proof(group, signature["proof"], f"{where}, signature")
    except NotCanonical as error:
        raise BallotRefused("ballot_text", where) from error
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
        answered = zip(self.election.questions, ballot.answers, strict=True)
        for number, (question, answer) in enumerate(answered, start=1):
            yield from self._answer_findings(ballot, number, question, answer)

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

    def _answer_findings(
        self, ballot: Ballot, number: int, question: Question, answer: Answer
    ) -> list[Finding]:
        where = f"ballot {ballot.tracker}, question {number}"
        proofs = _proofs_of(self.election, question, answer, ballot.credential)
        try:
            raised = _raise_all(self._key.group, answer, proofs)
        except NotInGroup as error:
            return [finding("ballot_element", f"{where}, choice {error.index + 1}")]
        return [
            finding(proof.check, where + proof.part)
            for proof, powers in zip(proofs, raised, strict=True)
            if not disjunction.holds(self._key, proof.branches, powers, proof.proofs, proof.prefix)
        ]


@dataclass(frozen=True, slots=True)
class _Statement:
    """One disjunction of an answer; *about* says which choice each branch is about, None the sum."""

    check: str
    part: str
    branches: list[Branch]
    about: list[int | None]
    proofs: tuple[Proof, ...]
    prefix: str


def _proofs_of(election: Election, question: Question, answer: Answer, credential: str) -> list[_Statement]:
    group = election.group
    s0 = f"{election.fingerprint}|{credential}"
    s = f"{s0}|{_choices_text(group, answer.choices)}"
    statements = [
        _Statement(
            "ballot_individual_proof",
            f", choice {index + 1}",
            _zero_or_one(choice),
            [index, index],
            answer.individual_proofs[index],
            _interval_prefix(group, s0, choice),
        )
        for index, choice in enumerate(answer.choices)
    ]
    total = _sum(group, answer.choices[question.blank :])
    if question.blank:
        blank = answer.choices[0]
        statements += [
            _Statement(
                "ballot_blank_proof",
                "",
                [Branch(blank, 0), Branch(total, 0)],
                [0, None],
                answer.blank_proof,
                f"bproof0|{s}|",
            ),
            _Statement(
                "ballot_overall_proof",
                "",
                [Branch(blank, 1), *_interval(question, total)],
                [0, *_about_sum(question)],
                answer.overall_proof,
                f"bproof1|{s}|",
            ),
        ]
    else:
        statements.append(
            _Statement(
                "ballot_overall_proof",
                "",
                _interval(question, total),
                _about_sum(question),
                answer.overall_proof,
                _interval_prefix(group, s, total),
            )
        )
    return statements


def _raise_all(group: Group, answer: Answer, statements: Sequence[_Statement]) -> list[list[Raised]]:
    """Raise every alpha and beta to every challenge about it, in one pass per base; proves membership."""
    summed_from = 1 if answer.blank_proof else 0
    own: list[list[int]] = [[] for _ in answer.choices]
    common: list[int] = []
    places: list[list[tuple[int | None, int]]] = []
    for statement in statements:
        row = []
        for about, proof in zip(statement.about, statement.proofs, strict=True):
            wanted = common if about is None else own[about]
            row.append((about, len(wanted)))
            wanted.append(proof.challenge)
        places.append(row)
    alpha = _split(group, [choice.alpha for choice in answer.choices], own, common, summed_from)
    beta = _split(group, [choice.beta for choice in answer.choices], own, common, summed_from)
    return [
        [
            Raised(alpha.product[k], beta.product[k])
            if about is None
            else Raised(alpha.own[about][k], beta.own[about][k])
            for about, k in row
        ]
        for row in places
    ]


def _split(
    group: Group, bases: list[Element], own: list[list[int]], common: list[int], summed_from: int
) -> SharedPowers:
    """Share powers over the bases; the first *summed_from* of them (the blank choice) are not in the sum."""
    apart = group.shared_powers(bases[:summed_from], own[:summed_from], [])
    try:
        summed = group.shared_powers(bases[summed_from:], own[summed_from:], common)
    except NotInGroup as error:
        raise NotInGroup(error.index + summed_from) from error
    return SharedPowers(apart.own + summed.own, summed.product)


def _encrypt(
    election: Election, question: Question, answer: Sequence[int], s0: str, randbytes: RandomBytes
) -> dict[str, object]:
    _check_possible(question, answer)
    group, y = election.group, election.public_key
    randomness = [group.random_scalar(randbytes) for _ in answer]
    choices = tuple(_encrypted(group, y, m, r) for m, r in zip(answer, randomness, strict=True))
    s = f"{s0}|{_choices_text(group, choices)}"
    individual = [
        disjunction.prove(
            group, y, _zero_or_one(choice), m, r, _interval_prefix(group, s0, choice), randbytes
        )
        for choice, m, r in zip(choices, answer, randomness, strict=True)
    ]
    total = _sum(group, choices[question.blank :])
    r_total = sum(randomness[question.blank :]) % group.q
    chosen = sum(answer[question.blank :])
    interval = _interval(question, total)
    encrypted: dict[str, object] = {
        "choices": [_ciphertext_json(group, choice) for choice in choices],
        "individual_proofs": [_proofs_json(proofs) for proofs in individual],
    }
    if not question.blank:
        prefix = _interval_prefix(group, s, total)
        overall = disjunction.prove(group, y, interval, chosen - question.min, r_total, prefix, randbytes)
        return {**encrypted, "overall_proof": _proofs_json(overall)}
    is_blank, r_blank = answer[0] == 1, randomness[0]
    either = [Branch(choices[0], 0), Branch(total, 0)]
    blank_proof = disjunction.prove(
        group, y, either, 1 if is_blank else 0, r_total if is_blank else r_blank, f"bproof0|{s}|", randbytes
    )
    overall = disjunction.prove(
        group,
        y,
        [Branch(choices[0], 1), *interval],
        0 if is_blank else 1 + chosen - question.min,
        r_blank if is_blank else r_total,
        f"bproof1|{s}|",
        randbytes,
    )
    return {
        **encrypted,
        "overall_proof": _proofs_json(overall),
        "blank_proof": _proofs_json(blank_proof),
    }


def _check_possible(question: Question, answer: Sequence[int]) -> None:
    chosen = sum(answer[question.blank :])
    is_blank = question.blank and answer[:1] == [1]
    allowed = chosen == 0 if is_blank else question.min <= chosen <= question.max
    if len(answer) != question.choices or not set(answer) <= {0, 1} or not allowed:
        raise ImpossibleAnswer(
            f"An answer is {question.choices} numbers 0 or 1, {question.min} to {question.max} of them 1."
        )


def _answer(group: Group, question: Question, value: object, where: str) -> Answer:
    names = ["choices", "individual_proofs", "overall_proof", *(["blank_proof"] if question.blank else [])]
    fields = record(value, *names)
    in_interval = question.max - question.min + 1
    return Answer(
        choices=tuple(
            _ciphertext(group, choice, f"{where}, choice {number}")
            for number, choice in enumerate(array(fields["choices"], length=question.choices), start=1)
        ),
        individual_proofs=tuple(
            _proofs(group, proofs, 2, where)
            for proofs in array(fields["individual_proofs"], length=question.choices)
        ),
        overall_proof=_proofs(group, fields["overall_proof"], in_interval + question.blank, where),
        blank_proof=_proofs(group, fields["blank_proof"], 2, where) if question.blank else (),
    )


def _ciphertext(group: Group, value: object, where: str) -> Ciphertext:
    fields = record(value, "alpha", "beta")
    try:
        return Ciphertext(group.unproven(fields["alpha"]), group.unproven(fields["beta"]))
    except (NotCanonical, NotInGroup) as error:
        raise BallotRefused("ballot_element", where) from error


def _proofs(group: Group, value: object, length: int, where: str) -> tuple[Proof, ...]:
    return tuple(_proof(group, proof, where) for proof in array(value, length=length))


def _proof(group: Group, value: object, where: str) -> Proof:
    fields = record(value, "challenge", "response")
    try:
        return Proof(group.scalar(fields["challenge"]), group.scalar(fields["response"]))
    except NotCanonical as error:
        raise BallotRefused("ballot_scalar", where) from error


def _encrypted(group: Group, y: Element, m: int, r: int) -> Ciphertext:
    # Both messages are multiplied, so that a 0 and a 1 take the same time.
    g_m = (group.identity, group.generator)[m]
    return Ciphertext(group.secret_power_generator(r), group.multiply(group.secret_power(y, r), g_m))


def _zero_or_one(choice: Ciphertext) -> list[Branch]:
    return [Branch(choice, 0), Branch(choice, 1)]


def _interval(question: Question, total: Ciphertext) -> list[Branch]:
    return [Branch(total, m) for m in range(question.min, question.max + 1)]


def _about_sum(question: Question) -> list[int | None]:
    return [None] * (question.max - question.min + 1)


def _interval_prefix(group: Group, s: str, ciphertext: Ciphertext) -> str:
    return f"prove|{s}|{_choices_text(group, [ciphertext])}|"


def _choices_text(group: Group, choices: Sequence[Ciphertext]) -> str:
    return ",".join(f"{group.text(choice.alpha)},{group.text(choice.beta)}" for choice in choices)


def _sum(group: Group, choices: Sequence[Ciphertext]) -> Ciphertext:
    return Ciphertext(
        product_of(group, [choice.alpha for choice in choices]),
        product_of(group, [choice.beta for choice in choices]),
    )


def _ciphertext_json(group: Group, ciphertext: Ciphertext) -> dict[str, str]:
    return {"alpha": group.text(ciphertext.alpha), "beta": group.text(ciphertext.beta)}


def _proofs_json(proofs: Sequence[Proof]) -> list[dict[str, str]]:
    return [proof.as_json() for proof in proofs]
