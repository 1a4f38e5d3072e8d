"""How a dishonest host tells its lies: in its server's database, or in what it answers to one browser."""

import html
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from playwright.sync_api import BrowserContext, Route

from journeys.kept import DATABASE
from journeys.lies import Board, Setup
from journeys.people import Person
from journeys.server import Server
from openballot.ballots import ballot_hash
from openfloor.audit import chain
from openfloor.workplace.memberkeys import canonical, hash_of

# In the database


@contextmanager
def lying(server: Server) -> Iterator[sqlite3.Connection]:
    """The database of a server that is stopped for as long as somebody changes it."""
    server.stop()
    with closing(sqlite3.connect(server.data / DATABASE)) as database:
        yield database
        database.commit()
    server.start()


def write_roll(database: sqlite3.Connection, lines: list[str]) -> None:
    (committee,) = database.execute("SELECT id FROM workplace_committee").fetchone()
    database.execute("DELETE FROM workplace_rollrecord")
    database.executemany(
        "INSERT INTO workplace_rollrecord (committee_id, position, text, hash) VALUES (?, ?, ?, ?)",
        [(committee, position, line, hash_of(line)) for position, line in enumerate(lines)],
    )


def write_ledger(database: sqlite3.Connection, lines: list[str]) -> None:
    """Newest first, so that no two entries ever have the same hash."""
    for line in reversed(lines):
        value = json.loads(line)
        text = canonical(value["entry"])
        database.execute(
            "UPDATE audit_ledgerentry SET text = ?, hash = ?, payload = ? WHERE number = ?",
            (text, chain.text_hash(text), canonical(value["payload"]), value["entry"]["number"]),
        )


def write_board(database: sqlite3.Connection, uuid: str, board: Board) -> None:
    (ballot,) = database.execute("SELECT id FROM ballots_ballot WHERE uuid = ?", (uuid,)).fetchone()
    database.execute("DELETE FROM ballots_boardevent WHERE ballot_id = ?", (ballot,))
    for event in board.chained():
        is_paper = event.type == "Ballot"
        paper = event.data[0] if is_paper else None
        database.execute(
            "INSERT INTO ballots_boardevent (ballot_id, height, kind, data, text, hash, credential, tracker)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                ballot,
                event.height,
                event.type,
                json.dumps(event.data),
                event.text,
                event.hash,
                json.loads(paper)["credential"] if paper else None,
                ballot_hash(paper) if paper else None,
            ),
        )
    database.execute(
        "UPDATE ballots_ballot SET published_height = ? WHERE id = ?", (len(board.events) - 1, ballot)
    )


def write_setup(database: sqlite3.Connection, uuid: str, setup: Setup) -> None:
    database.execute(
        "UPDATE ballots_ballot SET charter = ?, election = ?, trustees_text = ?, credentials = ?"
        " WHERE uuid = ?",
        (setup["charter"], setup["election"], setup["trustees"], setup["credentials"], uuid),
    )


# On the wire


def answer_with(context: BrowserContext, path: str, content: bytes | str) -> None:
    """The host answers a path with something else."""

    def answer(route: Route) -> None:
        response = route.fetch()
        kind = response.headers.get("content-type", "")
        route.fulfill(status=200, body=content, content_type=kind)

    context.route(f"**{path}", answer)


def answer_json(context: BrowserContext, path: str, value: Any) -> None:
    answer_with(context, path, json.dumps(value))


def rewrite(context: BrowserContext, path: str, change: Callable[[str], str]) -> None:
    """The host changes what it would have answered; its headers stay."""

    def answer(route: Route) -> None:
        response = route.fetch()
        kept = {name: value for name, value in response.headers.items() if name != "content-length"}
        route.fulfill(status=response.status, headers=kept, body=change(response.text()))

    context.route(f"**{path}", answer)


def page_says(person: Person, uuid: str, **values: str) -> None:
    """The host writes other values into the trustee's page."""

    def change(page: str) -> str:
        for name, value in values.items():
            attribute = f'data-{name.replace("_", "-")}="'
            before, _, rest = page.partition(attribute)
            page = before + attribute + html.escape(value) + rest[rest.index('"') :]
        return page

    rewrite(person.context, f"/ballots/{uuid}/trustee/", change)


def answer_board(context: BrowserContext, uuid: str, board: Board) -> None:
    """The host shows another board, and a head that fits it."""
    content = board.content()

    def head(text: str) -> str:
        papers = board.papers
        voters = {json.loads(paper)["credential"] for paper in papers}
        shown = {"height": len(board.events) - 1, "head": board.head}
        return json.dumps({**json.loads(text), **shown, "ballots": len(papers), "voters": len(voters)})

    rewrite(context, f"/board/{uuid}/head.json", head)
    answer_with(context, f"/board/{uuid}/{uuid}.bel", content)
