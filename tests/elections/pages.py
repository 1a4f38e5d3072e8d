"""Pages of the documentation whose blocks are commands, run as a reader would."""

import os
import subprocess
import sys
from pathlib import Path

from elections import theirs

ROOT = Path(__file__).parents[2]


def commands(page: Path) -> str:
    return "".join(part.split("```")[0] for part in page.read_text(encoding="utf-8").split("```sh\n")[1:])


def run(page: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run every block of a page, one after another, in *folder*."""
    programs = folder.parent / f"{folder.name}-programs"
    for made in (folder, programs):
        made.mkdir()
    program = programs / "openballot"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m openballot "$@"\n')
    program.chmod(0o755)
    path = os.pathsep.join([str(programs), str(Path(theirs.TOOL).parent), "/usr/bin", "/bin"])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands(page)],
        cwd=folder,
        env={"PATH": path, "PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
