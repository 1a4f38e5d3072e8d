"""Static files, copied to where they are served from: only when those of the program have changed.

The trap: a copy that was cut short looks newer than its original, so it would stay for good. The stamp is
written last, and without the right one everything is copied again.
"""

import hashlib
import os

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> None:
    """Bring the served files up to date."""
    stamp, wanted = settings.DATA / "static.collected", _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    stamp.write_text(wanted, encoding="ascii")


def _fingerprint() -> str:
    """Changes with every file that is added, removed or written."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = storage.path(name), *_size_and_time(storage.path(name))
            seen.update(repr(about).encode())
    return seen.hexdigest()


def _size_and_time(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_size, found.st_mtime_ns
