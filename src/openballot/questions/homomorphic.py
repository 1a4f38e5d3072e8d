"""Choose from *min* to *max* of the answers, or blank where that is allowed; only the counts are decrypted.

The trap: individual proofs are bound to S0 = fingerprint|credential, the others to S, which adds the
ciphertexts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from openballot import disjunction
from openballot.canonical import NotCanonical, array, integer, record, string
from openballot.checks import Finding, Refused
from openballot.disjunction import Branch, Ciphertext, VerifyingKey
from openballot.groups import Element, Group, RandomBytes
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
    read_proofs,
)
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class Answer:
    """The encrypted answer to one question, as read; nothing in it is proven yet."""

    choices: tuple[Ciphertext, ...]
    individual_proofs: tuple[tuple[Proof, ...], ...]
    overall_proof: tuple[Proof, ...]
    blank_proof: tuple[Proof, ...]

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        return self.choices


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(AddedUp[Answer]):
    """A homomorphic question: choose from *min* to *max* of the answers, or blank where that is allowed.

    An answer is 0 or 1 for each choice, the blank one leading.
    """

    question: str
    answers: tuple[str, ...]
    min: int
    max: int
    blank: bool = False

    def __post_init__(self) -> None:
        if not (self.answers and 0 <= self.min <= self.max <= len(self.answers)):
            raise Refused("election_question", "question")

    @property
    def choices(self) -> int:
        """How many ciphertexts an answer has: the blank one leads."""
        return len(self.answers) + self.blank

    @property
    def limits(self) -> str:
        return f"{self.min}–{self.max}" + (", or blank" if self.blank else "")

    @property
    def options(self) -> list[str]:
        return list(self.answers)

    def as_json(self) -> dict[str, Any]:
        blank = {"blank": True} if self.blank else {}
        return {
            "answers": list(self.answers),
            **blank,
            "min": self.min,
            "max": self.max,
            "question": self.question,
        }

    @classmethod
    def from_json(cls, value: object) -> Self:
        fields = record(value, "answers", "blank", "min", "max", "question", optional=("blank",))
        blank = fields.get("blank", False)
        if not isinstance(blank, bool):
            raise NotCanonical("blank must be true or false.")
        return cls(
            question=string(fields["question"]),
            answers=tuple(string(answer) for answer in array(fields["answers"])),
            min=integer(fields["min"]),
            max=integer(fields["max"]),
            blank=blank,
        )

    def unfold(self, value: object, length: int | None = None) -> list[Any]:
        return array(value, length=self.choices)

    def fold(self, row: Sequence[object]) -> list[Any]:
        return list(row)

    def encrypt(self, context: Context, answer: Sequence[int], randbytes: RandomBytes) -> dict[str, object]:
        self._check_possible(answer)
        group, y = context.group, context.y
        randomness = [group.random_scalar(randbytes) for _ in answer]
        choices = [encrypted(group, y, m, r) for m, r in zip(answer, randomness, strict=True)]
        s = f"{context.s0}|{choices_text(group, choices)}"
        individual = []
        for choice, m, r in zip(choices, answer, randomness, strict=True):
            prefix = interval_prefix(group, context.s0, choice)
            branches = [Branch(choice, 0), Branch(choice, 1)]
            individual.append(disjunction.prove(group, y, branches, m, r, prefix, randbytes))
        total = sum_of(group, choices[self.blank :])
        r_total = sum(randomness[self.blank :]) % group.q
        chosen = sum(answer[self.blank :])
        interval = [Branch(total, m) for m in self._allowed]
        sealed: dict[str, object] = {
            "choices": [ciphertext_json(group, choice) for choice in choices],
            "individual_proofs": [proofs_json(proofs) for proofs in individual],
        }
        if not self.blank:
            prefix = interval_prefix(group, s, total)
            overall = disjunction.prove(group, y, interval, chosen - self.min, r_total, prefix, randbytes)
            return {**sealed, "overall_proof": proofs_json(overall)}
        is_blank, r_blank = answer[0] == 1, randomness[0]
        blank_proof = disjunction.prove(
            group,
            y,
            [Branch(choices[0], 0), Branch(total, 0)],
            1 if is_blank else 0,
            r_total if is_blank else r_blank,
            f"bproof0|{s}|",
            randbytes,
        )
        overall = disjunction.prove(
            group,
            y,
            [Branch(choices[0], 1), *interval],
            0 if is_blank else 1 + chosen - self.min,
            r_blank if is_blank else r_total,
            f"bproof1|{s}|",
            randbytes,
        )
        return {
            **sealed,
            "overall_proof": proofs_json(overall),
            "blank_proof": proofs_json(blank_proof),
        }

    def read_answer(self, group: Group, value: object, where: str) -> Answer:
        names = ["choices", "individual_proofs", "overall_proof", *(["blank_proof"] if self.blank else [])]
        fields = record(value, *names)
        return Answer(
            choices=tuple(
                read_ciphertext(group, choice, f"{where}, choice {number}")
                for number, choice in enumerate(self.unfold(fields["choices"]), start=1)
            ),
            individual_proofs=tuple(
                read_proofs(group, proofs, 2, where) for proofs in self.unfold(fields["individual_proofs"])
            ),
            overall_proof=read_proofs(group, fields["overall_proof"], len(self._allowed) + self.blank, where),
            blank_proof=read_proofs(group, fields["blank_proof"], 2, where) if self.blank else (),
        )

    def findings(self, context: Context, key: VerifyingKey, answer: Answer, where: str) -> list[Finding]:
        others = range(self.blank, self.choices)
        parts = Parts(key.group, answer.choices, [range(1), others] if self.blank else [others])
        return findings_of(key, parts, self._statements(context, parts, answer), where)

    def open_answer(self, group: Group, y: Element, answer: Answer, nonces: Sequence[int]) -> list[int]:
        return opened_bits(group, y, answer.choices, nonces)

    def chosen(self, answer: Sequence[int]) -> tuple[str, ...] | None:
        if self.blank and answer[0]:
            return None
        return tuple(text for text, bit in zip(self.answers, answer[self.blank :], strict=True) if bit)

    def fits(self, counts: Sequence[int], total_weight: int) -> bool:
        """No count exceeds what was cast, and the sum respects the limits, blank votes aside."""
        answered = total_weight - (counts[0] if self.blank else 0)
        chosen = counts[self.blank :]
        return (
            answered >= 0
            and max(chosen) <= answered
            and self.min * answered <= sum(chosen) <= self.max * answered
        )

    @property
    def _allowed(self) -> range:
        return range(self.min, self.max + 1)

    def _statements(self, context: Context, parts: Parts, answer: Answer) -> list[Statement]:
        group = context.group
        s = f"{context.s0}|{choices_text(group, answer.choices)}"
        statements = [
            Statement(
                "ballot_individual_proof",
                f", choice {index + 1}",
                [(Choice(index), 0), (Choice(index), 1)],
                answer.individual_proofs[index],
                interval_prefix(group, context.s0, choice),
            )
            for index, choice in enumerate(answer.choices)
        ]
        last = len(parts.parts) - 1
        interval = [(Sum(last), m) for m in self._allowed]
        if not self.blank:
            prefix = interval_prefix(group, s, parts.sums[last])
            return [
                *statements,
                Statement("ballot_overall_proof", "", interval, answer.overall_proof, prefix),
            ]
        return [
            *statements,
            Statement(
                "ballot_blank_proof",
                "",
                [(Choice(0), 0), (Sum(last), 0)],
                answer.blank_proof,
                f"bproof0|{s}|",
            ),
            Statement(
                "ballot_overall_proof",
                "",
                [(Choice(0), 1), *interval],
                answer.overall_proof,
                f"bproof1|{s}|",
            ),
        ]

    def _check_possible(self, answer: Sequence[int]) -> None:
        is_row = len(answer) == self.choices and all(bit in (0, 1) for bit in answer)
        if not is_row or not self._allows(answer):
            raise ImpossibleAnswer(
                f"An answer is {self.choices} numbers 0 or 1, {self.min} to {self.max} of them 1."
            )

    def _allows(self, bits: Sequence[int]) -> bool:
        chosen = sum(bits[self.blank :])
        return chosen == 0 if self.blank and bits[0] else self.min <= chosen <= self.max
