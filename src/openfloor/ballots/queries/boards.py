"""The board of a ballot as it is published. The trap: what came in the last minute is not shown yet."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from openballot.archive import data_member, event_member, header_member
from openballot.canonical import hash_base64
from openfloor.ballots import errors
from openfloor.ballots.charter import moment
from openfloor.ballots.models import Ballot, BoardEvent, SignedDecision
from openfloor.ballots.queries.electorate import fixed_roll
from openfloor.ballots.queries.slips import slips_of
from openfloor.ballots.questions import ciphertexts_of
from openfloor.ui.growing import GrowingFile, Part
from openfloor.ui.kept import Kept
from openfloor.workplace import queries as workplace

PUBLIC_STATES = (
    Ballot.State.FROZEN,
    Ballot.State.OPEN,
    Ballot.State.CLOSED,
    Ballot.State.COUNTED,
    Ballot.State.UNCOUNTABLE,
    Ballot.State.VOID,
)
SETTLED_STATES = (Ballot.State.OPEN, Ballot.State.CLOSED, Ballot.State.COUNTED)
HEAVY = ("charter", "trustees_text", "credentials")  # megabytes that most pages have no use for
SIGNATURES_NEEDED = 2  # under an extension, or to give up the count
HEIGHT_OF_ALL = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """How much there is to check: bytes of the record, papers, keys on the list, ciphertexts of one paper."""

    size: int
    papers: int
    keys: int
    choices: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the freeze fixed, each to the byte."""

    charter: str
    election: str
    trustees: str
    credentials: str


class Version(NamedTuple):
    """What names all that observers see of a ballot now, once it is settled."""

    uuid: str
    state: str
    published_height: int
    closes_at: str
    voters: int
    board_key: str

    @property
    def is_settled(self) -> bool:
        """Are all signatures in? From the opening on nothing else changes what observers see."""
        return self.state in SETTLED_STATES


def public_ballots() -> QuerySet[Ballot]:
    """Ballots that observers can look at, by their addresses."""
    return Ballot.objects.filter(state__in=PUBLIC_STATES, charter__isnull=False)


def public_ballot(uuid: str) -> Ballot:
    """The ballot at a public address, its long texts left in the database; raises NoSuchBallot."""
    ballot = public_ballots().select_related("committee").defer(*HEAVY).filter(uuid=uuid).first()
    if ballot is None:
        raise errors.NoSuchBallot
    return ballot


def board_hash(ballot: Ballot) -> str:
    """φ, the election's fingerprint; a ballot has one from the freeze on."""
    if ballot.election is None:
        raise errors.NotFrozen
    return hash_base64(ballot.election)


def texts_of(ballot: Ballot) -> Texts:
    """Raises NotFrozen before there are any."""
    charter, election = ballot.charter, ballot.election
    trustees, credentials = ballot.trustees_text, ballot.credentials
    if charter is None or election is None or trustees is None or credentials is None:
        raise errors.NotFrozen
    return Texts(charter=charter, election=election, trustees=trustees, credentials=credentials)


def version_at(uuid: str) -> Version:
    """The version of the ballot at a public address, at the cost of one row; raises NoSuchBallot."""
    columns = ("state", "published_height", "closes_at", "entitled", "slips", "committee__board_key")
    row = public_ballots().filter(uuid=uuid).order_by().values_list(*columns).first()
    if row is None:
        raise errors.NoSuchBallot
    state, height, closes_at, entitled, slips, board_key = row
    return Version(uuid, state, height, moment(closes_at), (entitled or 0) + slips, board_key)


def setup_of(ballot: Ballot) -> dict[str, Any]:
    """setup.json: all that a booth or an observer checks before any vote."""
    ballot.refresh_from_db(fields=[name for name in HEAVY if name in ballot.get_deferred_fields()])
    texts = texts_of(ballot)
    numbers = _officer_numbers(ballot)
    roll = fixed_roll(ballot)
    entries = workplace.roll_state(ballot.committee, roll.position).entries
    return {
        "charter": texts.charter,
        "election": texts.election,
        "trustees": texts.trustees,
        "credentials": texts.credentials,
        **signatures_of(ballot),
        **_slips(ballot),
        "member_keys": {str(number): entries[number].member_key_on(roll.day) for number in numbers},
        "board_key": ballot.committee.board_key,
    }


