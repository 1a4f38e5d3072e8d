"""A ballot before anybody has signed anything: drafted, announced, copied, withdrawn."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, NotRequired, TypedDict, Unpack

from django.db import transaction

from openballot.election import new_uuid
from openballot.groups import Group, named
from openfloor.audit.actions import record
from openfloor.audit.queries import head as ledger_head
from openfloor.ballots import blindkey, errors, mandate, permissions, questions, quorum
from openfloor.ballots.actions.board import in_ledger, locked
from openfloor.ballots.charter import Effect, is_yes_or_no, moment
from openfloor.ballots.models import Ballot, MandateBreach, Teller, Trustee
from openfloor.locks import lock_committee
from openfloor.workplace import queries as workplace
from openfloor.workplace.models import Member, Role
from workrules.mandates import Base, ImpossibleRule, Rule

GROUPS = ("BELENIOS-2048", "Ed25519", "RFC-3526-2048")
EFFECTS = ("give_role", "end_role")
ELECTION = "give_role_to_elected"
OVERRIDE = "change_mandate"
LONGEST_TITLE = 120
LONGEST_TEXT = 20_000
LONGEST_REASON = 1_000
LARGEST_DENOMINATOR = 1_000
MOST_QUESTIONS = 10
MOST_ANSWERS = 100  # of all questions together: a paper stays well below what a cast may send
FEWEST_TRUSTEES = 2  # one alone could open every vote
FEWEST_TELLERS = 2
WITHDRAWABLE = (Ballot.State.DRAFT, Ballot.State.ANNOUNCED, Ballot.State.FROZEN)


class Terms(TypedDict):
    """What a draft says, and whom it names."""

    title: str
    text: str
    questions: Sequence[Mapping[str, Any]]  # as in questions.py
    group: str
    turnout: Fraction
    approval: Fraction
    approval_of: NotRequired[Base]
    opens_not_before: datetime
    closes_at: datetime
    trustees: Sequence[Member]
    tellers: Sequence[Member]
    effect: NotRequired[Effect | None]
    mandate: NotRequired[mandate.Asked | None]
    waits_for_slips: NotRequired[bool]
    threshold: NotRequired[int | None]  # how many trustees are needed; None: more than half, see quorum.py
    practice: NotRequired[bool]  # for good: an edit does not change it


@transaction.atomic
def draft_ballot(called_by: Member, *, now: datetime, **terms: Unpack[Terms]) -> Ballot:
    """Keep a draft that only organisers see; raises NotYours and BadDraft."""
    if not permissions.may_call(called_by):
        raise errors.NotYours
    return write_draft(called_by, now=now, **terms)


def write_draft(called_by: Member, *, now: datetime, **terms: Unpack[Terms]) -> Ballot:
    """The same for whoever may; inside the caller's transaction."""
    ballot = Ballot(
        uuid=new_uuid(),
        committee=called_by.committee,
        called_by=called_by,
        practice=terms.get("practice", False),
    )
    _write_terms(ballot, terms, now)
    ballot.save()
    choose_trustees(ballot, terms["trustees"])
    _choose_tellers(ballot, terms["tellers"])
    return ballot


@transaction.atomic
def edit_draft(ballot: Ballot, by: Member, *, now: datetime, **terms: Unpack[Terms]) -> Ballot:
    """Replace everything a draft says; raises NotYours, NotADraft and BadDraft."""
    ballot = _draft_led_by(ballot, by)
    _write_terms(ballot, terms, now)
    ballot.save()
    ballot.tellers.all().delete()
    choose_trustees(ballot, terms["trustees"])
    _choose_tellers(ballot, terms["tellers"])
    return ballot


