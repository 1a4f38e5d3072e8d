"""Choose one list and at least one of its candidates (Belenios 3.0 and later); only the counts are decrypted.

Source: the Belenios specification of version 3.3, sections 4.9.3, 4.11.3, 4.14 and 4.15. A list's own
ciphertext leads those of its candidates.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain
from typing import Any, Self

from openballot import disjunction
from openballot.canonical import NotCanonical, array, compact, read, record, string
from openballot.checks import Finding, Refused, finding
from openballot.disjunction import Branch, Ciphertext, VerifyingKey
from openballot.groups import Element, Group, NotInGroup, RandomBytes, product_of
from openballot.questions.base import AddedUp, Context, ImpossibleAnswer, sum_of
from openballot.questions.statements import Choice, Parts, Statement, Sum, findings_of
from openballot.questions.texts import (
    choices_text,
    ciphertext_json,
    encrypted,
    interval_prefix,
    opened_bits,
    proofs_json,
    read_ciphertext,
    read_proof,
    read_proofs,
    read_scalar,
)
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class NonzeroProof:
    """That a ciphertext encrypts anything but 0: A0, the challenge, and the two responses."""

    commitment: Element
    challenge: int
    response: tuple[int, int]


@dataclass(frozen=True, slots=True)
class ListsAnswer:
    """The encrypted answer, its rows one after the other; nothing in it is proven yet."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: Proof
    list_proofs: tuple[tuple[Proof, ...], ...]
    nonzero_proof: NonzeroProof

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        return self.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists(AddedUp[ListsAnswer]):
    """Each of *answers* is a list's name and its candidates; an answer has a row of 0 and 1 for each list.

    *extra* is the text of whatever else the election says about the question, without a meaning here.
    """

    question: str
    answers: tuple[tuple[str, ...], ...]
    extra: str | None = None

    def __post_init__(self) -> None:
        if not self.answers or min(map(len, self.answers)) < 2:
            raise Refused("election_question", "question")

    @property
    def choices(self) -> int:
        return sum(map(len, self.answers))

    @property
    def limits(self) -> str:
        return "one list, and one or more of its candidates"

    @property
    def options(self) -> list[str]:
        return [f"{name}: {', '.join(candidates)}" for name, *candidates in self.answers]

    def as_json(self) -> dict[str, Any]:
        extra = {} if self.extra is None else {"extra": read(self.extra)}
        answers = [list(row) for row in self.answers]
        return {"type": "Lists", "value": {"answers": answers, "question": self.question}, **extra}

    @classmethod
    def from_json(cls, value: object) -> Self:
        fields = record(value, "type", "value", "extra", optional=("extra",))
        inner = record(fields["value"], "answers", "question")
        return cls(
            question=string(inner["question"]),
            answers=tuple(tuple(string(text) for text in array(row)) for row in array(inner["answers"])),
            extra=compact(fields["extra"]) if "extra" in fields else None,
        )

    def unfold(self, value: object, length: int | None = None) -> list[Any]:
        rows = array(value, length=len(self.answers))
        return list(
            chain(*(array(row, length=len(own)) for row, own in zip(rows, self.answers, strict=True)))
        )

    def fold(self, row: Sequence[object]) -> list[Any]:
        return [list(row[own.start : own.stop]) for own in self._rows]

    def encrypt(
        self, context: Context, answer: Sequence[Sequence[int]], randbytes: RandomBytes
    ) -> dict[str, object]:
        bits = self._possible(answer)
        group, y = context.group, context.y
        randomness = [group.random_scalar(randbytes) for _ in bits]
        choices = [encrypted(group, y, m, r) for m, r in zip(bits, randomness, strict=True)]
        s = f"{context.s0}|{choices_text(group, choices)}"
        individual = []
        for choice, m, r in zip(choices, bits, randomness, strict=True):
            prefix = interval_prefix(group, context.s0, choice)
            branches = [Branch(choice, 0), Branch(choice, 1)]
            individual.append(proofs_json(disjunction.prove(group, y, branches, m, r, prefix, randbytes)))
        parts = Parts(group, choices, self._parts)
        r_sums = [sum(randomness[index] for index in part) % group.q for part in self._parts]
        overall = disjunction.prove(
            group,
            y,
            parts.branches([(Sum(0), 1)]),
            0,
            r_sums[0],
            interval_prefix(group, s, parts.sums[0]),
            randbytes,
        )
        of_lists = []
        for number, row in enumerate(self._rows):
            is_chosen = bits[row.start] == 1
            r = randomness[row.start] if is_chosen else r_sums[1 + number]
            branches = parts.branches(_list_branches(number, row))
            true = 0 if is_chosen else 1
            of_lists.append(
                proofs_json(disjunction.prove(group, y, branches, true, r, f"lproof|{s}|", randbytes))
            )
        candidates = sum_of(group, parts.sums[1:])
        nonzero = _prove_nonzero(group, y, candidates, sum(r_sums[1:]) % group.q, s, randbytes)
        return {
            "choices": self.fold([ciphertext_json(group, choice) for choice in choices]),
            "individual_proofs": self.fold(individual),
            "overall_proof": overall[0].as_json(),
            "list_proofs": of_lists,
            "nonzero_proof": nonzero,
        }

    def read_answer(self, group: Group, value: object, where: str) -> ListsAnswer:
        fields = record(
            value, "choices", "individual_proofs", "overall_proof", "list_proofs", "nonzero_proof"
        )
        return ListsAnswer(
            choices=tuple(
                read_ciphertext(group, choice, f"{where}, choice {number}")
                for number, choice in enumerate(self.unfold(fields["choices"]), start=1)
            ),
            individual_proofs=tuple(
                read_proofs(group, proofs, 2, where) for proofs in self.unfold(fields["individual_proofs"])
            ),
            overall_proof=read_proof(group, fields["overall_proof"], where),
            list_proofs=tuple(
                read_proofs(group, proofs, 2, where)
                for proofs in array(fields["list_proofs"], length=len(self.answers))
            ),
            nonzero_proof=_read_nonzero(group, fields["nonzero_proof"], where),
        )

    def findings(self, context: Context, key: VerifyingKey, answer: ListsAnswer, where: str) -> list[Finding]:
        parts = Parts(key.group, answer.choices, self._parts)
        found = findings_of(key, parts, list(self._statements(context, parts, answer)), where)
        if any(item.check == "ballot_element" for item in found):
            return found
        s = f"{context.s0}|{choices_text(key.group, answer.choices)}"
        if not _holds_nonzero(key, sum_of(key.group, parts.sums[1:]), answer.nonzero_proof, s):
            found.append(finding("ballot_nonzero_proof", where))
        return found

    def open_answer(
        self, group: Group, y: Element, answer: ListsAnswer, nonces: Sequence[int]
    ) -> list[list[int]]:
        return self.fold(opened_bits(group, y, answer.choices, nonces))

    def chosen(self, answer: Sequence[Sequence[int]]) -> tuple[str, ...]:
        return tuple(
            text
            for texts, bits in zip(self.answers, answer, strict=True)
            for text, bit in zip(texts, bits, strict=True)
            if bit
        )

    def fits(self, counts: Sequence[int], total_weight: int) -> bool:
        """Everybody chose one list, and of its candidates one at least and each at most once."""
        rows = self.fold(counts)
        return sum(row[0] for row in rows) == total_weight and all(
            max(candidates) <= votes <= sum(candidates) for votes, *candidates in rows
        )

    @property
    def _rows(self) -> list[range]:
        """The indexes of each list's ciphertexts, its own first."""
        ends = accumulate(map(len, self.answers))
        return [range(end - len(own), end) for end, own in zip(ends, self.answers, strict=True)]

    @property
    def _parts(self) -> list[list[int]]:
        """The lists' own ciphertexts, then the candidates of each list."""
        return [[row.start for row in self._rows], *(list(row[1:]) for row in self._rows)]

    def _statements(self, context: Context, parts: Parts, answer: ListsAnswer) -> Iterator[Statement]:
        group = context.group
        s = f"{context.s0}|{choices_text(group, answer.choices)}"
        for index, choice in enumerate(answer.choices):
            yield Statement(
                "ballot_individual_proof",
                f", choice {index + 1}",
                [(Choice(index), 0), (Choice(index), 1)],
                answer.individual_proofs[index],
                interval_prefix(group, context.s0, choice),
            )
        prefix = interval_prefix(group, s, parts.sums[0])
        yield Statement("ballot_overall_proof", "", [(Sum(0), 1)], [answer.overall_proof], prefix)
        # One text for all of them: it is as long as the answer, and lists may be many.
        of_lists = f"lproof|{s}|"
        for number, (row, proofs) in enumerate(zip(self._rows, answer.list_proofs, strict=True)):
            yield Statement(
                "ballot_list_proof",
                f", list {number + 1}",
                _list_branches(number, row),
                proofs,
                of_lists,
            )

    def _possible(self, answer: Sequence[Sequence[int]]) -> list[int]:
        """Return the bits in one row; raises ImpossibleAnswer."""
        try:
            bits = self.unfold([list(row) for row in answer])
        except (NotCanonical, TypeError) as error:
            raise ImpossibleAnswer(_HINT) from error
        if not all(bit in (0, 1) for bit in bits) or not self._allows(bits):
            raise ImpossibleAnswer(_HINT)
        return bits

    def _allows(self, bits: Sequence[int]) -> bool:
        rows = self.fold(bits)
        chosen = [candidates for is_chosen, *candidates in rows if is_chosen]
        elsewhere = [bit for is_chosen, *candidates in rows if not is_chosen for bit in candidates]
        return len(chosen) == 1 and any(chosen[0]) and not any(elsewhere)