def signatures_of(ballot: Ballot) -> dict[str, list[dict[str, Any]]]:
    """Who has signed the election, the list of credentials, and a later close."""
    return {
        "freezes": [
            {"number": trustee.member.number, "signature": trustee.freeze_signature}
            for trustee in ballot.trustees.select_related("member")
            if trustee.freeze_signature is not None
        ],
        "audits": [
            {"number": teller.member.number, "signature": teller.audit_signature}
            for teller in ballot.tellers.select_related("member")
            if teller.audit_signature is not None
        ],
        "extensions": _extensions(ballot),
    }


def head_of(ballot: Ballot) -> dict[str, Any]:
    """head.json: how far the board has come, as last published."""
    counted = _counted_up_to(ballot.uuid, ballot.published_height)
    return _head(ballot.state, counted, ballot.voters, moment(ballot.closes_at))


def head_at(uuid: str) -> dict[str, Any]:
    """The same for the ballot at a public address; raises NoSuchBallot."""
    version = version_at(uuid)
    counted = _counted_up_to(uuid, version.published_height)
    return _head(version.state, counted, version.voters, version.closes_at)


def _head(state: str, counted: dict[str, Any], voters: int, closes_at: str) -> dict[str, Any]:
    return {"state": state, **counted, "entitled": voters, "closes_at": closes_at}


def _counted_up_to(uuid: str, height: int) -> dict[str, Any]:
    return _heads.get((uuid, height), lambda: _count_up_to(uuid, height))


def _count_up_to(uuid: str, height: int) -> dict[str, Any]:
    shown = BoardEvent.objects.filter(ballot__uuid=uuid, height__lte=height)
    papers = shown.filter(kind="Ballot")
    last = shown.only("hash", "height").last()
    return {
        "height": last.height if last else None,
        "head": last.hash if last else None,
        "ballots": papers.count(),
        "voters": papers.values("credential").distinct().count(),
    }


def trackers_of(ballot: Ballot) -> list[str]:
    """The hashes of the published papers, by which their owners find them, in the order of the board."""
    return _trackers.get(ballot.uuid, _Trackers).up_to(ballot)


def proofs_of(ballot: Ballot) -> dict[str, Any]:
    """proofs.json: what the trustees who opened it proved beside the archive; raises StillOpen before."""
    if ballot.state != Ballot.State.COUNTED:
        raise errors.StillOpen
    trustees = list(ballot.trustees.exclude(partial_decryption=None).select_related("member"))
    return {
        "final_heads": [
            {"number": trustee.member.number, "signature": trustee.head_signature} for trustee in trustees
        ],
        "bound_proofs": [
            {"number": trustee.member.number, "owner": trustee.position, "text": trustee.bound_proofs}
            for trustee in trustees
        ],
    }


def archive_of(ballot: Ballot, *, published_only: bool) -> bytes:
    """The `.bel` archive; raises NotYetOpen before there is one. Only what is new is read."""
    return archive_file(ballot, published_only=published_only).read()


def archive_file(ballot: Ballot, *, published_only: bool) -> Part:
    """The same, left on the disk."""
    timestamp = timestamp_of(ballot)
    up_to = ballot.published_height if published_only else HEIGHT_OF_ALL
    archive = _archives.get(ballot.uuid, lambda: GrowingFile(settings.DATA, header_member(timestamp)))
    return archive.up_to(up_to, lambda height: _events_after(ballot, height, up_to))


def work_of(ballot: Ballot) -> Work:
    """What checking the published record takes; raises NotYetOpen before there is one. Writes nothing."""
    header = header_member(timestamp_of(ballot))
    return Work(
        size=_sizes.get(ballot.uuid, lambda: _Size(len(header))).up_to(ballot),
        papers=head_of(ballot)["ballots"],
        keys=ballot.voters,
        choices=sum(map(ciphertexts_of, ballot.questions)),
    )


