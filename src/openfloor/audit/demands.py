"""Demands and what falls short of them, in words: for the ledger, and for every page about a mandate."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from openfloor.ui.clock import in_words

Term = Mapping[str, Any]  # of a charter's `mandate`


def term_in_words(term: Term) -> str:
    """Raise over four years: at least 31 %."""
    sentence = {"at_least": _("%(about)s: at least %(value)s"), "at_most": _("%(about)s: at most %(value)s")}
    return sentence[term["bound"]] % {"about": term["about"], "value": asked_in_words(term)}


def asked_in_words(term: Term) -> str:
    return value_in_words(Fraction(term["numerator"], term["denominator"]), term["unit"])


def value_in_words(value: Fraction, unit: str) -> str:
    """31 %, 4.5, or the exact fraction where four decimals do not say it."""
    shown = value * 100 if unit == "percent" else value
    number = _decimal(shown)
    return _("%(number)s %%") % {"number": number} if unit == "percent" else number


def shortfall_in_words(shortfall: Mapping[str, Any]) -> str:
    """Raise over four years: 27 % where at least 31 % was decided."""
    sentence = {
        "at_least": _("%(about)s: %(value)s where at least %(asked)s was decided"),
        "at_most": _("%(about)s: %(value)s where at most %(asked)s was decided"),
    }
    term = shortfall["term"]
    return sentence[term["bound"]] % {
        "about": term["about"],
        "value": value_in_words(Fraction(*shortfall["value"]), term["unit"]),
        "asked": asked_in_words(term),
    }


def shortfalls_in_words(shortfalls: Iterable[Mapping[str, Any]]) -> str:
    """Nothing where there are none."""
    return "; ".join(map(shortfall_in_words, shortfalls))


def action_in_words(action: Mapping[str, Any], zone: str) -> str:
    when = moment_in_words(action["by"], zone)
    return _("%(what)s. It must begin by %(when)s.") % {"what": action["what"], "when": when}


def moment_in_words(text: str, zone: str) -> str:
    """Of a moment in a text: 8 October 2026, 8 p.m., Los Angeles time."""
    return in_words(datetime.fromisoformat(text).astimezone(ZoneInfo(zone)))


def _decimal(value: Fraction) -> str:
    scaled = value * 10_000
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(scaled.numerator, 10_000)
    decimals = f"{rest:04}".rstrip("0")
    return str(number_format(f"{whole}.{decimals}" if decimals else whole, use_l10n=True))
