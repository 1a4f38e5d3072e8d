"""Two nodes with folders of their own, one PostgreSQL and one folder of secrets: to people they are one.

The nodes and their ballot serve all tests of this module; its close comes last.
"""

import http.client
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from factories import rush
from factories.elsewhere import Place
from factories.postgres import Postgres, new_database
from factories.workplace import keys_of
from journeys.server import Server
from openballot import verifier
from openballot.archive import read_archive

pytestmark = pytest.mark.journey

SECONDS_UNTIL_THE_OTHER_SHOWS_IT = 1.0


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    postgres = Postgres()
    yield postgres
    postgres.stop()


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator["Nodes"]:
    nodes = Nodes(tmp_path_factory.mktemp("nodes"), postgres)
    for node in nodes.both:
        node.launch()
    for node in nodes.both:
        node.wait_until_it_answers()
    yield nodes
    for node in nodes.both:
        node.stop()


class Nodes:
    """Two servers over one prepared ballot."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.place = Place(folder, postgres.url("postgres"))
        self.made = self.place.play(rush.open_with_papers, 1)
        shared = self.place.environment
        self.uuid: str = self.made["uuid"]
        self.papers: list[str] = self.made["papers"]
        self.events: set[str] = set()  # of all receipts
        self.both = [new_node(folder / name, shared) for name in ("a", "b")]
        self.first, self.second = self.both

    def cast(self, node: Server, paper: str) -> dict[str, Any]:
        with closing(http.client.HTTPConnection("localhost", node.port, timeout=30)) as connection:
            headers = {"Content-Type": "application/json", "Origin": node.url}
            connection.request("POST", f"/board/{self.uuid}/cast", paper, headers)
            answer = connection.getresponse()
            said: dict[str, Any] = json.loads(answer.read())
        assert answer.status == 200, said
        self.events.add(said["receipt"]["event"])
        return said

    def head(self, node: Server) -> dict[str, Any]:
        head: dict[str, Any] = json.loads(read(node, f"/board/{self.uuid}/head.json"))
        return head

    def wait_until_all_is_shown(self) -> None:
        for node in self.both:
            self.wait_for(node, ballots=len(self.events))

    def wait_for(self, node: Server, **wanted: Any) -> dict[str, Any]:
        """The public head on *node* once it says this."""
        for _ in range(1_000):
            head = self.head(node)
            if wanted.items() <= head.items():
                return head
            time.sleep(0.02)
        raise AssertionError(f"never {wanted}: {head}")


def new_node(folder: Path, shared: dict[str, str]) -> Server:
    folder.mkdir()
    return Server(folder, **{**shared, "OPENFLOOR_DATA": str(folder / "data")})


def read(node: Server, path: str) -> bytes:
    with closing(http.client.HTTPConnection("localhost", node.port, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


class Stream:
    """A browser that watches a board live."""

    def __init__(self, node: Server, uuid: str) -> None:
        self.connection = http.client.HTTPConnection("localhost", node.port, timeout=30)
        self.connection.request("GET", f"/board/{uuid}/live")
        self.answer = self.connection.getresponse()

    def next(self) -> dict[str, Any]:
        while True:
            line = self.answer.readline().decode()
            if line.startswith("data: "):
                head: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return head

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: object) -> None:
        self.answer.close()
        self.connection.close()


def test_what_is_cast_on_one_node_is_read_and_seen_live_on_the_other(nodes: Nodes) -> None:
    with Stream(nodes.second, nodes.uuid) as stream:
        seen = [stream.next()["ballots"]]
        for ballots in (1, 2, 3):
            nodes.cast(nodes.first, nodes.papers.pop())
            nodes.wait_for(nodes.first, ballots=ballots)
            shown_at = time.monotonic()
            seen.append(stream.next()["ballots"])
            assert time.monotonic() - shown_at < SECONDS_UNTIL_THE_OTHER_SHOWS_IT

    assert seen == [0, 1, 2, 3]
    assert nodes.head(nodes.second) == nodes.head(nodes.first)


def test_same_paper_gets_the_same_receipt_from_either_node(nodes: Nodes) -> None:
    paper = nodes.papers.pop()

    assert nodes.cast(nodes.first, paper) == nodes.cast(nodes.second, paper)


def test_whoever_signs_in_on_one_node_is_signed_in_on_the_other(nodes: Nodes) -> None:
    for here, there, number in ((nodes.first, nodes.second, 1), (nodes.second, nodes.first, 2)):
        browser = build_opener(HTTPCookieProcessor(CookieJar()))
        sign_in(browser, here, keys_of(number).sign_in_secret)

        page = browser.open(f"{there.url}/me/").read().decode()

        assert f"Person {number}" in page


def sign_in(browser: OpenerDirector, node: Server, secret: str) -> None:
    page = browser.open(f"{node.url}/sign-in/").read().decode()
    token = re.search(r'csrf[^>]*?(?:value|content|token)="([A-Za-z0-9]{64})"', page)
    assert token is not None, page
    body = json.dumps({"secret": secret}).encode()
    headers = {"Content-Type": "application/json", "X-CSRFToken": token[1], "Origin": node.url}
    browser.open(Request(f"{node.url}/sign-in/", body, headers)).close()  # noqa: S310 - our own server


def test_nodes_that_start_at_the_same_moment_prepare_the_database_once(
    tmp_path: Path, postgres: Postgres
) -> None:
    shared = {
        "OPENFLOOR_DATABASE": new_database(postgres.url("postgres")),
        "OPENFLOOR_SECRETS": str(tmp_path / "secrets"),
    }
    nodes = [new_node(tmp_path / name, shared) for name in ("a", "b")]

    for node in nodes:
        node.launch()
    for node in nodes:
        node.wait_until_it_answers()
        node.stop()

    assert {path.name for path in (tmp_path / "secrets").iterdir()} == {"django.key", "server.lock"}


def test_nodes_that_have_nothing_to_report_are_quiet(nodes: Nodes) -> None:
    time.sleep(3)  # in which both look several times

    for node in nodes.both:
        assert node.log.read_text(encoding="utf-8").splitlines() == [
            f"Openfloor answers at {node.url}/  (Ctrl-C stops it)"
        ]


def test_nodes_go_on_by_themselves_after_the_database_was_restarted(nodes: Nodes, postgres: Postgres) -> None:
    nodes.wait_until_all_is_shown()
    with Stream(nodes.second, nodes.uuid) as stream:
        before = stream.next()["ballots"]

        postgres.restart()
        nodes.cast(nodes.first, nodes.papers.pop())

        assert stream.next()["ballots"] == before + 1
    assert nodes.cast(nodes.second, nodes.papers.pop())["state"] == "counts"


def test_close_happens_once_and_both_show_it(nodes: Nodes) -> None:
    nodes.wait_until_all_is_shown()
    before = len(nodes.events)
    said = [nodes.cast(node, nodes.papers.pop()) for node in nodes.both * 3]
    nodes.place.close_ballots_at(datetime.now(UTC))

    for node in nodes.both:
        nodes.wait_for(node, state="closed", height=said[-1]["receipt"]["height"] + 2)
    time.sleep(3)  # both look again and again
    boards = [read(node, f"/board/{nodes.uuid}/{nodes.uuid}.bel") for node in nodes.both]

    assert boards[0] == boards[1]
    assert verifier.verify(boards[0]).verdict == "valid"
    kinds = [event.type for event in read_archive(boards[0]).events]
    assert kinds == ["Setup", *["Ballot"] * (len(kinds) - 3), "EndBallots", "EncryptedTally"]
    assert [answer["receipt"]["height"] for answer in said] == list(range(before + 1, before + 7))
    assert list((nodes.place.folder / "data/secrets").glob("*.k")) == []
