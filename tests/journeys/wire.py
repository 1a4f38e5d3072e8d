"""A wire between browsers and a server that keeps a copy of every byte the browsers send."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock, Thread

AT_ONCE = 65_536


@dataclass(frozen=True)
class Request:
    """One HTTP request as it went over the wire; names of headers in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


@dataclass
class Wire:
    """Listens on a port of its own and passes everything on to *to_port*, also after that was restarted."""

    to_port: int
    _sent: list[bytearray] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self._listening.getsockname()[1]}"
        Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def sent(self) -> bytes:
        """Every byte that came from a browser."""
        with self._lock:
            return b"".join(self._sent)

    def requests(self) -> list[Request]:
        with self._lock:
            conversations = [bytes(sent) for sent in self._sent]
        return [request for sent in conversations for request in _read(sent)]

    def _accept(self) -> None:
        while True:
            try:
                browser, _ = self._listening.accept()
            except OSError:
                return
            Thread(target=self._connect, args=(browser,), daemon=True).start()

    def _connect(self, browser: socket.socket) -> None:
        kept = bytearray()
        with self._lock:
            self._sent.append(kept)
        with browser, suppress(OSError), socket.create_connection(("127.0.0.1", self.to_port)) as server:
            answers = Thread(target=_pass_on, args=(server, browser), daemon=True)
            answers.start()
            _pass_on(browser, server, lambda content: self._keep(kept, content))
            answers.join()

    def _keep(self, kept: bytearray, content: bytes) -> None:
        with self._lock:
            kept += content


def _pass_on(
    source: socket.socket, target: socket.socket, keep: Callable[[bytes], None] = lambda content: None
) -> None:
    """Until one side hangs up, which ends the conversation for the other too."""
    with suppress(OSError):
        while content := source.recv(AT_ONCE):
            keep(content)
            target.sendall(content)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def _read(sent: bytes) -> Iterator[Request]:
    """The requests of one conversation; the last one may have been cut off."""
    while sent:
        head, _, rest = sent.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", 0))
        yield Request(method, target, headers, rest[:length])
        sent = rest[length:]
