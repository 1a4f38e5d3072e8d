"""What a mutant may take: so much memory altogether, so much of the processor's time each."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

MOST_BYTES = 2 * 2**30
MOST_SECONDS = 20


class TookTooLong(AssertionError):
    """A mutant kept the verifier busy for longer than any election of its size does."""


def limit_memory() -> None:
    """Let this process have no more: what asks for more gets a MemoryError, and that is a finding."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


@contextmanager
def limited_time() -> Iterator[None]:
    """Raise TookTooLong inside, by this process's own time: a busy machine changes nothing."""
    before = signal.signal(signal.SIGVTALRM, _too_long)
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _too_long(_number: int, _frame: Any) -> None:
    raise TookTooLong(f"more than {MOST_SECONDS} seconds of the processor's time")