@transaction.atomic
def copy_ballot(ballot: Ballot, by: Member, now: datetime) -> Ballot:
    """Call it again: a draft with the same terms, as long to vote, and whoever still holds a role."""
    if not permissions.may_lead(by, ballot):
        raise errors.NotYours
    opens_at = now.replace(second=0, microsecond=0)
    copy = Ballot(
        uuid=new_uuid(),
        committee=ballot.committee,
        called_by=by,
        copied_from=ballot,
        opens_not_before=opens_at,
        closes_at=opens_at + (ballot.closes_at - ballot.opens_not_before),
    )
    for name in _COPIED:
        setattr(copy, name, getattr(ballot, name))
    if ballot.effect and ballot.effect["kind"] == "change_mandate":
        copy.effect = None  # such a vote is called on its breach, in words that nobody chooses
    before = [trustee.member for trustee in ballot.trustees.select_related("member")]
    trustees = still(Role.Kind.TRUSTEE, before)
    copy.threshold = quorum.again(ballot.threshold, of=len(before), now_of=len(trustees))
    copy.save()
    choose_trustees(copy, trustees)
    _choose_tellers(
        copy, still(Role.Kind.TELLER, [teller.member for teller in ballot.tellers.select_related("member")])
    )
    return copy


@transaction.atomic
def announce(ballot: Ballot, by: Member, now: datetime) -> Ballot:
    """Fix the text, the rule, the times, the officers, and by the roll of this moment who may vote."""
    return fix(_draft_led_by(ballot, by), by, now)


def fix(ballot: Ballot, by: Member, now: datetime) -> Ballot:
    """The same for whoever may; inside a transaction that holds the draft."""
    _refuse_bad_officers(ballot)
    if now >= ballot.closes_at:
        raise errors.ClosesTooSoon
    day = workplace.today(ballot.committee, now)
    lock_committee(ballot.committee_id)  # nobody is put on the roll between this moment and the next lines
    position, head = workplace.roll_head(ballot.committee)
    entitled = len(workplace.entitled_members(ballot.committee, day, position))
    if entitled == 0:
        raise errors.NobodyEntitled
    ballot.called_by = by
    ballot.announced_on = day
    ballot.roll_position, ballot.roll_head, ballot.entitled = position, head, entitled
    record(
        ballot.committee_id,
        "ballot_announced",
        {
            **in_ledger(ballot),
            "by": by.number,
            "roll": head,
            "entitled": entitled,
            "opens_not_before": moment(ballot.opens_not_before),
            "closes_at": moment(ballot.closes_at),
            "trustees": numbers_of_trustees(ballot),
            **({} if ballot.threshold is None else {"threshold": ballot.threshold}),
            "tellers": list(ballot.tellers.values_list("member__number", flat=True)),
        },
        now=now,
    )
    ballot.ledger_head = ledger_head(ballot.committee_id)
    ballot.state = Ballot.State.ANNOUNCED
    ballot.save()
    return ballot


def withdraw(ballot: Ballot, by: Member, reason: str, now: datetime) -> Ballot:
    """Take a ballot back before it opens, with a reason that stays in the ledger."""
    reason = refuse_bad_reason(reason)
    with transaction.atomic():
        ballot = locked(ballot.pk)
        if not permissions.may_lead(by, ballot):
            raise errors.NotYours
        if ballot.state not in WITHDRAWABLE:
            raise errors.CannotBeWithdrawn
        ballot.state = Ballot.State.WITHDRAWN
        ballot.reason = reason
        ballot.save()
        record(
            ballot.committee_id,
            "ballot_withdrawn",
            {**in_ledger(ballot), "by": by.number, "reason": reason},
            now=now,
        )
    blindkey.erase(ballot.uuid)
    return ballot


def numbers_of_trustees(ballot: Ballot) -> list[int]:
    """Their entry numbers, in the order of their places."""
    return list(ballot.trustees.values_list("member__number", flat=True))


def give_new_address(ballot: Ballot) -> None:
    """After a restore: under its old one the draft may have been announced since, and devices remember it."""
    Ballot.objects.filter(pk=ballot.pk, state=Ballot.State.DRAFT).update(uuid=new_uuid())


def refuse_bad_reason(reason: str) -> str:
    """The reason without space around it; raises ReasonMissing."""
    reason = reason.strip()
    if not (_is_text(reason) and len(reason) <= LONGEST_REASON):
        raise errors.ReasonMissing
    return reason


