"""Who does the work of a command that checks ballots: this process, all cores, or a cluster."""

import argparse
import gc
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from gettext import gettext as _
from typing import BinaryIO

from openballot.commands.files import opened_archive
from openballot.commands.outcome import CannotDo
from openballot.commands.printing import reading_progress
from openballot.verifier import Verification, Verified
from openballot.workers import THIS_PROCESS, Workers

# Below so many bytes other processes would take longer to start than the work does.
WORTH_A_POOL = 2**23


def add_worker_options(parser: argparse.ArgumentParser) -> None:
    who = parser.add_mutually_exclusive_group()
    who.add_argument(
        "--processes",
        type=_at_least_one,
        metavar="N",
        help=_("how many processes check ballots; as many as there are cores, unless the archive is short"),
    )
    who.add_argument("--dask", metavar="ADDRESS", help=_("let the workers of this Dask scheduler check them"))


def verified(options: argparse.Namespace) -> Verified:
    """Check everything in the archive that the command is given; raises ArchiveRefused."""
    with opened_archive(options.file) as file:
        return checked(options, file).verified()


def encrypted_tally_of(held: Verified) -> str:
    """Return what trustees shuffle and decrypt; raises CannotDo before it is there."""
    if held.tally_to_open is None:
        raise CannotDo(_("The election has no encrypted tally yet."))
    return held.tally_to_open


def checked(options: argparse.Namespace, file: BinaryIO, since: BinaryIO | None = None) -> Verification:
    """Read an archive to its end, with whatever the options ask for to do the work."""
    size = file.seek(0, os.SEEK_END)
    with _cycles_rarely_sought(), workers_for(options, size) as workers, reading_progress() as draw:
        return Verification(file, since=since, workers=workers, progress=draw).run()


@contextmanager
def _cycles_rarely_sought() -> Iterator[None]:
    """Ballots leave nothing behind that refers to itself; looking for it took a twentieth of the time."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def workers_for(options: argparse.Namespace, size: int) -> AbstractContextManager[Workers]:
    """Choose who checks the ballots of an archive of so many bytes."""
    # Imported when needed: they would take longer to load than a short archive takes to check.
    if options.dask:
        from openballot.cluster import dask_cluster

        return dask_cluster(options.dask)
    processes = options.processes or (_cores() if size >= WORTH_A_POOL else 1)
    if processes == 1:
        return nullcontext(THIS_PROCESS)
    from openballot.processes import process_pool

    return process_pool(processes)


def _cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number
