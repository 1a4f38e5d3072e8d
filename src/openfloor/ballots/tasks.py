"""What the clock does. Each step looks before it acts: two processes may do it, and again after a crash."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from threading import Lock

from openfloor.ballots.actions import (
    add_up,
    close_if_due,
    count_if_complete,
    erase_blind_keys,
    freeze_if_ready,
    open_if_due,
    publish_if_due,
    settle,
    void_if_lost,
)
from openfloor.ballots.actions.board import HEAVY
from openfloor.ballots.models import Ballot
from openfloor.ballots.queries.mandates import mandates_due
from openfloor.locks import alone_at
from openfloor.workplace.actions import forget_old_hand_overs, take_due_renewals

log = logging.getLogger(__name__)

Head = tuple[str, int, datetime]


class _SeenHeads:
    """The public heads this process saw last, whoever moved them since."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._heads: dict[str, Head] = {}

    def changed(self, heads: dict[str, Head]) -> set[str]:
        with self._lock:
            changed = {uuid for uuid, head in heads.items() if self._heads.get(uuid) != head}
            self._heads = heads
        return changed


_seen = _SeenHeads()


def tick(now: datetime) -> set[str]:
    """
    Do what is due, and return the uuids of the ballots whose public head has changed since the last time.

    A ballot that fails does not keep the others waiting: its error is logged, and the next tick tries again.
    What another process or node is doing already is left to it.
    """
    with alone_at("tick") as is_ours:
        if is_ours:
            _do_what_is_due(now)
    return _seen.changed(_public_heads())


def _do_what_is_due(now: datetime) -> None:
    for ballot in _unfinished():
        for step in _steps(ballot, now):
            try:
                step()
            except Exception:
                log.exception("a step of a ballot failed; trying again", extra={"ballot": ballot.uuid})
                break
    _settle_mandates(now)
    erase_blind_keys()
    take_due_renewals(now)
    forget_old_hand_overs(now)


def _settle_mandates(now: datetime) -> None:
    for mandate in mandates_due(now):
        try:
            settle(mandate, now)
        except Exception:
            log.exception("a mandate could not be settled; trying again", extra={"ballot": mandate.ballot_id})


def _unfinished() -> list[Ballot]:
    states = (Ballot.State.ANNOUNCED, Ballot.State.FROZEN, Ballot.State.OPEN, Ballot.State.CLOSED)
    return list(Ballot.objects.filter(state__in=states).defer(*HEAVY).order_by("closes_at"))


def _steps(ballot: Ballot, now: datetime) -> Iterator[Callable[[], object]]:
    yield lambda: void_if_lost(ballot, now)
    yield lambda: freeze_if_ready(ballot, now)
    yield lambda: open_if_due(ballot, now)
    yield lambda: close_if_due(ballot, now)
    yield lambda: add_up(ballot)
    yield lambda: count_if_complete(ballot, now)
    yield lambda: publish_if_due(ballot, now)


def _public_heads() -> dict[str, Head]:
    rows = Ballot.objects.exclude(opened_at=None).values_list(
        "uuid", "state", "published_height", "closes_at"
    )
    return {uuid: (state, height, closes_at) for uuid, state, height, closes_at in rows}