def _list_branches(number: int, row: range) -> list[tuple[Choice | Sum, int]]:
    """List *number*, whose ciphertexts are these, is chosen, or none of its candidates."""
    return [(Choice(row.start), 1), (Sum(1 + number), 0)]


_HINT = (
    "An answer has a row of numbers 0 or 1 for each list, itself first: one list is 1, and of its candidates "
    "at least one."
)


def _prove_nonzero(
    group: Group, y: Element, ciphertext: Ciphertext, r: int, s_text: str, randbytes: RandomBytes
) -> dict[str, object]:
    """Prove that (alpha, beta) with randomness *r* encrypts m ≠ 0 (version 3.3, section 4.15)."""
    power, alpha, beta = group.secret_power, ciphertext.alpha, ciphertext.beta
    s = group.random_scalar(randbytes) or 1
    minus_s_r = -s * r % group.q
    a0 = group.multiply(power(beta, s), power(y, minus_s_r))
    w1, w2 = group.random_scalar(randbytes), group.random_scalar(randbytes)
    a1 = group.multiply(power(alpha, w1), group.secret_power_generator(w2))
    a2 = group.multiply(power(beta, w1), power(y, w2))
    challenge = _nonzero_challenge(group, s_text, a0, a1, a2)
    t1, t2 = (w1 - s * challenge) % group.q, (w2 - minus_s_r * challenge) % group.q
    return {
        "commitment": group.text(a0),
        "challenge": str(challenge),
        "response": [str(t1), str(t2)],
    }


