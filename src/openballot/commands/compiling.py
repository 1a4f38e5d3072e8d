"""For whoever installs: the arithmetic that many ballots are checked with, compiled for this machine."""

import argparse
import sys
from gettext import gettext as _

from openballot.commands import Parsers
from openballot.commands.outcome import CannotDo


def register(parsers: Parsers) -> None:
    parsers.command("compile", _compile, file=False)


def _compile(options: argparse.Namespace) -> int:
    try:
        from openballot.fast import compiling  # Numba, which nothing else needs
    except ImportError as error:
        raise CannotDo(
            _("Numba is not installed here: pip install openfloor[fast]. Everything works without it.")
        ) from error
    print(_("Compiling for this machine, once; it takes a minute or two …"), file=sys.stderr)
    compiling.compile_missing(_print_progress)
    print(_("Ready."), file=sys.stderr)
    return 0


def _print_progress(done: int, total: int) -> None:
    if done:
        print(f"{done}/{total}", file=sys.stderr, flush=True)
