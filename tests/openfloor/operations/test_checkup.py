"""What the doctor looks at, each in good order and in each kind of trouble."""

import http.server
import json
import os
import resource
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from factories.certificates import certificate
from journeys.server import free_port
from openfloor.operations.checkup import folder, machine, store, web, weblogs
from openfloor.operations.checkup.finding import Finding, State, to_do

NOW = datetime.now(UTC)
HERE = "127.0.0.2"  # not one of the names that count as local
HEALTHY = b'{"status": "ok"}'


def states(findings: Any) -> list[tuple[str, str]]:
    return [(finding.check, str(finding.state)) for finding in findings]


def test_what_is_not_good_must_say_why_and_what_to_type() -> None:
    with pytest.raises(ValueError, match="remedy"):
        to_do("disk", "Full.", why="It matters.", remedy="")


# The address


@contextmanager
def answering(
    status: int = 200,
    body: bytes = HEALTHY,
    *,
    tls: Path | None = None,
    location: str = "",
    date: datetime | None = None,
) -> Iterator[int]:
    """A server that gives one answer to everybody; its port."""

    class One(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response_only(status)
            self.send_header("Date", format_datetime(date or datetime.now(UTC)))
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("0.0.0.0", 0), One) as server:  # noqa: S104 # 127.0.0.2 as well
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = certificate(tmp_path, HERE, days=60)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


def looked_at(port: int) -> list[Finding]:
    return list(web.address_findings(f"https://{HERE}:{port}", now=datetime.now(UTC)))


def test_address_of_our_own_server_over_https_is_good(trusted: Path) -> None:
    with answering(tls=trusted) as port:
        findings = looked_at(port)

    assert states(findings) == [("https", "good"), ("address", "good")]
    assert "60 days left" in findings[0].what


def test_certificate_that_ends_soon_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path, HERE, days=3)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))

    with answering(tls=path) as port:
        findings = looked_at(port)

    assert states(findings)[0] == ("https", "to_do")
    assert "ends in 3 days" in findings[0].what


def test_certificate_that_nobody_signed_is_found(tmp_path: Path) -> None:
    with answering(tls=certificate(tmp_path, HERE, days=60)) as port:
        findings = looked_at(port)

    assert states(findings) == [("https", "to_do")]
    assert "not accepted" in findings[0].what


def test_address_where_something_else_answers_is_found(trusted: Path) -> None:
    with answering(404, b"<html>", tls=trusted) as port:
        assert states(looked_at(port)) == [("https", "good"), ("address", "to_do")]


def test_clock_of_the_address_that_differs_is_found(trusted: Path) -> None:
    with answering(tls=trusted, date=datetime.now(UTC) + timedelta(minutes=9)) as port:
        assert states(looked_at(port)) == [("https", "good"), ("address", "good"), ("clock", "to_do")]


def test_address_that_does_not_answer_or_speaks_no_tls_is_found(trusted: Path) -> None:
    with answering() as port:
        plain = looked_at(port)
    silent = looked_at(free_port())
    nameless = list(web.address_findings("https://nowhere.invalid", now=NOW))

    assert states(plain) == states(silent) == states(nameless) == [("https", "to_do")]
    assert "leads nowhere" in nameless[0].what


def test_address_on_this_machine_needs_no_https() -> None:
    assert states(web.address_findings("http://localhost:8000", now=NOW)) == [("https", "good")]


def test_plain_http_must_lead_to_https_or_be_refused() -> None:
    with answering(308, location=f"https://{HERE}/") as port:
        leads = web._from_plain_http(HERE, port)
    with answering(301, location="https://elsewhere.example/") as port:
        elsewhere = web._from_plain_http(HERE, port)
    with answering(200) as port:
        served = web._from_plain_http(HERE, port)
    refused = web._from_plain_http(HERE, free_port())

    assert states([leads, elsewhere, served, refused]) == [
        ("redirect", "good"),
        ("redirect", "to_do"),
        ("redirect", "to_do"),
        ("redirect", "good"),
    ]


@pytest.mark.parametrize(
    ("status", "body", "state", "words"),
    [
        (200, HEALTHY, "good", "clock work runs"),
        (503, b'{"status": "failing", "reason": "clock"}', "to_do", "stands still"),
        (503, b'{"status": "failing", "reason": "database"}', "to_do", "not well (database)"),
        (200, b"<html>", "to_do", "not this committee's server"),
        (503, b"[]", "to_do", "not this committee's server"),
    ],
)
def test_server_is_asked_for_its_health(status: int, body: bytes, state: str, words: str) -> None:
    with answering(status, body) as port:
        finding = web.server_finding("https://vote.example.org", port)

    assert states([finding]) == [("server", state)]
    assert words in finding.what


def test_server_that_is_not_there_is_found() -> None:
    assert "Nothing answers" in web.server_finding("https://vote.example.org", free_port()).what


