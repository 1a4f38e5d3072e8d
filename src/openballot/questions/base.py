"""What every kind of question can do. An answer is a row of ciphertexts, in the order they stand in its text.

The trap is the shape: texts nest the rows of some kinds, so rows go through `unfold` and `fold`, both ways.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from openballot.canonical import weight as read_weight
from openballot.canonical import weight_value
from openballot.checks import Finding, finding
from openballot.disjunction import Ciphertext, VerifyingKey
from openballot.elements import products
from openballot.groups import Element, Group, RandomBytes, product_of, quotient


class ImpossibleAnswer(ValueError):
    """The choices asked for are not allowed by the question, so no proof for them exists."""


class WrongNonce(ValueError):
    """A number does not open the ciphertext number *choice* of an answer."""

    def __init__(self, choice: int) -> None:
        super().__init__("A number does not open its ciphertext.")
        self.choice = choice


@dataclass(frozen=True, slots=True)
class Context:
    """What the proofs of one paper are bound to: the election's key y, and S0 = fingerprint|credential."""

    group: Group
    y: Element
    s0: str


class Answer(Protocol):
    @property
    def ciphertexts(self) -> tuple[Ciphertext, ...]: ...


A = TypeVar("A", bound=Answer)


class AnyQuestion(ABC, Generic[A]):
    """A question as it stands in the election, and all that depends on its kind."""

    question: str
    is_shuffled: ClassVar[bool] = False

    @property
    @abstractmethod
    def limits(self) -> str:
        """What an answer may be, in a few words."""

    @property
    @abstractmethod
    def options(self) -> list[str]:
        """What there is to choose from, a line each."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]: ...

    @classmethod
    @abstractmethod
    def from_json(cls, value: object) -> Self:
        """Read a question; raises NotCanonical or Refused."""

    def refuse_group(self, group: Group) -> None:
        """Raise Refused when the group cannot hold the answers."""

    @abstractmethod
    def encrypt(self, context: Context, answer: Any, randbytes: RandomBytes) -> dict[str, object]:
        """Encrypt and prove an answer; raises ImpossibleAnswer."""

    @abstractmethod
    def read_answer(self, group: Group, value: object, where: str) -> A:
        """Read an encrypted answer, proving nothing; raises NotCanonical or Refused."""

    @abstractmethod
    def findings(self, context: Context, key: VerifyingKey, answer: A, where: str) -> list[Finding]:
        """Prove that the ciphertexts are members and check every proof."""

    @abstractmethod
    def open_answer(self, group: Group, y: Element, answer: A, nonces: Sequence[int]) -> Any:
        """Return the plain answer, by the r of each ciphertext in turn; raises WrongNonce."""

    @abstractmethod
    def chosen(self, answer: Any) -> tuple[str, ...] | None:
        """Say a plain answer in the question's own words; None for a blank vote."""

    @abstractmethod
    def unfold(self, value: object, length: int | None = None) -> list[Any]:
        """Return the row in a text's value of this question's shape; raises NotCanonical.

        *length* is how many ciphertexts there are, where the question itself does not say.
        """

    @abstractmethod
    def fold(self, row: Sequence[object]) -> list[Any]:
        """Put a row into the shape it has in texts."""

    @abstractmethod
    def tally(self, group: Group, cast: Sequence[tuple[Sequence[Element], int]]) -> list[Ciphertext]:
        """Return the encrypted tally's row of the answers with these elements and weights; raises Refused."""

    @abstractmethod
    def together(self, group: Group, left: list[Ciphertext], right: list[Ciphertext]) -> list[Ciphertext]:
        """Return the row of all the answers in either of two rows."""

    @abstractmethod
    def without(self, group: Group, whole: list[Ciphertext], part: list[Ciphertext]) -> list[Ciphertext]:
        """Return the row that is left when the answers in *part* are taken out."""

    @abstractmethod
    def result(self, group: Group, opened: Sequence[Element], logarithm: Callable[[Element], int]) -> Any:
        """Return what the result says when the tally's row decrypts to the elements *opened*."""

    @abstractmethod
    def read_result(self, value: object) -> list[Any]:
        """Read such a value, its counts as integers; raises NotCanonical."""

    @abstractmethod
    def range_findings(self, counts: list[Any], total_weight: int, where: str) -> list[Finding]:
        """Name counts that no papers of this weight can have."""

    @abstractmethod
    def value_findings(
        self, group: Group, counts: list[Any], opened: Sequence[Element], where: str
    ) -> list[Finding]:
        """Name counts that are not what was decrypted."""

    def undecodable(self, group: Group, opened: Sequence[Element]) -> list[int]:
        """Return the places, from 0, of decrypted answers that no honest device writes: never votes."""
        return []


class AddedUp(AnyQuestion[A]):
    """A question whose answers are multiplied, so that only their sums are ever decrypted."""

    @property
    @abstractmethod
    def choices(self) -> int:
        """How many ciphertexts an answer has."""

    @abstractmethod
    def fits(self, counts: Sequence[int], total_weight: int) -> bool:
        """Can papers of this total weight have these counts?"""

    def tally(self, group: Group, cast: Sequence[tuple[Sequence[Element], int]]) -> list[Ciphertext]:
        nothing = [group.identity] * (2 * self.choices)
        trusting = group.trusting()
        rows = [
            elements if weight == 1 else [trusting.power(element, weight) for element in elements]
            for elements, weight in cast
        ]
        totals = products(group, rows or [nothing])
        return list(map(Ciphertext, totals[::2], totals[1::2]))

    def together(self, group: Group, left: list[Ciphertext], right: list[Ciphertext]) -> list[Ciphertext]:
        return [
            Ciphertext(group.multiply(one.alpha, other.alpha), group.multiply(one.beta, other.beta))
            for one, other in zip(left, right, strict=True)
        ]

    def without(self, group: Group, whole: list[Ciphertext], part: list[Ciphertext]) -> list[Ciphertext]:
        return [
            Ciphertext(quotient(group, one.alpha, other.alpha), quotient(group, one.beta, other.beta))
            for one, other in zip(whole, part, strict=True)
        ]

    def result(self, group: Group, opened: Sequence[Element], logarithm: Callable[[Element], int]) -> Any:
        return self.fold([weight_value(logarithm(element)) for element in opened])

    def read_result(self, value: object) -> list[Any]:
        return self.fold([read_weight(count) for count in self.unfold(value)])

    def range_findings(self, counts: list[Any], total_weight: int, where: str) -> list[Finding]:
        return [] if self.fits(self.unfold(counts), total_weight) else [finding("result_range", where)]

    def value_findings(
        self, group: Group, counts: list[Any], opened: Sequence[Element], where: str
    ) -> list[Finding]:
        return [
            finding("result_value", f"{where}, choice {number}")
            for number, (count, element) in enumerate(zip(self.unfold(counts), opened, strict=True), start=1)
            if group.power_generator(count % group.q) != element
        ]


def sum_of(group: Group, choices: Sequence[Ciphertext]) -> Ciphertext:
    """Return the encryption of the sum of what *choices* encrypt."""
    return Ciphertext(
        product_of(group, [choice.alpha for choice in choices]),
        product_of(group, [choice.beta for choice in choices]),
    )


def elements_of(answer: Answer) -> list[Element]:
    """Return alpha, beta, alpha, beta, … of an answer."""
    return [element for choice in answer.ciphertexts for element in (choice.alpha, choice.beta)]
