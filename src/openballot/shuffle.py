"""Verifiable shuffles: the same answers, re-encrypted and in another order (specification, 4.17).

Source: the specification's section 6, after the CHVote System Specification 1.3.2 (Haenni, Koenig, Locher and
Dubuis), whose symbols are used; e_, r_, u_, s_ and omega_ are theirs with a prime, and indices count from 0.

The traps: whoever knows the permutation or any randomness can tell who answered what, so both are forgotten
and never shown; and a proof shows that no answer changed, not who shuffled. The owner is the board's word.
"""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

from openballot.canonical import NotCanonical, array, compact, read, record
from openballot.checks import Finding, Refused, finding
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.groups import Element, Group, NotInGroup, RandomBytes, product_of, quotient
from openballot.questions.texts import ciphertext_json
from openballot.tally import compose_encrypted_tally, read_encrypted_tally

Progress = Callable[[int, int], None]
Step = Callable[[], None]

# 32 bytes more than any number of answers has: the bias of a permutation is below 2^-256.
_PLACE_BYTES = 40
_STEPS_OF_AN_ANSWER = 3


@dataclass(frozen=True, slots=True)
class ShuffleProof:
    """pi = (t, s, c, c_hat) of GenShuffleProof; *t* holds t1, t2, t3, t41 and t42, *s* s1 to s4."""

    t: tuple[Element, ...]
    t_hat: tuple[Element, ...]
    s: tuple[int, ...]
    s_hat: tuple[int, ...]
    s_: tuple[int, ...]
    c: tuple[Element, ...]
    c_hat: tuple[Element, ...]


def shuffle(
    election: Election,
    encrypted_tally_text: str,
    randbytes: RandomBytes = secrets.token_bytes,
    progress: Progress | None = None,
) -> str:
    """Shuffle the answers of an encrypted tally that are not added up; raises Refused.

    The tally is the board's own, or what `shuffled_tally` made of it and the shuffles so far. *progress* is
    called with the number of steps done and of all.
    """
    group = election.group
    rows = _shuffled_rows(election, read_encrypted_tally(election, encrypted_tally_text))
    total = _STEPS_OF_AN_ANSWER * sum(map(len, rows))
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    ciphertexts, proofs = [], []
    for e in rows:
        psi = _permutation(len(e), randbytes)
        e_, r_ = _reencrypted(election, e, psi, randbytes, step)
        proof = _prove(election, e, e_, r_, psi, randbytes, step)
        ciphertexts.append([ciphertext_json(group, ciphertext) for ciphertext in e_])
        proofs.append(_proof_json(group, proof))
    return compact({"ciphertexts": ciphertexts, "proofs": proofs})


def check_shuffle(election: Election, encrypted_tally_text: str, text: str) -> None:
    """Check a shuffle of this tally; raises Refused for the first thing that is wrong."""
    tally = read_encrypted_tally(election, encrypted_tally_text)
    _, findings = examine_shuffle(election, tally, text, "shuffle")
    if findings:
        raise Refused(findings[0].check, findings[0].object)


def shuffled_tally(election: Election, encrypted_tally_text: str, text: str) -> str:
    """Return the encrypted tally with the answers of a checked shuffle in their new order; raises Refused."""
    tally = read_encrypted_tally(election, encrypted_tally_text)
    ciphertexts, _ = _read_shuffle(election, tally, text, "shuffle")
    return compose_encrypted_tally(election, _merged(election, tally, ciphertexts))


def examine_shuffle(
    election: Election, tally: list[list[Ciphertext]], text: str, where: str
) -> tuple[list[list[Ciphertext]] | None, list[Finding]]:
    """Return the tally in its new order, or None when it cannot be read, and everything that is wrong."""
    try:
        ciphertexts, proofs = _read_shuffle(election, tally, text, where)
    except Refused as refusal:
        return None, [refusal.finding]
    numbers = [number for number, question in enumerate(election.questions, start=1) if question.is_shuffled]
    findings = [
        finding("shuffle_proof", f"{where}, question {number}")
        for number, e, e_, proof in zip(
            numbers, _shuffled_rows(election, tally), ciphertexts, proofs, strict=True
        )
        if not _holds(election, e, e_, proof)
    ]
    return _merged(election, tally, ciphertexts), findings


