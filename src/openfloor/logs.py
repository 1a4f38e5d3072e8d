"""The log: one line a record, of what failed and where, never of who or with what.

The trap: an error's message quotes what somebody typed, as do the arguments of a record. Neither is written,
and no time is finer than a minute.
"""

import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import PurePath
from types import TracebackType
from typing import Any

FORMATS = ("json", "plain")
# Whose templates are constants. Others may have put anything into theirs.
WELL_KNOWN = {"openfloor", "django", "uvicorn", "asyncio", "psycopg"}
MOST_FRAMES = 12

log = logging.getLogger(__name__)


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields_of(record), ensure_ascii=False)


class PlainFormatter(logging.Formatter):
    """For somebody who looks at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        fields = fields_of(record)
        more = [f"{name} {fields[name]}" for name in ("status", "route", "ballot", "error") if name in fields]
        line = f"{fields['at']} {fields['level']} {fields['logger']}: {'; '.join([fields['what'], *more])}"
        return "\n    ".join([line, *fields.get("where", [])])


def formatter(kind: str) -> logging.Formatter:
    return {"json": JsonFormatter, "plain": PlainFormatter}[kind]()


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """All that may be written of *record*."""
    fields: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%dT%H:%MZ"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "what": _what(record),
    }
    if isinstance(status := getattr(record, "status_code", None), int):
        fields["status"] = status
    if route := _route(record):
        fields["route"] = route
    if ballot := getattr(record, "ballot", None):
        fields["ballot"] = str(ballot)
    if record.exc_info and record.exc_info[1]:
        fields["error"] = " from ".join(_kinds(record.exc_info[1]))
        fields["where"] = _frames(record.exc_info[2])
    return fields


def catch_uncaught() -> None:
    """Write what nobody caught in the same way: Python's own report quotes messages and values."""
    logging.raiseExceptions = False
    sys.excepthook = _report
    sys.unraisablehook = lambda found: _report(found.exc_type, found.exc_value, found.exc_traceback)
    threading.excepthook = lambda found: _report(found.exc_type, found.exc_value, found.exc_traceback)


def _report(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return
    log.error("nobody caught an error", exc_info=(kind, error or kind(), trace))


def _what(record: logging.LogRecord) -> str:
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        return HTTPStatus(status).phrase
    if record.name.partition(".")[0] in WELL_KNOWN and isinstance(record.msg, str):
        return record.msg.partition("\n")[0]
    return f"something at {PurePath(record.pathname).name}:{record.lineno}"


def _route(record: logging.LogRecord) -> str | None:
    """The address as our list of addresses writes it, without what the caller put into it."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    return match.route if match else None


def _kinds(error: BaseException) -> Iterator[str]:
    yield f"{type(error).__module__}.{type(error).__qualname__}"
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause:
        yield from _kinds(cause)


def _frames(trace: TracebackType | None) -> list[str]:
    """File, line and function from the outside in, without the lines' text or any value."""
    frames = []
    while trace:
        code = trace.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_qualname}")
        trace = trace.tb_next
    return frames[-MOST_FRAMES:]


def _short(path: str) -> str:
    """A file by its place in its package: where a machine keeps its packages is its own affair."""
    parts = PurePath(path).parts
    for root in ("site-packages", "dist-packages", "src"):
        if root in parts:
            return "/".join(parts[len(parts) - parts[::-1].index(root) :])
    return parts[-1] if parts else path
