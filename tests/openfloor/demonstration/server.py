"""`openfloor demo` as it runs, in a folder of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path

OPENFLOOR = Path(sys.executable).parent / "openfloor"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Demonstration:
    """One server; *folder* is where it was started, and holds `.demo`."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @classmethod
    def start(cls, folder: Path) -> "Demonstration":
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")}
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [OPENFLOOR, "demo", "--port", str(port)], cwd=folder, env=environment, stdout=log, stderr=log
            )
        return cls(folder, port, process)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def first_answer(self) -> Answer:
        """Whatever answers first: the page itself, or one that says how far it is."""
        for _ in range(600):
            try:
                return self.ask("/")
            except ConnectionError:
                assert self.process.poll() is None, self.log
                time.sleep(0.05)
        raise AssertionError(self.log)

    def wait_until_ready(self) -> "Demonstration":
        for _ in range(1200):
            if self.first_answer().status != 503:
                return self
            time.sleep(0.1)
        raise AssertionError(self.log)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=60)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        received = {name.lower(): value for name, value in answer.getheaders()}
        if cookies := answer.headers.get_all("Set-Cookie"):
            received["set-cookie"] = "\n".join(cookies)
        body = answer.read()
        connection.close()
        return Answer(answer.status, received, body)

    def __enter__(self) -> "Demonstration":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Ctrl-C."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@dataclass
class Visitor:
    """Somebody with a cookie jar and no script."""

    server: Demonstration
    cookies: SimpleCookie = field(default_factory=SimpleCookie)

    def get(self, path: str) -> Answer:
        return self._ask(path, "GET")

    def become(self, role: str) -> Answer:
        """What the page's script sends."""
        page = self.get(f"/demonstration/as/{role}/")
        token = page.text.split('<meta name="csrf" content="')[1].split('"')[0]
        return self._ask(
            f"/demonstration/as/{role}/",
            "POST",
            b"{}",
            Content_Type="application/json",
            X_CSRFToken=token,
            Origin=self.server.url,
        )

    def _ask(self, path: str, method: str, body: bytes | None = None, **headers: str) -> Answer:
        sent = "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())
        answer = self.server.ask(path, method, body, Cookie=sent, **headers)
        for cookie in answer.headers.get("set-cookie", "").splitlines():
            self.cookies.load(cookie)
        return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
