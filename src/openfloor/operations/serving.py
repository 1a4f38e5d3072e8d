"""Whether a server runs over a folder: it holds locks, which end with it, however it ends.

The trap: a folder of secrets may be shared by several servers, so it has a lock of its own.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from openfloor import env
from openfloor.operations.errors import Refused

LOCK = "server.lock"


@contextmanager
def serving() -> Iterator[None]:
    """Held by every server process while it runs; raises Refused during an upgrade or a restore."""
    with _locked(env.data_folder(), fcntl.LOCK_SH), _locked(env.secrets_folder(), fcntl.LOCK_SH):
        yield


@contextmanager
def nobody_serves(folder: Path) -> Iterator[None]:
    """Held by whoever changes all that is in *folder*; raises Refused while a server runs over it."""
    with _locked(folder, fcntl.LOCK_EX):
        yield


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    with (folder / LOCK).open("ab") as lock:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refused(IN_THE_WAY[how]) from error
        yield


IN_THE_WAY = {
    fcntl.LOCK_SH: "The data is being upgraded or restored. Wait until that is done.",
    fcntl.LOCK_EX: "The server is running. Stop it first, for example: systemctl stop openfloor",
}
