"""What the fuzzer does to an archive: each mutation changes a draft in one way, where *random* says.

A mutation that finds nothing to change leaves the draft as it is.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Any, TypeAlias

from fuzz import cheating
from fuzz.drafts import RAW, Draft, Readable, Step, edit, parsed, signed, written_json
from openballot import ballots, groups, schnorr
from openballot.ballots import make_ballot
from openballot.canonical import hash_base64
from openballot.election import Election
from openballot.finitefields import FiniteField
from openballot.questions import Context, ImpossibleAnswer, Question

Mutation: TypeAlias = Callable[[Draft, Random], None]

P = 2**255 - 19
JUNK: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**30 - 1, 2**30, 2**63, 2**70, [], {}, [[]], [{}], {"a": []}, ""),
    *("0", "1", "-1", "01", "+1", " 1", "1.0", "1e3", "９", "é", "\x00", "\x7f", "\u2028", "\ud800", "🗳"),
    *("9" * 700, "9" * 5000, "f" * 64, "0" * 64, "A" * 43, "a" * 100_000),
    *(f"{RAW}{raw}" for raw in ("1.0", "1e3", "-0", "01", "NaN", "Infinity", "1" * 5000, '"\\u0061"')),
    *(f"{RAW}{raw}" for raw in ("[" * 50_000, '{"a":' * 50_000, "[" * 900 + "]" * 900, '{"a":1,"a":1}')),
)


# --- events and their data


def drop_event(draft: Draft, random: Random) -> None:
    if draft.steps:
        del draft.steps[random.randrange(len(draft.steps))]


def repeat_event(draft: Draft, random: Random) -> None:
    if draft.steps:
        index = random.randrange(len(draft.steps))
        copied = Step(draft.steps[index].type, list(draft.steps[index].texts))
        draft.steps.insert(random.randint(index, len(draft.steps)), copied)


def move_event(draft: Draft, random: Random) -> None:
    if draft.steps:
        step = draft.steps.pop(random.randrange(len(draft.steps)))
        draft.steps.insert(random.randint(0, len(draft.steps)), step)


def swap_events(draft: Draft, random: Random) -> None:
    if len(draft.steps) > 1:
        i = random.randrange(len(draft.steps) - 1)
        draft.steps[i], draft.steps[i + 1] = draft.steps[i + 1], draft.steps[i]


def retype_event(draft: Draft, random: Random) -> None:
    if draft.steps:
        kinds = [*{step.type: None for step in draft.steps}, "Shuffle", "EndShuffles", "setup", ""]
        random.choice(draft.steps).type = random.choice(kinds)


def cut(draft: Draft, random: Random) -> None:
    del draft.steps[random.randint(1, max(1, len(draft.steps))) :]


def drop_text(draft: Draft, random: Random) -> None:
    if step := _with_texts(draft, random):
        del step.texts[random.randrange(len(step.texts))]


def repeat_text(draft: Draft, random: Random) -> None:
    if step := _with_texts(draft, random):
        step.texts.insert(random.randint(0, len(step.texts)), random.choice(step.texts))


def swap_texts(draft: Draft, random: Random) -> None:
    if step := _with_texts(draft, random):
        random.shuffle(step.texts)


def foreign_text(draft: Draft, random: Random) -> None:
    step, other = _with_texts(draft, random), _with_texts(draft, random)
    if step and other:
        step.texts[random.randrange(len(step.texts))] = random.choice(other.texts)


def _with_texts(draft: Draft, random: Random) -> Step | None:
    steps = [step for step in draft.steps if step.texts]
    return random.choice(steps) if steps else None


# --- values


def places_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value, as the container and the key or index there."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from places_in(item)


def _at_place(draft: Draft, random: Random, change: Callable[[Any, Any], object]) -> None:
    """Change one value somewhere in one text, or in a text inside that text."""

    def at_one(value: Any) -> None:
        container, key = random.choice(list(places_in(value)))
        inner = parsed(container[key]) if str(container[key]).startswith("{") else None
        if isinstance(inner, dict) and inner and random.random() < 0.8:
            at_one(inner)
            container[key] = written_json(inner)
        else:
            change(container, key)

    if step := _with_texts(draft, random):
        edit(step, random.randrange(len(step.texts)), at_one)


def junk(draft: Draft, random: Random) -> None:
    _at_place(draft, random, lambda container, key: container.__setitem__(key, random.choice(JUNK)))


def drop_value(draft: Draft, random: Random) -> None:
    _at_place(draft, random, lambda container, key: container.pop(key))


def repeat_value(draft: Draft, random: Random) -> None:
    def change(container: Any, key: Any) -> None:
        if isinstance(container, list):
            container.insert(random.randint(0, len(container)), container[key])
        else:
            container[f"{key}2"] = container[key]

    _at_place(draft, random, change)


def swap_values(draft: Draft, random: Random) -> None:
    def change(container: Any, key: Any) -> None:
        other = random.choice(list(container) if isinstance(container, dict) else range(len(container)))
        container[key], container[other] = container[other], container[key]

    _at_place(draft, random, change)


def reorder_fields(draft: Draft, random: Random) -> None:
    def change(container: Any, key: Any) -> None:
        container[key] = container.pop(key)

    _at_place(draft, random, change)


def borrow_value(draft: Draft, random: Random) -> None:
    """Put there what stands in another place under the same name."""

    def change(container: Any, key: Any) -> None:
        values = [parsed(text) for step in draft.steps for text in step.texts]
        same = [holder[name] for value in values for holder, name in places_in(value) if name == key]
        container[key] = random.choice(same)

    _at_place(draft, random, change)


def retype_value(draft: Draft, random: Random) -> None:
    """Write a number as a text, a text as a number, one thing as a list of it."""

    def change(container: Any, key: Any) -> None:
        value = container[key]
        if isinstance(value, int):
            container[key] = str(value)
        elif isinstance(value, str) and value.isdecimal():
            container[key] = int(value)
        else:
            container[key] = [value]

    _at_place(draft, random, change)


def nudge_number(draft: Draft, random: Random) -> None:
    """Change a scalar or a count by a little, or by what changes nothing modulo q."""
    q = draft.group.q

    def change(container: Any, key: Any) -> None:
        number = int(container[key])
        others = (number + 1, number - 1, number + q, number - q, -number % q, number * 2, 2 * q - 1)
        text = random.choice([*map(str, others), f"0{number}", f"+{number}", f"{number}.0", f"{number} "])
        container[key] = text if isinstance(container[key], str) else int(text)

    _at_value(draft, random, lambda value: str(value).isdecimal() and not isinstance(value, bool), change)


def bend_element(draft: Draft, random: Random) -> None:
    """Put in place of an element one nearby: of small order, beside the group, otherwise written."""

    def change(container: Any, key: Any) -> None:
        container[key] = random.choice(list(_near(draft.group, container[key])))

    _at_value(draft, random, lambda value: _is_element(draft.group, value), change)


def _at_value(
    draft: Draft, random: Random, wanted: Callable[[Any], bool], change: Callable[[Any, Any], None]
) -> None:
    """Change one of the values that are *wanted*."""
    found = []
    for step in draft.steps:
        for index, text in enumerate(step.texts):
            places = enumerate(places_in(parsed(text)))
            found += [(step, index, number) for number, (holder, key) in places if wanted(holder[key])]
    if found:
        step, index, number = random.choice(found)
        edit(step, index, lambda value: change(*list(places_in(value))[number]))


def _is_element(group: groups.Group, value: object) -> bool:
    if not isinstance(value, str):
        return False
    if isinstance(group, FiniteField):
        return value.isdecimal() and len(value) > 500
    return len(value) == 64 and set(value) <= set("0123456789abcdef")


def _near(group: groups.Group, text: str) -> Iterator[str]:
    yield group.text(group.identity)
    yield group.text(group.generator)
    element = group.element(text)
    yield group.text(group.inverse(element))
    yield group.text(group.multiply(element, group.generator))
    if isinstance(group, FiniteField):
        p = int(group.p)
        yield from map(str, (0, p, p - 1, p + 1, p - int(text), p + int(text), f"0{text}", f"{text}0"))
        return
    y, sign = int(text, 16) % 2**255, int(text, 16) >> 255 << 255
    # Minus the point (0, -1); then points of order 2, 4 and 8; then numbers that are no y below p.
    yield f"{(P - y) | (sign ^ (1 << 255)):064x}"
    yield f"{P - 1:064x}"
    yield "0" * 64
    yield "05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826"
    yield from (f"{number:064x}" for number in (P, P + 1, P + y % 19, 2, (1 << 255) | 1, 2**256 - 1))
    yield text.upper()
    yield text[1:]
    yield f"0{text}"
    yield f"{text[:-1]}g"


# --- the same value, otherwise written


def respell(draft: Draft, random: Random) -> None:
    """Write one text otherwise, so that it says the same, or nearly."""
    if step := _with_texts(draft, random):
        index = random.randrange(len(step.texts))
        step.texts[index] = random.choice(_SPELLINGS)(step.texts[index], random)


def _at_random(text: str, random: Random, old: str, new: str) -> str:
    places = [place for place in range(len(text)) if text.startswith(old, place)]
    place = random.choice(places) if places else len(text)
    return text[:place] + new + text[place + len(old) :]


_SPELLINGS: tuple[Callable[[str, Random], str], ...] = (
    lambda text, random: _at_random(text, random, ",", ", "),
    lambda text, random: _at_random(text, random, ":", " :"),
    lambda text, random: _at_random(text, random, "a", "\\u0061"),
    lambda text, random: _at_random(text, random, "/", "\\/"),
    lambda text, random: _at_random(text, random, "e", "E"),
    lambda text, random: _at_random(text, random, '"', ""),
    lambda text, random: _at_random(text, random, "}", ""),
    lambda text, random: _at_random(text, random, "{", '{"":0,'),
    lambda text, random: _at_random(text, random, "", random.choice('\x00\x7f\ud800é,[]{}0"\\')),
    lambda text, _random: f"{text}\n",
    lambda text, _random: f" {text}",
    lambda text, _random: f"\ufeff{text}",
    lambda text, _random: text + text,
    lambda text, _random: text[:-1],
    lambda text, _random: "",
    lambda text, _random: json.dumps(parsed(text)),
    lambda text, _random: text.replace("\\n", "\\u000a").replace("«", "\\u00ab"),
)


# --- events' own texts, and the file


def spoil_event(draft: Draft, random: Random) -> None:
    """Change what an event says of its place; what follows is chained to that."""

    def change(text: str) -> str:
        value = parsed(text)
        if not isinstance(value, dict) or not value:
            return text
        name = random.choice(list(value))
        others = ["0" * 64, value.get("parent"), value.get("payload"), random.choice(JUNK), "payload"]
        random.choice(
            (
                lambda: value.__setitem__(name, random.choice(others)),
                lambda: value.pop(name),
                lambda: value.__setitem__(name, value.pop(name)),
                lambda: value.__setitem__("height", random.choice((-1, 0, 2**64, "1", True, 10**400))),
                lambda: value.__setitem__("extra", random.choice(others)),
            )
        )()
        return written_json(value)

    if draft.steps:
        draft.event_edits.append((random.randrange(len(draft.steps)), change))


def respell_event(draft: Draft, random: Random) -> None:
    if draft.steps:
        spelling = random.choice(_SPELLINGS)
        index = random.randrange(len(draft.steps))
        draft.event_edits.append((index, lambda text: spelling(text, random)))


def leave_hashes(draft: Draft, random: Random) -> None:
    """Let the hashes inside the texts be those of before."""
    draft.stale = True


def new_time(draft: Draft, random: Random) -> None:
    draft.timestamp = random.choice((0, 1, 1_795_000_001, 8**11 - 1))


def impossible_time(draft: Draft, random: Random) -> None:
    draft.timestamp = random.choice((-1, 8**11, 2**63))


def spoil_record(draft: Draft, random: Random) -> None:
    """Change the header of a record, or its place, or its end."""
    seed = random.getrandbits(32)
    draft.file_edits.append(lambda blocks: _spoiled(blocks, Random(seed)))  # noqa: S311 - no secret


def _spoiled(blocks: list[bytes], random: Random) -> list[bytes]:
    index = random.randrange(len(blocks))
    block = blocks[index]
    size = max(0, len(block) - 512)
    spoilt: tuple[Callable[[], list[bytes]], ...] = (
        lambda: _with(blocks, index, _at(block, random.randrange(512), random.randbytes(1))),
        lambda: _with(blocks, index, _at(block, 124, b"%011o" % random.choice((0, 1, size + 1, 8**11 - 1)))),
        lambda: _with(blocks, index, _at(block, 124, random.choice((b"-0000000001", b"0x000000001", b" 1")))),
        lambda: _with(blocks, index, _at(block, 124, b"\x80" + bytes(9) + b"\xff")),
        lambda: _with(blocks, index, _at(block, 136, b"%011o" % random.randrange(8**11))),
        lambda: _with(blocks, index, _at(block, 257, b"ustar\x0000")),
        lambda: _with(blocks, index, _at(block, 156, random.choice((b"\0", b"1", b"2", b"5", b"x", b"L")))),
        lambda: _with(blocks, index, _at(block, 0, random.choice((b"../", b"/", b"BELENIOS\0", b"\xff")))),
        lambda: _with(blocks, index, _at(block, len(block) - 1, b"\x01")),
        lambda: _with(blocks, index, block + bytes(512)),
        lambda: _with(blocks, index, block[:-512]),
        lambda: _with(blocks, index, b""),
        lambda: [*blocks[:index], block, *blocks[index:]],
        lambda: [*blocks, bytes(1024)],
        lambda: [*blocks[:-1], blocks[-1][: random.randint(0, len(blocks[-1]))]],
        lambda: [*blocks, random.randbytes(random.randrange(1, 600))],
        lambda: [b"\x1f\x8b", *blocks],
        lambda: blocks[::-1],
    )
    return random.choice(spoilt)()


def _with(blocks: list[bytes], index: int, block: bytes) -> list[bytes]:
    return [*blocks[:index], block, *blocks[index + 1 :]]


def _at(block: bytes, place: int, put: bytes) -> bytes:
    return block[:place] + put + block[place + len(put) :]


# --- people


def _credentials(draft: Draft, change: Callable[[list[str]], object]) -> None:
    for step in draft.of_type("Setup"):
        edit(step, 2, change)


def name_voter(draft: Draft, random: Random) -> None:
    """Add the third column of older lists; nothing is read there."""

    def change(entries: list[str]) -> None:
        index = random.randrange(len(entries))
        element, *rest = entries[index].split(",")
        entries[index] = f"{element},{rest[0] if rest else ''},{random.choice(('Ana', 'a,b', '', '1'))}"

    _credentials(draft, change)


def enrol(draft: Draft, random: Random) -> None:
    """List one credential more, that never votes."""
    group = draft.group
    key = group.text(group.power_generator(random.randrange(1, group.q)))

    def change(entries: list[str]) -> None:
        entries += [key] if key not in entries else []
        entries.sort(key=lambda entry: group.order_key(group.element(entry.split(",")[0])))

    _credentials(draft, change)


def strike(draft: Draft, random: Random) -> None:
    _credentials(draft, lambda entries: entries.pop(random.randrange(len(entries))))


def reweigh(draft: Draft, random: Random) -> None:
    weights = ("0", "1", "2", "", "007", "-1", str(10**29), str(10**30), "1 ", "x")

    def change(entries: list[str]) -> None:
        index = random.randrange(len(entries))
        entries[index] = f"{entries[index].split(',')[0]},{random.choice(weights)}"

    _credentials(draft, change)


def name_trustee(draft: Draft, random: Random) -> None:
    """Nobody signs the names of trustees."""
    name = random.choice(("Ana", "", "\x00é"))

    def change(value: Any) -> None:
        keys = [key for kind, item in value for key in item.get("verification_keys", [item])]
        random.choice(keys).update(name=name)

    for step in draft.of_type("Setup"):
        edit(step, 1, change)


def other_owner(draft: Draft, random: Random) -> None:
    steps = [step for step in draft.steps if step.type in ("PartialDecryption", "Shuffle")]
    if steps:
        owner = random.choice((0, 1, 2, 3, 4, -1, 2**70, "1", True))
        edit(random.choice(steps), 1, lambda value: value.update(owner=owner))


def repeat_decryption(draft: Draft, random: Random) -> None:
    """Somebody hands the same factors in twice."""
    found = draft.of_type("PartialDecryption")
    if found:
        step = random.choice(found)
        draft.steps.insert(draft.steps.index(found[-1]), Step(step.type, list(step.texts)))


# --- papers, with their voters' keys


def vote_again(draft: Draft, random: Random) -> None:
    """A voter casts another right paper."""
    _cast(draft, random, lambda election: election)


def vote_as_nobody_may(draft: Draft, random: Random) -> None:
    """A voter's device keeps no rule: it encrypts anything, and signs the proofs that it can make."""
    readable = Readable.of(draft)
    listed = [item for item in draft.seed.keys.voters.items() if readable and item[0] in readable.weights]
    if not readable or not listed:
        return
    election = readable.election
    credential, s = random.choice(listed)
    answers, may_hold = cheating.answers(election, credential, random)
    body = {
        "election_uuid": election.uuid,
        "election_hash": election.fingerprint,
        "credential": credential,
        "answers": answers,
    }
    text = signed(draft, body, s, random)
    if not may_hold:
        draft.authored.discard(text)
        draft.untrue.add(text)
    draft.steps.insert(1, Step("Ballot", [text]))


