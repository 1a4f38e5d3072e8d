"""Write vectors/*.json. Nothing in them is secret or random.

`PYTHONPATH=tests python -m elections.make_vectors`
"""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from mnemonic import Mnemonic
from nacl import bindings as sodium

from elections import altered, ceremonies, kinds, made
from elections.streams import Stream, signed
from openballot import (
    archive,
    ballots,
    blinding,
    ceremony,
    credentials,
    decryption,
    groups,
    possession,
    records,
    tally,
    trustees,
    words,
)
from openballot.canonical import compact, hash_hex
from openballot.edwards25519 import Ed25519
from openballot.election import Election, Question, compose_election
from openballot.finitefields import FiniteField
from openballot.verifier import verify
from openfloor.ballots import slips
from openfloor.workplace import rolltree

VECTORS = Path(__file__).parents[2] / "vectors"
FOREIGN_ARCHIVES = Path(__file__).parents[1] / "openballot" / "data"
GROUPS = ("BELENIOS-2048", "Ed25519", "RFC-3526-2048")
COMMITTEE = "3f0e2c1a-5b7d-4e9f-8a6b-1c2d3e4f5a6b"
UUID = "AbCdEfGhJkMnPq"
TIMESTAMP = 1_795_000_000

YES_NO = Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)
BLANK = Question(question="Accept the offer?", answers=("Yes", "No"), min=1, max=1, blank=True)
UP_TO_TWO = Question(question="Who speaks for us?", answers=("Ana", "Béatrice", "Chen"), min=0, max=2)


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
        "independent_generators": [
            {"index": index, "element": group.text(group.independent_generator(index))}
            for index in (-1, 0, 1, 2, 99)
        ],
        "most_integers": group.most_integers,
        **(integer_vectors(group, big_a) if group.most_integers else {}),
    }


def integer_vectors(group: groups.Group, element: Any) -> dict[str, Any]:
    """Integers in elements, and elements that read as integers without holding them."""
    rows = [[], [0], [0, 0, 0], [1, 2, 3], [255], [255] * group.most_integers, list(range(20))]
    unheld = [(element, 3), (group.generator, 2), (group.encode([7, 1, 2, 3]), 3)]
    if isinstance(group, Ed25519):
        unheld.append((group.inverse(group.encode([1, 2, 3])), 3))
    return {
        "integers": [{"integers": row, "element": group.text(group.encode(row))} for row in rows],
        "no_integers": [
            {"element": group.text(other), "integers": group.decode(other, count)} for other, count in unheld
        ],
    }


def refused_elements(group: groups.Group, element: Any) -> list[dict[str, str]]:
    text = group.text(element)
    if isinstance(group, FiniteField):
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
    """One member's blinding, and the list of three members under the same k."""
    group = groups.named(name)
    s = scalar(group, "member")
    key_text = group.text(group.power_generator(s))
    others = [group.text(group.power_generator(scalar(group, f"member {number}"))) for number in (2, 3)]
    k = bytes(range(32))
    n = blinding.nonce(k, key_text)
    blinded = [
        blinding.blinded_key(group, UUID, text, blinding.nonce(k, text)) for text in (key_text, *others)
    ]
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
        "keys": [key_text, *others],
        "credentials": credentials.compose_public_credentials(group, blinded),
    }


