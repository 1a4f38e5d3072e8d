"""What an archive says, read with every key and with nothing of the library: what the fuzzers measure it by.

Each paper is opened by itself, in arithmetic that is plain and slow; no proof is looked at. So whatever the
verifier accepts must say what is found here, whichever proof it was that should have kept a lie out.
"""

import base64
import hashlib
import io
import json
import re
import tarfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from openballot import finitefields, groups

ORDER = re.compile(
    r"(Setup;(Ballot;)*)(EndBallots;(EncryptedTally;((Shuffle;)+(EndShuffles;)?)?((PartialDecryption;)+(Result;)?)?)?)?"
)


class Differs(AssertionError):
    """The archive says what its keys do not bear out."""


def demand(holds: bool, what: str) -> None:
    if not holds:
        raise Differs(what)


@dataclass(frozen=True, slots=True, eq=False)
class Keys:
    """Every secret of an election: *joint* opens the tally, *of_trustee* gives x by the text of its key."""

    joint: int
    voters: Mapping[str, int]
    of_trustee: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Paper:
    credential: str
    weight: int
    answers: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What people would call the same election: its text, the papers that count, and what came out."""

    election: str
    papers: frozenset[Any] = field(default_factory=frozenset)
    result: str | None = None


# --- plain arithmetic


class Arithmetic(ABC):
    q: int

    @abstractmethod
    def opened(self, ciphertext: Mapping[str, str], x: int) -> Any:
        """Return beta / alpha^x."""

    @abstractmethod
    def power_of_generator(self, m: int) -> Any: ...

    @abstractmethod
    def power_text(self, element: str, x: int) -> str: ...

    @abstractmethod
    def number_of(self, element: Any) -> int:
        """Return the number that integers are read from."""

    @abstractmethod
    def is_member(self, text: str) -> bool: ...


class Field(Arithmetic):
    def __init__(self, group: finitefields.FiniteField) -> None:
        self.p, self.q, self.g, self.padding = int(group.p), group.q, int(group.generator), group.padding

    def opened(self, ciphertext: Mapping[str, str], x: int) -> Any:
        alpha, beta = int(ciphertext["alpha"]), int(ciphertext["beta"])
        return beta * pow(alpha, -x, self.p) % self.p

    def power_of_generator(self, m: int) -> Any:
        return pow(self.g, m, self.p)

    def power_text(self, element: str, x: int) -> str:
        return str(pow(int(element), x, self.p))

    def number_of(self, element: Any) -> int:
        return int(element) >> self.padding

    def is_member(self, text: str) -> bool:
        canonical = re.fullmatch(r"[1-9][0-9]{0,700}", text) is not None
        return canonical and int(text) < self.p and pow(int(text), self.q, self.p) == 1


P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
# X, Y, Z, T with x = X/Z, y = Y/Z and T = XY/Z (Hisil, Wong, Carter, Dawson 2008).
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


class Curve(Arithmetic):
    """edwards25519, after RFC 8032."""

    q = 2**252 + 27742317777372353535851937790883648493
    padding = 14

    def __init__(self) -> None:
        y = 4 * pow(5, -1, P) % P
        self.base = self._point(y)

    def opened(self, ciphertext: Mapping[str, str], x: int) -> Any:
        alpha, beta = self.read(ciphertext["alpha"]), self.read(ciphertext["beta"])
        return self.text(added(beta, times(-x % self.q, alpha)))

    def power_of_generator(self, m: int) -> Any:
        return self.text(times(m % self.q, self.base))

    def power_text(self, element: str, x: int) -> str:
        return self.text(times(x, self.read(element)))

    def number_of(self, element: Any) -> int:
        return int(element, 16) >> self.padding

    def is_member(self, text: str) -> bool:
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            return False
        try:
            point = self.read(text)
        except ValueError:
            return False
        return self.text(point) == text and self.text(times(self.q, point)) == self.text(ZERO)

    def read(self, text: str) -> Point:
        number = int(text, 16)
        return self._point(number % 2**255, number >> 255)

    def _point(self, y: int, sign: int = 0) -> Point:
        square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
        x = pow(square, (P + 3) // 8, P)
        if (x * x - square) % P:
            x = x * pow(2, (P - 1) // 4, P) % P
        if (x * x - square) % P or y >= P:
            raise ValueError(f"No point has y = {y}.")
        if x % 2 != sign:
            x = -x % P
        return x, y, 1, x * y % P

    def text(self, point: Point) -> str:
        x, y, z, _t = point
        inverse = pow(z, -1, P)
        return f"{y * inverse % P | (x * inverse % P % 2) << 255:064x}"


def added(left: Point, right: Point) -> Point:
    x1, y1, z1, t1 = left
    x2, y2, z2, t2 = right
    a, b = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * D * t1 * t2 % P, 2 * z1 * z2 % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar: int, point: Point) -> Point:
    total = ZERO
    while scalar:
        if scalar % 2:
            total = added(total, point)
        point = added(point, point)
        scalar //= 2
    return total


@cache
def arithmetic(group: str) -> Arithmetic:
    named = groups.named(group)
    return Field(named) if isinstance(named, finitefields.FiniteField) else Curve()


@cache
def opened(group: str, alpha: str, beta: str, x: int) -> Any:
    return arithmetic(group).opened({"alpha": alpha, "beta": beta}, x)


@cache
def power_text(group: str, element: str, x: int) -> str:
    return arithmetic(group).power_text(element, x)


@cache
def power_of_generator(group: str, m: int) -> Any:
    return arithmetic(group).power_of_generator(m)


@cache
def is_member(group: str, text: str) -> bool:
    return arithmetic(group).is_member(text)


# --- the file


def record_bytes(name: str, body: bytes, timestamp: int) -> bytes:
    """Write a record as docs/specs/openballot.md, section 4, says."""
    fields = ((name, 100), ("0000644", 8), ("0000000", 8), ("0000000", 8))
    head = b"".join(text.encode().ljust(size, b"\0") for text, size in fields)
    head += f"{len(body):011o}\0{timestamp:011o}\0".encode()
    rest = b"0" + bytes(512 - 157)
    checksum = sum(head) + sum(rest) + 8 * ord(" ")
    return head + f"{checksum:06o}\0 ".encode() + rest + body + bytes(-len(body) % 512)


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def records_of(data: bytes) -> list[tuple[str, str]]:
    """Return the names and the texts in the file, as Python's own reader of tar files finds them."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar.getmembers()]
        return [(name, file.read().decode()) for name, file in files if file is not None]


