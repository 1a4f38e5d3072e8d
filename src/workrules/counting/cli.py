"""Count the result of an election again, without a server: `python -m workrules.counting stv …`.

The result is the `result` file of a Belenios archive, or the report of `openballot verify --json`. What it
says was opened correctly is for a verifier to check; this program says who won. The trap: only the report
names answers that are no votes, and they are left out.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from enum import Enum
from typing import Any

from workrules.counting import majority_judgment, schulze, stv
from workrules.counting.lots import BadHead
from workrules.counting.papers import ImpossibleElection

Answers = list[list[int]]
Count = stv.Count | schulze.Count | majority_judgment.Count


class NoSuchResult(ValueError):
    """What came in is no result with such a question; the sentence says why. Nothing was counted."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Read a result from standard input and print its count; return 0, or 1 for what cannot be counted."""
    options = _parser().parse_args(arguments)
    try:
        count: Count = options.count(answers_in(sys.stdin.read(), options.question), options)
    except (NoSuchResult, ImpossibleElection, BadHead) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(plain(count), ensure_ascii=False))
    else:
        print("\n".join(options.describe(count, options.candidates)))
    return 0


def answers_in(text: str, question: int) -> Answers:
    """
    Take the answers to a question, numbered from 1, out of a result in Belenios' form.

    Answers that a verifier's report names as undecodable are left out. Raises NoSuchResult where there is no
    such question, or where it was not one of ranks or grades.
    """
    try:
        report = json.loads(text)
        answers = report["result"][question - 1] if question >= 1 else None
        no_votes = _undecodable(report, question)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise NoSuchResult(f"this is no result with a question {question}") from error
    if not isinstance(answers, list) or not all(map(_is_answer, answers)):
        raise NoSuchResult(f"question {question} was not one of ranks or grades")
    return [answer for place, answer in enumerate(answers) if place not in no_votes]


def _undecodable(report: dict[str, Any], question: int) -> set[int]:
    """The places of answers that are no votes, where a verifier has said so."""
    named = report.get("undecodable")
    return set() if named is None else set(named[question - 1])


def _is_answer(answer: object) -> bool:
    return isinstance(answer, list) and all(type(number) is int for number in answer)


def plain(count: Count) -> dict[str, Any]:
    """Write a count in the types of JSON: codes by their values, votes as decimal texts."""
    return asdict(count, dict_factory=lambda pairs: {name: _plain(value) for name, value in pairs})


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def _count_stv(answers: Answers, options: argparse.Namespace) -> stv.Count:
    return stv.count(answers, candidates=len(options.candidates), seats=options.seats, head=options.head)


def _count_schulze(answers: Answers, options: argparse.Namespace) -> schulze.Count:
    return schulze.count(answers, candidates=len(options.candidates))


def _count_grades(answers: Answers, options: argparse.Namespace) -> majority_judgment.Count:
    return majority_judgment.count(answers, candidates=len(options.candidates), grades_offered=options.grades)


# In words


def _describe_stv(count: stv.Count, names: Sequence[str]) -> list[str]:
    lines = [*_papers(count), f"Votes that elect: {count.quota}"]
    for number, stage in enumerate(count.stages, start=1):
        lines += ["", f"Stage {number}: {_step(stage, names)}", *_tie(stage, names)]
        lines += [
            f"{votes:>14}  {name}{_state(stage, candidate)}"
            for candidate, (name, votes) in enumerate(zip(names, stage.votes, strict=True))
        ]
        lines += [
            f"{stage.non_transferable:>14}  (not transferable)",
            f"{stage.rounded_away:>14}  (rounded away)",
        ]
    return [*lines, "", f"Elected: {_listed(count.elected, names)}"]


def _step(stage: stv.Stage, names: Sequence[str]) -> str:
    if stage.candidate is None:
        return "first preferences"
    name = names[stage.candidate]
    return f"surplus of {name}" if stage.step is stv.Step.SURPLUS else f"{name} is excluded"


