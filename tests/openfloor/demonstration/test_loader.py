"""What was loaded: a committee that a real one could be, checked by the programs that check real ones."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from openballot import verifier
from openfloor.demonstration import loader, story
from openfloor.demonstration.errors import NotAsDemonstration
from openfloor.workplace.models import Committee

from .conftest import Loaded
from .server import OPENFLOOR, Demonstration, Visitor


def ballots(loaded: Loaded, column: str = "state") -> dict[str, str]:
    """A column of each ballot, by title."""
    with sqlite3.connect(f"file:{loaded.data / 'openfloor.sqlite3'}?mode=ro", uri=True) as database:
        rows = database.execute("SELECT title, state, uuid FROM ballots_ballot").fetchall()
    place = {"state": 1, "uuid": 2}[column]
    return {row[0]: row[place] for row in rows}


def as_member(server: Demonstration) -> Visitor:
    visitor = Visitor(server)
    assert visitor.become("member").status == 200
    return visitor


def archive_of(server: Demonstration, loaded: Loaded, role: str) -> tuple[str, bytes]:
    """The archive of the ballot at which this persona starts, with its uuid."""
    uuid = loaded.made.personas[role].start.split("/")[2]
    answer = server.ask(f"/board/{uuid}/{uuid}.bel")
    assert answer.status == 200
    return uuid, answer.body


def override_of(loaded: Loaded) -> str:
    """The title has the day of the move in it."""
    (title,) = (title for title in ballots(loaded) if title.startswith("Accept the move of "))
    assert title.endswith(f", or stand by “{story.COUNTED.title[:-1]}”?")
    return title


def test_seven_ballots_are_in_four_states(loaded: Loaded) -> None:
    assert ballots(loaded) == {
        story.DRAFT.title: "draft",
        story.RATIFIED.title: "open",
        override_of(loaded): "counted",
        story.STRIKE.title: "counted",
        story.CLOSED.title: "closed",
        story.ELECTED.title: "counted",
        story.COUNTED.title: "counted",
    }


def test_roll_holds_with_sixty_entries(server: Demonstration, tmp_path: Path) -> None:
    (tmp_path / "roll.jsonl").write_bytes(as_member(server).get("/roll.jsonl").body)

    run = subprocess.run(
        [OPENFLOOR, "roll", "verify", "roll.jsonl", "--json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )

    report = json.loads(run.stdout)
    assert (report["verdict"], report["entries"], report["findings"]) == ("valid", 60, [])


def test_ledger_holds(server: Demonstration, tmp_path: Path) -> None:
    (tmp_path / "ledger.jsonl").write_bytes(as_member(server).get("/ledger.jsonl").body)

    subprocess.run([OPENFLOOR, "ledger", "verify", "ledger.jsonl"], cwd=tmp_path, check=True)


def test_counted_ballot_is_97_percent_yes(server: Demonstration, loaded: Loaded) -> None:
    page = server.ask(loaded.made.personas["observer"].start)

    assert story.COUNTED.title in page.text
    assert "97\N{NO-BREAK SPACE}%" in page.text or "97 %" in page.text


def test_counted_archive_holds_for_our_verifier_and_belenios(
    server: Demonstration, loaded: Loaded, tmp_path: Path
) -> None:
    uuid, archive = archive_of(server, loaded, "observer")
    (tmp_path / f"{uuid}.bel").write_bytes(archive)

    report = verifier.verify(archive, require="counted")

    assert (report.verdict, report.findings) == ("valid", ())
    assert report.result == [[loader.COUNTED_YES, loader.COUNTED_NO]]
    subprocess.run(["belenios-tool", "election", "verify", "--dir", tmp_path], check=True)


def test_three_delegates_are_elected_from_votes_that_two_trustees_mixed(
    server: Demonstration, loaded: Loaded, tmp_path: Path
) -> None:
    uuid = ballots(loaded, "uuid")[story.ELECTED.title]
    archive = server.ask(f"/board/{uuid}/{uuid}.bel").body
    (tmp_path / f"{uuid}.bel").write_bytes(archive)

    report = verifier.verify(archive, require="counted")
    page = server.ask(f"/board/{uuid}/").text

    assert (report.verdict, report.shufflers) == ("valid", (1, 2))
    (papers,) = report.result or []
    assert len(papers) == loader.RANKED
    assert "Elected: " in page
    assert "Round 1" in page
    subprocess.run(["belenios-tool", "election", "verify", "--dir", tmp_path], check=True)


def test_closed_archive_waits_for_one_trustee(server: Demonstration, loaded: Loaded) -> None:
    _, archive = archive_of(server, loaded, "trustee")

    report = verifier.verify(archive)

    assert (report.verdict, report.state) == ("valid", "decrypting")
    assert archive.count(b'"type":"PartialDecryption"') == loader.ENOUGH - 1


def test_open_ballot_has_six_of_ten_votes(server: Demonstration, loaded: Loaded) -> None:
    uuid = loaded.made.personas["member"].start.split("/")[2]

    head = json.loads(server.ask(f"/board/{uuid}/head.json").body)

    assert (head["state"], head["voters"], head["entitled"]) == ("open", 36, 60)


def test_handles_are_invented_words_of_one_kind() -> None:
    assert len(set(story.HANDLES)) == 60
    assert all(handle.isalpha() and handle.islower() for handle in story.HANDLES)


def test_load_refuses_a_database_with_a_committee(loaded: Loaded, tmp_path: Path) -> None:
    before = (loaded.data / "openfloor.sqlite3").read_bytes()

    run = subprocess.run(
        [sys.executable, "-m", "openfloor.demonstration"],
        env={"OPENFLOOR_DATA": str(loaded.data), "OPENFLOOR_DEMONSTRATION": "yes"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert "NotTheDemonstration" in run.stderr
    assert (loaded.data / "openfloor.sqlite3").read_bytes() == before


@pytest.mark.django_db
def test_load_refuses_outside_the_demonstration(data_folder: Path) -> None:
    with pytest.raises(NotAsDemonstration):
        loader.load(timezone.now())

    assert not Committee.objects.exists()
    assert not (data_folder / "demonstration.json").exists()
