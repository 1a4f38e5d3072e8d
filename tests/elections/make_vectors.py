"""Write vectors/*.json: `python tests/elections/make_vectors.py`. Nothing in them is secret or random."""

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic
from nacl import bindings as sodium

from elections import ceremonies
from openballot import (
    archive,
    ballots,
    blinding,
    credentials,
    decryption,
    groups,
    possession,
    schnorr,
    tally,
    trustees,
    words,
)
from openballot.canonical import compact, hash_base64
from openballot.election import Election, Question, compose_election
from openfloor.ballots import slips
from openfloor.workplace import rolltree

VECTORS = Path(__file__).parents[2] / "vectors"
GROUPS = ("BELENIOS-2048", "Ed25519", "RFC-3526-2048")
COMMITTEE = "3f0e2c1a-5b7d-4e9f-8a6b-1c2d3e4f5a6b"
UUID = "AbCdEfGhJkMnPq"
TIMESTAMP = 1_795_000_000

YES_NO = Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)
BLANK = Question(question="Accept the offer?", answers=("Yes", "No"), min=1, max=1, blank=True)
UP_TO_TWO = Question(question="Who speaks for us?", answers=("Ana", "Béatrice", "Chen"), min=0, max=2)


class Stream:
    """Bytes that look random and are the same every time; the scalars made of them are kept."""

    def __init__(self, group: groups.Group, label: str) -> None:
        self.group = group
        self.label = label
        self.scalars: list[str] = []

    def __call__(self, size: int) -> bytes:
        seed = f"{self.label}|{len(self.scalars)}".encode()
        drawn = hashlib.shake_256(seed).digest(size)
        self.scalars.append(str(int.from_bytes(drawn, "big") % self.group.q))
        return drawn


def scalar(group: groups.Group, label: str) -> int:
    return group.random_scalar(Stream(group, label))


def group_vectors(name: str) -> dict[str, Any]:
    group = groups.named(name)
    a, b = scalar(group, "a"), scalar(group, "b")
    big_a, big_b = group.power_generator(a), group.power_generator(b)
    texts = ["", "openfloor", "prove|é|1,2"]
    drawn = bytes(range(256)) * 2
    size = (group.q.bit_length() + 7) // 8 + 32
    return {
        "name": name,
        "q": str(group.q),
        "generator": group.text(group.generator),
        "identity": group.text(group.identity),
        "elements": [group.text(element) for element in (group.identity, group.generator, big_a, big_b)],
        "refused_elements": refused_elements(group, big_a),
        "refused_scalars": [
            "",
            "-1",
            "+1",
            "01",
            " 1",
            "1.0",
            "0x1",
            "１",
            str(group.q),
            str(group.q + 1),
            "9" * 700,
        ],
        "scalars": ["0", "1", str(a), str(group.q - 1)],
        "powers": [
            {"base": group.text(base), "exponent": str(s), "power": group.text(group.power(base, s))}
            for base in (group.generator, big_a, group.identity)
            for s in (0, 1, 2, b, group.q - 1)
        ],
        "products": [
            {"left": group.text(x), "right": group.text(y), "product": group.text(group.multiply(x, y))}
            for x, y in (
                (big_a, big_b),
                (big_a, group.inverse(big_a)),
                (big_a, group.identity),
                (big_a, big_a),
            )
        ],
        "inverses": [
            {"element": group.text(x), "inverse": group.text(group.inverse(x))}
            for x in (big_a, group.identity)
        ],
        "order": [group.text(x) for x in sorted((big_a, big_b, group.generator), key=group.order_key)],
        "hash_to_scalar": [{"text": text, "scalar": str(group.hash_to_scalar(text))} for text in texts],
        "random_scalar": {
            "bytes": drawn[:size].hex(),
            "scalar": str(group.random_scalar(lambda wanted: drawn[:wanted])),
        },
    }


