"""The main story, played once for all who ask: from a founding link to a counted strike vote.

Whatever the browsers send is kept, and what the server keeps is copied before the close and after the count.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Browser, expect

from journeys.belonging import ask_to_join, confirm_roles, found, invite, propose, vouch
from journeys.kept import Kept, read_folder
from journeys.people import LAPTOP, Person
from journeys.server import Server
from journeys.voting import (
    Receipt,
    call_ballot,
    check_list_as_teller,
    in_an_hour,
    make_trustee_key,
    open_count,
    sign_as_trustee,
    vote,
)
from journeys.wire import Request, Wire

ADDRESS_OF_A_CALLER = "203.0.113.77"
KEEP_DRAWS = """
const draw = Crypto.prototype.getRandomValues;
Crypto.prototype.getRandomValues = function (array) {
  const drawn = draw.call(this, array);
  const bytes = new Uint8Array(drawn.buffer, drawn.byteOffset, drawn.byteLength);
  window.keepDraw(Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""));
  return drawn;
};
"""


@dataclass
class StrikeVote:
    """What is left of the story."""

    server: Server
    uuid: str
    archive: Path
    words: dict[int, list[str]]  # by entry number
    key_files: dict[int, Path]
    links: list[str]
    receipts: dict[str, Receipt]
    heads: set[str]
    while_open: Kept
    after_the_count: Kept
    sent: bytes
    requests: list[Request]
    draws: list[bytes]


@dataclass
class _Cast:
    """The people of the story, each with a browser on the wire, and what their browsers drew at random."""

    browser: Browser
    wire: Wire
    stack: ExitStack
    draws: list[bytes] = field(default_factory=list)

    def person(self, name: str, **how: object) -> Person:
        sat_down = Person.sit_down(self.browser, name, self.wire.url, **how)  # type: ignore[arg-type]
        sat_down.context.set_extra_http_headers({"X-Forwarded-For": ADDRESS_OF_A_CALLER})
        sat_down.context.expose_binding(
            "keepDraw", lambda _source, drawn: self.draws.append(bytes.fromhex(drawn))
        )
        sat_down.context.add_init_script(KEEP_DRAWS)
        return self.stack.enter_context(sat_down)


def play(browser: Browser, folder: Path) -> StrikeVote:
    server = Server(folder)
    wire = Wire(server.port)
    server.url = wire.url
    with ExitStack() as stack:
        stack.callback(wire.stop)
        cast = _Cast(browser, wire, stack)
        return _play(server, wire, cast)


def _play(server: Server, wire: Wire, cast: _Cast) -> StrikeVote:
    folder = server.folder
    link = server.found("Harbor General committee")
    server.start()
    ada, ben, cyd = (cast.person(name) for name in ("Ada", "Ben", "Cyd"))
    dot = cast.person("Dot", color_scheme="dark")
    words, invitation = _grow(ada, ben, cyd, dot, link)
    server.set_ahead(timedelta(days=4))  # the days in which members may object to Dot's entry
    _give_roles(ada, ben, cyd, dot)
    uuid, key_files = _call(server, ada, ben, cyd)

    vote(ben, uuid, "No")
    dot.page.goto("/")
    expect(dot.page.get_by_role("link", name="Vote", exact=True)).to_be_visible()
    dot.check()
    receipts = {
        one.name: vote(one, uuid, answer) for one, answer in ((ada, "Yes"), (ben, "Yes"), (dot, "No"))
    }
    dot.check()
    dot.page.goto("/")
    expect(dot.page.get_by_text("You can change your vote until ")).to_be_visible()
    dot.check()
    observer = cast.person("Olu", viewport=LAPTOP)
    observer.page.goto(f"/board/{uuid}/")
    expect(observer.page.locator("[data-voters]")).to_have_text("3", timeout=20_000)
    observer.page.get_by_label("The words or the code of your receipt").fill(receipts["Dot"].words)
    observer.page.get_by_role("button", name="Find it").click()
    expect(observer.page.locator("#papers").get_by_text(receipts["Dot"].hash)).to_be_visible()
    observer.check()
    while_open = read_folder(server.data)

    server.set_ahead(timedelta(hours=2))
    for trustee in (ada, cyd):
        trustee.set_clock(server.now())  # no key opens anything before the close, by its own device's clock
    heads = {open_count(one, uuid, key_files[number]) for number, one in ((1, ada), (3, cyd))}  # are enough
    archive = _download_result(observer, uuid, folder)
    after_the_count = read_folder(server.data)
    server.stop()
    return StrikeVote(
        server=server,
        uuid=uuid,
        archive=archive,
        words=words,
        key_files=key_files,
        links=[link.partition("#")[2], invitation.partition("#")[2]],
        receipts=receipts,
        heads=heads,
        while_open=while_open,
        after_the_count=after_the_count,
        sent=wire.sent(),
        requests=wire.requests(),
        draws=cast.draws,
    )


def _grow(ada: Person, ben: Person, cyd: Person, dot: Person, link: str) -> tuple[dict[int, list[str]], str]:
    """Four members by entry number with their words, and the invitation they used."""
    words = {1: found(ada, link)}
    invitation = invite(ada)
    words[2], code = ask_to_join(ben, invitation)
    vouch(ada, code)
    words[3], code = ask_to_join(cyd, invitation)
    vouch(ben, code)
    words[4], code = ask_to_join(dot, invitation)
    vouch(ada, code)
    vouch(cyd, code)
    return words, invitation


def _give_roles(ada: Person, *others: Person) -> None:
    for number, role in ((1, "trustee"), (2, "trustee"), (3, "trustee"), (2, "teller"), (3, "teller")):
        propose(ada, number, role)
    for one in (ada, *others):
        confirm_roles(one)


def _call(server: Server, ada: Person, ben: Person, cyd: Person) -> tuple[str, dict[int, Path]]:
    """The uuid of an open ballot, and its trustees' key files by entry number."""
    opens = server.now()
    uuid = call_ballot(
        ada,
        "Authorize a strike from the day the contract ends?",
        opens=opens,
        closes=in_an_hour(opens),
        trustees=[1, 2, 3],
        tellers=[2, 3],
    )
    trustees = {1: ada, 2: ben, 3: cyd}
    key_files = {number: make_trustee_key(one, uuid, server.folder) for number, one in trustees.items()}
    for one in trustees.values():
        sign_as_trustee(one, uuid)
        one.check()
    for one in (ben, cyd):
        check_list_as_teller(one, uuid)
    return uuid, key_files


def _download_result(observer: Person, uuid: str, folder: Path) -> Path:
    page = observer.page
    page.goto(f"/board/{uuid}/")
    expect(page.get_by_text("66.7 % said yes: 2 yes, 1 no. 3 of 4 voted.")).to_be_visible()
    observer.check()
    with page.expect_download() as download:
        page.get_by_role("link", name="Save the record").click()
    archive = folder / f"{uuid}.bel"
    download.value.save_as(archive)
    return archive
