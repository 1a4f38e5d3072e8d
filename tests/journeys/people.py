"""People with browsers of their own. Whatever a browser sends or complains about is kept for the test."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",  # Chromium refuses its sandbox to root, which test machines often are
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
# What browsers say of themselves: a refused form answers with 4xx, a worker looks for its script in vain.
OF_THE_NETWORK = ("Failed to load resource", "An unknown error occurred when fetching the script.")
PHONE = {"width": 390, "height": 844}
LAPTOP = {"width": 1280, "height": 900}


@dataclass
class Sent:
    """One request as the browser sent it."""

    method: str
    url: str
    body: bytes


@dataclass
class Person:
    """One person with one browser: their cookies, their storage, their window."""

    name: str
    context: BrowserContext
    page: Page
    sent: list[Sent] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @classmethod
    def sit_down(
        cls,
        browser: Browser,
        name: str,
        url: str,
        *,
        viewport: dict[str, int] = PHONE,
        color_scheme: str = "light",
        java_script_enabled: bool = True,
    ) -> "Person":
        context = browser.new_context(
            base_url=url,
            viewport=viewport,  # type: ignore[arg-type] # a mapping with the two keys asked for
            color_scheme=color_scheme,  # type: ignore[arg-type]
            java_script_enabled=java_script_enabled,
            locale="en-US",
            accept_downloads=True,
        )
        person = cls(name, context, context.new_page())
        person._watch(urlsplit(url).netloc)
        return person

    def _watch(self, home: str) -> None:
        def note(request: Request) -> None:
            self.sent.append(Sent(request.method, request.url, request.post_data_buffer or b""))
            address = urlsplit(request.url)
            if address.scheme in ("http", "https") and address.netloc != home:
                self.complaints.append(f"third-party request: {request.url}")

        def listen(message: ConsoleMessage) -> None:
            if message.type == "error" and not any(known in message.text for known in OF_THE_NETWORK):
                self.complaints.append(f"console: {message.text}")

        self.context.on("request", note)
        self.context.on("console", listen)
        self.context.on("weberror", lambda error: self.complaints.append(f"page error: {error.error}"))

    def set_clock(self, now: datetime) -> None:
        """Let the device's clock show this moment; timers run on."""
        self.context.clock.set_fixed_time(now)

    def axe(self) -> list[str]:
        """What axe finds on the page as it stands; nothing is the goal."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate("() => axe.run({ resultTypes: ['violations'] })")
        return [
            f"{problem['id']}: {node['html'][:160]}"
            for problem in found["violations"]
            for node in problem["nodes"]
        ]

    def check(self) -> None:
        """No console error, no blocked script, no request to anybody else, nothing for axe."""
        assert self.axe() == []
        assert self.complaints == []

    def __enter__(self) -> "Person":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()
        if error is None:
            assert self.complaints == []
