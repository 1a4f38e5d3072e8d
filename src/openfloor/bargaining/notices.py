"""Notices that a contract or the law asks for before its end, one a line: "90: to the employer"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 730
LONGEST = 200
_LINE = re.compile(r"(\d{1,3})\s*(?:days?|días?|araw)?\s*[:,–—-]\s*(\S.*)", re.IGNORECASE | re.ASCII)


class UnreadableNotice(ValueError):
    """The line with this number, from 1, is no notice."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`days` before the end, at the latest."""

    days: int
    what: str

    def last_day(self, expires_on: date) -> date:
        return expires_on - timedelta(days=self.days)


def read_notices(text: str) -> tuple[Notice, ...]:
    """The earliest first; empty lines are skipped. Raises UnreadableNotice."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            found.append(_read(line.strip(), number))
    return tuple(sorted(found, key=lambda notice: -notice.days))


def as_lines(notices: tuple[Notice, ...]) -> str:
    """What `read_notices` reads again."""
    return "\n".join(f"{notice.days}: {notice.what}" for notice in notices)


def _read(line: str, number: int) -> Notice:
    found = _LINE.fullmatch(line)
    if found is None or int(found[1]) > MOST_DAYS or len(found[2]) > LONGEST:
        raise UnreadableNotice(number)
    return Notice(days=int(found[1]), what=found[2])