def _shuffled_rows(election: Election, tally: list[list[Ciphertext]]) -> list[list[Ciphertext]]:
    """nh_ciphertexts of the specification, 4.17."""
    return [row for question, row in zip(election.questions, tally, strict=True) if question.is_shuffled]


def _merged(
    election: Election, tally: list[list[Ciphertext]], ciphertexts: Sequence[list[Ciphertext]]
) -> list[list[Ciphertext]]:
    fresh = iter(ciphertexts)
    return [
        next(fresh) if question.is_shuffled else row
        for question, row in zip(election.questions, tally, strict=True)
    ]


def _permutation(n: int, randbytes: RandomBytes) -> list[int]:
    """GenPermutation: each of the n! equally likely, but for 2^-256."""
    places = list(range(n))
    psi = []
    for i in range(n):
        k = i + int.from_bytes(randbytes(_PLACE_BYTES), "big") % (n - i)
        psi.append(places[k])
        places[k] = places[i]
    return psi


def _reencrypted(
    election: Election,
    e: Sequence[Ciphertext],
    psi: Sequence[int],
    randbytes: RandomBytes,
    step: Step,
) -> tuple[list[Ciphertext], list[int]]:
    """GenShuffle: e_ in the new order, r_ in the old one."""
    group = election.group
    fresh, r_ = [], []
    for ciphertext in e:
        r = group.random_scalar(randbytes)
        alpha = group.multiply(ciphertext.alpha, group.secret_power_generator(r))
        beta = group.multiply(ciphertext.beta, group.secret_power(election.public_key, r))
        fresh.append(Ciphertext(alpha, beta))
        r_.append(r)
        step()
    return [fresh[j] for j in psi], r_


def _prove(
    election: Election,
    e: Sequence[Ciphertext],
    e_: Sequence[Ciphertext],
    r_: Sequence[int],
    psi: Sequence[int],
    randbytes: RandomBytes,
    step: Step,
) -> ShuffleProof:
    """GenShuffleProof."""
    group, q = election.group, election.group.q
    h, hs = _generators(group, len(e))
    c, r = _permutation_commitment(group, psi, hs, randbytes)
    u = _challenges(election, e, e_, c)
    u_ = [u[j] for j in psi]
    r_hat = [group.random_scalar(randbytes) for _ in psi]
    omega = [group.random_scalar(randbytes) for _ in range(4)]
    omega_hat, omega_ = [], []
    for _ in psi:
        omega_hat.append(group.random_scalar(randbytes))
        omega_.append(group.random_scalar(randbytes))
    c_hat, t_hat, v_r_hat = _chain(group, h, u_, r_hat, omega_hat, omega_, step)
    t = _commitments(election, e_, hs, omega, omega_, step)
    challenge = _challenge(election, e, e_, c, c_hat, t, t_hat)
    known = (sum(r), v_r_hat, sum(map(mul, r, u)), sum(map(mul, r_, u)))

    def responses(masks: Sequence[int], secret: Sequence[int]) -> tuple[int, ...]:
        return tuple((w + challenge * value) % q for w, value in zip(masks, secret, strict=True))

    return ShuffleProof(
        t=t,
        t_hat=tuple(t_hat),
        s=responses(omega, known),
        s_hat=responses(omega_hat, r_hat),
        s_=responses(omega_, u_),
        c=tuple(c),
        c_hat=tuple(c_hat),
    )


def _permutation_commitment(
    group: Group, psi: Sequence[int], hs: Sequence[Element], randbytes: RandomBytes
) -> tuple[list[Element], list[int]]:
    """GenPermutationCommitment."""
    c, r = [group.identity] * len(psi), [0] * len(psi)
    for i, j in enumerate(psi):
        r[j] = group.random_scalar(randbytes)
        c[j] = group.multiply(group.secret_power_generator(r[j]), hs[i])
    return c, r


