"""An election with a question of every kind, its vectors, and every way of altering what is new in it."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any

from elections import made
from elections.altered import (
    Steps,
    chained,
    edited,
    first_column,
    group_of,
    identity,
    in_setup,
    outside,
    replaced,
    steps_of,
)
from elections.streams import Stream, signed
from openballot import archive, ballots, decryption, groups, shuffle
from openballot.canonical import compact, hash_hex
from openballot.election import Election

# The groups that have room for a ranking.
GROUPS = ("Ed25519", "RFC-3526-2048")
QUESTIONS = (made.BLANK, made.LISTS, made.RANKING)
VOTES: tuple[tuple[int, list[Any]], ...] = (
    (0, [[0, 1, 0], [[0, 0, 0], [1, 1, 0, 0], [0, 0]], [9, 9, 9]]),
    (1, [[1, 0, 0], [[0, 0, 0], [0, 0, 0, 0], [1, 1]], [1, 2, 3]]),
    (2, [[0, 0, 1], [[1, 1, 1], [0, 0, 0, 0], [0, 0]], [3, 1, 255]]),
    (0, [[0, 1, 0], [[0, 0, 0], [1, 0, 1, 1], [0, 0]], [0, 0, 0]]),
)
RANKS = [[0, 0, 0], [1, 2, 3], [3, 1, 255]]
# Where the events of this election stand.
BALLOT, END, TALLY, FIRST, SECOND, END_SHUFFLES, PARTIAL, RESULT = 1, 5, 6, 7, 8, 9, 10, 12

Change = Callable[[Any], object]


def flat(rows: list[list[Any]]) -> list[Any]:
    return list(chain(*rows))


def counted(name: str) -> made.Made:
    """The whole election, the same every time."""
    return made.counted(
        name, questions=QUESTIONS, votes=VOTES, trustee_count=2, randbytes=made.drawn(f"kinds {name}")
    )


# --- vectors


def vectors(name: str) -> dict[str, Any]:
    """A whole election with each draw of randomness, and papers and shuffles that must be refused."""
    group = groups.named(name)
    election = made.set_up(name, questions=QUESTIONS, trustee_count=2, randbytes=made.drawn(f"kinds {name}"))
    papers = [
        _drawing(election, f"ballot {index}", partial(election.vote, voter, answers))
        | {"s": str(election.voters[voter]), "answers": answers}
        for index, (voter, answers) in enumerate(VOTES)
    ]
    election.close()
    shuffles = [
        _drawing(election, f"shuffle {number}", partial(election.shuffle, number)) for number in (1, 2)
    ]
    election.append("EndShuffles")
    partials = []
    for number, x in enumerate(election.trustee_keys, 1):
        decrypted = _drawing(election, f"decryption {number}", partial(election.decrypt, number))
        bound = Stream(group, f"bound {number}")
        text = decryption.bound_proofs(election.election, x, election.tally_text, bound)
        partials.append({**decrypted, "x": str(x), "bound_randomness": bound.scalars, "bound_text": text})
    election.count()
    tally_text, sized = election.texts("EncryptedTally")[0]
    return {
        "group": name,
        "election": election.election.text,
        "trustees": election.trustees_text,
        "credentials": election.credentials_text,
        "ballots": papers,
        "refused_ballots": of_group(
            name, refused_papers(election.election, election.voters[0], papers[0]["text"])
        ),
        "encrypted_tally": tally_text,
        "sized_encrypted_tally": sized,
        "shuffles": shuffles,
        "refused_shuffles": of_group(name, refused_shuffles(group, shuffles[0]["text"])),
        "shuffled_tally": election.tally_text,
        "partial_decryptions": partials,
        "result": election.texts("Result")[0][0],
    }


def of_group(name: str, cases: list[dict[str, str]]) -> list[dict[str, str]]:
    """All of them once, and in another group only those about its elements and proofs."""
    about = ("_element", "_proof")
    return [case for case in cases if name == GROUPS[0] or case["check"].endswith(about)]


def _drawing(election: made.Made, label: str, deed: Callable[[], object]) -> dict[str, Any]:
    """Do what appends an event, and return what was drawn for it and its first text."""
    stream = Stream(election.election.group, label)
    before, election.randbytes = election.randbytes, stream
    deed()
    election.randbytes = before
    return {"randomness": stream.scalars, "text": election.events[-1].data[0]}


# --- papers, signed again


def refused_papers(election: Election, s: int, right: str) -> list[dict[str, str]]:
    """Papers whose signature is right, so that only the named check refuses them."""
    group = election.group

    def times_g(holder: Any, key: Any) -> None:
        holder[key] = group.text(group.multiply(group.element(holder[key]), group.generator))

    def plus_one(holder: Any, key: Any) -> None:
        holder[key] = str((int(holder[key]) + 1) % group.q)

    def plus_q(holder: Any, key: Any) -> None:
        holder[key] = str(int(holder[key]) + group.q)

    def leave(holder: Any, key: Any) -> None:
        holder[key] = outside(group, holder[key])

    lists: list[tuple[str, str, Change]] = [
        ("ballot_individual_proof", "a bit", lambda a: times_g(a["choices"][0][1], "beta")),
        (
            "ballot_individual_proof",
            "the proof of a bit",
            lambda a: plus_one(a["individual_proofs"][2][1][0], "response"),
        ),
        ("ballot_overall_proof", "that one is chosen", lambda a: plus_one(a["overall_proof"], "response")),
        ("ballot_list_proof", "a proof", lambda a: plus_one(a["list_proofs"][1][0], "challenge")),
        ("ballot_list_proof", "two proofs swapped", lambda a: a["list_proofs"].reverse()),
        ("ballot_nonzero_proof", "A0", lambda a: times_g(a["nonzero_proof"], "commitment")),
        (
            "ballot_nonzero_proof",
            "A0 is the identity",
            lambda a: a["nonzero_proof"].update(commitment=group.text(group.identity)),
        ),
        ("ballot_nonzero_proof", "the challenge", lambda a: plus_one(a["nonzero_proof"], "challenge")),
        ("ballot_nonzero_proof", "t1", lambda a: plus_one(a["nonzero_proof"]["response"], 0)),
        ("ballot_nonzero_proof", "t2", lambda a: plus_one(a["nonzero_proof"]["response"], 1)),
        ("ballot_element", "a choice outside the group", lambda a: leave(a["choices"][1][0], "alpha")),
        ("ballot_element", "A0 outside the group", lambda a: leave(a["nonzero_proof"], "commitment")),
        ("ballot_scalar", "t1 of q or more", lambda a: plus_q(a["nonzero_proof"]["response"], 0)),
        ("ballot_scalar", "a proof of q or more", lambda a: plus_q(a["list_proofs"][0][1], "response")),
        ("ballot_text", "all in one row", lambda a: a.update(choices=[flat(a["choices"])])),
        ("ballot_text", "a row too few", lambda a: a["choices"].pop()),
        (
            "ballot_text",
            "a choice in another row",
            lambda a: a["choices"][0].append(a["choices"][1].pop()),
        ),
        ("ballot_text", "a proof missing", lambda a: a["list_proofs"].pop()),
        ("ballot_text", "t2 missing", lambda a: a["nonzero_proof"]["response"].pop()),
        ("ballot_text", "a list of one proof", lambda a: a.update(overall_proof=[a["overall_proof"]])),
        ("ballot_text", "no proof of any candidate", lambda a: a.pop("nonzero_proof")),
    ]
    ranking: list[tuple[str, str, Change]] = [
        ("ballot_raw_proof", "beta", lambda a: times_g(a["choices"], "beta")),
        ("ballot_raw_proof", "alpha", lambda a: times_g(a["choices"], "alpha")),
        ("ballot_raw_proof", "the challenge", lambda a: plus_one(a["proof"], "challenge")),
        ("ballot_raw_proof", "the response", lambda a: plus_one(a["proof"], "response")),
        ("ballot_element", "alpha outside the group", lambda a: leave(a["choices"], "alpha")),
        ("ballot_element", "beta outside the group", lambda a: leave(a["choices"], "beta")),
        ("ballot_scalar", "a response of q or more", lambda a: plus_q(a["proof"], "response")),
        ("ballot_text", "a list of one ciphertext", lambda a: a.update(choices=[a["choices"]])),
        ("ballot_text", "a list of one proof", lambda a: a.update(proof=[a["proof"]])),
        ("ballot_text", "a field too many", lambda a: a.update(note="")),
        ("ballot_text", "no proof", lambda a: a.pop("proof")),
    ]
    cases = [(1, f"lists: {why}", check, change) for check, why, change in lists]
    cases += [(2, f"ranking: {why}", check, change) for check, why, change in ranking]
    refused = []
    for question, why, check, change in cases:
        value = json.loads(right)
        change(value["answers"][question])
        refused.append({"check": check, "why": why, "text": signed(election, s, value)})
    return refused


# --- shuffles


def refused_shuffles(group: groups.Group, right: str) -> list[dict[str, str]]:
    """Shuffles of the same tally with one thing changed."""

    def times_g(holder: Any, key: Any) -> None:
        holder[key] = group.text(group.multiply(group.element(holder[key]), group.generator))

    def plus_one(holder: Any, key: Any) -> None:
        holder[key] = str((int(holder[key]) + 1) % group.q)

    def leave(holder: Any, key: Any) -> None:
        holder[key] = outside(group, holder[key])

    def places(value: Any) -> dict[str, tuple[Any, Any]]:
        """Everything in the proof by its name, as what holds it and where."""
        t, s, c, c_hat = value["proofs"][0]
        return {
            **{f"t{at + 1}": (t, at) for at in range(3)},
            **{f"t4,{at + 1}": (t[3], at) for at in range(2)},
            **{f"s{at + 1}": (s, at) for at in range(4)},
            "t̂2": (t[4], 1),
            "ŝ3": (s[4], 2),
            "s′1": (s[5], 0),
            "c2": (c, 1),
            "ĉ3": (c_hat, 2),
        }

    def changed(name: str) -> Change:
        deed = plus_one if name[0] in "sŝ" else times_g
        return lambda value: deed(*places(value)[name])

    def taken_away(of: Callable[[Any], Any]) -> Change:
        return lambda value: of(value).pop()

    names = places(json.loads(right))
    cases: list[tuple[str, str, Change]] = [
        ("shuffle_proof", "an answer changed", lambda value: times_g(value["ciphertexts"][0][1], "beta")),
        ("shuffle_proof", "two answers swapped", lambda value: value["ciphertexts"][0].reverse()),
        *(("shuffle_proof", name, changed(name)) for name in names),
        ("shuffle_element", "an answer outside the group", lambda v: leave(v["ciphertexts"][0][0], "alpha")),
        *(
            ("shuffle_element", f"{name} outside the group", lambda v, name=name: leave(*places(v)[name]))
            for name in names
            if name[0] not in "sŝ"
        ),
        ("shuffle_element", "c1 no text", lambda value: value["proofs"][0][2].__setitem__(0, 7)),
        ("shuffle_text", "s1 of q", lambda v: v["proofs"][0][1].__setitem__(0, str(group.q))),
        ("shuffle_text", "ŝ1 no text", lambda v: v["proofs"][0][1][4].__setitem__(0, 7)),
        ("shuffle_text", "a question too many", lambda value: value["ciphertexts"].append([])),
        ("shuffle_text", "an answer left out", taken_away(lambda value: value["ciphertexts"][0])),
        ("shuffle_text", "no proof", taken_away(lambda value: value["proofs"])),
        ("shuffle_text", "no ĉ", taken_away(lambda value: value["proofs"][0])),
        ("shuffle_text", "t4 alone", taken_away(lambda value: value["proofs"][0][0][3])),
        ("shuffle_text", "t̂3 missing", taken_away(lambda value: value["proofs"][0][0][4])),
        ("shuffle_text", "s′3 missing", taken_away(lambda value: value["proofs"][0][1][5])),
        ("shuffle_text", "a field too many", lambda value: value.update(note="")),
    ]
    return [{"check": check, "why": why, "text": edited(right, change)} for check, why, change in cases]


# --- steps of the election, chained again


def with_tally(steps: Steps, change: Change) -> Steps:
    text = edited(steps[TALLY][1][0], change)
    sized = edited(steps[TALLY][1][1], lambda value: value.update(encrypted_tally=hash_hex(text)))
    return replaced(steps, TALLY, text, sized)


def with_shuffle(steps: Steps, at: int, text: str, owner: int = 1) -> Steps:
    return replaced(steps, at, text, decryption.owned(owner, text))


def with_result(steps: Steps, change: Change) -> Steps:
    return replaced(steps, RESULT, edited(steps[RESULT][1][0], lambda value: change(value["result"])))


def with_partial(steps: Steps, change: Change) -> Steps:
    text = edited(steps[PARTIAL][1][0], change)
    return replaced(steps, PARTIAL, text, decryption.owned(1, text))


def moved(steps: Steps, holder: dict[str, str], name: str) -> None:
    # Far enough that it reads as other numbers: the generator of RFC-3526-2048 is 2.
    group = group_of(steps)
    holder[name] = group.text(group.multiply(group.element(holder[name]), group.power_generator(2**100)))


def answers_of_the_tally_in_another_order(steps: Steps) -> Steps:
    return with_tally(steps, lambda value: value[2].reverse())


def replaced_answer_tallied_too(steps: Steps) -> Steps:
    (first, *_) = [json.loads(data[0])["answers"][2]["choices"] for kind, data in steps if kind == "Ballot"]
    return with_tally(steps, lambda value: value[2].append(first))


def answer_left_out_of_the_tally(steps: Steps) -> Steps:
    return with_tally(steps, lambda value: value[2].pop())


def answer_of_the_tally_changed(steps: Steps) -> Steps:
    return with_tally(steps, lambda value: moved(steps, value[2][0], "beta"))


def lists_of_the_tally_in_one_row(steps: Steps) -> Steps:
    return with_tally(steps, lambda value: value.__setitem__(1, [flat(value[1])]))


def first_shuffle_left_out(steps: Steps) -> Steps:
    return [*steps[:FIRST], *steps[SECOND:]]


def last_shuffle_left_out(steps: Steps) -> Steps:
    return [*steps[:SECOND], *steps[END_SHUFFLES:]]


def no_shuffle_at_all(steps: Steps) -> Steps:
    return [*steps[:FIRST], *steps[PARTIAL:]]


def end_of_shuffles_without_a_shuffle(steps: Steps) -> Steps:
    return [*steps[:FIRST], *steps[END_SHUFFLES:]]


def end_of_shuffles_left_out(steps: Steps) -> Steps:
    return [*steps[:END_SHUFFLES], *steps[PARTIAL:]]


def end_of_shuffles_with_a_payload(steps: Steps) -> Steps:
    return replaced(steps, END_SHUFFLES, "{}")


def shuffle_after_their_end(steps: Steps) -> Steps:
    return [*steps[:SECOND], steps[END_SHUFFLES], steps[SECOND], *steps[PARTIAL:]]


def shuffle_before_the_tally(steps: Steps) -> Steps:
    return [*steps[:TALLY], steps[FIRST], steps[TALLY], *steps[SECOND:]]


def shuffles_swapped(steps: Steps) -> Steps:
    return [*steps[:FIRST], steps[SECOND], steps[FIRST], *steps[END_SHUFFLES:]]


def last_shuffle_twice(steps: Steps) -> Steps:
    return [*steps[:END_SHUFFLES], *steps[SECOND:]]


def shuffle_by_an_unknown_trustee(steps: Steps) -> Steps:
    return with_shuffle(steps, FIRST, steps[FIRST][1][0], owner=3)


def shuffle_by_trustee_zero(steps: Steps) -> Steps:
    return with_shuffle(steps, FIRST, steps[FIRST][1][0], owner=0)


def owner_of_a_shuffle_with_a_field_too_many(steps: Steps) -> Steps:
    text, owner = steps[FIRST][1]
    return replaced(steps, FIRST, text, edited(owner, lambda value: value.update(name="Ana")))


def shuffle_with_a_space(steps: Steps) -> Steps:
    return with_shuffle(steps, SECOND, steps[SECOND][1][0].replace(",", ", ", 1), owner=2)


def answer_changed_by_the_last_shuffle(steps: Steps) -> Steps:
    text = edited(steps[SECOND][1][0], lambda value: moved(steps, value["ciphertexts"][0][0], "beta"))
    return with_shuffle(steps, SECOND, text, owner=2)


def another_electorate_shuffled(steps: Steps) -> Steps:
    """A correct shuffle, by the rules, of answers that are not the tally's."""
    election = Election.parse(steps[0][1][0])
    row = json.loads(steps[TALLY][1][0])[2]
    other = edited(steps[TALLY][1][0], lambda value: value.__setitem__(2, [row[0]] * len(row)))
    return with_shuffle(steps, FIRST, shuffle.shuffle(election, other, made.drawn("other")))