@dataclass(frozen=True, slots=True)
class Step:
    type: str
    texts: tuple[str, ...]


def steps_of(data: bytes, *, ordered: bool = True) -> list[Step]:
    """Read the chain, and demand that these events have exactly these bytes, and are right in their order."""
    (first, header), *records = records_of(data)
    timestamp = int(json.loads(header)["timestamp"])
    demand(first == "BELENIOS" and header == f'{{"version":1,"timestamp":"{timestamp}"}}', "header")
    own = record_bytes(first, header.encode(), timestamp)
    steps: list[Step] = []
    held: list[str] = []
    parent: str | None = None
    for name, text in records:
        kind = name.split(".", 1)[1]
        own += record_bytes(f"{hash_of(text)}.{kind}", text.encode(), timestamp)
        if kind == "data.json":
            held.append(text)
            continue
        event = json.loads(text)
        expected = {"height": len(steps), "type": event["type"]}
        expected |= {"parent": parent} if parent else {}
        expected |= {"payload": hash_of(held[-1])} if held else {}
        demand(event == expected, f"event {len(steps)}")
        steps.append(Step(event["type"], tuple(held)))
        parent, held = hash_of(text), []
    demand(own == data and not held, "bytes")
    order = "".join(f"{step.type};" for step in steps)
    demand(not ordered or ORDER.fullmatch(order) is not None, "order")
    return steps


# --- what stands in it