def refused_elements(group: groups.Group, element: Any) -> list[dict[str, str]]:
    text = group.text(element)
    if isinstance(group, groups.FiniteField):
        p = int(group.p)
        # No group here contains p - 1 = -1: its order is 2.
        cases = [
            ("not_canonical", "zero", "0"),
            ("not_canonical", "p itself", str(p)),
            ("not_canonical", "a member plus p", str(int(element) + p)),
            ("not_canonical", "leading zero", "0" + text),
            ("not_canonical", "sign", "+" + text),
            ("not_canonical", "space", text + " "),
            ("not_canonical", "empty", ""),
            ("not_canonical", "hexadecimal", hex(int(element))),
            ("not_in_group", "minus one", str(p - 1)),
            ("not_in_group", "a member times minus one", str(p - int(element))),
        ]
    else:
        p = 2**255 - 19
        minus_one = (p - 1).to_bytes(32, "big").hex()
        moved = sodium.crypto_core_ed25519_add(element, (p - 1).to_bytes(32, "little"))
        cases = [
            ("not_canonical", "upper case", text.upper()),
            ("not_canonical", "63 digits", text[1:]),
            ("not_canonical", "66 digits", "00" + text),
            ("not_canonical", "empty", ""),
            ("not_in_group", "y = p, that is 0, written as p", p.to_bytes(32, "big").hex()),
            ("not_in_group", "the identity written as y = p + 1", (p + 1).to_bytes(32, "big").hex()),
            ("not_in_group", "the identity with the sign bit of x", f"{(1 << 255) | 1:064x}"),
            ("not_in_group", "(0, -1), of order 2", minus_one),
            ("not_in_group", "y = 0, of order 4", "0" * 64),
            ("not_in_group", "a member plus (0, -1)", group.text(moved)),
            ("not_in_group", "no point has this y", f"{2:064x}"),
        ]
    return [{"error": error, "why": why, "text": refused} for error, why, refused in cases]


def blinding_vectors(name: str) -> dict[str, Any]:
    group = groups.named(name)
    s = scalar(group, "member")
    key_text = group.text(group.power_generator(s))
    k = bytes(range(32))
    n = blinding.nonce(k, key_text)
    return {
        "group": name,
        "uuid": UUID,
        "s": str(s),
        "key": key_text,
        "k": k.hex(),
        "n": n,
        "h": str(blinding.blinding_factor(group, UUID, key_text, n)),
        "blinded_key": blinding.blinded_key(group, UUID, key_text, n),
        "blinded_scalar": str(blinding.blinded_scalar(group, UUID, key_text, n, s)),
    }


def possession_vectors(name: str) -> dict[str, Any]:
    group = groups.named(name)
    s = scalar(group, "member")
    stream = Stream(group, "possession")
    key_text = group.text(group.power_generator(s))
    proof = possession.prove(group, COMMITTEE, 7, s, stream)
    plus_q = {**proof, "response": str(int(proof["response"]) + group.q)}
    right = {"committee": COMMITTEE, "number": 7, "key": key_text, "proof": proof}
    return {
        "group": name,
        "s": str(s),
        "randomness": stream.scalars,
        **right,
        "refused": [
            {**right, "error": "wrong", "why": "another entry", "number": 8},
            {
                **right,
                "error": "wrong",
                "why": "another committee",
                "committee": COMMITTEE.replace("3f", "4f"),
            },
            {**right, "error": "wrong", "why": "another key", "key": group.text(group.generator)},
            {**right, "error": "not_canonical", "why": "a response of q or more", "proof": plus_q},
            {**right, "error": "not_canonical", "why": "a field too many", "proof": {**proof, "a": "1"}},
            {**right, "error": "not_in_group", "why": "the identity", "key": group.text(group.identity)},
        ],
    }


def trustee_vectors(name: str) -> dict[str, Any]:
    group = groups.named(name)
    keys = [scalar(group, f"trustee {number}") for number in (1, 2, 3)]
    streams = [Stream(group, f"pok {number}") for number in (1, 2, 3)]
    texts = [trustees.public_key_json(group, x, stream) for x, stream in zip(keys, streams, strict=True)]
    foreign = json.loads(texts[0])
    swapped = compact({**foreign, "public_key": json.loads(texts[1])["public_key"]})
    identity = compact({**foreign, "public_key": group.text(group.identity)})
    return {
        "group": name,
        "trustees": [
            {"x": str(x), "randomness": stream.scalars, "text": text}
            for x, stream, text in zip(keys, streams, texts, strict=True)
        ],
        "trustees_text": trustees.compose_trustees(texts),
        "combined_public_key": trustees.combined_public_key(group, texts),
        "refused": [
            {"check": "trustee_proof", "text": swapped},
            {"check": "trustee_key", "text": identity},
            {"check": "trustees_text", "text": texts[0].replace(",", ", ", 1)},
        ],
    }


