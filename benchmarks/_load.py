"""Many clients of one server, played from one process: who casts, and who watches the board."""

import asyncio
import json
import os
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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
        status = (await asyncio.wait_for(_post(port, f"/board/{uuid}/cast", paper), PATIENCE))[0]
    except (OSError, asyncio.IncompleteReadError, TimeoutError):
        status = 0
    if status == 200:
        casts.seconds.append(time.perf_counter() - began)
    else:
        casts.refused += 1


async def _post(port: int, path: str, body: bytes) -> tuple[int, bytes]:
    head = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
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
    """Somebody who opens the board's page, its head, and its live stream; *heard* are heights and moments."""

    def __init__(self, port: int, uuid: str) -> None:
        self.port = port
        self.uuid = uuid
        self.heard: dict[int, float] = {}
        self.page_seconds = 0.0
        self.listening = asyncio.Event()

    async def watch(self) -> None:
        began = time.perf_counter()
        for path in ("", "head.json"):
            status, _ = await get(self.port, f"/board/{self.uuid}/{path}", "Accept-Encoding: gzip\r\n")
            assert status == 200, status
        self.page_seconds = time.perf_counter() - began
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await self._listen(reader, writer)
        finally:
            writer.close()

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        start = f"GET /board/{self.uuid}/live HTTP/1.1\r\nHost: localhost:{self.port}\r\n\r\n"
        writer.write(start.encode())
        while line := await reader.readline():
            if line.startswith(b"data: "):
                height = json.loads(line.removeprefix(b"data: "))["height"]
                self.heard.setdefault(height, time.time())
                self.listening.set()


async def enter_at_once(count: int, port: int, uuid: str) -> tuple[list[Observer], list[asyncio.Task[None]]]:
    """So many observers come at the same moment; back when all of them listen."""
    observers = [Observer(port, uuid) for _ in range(count)]
    tasks = [asyncio.create_task(observer.watch()) for observer in observers]
    await asyncio.wait_for(asyncio.gather(*(one.listening.wait() for one in observers)), PATIENCE)
    return observers, tasks


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used: the clients' own share is not in it."""
    own = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return (int(own[11]) + int(own[12])) / TICKS_A_SECOND + sum(map(cpu_seconds, map(int, children)))
