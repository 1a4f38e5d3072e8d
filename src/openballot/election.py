"""The election everybody votes in. Ballots are bound to its exact text, so the text is kept as it came."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from openballot.canonical import NotCanonical, array, compact, hash_base64, integer, read, record, string
from openballot.checks import Refused
from openballot.groups import Element, Group, NotInGroup, RandomBytes, UnknownGroup, named
from openballot.questions import AnyQuestion, Question, read_question

__all__ = [
    "BASE58",
    "Election",
    "Question",
    "compose_election",
    "new_uuid",
    "random_base58",
]

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
UUID_LENGTH = 14
_OPTIONAL = ("administrator", "credential_authority", "language")


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """An election as read. *text* is what stands for it, *fingerprint* the hash that every paper names."""

    text: str
    fingerprint: str
    uuid: str
    name: str
    description: str
    group: Group
    public_key: Element
    questions: tuple[AnyQuestion[Any], ...]

    @property
    def is_shuffled(self) -> bool:
        """Are there answers that are not added up, but shuffled and then decrypted by themselves?"""
        return any(question.is_shuffled for question in self.questions)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read an election's exact text; raises Refused."""
        try:
            fields = record(
                read(text),
                *("version", "description", "name", "group", "public_key", "questions", "uuid"),
                *_OPTIONAL,
                optional=_OPTIONAL,
            )
            if integer(fields["version"]) != 1:
                raise Refused("election_version", "election")
            for name in ("description", "name", "group", "public_key", *(set(_OPTIONAL) & set(fields))):
                string(fields[name])
            uuid = string(fields["uuid"])
            questions = array(fields["questions"])
            if len(uuid) < UUID_LENGTH or not set(uuid) <= set(BASE58) or not questions:
                raise Refused("election_text", "election")
            group = named(fields["group"])
            return cls(
                text=text,
                fingerprint=hash_base64(text),
                uuid=uuid,
                name=fields["name"],
                description=fields["description"],
                group=group,
                public_key=_public_key(group, fields["public_key"]),
                questions=tuple(_question(group, i, value) for i, value in enumerate(questions, start=1)),
            )
        except NotCanonical as error:
            raise Refused("election_text", "election") from error
        except UnknownGroup as error:
            raise Refused("election_group", "election") from error


def compose_election(
    *,
    uuid: str,
    name: str,
    description: str,
    group: Group,
    public_key: str,
    questions: Sequence[AnyQuestion[Any]],
    administrator: str | None = None,
    credential_authority: str | None = None,
    language: str | None = None,
) -> str:
    """Write the election's text, and read it once so that nothing impossible is ever published."""
    optional = {
        "administrator": administrator,
        "credential_authority": credential_authority,
        "language": language,
    }
    text = compact(
        {
            "version": 1,
            "description": description,
            "name": name,
            "group": group.name,
            "public_key": public_key,
            "questions": [question.as_json() for question in questions],
            "uuid": uuid,
            **{key: value for key, value in optional.items() if value is not None},
        }
    )
    Election.parse(text)
    return text


def new_uuid(randbytes: RandomBytes = secrets.token_bytes) -> str:
    """Draw 14 characters, each of 58 equally likely."""
    return random_base58(UUID_LENGTH, randbytes)


def random_base58(length: int, randbytes: RandomBytes = secrets.token_bytes) -> str:
    # 64 bits more than the number of texts there are: the bias is below 2^-64 times 58^-length.
    number = int.from_bytes(randbytes(length * 6 // 8 + 1 + 8), "big")
    characters = []
    for _ in range(length):
        number, digit = divmod(number, len(BASE58))
        characters.append(BASE58[digit])
    return "".join(characters)


def _public_key(group: Group, text: str) -> Element:
    try:
        key = group.element(text)
    except (NotCanonical, NotInGroup) as error:
        raise Refused("election_key", "election") from error
    if key == group.identity:
        raise Refused("election_key", "election")
    return key


def _question(group: Group, number: int, value: object) -> AnyQuestion[Any]:
    where = f"question {number}"
    try:
        return read_question(value, group)
    except NotCanonical as error:
        raise Refused("election_text", where) from error
    except Refused as error:
        raise Refused(error.check, where) from error