def binding_proof_vectors(name: str) -> dict[str, Any]:
    """A trustee's proofs that bind ciphertexts and factors, and what must not hold in the place of a part."""
    election = made.counted(name, votes=((0, [[1, 0]]),), voters=1, randbytes=made.drawn("binding"))
    x = election.trustee_keys[0]
    group = election.election.group
    tally_text = election.texts("EncryptedTally")[0][0]
    partial = election.texts("PartialDecryption")[0][0]
    proofs = decryption.bound_proofs(election.election, x, tally_text, made.drawn("bound"))

    def other(text: str, change: Callable[[Any], object]) -> str:
        value = json.loads(text)
        change(value)
        return compact(value)

    def reverse(name: str) -> Callable[[Any], object]:
        return lambda value: value[name][0].reverse()

    def too_large(value: Any) -> None:
        proof = value["decryption_proofs"][0][0]
        proof["response"] = str(int(proof["response"]) + group.q)

    def outside(value: Any) -> None:
        factors = value["decryption_factors"][0]
        factors[0] = altered.outside(group, factors[0])

    return {
        "group": name,
        "election": election.election.text,
        "key": group.text(group.power_generator(x)),
        "tally": tally_text,
        "partial_decryption": partial,
        "proofs": proofs,
        "refused": [
            {"why": "another tally", "tally": other(tally_text, lambda value: value[0].reverse())},
            {"why": "other factors", "partial_decryption": other(partial, reverse("decryption_factors"))},
            {"why": "a factor outside the group", "partial_decryption": other(partial, outside)},
            {"why": "another key", "key": group.text(group.generator)},
            {
                "why": "another election",
                "election": other(election.election.text, lambda value: value.update(name="Another")),
            },
            {"why": "other proofs", "proofs": other(proofs, reverse("decryption_proofs"))},
            {"why": "the archive's proofs", "proofs": compact(of_archive(partial))},
            {"why": "a response of q or more", "proofs": other(proofs, too_large)},
            {
                "why": "a proof too few",
                "proofs": other(proofs, lambda value: value["decryption_proofs"][0].pop()),
            },
            {"why": "a space", "proofs": proofs.replace(",", ", ", 1)},
        ],
    }


def of_archive(partial: str) -> dict[str, Any]:
    return {"decryption_proofs": json.loads(partial)["decryption_proofs"]}


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
    events = made.chained(steps)
    whole = made.archive_of(events)
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
        "header": records.header(TIMESTAMP),
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
        "settled": settled(made),
        "parameters_older_form": ceremonies.older_form(made),
        # The messages are long where elements are; the rules are the same in every group.
        "refused": [
            {"round": case.round, "why": case.why, "replaced": case.replaced, "findings": case.findings}
            for case in (ceremonies.refused(made, outside) if name == "Ed25519" else [])
        ],
        "count": threshold_count(made),
    }


def settled(made: ceremonies.Made) -> dict[str, Any]:
    """What the second round settles: two keys, and the hash that trustees sign in a ballot."""
    fixed = ceremony.settle(made.ceremony, *made.rounds[:2])
    listed = trustees.without_verification_keys(trustees.compose_trustees([made.parameters]))
    return {
        "public_key": fixed.public_key,
        "share_keys": list(fixed.share_keys),
        "trustees": hash_hex(listed),
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
        "archive_base64": base64.b64encode(altered.chained(steps)).decode(),
        "warnings": ["decryption_proof", "decryption_proof"],
    }


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


def verified_vectors() -> dict[str, Any]:
    """Archives, most of them altered, with what the verifier says of each.

    Copies differ little: an archive is written as the numbers of its 512-byte blocks.
    """
    blocks: dict[bytes, int] = {}
    cases = [
        {"why": why, "archive": block_numbers(blocks, data), "report": report_of(data)}
        for why, data in archives_to_verify()
    ]
    files = [
        {"file": file.name, "report": report_of(file.read_bytes())}
        for file in sorted(FOREIGN_ARCHIVES.glob("*.bel"))
    ]
    return {
        "blocks": [base64.b64encode(block).decode() for block in blocks],
        "cases": cases,
        "files": files,
    }


def block_numbers(blocks: dict[bytes, int], data: bytes) -> str:
    parts = [data[start : start + records.BLOCK] for start in range(0, len(data), records.BLOCK)]
    return " ".join(str(blocks.setdefault(part, len(blocks))) for part in parts)


def report_of(data: bytes) -> dict[str, Any]:
    report = verify(data).as_json()
    named = {
        name: [[finding["check"], finding["object"]] for finding in report[name]]
        for name in ("findings", "warnings")
    }
    return {**report, **named}


def archives_to_verify() -> Iterator[tuple[str, bytes]]:
    yield "nothing at all", b""
    yield "another kind of file", b"PK\3\4" * 300
    for name in GROUPS:
        election = made.counted(
            name,
            questions=(made.YES_NO, made.BLANK),
            votes=altered.VOTES,
            trustee_count=2,
            weights=(1, 2, 3),
            randbytes=made.drawn("altered"),
        )
        alterations = all_alterations(election) if name == "Ed25519" else those_of_elements(election)
        yield from ((f"{name}: {why}", data) for why, data in alterations)
    yield from with_a_threshold()
    yield from kinds.archives()