_COPIED = (
    "title",
    "text",
    "questions",
    "group",
    "effect",
    "mandate_asked",
    "practice",
    "waits_for_slips",
    "turnout_numerator",
    "turnout_denominator",
    "approval_numerator",
    "approval_denominator",
    "approval_of",
)


def _draft_led_by(ballot: Ballot, by: Member) -> Ballot:
    ballot = locked(ballot.pk)
    if not permissions.may_lead(by, ballot):
        raise errors.NotYours
    if ballot.state != Ballot.State.DRAFT:
        raise errors.NotADraft
    return ballot


def _write_terms(ballot: Ballot, terms: Terms, now: datetime) -> None:
    if not questions.is_line(terms["title"], LONGEST_TITLE):
        raise errors.BadTitle
    if not _is_text(terms["text"]):
        raise errors.BadText
    if terms["group"] not in GROUPS:
        raise errors.BadGroup
    _refuse_bad_rule(terms["turnout"], terms["approval"])
    # Texts name moments to the second, so nothing finer may be kept.
    ballot.opens_not_before = terms["opens_not_before"].replace(microsecond=0)
    ballot.closes_at = terms["closes_at"].replace(microsecond=0)
    if max(ballot.opens_not_before, now) >= ballot.closes_at:
        raise errors.BadTimes
    ballot.title, ballot.text, ballot.group = terms["title"], terms["text"], terms["group"]
    ballot.questions = _sound_questions(terms["questions"], named(terms["group"]))
    ballot.effect = _sound_effect(ballot, terms.get("effect"))
    ballot.mandate_asked = _sound_mandate(ballot, terms.get("mandate"))
    ballot.threshold = sound_threshold(terms["trustees"], terms.get("threshold"))
    ballot.waits_for_slips = terms.get("waits_for_slips", False)
    ballot.turnout_numerator, ballot.turnout_denominator = terms["turnout"].as_integer_ratio()
    ballot.approval_numerator, ballot.approval_denominator = terms["approval"].as_integer_ratio()
    ballot.approval_of = terms.get("approval_of", Base.VOTING).value


def _refuse_bad_rule(turnout: Fraction, approval: Fraction) -> None:
    try:
        Rule(turnout_at_least=turnout, approval_more_than=approval)
    except ImpossibleRule as error:
        raise errors.BadRule from error
    if max(turnout.denominator, approval.denominator) > LARGEST_DENOMINATOR:
        raise errors.BadRule


def _sound_questions(asked: Sequence[Mapping[str, Any]], group: Group) -> list[dict[str, Any]]:
    if not 1 <= len(asked) <= MOST_QUESTIONS:
        raise errors.TooManyQuestions
    sound = [_sound_question(number, question) for number, question in enumerate(asked, start=1)]
    if sum(len(question["answers"]) for question in sound) > MOST_ANSWERS:
        raise errors.TooManyQuestions
    if questions.are_shuffled(sound) and group.most_integers == 0:
        raise errors.GroupCannotRank
    if not all(questions.fits(question, group) for question in sound):
        raise errors.TooManyToRank(most=group.most_integers)
    return sound


