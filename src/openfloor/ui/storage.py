"""Why nothing could be saved: no room on the disk, or others were at it for too long. All else is a fault."""

import errno
from enum import Enum, auto

from django.db import OperationalError

NO_ROOM = {errno.ENOSPC, errno.EDQUOT}
# SQLite's names, then the SQLSTATEs of PostgreSQL.
FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE", "53100"}
BUSY = {"SQLITE_BUSY", "SQLITE_LOCKED", "40001", "40P01", "53300", "55P03", "57P01", "57P03"}


class Obstacle(Enum):
    FULL = auto()
    BUSY = auto()


def obstacle_in(error: BaseException | None) -> Obstacle | None:
    """What kept *error*'s request from being saved; None when it is something else that broke."""
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return Obstacle.FULL
    if not isinstance(error, OperationalError):
        return None
    name = _name_of(error.__cause__)
    if name in FULL:
        return Obstacle.FULL
    # A database that cannot be reached answers without a state.
    return Obstacle.BUSY if name is None or name in BUSY else None


def _name_of(cause: BaseException | None) -> str | None:
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