def with_a_threshold() -> Iterator[tuple[str, bytes]]:
    """Three of whom two are enough, beside a trustee with a key of their own."""
    election = made.set_up("Ed25519", voters=1, threshold=(2, 3), randbytes=made.drawn("threshold"))
    election.vote(0, [[1, 0]])
    election.close()
    steps = altered.steps_of(election.archive())
    for number, changed in enumerate(altered.with_each_value_of_the_trustees_changed(steps)):
        yield f"a list with a threshold, its value {number} changed", altered.chained(changed)
    for why, owners, wrong in (
        ("all", (1, 2, 3, 4), ()),
        ("enough", (1, 4, 2), ()),
        ("enough, one of them wrong", (2, 1, 3, 4), (3,)),
        ("enough, one wrong at first", (2, 3, 3, 1), (3,)),
        ("too few that hold", (1, 2, 3, 4), (2, 3)),
        ("too few of the threshold", (1, 2), ()),
        ("the single one missing", (2, 3, 4), ()),
        ("the single one wrong", (1, 2, 3), (1,)),
    ):
        opened = replace(election, events=list(election.events), randbytes=made.drawn(why))
        left = list(wrong)
        for owner in owners:
            opened.decrypt(owner, wrongly=owner in left)
            left = [other for other in left if other != owner]
        opened.append("Result", '{"result":[[1,0]]}')
        yield f"a threshold opened by {why}", opened.archive()


def all_alterations(election: made.Made) -> Iterator[tuple[str, bytes]]:
    data = election.archive()
    steps = altered.steps_of(data)
    yield from those_of_elements(election)
    for length in range(len(steps)):
        yield f"cut after {length} events", altered.chained(steps[:length])
    for change, _ in (*altered.FILE_LEVEL, *altered.CHAIN_LEVEL):
        yield change.__name__, change(data)
    for alter, _ in altered.STEP_LEVEL:
        if "group" not in alter.__name__:
            yield alter.__name__, altered.chained(alter(steps))
    for why, alter, _ in altered.ELECTION_LEVEL:
        yield f"an election with {why}", altered.chained(alter(steps))


def those_of_elements(election: made.Made) -> Iterator[tuple[str, bytes]]:
    """What differs between the groups: elements and papers."""
    data = election.archive()
    steps = altered.steps_of(data)
    yield "nothing altered", data
    for alter, _ in altered.STEP_LEVEL:
        if "group" in alter.__name__:
            yield alter.__name__, altered.chained(alter(steps))
    s, right = election.voters[0], steps[altered.END - 1][1][0]
    for case in refused_ballots(election.election, s, right):
        papers = altered.replaced(steps[: altered.END], altered.END - 1, case["text"])
        yield f"a paper with {case['why']}", altered.chained([papers[0], papers[-1]])


# What makes each file.
MAKERS: dict[str, Callable[[], Any]] = {
    "groups": lambda: [group_vectors(name) for name in GROUPS],
    "blinding": lambda: [blinding_vectors(name) for name in GROUPS],
    "binding_proofs": lambda: [binding_proof_vectors(name) for name in GROUPS],
    "possession": lambda: [possession_vectors(name) for name in GROUPS],
    "trustees": lambda: [trustee_vectors(name) for name in GROUPS],
    "elections": lambda: [election_vectors(name) for name in GROUPS],
    "kinds": lambda: [kinds.vectors(name) for name in kinds.GROUPS],
    "threshold": lambda: [threshold_vectors(name) for name in GROUPS],
    "words": word_vectors,
    "member_keys": member_key_vectors,
    "credential_codes": code_vectors,
    "slips": slip_vectors,
    "roll_trees": roll_tree_vectors,
    "verified": verified_vectors,
}


def written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, make in MAKERS.items():
        (VECTORS / f"{name}.json").write_text(written(make()))
