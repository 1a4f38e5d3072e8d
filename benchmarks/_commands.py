"""Whole commands as child processes: what they cost, start-up included."""

import os
import resource
import subprocess
import sys

import openballot

OPENBALLOT = [sys.executable, "-m", "openballot"]


def cpu_seconds(command: list[str], **environment: str) -> float:
    """The processor time of a command and of all processes that it waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True, env=os.environ | environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def as_installed() -> None:
    """An installed package keeps what Python compiled of it."""
    subprocess.run([sys.executable, "-m", "compileall", "-q", *openballot.__path__], check=True)
