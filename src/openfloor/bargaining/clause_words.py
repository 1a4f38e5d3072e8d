"""Questions about a clause, what the answers come to, and what is vague about a phrase: in sentences."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openfloor.bargaining.clauses import Finding, Question, Vagueness


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question: as it is asked, what a good answer looks like, and how it is named in a list."""

    asked: str | Promise
    good: str | Promise
    named: str | Promise


QUESTIONS = {
    Question.WHO: Asked(
        asked=gettext_lazy("Who must do it?"),
        good=gettext_lazy(
            "It names a side or an office that must: “the Employer shall”. “Staff will be” names nobody."
        ),
        named=gettext_lazy("who must do it"),
    ),
    Question.HOW_MUCH: Asked(
        asked=gettext_lazy("How much?"),
        good=gettext_lazy("A number, or a rule from which everybody gets the same number."),
        named=gettext_lazy("how much"),
    ),
    Question.MEASURED_WHEN: Asked(
        asked=gettext_lazy("When is it measured?"),
        good=gettext_lazy(
            "At all times, or at the start of each shift. An average over a month hides every bad night."
        ),
        named=gettext_lazy("when it is measured"),
    ),
    Question.MEASURED_BY: Asked(
        asked=gettext_lazy("Who measures it?"),
        good=gettext_lazy("An office that must, and the right of our side to see the figures."),
        named=gettext_lazy("who measures it"),
    ),
    Question.REMEDY: Asked(
        asked=gettext_lazy("What follows when it is broken, and by when?"),
        good=gettext_lazy("Pay, a closed bed, an arbitrator: with a day or an hour by which it must happen."),
        named=gettext_lazy("what follows when it is broken, and by when"),
    ),
    Question.EVIDENCE: Asked(
        asked=gettext_lazy("What counts as evidence?"),
        good=gettext_lazy("A record that is kept anyway, or a report of ours, and who has to hand it over."),
        named=gettext_lazy("what counts as evidence"),
    ),
}
STATES: dict[Finding, tuple[str, str | Promise]] = {  # a shape and a word
    Finding.UNANSWERED: ("open", gettext_lazy("Nobody has answered")),
    Finding.UNSURE: ("waiting", gettext_lazy("Nobody is sure")),
    Finding.SAYS: ("kept", gettext_lazy("It says so")),
    Finding.SAYS_NOT: ("broken", gettext_lazy("It does not say so")),
    Finding.DISPUTED: ("live", gettext_lazy("We read it differently")),
}
VAGUENESS = {
    Vagueness.TRYING: gettext_lazy("Whoever tried has kept it, even if nothing came of it."),
    Vagueness.POSSIBLE: gettext_lazy("It does not say who finds out whether it is possible, or how."),
    Vagueness.CIRCUMSTANCES: gettext_lazy("It ends when the employer’s own figures say so."),
    Vagueness.CHOICE: gettext_lazy("It lets somebody do it, and makes nobody."),
    Vagueness.NEED: gettext_lazy("It does not say who finds that it is needed."),
    Vagueness.AMOUNT: gettext_lazy("It is no number: two people read two numbers into it."),
    Vagueness.TIME: gettext_lazy("It is no day and no hour."),
    Vagueness.USUALLY: gettext_lazy("There are exceptions, and it does not say which."),
    Vagueness.WISH: gettext_lazy("It is a wish: nobody must."),
    Vagueness.TALK: gettext_lazy("It promises talk and no result."),
}
_LACKS: dict[Finding, str | Promise] = {
    Finding.UNANSWERED: gettext_lazy("Nobody has answered: %(questions)s."),
    Finding.UNSURE: gettext_lazy("Nobody is sure: %(questions)s."),
    Finding.SAYS_NOT: gettext_lazy("It does not say: %(questions)s."),
    Finding.DISPUTED: gettext_lazy("We read it differently: %(questions)s."),
}


def summary(found: Mapping[Question, Finding]) -> list[str]:
    """4 of 6 questions are answered. It does not say: who measures it. And so on, worst first."""
    if set(found.values()) == {Finding.UNANSWERED}:
        return [_("Nobody has said yet what it says and what it lacks.")]
    return [_how_many(found), *_lacking(found)]


def _how_many(found: Mapping[Question, Finding]) -> str:
    if set(found.values()) == {Finding.SAYS}:
        return _("It says all that we ask.")
    answered = sum(each.is_answer for each in found.values())
    return _("%(answered)s of %(questions)s questions are answered.") % {
        "answered": answered,
        "questions": len(found),
    }


def _lacking(found: Mapping[Question, Finding]) -> list[str]:
    return [
        str(_LACKS[kind]) % {"questions": "; ".join(str(QUESTIONS[question].named) for question in those)}
        for kind in (Finding.SAYS_NOT, Finding.DISPUTED, Finding.UNSURE, Finding.UNANSWERED)
        if (those := [question for question, finding in found.items() if finding is kind])
    ]
