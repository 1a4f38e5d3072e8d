"""A whole proposal as text, cut into its articles.

An article begins with a line like "Article 12: Wages" at the start of a paragraph, or with "# 12 Wages". The
trap: a sentence may begin with "Article 12" as well, so what was cut is shown before any of it is stored.
"""

import re
from dataclasses import dataclass

MOST_TEXT = 1_000_000
LONGEST_HEADING = 160
LONGEST_TITLE = 120
_NUMBER = r"(?P<number>\d{1,4}(?:\.\d{1,3}){0,3}[A-Za-z]?|[IVXLC]{1,8})"
_WORD = r"(?:articles?|artículos?|artikulo|sections?|secci[oó]n|seksyon)"
_REST = r"(?:\s*[.:)–—-]+\s*|\s+|$)(?P<title>.*)"
_NAMED = re.compile(rf"{_WORD}\s+{_NUMBER}{_REST}", re.IGNORECASE)
_MARK = re.compile(r"#{1,4} ")
_MARKED = re.compile(rf"#+\s+(?:{_WORD}\s+)?{_NUMBER}{_REST}", re.IGNORECASE)


class NoArticles(ValueError):
    """No line of the text begins an article."""


class HeadingWithoutNumber(ValueError):
    """A line marked as a heading has no number; `line` is its number from 1, `heading` what it says."""

    def __init__(self, line: int, heading: str) -> None:
        super().__init__(f"line {line}")
        self.line = line
        self.heading = heading


class ArticleTwice(ValueError):
    """Two articles have one number."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One article as the text has it; `text` may be empty. Without a name it is called by its number."""

    number: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """`before` stands ahead of the first article: a letter, a title page."""

    before: str
    parts: tuple[Part, ...]


@dataclass(slots=True)
class _Open:
    number: str
    title: str
    lines: list[str]


def articles_in(text: str) -> Cut:
    """Raises NoArticles, HeadingWithoutNumber and ArticleTwice."""
    before: list[str] = []
    found: list[_Open] = []
    starts_paragraph = True
    for number, line in enumerate(text.splitlines(), 1):
        heading = None
        if _MARK.match(line):
            heading = _marked(line.strip(), number, is_first=not found)
        elif starts_paragraph:
            heading = _named(line.strip())
        if heading is not None:
            found.append(heading)
        else:
            (found[-1].lines if found else before).append(line.rstrip())
        starts_paragraph = not line.strip() or heading is not None
    if not found:
        raise NoArticles
    parts = tuple(_part(each) for each in found)
    _refuse_twice(parts)
    return Cut(before="\n".join(before).strip("\n"), parts=parts)


def _marked(line: str, number: int, *, is_first: bool) -> _Open | None:
    """Before the first article a heading may be without a number: it is the title of the whole."""
    marked = _MARKED.fullmatch(line)
    if marked is None and not is_first:
        raise HeadingWithoutNumber(number, line.lstrip("# "))
    return _Open(marked["number"], marked["title"].strip(), []) if marked else None


def _named(line: str) -> _Open | None:
    named = _NAMED.fullmatch(line) if len(line) <= LONGEST_HEADING else None
    if named is None or line.endswith((".", ";", ",")):
        return None
    return _Open(named["number"], named["title"].strip(), [])


def _part(found: _Open) -> Part:
    lines = found.lines
    title = found.title
    if not title:
        title, lines = _title_below(lines)
    return Part(
        number=found.number.upper(),
        title=" ".join(title.split())[:LONGEST_TITLE] or found.number.upper(),
        text="\n".join(lines).strip("\n"),
    )


def _title_below(lines: list[str]) -> tuple[str, list[str]]:
    """ "Article 12" on one line, "Wages" on the next: a short line that is no sentence."""
    for place, line in enumerate(lines):
        if line.strip():
            is_title = len(line) <= LONGEST_TITLE and not line.endswith((".", ";", ",", ":"))
            return (line.strip(), lines[place + 1 :]) if is_title and any(lines[place + 1 :]) else ("", lines)
    return "", lines


def _refuse_twice(parts: tuple[Part, ...]) -> None:
    seen: set[str] = set()
    for part in parts:
        if part.number in seen:
            raise ArticleTwice(part.number)
        seen.add(part.number)
