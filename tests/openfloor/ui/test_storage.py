"""Why nothing could be saved, told from faults."""

import errno
import sqlite3

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from openfloor.ui import errors
from openfloor.ui.storage import Obstacle, obstacle_in


def operational(name: str | None) -> OperationalError:
    cause = sqlite3.OperationalError("it did not work")
    if name is not None:
        cause.sqlite_errorname = name
    error = OperationalError("it did not work")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "obstacle"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), Obstacle.FULL),
        (OSError(errno.EACCES, "Permission denied"), None),
        (operational("SQLITE_FULL"), Obstacle.FULL),
        (operational("SQLITE_BUSY"), Obstacle.BUSY),
        (operational("SQLITE_ERROR"), None),
        (operational(None), Obstacle.BUSY),
        (ValueError("a fault"), None),
        (None, None),
    ],
)
def test_obstacle_is_told_from_a_fault(error: BaseException | None, obstacle: Obstacle | None) -> None:
    assert obstacle_in(error) is obstacle


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (operational("SQLITE_FULL"), 507, "insufficient_storage"),
        (operational("SQLITE_BUSY"), 503, "service_unavailable"),
        (ValueError("a fault"), 500, "internal_server_error"),
    ],
)
def test_scripts_are_told_which_it_was(error: Exception, status: int, code: str) -> None:
    request = RequestFactory().post("/", b"{}", content_type="application/json")
    try:
        raise error
    except Exception:
        answer = errors.server_error(request)

    assert answer.status_code == status
    assert f'"code": "{code}"'.encode() in answer.content
