"""Opening the count: each trustee's factors with proofs, and the counts that follow from enough of them.

Belenios' proof names neither the ciphertext nor the factor; ours, beside the archive, binds both.
"""

import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from openballot.canonical import NotCanonical, array, compact, integer, read, record, sha256_hex
from openballot.canonical import hash_hex as hash_of
from openballot.checks import Finding, Refused, finding
from openballot.credentials import LARGEST_TOTAL
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.groups import Element, Group, NotInGroup, RandomBytes, quotient
from openballot.schnorr import Proof, read_proof
from openballot.tally import read_encrypted_tally
from openballot.trustees import Quorum, Trustees, parse_trustees

Factors: TypeAlias = list[list[Element]]

_GIANT_STEPS_FROM = 2**12


class NoSuchCount(ValueError):
    """A ciphertext does not decrypt to a count between zero and the total weight."""


def partial_decryption(
    election: Election, x: int, encrypted_tally_text: str, randbytes: RandomBytes = secrets.token_bytes
) -> str:
    """Return the trustee's factors alpha^x and their proofs (specification, 4.18); raises Refused."""
    group = election.group
    tally = read_encrypted_tally(election, encrypted_tally_text)
    key_text = group.text(group.secret_power_generator(x))
    factors, proofs = [], []
    for question, row in zip(election.questions, tally, strict=True):
        factors.append(
            question.fold([group.text(group.secret_power(ciphertext.alpha, x)) for ciphertext in row])
        )
        proofs.append(
            question.fold(
                [
                    _prove(
                        group, x, ciphertext.alpha, _spec_challenge(election, key_text), randbytes
                    ).as_json()
                    for ciphertext in row
                ]
            )
        )
    return compact({"decryption_factors": factors, "decryption_proofs": proofs})


def check_partial_decryption(
    election: Election, public_key: Element, encrypted_tally_text: str, text: str
) -> None:
    """Check every factor and proof of the trustee with this key; raises Refused for the first that fails."""
    tally = read_encrypted_tally(election, encrypted_tally_text)
    _factors, findings = examine_partial_decryption(election, public_key, tally, text, "partial decryption")
    if findings:
        raise Refused(findings[0].check, findings[0].object)


def examine_partial_decryption(
    election: Election, public_key: Element, tally: list[list[Ciphertext]], text: str, where: str
) -> tuple[Factors | None, list[Finding]]:
    """Return the factors, None unless every one is proven, and everything that is wrong."""
    group = election.group
    try:
        factors, proofs = _read_partial(election, tally, text, where)
    except Refused as refusal:
        return None, [refusal.finding]
    challenge = _spec_challenge(election, group.text(public_key))
    findings = []
    for q, (row, row_factors, row_proofs) in enumerate(zip(tally, factors, proofs, strict=True), start=1):
        for c, (ciphertext, factor, proof) in enumerate(
            zip(row, row_factors, row_proofs, strict=True), start=1
        ):
            if not _holds(group, public_key, ciphertext.alpha, factor, challenge, proof):
                findings.append(finding("decryption_proof", f"{where}, question {q}, choice {c}"))
    return (None if findings else factors), findings


def bound_proof(
    election: Election,
    x: int,
    ciphertext: Ciphertext,
    factor: Element,
    randbytes: RandomBytes = secrets.token_bytes,
) -> dict[str, str]:
    """Prove one factor with a challenge that names key, ciphertext and factor."""
    key_text = election.group.text(election.group.secret_power_generator(x))
    challenge = _bound_challenge(election, key_text, ciphertext, factor)
    return _prove(election.group, x, ciphertext.alpha, challenge, randbytes).as_json()


def check_bound_proof(
    election: Election, public_key: Element, ciphertext: Ciphertext, factor: Element, proof: object
) -> bool:
    """Check such a proof; raises NotCanonical for a text that is not exact."""
    group = election.group
    challenge = _bound_challenge(election, group.text(public_key), ciphertext, factor)
    return _holds(group, public_key, ciphertext.alpha, factor, challenge, read_proof(group, proof))


def bound_proofs(
    election: Election,
    x: int,
    encrypted_tally_text: str,
    randbytes: RandomBytes = secrets.token_bytes,
) -> str:
    """Return {"decryption_proofs": …} with a bound proof for every ciphertext of the tally."""
    group = election.group
    return compact(
        {
            "decryption_proofs": [
                question.fold(
                    [bound_proof(election, x, c, group.secret_power(c.alpha, x), randbytes) for c in row]
                )
                for question, row in zip(
                    election.questions, read_encrypted_tally(election, encrypted_tally_text), strict=True
                )
            ]
        }
    )


