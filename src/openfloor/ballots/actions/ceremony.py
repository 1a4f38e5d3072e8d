"""Trustees make one key together, in three rounds of messages that the server only relays and checks.

The last message of the second round freezes the ballot; with the third comes the signature under the
election.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from openballot import ceremony, pedersen, trustees
from openballot.checks import Refused
from openfloor import changes
from openfloor.audit.actions import record
from openfloor.ballots import errors, statements
from openfloor.ballots.actions.board import announced, frozen, in_ledger, refuse_unsigned
from openfloor.ballots.actions.freezing import freeze_if_ready
from openfloor.ballots.actions.opening import open_if_due, refuse_unsigned_freeze
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.queries import CERTIFICATES, COEFFICIENTS, KEYS, ceremony_of, is_whole, messages_of


@transaction.atomic
def hand_in_certificate(trustee: Trustee, message: str, signature: str, now: datetime) -> None:
    """
    Take a trustee's message of the first round, which their browser made from the saved file.

    Another one may come instead as long as somebody's is missing. Raises NotAnnounced, TimeIsOver,
    KeysOfTheirOwn, RoundIsOver, BadKeyMessage, KeyOfAnotherTrustee, BadSignature.
    """
    ballot = announced(trustee, now)
    held = ceremony_of(ballot)
    trustee = ballot.trustees.select_related("member").get(pk=trustee.pk)
    if trustee.certificate_message == message:
        return
    if is_whole(ballot, CERTIFICATES):
        raise errors.RoundIsOver
    certificate = _checked(lambda: ceremony.check_certificate(held, trustee.position, message))
    others = [
        ceremony.check_certificate(held, other.position, other.certificate_message)
        for other in ballot.trustees.exclude(pk=trustee.pk)
        if other.certificate_message is not None
    ]
    _refuse_repeated([*others, certificate])
    statement = statements.trustee_key(
        ballot=ballot.uuid,
        number=trustee.member.number,
        public_key=held.group.text(certificate.verification),
    )
    refuse_unsigned(ballot, trustee.member, statement, signature)
    trustee.certificate_message, trustee.key_signature = message, signature
    trustee.copy_works, trustee.key_lost = True, False
    trustee.save()
    changes.tell(ballot.uuid)


def hand_in_coefficients(trustee: Trustee, message: str, now: datetime) -> bool:
    """
    Take a trustee's message of the second round. True when it was the last and froze the ballot.

    Raises NotAnnounced, TimeIsOver, KeysOfTheirOwn, RoundNotWhole, RoundIsOver, BadKeyMessage.
    """
    with transaction.atomic():
        ballot = announced(trustee, now)
        held = ceremony_of(ballot)
        trustee = ballot.trustees.get(pk=trustee.pk)
        if trustee.coefficients_message not in (None, message):
            raise errors.RoundIsOver
        if trustee.coefficients_message is None:
            certificates = _first_round(ballot, held)
            _checked(lambda: ceremony.check_coefficients(held, certificates, trustee.position, message))
            trustee.coefficients_message = message
            trustee.save()
            changes.tell(ballot.uuid)
    return freeze_if_ready(ballot, now)


def finish_key(trustee: Trustee, message: str, signature: str, now: datetime) -> bool:
    """
    Take a trustee's message of the third round, with their signature under the election.

    The last one completes the list of trustees. True when it opened the ballot. Raises NotFrozen, TimeIsOver,
    KeysOfTheirOwn, BadKeyMessage, BadSignature.
    """
    with transaction.atomic():
        ballot = frozen(trustee, now)
        held = ceremony_of(ballot)
        trustee = ballot.trustees.select_related("member").get(pk=trustee.pk)
        certificates = _first_round(ballot, held)
        coefficients = ceremony.read_coefficients(held, certificates, messages_of(ballot, COEFFICIENTS))
        _checked(lambda: ceremony.check_key(held, certificates, coefficients, trustee.position, message))
        refuse_unsigned_freeze(ballot, trustee, signature)
        trustee.key_message, trustee.freeze_signature = message, signature
        trustee.wrong_shares, trustee.key_lost = [], False
        trustee.save()
        if is_whole(ballot, KEYS):
            ballot.trustees_text = _complete_list(ballot, held)
            ballot.save()
        changes.tell(ballot.uuid)
    return open_if_due(ballot, now)


@transaction.atomic
def refuse_shares(trustee: Trustee, positions: Sequence[int], now: datetime) -> None:
    """
    Keep that a trustee's browser found the shares of those at *positions* wrong: it signs nothing then.

    Nobody else can check it, so it is no more than the trustee's word. Raises NotFrozen, TimeIsOver,
    KeysOfTheirOwn, SharesAccepted, BadKeyMessage.
    """
    ballot = frozen(trustee, now)
    held = ceremony_of(ballot)
    trustee = ballot.trustees.select_related("member").get(pk=trustee.pk)
    if trustee.freeze_signature is not None:
        raise errors.SharesAccepted
    refused = sorted(set(positions))
    if not refused or not set(refused) <= set(range(1, held.size + 1)):
        raise errors.BadKeyMessage(check="ceremony_share")
    if trustee.wrong_shares == refused:
        return
    trustee.wrong_shares = refused
    trustee.save()
    of = ballot.trustees.filter(position__in=refused).values_list("member__number", flat=True)
    record(
        ballot.committee_id,
        "ballot_shares_refused",
        {**in_ledger(ballot), "by": trustee.member.number, "of": list(of)},
        now=now,
    )
    changes.tell(ballot.uuid)


def _first_round(ballot: Ballot, held: ceremony.Ceremony) -> ceremony.Certificates:
    if not is_whole(ballot, CERTIFICATES):
        raise errors.RoundNotWhole
    return ceremony.read_certificates(held, messages_of(ballot, CERTIFICATES))


def _complete_list(ballot: Ballot, held: ceremony.Ceremony) -> str:
    rounds = [messages_of(ballot, message) for message in (CERTIFICATES, COEFFICIENTS, KEYS)]
    return trustees.compose_trustees([ceremony.compose_parameters(held, *rounds)])


def _refuse_repeated(certificates: Sequence[pedersen.Certificate]) -> None:
    try:
        pedersen.refuse_repeated(certificates, ["trustee"] * len(certificates))
    except Refused as refusal:
        raise errors.KeyOfAnotherTrustee from refusal


def _checked(check: Callable[[], Any]) -> Any:
    try:
        return check()
    except Refused as refusal:
        raise errors.BadKeyMessage(check=refusal.finding.check) from refusal