def factors_of_the_shuffled_answers_in_another_order(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        for name in ("decryption_factors", "decryption_proofs"):
            first, *others = value[name][2]
            value[name][2] = [*others, first]

    return with_partial(steps, change)


def factors_of_the_lists_in_one_row(steps: Steps) -> Steps:
    return with_partial(
        steps,
        lambda value: value["decryption_factors"].__setitem__(1, flat(value["decryption_factors"][1])),
    )


def factor_of_an_answer_left_out(steps: Steps) -> Steps:
    return with_partial(steps, lambda value: value["decryption_factors"][2].pop())


def weight_beside_a_ranking(steps: Steps) -> Steps:
    def change(value: Any) -> None:
        value[1] = f"{first_column(value[1])},2"

    return in_setup(steps, 2, edited(steps[0][1][2], change))


def answers_of_the_result_in_another_order(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2].reverse())


def answer_of_the_result_changed(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2][0].__setitem__(0, result[2][0][0] ^ 1))


def answer_of_the_result_beyond_a_byte(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2][1].__setitem__(0, result[2][1][0] + 256))


def answer_left_out_of_the_result(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2].pop())


def answer_too_many_in_the_result(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2].append([1, 2, 3]))


def answer_of_the_result_as_text(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2][0].__setitem__(0, str(result[2][0][0])))


