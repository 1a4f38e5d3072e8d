"""Demands and what falls short of them, in words: for the ledger, and for every page about a mandate."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

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


def moment_in_words(text: str, zone: str) -> str:
    """Of a moment in a text: 8 October 2026, 8 p.m., Los Angeles time."""
    local = datetime.fromisoformat(text).astimezone(ZoneInfo(zone))
    city = zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")
    return _("%(day)s, %(time)s, %(zone)s") % {
        "day": date_format(local, _("j F Y")),
        "time": date_format(local, "TIME_FORMAT"),
        "zone": _("%(city)s time") % {"city": city} if "/" in zone else zone,
    }


def _decimal(value: Fraction) -> str:
    scaled = value * 10_000
    if scaled.denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    whole, rest = divmod(scaled.numerator, 10_000)
    decimals = f"{rest:04}".rstrip("0")
    return str(number_format(f"{whole}.{decimals}" if decimals else whole, use_l10n=True))
