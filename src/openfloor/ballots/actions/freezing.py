"""From announced to frozen: what nobody can change from here on is composed from what devices handed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from openballot import blinding, ceremony, trustees
from openballot.credentials import compose_public_credentials
from openballot.election import compose_election
from openballot.groups import Group, named
from openfloor import changes
from openfloor.audit.actions import record
from openfloor.ballots import blindkey, charter, questions, slips
from openfloor.ballots.actions.board import in_ledger, locked
from openfloor.ballots.models import Ballot
from openfloor.ballots.queries import (
    CERTIFICATES,
    COEFFICIENTS,
    board_hash,
    ceremony_of,
    elements_of,
    entitled_keys,
    fixed_roll,
    messages_of,
    slips_of,
    trustees_without_key,
)
from openfloor.ballots.queries.slips import MadeSlips
from openfloor.workplace.queries import roll_tree
from workrules.mandates import Base


def freeze_if_ready(ballot: Ballot, now: datetime) -> bool:
    """
    Fix charter, election, k and credentials once all keys are there and no slips are waited for.

    Keys of the trustees' own are there when every copy works; a key made together, with the second round.
    True when this froze it. The long computation comes before the transaction, which starts over when a key
    or a slip has changed meanwhile.
    """
    if not _is_ready(ballot, now):
        return False
    ballot = Ballot.objects.select_related("committee", "called_by").get(pk=ballot.pk)
    frozen = _freeze(ballot)
    with transaction.atomic():
        current = locked(ballot.pk)
        if not _is_ready(current, now) or _handed_in(current) != frozen.handed_in:
            return False
        current.charter = frozen.charter
        current.election = frozen.election
        current.trustees_text = frozen.trustees
        current.credentials = frozen.credentials
        current.state = Ballot.State.FROZEN
        current.save()
        record(
            current.committee_id,
            "ballot_frozen",
            {
                **in_ledger(current),
                "election_hash": board_hash(current),
                "charter": charter.text_hash(frozen.charter),
                "trustees": charter.text_hash(frozen.trustees),
                "credentials": charter.text_hash(frozen.credentials),
            },
            now=now,
        )
        # Written while the transaction holds everybody else off: no tick takes it for a leftover.
        blindkey.keep(current.uuid, frozen.k)
        changes.tell(current.uuid)
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frozen:
    """The texts of a ballot that nobody can change from here on, and its k."""

    handed_in: "_HandedIn"
    charter: str
    election: str
    trustees: str
    credentials: str
    k: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class _HandedIn:
    """What members' devices have handed in by now."""

    attempt: int
    messages: list[tuple[str | None, ...]]
    slips: list[MadeSlips]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Keys:
    """The election's public key, the keys of its trustees, and the list of them; elements as texts."""

    public: str
    of_trustees: Sequence[str]
    trustees: str


def _is_ready(ballot: Ballot, now: datetime) -> bool:
    return (
        ballot.state == Ballot.State.ANNOUNCED
        and now < ballot.closes_at
        and not ballot.waits_for_slips
        and _are_keys_there(ballot)
    )


def _are_keys_there(ballot: Ballot) -> bool:
    # Whoever has lost the key by now could not sign: then the trustees begin again instead.
    return ballot.trustees.exists() and not trustees_without_key(ballot).exists()


def _handed_in(ballot: Ballot) -> _HandedIn:
    columns = ("public_key", CERTIFICATES, COEFFICIENTS)
    return _HandedIn(
        attempt=ballot.attempt,
        messages=list(ballot.trustees.order_by("position").values_list(*columns)),
        slips=slips_of(ballot),
    )


def _keys_of(ballot: Ballot, group: Group) -> _Keys:
    if ballot.threshold is not None:
        first, second = messages_of(ballot, CERTIFICATES), messages_of(ballot, COEFFICIENTS)
        settled = ceremony.settle(ceremony_of(ballot), first, second)
        listed = trustees.compose_trustees([settled.parameters])
        return _Keys(public=settled.public_key, of_trustees=settled.share_keys, trustees=listed)
    texts = [str(trustee.public_key) for trustee in ballot.trustees.all()]
    return _Keys(
        public=trustees.combined_public_key(group, texts),
        of_trustees=elements_of(group, ballot.trustees.all()),
        trustees=trustees.compose_trustees(texts),
    )


def _freeze(ballot: Ballot) -> _Frozen:
    group = named(ballot.group)
    handed_in, keys = _handed_in(ballot), _keys_of(ballot, group)
    charter_text = _charter_of(ballot, keys, [made.promise for made in handed_in.slips])
    k = blindkey.draw()
    return _Frozen(
        handed_in=handed_in,
        charter=charter_text,
        election=compose_election(
            uuid=ballot.uuid,
            name=ballot.title,
            description=charter.description(ballot.title, charter_text),
            group=group,
            public_key=keys.public,
            questions=[questions.for_election(question) for question in ballot.questions],
            administrator=ballot.committee.name,
        ),
        trustees=keys.trustees,
        credentials=compose_public_credentials(
            group,
            [
                *(
                    blinding.blinded_key(group, ballot.uuid, key_text, blinding.nonce(k, key_text))
                    for member in entitled_keys(ballot).values()
                    for key_text in [member["credentials"][ballot.group]]
                ),
                *(
                    credential
                    for made in handed_in.slips
                    for credential in slips.read_list(group, made.credentials)
                ),
            ],
        ),
        k=k,
    )


def _charter_of(ballot: Ballot, keys: _Keys, promises: list[charter.Slips]) -> str:
    numbers = ballot.trustees.values_list("member__number", flat=True)
    roll = fixed_roll(ballot)
    return charter.compose(
        committee={
            "id": str(ballot.committee.pk),
            "name": ballot.committee.name,
            "zone": ballot.committee.zone,
        },
        ballot=ballot.uuid,
        title=ballot.title,
        text=ballot.text,
        questions=ballot.questions,
        group=ballot.group,
        turnout_at_least=Fraction(ballot.turnout_numerator, ballot.turnout_denominator),
        approval_more_than=Fraction(ballot.approval_numerator, ballot.approval_denominator),
        approval_of=Base(ballot.approval_of),
        roll_head=roll.head,
        roll_position=roll.position,
        roll_tree=roll_tree(ballot.committee, roll.position + 1),
        entitled=roll.entitled,
        day=roll.day,
        opens_not_before=ballot.opens_not_before,
        closes_at=ballot.closes_at,
        trustees=zip(numbers, keys.of_trustees, strict=True),
        tellers=ballot.tellers.values_list("member__number", flat=True),
        chosen_by=ballot.called_by.number,
        effect=ballot.effect,
        ledger_head=roll.ledger_head,
        slips=promises,
        practice=ballot.practice,
        threshold=ballot.threshold,
        mandate=ballot.mandate_asked,
    )
