"""For whoever installs: the arithmetic that many ballots are checked with, compiled for this machine."""

import argparse
import sys
from gettext import gettext as _

from openballot.commands import Parsers
from openballot.commands.outcome import CannotDo
from openballot.commands.printing import progress


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
    compiling.compile_missing(progress() or _silent)
    print(_("Ready."), file=sys.stderr)
    return 0


def _silent(done: int, total: int) -> None:
    pass
