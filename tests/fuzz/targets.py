"""What the byte-level mutants are given to, from the outside in, and what must hold of every answer.

archive   any bytes, read as an archive and no further
verify    any bytes, verified
texts     the texts of an archive, hashed and chained as if they were right, then verified
objects   one text, given to the reader of its kind, which its first two characters name
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from elections import ceremonies, made
from fuzz.drafts import Draft, Step, written_json
from fuzz.judging import hold, hold_since, papers_of
from fuzz.openly import demand, steps_of
from fuzz.seeds import CORPUS, NAMES, Seed, seed
from openballot import (
    ballots,
    canonical,
    ceremony,
    channels,
    credentials,
    decryption,
    opening,
    shuffle,
    tally,
    trustees,
)
from openballot.archive import examine_archive
from openballot.checks import Refused
from openballot.election import Election
from openballot.verifier import verify

LONGEST_KEPT = 800

# --- archives


def read_bytes(data: bytes) -> None:
    archive, findings = examine_archive(data)
    if archive is not None and not findings and archive.events:
        # Their order is the verifier's to judge.
        steps = [(step.type, step.texts) for step in steps_of(data, ordered=False)]
        demand([(event.type, event.data) for event in archive.events] == steps, "read otherwise")


def verify_bytes(data: bytes) -> None:
    report = verify(data)
    if report.verdict == "valid":
        of = _seed_of(steps_of(data)[0].texts[0])
        hold(data, report, of, papers_of(of), keyed=False)
        hold_since(data, report, of)


def verify_texts(data: bytes) -> None:
    """A line for each text, after the line of its event, which begins with "="."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        return
    steps: list[Step] = []
    for line in lines:
        if line.startswith("="):
            steps.append(Step(line[1:], []))
        elif steps:
            steps[-1].texts.append(line)
    verify_bytes(Draft(seed(NAMES[0]), steps, set()).written())


def written_texts(of: Seed) -> bytes:
    steps = steps_of(of.data)
    return "\n".join(line for step in steps for line in (f"={step.type}", *step.texts)).encode()


@cache
def _by_key() -> Mapping[str, Seed]:
    return {json.loads(steps_of(seed(name).data)[0].texts[0])["public_key"]: seed(name) for name in NAMES}


def _seed_of(election_text: str) -> Seed:
    return _by_key()[json.loads(election_text)["public_key"]]


# --- objects


class Objects:
    """The readers of everything that stands in a seed's archive or beside it."""

    def __init__(self, of: Seed) -> None:
        steps = steps_of(of.data)
        texts = {step.type: step.texts for step in reversed(steps)}
        self.election_text, self.trustees_text, self.credentials_text, _setup = texts["Setup"]
        self.election = Election.parse(self.election_text)
        group = self.election.group
        weights = credentials.parse_public_credentials(group, self.credentials_text)
        trustee = trustees.parse_trustees(group, self.trustees_text)[0]
        self.checker = ballots.BallotChecker(self.election, weights)
        self.tally_text, self.sized_text = texts["EncryptedTally"]
        shuffled = self.tally_text
        for step in steps:
            if step.type == "Shuffle":
                shuffled = shuffle.shuffled_tally(self.election, shuffled, step.texts[0])
        self.partial_text, self.owned_text = texts["PartialDecryption"]
        x = of.keys.of_trustee[group.text(trustee.public_key)]
        bound_text = decryption.bound_proofs(self.election, x, shuffled, made.drawn("bound"))
        # By letter: a text that is right, its reader, and whether nobody without a key can write another.
        self.kinds: dict[str, tuple[str, Callable[[str], object], bool]] = {
            "E": (self.election_text, Election.parse, False),
            "T": (self.trustees_text, lambda text: trustees.parse_trustees(group, text), False),
            "C": (
                self.credentials_text,
                lambda text: credentials.parse_public_credentials(group, text),
                False,
            ),
            "B": (texts["Ballot"][0], self.checker.check, True),
            "Y": (self.tally_text, lambda text: tally.read_encrypted_tally(self.election, text), False),
            "Z": (self.sized_text, tally.read_sized_tally, False),
            "P": (
                self.partial_text,
                lambda text: decryption.check_partial_decryption(
                    self.election, trustee.public_key, shuffled, text
                ),
                True,
            ),
            "W": (
                bound_text,
                lambda text: _demanded(
                    decryption.check_bound_proofs(
                        self.election, trustee.public_key, shuffled, self.partial_text, text
                    )
                ),
                True,
            ),
            "O": (self.owned_text, decryption.read_owned, False),
            "R": (texts["Result"][0], lambda text: decryption.read_result(self.election, text), False),
            "K": (trustees.private_key_json(x), lambda text: trustees.read_private_key(group, text), False),
            "U": (
                trustees.public_key_json(group, x, made.drawn("key")),
                lambda text: trustees.check_public_key(group, text),
                False,
            ),
        }
        if "Shuffle" in texts:
            self.kinds["S"] = (
                texts["Shuffle"][0],
                lambda text: shuffle.check_shuffle(self.election, self.tally_text, text),
                True,
            )


