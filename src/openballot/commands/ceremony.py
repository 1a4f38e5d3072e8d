"""For trustees of whom some are enough: a threshold key by hand, one file for each step.

A trustee's only secret between the steps is the seed; after the last one the share has a file of its own.
"""

import argparse
from collections.abc import Sequence
from gettext import gettext as _

from openballot import ceremony, channels, groups, pki, trustees
from openballot.canonical import NotCanonical
from openballot.ceremony import Ceremony, CeremonyRefused, ImpossibleCeremony, Participant
from openballot.commands import Parsers, Run
from openballot.commands.files import read_text, write_both, write_new
from openballot.commands.outcome import FAILED, CannotDo
from openballot.commands.preparing import GROUP_NAMES
from openballot.commands.printing import print_findings


def register(parsers: Parsers) -> None:
    first = parsers.command("threshold-certificate", _refusing(_certificate), file=False)
    second = parsers.command("threshold-coefficients", _refusing(_coefficients), file=False)
    third = parsers.command("threshold-key", _refusing(_key), file=False)
    finish = parsers.command("threshold-finish", _refusing(_finish), file=False)
    reopen = parsers.command("threshold-share", _refusing(_share), file=False)
    for step in (first, second, third, finish):
        step.add_argument(
            "--ceremony", required=True, metavar="NAME", help=_("the same for all trustees, and used once")
        )
        step.add_argument("--of", required=True, type=int, metavar="N", help=_("how many trustees there are"))
        step.add_argument(
            "--threshold", required=True, type=int, metavar="T", help=_("how many of them are enough")
        )
    for step in (first, second, third):
        step.add_argument(
            "--trustee", required=True, type=int, metavar="I", help=_("which of them this is, from 1")
        )
    for step in (second, third, reopen):
        step.add_argument("--seed", required=True, metavar="FILE", help=_("the trustee's secret"))
    for name, steps in {
        "certificates": (second, third, finish),
        "coefficients": (third, finish),
        "keys": (finish,),
    }.items():
        for step in steps:
            step.add_argument(
                f"--{name}", nargs="+", required=True, metavar="FILE", help=_("those of all trustees")
            )
    reopen.add_argument("--sealed", required=True, metavar="FILE", help=_("what holds the sealed share"))
    for step, written in {
        first: _("writes NAME.seed, a secret, and NAME.certificate.json"),
        second: _("writes NAME.coefficients.json"),
        third: _("writes NAME.private.json, the secret share, and NAME.key.json"),
        finish: _("writes NAME.public.json, for set-up"),
        reopen: _("writes NAME.private.json, the secret share"),
    }.items():
        step.add_argument("--group", choices=GROUP_NAMES, default=GROUP_NAMES[0])
        step.add_argument("--out", required=True, metavar="NAME", help=written)


def _refusing(run: Run) -> Run:
    def refused(options: argparse.Namespace) -> int:
        try:
            return run(options)
        except CeremonyRefused as refusal:
            print_findings(refusal.findings)
        except (ImpossibleCeremony, channels.StaysSealed, channels.WrongSender) as error:
            raise CannotDo(str(error)) from error
        return FAILED

    return refused


def _certificate(options: argparse.Namespace) -> int:
    own = Participant(_ceremony(options), options.trustee, pki.new_seed())
    text = ceremony.certificate_message(own)
    write_both((f"{options.out}.seed", own.seed), (f"{options.out}.certificate.json", text))
    return 0


def _coefficients(options: argparse.Namespace) -> int:
    text = ceremony.coefficients_message(_own(options), _texts(options.certificates))
    write_new(f"{options.out}.coefficients.json", text)
    return 0


def _key(options: argparse.Namespace) -> int:
    own = _own(options)
    text = ceremony.key_message(own, _texts(options.certificates), _texts(options.coefficients))
    share = ceremony.open_share(own.ceremony.group, own.seed, ceremony.sealed_share(text))
    write_both(
        (f"{options.out}.private.json", trustees.private_key_json(share)), (f"{options.out}.key.json", text)
    )
    return 0


def _finish(options: argparse.Namespace) -> int:
    rounds = [_texts(files) for files in (options.certificates, options.coefficients, options.keys)]
    write_new(f"{options.out}.public.json", ceremony.compose_parameters(_ceremony(options), *rounds))
    return 0


def _share(options: argparse.Namespace) -> int:
    group = groups.named(options.group)
    text = read_text(options.sealed)
    share = ceremony.open_share(group, pki.read_seed(read_text(options.seed)), _sealed(text))
    write_new(f"{options.out}.private.json", trustees.private_key_json(share), secret=True)
    return 0


def _sealed(text: str) -> str:
    """Return the sealed share in a message of the third round; any other text is taken for one itself."""
    try:
        return ceremony.sealed_share(text)
    except NotCanonical:
        return text


def _own(options: argparse.Namespace) -> Participant:
    return Participant(_ceremony(options), options.trustee, pki.read_seed(read_text(options.seed)))


def _ceremony(options: argparse.Namespace) -> Ceremony:
    group = groups.named(options.group)
    return Ceremony(id=options.ceremony, group=group, size=options.of, threshold=options.threshold)


def _texts(paths: Sequence[str]) -> list[str]:
    return [read_text(path) for path in paths]
