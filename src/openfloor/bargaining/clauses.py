"""Can a clause be enforced? What members ask of its words, and the words that bind nobody.

People answer, nothing is scored. The traps: "may not" forbids and is clear; May is a month; and in Tagalog
"may" only says that there is something.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, StrEnum


class Question(StrEnum):
    """What a clause has to say before anybody can hold a side to it, in the order in which it is asked."""

    WHO = "who"
    HOW_MUCH = "how_much"
    MEASURED_WHEN = "measured_when"
    MEASURED_BY = "measured_by"
    REMEDY = "remedy"
    EVIDENCE = "evidence"


class Answer(StrEnum):
    """Does the clause say it? A YES comes with the passage that does."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Finding(Enum):
    """What the answers to one question come to. Nobody is outvoted: one who differs makes it DISPUTED."""

    UNANSWERED = "unanswered"
    UNSURE = "unsure"  # nobody is sure
    SAYS = "says"
    SAYS_NOT = "says_not"
    DISPUTED = "disputed"

    @property
    def is_answer(self) -> bool:
        return self not in (Finding.UNANSWERED, Finding.UNSURE)


def finding(answers: Iterable[Answer]) -> Finding:
    """Of the answers that hold now, one of each member. Who is not sure takes no side."""
    given = set(answers)
    sides = given - {Answer.UNSURE}
    if len(sides) > 1:
        return Finding.DISPUTED
    if sides:
        return Finding.SAYS if sides == {Answer.YES} else Finding.SAYS_NOT
    return Finding.UNSURE if given else Finding.UNANSWERED


def findings(answers: Mapping[Question, Iterable[Answer]]) -> dict[Question, Finding]:
    """Of every question, also of those that nobody has answered."""
    return {question: finding(answers.get(question, ())) for question in Question}


def as_one_line(passage: str) -> str:
    return " ".join(passage.split())


def is_quoted_from(text: str, passage: str) -> bool:
    """Does *passage* stand in *text*, word by word? Line breaks and spaces do not matter."""
    words = as_one_line(passage)
    return bool(words) and words in as_one_line(text)


class Vagueness(Enum):
    """Why a phrase binds nobody."""

    TRYING = "trying"
    POSSIBLE = "possible"
    CIRCUMSTANCES = "circumstances"
    CHOICE = "choice"
    NEED = "need"
    AMOUNT = "amount"
    TIME = "time"
    USUALLY = "usually"
    WISH = "wish"
    TALK = "talk"