def _tie(stage: stv.Stage, names: Sequence[str]) -> list[str]:
    if stage.tie is None:
        return []
    decided = "lot" if stage.tie.stage is None else f"stage {stage.tie.stage}"
    return [f"Level were {_listed(stage.tie.candidates, names)}; decided by {decided}"]


def _state(stage: stv.Stage, candidate: int) -> str:
    if candidate in stage.elected:
        return ", elected"
    return ", elected to a seat that is left" if candidate in stage.elected_last else ""


def _describe_schulze(count: schulze.Count, names: Sequence[str]) -> list[str]:
    lines = [*_papers(count), ""]
    for a, row in enumerate(count.paths):
        for b, path in enumerate(row):
            if a != b:
                lines.append(
                    f"{names[a]} over {names[b]}: {count.preferred[a][b]} papers; {_path(path, names)}"
                )
    return [*lines, "", *_ranking(count.ranking, names)]


def _path(path: schulze.Path | None, names: Sequence[str]) -> str:
    if path is None:
        return "no path"
    way = " > ".join(names[candidate] for candidate in path.candidates)
    return f"strongest path {way}, weakest link {path.won} to {path.against}"


def _describe_grades(count: majority_judgment.Count, names: Sequence[str]) -> list[str]:
    lines = [*_papers(count), ""]
    for name, judgment in zip(names, count.judgments, strict=True):
        given = " ".join(map(str, judgment.numbers))
        around = f"{judgment.better} better, {judgment.worse} worse"
        lines.append(f"{name}: {given}; middle grade {judgment.grade}, {around}")
    for step in count.steps:
        lines.append(
            f"Told apart after {step.set_aside} steps: grade {step.grade} before grade {step.next_grade}"
        )
    return [*lines, "", *_ranking(count.ranking, names)]


def _papers(count: Count) -> list[str]:
    reasons = ", ".join(f"{fault.value} {number}" for fault, number in count.invalid)
    return [
        f"Valid papers: {count.valid}",
        f"Blank papers: {count.blank}",
        f"Invalid papers: {sum(number for _, number in count.invalid)}"
        + (f" ({reasons})" if reasons else ""),
    ]


def _ranking(ranking: tuple[tuple[int, ...], ...], names: Sequence[str]) -> list[str]:
    return [f"Place {number}: {_listed(place, names)}" for number, place in enumerate(ranking, start=1)]


def _listed(candidates: Sequence[int], names: Sequence[str]) -> str:
    return ", ".join(names[candidate] for candidate in candidates) or "nobody"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m workrules.counting",
        description="Count the result of an election again; it is read from standard input.",
    )
    rules = parser.add_subparsers(required=True, metavar="RULE")
    single = _rule(rules, "stv", "single transferable vote: several are elected", _count_stv, _describe_stv)
    single.add_argument("--seats", type=int, required=True, help="how many are elected")
    single.add_argument(
        "--head",
        required=True,
        help="hash of the last event before the decryption, from which lots are drawn",
    )
    _rule(rules, "schulze", "the Schulze method: one is chosen by ranks", _count_schulze, _describe_schulze)
    graded = _rule(
        rules,
        "majority-judgment",
        "majority judgment: one is chosen by grades",
        _count_grades,
        _describe_grades,
    )
    graded.add_argument("--grades", type=int, required=True, help="how many grades there are to give")
    return parser


def _rule(
    rules: Any,
    name: str,
    help_text: str,
    count: Callable[[Answers, argparse.Namespace], Count],
    describe: Callable[[Any, Sequence[str]], list[str]],
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = rules.add_parser(name, help=help_text, description=help_text)
    parser.add_argument("candidates", nargs="+", metavar="NAME", help="the answers, in the election's order")
    parser.add_argument("--question", type=int, default=1, help="the question's number in the election")
    parser.add_argument("--json", action="store_true", help="the whole count for programs")
    parser.set_defaults(count=count, describe=describe)
    return parser
