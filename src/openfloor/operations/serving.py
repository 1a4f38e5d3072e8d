"""Whether a server runs over a data folder: it holds a lock there, which ends with it, however it ends."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from openfloor import env
from openfloor.operations.errors import Refused

LOCK = "server.lock"


@contextmanager
def serving() -> Iterator[None]:
    """Held by every server while it runs; raises Refused during an upgrade."""
    with (env.data_folder() / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused("The data is being upgraded. Wait until that is done.") from error
        yield


@contextmanager
def nobody_serves() -> Iterator[None]:
    """Held by whoever changes all of the data; raises Refused while a server runs."""
    with (env.data_folder() / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(
                "The server is running. Stop it first, for example: systemctl stop openfloor"
            ) from error
        yield