def answer_of_the_result_below_zero(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2][0].__setitem__(0, -1))


def answer_of_the_result_with_a_number_too_few(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[2][0].pop())


def list_with_a_vote_more(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[1][0].__setitem__(0, result[1][0][0] + 1))


def candidate_with_more_votes_than_the_list(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[1][2].__setitem__(1, result[1][2][0] + 1))


def list_without_candidates_votes(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result[1].__setitem__(2, [result[1][2][0], 0]))


def lists_of_the_result_in_one_row(steps: Steps) -> Steps:
    return with_result(steps, lambda result: result.__setitem__(1, [flat(result[1])]))


def key_is_the_identity(steps: Steps) -> Steps:
    return in_setup(
        steps[:1], 0, edited(steps[0][1][0], lambda value: value.update(public_key=identity(steps)))
    )


def in_question(number: int, change: Change) -> Callable[[Steps], Steps]:
    return lambda steps: in_setup(
        steps[:1], 0, edited(steps[0][1][0], lambda value: change(value["questions"][number]))
    )


STEP_LEVEL: list[tuple[Callable[[Steps], Steps], set[str]]] = [
    (answers_of_the_tally_in_another_order, {"tally_ciphertexts", "shuffle_proof"}),
    (replaced_answer_tallied_too, {"tally_ciphertexts", "shuffle_text"}),
    (answer_left_out_of_the_tally, {"tally_ciphertexts", "shuffle_text"}),
    (answer_of_the_tally_changed, {"tally_ciphertexts", "shuffle_proof"}),
    (lists_of_the_tally_in_one_row, {"tally_text"}),
    (first_shuffle_left_out, {"shuffle_proof"}),
    (last_shuffle_left_out, {"decryption_proof", "result_missing"}),
    (no_shuffle_at_all, {"event_order", "decryption_proof", "result_missing"}),
    (end_of_shuffles_without_a_shuffle, {"event_order", "decryption_proof", "result_missing"}),
    (end_of_shuffles_left_out, {"event_order"}),
    (end_of_shuffles_with_a_payload, {"archive_missing"}),
    (shuffle_after_their_end, {"event_order"}),
    (shuffle_before_the_tally, {"event_order", "shuffle_proof"}),
    (shuffles_swapped, {"shuffle_proof", "decryption_proof", "result_missing"}),
    (last_shuffle_twice, {"shuffle_proof"}),
    (shuffle_by_an_unknown_trustee, {"shuffle_owner"}),
    (shuffle_by_trustee_zero, {"shuffle_owner"}),
    (owner_of_a_shuffle_with_a_field_too_many, {"shuffle_text"}),
    (shuffle_with_a_space, {"shuffle_text"}),
    (answer_changed_by_the_last_shuffle, {"shuffle_proof", "result_value"}),
    (another_electorate_shuffled, {"shuffle_proof"}),
    (factors_of_the_shuffled_answers_in_another_order, {"decryption_proof", "result_missing"}),
    (factors_of_the_lists_in_one_row, {"decryption_text", "result_missing"}),
    (factor_of_an_answer_left_out, {"decryption_text", "result_missing"}),
    (weight_beside_a_ranking, {"credential_weight"}),
    (answers_of_the_result_in_another_order, {"result_value"}),
    (answer_of_the_result_changed, {"result_value"}),
    (answer_of_the_result_beyond_a_byte, {"result_value"}),
    (answer_left_out_of_the_result, {"result_value"}),
    (answer_too_many_in_the_result, {"result_value"}),
    (answer_of_the_result_as_text, {"result_text"}),
    (answer_of_the_result_below_zero, {"result_text"}),
    (answer_of_the_result_with_a_number_too_few, {"result_text"}),
    (list_with_a_vote_more, {"result_range", "result_value"}),
    (candidate_with_more_votes_than_the_list, {"result_range", "result_value"}),
    (list_without_candidates_votes, {"result_range", "result_value"}),
    (lists_of_the_result_in_one_row, {"result_text"}),
    (key_is_the_identity, {"election_key"}),
]

