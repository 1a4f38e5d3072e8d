"""Who carries out the work: this process, a pool of processes, or a Dask cluster, behind one interface.

All of them are an `Executor`, as the standard library calls it. Nothing here distributes anything itself.
"""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from gettext import gettext as _
from importlib import import_module
from types import ModuleType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

# Enough that nobody waits for the next piece, few enough that they fit into memory.
AHEAD = 3
CONNECT_SECONDS = 10


class WorkersLost(Exception):
    """Somebody or something ended the processes that did the work."""


class NoCluster(Exception):
    """There is no cluster to work with; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Workers:
    """*ahead* is how many pieces of work may be handed over before the first is waited for."""

    executor: Executor
    ahead: int


class ThisProcess(Executor):
    """Does the work when it is handed over."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


THIS_PROCESS = Workers(ThisProcess(), 0)


@contextmanager
def process_pool(processes: int) -> Iterator[Workers]:
    """So many processes of this machine, none of which is left, however it ends. Raises WorkersLost."""
    # A copy of this process has the engine loaded already; elsewhere than on Linux copying is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_the_parent)
    try:
        with _interrupts_held_back():
            pool.submit(_answer)
        yield Workers(pool, AHEAD * processes)
    except BrokenExecutor as error:
        raise WorkersLost(
            _(
                "A process that checked ballots was ended from outside, perhaps because memory ran out. "
                "Nothing is known about the archive. Start again, with fewer --processes."
            )
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def dask_cluster(address: str) -> Iterator[Workers]:
    """The workers of a Dask scheduler, which gives a lost one's pieces to the others.

    Raises NoCluster, WorkersLost.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise NoCluster(_("No Dask scheduler answers at %s.") % address) from error
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise NoCluster(_("The Dask scheduler at %s has no workers.") % address)
        try:
            # A worker that is sent what it cannot import ends itself.
            client.run(import_module, __name__)
        except ImportError as error:
            raise NoCluster(_("Not all Dask workers at %s have this openballot.") % address) from error
        try:
            yield Workers(client.get_executor(pure=False), AHEAD * threads)
        except (distributed.KilledWorker, CancelledError) as error:
            raise WorkersLost(
                _(
                    "The Dask cluster was lost in the middle, or too many of its workers. "
                    "Nothing is known about the archive. Start again."
                )
            ) from error


def _distributed() -> ModuleType:
    """Dask, which is not installed with openballot unless asked for."""
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise NoCluster(_("Dask is not installed here: pip install openfloor[scale].")) from error
    # What it would write on standard error is said in a sentence of ours.
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)
    return distributed


def _answer() -> None:
    """The first thing that a new process is asked for."""


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes that never hear of Ctrl-C; whoever started them does, afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_the_parent() -> None:
    """A process of a pool does not outlive whoever started it."""
    threading.Thread(target=_wait_for_the_end_of_the_parent, daemon=True).start()


def _wait_for_the_end_of_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
