"""The kernels against the reference: what they compute, and what they take for a member."""

import random
from collections.abc import Sequence

import pytest
from gmpy2 import mpz

from openballot import groups
from openballot.canonical import NotCanonical
from openballot.fast.engines import engine_of
from openballot.fast.programs import Engine, Powers, Product, Program, Results
from openballot.finitefields import FiniteField
from openballot.groups import Element, Group, NotInGroup, product_of

NAMES = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
each_group = pytest.mark.parametrize("group", [groups.named(name) for name in NAMES], ids=NAMES)
Y = 0x1234567
# Two choices, their product both with and without a comb of its own, and an element that is taken for proven.
PROGRAM = Program(
    elements=5,
    proven=4,
    scalars=8,
    products=(Product((0, 2), is_base=True), Product((1, 3))),
    powers=(
        Powers(((0, 0),), g_scalar=1),
        Powers(((1, 0),), g_scalar=2, y_scalar=1),
        Powers(((2, 3),), y_scalar=4),
        Powers(((3, 3), (1, 5)), g_scalar=4),
        Powers(((5, 5),), g_scalar=6),
        Powers(((4, 7),)),
        Powers((), g_scalar=7, y_scalar=6),
    ),
)
P25519 = 2**255 - 19


@pytest.fixture
def engine(kind: str, group: Group) -> Engine:
    found = engine_of(group)
    assert found is not None
    assert found.kernel == kind
    return found


class Numbers:
    """Elements whose logarithms are known, so that one power of the generator says what must come out."""

    def __init__(self, group: Group, seed: int) -> None:
        self._group = group
        self._chance = random.Random(seed)  # noqa: S311
        self._power = group.fixed_base(group.generator)

    def scalar(self) -> int:
        q = self._group.q
        edges = (0, 1, 2, 3, q - 1, q - 2, q // 2, 2**200, 2**251 - 1)
        return self._chance.choice(edges) if self._chance.random() < 0.1 else self._chance.randrange(q)

    def row(self, count: int) -> list[int]:
        return [self.scalar() for _ in range(count)]

    def element(self, logarithm: int) -> Element:
        return self._power(logarithm % self._group.q)

    def expected(self, logarithms: Sequence[int], scalars: Sequence[int]) -> str:
        sums = [sum(logarithms[place] for place in product.elements) for product in PROGRAM.products]
        bases = [*logarithms, *sums]
        powers = [
            sum(bases[base] * scalars[scalar] for base, scalar in each.terms)
            + (0 if each.g_scalar is None else scalars[each.g_scalar])
            + (0 if each.y_scalar is None else Y * scalars[each.y_scalar])
            for each in PROGRAM.powers
        ]
        return ",".join([self._group.text(self.element(logarithm)) for logarithm in [*powers, *sums]])


def texts_of(engine: Engine, results: Sequence[Results | None]) -> list[str | None]:
    every = slice(0, PROGRAM.results)
    return [None if row is None else engine.joined(row, every) for row in results]


@pytest.mark.parametrize(
    ("name", "rows"), [("Ed25519", 1112), ("BELENIOS-2048", 1112), ("RFC-3526-2048", 40)]
)
def test_ten_thousand_results_are_those_of_the_reference(kind: str, name: str, rows: int) -> None:
    group = groups.named(name)
    engine = engine_of(group)
    assert engine is not None
    numbers = Numbers(group, seed=rows)
    logarithms = [numbers.row(PROGRAM.elements) for _ in range(rows)]
    scalars = [numbers.row(PROGRAM.scalars) for _ in range(rows)]
    elements = [[numbers.element(logarithm) for logarithm in row] for row in logarithms]
    tables = engine.table(group.generator), engine.table(numbers.element(Y))

    results = engine.run(PROGRAM, tables, elements, scalars)

    assert texts_of(engine, results) == [
        numbers.expected(*row) for row in zip(logarithms, scalars, strict=True)
    ]


@each_group
def test_rows_that_do_not_fill_the_lanes_are_computed_too(engine: Engine, group: Group) -> None:
    numbers = Numbers(group, seed=3)
    tables = engine.table(group.generator), engine.table(numbers.element(Y))

    for rows in (1, 7, 9):
        logarithms = [numbers.row(PROGRAM.elements) for _ in range(rows)]
        scalars = [numbers.row(PROGRAM.scalars) for _ in range(rows)]
        elements = [[numbers.element(logarithm) for logarithm in row] for row in logarithms]
        results = engine.run(PROGRAM, tables, elements, scalars)

        assert texts_of(engine, results) == [
            numbers.expected(*row) for row in zip(logarithms, scalars, strict=True)
        ]


@each_group
def test_row_with_an_element_outside_the_group_has_no_results(engine: Engine, group: Group) -> None:
    numbers = Numbers(group, seed=4)
    tables = engine.table(group.generator), engine.table(numbers.element(Y))
    scalars = numbers.row(PROGRAM.scalars)

    for place in range(PROGRAM.proven):
        rows = [[group.generator] * PROGRAM.elements for _ in range(3)]
        rows[1][place] = outside(group)
        results = engine.run(PROGRAM, tables, rows, [scalars] * 3)

        assert [row is None for row in results] == [False, True, False]


def outside(group: Group) -> Element:
    """A member times one of order 2."""
    if isinstance(group, FiniteField):
        return group.p - group.generator
    y = int.from_bytes(group.generator, "little") % 2**255
    return ((P25519 - y) | 2**255).to_bytes(32, "little")


@each_group
def test_members_are_those_that_the_reference_takes(engine: Engine, group: Group) -> None:
    texts = texts_of_numbers(group) if isinstance(group, FiniteField) else texts_of_points()

    elements = engine.elements(texts)
    assert elements is not None
    members = dict(zip(texts, engine.are_members(elements), strict=True))

    assert members == {text: is_member(group, text) for text in texts}
    assert set(members.values()) == {True, False}


def is_member(group: Group, text: str) -> bool:
    try:
        group.element(text)
    except (NotCanonical, NotInGroup):
        return False
    return True


def texts_of_numbers(group: FiniteField) -> list[str]:
    chance, p = random.Random(5), int(group.p)  # noqa: S311
    members = [int(group.power_generator(chance.randrange(group.q))) for _ in range(60)]
    others = [chance.randrange(1, p) for _ in range(60)]
    numbers = [1, 2, 3, p - 1, p - 2, *members, *[p - member for member in members], *others]
    return list(map(str, numbers))


def texts_of_points() -> list[str]:
    """Every kind of encoding: of members, of members and a point of small order, of none."""
    group, chance = groups.named("Ed25519"), random.Random(6)  # noqa: S311
    members = [0, 1, 2, group.q - 1, *[chance.randrange(group.q) for _ in range(20)]]
    points = [affine(group.power_generator(s)) for s in members]
    small = small_order()
    encodings = [encoded(*added(point, torsion)) for point in points for torsion in small]
    # y written as y + p, x = 0 with a sign, y of no point, and all bits.
    not_canonical = [y + P25519 | sign << 255 for y in range(19) for sign in (0, 1)]
    negative_zeros = [1 | 1 << 255, P25519 - 1 | 1 << 255]
    anything = [chance.randrange(2**256) for _ in range(200)]
    numbers = {*encodings, *not_canonical, *negative_zeros, *anything, 0, 1 << 255, 2**256 - 1}
    return [f"{number:064x}" for number in sorted(numbers)]


D = -121665 * pow(121666, -1, P25519) % P25519
Point = tuple[int, int]


def added(left: Point, right: Point) -> Point:
    (x1, y1), (x2, y2) = left, right
    k = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + y1 * x2) * pow(1 + k, -1, P25519)
    y = (y1 * y2 + x1 * x2) * pow(1 - k, -1, P25519)
    return x % P25519, y % P25519


