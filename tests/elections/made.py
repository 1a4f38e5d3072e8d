"""Whole elections in memory, made by the code under test."""

import hashlib
import itertools
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from elections import ceremonies
from openballot import archive, ballots, credentials, decryption, groups, shuffle, tally, trustees
from openballot.election import Election, compose_election, new_uuid
from openballot.groups import RandomBytes
from openballot.questions import AnyQuestion, Question
from openballot.questions.lists import Lists
from openballot.questions.nonhomomorphic import NonHomomorphic

TIMESTAMP = 1_795_000_000
YES_NO = Question(question="Strike?", answers=("Yes", "No"), min=1, max=1)
BLANK = Question(question="Accept the offer?", answers=("Yes", "No"), min=1, max=1, blank=True)
UP_TO_TWO = Question(question="Who speaks for us?", answers=("Ana", "Béatrice", "Chen"), min=0, max=2)
LISTS = Lists(
    question="Which list?",
    answers=(("Days", "Ana", "Ben"), ("Nights", "Chen", "Dina", "Élie"), ("Relief", "Fadi")),
)
RANKING = NonHomomorphic(
    question="Rank them, 1 is best",
    answers=("Ana", "Ben", "Chen"),
    extra='{"type":"PreferentialVoting","blank":true,"seats":2,"method":"STV"}',
)


def drawn(label: str) -> RandomBytes:
    """Bytes that look random and are the same every time."""
    numbers = itertools.count()
    return lambda size: hashlib.shake_256(f"{label}|{next(numbers)}".encode()).digest(size)


@dataclass
class Made:
    """An election and every secret in it, so that a test can go on, or cheat with the right keys."""

    election: Election
    voters: list[int]
    trustee_keys: list[int]
    trustees_text: str
    credentials_text: str
    weights: dict[str, int]
    events: list[archive.Event] = field(default_factory=list)
    randbytes: RandomBytes = secrets.token_bytes

    def append(self, event_type: str, *data: str) -> None:
        previous = self.events[-1] if self.events else None
        self.events.append(archive.next_event(previous, event_type, data))

    def vote(self, voter: int, answers: Sequence[Any]) -> str:
        text = ballots.make_ballot(self.election, self.voters[voter], answers, self.randbytes)
        self.append("Ballot", text)
        return text

    def texts(self, event_type: str) -> list[tuple[str, ...]]:
        return [event.data for event in self.events if event.type == event_type]

    def close(self) -> None:
        self.append("EndBallots")
        ballot_texts = [data[-1] for data in self.texts("Ballot")]
        self.append("EncryptedTally", *tally.encrypted_tally(self.election, self.weights, ballot_texts))

    @property
    def tally_text(self) -> str:
        """The encrypted tally as it stands after the shuffles so far."""
        text = self.texts("EncryptedTally")[0][0]
        for shuffle_text, _owned in self.texts("Shuffle"):
            text = shuffle.shuffled_tally(self.election, text, shuffle_text)
        return text

    def shuffle(self, number: int) -> None:
        text = shuffle.shuffle(self.election, self.tally_text, self.randbytes)
        self.append("Shuffle", text, decryption.owned(number, text))

    def decrypt(self, number: int, *, wrongly: bool = False) -> None:
        """Append the partial decryption of an owner, *wrongly* with the proofs of another key."""
        x = self.trustee_keys[number - 1] + wrongly
        text = decryption.partial_decryption(self.election, x, self.tally_text, self.randbytes)
        self.append("PartialDecryption", text, decryption.owned(number, text))

    def count(self) -> None:
        """Append the result of those partial decryptions that hold."""
        tally_text, sized = self.tally_text, self.texts("EncryptedTally")[0][1]
        partials = {decryption.read_owned(owned)[0]: text for text, owned in self.texts("PartialDecryption")}
        listed = trustees.parse_trustees(self.election.group, self.trustees_text)
        ciphertexts = tally.read_encrypted_tally(self.election, tally_text)
        good, _faults = decryption.good_decryptions(self.election, listed, ciphertexts, partials)
        total_weight = tally.read_sized_tally(sized)[1]
        self.append(
            "Result",
            decryption.compute_result(self.election, self.trustees_text, tally_text, total_weight, good),
        )

    def archive(self) -> bytes:
        return archive_of(self.events)


