"""The board as outsiders get it: bytes that other programs verify, and nothing that names a member."""

import re
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from factories.ballots import BLANK, NO, YES, Called, ballot_in_state
from factories.everything import copy_everything, database_as_text
from factories.workplace import make_committee
from openballot import blinding, verifier
from openballot.archive import read_archive
from openballot.groups import named
from openballot.verifier import read_setup
from openfloor.ballots import blindkey, queries
from openfloor.ballots.models import BoardEvent
from openfloor.workplace.queries import roll_state

BELENIOS = "/usr/bin/belenios-tool"
BACKUP_OF_K = "a backup.tar"


def belenios_accepts(archive: bytes, uuid: str, folder: Path) -> bool:
    (folder / f"{uuid}.bel").write_bytes(archive)
    command = [BELENIOS, "election", "verify", "--dir", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.django_db
def test_archive_is_verified_by_belenios_tool_at_every_stage(tmp_path: Path) -> None:
    called = ballot_in_state("open")
    uuid = called.ballot.uuid
    archives = [queries.archive_of(called.ballot, published_only=True)]
    for number, answers in ((1, NO), (2, BLANK), (3, YES), (1, YES)):
        called.vote(number, answers)
    archives.append(queries.archive_of(called.ballot, published_only=False))
    called.close()
    archives.append(queries.archive_of(called.ballot, published_only=True))
    called.count()
    counted = queries.archive_of(called.ballot, published_only=True)

    reports = [verifier.verify(archive) for archive in (*archives, counted)]

    assert [report.state for report in reports] == ["set_up", "open", "tallied", "counted"]
    assert [report.findings for report in reports] == [(), (), (), ()]
    assert all(belenios_accepts(archive, uuid, tmp_path) for archive in (*archives, counted))
    assert called.ballot.result == reports[-1].result == [[1, 2, 0]]
    assert not belenios_accepts(counted.replace(b"[[1,2,0]]", b"[[0,3,0]]"), uuid, tmp_path)


@pytest.mark.django_db
def test_archive_without_a_single_paper_is_verified_by_belenios_tool(tmp_path: Path) -> None:
    called = ballot_in_state("counted", votes=())

    archive = queries.archive_of(called.ballot, published_only=True)

    assert verifier.verify(archive, require="counted").findings == ()
    assert belenios_accepts(archive, called.ballot.uuid, tmp_path)


@pytest.mark.django_db
def test_rfc_3526_archive_with_two_questions_is_verified_by_belenios_tool(tmp_path: Path) -> None:
    days = {"question": "Days?", "answers": ["Fri", "Sat", "Sun"], "min": 0, "max": 3, "blank": False}
    other = {"question": "Who speaks?", "answers": ["Ana", "Ben"], "min": 1, "max": 2, "blank": True}
    votes = ([[1, 1, 0], [1, 0, 0]], [[0, 0, 0], [0, 1, 1]])
    called = ballot_in_state("counted", group="RFC-3526-2048", questions=[days, other], votes=votes)

    archive = queries.archive_of(called.ballot, published_only=True)

    assert verifier.verify(archive, require="counted").findings == ()
    assert belenios_accepts(archive, called.ballot.uuid, tmp_path)


@pytest.mark.django_db
def test_texts_with_every_kind_of_character_are_verified_by_belenios_tool(tmp_path: Path) -> None:
    question = {
        "question": 'Ünïted — “yes”? \\ "/" <b>✊🏽</b> ﷽',
        "answers": ["Sí, ¡adelante! 👍", "いいえ"],
        "min": 1,
        "max": 1,
        "blank": False,
    }
    called = ballot_in_state(
        "counted", title="Huelga ✊ «7 a. m.»", text="Línea\r\n\tdos", questions=[question], votes=([[1, 0]],)
    )

    archive = queries.archive_of(called.ballot, published_only=True)

    assert verifier.verify(archive, require="counted").findings == ()
    assert belenios_accepts(archive, called.ballot.uuid, tmp_path)


# After the close nobody can tell who voted


def keys_on_disk(folder: Path) -> Iterator[bytes]:
    """Everything that could be a secret of 32 bytes: in hexadecimal anywhere, raw in small binary files."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        content = path.read_bytes()
        for digits in set(re.findall(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", content)):
            yield bytes.fromhex(digits.decode())
        if len(content) <= 2_048 and not content.isascii():
            yield from (content[start : start + 32] for start in range(len(content) - 31))


def matches(folder: Path, archive: bytes, called: Called) -> set[int]:
    """The entry numbers whose credentials in *archive* follow from the roll and anything in *folder*."""
    setup = read_setup(read_archive(archive))
    group, uuid = named(called.ballot.group), called.ballot.uuid
    state = roll_state(called.people.committee)
    candidates = set(keys_on_disk(folder))
    found = set()
    for number, entry in state.entries.items():
        key_text = entry.first_credentials[group.name]
        power = group.fixed_base(group.element(key_text))
        # Either k itself, or this member's own n.
        nonces = [blinding.nonce(k, key_text) for k in candidates] + [k.hex() for k in candidates]
        factors = [1, *(blinding.blinding_factor(group, uuid, key_text, n_hex) for n_hex in nonces)]
        if any(group.text(power(factor)) in setup.credentials for factor in factors):
            found.add(number)
    return found


@pytest.mark.django_db(transaction=True)
def test_no_credential_can_be_matched_to_the_roll_once_the_ballot_is_closed(tmp_path: Path) -> None:
    called = ballot_in_state("open", people=make_committee(3))
    uuid = called.ballot.uuid
    k = blindkey.read(uuid)
    secrets_of_members = [
        queries.blind_nonce(called.ballot, person.member) for person in called.people.members
    ]
    called.vote(1)
    called.vote(2, NO)
    while_open = tmp_path / "while open"
    copy_everything(while_open)
    called.close()
    called.count()
    archive = queries.archive_of(called.ballot, published_only=True)
    after_close, kept = tmp_path / "after the close", tmp_path / "kept"
    copy_everything(after_close)
    copy_everything(kept)
    (kept / BACKUP_OF_K).write_bytes(b"k of last week:" + k)

    # The same search finds everybody while k is there, so it would notice.
    assert matches(while_open, archive, called) == {1, 2, 3}
    assert matches(kept, archive, called) == {1, 2, 3}
    assert matches(after_close, archive, called) == set()
    everything = b"".join(path.read_bytes() for path in after_close.rglob("*") if path.is_file())
    assert k not in everything
    assert k.hex().encode() not in everything
    assert not any(n.encode() in everything or bytes.fromhex(n) in everything for n in secrets_of_members)


@pytest.mark.django_db(transaction=True)
def test_no_time_of_a_single_paper_is_kept() -> None:
    called = ballot_in_state("open")
    cast_at = called.now.replace(hour=21, minute=47, second=11) + timedelta(days=1)
    opened_at, closes_at = called.ballot.opened_at, called.ballot.closes_at
    called.now = cast_at - timedelta(minutes=1)
    called.vote(1)
    called.close()

    dump = database_as_text()

    assert isinstance(opened_at, datetime)
    assert opened_at.strftime("%H:%M:%S") in dump
    assert closes_at.strftime("%Y-%m-%d %H:%M") in dump
    for style in ("%H:%M:%S", "%H:%M", "%H%M%S"):
        assert cast_at.strftime(f"%Y-%m-%dT{style}") not in dump
        assert cast_at.strftime(f"%Y-%m-%d {style}") not in dump
    assert str(int(cast_at.timestamp())) not in dump
    assert BoardEvent.objects.filter(kind="Ballot").count() == 1


@pytest.mark.django_db
def test_board_names_no_member() -> None:
    called = ballot_in_state("counted")
    archive = queries.archive_of(called.ballot, published_only=True)

    for person in called.people.members:
        keys = person.keys.public()
        assert person.member.handle.encode() not in archive
        assert keys["member"].encode() not in archive
        assert keys["credentials"][called.ballot.group].encode() not in archive