def affine(element: Element) -> Point:
    number = int.from_bytes(element, "little")
    y = number % 2**255
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P25519)
    x = root(xx)
    assert x is not None
    return (x if x % 2 == number >> 255 else -x % P25519), y


def root(square: int) -> int | None:
    x = pow(square, (P25519 + 3) // 8, P25519)
    for candidate in (x, x * pow(2, (P25519 - 1) // 4, P25519) % P25519):
        if (candidate * candidate - square) % P25519 == 0:
            return candidate
    return None


def encoded(x: int, y: int) -> int:
    return y | x % 2 << 255


def small_order() -> list[Point]:
    """All eight points whose order divides 8: the multiples of q times some point outside the group."""
    q, y = groups.named("Ed25519").q, 2
    while True:
        x = root((y * y - 1) * pow(D * y * y + 1, -1, P25519) % P25519)
        if x is not None:
            point = multiple(q, (x, y))
            found = [multiple(n, point) for n in range(8)]
            if len(set(found)) == 8:
                return found
        y += 1


def multiple(n: int, point: Point) -> Point:
    total = (0, 1)
    while n:
        if n % 2:
            total = added(total, point)
        point, n = added(point, point), n // 2
    return total


@each_group
@pytest.mark.parametrize("rows", [1, 7, 8, 100])
def test_product_of_columns_is_that_of_the_reference(engine: Engine, group: Group, rows: int) -> None:
    numbers = Numbers(group, seed=rows)
    elements = [[numbers.element(numbers.scalar()) for _ in range(3)] for _ in range(rows)]

    totals = engine.product(elements)

    assert totals == [product_of(group, column) for column in zip(*elements, strict=True)]


def test_product_of_what_is_no_point_is_refused(kind: str) -> None:
    group = groups.named("Ed25519")
    engine = engine_of(group)
    assert engine is not None

    with pytest.raises(NotInGroup):
        engine.product([[group.generator], [(2).to_bytes(32, "little")]])


@pytest.mark.parametrize("name", ["BELENIOS-2048", "RFC-3526-2048"])
def test_numbers_next_to_p_are_multiplied_right(kind: str, name: str) -> None:
    group = groups.named(name)
    assert isinstance(group, FiniteField)
    engine = engine_of(group)
    assert engine is not None
    p, chance = int(group.p), random.Random(7)  # noqa: S311
    near = [p - 2**k for k in range(0, 2047, 52)]
    near += [2**k - 1 for k in (52, 64, 104, 2040, 2047)]
    rows = [[mpz(chance.choice([1, 2, p - 1, p - 2, *near]))] for _ in range(200)]

    assert engine.product(rows) == [product_of(group, [row[0] for row in rows])]


def test_text_above_p_is_not_read(kind: str) -> None:
    group = groups.named("BELENIOS-2048")
    assert isinstance(group, FiniteField)
    engine = engine_of(group)
    assert engine is not None

    assert engine.elements(["1", str(group.p)]) is None
    assert engine.elements(["1", str(group.p - 1)]) == [1, group.p - 1]
