"""Where a mandate stands: what was done about it, held against what was decided.

Everything follows from the mandate, the events and the moment of asking; nothing is stored as "broken". The
trap is the order of things: what ended a mandate shields what came after it, never what came before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from workrules.mandates.terms import Numbers, Shortfall, Term, shortfalls


class ImpossibleMandate(ValueError):
    """A mandate that asks for nothing, or that ends before it begins."""


class Authority(Enum):
    """Who stands behind a deed."""

    NOBODY = "nobody"  # representatives, without a vote of the members
    BALLOT = "ballot"  # a ballot of the members under another rule than the mandate's
    SAME_RULE = "same_rule"  # a ballot of the members under the mandate's own rule


class Deed(Enum):
    """What can happen to a mandate."""

    OFFERED = "offered"  # a proposal was put forward in the members' name
    BEGAN = "began"  # the action that was decided was taken
    CALLED_OFF = "called_off"
    SIGNED = "signed"  # an agreement was signed
    CHANGED = "changed"  # something else was decided in its place


class Breach(Enum):
    """In what way a mandate was not kept."""

    OFFER_BELOW = "offer_below"
    DEADLINE_PASSED = "deadline_passed"
    CALLED_OFF_WITHOUT_VOTE = "called_off_without_vote"
    SIGNED_WITHOUT_VOTE = "signed_without_vote"
    CHANGED_WITHOUT_VOTE = "changed_without_vote"


class State(Enum):
    """Does a mandate still bind, and if not, what ended it?"""

    BINDING = "binding"
    FULFILLED = "fulfilled"
    CHANGED = "changed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mandate:
    """
    What a counted ballot decided. Times are aware of their zone.

    The action must have begun by `action_by`, None where no action was decided. From `expires_at` on nothing
    binds any more; an action is due before that. It can be changed only with the authority `changed_by`.
    """

    decided_at: datetime
    terms: tuple[Term, ...] = ()
    action_by: datetime | None = None
    expires_at: datetime | None = None
    changed_by: Authority = Authority.SAME_RULE

    def __post_init__(self) -> None:
        if not self.terms and self.action_by is None:
            raise ImpossibleMandate("a mandate asks for something: a term, or an action")
        if self.changed_by is Authority.NOBODY:
            raise ImpossibleMandate("what members decided is changed by members")
        if any(time <= self.decided_at for time in (self.action_by, self.expires_at) if time is not None):
            raise ImpossibleMandate("what is decided comes after the decision")
        if self.action_by is not None and self.expires_at is not None and self.action_by >= self.expires_at:
            raise ImpossibleMandate("an action is due while its mandate binds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """
    Something that happened. `reference` is the caller's, unique, and settles the order within one moment.

    An event that waits for a second member's word has `confirmed` False, and counts for nothing. One that a
    later entry took back is left out by the caller.
    """

    at: datetime
    reference: str
    deed: Deed
    authority: Authority = Authority.NOBODY
    numbers: Numbers = field(default_factory=dict)
    confirmed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach. `reference` is that of its event, None for a deadline that passed by itself."""

    breach: Breach
    at: datetime
    reference: str | None
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where it stands. `ended_by` is the event that ended it; *began_at* when the action was first taken."""

    state: State
    ended_at: datetime | None
    ended_by: str | None
    began_at: datetime | None
    breaches: tuple[Finding, ...]

    @property
    def is_kept(self) -> bool:
        return not self.breaches


def standing(mandate: Mandate, events: Iterable[Event], *, now: datetime) -> Standing:
    """Hold everything that was confirmed and done until *now* against *mandate*."""
    course = _Course(mandate)
    for event in sorted(events, key=lambda each: (each.at, each.reference)):
        if event.confirmed and mandate.decided_at <= event.at <= now:
            course.reach(event.at)
            course.take(event)
    course.reach(now)
    return course.standing()


class _Course:
    """A mandate's course, told from its decision on."""

    def __init__(self, mandate: Mandate) -> None:
        self._mandate = mandate
        self._breaches: list[Finding] = []
        self._state = State.BINDING
        self._ended_at: datetime | None = None
        self._ended_by: str | None = None
        self._began_at: datetime | None = None
        self._deadline_is_judged = False

    def standing(self) -> Standing:
        return Standing(
            state=self._state,
            ended_at=self._ended_at,
            ended_by=self._ended_by,
            began_at=self._began_at,
            breaches=tuple(self._breaches),
        )

    def reach(self, moment: datetime) -> None:
        """Let what falls due by *moment* fall due."""
        action_by, expires_at = self._mandate.action_by, self._mandate.expires_at
        if action_by is not None and action_by < moment:
            self._judge_deadline(action_by)
        if expires_at is not None and expires_at <= moment and self._state is State.BINDING:
            self._end(State.EXPIRED, expires_at, None)

    def take(self, event: Event) -> None:
        """What comes after the end of a mandate is no business of it."""
        if self._state is not State.BINDING:
            return
        steps = {
            Deed.OFFERED: self._offered,
            Deed.BEGAN: self._began,
            Deed.CALLED_OFF: self._called_off,
            Deed.SIGNED: self._signed,
            Deed.CHANGED: self._changed,
        }
        steps[event.deed](event)

    def _judge_deadline(self, action_by: datetime) -> None:
        if self._deadline_is_judged or self._state is not State.BINDING:
            return
        self._deadline_is_judged = True
        if self._began_at is None:
            self._breaches.append(Finding(breach=Breach.DEADLINE_PASSED, at=action_by, reference=None))

    def _offered(self, event: Event) -> None:
        short = shortfalls(self._mandate.terms, event.numbers)
        if short and not self._may_change(event):
            self._break(Breach.OFFER_BELOW, event, short)

    def _began(self, event: Event) -> None:
        if self._began_at is None:
            self._began_at = event.at
        if not self._mandate.terms and self._mandate.action_by is not None:
            self._end(State.FULFILLED, event.at, event.reference)

    def _called_off(self, event: Event) -> None:
        if self._may_change(event):
            self._end(State.CHANGED, event.at, event.reference)
        else:
            self._break(Breach.CALLED_OFF_WITHOUT_VOTE, event)

    def _signed(self, event: Event) -> None:
        """An agreement ends the dispute; under the floors it needs what a change of the mandate needs."""
        short = shortfalls(self._mandate.terms, event.numbers)
        if event.authority is Authority.NOBODY or (short and not self._may_change(event)):
            self._break(Breach.SIGNED_WITHOUT_VOTE, event, short)
        else:
            self._end(State.CHANGED if short else State.FULFILLED, event.at, event.reference)

    def _changed(self, event: Event) -> None:
        if self._may_change(event):
            self._end(State.CHANGED, event.at, event.reference)
        else:
            self._break(Breach.CHANGED_WITHOUT_VOTE, event)

    def _may_change(self, event: Event) -> bool:
        return event.authority is Authority.SAME_RULE or event.authority is self._mandate.changed_by

    def _break(self, breach: Breach, event: Event, short: tuple[Shortfall, ...] = ()) -> None:
        self._breaches.append(
            Finding(breach=breach, at=event.at, reference=event.reference, shortfalls=short)
        )

    def _end(self, state: State, at: datetime | None, reference: str | None) -> None:
        self._state, self._ended_at, self._ended_by = state, at, reference