# The machine


def answers(**by_program: str | None) -> machine.Ask:
    return lambda program, *words: by_program.get(program)


@pytest.mark.parametrize(
    ("ask", "state"),
    [
        (answers(timedatectl="yes"), State.GOOD),
        (answers(timedatectl="no"), State.TO_DO),
        (answers(timedatectl="no", chronyc="Leap status     : Normal"), State.GOOD),
        (answers(timedatectl="no", chronyc="Leap status     : Not synchronised"), State.TO_DO),
        (answers(), State.UNKNOWN),
    ],
)
def test_clock_is_set_right_from_outside_or_not(ask: machine.Ask, state: State) -> None:
    assert machine.clock_finding(ask).state is state


def test_program_that_is_missing_or_fails_answers_nothing() -> None:
    assert machine.ask("no-such-program") is None
    assert machine.ask("false") is None
    assert machine.ask("echo", "yes") == "yes"


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [
        (50 * machine.GIGABYTE, 100 * machine.GIGABYTE, State.GOOD),
        (9 * machine.GIGABYTE, 100 * machine.GIGABYTE, State.TO_DO),
        (machine.GIGABYTE - 1, 5 * machine.GIGABYTE, State.TO_DO),
    ],
)
def test_disk_needs_a_gigabyte_and_a_tenth(free: int, total: int, state: State) -> None:
    assert machine.room_finding(Path("/x"), free=free, total=total).state is state


def test_each_disk_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()

    assert len(list(machine.disk_findings({tmp_path, tmp_path / "secrets"}))) == 1


@pytest.mark.parametrize(
    ("meminfo", "state"),
    [
        ("MemTotal: 1 kB\nMemAvailable:  900000 kB\n", State.GOOD),
        ("MemAvailable:  90000 kB\n", State.TO_DO),
        ("", State.UNKNOWN),
        ("MemAvailable: some\n", State.UNKNOWN),
    ],
)
def test_memory_that_is_short_is_found(meminfo: str, state: State) -> None:
    assert machine.memory_finding(meminfo).state is state


def test_limit_of_open_files_that_is_low_is_found() -> None:
    limits = [1_024, 65_536, resource.RLIM_INFINITY]

    assert [str(machine.open_files_finding(limit).state) for limit in limits] == ["to_do", "good", "good"]


# The data folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    made = tmp_path / "data"
    for part in (made, made / "secrets"):
        part.mkdir(mode=0o700)
    for name in ("openfloor.sqlite3", "openfloor.sqlite3-wal", "secrets/django.key"):
        (made / name).touch(mode=0o600)
    return made


def test_private_folder_is_good(data: Path) -> None:
    assert states(folder.permission_findings(data, data / "secrets")) == [("permissions", "good")]


@pytest.mark.parametrize("name", [".", "secrets", "secrets/django.key", "openfloor.sqlite3-wal"])
def test_what_others_can_read_is_found(data: Path, name: str) -> None:
    (data / name).chmod(0o750)

    (finding,) = folder.permission_findings(data, data / "secrets")

    assert finding.state is State.TO_DO
    assert finding.remedy == f"chmod -R go= {data}"


