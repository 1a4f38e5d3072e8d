"""A folder in which somebody types `openfloor` commands, as on a server of a committee."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeys.server import BIN


@dataclass
class Place:
    """A folder in which somebody types commands, with a data folder in it."""

    folder: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def devices(self) -> dict[str, Any]:
        kept: dict[str, Any] = json.loads((self.folder / "devices.json").read_text())
        return kept

    @property
    def key_file(self) -> Path:
        return self.folder / "paper"

    def type(self, *words: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [BIN / "openfloor", *words],
            cwd=self.folder,
            env=plain_environment() | environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def do(self, *words: str | Path, **environment: str) -> str:
        """A command that must work; what it printed."""
        run = self.type(*words, **environment)
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def make_key(self) -> None:
        """The committee writes the secret key down."""
        found = re.search(r"AGE-SECRET-KEY-1\w+", self.do("backup-key"))
        assert found is not None
        self.key_file.write_text(found[0] + "\n")

    def back_up(self, **environment: str) -> Path:
        return Path(self.do("backup", "--to", self.folder / "kept", **environment).split("  (")[0])

    def restore(self, backup: Path, into: Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return self.type("restore", backup, "--into", into, "--key-file", self.key_file, **environment)

    def everything(self) -> dict[str, bytes]:
        """Every file of the data folder but locks."""
        return {
            str(path.relative_to(self.data)): path.read_bytes()
            for path in sorted(self.data.rglob("*"))
            if path.is_file() and path.suffix != ".lock"
        }


def plain_environment() -> dict[str, str]:
    """Ours without what the tests' own settings are made of."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")}