def vote_by_other_limits(draft: Draft, random: Random) -> None:
    """A voter proves what the question would allow if its limits were wide."""

    def change(election: Election) -> Election:
        return replace(election, questions=tuple(map(_widened, election.questions)))

    _cast(draft, random, change)


def _cast(draft: Draft, random: Random, change: Callable[[Election], Election]) -> None:
    readable = Readable.of(draft)
    places = [index for index, step in enumerate(draft.steps) if step.type in ("Setup", "Ballot")]
    listed = [s for key, s in draft.seed.keys.voters.items() if readable and key in readable.weights]
    if not readable or not places or not listed:
        return
    election = change(readable.election)
    answers = [cheating.honest(question, random) for question in election.questions]
    try:
        text = make_ballot(election, random.choice(listed), answers, random.randbytes)
    except ImpossibleAnswer:
        return
    draft.steps.insert(random.choice(places) + 1, Step("Ballot", [text]))
    draft.authored.add(text)
    draft.keyed = True


def _widened(question: Any) -> Any:
    return replace(question, min=0, max=len(question.answers)) if isinstance(question, Question) else question


def shift_choice(draft: Draft, random: Random) -> None:
    """Multiply what a choice encrypts by g, as anybody can."""
    group = draft.group

    def change(value: Any) -> None:
        holders = [holder for holder, key in places_in(value) if key == "beta"]
        holder = random.choice(holders)
        holder["beta"] = group.text(group.multiply(group.element(holder["beta"]), group.generator))

    if found := draft.of_type("Ballot"):
        edit(random.choice(found), 0, change)


