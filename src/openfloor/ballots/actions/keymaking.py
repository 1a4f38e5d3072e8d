"""Trustees with keys of their own: handed in, proven to be saved; the last proof freezes the ballot."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openballot import trustees
from openballot.checks import Refused
from openballot.groups import Group, named
from openfloor import changes
from openfloor.ballots import errors, statements
from openfloor.ballots.actions.board import announced, refuse_unsigned
from openfloor.ballots.actions.freezing import freeze_if_ready
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.queries import elements_of


@transaction.atomic
def hand_in_trustee_key(
    trustee: Trustee, public_key_text: str, signature: str, now: datetime
) -> tuple[str, str]:
    """
    Take a trustee's public key, or a new one instead; return what its saved copy must open.

    The answer is a test ciphertext (alpha, beta) of a random element. Raises BadTrusteeKey,
    KeyOfAnotherTrustee, BadSignature, NotAnnounced, TimeIsOver, KeyMadeTogether.
    """
    ballot = _waiting_for_keys(trustee, now)
    group = named(ballot.group)
    try:
        element_text = trustees.check_public_key(group, public_key_text)
    except Refused as error:
        raise errors.BadTrusteeKey from error
    if element_text in elements_of(group, ballot.trustees.exclude(pk=trustee.pk)):
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
        key_lost=False,
    )
    return test.alpha, test.beta


def prove_copy(trustee: Trustee, answer: str, now: datetime) -> bool:
    """Take what the reloaded key read out of the test. True when this was the last and froze the ballot."""
    with transaction.atomic():
        ballot = _waiting_for_keys(trustee, now)
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
            changes.tell(ballot.uuid)
    return freeze_if_ready(ballot, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _TestCiphertext:
    alpha: str
    beta: str
    answer: str


def _waiting_for_keys(trustee: Trustee, now: datetime) -> Ballot:
    ballot = announced(trustee, now)
    if ballot.threshold is not None:
        raise errors.KeyMadeTogether
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
