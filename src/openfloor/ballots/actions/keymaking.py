"""Trustees' keys: handed in, proven to be saved; the last proof freezes the ballot."""

import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import transaction

from openballot import blinding, trustees
from openballot.checks import Refused
from openballot.credentials import compose_public_credentials
from openballot.election import compose_election
from openballot.groups import Group, named
from openfloor.audit.actions import record
from openfloor.ballots import blindkey, charter, errors, questions, slips, statements
from openfloor.ballots.actions.board import in_ledger, locked, refuse_unsigned
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.queries import board_hash, entitled_keys, fixed_roll, slips_of
from openfloor.ballots.queries.slips import MadeSlips
from openfloor.workplace.queries import roll_tree


@transaction.atomic
def hand_in_trustee_key(
    trustee: Trustee, public_key_text: str, signature: str, now: datetime
) -> tuple[str, str]:
    """
    Take a trustee's public key, or a new one instead; return what its saved copy must open.

    The answer is a test ciphertext (alpha, beta) of a random element. Raises BadTrusteeKey,
    KeyOfAnotherTrustee, BadSignature, NotAnnounced.
    """
    ballot = _announced(trustee, now)
    group = named(ballot.group)
    try:
        element_text = trustees.check_public_key(group, public_key_text)
    except Refused as error:
        raise errors.BadTrusteeKey from error
    if element_text in _elements(group, ballot.trustees.exclude(pk=trustee.pk)):
        raise errors.KeyOfAnotherTrustee
    statement = statements.trustee_key(
        ballot=ballot.uuid, number=trustee.member.number, public_key=element_text
    )
    refuse_unsigned(ballot, trustee.member, statement, signature)
    test = _test_ciphertext(group, element_text)
    Trustee.objects.filter(pk=trustee.pk).update(
        public_key=public_key_text,
        key_signature=signature,
        test_alpha=test.alpha,
        test_beta=test.beta,
        test_answer=test.answer,
        copy_works=False,
    )
    return test.alpha, test.beta


def prove_copy(trustee: Trustee, answer: str, now: datetime) -> bool:
    """Take what the reloaded key read out of the test. True when this was the last and froze the ballot."""
    with transaction.atomic():
        ballot = _announced(trustee, now)
        trustee = ballot.trustees.get(pk=trustee.pk)
        if trustee.public_key is None:
            raise errors.NoKeyYet
        if not trustee.copy_works:
            expected = trustee.test_answer or ""
            if not hmac.compare_digest(expected.encode(), answer.encode("utf-8", "replace")):
                raise errors.CopyDoesNotWork
            trustee.copy_works = True
            trustee.test_alpha = trustee.test_beta = trustee.test_answer = None
            trustee.save()
    return freeze_if_ready(ballot, now)


def freeze_if_ready(ballot: Ballot, now: datetime) -> bool:
    """
    Fix charter, election, k and credentials once every trustee's copy works and no slips are waited for.

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
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _TestCiphertext:
    alpha: str
    beta: str
    answer: str


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

    public_keys: list[str]
    slips: list[MadeSlips]


def _announced(trustee: Trustee, now: datetime) -> Ballot:
    ballot = locked(trustee.ballot_id)
    if ballot.state != Ballot.State.ANNOUNCED:
        raise errors.NotAnnounced
    if now >= ballot.closes_at:
        raise errors.TimeIsOver
    return ballot


def _test_ciphertext(group: Group, element_text: str) -> _TestCiphertext:
    key = group.element(element_text)
    message = group.secret_power_generator(group.random_scalar(secrets.token_bytes))
    r = group.random_scalar(secrets.token_bytes)
    return _TestCiphertext(
        alpha=group.text(group.secret_power_generator(r)),
        beta=group.text(group.multiply(group.secret_power(key, r), message)),
        answer=group.text(message),
    )


def _is_ready(ballot: Ballot, now: datetime) -> bool:
    everybody = ballot.trustees.all()
    return (
        ballot.state == Ballot.State.ANNOUNCED
        and now < ballot.closes_at
        and not ballot.waits_for_slips
        and everybody.exists()
        and not everybody.filter(copy_works=False).exists()
    )


def _handed_in(ballot: Ballot) -> _HandedIn:
    return _HandedIn(
        public_keys=[str(trustee.public_key) for trustee in ballot.trustees.all()],
        slips=slips_of(ballot),
    )


def _numbers(officers: Iterable[Trustee]) -> list[int]:
    return [officer.member.number for officer in officers]


def _elements(group: Group, handed_in: Iterable[Trustee]) -> list[str]:
    return [
        trustees.check_public_key(group, trustee.public_key)
        for trustee in handed_in
        if trustee.public_key is not None
    ]


def _freeze(ballot: Ballot) -> _Frozen:
    group = named(ballot.group)
    handed_in = _handed_in(ballot)
    charter_text = _charter_of(ballot, group, [made.promise for made in handed_in.slips])
    k = blindkey.draw()
    return _Frozen(
        handed_in=handed_in,
        charter=charter_text,
        election=compose_election(
            uuid=ballot.uuid,
            name=ballot.title,
            description=charter.description(ballot.title, charter_text),
            group=group,
            public_key=trustees.combined_public_key(group, handed_in.public_keys),
            questions=[questions.for_election(question) for question in ballot.questions],
            administrator=ballot.committee.name,
        ),
        trustees=trustees.compose_trustees(handed_in.public_keys),
        credentials=compose_public_credentials(
            group,
            [
                *(
                    blinding.blinded_key(group, ballot.uuid, key_text, blinding.nonce(k, key_text))
                    for keys in entitled_keys(ballot).values()
                    for key_text in [keys["credentials"][ballot.group]]
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


def _charter_of(ballot: Ballot, group: Group, promises: list[charter.Slips]) -> str:
    officers = list(ballot.trustees.select_related("member"))
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
        roll_head=roll.head,
        roll_position=roll.position,
        roll_tree=roll_tree(ballot.committee, roll.position + 1),
        entitled=roll.entitled,
        day=roll.day,
        opens_not_before=ballot.opens_not_before,
        closes_at=ballot.closes_at,
        trustees=zip(
            (officer.member.number for officer in officers), _elements(group, officers), strict=True
        ),
        tellers=ballot.tellers.values_list("member__number", flat=True),
        chosen_by=ballot.called_by.number,
        effect=ballot.effect,
        ledger_head=roll.ledger_head,
        slips=promises,
        practice=ballot.practice,
    )