def archive_of(events: Sequence[archive.Event], timestamp: int = TIMESTAMP) -> bytes:
    members = [archive.event_bytes(event, timestamp) for event in events]
    return b"".join([archive.header_member(timestamp), *members])


def chained(steps: Iterable[tuple[str, tuple[str, ...]]]) -> list[archive.Event]:
    """Make events of these types with these data, one after the other."""
    events: list[archive.Event] = []
    for event_type, data in steps:
        events.append(archive.next_event(events[-1] if events else None, event_type, data))
    return events


def set_up(
    group_name: str = "BELENIOS-2048",
    *,
    questions: Sequence[AnyQuestion[Any]] = (YES_NO,),
    voters: int = 3,
    trustee_count: int = 1,
    threshold: tuple[int, int] | None = None,
    weights: Sequence[int] = (),
    randbytes: RandomBytes = secrets.token_bytes,
) -> Made:
    """Begin an election. With a *threshold* of (t + 1, n), n trustees follow those with keys of their own."""
    group = groups.named(group_name)
    trustee_keys = [trustees.generate_key(group, randbytes) for _ in range(trustee_count)]
    public_keys = [trustees.public_key_json(group, x, randbytes) for x in trustee_keys]
    if threshold:
        ceremony = ceremonies.of(group_name, *threshold)
        trustee_keys += ceremony.shares
        public_keys.append(ceremony.parameters)
    scalars = [group.random_scalar(randbytes) for _ in range(voters)]
    keys = [group.text(group.power_generator(s)) for s in scalars]
    entries = [f"{key},{weight}" for key, weight in zip(keys, weights, strict=True)] if weights else keys
    credentials_text = credentials.compose_public_credentials(group, entries)
    text = compose_election(
        uuid=new_uuid(randbytes),
        name="Assembly «2026»",
        description="Décision\nof the members",
        group=group,
        public_key=trustees.combined_public_key(group, public_keys),
        questions=questions,
    )
    made = Made(
        election=Election.parse(text),
        voters=scalars,
        trustee_keys=trustee_keys,
        trustees_text=trustees.compose_trustees(public_keys),
        credentials_text=credentials_text,
        weights=credentials.parse_public_credentials(group, credentials_text),
        randbytes=randbytes,
    )
    made.append("Setup", *archive.setup_data(text, made.trustees_text, credentials_text))
    return made


def counted(
    group_name: str = "BELENIOS-2048",
    *,
    questions: Sequence[AnyQuestion[Any]] = (YES_NO,),
    votes: Sequence[tuple[int, Sequence[Any]]] = ((0, [[1, 0]]), (1, [[0, 1]]), (2, [[1, 0]])),
    trustee_count: int = 1,
    threshold: tuple[int, int] | None = None,
    opened_by: Sequence[int] | None = None,
    weights: Sequence[int] = (),
    voters: int = 3,
    randbytes: RandomBytes = secrets.token_bytes,
) -> Made:
    """Run a whole election; *opened_by* are the owners who decrypt, everybody unless it is given.

    Where answers are shuffled, every trustee shuffles.
    """
    made = set_up(
        group_name,
        questions=questions,
        voters=voters,
        trustee_count=trustee_count,
        threshold=threshold,
        weights=weights,
        randbytes=randbytes,
    )
    for voter, answers in votes:
        made.vote(voter, answers)
    made.close()
    numbers = range(1, len(made.trustee_keys) + 1)
    if any(question.is_shuffled for question in questions):
        for number in numbers:
            made.shuffle(number)
        made.append("EndShuffles")
    for number in numbers if opened_by is None else opened_by:
        made.decrypt(number)
    made.count()
    return made
