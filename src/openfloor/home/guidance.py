"""What the first page says to a member for whom nothing waits: what the committee still lacks, or waits for.

The trap: it speaks to every member, so it names entries by number and nobody who has asked to join.
"""

from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.ballots import permissions, queries, words
from openfloor.ballots.actions import FEWEST_TELLERS, FEWEST_TRUSTEES
from openfloor.ballots.models import Ballot
from openfloor.ballots.words import Now
from openfloor.workplace import queries as workplace
from openfloor.workplace import roll
from openfloor.workplace.actions import CONFIRMATIONS
from openfloor.workplace.models import Committee, Member, Role

MOST_VOID = 3
FEWEST_MEMBERS = 1 + CONFIRMATIONS  # nobody signs for their own role
FEWEST_HOLDERS = {
    Role.Kind.ORGANISER: 1,
    Role.Kind.TRUSTEE: FEWEST_TRUSTEES,
    Role.Kind.TELLER: FEWEST_TELLERS,
}
NEVER_FINISHED = (Ballot.State.WITHDRAWN, Ballot.State.UNCOUNTABLE, Ballot.State.VOID)
UNDER_WAY = (Ballot.State.ANNOUNCED, Ballot.State.FROZEN, Ballot.State.OPEN, Ballot.State.CLOSED)


def for_idle(member: Member, now: datetime) -> list[Now]:
    """What to do now and then: of all that could be said, the first that applies."""
    return (
        _objection(member)
        or _void(member)
        or _under_way(member, now)
        or _too_few_members(member.committee, now)
        or _missing_roles(member.committee)
        or _first_days(member, now)
        or (_call_a_ballot(member) if permissions.may_call(member) else [_serve(member) or _nothing()])
    )


def _objection(member: Member) -> list[Now]:
    if not _entry_of(member).objections:
        return []
    return [
        Now(
            heading=_("Somebody objects to your entry"),
            sentence=_(
                "Until they take it back you cannot vouch, and you have no vote in ballots called meanwhile. "
                "Talk to the committee in person."
            ),
            path=reverse("roll"),
            action=_("See the roll"),
        )
    ]


def _void(member: Member) -> list[Now]:
    """What went wrong stays here until it is called again: whoever voted has to know."""
    return [
        Now(
            heading=_("A vote is void"),
            sentence=words.next_step(ballot),
            about=ballot.title,
            path=reverse("ballot", args=[ballot.uuid]),
            action=_("See this ballot"),
        )
        for ballot in queries.void_ballots(member)[:MOST_VOID]
    ]


def _under_way(member: Member, now: datetime) -> list[Now]:
    """The first ballot that others act on, or that this member has no vote in; the dates show the rest."""
    # What did not open in time is for the organisers to withdraw.
    lives = Q(closes_at__gt=now) | Q(state__in=[Ballot.State.OPEN, Ballot.State.CLOSED])
    ballots = queries.ballots_visible_to(member).filter(lives, state__in=UNDER_WAY)
    first = ballots.select_related("committee").order_by("closes_at").first()
    if first is None:
        return []
    return [_next_of(first) if queries.is_entitled(first, member) else _without_vote(first, member)]


def _next_of(ballot: Ballot) -> Now:
    return Now(
        heading=_("Nothing to do now"),
        sentence=" ".join([words.next_step(ballot), *words.missing_in_words(ballot)]),
        about=ballot.title,
        path=reverse("ballot", args=[ballot.uuid]),
        action=_("See this ballot"),
        is_practice=ballot.practice,
    )


def _without_vote(ballot: Ballot, member: Member) -> Now:
    joined_late = _("It was called before your entry could vote in it.")
    return Now(
        heading=_("You vote in the next one"),
        sentence=words.old_key_only() if queries.has_newer_key(ballot, member) else joined_late,
        about=ballot.title,
        path=reverse("ballot", args=[ballot.uuid]),
        action=_("See this ballot"),
        is_practice=ballot.practice,
    )


def _too_few_members(committee: Committee, now: datetime) -> list[Now]:
    missing = FEWEST_MEMBERS - workplace.members_of(committee).count()
    if missing <= 0:
        return []
    invite = Now(
        heading=ngettext("Invite one more colleague", "Invite %(count)s colleagues", missing)
        % {"count": missing},
        sentence=_("With three members you can give out the roles, and then call a ballot."),
        path=reverse("invitations"),
        action=_("Invite colleagues"),
    )
    if not workplace.somebody_may_join(committee, now):
        return [invite]
    vouch = Now(
        heading=_("Vouch for your colleague"),
        sentence=_(
            "Whoever opens your invitation gets a code on their screen. "
            "Meet them, and scan it with your phone’s camera."
        ),
        path=reverse("vouch"),
        action=_("Vouch for a colleague"),
    )
    return [vouch, invite]


