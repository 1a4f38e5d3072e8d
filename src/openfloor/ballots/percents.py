"""Shares as people read them: only what is shown is rounded."""

from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from django.utils.formats import localize
from django.utils.translation import gettext as _


def percent(share: Fraction) -> str:
    """A share for people: 97 %, 66.7 %. What is not all never shows as 100 %, nor what is some as 0 %."""
    tenths = Decimal(share.numerator * 100) / Decimal(share.denominator)
    shown = tenths.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)
    if share < 1:
        shown = min(shown, Decimal("99.9"))
    if share > 0:
        shown = max(shown, Decimal("0.1"))
    whole = shown.to_integral_value()
    return _("%(number)s %%") % {"number": localize(int(whole) if shown == whole else shown)}