def election_vectors(name: str) -> dict[str, Any]:
    """A whole small election: set-up, four ballots of three voters, tally, two trustees, result, archive."""
    group = groups.named(name)
    keys = [scalar(group, f"trustee {number}") for number in (1, 2)]
    texts = [
        trustees.public_key_json(group, x, Stream(group, f"pok {number}")) for number, x in enumerate(keys, 1)
    ]
    voters = [scalar(group, f"voter {number}") for number in (1, 2, 3)]
    voter_keys = [group.text(group.power_generator(s)) for s in voters]
    entries = [voter_keys[0], f"{voter_keys[1]},3", f"{voter_keys[2]},{2**30}"]
    credentials_text = credentials.compose_public_credentials(group, entries)
    weights = credentials.parse_public_credentials(group, credentials_text)
    election_text = compose_election(
        uuid=UUID,
        name="Assembly «2026»",
        description='Line one\nopenfloor "charter" \\ end\t',
        group=group,
        public_key=trustees.combined_public_key(group, texts),
        questions=[YES_NO, BLANK, UP_TO_TWO],
    )
    election = Election.parse(election_text)
    votes = [
        (0, [[0, 1], [0, 0, 1], [0, 0, 0]]),
        (1, [[1, 0], [0, 1, 0], [1, 1, 0]]),
        (2, [[1, 0], [1, 0, 0], [0, 0, 1]]),
        (0, [[1, 0], [0, 0, 1], [1, 0, 0]]),
    ]
    cast = [
        ballot_vector(election, voters[voter], answers, index) for index, (voter, answers) in enumerate(votes)
    ]
    ballot_texts = [entry["text"] for entry in cast]
    tally_text, sized = tally.encrypted_tally(election, weights, ballot_texts)
    partials = [partial_vector(election, number, x, tally_text) for number, x in enumerate(keys, 1)]
    total_weight = tally.read_sized_tally(sized)[1]
    trustees_text = trustees.compose_trustees(texts)
    result = decryption.compute_result(
        election,
        trustees_text,
        tally_text,
        total_weight,
        {entry["owner"]: entry["text"] for entry in partials},
    )
    steps: list[tuple[str, tuple[str, ...]]] = [
        ("Setup", archive.setup_data(election_text, trustees_text, credentials_text)),
        *(("Ballot", (text,)) for text in ballot_texts),
        ("EndBallots", ()),
        ("EncryptedTally", (tally_text, sized)),
        *(("PartialDecryption", (entry["text"], entry["owned"])) for entry in partials),
        ("Result", (result,)),
    ]
    events: list[archive.Event] = []
    for event_type, data in steps:
        events.append(archive.next_event(events[-1] if events else None, event_type, data))
    whole = archive.header_member(TIMESTAMP) + b"".join(
        archive.event_bytes(event, TIMESTAMP) for event in events
    )
    return {
        "group": name,
        "election": election_text,
        "fingerprint": election.fingerprint,
        "trustees": trustees_text,
        "credential_entries": entries,
        "credentials": credentials_text,
        "weights": weights,
        "ballots": cast,
        "refused_ballots": refused_ballots(election, voters[0], ballot_texts[0]),
        "encrypted_tally": tally_text,
        "sized_encrypted_tally": sized,
        "partial_decryptions": partials,
        "total_weight": total_weight,
        "result": result,
        "timestamp": TIMESTAMP,
        "header": archive.header(TIMESTAMP),
        "events": [{"text": event.text, "hash": event.hash, "data": list(event.data)} for event in events],
        "archive_base64": base64.b64encode(whole).decode(),
        "head": events[-1].hash,
    }


def threshold_vectors(name: str) -> dict[str, Any]:
    """A ceremony of 2 of 3 with all its messages, and what it refuses; a count by its shares."""
    made = ceremonies.of(name, 2, 3)
    group = made.ceremony.group
    outside = refused_elements(group, group.generator)[-2]["text"]
    return {
        "group": name,
        "ceremony": made.ceremony.id,
        "size": 3,
        "threshold": 2,
        "seeds": [own.seed for own in made.participants],
        "certificates": made.rounds[0],
        "coefficients": made.rounds[1],
        "keys": made.rounds[2],
        "shares": [str(x) for x in made.shares],
        "parameters": made.parameters,
        "parameters_older_form": ceremonies.older_form(made),
        # The messages are long where elements are; the rules are the same in every group.
        "refused": [
            {"round": case.round, "why": case.why, "replaced": case.replaced, "findings": case.findings}
            for case in (ceremonies.refused(made, outside) if name == "Ed25519" else [])
        ],
        "count": threshold_count(made),
    }


