"""
No page shows a sentence that cannot be translated: in a made-up language all of them stand in brackets.

The trap: a sentence that nobody marked for translation is in no list of gaps.
"""

import re
import shutil
import subprocess
from base64 import b64decode
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone

from factories.workplace import candidate
from openballot.words import words_of
from openfloor.audit.models import LedgerEntry
from openfloor.ballots.models import BoardEvent
from openfloor.workplace.models import Member

from .conftest import Browse, ballot_of_today, people_of_today

pytestmark = pytest.mark.django_db

REPOSITORY = Path(__file__).parents[3]
MADE_UP = "eo"
READ_ALOUD = {"aria-label", "placeholder", "title", "alt"}
NOT_READ = {"script", "style", "code", "pre", "time", "textarea", "input"}
OTHER_TEXTS = "Shall we strike? Yes. No. The offer is better."
VOID = {"meta", "link", "input", "br", "hr", "img", "path", "rect"}
NEVER_TRANSLATED = {"Openfloor", "JavaScript", "English", "Español", "Tagalog", "Los", "Angeles", "UTC"}


@pytest.fixture(scope="module")
def made_up_language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A catalog in which every sentence is itself in brackets."""
    copy = tmp_path_factory.mktemp("made-up") / "openfloor"
    shutil.copytree(
        REPOSITORY / "src" / "openfloor", copy, ignore=shutil.ignore_patterns("__pycache__", "static")
    )
    subprocess.run([REPOSITORY / "tests" / "collect-messages", copy], check=True)
    folder = copy / "locale" / MADE_UP / "LC_MESSAGES"
    folder.mkdir(parents=True)
    collected = copy / "locale" / "es" / "LC_MESSAGES" / "django.po"
    untranslated = _run("msgattrib", "--empty", "--clear-fuzzy", collected)
    english = _run("msgen", "-", given=untranslated)
    bracketed = _run("msgfilter", "--keep-header", "sed", "-z", "s/^/⟦/;s/$/⟧/", given=english)
    _run("msgfmt", "-o", folder / "django.mo", "-", given=bracketed)
    languages = [*settings.LANGUAGES, (MADE_UP, "Esperanto")]
    with override_settings(LANGUAGES=languages, LOCALE_PATHS=[str(copy / "locale")]):
        yield


def _run(*command: object, given: str | None = None) -> str:
    ran = subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True, input=given
    )
    return ran.stdout


class _Shown(HTMLParser):
    """Everything of a page that somebody reads or hears."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.shown: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            is_hash = "hash" in (dict(attrs).get("class") or "")
            self.open.append("code" if is_hash else tag)
        is_sentences = any(name == "data-texts" for name, _ in attrs)
        self.shown += [
            value
            for name, value in attrs
            if value and (name in READ_ALOUD or (is_sentences and name.startswith("data-")))
        ]

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not NOT_READ & set(self.open):
            self.shown.append(data)


def outside_brackets(text: str) -> str:
    depth, outside = 0, []
    for character in text:
        depth += (character == "⟦") - (character == "⟧")
        outside.append(character if depth == 0 else " ")
    return "".join(outside)


def unmarked(html: str, data: str) -> set[str]:
    """The words of a page that are neither in brackets nor somebody's own."""
    page = _Shown()
    page.feed(html)
    words = set(re.findall(r"[^\W\d_]{3,}", outside_brackets(" ".join(page.shown))))
    return words - set(re.findall(r"[^\W\d_]{3,}", data)) - NEVER_TRANSLATED


def own_words(called_uuid: str, members: list[Member], texts: list[str]) -> str:
    """What people wrote themselves, and hashes said in words."""
    said = " ".join(" ".join(words_of(text, 12)) for text in texts if re.fullmatch("[0-9a-f]{64}", text))
    return " ".join([called_uuid, *(member.handle for member in members), *texts, said])


@pytest.mark.usefixtures("made_up_language")
@pytest.mark.parametrize("state", ["announced", "frozen", "open", "closed", "counted", "withdrawn"])
def test_every_sentence_of_joining_and_voting_can_be_translated(state: str, browse: Browse) -> None:
    called = ballot_of_today(state, people_of_today(5))
    ballot = called.ballot
    newcomer = candidate(called.people.members[0], 30, now=timezone.now())
    members = [person.member for person in called.people.members]
    papers = [b64decode(f"{event.tracker}=").hex() for event in ballot.board.exclude(tracker=None)]
    heads = [*_hashes(ballot.board.all()), *_hashes(LedgerEntry.objects.all())]
    shown = [str(ballot.roll_head), *heads, *papers]
    data = own_words(
        ballot.uuid,
        [*members, newcomer.member],
        [called.people.committee.name, ballot.title, ballot.text, OTHER_TEXTS, *shown],
    )
    stranger, plain, officer, joining = (
        Client(),
        browse(members[4]),
        browse(members[0]),
        browse(newcomer.member),
    )
    visits = [(stranger, path) for path in ("/", "/sign-in/", "/join/", "/found/", "/nowhere/")]
    visits += [(joining, "/join/")]
    visits += [
        (plain, path) for path in ("/", "/ballots/", "/me/", "/roll/", "/vouch/", "/roles/", "/ledger/")
    ]
    visits += [(plain, f"/ballots/{ballot.uuid}/"), (plain, f"/ballots/{ballot.uuid}/vote/")]
    visits += [(officer, f"/ballots/{ballot.uuid}/{page}/") for page in ("trustee", "teller")]
    visits += [(stranger, f"/board/{ballot.uuid}/")]

    found = {}
    for client, path in visits:
        answer = client.get(path, headers={"Accept-Language": MADE_UP})
        if answer.status_code in (200, 404):
            found[path] = unmarked(answer.content.decode(), data)

    assert len(found) >= 14
    assert {path: words for path, words in found.items() if words} == {}


def _hashes(records: Iterable[BoardEvent | LedgerEntry]) -> list[str]:
    return [record.hash for record in records]


def test_an_unmarked_sentence_is_found() -> None:
    assert unmarked("<p>⟦Marked⟧ <b aria-label='Heard'>Forgotten</b> Ada</p>", "Ada") == {
        "Heard",
        "Forgotten",
    }
