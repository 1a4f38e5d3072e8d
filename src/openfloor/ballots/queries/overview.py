"""Which ballots there are, who has still to act, and what a count decided."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Count as CountOf
from django.db.models import Q, QuerySet

from openfloor.ballots import errors, permissions
from openfloor.ballots.charter import is_yes_or_no, moment
from openfloor.ballots.models import Ballot, BoardEvent, SignedDecision, Trustee
from openfloor.ballots.queries.boards import SIGNATURES_NEEDED
from openfloor.ballots.queries.electorate import is_entitled
from openfloor.ballots.queries.keymaking import (
    CERTIFICATES,
    WITH_KEYS,
    are_keys_missing,
    is_whole,
    trustees_without_key,
)
from openfloor.ballots.queries.shuffles import is_ready_to_open, waits_for_shuffles
from openfloor.ballots.questions import Places
from openfloor.workplace.models import Member
from workrules.mandates import Base, Condition, Count, Rule, unmet_conditions

AUDITS_NEEDED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """
    What a count decided. *counts* is as Belenios has it: blank votes lead where they are possible.

    Of a question that is ranked or graded it has every opened answer, and *places* who is first, second …
    """

    counts: list[list[Any]]
    papers: int
    entitled: int
    approval_applies: bool
    unmet: tuple[Condition, ...]
    places: list[Places | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """
    One thing that waits for a member.

    *kind* is one of decrypt, shuffle, sign_decision, sign_freeze, audit, make_slips, send_shares,
    prove_copy, make_key, vote, begin_again, cannot_open, stuck, finish_draft.
    """

    kind: str
    ballot: Ballot


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An extension, or giving up the count, that needs one more signature over exactly *statement*."""

    kind: str
    statement: dict[str, Any]
    signed_by: tuple[int, ...]


def ballots_visible_to(member: Member) -> QuerySet[Ballot]:
    """What a member's pages show: drafts, and drafts withdrawn, only to organisers."""
    if not permissions.is_on_the_roll(member):
        return Ballot.objects.none()
    ballots = Ballot.objects.filter(committee=member.committee_id)
    return ballots if permissions.may_call(member) else ballots.exclude(announced_on=None)


def ballot_by_uuid(member: Member, uuid: str) -> Ballot:
    """The ballot at an address, if this member may see it; raises NoSuchBallot."""
    ballot = ballots_visible_to(member).select_related("committee").filter(uuid=uuid).first()
    if ballot is None:
        raise errors.NoSuchBallot
    return ballot


def rule_of(ballot: Ballot) -> Rule:
    """What the ballot asks for; approval only where its first question is a yes or no."""
    approval = Fraction(ballot.approval_numerator, ballot.approval_denominator)
    return Rule(
        turnout_at_least=Fraction(ballot.turnout_numerator, ballot.turnout_denominator),
        approval_more_than=approval if is_yes_or_no(ballot.questions) else None,
        approval_of=Base(ballot.approval_of),
    )


def papers_counted(ballots: Iterable[Ballot]) -> dict[UUID, int]:
    """How many members' papers stand on the board of each, for lists: replaced papers do not count."""
    papers = BoardEvent.objects.filter(ballot__in=ballots, kind="Ballot")
    counts = papers.values_list("ballot").annotate(credentials=CountOf("credential", distinct=True))
    return dict(counts.order_by())


def outcome(ballot: Ballot, papers: int | None = None) -> Outcome:
    """
    The count held against the rule; raises StillOpen before there is one.

    A list passes *papers* from `papers_counted`, so that it does not ask for each ballot.
    """
    if ballot.state != Ballot.State.COUNTED or ballot.result is None or ballot.entitled is None:
        raise errors.StillOpen
    counts: list[list[Any]] = ballot.result
    if papers is None:
        papers = papers_counted([ballot]).get(ballot.pk, 0)
    rule = rule_of(ballot)
    approval_applies = rule.approval_more_than is not None
    yes, no = counts[0][-2:] if approval_applies else (0, 0)
    count = Count(entitled=ballot.voters, papers=papers, yes=yes, no=no)
    return Outcome(
        counts=counts,
        papers=papers,
        entitled=ballot.voters,
        approval_applies=approval_applies,
        unmet=unmet_conditions(count, rule),
        places=ballot.places,
    )


