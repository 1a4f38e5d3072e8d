"""The database of a backup, taken up again: what a restore does once Django runs over it.

The trap: it lacks all that came after it. What cannot be told from it any more is void, by name.
"""

from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction

from openfloor.audit.actions import record
from openfloor.ballots import blindkey, words
from openfloor.ballots.actions import give_new_address, void_if_announced, void_if_lost
from openfloor.ballots.models import Ballot
from openfloor.operations import bundle, database, starting
from openfloor.operations.checking import check_everything
from openfloor.operations.errors import Refused
from openfloor.operations.starting import Say
from openfloor.workplace.models import Committee


def revive(
    manifest: bundle.Manifest, folder: Path, now: datetime, say: Say, *, is_same_machine: bool
) -> tuple[list[str], list[str]]:
    """The facts that were found, and what is void now, in sentences; raises Refused."""
    starting.refuse_newer(dict(manifest.migrations))
    if manifest.database == "sqlite":
        database.refuse_damaged(folder / manifest.database_file)
        return _take_up(manifest, now, say, is_same_machine)
    if not database.is_empty():
        raise Refused("The database in OPENFLOOR_DATABASE is not empty. Nothing was restored.")
    try:
        database.load(folder / manifest.database_file)
        (folder / manifest.database_file).unlink()
        return _take_up(manifest, now, say, is_same_machine)
    except BaseException:
        _empty_again()
        raise


def disconnect() -> None:
    """SQLite merges its log into the file when the last connection closes."""
    connections.close_all()


def _take_up(
    manifest: bundle.Manifest, now: datetime, say: Say, is_same_machine: bool
) -> tuple[list[str], list[str]]:
    starting.migrate()
    checked = check_everything(every_paper=True, say=say)
    if checked.problems:
        raise Refused(" ".join(["The backup does not hold together.", *checked.problems]))
    with transaction.atomic():
        Session.objects.all().delete()
        for committee in Committee.objects.all():
            record(
                committee.pk,
                "restored",
                {"backup_at": manifest.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")},
                now=now,
            )
    void = [ballot for ballot in Ballot.objects.order_by("closes_at") if _void(ballot, now, is_same_machine)]
    for ballot in void:
        ballot.refresh_from_db()
    for draft in Ballot.objects.filter(state=Ballot.State.DRAFT):
        give_new_address(draft)
    return checked.facts, [f"“{ballot.title}” is void. {words.next_step(ballot)}" for ballot in void]


def _void(ballot: Ballot, now: datetime, is_same_machine: bool) -> bool:
    """
    What was announced may have opened since, and must not open twice under one name.

    Where this very server's secrets are still here, it has opened only if its k is here, or its time is over.
    """
    was_not_frozen = is_same_machine and not blindkey.is_kept(ballot.uuid) and now < ballot.closes_at
    return void_if_lost(ballot, now) or (not was_not_frozen and void_if_announced(ballot, now))


def _empty_again() -> None:
    connection.rollback()
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
