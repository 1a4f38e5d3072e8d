"""The `.bel` archive: a plain tar of data and events that only ever grows, chained by hashes.

Exactly one sequence of bytes is right for given events: what a reader could overlook is refused instead.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from openballot.canonical import (
    NotCanonical,
    compact,
    hash_hex,
    integer,
    read,
    record,
    sha256_hex,
    string,
)
from openballot.checks import Finding, finding

BLOCK = 512
HEADER_NAME = "BELENIOS"
EVENT_TYPES = (
    "Setup",
    "Ballot",
    "EndBallots",
    "EncryptedTally",
    "Shuffle",
    "EndShuffles",
    "PartialDecryption",
    "Result",
)

Kind: TypeAlias = Literal["data", "event"]


@dataclass(frozen=True, slots=True)
class Event:
    """An event as it stands in the archive, and the texts of the data before it, its payload last."""

    text: str
    hash: str
    parent: str | None
    height: int
    type: str
    payload: str | None
    data: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive as read: its events in order, and the time in its header, in seconds since 1970."""

    timestamp: int
    events: tuple[Event, ...]

    @property
    def head(self) -> str | None:
        return self.events[-1].hash if self.events else None


class ArchiveRefused(ValueError):
    """The bytes are no archive, or not the one right archive of their events."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings[0].sentence)
        self.findings = findings


def header(timestamp: int) -> str:
    """Write the archive's first text."""
    return compact({"version": 1, "timestamp": str(timestamp)})


def header_member(timestamp: int) -> bytes:
    """Return the bytes every archive of this time starts with."""
    return _member(HEADER_NAME, header(timestamp), timestamp)


def data_member(text: str, timestamp: int) -> bytes:
    """Return the bytes to append for data that the next event refers to."""
    return _member(f"{hash_hex(text)}.data.json", text, timestamp)


def event_member(text: str, timestamp: int) -> bytes:
    """Return the bytes to append for an event."""
    return _member(f"{hash_hex(text)}.event.json", text, timestamp)


def event(parent: str | None, height: int, event_type: str, payload_hash: str | None = None) -> str:
    """Write an event; the first has no parent, EndBallots no payload."""
    return compact(
        {
            **({} if parent is None else {"parent": parent}),
            "height": height,
            "type": event_type,
            **({} if payload_hash is None else {"payload": payload_hash}),
        }
    )


def next_event(previous: Event | None, event_type: str, data: tuple[str, ...] = ()) -> Event:
    """Return the event after *previous* with these data, the payload being the last of them."""
    parent, height = (None, 0) if previous is None else (previous.hash, previous.height + 1)
    payload = hash_hex(data[-1]) if data else None
    text = event(parent, height, event_type, payload)
    return Event(text, hash_hex(text), parent, height, event_type, payload, data)


def event_bytes(appended: Event, timestamp: int) -> bytes:
    """Return the bytes to append for an event and its data."""
    members = [data_member(text, timestamp) for text in appended.data]
    return b"".join([*members, event_member(appended.text, timestamp)])


def setup_data(election_text: str, trustees_text: str, credentials_text: str) -> tuple[str, ...]:
    """Return the data of a Setup event, in order."""
    texts = (election_text, trustees_text, credentials_text)
    names = ("election", "trustees", "credentials")
    return (*texts, compact(dict(zip(names, map(hash_hex, texts), strict=True))))


def write_archive(timestamp: int, records: Iterable[tuple[Kind, str]]) -> bytes:
    """Return the whole archive of these texts, in order."""
    members = {"data": data_member, "event": event_member}
    return header_member(timestamp) + b"".join(members[kind](text, timestamp) for kind, text in records)


def read_archive(data: bytes) -> Archive:
    """Read an archive strictly; raises ArchiveRefused."""
    archive, findings = examine_archive(data)
    if archive is None or findings:
        raise ArchiveRefused(findings)
    return archive


def examine_archive(data: bytes) -> tuple[Archive | None, list[Finding]]:
    """Return what can be read, and everything that is wrong with the bytes and the chain.

    None stands for what is no archive at all.
    """
    if not _looks_like_archive(data):
        return None, [finding("not_an_archive", "file")]
    findings: list[Finding] = []
    members = _members(data, findings)
    timestamp = _timestamp(members[0] if members else None)
    if timestamp is None:
        findings.append(finding("archive_header", "record 1"))
    for number, member in enumerate(members, start=1):
        if timestamp is not None and member.raw != _member(member.name, member.text, timestamp):
            findings.append(finding("archive_record", f"record {number}"))
    events = _events(members[1:], findings)
    _check_chain(events, findings)
    return Archive(timestamp or 0, tuple(events)), findings


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    text: str
    raw: bytes


