"""What the port answers while the committee is being made. Django starts when that is there."""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from string import Template
from typing import Any

import uvicorn

from openfloor.ui import policy

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LOOK = Path(__file__).parents[1] / "ui" / "static"
FILES = {
    f"/static/ui/{path.relative_to(LOOK / 'ui')}": path
    for path in (LOOK / "ui").rglob("*")
    if path.suffix in (".css", ".svg", ".woff2")
}
KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
HEADERS = policy.HEADERS | {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
}
PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<link rel="stylesheet" href="/static/ui/look.css">
<link rel="icon" href="/static/ui/icon.svg" type="image/svg+xml">
</head>
<body>
<main class="narrow">
<section class="card now">
<h1>$title</h1>
<p>$sentence</p>
<progress max="$of" value="$done" aria-label="$title"></progress>
</section>
</main>
</body>
</html>
"""
)


def _(sentence: str) -> str:
    """Marks a sentence for translators; without Django it is shown as written."""
    return sentence


@dataclass(slots=True)
class Progress:
    done: int = 0
    of: int = 1


class Waiting:
    """A server of one page, which loads itself again each second until there is something to see."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        config = uvicorn.Config(
            self._answer,
            interface="asgi3",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
        )
        self.server = uvicorn.Server(config)

    def run(self, listening: socket) -> None:
        """Answer until stopped; the socket stays open, so that whoever calls next is only kept waiting."""
        self.server.run(sockets=[listening.dup()])

    def stop(self) -> None:
        self.server.should_exit = True

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (path := FILES.get(scope["path"])) is not None:
            await _send(send, 200, path.read_bytes(), {"Content-Type": KINDS[path.suffix]})
        else:
            again = {"Content-Type": "text/html; charset=utf-8", "Refresh": "1", "Retry-After": "1"}
            await _send(send, 503, self._page().encode(), again)

    def _page(self) -> str:
        return PAGE.substitute(
            title=_("The made-up committee is being prepared"),
            sentence=_(
                "Sixty members join, and four ballots are called and voted in, as real ones would be. "
                "This page goes on by itself."
            ),
            done=self.progress.done,
            of=self.progress.of,
        )


async def _send(send: Send, status: int, body: bytes, own: dict[str, str]) -> None:
    together = HEADERS | own | {"Content-Length": str(len(body)), "Connection": "close"}
    headers = [(name.lower().encode(), value.encode()) for name, value in together.items()]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
