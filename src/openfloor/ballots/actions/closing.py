"""From the close to the count. `tick` takes each step up again after a crash, until it is done."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from openballot import decryption, tally, verifier
from openballot.canonical import NotCanonical
from openballot.checks import Refused
from openballot.credentials import weights_of_checked
from openballot.election import Election
from openballot.trustees import parse_trustees
from openfloor import changes
from openfloor.audit.actions import record
from openfloor.ballots import blindkey, errors, questions, shown
from openfloor.ballots.actions.board import append, in_ledger, locked, next_event, refuse_unsigned_now
from openfloor.ballots.actions.mandates import bind
from openfloor.ballots.actions.overriding import settle_override
from openfloor.ballots.charter import Effect
from openfloor.ballots.models import Ballot, BoardEvent, Trustee
from openfloor.ballots.queries import (
    archive_on_disk,
    board_hash,
    bytes_of,
    counts_of,
    final_head_of,
    have_enough_opened,
    outcome,
    papers_of,
    refuse_unless_ready,
    tally_to_open,
    texts_of,
    timestamp_of,
)
from openfloor.workplace.actions import end_role_by_ballot, give_role_by_ballot
from openfloor.workplace.errors import MemberWithoutRole, NotOnTheRoll
from openfloor.workplace.queries import member_by_number


def close_if_due(ballot: Ballot, now: datetime) -> bool:
    """End the ballot when the clock says so, and erase its k. True when this ended it."""
    if ballot.state != Ballot.State.OPEN or now < ballot.closes_at:
        return False
    with transaction.atomic():
        ballot = locked(ballot.pk)
        # It may have been extended, or closed by another, since it was read.
        if ballot.state != Ballot.State.OPEN or now < ballot.closes_at:
            return False
        end = append(ballot, "EndBallots")
        ballot.state = Ballot.State.CLOSED
        publish_all(ballot, end)
        record(
            ballot.committee_id,
            "ballot_closed",
            {**in_ledger(ballot), "ballots": papers_of(ballot).count(), "head": end.hash},
            now=now,
        )
    blindkey.erase(ballot.uuid)
    shown.erase(ballot.uuid)
    return True


def add_up(ballot: Ballot) -> bool:
    """Put the encrypted tally of a closed ballot on its board. True when this did."""
    if ballot.board.order_by("height").values_list("kind", flat=True).last() != "EndBallots":
        return False
    ballot = Ballot.objects.get(pk=ballot.pk)
    texts = texts_of(ballot)
    election = Election.parse(texts.election)
    credentials = weights_of_checked(texts.credentials)
    papers = (event.data[-1] for event in papers_of(ballot).iterator())
    tally_texts = tally.encrypted_tally(election, credentials, papers)
    with transaction.atomic():
        ballot = locked(ballot.pk)
        if ballot.state != Ballot.State.CLOSED or ballot.board.filter(kind="EncryptedTally").exists():
            return False
        publish_all(ballot, append(ballot, "EncryptedTally", *tally_texts))
    return True


def hand_in_decryption(
    trustee: Trustee, partial_text: str, bound_proofs_text: str, head_signature: str, now: datetime
) -> bool:
    """
    Take a trustee's part of opening the count. True when there were enough with it, and it is counted.

    A part that does not hold is refused, so the board has none; only whose it was is kept, for everybody to
    read. Raises StillOpen, NotClosed, TallyBeingMade, NotMixedYet, AlreadyHandedIn, BadDecryption,
    BadSignature, ArchiveDoesNotHold.
    """
    ballot = Ballot.objects.select_related("committee").get(pk=trustee.ballot_id)
    refuse_unless_closed(ballot)
    refuse_unless_ready(ballot)
    try:
        _refuse_bad_decryption(ballot, trustee, partial_text, bound_proofs_text)
    except errors.BadDecryption:
        ballot.trustees.filter(pk=trustee.pk, partial_decryption=None).update(sent_bad_part=True)
        raise
    statement = final_head_of(ballot, trustee.member.number)
    refuse_unsigned_now(ballot, trustee.member, statement, head_signature, now)
    with transaction.atomic():
        ballot = locked(ballot.pk)
        refuse_unless_closed(ballot)
        trustee = ballot.trustees.get(pk=trustee.pk)
        if trustee.partial_decryption not in (None, partial_text):
            raise errors.AlreadyHandedIn
        if trustee.partial_decryption is None:
            trustee.partial_decryption = partial_text
            trustee.bound_proofs = bound_proofs_text
            trustee.head_signature = head_signature
            trustee.key_lost = trustee.sent_bad_part = False
            trustee.save()
            owned = decryption.owned(trustee.position, partial_text)
            publish_all(ballot, append(ballot, "PartialDecryption", partial_text, owned))
    return count_if_complete(ballot, now)


def count_if_complete(ballot: Ballot, now: datetime) -> bool:
    """
    Publish the result once enough trustees' parts are there. True when this counted the ballot.

    Our own verifier reads the archive as it will be; what it refuses is never published.
    """
    if ballot.state != Ballot.State.CLOSED or not have_enough_opened(ballot):
        return False
    ballot = Ballot.objects.select_related("committee").get(pk=ballot.pk)
    election = Election.parse(texts_of(ballot).election)
    text = _result_text(ballot, election)
    event = next_event(ballot, "Result", text)
    report = _checked_archive(ballot, event)
    with transaction.atomic():
        ballot = locked(ballot.pk)
        # One trustee more may have come since: then the archive is another, and their call counts it.
        if ballot.state != Ballot.State.CLOSED or next_event(ballot, "Result", text).hash != event.hash:
            return False
        ballot.result = result = decryption.read_result(election, text)
        counts = _counted(ballot, result, report)
        ballot.state = Ballot.State.COUNTED
        publish_all(ballot, append(ballot, "Result", text))
        decided = outcome(ballot)
        record(
            ballot.committee_id,
            "ballot_counted",
            {
                **in_ledger(ballot),
                "election_hash": board_hash(ballot),
                "counts": counts,
                "papers": decided.papers,
                "entitled": decided.entitled,
                "unmet": [condition.value for condition in decided.unmet],
            },
            now=now,
        )
        if not decided.unmet:
            _carry_out(ballot, now)
            bind(ballot, now)
        settle_override(ballot, carried=not decided.unmet, now=now)
    return True


def _counted(ballot: Ballot, result: list[list[Any]], report: verifier.Report) -> list[Any]:
    """
    Keep who won where ranks or grades were opened, so that lists need not count again.

    Returns what the ledger says of each question.
    """
    if not questions.are_shuffled(ballot.questions):
        return result
    ballot.undecodable = undecodable = [list(places) for places in report.undecodable or ()]
    counts = counts_of(ballot)
    ballot.places = [None if count is None else questions.places_in(count) for count in counts]
    rows = zip(ballot.questions, result, counts, undecodable, strict=True)
    return [
        questions.in_short(question, count, len(no_votes)) if count else sums
        for question, sums, count, no_votes in rows
    ]


def _carry_out(ballot: Ballot, now: datetime) -> None:
    """Do what the charter says that a carried count does."""
    if ballot.effect is None or ballot.effect["kind"] == "change_mandate":
        return
    deed = end_role_by_ballot if ballot.effect["kind"] == "end_role" else give_role_by_ballot
    for number in _numbers_meant(ballot, ballot.effect):
        # Whoever has left, or gave the role back, has done already what was decided.
        with suppress(NotOnTheRoll, MemberWithoutRole):
            deed(
                member_by_number(ballot.committee, number),
                ballot.effect["role"],
                ballot_uuid=ballot.uuid,
                now=now,
            )


def _numbers_meant(ballot: Ballot, effect: Effect) -> list[int]:
    """Whose role a carried count gives or ends: of an election, those of the first question's elected."""
    if effect["kind"] != "give_role_to_elected":
        return [effect["number"]]
    elected = ballot.places[0] if ballot.places else []
    return [effect["candidates"][candidate] for place in elected for candidate in place]