def threshold_count(made: ceremonies.Made) -> dict[str, Any]:
    """A trustee with a key of their own and 2 of 3: a share that fails, and enough without it."""
    group = made.ceremony.group
    single = scalar(group, "single")
    texts = [trustees.public_key_json(group, single, Stream(group, "pok single")), made.parameters]
    voter = scalar(group, "voter")
    credentials_text = credentials.compose_public_credentials(
        group, [group.text(group.power_generator(voter))]
    )
    election = Election.parse(
        compose_election(
            uuid=UUID,
            name="Assembly",
            description="Two of three, and one more",
            group=group,
            public_key=trustees.combined_public_key(group, texts),
            questions=[YES_NO],
        )
    )
    trustees_text = trustees.compose_trustees(texts)
    ballot = ballots.make_ballot(election, voter, [[0, 1]], Stream(group, "ballot"))
    weights = credentials.parse_public_credentials(group, credentials_text)
    tally_texts = tally.encrypted_tally(election, weights, [ballot])
    keys = [single, *made.shares]
    partials = [partial_vector(election, number, x, tally_texts[0]) for number, x in enumerate(keys, 1)]
    bad = json.loads(partials[2]["text"])
    bad["decryption_factors"][0].reverse()
    bad_text = compact(bad)
    chosen = {number: partials[number - 1]["text"] for number in (1, 2, 4)}
    result = decryption.compute_result(election, trustees_text, tally_texts[0], 1, chosen)
    handed_in = [(1, chosen[1]), (3, bad_text), (2, chosen[2]), (4, chosen[4])]
    steps: list[tuple[str, tuple[str, ...]]] = [
        ("Setup", archive.setup_data(election.text, trustees_text, credentials_text)),
        ("Ballot", (ballot,)),
        ("EndBallots", ()),
        ("EncryptedTally", tally_texts),
        *(("PartialDecryption", (text, decryption.owned(owner, text))) for owner, text in handed_in),
        ("Result", (result,)),
    ]
    return {
        "election": election.text,
        "trustees": trustees_text,
        "public_keys": [group.text(group.power_generator(x)) for x in keys],
        "credentials": credentials_text,
        "encrypted_tally": tally_texts[0],
        "total_weight": 1,
        "partial_decryptions": partials,
        "result": result,
        "archive_base64": base64.b64encode(archive_of(steps)).decode(),
        "warnings": ["decryption_proof", "decryption_proof"],
    }


def archive_of(steps: list[tuple[str, tuple[str, ...]]]) -> bytes:
    events: list[archive.Event] = []
    for event_type, data in steps:
        events.append(archive.next_event(events[-1] if events else None, event_type, data))
    return archive.header_member(TIMESTAMP) + b"".join(
        archive.event_bytes(event, TIMESTAMP) for event in events
    )


def ballot_vector(election: Election, s: int, answers: list[list[int]], index: int) -> dict[str, Any]:
    stream = Stream(election.group, f"ballot {index}")
    text = ballots.make_ballot(election, s, answers, stream)
    return {
        "s": str(s),
        "answers": answers,
        "randomness": stream.scalars,
        "text": text,
        "tracker": ballots.ballot_hash(text),
    }


def partial_vector(election: Election, number: int, x: int, tally_text: str) -> dict[str, Any]:
    stream, bound = Stream(election.group, f"decryption {number}"), Stream(election.group, f"bound {number}")
    text = decryption.partial_decryption(election, x, tally_text, stream)
    return {
        "owner": number,
        "x": str(x),
        "randomness": stream.scalars,
        "text": text,
        "owned": decryption.owned(number, text),
        "bound_randomness": bound.scalars,
        "bound_text": decryption.bound_proofs(election, x, tally_text, bound),
    }


