"""Many clients of one server, played from one process: who casts, and who watches the board."""

import asyncio
import json
import os
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
PATIENCE = 60.0


@dataclass(slots=True)
class Casts:
    """How long each took, in seconds, and how many got no receipt."""

    seconds: list[float] = field(default_factory=list)
    refused: int = 0
    elapsed: float = 0.0

    @property
    def a_second(self) -> float:
        return len(self.seconds) / self.elapsed

    def quantile(self, share: float) -> float:
        return quantile(self.seconds, share)


def quantile(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def cast_at(rate: float, port: int, uuid: str, papers: Iterable[bytes]) -> Casts:
    """Cast each at a moment of its own, *rate* a second on average, whether or not others are answered."""
    casts, chance = Casts(), random.Random(0)
    async with asyncio.TaskGroup() as group:
        began = time.perf_counter()
        due = began
        for paper in papers:
            due += chance.expovariate(rate)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(_cast(port, uuid, paper, casts, time.perf_counter()))
    casts.elapsed = time.perf_counter() - began
    return casts


async def _cast(port: int, uuid: str, paper: bytes, casts: Casts, began: float) -> None:
    try:
        status = (await asyncio.wait_for(post(port, f"/board/{uuid}/cast", paper), PATIENCE))[0]
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status = 0
    if status == 200:
        casts.seconds.append(time.perf_counter() - began)
    else:
        casts.refused += 1


async def post(port: int, path: str, body: bytes, more: str = "") -> tuple[int, bytes]:
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}"
    return await _ask(port, f"POST {path} HTTP/1.1\r\n{head}", body)


async def get(port: int, path: str, more: str = "") -> tuple[int, bytes]:
    return await _ask(port, f"GET {path} HTTP/1.1\r\n{more}", b"")


async def _ask(port: int, start: str, body: bytes) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"{start}Host: localhost:{port}\r\nConnection: close\r\n\r\n".encode() + body)
        answer = await reader.read()
    finally:
        writer.close()
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split(b" ", 2)[1]) if head else 0, content


class Observer:
    """Somebody who opens pages and a live stream; *heard* are what it counts, and the moments."""

    def __init__(self, port: int, pages: Sequence[str], live: str, counts: str) -> None:
        self.port = port
        self.pages = pages
        self.live = live
        self.counts = counts
        self.heard: dict[int, float] = {}
        self.page_seconds = 0.0
        self.listening = asyncio.Event()

    async def watch(self) -> None:
        began = time.perf_counter()
        for path in self.pages:
            status, _ = await get(self.port, path, "Accept-Encoding: gzip\r\n")
            assert status == 200, status
        self.page_seconds = time.perf_counter() - began
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await self._listen(reader, writer)
        finally:
            writer.close()

    async def hear(self, head: dict[str, Any]) -> None:
        self.heard.setdefault(head[self.counts], time.time())

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(f"GET {self.live} HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"data: "):
                await self.hear(json.loads(line.removeprefix(b"data: ")))
                self.listening.set()


def of_board(port: int, uuid: str) -> Observer:
    """Opens a board's page, its head, and its live stream."""
    at = f"/board/{uuid}/"
    return Observer(port, [at, f"{at}head.json"], f"{at}live", "height")


async def enter_at_once(observers: Sequence[Observer]) -> list[asyncio.Task[None]]:
    """All of them come at the same moment; back when each of them listens."""
    tasks = [asyncio.create_task(observer.watch()) for observer in observers]
    await asyncio.wait_for(asyncio.gather(*(one.listening.wait() for one in observers)), PATIENCE)
    return tasks


async def until_all_heard(observers: Sequence[Observer], count: int, patience: float) -> None:
    began = time.monotonic()
    while time.monotonic() - began < patience and any(count not in one.heard for one in observers):
        await asyncio.sleep(0.05)


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used: the clients' own share is not in it."""
    own = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return (int(own[11]) + int(own[12])) / TICKS_A_SECOND + sum(map(cpu_seconds, map(int, children)))
