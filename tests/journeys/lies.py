"""
What a dishonest host makes: other texts, rolls, ledgers and boards, in which everything fits together again.

It has every public text, each ballot's k and the board's key. It never has a member's or a trustee's key, so
only what those sign, and what devices remember, gives it away.
"""

import json
import sqlite3
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from nacl.signing import SigningKey

from elections import ceremonies
from journeys.kept import DATABASE
from journeys.server import Server
from openballot import archive, blinding, ceremony, decryption, tally, trustees
from openballot.canonical import compact, hash_hex
from openballot.credentials import compose_public_credentials, parse_public_credentials
from openballot.election import Election, Question, compose_election
from openballot.groups import named
from openfloor.audit import chain
from openfloor.ballots import charter, devices, statements
from openfloor.workplace import roll
from openfloor.workplace.memberkeys import MemberKeys, canonical, hash_of
from openfloor.workplace.rolltree import Tree

Setup = dict[str, Any]
Data = tuple[str, ...]
Signed = dict[str, Any]  # {"number", "signature"}

GHOST = MemberKeys.from_root(b"nobody works so!")  # a member whom only the host has met
GHOST_NUMBER = 99
KNOWN_KEY = 20_261_122  # a trustee's, known to the host


# What the host has


@dataclass(frozen=True)
class Host:
    """A ballot as its host knows it."""

    data: Path
    uuid: str
    setup: Setup
    roll: list[str]
    ledger: list[str]

    @classmethod
    def of(cls, server: Server, uuid: str) -> "Host":
        setup = json.loads(fetch(f"{server.url}/board/{uuid}/setup.json"))
        with closing(sqlite3.connect(server.data / DATABASE)) as database:
            records = database.execute("SELECT text FROM workplace_rollrecord ORDER BY position").fetchall()
            entries = database.execute(
                "SELECT text, salt, payload FROM audit_ledgerentry ORDER BY number"
            ).fetchall()
        return cls(
            data=server.data,
            uuid=uuid,
            setup=setup,
            roll=[text for (text,) in records],
            ledger=[chain.export_line(*row) for row in entries],
        )

    @property
    def charter(self) -> dict[str, Any]:
        return charter.parse(self.setup["charter"])

    @property
    def election(self) -> Election:
        return Election.parse(self.setup["election"])

    @property
    def k(self) -> bytes:
        return (self.data / "secrets" / f"{self.uuid}.k").read_bytes()

    @property
    def position(self) -> int:
        """Where the roll of this ballot ends."""
        position: int = self.charter["roll"]["position"]
        return position

    def credential_of(self, number: int) -> str:
        """S' of a member, whose key stands on the roll; or of the ghost."""
        group = named(self.charter["group"])
        return blinding.blinded_key(group, self.uuid, self._key_text(number), self.nonce_of(number))

    def nonce_of(self, number: int) -> str:
        """The member's n."""
        return blinding.nonce(self.k, self._key_text(number))

    def _key_text(self, number: int) -> str:
        keys = {record["number"]: record["keys"] for record in map(json.loads, self.roll) if "keys" in record}
        key_texts = {**keys, GHOST_NUMBER: GHOST.public()}[number]["credentials"]
        return str(key_texts[self.charter["group"]])

    def board_signature(self, statement: dict[str, Any]) -> str:
        seed = next((self.data / "secrets").glob("*.board")).read_text(encoding="ascii")
        return SigningKey(bytes.fromhex(seed)).sign(canonical(statement).encode()).signature.hex()


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - our own localhost server
        content: bytes = answer.read()
        return content


# Setups


def with_charter(setup: Setup, **changes: Any) -> Setup:
    """Another charter, and the election with the new hash in its description."""
    return with_charter_of(setup, {**charter.parse(setup["charter"]), **changes})


def with_charter_of(setup: Setup, fields: dict[str, Any]) -> Setup:
    """The same with the whole charter."""
    election = Election.parse(setup["election"])
    text = canonical(fields)
    return {
        **setup,
        "charter": text,
        "election": compose_election(
            uuid=fields["ballot"],
            name=fields["title"],
            description=charter.description(fields["title"], text),
            group=named(fields["group"]),
            public_key=election.group.text(election.public_key),
            questions=[
                Question(
                    question=question["question"],
                    answers=tuple(question["answers"]),
                    min=question["min"],
                    max=question["max"],
                    blank=question["blank"],
                )
                for question in fields["questions"]
            ],
            administrator=fields["committee"]["name"],
        ),
    }


