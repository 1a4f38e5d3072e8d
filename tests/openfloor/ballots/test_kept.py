"""What is kept for many: made once, never older than what is published, and never newer."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import sleep

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from factories.ballots import NO, YES, Called, ballot_in_state
from openballot.archive import read_archive
from openfloor.ballots import actions, devices, queries
from openfloor.ballots.charter import moment
from openfloor.ui.growing import GrowingFile
from openfloor.ui.kept import Kept


def published(called: Called) -> None:
    actions.publish_if_due(called.reload(), now=called.later(timedelta(minutes=2)))
    called.reload()


# Kept values


def test_kept_value_is_made_once_however_many_ask_at_once() -> None:
    kept: Kept[int] = Kept(most=2)
    made = []

    def make() -> int:
        sleep(0.05)
        made.append(1)
        return len(made)

    with ThreadPoolExecutor(8) as askers:
        answers = list(askers.map(lambda _: kept.get("key", make), range(8)))

    assert answers == [1] * 8
    assert made == [1]


def test_kept_value_that_could_not_be_made_is_made_by_the_next_who_asks() -> None:
    kept: Kept[int] = Kept(most=2)

    with pytest.raises(ZeroDivisionError):
        kept.get("key", lambda: 1 // 0)

    assert kept.get("key", lambda: 5) == 5


def test_kept_values_give_way_to_those_asked_for_later() -> None:
    kept: Kept[str] = Kept(most=2)
    for key in ("a", "b", "a", "c"):
        kept.get(key, f"first {key}".__str__)

    assert [kept.get(key, lambda: "made again") for key in ("a", "c", "b")] == [
        "first a",
        "first c",
        "made again",
    ]


# Archives on disk


def test_archive_is_cut_at_the_height_that_was_asked_for(tmp_path: Path) -> None:
    events = [b"setup", b"one", b"two", b"three"]
    asked = []

    def events_after(height: int) -> list[bytes]:
        asked.append(height)
        return events[height + 1 :]

    archive = GrowingFile(tmp_path, b"header ")
    parts = [archive.up_to(height, events_after) for height in (0, 3, 1)]

    assert [part.read() for part in parts] == [
        b"header setup",
        b"header setuponetwothree",
        b"header setupone",
    ]
    assert asked == [-1]
    assert list(tmp_path.iterdir()) == []


def test_archive_that_could_not_grow_is_whole_when_it_grows_later(tmp_path: Path) -> None:
    archive = GrowingFile(tmp_path, b"header ")

    with pytest.raises(OSError, match="no room"):
        archive.up_to(1, lambda height: _failing())

    assert archive.up_to(1, lambda height: [b"setup", b"one"]).read() == b"header setupone"


def _failing() -> list[bytes]:
    raise OSError("no room")


def test_archive_is_read_by_many_at_their_own_pace(tmp_path: Path) -> None:
    archive = GrowingFile(tmp_path, b"")
    one, other = (archive.up_to(0, lambda height: [b"abcdef"]) for _ in range(2))

    assert (one.read(4), other.read(2), one.read(4), other.read()) == (b"abcd", b"ab", b"ef", b"cdef")


# The board


@pytest.mark.django_db
def test_board_shows_each_height_as_soon_as_it_is_published_and_no_sooner() -> None:
    called = ballot_in_state("open")
    uuid, client = called.ballot.uuid, Client()
    seen = []

    def see() -> None:
        page = client.get(f"/board/{uuid}/").content.decode()
        archive = b"".join(client.get(f"/board/{uuid}/{uuid}.bel").streaming_content)  # type: ignore[attr-defined]
        head = client.get(f"/board/{uuid}/head.json").json()
        seen.append(
            (page.count('class="hash soft">'), len(read_archive(archive).events) - 1, head["ballots"])
        )

    see()
    called.vote(1)
    see()
    published(called)
    see()
    called.vote(2, NO)
    see()
    published(called)
    see()

    assert seen == [(0, 0, 0), (0, 0, 0), (1, 1, 1), (1, 1, 1), (2, 2, 2)]


@pytest.mark.django_db
def test_board_page_and_head_cost_one_row_once_they_are_kept(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    uuid = ballot_in_state("open").ballot.uuid
    paths = [f"/board/{uuid}/", f"/board/{uuid}/head.json", f"/board/{uuid}/setup.json"]
    first = [Client().get(path).content for path in paths]

    for path, content in zip(paths, first, strict=True):
        with django_assert_num_queries(1):
            assert Client().get(path).content == content


@pytest.mark.django_db
def test_board_is_the_same_compressed_and_plain_and_sets_no_cookie() -> None:
    uuid = ballot_in_state("open").ballot.uuid

    for path in (f"/board/{uuid}/", f"/board/{uuid}/setup.json"):
        plain = Client().get(path)
        packed = Client().get(path, headers={"Accept-Encoding": "br, gzip"})
        assert "Content-Encoding" not in plain.headers
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert not plain.cookies
        assert not packed.cookies


@pytest.mark.django_db
def test_setup_is_what_it_would_be_if_it_were_made_anew_also_after_an_extension() -> None:
    called = ballot_in_state("open")
    uuid, client = called.ballot.uuid, Client()
    before = client.get(f"/board/{uuid}/setup.json")
    later = called.ballot.closes_at + timedelta(hours=1)
    for number in (1, 2):
        person = called.person(number)
        signature = devices.sign_extension(person.keys, called.setup, moment(later))
        actions.extend(called.reload(), person.member, later, signature, now=called.now)

    after = client.get(f"/board/{uuid}/setup.json", headers={"If-None-Match": before.headers["ETag"]})

    assert before.json()["extensions"] == []
    assert after.status_code == 200
    assert after.json() == json.loads(json.dumps(called.setup))
    assert len(after.json()["extensions"]) == 1


@pytest.mark.django_db
def test_whoever_has_setup_or_archive_already_is_told_so_until_it_changes() -> None:
    called = ballot_in_state("open")
    uuid, client = called.ballot.uuid, Client()
    setup, archive = f"/board/{uuid}/setup.json", f"/board/{uuid}/{uuid}.bel"
    etags = {path: client.get(path).headers["ETag"] for path in (setup, archive)}

    def again() -> list[int]:
        return [client.get(path, headers={"If-None-Match": etags[path]}).status_code for path in etags]

    assert again() == [304, 304]
    called.vote(1)
    assert again() == [304, 304]
    published(called)
    assert again() == [304, 200]
    assert client.get(setup).headers["Cache-Control"] == "no-cache"


@pytest.mark.django_db
def test_board_is_kept_apart_by_language_and_address() -> None:
    uuid = ballot_in_state("open").ballot.uuid
    pages = [
        Client().get(f"/board/{uuid}/", headers=headers).content.decode()
        for headers in (
            {"Accept-Language": "en"},
            {"Accept-Language": "es"},
            {"Accept-Language": "en", "Host": "127.0.0.1:8123"},
        )
    ]

    assert ['<html lang="es"' in page for page in pages] == [False, True, False]
    assert ["http://127.0.0.1:8123/board/" in page for page in pages] == [False, False, True]


@pytest.mark.django_db
def test_frozen_board_shows_each_signature_at_once() -> None:
    called = ballot_in_state("frozen")
    path = f"/board/{called.ballot.uuid}/setup.json"
    signed = [len(Client().get(path).json()["freezes"])]

    for trustee in called.trustees[:2]:
        called.sign_freeze(trustee)
        signed.append(len(Client().get(path).json()["freezes"]))

    assert signed == [0, 1, 2]


@pytest.mark.django_db
def test_trackers_are_found_by_any_number_of_words_and_by_the_hash() -> None:
    called = ballot_in_state("open")
    for number in (1, 2, 3):
        called.vote(number, YES)
    published(called)
    hashes = queries.trackers_of(called.ballot)

    from openfloor.ballots import trackers

    for one in hashes:
        words = trackers.tracker_of(one).words
        found = [trackers.find(hashes, " ".join(words[:count])) for count in range(2, 7)]
        assert found == [[one]] * 5
        assert trackers.find(hashes, one[:10]) == [one]
    assert trackers.find(hashes, " ".join((*words, "abandon"))) == []
    assert trackers.find(hashes, "no such words") == []
    assert trackers.find(hashes, "  ") == hashes
