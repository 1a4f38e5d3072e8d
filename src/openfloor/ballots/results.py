"""What a count came to, question by question, as pages show it: bars, or who won with all that led there."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.ballots import queries, questions, words
from openfloor.ballots.counts import Shown, judgment_in_words, schulze_in_words, stv_in_words
from openfloor.ballots.models import Ballot
from openfloor.ballots.percents import percent
from workrules.counting import schulze, stv


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerCount:
    """One answer with its count; *share* is of all papers, in thousandths, for the bar."""

    answer: str
    votes: int
    percent: str
    share: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One question with its *bars*, or with a count of ranks or grades and the *template* that shows it."""

    question: str
    bars: tuple[AnswerCount, ...] = ()
    count: Shown | None = None
    template: str = ""
    recount: str = ""  # the command that counts the papers again
    draws_lots: bool = False


def results_of(ballot: Ballot, outcome: queries.Outcome) -> list[Result]:
    """Of a counted ballot, in the order of its questions."""
    if not queries.is_mixed(ballot):
        return [_bars(ballot, outcome, number) for number in range(len(ballot.questions))]
    return [
        _bars(ballot, outcome, number) if count is None else _ranked(ballot, outcome, number, count)
        for number, count in enumerate(queries.kept_counts_of(ballot))
    ]


def _bars(ballot: Ballot, outcome: queries.Outcome, number: int) -> Result:
    """Of answers that were added up; the blank votes come last."""
    question, counts = ballot.questions[number], outcome.counts[number]
    named = list(zip(question["answers"], counts[1:] if question["blank"] else counts, strict=True))
    if question["blank"]:
        named.append((_("Blank"), counts[0]))
    bars = tuple(
        AnswerCount(answer=answer, votes=votes, percent=percent(share), share=round(share * 1000))
        for answer, votes in named
        for share in [Fraction(votes, outcome.papers) if outcome.papers else Fraction(0)]
    )
    return Result(question=question["question"], bars=bars)


def _ranked(ballot: Ballot, outcome: queries.Outcome, number: int, count: questions.Count) -> Result:
    question = ballot.questions[number]
    shown, template = _shown(question, count)
    if isinstance(count, stv.Count):
        elected = words.elected_in_words(question, questions.places_in(count), outcome)
        shown = replace(shown, outcome=elected)
    no_votes = len(ballot.undecodable[number]) if ballot.undecodable else 0
    return Result(
        question=question["question"],
        count=replace(shown, facts=(*shown.facts, *_undecodable(no_votes))),
        template=template,
        recount=_recount(ballot, number),
        draws_lots=isinstance(count, stv.Count),
    )


def _shown(question: questions.Question, count: questions.Count) -> tuple[Shown, str]:
    names = question["answers"]
    if isinstance(count, stv.Count):
        return stv_in_words(count, names), "ballots/counts/_stv.html"
    if isinstance(count, schulze.Count):
        return schulze_in_words(count, names), "ballots/counts/_schulze.html"
    grades = question["extra"]["grades"]
    return judgment_in_words(count, names, grades), "ballots/counts/_majority_judgment.html"


def _undecodable(number: int) -> list[str]:
    if not number:
        return []
    sentence = ngettext(
        "%(count)s paper is no vote: it holds what no device of ours writes.",
        "%(count)s papers are no votes: they hold what no device of ours writes.",
        number,
    )
    return [sentence % {"count": localize(number)}]


def _recount(ballot: Ballot, number: int) -> str:
    """For a shell: verify the record, and count what was opened by a program that knows no server."""
    question = ballot.questions[number]
    extra = question["extra"]
    rules: dict[str, Callable[[], list[str]]] = {
        questions.STV: lambda: ["stv", "--seats", str(extra["seats"]), "--head", queries.lot_head(ballot)],
        questions.SCHULZE: lambda: ["schulze"],
        questions.MAJORITY_JUDGMENT: lambda: [
            "majority-judgment",
            *("--grades", str(len(extra["grades"]))),
        ],
    }
    asked = [*rules[extra["method"]](), "--question", str(number + 1), "--", *question["answers"]]
    count = shlex.join(["python", "-m", "workrules.counting", *asked])
    return f"openballot verify {ballot.uuid}.bel --json | {count}"
