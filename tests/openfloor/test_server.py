"""The server as it runs: one process, one port, spoken to over HTTP."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import openfloor.ui

OPENFLOOR = Path(sys.executable).parent / "openfloor"
STRANGER = "198.51.100.77"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Running:
    port: int
    process: subprocess.Popen[bytes]
    output: Path

    @property
    def printed(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8", "replace")
        connection.close()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, text)

    def raw(self, request: bytes) -> bytes:
        """Everything that comes back for these bytes."""
        with socket.create_connection(("localhost", self.port), timeout=20) as connection:
            connection.sendall(request)
            received = b""
            while part := connection.recv(65536):
                received += part
        return received

    def stop(self, signal_number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal_number)
        return self.process.wait(timeout=20)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start(folder: Path, **environment: str) -> Running:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")}
    output = folder / "printed.txt"
    port = free_port()
    with output.open("wb") as file:
        process = subprocess.Popen(
            [OPENFLOOR, "serve", "--port", str(port)],
            cwd=folder,
            env=inherited | {"OPENFLOOR_BOARD_SECONDS": "1"} | environment,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    for _ in range(600):
        if "answers at" in output.read_text(encoding="utf-8"):
            return Running(port, process, output)
        assert process.poll() is None, output.read_text(encoding="utf-8")
        time.sleep(0.1)
    process.kill()
    raise AssertionError("the server did not answer within a minute")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("server"))
    yield running
    running.stop()


def test_first_page_answers(server: Running) -> None:
    answer = server.ask("/")

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"


def test_style_sheet_is_named_by_its_content_compressed_and_kept_for_good(server: Running) -> None:
    address = re.search(r'href="(/static/ui/look\.[0-9a-f]{12}\.css)"', server.ask("/").text)
    assert address is not None

    answer = server.ask(address[1], Accept_Encoding="br")

    assert answer.status == 200
    assert answer.headers["content-encoding"] == "br"
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in answer.headers


def test_parts_that_bundles_share_are_kept_for_good_too(server: Running) -> None:
    bundles = Path(openfloor.ui.__file__).parent / "static/ui/bundles"
    chunk = next(bundles.glob("chunk-*.js")).name

    answer = server.ask(f"/static/ui/bundles/{chunk}")

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nowhere/",
        "/board/aaaaaaaaaaaaaa/live",
        "/static/nothing.css",
        "/robots.txt",
        "/%ff",
        "/favicon.ico",
    ],
)
def test_answer_never_says_what_serves_it_and_always_forbids_guessing(server: Running, path: str) -> None:
    answer = server.ask(path)

    assert answer.status < 500
    assert "server" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]


def test_body_over_the_limit_is_refused_before_it_is_sent(server: Running) -> None:
    answer = server.raw(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000000\r\nConnection: close\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.endswith(b"This is larger than 2 MB, which is too large. Nothing was changed.\n")
    assert b"x-content-type-options: nosniff" in answer


def test_browser_that_sends_its_large_body_anyway_reads_the_refusal(server: Running) -> None:
    answer = server.ask("/sign-in/", "POST", b"x" * 3_000_000)

    assert (answer.status, answer.text.startswith("This is larger than 2 MB")) == (413, True)


def test_body_of_unknown_length_is_refused(server: Running) -> None:
    answer = server.raw(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"1\r\nx\r\n0\r\n\r\n"
    )

    assert answer.startswith(b"HTTP/1.1 411 ")


@pytest.mark.parametrize(
    "request_bytes", [b"nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n"]
)
def test_request_that_is_no_http_is_refused_and_the_server_goes_on(
    server: Running, request_bytes: bytes
) -> None:
    assert server.raw(request_bytes).startswith(b"HTTP/1.1 400 ")
    assert server.ask("/robots.txt").status == 200


def test_foreign_host_is_refused(server: Running) -> None:
    assert server.ask("/", Host="evil.example").status == 400


def test_no_address_of_a_caller_is_kept_or_printed(tmp_path: Path) -> None:
    running = start(tmp_path)
    for path in ("/", "/nowhere/", "/sign-in/", "/board/aaaaaaaaaaaaaa/live"):
        for method in ("GET", "POST"):
            running.ask(
                path,
                method,
                b"{}" if method == "POST" else None,
                X_Forwarded_For=STRANGER,
                X_Real_IP=STRANGER,
                Forwarded=f"for={STRANGER}",
                Content_Type="application/json",
            )
    running.raw(b"nonsense\r\n\r\n")
    running.stop()

    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert (tmp_path / "data/openfloor.sqlite3").is_file()
    for address in (STRANGER, "127.0.0.1"):
        assert address.encode() not in kept
        assert address not in running.printed


def test_public_address_gets_https_only_cookies_and_strict_transport(tmp_path: Path) -> None:
    running = start(tmp_path, OPENFLOOR_URL="https://vote.example.org")

    answer = running.ask("/sign-in/", Host="vote.example.org", X_Forwarded_Proto="https")
    stranger = running.ask("/sign-in/", Host="localhost", X_Forwarded_Proto="https")
    running.stop()

    assert answer.status == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert "; Secure" in answer.headers["set-cookie"]
    assert stranger.status == 400


def test_server_on_a_port_of_its_own_choice_says_which(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [OPENFLOOR, "serve", "--port", "0"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    said = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=20)

    assert re.fullmatch(r"Openfloor answers at http://localhost:[1-9]\d+/  \(Ctrl-C stops it\)\n", said)


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_server_stops_cleanly(tmp_path: Path, signal_number: int) -> None:
    running = start(tmp_path)
    running.ask("/")
    began = time.monotonic()

    code = running.stop(signal_number)

    assert code == 0
    assert time.monotonic() - began < 8
    assert "Traceback" not in running.printed


def test_error_for_a_script_is_json(server: Running) -> None:
    answer = server.ask("/nowhere/", Accept="application/json")

    assert json.loads(answer.text)["error"]["code"] == "not_found"
