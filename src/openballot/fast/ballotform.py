"""The one text that a ballot of an election can be, and what its proofs ask to be computed.

It holds a ballot to everything that `openballot.ballots` does, and names nothing: of a ballot that fails here
`BallotChecker` says what is wrong. Of the kinds of questions only `Question` is known here.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from openballot.ballots import Ballot, Sealed, ballot_hash
from openballot.canonical import hash_base64
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.fast.programs import Engine, Powers, Product, Program, Results
from openballot.groups import Element
from openballot.questions.homomorphic import Answer, Question
from openballot.schnorr import Proof

# A comb of its own pays for the product of an answer's choices when it saves so many terms.
_OWN_COMB_FROM = 6


class Reading(NamedTuple):
    """A ballot's values as they stand in its text, and the numbers they are; nothing is proven yet."""

    text: str
    values: Sequence[str]
    elements: list[Element]
    scalars: list[int]
    signed_hash: str


@dataclass(frozen=True, slots=True)
class _Disjunction:
    """Branches of a choice, or of the product of all but the blank one (None), each with its message.

    The texts of *choices* are hashed, and those of the product where *names_product*.
    """

    kind: str
    choices: range
    names_product: bool
    branches: tuple[tuple[int | None, int], ...]


def _disjunctions(question: Question) -> list[_Disjunction]:
    """What an answer proves, in the order of its proofs (Belenios specification, 4.12 and 4.13)."""
    every = range(question.choices)
    individual = [
        _Disjunction("prove", range(choice, choice + 1), False, ((choice, 0), (choice, 1)))
        for choice in every
    ]
    interval = tuple((None, m) for m in range(question.min, question.max + 1))
    if not question.blank:
        return [*individual, _Disjunction("prove", every, True, interval)]
    return [
        *individual,
        _Disjunction("bproof1", every, False, ((0, 1), *interval)),
        _Disjunction("bproof0", every, False, ((0, 0), (None, 0))),
    ]


@dataclass(frozen=True, slots=True)
class _Statement:
    """Where the texts, results and challenges of one disjunction stand; *product* is None when not hashed."""

    kind: str
    choices: slice
    product: slice | None
    commitments: slice
    challenges: slice


@dataclass(frozen=True, slots=True)
class _AnswerPlaces:
    """Where an answer's elements stand, and the proofs of each of its disjunctions."""

    elements: slice
    proofs: list[slice]
    blank: bool

    def answer(self, elements: Sequence[Element], proofs: Sequence[Proof]) -> Answer:
        own = elements[self.elements]
        groups = [tuple(proofs[place]) for place in self.proofs]
        blank = groups.pop() if self.blank else ()
        overall = groups.pop()
        return Answer(tuple(map(Ciphertext, own[::2], own[1::2])), tuple(groups), overall, blank)


def is_known(election: Election) -> bool:
    """Are all its questions of the one kind that is known here?"""
    return all(type(question) is Question for question in election.questions)


