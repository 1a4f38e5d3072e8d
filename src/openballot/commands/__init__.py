"""The commands of `openballot`: which there are, what each is for, and the module that carries it out.

A module is imported when one of its commands is wanted, so that starting costs no more than is used. It holds
`register`, which says what its commands take.
"""

import argparse
from collections.abc import Callable
from gettext import gettext as _
from importlib import import_module
from typing import NamedTuple

Run = Callable[[argparse.Namespace], int]


class Command(NamedTuple):
    module: str
    sentence: str


COMMANDS = {
    "verify": Command("checking", _("Check everything an archive claims.")),
    "inspect": Command("checking", _("Show what an archive holds.")),
    "watch": Command("watching", _("Mirror a board and fail when it forks or shrinks.")),
    "tally": Command("checking", _("Check all ballots and compute the encrypted tally again.")),
    "uuid": Command("preparing", _("Draw a number for a new election.")),
    "trustee-key": Command("preparing", _("Make a trustee's key pair.")),
    "threshold-certificate": Command(
        "ceremony", _("Threshold trustees, step 1: draw a secret, and commit to what follows from it.")
    ),
    "threshold-coefficients": Command(
        "ceremony", _("Threshold trustees, step 2: show the coefficients, and a sealed share for each.")
    ),
    "threshold-key": Command(
        "ceremony", _("Threshold trustees, step 3: check the shares, and show the key of their sum.")
    ),
    "threshold-finish": Command(
        "ceremony", _("Threshold trustees: check all steps, and write what the election lists.")
    ),
    "threshold-share": Command("ceremony", _("Open a threshold trustee's share again from the secret.")),
    "credentials": Command("preparing", _("Make voters' secret codes and their public list.")),
    "set-up": Command("preparing", _("Begin an archive from its parts; prints the fingerprint.")),
    "ballot": Command("voting", _("Fill in a ballot and print it.")),
    "cast": Command("voting", _("Check a ballot and append it; prints its tracking number.")),
    "open-ballot": Command(
        "voting", _("Show what a paper holds that the booth saved instead of casting it.")
    ),
    "close": Command("counting", _("End the voting and append the encrypted tally.")),
    "shuffle": Command("shuffling", _("Verify the archive, then shuffle its answers and print them.")),
    "add-shuffle": Command("shuffling", _("Check a shuffle and append it.")),
    "end-shuffles": Command("shuffling", _("End the shuffles, so that trustees can decrypt.")),
    "decrypt": Command("counting", _("Verify the archive, then print a trustee's partial decryption.")),
    "add-decryption": Command("counting", _("Check a partial decryption and append it.")),
    "result": Command("counting", _("Append the result and print it.")),
    "compile": Command("compiling", _("Prepare the fast arithmetic for this machine, once.")),
}


class Parsers:
    """A parser for each command, or for those of one module, which then says what they take."""

    def __init__(self, parser: argparse.ArgumentParser, module: str | None) -> None:
        added = parser.add_subparsers(required=True, metavar=_("COMMAND"))
        self._parsers = {
            name: added.add_parser(name, help=command.sentence, description=command.sentence)
            for name, command in COMMANDS.items()
            if module in (None, command.module)
        }
        if module is not None:
            import_module(f"{__name__}.{module}").register(self)

    def command(self, name: str, run: Run, *, file: bool = True) -> argparse.ArgumentParser:
        """Return a command's parser, for the arguments it takes besides the archive."""
        parser = self._parsers[name]
        parser.set_defaults(run=run)
        if file:
            parser.add_argument("file", metavar="FILE", help=_("the election's archive, a .bel file"))
        return parser
