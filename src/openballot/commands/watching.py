"""Keep a copy of a board, and say so when the board does not continue it."""

import argparse
import sys
import time
import urllib.error
import urllib.request
from gettext import gettext as _
from pathlib import Path

from openballot import archive
from openballot.commands import Parsers
from openballot.commands.files import replace
from openballot.commands.outcome import FAILED, CannotDo
from openballot.words import words_of


def register(parsers: Parsers) -> None:
    watch = parsers.command("watch", _watch, file=False)
    watch.add_argument("url", metavar="URL", help=_("the archive's address"))
    watch.add_argument("file", metavar="FILE", help=_("where the copy is kept"))
    watch.add_argument("--every", type=float, default=60, metavar="SECONDS", help=_("how often to look"))
    watch.add_argument("--once", action="store_true", help=_("look once and stop"))


def _watch(options: argparse.Namespace) -> int:
    if not options.url.startswith(("http://", "https://")):
        raise CannotDo(_("The address must start with http:// or https://."))
    mirror = Path(options.file)
    while True:
        held = mirror.read_bytes() if mirror.exists() else b""
        served = _fetch(options.url)
        if served is not None:
            if not served.startswith(held):
                return _print_fork(held, served)
            fresh = archive.read_archive(served)
            if served != held:
                replace(mirror, served)
                print(f"{_('Head')}: {fresh.head} · {fresh.events[-1].height + 1 if fresh.events else 0}")
            if fresh.events and fresh.events[-1].type == "Result":
                return 0
        if options.once:
            return 0 if served is not None else FAILED
        time.sleep(options.every)


def _fetch(url: str) -> bytes | None:
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 - http or https, checked before
            data: bytes = answer.read()
            return data
    except (urllib.error.URLError, OSError) as error:
        print(f"{url}: {error}", file=sys.stderr)
        return None


def _print_fork(held: bytes, served: bytes) -> int:
    print(_("The board does not continue the copy held here: it was forked or shortened."))
    for name, data in ((_("Held here"), held), (_("Served now"), served)):
        head = _head(data)
        print(f"{name}: {head} {' '.join(words_of(head, 8)) if head else ''}".rstrip())
    return FAILED


def _head(data: bytes) -> str:
    held, _findings = archive.examine_archive(data)
    return held.head or "" if held else ""
