"""The roll: who may vote, and the vouches that say so (docs/specs/keys-and-roll.md).

`append_findings` alone decides whether a record may stand: the server asks it before it appends, a verifier
for every line. The trap: `replay` believes what it reads; it is for lines that were checked when appended.
"""

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from openballot import possession
from openballot.canonical import NotCanonical
from openballot.groups import NotInGroup, named
from openfloor.workplace.memberkeys import (
    GROUPS,
    Keys,
    NotCanonicalText,
    Statement,
    canonical,
    check_signature,
    hash_of,
    is_member_key,
    parse_canonical,
)

RULES = "openfloor/roll/rules/1"
ENTRY = "openfloor/roll/entry/1"
OBJECTION = "openfloor/roll/objection/1"
WITHDRAWAL = "openfloor/roll/withdrawal/1"
END = "openfloor/roll/end/1"
RENEWAL = "openfloor/roll/renewal/1"
RENEWAL_STOPPED = "openfloor/roll/renewal-stopped/1"

COMMON_FIELDS = frozenset({"type", "committee", "position", "parent", "day"})
FIELDS_OF_TYPE = {
    RULES: COMMON_FIELDS | {"rules"},
    ENTRY: COMMON_FIELDS | {"number", "founding", "keys", "proofs", "vouches"},
    OBJECTION: COMMON_FIELDS | {"number", "by", "signature"},
    WITHDRAWAL: COMMON_FIELDS | {"number", "by", "signature"},
    END: COMMON_FIELDS | {"number", "signature"},
    RENEWAL: COMMON_FIELDS | {"number", "keys", "proofs", "vouches"},
    RENEWAL_STOPPED: COMMON_FIELDS | {"number", "by", "signature"},
}
WITH_KEYS = (ENTRY, RENEWAL)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

MOST_FOUNDING_MEMBERS = 10  # one vouch each: that has to stay the exception of the first days
MOST = 1_000  # of any other rule, so that every day it leads to is a day