def _missing_roles(committee: Committee) -> list[Now]:
    missing = [
        _so_many(kind, fewest - held)
        for kind, fewest in FEWEST_HOLDERS.items()
        for held in [workplace.members_with_role(committee, kind).count()]
        if held < fewest
    ]
    if not missing:
        return []
    proposed = workplace.roles_proposed(committee).count()
    return [_wait_for_signatures(proposed) if proposed else _propose(missing)]


def _wait_for_signatures(proposed: int) -> Now:
    return Now(
        heading=_("Ask your colleagues to sign"),
        sentence=ngettext(
            "A role waits for signatures. Two members sign for it, never the one who gets it.",
            "%(count)s roles wait for signatures. Two members sign for each, never the one who gets it.",
            proposed,
        )
        % {"count": proposed},
        path=reverse("roles"),
        action=_("See who has signed"),
    )


def _propose(missing: list[str]) -> Now:
    return Now(
        heading=_("Give out the roles"),
        sentence=_(
            "Before a ballot can be called you still need: %(roles)s. One person can have several roles."
        )
        % {"roles": ", ".join(missing)},
        path=reverse("roles") + "#propose",
        action=_("Propose somebody"),
    )


def _so_many(kind: Role.Kind, count: int) -> str:
    sentences = {
        Role.Kind.ORGANISER: ngettext("%(count)s organiser", "%(count)s organisers", count),
        Role.Kind.TRUSTEE: ngettext("%(count)s trustee", "%(count)s trustees", count),
        Role.Kind.TELLER: ngettext("%(count)s teller", "%(count)s tellers", count),
    }
    return sentences[kind] % {"count": count}


def _first_days(member: Member, now: datetime) -> list[Now]:
    entry, rules = _entry_of(member), workplace.roll_state(member.committee).rules
    if roll.is_settled(entry, rules, workplace.today(member.committee, now)):
        return []
    first = entry.day + timedelta(days=rules.objection_days)
    return [
        Now(
            heading=_("You are in"),
            sentence=_(
                "You vote in every ballot that is called from %(day)s on. "
                "Until then, anyone on the roll can object to your entry."
            )
            % {"day": date_format(first, _("j F"))},
            path=reverse("roll"),
            action=_("See the roll"),
        )
    ]


def _call_a_ballot(member: Member) -> list[Now]:
    """Before the first of all ballots: practise."""
    announced = Ballot.objects.filter(committee=member.committee).exclude(announced_on=None)
    is_first = not announced.filter(practice=False).exists()
    has_practised = announced.filter(practice=True).exclude(state__in=NEVER_FINISHED).exists()
    call = _call(is_first=is_first)
    return [_practise(), call] if is_first and not has_practised else [call]


def _practise() -> Now:
    return Now(
        heading=_("Practise first"),
        sentence=_(
            "Go through a whole ballot together with a made-up question. It takes about half an hour, "
            "and nothing is decided."
        ),
        path=reverse("practise"),
        action=_("Practise first"),
    )


def _call(*, is_first: bool) -> Now:
    return Now(
        heading=_("Call your first ballot") if is_first else _("Nothing to do now"),
        sentence=_("Everything is ready: members, trustees and tellers. Put a question to all of you.")
        if is_first
        else _("You can call a ballot when there is something to decide."),
        path=reverse("ballot_new"),
        action=_("Call a ballot"),
    )


def _serve(member: Member) -> Now | None:
    """When a trustee or a teller for whom nothing waits will be needed."""
    held = workplace.roles_of(member)
    sentences = {
        Role.Kind.TRUSTEE: _("You are a trustee. When a ballot is called, you make your key for it, here."),
        Role.Kind.TELLER: _("You are a teller. When the trustees have their keys, you check who may vote."),
    }
    kinds = [kind for kind in sentences if kind.value in held]
    if not kinds:
        return None
    return Now(
        heading=_("Nothing to do now"),
        sentence=" ".join(sentences[kind] for kind in kinds),
        path=reverse(f"duty_{kinds[0].value}"),
        action=_("What you will do"),
    )


def _nothing() -> Now:
    return Now(
        heading=_("Nothing to do now"),
        sentence=_(
            "When there is a ballot, it stands here. Until then: who of your colleagues is not in yet?"
        ),
        path=reverse("invitations"),
        action=_("Invite a colleague"),
    )


def _entry_of(member: Member) -> roll.Entry:
    return workplace.roll_state(member.committee).entries[member.number]
