"""What the pages show of a clause: its text with the vague words marked, and what members find in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from openfloor.bargaining import clause_words, queries, words
from openfloor.bargaining.clauses import Finding, Passage, Question, Vagueness, marked, vague_in
from openfloor.bargaining.models import ClauseAnswer, Proposal
from openfloor.bargaining.standing import OTHER_SIDE

MOST_ANSWERS_SHOWN = 20  # to one question about one version


@dataclass(frozen=True, slots=True, kw_only=True)
class VagueWords:
    phrases: list[str]
    reason: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClause:
    """One version: whose, its text in pieces, and in words what it lacks."""

    proposal: Proposal
    title: str
    pieces: tuple[Passage, ...]
    vague: list[VagueWords]
    findings: dict[Question, Finding]
    summary: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownAnswers:
    """To one question about one version, the last answer first; `more` are older and not shown."""

    clause: ShownClause
    state: tuple[str, str | Promise]
    answers: list[ClauseAnswer]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownQuestion:
    question: Question
    words: clause_words.Asked
    sides: list[ShownAnswers]
    form: Any


def beside(version: Proposal, versions: Sequence[Proposal]) -> list[Proposal]:
    """*version*, and what the other side says now."""
    other = OTHER_SIDE.get(version.side)
    number = queries.standing_among(versions).of(other) if other else None
    return [version, *[each for each in versions if each.number == number]]


def clauses_shown(versions: Sequence[Proposal]) -> list[ShownClause]:
    found = queries.findings_about(versions)
    return [
        ShownClause(
            proposal=version,
            title=str(words.SIDES[version.side]),
            pieces=marked(version.text),
            vague=_vague(version.text),
            findings=found[version.pk],
            summary=clause_words.summary(found[version.pk]),
        )
        for version in versions
    ]


def questions_shown(clauses: Sequence[ShownClause], forms: Mapping[Question, Any]) -> list[ShownQuestion]:
    """All questions, each with the answers about each clause and its form."""
    versions = [clause.proposal for clause in clauses]
    counts = queries.answer_counts(versions)
    answers: dict[tuple[UUID, str], list[ClauseAnswer]] = {}
    for answer in queries.latest_answers(versions, MOST_ANSWERS_SHOWN):
        answers.setdefault((answer.proposal_id, answer.question), []).append(answer)
    return [
        ShownQuestion(
            question=question,
            words=asked,
            sides=[_answers(clause, question, answers, counts) for clause in clauses],
            form=forms[question],
        )
        for question, asked in clause_words.QUESTIONS.items()
    ]


def _answers(
    clause: ShownClause,
    question: Question,
    answers: dict[tuple[UUID, str], list[ClauseAnswer]],
    counts: dict[tuple[UUID, Question], int],
) -> ShownAnswers:
    those = answers.get((clause.proposal.pk, question), [])
    return ShownAnswers(
        clause=clause,
        state=clause_words.STATES[clause.findings[question]],
        answers=those,
        more=counts.get((clause.proposal.pk, question), 0) - len(those),
    )


def _vague(text: str) -> list[VagueWords]:
    """By what is vague about them."""
    order = list(Vagueness)
    phrases = sorted(vague_in(text), key=lambda each: order.index(each.vagueness))
    return [
        VagueWords(phrases=[each.phrase for each in those], reason=clause_words.VAGUENESS[vagueness])
        for vagueness, those in groupby(phrases, key=lambda each: each.vagueness)
    ]