class BallotForm:
    """Reads the ballots of one election and says which of them hold, once their results are computed."""

    def __init__(self, election: Election, engine: Engine) -> None:
        self._election = election
        self._engine = engine
        self._pattern = re.compile(_pattern(election, engine.element_pattern))
        self._plan = _Plan(_known(election))
        self._tables = engine.table(election.group.generator), engine.table(election.public_key)

    def sealed_if_they_hold(
        self, credentials: Mapping[str, int], texts: Sequence[str]
    ) -> list[Sealed | None]:
        """Return what a tally takes of the ballots that hold, and None for all others."""
        return self._sealed(credentials, self._proven(credentials, texts))

    def ballot_if_it_holds(self, credentials: Mapping[str, int], text: str) -> Ballot | None:
        """Return the ballot as `read_ballot` does, or None."""
        (reading,) = self._proven(credentials, [text])
        return None if reading is None else self._ballot(credentials, reading)

    def sealed(self, credentials: Mapping[str, int], texts: Sequence[str]) -> list[Sealed | None]:
        """Return the same for what can be read, with nothing proven, and None for what this cannot read."""
        return self._sealed(credentials, [self._read(credentials, text) for text in texts])

    def _proven(self, credentials: Mapping[str, int], texts: Sequence[str]) -> list[Reading | None]:
        readings = [self._read(credentials, text) for text in texts]
        read = [reading for reading in readings if reading is not None]
        results = iter(
            self._engine.run(
                self._plan.program,
                self._tables,
                [each.elements for each in read],
                [each.scalars for each in read],
            )
        )
        return [
            reading if reading is not None and self._holds(reading, next(results)) else None
            for reading in readings
        ]

    def _sealed(
        self, credentials: Mapping[str, int], readings: Sequence[Reading | None]
    ) -> list[Sealed | None]:
        places = [places.elements for places in self._plan.answers]
        return [
            None
            if reading is None
            else Sealed(
                reading.values[0],
                credentials[reading.values[0]],
                tuple([reading.elements[place] for place in places]),
            )
            for reading in readings
        ]

    def _read(self, credentials: Mapping[str, int], text: str) -> Reading | None:
        """Read a ballot whose text is exact and whose credential is listed."""
        match = self._pattern.fullmatch(text)
        if match is None:
            return None
        plan, q, values = self._plan, self._election.group.q, match.groups()
        scalars = list(map(int, plan.scalars_of(values)))
        if max(scalars) >= q or values[0] not in credentials:
            return None
        signed_hash = hash_base64(text[: text.rindex(',"signature"')] + "}")
        elements = self._engine.elements([values[place] for place in plan.element_values])
        if signed_hash != values[-3] or elements is None:
            return None
        scalars += [-m * scalars[place] % q for place, m in plan.multiples]
        return Reading(text, values, elements, scalars, signed_hash)

    def _holds(self, reading: Reading, results: Results | None) -> bool:
        if results is None or not self._is_signed(reading, results):
            return False
        return all(self._is_true(statement, reading, results) for statement in self._plan.statements)

    def _ballot(self, credentials: Mapping[str, int], reading: Reading) -> Ballot:
        credential, plan = reading.values[0], self._plan
        numbers = reading.scalars[: plan.numbers]
        *proofs, signature = map(Proof, numbers[::2], numbers[1::2])
        return Ballot(
            credential=credential,
            tracker=ballot_hash(reading.text),
            weight=credentials[credential],
            signed_hash=reading.signed_hash,
            signature_hash=reading.signed_hash,
            signature=signature,
            answers=tuple([places.answer(reading.elements, proofs) for places in plan.answers]),
        )

    def _is_signed(self, reading: Reading, results: Results) -> bool:
        plan = self._plan
        text = f"sig|{reading.signed_hash}|{self._engine.joined(results, plan.signature)}"
        return self._election.group.hash_to_scalar(text) == reading.scalars[plan.numbers - 2]

    def _is_true(self, statement: _Statement, reading: Reading, results: Results) -> bool:
        group, joined, values = self._election.group, self._engine.joined, reading.values
        choices = ",".join(values[statement.choices])
        if statement.product is not None:
            choices += "|" + joined(results, statement.product)
        commitments = joined(results, statement.commitments)
        text = f"{statement.kind}|{self._election.fingerprint}|{values[0]}|{choices}|{commitments}"
        return group.hash_to_scalar(text) == sum(reading.scalars[statement.challenges]) % group.q


def _known(election: Election) -> list[Question]:
    return [question for question in election.questions if isinstance(question, Question)]


