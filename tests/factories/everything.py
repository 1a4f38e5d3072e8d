"""All that the application keeps: the files of its folder, and its database as text."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection


def copy_everything(to: Path) -> None:
    """Both, as files in the folder *to*, which is made."""
    shutil.copytree(settings.DATA, to)
    (to / "database as text").write_text(database_as_text(), encoding="utf-8")


def everything() -> bytes:
    files = b"".join(path.read_bytes() for path in settings.DATA.rglob("*") if path.is_file())
    return files + database_as_text().encode()


def database_as_text() -> str:
    connection.ensure_connection()
    return "\n".join(_postgresql() if connection.vendor == "postgresql" else connection.connection.iterdump())


def _postgresql() -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as rows:
                yield from (bytes(row).decode() for row in rows)