QUESTION_LEVEL: list[tuple[str, Callable[[Steps], Steps], str]] = [
    (why, in_question(number, change), check)
    for number, why, change, check in (
        (1, "a list without candidates", lambda q: q["value"]["answers"].append(["Z"]), "election_question"),
        (1, "no list", lambda q: q["value"].update(answers=[]), "election_question"),
        (1, "a list that is a name", lambda q: q["value"]["answers"].append("Z"), "election_text"),
        (1, "a candidate that is no text", lambda q: q["value"]["answers"][0].append(7), "election_text"),
        (1, "lists with a blank vote", lambda q: q["value"].update(blank=True), "election_text"),
        (1, "lists without a value", lambda q: q.pop("value"), "election_text"),
        (2, "nobody to rank", lambda q: q["value"].update(answers=[]), "election_question"),
        (2, "too many to rank", lambda q: q["value"].update(answers=["Z"] * 255), "election_question"),
        (2, "a ranking with limits", lambda q: q["value"].update(min=1), "election_text"),
        (2, "a ranking with a field too many", lambda q: q.update(note=""), "election_text"),
        (2, "an extra with a fraction", lambda q: q["extra"].update(seats=0.5), "election_text"),
        (2, "an unknown kind", lambda q: q.update(type="Ballade"), "election_question_unsupported"),
        (2, "a kind that is no text", lambda q: q.update(type=7), "election_question_unsupported"),
        (2, "a kind that is null", lambda q: q.update(type=None), "election_text"),
        (2, "a kind that is a list", lambda q: q.update(type=["Lists"]), "election_question_unsupported"),
    )
]


