"""Who may vote in a ballot, and what its k says of them while it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from openballot import blinding
from openfloor.ballots import blindkey, errors
from openfloor.ballots.models import Ballot
from openfloor.workplace import queries as workplace
from openfloor.workplace.memberkeys import Keys
from openfloor.workplace.models import Committee, Member


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedRoll:
    """What the announcement fixed: the roll's head, who may vote by it, and the ledger at that moment."""

    day: date
    position: int
    head: str
    entitled: int
    ledger_head: str


FEW = 10  # below this, a result may tell how everybody voted


def fixed_roll(ballot: Ballot) -> FixedRoll:
    """Raises NotAnnounced before there is one."""
    day, position, entitled = ballot.announced_on, ballot.roll_position, ballot.entitled
    head, ledger_head = ballot.roll_head, ballot.ledger_head
    if day is None or position is None or entitled is None or head is None or ledger_head is None:
        raise errors.NotAnnounced
    return FixedRoll(day=day, position=position, head=head, entitled=entitled, ledger_head=ledger_head)


def entitled_keys(ballot: Ballot) -> dict[int, Keys]:
    """The keys of those who may vote, by entry number; an announced ballot's never change."""
    roll = fixed_roll(ballot)
    return _entitled(ballot.committee_id, roll.day, roll.position, roll.head)


def is_entitled(ballot: Ballot, member: Member) -> bool:
    """May this member vote with the key they have now?"""
    key = _key_in(ballot, member)
    return key is not None and key == member.keys["member"]


def has_newer_key(ballot: Ballot, member: Member) -> bool:
    """Was the ballot called before this member's new key counted? Then it knows the old one only."""
    key = _key_in(ballot, member)
    return key is not None and key != member.keys["member"]


def can_sign_for(ballot: Ballot, member: Member) -> bool:
    """Did the roll of the announcement have this member, with the key they have now? Booths know no other."""
    key = key_in_booths(ballot, member)
    return key is not None and key == member.keys["member"]


def key_in_booths(ballot: Ballot, member: Member) -> str | None:
    """The key that every booth has for a member, by the roll of the announcement; None off that roll."""
    roll = fixed_roll(ballot)
    entry = workplace.roll_state(ballot.committee, roll.position).entries.get(member.number)
    return None if entry is None else entry.member_key_on(roll.day)


def entitled_now(committee: Committee, now: datetime) -> int:
    """How many could vote in a ballot announced now."""
    return len(_entitled(committee.pk, workplace.today(committee, now), *workplace.roll_head(committee)))


def joined_since(ballot: Ballot) -> int:
    """How far the roll has grown since the announcement; those who joined vote in the next ballot."""
    return workplace.joined_after(ballot.committee, fixed_roll(ballot).position) if ballot.announced_on else 0


def few_entitled(ballot: Ballot, now: datetime) -> bool:
    """Are so few entitled that the result may tell how each voted? Calling and casting warn."""
    if ballot.entitled is not None:
        return ballot.voters < FEW
    return entitled_now(ballot.committee, now) < FEW


def blind_nonce(ballot: Ballot, member: Member) -> str:
    """
    The n of a member's credential.

    Raises NotYetOpen before the freeze, NotEntitled, BlindingErased after the close, and BlindingLost.
    """
    if ballot.state in (Ballot.State.DRAFT, Ballot.State.ANNOUNCED):
        raise errors.NotYetOpen
    if not is_entitled(ballot, member):
        raise errors.NotEntitled
    key_text = entitled_keys(ballot)[member.number]["credentials"][ballot.group]
    return blinding.nonce(_k_of(ballot), key_text)


def roll_parts(ballot: Ballot, member: Member, *, since: int) -> dict[str, Any]:
    """What this member's device checks where the roll is too long for it; raises NotAnnounced."""
    size = fixed_roll(ballot).position + 1
    officers = [
        *ballot.trustees.values_list("member__number", flat=True),
        *ballot.tellers.values_list("member__number", flat=True),
    ]
    return workplace.roll_parts(ballot.committee, member.number, officers=officers, size=size, since=since)


def teller_material(ballot: Ballot, member: Member) -> dict[str, Any]:
    """What a teller's browser recomputes credentials from, k included; raises NotYours, TellerKeyGone."""
    if not ballot.tellers.filter(member=member).exists():
        raise errors.NotYours
    if ballot.state != Ballot.State.FROZEN:
        raise errors.TellerKeyGone
    roll = fixed_roll(ballot)
    return {
        "ballot": ballot.uuid,
        "number": member.number,
        "group": ballot.group,
        "k": _k_of(ballot).hex(),
        "credentials": ballot.credentials,
        "election": ballot.election,
        "charter": ballot.charter,
        "roll": {"head": roll.head, "position": roll.position},
        "entitled": roll.entitled,
        "day": roll.day.isoformat(),
    }


def _key_in(ballot: Ballot, member: Member) -> str | None:
    """The signing key of an entitled member, as the ballot's announcement fixed it."""
    if ballot.committee_id != member.committee_id or member.number not in (keys := entitled_keys(ballot)):
        return None
    return keys[member.number]["member"]


def _k_of(ballot: Ballot) -> bytes:
    if ballot.state not in (Ballot.State.FROZEN, Ballot.State.OPEN):
        raise errors.BlindingErased
    try:
        return blindkey.read(ballot.uuid)
    except blindkey.Erased as error:
        raise errors.BlindingLost from error


# A head names its whole roll, so what was once found under it stays right.
@lru_cache(maxsize=16)
def _entitled(committee_id: UUID, day: date, position: int, head: str) -> dict[int, Keys]:
    committee = Committee.objects.get(pk=committee_id)
    return {member.number: member.keys for member in workplace.entitled_members(committee, day, position)}
