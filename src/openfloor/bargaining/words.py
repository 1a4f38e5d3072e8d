"""The table in sentences: figures as people say them, who moved and towards whom, what cannot be read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from uuid import UUID

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openfloor.ballots.mandate_words import offer_in_words
from openfloor.ballots.queries.mandates import breaches_of_offers
from openfloor.bargaining import queries
from openfloor.bargaining.figures import (
    BadLine,
    DayOutOfReach,
    DayTwice,
    Figures,
    LineWithoutColon,
    LineWithoutDay,
    LineWithTwoReadings,
    Measure,
    TooManyLines,
    YearWithoutTerm,
    measures,
)
from openfloor.bargaining.models import GroundRules, Proposal
from openfloor.bargaining.standing import BOTH, OURS, THEIRS, Movement, State
from workrules.wages import Direction

SIDES: dict[str, str | Promise] = {
    OURS: gettext_lazy("We"),
    THEIRS: gettext_lazy("They"),
    BOTH: gettext_lazy("Both sides"),
}
STATES: dict[State, tuple[str, str | Promise]] = {  # a shape and a word
    State.EMPTY: ("open", gettext_lazy("Nothing is on the table")),
    State.OURS_ALONE: ("waiting", gettext_lazy("They have not answered")),
    State.THEIRS_ALONE: ("live", gettext_lazy("We have not answered")),
    State.APART: ("broken", gettext_lazy("Apart")),
    State.AGREED: ("kept", gettext_lazy("Tentatively agreed")),
}


_PUT_FORWARD: dict[tuple[str, str], str | Promise] = {
    ("proposed", OURS): gettext_lazy("We put forward article %(number)s, “%(title)s”."),
    ("proposed", THEIRS): gettext_lazy("They put forward article %(number)s, “%(title)s”."),
    ("corrected", OURS): gettext_lazy("We put forward article %(number)s, “%(title)s”."),
    ("corrected", THEIRS): gettext_lazy("They put forward article %(number)s, “%(title)s”."),
    ("withdrawn", OURS): gettext_lazy("We took back article %(number)s, “%(title)s”."),
    ("withdrawn", THEIRS): gettext_lazy("They took back article %(number)s, “%(title)s”."),
    ("corrected", BOTH): gettext_lazy("Both sides agreed on article %(number)s, “%(title)s”, for now."),
    ("agreed", BOTH): gettext_lazy("Both sides agreed on article %(number)s, “%(title)s”, for now."),
}


def put_forward_in_words(proposal: Proposal) -> str:
    article = proposal.article
    sentence = _PUT_FORWARD[proposal.kind, proposal.side]
    return str(sentence) % {"number": article.number, "title": article.title}


def all_put_forward_in_words(proposals: Sequence[Proposal], *, says_mandates: bool) -> list[str]:
    """The same of each, and the mandates that it is below as corrected, where its readers may know them."""
    if not says_mandates:
        return [put_forward_in_words(each) for each in proposals]
    corrections = queries.corrections_of(proposals)
    last = _last_corrections(corrections)
    below = below_mandates([*proposals, *corrections])
    return [" ".join([put_forward_in_words(each), *below[last.get(each.pk, each.pk)]]) for each in proposals]


def _last_corrections(corrections: Sequence[Proposal]) -> dict[UUID, UUID]:
    """By what was corrected, the last that took its place."""
    last: dict[UUID, UUID] = {}
    for each in reversed(corrections):
        if each.corrects_id is not None:
            last[each.corrects_id] = last.get(each.pk, each.pk)
    return last


def below_mandates(proposals: Iterable[Proposal]) -> dict[UUID, list[str]]:
    """
    By proposal, the mandates that it is below, a sentence each; all of them by one query.

    What was corrected stays a breach until another member confirms the correction, which then carries it.
    """
    before = {proposal.pk: proposal.corrects_id for proposal in proposals}
    found = breaches_of_offers(str(pk) for pk in {*before, *before.values()} - {None})
    return {
        pk: list(
            map(
                offer_in_words,
                [breach for each in _earlier(pk, before) for breach in found.get(str(each), [])],
            )
        )
        for pk in before
    }


def _earlier(pk: UUID, before: Mapping[UUID, UUID | None]) -> Iterator[UUID]:
    """A proposal, what it corrects, and so on."""
    each: UUID | None = pk
    while each is not None:
        yield each
        each = before.get(each)


def rules_in_words(rules: GroundRules) -> list[str]:
    """A version of the ground rules: what they say, who agreed, and what a side refused."""
    said = [rules.text, f"{_AGREED[rules.agreed_by]}"] if rules.text else []
    if rules.refused_by_us:
        said.append(_("Refused by us: %(what)s") % {"what": rules.refused_by_us})
    if rules.refused_by_them:
        said.append(_("Refused by them: %(what)s") % {"what": rules.refused_by_them})
    return said


_AGREED: dict[str, str | Promise] = {
    GroundRules.AgreedBy.BOTH: gettext_lazy("Both sides agreed."),
    GroundRules.AgreedBy.OURS: gettext_lazy("We alone agreed; they have not."),
    GroundRules.AgreedBy.THEIRS: gettext_lazy("They alone agreed; we have not."),
}


def decimal(value: Fraction) -> str:
    """At most two decimals, none that say nothing: 21.5, 23.29, 4."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    shown = exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_EVEN)
    return str(localize(int(shown) if shown == int(shown) else shown.normalize()))