def reencrypt_choice(draft: Draft, random: Random) -> None:
    """Give a choice other randomness, as anybody can; its proofs are those of before."""
    readable, group = Readable.of(draft), draft.group

    def change(value: Any) -> None:
        assert readable
        r = random.randrange(1, group.q)
        holder = random.choice([holder for holder, key in places_in(value) if key == "beta"])
        for name, base in (("alpha", group.generator), ("beta", readable.election.public_key)):
            holder[name] = group.text(group.multiply(group.element(holder[name]), group.power(base, r)))

    if readable and (found := draft.of_type("Ballot")):
        edit(random.choice(found), 0, change)


def copy_answers(draft: Draft, random: Random) -> None:
    """A voter signs the answers of another as their own."""
    values = [parsed(step.texts[0]) for step in draft.of_type("Ballot") if step.texts]
    bodies = [value for value in values if isinstance(value, dict) and "answers" in value]
    if bodies:
        key, s = random.choice(list(draft.seed.keys.voters.items()))
        body = {name: item for name, item in random.choice(bodies).items() if name != "signature"}
        draft.steps.insert(1, Step("Ballot", [signed(draft, {**body, "credential": key}, s, random)]))


def vote_as_a_stranger(draft: Draft, random: Random) -> None:
    readable = Readable.of(draft)
    if readable:
        answers = [cheating.honest(question, random) for question in readable.election.questions]
        s = random.randrange(1, draft.group.q)
        text = ballots.make_ballot(readable.election, s, answers, random.randbytes)
        draft.steps.insert(1, Step("Ballot", [text]))