def archives() -> Iterator[tuple[str, bytes]]:
    """The election on Ed25519, unaltered and altered, for whoever verifies."""
    election = counted("Ed25519")
    steps = steps_of(election.archive())
    yield "every kind: nothing altered", election.archive()
    for length in range(TALLY + 1, len(steps)):
        yield f"every kind: cut after {length} events", chained(steps[:length])
    for alter, _ in STEP_LEVEL:
        yield f"every kind: {alter.__name__}", chained(alter(steps))
    for why, alter, _ in QUESTION_LEVEL:
        yield f"an election with {why}", chained(alter(steps))
    for case in refused_papers(election.election, election.voters[0], steps[END - 1][1][0]):
        paper = replaced(steps[:END], END - 1, case["text"])[-1]
        yield f"a paper with {case['why']}", chained([steps[0], paper])
    for case in refused_shuffles(election.election.group, steps[FIRST][1][0]):
        yield f"a shuffle with {case['why']}", chained(with_shuffle(steps[: FIRST + 1], FIRST, case["text"]))
    yield "a shuffle where nothing is to be shuffled", without_rankings("Ed25519")
    for name in GROUPS:
        yield f"{name}: marked papers", with_marked_papers(name).archive()


def without_rankings(name: str) -> bytes:
    """A correct archive but for a shuffle of nothing, where nothing is to be shuffled."""
    election = made.counted(name, randbytes=made.drawn("no rankings"))
    text = compact({"ciphertexts": [], "proofs": []})
    steps = [(event.type, event.data) for event in election.events]
    at = next(at for at, (kind, _) in enumerate(steps) if kind == "PartialDecryption")
    added = [("Shuffle", (text, decryption.owned(1, text))), ("EndShuffles", ())]
    events: list[archive.Event] = []
    for kind, data in [*steps[:at], *added, *steps[at:]]:
        events.append(archive.next_event(events[-1] if events else None, kind, data))
    return made.archive_of(events)


