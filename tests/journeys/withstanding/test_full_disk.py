"""A disk that is really full: whoever asks for something is told, nothing is lost, and it goes on."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from journeys.belonging import sign_in
from journeys.kept import DATABASE, Tables, read_tables
from journeys.people import Person
from journeys.prepared import Prepared
from journeys.server import Server
from journeys.voting import step
from journeys.withstanding.visitor import Visitor

pytestmark = pytest.mark.journey

MEGABYTES = 40
MOUNT = 'mount -t tmpfs -o size="$1m" openfloor "$2" && cp -a "$3/." "$2" && shift 3 && exec "$@"'
ABOUT_CALLERS = ("django_session", "workplace_device", "workplace_strangerbudget")


class SmallDisk(Server):
    """Its data lie on a disk of their own, which only this server sees mounted."""

    def start(self) -> "SmallDisk":
        disk = self.folder / "disk"
        disk.mkdir()
        self.source, self.data = self.data, disk
        super().start()
        assert self.process is not None
        # The same disk as the server sees it.
        self.data = Path(f"/proc/{self.process.pid}/root{disk}")
        assert os.statvfs(self.data).f_blocks * os.statvfs(self.data).f_frsize == MEGABYTES << 20, (
            "This test needs a disk of its own: root, or user namespaces that may mount a tmpfs."
        )
        return self

    def wrapping(self) -> list[str]:
        alone = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
        return [*alone, "sh", "-c", MOUNT, "sh", str(MEGABYTES), str(self.data), str(self.source)]

    @property
    def filler(self) -> Path:
        return self.data / "filler"

    def fill(self) -> None:
        """Not a byte is left, nor room in the log that SQLite would use again."""
        with closing(sqlite3.connect(self.data / DATABASE, timeout=30)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self.filler.open("ab", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                with pytest.raises(OSError, match="No space left"):  # noqa: PT012 - until it is full
                    while True:
                        file.write(b"\0" * size)

    def make_room(self) -> None:
        self.filler.unlink()


@pytest.fixture
def server(prepared: Prepared, tmp_path: Path) -> Iterator[SmallDisk]:
    shutil.copytree(prepared.folder, tmp_path / "data")
    server = SmallDisk(tmp_path)
    server.start()
    yield server
    server.stop()


def lasting(tables: Tables) -> Tables:
    """All but what is known of callers, and what the clock moves on."""
    return {
        name: [
            {column: cell for column, cell in row.items() if not column.startswith("published_")}
            for row in rows
        ]
        for name, rows in tables.items()
        if name not in ABOUT_CALLERS
    }


def test_nothing_is_lost_on_a_full_disk_and_it_goes_on_when_there_is_room(
    server: SmallDisk, prepared: Prepared
) -> None:
    assert server.process is not None
    process, of = server.process.pid, prepared.ballots
    member, stranger = Visitor(server), Visitor(server)
    assert member.sign_in(1).status == 200
    receipt = stranger.cast(of["open"], prepared.papers["open"])
    assert receipt.status == 200
    server.fill()
    before = lasting(read_tables(server.data))

    refused = [
        stranger.cast(of["open_too"], prepared.papers["open_too"]),
        Visitor(server).sign_in(2),
        member.ask(f"/ballots/{of['counted']}/copy/", {}),
        member.ask("/invitations/", {"secret_hash": "0" * 64, "uses": 1, "days": 1}),
    ]

    assert [(answer.status, answer.code) for answer in refused] == [(507, "insufficient_storage")] * 4
    assert {answer.json["error"]["sentence"] for answer in refused} == {
        "There is no room left on this server. What you sent may not be saved. What was saved before is "
        "still there. Tell an organiser; then try again."
    }
    assert lasting(read_tables(server.data)) == before
    # What only reads goes on.
    assert stranger.ask(f"/board/{of['open']}/").status == 200
    assert stranger.cast(of["open"], prepared.papers["open"]).json == receipt.json

    server.make_room()

    assert stranger.cast(of["open_too"], prepared.papers["open_too"]).json["state"] == "counts"
    assert member.ask(f"/ballots/{of['counted']}/copy/", {}).status == 302
    assert Visitor(server).sign_in(2).status == 200
    assert server.process.pid == process
    assert server.process.poll() is None


def test_a_vote_that_finds_the_disk_full_is_kept_on_the_phone_and_sent_again(
    server: SmallDisk, prepared: Prepared, browser: Browser
) -> None:
    uuid = prepared.ballots["open"]
    with Person.sit_down(browser, "Eve", server.url) as eve:
        sign_in(eve, prepared.words[5])
        page = eve.page
        page.goto(f"/ballots/{uuid}/vote/")
        step(page, "choose")
        page.get_by_label("Yes", exact=True).check()
        page.get_by_role("button", name="Go on").click()
        step(page, "check")
        server.fill()
        page.clock.install()
        page.get_by_role("button", name="Cast my vote").click()
        unsure = page.get_by_text("We do not know whether your vote arrived.")
        while not unsure.is_visible():
            page.clock.run_for(1_000)
        server.make_room()

        page.get_by_role("button", name="Send it again").click()

        step(page, "receipt")
        expect(page.get_by_role("heading", name="Your vote is in")).to_be_visible()
