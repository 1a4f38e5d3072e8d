"""Starting Django over the data: it must fit this program, or the command says what to do first."""

import os
from collections.abc import Callable

from openfloor.operations.errors import Refused

Say = Callable[[str], None]  # how a long deed tells where it is


def set_up() -> None:
    """Django with our settings; the database stays as it is."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "openfloor.settings"
    import django

    django.setup()


def fit() -> None:
    """Make a fresh database, or refuse one that does not fit: a committee's is changed by `upgrade` alone."""
    from django.conf import settings

    from openfloor.operations import database

    refuse_newer(database.applied())
    if not database.pending():
        return
    if _has_a_committee() and not settings.DEMONSTRATION:
        raise Refused(
            "This data was written by an older version of Openfloor. Stop the server, then type: "
            "openfloor upgrade"
        )
    migrate()


def refuse_newer(migrations: dict[str, list[str]]) -> None:
    from openfloor.operations import database

    if database.unknown(migrations):
        raise Refused(
            "This data was written by a newer version of Openfloor. Nothing was changed; install that "
            "version, or a later one."
        )


def migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def _has_a_committee() -> bool:
    from django.db import connection

    if "workplace_committee" not in connection.introspection.table_names():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM workplace_committee LIMIT 1")
        return cursor.fetchone() is not None