def with_marked_papers(name: str) -> made.Made:
    """An election in which two of three answers are elements that no device encodes to."""
    election = made.set_up(name, questions=(made.RANKING,), randbytes=made.drawn(f"marked {name}"))
    group = election.election.group
    first = group.encode([8, 1, 2, 3])
    for voter, element in enumerate((first, group.multiply(first, group.generator))):
        election.append("Ballot", marked_paper(election, voter, element))
    election.vote(2, [[3, 2, 1]])
    election.close()
    election.shuffle(1)
    election.append("EndShuffles")
    election.decrypt(1)
    election.count()
    return election


def marked_paper(election: made.Made, voter: int, element: groups.Element) -> str:
    """A paper made by the rules, but for the element it holds: whoever makes a paper can mark it."""
    group, y, s = election.election.group, election.election.public_key, election.voters[voter]
    right = json.loads(ballots.make_ballot(election.election, s, [[0, 0, 0]], election.randbytes))
    r, w = group.random_scalar(election.randbytes), group.random_scalar(election.randbytes)
    alpha = group.text(group.power_generator(r))
    beta = group.text(group.multiply(group.power(y, r), element))
    s0 = f"{election.election.fingerprint}|{right['credential']}"
    commitment = group.text(group.power_generator(w))
    challenge = group.hash_to_scalar(f"raweg|{s0}|{group.text(y)},{alpha},{beta}|{commitment}")
    proof = {"challenge": str(challenge), "response": str((w - r * challenge) % group.q)}
    right["answers"] = [{"choices": {"alpha": alpha, "beta": beta}, "proof": proof}]
    return signed(election.election, s, right)
