"""An archive taken apart, so that it can be changed anywhere and be put together as if nothing had happened.

Hashes and the chain are made again by every `written`; what else is made again is chosen: signatures with the
voters' keys, the tally with nobody's, decryptions with the trustees'.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from fuzz.judging import papers_of
from fuzz.openly import record_bytes, steps_of, trustee_keys
from fuzz.seeds import Seed
from openballot import decryption, groups, schnorr, shuffle, tally, trustees
from openballot.checks import Refused
from openballot.credentials import parse_public_credentials
from openballot.decryption import NoSuchCount
from openballot.election import Election

TIMESTAMP = 1_795_000_000
# A text that stands for JSON that Python would not write.
RAW = "\ue000"
_RAW_TEXT = re.compile(rf'"{RAW}((?:[^"\\]|\\.)*)"')


@dataclass
class Step:
    type: str
    texts: list[str]


@dataclass
class Draft:
    """*authored* are the papers that a voter's key has signed, but for *untrue* ones, which are never right.

    *keyed* says that a secret was used, *stale* that the hashes inside the texts stay those of before.
    """

    seed: Seed
    steps: list[Step]
    authored: set[str]
    untrue: set[str] = field(default_factory=set)
    timestamp: int = TIMESTAMP
    keyed: bool = False
    stale: bool = False
    event_edits: list[tuple[int, Callable[[str], str]]] = field(default_factory=list)
    file_edits: list[Callable[[list[bytes]], list[bytes]]] = field(default_factory=list)

    @classmethod
    def of(cls, seed: Seed) -> "Draft":
        steps = [Step(step.type, list(step.texts)) for step in steps_of(seed.data)]
        return cls(seed, steps, set(papers_of(seed)))

    @property
    def group(self) -> groups.Group:
        return groups.named(json.loads(steps_of(self.seed.data)[0].texts[0])["group"])

    def of_type(self, kind: str) -> list[Step]:
        return [step for step in self.steps if step.type == kind]

    def written(self) -> bytes:
        """Put the archive together, chained, and changed once more where the file itself is to be wrong."""
        if not self.stale:
            rehash(self)
        blocks = [_record("BELENIOS", f'{{"version":1,"timestamp":"{self.timestamp}"}}', self.timestamp)]
        parent: str | None = None
        for height, step in enumerate(self.steps):
            text = _event(parent, height, step)
            for index, edit in self.event_edits:
                text = edit(text) if index == height else text
            named = [(".data.json", data) for data in step.texts] + [(".event.json", text)]
            blocks += [_record(_hash(body) + ending, body, self.timestamp) for ending, body in named]
            parent = _hash(text)
        for file_edit in self.file_edits:
            blocks = file_edit(blocks)
        return b"".join(blocks)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()


def _record(name: str, text: str, timestamp: int) -> bytes:
    return record_bytes(name, text.encode(errors="surrogatepass"), timestamp)


def _event(parent: str | None, height: int, step: Step) -> str:
    payload = _hash(step.texts[-1]) if step.texts else None
    fields = {"parent": parent, "height": height, "type": step.type, "payload": payload}
    return written_json({name: value for name, value in fields.items() if value is not None})


# --- JSON


def written_json(value: object) -> str:
    """Write *value* in the compact form; a text that begins with RAW is put in as it is."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("\x7f", "\\u007f")
    return _RAW_TEXT.sub(lambda found: str(json.loads(f'"{found[1]}"')), text)


def parsed(text: str) -> Any:
    """Return the value, or None when the text was spoiled already."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def edit(step: Step, index: int, change: Callable[[Any], object]) -> None:
    """Change the value of one text in place; a change that does not fit the value does nothing."""
    if index >= len(step.texts):
        return
    value = parsed(step.texts[index])
    try:
        change(value)
        step.texts[index] = written_json(value)
    except (TypeError, KeyError, IndexError, ValueError, AttributeError, RecursionError):
        return


# --- made again


def rehash(draft: Draft) -> None:
    for step in draft.steps:
        if step.type == "Setup" and len(step.texts) == 4:
            names = ("election", "trustees", "credentials")
            _update(step, 3, dict(zip(names, map(_hash, step.texts), strict=False)))
        elif step.type == "EncryptedTally" and len(step.texts) == 2:
            _update(step, 1, {"encrypted_tally": _hash(step.texts[0])})
        elif step.type in ("PartialDecryption", "Shuffle") and len(step.texts) == 2:
            _update(step, 1, {"payload": _hash(step.texts[0])})


def _update(step: Step, index: int, fields: dict[str, str]) -> None:
    edit(step, index, lambda value: value.update(fields))


def resign(draft: Draft, random: Random) -> None:
    """Sign every changed paper again with its voter's key."""
    for step in draft.of_type("Ballot"):
        value = parsed(step.texts[0]) if step.texts else None
        if not isinstance(value, dict) or "signature" not in value:
            continue
        if step.texts[0] in draft.authored | draft.untrue:
            continue
        s = draft.seed.keys.voters.get(str(value.get("credential")))
        if s is not None:
            body = {name: item for name, item in value.items() if name != "signature"}
            step.texts[0] = signed(draft, body, s, random)


