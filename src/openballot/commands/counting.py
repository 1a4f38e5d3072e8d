"""For trustees and whoever counts: the end of voting, the trustees' parts, the result."""

import argparse
from gettext import gettext as _

from openballot import decryption, tally, trustees, verifier
from openballot.checks import Refused
from openballot.commands import Parsers
from openballot.commands.files import append, read_archive, read_text, refuse_unless_next, verified_archive
from openballot.commands.outcome import CannotDo
from openballot.commands.printing import print_warnings


def register(parsers: Parsers) -> None:
    parsers.command("close", _close)
    decrypt = parsers.command("decrypt", _decrypt)
    decrypt.add_argument("--key", required=True, metavar="FILE", help=_("the trustee's private key"))
    add = parsers.command("add-decryption", _add_decryption)
    add.add_argument("decryption", metavar="DECRYPTION", help=_("a file, or - for standard input"))
    parsers.command("result", _result)


def _close(options: argparse.Namespace) -> int:
    held = verified_archive(options.file)
    refuse_unless_next(held, "EndBallots")
    setup = verifier.read_setup(held)
    texts = tally.encrypted_tally(setup.election, setup.credentials, verifier.ballot_texts(held))
    append(options.file, held, ("EndBallots", ()), ("EncryptedTally", texts))
    return 0


def _decrypt(options: argparse.Namespace) -> int:
    held = verified_archive(options.file)
    refuse_unless_next(held, "PartialDecryption")
    setup = verifier.read_setup(held)
    group = setup.election.group
    x = trustees.read_private_key(group, read_text(options.key))
    if group.secret_power_generator(x) not in [trustee.public_key for trustee in setup.trustees]:
        raise CannotDo(_("This key is not the key of any of the election's trustees."))
    print(decryption.partial_decryption(setup.election, x, verifier.tally_to_open(held)))
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
    held = verified_archive(options.file)
    refuse_unless_next(held, "Result")
    setup = verifier.read_setup(held)
    partials = {
        decryption.read_owned(event.data[1])[0]: event.data[0]
        for event in held.events
        if event.type == "PartialDecryption"
    }
    tally_text = verifier.tally_to_open(held)
    ciphertexts = tally.read_encrypted_tally(setup.election, tally_text)
    good, faults = decryption.good_decryptions(setup.election, setup.trustees, ciphertexts, partials)
    print_warnings(faults)
    (sized,) = [event.data[1] for event in held.events if event.type == "EncryptedTally"]
    total_weight = tally.read_sized_tally(sized)[1]
    text = decryption.compute_result(setup.election, setup.trustees_text, tally_text, total_weight, good)
    append(options.file, held, ("Result", (text,)))
    print(text)
    return 0


def _owner(setup: verifier.Setup, tally_text: str, text: str) -> int:
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
