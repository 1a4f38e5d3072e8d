"""A breach is put to the members: accept the move, or stand by the mandate?"""

from datetime import date, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from openfloor.audit.actions import record
from openfloor.ballots import errors, permissions, quorum
from openfloor.ballots.actions.board import in_ledger
from openfloor.ballots.actions.drafting import LONGEST_TITLE, fix, still, write_draft
from openfloor.ballots.actions.mandates import record_change
from openfloor.ballots.mandate_words import asked_in_lines, breach_in_words
from openfloor.ballots.models import Ballot, CallForVote, Mandate, MandateBreach
from openfloor.ballots.queries.electorate import entitled_now
from openfloor.ballots.queries.mandates import calls_needed, is_put_to_vote
from openfloor.locks import lock_committee
from openfloor.workplace.models import Member, Role
from workrules.mandates import Base

TIME_TO_PREPARE = timedelta(days=1)  # for trustees and tellers, before it can open
TIME_TO_VOTE = timedelta(days=3)


@transaction.atomic
def call_for_vote(breach: MandateBreach, by: Member, now: datetime) -> Ballot | None:
    """
    Call for a vote on a breach. Of an organiser one call is enough; of others it takes `calls_needed`.

    Returns the ballot once there is one: announced, with the trustees and tellers of the mandate's own, or a
    draft where these no longer hold their roles. Raises NotYours, NothingToOverride, PutToVoteAlready,
    CalledAlready.
    """
    if not permissions.may_tell(by, breach.mandate):
        raise errors.NotYours
    lock_committee(by.committee_id)
    breach = MandateBreach.objects.select_related("mandate__ballot__committee", "event", "vote").get(
        pk=breach.pk
    )
    if breach.lifted_line is not None or breach.mandate.state != Mandate.State.BINDING:
        raise errors.NothingToOverride
    if is_put_to_vote(breach):
        raise errors.PutToVoteAlready
    _, is_new = CallForVote.objects.get_or_create(breach=breach, member=by)
    is_organiser = permissions.may_call(by)
    if not is_new and not is_organiser:
        raise errors.CalledAlready
    calls = breach.calls.count()
    if not is_organiser and calls < calls_needed(entitled_now(by.committee, now)):
        return None
    return _put_to_vote(breach, by, calls, now)


def settle_override(ballot: Ballot, *, carried: bool, now: datetime) -> None:
    """What the count of such a vote does: it ends the mandate, or says that it stands. Inside the count."""
    if ballot.effect is None or ballot.effect["kind"] != "change_mandate":
        return
    breach = MandateBreach.objects.select_related("mandate__ballot__committee").get(
        mandate__committee=ballot.committee_id,
        mandate__ballot__uuid=ballot.effect["ballot"],
        line=ballot.effect["breach"],
    )
    if carried:
        record_change(breach.mandate, ballot, now)
    else:
        record(
            ballot.committee_id,
            "mandate_upheld",
            {**in_ledger(breach.mandate.ballot), "breach": breach.line, "vote": ballot.uuid},
            now=now,
        )


def _put_to_vote(breach: MandateBreach, by: Member, calls: int, now: datetime) -> Ballot:
    ballot = _draft(breach, by, now)
    breach.vote = ballot
    breach.save()
    record(
        by.committee_id,
        "mandate_put_to_vote",
        {
            **in_ledger(breach.mandate.ballot),
            "breach": breach.line,
            "vote": ballot.uuid,
            "vote_title": ballot.title,
            "calls": calls,
            "by": by.number if permissions.may_call(by) else None,
        },
        now=now,
    )
    try:
        return fix(ballot, by, now)
    except (errors.TooFewOfficers, errors.BadOfficers):
        return ballot


def _draft(breach: MandateBreach, by: Member, now: datetime) -> Ballot:
    decided = breach.mandate.ballot
    before = [trustee.member for trustee in decided.trustees.select_related("member")]
    trustees = still(Role.Kind.TRUSTEE, before)
    tellers = [teller.member for teller in decided.tellers.select_related("member")]
    opens_at = (now + TIME_TO_PREPARE).replace(second=0, microsecond=0)
    title = _title(breach)
    return write_draft(
        by,
        now=now,
        title=title,
        text=_text(breach),
        questions=[
            {
                "question": title,
                "answers": [_("Accept the move"), _("Stand by what we decided")],
                "min": 1,
                "max": 1,
                "blank": True,
            }
        ],
        group=decided.group,
        turnout=Fraction(decided.turnout_numerator, decided.turnout_denominator),
        approval=Fraction(decided.approval_numerator, decided.approval_denominator),
        approval_of=Base(decided.approval_of),
        opens_not_before=opens_at,
        closes_at=opens_at + TIME_TO_VOTE,
        trustees=trustees,
        tellers=still(Role.Kind.TELLER, tellers),
        threshold=quorum.again(decided.threshold, of=len(before), now_of=len(trustees)),
        effect={"kind": "change_mandate", "ballot": decided.uuid, "breach": breach.line},
    )


def _title(breach: MandateBreach) -> str:
    """With the day of the move: there can be several such votes on one mandate."""
    decided, day = breach.mandate.ballot, date_format(_day_of(breach), _("j F Y"))
    title = _("Accept the move of %(day)s, or stand by “%(title)s”?")
    room = LONGEST_TITLE - len(title % {"day": day, "title": ""})
    asked = decided.title.rstrip("?")
    short = asked if len(asked) <= room else f"{asked[: room - 1].rstrip()}…"
    return title % {"day": day, "title": short}


def _day_of(breach: MandateBreach) -> date:
    return breach.at.astimezone(ZoneInfo(breach.mandate.committee.zone)).date()


def _text(breach: MandateBreach) -> str:
    decided, event = breach.mandate.ballot, breach.event
    what = [f"{event.act}", _("Source: %(source)s") % {"source": event.source}] if event else []
    return "\n\n".join(
        (
            _("We decided “%(title)s”:") % {"title": decided.title},
            " ".join(asked_in_lines(decided.mandate_asked or {}, decided.committee.zone)),
            _("Then this was done:"),
            "\n".join([*what, breach_in_words(breach)]),
            _("If “accept the move” carries, what we decided no longer binds. If not, it stands."),
        )
    )
