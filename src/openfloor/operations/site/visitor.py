"""Fetching as ordinary browsers do, so that a site cannot tell who compares from who votes.

The trap: the order of a handshake still differs from a browser's. Compare from a phone's network, too.
"""

import http.client
import ssl
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

import brotli

MOST_BYTES = 30_000_000
SECONDS = 30
MODERN, OLDER = "gzip, deflate, br", "gzip, deflate"
AGENTS = {
    "Chrome on Android": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
    "Firefox on Windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0",
    "Safari on an iPhone": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.2 Mobile/15E148 Safari/604.1",
}
WORKER = "/service-worker.js"
DESTINATIONS = {
    ".js": "script",
    ".mjs": "script",
    ".css": "style",
    ".woff2": "font",
    ".webmanifest": "manifest",
}


class DidNotAnswer(Exception):
    """No answer came, or none that can be read."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, list[str]]
    content: bytes

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name, []))


class Visitor:
    """One browser without cookies, on one kept connection."""

    def __init__(self, base: str, agent: str) -> None:
        self.base = base
        self.agent = agent
        self._connection: http.client.HTTPConnection | None = None

    def fetch(self, address: str, encodings: str = MODERN) -> Answer:
        """Raises DidNotAnswer."""
        answer = self._ask_patiently(address, encodings)
        try:
            return Answer(answer.status, answer.headers, _decoded(answer))
        except (ValueError, zlib.error, brotli.error) as error:
            raise DidNotAnswer("it cannot be read") from error

    def _ask_patiently(self, address: str, encodings: str) -> Answer:
        """A kept connection may have been closed meanwhile: then once more."""
        try:
            return self._ask(address, encodings)
        except (OSError, http.client.HTTPException):
            self.leave()
        try:
            return self._ask(address, encodings)
        except (OSError, http.client.HTTPException) as error:
            self.leave()
            raise DidNotAnswer(type(error).__name__) from error

    def leave(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _ask(self, address: str, encodings: str) -> Answer:
        """What came over the line, still compressed."""
        connection = self._connection or self._connect()
        self._connection = connection
        parts = urlsplit(address)
        connection.putrequest(
            "GET", parts.path + (f"?{parts.query}" if parts.query else ""), skip_accept_encoding=True
        )
        for name, value in self._headers(parts.path, encodings).items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        raw = answer.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES or answer.will_close:
            self.leave()
        headers: dict[str, list[str]] = {}
        for name, value in answer.getheaders():
            headers.setdefault(name.lower(), []).append(value)
        return Answer(answer.status, headers, raw)

    def _connect(self) -> http.client.HTTPConnection:
        parts = urlsplit(self.base)
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(parts.netloc, timeout=SECONDS, context=context)
        return http.client.HTTPConnection(parts.netloc, timeout=SECONDS)

    def _headers(self, path: str, encodings: str) -> dict[str, str]:
        is_worker = path == WORKER
        destination = "serviceworker" if is_worker else DESTINATIONS.get(path[path.rfind(".") :], "document")
        is_page = destination == "document"
        return {
            "User-Agent": AGENTS[self.agent],
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8" if is_page else "*/*",
            "Accept-Language": "en-US,en;q=0.5",
            "Accept-Encoding": encodings,
            **({} if is_page else {"Referer": f"{self.base}/"}),
            **({"Service-Worker": "script"} if is_worker else {}),
            "Sec-Fetch-Dest": destination,
            "Sec-Fetch-Mode": "navigate" if is_page else "same-origin" if is_worker else "cors",
            "Sec-Fetch-Site": "none" if is_page else "same-origin",
        }


def _decoded(answer: Answer) -> bytes:
    raw = answer.content
    match answer.header("content-encoding").strip().lower():
        case "" | "identity":
            return raw
        case "gzip":
            packed = zlib.decompressobj(wbits=31)
            content = packed.decompress(raw, MOST_BYTES)
            if not packed.eof or packed.unused_data:
                raise ValueError("cut off, or more behind it, which some browsers would read too")
            return content
        case "br":
            return bytes(brotli.decompress(raw))
        case other:
            raise ValueError(other)
