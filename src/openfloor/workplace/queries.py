"""Reading the committee, its members and its roll. Only `permissions` knows who may see a handle."""

from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from openfloor.ui.growing import GrowingFile, Part
from openfloor.ui.kept import Kept
from openfloor.workplace import roll
from openfloor.workplace.memberkeys import Keys, canonical, hash_of
from openfloor.workplace.models import (
    Committee,
    Invitation,
    Member,
    Renewal,
    RenewalVouch,
    Role,
    RollRecord,
    Vouch,
)
from openfloor.workplace.rollindex import RollIndex

HIDDEN_BELOW = 10
AT_ONCE = 500
ENTRIES_KEPT = 250_000  # in all states together: each holds its own table of them

# States by head. A head names its whole roll, so a state found here is right whatever the database did since.
_states: OrderedDict[str, roll.RollState] = OrderedDict()
_latest: dict[UUID, roll.RollState] = {}
_indexes: dict[UUID, RollIndex] = {}
_lock = Lock()
_index_lock = Lock()
_files: Kept[GrowingFile] = Kept(most=8)


class EntitledMember(NamedTuple):
    number: int
    keys: Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One unit or occupation: how many work there and how many are members; None is hidden."""

    name: str
    site: str | None
    headcount: int | None
    members: int | None


@dataclass(frozen=True, slots=True)
class Headcounts:
    units: list[Cell]
    occupations: list[Cell]


def zone(committee: Committee) -> ZoneInfo:
    return ZoneInfo(committee.zone)


def today(committee: Committee, now: datetime) -> date:
    """The day it is where the committee works."""
    return now.astimezone(zone(committee)).date()


def committees_without_founder() -> QuerySet[Committee]:
    """Those that were prepared and whose founding link nobody has used."""
    return Committee.objects.filter(members=None).order_by("name", "pk")


# The roll


def roll_lines(committee: Committee, position: int | None = None) -> list[str]:
    """The lines up to *position*, or all of them, without line feeds."""
    records = _records(committee)
    if position is not None:
        records = records.filter(position__lte=position)
    return list(records.values_list("text", flat=True))


def roll_file(committee: Committee) -> Part:
    """All lines, each with its line feed, left on the disk: of 46,000 entries they are 170 MB."""
    position, _ = roll_head(committee)
    records = _records(committee).filter(position__lte=position)
    file = _files.get(committee.pk, lambda: GrowingFile(settings.DATA, b""))
    return file.up_to(position, lambda last: _lines_of(records.filter(position__gt=last)))


def _lines_of(records: QuerySet[RollRecord]) -> Iterator[bytes]:
    return (f"{line}\n".encode() for line in records.values_list("text", flat=True).iterator())


def roll_head(committee: Committee) -> tuple[int, str]:
    """Position and hash of the last record."""
    last = _records(committee).values_list("position", "hash").last()
    if last is None:
        raise RollRecord.DoesNotExist("Every committee has a roll with its rules.")
    return last


def roll_state(committee: Committee, position: int | None = None) -> roll.RollState:
    """What the roll says up to *position*, or now. It is shared: `copy` it before you append."""
    if position is None:
        position, head = roll_head(committee)
    else:
        head = _records(committee).values_list("hash", flat=True).get(position=position)
    with _lock:
        state = _states.get(head)
    if state is None:
        state = _read_on(committee, position)
        _keep(committee, head, state)
    return state


def entitled_members(committee: Committee, day: date, position: int) -> list[EntitledMember]:
    """Who may vote in a ballot announced on *day* with the roll as it stood at *position*."""
    entries = roll.entitled(roll_state(committee, position), day)
    return [EntitledMember(entry.number, entry.keys_on(day)) for entry in entries]


def roll_tree(committee: Committee, size: int) -> str:
    """The root of the tree over the first *size* records (docs/specs/keys-and-roll.md, "The tree")."""
    return _index(committee, size).tree.root(size)


def roll_parts(
    committee: Committee, number: int, *, officers: Iterable[int], size: int, since: int
) -> dict[str, Any]:
    """
    What a device checks instead of a whole roll of *size* records, which may have grown since.

    That is what tells the keys of entry *number* and of *officers*, and that the trees of *since* records and
    of *size* are beginnings of today's.
    """
    position, _ = roll_head(committee)
    now = position + 1
    index = _index(committee, now)
    earlier = index.positions_behind(officers, size) | index.positions_about([number], size)
    (head,) = _with_paths(committee, index, [size - 1], size)
    later = {each for each in index.positions_about([number], now) if each >= size}
    if size < now:
        later.add(size)  # its day says whether the ballot left out somebody
    return {
        "size": now,
        "root": index.tree.root(now),
        "grown": index.tree.consistency(size, now),
        "seen": index.tree.consistency(since, now) if 0 < since <= now else None,
        "head": head,
        "records": _with_paths(committee, index, earlier, size),
        "later": _with_paths(committee, index, later, now),
    }


def _with_paths(
    committee: Committee, index: RollIndex, positions: Iterable[int], size: int
) -> list[dict[str, Any]]:
    ordered = sorted(positions)
    return [
        {"position": position, "text": text, "path": index.tree.inclusion(position, size)}
        for start in range(0, len(ordered), AT_ONCE)
        for position, text in _records(committee)
        .filter(position__in=ordered[start : start + AT_ONCE])
        .values_list("position", "text")
    ]


def _index(committee: Committee, size: int) -> RollIndex:
    """It has *size* records at least, and is read on from where it ends: each is read once a process."""
    records = _records(committee)
    with _index_lock:
        index = _indexes.get(committee.pk)
        if index is None or not records.filter(position=index.tree.size - 1, hash=index.head).exists():
            index = _indexes[committee.pk] = RollIndex()
        missing = records.filter(position__gte=index.tree.size, position__lt=size)
        for line in missing.values_list("text", flat=True).iterator():
            index.append(line)
        return index


def _records(committee: Committee) -> QuerySet[RollRecord]:
    return RollRecord.objects.filter(committee=committee).order_by("position")


def _read_on(committee: Committee, position: int) -> roll.RollState:
    """Replay the lines after the latest state we know, where that is a beginning of this roll."""
    with _lock:
        known = _latest.get(committee.pk)
    records = _records(committee).filter(position__lte=position)
    if known is not None and not records.filter(position=known.size - 1, hash=known.head).exists():
        known = None
    if known is not None:
        records = records.filter(position__gte=known.size)
    return roll.replay(records.values_list("text", flat=True), since=known)


def _keep(committee: Committee, head: str, state: roll.RollState) -> None:
    with _lock:
        _states[head] = state
        while len(_states) > 1 and sum(len(kept.entries) for kept in _states.values()) > ENTRIES_KEPT:
            _states.popitem(last=False)
        latest = _latest.get(committee.pk)
        if latest is None or latest.size <= state.size:
            _latest[committee.pk] = state


# Members


def members_of(committee: Committee) -> QuerySet[Member]:
    """Those on the roll."""
    return Member.objects.filter(committee=committee, state=Member.State.MEMBER)


def joined_after(committee: Committee, position: int) -> int:
    """How many entries the roll has gained since it had *position*."""
    later = RollRecord.objects.filter(committee=committee, position__gt=position)
    return later.filter(text__contains=f'"type":"{roll.ENTRY}"').count()


def member_by_number(committee: Committee, number: int) -> Member:
    """Whoever has this entry number, candidates and those who left included; raises Member.DoesNotExist."""
    return Member.objects.get(committee=committee, number=number)


def vouches_missing(candidate: Member) -> int:
    """How many more colleagues have to vouch before the roll can have this entry."""
    state = roll_state(candidate.committee)
    vouchers = candidate.vouches_received.values_list("voucher__number", flat=True)
    standing = sum(state.in_good_standing(number) for number in vouchers)
    return max(state.vouches_needed - standing, 0)


def vouches_not_on_the_roll(voucher: Member, day: date) -> int:
    """How many of a member's vouches of that month still wait, for newcomers or for new keys."""
    of_month = {"voucher": voucher, "day__year": day.year, "day__month": day.month}
    newcomers = Vouch.objects.filter(candidate__state=Member.State.CANDIDATE, **of_month)
    new_keys = RenewalVouch.objects.filter(renewal__state=Renewal.State.ASKED, **of_month)
    return newcomers.count() + new_keys.count()


