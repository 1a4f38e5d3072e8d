"""The share of 1,000 listeners of one live board that heard of new papers within two seconds.

A paper is cast, the board advances by the clock, and the moment it advanced stands in the database: each
listener's own moment is held against it. The listeners share the server's cores.
"""

import asyncio
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from _load import cast_at, cpu_seconds, enter_at_once, of_board, until_all_heard
from _prepared import open_ballot

from journeys.server import Server

LISTENERS, ROUNDS, WITHIN, PATIENCE = 1_000, 5, 2.0, 30.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), *sys.argv[1:])
        called = open_ballot(server.data, members=ROUNDS)
        papers = [called.paper(number + 1) for number in range(ROUNDS)]
        server.start()
        try:
            asyncio.run(measure(server, called.ballot.uuid, papers))
        finally:
            server.stop()


async def measure(server: Server, uuid: str, papers: list[bytes]) -> None:
    assert server.process is not None
    observers = [of_board(server.port, uuid) for _ in range(LISTENERS)]
    tasks = await enter_at_once(observers)
    delays: list[float] = []
    used = cpu_seconds(server.process.pid)
    for height, paper in enumerate(papers, start=1):
        await cast_at(1_000, server.port, uuid, [paper])
        published_at = await advanced(server.data, height)
        await until_all_heard(observers, height, PATIENCE)
        delays += [one.heard.get(height, float("inf")) - published_at for one in observers]
    used = cpu_seconds(server.process.pid) - used
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    in_time = sum(delay <= WITHIN for delay in delays) / len(delays)
    delays.sort()
    each = used / ROUNDS
    half, nearly_all = delays[len(delays) // 2], delays[len(delays) * 99 // 100]
    print(f"{LISTENERS:,} listeners, {ROUNDS} updates; the server took {each:.2f} s for each:")
    print(f"  heard after: half {half:.2f} s, 99 of 100 {nearly_all:.2f} s")
    print(f"  share that heard within {WITHIN:.0f} s: {in_time:.3f} (1 is all of them)")


async def advanced(data: Path, height: int) -> float:
    """The moment at which the public board came to *height*."""
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        with closing(sqlite3.connect(data / "openfloor.sqlite3")) as database:
            shown, at = database.execute(
                "SELECT published_height, published_at FROM ballots_ballot"
            ).fetchone()
        if shown >= height:
            return datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
        await asyncio.sleep(0.05)
    raise SystemExit("the board did not advance")


if __name__ == "__main__":
    main()
