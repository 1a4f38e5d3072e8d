"""The kinds of questions, one module for each, behind the one protocol of `AnyQuestion`.

Whoever handles elections, papers, tallies and results asks the question, never what kind it is. The rarer
kinds, `questions.lists` and `questions.nonhomomorphic`, are loaded when an election has them.
"""

from importlib import import_module
from typing import Any

from openballot.checks import Refused
from openballot.groups import Group
from openballot.questions.base import AnyQuestion, Context, ImpossibleAnswer, WrongNonce
from openballot.questions.homomorphic import Question

__all__ = [
    "AnyQuestion",
    "Context",
    "ImpossibleAnswer",
    "Question",
    "WrongNonce",
    "read_question",
]

_MODULES = {None: "homomorphic", "Lists": "lists", "NonHomomorphic": "nonhomomorphic"}


def read_question(value: object, group: Group) -> AnyQuestion[Any]:
    """Read a question of any kind that elections in *group* may ask; raises NotCanonical or Refused."""
    named = value.get("type") if isinstance(value, dict) else None
    if not (named is None or isinstance(named, str)) or named not in _MODULES:
        raise Refused("election_question_unsupported", "question")
    kind = getattr(import_module(f"{__name__}.{_MODULES[named]}"), named or "Question")
    question: AnyQuestion[Any] = kind.from_json(value)
    question.refuse_group(group)
    return question
