"""The kinds of questions, one module for each, behind the one protocol of `AnyQuestion`.

Whoever handles elections, papers, tallies and results asks the question, never what kind it is.
"""

from typing import Any

from openballot.checks import Refused
from openballot.groups import Group
from openballot.questions.base import AnyQuestion, Context, ImpossibleAnswer, WrongNonce
from openballot.questions.homomorphic import Question
from openballot.questions.lists import Lists
from openballot.questions.nonhomomorphic import NonHomomorphic

__all__ = [
    "AnyQuestion",
    "Context",
    "ImpossibleAnswer",
    "Lists",
    "NonHomomorphic",
    "Question",
    "WrongNonce",
    "read_question",
]

_BY_TYPE: dict[object, type[AnyQuestion[Any]]] = {
    None: Question,
    "Lists": Lists,
    "NonHomomorphic": NonHomomorphic,
}


def read_question(value: object, group: Group) -> AnyQuestion[Any]:
    """Read a question of any kind that elections in *group* may ask; raises NotCanonical or Refused."""
    named = value.get("type") if isinstance(value, dict) else None
    if not (named is None or isinstance(named, str)) or named not in _BY_TYPE:
        raise Refused("election_question_unsupported", "question")
    question = _BY_TYPE[named].from_json(value)
    question.refuse_group(group)
    return question
