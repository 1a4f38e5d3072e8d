"""What a command ends with: its own answer, or one sentence for what refused it."""

import argparse
import signal
import sys

from openballot import archive, credentials, decryption, opening
from openballot.canonical import NotCanonical
from openballot.checks import Refused
from openballot.commands import Run
from openballot.commands.printing import print_findings
from openballot.questions import ImpossibleAnswer
from openballot.records import FileChanged
from openballot.workers import NoCluster, WorkersLost

FAILED, NO_ARCHIVE = 1, 2
INTERRUPTED = 128 + signal.SIGINT


class CannotDo(Exception):
    """The command cannot be carried out; the sentence says why. Nothing was changed."""


def exit_code(options: argparse.Namespace) -> int:
    """Carry out the command that was asked for."""
    run: Run = options.run
    try:
        return run(options)
    except Refused as refusal:
        print_findings([refusal.finding])
    except archive.ArchiveRefused as refusal:
        print_findings(refusal.findings)
        if refusal.findings[0].check == "not_an_archive":
            return NO_ARCHIVE
    except (
        CannotDo,
        FileChanged,
        NoCluster,
        NotCanonical,
        WorkersLost,
        credentials.BadCode,
        credentials.TooHeavy,
        ImpossibleAnswer,
        opening.NotOpened,
        opening.WrongNonces,
        decryption.NoSuchCount,
        OSError,
    ) as error:
        print(error, file=sys.stderr)
    except KeyboardInterrupt:
        return INTERRUPTED
    return FAILED