def _holds_nonzero(key: VerifyingKey, ciphertext: Ciphertext, proof: NonzeroProof, s_text: str) -> bool:
    group = key.group
    t1, t2 = proof.response
    a1 = group.multiply(group.power(ciphertext.alpha, t1), key.g_power(t2))
    a2 = product_of(
        group,
        [
            group.power(ciphertext.beta, t1),
            key.y_power(t2),
            group.power(proof.commitment, proof.challenge),
        ],
    )
    # A0 = 1 would say that m = 0.
    return proof.commitment != group.identity and proof.challenge == _nonzero_challenge(
        group, s_text, proof.commitment, a1, a2
    )


def _nonzero_challenge(group: Group, s_text: str, a0: Element, a1: Element, a2: Element) -> int:
    return group.hash_to_scalar(f"nonzero|{s_text}|{group.text(a0)},{group.text(a1)},{group.text(a2)}")


def _read_nonzero(group: Group, value: object, where: str) -> NonzeroProof:
    fields = record(value, "commitment", "challenge", "response")
    try:
        commitment = group.element(fields["commitment"])
    except (NotCanonical, NotInGroup) as error:
        raise Refused("ballot_element", where) from error
    t1, t2 = (read_scalar(group, t, where) for t in array(fields["response"], length=2))
    return NonzeroProof(commitment, read_scalar(group, fields["challenge"], where), (t1, t2))