RENEWAL_DAYS = 2  # from the record to the day on which a new key counts
RENEWAL_VOUCHES = 2  # at the least, whatever the rules ask of a new entry
RENEWAL_VOUCH_DAYS = 7  # a vouch for a new key is no older than this

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finding:
    """What does not hold, and where: the record's position and the entry's number, where they are known."""

    check: str
    position: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The settings of a roll; days and vouches are whole numbers."""

    founding_members: int = 3
    vouches: int = 2
    vouch_from_day: int = 7
    vouches_a_month: int = 5
    objection_days: int = 3

    def __post_init__(self) -> None:
        for rule in fields(self):
            least = 0 if rule.name in ("vouch_from_day", "objection_days") else 1
            most = MOST_FOUNDING_MEMBERS if rule.name == "founding_members" else MOST
            value = getattr(self, rule.name)
            if type(value) is not int or not least <= value <= most:
                raise ValueError(f"{rule.name} must be a whole number from {least} to {most}, not {value!r}.")

    @classmethod
    def from_json(cls, value: object) -> "Rules":
        """Read the `rules` of a record; raises ValueError unless exactly the five are there."""
        if not isinstance(value, dict) or set(value) != {rule.name for rule in fields(cls)}:
            raise ValueError("The rules are not the five that a roll has.")
        return cls(**value)

    def as_json(self) -> dict[str, int]:
        return asdict(self)


class Vouch(NamedTuple):
    by: int
    day: date
    signature: str

    def as_json(self) -> dict[str, Any]:
        return {"by": self.by, "day": self.day.isoformat(), "signature": self.signature}


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A new key for an entry: it waits, then it counts, unless somebody stopped it in time."""

    day: date
    keys: Keys
    vouchers: tuple[int, ...]
    stopped_by: int | None = None

    @property
    def counts_from(self) -> date:
        return self.day + timedelta(days=RENEWAL_DAYS)

    def waits_on(self, day: date) -> bool:
        return self.stopped_by is None and not self._is_due_on(day)

    def counts_on(self, day: date) -> bool:
        return self.stopped_by is None and self._is_due_on(day)

    def _is_due_on(self, day: date) -> bool:
        return (day - self.day).days >= RENEWAL_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A member as the roll shows them. The keys they joined with may count no more: ask `keys_on`."""

    number: int
    day: date
    founding: bool
    first_member_key: str
    first_credentials: Mapping[str, str]
    vouchers: tuple[int, ...]
    objections: frozenset[int] = frozenset()  # numbers of those whose objection is open
    ended: bool = False
    renewals: tuple[Renewal, ...] = ()

    def keys_on(self, day: date) -> Keys:
        """The keys that count on *day*, which is not before the last record of the roll."""
        counting = [renewal.keys for renewal in self.renewals if renewal.counts_on(day)]
        first: Keys = {"member": self.first_member_key, "credentials": dict(self.first_credentials)}
        return counting[-1] if counting else first

    def member_key_on(self, day: date) -> str:
        return self.keys_on(day)["member"] if self.renewals else self.first_member_key

    def renewal_waiting_on(self, day: date) -> Renewal | None:
        """The new key that the members can still stop; one at a time."""
        if self.ended or not self.renewals or not self.renewals[-1].waits_on(day):
            return None
        return self.renewals[-1]

    @property
    def in_good_standing(self) -> bool:
        return not self.ended and not self.objections


@dataclass(slots=True)
class RollState:
    """What a roll says up to its last record. Others may hold the same state: `copy` before appending."""

    committee: str | None = None
    rules: Rules = field(default_factory=Rules)
    size: int = 0
    head: str | None = None
    day: date = date.min
    entries: dict[int, Entry] = field(default_factory=dict)
    key_texts: set[str] = field(default_factory=set)
    vouches_given: Counter[tuple[int, int, int]] = field(default_factory=Counter)  # by number, year, month

    def copy(self) -> "RollState":
        return replace(
            self,
            entries=dict(self.entries),
            key_texts=set(self.key_texts),
            vouches_given=self.vouches_given.copy(),
        )

    @property
    def next_is_founding(self) -> bool:
        return len(self.entries) < self.rules.founding_members

    @property
    def vouches_needed(self) -> int:
        if not self.entries:
            return 0
        return 1 if self.next_is_founding else self.rules.vouches

    @property
    def vouches_for_renewal(self) -> int:
        """No fewer than for a new entry, and never one alone: whoever has the key has the vote."""
        return max(self.rules.vouches, RENEWAL_VOUCHES)

    def in_good_standing(self, number: int) -> bool:
        entry = self.entries.get(number)
        return entry is not None and entry.in_good_standing

    def knows_a_key_of(self, keys: Keys) -> bool:
        return not self.key_texts.isdisjoint(_texts(keys))

    def append(self, line: str, record: Record | None) -> None:
        """Take over a line; of one that is no record only the hash counts."""
        if record is not None:
            self._apply(record)
        self.size += 1
        self.head = hash_of(line)

    def _apply(self, record: Record) -> None:
        day = read_day(record.get("day"))
        if day is None or not _is_well_formed(record):
            return
        self.committee = self.committee or record["committee"]
        self.day = max(self.day, day)
        deeds: dict[str, Callable[[Record, date], None]] = {
            RULES: self._set_rules,
            ENTRY: self._enter,
            OBJECTION: self._object,
            WITHDRAWAL: self._withdraw,
            END: self._end,
            RENEWAL: self._renew,
            RENEWAL_STOPPED: self._stop_renewal,
        }
        deeds[record["type"]](record, day)

    def _set_rules(self, record: Record, day: date) -> None:
        if self.size > 0:  # nobody signs rules, so those of the first record hold to the end
            return
        with suppress(ValueError):
            self.rules = Rules.from_json(record["rules"])

    def _enter(self, record: Record, day: date) -> None:
        vouches = read_vouches(record["vouches"])
        if not self.next_is_founding:
            self._count(vouches)
        keys = record["keys"]
        self.key_texts |= _texts(keys)
        self.entries.setdefault(
            record["number"],
            Entry(
                number=record["number"],
                day=day,
                founding=self.next_is_founding,
                first_member_key=keys["member"],
                first_credentials=keys["credentials"],
                vouchers=tuple(vouch.by for vouch in vouches),
            ),
        )

    def _object(self, record: Record, day: date) -> None:
        self._change(record["number"], lambda entry: {"objections": entry.objections | {record["by"]}})

    def _withdraw(self, record: Record, day: date) -> None:
        self._change(record["number"], lambda entry: {"objections": entry.objections - {record["by"]}})

    def _end(self, record: Record, day: date) -> None:
        number = record["number"]
        self._change(number, lambda entry: {"ended": True})
        objected_to = [entry.number for entry in self.entries.values() if number in entry.objections]
        for other in objected_to:
            self._change(other, lambda entry: {"objections": entry.objections - {number}})

    def _renew(self, record: Record, day: date) -> None:
        vouches = read_vouches(record["vouches"])
        self._count(vouches)
        self.key_texts |= _texts(record["keys"])
        renewal = Renewal(day=day, keys=record["keys"], vouchers=tuple(vouch.by for vouch in vouches))
        self._change(record["number"], lambda entry: {"renewals": (*entry.renewals, renewal)})

    def _stop_renewal(self, record: Record, day: date) -> None:
        entry = self.entries.get(record["number"])
        waiting = entry.renewal_waiting_on(day) if entry else None
        if waiting is not None:
            stopped = replace(waiting, stopped_by=record["by"])
            self._change(record["number"], lambda entry: {"renewals": (*entry.renewals[:-1], stopped)})

    def _count(self, vouches: list[Vouch]) -> None:
        self.vouches_given.update((vouch.by, vouch.day.year, vouch.day.month) for vouch in vouches)

    def _change(self, number: int, changes: Callable[[Entry], dict[str, Any]]) -> None:
        entry = self.entries.get(number)
        if entry is not None:
            self.entries[number] = replace(entry, **changes(entry))


@dataclass(frozen=True, slots=True)
class Report:
    """What a verifier found. Only the state of a report without findings may be relied on."""

    state: RollState
    findings: tuple[Finding, ...]


def verify(
    lines: Iterable[str],
    *,
    groups: Sequence[str] = GROUPS,
    since: RollState | None = None,
    seen: tuple[int, str] | None = None,
) -> Report:
    """
    Check every record; return every finding.

    *groups* are those whose credential keys and proofs are computed: a device that votes in one group only
    may leave out the others. *since* is the state of a report without findings; its lines come before
    these.
    *seen* is the position and hash of a record that this roll had when it was looked at before.
    """
    state = since.copy() if since else RollState()
    findings: list[Finding] = []
    hash_at_seen = state.head if seen and seen[0] == state.size - 1 else None
    for line in lines:
        findings += _read_line(state, line, groups)
        if seen and seen[0] == state.size - 1:
            hash_at_seen = state.head
    if state.size == 0:
        findings.append(Finding("rules"))
    if seen and seen[0] >= state.size:
        findings.append(Finding("shrunk", seen[0]))
    elif seen and hash_at_seen != seen[1]:
        findings.append(Finding("forked", seen[0]))
    return Report(state, tuple(findings))


def verify_file(
    data: bytes, *, groups: Sequence[str] = GROUPS, seen: tuple[int, str] | None = None
) -> Report:
    """Check a roll as it is downloaded: every line ends with a line feed, the last one too."""
    *lines, rest = data.decode("utf-8", "surrogateescape").split("\n")
    report = verify([*lines, rest] if rest else lines, groups=groups, seen=seen)
    if not rest:
        return report
    return Report(report.state, (*report.findings, Finding("canonical", len(lines))))


def replay(lines: Iterable[str], *, since: RollState | None = None) -> RollState:
    """The state after *lines*, nothing checked."""
    state = since.copy() if since else RollState()
    for line in lines:
        state.append(line, json.loads(line))
    return state


def entitled(state: RollState, day: date) -> list[Entry]:
    """Who may vote in a ballot announced on *day*, in the order of their numbers."""
    entries = (state.entries[number] for number in sorted(state.entries))
    return [entry for entry in entries if entry.in_good_standing and is_settled(entry, state.rules, day)]


def is_settled(entry: Entry, rules: Rules, day: date) -> bool:
    """Are the days over in which members may object?"""
    return entry.founding or (day - entry.day).days >= rules.objection_days


def may_still_object(entry: Entry, rules: Rules, day: date) -> bool:
    """Founding entries are entitled at once, but may be objected to for as long as others."""
    return (day - entry.day).days < rules.objection_days


def next_record(state: RollState, record_type: str, *, committee: str, day: date, **values: Any) -> Record:
    """A record that stands in the chain after *state*; whether it may is for `append_findings`."""
    return {
        "type": record_type,
        "committee": committee,
        "position": state.size,
        "parent": state.head,
        "day": day.isoformat(),
        **values,
    }


def record_text(record: Record) -> str:
    """The line of a record, without its line feed."""
    return canonical(record)


def vouch_statement(committee: str, number: int, day: date, keys: Keys) -> Statement:
    return {
        "type": "openfloor/vouch/1",
        "committee": committee,
        "number": number,
        "day": day.isoformat(),
        "keys": keys,
    }


def objection_statement(committee: str, number: int, day: date) -> Statement:
    return _statement_about("openfloor/objection/1", committee, number, day)


def withdrawal_statement(committee: str, number: int, day: date) -> Statement:
    return _statement_about("openfloor/withdrawal/1", committee, number, day)


def resignation_statement(committee: str, number: int, day: date) -> Statement:
    return _statement_about("openfloor/resignation-from-roll/1", committee, number, day)


def renewal_statement(committee: str, number: int, day: date, keys: Keys, replaced: Keys) -> Statement:
    """A vouch for a new key; it names the keys that go, so that it serves for no later change."""
    return {
        **_statement_about("openfloor/renewal/1", committee, number, day),
        "keys": keys,
        "replaces": hash_of(canonical(replaced)),
    }


def renewal_stopped_statement(committee: str, number: int, by: int, day: date, keys: Keys) -> Statement:
    """The member themselves, or another, stops the new *keys* of entry *number*."""
    about = _statement_about("openfloor/renewal-stopped/1", committee, number, day)
    return {**about, "by": by, "stops": hash_of(canonical(keys))}


def role_statement(committee: str, number: int, role: str, day: date) -> Statement:
    return {**_statement_about("openfloor/role/1", committee, number, day), "role": role}


def role_resigned_statement(committee: str, number: int, role: str, day: date) -> Statement:
    return {**_statement_about("openfloor/role-resigned/1", committee, number, day), "role": role}


def fingerprint(keys: Keys) -> str:
    """What the candidate's code shows beside their number, so that a server cannot swap the keys."""
    digest = hashlib.sha256(canonical(keys).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def append_findings(state: RollState, record: Record, *, groups: Sequence[str] = GROUPS) -> list[Finding]:
    """Every reason why *record* may not stand after *state*; none means that it may."""
    number = record.get("number")
    checks = dict.fromkeys(_checks(state, record, groups))  # each once, in order
    return [Finding(check, state.size, number if type(number) is int else None) for check in checks]


def key_checks(
    committee: str, number: int, keys: Keys, proofs: object, *, groups: Sequence[str] = GROUPS
) -> Iterator[str]:
    """Rule 3: the keys lie in their groups, and their holder has the secrets. Needs no roll."""
    if not is_member_key(keys["member"]):
        yield "key_outside_group"
    if not isinstance(proofs, dict) or set(proofs) != set(GROUPS):
        yield "possession"
        return
    for name in groups:
        group, text = named(name), keys["credentials"][name]
        try:
            is_key = group.element(text) != group.identity
        except (NotCanonical, NotInGroup):
            is_key = False
        if not is_key:
            yield "key_outside_group"
            continue
        try:
            if not possession.check(group, committee, number, text, proofs[name]):
                yield "possession"
        except NotCanonical:
            yield "possession"


def vouch_checks(
    state: RollState, *, committee: str, number: int, keys: Keys, vouch: Vouch, on: date, waiting: int = 0
) -> Iterator[str]:
    """
    Rules 5 to 7: may this vouch carry entry *number*, entered on the day *on*?

    *waiting* counts the voucher's other vouches of that month whose entries are not on the roll yet.
    """
    statement = vouch_statement(committee, number, vouch.day, keys)
    counted = not state.next_is_founding
    yield from _vouch_checks(state, statement, vouch, on=on, counted=counted, waiting=waiting)


def renewal_vouch_checks(
    state: RollState, *, committee: str, entry: Entry, keys: Keys, vouch: Vouch, on: date, waiting: int = 0
) -> Iterator[str]:
    """May this vouch carry the new *keys* of *entry*, recorded on the day *on*? It has to be a fresh one."""
    if (on - vouch.day).days > RENEWAL_VOUCH_DAYS:
        yield "vouch_day"
    statement = renewal_statement(committee, entry.number, vouch.day, keys, entry.keys_on(on))
    yield from _vouch_checks(state, statement, vouch, on=on, counted=True, waiting=waiting)


def _vouch_checks(
    state: RollState, statement: Statement, vouch: Vouch, *, on: date, counted: bool, waiting: int
) -> Iterator[str]:
    if vouch.by == statement["number"]:
        yield "vouch_self"
        return
    voucher = state.entries.get(vouch.by)
    if voucher is None:
        yield "voucher_unknown"
        return
    if not voucher.in_good_standing:
        yield "voucher_unknown"
    if not voucher.day <= vouch.day <= on:
        yield "vouch_day"
    if not voucher.founding and (vouch.day - voucher.day).days < state.rules.vouch_from_day:
        yield "voucher_too_new"
    given = state.vouches_given[vouch.by, vouch.day.year, vouch.day.month]
    if counted and given + waiting >= state.rules.vouches_a_month:
        yield "voucher_over_quota"
    # By the key of the record's day: with a lost key and an earlier date, nobody vouches any more.
    if not check_signature(voucher.member_key_on(on), statement, vouch.signature):
        yield "vouch_signature"


def read_day(value: object) -> date | None:
    if not isinstance(value, str) or not DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def read_vouches(values: list[dict[str, Any]]) -> list[Vouch]:
    """The vouches of a well-formed entry; one without a real day is left out."""
    days = [(read_day(value["day"]), value) for value in values]
    return [Vouch(value["by"], day, value["signature"]) for day, value in days if day is not None]


def is_keys(value: object) -> bool:
    """Has this the shape of an entry's `keys`?"""
    if not isinstance(value, dict) or set(value) != {"member", "credentials"}:
        return False
    credentials = value["credentials"]
    if not isinstance(credentials, dict) or set(credentials) != set(GROUPS):
        return False
    return all(isinstance(text, str) for text in (value["member"], *credentials.values()))


def records_with_keys(lines: Iterable[str]) -> list[Record]:
    """The entries and new keys among *lines* that can be read; `verify` tells of the others."""
    records = (_record_of(line) for line in lines)
    return [
        record for record in records if record and _is_well_formed(record) and record["type"] in WITH_KEYS
    ]


def _record_of(line: str) -> Record | None:
    try:
        record = parse_canonical(line)
    except NotCanonicalText:
        return None
    return record if isinstance(record, dict) else None


def _read_line(state: RollState, line: str, groups: Sequence[str]) -> list[Finding]:
    record = _record_of(line)
    if record is None:
        findings = [Finding("canonical", state.size)]
        state.append(line, None)
        return findings
    findings = append_findings(state, record, groups=groups)
    state.append(line, record)
    return findings


def _checks(state: RollState, record: Record, groups: Sequence[str]) -> Iterator[str]:
    well_formed = _is_well_formed(record)
    if not well_formed:
        yield "type"
    if state.size == 0 and record.get("type") != RULES:
        yield "rules"
    # True equals 1 to Python, but not to the chain.
    if type(record.get("position")) is not int or record["position"] != state.size:
        yield "chain"
    if "parent" not in record or record["parent"] != state.head:
        yield "chain"
    if not _is_committee(record.get("committee"), state.committee):
        yield "committee"
    day = read_day(record.get("day"))
    if day is None or day < state.day:
        yield "day"
    if day is not None and well_formed:
        yield from CHECKS_OF_TYPE[record["type"]](state, record, day, groups)


def _rules_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    if state.size > 0:
        yield "rules"
    try:
        Rules.from_json(record["rules"])
    except ValueError:
        yield "rules"


def _entry_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    number = record["number"]
    if number < 1 or number in state.entries:
        yield "number"
    yield from _new_keys_checks(state, record, groups)
    if record["founding"] is not state.next_is_founding:
        yield "founding"
    yield from _vouches_checks(state, record, day)


def _new_keys_checks(state: RollState, record: Record, groups: Sequence[str]) -> Iterator[str]:
    keys = record["keys"]
    if state.knows_a_key_of(keys) or len(_texts(keys)) < 1 + len(GROUPS):
        yield "key_reused"
    yield from key_checks(record["committee"], record["number"], keys, record["proofs"], groups=groups)


def _vouches_checks(state: RollState, record: Record, day: date) -> Iterator[str]:
    yield from _set_of_vouches_checks(record, needed=state.vouches_needed)
    for vouch in read_vouches(record["vouches"]):
        yield from vouch_checks(
            state,
            committee=record["committee"],
            number=record["number"],
            keys=record["keys"],
            vouch=vouch,
            on=day,
        )


def _set_of_vouches_checks(record: Record, *, needed: int) -> Iterator[str]:
    vouches = read_vouches(record["vouches"])
    days = [vouch.day for vouch in vouches]
    if len(vouches) < len(record["vouches"]) or days != sorted(days):
        yield "vouch_day"
    if len(record["vouches"]) != needed:
        yield "vouch_count"
    if len({vouch.by for vouch in vouches}) < len(vouches):
        yield "voucher_twice"


def _renewal_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    number, keys = record["number"], record["keys"]
    entry = state.entries.get(number)
    if entry is None or entry.ended or entry.renewal_waiting_on(day) is not None:
        yield "renewal"
    yield from _new_keys_checks(state, record, groups)
    yield from _set_of_vouches_checks(record, needed=state.vouches_for_renewal)
    if entry is None:
        return
    for vouch in read_vouches(record["vouches"]):
        yield from renewal_vouch_checks(
            state, committee=record["committee"], entry=entry, keys=keys, vouch=vouch, on=day
        )


def _renewal_stopped_checks(
    state: RollState, record: Record, day: date, groups: Sequence[str]
) -> Iterator[str]:
    number, by = record["number"], state.entries.get(record["by"])
    entry = state.entries.get(number)
    waiting = entry.renewal_waiting_on(day) if entry else None
    if waiting is None or by is None or by.ended:
        yield "renewal_stopped"
        return
    statement = renewal_stopped_statement(record["committee"], number, by.number, day, waiting.keys)
    if not check_signature(by.member_key_on(day), statement, record["signature"]):
        yield "renewal_stopped"


def _objection_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    entry, by = state.entries.get(record["number"]), state.entries.get(record["by"])
    statement = objection_statement(record["committee"], record["number"], day)
    if (
        entry is None
        or by is None
        or entry.ended
        or by.ended
        or by.number in entry.objections
        or not may_still_object(entry, state.rules, day)
        or not check_signature(by.member_key_on(day), statement, record["signature"])
    ):
        yield "objection"


def _withdrawal_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    entry, by = state.entries.get(record["number"]), state.entries.get(record["by"])
    statement = withdrawal_statement(record["committee"], record["number"], day)
    if (
        entry is None
        or by is None
        or by.number not in entry.objections
        or not check_signature(by.member_key_on(day), statement, record["signature"])
    ):
        yield "objection"


def _end_checks(state: RollState, record: Record, day: date, groups: Sequence[str]) -> Iterator[str]:
    entry = state.entries.get(record["number"])
    statement = resignation_statement(record["committee"], record["number"], day)
    if (
        entry is None
        or entry.ended
        or not check_signature(entry.member_key_on(day), statement, record["signature"])
    ):
        yield "end"


CHECKS_OF_TYPE = {
    RULES: _rules_checks,
    ENTRY: _entry_checks,
    OBJECTION: _objection_checks,
    WITHDRAWAL: _withdrawal_checks,
    END: _end_checks,
    RENEWAL: _renewal_checks,
    RENEWAL_STOPPED: _renewal_stopped_checks,
}


def _is_well_formed(record: Record) -> bool:
    """A known type with exactly its fields, of the kinds that the checks can work with."""
    record_type = record.get("type")
    if not isinstance(record_type, str) or set(record) != FIELDS_OF_TYPE.get(record_type, frozenset()):
        return False
    if any(type(record[name]) is not int for name in ("number", "by") if name in record):
        return False
    return record_type not in WITH_KEYS or (is_keys(record["keys"]) and _are_vouches(record["vouches"]))


def _are_vouches(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(vouch, dict)
        and set(vouch) == {"by", "day", "signature"}
        and type(vouch["by"]) is int
        and isinstance(vouch["day"], str)
        and isinstance(vouch["signature"], str)
        for vouch in value
    )


def _is_committee(value: object, expected: str | None) -> bool:
    if expected is not None:
        return value == expected
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _texts(keys: Keys) -> set[str]:
    return {keys["member"], *keys["credentials"].values()}


def _statement_about(statement_type: str, committee: str, number: int, day: date) -> Statement:
    return {"type": statement_type, "committee": committee, "number": number, "day": day.isoformat()}
