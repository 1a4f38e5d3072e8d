"""The log, with secrets planted wherever one could come from: none of them is written."""

import ast
import asyncio
import gc
import http.client
import io
import json
import logging
import socket
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

import openfloor
from journeys.server import Server
from openfloor import env, logs
from openfloor.env import BadEnvironment

PLANTED = "planted-7Qx"
STRANGER = "198.51.100.77"
LOGGING = {f"log.{level}" for level in ("debug", "info", "warning", "error", "exception", "critical")}
MINUTE = datetime(2031, 5, 1, 7, 0, 42, 123456, tzinfo=UTC)


def broken(request: HttpRequest, name: str) -> HttpResponse:
    secret = request.POST.get("words", "") + name
    try:
        raise ValueError(f"cannot read {secret}")
    except ValueError as error:
        raise KeyError(secret, request.COOKIES) from error


def suspicious(request: HttpRequest, name: str) -> HttpResponse:
    raise SuspiciousOperation(f"{name} from {request.META['REMOTE_ADDR']}")


urlpatterns = [path("broken/<str:name>/", broken), path("suspicious/<str:name>/", suspicious)]
handler400 = "openfloor.ui.errors.bad_request"
handler500 = "openfloor.ui.errors.server_error"


@pytest.fixture(params=logs.FORMATS)
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What our handler writes, in either form."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter(request.param))
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def record(**fields: Any) -> logging.LogRecord:
    made = logging.makeLogRecord(
        {"name": "openfloor.ballots.tasks", "levelname": "ERROR", "msg": "a step failed", **fields}
    )
    made.created = MINUTE.timestamp()
    return made


def caught(error: BaseException) -> Any:
    try:
        raise error
    except BaseException:
        return sys.exc_info()


def test_record_says_what_failed_where_and_to_the_minute() -> None:
    made = record(ballot="7pbdKANZCGj6dS", exc_info=caught(ZeroDivisionError(PLANTED)))

    fields = json.loads(logs.JsonFormatter().format(made))

    (where,) = fields.pop("where")
    assert where.startswith("test_logs.py:")
    assert where.endswith(" caught")
    assert fields == {
        "at": "2031-05-01T07:00Z",
        "level": "error",
        "logger": "openfloor.ballots.tasks",
        "what": "a step failed",
        "ballot": "7pbdKANZCGj6dS",
        "error": "builtins.ZeroDivisionError",
    }


def test_record_is_one_line_of_json_whatever_is_in_it() -> None:
    made = record(name="uvicorn.error", msg='a "strange"\rmessage\nof lines', exc_info=caught(OSError()))

    assert logs.JsonFormatter().format(made).count("\n") == 0


def test_plain_record_reads_like_a_sentence() -> None:
    assert logs.PlainFormatter().format(record(ballot="7pbdKANZCGj6dS")) == (
        "2031-05-01T07:00Z error openfloor.ballots.tasks: a step failed; ballot 7pbdKANZCGj6dS"
    )


def test_arguments_and_lines_after_the_first_are_left_out() -> None:
    made = record(name="asyncio", msg=f"Task exception was never retrieved\nfuture: {PLANTED}", args=())
    with_arguments = record(name="psycopg.pool", msg="error connecting in %r: %s", args=(PLANTED, PLANTED))

    assert logs.fields_of(made)["what"] == "Task exception was never retrieved"
    assert logs.fields_of(with_arguments)["what"] == "error connecting in %r: %s"


def test_message_of_an_unknown_part_is_replaced_by_its_place() -> None:
    made = record(name="somebody.else", msg=PLANTED, pathname="/x/else.py", lineno=3)

    assert logs.fields_of(made)["what"] == "something at else.py:3"


def test_cause_of_an_error_is_named_by_its_kind() -> None:
    try:
        try:
            raise ValueError(PLANTED)
        except ValueError as error:
            raise KeyError(PLANTED) from error
    except KeyError:
        made = record(exc_info=sys.exc_info())

    assert logs.fields_of(made)["error"] == "builtins.KeyError from builtins.ValueError"