def with_own_trustee(setup: Setup, position: int) -> Setup:
    """The key of the trustee at *position* becomes one that the host knows, with its proof."""
    group = named(charter.parse(setup["charter"])["group"])
    listed = json.loads(setup["trustees"])
    listed[position][1] = json.loads(trustees.public_key_json(group, KNOWN_KEY))
    product = trustees.combined_public_key(group, [compact(value) for _kind, value in listed])
    return _with_trustees(setup, listed, product)


def with_own_ceremony(setup: Setup) -> Setup:
    """A key that the host made by itself in everybody's name."""
    fields = charter.parse(setup["charter"])
    held = ceremony.Ceremony(
        id=f"{fields['ballot']}.1",
        group=named(fields["group"]),
        size=len(fields["trustees"]),
        threshold=fields["threshold"],
    )
    made = ceremonies.run(held, "the host")
    first, second, _ = made.rounds
    settled = ceremony.settle(held, first, second)
    election = {**json.loads(setup["election"]), "public_key": settled.public_key}
    officers = [
        {**officer, "public_key": key}
        for officer, key in zip(fields["trustees"], settled.share_keys, strict=True)
    ]
    changed = {
        **setup,
        "trustees": trustees.compose_trustees([made.parameters]),
        "election": compact(election),
    }
    return with_charter(changed, trustees=officers)


def with_rogue_trustee(setup: Setup, position: int) -> Setup:
    """A key that cancels the others, so that the host knows the ballot's key; there is no proof for it."""
    election = Election.parse(setup["election"])
    group = election.group
    listed = json.loads(setup["trustees"])
    own = listed[position][1]
    others = group.multiply(election.public_key, group.inverse(group.element(own["public_key"])))
    known = group.power_generator(KNOWN_KEY)
    own["public_key"] = group.text(group.multiply(known, group.inverse(others)))
    return _with_trustees(setup, listed, group.text(known))


def with_repeated_trustee(setup: Setup) -> Setup:
    """The first trustee's key and proof stand in the second's place too."""
    group = named(charter.parse(setup["charter"])["group"])
    listed = json.loads(setup["trustees"])
    listed[1] = listed[0]
    product = group.element(listed[0][1]["public_key"])
    for _kind, value in listed[1:]:
        product = group.multiply(product, group.element(value["public_key"]))
    return _with_trustees(setup, listed, group.text(product))


def _with_trustees(setup: Setup, listed: list[Any], public_key: str) -> Setup:
    fields = charter.parse(setup["charter"])
    officers = [
        {**officer, "public_key": value["public_key"]}
        for officer, (_kind, value) in zip(fields["trustees"], listed, strict=True)
    ]
    election = {**json.loads(setup["election"]), "public_key": public_key}
    changed = {**setup, "trustees": compact(listed), "election": compact(election)}
    return with_charter(changed, trustees=officers)


def with_credentials(setup: Setup, change: Callable[[list[str]], list[str]]) -> Setup:
    group = named(charter.parse(setup["charter"])["group"])
    listed: list[str] = json.loads(setup["credentials"])
    return {**setup, "credentials": compose_public_credentials(group, change(listed))}


def with_slips(setup: Setup, teller: int = 1) -> Setup:
    """Two paper slips whose codes the host has, "signed" by a teller, and on the list of voters."""
    fields = charter.parse(setup["charter"])
    made = devices.PaperSlips.draw(fields["group"], fields["ballot"], 2)
    count, said = len(made.codes), {"ballot": fields["ballot"], "number": teller, "credentials": made.hash}
    slips = [
        {
            "number": teller,
            "credentials": made.credentials,
            "signature": GHOST.sign(statements.slips(count=count, **said)),
        }
    ]
    listed = with_credentials(setup, lambda listed: [*listed, *json.loads(made.credentials)])
    return {**listed, "slips": slips}


def with_promised_slips(setup: Setup, teller: int = 1) -> Setup:
    """The same, and the charter promises them."""
    slipped = with_slips(setup, teller)
    (made,) = slipped["slips"]
    promise = {"number": teller, "count": 2, "list": hash_of(made["credentials"])}
    return with_charter(slipped, slips=[promise])