def _chain(
    group: Group,
    h: Element,
    u_: Sequence[int],
    r_hat: Sequence[int],
    omega_hat: Sequence[int],
    omega_: Sequence[int],
    step: Step,
) -> tuple[list[Element], list[Element], int]:
    """GenCommitmentChain, with its t_hat and the sum of r_hat_i v_i.

    Each c_hat_i = g^(r_hat_i) c_hat_(i-1)^(u__i) is g^x h^z for an x and a z that are known here.
    """

    def of_g_and_h(x: int, z: int) -> Element:
        return group.multiply(group.secret_power_generator(x % group.q), group.secret_power(h, z % group.q))

    c_hat, t_hat = [], []
    x, z = 0, 1
    for i, u in enumerate(u_):
        t_hat.append(of_g_and_h(omega_hat[i] + omega_[i] * x, omega_[i] * z))
        x, z = (r_hat[i] + u * x) % group.q, u * z % group.q
        c_hat.append(of_g_and_h(x, z))
        step()
    return c_hat, t_hat, x


def _commitments(
    election: Election,
    e_: Sequence[Ciphertext],
    hs: Sequence[Element],
    omega: Sequence[int],
    omega_: Sequence[int],
    step: Step,
) -> tuple[Element, ...]:
    """Return t1, t2, t3, t41 and t42."""
    group = election.group
    g_power, power = group.secret_power_generator, group.secret_power
    minus_omega = -omega[3] % group.q
    t3, t41, t42 = g_power(omega[2]), power(election.public_key, minus_omega), g_power(minus_omega)
    for h, ciphertext, w in zip(hs, e_, omega_, strict=True):
        t3 = group.multiply(t3, power(h, w))
        t41 = group.multiply(t41, power(ciphertext.beta, w))
        t42 = group.multiply(t42, power(ciphertext.alpha, w))
        step()
    return g_power(omega[0]), g_power(omega[1]), t3, t41, t42


def _holds(
    election: Election, e: Sequence[Ciphertext], e_: Sequence[Ciphertext], proof: ShuffleProof
) -> bool:
    """CheckShuffleProof, of elements that are proven members."""
    group, pk, q = election.group, election.public_key, election.group.q
    h, hs = _generators(group, len(e))
    u = _challenges(election, e, e_, proof.c)
    challenge = _challenge(election, e, e_, proof.c, proof.c_hat, proof.t, proof.t_hat)
    s1, s2, s3, s4 = proof.s
    chain = [h, *proof.c_hat]

    def less(element: Element) -> Element:
        return group.inverse(group.power(element, challenge))

    def product(*factors: Element) -> Element:
        return product_of(group, factors)

    alpha = group.product_of_powers([ciphertext.alpha for ciphertext in e], u)
    beta = group.product_of_powers([ciphertext.beta for ciphertext in e], u)
    expected = (
        product(
            less(quotient(group, product_of(group, proof.c), product_of(group, hs))),
            group.power_generator(s1),
        ),
        product(less(quotient(group, chain[-1], group.power(h, _product(u, q)))), group.power_generator(s2)),
        product(
            less(group.product_of_powers(proof.c, u)),
            group.power_generator(s3),
            group.product_of_powers(hs, proof.s_),
        ),
        product(
            less(beta),
            group.power(pk, -s4 % q),
            group.product_of_powers([ciphertext.beta for ciphertext in e_], proof.s_),
        ),
        product(
            less(alpha),
            group.power_generator(-s4 % q),
            group.product_of_powers([ciphertext.alpha for ciphertext in e_], proof.s_),
        ),
    )
    return proof.t == expected and all(
        t == product(less(after), group.power_generator(s), group.power(before, s_))
        for t, s, s_, before, after in zip(
            proof.t_hat, proof.s_hat, proof.s_, chain[:-1], chain[1:], strict=True
        )
    )


def _product(factors: Sequence[int], q: int) -> int:
    """Multiply modulo q at every step: the whole product of many would be a number as long as all of them."""
    product = 1
    for factor in factors:
        product = product * factor % q
    return product


def _generators(group: Group, n: int) -> tuple[Element, list[Element]]:
    """GetSecondaryGenerator and GetGenerators."""
    return group.independent_generator(-1), [group.independent_generator(i) for i in range(n)]