class _Plan:
    """Where every value of a ballot stands in its text, and what of it is computed.

    Its values are the credential, each answer's elements and proofs, the signature's hash and its proof. The
    elements are those of the answers, then the credential; the scalars are those of all proofs, then
    multiples of some; the results are all commitments in the order of the proofs, then products of choices.
    """

    def __init__(self, questions: Sequence[Question]) -> None:
        branches = sum(len(d.branches) for question in questions for d in _disjunctions(question))
        self._credential = 2 * sum(question.choices for question in questions)
        self.signature = slice(2 * branches, 2 * branches + 1)
        self._first_multiple = 2 * branches + 2
        self._products: list[Product] = []
        self._powers: list[Powers] = []
        self._values = 1
        self.element_values: list[int] = []
        self._scalar_values: list[int] = []
        self.multiples: list[tuple[int, int]] = []
        self.statements: list[_Statement] = []
        self.answers: list[_AnswerPlaces] = []
        for question in questions:
            self._add(question)
        self._add_signature()
        self.numbers = len(self._scalar_values)
        self.scalars_of = itemgetter(*self._scalar_values)
        self.program = Program(
            elements=self._credential + 1,
            # The credential was proven with the list it stands on.
            proven=self._credential,
            scalars=len(self._scalar_values) + len(self.multiples),
            products=tuple(self._products),
            powers=tuple(self._powers),
        )

    def _add(self, question: Question) -> None:
        first, texts = len(self.element_values), self._values
        self.element_values += self._take(2 * question.choices)
        disjunctions = _disjunctions(question)
        product, bases = self._product_of(question, disjunctions, first)
        proofs = []
        for disjunction in disjunctions:
            choices = disjunction.choices
            scalar, power = len(self._scalar_values), len(self._powers)
            count = len(disjunction.branches)
            self._scalar_values += self._take(2 * count)
            for number, (choice, m) in enumerate(disjunction.branches):
                about = bases if choice is None else [(first + 2 * choice, first + 2 * choice + 1)]
                self._commit(about, m, scalar + 2 * number)
            proofs.append(slice(scalar // 2, scalar // 2 + count))
            self.statements.append(
                _Statement(
                    kind=disjunction.kind,
                    choices=slice(texts + 2 * choices.start, texts + 2 * choices.stop),
                    product=slice(product, product + 2) if disjunction.names_product else None,
                    commitments=slice(power, power + 2 * count),
                    challenges=slice(scalar, scalar + 2 * count, 2),
                )
            )
        self.answers.append(_AnswerPlaces(slice(first, first + 2 * question.choices), proofs, question.blank))

    def _product_of(
        self, question: Question, disjunctions: Sequence[_Disjunction], first: int
    ) -> tuple[int, list[tuple[int, int]]]:
        """Return which result the product's alpha is, and the bases that the product's powers are made of."""
        summed = range(question.blank, question.choices)
        pairs = [(first + 2 * choice, first + 2 * choice + 1) for choice in summed]
        number = len(self._products)
        powers = [choice for d in disjunctions for choice, _ in d.branches].count(None)
        is_base = powers * (len(summed) - 1) >= _OWN_COMB_FROM
        if is_base or any(d.names_product for d in disjunctions):
            self._products += [Product(elements, is_base) for elements in zip(*pairs, strict=True)]
        base = self._credential + 1 + number
        return self.signature.stop + number, [(base, base + 1)] if is_base else pairs

    def _commit(self, bases: Sequence[tuple[int, int]], m: int, challenge: int) -> None:
        """A = g^response alpha^challenge, B = y^response beta^challenge g^(-m challenge)."""
        response = challenge + 1
        multiple = self._multiple(challenge, m) if m else None
        self._powers.append(Powers(tuple((alpha, challenge) for alpha, _ in bases), g_scalar=response))
        self._powers.append(Powers(tuple((beta, challenge) for _, beta in bases), multiple, response))

    def _multiple(self, scalar: int, m: int) -> int:
        self.multiples.append((scalar, m))
        return self._first_multiple + len(self.multiples) - 1

    def _add_signature(self) -> None:
        self.element_values.append(0)
        self._take(1)
        challenge = len(self._scalar_values)
        self._scalar_values += self._take(2)
        self._powers.append(Powers(((self._credential, challenge),), g_scalar=challenge + 1))

    def _take(self, count: int) -> range:
        self._values += count
        return range(self._values - count, self._values)


def _pattern(election: Election, element: str) -> str:
    """Write the regular expression of a ballot's text, whose groups are its values."""
    most = len(str(election.group.q)) - 1
    number = f"(0|[1-9][0-9]{{0,{most}}})"
    proof = _object(challenge=f'"{number}"', response=f'"{number}"')
    ciphertext = _object(alpha=f'"({element})"', beta=f'"({element})"')
    answers = [_answer_pattern(question, ciphertext, proof) for question in _known(election)]
    return _object(
        election_uuid=f'"{re.escape(election.uuid)}"',
        election_hash=f'"{re.escape(election.fingerprint)}"',
        credential=f'"({element})"',
        answers=_array(answers),
        signature=_object(hash='"([0-9A-Za-z+/]{43})"', proof=proof),
    )


def _answer_pattern(question: Question, ciphertext: str, proof: str) -> str:
    groups = [_array([proof] * len(d.branches)) for d in _disjunctions(question)]
    blank = {"blank_proof": groups.pop()} if question.blank else {}
    overall = groups.pop()
    choices = _array([ciphertext] * question.choices)
    return _object(choices=choices, individual_proofs=_array(groups), overall_proof=overall, **blank)


def _object(**fields: str) -> str:
    return r"\{" + ",".join([f'"{name}":{pattern}' for name, pattern in fields.items()]) + r"\}"


def _array(items: Sequence[str]) -> str:
    return r"\[" + ",".join(items) + r"\]"