def missing_signatures(ballot: Ballot) -> dict[str, list[int]]:
    """The entry numbers of those who have still to act: trustees, and tellers while two have not signed."""
    tellers: list[int] = []
    if ballot.state == Ballot.State.FROZEN and not _is_audited(ballot):
        tellers = _numbers(ballot.tellers.filter(audit_signature=None))
    return {"trustees": _numbers(_trustees_to_act(ballot)), "tellers": tellers}


def _trustees_to_act(ballot: Ballot) -> QuerySet[Trustee]:
    """A lost key keeps nobody from mixing."""
    if ballot.state == Ballot.State.ANNOUNCED:
        return trustees_without_key(ballot)
    if ballot.state == Ballot.State.FROZEN:
        return ballot.trustees.filter(freeze_signature=None)
    if ballot.state != Ballot.State.CLOSED:
        return ballot.trustees.none()
    if waits_for_shuffles(ballot):
        return ballot.trustees.filter(shuffle_signature=None)
    return ballot.trustees.filter(partial_decryption=None, key_lost=False)


def refused_shares(ballot: Ballot) -> list[tuple[int, list[int]]]:
    """Who says that shares are wrong, and whose; by entry numbers."""
    numbers = dict(ballot.trustees.values_list("position", "member__number"))
    return [
        (numbers[position], [numbers[of] for of in refused])
        for position, refused in ballot.trustees.values_list("position", "wrong_shares")
        if refused
    ]


def has_to_begin_again(ballot: Ballot) -> bool:
    """Has a trustee lost a key that the others have gone on with? Then an organiser lets all begin again."""
    if ballot.state != Ballot.State.ANNOUNCED or ballot.threshold is None:
        return False
    return ballot.trustees.filter(key_lost=True).exists() and is_whole(ballot, CERTIFICATES)


def can_never_open(ballot: Ballot) -> bool:
    """Is it frozen under a key that a trustee refuses to sign, or that nobody could use?"""
    if ballot.state != Ballot.State.FROZEN:
        return False
    cannot_sign = ballot.trustees.filter(key_lost=True, freeze_signature=None).exists()
    return bool(refused_shares(ballot)) or cannot_sign or are_keys_missing(ballot)


def is_in_trouble(ballot: Ballot) -> bool:
    """Do the trustees' keys keep it from going on, as things are?"""
    if ballot.state not in WITH_KEYS:
        return False
    return has_to_begin_again(ballot) or can_never_open(ballot) or are_keys_missing(ballot)


def decisions_waiting(ballot: Ballot) -> list[Decision]:
    """Signed decisions that one more signature carries, while the ballot can still take them."""
    wanted = {
        Ballot.State.FROZEN: SignedDecision.Kind.EXTENSION,
        Ballot.State.OPEN: SignedDecision.Kind.EXTENSION,
        Ballot.State.CLOSED: SignedDecision.Kind.UNCOUNTABLE,
    }.get(Ballot.State(ballot.state))
    by_statement: dict[str, list[int]] = {}
    for decision in ballot.decisions.filter(kind=wanted).select_related("by").order_by("pk"):
        by_statement.setdefault(decision.statement, []).append(decision.by.number)
    return [
        Decision(kind=str(wanted), statement=json.loads(statement), signed_by=tuple(numbers))
        for statement, numbers in by_statement.items()
        if len(numbers) < SIGNATURES_NEEDED and not _is_overtaken(ballot, statement)
    ]


def to_do(member: Member, now: datetime) -> ToDo | None:
    """The one thing to do now, the most urgent first."""
    return next(iter(things_to_do(member, now)), None)


def things_to_do(member: Member, now: datetime) -> list[ToDo]:
    """
    Everything that waits for a member. A vote is listed as long as the ballot is open:
    whether a member has voted only their own device knows.
    """
    ballots = ballots_visible_to(member).exclude(
        state__in=[Ballot.State.COUNTED, Ballot.State.UNCOUNTABLE, Ballot.State.WITHDRAWN, Ballot.State.VOID]
    )
    found = [
        ToDo(kind=kind, ballot=ballot)
        for ballot in ballots.select_related("committee").order_by("closes_at")
        for kind in _kinds_to_do(ballot, member, now)
    ]
    return sorted(found, key=lambda thing: _URGENCY.index(thing.kind))