def refused_ballots(election: Election, s: int, right: str) -> list[dict[str, str]]:
    """Ballots whose signature is right wherever it can be, so that only the named check refuses them."""
    group = election.group
    q = group.q

    def altered(change: Callable[[dict[str, Any]], None], *, sign: bool = True) -> str:
        value = json.loads(right)
        change(value)
        return signed(election, s, value) if sign else compact(value)

    def add_one(proof: dict[str, str], name: str) -> None:
        proof[name] = str((int(proof[name]) + 1) % q)

    def outside(value: dict[str, Any]) -> None:
        value["answers"][0]["choices"][0]["alpha"] = refused_elements(group, group.generator)[-1]["text"]

    def too_large(value: dict[str, Any]) -> None:
        proof = value["answers"][0]["overall_proof"][0]
        proof["response"] = str(int(proof["response"]) + q)

    def swap(value: dict[str, Any]) -> None:
        choices = value["answers"][0]["choices"]
        choices.reverse()

    other = compact({**json.loads(right), "election_uuid": "ZZZZZZZZZZZZZZ"})
    cases: list[tuple[str, str, str]] = [
        (
            "ballot_individual_proof",
            "a proof's response",
            altered(lambda v: add_one(v["answers"][0]["individual_proofs"][0][0], "response")),
        ),
        ("ballot_individual_proof", "two choices swapped", altered(swap)),
        (
            "ballot_overall_proof",
            "a proof's challenge",
            altered(lambda v: add_one(v["answers"][0]["overall_proof"][0], "challenge")),
        ),
        (
            "ballot_blank_proof",
            "a blank proof's response",
            altered(lambda v: add_one(v["answers"][1]["blank_proof"][1], "response")),
        ),
        (
            "ballot_overall_proof",
            "an overall proof beside a blank one",
            altered(lambda v: add_one(v["answers"][1]["overall_proof"][1], "response")),
        ),
        ("ballot_element", "an element outside the group", altered(outside)),
        ("ballot_scalar", "a response of q or more", altered(too_large)),
        (
            "ballot_signature",
            "the signature's response",
            altered(lambda v: add_one(v["signature"]["proof"], "response"), sign=False),
        ),
        (
            "ballot_signature_hash",
            "the signed hash",
            altered(
                lambda v: v["answers"][-1]["choices"][0].update(alpha=group.text(group.generator)), sign=False
            ),
        ),
        ("ballot_election", "another election's ballot", other),
        (
            "ballot_credential",
            "a credential not listed",
            altered(lambda v: v.update(credential=group.text(group.generator)), sign=False),
        ),
        ("ballot_text", "a space", right.replace(",", ", ", 1)),
        ("ballot_text", "a field too many", right[:-1] + ',"note":""}'),
        ("ballot_text", "an answer missing", altered(lambda v: v["answers"].pop())),
        ("ballot_text", "a proof missing", altered(lambda v: v["answers"][0]["individual_proofs"].pop())),
        ("ballot_text", "not JSON", right[:-1]),
        ("ballot_text", "a letter written as an escape", right.replace("alpha", "\\u0061lpha", 1)),
    ]
    return [{"check": check, "why": why, "text": text} for check, why, text in cases]


def signed(election: Election, s: int, value: dict[str, Any]) -> str:
    """Sign changed content again with the voter's own key."""
    unsigned = {name: part for name, part in value.items() if name != "signature"}
    signed_hash = hash_base64(compact(unsigned))
    proof = schnorr.prove(
        election.group, s, lambda a: f"sig|{signed_hash}|{a}", Stream(election.group, "again")
    )
    return compact({**unsigned, "signature": {"hash": signed_hash, "proof": proof.as_json()}})


def word_vectors() -> list[dict[str, Any]]:
    hashes_ = ["00" * 32, "ff" * 32, hashlib.sha256(b"openfloor").hexdigest()]
    return [
        {"hash": text, "count": count, "words": words.words_of(text, count)}
        for text in hashes_
        for count in (1, 6, 8, 23)
    ]


def member_key_vectors() -> list[dict[str, Any]]:
    """What docs/specs/keys-and-roll.md derives from a root secret."""
    roots = [bytes(16), bytes(range(16)), bytes([255] * 16)]
    return [member_keys(root) for root in roots]


