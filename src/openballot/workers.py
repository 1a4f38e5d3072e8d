"""Who carries out the work, behind one interface: this process, a pool of processes, or a cluster.

It is the part of the standard library's `Executor` that is needed here. Nothing of ours distributes anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

# Enough that nobody waits for the next piece, few enough that they fit into memory.
AHEAD = 2


class WorkersLost(Exception):
    """Somebody or something ended the processes that did the work."""


class NoCluster(Exception):
    """There is no cluster to work with; the sentence says why."""


class Pending(Protocol[T_co]):
    """Work that was handed over."""

    def result(self) -> T_co:
        """Wait for it; raises what the work raised."""


class Executor(Protocol):
    """Whoever takes work; `concurrent.futures.Executor` does."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Pending[T]:
        """Hand over a call."""


@dataclass(frozen=True, slots=True)
class Workers:
    """*ahead* is how many pieces of work may be handed over before the first is waited for."""

    executor: Executor
    ahead: int


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    value: T

    def result(self) -> T:
        return self.value


class _ThisProcess:
    """Does the work when it is handed over."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Pending[T]:
        return _Done(fn(*args, **kwargs))


THIS_PROCESS = Workers(_ThisProcess(), 0)
