"""The share of 1,000 listeners of a session's minutes that had a new line within a second of its being sent.

A note-taker sends a line as the page's script does; each listener's own moment, at which the words are there,
is held against the moment before it was sent. The listeners share the server's cores.
"""

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _goals import at_least
from _load import Observer, cpu_seconds, enter_at_once, get, post, quantile, until_all_heard
from _prepared import public_session

from journeys.server import Server

LISTENERS, LINES, WITHIN, PATIENCE = 1_000, 5, 1.0, 60.0
SHARE = 0.99
TOKEN = "a" * 32


class Reader(Observer):
    """Does what the page does: takes the lines of the stream, and fetches what it missed."""

    def __init__(self, port: int, session: str) -> None:
        super().__init__(port, [session], f"{session}live", "lines")
        self.session = session
        self.last = 0

    async def hear(self, head: dict[str, Any]) -> None:
        for line in head["last"]:
            self._take(line)
        if head["lines"] > self.last:
            status, body = await get(self.port, f"{self.session}minutes.json?after={self.last}")
            assert status == 200, status
            for line in json.loads(body)["lines"]:
                self._take(line)

    def _take(self, line: dict[str, Any]) -> None:
        if line["number"] == self.last + 1:
            self.last = line["number"]
            self.heard[self.last] = time.time()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), *sys.argv[1:])
        session, cookie = public_session(server.data)
        server.start()
        try:
            asyncio.run(measure(server, session, cookie))
        finally:
            server.stop()


async def measure(server: Server, session: str, cookie: str) -> None:
    assert server.process is not None
    readers = [Reader(server.port, session) for _ in range(LISTENERS)]
    tasks = await enter_at_once(readers)
    delays: list[float] = []
    used = cpu_seconds(server.process.pid)
    for number in range(1, LINES + 1):
        sent_at = time.time()
        await write(server, session, cookie, number)
        await until_all_heard(readers, number, PATIENCE)
        delays += [one.heard.get(number, float("inf")) - sent_at for one in readers]
    each = (cpu_seconds(server.process.pid) - used) / LINES
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    half, nearly_all = quantile(delays, 0.5), quantile(delays, 0.99)
    print(f"{LISTENERS:,} listeners, {LINES} lines; the server took {each:.2f} s for each:")
    print(f"  had it after: half {half:.2f} s, 99 of 100 {nearly_all:.2f} s")
    in_time = sum(delay <= WITHIN for delay in delays) / len(delays)
    at_least(
        f"share of {LISTENERS:,} listeners that had a line of the minutes within a second", SHARE, in_time
    )


async def write(server: Server, session: str, cookie: str, number: int) -> None:
    line = {"text": f"They said no, for time {number}.", "token": str(number)}
    headers = f"Cookie: {cookie}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
    body = json.dumps(line).encode()
    status, answer = await post(server.port, f"{session}lines/", body, headers)
    assert status == 200, answer


if __name__ == "__main__":
    main()