class Reading:
    """An accepted archive, held against the keys; *authored* are the papers whose voters signed that text.

    When the verifier *warned* of trustees' parts that the result does without, nothing is asked of them.
    """

    def __init__(self, data: bytes, keys: Keys, authored: Iterable[str], *, warned: bool = False) -> None:
        self.keys = keys
        self.warned = warned
        self.steps = steps_of(data)
        self.election_text, self.trustees_text, credentials_text, _payload = self.steps[0].texts
        self.election = json.loads(self.election_text)
        self.group = str(self.election["group"])
        self.weights = dict(_weight(entry) for entry in json.loads(credentials_text))
        self.authored = set(authored)

    def meaning(self) -> Meaning:
        for element in [*self.weights, *self._elements()]:
            demand(is_member(self.group, element), f"{element} is no member of the group")
        papers = self._papers()
        counted = {paper.credential: paper for paper in papers}
        row = self._tally(list(counted.values()))
        row = self._shuffled(row)
        if not self.warned:
            self._factors(row)
        return Meaning(
            self.election_text,
            frozenset((p.credential, p.weight, json.dumps(p.answers)) for p in counted.values()),
            self._result(list(counted.values())),
        )

    def _texts(self, kind: str) -> list[tuple[str, ...]]:
        return [step.texts for step in self.steps if step.type == kind]

    def _elements(self) -> Iterable[str]:
        for step in self.steps:
            if step.type != "PartialDecryption" or not self.warned:
                for text in step.texts:
                    yield from _elements_in(json.loads(text))

    def _opened(self, ciphertext: Mapping[str, str]) -> Any:
        return opened(self.group, ciphertext["alpha"], ciphertext["beta"], self.keys.joint)

    def _papers(self) -> list[Paper]:
        texts = [texts[0] for texts in self._texts("Ballot")]
        demand(len(set(texts)) == len(texts), "the same paper twice")
        return [self._paper(text) for text in texts]

    def _paper(self, text: str) -> Paper:
        demand(text in self.authored, "a paper that its voter did not sign")
        value = json.loads(text)
        phi = base64.b64encode(hashlib.sha256(self.election_text.encode()).digest()).decode().rstrip("=")
        demand(value["election_hash"] == phi, "a paper for another election")
        credential = value["credential"]
        answers = zip(self.election["questions"], value["answers"], strict=True)
        return Paper(
            credential,
            self.weights[credential],
            tuple(self._answer(question, answer["choices"]) for question, answer in answers),
        )

    def _answer(self, question: Mapping[str, Any], choices: Any) -> Any:
        if question.get("type") == "NonHomomorphic":
            return _integers(self.group, self._opened(choices), len(question["value"]["answers"]))
        if question.get("type") == "Lists":
            rows = [[self._bit(choice) for choice in row] for row in choices]
            demand(_is_list_answer(rows), f"{rows} answers no question of lists")
            return rows
        bits = [self._bit(choice) for choice in choices]
        demand(_is_choice(question, bits), f"{bits} answers no such question")
        return bits

    def _bit(self, ciphertext: Mapping[str, str]) -> int:
        bits = [power_of_generator(self.group, m) for m in (0, 1)]
        element = self._opened(ciphertext)
        demand(element in bits, "a choice that is neither 0 nor 1")
        return bits.index(element)

    def _tally(self, counted: Sequence[Paper]) -> list[Any]:
        """Hold the encrypted tally, opened, against the papers; return it, a row for each question."""
        if not self._texts("EncryptedTally"):
            return []
        tally_text, sized_text = self._texts("EncryptedTally")[0]
        rows, sized = json.loads(tally_text), json.loads(sized_text)
        demand(sized["num_tallied"] == len(counted), "number of papers")
        demand(int(sized["total_weight"]) == sum(paper.weight for paper in counted), "total weight")
        for number, (question, row) in enumerate(zip(self.election["questions"], rows, strict=True)):
            found = [self._opened(ciphertext) for ciphertext in _flat(row)]
            answers = [(paper.answers[number], paper.weight) for paper in counted]
            if question.get("type") == "NonHomomorphic":
                count = len(question["value"]["answers"])
                integers = [_integers(self.group, element, count) for element in found]
                demand(
                    _multiset(integers) == _multiset(answer for answer, _weight in answers), "answers tallied"
                )
            else:
                sums = _sums(answers, len(found))
                demand(found == [power_of_generator(self.group, m) for m in sums], "sums tallied")
        return list(rows)

    def _shuffled(self, rows: list[Any]) -> list[Any]:
        shuffled = [
            number
            for number, question in enumerate(self.election["questions"])
            if question.get("type") == "NonHomomorphic"
        ]
        for text, owned in self._texts("Shuffle"):
            demand(json.loads(owned)["payload"] == hash_of(text), "owner of a shuffle")
            for number, row in zip(shuffled, json.loads(text)["ciphertexts"], strict=True):
                before, after = map(self._opened, rows[number]), map(self._opened, row)
                demand(Counter(before) == Counter(after), "a shuffle that changes an answer")
                rows[number] = row
        return rows

    def _factors(self, rows: list[Any]) -> None:
        owners = list(trustee_keys(json.loads(self.trustees_text)))
        for text, owned_text in self._texts("PartialDecryption"):
            owned = json.loads(owned_text)
            demand(owned["payload"] == hash_of(text), "owner of a partial decryption")
            x = self.keys.of_trustee[owners[owned["owner"] - 1]]
            factors = _flat(json.loads(text)["decryption_factors"])
            expected = [power_text(self.group, item["alpha"], x) for item in _flat(rows)]
            demand(factors == expected, "a factor of another key")

    def _result(self, counted: Sequence[Paper]) -> str | None:
        if not self._texts("Result"):
            return None
        rows = json.loads(self._texts("Result")[0][0])["result"]
        for number, (question, row) in enumerate(zip(self.election["questions"], rows, strict=True)):
            answers = [(paper.answers[number], paper.weight) for paper in counted]
            if question.get("type") == "NonHomomorphic":
                demand(_multiset(row) == _multiset(answer for answer, _weight in answers), "answers counted")
            else:
                counts = [int(count) for count in _flat(row)]
                demand(counts == _sums(answers, len(counts)), "sums counted")
        return self.written_result(rows)

    def written_result(self, rows: Sequence[Any]) -> str:
        """Write a result, shuffled answers in an order that says nothing."""
        return json.dumps(
            [
                sorted(row) if question.get("type") == "NonHomomorphic" else row
                for question, row in zip(self.election["questions"], rows, strict=True)
            ]
        )