def _challenges(
    election: Election, e: Sequence[Ciphertext], e_: Sequence[Ciphertext], c: Sequence[Element]
) -> list[int]:
    """GetNIZPKChallenges."""
    start = _sha256(f"shuffle-challenges|{election.fingerprint}|{_statement_text(election.group, e, e_, c)}")
    return [election.group.hash_to_scalar(start + _sha256(str(i))) for i in range(len(e))]


def _challenge(
    election: Election,
    e: Sequence[Ciphertext],
    e_: Sequence[Ciphertext],
    c: Sequence[Element],
    c_hat: Sequence[Element],
    t: Sequence[Element],
    t_hat: Sequence[Element],
) -> int:
    """GetNIZPKChallenge."""
    group = election.group
    commitments = _elements_text(group, t) + _elements_text(group, t_hat)
    statement = _statement_text(group, e, e_, c) + _elements_text(group, c_hat)
    key = group.text(election.public_key)
    return group.hash_to_scalar(f"shuffle-challenge|{election.fingerprint}|{commitments}{statement}{key}")


def _statement_text(
    group: Group, e: Sequence[Ciphertext], e_: Sequence[Ciphertext], c: Sequence[Element]
) -> str:
    pairs = [element for ciphertext in (*e, *e_) for element in (ciphertext.alpha, ciphertext.beta)]
    return _elements_text(group, [*pairs, *c])


def _elements_text(group: Group, elements: Sequence[Element]) -> str:
    return "".join(f"{group.text(element)}," for element in elements)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _proof_json(group: Group, proof: ShuffleProof) -> list[object]:
    t1, t2, t3, t41, t42 = map(group.text, proof.t)
    return [
        [t1, t2, t3, [t41, t42], list(map(group.text, proof.t_hat))],
        [*map(str, proof.s), list(map(str, proof.s_hat)), list(map(str, proof.s_))],
        list(map(group.text, proof.c)),
        list(map(group.text, proof.c_hat)),
    ]


def _read_shuffle(
    election: Election, tally: list[list[Ciphertext]], text: str, where: str
) -> tuple[list[list[Ciphertext]], list[ShuffleProof]]:
    """Read a shuffle of as many answers, every element proven a member; raises Refused."""
    group = election.group
    lengths = list(map(len, _shuffled_rows(election, tally)))
    try:
        fields = record(read(text), "ciphertexts", "proofs")
        rows = [
            [record(value, "alpha", "beta") for value in array(row, length=length)]
            for row, length in zip(array(fields["ciphertexts"], length=len(lengths)), lengths, strict=True)
        ]
        values = [
            _proof_values(group, value, length)
            for value, length in zip(array(fields["proofs"], length=len(lengths)), lengths, strict=True)
        ]
    except NotCanonical as error:
        raise Refused("shuffle_text", where) from error
    try:
        ciphertexts = [
            [Ciphertext(group.element(value["alpha"]), group.element(value["beta"])) for value in row]
            for row in rows
        ]
        return ciphertexts, [_proof(group, value) for value in values]
    except (NotCanonical, NotInGroup) as error:
        raise Refused("shuffle_element", where) from error


def _proof_values(group: Group, value: object, length: int) -> dict[str, list[Any]]:
    """Read the shape of a proof and its scalars; its elements are texts still. Raises NotCanonical."""
    t, s, c, c_hat = array(value, length=4)
    *first, t4, t_hat = array(t, length=5)
    *s_first, s_hat, s_ = array(s, length=6)
    return {
        "t": [*first, *array(t4, length=2)],
        "t_hat": array(t_hat, length=length),
        "s": [group.scalar(text) for text in s_first],
        "s_hat": [group.scalar(text) for text in array(s_hat, length=length)],
        "s_": [group.scalar(text) for text in array(s_, length=length)],
        "c": array(c, length=length),
        "c_hat": array(c_hat, length=length),
    }


def _proof(group: Group, values: dict[str, list[Any]]) -> ShuffleProof:
    scalars = {name: tuple(values[name]) for name in ("s", "s_hat", "s_")}
    elements = {name: tuple(map(group.element, values[name])) for name in ("t", "t_hat", "c", "c_hat")}
    return ShuffleProof(**scalars, **elements)
