"""The machine itself: its clock, its disk, its memory, and how many files a program may open."""

import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from openfloor.operations.checkup.finding import Finding, good, to_do, unknown

GIGABYTE = 1_000_000_000
LEAST_DISK = GIGABYTE
LEAST_SHARE_OF_DISK = 0.1
LEAST_FILES_ON_DISK = 10_000
LEAST_MEMORY = 200_000_000
FEWEST_OPEN_FILES = 4_096
THE_CLOCK_DECIDES = "The clock decides when a ballot opens and closes, and a wrong one cannot be taken back."

Ask = Callable[..., str | None]


def ask(*command: str) -> str | None:
    """What a program of the system prints; None when it is not there or fails."""
    try:
        finished = subprocess.run(  # noqa: S603 - our own words, nothing that anybody typed
            command, capture_output=True, text=True, check=True, timeout=10
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return finished.stdout.strip()


def clock_finding(ask: Ask = ask) -> Finding:
    """Is the clock kept right from outside? Asks systemd, then chrony."""
    synchronized = ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
    if synchronized == "no" and "Leap status     : Normal" in (ask("chronyc", "tracking") or ""):
        synchronized = "yes"
    if synchronized == "yes":
        return good("clock", "The clock is set right from outside.")
    if synchronized == "no":
        return to_do(
            "clock",
            "Nothing sets this machine's clock right.",
            why=THE_CLOCK_DECIDES,
            remedy="sudo apt-get install systemd-timesyncd && sudo timedatectl set-ntp true",
        )
    return unknown(
        "clock",
        "Whether the clock is set right from outside could not be seen.",
        why=THE_CLOCK_DECIDES,
        remedy="timedatectl status",
    )


def disk_findings(folders: set[Path]) -> Iterator[Finding]:
    """Room on every disk that holds one of *folders*."""
    for folder in sorted({device_of(folder): folder for folder in folders}.values()):
        usage = shutil.disk_usage(folder)
        yield room_finding(folder, free=usage.free, total=usage.total)


def device_of(folder: Path) -> int:
    return folder.stat().st_dev


def room_finding(folder: Path, *, free: int, total: int) -> Finding:
    room = f"{free / GIGABYTE:.1f} of {total / GIGABYTE:.1f} GB are free on the disk of {folder}."
    if free < LEAST_DISK or free < total * LEAST_SHARE_OF_DISK:
        return to_do(
            "disk",
            room,
            why="On a full disk votes are refused and backups fail.",
            remedy=f"sudo du -xh --max-depth=2 {folder} /var/log /var/backups | sort -h | tail",
        )
    return good("disk", room)


def memory_finding(meminfo: str) -> Finding:
    """*meminfo* is the text of /proc/meminfo."""
    lines = dict(line.split(":", 1) for line in meminfo.splitlines() if ":" in line)
    try:
        available = int(lines["MemAvailable"].split()[0]) * 1024
    except (KeyError, ValueError, IndexError):
        return unknown(
            "memory",
            "How much memory is free could not be seen.",
            why="A server without memory is ended by the system, in the middle of a vote.",
            remedy="free -m",
        )
    free = f"{available / 1_000_000:.0f} MB of memory are free."
    if available < LEAST_MEMORY:
        return to_do(
            "memory",
            free,
            why="A server without memory is ended by the system, in the middle of a vote.",
            remedy="ps -eo rss,comm --sort=-rss | head",
        )
    return good("memory", free)


def open_files_finding(limit: int = resource.getrlimit(resource.RLIMIT_NOFILE)[1]) -> Finding:
    shown = "any number of" if limit == resource.RLIM_INFINITY else f"{limit}"
    if limit != resource.RLIM_INFINITY and limit < FEWEST_OPEN_FILES:
        return to_do(
            "open_files",
            f"A program may open {shown} files here.",
            why="Each person who watches a board live is an open file.",
            remedy="Write LimitNOFILE=65536 with: sudo systemctl edit openfloor",
        )
    return good("open_files", f"A program may open {shown} files here.")
