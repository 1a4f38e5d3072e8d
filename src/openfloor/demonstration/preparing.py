"""Before the demonstration is served: a new committee is made, while a page says how far it is."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from threading import Thread

from openfloor.demonstration import folder
from openfloor.demonstration.errors import NotMade
from openfloor.demonstration.waiting import Progress, Waiting


def prepare(data: Path, listening: socket, *, say: Callable[[str], None]) -> None:
    """Leave a complete demonstration in *data*; raises NotTheDemonstration and NotMade."""
    with folder.alone_in(data):
        if not folder.is_complete(data, datetime.now(UTC)):
            folder.empty(data)
            port = listening.getsockname()[1]
            say(f"Preparing a made-up committee, once. http://localhost:{port}/ shows how far it is.")
            _make(listening)


def _make(listening: socket) -> None:
    # In a group of its own: Ctrl-C ends it through us, without a traceback of its own.
    making = subprocess.Popen(
        [sys.executable, "-m", "openfloor.demonstration"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        _wait_for(making, listening)
    except BaseException:
        os.killpg(making.pid, signal.SIGTERM)
        raise
    if making.wait() != 0:
        raise NotMade


def _wait_for(making: "subprocess.Popen[str]", listening: socket) -> None:
    progress = Progress()
    waiting = Waiting(progress)

    def follow() -> None:
        _note(making.stdout or (), progress)
        waiting.stop()

    Thread(target=follow, daemon=True).start()
    waiting.run(listening)


def _note(lines: Iterable[str], progress: Progress) -> None:
    for line in lines:
        progress.done, progress.of = map(int, line.split())
