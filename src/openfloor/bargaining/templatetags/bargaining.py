"""Figures of the table as people say them: `{% load bargaining %}`."""

from decimal import Decimal
from fractions import Fraction

from django import template

from openfloor.bargaining import words
from openfloor.bargaining.figures import Figures, from_json
from openfloor.bargaining.models import Proposal

register = template.Library()


@register.filter
def figures(version: Proposal) -> Figures:
    """The numbers of a version."""
    return from_json(version.figures)


@register.filter
def percent(rate: Fraction | Decimal) -> str:
    """Of a rate: 23.29 %."""
    return words.percent(Fraction(rate))


@register.filter
def thousandths(rate: Fraction, most: Fraction) -> int:
    """How long a bar of 1,000 is where the longest stands for *most*."""
    return round(max(rate, Fraction()) / most * 1000) if most > 0 else 0


@register.filter
def plain(value: Fraction) -> str:
    """A number without a sign: 4, 2.5."""
    return words.decimal(value)
