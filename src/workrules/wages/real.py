"""What a raise is worth after prices.

The trap is the window: the same 21.5 % are a gain of 2.3 % against the prices of 2021 to 2025, and of 8 %
against four years to come of 3 %. Every figure here is of one window, and whoever shows it says which.
"""

from decimal import Decimal, localcontext
from fractions import Fraction


class ImpossibleWindow(ValueError):
    """No years, or prices that fall to nothing."""


def real_change(rate: Fraction, prices: Fraction) -> Fraction:
    """What *rate* leaves in the pay where prices changed by *prices*: (1 + rate) / (1 + prices) - 1."""
    if prices <= -1:
        raise ImpossibleWindow("prices do not fall to nothing")
    return (1 + rate) / (1 + prices) - 1


def real_change_at(rate: Fraction, *, yearly_inflation: Fraction, years: int) -> Fraction:
    """The same where every one of *years* has the same inflation."""
    if years < 1:
        raise ImpossibleWindow("a window has at least one year")
    return real_change(rate, (1 + yearly_inflation) ** years - 1)


def restoring_raise(real: Fraction) -> Fraction:
    """The raise that makes good a real change: after a loss of 1/5 it takes 1/4."""
    return 1 / (1 + real) - 1


def break_even_inflation(rate: Fraction, *, years: int) -> Decimal:
    """
    The yearly inflation at which *rate* over *years* buys what the old pay bought, to six decimals.

    A root has no exact fraction: it is the only figure of this package that is rounded (half to even).
    """
    if years < 1:
        raise ImpossibleWindow("a window has at least one year")
    with localcontext(prec=40):
        growth = Decimal((1 + rate).numerator) / Decimal((1 + rate).denominator)
        return (growth ** (Decimal(1) / years) - 1).quantize(Decimal("0.000001"))