def archive_on_disk(ballot: Ballot) -> bytes:
    """The whole archive, read anew: what is checked before a count is published."""
    return header_member(timestamp_of(ballot)) + b"".join(_events_after(ballot, -1, HEIGHT_OF_ALL))


def timestamp_of(ballot: Ballot) -> int:
    """The moment of opening in seconds, which every record of the archive carries; raises NotYetOpen."""
    if ballot.opened_at is None:
        raise errors.NotYetOpen
    return int(ballot.opened_at.timestamp())


def bytes_of(event: BoardEvent, timestamp: int) -> bytes:
    """What an event appends to the archive: its data, then itself."""
    data = [data_member(text, timestamp) for text in event.data]
    return b"".join([*data, event_member(event.text, timestamp)])


def papers_of(ballot: Ballot) -> QuerySet[BoardEvent]:
    """Every paper on the board, published or not, in order."""
    return ballot.board.filter(kind="Ballot").order_by("height")


def _slips(ballot: Ballot) -> dict[str, Any]:
    """Stands in setup.json only when there are any."""
    return {"slips": [made.published for made in slips_of(ballot)]} if ballot.slips else {}


def _officer_numbers(ballot: Ballot) -> list[int]:
    trustees = ballot.trustees.values_list("member__number", flat=True)
    tellers = ballot.tellers.values_list("member__number", flat=True)
    return sorted({*trustees, *tellers})


def _extensions(ballot: Ballot) -> list[dict[str, Any]]:
    """Extensions that two have signed, the earliest close first."""
    signatures: dict[str, list[dict[str, Any]]] = {}
    signed = ballot.decisions.filter(kind=SignedDecision.Kind.EXTENSION)
    # The statements differ in the moment alone, and moments sort as text.
    for decision in signed.select_related("by").order_by("statement", "by__number"):
        signatures.setdefault(json.loads(decision.statement)["closes_at"], []).append(
            {"number": decision.by.number, "signature": decision.signature}
        )
    return [
        {"closes_at": closes_at, "signatures": given}
        for closes_at, given in signatures.items()
        if len(given) >= SIGNATURES_NEEDED
    ]


def _events_after(ballot: Ballot, height: int, up_to: int) -> Iterator[bytes]:
    """The bytes of each event after *height* and not after *up_to*."""
    timestamp = timestamp_of(ballot)
    events = ballot.board.filter(height__gt=height, height__lte=up_to).order_by("height")
    for event in events.iterator():
        yield bytes_of(event, timestamp)


class _Trackers:
    """Those of one board in its order, as far as they were asked for. Events never change."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._heights: list[int] = []
        self._hashes: list[str] = []
        self._up_to = -1

    def up_to(self, ballot: Ballot) -> list[str]:
        with self._lock:
            if ballot.published_height > self._up_to:
                self._read_on(ballot)
            return self._hashes[: bisect_right(self._heights, ballot.published_height)]

    def _read_on(self, ballot: Ballot) -> None:
        news = ballot.board.filter(
            kind="Ballot", height__gt=self._up_to, height__lte=ballot.published_height
        ).order_by("height")
        for height, tracker in news.values_list("height", "tracker"):
            self._heights.append(height)
            self._hashes.append(str(tracker))
        self._up_to = ballot.published_height


class _Size:
    """How many bytes one board's archive has, as far as it was asked for. Events never change."""

    def __init__(self, header: int) -> None:
        self._lock = Lock()
        self._size = header
        self._up_to = -1

    def up_to(self, ballot: Ballot) -> int:
        with self._lock:
            if ballot.published_height > self._up_to:
                self._size += sum(map(len, _events_after(ballot, self._up_to, ballot.published_height)))
                self._up_to = ballot.published_height
            return self._size


_heads: Kept[dict[str, Any]] = Kept(most=256)
_trackers: Kept[_Trackers] = Kept(most=8)
_sizes: Kept[_Size] = Kept(most=256)
_archives: Kept[GrowingFile] = Kept(most=8)
