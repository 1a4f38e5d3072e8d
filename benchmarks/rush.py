"""The 7 a.m. rush: 46,000 entitled, half of them voting within ten minutes, 1,000 observers on the board.

One real server, one process, full verification through HTTP. The clients share its cores, so the server's own
processor time is counted apart. Boards advance every ten seconds here, six times as often as they do.
"""

import asyncio
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from _load import Casts, cast_at, cpu_seconds, enter_at_once, of_board, quantile
from _prepared import open_to_a_crowd

from journeys.server import Server

ENTITLED, OBSERVERS, GROUP = 46_000, 1_000, "Ed25519"
NEEDED = ENTITLED / 2 / 600  # casts a second
PAPERS, SECONDS, STEP, STEP_SECONDS = 4_500, 20, 1.4, 8
LONGEST_WAIT = 2.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), *sys.argv[1:], OPENFLOOR_BOARD_SECONDS="10")
        uuid, papers = open_to_a_crowd(server.data, ENTITLED, PAPERS, group=GROUP)
        server.start()
        try:
            asyncio.run(rush(server, uuid, papers))
        finally:
            server.stop()


async def rush(server: Server, uuid: str, papers: list[bytes]) -> None:
    waiting = iter(papers)
    assert server.process is not None
    pid, port = server.process.pid, server.port
    print(
        f"serve {' '.join(sys.argv[1:])}: {ENTITLED:,} entitled, {GROUP}; "
        f"{NEEDED:.0f} casts a second are needed"
    )
    first = await cast_at(1_000, port, uuid, islice(waiting, 1))
    say("the first paper after the start", first, 0.0)

    began, used = time.perf_counter(), cpu_seconds(pid)
    casting = asyncio.create_task(cast_at(NEEDED, port, uuid, islice(waiting, int(NEEDED * SECONDS))))
    await asyncio.sleep(SECONDS / 5)
    observers = [of_board(port, uuid) for _ in range(OBSERVERS)]
    tasks = await enter_at_once(observers)
    say("while the observers come, all at once", await casting, share(pid, began, used))
    pages = [one.page_seconds for one in observers]
    print(f"    their pages: p50 {quantile(pages, 0.5):.2f} s, p99 {quantile(pages, 0.99):.2f} s")

    began, used = time.perf_counter(), cpu_seconds(pid)
    steady = await cast_at(NEEDED, port, uuid, islice(waiting, int(NEEDED * SECONDS)))
    say("with the observers there", steady, share(pid, began, used))

    rate, reached = NEEDED, steady.a_second
    while True:
        rate *= STEP
        batch = list(islice(waiting, int(rate * STEP_SECONDS)))
        if len(batch) < rate * STEP_SECONDS / 2:
            print("  no paper is left: it was not brought to its limit")
            break
        began, used = time.perf_counter(), cpu_seconds(pid)
        casts = await cast_at(rate, port, uuid, batch)
        say(f"at {rate:.0f} a second", casts, share(pid, began, used))
        if casts.refused or casts.quantile(0.99) > LONGEST_WAIT:
            break
        reached = casts.a_second
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    print(f"  ratio {reached / NEEDED:.1f} (reached against needed, every answer but one in 100 within 2 s)")


def share(pid: int, began: float, used: float) -> float:
    return (cpu_seconds(pid) - used) / (time.perf_counter() - began)


def say(when: str, casts: Casts, server_share: float) -> None:
    print(
        f"  {when}: {casts.a_second:.1f} casts a second, p50 {casts.quantile(0.5) * 1000:.0f} ms, "
        f"p99 {casts.quantile(0.99) * 1000:.0f} ms, refused {casts.refused}"
        + (f"; the server took {server_share:.0%} of a core" if server_share else "")
    )


if __name__ == "__main__":
    main()
