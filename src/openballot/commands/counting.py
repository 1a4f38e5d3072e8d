"""For trustees and whoever counts: the end of voting, the trustees' parts, the result."""

import argparse
from gettext import gettext as _

from openballot import decryption, tally, trustees, verifier
from openballot.checks import Refused
from openballot.commands import Parsers
from openballot.commands.files import append, read_archive, read_text, refuse_unless_next
from openballot.commands.outcome import CannotDo
from openballot.commands.printing import print_warnings
from openballot.commands.working import add_worker_options, encrypted_tally_of, verified
from openballot.setup import Setup


def register(parsers: Parsers) -> None:
    close = parsers.command("close", _close)
    decrypt = parsers.command("decrypt", _decrypt)
    decrypt.add_argument("--key", required=True, metavar="FILE", help=_("the trustee's private key"))
    add = parsers.command("add-decryption", _add_decryption)
    add.add_argument("decryption", metavar="DECRYPTION", help=_("a file, or - for standard input"))
    result = parsers.command("result", _result)
    for verifying in (close, decrypt, result):
        add_worker_options(verifying)


def _close(options: argparse.Namespace) -> int:
    held = verified(options)
    refuse_unless_next(held, "EndBallots")
    append(options.file, held, ("EndBallots", ()), ("EncryptedTally", held.own_tally))
    return 0


def _decrypt(options: argparse.Namespace) -> int:
    held = verified(options)
    refuse_unless_next(held, "PartialDecryption")
    group = held.setup.election.group
    x = trustees.read_private_key(group, read_text(options.key))
    if group.secret_power_generator(x) not in [trustee.public_key for trustee in held.setup.trustees]:
        raise CannotDo(_("This key is not the key of any of the election's trustees."))
    print(decryption.partial_decryption(held.setup.election, x, encrypted_tally_of(held)))
    return 0


def _add_decryption(options: argparse.Namespace) -> int:
    held = read_archive(options.file)
    refuse_unless_next(held, "PartialDecryption")
    setup = verifier.read_setup(held)
    text = read_text(options.decryption)
    owner = _owner(setup, verifier.tally_to_open(held), text)
    append(options.file, held, ("PartialDecryption", (text, decryption.owned(owner, text))))
    return 0


def _result(options: argparse.Namespace) -> int:
    held = verified(options)
    refuse_unless_next(held, "Result")
    print_warnings(held.warnings)
    sized = held.tally[1] if held.tally else ""
    text = decryption.compute_result(
        held.setup.election,
        held.setup.trustees_text,
        encrypted_tally_of(held),
        tally.read_sized_tally(sized)[1],
        held.partials,
    )
    append(options.file, held, ("Result", (text,)))
    print(text)
    return 0


def _owner(setup: Setup, tally_text: str, text: str) -> int:
    """Find whose partial decryption this is: the one trustee whose key it is proven for."""
    for trustee in setup.trustees:
        try:
            decryption.check_partial_decryption(setup.election, trustee.public_key, tally_text, text)
        except Refused as refusal:
            if refusal.check != "decryption_proof":
                raise
        else:
            return trustee.number
    raise CannotDo(_("This is not a correct partial decryption by any of the election's trustees."))