def vote_in_anothers_name(draft: Draft, random: Random) -> None:
    """A stranger fills in a right paper for a listed voter, whose signature it cannot make."""
    readable = Readable.of(draft)
    cast = [parsed(step.texts[0]) for step in draft.of_type("Ballot") if step.texts]
    cast = [value for value in cast if isinstance(value, dict) and "signature" in value]
    if not readable or not cast:
        return
    election, earlier = readable.election, random.choice(cast)
    context = Context(
        election.group, election.public_key, f"{election.fingerprint}|{earlier.get('credential')}"
    )
    answers = [
        question.encrypt(context, cheating.honest(question, random), random.randbytes)
        for question in election.questions
    ]
    body = {**earlier, "answers": answers}
    del body["signature"]
    own = hash_base64(written_json(body))
    stranger = random.randrange(1, election.group.q)
    forged = schnorr.prove(election.group, stranger, lambda a: f"sig|{own}|{a}", random.randbytes)
    signature = random.choice(
        (
            earlier["signature"],
            {**earlier["signature"], "hash": own},
            {"hash": own, "proof": forged.as_json()},
        )
    )
    draft.steps.insert(1, Step("Ballot", [written_json({**body, "signature": signature})]))


def drop_vote(draft: Draft, random: Random) -> None:
    if found := draft.of_type("Ballot"):
        draft.steps.remove(random.choice(found))


