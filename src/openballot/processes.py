"""A pool of processes of this machine, none of which is left, however it ends."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager
from gettext import gettext as _

from openballot.workers import AHEAD, Workers, WorkersLost


@contextmanager
def process_pool(processes: int) -> Iterator[Workers]:
    """Let so many processes do the work; raises WorkersLost."""
    # A copy of this process has the engine loaded already; elsewhere than on Linux copying is not safe.
    context = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_end_with_the_parent)
    try:
        with _interrupts_held_back():
            pool.submit(_begin)
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


def _begin() -> None:
    """The first thing that the pool is asked for: with it all its processes start."""


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """Start processes that never hear of Ctrl-C; whoever started them does, afterwards."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_the_parent() -> None:
    """A process of the pool does not outlive whoever started it, even when that was killed."""
    threading.Thread(target=_wait_for_the_end_of_the_parent, daemon=True).start()


def _wait_for_the_end_of_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
