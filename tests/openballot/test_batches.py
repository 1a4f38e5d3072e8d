"""Ballots, lists and tallies in batches: whatever the arithmetic, the answers are those of the reference."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from elections import made
from elections.altered import outside
from openballot import credentials, groups, schnorr, tally
from openballot.ballots import Ballot, BallotChecker, BallotRefused, Sealed, read_ballot
from openballot.batches import PreparedChecker, check_batch, kernel_of, read_batch
from openballot.canonical import compact, hash_base64
from openballot.checks import Finding, Refused
from openballot.election import Election
from openballot.elements import products, proven_together
from openballot.fast import ballotform, engines
from openballot.fast.loading import kinds_that_run_here
from openballot.groups import Element, Group, product_of, quotient
from openballot.questions import AnyQuestion, Question
from openballot.schnorr import Proof

NAMES = ("BELENIOS-2048", "RFC-3526-2048", "Ed25519")
# Of how many alterations one is tried: the reference takes its time, a second a ballot in the second group.
EVERY = {"BELENIOS-2048": 4, "RFC-3526-2048": 9, "Ed25519": 1}
# Enough answers that their product gets a comb of its own.
MANY = Question(question="Who else?", answers=tuple("ABCDE"), min=1, max=3)
MANY_OR_BLANK = Question(question="Who else?", answers=tuple("ABCD"), min=2, max=3, blank=True)
QUESTIONS = (made.YES_NO, made.BLANK, made.UP_TO_TWO, MANY, MANY_OR_BLANK)
ANSWERS = (
    [[1, 0], [1, 0, 0], [0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 0]],
    [[0, 1], [0, 1, 0], [1, 1, 0], [0, 1, 1, 0, 1], [0, 1, 1, 0, 0]],
    [[1, 0], [0, 0, 1], [0, 0, 1], [0, 0, 0, 1, 1], [0, 0, 1, 1, 1]],
)


@pytest.fixture(scope="module", params=NAMES)
def election(request: pytest.FixtureRequest) -> made.Made:
    opened = made.set_up(request.param, questions=QUESTIONS, voters=3, weights=(1, 2, 7))
    for voter, answers in enumerate(ANSWERS):
        opened.vote(voter, answers)
    return opened


@pytest.fixture(scope="module")
def yes_no() -> made.Made:
    opened = made.set_up("Ed25519", voters=2)
    for voter in range(2):
        opened.vote(voter, [[1, 0]])
    return opened


def texts_of(opened: made.Made) -> list[str]:
    return [data[-1] for data in opened.texts("Ballot")]


def held_by_the_kernels(opened: made.Made, texts: list[str]) -> list[Ballot | None]:
    """The ballots of which the kernels say that they hold, alone or among others."""
    form = form_of(opened)
    alone = [form.ballot_if_it_holds(opened.weights, text) for text in texts]
    assert form.sealed_if_they_hold(opened.weights, texts) == [
        None if ballot is None else ballot.sealed() for ballot in alone
    ]
    return alone


def form_of(opened: made.Made) -> ballotform.BallotForm:
    engine = engines.engine_of(opened.election.group)
    assert engine is not None
    return ballotform.BallotForm(opened.election, engine)


def examined(checker: BallotChecker, texts: list[str]) -> list[tuple[Sealed | None, list[Finding]]]:
    ballots = [checker.examine(text) for text in texts]
    return [(None if ballot is None else ballot.sealed(), findings) for ballot, findings in ballots]


@pytest.fixture
def any_number_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PAYS_FROM", 0)


def test_ballots_that_hold_are_held_by_the_kernels_alone(kind: str, election: made.Made) -> None:
    texts = texts_of(election)
    checker = BallotChecker(election.election, election.weights)

    held = held_by_the_kernels(election, texts)

    assert held == [checker.examine(text)[0] for text in texts]


def test_altered_ballots_are_left_to_the_reference(
    kind: str, election: made.Made, any_number_pays: None
) -> None:
    right = texts_of(election)
    group = election.election.group
    altered = [alter(right[0]) for alter in alterations(group)[:: EVERY[group.name]]]
    checker = BallotChecker(election.election, election.weights)
    texts = [right[0], *altered, right[1]]

    held = held_by_the_kernels(election, altered)
    checked = check_batch(checker, texts)

    assert held == [None] * len(altered)
    assert checked == examined(checker, texts)
    assert [bool(findings) for _, findings in checked] == [False, *[True] * len(altered), False]


def replaced(*path: str | int, by: Callable[[Any], Any]) -> Callable[[str], str]:
    """Alter one value and keep the text exact, with the hash that the signature should name."""

    def alter(text: str) -> str:
        value = json.loads(text)
        place = value
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = by(place[path[-1]])
        if path[0] != "signature":
            unsigned = {name: part for name, part in value.items() if name != "signature"}
            value["signature"]["hash"] = hash_base64(compact(unsigned))
        return compact(value)

    return alter


def one_more(number: str) -> str:
    return str(int(number) + 1)


def swapped(pair: list[Any]) -> list[Any]:
    return [pair[1], pair[0], *pair[2:]]


def alterations(group: Group) -> list[Callable[[str], str]]:
    minus = partial(outside, group)
    return [
        *[
            replaced(
                "answers", question, part, *([0] if part == "individual_proofs" else []), 0, name, by=one_more
            )
            for question, parts in enumerate(
                [
                    ["individual_proofs", "overall_proof"],
                    ["individual_proofs", "overall_proof", "blank_proof"],
                ]
            )
            for part in parts
            for name in ("challenge", "response")
        ],
        replaced("answers", 3, "overall_proof", 2, "challenge", by=one_more),
        replaced("answers", 4, "overall_proof", 2, "response", by=one_more),
        replaced("answers", 0, "choices", by=swapped),
        replaced("answers", 0, "choices", 0, "alpha", by=minus),
        replaced("answers", 4, "choices", 2, "beta", by=minus),
        replaced("answers", 2, "choices", by=lambda choices: choices[:2]),
        replaced("answers", by=lambda answers: answers[:4]),
        replaced("election_uuid", by=lambda uuid: uuid[::-1]),
        replaced("election_hash", by=lambda text: "A" * 43),
        replaced("credential", by=lambda text: text[:-1]),
        replaced("signature", "hash", by=lambda text: "A" * 43),
        replaced("signature", "proof", "challenge", by=one_more),
        replaced("signature", "proof", "response", by=one_more),
        replaced("answers", 0, "overall_proof", 0, "response", by=lambda number: "0" + number),
        replaced("answers", 0, "overall_proof", 0, "response", by=lambda number: "9" * 700),
        replaced("answers", 0, "overall_proof", 0, "response", by=lambda number: number + "\n"),
        replaced("answers", 0, "choices", 0, "alpha", by=lambda element: "0" * len(element)),
        replaced("answers", 0, "choices", 0, "alpha", by=lambda element: element.upper() + "f"),
        lambda text: text + "\n",
        lambda text: text.replace('":"', '": "', 1),
        lambda text: text.replace('"election_uuid"', '"election_hash"', 1),
        lambda text: text[:-1],
        lambda text: "",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_scalar_written_with_the_order_added_is_refused(kind: str, name: str, any_number_pays: None) -> None:
    opened = made.set_up(name, voters=1)
    text = opened.vote(0, [[1, 0]])
    q = opened.election.group.q
    path = ("answers", 0, "individual_proofs", 0, 0, "response")
    altered = replaced(*path, by=lambda number: str(int(number) + q))(text)

    ((sealed, findings),) = check_batch(BallotChecker(opened.election, opened.weights), [altered])

    assert sealed is None
    assert [finding.check for finding in findings] == ["ballot_scalar"]


@pytest.mark.parametrize("name", NAMES)
def test_ballot_whose_proofs_hold_outside_the_group_is_refused(
    kind: str, name: str, any_number_pays: None
) -> None:
    opened = made.set_up(name, voters=1)
    text = made_outside_the_group(opened.election, opened.voters[0])
    checker = BallotChecker(opened.election, opened.weights)

    ((sealed, findings),) = check_batch(checker, [text])

    assert held_by_the_kernels(opened, [text]) == [None]
    assert [finding.check for finding in findings] == ["ballot_element"]
    assert [(sealed, findings)] == examined(checker, [text])


def made_outside_the_group(election: Election, s: int) -> str:
    """Encrypt with one alpha times an element of order 2, whose even powers are those of alpha.

    The proofs are drawn again until all challenges are even, so that every equation holds.
    """
    group, y = election.group, election.public_key
    r = [group.random_scalar(), group.random_scalar()]
    alphas = [group.power_generator(nonce) for nonce in r]
    betas = [group.multiply(group.power(y, r[0]), group.generator), group.power(y, r[1])]
    pairs = [
        f"{outside(group, group.text(alphas[0]))},{group.text(betas[0])}",
        f"{group.text(alphas[1])},{group.text(betas[1])}",
    ]
    total = [product_of(group, column) for column in (alphas, betas)]
    s0 = f"{election.fingerprint}|{group.text(group.power_generator(s))}"
    of_sum = f"prove|{s0}|{','.join(pairs)}|{outside(group, group.text(total[0]))},{group.text(total[1])}|"
    proofs = [
        evenly_proven(election, [alpha, beta], nonce, (0, 1), m, f"prove|{s0}|{pair}|")
        for alpha, beta, nonce, m, pair in zip(alphas, betas, r, (1, 0), pairs, strict=True)
    ]
    answer = {
        "choices": [dict(zip(("alpha", "beta"), pair.split(","), strict=True)) for pair in pairs],
        "individual_proofs": proofs,
        "overall_proof": evenly_proven(election, total, sum(r) % group.q, (1,), 0, of_sum),
    }
    return signed(election, s, answer)


def evenly_proven(
    election: Election, pair: list[Element], r: int, messages: tuple[int, ...], true: int, prefix: str
) -> list[dict[str, str]]:
    """Prove, as `openballot.disjunction` does, with even challenges only."""
    group, y = election.group, election.public_key
    while True:
        w = group.random_scalar()
        commitments: list[str] = []
        proofs: list[Proof] = []
        for branch, m in enumerate(messages):
            challenge, response = group.random_scalar() & -2, group.random_scalar()
            shifted = quotient(group, pair[1], group.power_generator(m))
            simulated = (
                group.multiply(group.power_generator(response), group.power(pair[0], challenge)),
                group.multiply(group.power(y, response), group.power(shifted, challenge)),
            )
            real = group.power_generator(w), group.power(y, w)
            commitments += map(group.text, real if branch == true else simulated)
            proofs.append(Proof(0 if branch == true else challenge, response))
        challenge = group.hash_to_scalar(prefix + ",".join(commitments)) - sum(p.challenge for p in proofs)
        challenge %= group.q
        if challenge % 2 == 0:
            proofs[true] = Proof(challenge, (w - r * challenge) % group.q)
            return [proof.as_json() for proof in proofs]


def signed(election: Election, s: int, answer: dict[str, Any]) -> str:
    group = election.group
    unsigned = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": group.text(group.power_generator(s)),
        "answers": [answer],
    }
    signed_hash = hash_base64(compact(unsigned))
    proof = schnorr.prove(group, s, lambda a: f"sig|{signed_hash}|{a}")
    return compact({**unsigned, "signature": {"hash": signed_hash, "proof": proof.as_json()}})


def test_ballot_of_an_unlisted_credential_is_left_to_the_reference(kind: str, yes_no: made.Made) -> None:
    assert form_of(yes_no).sealed_if_they_hold({}, texts_of(yes_no)) == [None, None]


@pytest.mark.parametrize(
    ("question", "answer"),
    [(made.LISTS, [[1, 1, 0], [0, 0, 0, 0], [0, 0]]), (made.RANKING, [1, 2, 3])],
    ids=["lists", "ranking"],
)
def test_ballots_with_other_questions_are_left_to_the_reference(
    kind: str, question: AnyQuestion[Any], answer: Any, any_number_pays: None
) -> None:
    opened = made.set_up("Ed25519", questions=(made.YES_NO, question), voters=1)
    text = opened.vote(0, [[1, 0], answer])
    checker = BallotChecker(opened.election, opened.weights)

    assert check_batch(checker, [text, text + " "]) == examined(checker, [text, text + " "])


def test_no_ballots_are_none(kind: str, yes_no: made.Made, any_number_pays: None) -> None:
    assert check_batch(BallotChecker(yes_no.election, yes_no.weights), []) == []


def test_ballots_one_by_one_are_checked_as_the_reference_does(kind: str, election: made.Made) -> None:
    text = texts_of(election)[0]
    reference = BallotChecker(election.election, election.weights)
    prepared = PreparedChecker(reference)

    assert prepared.check(text) == reference.check(text)
    for alter in (alterations(election.election.group)[0], lambda text: text + " "):
        with pytest.raises(BallotRefused) as expected:
            reference.check(alter(text))
        with pytest.raises(BallotRefused) as caught:
            prepared.check(alter(text))
        assert caught.value.finding == expected.value.finding


def test_ballots_one_by_one_are_checked_where_nothing_is_ready(
    election: made.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENBALLOT_KERNEL", engines.REFERENCE)
    text = texts_of(election)[0]
    reference = BallotChecker(election.election, election.weights)

    assert PreparedChecker(reference).check(text) == reference.check(text)


def test_ballots_checked_before_are_read_as_the_reference_does(
    kind: str, election: made.Made, any_number_pays: None
) -> None:
    texts = texts_of(election)

    read = read_batch(election.election, election.weights, texts)

    ballots = [read_ballot(election.election, election.weights, text) for text in texts]
    assert read == [ballot.sealed() for ballot in ballots]
    with pytest.raises(Refused) as caught:
        read_batch(election.election, election.weights, [texts[0], texts[1] + " "])
    assert caught.value.check == "ballot_text"


def test_tally_is_the_same_with_every_arithmetic(
    kind: str, election: made.Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [*texts_of(election), texts_of(election)[0]]
    monkeypatch.setenv("OPENBALLOT_KERNEL", engines.REFERENCE)
    slow = tally.encrypted_tally(election.election, election.weights, texts)
    monkeypatch.setenv("OPENBALLOT_KERNEL", kind)
    monkeypatch.setattr(engines, "PAYS_FROM", 0)

    assert tally.encrypted_tally(election.election, election.weights, texts) == slow


def test_tally_of_no_ballots_is_the_identity(kind: str, yes_no: made.Made, any_number_pays: None) -> None:
    text, sized = tally.encrypted_tally(yes_no.election, yes_no.weights, [])

    identity = yes_no.election.group.text(yes_no.election.group.identity)
    assert json.loads(text) == [[{"alpha": identity, "beta": identity}] * 2]
    assert json.loads(sized)["num_tallied"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_list_of_credentials_is_read_as_the_reference_reads_it(
    kind: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = groups.named(name)
    keys = sorted(
        [group.power_generator(number) for number in range(1, 40)],
        key=group.order_key,
    )
    entries = [
        group.text(key) if number % 2 else f"{group.text(key)},{number}" for number, key in enumerate(keys)
    ]
    identity, other = group.text(group.identity), outside(group, entries[1])
    lists = [
        entries,
        [*entries[:5], identity, *entries[5:]],
        [*entries[:5], other, *entries[5:]],
        [*entries[:5], "0" + entries[5], *entries[6:]],
        [*entries[:5], entries[7], *entries[5:]],
        [*entries, entries[-1]],
        [*entries[:5], entries[5] + ",x", *entries[6:]],
        ["no element"] * 40,
    ]

    read = [read_list(name, compact(entries)) for entries in lists]

    monkeypatch.setenv("OPENBALLOT_KERNEL", engines.REFERENCE)
    assert read == [read_list(name, compact(entries)) for entries in lists]
    assert [isinstance(each, dict) for each in read] == [True, *[False] * 7]


def read_list(name: str, text: str) -> dict[str, int] | tuple[str, str]:
    try:
        return credentials.parse_public_credentials(groups.named(name), text)
    except Refused as refusal:
        return refusal.check, refusal.object


def test_credentials_that_are_no_members_are_not_proven(kind: str) -> None:
    group = groups.named("Ed25519")
    members = [group.text(group.power_generator(number)) for number in range(1, 33)]
    others = [group.text(group.identity), outside(group, members[0]), "no element"]

    assert set(proven_together(group, [*members, *others])) == set(members)


def test_few_are_multiplied_without_an_engine(compiled: Path) -> None:
    group = groups.named("Ed25519")
    rows = [[group.power_generator(2), group.power_generator(3)], [group.power_generator(5)] * 2]

    assert products(group, rows) == [group.power_generator(7), group.power_generator(8)]


@pytest.mark.parametrize(
    ("wanted", "of_numbers", "of_points"),
    [
        ("lanes", "AVX512-IFMA, eight lanes", "AVX512-IFMA, eight lanes"),
        ("words", "Numba, 64-bit words", "Numba, 64-bit words"),
        ("reference", "GMP", "libsodium"),
    ],
)
def test_kernel_is_named(
    compiled: Path, monkeypatch: pytest.MonkeyPatch, wanted: str, of_numbers: str, of_points: str
) -> None:
    monkeypatch.setenv("OPENBALLOT_KERNEL", wanted)

    names = kernel_of(groups.named("BELENIOS-2048")), kernel_of(groups.named("Ed25519"))

    # A machine without AVX512-IFMA has only the reference besides words.
    runs_here = wanted in (*kinds_that_run_here(), engines.REFERENCE)
    assert names == ((of_numbers, of_points) if runs_here else ("GMP", "libsodium"))
