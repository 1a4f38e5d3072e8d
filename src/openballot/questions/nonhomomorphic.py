"""Give each answer a number: a rank, a grade, points. Papers are shuffled, then each is decrypted by itself.

The trap: anything can be encrypted, and everything decrypts to some numbers. Only those that encode to the
very same element are an answer; whatever else comes out is undecodable, and never a vote.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from openballot.canonical import array, compact, integer, read, record, string
from openballot.checks import Finding, Refused, finding
from openballot.disjunction import Ciphertext, VerifyingKey
from openballot.groups import Element, Group, NotEncodable, NotInGroup, RandomBytes, quotient
from openballot.questions.base import AnyQuestion, Context, ImpossibleAnswer, WrongNonce
from openballot.questions.texts import ciphertext_json, read_ciphertext, read_proof
from openballot.schnorr import Proof


@dataclass(frozen=True, slots=True)
class EncodedAnswer:
    """The encrypted answer, all its numbers in one ciphertext, as read; nothing in it is proven yet."""

    choices: Ciphertext
    proof: Proof

    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]:
        return (self.choices,)


@dataclass(frozen=True, slots=True, kw_only=True)
class NonHomomorphic(AnyQuestion[EncodedAnswer]):
    """An answer is a number from 0 to 255 for each of *answers*; what they mean is for whoever counts.

    *extra* is the text of whatever else the election says about the question, without a meaning here: by
    convention how it is counted, as docs/specs/openballot.md has it.
    """

    question: str
    answers: tuple[str, ...]
    extra: str | None = None

    is_shuffled: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not self.answers:
            raise Refused("election_question", "question")

    @property
    def limits(self) -> str:
        return "a number from 0 to 255 for each"

    @property
    def options(self) -> list[str]:
        return list(self.answers)

    def as_json(self) -> dict[str, Any]:
        extra = {} if self.extra is None else {"extra": read(self.extra)}
        inner = {"answers": list(self.answers), "question": self.question}
        return {"type": "NonHomomorphic", "value": inner, **extra}

    @classmethod
    def from_json(cls, value: object) -> Self:
        fields = record(value, "type", "value", "extra", optional=("extra",))
        inner = record(fields["value"], "answers", "question")
        return cls(
            question=string(inner["question"]),
            answers=tuple(string(answer) for answer in array(inner["answers"])),
            extra=compact(fields["extra"]) if "extra" in fields else None,
        )

    def refuse_group(self, group: Group) -> None:
        if group.most_integers == 0:
            raise Refused("election_question_group", "question")
        if len(self.answers) > group.most_integers:
            raise Refused("election_question", "question")

    def unfold(self, value: object, length: int | None = None) -> list[Any]:
        return array(value, length=length)

    def fold(self, row: Sequence[object]) -> list[Any]:
        return list(row)

    def encrypt(self, context: Context, answer: Sequence[int], randbytes: RandomBytes) -> dict[str, object]:
        group = context.group
        encoded = self._encoded(group, answer)
        r = group.random_scalar(randbytes)
        shared = group.secret_power(context.y, r)
        choices = Ciphertext(group.secret_power_generator(r), group.multiply(shared, encoded))
        w = group.random_scalar(randbytes)
        challenge = _challenge(context, choices, group.secret_power_generator(w))
        proof = Proof(challenge, (w - r * challenge) % group.q)
        return {"choices": ciphertext_json(group, choices), "proof": proof.as_json()}

    def read_answer(self, group: Group, value: object, where: str) -> EncodedAnswer:
        fields = record(value, "choices", "proof")
        return EncodedAnswer(
            read_ciphertext(group, fields["choices"], where), read_proof(group, fields["proof"], where)
        )

    def findings(
        self, context: Context, key: VerifyingKey, answer: EncodedAnswer, where: str
    ) -> list[Finding]:
        """A = g^response alpha^challenge must hash to the challenge: whoever made alpha knows r."""
        group, choices, proof = key.group, answer.choices, answer.proof
        try:
            raised = group.shared_powers([choices.alpha, choices.beta], [[proof.challenge], []], [])
        except NotInGroup:
            return [finding("ballot_element", where)]
        commitment = group.multiply(key.g_power(proof.response), raised.own[0][0])
        if _challenge(context, choices, commitment) != proof.challenge:
            return [finding("ballot_raw_proof", where)]
        return []

    def open_answer(
        self, group: Group, y: Element, answer: EncodedAnswer, nonces: Sequence[int]
    ) -> list[int]:
        (r,) = nonces
        encoded = quotient(group, answer.choices.beta, group.power(y, r))
        if answer.choices.alpha != group.power_generator(r) or not self._is_answer(group, encoded):
            raise WrongNonce(1)
        return group.decode(encoded, len(self.answers))

    def chosen(self, answer: Sequence[int]) -> tuple[str, ...]:
        return tuple(f"{text}: {number}" for text, number in zip(self.answers, answer, strict=True))

    def tally(self, group: Group, cast: Sequence[tuple[Sequence[Element], int]]) -> list[Ciphertext]:
        """All ciphertexts as they are, sorted by alpha, then beta, so that their order tells nothing."""
        if any(weight != 1 for _, weight in cast):
            raise Refused("credential_weight", "encrypted tally")
        return _sorted(group, [Ciphertext(*elements) for elements, _ in cast])

    def together(self, group: Group, left: list[Ciphertext], right: list[Ciphertext]) -> list[Ciphertext]:
        return _sorted(group, left + right)

    def without(self, group: Group, whole: list[Ciphertext], part: list[Ciphertext]) -> list[Ciphertext]:
        taken_out = Counter(part)
        left = []
        for choice in whole:
            if taken_out[choice]:
                taken_out[choice] -= 1
            else:
                left.append(choice)
        return left

    def result(self, group: Group, opened: Sequence[Element], logarithm: Callable[[Element], int]) -> Any:
        return [group.decode(element, len(self.answers)) for element in opened]

    def read_result(self, value: object) -> list[Any]:
        return [[integer(n) for n in array(row, length=len(self.answers))] for row in array(value)]

    def range_findings(self, counts: list[Any], total_weight: int, where: str) -> list[Finding]:
        return []

    def value_findings(
        self, group: Group, counts: list[Any], opened: Sequence[Element], where: str
    ) -> list[Finding]:
        decrypted = [group.decode(element, len(self.answers)) for element in opened]
        if len(counts) != len(decrypted):
            return [finding("result_value", where)]
        return [
            finding("result_value", f"{where}, paper {number}")
            for number, (stated, numbers) in enumerate(zip(counts, decrypted, strict=True), start=1)
            if stated != numbers
        ]

    def undecodable(self, group: Group, opened: Sequence[Element]) -> list[int]:
        return [place for place, element in enumerate(opened) if not self._is_answer(group, element)]

    def _is_answer(self, group: Group, element: Element) -> bool:
        return group.holds_integers(element, len(self.answers))

    def _encoded(self, group: Group, answer: Sequence[int]) -> Element:
        is_row = len(answer) == len(self.answers) and all(type(number) is int for number in answer)
        try:
            if is_row:
                return group.encode(answer)
        except NotEncodable:
            pass
        raise ImpossibleAnswer(f"An answer is {len(self.answers)} whole numbers from 0 to 255.")


def _sorted(group: Group, choices: list[Ciphertext]) -> list[Ciphertext]:
    return sorted(choices, key=lambda each: (group.order_key(each.alpha), group.order_key(each.beta)))


def _challenge(context: Context, choices: Ciphertext, commitment: Element) -> int:
    group = context.group
    alpha, beta, y = group.text(choices.alpha), group.text(choices.beta), group.text(context.y)
    return group.hash_to_scalar(f"raweg|{context.s0}|{y},{alpha},{beta}|{group.text(commitment)}")