def signed_by_host(setup: Setup) -> Setup:
    """Every signature anew, by one key that the host claims to be everybody's."""
    election = Election.parse(setup["election"])
    fixed = charter.parse(setup["charter"])["roll"]
    ours = {"ballot": election.uuid, "election_hash": election.fingerprint}
    freezes = [
        statements.freeze(
            **ours,
            charter=hash_of(setup["charter"]),
            trustees=statements.hash_of_trustees(setup["trustees"]),
            number=signed["number"],
        )
        for signed in setup["freezes"]
    ]
    audits = [
        statements.audit(
            **ours,
            credentials=hash_of(setup["credentials"]),
            roll=fixed["head"],
            entitled=fixed["entitled"],
            number=signed["number"],
        )
        for signed in setup["audits"]
    ]
    return {
        **setup,
        "freezes": [{"number": said["number"], "signature": GHOST.sign(said)} for said in freezes],
        "audits": [{"number": said["number"], "signature": GHOST.sign(said)} for said in audits],
        "member_keys": dict.fromkeys(setup["member_keys"], GHOST.public()["member"]),
    }


# Rolls


def rechained(records: Sequence[dict[str, Any]]) -> list[str]:
    """The lines of these records with positions and parents made right."""
    lines: list[str] = []
    for position, record in enumerate(records):
        parent = hash_of(lines[-1]) if lines else None
        lines.append(canonical({**record, "position": position, "parent": parent}))
    return lines


def with_ghost(lines: list[str], position: int) -> list[str]:
    """After *position* an entry of nobody, whose two vouches the host has signed itself."""
    records = [json.loads(line) for line in lines]
    committee, day = records[position]["committee"], records[position]["day"]
    said = {
        "type": "openfloor/vouch/1",
        "committee": committee,
        "number": GHOST_NUMBER,
        "day": day,
        "keys": GHOST.public(),
    }
    ghost = {
        "type": "openfloor/roll/entry/1",
        "committee": committee,
        "day": day,
        "number": GHOST_NUMBER,
        "founding": False,
        "keys": GHOST.public(),
        "proofs": GHOST.proofs(committee, GHOST_NUMBER),
        "vouches": [{"by": by, "day": day, "signature": GHOST.sign(said)} for by in (1, 2)],
    }
    return rechained([*records[: position + 1], ghost, *records[position + 1 :]])


def with_renewal(lines: list[str], number: int, vouchers: Sequence[tuple[int, MemberKeys, int]]) -> list[str]:
    """At the end, the ghost's keys for entry *number*; each voucher is a number, who signs, and days ago."""
    records = [json.loads(line) for line in lines]
    committee, day = records[-1]["committee"], date.fromisoformat(records[-1]["day"])
    (old,) = [record["keys"] for record in records if record.get("number") == number and "keys" in record]
    vouches = [
        {
            "by": by,
            "day": (day - timedelta(days=ago)).isoformat(),
            "signature": keys.sign(
                roll.renewal_statement(committee, number, day - timedelta(days=ago), GHOST.public(), old)
            ),
        }
        for by, keys, ago in vouchers
    ]
    renewal = {
        "type": roll.RENEWAL,
        "committee": committee,
        "day": day.isoformat(),
        "number": number,
        "keys": GHOST.public(),
        "proofs": GHOST.proofs(committee, number),
        "vouches": vouches,
    }
    return rechained([*records, renewal])


def with_ghost_who_votes(host: Host) -> tuple[list[str], Setup]:
    """The roll with a ghost on it, and the ballot announced with that roll."""
    lines = with_ghost(host.roll, host.position)
    setup = with_credentials(host.setup, lambda listed: [*listed, host.credential_of(GHOST_NUMBER)])
    return lines, _announced_with(host, setup, lines, host.position + 1, one_more=1)


def without_last_member(host: Host) -> Setup:
    """The ballot announced with the roll as it was before the last of its voters came."""
    record = json.loads(host.roll[host.position])
    gone = host.credential_of(record["number"])
    setup = with_credentials(host.setup, lambda listed: [one for one in listed if one != gone])
    return _announced_with(host, setup, host.roll, host.position - 1, one_more=-1)


def _announced_with(host: Host, setup: Setup, lines: list[str], position: int, *, one_more: int) -> Setup:
    fixed = host.charter["roll"]
    entitled = fixed["entitled"] + one_more
    announced = {
        "head": hash_of(lines[position]),
        "position": position,
        "tree": Tree(lines).root(position + 1),
        "entitled": entitled,
    }
    return with_charter(setup, roll=fixed | announced)


