"""A real server in a folder of its own, whose clock can be set ahead by restarting it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

BIN = Path(sys.executable).parent
FAKETIME = Path("/usr/lib") / f"{os.uname().machine}-linux-gnu" / "faketime/libfaketimeMT.so.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """
    `openfloor serve` on localhost. Public pages advance every second instead of every minute.

    *options* are for `serve`; *more* is what its environment has besides.
    """

    def __init__(self, folder: Path, *options: str, **more: str) -> None:
        self.folder = folder
        self.options = options
        self.more = more
        self.data = folder / "data"
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.ahead = timedelta()
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        ahead = int(self.ahead.total_seconds())
        clock = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": f"{ahead:+}"} if ahead else {}
        return {
            **os.environ,
            "OPENFLOOR_DATA": str(self.data),
            "OPENFLOOR_URL": self.url,
            "OPENFLOOR_BOARD_SECONDS": "1",
            **self.more,
            **clock,
        }

    def run(self, *words: str) -> str:
        """One `openfloor` command in the server's folder; its output."""
        finished = subprocess.run(
            [BIN / "openfloor", *words],
            env=self.environment(),
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr
        return finished.stdout

    def found(self, name: str, *options: str) -> str:
        """Prepare a committee; its one-time founding link."""
        output = self.run("init", "--name", name, "--zone", "America/Los_Angeles", *options)
        link = re.search(r"http://localhost\S+", output)
        assert link is not None, output
        return link[0]

    def start(self) -> "Server":
        self.launch()
        self.wait_until_it_answers()
        return self

    def launch(self) -> None:
        """Start it, and do not wait until it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*self.wrapping(), str(BIN / "openfloor"), "serve", "--port", str(self.port), *self.options],
                env=self.environment(),
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def wrapping(self) -> list[str]:
        """The words before the command, for a server that runs inside something."""
        return []

    def stop(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        self.process = None

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait(timeout=20)
        self.process = None

    def set_ahead(self, more: timedelta) -> None:
        """Move the server's clock forward."""
        self.stop()
        self.ahead += more
        self.start()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait_until_it_answers(self) -> None:
        for _ in range(300):
            try:
                urllib.request.urlopen(self.url, timeout=5).close()  # noqa: S310 - our own localhost server
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                assert self.process is not None
                assert self.process.poll() is None, self.log.read_text()
                time.sleep(0.1)
        raise AssertionError(f"the server did not answer: {self.log.read_text()}")
