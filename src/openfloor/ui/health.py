"""Does the server answer, and does its clock run? For programs that watch it: nothing about the committee."""

import time
from http import HTTPStatus

from django.db import Error, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

# A tick that adds up a large ballot may take its time.
LATE_AFTER_SECONDS = 180


class _Clock:
    ticked_at = time.monotonic()


def ticked() -> None:
    """The clock of this process has done what was due."""
    _Clock.ticked_at = time.monotonic()


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    if not _database_answers():
        return _failing("database")
    if time.monotonic() - _Clock.ticked_at > LATE_AFTER_SECONDS:
        return _failing("clock")
    return JsonResponse({"status": "ok"})


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
            return cursor.fetchone() is not None
    except Error:
        return False


def _failing(reason: str) -> JsonResponse:
    return JsonResponse({"status": "failing", "reason": reason}, status=HTTPStatus.SERVICE_UNAVAILABLE)
