"""Our programs, as an observer runs them."""

import subprocess
from pathlib import Path

from journeys.server import BIN


def run(program: str, *words: str | Path) -> tuple[int, str]:
    """The exit code, and all that it says."""
    finished = subprocess.run([BIN / program, *words], capture_output=True, text=True, check=False)
    return finished.returncode, finished.stdout + finished.stderr


def watch(url: str, uuid: str, mirror: Path) -> tuple[int, str]:
    return run("openballot", "watch", f"{url}/board/{uuid}/{uuid}.bel", mirror, "--once")
