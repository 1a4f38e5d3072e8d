"""What an observer does with a program of ours: save the record and verify it."""

import json
import subprocess
from typing import Any

from journeys.lies import fetch
from journeys.server import BIN, Server


def verified(server: Server, uuid: str) -> dict[str, Any]:
    """The report of `openballot verify` on the record that the board offers, which must be counted."""
    archive = server.folder / f"{uuid}.bel"
    archive.write_bytes(fetch(f"{server.url}/board/{uuid}/{uuid}.bel"))
    done = subprocess.run(
        [BIN / "openballot", "verify", archive, "--json", "--require", "counted"],
        capture_output=True,
        text=True,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    assert (done.returncode, report["verdict"], report["findings"]) == (0, "valid", [])
    return report
