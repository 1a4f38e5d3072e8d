"""Several server processes on one socket, and the keeper that starts them again when they fail.

The trap: none may outlive the keeper, however that ended: each holds a line to it and stops when it breaks.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from threading import Thread

READY = b"1"
SECONDS_TO_PROVE_ITSELF = 10.0
SECONDS_TO_STOP = 15.0

log = logging.getLogger(__name__)


class KeepsFailing(Exception):
    """A server process that ends as soon as it is started."""

    def __str__(self) -> str:
        return (
            "A server process stopped by itself right after its start, so all were stopped. "
            "What went wrong stands above; mend it, and start the server again."
        )


class Process:
    """One of them, seen by the keeper."""

    def __init__(self, listening: socket.socket) -> None:
        self.line, theirs = socket.socketpair()
        with theirs:
            self.started_at = time.monotonic()
            # In a session of its own: Ctrl-C ends it through the keeper.
            self.running = subprocess.Popen(  # noqa: S603 - this very module
                [sys.executable, "-P", "-m", __name__, str(listening.fileno()), str(theirs.fileno())],
                pass_fds=(listening.fileno(), theirs.fileno()),
                start_new_session=True,
            )

    def wait_until_it_answers(self) -> None:
        if self.line.recv(1) != READY:
            raise KeepsFailing

    def has_failed(self) -> bool:
        """Has it stopped? Raises KeepsFailing when it had hardly begun."""
        if self.running.poll() is None:
            return False
        if time.monotonic() - self.started_at < SECONDS_TO_PROVE_ITSELF:
            raise KeepsFailing
        return True

    def tell_to_stop(self) -> None:
        self.line.close()

    def wait_until_stopped(self, until: float) -> None:
        try:
            self.running.wait(max(until - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def keep(listening: socket.socket, number: int, when_ready: Callable[[], None]) -> None:
    """Keep *number* processes running until this one is told to leave; raises KeepsFailing."""
    running: list[Process] = []
    try:
        running += [Process(listening) for _ in range(number)]
        for process in running:
            process.wait_until_it_answers()
        when_ready()
        while True:
            _wait_for_an_end()
            for place, process in enumerate(running):
                if process.has_failed():
                    log.warning("a server process stopped by itself; another takes its place")
                    process.tell_to_stop()
                    running[place] = Process(listening)
                    running[place].wait_until_it_answers()
    finally:
        _stop(running)


def _wait_for_an_end() -> None:
    """Of any of them; it is left for `poll` to collect."""
    os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


def _stop(running: list[Process]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # once is enough
    for process in running:
        process.tell_to_stop()
    until = time.monotonic() + SECONDS_TO_STOP
    for process in running:
        process.wait_until_stopped(until)


def main(listening_number: str, line_number: str) -> None:
    """What each of them does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    line = socket.socket(fileno=int(line_number))

    from openfloor import server
    from openfloor.operations.serving import serving

    Thread(target=_stop_with_keeper, args=(line,), daemon=True).start()
    with serving():  # it may outlive the keeper by some seconds, in which nobody may change all of the data
        server.run(socket.socket(fileno=int(listening_number)), when_ready=lambda: line.sendall(READY))


def _stop_with_keeper(line: socket.socket) -> None:
    line.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(*sys.argv[1:])