def test_file_of_another_owner_is_found(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = data / "secrets/django.key"
    stat = Path.stat

    def as_if_given_away(path: Path, **how: Any) -> Any:
        real = stat(path, **how)
        return os.stat_result((*real[:4], real.st_uid + 1, *real[5:10])) if path == foreign else real

    monkeypatch.setattr(Path, "stat", as_if_given_away)

    (finding,) = folder.permission_findings(data, data / "secrets")

    assert (finding.state, "another user" in finding.what) == (State.TO_DO, True)


def test_secrets_folder_elsewhere_is_looked_at_too(data: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "shared"
    elsewhere.mkdir()
    elsewhere.chmod(0o755)

    (finding,) = folder.permission_findings(data, elsewhere)

    assert finding.remedy == f"chmod -R go= {data} {elsewhere}"


def test_links_left_behind_or_missing_are_found_by_ballot() -> None:
    left = list(folder.leftover_findings({"aaa", "bbb"}, {"aaa"}))
    missing = list(folder.leftover_findings(set(), {"aaa"}))
    fine = list(folder.leftover_findings({"aaa"}, {"aaa"}))

    assert states(left + missing + fine) == [
        ("voting_links", "to_do"),
        ("voting_links", "to_do"),
        ("voting_links", "good"),
    ]
    assert "bbb" in left[0].what
    assert "aaa" not in left[0].what


@pytest.mark.parametrize(
    ("hours", "state"), [(1, State.GOOD), (25, State.GOOD), (27, State.TO_DO), (None, State.TO_DO)]
)
def test_backup_is_found_old_or_missing(data: Path, hours: int | None, state: State) -> None:
    if hours is not None:
        file = data / "backup.age"
        file.touch()
        note = {"at": (NOW - timedelta(hours=hours)).isoformat(), "file": str(file)}
        (data / folder.LAST_BACKUP).write_text(json.dumps(note), encoding="utf-8")

    assert folder.backup_finding(data, now=NOW).state is state


def test_backup_whose_file_is_gone_is_found(data: Path) -> None:
    note = {"at": NOW.isoformat(), "file": str(data / "gone.age")}
    (data / folder.LAST_BACKUP).write_text(json.dumps(note), encoding="utf-8")

    assert "no longer at" in folder.backup_finding(data, now=NOW).what


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"at": "yesterday", "file": "x"}', '{"at": 1, "file": 2}'])
def test_note_of_a_backup_that_cannot_be_read_is_unknown(data: Path, text: str) -> None:
    (data / folder.LAST_BACKUP).write_text(text, encoding="utf-8")

    assert folder.backup_finding(data, now=NOW).state is State.UNKNOWN


# The database


@pytest.mark.django_db
def test_database_of_this_version_is_good() -> None:
    assert states(store.database_findings(now=datetime.now(UTC))) == [
        ("version", "good"),
        ("database", "good"),
    ]


@pytest.mark.django_db
def test_database_of_an_older_or_newer_version_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('ballots', '9999_later', %s)", [NOW]
        )
    newer = list(store.database_findings(now=datetime.now(UTC)))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'ballots'")
    older = list(store.database_findings(now=datetime.now(UTC)))

    assert [states(findings)[0] for findings in (newer, older)] == [("version", "to_do")] * 2
    assert "newer" in newer[0].what
    assert "upgrade" in older[0].remedy


@pytest.mark.django_db
def test_database_that_is_damaged_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(execute: Any, sql: str, *more: Any) -> Any:
        return execute(sql.replace("PRAGMA quick_check(1)", "SELECT 'page 7 is never used'"), *more)

    with connection.execute_wrapper(damaged):
        findings = list(store._sqlite_findings())

    assert states(findings) == [("database", "to_do")]
    assert "page 7" in findings[0].what


@pytest.mark.django_db
def test_database_that_does_not_answer_is_found() -> None:
    def refuse(*_: Any) -> Any:
        raise OperationalError("disk I/O error")

    with connection.execute_wrapper(refuse):
        findings = list(store.database_findings(now=NOW))

    assert states(findings) == [("database", "to_do")]


# Access logs


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    for name in ("etc/caddy", "etc/nginx/sites-enabled", "log/nginx"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def access_logs(etc: Path) -> list[tuple[str, str]]:
    return states(weblogs.access_log_findings(etc / "etc", etc / "log"))


CADDY_OURS = (Path(__file__).parents[3] / "deploy/Caddyfile").read_text(encoding="utf-8")
CADDY_ACCESS_LOG = CADDY_OURS.replace("\theader -Server", "\tlog")
OFF = "http {\n  access_log off;\n}\n"


@pytest.mark.parametrize(
    ("files", "state"),
    [
        ({}, "good"),
        ({"etc/caddy/Caddyfile": CADDY_OURS}, "good"),
        ({"etc/caddy/Caddyfile": CADDY_OURS.replace("exclude", "# exclude")}, "to_do"),
        ({"etc/caddy/Caddyfile": CADDY_ACCESS_LOG}, "to_do"),
        ({"etc/caddy/sites/x": CADDY_ACCESS_LOG.replace("\tlog\n", "\tlog {\n}\n")}, "to_do"),
        ({"etc/nginx/nginx.conf": OFF}, "good"),
        ({"etc/nginx/nginx.conf": "http {\n}\n"}, "to_do"),
        ({"etc/nginx/nginx.conf": "http {\n# access_log off;\n}\n"}, "to_do"),
        (
            {"etc/nginx/nginx.conf": OFF, "etc/nginx/sites-enabled/x": "access_log /var/log/x combined;"},
            "to_do",
        ),
        ({"log/nginx/access.log": "198.51.100.77 GET /"}, "to_do"),
        ({"log/nginx/access.log": ""}, "good"),
    ],
)
def test_access_log_is_found_wherever_it_is_asked_for(etc: Path, files: dict[str, str], state: str) -> None:
    for name, text in files.items():
        (etc / name).parent.mkdir(exist_ok=True)
        (etc / name).write_text(text, encoding="utf-8")

    assert access_logs(etc) == [("access_logs", state)]


def test_settings_that_may_not_be_read_are_unknown(etc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (etc / "etc/nginx/nginx.conf").touch()
    monkeypatch.setattr(Path, "read_text", refuse_to_read)

    assert access_logs(etc) == [("access_logs", "unknown")]


def refuse_to_read(path: Path, *_: object) -> str:
    raise PermissionError(13, "Permission denied", str(path))