def _weight(entry: str) -> tuple[str, int]:
    element, *rest = entry.split(",", 2)
    return element, int(rest[0]) if rest and rest[0] else 1


def _elements_in(value: Any) -> Iterable[str]:
    """Every text that must be an element, by the name of its field."""
    if isinstance(value, list):
        for item in value:
            yield from _elements_in(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ("alpha", "beta", "public_key", "commitment", "credential"):
                yield item
            elif name == "decryption_factors":
                yield from _flat(item)
            else:
                yield from _elements_in(item)


def _flat(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _flat(item)] if isinstance(value, list) else [value]


def _multiset(answers: Iterable[Any]) -> Counter[str]:
    return Counter(map(json.dumps, answers))


def _sums(answers: Iterable[tuple[Any, int]], length: int) -> list[int]:
    sums = [0] * length
    for answer, weight in answers:
        sums = [total + weight * bit for total, bit in zip(sums, _flat(answer), strict=True)]
    return sums


def _integers(group: str, element: Any, count: int) -> list[int]:
    number = arithmetic(group).number_of(element)
    return list((number % 256**count).to_bytes(count, "big"))


def _is_choice(question: Mapping[str, Any], bits: Sequence[int]) -> bool:
    blank = question.get("blank", False)
    chosen = sum(bits[1:] if blank else bits)
    if blank and bits[0]:
        return chosen == 0
    return bool(question["min"] <= chosen <= question["max"])


def _is_list_answer(rows: Sequence[Sequence[int]]) -> bool:
    chosen = [row[1:] for row in rows if row[0]]
    others = [bit for row in rows if not row[0] for bit in row]
    return len(chosen) == 1 and any(chosen[0]) and not any(others)


def trustee_keys(trustees: Sequence[Any]) -> Iterable[str]:
    for kind, value in trustees:
        if kind == "Single":
            yield value["public_key"]
        else:
            yield from (key["public_key"] for key in value["verification_keys"])
