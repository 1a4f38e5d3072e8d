"""Which contracts run out together: dates that lie so near that those under them can act at one time."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

DAYS = 30


class RunsOut(Protocol):
    """Anything with an end."""

    @property
    def expires_on(self) -> date | None:
        """The last day, where one is named."""


T = TypeVar("T", bound=RunsOut)


def running_out_together(contracts: Iterable[T], *, days: int = DAYS) -> list[Sequence[T]]:
    """
    Groups in order of date; each contract lies within *days* of the next in its group.

    Those without an end are in none.
    """
    groups: list[list[T]] = []
    for contract in sorted((each for each in contracts if each.expires_on), key=_end):
        if groups and _end(contract) - _end(groups[-1][-1]) <= timedelta(days=days):
            groups[-1].append(contract)
        else:
            groups.append([contract])
    return list(groups)


def _end(contract: RunsOut) -> date:
    assert contract.expires_on is not None  # noqa: S101  narrows the type
    return contract.expires_on
