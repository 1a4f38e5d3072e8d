"""Every sentence has its translation, which keeps what is filled in; and the compiled files are fresh."""

import gettext
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
APPLICATION = REPOSITORY / "src" / "openfloor"
LANGUAGES = ("es", "tl")
FILLED_IN = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+[^>]*>")


def po(language: str, application: Path = APPLICATION) -> Path:
    return application / "locale" / language / "LC_MESSAGES" / "django.po"


def filled_in(sentence: str) -> Counter[str]:
    return Counter(FILLED_IN.findall(sentence))


def compiled(po_file: Path) -> dict[Any, str]:
    with po_file.with_suffix(".mo").open("rb") as file:
        catalog: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return catalog


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the application whose translations were collected and compiled anew."""
    copy = tmp_path_factory.mktemp("collected") / "openfloor"
    shutil.copytree(APPLICATION, copy, ignore=shutil.ignore_patterns("__pycache__", "static"))
    subprocess.run([REPOSITORY / "tests" / "collect-messages", copy], check=True)
    return copy


def selected(how: str, file: Path) -> str:
    ran = subprocess.run(
        ["msgattrib", how, "--no-wrap", "--no-obsolete", file], check=True, capture_output=True, text=True
    )
    return ran.stdout


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str, collected: Path) -> None:
    assert selected("--untranslated", po(language, collected)) == ""
    assert selected("--only-fuzzy", po(language, collected)) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_committed_translations_are_those_of_the_sentences(language: str, collected: Path) -> None:
    assert po(language).read_text("utf-8") == po(language, collected).read_text("utf-8")
    assert compiled(po(language)) == compiled(po(language, collected))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_filled_in_stays(language: str) -> None:
    changed = []
    for key, translation in compiled(po(language)).items():
        sentence, form = key if isinstance(key, tuple) else (key, 0)
        # The file does not have the English plural; the compiler has held that against its translation.
        if (
            sentence
            and form == 0
            and Counter(FILLED_IN.findall(sentence)) != Counter(FILLED_IN.findall(translation))
        ):
            changed.append((sentence, translation))

    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_not_the_english_sentences(language: str) -> None:
    same = [
        sentence
        for sentence, translation in compiled(po(language)).items()
        if isinstance(sentence, str) and sentence == translation and len(sentence.split()) > 3
    ]

    assert same == []