# Ledgers


def with_payload(lines: list[str], number: int, payload: dict[str, Any]) -> list[str]:
    """Another payload in one entry; it and all that follow are hashed and chained again."""
    made: list[str] = []
    parent: str | None = None
    for line in lines:
        value = json.loads(line)
        entry, salt, text = value["entry"], value["salt"], canonical(value["payload"])
        if entry["number"] == number:
            text = canonical(payload)
        said = {name: entry[name] for name in ("committee", "number", "at", "kind")}
        entry_text = chain.entry_text(**said, parent=parent, payload_hash=chain.payload_hash(salt, text))
        made.append(chain.export_line(entry_text, salt, text))
        parent = chain.text_hash(entry_text)
    return made


def ledger_head(lines: list[str]) -> str:
    return hash_of(canonical(json.loads(lines[-1])["entry"]))


def number_of(lines: list[str], kind: str) -> int:
    return next(number for number, line in enumerate(lines) if json.loads(line)["entry"]["kind"] == kind)


# Boards


class Event(NamedTuple):
    kind: str
    data: Data = ()


@dataclass(frozen=True)
class Board:
    timestamp: int
    events: tuple[Event, ...]

    @classmethod
    def read(cls, content: bytes) -> "Board":
        held = archive.read_archive(content)
        return cls(held.timestamp, tuple(Event(event.type, event.data) for event in held.events))

    @property
    def papers(self) -> list[str]:
        return [event.data[0] for event in self.events if event.kind == "Ballot"]

    def chained(self) -> list[archive.Event]:
        made: list[archive.Event] = []
        for event in self.events:
            made.append(archive.next_event(made[-1] if made else None, *event))
        return made

    @property
    def head(self) -> str:
        return self.chained()[-1].hash

    def content(self) -> bytes:
        made = b"".join(archive.event_bytes(event, self.timestamp) for event in self.chained())
        return archive.header_member(self.timestamp) + made

    def with_papers(self, papers: Sequence[str], tally_texts: Data | None = None) -> "Board":
        """These papers instead, and where the board is closed the sum of them, or the one that is given."""
        events = [self.events[0], *(Event("Ballot", (paper,)) for paper in papers)]
        if any(event.kind == "EndBallots" for event in self.events):
            events += [Event("EndBallots"), Event("EncryptedTally", tally_texts or self.sum_of(papers))]
        return replace(self, events=tuple(events))

    def and_then(self, *events: Event) -> "Board":
        return replace(self, events=(*self.events, *events))

    def with_setup(self, setup: Setup) -> "Board":
        data = archive.setup_data(setup["election"], setup["trustees"], setup["credentials"])
        return replace(self, events=(Event("Setup", data), *self.events[1:]))

    def sum_of(self, papers: Sequence[str]) -> Data:
        election_text, _trustees, credentials_text, _setup = self.events[0].data
        election = Election.parse(election_text)
        credentials = parse_public_credentials(election.group, credentials_text)
        return tally.encrypted_tally(election, credentials, papers)


def mixed(board: Board, *mixers: tuple[int, MemberKeys]) -> tuple[Board, list[Signed]]:
    """Mixed in the names of these trustees, whose entries are their places, by whoever holds the keys."""
    signed: list[Signed] = []
    for number, keys in mixers:
        made = devices.shuffle(keys, number, board.content())
        board = board.and_then(Event("Shuffle", (made.text, decryption.owned(number, made.text))))
        signed.append({"number": number, "signature": made.signature})
    return board.and_then(Event("EndShuffles")), signed


def list_of_one_voter(setup: Setup, paper: str) -> Setup:
    """Only the voter of *paper* and the host itself may vote."""
    group = named(charter.parse(setup["charter"])["group"])
    own = group.text(group.power_generator(KNOWN_KEY))
    return with_credentials(setup, lambda _listed: [json.loads(paper)["credential"], own])


def many_papers(paper: str, count: int) -> list[str]:
    """As many papers of one credential with the same choice, no two alike; their proofs hold nowhere."""
    value = json.loads(paper)
    made = []
    for number in range(count):
        value["signature"]["proof"]["challenge"] = str(number)
        made.append(json.dumps(value, separators=(",", ":")))
    return made


def tally_hash(board: Board) -> str:
    """What `openballot tally --hash` prints of an honest board."""
    return hash_hex(next(event.data[0] for event in board.events if event.kind == "EncryptedTally"))
