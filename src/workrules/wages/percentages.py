"""Percentages as people write them: "5 %", "5,0 percent", "1/2 %", "-2".

The trap: a bare 0.05 may be a share (5 %) or a percentage (0.05 %). What can be read in two ways is refused
with both readings, and never guessed. No raise is of 1,000 % and more: a comma is always the decimal mark.
"""

import re
from fractions import Fraction

_PERCENTAGE = re.compile(
    r"(?:(?P<minus>[-\N{MINUS SIGN}])|\+)? ?"
    r"(?:(?P<whole>\d{1,3})(?:[.,](?P<part>\d{1,9}))?"
    r"|(?:(?P<full>\d{1,3}) )?(?P<over>\d{1,3})/(?P<under>\d{1,3}))"
    r" ?(?P<sign>%|\N{FULLWIDTH PERCENT SIGN}|percent|per cent|pct|por ciento|porsiyento)?",
    re.ASCII,
)


class NoPercentage(ValueError):
    """This text is no percentage under 1,000."""


class TwoReadings(ValueError):
    """This text can be meant in two ways; `readings` are the two rates."""

    def __init__(self, *readings: Fraction) -> None:
        super().__init__("can be read in two ways")
        self.readings = readings


def read_percentage(text: str) -> Fraction:
    """
    Read a percentage as a rate: "5 %" is 1/20.

    Without a percent sign a number is a percentage when it is 0 or at least 1 in size; in between it raises
    TwoReadings. Raises NoPercentage for any other text.
    """
    found = _PERCENTAGE.fullmatch(" ".join(text.split()).casefold())
    if found is None or (found["under"] is not None and int(found["under"]) == 0):
        raise NoPercentage(text)
    value = -_size(found) if found["minus"] else _size(found)
    if found["sign"] is None and 0 < abs(value) < 1:
        raise TwoReadings(value / 100, value)
    return value / 100


def _size(found: re.Match[str]) -> Fraction:
    if found["under"] is not None:
        return int(found["full"] or 0) + Fraction(int(found["over"]), int(found["under"]))
    part = found["part"] or ""
    return Fraction(int(found["whole"] + part), 10 ** len(part))
