"""
What a ballot asks, as its charter has it: choices that are added up, or ranks and grades, opened one by one.

A choice is {"question", "answers", "min", "max", "blank"}; ranks and grades are {"type": "NonHomomorphic",
"question", "answers", "extra"}, where *extra* says, as Belenios writes it, by which rule they are counted.
"""

from collections.abc import Callable, Mapping, Sequence
from math import perm
from typing import Any

from openballot.canonical import compact
from openballot.groups import Group
from openballot.questions import AnyQuestion
from openballot.questions import Question as Choice
from openballot.questions.nonhomomorphic import NonHomomorphic
from workrules.counting import majority_judgment, schulze, stv

STV, SCHULZE, MAJORITY_JUDGMENT = "STV", "Schulze", "MajorityJudgment"
RANKS, GRADES = "PreferentialVoting", "ScoreVoting"
LONGEST_LINE = 500
LONGEST_GRADE = 40
MOST_GRADES = 10

Question = Mapping[str, Any]
Count = stv.Count | schulze.Count | majority_judgment.Count
Places = list[list[int]]  # candidates from 0, the first place first


class ImpossibleQuestion(ValueError):
    """No question that a ballot can ask."""


def sound(question: Question) -> dict[str, Any]:
    """The question in its one form; raises ImpossibleQuestion."""
    try:
        return _ranked(question) if "type" in question else _choice(question)
    except (KeyError, TypeError, ValueError) as error:  # Refused is a ValueError too
        raise ImpossibleQuestion from error


def is_shuffled(question: Question) -> bool:
    """Are its answers opened one by one, after shuffles, and not added up?"""
    return "type" in question


def are_shuffled(questions: Sequence[Question]) -> bool:
    return any(map(is_shuffled, questions))


def method_of(question: Question) -> str | None:
    """The rule that ranks or grades are counted by."""
    return str(question["extra"]["method"]) if is_shuffled(question) else None


def ciphertexts_of(question: Question) -> int:
    """How many an answer has."""
    return 1 if is_shuffled(question) else len(question["answers"]) + question["blank"]


def fits(question: Question, group: Group) -> bool:
    """Can papers of this group hold its answers?"""
    return not is_shuffled(question) or len(question["answers"]) <= group.most_integers


def can_be_marked(question: Question, voters: int) -> bool:
    """Can its papers be filled in more ways than there are voters? Then a rare one can tell whose it is."""
    if not is_shuffled(question):
        return False
    answers, grades = len(question["answers"]), question["extra"].get("grades")
    ways = (
        len(grades) ** answers if grades else sum(perm(answers, ranked) for ranked in range(1, answers + 1))
    )
    return ways > voters


def for_election(question: Question) -> AnyQuestion[Any]:
    """The question as Belenios' election has it."""
    lines = {"question": question["question"], "answers": tuple(question["answers"])}
    if is_shuffled(question):
        return NonHomomorphic(**lines, extra=compact(_in_order(question["extra"])))
    return Choice(**lines, **{name: question[name] for name in ("min", "max", "blank")})


def counted(question: Question, answers: Sequence[Sequence[int]], head: str) -> Count:
    """Count opened answers by the question's rule; *head* is the event's from which lots are drawn."""
    extra, candidates = question["extra"], len(question["answers"])
    rules: dict[str, Callable[[], Count]] = {
        STV: lambda: stv.count(answers, candidates=candidates, seats=extra["seats"], head=head),
        SCHULZE: lambda: schulze.count(answers, candidates=candidates),
        MAJORITY_JUDGMENT: lambda: majority_judgment.count(
            answers, candidates=candidates, grades_offered=len(extra["grades"])
        ),
    }
    return rules[extra["method"]]()


def places_in(count: Count) -> Places:
    """Who is first, second …; of a single transferable vote only who is elected, in that order."""
    if isinstance(count, stv.Count):
        return [[candidate] for candidate in count.elected]
    return [list(place) for place in count.ranking] if count.valid else []


def in_short(question: Question, count: Count, undecodable: int) -> dict[str, Any]:
    """What the ledger says of a count: who won by name, and how many papers were what."""
    names = [[question["answers"][candidate] for candidate in place] for place in places_in(count)]
    won: dict[str, Any] = {"ranking": names}
    if isinstance(count, stv.Count):
        won = {"elected": [name for place in names for name in place]}
    invalid = undecodable + sum(number for _, number in count.invalid)
    return {**won, "valid": count.valid, "blank": count.blank, "invalid": invalid}


# The one form


def _choice(question: Question) -> dict[str, Any]:
    known = Choice(
        question=question["question"],
        answers=tuple(question["answers"]),
        min=question["min"],
        max=question["max"],
        blank=question["blank"],
    )
    # JSON's true is an int to Python.
    are_typed = type(known.min) is type(known.max) is int and isinstance(known.blank, bool)
    if not (are_typed and known.max >= 1):
        raise ImpossibleQuestion
    return {**_lines(question), "min": known.min, "max": known.max, "blank": known.blank}


def _ranked(question: Question) -> dict[str, Any]:
    if set(question) != {"type", "question", "answers", "extra"} or question["type"] != "NonHomomorphic":
        raise ImpossibleQuestion
    lines, extra = _lines(question), _in_order(question["extra"])
    if not isinstance(extra["blank"], bool) or set(extra) != set(question["extra"]):
        raise ImpossibleQuestion
    if "seats" in extra and not _are_seats(extra["seats"], lines["answers"]):
        raise ImpossibleQuestion
    if "grades" in extra and not _are_grades(extra["grades"]):
        raise ImpossibleQuestion
    return {"type": "NonHomomorphic", **lines, "extra": extra}


def _in_order(extra: Mapping[str, Any]) -> dict[str, Any]:
    """As Belenios writes it. A database may have kept the fields in another order."""
    fields = {STV: (RANKS, "seats"), SCHULZE: (RANKS,), MAJORITY_JUDGMENT: (GRADES, "grades")}
    kind, *own = fields[extra["method"]]
    if extra["type"] != kind:
        raise ImpossibleQuestion
    names = {RANKS: ("blank", *own, "method"), GRADES: ("blank", "method", *own)}[kind]
    return {"type": kind, **{name: extra[name] for name in names}}


def _lines(question: Question) -> dict[str, Any]:
    asked, answers = question["question"], list(question["answers"])
    differ = len(set(answers)) == len(answers) >= 2
    if not differ or not all(is_line(line, LONGEST_LINE) for line in (asked, *answers)):
        raise ImpossibleQuestion
    return {"question": asked, "answers": answers}


def _are_seats(seats: Any, answers: list[str]) -> bool:
    return type(seats) is int and 1 <= seats <= len(answers)


def _are_grades(grades: Any) -> bool:
    are_lines = isinstance(grades, list) and all(is_line(grade, LONGEST_GRADE) for grade in grades)
    return are_lines and len(set(grades)) == len(grades) and 2 <= len(grades) <= MOST_GRADES


def is_line(text: Any, longest: int) -> bool:
    return isinstance(text, str) and 1 <= len(text) <= longest and text == text.strip() and text.isprintable()
