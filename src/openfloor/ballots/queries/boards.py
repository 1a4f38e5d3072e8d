"""The board of a ballot as it is published. The trap: what came in the last minute is not shown yet."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db.models import QuerySet

from openballot.archive import data_member, event_member, header_member
from openballot.canonical import hash_base64
from openfloor.ballots import errors, statements
from openfloor.ballots.charter import moment
from openfloor.ballots.models import Ballot, BoardEvent, SignedDecision
from openfloor.workplace import queries as workplace

PUBLIC_STATES = (
    Ballot.State.FROZEN,
    Ballot.State.OPEN,
    Ballot.State.CLOSED,
    Ballot.State.COUNTED,
    Ballot.State.UNCOUNTABLE,
)
SIGNATURES_NEEDED = 2  # under an extension, or to give up the count
HEIGHT_OF_ALL = 2**31


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What the freeze fixed, each to the byte."""

    charter: str
    election: str
    trustees: str
    credentials: str


def public_ballots() -> QuerySet[Ballot]:
    """Ballots that observers can look at, by their addresses."""
    return Ballot.objects.filter(state__in=PUBLIC_STATES)


def public_ballot(uuid: str) -> Ballot:
    """The ballot at a public address; raises NoSuchBallot."""
    ballot = public_ballots().select_related("committee").filter(uuid=uuid).first()
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


def setup_of(ballot: Ballot) -> dict[str, Any]:
    """setup.json: all that a booth or an observer checks before any vote."""
    texts = texts_of(ballot)
    numbers = _officer_numbers(ballot)
    roll = workplace.roll_state(ballot.committee)
    return {
        "charter": texts.charter,
        "election": texts.election,
        "trustees": texts.trustees,
        "credentials": texts.credentials,
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
        "member_keys": {str(number): roll.entries[number].member_key for number in numbers},
        "board_key": ballot.committee.board_key,
    }


def head_of(ballot: Ballot) -> dict[str, Any]:
    """head.json: how far the board has come, as last published."""
    shown = ballot.board.filter(height__lte=ballot.published_height)
    papers = shown.filter(kind="Ballot")
    last = shown.only("hash", "height").last()
    return {
        "state": ballot.state,
        "height": last.height if last else None,
        "head": last.hash if last else None,
        "ballots": papers.count(),
        "voters": papers.values("credential").distinct().count(),
        "entitled": ballot.entitled,
        "closes_at": moment(ballot.closes_at),
    }


def trackers_of(ballot: Ballot) -> list[str]:
    """The hashes of the published papers, by which their owners find them, in the order of the board."""
    shown = ballot.board.filter(kind="Ballot", height__lte=ballot.published_height)
    return [tracker for tracker in shown.values_list("tracker", flat=True) if tracker is not None]


def proofs_of(ballot: Ballot) -> dict[str, Any]:
    """proofs.json: what the trustees proved beside the archive; raises StillOpen before the count."""
    if ballot.state != Ballot.State.COUNTED:
        raise errors.StillOpen
    trustees = list(ballot.trustees.select_related("member"))
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
    up_to = ballot.published_height if published_only else HEIGHT_OF_ALL
    height, archive = _kept.before(ballot.uuid, up_to) or (-1, header_member(timestamp_of(ballot)))
    height, news = _read_on(ballot, height, up_to)
    _kept.keep(ballot.uuid, height, archive + news)
    return archive + news


def archive_on_disk(ballot: Ballot) -> bytes:
    """The whole archive, read anew: what is checked before a count is published."""
    return header_member(timestamp_of(ballot)) + _read_on(ballot, -1, HEIGHT_OF_ALL)[1]


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


def is_added_up(ballot: Ballot) -> bool:
    """Is the encrypted tally on the board, so that trustees can open it?"""
    return ballot.board.filter(kind="EncryptedTally").exists()


def final_head_of(ballot: Ballot, number: int) -> statements.Statement:
    """The final head that trustee *number* signs with the decryption; raises TallyBeingMade."""
    tally = ballot.board.filter(kind="EncryptedTally").first()
    if tally is None:
        raise errors.TallyBeingMade
    return statements.final_head(
        ballot=ballot.uuid,
        election_hash=board_hash(ballot),
        head=tally.hash,
        ballots=papers_of(ballot).count(),
        number=number,
    )


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


def _read_on(ballot: Ballot, height: int, up_to: int) -> tuple[int, bytes]:
    """The height of the last event up to *up_to*, and the bytes of all after *height*."""
    timestamp, parts = timestamp_of(ballot), []
    for event in ballot.board.filter(height__gt=height, height__lte=up_to).order_by("height").iterator():
        parts.append(bytes_of(event, timestamp))
        height = event.height
    return height, b"".join(parts)


class _KeptArchives:
    """The archives asked for last, so that a download reads only what came since. Events never change."""

    MOST = 4

    def __init__(self) -> None:
        self._lock = Lock()
        self._archives: OrderedDict[str, tuple[int, bytes]] = OrderedDict()

    def before(self, uuid: str, height: int) -> tuple[int, bytes] | None:
        """The longest archive kept that goes no further than *height*."""
        with self._lock:
            kept = self._archives.get(uuid)
        return kept if kept is not None and kept[0] <= height else None

    def keep(self, uuid: str, height: int, archive: bytes) -> None:
        with self._lock:
            self._archives[uuid] = (height, archive)
            self._archives.move_to_end(uuid)
            if len(self._archives) > self.MOST:
                self._archives.popitem(last=False)


_kept = _KeptArchives()