def check_bound_proofs(
    election: Election, public_key: Element, encrypted_tally_text: str, partial_text: str, proofs_text: str
) -> bool:
    """Check the bound proofs of a trustee's factors; raises Refused or NotCanonical for inexact texts."""
    tally = read_encrypted_tally(election, encrypted_tally_text)
    factors, _ = _read_partial(election, tally, partial_text, "partial decryption")
    rows = array(record(read(proofs_text), "decryption_proofs")["decryption_proofs"], length=len(tally))
    return all(
        check_bound_proof(election, public_key, ciphertext, factor, proof)
        for question, row, row_factors, row_proofs in zip(
            election.questions, tally, factors, rows, strict=True
        )
        for ciphertext, factor, proof in zip(
            row, row_factors, question.unfold(row_proofs, len(row)), strict=True
        )
    )


def owned(owner: int, payload_text: str) -> str:
    """Name the trustee a partial decryption is from, counted from 1."""
    return compact({"owner": owner, "payload": hash_of(payload_text)})


def read_owned(text: str) -> tuple[int, str]:
    """Return the owner's number and the payload's hash; raises Refused."""
    try:
        fields = record(read(text), "owner", "payload")
        return integer(fields["owner"]), sha256_hex(fields["payload"])
    except NotCanonical as error:
        raise Refused("decryption_text", "owner of a partial decryption") from error


def compute_result(
    election: Election,
    trustees_text: str,
    encrypted_tally_text: str,
    total_weight: int,
    partials: Mapping[int, str],
) -> str:
    """Return the result from checked partial decryptions by owner number: see `good_decryptions`.

    Raises Refused when there are too few or one is unreadable, NoSuchCount when a count is impossible.
    """
    group = election.group
    tally = read_encrypted_tally(election, encrypted_tally_text)
    trustees = parse_trustees(group, trustees_text)
    factors = {owner: _read_partial(election, tally, text, _of(owner))[0] for owner, text in partials.items()}
    if not are_enough(trustees, factors):
        raise Refused("result_missing", "result")
    opened = open_tally(election, trustees, tally, factors)
    logarithm = logarithms(group, total_weight)
    return compact(
        {
            "result": [
                question.result(group, row, logarithm)
                for question, row in zip(election.questions, opened, strict=True)
            ]
        }
    )


def good_decryptions(
    election: Election, trustees: Trustees, tally: list[list[Ciphertext]], partials: Mapping[int, str]
) -> tuple[dict[int, str], list[Finding]]:
    """Return, of each owner's last partial decryption, those that hold, and what is wrong with the others."""
    good, findings = {}, []
    for owner, text in partials.items():
        if not 1 <= owner <= len(trustees):
            findings.append(finding("decryption_owner", _of(owner)))
            continue
        key = trustees[owner - 1].public_key
        factors, faults = examine_partial_decryption(election, key, tally, text, _of(owner))
        if factors is not None:
            good[owner] = text
        findings += faults
    return good, findings


def are_enough(trustees: Trustees, owners: Collection[int]) -> bool:
    """Do these owners open the count together: everybody with a key of their own, and t + 1 of each group?"""
    return all(
        sum(trustee.number in owners for trustee in quorum.trustees) >= quorum.threshold
        for quorum in trustees.quorums
    )


def open_tally(
    election: Election, trustees: Trustees, tally: list[list[Ciphertext]], factors: Mapping[int, Factors]
) -> list[list[Element]]:
    """Return what each ciphertext holds: beta divided by the factors of owners who are enough (4.19).

    That is g^count where answers were added up, and an encoded answer where they were shuffled.
    """
    group = election.group
    opened = [[ciphertext.beta for ciphertext in row] for row in tally]
    for quorum in trustees.quorums:
        rows = _combined(group, quorum, factors)
        opened = [
            [quotient(group, element, factor) for element, factor in zip(row, row_factors, strict=True)]
            for row, row_factors in zip(opened, rows, strict=True)
        ]
    return opened


