"""For trustees: put answers that are not added up into an order that nobody knows, before they are opened."""

import argparse
import sys
from gettext import gettext as _

from openballot import decryption, shuffle, verifier
from openballot.commands import Parsers
from openballot.commands.files import append, read_archive, read_text, refuse_unless_next
from openballot.commands.outcome import CannotDo
from openballot.commands.printing import progress
from openballot.commands.working import add_worker_options, encrypted_tally_of, verified


def register(parsers: Parsers) -> None:
    shuffling = parsers.command("shuffle", _shuffle)
    add = parsers.command("add-shuffle", _add_shuffle)
    add.add_argument("shuffle", metavar="SHUFFLE", help=_("a file, or - for standard input"))
    add.add_argument(
        "--trustee", required=True, type=int, metavar="N", help=_("the number of the trustee who shuffled")
    )
    end = parsers.command("end-shuffles", _end_shuffles)
    for verifying in (shuffling, end):
        add_worker_options(verifying)


def _shuffle(options: argparse.Namespace) -> int:
    held = verified(options)
    refuse_unless_next(held, "Shuffle")
    print(shuffle.shuffle(held.setup.election, encrypted_tally_of(held), progress=progress()))
    return 0


def _add_shuffle(options: argparse.Namespace) -> int:
    held = read_archive(options.file)
    refuse_unless_next(held, "Shuffle")
    setup = verifier.read_setup(held)
    if options.trustee not in [trustee.number for trustee in setup.trustees]:
        raise CannotDo(_("The election has no trustee of this number."))
    text = read_text(options.shuffle)
    shuffle.check_shuffle(setup.election, verifier.tally_to_open(held), text)
    append(options.file, held, ("Shuffle", (text, decryption.owned(options.trustee, text))))
    return 0


def _end_shuffles(options: argparse.Namespace) -> int:
    held = verified(options)
    refuse_unless_next(held, "EndShuffles")
    if len(held.shufflers) < 2:
        print(
            _("Only one trustee has shuffled: whoever it was can tell whose answer is which."),
            file=sys.stderr,
        )
    append(options.file, held, ("EndShuffles", ()))
    return 0
