"""The groups against vectors both languages read, and the laws that make homomorphic counting work."""

import json
from pathlib import Path
from typing import Any

import gmpy2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openballot import groups, powers
from openballot.canonical import NotCanonical
from openballot.finitefields import FiniteField
from openballot.groups import Group, NotInGroup

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "groups.json").read_text(encoding="utf-8")
)
NAMES = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
each_group = pytest.mark.parametrize("group", [groups.named(name) for name in NAMES], ids=NAMES)

scalars = st.one_of(st.integers(0, 3), st.integers(0, 2**260))


@each_vector
def test_group_reads_and_writes_elements_and_scalars(vector: dict[str, Any]) -> None:
    group = groups.named(vector["name"])

    assert str(group.q) == vector["q"]
    assert group.text(group.generator) == vector["generator"]
    assert group.text(group.identity) == vector["identity"]
    for text in vector["elements"]:
        assert group.text(group.element(text)) == text
    for text in vector["scalars"]:
        assert str(group.scalar(text)) == text
    assert sorted(vector["order"], key=lambda text: group.order_key(group.element(text))) == vector["order"]


@each_vector
def test_group_refuses_elements_and_scalars(vector: dict[str, Any]) -> None:
    group = groups.named(vector["name"])
    errors = {"not_canonical": NotCanonical, "not_in_group": NotInGroup}

    for case in vector["refused_elements"]:
        with pytest.raises(errors[case["error"]]):
            group.element(case["text"])
    for text in vector["refused_scalars"]:
        with pytest.raises(NotCanonical):
            group.scalar(text)


@each_vector
def test_group_computes_what_the_vectors_say(vector: dict[str, Any]) -> None:
    group = groups.named(vector["name"])

    for case in vector["powers"]:
        base, exponent = group.element(case["base"]), int(case["exponent"])
        for power in (group.power, group.secret_power):
            assert group.text(power(base, exponent)) == case["power"]
        fixed = group.fixed_base(base)
        # Of many powers the later ones are computed from a table.
        assert {group.text(fixed(exponent)) for _ in range(20)} == {case["power"]}
    for case in vector["products"]:
        product = group.multiply(group.element(case["left"]), group.element(case["right"]))
        assert group.text(product) == case["product"]
    for case in vector["inverses"]:
        assert group.text(group.inverse(group.element(case["element"]))) == case["inverse"]
    for case in vector["hash_to_scalar"]:
        assert str(group.hash_to_scalar(case["text"])) == case["scalar"]


@each_vector
def test_group_holds_the_integers_of_the_vectors_and_no_others(vector: dict[str, Any]) -> None:
    group = groups.named(vector["name"])

    assert group.most_integers == vector["most_integers"]
    for case in vector["independent_generators"]:
        assert group.text(group.independent_generator(case["index"])) == case["element"]
    for case in vector.get("integers", ()):
        assert group.text(group.encode(case["integers"])) == case["element"]
        assert group.holds_integers(group.element(case["element"]), len(case["integers"]))
    for case in vector.get("no_integers", ()):
        element = group.element(case["element"])
        assert group.decode(element, len(case["integers"])) == case["integers"]
        assert not group.holds_integers(element, len(case["integers"]))


@each_vector
def test_random_scalar_uses_exactly_32_bytes_more_than_the_order(vector: dict[str, Any]) -> None:
    group = groups.named(vector["name"])
    drawn = bytes.fromhex(vector["random_scalar"]["bytes"])
    sizes: list[int] = []

    def randbytes(size: int) -> bytes:
        sizes.append(size)
        return drawn

    assert str(group.random_scalar(randbytes)) == vector["random_scalar"]["scalar"]
    assert sizes == [len(drawn)] == [(group.q.bit_length() + 7) // 8 + 32]


@each_group
def test_group_order_is_prime_and_kills_the_generator(group: Group) -> None:
    assert gmpy2.is_prime(group.q)
    assert group.generator != group.identity
    assert group.multiply(group.power(group.generator, group.q - 1), group.generator) == group.identity


@each_group
@settings(max_examples=25, deadline=None)
@given(a=scalars, b=scalars, m=scalars)
def test_powers_are_a_homomorphism(group: Group, a: int, b: int, m: int) -> None:
    a, b, m = a % group.q, b % group.q, m % group.q
    left, right = group.power_generator(a), group.secret_power_generator(b)

    assert group.multiply(left, right) == group.power_generator((a + b) % group.q)
    assert group.power(left, m) == group.power_generator(a * m % group.q) == group.secret_power(left, m)
    assert group.multiply(left, group.inverse(left)) == group.identity


@each_group
@settings(max_examples=10, deadline=None)
@given(
    exponents=st.lists(scalars, min_size=1, max_size=3),
    own=st.lists(st.lists(scalars, max_size=3), min_size=1, max_size=4),
    common=st.lists(scalars, max_size=3),
)
def test_shared_powers_equal_separate_powers(
    group: Group, exponents: list[int], own: list[list[int]], common: list[int]
) -> None:
    bases = [group.power_generator((index + exponents[0]) % group.q) for index in range(len(own))]
    own = [[exponent % group.q for exponent in row] for row in own]
    common = [exponent % group.q for exponent in common]
    total = groups.product_of(group, bases)

    shared = group.shared_powers(bases, own, common)

    assert shared.own == [
        [group.power(base, exponent) for exponent in row] for base, row in zip(bases, own, strict=True)
    ]
    assert shared.product == [group.power(total, exponent) for exponent in common]


@pytest.mark.parametrize("name", ["BELENIOS-2048", "RFC-3526-2048"])
def test_shared_powers_name_the_base_outside_the_group(name: str) -> None:
    group = groups.named(name)
    assert isinstance(group, FiniteField)
    outside = group.p - group.generator

    with pytest.raises(NotInGroup) as caught:
        group.shared_powers([group.generator, outside], [[1], [1]], [1])

    assert caught.value.index == 1


def test_merging_pays_for_two_choices_but_not_for_many() -> None:
    assert powers.merging_pays(2, 1, 256)
    assert not powers.merging_pays(20, 3, 256)


def test_unknown_group_is_refused() -> None:
    with pytest.raises(groups.UnknownGroup):
        groups.named("BELENIOS-4096")


@pytest.mark.parametrize("text", [None, 7, ["1"], b"1"])
@each_group
def test_element_that_is_no_text_is_refused(group: Group, text: object) -> None:
    with pytest.raises(NotCanonical):
        group.element(text)


def test_trusting_group_reads_without_proof_and_multiplies_what_can_be() -> None:
    group = groups.named("Ed25519")
    trusting = group.trusting()
    off_the_curve = "0" * 63 + "2"
    texts = [group.text(group.power_generator(exponent)) for exponent in (2, 5)]

    with pytest.raises(NotInGroup):
        group.unproven(off_the_curve)
    for left in (group.identity, group.generator):
        with pytest.raises(NotInGroup):
            trusting.multiply(left, trusting.unproven(off_the_curve))
    with pytest.raises(NotInGroup):
        trusting.power(trusting.unproven(off_the_curve), 2)
    two, five = map(trusting.unproven, texts)
    assert trusting.multiply(two, five) == group.power_generator(7)
    assert trusting.power(five, 2) == group.power_generator(10)
    assert trusting.multiply(trusting.identity, two) == two
    assert trusting.multiply(two, trusting.inverse(two)) == group.identity
    assert groups.named("RFC-3526-2048").trusting() is groups.named("RFC-3526-2048")
