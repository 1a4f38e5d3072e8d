"""What the commands print: reports, findings, a bar for what takes long."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from gettext import gettext as _

from openballot import verifier
from openballot.canonical import compact
from openballot.checks import Finding
from openballot.words import words_of

_BAR = 40


def shown(text: str) -> str:
    """Take out what would steer the reader's terminal."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\ufffd" for character in text
    )


def print_report(report: verifier.Report) -> None:
    if report.state:
        print(f"{_('State')}: {report.state}")
    print(f"{_('Verdict')}: {report.verdict}")
    print(f"{_('Ballots')}: {report.ballots}")
    if report.trusted is not None:
        print(f"{_('Trusted')}: {_('up to event %s, as in the earlier archive')}" % report.trusted)
    if report.head:
        print(f"{_('Head')}: {report.head} {' '.join(words_of(report.head, 8))}")
    if report.shufflers:
        print(f"{_('Shuffled by trustees')}: {', '.join(map(str, report.shufflers))}")
    if report.result is not None:
        print(f"{_('Result')}: {compact(report.result)}")
    for number, places in enumerate(report.undecodable or (), start=1):
        if places:
            papers = ", ".join(str(place + 1) for place in places)
            print(f"{_('No votes, for they do not decode')}: {_('question')} {number}, {_('paper')} {papers}")
    print_findings(report.findings)
    print_warnings(report.warnings)


def print_findings(findings: Sequence[Finding]) -> None:
    for item in findings:
        print(_line(item), file=sys.stderr)


def print_warnings(warnings: Sequence[Finding]) -> None:
    """Say what is wrong with a part that the result does without."""
    for item in warnings:
        print(f"{_('Warning')}: {_line(item)}", file=sys.stderr)


def _line(item: Finding) -> str:
    return f"{item.check} ({item.object}; {item.section}): {_(item.sentence)}"


def progress() -> Callable[[int, int], None] | None:
    """Return what draws a bar of so many steps done out of all; nothing where nobody looks."""
    return _draw_steps if sys.stderr.isatty() else None


@contextmanager
def reading_progress() -> Iterator[verifier.Progress | None]:
    """Draw how far an archive is read, where somebody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    drawn = ""

    def draw(ballots: int, read: int, size: int) -> None:
        nonlocal drawn
        bar = _bar(read, size) + _("%s ballots") % ballots
        if bar != drawn:
            print(bar, end="", file=sys.stderr, flush=True)
        drawn = bar

    try:
        yield draw
    finally:
        print(file=sys.stderr)


def _draw_steps(done: int, total: int) -> None:
    end = "\n" if done == total else ""
    print(f"{_bar(done, total)}{done}/{total}", end=end, file=sys.stderr, flush=True)


def _bar(done: int, total: int) -> str:
    filled = _BAR * done // total
    return f"\r[{'#' * filled}{' ' * (_BAR - filled)}] "