def signed(draft: Draft, body: dict[str, Any], s: int, random: Random) -> str:
    digest = hashlib.sha256(written_json(body).encode(errors="surrogatepass")).digest()
    own = base64.b64encode(digest).decode().rstrip("=")
    proof = schnorr.prove(draft.group, s, lambda a: f"sig|{own}|{a}", random.randbytes)
    text = written_json({**body, "signature": {"hash": own, "proof": proof.as_json()}})
    draft.authored.add(text)
    draft.keyed = True
    return text


@dataclass(frozen=True)
class Readable:
    """The beginning of a draft, as far as the library reads it."""

    election: Election
    weights: dict[str, int]
    trustees_text: str

    @classmethod
    def of(cls, draft: Draft) -> "Readable | None":
        try:
            election_text, trustees_text, credentials_text = draft.of_type("Setup")[0].texts[:3]
            election = Election.parse(election_text)
            return cls(election, parse_public_credentials(election.group, credentials_text), trustees_text)
        except (Refused, IndexError, ValueError):
            return None


def recount(draft: Draft) -> None:
    """Add up whatever papers stand there now: anybody can."""
    readable = Readable.of(draft)
    texts = [step.texts[0] for step in draft.of_type("Ballot") if step.texts]
    for step in draft.of_type("EncryptedTally"):
        try:
            if readable:
                step.texts = list(tally.encrypted_tally(readable.election, readable.weights, texts))
        except (Refused, groups.NotInGroup):
            return


def reshuffle(draft: Draft, random: Random) -> None:
    """Shuffle again what the tally holds now: anybody can."""
    readable, tally_text = Readable.of(draft), _tally_text(draft)
    for step in draft.of_type("Shuffle"):
        try:
            if readable and tally_text:
                step.texts[0] = shuffle.shuffle(readable.election, tally_text, random.randbytes)
                tally_text = shuffle.shuffled_tally(readable.election, tally_text, step.texts[0])
        except (Refused, IndexError):
            return


def redecrypt(draft: Draft, random: Random) -> None:
    """Decrypt with the keys of those trustees whose numbers stand there."""
    readable, tally_text = Readable.of(draft), _tally_to_open(draft)
    draft.keyed = True
    for step in draft.of_type("PartialDecryption"):
        try:
            x = _key_of(draft, int(json.loads(step.texts[1])["owner"]))
            if readable and tally_text:
                step.texts[0] = decryption.partial_decryption(
                    readable.election, x, tally_text, random.randbytes
                )
        except (ValueError, KeyError, IndexError, TypeError, RecursionError):
            continue


def recompute(draft: Draft) -> None:
    """Say what those decryptions say that hold."""
    readable, tally_text = Readable.of(draft), _tally_to_open(draft)
    for step in draft.of_type("Result"):
        try:
            if readable and tally_text:
                step.texts = [_result(draft, readable, tally_text)]
        except (Refused, NoSuchCount, ValueError, IndexError):
            return


def _result(draft: Draft, readable: Readable, tally_text: str) -> str:
    election, trustees_text = readable.election, readable.trustees_text
    total_weight = tally.read_sized_tally(draft.of_type("EncryptedTally")[0].texts[1])[1]
    partials = {
        decryption.read_owned(owned)[0]: text
        for text, owned in (partial.texts for partial in draft.of_type("PartialDecryption"))
    }
    listed = trustees.parse_trustees(election.group, trustees_text)
    ciphertexts = tally.read_encrypted_tally(election, tally_text)
    good, _faults = decryption.good_decryptions(election, listed, ciphertexts, partials)
    return decryption.compute_result(election, trustees_text, tally_text, total_weight, good)


def _tally_text(draft: Draft) -> str | None:
    tallies = draft.of_type("EncryptedTally")
    return tallies[0].texts[0] if tallies and tallies[0].texts else None


def _tally_to_open(draft: Draft) -> str | None:
    readable, text = Readable.of(draft), _tally_text(draft)
    try:
        for step in draft.of_type("Shuffle"):
            if readable and text:
                text = shuffle.shuffled_tally(readable.election, text, step.texts[0])
    except (Refused, IndexError):
        return None
    return text


def _key_of(draft: Draft, owner: int) -> int:
    keys = list(trustee_keys(json.loads(draft.of_type("Setup")[0].texts[1])))
    return draft.seed.keys.of_trustee[keys[owner - 1]]
