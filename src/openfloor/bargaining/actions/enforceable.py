"""Saying what a clause says: a member's reading of it, and no deed of the committee. No ledger has it."""

from datetime import datetime

from django.db import transaction

from openfloor.bargaining import permissions, queries
from openfloor.bargaining.clauses import Answer, Question, as_one_line, is_quoted_from
from openfloor.bargaining.errors import (
    AnsweredOften,
    AnsweredSo,
    BadAnswer,
    MembersAnswer,
    NothingToAsk,
    PassageNotThere,
)
from openfloor.bargaining.models import ClauseAnswer, Proposal
from openfloor.locks import lock_committee
from openfloor.workplace.models import Member

LONGEST_PASSAGE = 1_000
MOST_ANSWERS = 20  # of one member to one question about one version


@transaction.atomic
def answer_clause(
    by: Member, version: Proposal, question: Question, says: Answer, *, passage: str = "", now: datetime
) -> ClauseAnswer:
    """An answer beside the member's earlier ones, which it follows."""
    lock_committee(version.committee_id)
    if not permissions.may_answer(by, version):
        raise MembersAnswer
    passage = as_one_line(passage)
    _refuse_bad(version, says, passage)
    before = list(queries.answers_to(version, question, by).select_related("followed_by"))
    last = next((answer for answer in before if not hasattr(answer, "followed_by")), None)
    if last is not None and (last.says, last.passage) == (says, passage):
        raise AnsweredSo
    if len(before) >= MOST_ANSWERS:
        raise AnsweredOften(most=MOST_ANSWERS)
    return ClauseAnswer.objects.create(
        committee_id=version.committee_id,
        proposal=version,
        question=question,
        says=says,
        passage=passage,
        by=by,
        answered_at=now,
        follows=last,
    )


def _refuse_bad(version: Proposal, says: Answer, passage: str) -> None:
    if version.kind == Proposal.Kind.WITHDRAWN:
        raise NothingToAsk
    if (says is Answer.YES) != bool(passage) or len(passage) > LONGEST_PASSAGE:
        raise BadAnswer
    if passage and not is_quoted_from(version.text, passage):
        raise PassageNotThere
