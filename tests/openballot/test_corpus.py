"""The archives that are wrong in one thing: each is answered as before, and can be made again."""

import json
import re

import pytest

from fuzz.corpus import ARCHIVES, KINDS, expected, sentence
from fuzz.limits import limited_time
from fuzz.openly import hash_of
from fuzz.seeds import CORPUS
from fuzz.targets import kept, read_object
from openballot.verifier import verify

SAID = json.loads((CORPUS / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", KINDS)
def test_archive_is_answered_as_expected(name: str) -> None:
    data = (ARCHIVES / f"{name}.bel").read_bytes()

    with limited_time():
        report = verify(data)

    assert expected(report) == SAID[name]


@pytest.mark.parametrize("name", KINDS)
def test_archive_is_made_again_to_the_last_byte(name: str) -> None:
    assert KINDS[name]() == (ARCHIVES / f"{name}.bel").read_bytes()


@pytest.mark.parametrize("text", kept(), ids=hash_of)
def test_object_is_read_or_refused(text: str) -> None:
    with limited_time():
        read_object(text.encode())


def test_corpus_holds_every_kind_and_names_it() -> None:
    page = (CORPUS / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (.+) \|$", page, re.MULTILINE)

    assert dict(rows) == {name: sentence(make) for name, make in KINDS.items()}
    assert {path.stem for path in ARCHIVES.iterdir()} == set(KINDS) == set(SAID)


def test_corpus_is_small() -> None:
    assert sum(path.stat().st_size for path in CORPUS.rglob("*") if path.is_file()) < 1_000_000
