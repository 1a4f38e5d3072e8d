"""A key that trustees make together: how far its rounds have come, and what each of them is sent.

Nothing in it is secret: shares are sealed to whom they are for.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from openballot import trustees
from openballot.ceremony import Ceremony
from openballot.groups import Group, named
from openfloor.ballots import errors
from openfloor.ballots.models import Ballot, BoardEvent, Teller, Trustee
from openfloor.ballots.queries.electorate import fixed_roll
from openfloor.workplace import queries as workplace

CERTIFICATES, COEFFICIENTS, KEYS = "certificate_message", "coefficients_message", "key_message"
ROUNDS = (CERTIFICATES, COEFFICIENTS, KEYS)
WITH_KEYS = (Ballot.State.ANNOUNCED, Ballot.State.FROZEN, Ballot.State.OPEN, Ballot.State.CLOSED)


def keys_needed(ballot: Ballot) -> int:
    """How many trustees open the count together."""
    return ballot.threshold or ballot.trustees.count()


def keys_left(ballot: Ballot) -> int:
    """How many have not said that their key is lost."""
    return ballot.trustees.filter(key_lost=False).count()


def have_opened(ballot: Ballot) -> list[int]:
    """The entry numbers of those whose part of the count is there."""
    opened = ballot.trustees.exclude(partial_decryption=None)
    return list(opened.order_by("member__number").values_list("member__number", flat=True))


def have_enough_opened(ballot: Ballot) -> bool:
    """Are there as many parts of the count as it takes?"""
    return len(have_opened(ballot)) >= keys_needed(ballot)


def are_keys_missing(ballot: Ballot) -> bool:
    """Can nobody ever open the count, by what the trustees say?"""
    return keys_left(ballot) < keys_needed(ballot)


def elements_of(group: Group, handed_in: Iterable[Trustee]) -> list[str]:
    """The trustees' own public keys that are there, without their proofs."""
    return [
        trustees.check_public_key(group, trustee.public_key)
        for trustee in handed_in
        if trustee.public_key is not None
    ]


def ceremony_of(ballot: Ballot) -> Ceremony:
    """The ceremony of this attempt; raises KeysOfTheirOwn."""
    if ballot.threshold is None:
        raise errors.KeysOfTheirOwn
    return Ceremony(
        id=ceremony_id(ballot.uuid, ballot.attempt),
        group=named(ballot.group),
        size=ballot.trustees.count(),
        threshold=ballot.threshold,
    )


def ceremony_id(uuid: str, attempt: int) -> str:
    """Each attempt has a name of its own: messages and seeds of another are worth nothing in it."""
    return f"{uuid}.{attempt}"


def messages_of(ballot: Ballot, message: str) -> list[str]:
    """The texts of a round that are there, by the places of their trustees."""
    there = ballot.trustees.exclude(**{message: None})
    return list(there.order_by("position").values_list(message, flat=True))


def is_whole(ballot: Ballot, message: str) -> bool:
    """Is everybody's message of a round there?"""
    return ballot.trustees.exists() and not ballot.trustees.filter(**{message: None}).exists()


def trustees_without_key(ballot: Ballot) -> QuerySet[Trustee]:
    """Who has still something to do before the ballot can freeze, as far as the others have come."""
    if ballot.threshold is not None and is_whole(ballot, CERTIFICATES):
        return ballot.trustees.filter(Q(coefficients_message=None) | Q(key_lost=True))
    return ballot.trustees.filter(Q(copy_works=False) | Q(key_lost=True))


def keymaking_of(ballot: Ballot, trustee: Trustee) -> dict[str, Any]:
    """
    What a trustee's browser goes on from; a round that is not whole is null. Raises KeysOfTheirOwn.

    *charter* is what the charter will say of the roll, so that the device can read it before there is one.
    """
    ceremony = ceremony_of(ballot)
    makers = list(ballot.trustees.select_related("member"))
    first, second = (
        messages_of(ballot, message) if is_whole(ballot, message) else None
        for message in (CERTIFICATES, COEFFICIENTS)
    )
    return {
        "state": ballot.state,
        "attempt": ballot.attempt,
        "place": {
            "group": ballot.group,
            "size": ceremony.size,
            "threshold": ceremony.threshold,
            "index": trustee.position,
        },
        "makers": [{"number": maker.member.number, "signature": maker.key_signature} for maker in makers],
        "certificates": first,
        "coefficients": second,
        "own": {message: getattr(trustee, message) for message in ROUNDS},
        "charter": _roll_for_charter(ballot),
    }


def keymaking_head(uuid: str) -> dict[str, Any] | None:
    """What tells an open page that something has come: how many deeds are done, never whose; or None."""
    announced = Ballot.objects.filter(uuid=uuid).exclude(announced_on=None).order_by()
    row = announced.values_list("pk", "state", "attempt").first()
    if row is None:
        return None
    ballot, state, attempt = row
    by_trustees = Trustee.objects.filter(ballot=ballot).aggregate(
        copies=Count("pk", filter=Q(copy_works=True)),
        coefficients=Count(COEFFICIENTS),
        signatures=Count("freeze_signature"),
        losses=Count("pk", filter=Q(key_lost=True)),
    )
    by_tellers = Teller.objects.filter(ballot=ballot).exclude(audit_signature=None).count()
    kinds = ("EncryptedTally", "EndShuffles")
    there = BoardEvent.objects.filter(ballot=ballot, kind__in=kinds).order_by().values_list("kind", flat=True)
    after_close = set(there) if state == Ballot.State.CLOSED else set()
    return {
        "state": state,
        "attempt": attempt,
        "done": sum(by_trustees.values()) + by_tellers,
        "is_added_up": "EncryptedTally" in after_close,
        "is_mixed": "EndShuffles" in after_close,
    }


def _roll_for_charter(ballot: Ballot) -> dict[str, Any]:
    roll = fixed_roll(ballot)
    return {
        "committee": {"id": str(ballot.committee_id)},
        "roll": {
            "head": roll.head,
            "position": roll.position,
            "tree": workplace.roll_tree(ballot.committee, roll.position + 1),
            "entitled": roll.entitled,
            "day": roll.day.isoformat(),
        },
    }
