"""A PostgreSQL of the tests' own: in a temporary folder, on a socket, and gone afterwards.

The trap: PostgreSQL refuses to run as root, so root starts it as the user that Debian made for it.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import psycopg

USER = "postgres"


class Postgres:
    """One cluster. Nothing in it outlives `stop`, so it need not be safe from a power cut."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="openfloor-postgres-"))
        if os.geteuid() == 0:
            shutil.chown(self.folder, USER, USER)
        self._run("initdb", "--username", USER, "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        self._control("start", "--options", f"-F -c listen_addresses= -k {self.folder}")

    def url(self, database: str) -> str:
        """The address of a database of this cluster; `postgres` is there from the start."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder), safe='')}"

    def restart(self) -> None:
        self._control("restart", "--mode", "fast")

    def stop(self) -> None:
        self._control("stop", "--mode", "immediate")
        shutil.rmtree(self.folder)

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", *words, "--wait", "--silent", "--log", f"{self.folder}/log")

    def _run(self, program: str, *words: str) -> None:
        as_whom = {"user": USER, "group": USER} if os.geteuid() == 0 else {}
        finished = subprocess.run(
            [_programs() / program, *words],
            env={"PGDATA": str(self.folder / "data"), "LC_ALL": "C.UTF-8", "PATH": os.environ["PATH"]},
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **as_whom,  # type: ignore[call-overload]
        )
        assert finished.returncode == 0, finished.stdout + finished.stderr


def _programs() -> Path:
    """The newest PostgreSQL that Debian installed."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def new_database(cluster: str) -> str:
    """The address of a database beside the one at *cluster*, empty."""
    name = f"openfloor_{uuid4().hex}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return cluster.replace("@/postgres?", f"@/{name}?")