def renewals_waiting(committee: Committee) -> QuerySet[Renewal]:
    """New keys that stand on the roll and do not count yet, the first to count first."""
    waiting = Renewal.objects.filter(member__committee=committee, state=Renewal.State.WAITING)
    return waiting.select_related("member").order_by("counts_from", "member__number")


def hash_of_keys_on(committee: Committee, number: int, day: date) -> str:
    """What a vouch for new keys says that they replace."""
    return hash_of(canonical(roll_state(committee).entries[number].keys_on(day)))


def key_waiting(sign_in_hash: str) -> Renewal | None:
    """The renewal whose keys will sign in with this hash, and do not yet."""
    return Renewal.objects.filter(sign_in_hash=sign_in_hash, state=Renewal.State.WAITING).first()


def invitations_of(member: Member) -> QuerySet[Invitation]:
    return Invitation.objects.filter(made_by=member).order_by("-expires_at")


def somebody_may_join(committee: Committee, now: datetime) -> bool:
    """Is an invitation open, or does somebody wait to be vouched for?"""
    open_ones = committee.invitations.filter(uses_left__gt=0, expires_at__gt=now)
    return open_ones.exists() or committee.members.filter(state=Member.State.CANDIDATE).exists()


# Roles


def roles_of(member: Member) -> set[str]:
    """The roles that *member* holds now."""
    return set(member.roles.filter(state=Role.State.HELD).values_list("kind", flat=True))