def percent(rate: Fraction) -> str:
    """Of a rate: 21.5 %, 23.29 %."""
    return _("%(number)s %%") % {"number": decimal(rate * 100)}


def money(amount: Fraction) -> str:
    """Without a currency: the contract's own."""
    return str(localize(Decimal(amount.numerator) / Decimal(amount.denominator)))


def measured(measure: Measure, value: Fraction) -> str:
    """A figure with what it counts."""
    if measure.kind == "raises":
        return percent(value)
    if measure.kind == "ratio":
        return _("1 to %(patients)s") % {"patients": decimal(value)}
    return money(value)


def figures_in_words(figures: Figures) -> list[str]:
    """Raises, added up: 21.5 %. One for each measure."""
    return [f"{measure_in_words(each)}: {measured(each, value)}" for each, value in measures(figures).items()]


def measure_in_words(measure: Measure) -> str:
    if measure.kind == "raises":
        return _("Raises, added up")
    if measure.kind == "lump_sums":
        return _("Money paid once, in all")
    return measure.about


def movement_in_words(side: str, movement: Movement) -> str:
    """Raises, added up: 31 % → 27 %, 4 points towards them. 7 points are left between us."""
    measure = movement.measure
    before, after = measured(measure, movement.before), measured(measure, movement.after)
    return f"{measure_in_words(measure)}: {before} → {after}. {_towards(side, movement)}"


def _towards(side: str, movement: Movement) -> str:
    if movement.move is None:
        return _("The other side has named no figure.")
    sentences = _OURS if side == OURS else _THEIRS
    return str(sentences[movement.move.direction]) % {
        "by": _distance(movement.measure, movement.move.by),
        "gap": _distance(movement.measure, movement.move.gap),
    }


def _distance(measure: Measure, value: Fraction) -> str:
    if measure.kind == "raises":
        return _("%(number)s points") % {"number": decimal(abs(value) * 100)}
    if measure.kind == "ratio":
        return _("%(number)s patients") % {"number": decimal(abs(value))}
    return money(abs(value))


_OURS: dict[Direction, str | Promise] = {
    Direction.TOWARDS: gettext_lazy("We moved %(by)s towards them; %(gap)s are left between us."),
    Direction.AWAY: gettext_lazy("We moved %(by)s away from them; %(gap)s are left between us."),
    Direction.STAYED: gettext_lazy("We stayed; %(gap)s are left between us."),
}
_THEIRS: dict[Direction, str | Promise] = {
    Direction.TOWARDS: gettext_lazy("They moved %(by)s towards us; %(gap)s are left between us."),
    Direction.AWAY: gettext_lazy("They moved %(by)s away from us; %(gap)s are left between us."),
    Direction.STAYED: gettext_lazy("They stayed; %(gap)s are left between us."),
}


def line_in_words(error: BadLine) -> str:
    """What is wrong with a line, and what to write instead."""
    if isinstance(error, LineWithTwoReadings):
        first, second = (percent(reading) for reading in error.readings)
        return _(
            "Line %(line)s: “%(said)s” can be read as %(first)s or as %(second)s. Write the one you mean, "
            "with its sign."
        ) % {"line": error.line, "said": error.said, "first": first, "second": second}
    return str(_WRONG_LINES.get(type(error), _UNREADABLE)) % {"line": error.line}


_UNREADABLE = gettext_lazy("Line %(line)s cannot be read. Write it as in the example.")
_WRONG_LINES: dict[type[BadLine], str | Promise] = {
    LineWithoutColon: gettext_lazy("Line %(line)s has no colon. Write it as in the example."),
    LineWithoutDay: gettext_lazy(
        "Line %(line)s has no day and no year of the term before its colon. Write it as in the example."
    ),
    YearWithoutTerm: gettext_lazy("Line %(line)s counts years. Write above when the term starts."),
    DayTwice: gettext_lazy(
        "Line %(line)s has the day of an earlier line. Write one raise for each day, or another day."
    ),
    TooManyLines: gettext_lazy("These are too many lines. Leave out those that are empty."),
    DayOutOfReach: gettext_lazy("Line %(line)s: write a day of the years 1900 to 2200."),
}