_URGENCY = (
    "decrypt",
    "shuffle",
    "sign_decision",
    "sign_freeze",
    "audit",
    "make_slips",
    "send_shares",
    "prove_copy",
    "make_key",
    "vote",
    "begin_again",
    "cannot_open",
    "stuck",
    "finish_draft",
)


def _kinds_to_do(ballot: Ballot, member: Member, now: datetime) -> Iterator[str]:
    is_over = now >= ballot.closes_at
    is_led = permissions.may_lead(member, ballot)
    if ballot.state == Ballot.State.DRAFT and is_led:
        yield "finish_draft"
    elif ballot.state in (Ballot.State.ANNOUNCED, Ballot.State.FROZEN) and is_over:
        if is_led:
            yield "stuck"
    elif is_led and has_to_begin_again(ballot):
        yield "begin_again"
    elif is_led and can_never_open(ballot):
        yield "cannot_open"
    elif ballot.state == Ballot.State.OPEN and not is_over and is_entitled(ballot, member):
        yield "vote"
    if (not is_over or ballot.state == Ballot.State.CLOSED) and not can_never_open(ballot):
        yield from _duties(ballot, member)


def _duties(ballot: Ballot, member: Member) -> Iterator[str]:
    trustee = ballot.trustees.filter(member=member).first()
    if trustee is not None:
        yield from _duties_of_trustee(ballot, trustee)
    waits_for_slips = ballot.state == Ballot.State.ANNOUNCED and ballot.waits_for_slips
    if waits_for_slips and permissions.is_teller(member, ballot):
        yield "make_slips"
    has_to_audit = ballot.state == Ballot.State.FROZEN and not _is_audited(ballot)
    if has_to_audit and ballot.tellers.filter(member=member, audit_signature=None).exists():
        yield "audit"
    if any(_may_sign(decision, ballot, member) for decision in decisions_waiting(ballot)):
        yield "sign_decision"


def _duties_of_trustee(ballot: Ballot, trustee: Trustee) -> Iterator[str]:
    if ballot.state == Ballot.State.ANNOUNCED:
        yield from _key_to_make(ballot, trustee)
    elif ballot.state == Ballot.State.FROZEN:
        if trustee.freeze_signature is None and not (trustee.wrong_shares or trustee.key_lost):
            yield "sign_freeze"
    elif ballot.state == Ballot.State.CLOSED:
        yield from _count_to_open(ballot, trustee)


def _count_to_open(ballot: Ballot, trustee: Trustee) -> Iterator[str]:
    """A shuffle takes no key: who has lost it can still mix."""
    if waits_for_shuffles(ballot):
        if trustee.shuffle_signature is None:
            yield "shuffle"
    elif trustee.partial_decryption is None and not trustee.key_lost and is_ready_to_open(ballot):
        yield "decrypt"


def _key_to_make(ballot: Ballot, trustee: Trustee) -> Iterator[str]:
    if ballot.threshold is not None and is_whole(ballot, CERTIFICATES):
        if trustee.coefficients_message is None and not trustee.key_lost:
            yield "send_shares"
    elif (trustee.public_key is None and trustee.certificate_message is None) or trustee.key_lost:
        yield "make_key"
    elif not trustee.copy_works:
        yield "prove_copy"


def _may_sign(decision: Decision, ballot: Ballot, member: Member) -> bool:
    may = (
        permissions.may_extend if decision.kind == SignedDecision.Kind.EXTENSION else permissions.may_give_up
    )
    return member.number not in decision.signed_by and may(member, ballot)


def _is_overtaken(ballot: Ballot, statement: str) -> bool:
    """Has another extension gone as far already?"""
    fields = json.loads(statement)
    return "closes_at" in fields and bool(fields["closes_at"] <= moment(ballot.closes_at))


def void_ballots(member: Member) -> QuerySet[Ballot]:
    """What is void and was not called again yet, as far as this member sees."""
    visible = ballots_visible_to(member).filter(state=Ballot.State.VOID)
    return visible.exclude(copies__announced_on__isnull=False).order_by("closes_at")


def _is_audited(ballot: Ballot) -> bool:
    return ballot.tellers.filter(~Q(audit_signature=None)).count() >= AUDITS_NEEDED


def _numbers(officers: QuerySet[Any]) -> list[int]:
    return list(officers.order_by("member__number").values_list("member__number", flat=True))
