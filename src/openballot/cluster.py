"""The workers of a Dask cluster, which is somebody else's to start, to watch and to stop."""

import logging
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from gettext import gettext as _
from importlib import import_module
from types import ModuleType

from openballot.workers import AHEAD, NoCluster, Workers, WorkersLost

CONNECT_SECONDS = 10


@contextmanager
def dask_cluster(address: str) -> Iterator[Workers]:
    """Let the workers of this scheduler do the work; what a lost one had in hand goes to the others.

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
