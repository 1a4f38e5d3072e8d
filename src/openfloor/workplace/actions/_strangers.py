"""How often unknown callers may fail: all of them share one budget, since nobody's address is kept.

The trap: a failure has to stay recorded, so the refusal is raised after the transaction, never inside it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from typing import TypeVar

from django.db import transaction

from openfloor.workplace.errors import WaitFirst
from openfloor.workplace.models import StrangerBudget

FREE_FAILURES = 20
LONGEST_WAIT = timedelta(minutes=1)
QUIET_STEP = timedelta(minutes=1)  # so much quiet takes one failure back, which halves the wait
MOST_FAILURES = FREE_FAILURES + 6  # 2^6 seconds are the longest wait already

T = TypeVar("T")


def ask_as_stranger(find: Callable[[], T | None], *, now: datetime) -> T | None:
    """
    Return what *find* finds; when that is nothing, count a failure, or raise WaitFirst after too many.

    What is right is never made to wait: others could keep everybody out by failing (docs/decisions/0010).
    """
    found = find()
    if found is not None:
        return found
    with transaction.atomic():
        budget, _ = StrangerBudget.objects.select_for_update().get_or_create(pk=True)
        wait = time_to_wait(budget, now)
        if not wait:
            _count_failure(budget, now)
    if wait:
        raise WaitFirst(seconds=ceil(wait.total_seconds()))
    return None


def time_to_wait(budget: StrangerBudget, now: datetime) -> timedelta:
    """How long no failure is looked at; a clock that was set back makes it no longer than the wait itself."""
    failures = _failures_left(budget, now)
    if budget.last_failure_at is None or failures < FREE_FAILURES:
        return timedelta(0)
    wait = min(timedelta(seconds=2 ** (failures - FREE_FAILURES)), LONGEST_WAIT)
    quiet = max(now - budget.last_failure_at, timedelta(0))
    return max(wait - quiet, timedelta(0))


def _failures_left(budget: StrangerBudget, now: datetime) -> int:
    if budget.last_failure_at is None:
        return 0
    quiet = max(now - budget.last_failure_at, timedelta(0))
    return max(budget.failures - quiet // QUIET_STEP, 0)


def _count_failure(budget: StrangerBudget, now: datetime) -> None:
    budget.failures = min(_failures_left(budget, now) + 1, MOST_FAILURES)
    budget.last_failure_at = now
    budget.save()
