"""Clients that no browser would be, over raw sockets: each is refused, and nobody else notices."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from journeys.kept import read_tables
from journeys.prepared import Prepared
from journeys.server import Server

pytestmark = pytest.mark.journey

SECONDS_TO_ASK = 20
PATIENCE = 60
HOST = b"Host: localhost\r\n"
CAST = b"POST /board/%s/cast HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.fixture(scope="module")
def server(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = prepared.serve(tmp_path_factory.mktemp("bad-clients"))
    yield server
    server.stop()


def say(server: Server, request: bytes, patience: float = PATIENCE) -> bytes:
    """Everything that comes back for these bytes, until the server ends the connection."""
    with socket.create_connection(("localhost", server.port), timeout=patience) as connection:
        with suppress(ConnectionError):  # who is refused while still sending may not get to the end
            connection.sendall(request)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionResetError:
        pass
    return received


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def cast(server: Server, uuid: str, paper: str) -> tuple[int, str]:
    with closing(HTTPConnection("localhost", server.port, timeout=PATIENCE)) as connection:
        connection.request("POST", f"/board/{uuid}/cast", paper, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read()).get("state")


def test_an_honest_paper_is_taken_while_hundreds_of_slow_clients_hang(
    server: Server, prepared: Prepared
) -> None:
    uuid = prepared.ballots["open"]
    half_a_paper = CAST % uuid.encode() + b"Content-Length: 5000\r\n\r\n" + b"x" * 2_500
    half_a_page = b"POST /sign-in/ HTTP/1.1\r\n" + HOST + b"Content-Length: 90\r\n\r\n{"
    slowly = [half_a_paper] * 100 + [half_a_page] * 100 + [b"GET / HTTP/1.1\r\nHos"] * 50 + [b""] * 50
    with ExitStack() as stack:
        hanging = []
        for start in slowly:
            connection = socket.create_connection(("localhost", server.port), timeout=PATIENCE)
            hanging.append(stack.enter_context(connection))
            connection.sendall(start)
        began = time.monotonic()

        assert cast(server, uuid, prepared.papers["open"]) == (200, "counts")
        assert status_of(say(server, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")) == 200
        assert time.monotonic() - began < SECONDS_TO_ASK

        # Whoever does not even ask is not waited for.
        assert [read_all(connection) for connection in hanging[200:]] == [b""] * 100
        assert time.monotonic() - began < 2 * SECONDS_TO_ASK


def test_a_body_that_ends_early_reaches_no_view(server: Server, prepared: Prepared) -> None:
    paper = prepared.papers["open_too"].encode()
    start = CAST % prepared.ballots["open_too"].encode() + b"Content-Length: %d\r\n\r\n" % (len(paper) + 1)
    before = read_tables(server.data)["ballots_boardevent"]

    with socket.create_connection(("localhost", server.port), timeout=PATIENCE) as connection:
        connection.sendall(start + paper)
        connection.shutdown(socket.SHUT_WR)
        answer = read_all(connection)

    assert answer == b"" or status_of(answer) == 400
    assert read_tables(server.data)["ballots_boardevent"] == before


def test_whoever_does_not_read_holds_no_thread(server: Server, prepared: Prepared) -> None:
    uuid = prepared.ballots["counted"].encode()
    archive = b"GET /board/%s/%s.bel HTTP/1.1\r\n%s\r\n" % (uuid, uuid, HOST)
    with ExitStack() as stack:
        for _ in range(24):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            stack.enter_context(connection)
            connection.connect(("localhost", server.port))
            connection.sendall(archive * 20)

        assert status_of(say(server, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")) == 200


MALFORMED = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "no http": b"nonsense\r\n\r\n",
    "a space in the address": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a control character in a header": b"GET / HTTP/1.1\r\n" + HOST + b"A: \x00\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"A b: c\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "a negative length": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "a length in words": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: ten\r\n\r\n",
    "a length with a sign": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: +1\r\n\r\nx",
    "two lengths": b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
    "a huge header": b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"x" * 1_000_000 + b"\r\n\r\n",
    "a huge address": b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "too many headers": b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 200_000 + b"\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_request_is_refused(server: Server, name: str) -> None:
    answer = say(server, MALFORMED[name])

    # A client that is still sending when it is refused may find the connection reset instead.
    assert answer == b"" if not answer.startswith(b"HTTP/1.1 ") else 400 <= status_of(answer) < 500


ODD = {
    "HTTP/1.0": (b"GET /robots.txt HTTP/1.0\r\n" + HOST + b"\r\n", {200}),
    "many small headers": (
        b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + b"A: b\r\n" * 500 + b"\r\n",
        {200},
    ),
    "an address with a host": (
        b"GET http://localhost/robots.txt HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
        {400, 404},
    ),
    "an address of another site": (
        b"GET http://evil.example/ HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
        {400, 404},
    ),
    "a star": (b"OPTIONS * HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {400, 404, 405}),
    "a tunnel": (b"CONNECT localhost:22 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {400, 404, 405}),
    "an unknown method": (b"BREW / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {403, 405}),
    "a foreign host": (b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n", {400}),
    "no host name": (b"GET / HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", {400}),
    "a host that is none": (b"GET / HTTP/1.1\r\nHost: a b@c/\r\nConnection: close\r\n\r\n", {400}),
    "bytes that are no text": (b"GET /%ff%00 HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n", {404}),
    "an upgrade": (
        b"GET / HTTP/1.1\r\n" + HOST + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n",
        {200},
    ),
    "a chunked body": (
        b"POST /sign-in/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        b"1\r\nx\r\n0\r\n\r\n",
        {411},
    ),
    "a chunked body and a length": (
        b"POST /sign-in/ HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"
        b"Connection: close\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        {400, 411},
    ),
    "a body nobody asked for": (
        b"GET /robots.txt HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nConnection: close\r\n\r\nabc",
        {200},
    ),
    "5 GB": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 5000000000\r\nConnection: close\r\n\r\n",
        {413},
    ),
    "a length of many digits": (
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: " + b"9" * 5000 + b"\r\nConnection: close\r\n\r\n",
        {400, 413},
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_gets_an_answer_of_its_kind(server: Server, name: str) -> None:
    request, statuses = ODD[name]

    answer = say(server, request)

    assert status_of(answer) in statuses
    assert b"Traceback" not in answer


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(server: Server, prepared: Prepared) -> None:
    paper = prepared.papers["open_too"].encode()
    start = CAST % prepared.ballots["open_too"].encode() + b"Expect: 100-continue\r\nConnection: close\r\n"
    with socket.create_connection(("localhost", server.port), timeout=PATIENCE) as connection:
        connection.sendall(start + b"Content-Length: %d\r\n\r\n" % len(paper))
        told = connection.recv(65536)
        connection.sendall(paper)
        answer = read_all(connection)

    assert told.startswith(b"HTTP/1.1 100 ")
    assert status_of(answer) == 200


def test_requests_sent_ahead_are_answered_one_after_the_other(server: Server) -> None:
    ask = b"GET /robots.txt HTTP/1.1\r\n" + HOST

    answers = say(server, (ask + b"\r\n") * 50 + ask + b"Connection: close\r\n\r\n")

    assert answers.count(b"HTTP/1.1 200 ") == 51


@pytest.mark.parametrize(
    "kind", [b"text/plain", b"application/x-www-form-urlencoded", b"multipart/form-data", b"\xff", b""]
)
def test_a_paper_of_the_wrong_kind_is_refused(server: Server, prepared: Prepared, kind: bytes) -> None:
    paper = prepared.papers["open_too"].encode()
    start = (CAST % prepared.ballots["open_too"].encode()).replace(b"application/json", kind)

    answer = say(server, start + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(paper) + paper)

    assert status_of(answer) == 400
    assert b'"not_json"' in answer


def test_nothing_of_this_was_a_failure_of_the_server(server: Server) -> None:
    said = Path(server.log).read_text(encoding="utf-8")

    assert "Traceback" not in said
    assert "ERROR" not in said