def test_frames_name_files_by_their_package() -> None:
    made = record(exc_info=caught(OSError(PLANTED)))
    trace = made.exc_info[2]  # type: ignore[index]
    frame = SimpleNamespace(
        f_code=SimpleNamespace(
            co_filename="/somewhere/site-packages/django/db/utils.py", co_qualname="Wrapper.call"
        )
    )

    shown = logs._frames(SimpleNamespace(tb_frame=frame, tb_lineno=9, tb_next=trace))  # type: ignore[arg-type]

    assert shown[0] == "django/db/utils.py:9 Wrapper.call"
    assert len(shown) == 2


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "route"),
    [("broken", 500, "broken/<str:name>/"), ("suspicious", 400, None)],
)
def test_request_that_breaks_is_logged_by_its_route_alone(
    written: io.StringIO, address: str, status: int, route: str | None
) -> None:
    client = Client(raise_request_exception=False, headers={"user-agent": PLANTED, "x-words": PLANTED})
    client.cookies["sessionid"] = PLANTED

    answer = client.post(f"/{address}/{PLANTED}/?words={PLANTED}", {"words": PLANTED}, REMOTE_ADDR=STRANGER)

    text = written.getvalue()
    assert answer.status_code == status
    assert PLANTED not in text
    assert STRANGER not in text
    assert text
    if route:
        assert route in text
        assert "builtins.KeyError from builtins.ValueError" in text


def test_error_in_a_thread_a_task_and_a_destructor_is_logged_without_its_message(
    written: io.StringIO, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, hook, getattr(sys, hook))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(logging, "raiseExceptions", True)
    logs.catch_uncaught()

    def fail(*_: object) -> None:
        raise ValueError(PLANTED)

    thread = threading.Thread(target=fail, name=PLANTED)
    thread.start()
    thread.join()
    apart(lambda: asyncio.run(task_that_nobody_awaits(fail)))
    forgotten = type("Forgotten", (), {"__del__": fail})()
    del forgotten
    gc.collect()
    sys.excepthook(*caught(ValueError(PLANTED)))
    logging.getLogger("openfloor").warning("%d", PLANTED)

    assert written.getvalue().count("builtins.ValueError") == 4
    assert PLANTED not in written.getvalue() + "".join(capfd.readouterr())


def apart(work: Callable[[], Any]) -> Any:
    """In a thread of its own: a browser of an earlier test may keep an event loop running in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()


async def task_that_nobody_awaits(fail: Any) -> None:
    async def failing() -> None:
        fail()

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    del task
    gc.collect()


def test_no_log_call_of_ours_passes_anything_but_a_ballots_number() -> None:
    calls = apart(lambda: list(_calls()))

    assert calls
    for name, call in calls:
        assert [type(argument) for argument in call.args] == [ast.Constant], name
        assert {keyword.arg for keyword in call.keywords} <= {"extra", "exc_info"}, name
        for keyword in call.keywords:
            assert keyword.arg != "extra" or ast.unparse(keyword.value).startswith("{'ballot': "), name


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for file in Path(openfloor.__file__).parent.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in LOGGING:
                yield file.name, call


def test_stopping_is_no_error(written: io.StringIO) -> None:
    logs._report(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert written.getvalue() == ""


def test_log_format_is_json_unless_somebody_looks_and_no_other_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("OPENFLOOR_LOG", raising=False)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    assert env.log_format() == "plain"
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert env.log_format() == "json"

    monkeypatch.setenv("OPENFLOOR_LOG", "verbose")
    with pytest.raises(BadEnvironment, match="json or plain"):
        env.log_format()


def test_server_that_breaks_writes_no_secret_it_was_sent(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    database = sqlite3.connect(server.data / "openfloor.sqlite3")
    with database:
        database.execute("DROP TABLE ballots_ballot")
    database.close()
    headers = {
        "Cookie": f"sessionid={PLANTED}; csrftoken={PLANTED}",
        "User-Agent": PLANTED,
        "X-Forwarded-For": STRANGER,
    }

    statuses = {
        ask(server, method, f"{address}?words={PLANTED}", f"words={PLANTED}", headers)
        for address in ("/", f"/board/{'a' * 14}/", "/sign-in/", f"/{PLANTED}/", "/healthz")
        for method in ("GET", "POST")
    }
    with socket.create_connection(("localhost", server.port), timeout=20) as connection:
        connection.sendall(f"GET /{PLANTED} HTTP/9.9\r\nHost: {PLANTED}\r\n\r\n".encode())
        connection.recv(65536)
    server.stop()

    written = server.log.read_text(encoding="utf-8")
    assert 500 in statuses
    assert "OperationalError" in written
    assert [secret for secret in (PLANTED, STRANGER, "Traceback", str(tmp_path)) if secret in written] == []


def ask(server: Server, method: str, path: str, body: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
    connection.request(method, path, body if method == "POST" else None, headers)
    status = connection.getresponse().status
    connection.close()
    return status