def swap_votes(draft: Draft, random: Random) -> None:
    places = [index for index, step in enumerate(draft.steps) if step.type == "Ballot"]
    if len(places) > 1:
        i, j = random.sample(places, 2)
        draft.steps[i], draft.steps[j] = draft.steps[j], draft.steps[i]


def other_text(draft: Draft, random: Random) -> None:
    """Change what voters read."""
    texts = {"name": "Other", "description": base64.b64encode(random.randbytes(6)).decode()}
    for step in draft.of_type("Setup"):
        edit(step, 0, lambda value: value.update(dict([random.choice(list(texts.items()))])))


def other_limits(draft: Draft, random: Random) -> None:
    def change(value: Any) -> None:
        question = random.choice(value["questions"])
        question[random.choice(("min", "max"))] = random.randrange(4)

    for step in draft.of_type("Setup"):
        edit(step, 0, change)


def other_result(draft: Draft, random: Random) -> None:
    def change(value: Any) -> None:
        counts = [(holder, key) for holder, key in places_in(value) if isinstance(holder[key], int)]
        holder, key = random.choice(counts)
        holder[key] = max(0, holder[key] + random.choice((-1, 1)))

    for step in draft.of_type("Result"):
        edit(step, 0, change)


# What leaves the archive right, whichever of them come together.
HARMLESS: Mapping[str, Mutation] = {
    mutation.__name__: mutation
    for mutation in (new_time, cut, name_voter, enrol, name_trustee, repeat_decryption)
}
MUTATIONS: Mapping[str, Mutation] = {
    **HARMLESS,
    **{
        mutation.__name__: mutation
        for mutation in (
            *(drop_event, repeat_event, move_event, swap_events, retype_event),
            *(drop_text, repeat_text, swap_texts, foreign_text),
            *(junk, drop_value, repeat_value, swap_values, reorder_fields, borrow_value, retype_value),
            *(nudge_number, bend_element, respell),
            *(spoil_event, respell_event, leave_hashes, impossible_time, spoil_record),
            *(strike, reweigh, other_owner),
            *(
                vote_again,
                vote_as_nobody_may,
                vote_by_other_limits,
                shift_choice,
                reencrypt_choice,
                copy_answers,
            ),
            *(
                vote_as_a_stranger,
                vote_in_anothers_name,
                drop_vote,
                swap_votes,
                other_text,
                other_limits,
                other_result,
            ),
        )
    },
}
