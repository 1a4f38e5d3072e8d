"""A folder and a database of their own, of the kind that the tests run on, for servers and other processes.

The trap: the tests' own settings are for another database, so what is done there is done in a process.
"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from factories.postgres import new_database

TESTS = Path(__file__).parents[1]
PLAY = """
import json, sys, django
django.setup()
from importlib import import_module
module, name, words = sys.argv[1:]
print(json.dumps(getattr(import_module(module), name)(*json.loads(words))))
"""


@dataclass(frozen=True)
class Place:
    """Where one server, or several nodes, keep everything."""

    folder: Path
    database: str  # a PostgreSQL's address; empty for SQLite

    @classmethod
    def new(cls, folder: Path) -> "Place":
        """On the PostgreSQL that the tests run on, if they do."""
        cluster = os.environ.get("OPENFLOOR_TEST_DATABASE", "")
        return cls(folder, new_database(cluster) if cluster else "")

    @property
    def environment(self) -> dict[str, str]:
        return {
            "OPENFLOOR_DATA": str(self.folder / "data"),
            "OPENFLOOR_SECRETS": str(self.folder / "data" / "secrets"),
            "OPENFLOOR_DATABASE": self.database,
        }

    def play(self, deed: Callable[..., Any], *words: Any) -> Any:
        """What *deed* returns when it is done there."""
        finished = subprocess.run(
            [sys.executable, "-c", PLAY, deed.__module__, deed.__name__, json.dumps(words)],
            env={
                **os.environ,
                **self.environment,
                "PYTHONPATH": str(TESTS),
                "DJANGO_SETTINGS_MODULE": "openfloor.settings",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert finished.returncode == 0, finished.stderr
        return json.loads(finished.stdout)

    def close_ballots_at(self, moment: datetime) -> None:
        """Behind the servers' back."""
        sql = "UPDATE ballots_ballot SET closes_at = '{}'"
        if self.database:
            with psycopg.connect(self.database) as connection:
                connection.execute(sql.format(moment.isoformat()))
        else:
            with closing(sqlite3.connect(self.folder / "data/openfloor.sqlite3", timeout=20)) as file, file:
                file.execute(sql.format(moment.replace(tzinfo=None).isoformat(" ")))
