"""The reading list of a session: its own entries are taken out and put back, and pages are added."""

from datetime import datetime

from django.db import transaction
from django.urls import Resolver404, resolve

from openfloor.bargaining import permissions
from openfloor.bargaining.errors import BadReadingEntry, NotYourNotes, ReadingListFull
from openfloor.bargaining.models import ReadingEntry, Session
from openfloor.locks import lock_committee
from openfloor.workplace.models import Member

MOST_ENTRIES = 30
LONGEST_TITLE, LONGEST_PATH = 120, 300


@transaction.atomic
def add_reading(by: Member, session: Session, *, title: str, path: str, now: datetime) -> ReadingEntry:
    """Adding an address again gives it the new title."""
    _begin(by, session)
    title = " ".join(title.split())
    if not (1 <= len(title) <= LONGEST_TITLE and title.isprintable() and _is_page_of_ours(path)):
        raise BadReadingEntry
    others = session.reading_entries.exclude(path__in=("", path))
    if others.count() >= MOST_ENTRIES:
        raise ReadingListFull(most=MOST_ENTRIES)
    entry, _is_new = ReadingEntry.objects.update_or_create(
        session=session, path=path, defaults={"title": title, "written_by": by, "written_at": now}
    )
    return entry


@transaction.atomic
def take_out_reading(by: Member, session: Session, key: str, *, now: datetime) -> None:
    """An added page by its address, or what stands there by itself by its key."""
    _begin(by, session)
    if key.startswith("/"):
        session.reading_entries.filter(path=key).delete()
    elif 1 <= len(key) <= 60 and key.isascii() and key.isprintable():
        ReadingEntry.objects.get_or_create(
            session=session, takes_out=key, defaults={"written_by": by, "written_at": now}
        )
    else:
        raise BadReadingEntry


@transaction.atomic
def put_back_reading(by: Member, session: Session) -> None:
    """Everything that stands there by itself, and was taken out."""
    _begin(by, session)
    session.reading_entries.filter(path="").delete()


def _begin(by: Member, session: Session) -> None:
    lock_committee(session.committee_id)
    if not permissions.may_take_notes(by, session):
        raise NotYourNotes


def _is_page_of_ours(path: str) -> bool:
    """Another site never: not even one that an address like //elsewhere leads to."""
    if len(path) > LONGEST_PATH or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return False
    if not (path.isascii() and path.isprintable()) or " " in path:
        return False
    try:
        resolve(path.partition("#")[0].partition("?")[0])
    except Resolver404:
        return False
    return True
