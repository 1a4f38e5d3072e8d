"""For observers: verify an archive, look into it, compute its tally again."""

import argparse
import json
import sys
from contextlib import ExitStack
from gettext import gettext as _
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from openballot import verifier
from openballot.archive import ArchiveReader
from openballot.ballots import ballot_hash
from openballot.canonical import hash_hex
from openballot.commands import Parsers
from openballot.commands.files import opened_archive, read_archive
from openballot.commands.outcome import FAILED, NO_ARCHIVE, CannotDo
from openballot.commands.printing import print_report, shown
from openballot.commands.working import add_worker_options, checked, verified
from openballot.words import words_of


def register(parsers: Parsers) -> None:
    verify = parsers.command("verify", _verify)
    verify.add_argument("--json", action="store_true", help=_("print the report as JSON"))
    verify.add_argument(
        "--require", choices=verifier.STATES, help=_("fail unless the election has come this far")
    )
    verify.add_argument("--head", metavar="HASH", help=_("fail unless this is the hash of the last event"))
    verify.add_argument(
        "--proofs",
        metavar="FILE",
        help=_("check the trustees' proofs too: a board's proofs.json"),
    )
    verify.add_argument(
        "--since",
        metavar="OLD",
        help=_("an earlier copy that was found valid: check that FILE continues it, and only what is new"),
    )
    parsers.command("inspect", _inspect)
    counted = parsers.command("tally", _tally)
    counted.add_argument("--hash", action="store_true", help=_("print only its SHA-256"))
    for verifying in (verify, counted):
        add_worker_options(verifying)


def _verify(options: argparse.Namespace) -> int:
    with ExitStack() as open_files:
        try:
            file = open_files.enter_context(opened_archive(options.file))
        except OSError as error:
            print(error, file=sys.stderr)
            file = BytesIO()
        since = _earlier(open_files, options.since) if options.since else None
        proofs = _proofs_in(options.proofs) if options.proofs else None
        report = checked(options, file, since).report(
            require=options.require, head=options.head, proofs=proofs
        )
    if options.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print_report(report)
    return {"valid": 0, "invalid": FAILED, "not_an_archive": NO_ARCHIVE}[report.verdict]


def _earlier(open_files: ExitStack, path: str) -> BinaryIO:
    file = open_files.enter_context(opened_archive(path))
    if not ArchiveReader(file).is_archive:
        raise CannotDo(_("%s is not an election archive. Nothing was checked.") % path)
    return file


def _proofs_in(path: str) -> dict[int, str]:
    """The bound proofs of a board's proofs.json, by owner."""
    try:
        fields = json.loads(Path(path).read_text(encoding="utf-8"))
        return {int(proof["owner"]): str(proof["text"]) for proof in fields["bound_proofs"]}
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise CannotDo(_("The file of proofs cannot be read. Nothing was checked; save it again.")) from error


def _inspect(options: argparse.Namespace) -> int:
    held = read_archive(options.file)
    setup = verifier.read_setup(held)
    election = setup.election
    print(f"{_('Election')}: {shown(election.name)}")
    print(shown(election.description))
    print(f"{_('Number')}: {election.uuid}")
    print(f"{_('Group')}: {election.group.name}")
    print(f"{_('Fingerprint')}: {election.fingerprint}")
    for number, question in enumerate(election.questions, start=1):
        print(f"{_('Question')} {number}: {shown(question.question)} ({question.limits})")
        for option in question.options:
            print(f"  - {shown(option)}")
    for trustee in setup.trustees:
        words = " ".join(words_of(hash_hex(election.group.text(trustee.public_key)), 4))
        print(f"{_('Trustee')} {trustee.number}: {shown(trustee.name) or '–'} {words}")
    weight = sum(setup.credentials.values())
    print(f"{_('Credentials')}: {len(setup.credentials)} ({_('total weight')} {weight})")
    for event in held.events:
        tracker = f" {ballot_hash(event.data[-1])}" if event.type == "Ballot" else ""
        print(f"{event.height:>6} {event.type:<18}{event.hash}{tracker}")
    return 0


def _tally(options: argparse.Namespace) -> int:
    """Of an archive with shuffles it is what is opened after the last one."""
    held = verified(options)
    text = held.tally_to_open or held.own_tally[0]
    print(hash_hex(text) if options.hash else text)
    return 0
