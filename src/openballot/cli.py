"""The command line: verify an archive, or run a whole election by hand.

Files that hold secrets are written for their owner only and never over another file.
"""

import argparse
import sys
from collections.abc import Sequence
from gettext import gettext as _

from openballot.commands import COMMANDS, Parsers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, 1 for a failed check or an impossible wish, 2 for no archive at all."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    options = _parser(words[0] if words else "").parse_args(words)
    from openballot.commands.outcome import exit_code  # the engine, which --help does not need

    return exit_code(options)


def _parser(wanted: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="openballot", description=_("Verifiable elections: check one, or run one by hand.")
    )
    Parsers(parser, COMMANDS[wanted].module if wanted in COMMANDS else None)
    return parser