def members_with_role(committee: Committee, kind: str) -> QuerySet[Member]:
    return members_of(committee).filter(roles__kind=kind, roles__state=Role.State.HELD)


def roles_held(committee: Committee) -> QuerySet[Role]:
    return _roles(committee, Role.State.HELD)


def roles_proposed(committee: Committee) -> QuerySet[Role]:
    return _roles(committee, Role.State.PROPOSED)


def roles_to_confirm(member: Member) -> QuerySet[Role]:
    """Proposed roles that *member* may still sign for."""
    return roles_proposed(member.committee).exclude(member=member).exclude(confirmations__by=member)


def _roles(committee: Committee, state: str) -> QuerySet[Role]:
    roles = Role.objects.filter(member__committee=committee, state=state)
    return roles.select_related("member").order_by("kind", "member__number")


# Counts


def headcounts(committee: Committee) -> Headcounts:
    """Members beside headcounts. Cells under ten are hidden, and none can be had by subtraction."""
    members = list(members_of(committee).values_list("unit", "occupation"))
    units = [
        (unit.pk, unit.name, unit.site.name, unit.headcount)
        for site in committee.sites.prefetch_related("units__site")
        for unit in site.units.all()
    ]
    occupations = [
        (occupation.pk, occupation.name, None, occupation.headcount)
        for occupation in committee.occupations.all()
    ]
    return Headcounts(
        _cells(units, Counter(unit for unit, _ in members)),
        _cells(occupations, Counter(occupation for _, occupation in members)),
    )


def _cells(rows: Sequence[tuple[int, str, str | None, int]], members: Counter[int | None]) -> list[Cell]:
    counts = [members[pk] for pk, *_ in rows]
    # Those who named no place are one more cell, since everybody knows the total.
    nowhere = [members[None]] if members[None] else []
    shown = shown_counts(counts + nowhere)
    return [
        Cell(
            name=name,
            site=site,
            headcount=headcount if headcount >= HIDDEN_BELOW else None,
            members=count if headcount >= HIDDEN_BELOW else None,
        )
        for (_, name, site, headcount), count in zip(rows, shown, strict=False)
    ]


def shown_counts(counts: Sequence[int]) -> list[int | None]:
    """
    Hide every count under ten, as None.

    What is hidden must not follow from the total: as long as it is one count alone, or adds up to less than
    ten, the smallest of the others is hidden as well.
    """
    hidden = {index for index, count in enumerate(counts) if count < HIDDEN_BELOW}
    for index in sorted(set(range(len(counts))) - hidden, key=lambda index: counts[index]):
        if not hidden or (len(hidden) > 1 and sum(counts[each] for each in hidden) >= HIDDEN_BELOW):
            break
        hidden.add(index)
    return [None if index in hidden else count for index, count in enumerate(counts)]
