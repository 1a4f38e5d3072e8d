"""The ledger's format (docs/specs/ledger.md), and the check of an export. A check returns every finding."""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn

import rfc8785

ENTRY_TYPE = "openfloor/ledger/1"
REMOVAL = "payload_removed"
MOMENT = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ")
HASH = re.compile(r"[0-9a-f]{64}")


class Check(StrEnum):
    CANONICAL = "canonical"
    CHAIN = "chain"
    NUMBER = "number"
    COMMITTEE = "committee"
    TIME = "time"
    PAYLOAD = "payload"
    REMOVED_WITHOUT_RECORD = "removed_without_record"
    SEEN_HEAD_MISSING = "seen_head_missing"
    MANDATE = "mandate"
    BREACH_UNTOLD = "breach_untold"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check that an export fails, and the line (from 0) where; None when it is about the whole."""

    check: Check
    line: int | None


class NotALedger(ValueError):
    """A file that is no export of a ledger at all."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of an export that has the right shape."""

    entry: dict[str, Any]
    salt: str | None
    payload: dict[str, Any] | None

    @property
    def is_removed(self) -> bool:
        return self.salt is None and self.payload is None

    @property
    def payload_holds(self) -> bool:
        if self.salt is None or self.payload is None:
            return False
        expected: str = self.entry["payload_hash"]
        return payload_hash(self.salt, canonical(self.payload)) == expected

    @property
    def removes(self) -> int | None:
        """The number whose payload this entry takes out, when it does and may."""
        if self.entry["kind"] != REMOVAL or self.payload is None or not self.payload_holds:
            return None
        number = self.payload.get("number")
        return number if type(number) is int and number < self.entry["number"] else None


def canonical(value: object) -> str:
    """RFC 8785."""
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type] # its own type for JSON is narrower than ours


def entry_text(
    *, committee: str, number: int, parent: str | None, at: str, kind: str, payload_hash: str
) -> str:
    """The canonical text of an entry; its SHA-256 is what the next one names as its parent."""
    return canonical(
        {
            "type": ENTRY_TYPE,
            "committee": committee,
            "number": number,
            "parent": parent,
            "at": at,
            "kind": kind,
            "payload_hash": payload_hash,
        }
    )


def text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def payload_hash(salt: str, payload_text: str) -> str:
    """Salted, so that nobody can guess a short payload that was removed."""
    return hashlib.sha256(bytes.fromhex(salt) + payload_text.encode()).hexdigest()


def export_line(entry: str, salt: str | None, payload: str | None) -> str:
    """One line of an export, from the texts that are stored."""
    return f'{{"entry":{entry},"payload":{payload or "null"},"salt":{json.dumps(salt)}}}'


def verify_export(lines: Iterable[str], seen: str | None = None) -> list[Finding]:
    """
    Return everything that is wrong with an export; none means that it holds.

    *seen* is a head somebody kept: the entry with this hash must still be there.
    Raises NotALedger when not a single line looks like one.
    """
    return _examine(lines, seen)[0]


def export_head(lines: Iterable[str]) -> str | None:
    """The hash of the last entry that can be read."""
    hashes = _examine(lines, None)[1]
    return hashes[-1] if hashes else None


def _examine(lines: Iterable[str], seen: str | None) -> tuple[list[Finding], list[str]]:
    read = [_read_line(text) for text in lines]
    first = next((line for line in read if line is not None), None)
    if first is None:
        raise NotALedger

    findings: list[Finding] = []
    hashes: list[str] = []
    before: _Line | None = None
    for index, line in enumerate(read):
        if line is None:
            findings.append(Finding(Check.CANONICAL, index))
        else:
            findings += [Finding(check, index) for check in _line_checks(index, line, before, first)]
            hashes.append(text_hash(canonical(line.entry)))
        before = line

    findings += _payload_findings(read)
    if seen is not None and seen not in hashes:
        findings.append(Finding(Check.SEEN_HEAD_MISSING, None))
    return findings, hashes


def _line_checks(index: int, line: _Line, before: _Line | None, first: _Line) -> list[Check]:
    """What is wrong with one line beside the one before it; what follows an unreadable line is not blamed."""
    failed = []
    entry = line.entry
    if entry["number"] != index:
        failed.append(Check.NUMBER)
    if entry["committee"] != first.entry["committee"]:
        failed.append(Check.COMMITTEE)
    if not MOMENT.fullmatch(entry["at"]) or (before is not None and entry["at"] < before.entry["at"]):
        failed.append(Check.TIME)
    if (index == 0 and entry["parent"] is not None) or (
        before is not None and entry["parent"] != text_hash(canonical(before.entry))
    ):
        failed.append(Check.CHAIN)
    return failed


def _payload_findings(read: list[_Line | None]) -> list[Finding]:
    """A payload may be absent only when a later entry says so, and must be absent when one does."""
    removed = {line.removes for line in read if line is not None}
    findings = []
    for index, line in enumerate(read):
        if line is None:
            continue
        if line.is_removed and line.entry["number"] not in removed:
            findings.append(Finding(Check.REMOVED_WITHOUT_RECORD, index))
        elif not line.is_removed and (not line.payload_holds or line.entry["number"] in removed):
            findings.append(Finding(Check.PAYLOAD, index))
    return findings


def _read_line(text: str) -> _Line | None:
    """The line's parts, or None when it is not written in its one form or does not have the right shape."""
    try:
        value = json.loads(text, object_pairs_hook=_distinct, parse_float=_refuse, parse_constant=_refuse)
        is_canonical = canonical(value) == text
    except (ValueError, RecursionError):
        return None
    if not is_canonical or not isinstance(value, dict) or value.keys() != {"entry", "salt", "payload"}:
        return None
    line = _Line(value["entry"], value["salt"], value["payload"])
    return line if _has_shape(line) else None


def _has_shape(line: _Line) -> bool:
    entry = line.entry
    return (
        isinstance(entry, dict)
        and entry.keys() == {"type", "committee", "number", "parent", "at", "kind", "payload_hash"}
        and entry["type"] == ENTRY_TYPE
        and type(entry["number"]) is int
        and all(isinstance(entry[name], str) for name in ("committee", "at", "kind"))
        and _is_hash(entry["payload_hash"])
        and (entry["parent"] is None or _is_hash(entry["parent"]))
        and (line.salt is None or _is_hash(line.salt))
        and (line.payload is None or isinstance(line.payload, dict))
    )


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and HASH.fullmatch(value) is not None


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a name stands twice")
    return value


def _refuse(number: str) -> NoReturn:
    raise ValueError(f"{number} is not a whole number")