@dataclass(frozen=True, slots=True, kw_only=True)
class VaguePhrase:
    """In small letters. `listed_on` is the day from which it is marked."""

    phrase: str
    language: str
    vagueness: Vagueness
    listed_on: date


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a text, and the phrase of the list that it is, if it is one."""

    text: str
    vague: VaguePhrase | None = None


def _listed(
    listed_on: date, language: str, phrases: Mapping[Vagueness, tuple[str, ...]]
) -> Iterator[VaguePhrase]:
    for vagueness, those in phrases.items():
        for phrase in those:
            yield VaguePhrase(phrase=phrase, language=language, vagueness=vagueness, listed_on=listed_on)


FIRST_LIST = date(2026, 11, 27)
VAGUE_PHRASES = (
    *_listed(
        FIRST_LIST,
        "en",
        {
            Vagueness.TRYING: (
                "reasonable efforts",
                "reasonable effort",
                "best efforts",
                "every effort",
                "good faith effort",
                "good faith efforts",
                "endeavor",
                "endeavors",
                "endeavour",
                "strive",
                "attempt to",
                "seek to",
            ),
            Vagueness.POSSIBLE: (
                "where possible",
                "when possible",
                "whenever possible",
                "if possible",
                "to the extent possible",
                "as far as possible",
                "where practicable",
                "when practicable",
                "where feasible",
                "when feasible",
                "if feasible",
            ),
            Vagueness.CIRCUMSTANCES: (
                "census permitting",
                "staffing permitting",
                "budget permitting",
                "subject to availability",
                "operational needs",
                "operational requirements",
                "business needs",
            ),
            Vagueness.CHOICE: ("may", "sole discretion", "at its discretion", "at the discretion of"),
            Vagueness.NEED: (
                "as needed",
                "if needed",
                "when needed",
                "as necessary",
                "if necessary",
                "when necessary",
                "as appropriate",
                "where appropriate",
            ),
            Vagueness.AMOUNT: ("reasonable", "adequate", "sufficient", "appropriate"),
            Vagueness.TIME: (
                "as soon as possible",
                "as soon as practicable",
                "timely",
                "promptly",
                "from time to time",
                "periodically",
            ),
            Vagueness.USUALLY: ("normally", "generally", "typically"),
            Vagueness.WISH: ("should", "goal", "intends to", "aims to"),
            Vagueness.TALK: ("will consider", "shall consider", "meet and discuss", "will discuss"),
        },
    ),
    *_listed(
        FIRST_LIST,
        "es",
        {
            Vagueness.TRYING: (
                "esfuerzos razonables",
                "mejores esfuerzos",
                "hará lo posible",
                "harán lo posible",
                "procurará",
                "procurarán",
                "se esforzará",
                "tratará de",
            ),
            Vagueness.POSSIBLE: (
                "cuando sea posible",
                "siempre que sea posible",
                "en la medida de lo posible",
                "si es posible",
                "de ser posible",
            ),
            Vagueness.CIRCUMSTANCES: (
                "necesidades operativas",
                "necesidades del servicio",
                "sujeto a disponibilidad",
                "si el presupuesto lo permite",
            ),
            Vagueness.CHOICE: ("podrá", "podrán", "a su discreción"),
            Vagueness.NEED: (
                "según sea necesario",
                "cuando sea necesario",
                "si es necesario",
                "según corresponda",
            ),
            Vagueness.AMOUNT: ("razonable", "adecuado", "adecuada", "suficiente"),
            Vagueness.TIME: ("lo antes posible", "oportunamente", "periódicamente"),
            Vagueness.USUALLY: ("normalmente", "generalmente", "por lo general"),
            Vagueness.TALK: ("considerará", "tomará en consideración"),
        },
    ),
    *_listed(
        FIRST_LIST,
        "tl",
        {
            Vagueness.TRYING: ("sisikapin", "pagsisikapan"),
            Vagueness.POSSIBLE: ("kung maaari", "hangga't maaari", "kung posible"),
            Vagueness.CHOICE: ("maaari", "maaaring"),
            Vagueness.NEED: ("kung kinakailangan", "kung kailangan", "ayon sa pangangailangan"),
            Vagueness.AMOUNT: ("sapat", "makatwirang"),
            Vagueness.TIME: ("sa lalong madaling panahon",),
        },
    ),
)

# What looks vague and is not: a ban, a limit, the month of May.
_CLEAR = re.compile(
    r"\bmay\s+(?:not|only)\b"
    r"|\b(?:no|nobody|neither|none)\b[^.;:]{0,60}?\bmay\b"
    r"|\b\d{1,2}\s+(?:de\s+)?may\b|\bmay\s+\d|\b(?:in|of|by|until|since|from|before|after)\s+may\b"
    r"|\b(?:no|solo|sólo)\s+podrán?\b|\b(?:ningún|ninguna|nadie)\b[^.;:]{0,60}?\bpodrán?\b"
    r"|\bhindi\s+maaari(?:ng)?\b",
    re.IGNORECASE,
)
_LINE = re.compile(r".+")
_PARTICLES = re.compile(r"\b(?:ang|ng|mga|nang|sa)\b", re.IGNORECASE)  # two of them in a line make it Tagalog
_BY_PHRASE = {each.phrase: each for each in VAGUE_PHRASES}


def _pattern(phrase: str) -> str:
    return r"[\s-]+".join(re.escape(word).replace("'", "['’]") for word in phrase.split())


_VAGUE = re.compile(  # the longest first: "kung maaari" is one phrase
    r"(?<!\w)(?:" + "|".join(map(_pattern, sorted(_BY_PHRASE, key=len, reverse=True))) + r")(?!\w)",
    re.IGNORECASE,
)


def marked(text: str) -> tuple[Passage, ...]:
    """The pieces of *text* in reading order, nothing left out; those that stand in the list say so."""
    pieces, end = [], 0
    for start, stop, phrase in _vague_spans(text):
        pieces += [Passage(text[end:start]), Passage(text[start:stop], phrase)]
        end = stop
    return tuple(piece for piece in [*pieces, Passage(text[end:])] if piece.text)


def vague_in(text: str) -> tuple[VaguePhrase, ...]:
    """The phrases of the list that stand in *text*, each once, in reading order."""
    return tuple(dict.fromkeys(phrase for _start, _stop, phrase in _vague_spans(text)))


def _vague_spans(text: str) -> Iterator[tuple[int, int, VaguePhrase]]:
    clear = [found.span() for found in _CLEAR.finditer(text)]
    tagalog = [found.span() for found in _LINE.finditer(text) if len(_PARTICLES.findall(found[0])) > 1]
    for found in _VAGUE.finditer(text):
        phrase = _BY_PHRASE[re.sub(r"[\s-]+", " ", found[0].lower()).replace("’", "'")]
        is_foreign = phrase.language != "tl" and _covers(tagalog, found)
        if not is_foreign and not _covers(clear, found):
            yield found.start(), found.end(), phrase


def _covers(spans: Sequence[tuple[int, int]], found: re.Match[str]) -> bool:
    """Of spans in their order, none of which overlap."""
    nearest = bisect_right(spans, found.start(), key=lambda span: span[0]) - 1
    return nearest >= 0 and found.end() <= spans[nearest][1]
