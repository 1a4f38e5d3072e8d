"""Shuffles: whatever is shuffled verifies, nothing that was touched does."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from elections import made
from openballot import groups, shuffle, tally
from openballot.canonical import compact
from openballot.checks import Refused
from openballot.disjunction import Ciphertext
from openballot.election import Election
from openballot.finitefields import FiniteField
from openballot.groups import Element, Group
from openballot.questions.texts import ciphertext_json

GROUPS = ("RFC-3526-2048", "Ed25519")
each_group = pytest.mark.parametrize("name", GROUPS)


def with_rankings(name: str, *rows: list[int], questions: int = 1) -> tuple[made.Made, str]:
    """An election whose tally holds these answers to each of its questions."""
    election = made.set_up(name, questions=(made.RANKING,) * questions, voters=max(len(rows), 1))
    for voter, row in enumerate(rows):
        election.vote(voter, [row] * questions)
    election.close()
    return election, election.texts("EncryptedTally")[0][0]


def decrypted(election: made.Made, tally_text: str) -> list[list[list[int]]]:
    group, (x,) = election.election.group, election.trustee_keys

    def opened(ciphertext: Ciphertext) -> Element:
        return group.multiply(ciphertext.beta, group.inverse(group.power(ciphertext.alpha, x)))

    rows = tally.read_encrypted_tally(election.election, tally_text)
    return [[group.decode(opened(ciphertext), 3) for ciphertext in row] for row in rows]


@settings(max_examples=12, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, 255), min_size=3, max_size=3), max_size=6),
    questions=st.integers(1, 2),
)
def test_shuffle_of_any_answers_verifies_and_holds_the_same(rows: list[list[int]], questions: int) -> None:
    election, tally_text = with_rankings("Ed25519", *rows, questions=questions)

    text = shuffle.shuffle(election.election, tally_text)

    shuffle.check_shuffle(election.election, tally_text, text)
    after = shuffle.shuffled_tally(election.election, tally_text, text)
    assert [sorted(row) for row in decrypted(election, after)] == [sorted(rows)] * questions
    assert not set(elements_of(tally_text)) & set(elements_of(after))


def test_shuffle_in_the_finite_field_verifies_and_holds_the_same() -> None:
    election, tally_text = with_rankings("RFC-3526-2048", [1, 2, 3], [3, 2, 1], [0, 0, 0])

    text = shuffle.shuffle(election.election, tally_text)

    shuffle.check_shuffle(election.election, tally_text, text)
    after = shuffle.shuffled_tally(election.election, tally_text, text)
    assert sorted(decrypted(election, after)[0]) == [[0, 0, 0], [1, 2, 3], [3, 2, 1]]


def elements_of(tally_text: str) -> list[str]:
    return [value for row in json.loads(tally_text) for pair in row for value in pair.values()]


@pytest.fixture(scope="module", params=GROUPS)
def shuffled(request: pytest.FixtureRequest) -> tuple[made.Made, str, str]:
    election, tally_text = with_rankings(request.param, [1, 2, 3], [3, 2, 1], [0, 0, 0])
    return election, tally_text, shuffle.shuffle(election.election, tally_text)


def texts_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every element and scalar of a shuffle, as what holds it and where."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(item, str):
            yield value, key
        else:
            yield from texts_in(item)


def test_every_element_and_scalar_of_a_shuffle_is_bound(shuffled: tuple[made.Made, str, str]) -> None:
    election, tally_text, text = shuffled
    group = election.election.group

    for number in range(len(list(texts_in(json.loads(text))))):
        value = json.loads(text)
        holder, key = list(texts_in(value))[number]
        # The ciphertexts, t, c and ĉ are elements, s is not.
        if is_scalar(value, holder):
            holder[key] = str((int(holder[key]) + 1) % group.q)
        else:
            holder[key] = group.text(group.multiply(group.element(holder[key]), group.generator))

        assert refused(election.election, tally_text, value) == "shuffle_proof", (number, key)


def is_scalar(value: Any, holder: Any) -> bool:
    return any(holder is s or holder in s for s in (proof[1] for proof in value["proofs"]))


def refused(election: Election, tally_text: str, value: object) -> str:
    with pytest.raises(Refused) as caught:
        shuffle.check_shuffle(election, tally_text, compact(value))
    return caught.value.check


@pytest.mark.parametrize(
    ("change", "check"),
    [
        (lambda value, group: value["ciphertexts"][0].reverse(), "shuffle_proof"),
        (lambda value, group: value["proofs"][0][2].reverse(), "shuffle_proof"),
        (lambda value, group: value["ciphertexts"][0].pop(), "shuffle_text"),
        (lambda value, group: value["ciphertexts"].append([]), "shuffle_text"),
        (lambda value, group: value["proofs"].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][0].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][0][3].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][0][4].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][1].pop(0), "shuffle_text"),
        (lambda value, group: value["proofs"][0][1][4].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][1][5].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][2].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][3].pop(), "shuffle_text"),
        (lambda value, group: value["proofs"][0][1].__setitem__(0, str(group.q)), "shuffle_text"),
        (lambda value, group: value.update(note=""), "shuffle_text"),
        (lambda value, group: value["ciphertexts"][0][0].update(alpha="x"), "shuffle_element"),
        (lambda value, group: value["proofs"][0][0].__setitem__(0, outside(group)), "shuffle_element"),
        (lambda value, group: value["proofs"][0][0][3].__setitem__(1, outside(group)), "shuffle_element"),
        (lambda value, group: value["proofs"][0][0][4].__setitem__(2, outside(group)), "shuffle_element"),
        (lambda value, group: value["proofs"][0][2].__setitem__(0, outside(group)), "shuffle_element"),
        (lambda value, group: value["proofs"][0][3].__setitem__(0, 7), "shuffle_element"),
    ],
)
def test_shuffle_of_another_form_is_refused_by_name(
    shuffled: tuple[made.Made, str, str], change: Callable[[Any, Group], object], check: str
) -> None:
    election, tally_text, text = shuffled
    value = json.loads(text)

    change(value, election.election.group)

    assert refused(election.election, tally_text, value) == check


def outside(group: Group) -> str:
    """A number, or a point of the curve, that is no member."""
    return (
        str(group.p - group.generator)
        if isinstance(group, FiniteField)
        else (2**255 - 20).to_bytes(32, "big").hex()
    )


def test_shuffle_holds_for_its_tally_and_election_only(shuffled: tuple[made.Made, str, str]) -> None:
    election, tally_text, text = shuffled
    after = shuffle.shuffled_tally(election.election, tally_text, text)
    renamed = Election.parse(election.election.text.replace("Assembly", "Meeting"))

    for other, before in ((election.election, after), (renamed, tally_text)):
        assert refused(other, before, json.loads(text)) == "shuffle_proof"


def shuffled_as(
    election: made.Made, tally_text: str, e_: list[Ciphertext], r_: list[int], psi: list[int]
) -> Any:
    """A shuffle with a proof made by the rules, of whatever its maker claims."""
    group = election.election.group
    (e,) = tally.read_encrypted_tally(election.election, tally_text)
    proof = shuffle._prove(election.election, e, e_, r_, psi, secrets.token_bytes, lambda: None)
    ciphertexts = [[ciphertext_json(group, ciphertext) for ciphertext in e_]]
    return {"ciphertexts": ciphertexts, "proofs": [shuffle._proof_json(group, proof)]}


def reencrypted(election: made.Made, ciphertext: Ciphertext, r: int) -> Ciphertext:
    group, y = election.election.group, election.election.public_key
    return Ciphertext(
        group.multiply(ciphertext.alpha, group.power_generator(r)),
        group.multiply(ciphertext.beta, group.power(y, r)),
    )


@each_group
def test_shuffler_who_puts_another_answer_in_has_no_proof(name: str) -> None:
    election, tally_text = with_rankings(name, [1, 2, 3], [3, 2, 1])
    group = election.election.group
    (first, second), *_ = tally.read_encrypted_tally(election.election, tally_text)
    own = reencrypted(election, Ciphertext(group.identity, group.encode([9, 9, 9])), 7)
    honest = [reencrypted(election, second, 6), reencrypted(election, first, 5)]

    good = shuffled_as(election, tally_text, honest, [5, 6], [1, 0])
    bad = shuffled_as(election, tally_text, [own, honest[1]], [5, 6], [1, 0])

    shuffle.check_shuffle(election.election, tally_text, compact(good))
    assert refused(election.election, tally_text, bad) == "shuffle_proof"


@each_group
def test_shuffler_who_takes_one_answer_twice_has_no_proof(name: str) -> None:
    election, tally_text = with_rankings(name, [1, 2, 3], [3, 2, 1])
    (first, _second), *_ = tally.read_encrypted_tally(election.election, tally_text)
    twice = [reencrypted(election, first, 5)] * 2

    bad = shuffled_as(election, tally_text, twice, [5, 5], [0, 0])

    assert refused(election.election, tally_text, bad) == "shuffle_proof"


def test_permutation_takes_every_place_from_what_is_drawn() -> None:
    def drawing(numbers: tuple[int, ...]) -> Callable[[int], bytes]:
        left = iter(numbers)
        return lambda size: next(left).to_bytes(size, "big")

    drawn = [
        tuple(shuffle._permutation(4, drawing(numbers)))
        for numbers in itertools.product(range(4), range(3), range(2), range(1))
    ]

    assert sorted(drawn) == sorted(itertools.permutations(range(4)))
    assert shuffle._permutation(2, drawing((2**319 + 3, 0))) == [1, 0]


def test_progress_counts_every_step() -> None:
    election, tally_text = with_rankings("Ed25519", [1, 2, 3], [3, 2, 1], questions=2)
    seen: list[tuple[int, int]] = []

    shuffle.shuffle(election.election, tally_text, progress=lambda done, total: seen.append((done, total)))

    assert seen == [(step, 12) for step in range(1, 13)]


@each_group
def test_independent_generators_are_members_and_all_different(name: str) -> None:
    group = groups.named(name)
    found = [group.independent_generator(index) for index in range(-1, 20)]

    texts = [group.text(element) for element in [*found, group.generator, group.identity]]
    assert len(set(texts)) == 23
    assert [group.text(group.element(text)) for text in texts] == texts


def test_product_of_powers_is_the_product_of_the_powers() -> None:
    for name in ("BELENIOS-2048", *GROUPS):
        group = groups.named(name)
        exponents = [0, 1, 31, 32, group.q - 1, group.random_scalar()]
        bases = [group.power_generator(exponent + 5) for exponent in exponents]

        expected = group.identity
        for base, exponent in zip(bases, exponents, strict=True):
            expected = group.multiply(expected, group.power(base, exponent))

        assert group.product_of_powers(bases, exponents) == expected
        assert group.product_of_powers([], []) == group.identity