class CeremonyObjects:
    """The readers of what trustees tell one another while they make a threshold key."""

    def __init__(self) -> None:
        whole = ceremonies.of("Ed25519", 2, 3)
        held, group, own = whole.ceremony, whole.ceremony.group, whole.participants[0]
        first, second, third = whole.rounds
        certificates = ceremony.read_certificates(held, first)
        coefficients = ceremony.read_coefficients(held, certificates, second)
        sealed = ceremony.sealed_share(third[0])
        self.kinds: dict[str, tuple[str, Callable[[str], object], bool]] = {
            "1": (first[0], lambda text: ceremony.read_certificates(held, [text, *first[1:]]), True),
            "2": (
                second[0],
                lambda text: ceremony.read_coefficients(held, certificates, [text, *second[1:]]),
                True,
            ),
            "3": (
                third[0],
                lambda text: ceremony.read_keys(held, certificates, coefficients, [text, *third[1:]]),
                True,
            ),
            "4": (sealed, lambda text: ceremony.open_share(group, own.seed, text), True),
        }


class NotHeld(ValueError):
    """A check that answers no."""


def _demanded(holds: bool) -> None:
    if not holds:
        raise NotHeld


REFUSALS = (
    *(Refused, canonical.NotCanonical, NotHeld),
    *(ceremony.CeremonyRefused, channels.StaysSealed, channels.WrongSender),
)


@cache
def objects(number: int) -> Objects | CeremonyObjects:
    return Objects(seed(NAMES[number])) if number < len(NAMES) else CeremonyObjects()


def read_object(data: bytes) -> None:
    """The first character is the number of the seed, the second the kind."""
    try:
        head, text = data[:2].decode(), data[2:].decode()
    except UnicodeDecodeError:
        return
    if len(head) != 2 or not head[0].isdigit() or not head[0].isascii():
        return
    if head[1] == "N":
        read_opened(data[2:])
        return
    kinds = objects(int(head[0])).kinds
    if head[1] not in kinds:
        return
    right, reader, only_by_key = kinds[head[1]]
    try:
        reader(text)
    except REFUSALS:
        demand(text != right, "refused, though nothing is wrong")
        return
    demand(written_json(json.loads(text)) == text, "read, though written otherwise")
    demand(not only_by_key or text == right, "somebody without the key wrote this")


def read_opened(data: bytes) -> None:
    try:
        opening.read_answers(opening.Opened.parse(data))
    except (Refused, opening.NotOpened, opening.WrongNonces):
        return


# --- all of them


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "archive": read_bytes,
    "verify": verify_bytes,
    "texts": verify_texts,
    "objects": read_object,
}


def beginnings(target: str) -> Mapping[str, bytes]:
    """What the mutants of a target begin with: whatever is right."""
    if target in ("archive", "verify"):
        return {name: seed(name).data for name in NAMES}
    if target == "texts":
        return {name: written_texts(seed(name)) for name in NAMES}
    right = {
        f"{name}-{letter}": f"{number}{letter}{kind[0]}".encode()
        for number, name in enumerate((*NAMES, "ceremony"))
        for letter, kind in objects(number).kinds.items()
    }
    return right | {f"kept-{number}": text.encode() for number, text in enumerate(kept())}


def kept() -> list[str]:
    """The objects in the corpus: texts that once reached what nothing else had reached."""
    texts: list[str] = json.loads((CORPUS / "objects.json").read_text(encoding="utf-8"))
    return texts


def keep(folder: Path) -> None:
    """Put the short ones that libFuzzer has kept in a folder into the corpus."""
    found = []
    for path in sorted(folder.iterdir()):
        with suppress(UnicodeDecodeError):
            text = path.read_bytes().decode()
            found += [text] if len(text) < LONGEST_KEPT else []
    (CORPUS / "objects.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
