"""For voters: fill in a paper, cast it, or see what an opened one holds."""

import argparse
import json
from gettext import gettext as _
from pathlib import Path
from typing import Any

from openballot import archive, ballots, credentials, opening, verifier
from openballot.checks import Refused
from openballot.commands import Parsers
from openballot.commands.files import append, read_archive, read_text, refuse_unless_next
from openballot.commands.outcome import FAILED, CannotDo
from openballot.commands.printing import shown


def register(parsers: Parsers) -> None:
    ballot = parsers.command("ballot", _ballot)
    ballot.add_argument(
        "--code", required=True, metavar="FILE", help=_("a file with the voter's secret code")
    )
    ballot.add_argument(
        "--answers",
        required=True,
        metavar="[[1,0]]",
        help=_("for each question 0 or 1 for each choice, or a number for each answer"),
    )
    cast = parsers.command("cast", _cast)
    cast.add_argument("ballot", metavar="BALLOT", help=_("a file, or - for standard input"))
    opened = parsers.command("open-ballot", _open_ballot, file=False)
    opened.add_argument("file", metavar="FILE", help=_("the file that the booth saved"))
    opened.add_argument(
        "--election", metavar="ARCHIVE", help=_("hold it against this election, a board's .bel file")
    )


def _ballot(options: argparse.Namespace) -> int:
    setup = verifier.read_setup(read_archive(options.file))
    election = setup.election
    s = credentials.secret_of_code(election.group, election.uuid, read_text(options.code))
    print(ballots.make_ballot(election, s, _answers(options.answers)))
    return 0


def _answers(text: str) -> list[Any]:
    """Read a list for each question, of whole numbers or of lists of them."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CannotDo(_("The answers must look like [[1,0],[0,1,0]].")) from error
    if not isinstance(value, list) or not all(_is_row(row) or _is_rows(row) for row in value):
        raise CannotDo(_("The answers must look like [[1,0],[0,1,0]]."))
    return value


def _is_row(value: object) -> bool:
    return isinstance(value, list) and all(type(number) is int for number in value)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and all(_is_row(row) for row in value)


def _cast(options: argparse.Namespace) -> int:
    held = read_archive(options.file)
    refuse_unless_next(held, "Ballot")
    setup = verifier.read_setup(held)
    text = read_text(options.ballot)
    ballots.BallotChecker(setup.election, setup.credentials).check(text)
    if text in verifier.ballot_texts(held):
        raise Refused("ballot_repeated", f"ballot {ballots.ballot_hash(text)}")
    append(options.file, held, ("Ballot", (text,)))
    print(ballots.ballot_hash(text))
    return 0


def _open_ballot(options: argparse.Namespace) -> int:
    opened = opening.Opened.parse(Path(options.file).read_bytes())
    held = read_archive(options.election) if options.election else None
    if held:
        _refuse_other_election(held, opened)
    answers = opening.read_answers(opened)
    print(f"{_('Paper')}: {opened.tracker} {' '.join(opened.words)}")
    for question, answer in zip(opened.election.questions, answers, strict=True):
        print(f"{shown(question.question)}: {_in_words(question.chosen(answer))}")
    print(_("Compare the words and the answers with what the booth showed."))
    if held is None:
        print(_("Not compared with a real election: add --election and the archive of its board."))
    elif opened.ballot in verifier.ballot_texts(held):
        print(_("This paper stands on the board, though it was opened: vote again, on another device."))
        return FAILED
    return 0


def _refuse_other_election(held: archive.Archive, opened: opening.Opened) -> None:
    setup = verifier.read_setup(held)
    if setup.election.text != opened.election.text:
        raise CannotDo(
            _("This paper is for another election than the archive's. Do not vote on that device.")
        )
    if opened.credential not in setup.credentials:
        raise Refused("ballot_credential", f"ballot {opened.tracker}")


def _in_words(chosen: tuple[str, ...] | None) -> str:
    if chosen is None:
        return _("a blank vote")
    return shown(", ".join(chosen)) or _("none of the answers")
