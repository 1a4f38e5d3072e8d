"""Kinds of ballots in the words of whoever calls one, and the forms of their questions."""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openfloor.ballots import questions
from openfloor.ballots.charter import Question, is_yes_or_no
from openfloor.ballots.models import Ballot

MOST_QUESTIONS = 10
MOST_ANSWERS = 30
CHOICE, ELECT, RANK, GRADE = "choice", "elect", "rank", "grade"
FIELDS = {
    CHOICE: ("question", "answers", "min", "max", "blank"),
    ELECT: ("question", "candidates", "seats", "blank"),
    RANK: ("question", "answers", "blank"),
    GRADE: ("question", "answers", "grades", "blank"),
}
KIND_OF = {questions.STV: ELECT, questions.SCHULZE: RANK, questions.MAJORITY_JUDGMENT: GRADE}
GRADES = (_("Excellent"), _("Very good"), _("Good"), _("Acceptable"), _("Poor"), _("Reject"))
CANDIDATE = re.compile(r"(\d{1,9})[\s.,:–-]+(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What somebody wants to put to the members; *kind* is that of its questions."""

    name: str
    label: str | Promise
    sentence: str | Promise
    kind: str

    @property
    def is_shuffled(self) -> bool:
        """Are votes mixed and opened one by one?"""
        return self.kind != CHOICE

    @property
    def gives_or_ends_role(self) -> bool:
        return self.name in (YES_OR_NO.name, RECALL.name)


YES_OR_NO = Call(
    name="yes-or-no",
    label=_("Yes or no"),
    sentence=_("One question, decided by your rule: how many must take part, and how many must say yes."),
    kind=CHOICE,
)
RECALL = Call(
    name="recall",
    label=_("Recall a delegate"),
    sentence=_("Yes or no: does a member lose a role?"),
    kind=CHOICE,
)
CALLS = (
    YES_OR_NO,
    Call(
        name="choose",
        label=_("Choose from a list"),
        sentence=_("Everybody chooses one answer or more, and the answers are counted."),
        kind=CHOICE,
    ),
    Call(
        name="elect",
        label=_("Elect delegates"),
        sentence=_(
            "Everybody ranks people. Several are elected, so that each large group among you has some."
        ),
        kind=ELECT,
    ),
    Call(
        name="rank",
        label=_("Rank proposals"),
        sentence=_("Everybody puts proposals into an order. They are compared two by two."),
        kind=RANK,
    ),
    Call(
        name="grade",
        label=_("Grade proposals"),
        sentence=_("Everybody says how good each proposal is. The best grade in the middle wins."),
        kind=GRADE,
    ),
    RECALL,
)
BY_NAME = {call.name: call for call in CALLS}


def call_of(ballot: Ballot) -> Call:
    """The kind of a draft, by its first question."""
    first = ballot.questions[0]
    method = questions.method_of(first)
    if method is not None:
        return BY_NAME[KIND_OF[method]]
    if (ballot.effect or {}).get("kind") == "end_role":
        return RECALL
    return YES_OR_NO if is_yes_or_no(ballot.questions) else BY_NAME["choose"]


class QuestionForm(forms.Form):
    """One question of a kind; a first one that is a choice decides by the rule when it is a yes or no."""

    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    question = forms.CharField(label=_("Question"), max_length=500)
    answers = forms.CharField(
        label=_("Answers, one a line"), max_length=5_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    candidates = forms.CharField(
        label=_("Candidates, one a line"),
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "The entry number, then the name as it stands on the ballot: “7 Rosa, night shift”. Ask them "
            "first; let each choose how to be named. Everybody can read it, outside the committee too."
        ),
    )
    seats = forms.IntegerField(
        label=_("How many are elected?"), initial=3, min_value=1, max_value=MOST_ANSWERS
    )
    grades = forms.CharField(
        label=_("Grades, the best first, one a line"),
        initial=lambda: "\n".join(map(str, GRADES)),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    min = forms.IntegerField(initial=1, label=_("Choose at least"), min_value=0, max_value=MOST_ANSWERS)
    max = forms.IntegerField(initial=1, label=_("and at most"), min_value=1, max_value=MOST_ANSWERS)
    blank = forms.BooleanField(initial=True, label=_("A blank vote can be cast"), required=False)

    def __init__(self, *args: Any, kind: str, call: Call, **options: Any) -> None:
        super().__init__(*args, **{**options, "label_suffix": ""})
        self.of = kind
        self.fields = {name: self.fields[name] for name in ("kind", *FIELDS[kind])}
        self.fields["kind"].initial = kind
        if kind in (RANK, GRADE):
            self.fields["answers"].label = _("Proposals, one a line")
        if kind == CHOICE and call.gives_or_ends_role:
            self.fields["answers"].help_text = _("Two answers, the first meaning yes.")
            self.fields["answers"].initial = f"{_('Yes')}\n{_('No')}"

    def clean_answers(self) -> list[str]:
        return _refuse_bad_list(_lines(self.cleaned_data["answers"]))

    def clean_candidates(self) -> list[tuple[int | None, str]]:
        candidates = [_candidate(line) for line in _lines(self.cleaned_data["candidates"])]
        _refuse_bad_list([name for _number, name in candidates])
        numbers = [number for number, _name in candidates if number is not None]
        if len(set(numbers)) != len(numbers):
            raise ValidationError(_("The same entry number stands there twice."))
        return candidates

    def clean_grades(self) -> list[str]:
        grades = _lines(self.cleaned_data["grades"])
        if not 2 <= len(grades) <= questions.MOST_GRADES:
            raise ValidationError(_("There are two to ten grades."))
        if any(len(grade) > questions.LONGEST_GRADE for grade in grades):
            raise ValidationError(_("A grade has forty characters at most."))
        return _refuse_twice(grades)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if {"min", "max"} <= values.keys() and values["min"] > values["max"]:
            self.add_error("max", ValidationError(_("At most cannot be less than at least.")))
        elif {"max", "answers"} <= values.keys() and values["max"] > len(values["answers"]):
            self.add_error("max", ValidationError(_("There are not that many answers.")))
        if {"seats", "candidates"} <= values.keys() and values["seats"] > len(values["candidates"]):
            self.add_error("seats", ValidationError(_("There are not that many candidates.")))
        return values

    def as_question(self) -> dict[str, Any]:
        """The question as the charter has it."""
        values = self.cleaned_data
        if self.of == CHOICE:
            return {name: values[name] for name in FIELDS[CHOICE]}
        return {
            "type": "NonHomomorphic",
            "question": values["question"],
            "answers": values["answers"] if self.of != ELECT else [name for _, name in values["candidates"]],
            "extra": {**self._rule(values), "blank": values["blank"]},
        }

    def _rule(self, values: dict[str, Any]) -> dict[str, Any]:
        if self.of == ELECT:
            return {"type": questions.RANKS, "seats": values["seats"], "method": questions.STV}
        if self.of == RANK:
            return {"type": questions.RANKS, "method": questions.SCHULZE}
        return {
            "type": questions.GRADES,
            "grades": values["grades"],
            "method": questions.MAJORITY_JUDGMENT,
        }


class BaseQuestionFormSet(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic at run time
    """Questions of the kind of a *call*, but for those of a draft that are of another."""

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**self.form_kwargs, "kind": self.call.kind if index is None else self._kind_at(index)}

    @property
    def call(self) -> Call:
        call: Call = self.form_kwargs["call"]
        return call

    def _kind_at(self, index: int) -> str:
        named = self.data.get(f"{self.prefix}-{index}-kind") if self.is_bound else self._kept_kind(index)
        return named if named in FIELDS else self.call.kind

    def _kept_kind(self, index: int) -> str | None:
        initial = self.initial or []
        return initial[index].get("kind") if index < len(initial) else None

    def clean(self) -> None:
        if not any(self.errors) and not self.questions():
            raise ValidationError(_("A ballot needs a question."))

    def questions(self) -> list[dict[str, Any]]:
        """The questions that stay, in order."""
        return [form.as_question() for form in self._that_stay()]

    def candidates(self) -> list[int] | None:
        """Of the first question, their entry numbers; None, with an error there, where one has none."""
        form = self._that_stay()[0]
        candidates = form.cleaned_data.get("candidates", [(None, "")])
        numbers = [number for number, _name in candidates if number is not None]
        if len(numbers) < len(candidates):
            form.add_error(
                "candidates" if form.of == ELECT else None,
                ValidationError(_("Where the elected get a role, each line begins with an entry number.")),
            )
            return None
        return numbers

    def _that_stay(self) -> list[Any]:
        return [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]


QuestionFormSet = forms.formset_factory(
    QuestionForm,
    formset=BaseQuestionFormSet,
    extra=0,
    can_delete=True,
    max_num=MOST_QUESTIONS,
    validate_max=True,
    min_num=1,
    validate_min=True,
)


def with_one_more(data: QueryDict, call: Call) -> QueryDict:
    """What was sent, and one more question of the call's kind: for a browser without JavaScript."""
    more = data.copy()
    total = more.get("questions-TOTAL_FORMS", "")
    number = int(total) if total in map(str, range(MOST_QUESTIONS)) else 0
    more["questions-TOTAL_FORMS"] = str(number + 1)
    fresh = QuestionForm(kind=call.kind, call=call)
    for name, field in fresh.fields.items():
        initial = fresh.get_initial_for_field(field, name)
        more[f"questions-{number}-{name}"] = "on" if initial is True else str(initial or "")
    return more


def of_questions(ballot: Ballot) -> list[dict[str, Any]]:
    """The questions' values of a draft, one answer a line."""
    numbers = (ballot.effect or {}).get("candidates", [])
    return [
        _of_question(question, [] if place else numbers) for place, question in enumerate(ballot.questions)
    ]


def _of_question(question: Question, numbers: list[int]) -> dict[str, Any]:
    method = questions.method_of(question)
    answers = question["answers"]
    if method is None:
        return {**question, "kind": CHOICE, "answers": "\n".join(answers)}
    extra = question["extra"]
    named = (
        [f"{number} {name}" for number, name in zip(numbers, answers, strict=True)] if numbers else answers
    )
    return {
        "kind": KIND_OF[method],
        "question": question["question"],
        "answers": "\n".join(answers),
        "candidates": "\n".join(named),
        "seats": extra.get("seats"),
        "grades": "\n".join(extra.get("grades", [])),
        "blank": extra["blank"],
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _candidate(line: str) -> tuple[int | None, str]:
    numbered = CANDIDATE.fullmatch(line)
    return (int(numbered[1]), numbered[2]) if numbered else (None, line)


def _refuse_bad_list(answers: list[str]) -> list[str]:
    if len(answers) < 2:
        raise ValidationError(_("A question needs two answers at least."))
    if len(answers) > MOST_ANSWERS:
        raise ValidationError(_("A question has thirty answers at most."))
    return _refuse_twice(answers)


def _refuse_twice(lines: list[str]) -> list[str]:
    if len(set(lines)) != len(lines):
        raise ValidationError(_("Two answers are the same."))
    return lines
