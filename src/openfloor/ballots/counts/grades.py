"""A count by majority judgment, place by place."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openfloor.ballots.counts.shown import (
    MARK,
    WIDTH,
    Bar,
    Part,
    Pictured,
    Round,
    Shown,
    Table,
    first_place,
    listed,
    papers,
    places,
    share,
)
from workrules.counting import majority_judgment

FAINTEST = Decimal("0.15")


def judgment_in_words(count: majority_judgment.Count, names: Sequence[str], grades: Sequence[str]) -> Shown:
    """Show who has the best grade in the middle. *grades* are the words of the grades, the best first."""
    in_order = [candidate for place in count.ranking for candidate in place]
    return Shown(
        outcome=first_place(count.ranking[0], count.valid, names),
        facts=(papers(count),),
        pictures=_pictures(count, in_order, names, grades),
        places=places(count.ranking, names),
        rounds=tuple(_told_apart(count, number, names, grades) for number in range(len(count.steps))),
        tables=(_grades_table(count, in_order, names, grades),),
    )


def _pictures(
    count: majority_judgment.Count, in_order: Sequence[int], names: Sequence[str], grades: Sequence[str]
) -> tuple[Pictured, ...]:
    if not count.valid:
        return ()
    sentence = _("Each bar goes from %(best)s to %(worst)s. The mark is the middle of all papers.") % {
        "best": grades[0],
        "worst": grades[-1],
    }
    bars = tuple(_merits(count, candidate, names, grades) for candidate in in_order)
    return (Pictured(sentence=sentence, bars=bars),)


def _merits(
    count: majority_judgment.Count, candidate: int, names: Sequence[str], grades: Sequence[str]
) -> Bar:
    judgment = count.judgments[candidate]
    parts, start, so_far = [], 0, 0
    for grade, number in enumerate(judgment.numbers):
        so_far += number
        end = share(so_far, count.valid)
        parts.append(
            Part(kind="grade", start=start, width=end - start, opacity=_opacity(grade, count.grades))
        )
        start = end
    middle = Part(kind="mark", start=(WIDTH - MARK) // 2, width=MARK)
    figures = ", ".join(
        f"{grade} {localize(number)}" for grade, number in zip(grades, judgment.numbers, strict=True)
    )
    return Bar(
        name=names[candidate],
        note=_("%(grade)s in the middle") % {"grade": _grade(judgment, grades)},
        description=f"{names[candidate]}: {figures}",
        parts=(*parts, middle),
    )


def _opacity(grade: int, grades: int) -> str:
    return f"{1 - (1 - FAINTEST) * grade / (grades - 1):.2f}"


def _told_apart(
    count: majority_judgment.Count, number: int, names: Sequence[str], grades: Sequence[str]
) -> Round:
    step = count.steps[number]
    better, worse = count.ranking[number], count.ranking[number + 1]
    words = {
        "grade": grades[step.grade - 1],
        "next_grade": grades[step.next_grade - 1],
        "times": localize(step.set_aside),
    }
    if step.set_aside == 0:
        sentence = _("In the middle: %(grade)s before %(next_grade)s.") % words
    else:
        sentence = (
            ngettext(
                "The same grade is in the middle. Take it away from both, %(times)s time: then it is "
                "%(grade)s before %(next_grade)s.",
                "The same grade is in the middle. Take the middle away from both, %(times)s times: then it "
                "is %(grade)s before %(next_grade)s.",
                step.set_aside,
            )
            % words
        )
    heading = _("%(names)s before %(others)s") % {
        "names": listed(better, names),
        "others": listed(worse, names),
    }
    return Round(heading=heading, sentences=(sentence,))


def _grades_table(
    count: majority_judgment.Count, in_order: Sequence[int], names: Sequence[str], grades: Sequence[str]
) -> Table:
    rows = []
    for candidate in in_order:
        judgment = count.judgments[candidate]
        given, around = map(localize, judgment.numbers), map(localize, (judgment.better, judgment.worse))
        rows.append((names[candidate], (*given, _grade(judgment, grades), *around)))
    return Table(
        caption=_(
            "How many papers gave which grade, and how many gave a better or a worse one than the middle."
        ),
        columns=(_("Name"), *grades, _("In the middle"), _("Better"), _("Worse")),
        rows=tuple(rows),
    )


def _grade(judgment: majority_judgment.Judgment, grades: Sequence[str]) -> str:
    return "–" if judgment.grade is None else grades[judgment.grade - 1]