def publish_all(ballot: Ballot, event: BoardEvent) -> None:
    ballot.published_height, ballot.published_at = event.height, None
    ballot.save()
    changes.tell(ballot.uuid)


def refuse_unless_closed(ballot: Ballot) -> None:
    if ballot.state == Ballot.State.OPEN:
        raise errors.StillOpen
    if ballot.state != Ballot.State.CLOSED:
        raise errors.NotClosed


def _refuse_bad_decryption(
    ballot: Ballot, trustee: Trustee, partial_text: str, bound_proofs_text: str
) -> None:
    texts = texts_of(ballot)
    election = Election.parse(texts.election)
    keys = parse_trustees(election.group, texts.trustees)
    key = keys[trustee.position - 1].public_key
    tally_text = tally_to_open(ballot)
    try:
        decryption.check_partial_decryption(election, key, tally_text, partial_text)
        bound = decryption.check_bound_proofs(election, key, tally_text, partial_text, bound_proofs_text)
    except (Refused, NotCanonical) as error:
        raise errors.BadDecryption(number=trustee.member.number) from error
    if not bound:
        raise errors.BadDecryption(number=trustee.member.number)


def _result_text(ballot: Ballot, election: Election) -> str:
    (sized_text,) = [event.data[1] for event in ballot.board.filter(kind="EncryptedTally")]
    _, total_weight, _ = tally.read_sized_tally(sized_text)
    return decryption.compute_result(
        election,
        texts_of(ballot).trustees,
        tally_to_open(ballot),
        total_weight,
        {
            trustee.position: trustee.partial_decryption
            for trustee in ballot.trustees.all()
            if trustee.partial_decryption is not None
        },
    )


def _checked_archive(ballot: Ballot, result: BoardEvent) -> verifier.Report:
    """Papers were checked before they came on the board; the chain and what opens the tally are now."""
    board = archive_on_disk(ballot)
    archive = board + bytes_of(result, timestamp_of(ballot))
    report = verifier.verify(archive, since=board, require="counted", head=result.hash)
    if report.verdict != "valid":
        raise errors.ArchiveDoesNotHold
    return report
