"""Tens of thousands of members in seconds: their credential keys in one group are real, all else is filler.

The trap: proofs and vouches of the crowd would not verify. Nothing on the way from draft to count reads them.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import transaction

from factories.ballots import YES, Called, draft
from factories.workplace import CommitteeOfPeople, make_committee
from openballot import blinding
from openballot.ballots import make_ballot
from openballot.election import Election
from openballot.finitefields import FiniteField
from openballot.groups import Element, Group, named
from openfloor.ballots import blindkey
from openfloor.workplace import queries, roll
from openfloor.workplace.memberkeys import GROUPS, Keys, hash_of
from openfloor.workplace.models import Member, RollRecord

OFFICERS = 4
AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Crowd:
    """An open ballot, and the secret of each member who joined in the crowd, by entry number."""

    called: Called
    scalars: dict[int, int]

    def papers(self, numbers: Sequence[int], answers: Sequence[Sequence[int]] = YES) -> Iterator[bytes]:
        """What these members' devices make; quickly, because nothing here is anybody's secret."""
        ballot = self.called.reload()
        election, k = Election.parse(ballot.election or ""), blindkey.read(ballot.uuid)
        _make_secrets_quickly(election.group, election.public_key)
        group = election.group
        for number in numbers:
            s = self.scalars[number]
            key_text = group.text(group.power_generator(s))
            n_hex = blinding.nonce(k, key_text)
            blinded = blinding.blinded_scalar(group, election.uuid, key_text, n_hex, s)
            yield make_ballot(election, blinded, answers).encode()


def open_to_a_crowd(members: int, *, group: str, **terms: Any) -> Crowd:
    """An open ballot with so many entitled; its officers are real members."""
    people = make_committee(OFFICERS)
    scalars = join_at_once(people, members - OFFICERS, group=group)
    people.day += timedelta(days=7)
    called = draft(people, group=group, **terms)
    called.announce()
    called.freeze()
    called.open()
    return Crowd(called, scalars)


@transaction.atomic
def join_at_once(people: CommitteeOfPeople, count: int, *, group: str = "Ed25519") -> dict[int, int]:
    """Put so many more members on the roll; the secret of each in *group*, by entry number."""
    committee = people.committee
    committee.refresh_from_db()
    position, head = queries.roll_head(committee)
    scalars, members, records = {}, [], []
    for number in range(committee.last_number + 1, committee.last_number + 1 + count):
        position += 1
        s = named(group).random_scalar()
        scalars[number] = s
        keys = _keys(number, group, named(group).text(named(group).power_generator(s)))
        line = _entry(people, position, head, number, keys)
        head = hash_of(line)
        records.append(RollRecord(committee=committee, position=position, text=line, hash=head))
        members.append(
            Member(
                committee=committee,
                number=number,
                handle=f"Person {number}",
                state=Member.State.MEMBER,
                sign_in_hash=secrets.token_hex(32),
                keys=keys,
                proofs=_proofs(),
            )
        )
    Member.objects.bulk_create(members, AT_ONCE)
    RollRecord.objects.bulk_create(records, AT_ONCE)
    committee.last_number += count
    committee.save(update_fields=["last_number"])
    return scalars


def _keys(number: int, group: str, text: str) -> Keys:
    others = {name: _filler(name, number) for name in GROUPS}
    return {"member": secrets.token_hex(32), "credentials": {**others, group: text}}


def _filler(group: str, number: int) -> str:
    return f"{number:064x}" if group == "Ed25519" else f"{number:0<616}1"


def _entry(people: CommitteeOfPeople, position: int, head: str, number: int, keys: Keys) -> str:
    vouches = [{"by": by, "day": people.day.isoformat(), "signature": secrets.token_hex(64)} for by in (1, 2)]
    record = {
        "type": roll.ENTRY,
        "committee": str(people.committee.pk),
        "position": position,
        "parent": head,
        "day": people.day.isoformat(),
        "number": number,
        "founding": False,
        "keys": keys,
        "proofs": _proofs(),
        "vouches": vouches,
    }
    # The canonical text, since all in it is ASCII, at a fifth of the time.
    return json.dumps(record, sort_keys=True, separators=(",", ":"))


@cache
def _proofs() -> dict[str, dict[str, str]]:
    bits = {"BELENIOS-2048": 252, "Ed25519": 252, "RFC-3526-2048": 2_040}
    return {
        name: {part: str(secrets.randbits(bits[name])) for part in ("challenge", "response")}
        for name in GROUPS
    }


def _make_secrets_quickly(group: Group, y: Element) -> None:
    """Tables, which are not for secrets, in place of powers that take the same time for every exponent."""
    if not isinstance(group, FiniteField):
        return
    y_power, plain = group.fixed_base(y), group.power
    group.secret_power_generator = group.power_generator  # type: ignore[method-assign]
    group.secret_power = (  # type: ignore[method-assign]
        lambda base, exponent: y_power(exponent) if base == y else plain(base, exponent)
    )