def _combined(group: Group, quorum: Quorum, factors: Mapping[int, Factors]) -> Factors:
    """Return what a quorum makes of every ciphertext; the first *threshold* of those present are asked."""
    present = [trustee.number for trustee in quorum.trustees if trustee.number in factors]
    chosen = {quorum.index(number): factors[number] for number in present[: quorum.threshold]}
    if quorum.threshold == 1:
        return factors[present[0]]
    from openballot import pedersen  # many elections have none

    return [
        [
            pedersen.combine(group, dict(zip(chosen, column, strict=True)))
            for column in zip(*rows, strict=True)
        ]
        for rows in zip(*chosen.values(), strict=True)
    ]


def read_result(election: Election, text: str) -> list[list[Any]]:
    """Read a result: counts, the blank one leading where there is one, or a row for each answer.

    Raises Refused. Answers that `undecodable` names are no votes.
    """
    try:
        rows = array(record(read(text), "result")["result"], length=len(election.questions))
        return [question.read_result(row) for question, row in zip(election.questions, rows, strict=True)]
    except NotCanonical as error:
        raise Refused("result_text", "result") from error


def logarithms(group: Group, largest: int) -> Callable[[Element], int]:
    """Prepare to find 0 <= m <= *largest* from g^m, by baby steps and giant steps.

    The work grows with the root of *largest*. Raises NoSuchCount above LARGEST_TOTAL.
    """
    if largest > LARGEST_TOTAL:
        raise NoSuchCount("The papers weigh more than 2^40 together: nobody could find such counts.")
    step = max(int(largest**0.5), _GIANT_STEPS_FROM) + 1
    baby: dict[Element, int] = {}
    power = group.identity
    for m in range(min(step, largest + 1)):
        baby[power] = m
        power = group.multiply(power, group.generator)
    giant = group.inverse(group.power_generator(step % group.q))

    def logarithm(element: Element) -> int:
        for j in range(largest // step + 1):
            found = baby.get(element)
            if found is not None and j * step + found <= largest:
                return j * step + found
            element = group.multiply(element, giant)
        raise NoSuchCount("A count lies outside what was cast.")

    return logarithm


def _read_partial(
    election: Election, tally: list[list[Ciphertext]], text: str, where: str
) -> tuple[Factors, list[list[Proof]]]:
    group = election.group
    try:
        fields = record(read(text), "decryption_factors", "decryption_proofs")
        factor_texts, proof_values = (
            [
                question.unfold(value, len(row))
                for question, value, row in zip(
                    election.questions, array(fields[name], length=len(tally)), tally, strict=True
                )
            ]
            for name in ("decryption_factors", "decryption_proofs")
        )
        proofs = [[read_proof(group, value) for value in row] for row in proof_values]
    except NotCanonical as error:
        raise Refused("decryption_text", where) from error
    try:
        return [[group.element(factor) for factor in row] for row in factor_texts], proofs
    except (NotCanonical, NotInGroup) as error:
        raise Refused("decryption_element", where) from error


def _of(owner: int) -> str:
    return f"partial decryption of trustee {owner}"


_Challenge = Callable[[str, str], str]


def _spec_challenge(election: Election, key_text: str) -> _Challenge:
    return lambda a, b: f"decrypt|{election.fingerprint}|{key_text}|{a},{b}"


def _bound_challenge(
    election: Election, key_text: str, ciphertext: Ciphertext, factor: Element
) -> _Challenge:
    group = election.group
    alpha, beta = group.text(ciphertext.alpha), group.text(ciphertext.beta)
    head = f"openfloor|decrypt|{election.fingerprint}|{key_text}|{alpha},{beta}|{group.text(factor)}"
    return lambda a, b: f"{head}|{a},{b}"


def _prove(group: Group, x: int, alpha: Element, challenge_text: _Challenge, randbytes: RandomBytes) -> Proof:
    w = group.random_scalar(randbytes)
    a, b = group.text(group.secret_power_generator(w)), group.text(group.secret_power(alpha, w))
    challenge = group.hash_to_scalar(challenge_text(a, b))
    return Proof(challenge, (w - x * challenge) % group.q)


def _holds(
    group: Group,
    public_key: Element,
    alpha: Element,
    factor: Element,
    challenge_text: _Challenge,
    proof: Proof,
) -> bool:
    a = group.multiply(group.power_generator(proof.response), group.power(public_key, proof.challenge))
    b = group.multiply(group.power(alpha, proof.response), group.power(factor, proof.challenge))
    return group.hash_to_scalar(challenge_text(group.text(a), group.text(b))) == proof.challenge
