"""The `.bel` archive: a plain tar of data and events that only ever grows, chained by hashes.

Exactly one sequence of bytes is right for given events: what a reader could overlook is refused instead.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO, Literal, TypeAlias

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
from openballot.checks import Finding
from openballot.findings import Findings
from openballot.records import HEADER_NAME, Record, RecordReader, header, record_bytes

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

# What an event's data may take: a list of voters or a shuffle is long, one ballot is not.
LARGEST_DATA, LARGEST_PAPER = 2**28, 2**24
MOST_DATA = 4

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
    def last(self) -> Event | None:
        return self.events[-1] if self.events else None

    @property
    def head(self) -> str | None:
        return self.last.hash if self.last else None


class ArchiveRefused(ValueError):
    """The bytes are no archive, or not the one right archive of their events."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(findings[0].sentence)
        self.findings = findings


def header_member(timestamp: int) -> bytes:
    """Return the bytes every archive of this time starts with."""
    return record_bytes(HEADER_NAME, header(timestamp).encode(), timestamp)


def data_member(text: str, timestamp: int) -> bytes:
    """Return the bytes to append for data that the next event refers to."""
    return record_bytes(f"{hash_hex(text)}.data.json", text.encode(), timestamp)


def event_member(text: str, timestamp: int) -> bytes:
    """Return the bytes to append for an event."""
    return record_bytes(f"{hash_hex(text)}.event.json", text.encode(), timestamp)


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
    reader = ArchiveReader(BytesIO(data))
    if not reader.is_archive:
        return None, reader.findings.in_order()
    events = tuple(reader)
    return Archive(reader.timestamp or 0, events), reader.findings.in_order()


class ArchiveReader:
    """Reads the events of an archive once, in order, each with the data before it, holding one at a time.

    The file can be read from any place. *findings* grows with what is wrong with its bytes and its chain.
    Of the event read last, *payload_at* is where its payload's record begins, *position* where it ends.
    """

    def __init__(self, file: BinaryIO) -> None:
        self.findings = Findings()
        self._records = RecordReader(file, self.findings, LARGEST_DATA)
        self.is_archive = self._records.looks_like_archive()
        self.payload_at = 0
        if not self.is_archive:
            self.findings.find("records", "not_an_archive", "file")

    @property
    def timestamp(self) -> int | None:
        return self._records.timestamp

    @property
    def position(self) -> int:
        return self._records.position

    @property
    def size(self) -> int:
        return self._records.size

    def text_at(self, at: int) -> str:
        """Return a payload read before, by where its record begins; raises FileChanged."""
        return self._records.text_at(at)

    def __iter__(self) -> Iterator[Event]:
        previous: Event | None = None
        height, number = 0, 1
        pending: list[Record] = []
        for item in self._records.after_header():
            number = item.number
            digest, _, kind = item.name.partition(".")
            if kind not in ("data.json", "event.json"):
                self.findings.find("events", "archive_record", f"record {number}")
                continue
            if digest != item.digest:
                self.findings.find("events", "archive_hash", f"record {number}")
            if kind == "data.json":
                # One more than any event has is enough to know that there are too many.
                pending = [*pending, item][-MOST_DATA - 1 :]
                continue
            data, pending = pending, []
            try:
                current = _next_ballot(previous, height, item, data) or _event(item, data)
            except NotCanonical:
                self.findings.find("events", "event_text", f"record {number}")
                continue
            self._check_chain(previous, height, current, data)
            self.payload_at = data[-1].at if data else item.at
            self._records.room = LARGEST_PAPER if current.type in ("Setup", "Ballot") else LARGEST_DATA
            yield current
            previous, height = current, height + 1
        if pending:
            self.findings.find("events", "archive_orphan", f"record {number}")

    def _check_chain(self, previous: Event | None, height: int, current: Event, data: list[Record]) -> None:
        where = f"event {height} ({current.type})"
        if current.parent != (previous.hash if previous else None):
            self.findings.find("chain", "event_parent", where)
        if current.height != height:
            self.findings.find("chain", "event_height", where)
        if [item.digest for item in data] != _referred(current):
            self.findings.find("chain", "archive_missing", where)


def _next_ballot(previous: Event | None, height: int, item: Record, data: list[Record]) -> Event | None:
    """Return the event when it is written as the next ballot has to be: most are, and this is quick."""
    if previous is None or len(data) != 1:
        return None
    parent, payload = previous.hash, data[0].digest
    if item.text != f'{{"parent":"{parent}","height":{height},"type":"Ballot","payload":"{payload}"}}':
        return None
    return Event(item.text, item.digest, parent, height, "Ballot", payload, (data[0].text,))


def _event(item: Record, data: list[Record]) -> Event:
    fields = record(read(item.text), "parent", "height", "type", "payload", optional=("parent", "payload"))
    event_type = string(fields["type"])
    if event_type not in EVENT_TYPES:
        raise NotCanonical("The event is of no known type.")
    return Event(
        text=item.text,
        hash=item.digest,
        parent=sha256_hex(fields["parent"]) if "parent" in fields else None,
        height=integer(fields["height"]),
        type=event_type,
        payload=sha256_hex(fields["payload"]) if "payload" in fields else None,
        data=tuple(held.text for held in data),
    )


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