def member_keys(root: bytes) -> dict[str, Any]:
    def derived(info: str, length: int) -> bytes:
        return HKDF(algorithm=hashes.SHA512(), length=length, salt=None, info=info.encode()).derive(root)

    seed = derived("openfloor/1/member-key", 32)
    sign_in = derived("openfloor/1/sign-in", 32)
    result: dict[str, Any] = {
        "root": root.hex(),
        "words": Mnemonic("english").to_mnemonic(root),
        "sign_in": sign_in.hex(),
        "sign_in_stored": hashlib.sha256(sign_in).hexdigest(),
        "member_key_seed": seed.hex(),
        "member_key": Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex(),
        "credentials": {},
    }
    for name in GROUPS:
        group = groups.named(name)
        length = (group.q.bit_length() + 7) // 8 + 32
        s = int.from_bytes(derived(f"openfloor/1/credential/{name}", length), "big") % group.q
        result["credentials"][name] = {"s": str(s), "key": group.text(group.power_generator(s))}
    return result


def code_vectors() -> list[dict[str, str]]:
    code = "AbCdE-fGhJkM-nPqRs-tUvWxY"
    return [
        {
            "group": name,
            "uuid": UUID,
            "code": code,
            "s": str(credentials.secret_of_code(groups.named(name), UUID, code)),
        }
        for name in GROUPS
    ]


def answering(drawn: list[int]) -> Callable[[int], bytes]:
    return lambda _length: bytes(drawn)


def slip_vectors() -> dict[str, Any]:
    """Codes of paper slips from what was drawn, what people type, and the credentials they stand for."""
    drawn = [list(range(21)), [0] * 21, [31] * 21, [255 - index for index in range(21)]]
    codes = [slips.new_code(answering(values)) for values in drawn]
    code = codes[0]
    plain = code.replace("-", "")
    return {
        "codes": [{"drawn": values, "code": code} for values, code in zip(drawn, codes, strict=True)],
        "typed": [
            {"typed": typed, "code": code}
            for typed in (
                code.lower(),
                plain,
                f"  {code.replace('-', ' ')}\n",
                code.replace("-", " – "),
                f"https://vote.example/board/{UUID}/slip/#{code}",
            )
        ],
        "refused": [
            {"typed": "", "why": "slip_length"},
            {"typed": plain[:-1], "why": "slip_length"},
            {"typed": f"{plain}2", "why": "slip_length"},
            {"typed": f"O{plain[1:]}", "why": "slip_character"},
            {"typed": f"{plain[:-1]}1", "why": "slip_character"},
            {"typed": f"{plain[:-1]}é", "why": "slip_character"},
            {"typed": plain[1] + plain[0] + plain[2:], "why": "slip_check"},
            {"typed": f"{plain[:-1]}{'2' if plain[-1] != '2' else '3'}", "why": "slip_check"},
        ],
        "credentials": [
            {
                "group": name,
                "uuid": UUID,
                "code": code,
                "x": str(credentials.secret_of_code(groups.named(name), UUID, code)),
                "credential": slips.credential_of(groups.named(name), UUID, code),
            }
            for name in GROUPS
            for code in codes[:2]
        ],
    }


def roll_tree_vectors() -> list[dict[str, Any]]:
    """Trees of one to nine records, with the path of each record and the proof from each smaller tree."""
    texts = [f"record {number}" for number in range(9)]
    tree = rolltree.Tree(texts)
    return [
        {
            "texts": texts[:size],
            "root": tree.root(size),
            "inclusion": [tree.inclusion(index, size) for index in range(size)],
            "consistency": [tree.consistency(old, size) for old in range(1, size + 1)],
        }
        for size in range(1, 10)
    ]


def all_vectors() -> dict[str, Any]:
    return {
        "groups": [group_vectors(name) for name in GROUPS],
        "blinding": [blinding_vectors(name) for name in GROUPS],
        "possession": [possession_vectors(name) for name in GROUPS],
        "trustees": [trustee_vectors(name) for name in GROUPS],
        "elections": [election_vectors(name) for name in GROUPS],
        "threshold": [threshold_vectors(name) for name in GROUPS],
        "words": word_vectors(),
        "member_keys": member_key_vectors(),
        "credential_codes": code_vectors(),
        "slips": slip_vectors(),
        "roll_trees": roll_tree_vectors(),
    }


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, value in all_vectors().items():
        (VECTORS / f"{name}.json").write_text(written(value))
