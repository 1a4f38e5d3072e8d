"""Between the close and the opening, where ranks or grades are asked: trustees mix the votes in turn.

The trap: a shuffle fits only what it was made of. Of two that come at once the second is made anew.
"""

from datetime import datetime

from django.db import transaction

from openballot import decryption, shuffle
from openballot.canonical import NotCanonical
from openballot.checks import Refused
from openballot.election import Election
from openfloor.ballots import errors, statements
from openfloor.ballots.actions.board import append, last_event, locked, refuse_unsigned_now
from openfloor.ballots.actions.closing import publish_all, refuse_unless_closed
from openfloor.ballots.charter import text_hash
from openfloor.ballots.models import Ballot, Trustee
from openfloor.ballots.queries import (
    board_hash,
    is_added_up,
    is_mixed,
    shuffles_made,
    shuffles_needed,
    tally_to_open,
    texts_of,
    waits_for_shuffles,
)


def hand_in_shuffle(trustee: Trustee, text: str, parent: str, signature: str, now: datetime) -> bool:
    """
    Take a trustee's shuffle of what stands on the board up to the event *parent*.

    True when it was the last that is needed. The same again changes nothing. Raises StillOpen, NotClosed,
    TallyBeingMade, MixedEnough, MixedAlready, MixedMeanwhile, BadShuffle, BadSignature.
    """
    ballot = Ballot.objects.select_related("committee").get(pk=trustee.ballot_id)
    if _is_there(ballot, trustee, text):
        return not waits_for_shuffles(ballot)
    _refuse_out_of_turn(ballot, trustee, parent)
    _refuse_bad_shuffle(ballot, text)
    statement = statements.shuffle(
        ballot=ballot.uuid,
        election_hash=board_hash(ballot),
        parent=parent,
        shuffle=text_hash(text),
        number=trustee.member.number,
    )
    refuse_unsigned_now(ballot, trustee.member, statement, signature, now)
    with transaction.atomic():
        ballot = locked(ballot.pk)
        _refuse_out_of_turn(ballot, ballot.trustees.get(pk=trustee.pk), parent)
        Trustee.objects.filter(pk=trustee.pk).update(shuffle_signature=signature)
        event = append(ballot, "Shuffle", text, decryption.owned(trustee.position, text))
        are_enough = shuffles_made(ballot) >= shuffles_needed(ballot)
        publish_all(ballot, append(ballot, "EndShuffles") if are_enough else event)
    return are_enough


def _is_there(ballot: Ballot, trustee: Trustee, text: str) -> bool:
    owned = decryption.owned(trustee.position, text)
    return any(event.data[1] == owned for event in ballot.board.filter(kind="Shuffle"))


def _refuse_out_of_turn(ballot: Ballot, trustee: Trustee, parent: str) -> None:
    refuse_unless_closed(ballot)
    if is_mixed(ballot) and not is_added_up(ballot):
        raise errors.TallyBeingMade
    if not waits_for_shuffles(ballot):
        raise errors.MixedEnough
    if trustee.shuffle_signature is not None:
        raise errors.MixedAlready
    last = last_event(ballot)
    if last is None or last.hash != parent:
        raise errors.MixedMeanwhile


def _refuse_bad_shuffle(ballot: Ballot, text: str) -> None:
    election = Election.parse(texts_of(ballot).election)
    try:
        shuffle.check_shuffle(election, tally_to_open(ballot), text)
    except (Refused, NotCanonical) as error:
        raise errors.BadShuffle from error