def _member(name: str, text: str, timestamp: int) -> bytes:
    body = text.encode()
    fields = (
        (0, name.encode()),
        (100, b"0000644"),
        (108, b"0000000"),
        (116, b"0000000"),
        (124, b"%011o" % len(body)),
        (136, b"%011o" % timestamp),
        # The checksum is taken with its own field full of spaces.
        (148, b" " * 8),
        (156, b"0"),
    )
    block = bytearray(BLOCK)
    for offset, value in fields:
        block[offset : offset + len(value)] = value
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + body + bytes(-len(body) % BLOCK)


def _looks_like_archive(data: bytes) -> bool:
    """The first record is named as it should be, or, that being damaged, the second one is."""
    return data[: len(HEADER_NAME) + 1] == f"{HEADER_NAME}\0".encode() or b".data.json\0" in data[: 3 * BLOCK]


def _members(data: bytes, findings: list[Finding]) -> list[_Member]:
    """Cut the file into records; what cannot be cut further is a finding."""
    members: list[_Member] = []
    position = 0
    while position < len(data):
        where = f"record {len(members) + 1}"
        block = data[position : position + BLOCK]
        size_text = block[124:135]
        if len(block) < BLOCK:
            findings.append(finding("archive_truncated", where))
            break
        if len(size_text.strip(b"01234567")) or not size_text:
            findings.append(finding("archive_record", where))
            break
        size = int(size_text, 8)
        end = position + BLOCK + size + -size % BLOCK
        if end > len(data):
            findings.append(finding("archive_truncated", where))
            break
        try:
            name = block[:100].rstrip(b"\0").decode()
            text = data[position + BLOCK : position + BLOCK + size].decode()
        except UnicodeDecodeError:
            findings.append(finding("archive_record", where))
            break
        members.append(_Member(name, text, data[position:end]))
        position = end
    return members


def _timestamp(member: _Member | None) -> int | None:
    if member is None:
        return None
    try:
        fields = record(read(member.text), "version", "timestamp")
        timestamp = string(fields["timestamp"])
        if integer(fields["version"]) != 1 or not timestamp.isdecimal() or str(int(timestamp)) != timestamp:
            return None
    except (NotCanonical, ValueError):
        return None
    # Eleven octal digits is all a record's header has room for.
    return int(timestamp) if member.name == HEADER_NAME and int(timestamp) < 8**11 else None


def _events(members: list[_Member], findings: list[Finding]) -> list[Event]:
    events: list[Event] = []
    pending: list[str] = []
    for number, member in enumerate(members, start=2):
        where = f"record {number}"
        digest, _, kind = member.name.partition(".")
        if kind not in ("data.json", "event.json"):
            findings.append(finding("archive_record", where))
            continue
        if digest != hash_hex(member.text):
            findings.append(finding("archive_hash", where))
        if kind == "data.json":
            pending.append(member.text)
            continue
        try:
            events.append(_event(member.text, tuple(pending)))
        except NotCanonical:
            findings.append(finding("event_text", where))
        pending = []
    if pending:
        findings.append(finding("archive_orphan", f"record {len(members) + 1}"))
    return events


def _event(text: str, data: tuple[str, ...]) -> Event:
    fields = record(read(text), "parent", "height", "type", "payload", optional=("parent", "payload"))
    event_type = string(fields["type"])
    if event_type not in EVENT_TYPES:
        raise NotCanonical("The event is of no known type.")
    return Event(
        text=text,
        hash=hash_hex(text),
        parent=sha256_hex(fields["parent"]) if "parent" in fields else None,
        height=integer(fields["height"]),
        type=event_type,
        payload=sha256_hex(fields["payload"]) if "payload" in fields else None,
        data=data,
    )


def _check_chain(events: list[Event], findings: list[Finding]) -> None:
    parent: str | None = None
    for height, current in enumerate(events):
        where = f"event {height} ({current.type})"
        if current.parent != parent:
            findings.append(finding("event_parent", where))
        if current.height != height:
            findings.append(finding("event_height", where))
        parent = current.hash
        if [hash_hex(text) for text in current.data] != _referred(current):
            findings.append(finding("archive_missing", where))


def _referred(current: Event) -> list[str] | None:
    """Return the hashes of the data that must stand before an event; None when it does not even name them."""
    if current.type in ("EndBallots", "EndShuffles"):
        return [] if current.payload is None else None
    if current.payload is None:
        return None
    if current.type in ("Ballot", "Result") or not current.data:
        return [current.payload]
    try:
        # Only the hashes are wanted here; that the text is exact is checked where it is understood.
        fields = json.loads(current.data[-1])
        names = {
            "Setup": ("election", "trustees", "credentials"),
            "EncryptedTally": ("encrypted_tally",),
        }.get(current.type, ("payload",))
        return [*(sha256_hex(fields[name]) for name in names), current.payload]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