def _sound_question(number: int, question: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return questions.sound(question)
    except questions.ImpossibleQuestion as error:
        raise errors.BadQuestion(question=number) from error


def _sound_effect(ballot: Ballot, effect: Effect | None) -> dict[str, Any] | None:
    if effect is None:
        return None
    if ballot.practice:
        raise errors.PracticeDecidesNothing
    is_sound = {ELECTION: _is_election, OVERRIDE: _is_override}.get(effect.get("kind", ""), _is_about_one)
    if not is_sound(ballot, effect):
        raise errors.BadEffect
    return dict(effect)


def _sound_mandate(ballot: Ballot, asked: mandate.Asked | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    if ballot.practice:
        raise errors.PracticeDecidesNothing
    if not is_yes_or_no(ballot.questions):
        raise errors.OnlyYesBinds
    try:
        return mandate.sound(asked, decided_at=ballot.closes_at)
    except mandate.ImpossibleAsked as error:
        raise errors.BadMandate from error


def _is_about_one(ballot: Ballot, effect: Effect) -> bool:
    return (
        set(effect) == {"kind", "number", "role"}
        and effect["kind"] in EFFECTS
        and effect["role"] in Role.Kind.values
        and is_yes_or_no(ballot.questions)
        and _are_members(ballot, [effect["number"]])
    )


def _is_election(ballot: Ballot, effect: Effect) -> bool:
    """Each answer of the first question stands for a member, who is elected by transferable votes."""
    return (
        set(effect) == {"kind", "candidates", "role"}
        and effect["role"] in Role.Kind.values
        and questions.method_of(ballot.questions[0]) == questions.STV
        and len(effect["candidates"]) == len(ballot.questions[0]["answers"])
        and _are_members(ballot, effect["candidates"])
    )


def _is_override(ballot: Ballot, effect: Effect) -> bool:
    """A yes accepts what broke a mandate of the same members."""
    if set(effect) != {"kind", "ballot", "breach"} or not is_yes_or_no(ballot.questions):
        return False
    breaches = MandateBreach.objects.filter(mandate__committee=ballot.committee, line=effect["breach"])
    return breaches.filter(mandate__ballot__uuid=effect["ballot"]).exists()


def _are_members(ballot: Ballot, numbers: Sequence[int]) -> bool:
    """Are these entries of different people who are on the roll?"""
    known = Member.objects.filter(committee=ballot.committee, number__in=numbers, state=Member.State.MEMBER)
    return known.count() == len(numbers)


def _is_text(text: str) -> bool:
    is_utf8 = text.encode(errors="replace").decode() == text
    return is_utf8 and "\0" not in text and bool(text.strip()) and len(text) <= LONGEST_TEXT


def sound_threshold(trustees: Sequence[Member], needed: int | None) -> int | None:
    """How many of them are enough, None for all, where so many are asked for; raises BadThreshold."""
    try:
        return quorum.chosen(len(set(trustees)), needed)
    except quorum.ImpossibleQuorum as error:
        raise errors.BadThreshold(most=quorum.MOST_TRUSTEES) from error


def choose_trustees(ballot: Ballot, members: Sequence[Member]) -> None:
    """These instead of any before, in this order, with nothing handed in yet; raises BadOfficers."""
    _refuse_others(ballot, Role.Kind.TRUSTEE, members)
    ballot.trustees.all().delete()
    Trustee.objects.bulk_create(
        Trustee(ballot=ballot, member=member, position=position)
        for position, member in enumerate(dict.fromkeys(members), start=1)
    )


def _choose_tellers(ballot: Ballot, members: Sequence[Member]) -> None:
    _refuse_others(ballot, Role.Kind.TELLER, members)
    Teller.objects.bulk_create(Teller(ballot=ballot, member=member) for member in dict.fromkeys(members))


def _refuse_others(ballot: Ballot, kind: Role.Kind, members: Sequence[Member]) -> None:
    _refuse_without_role(kind, members)
    if any(member.committee_id != ballot.committee_id for member in members):
        raise errors.BadOfficers


def _refuse_bad_officers(ballot: Ballot) -> None:
    trustees = [trustee.member for trustee in ballot.trustees.select_related("member")]
    tellers = [teller.member for teller in ballot.tellers.select_related("member")]
    if len(trustees) < FEWEST_TRUSTEES or len(tellers) < FEWEST_TELLERS:
        raise errors.TooFewOfficers
    _refuse_without_role(Role.Kind.TRUSTEE, trustees)
    _refuse_without_role(Role.Kind.TELLER, tellers)


def _refuse_without_role(kind: Role.Kind, members: Sequence[Member]) -> None:
    if still(kind, members) != list(members):
        raise errors.BadOfficers


def still(kind: Role.Kind, members: Sequence[Member]) -> list[Member]:
    """Those of *members* who are on the roll and hold the role."""
    return [
        member
        for member in members
        if permissions.is_on_the_roll(member) and kind.value in workplace.roles_of(member)
    ]
