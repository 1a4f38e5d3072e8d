"""The command line, as a person types it: in a process of its own, in an empty folder."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from openfloor.audit import chain

OPENFLOOR = Path(sys.executable).parent / "openfloor"


def openfloor(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OPENFLOOR_")}
    return subprocess.run(
        [OPENFLOOR, *words],
        cwd=folder,
        env=inherited | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def init(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return openfloor(
        folder, "init", "--name", "Harbor General", "--zone", "America/Los_Angeles", *options, **environment
    )


def test_init_prints_a_founding_link_on_localhost(tmp_path: Path) -> None:
    run = init(tmp_path)

    assert run.returncode == 0, run.stderr
    assert "Harbor General is prepared" in run.stdout
    assert "http://localhost:8000/found/#" in run.stdout
    assert (tmp_path / "data/openfloor.sqlite3").is_file()


def test_init_keeps_its_data_from_other_users(tmp_path: Path) -> None:
    init(tmp_path)

    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data/secrets").stat().st_mode & 0o077 == 0


def test_init_keeps_its_database_from_other_users_also_in_a_folder_that_they_can_read(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o755)

    init(tmp_path)

    assert (tmp_path / "data/openfloor.sqlite3").stat().st_mode & 0o077 == 0


def test_init_remembers_the_address(tmp_path: Path) -> None:
    first = init(tmp_path, "--url", "https://vote.example.org/")
    second = init(tmp_path)

    assert "https://vote.example.org/found/#" in first.stdout
    assert "https://vote.example.org/found/#" in second.stdout


@pytest.mark.parametrize(
    "url", ["http://vote.example.org", "http://192.168.0.7:8000", "vote.example.org", "ftp://a.b"]
)
def test_init_refuses_plain_http_but_on_localhost(tmp_path: Path, url: str) -> None:
    run = init(tmp_path, "--url", url)

    assert run.returncode == 2
    assert "https://" in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "data/openfloor.sqlite3").exists()


def test_init_refuses_a_zone_that_is_none(tmp_path: Path) -> None:
    run = openfloor(tmp_path, "init", "--name", "Harbor", "--zone", "Harbor Time")

    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert "Harbor Time" in run.stderr
    assert not (tmp_path / "data/address").exists()  # the installer tries again


def test_init_refuses_rules_that_cannot_work(tmp_path: Path) -> None:
    run = init(tmp_path, "--vouches-a-month", "0")

    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert "vouches_a_month" in run.stderr


def test_init_renews_the_link_of_a_committee_without_a_founder(tmp_path: Path) -> None:
    first = init(tmp_path)

    second = openfloor(tmp_path, "init", "--renew")

    assert (second.returncode, second.stderr) == (0, "")
    assert "Harbor General is prepared" in second.stdout
    assert "http://localhost:8000/found/#" in second.stdout
    assert second.stdout != first.stdout
    assert len(exported(tmp_path)) == 1


def test_init_renews_nothing_where_no_committee_waits_or_several_do(tmp_path: Path) -> None:
    none = openfloor(tmp_path, "init", "--renew")
    for name in ("Harbor", "Lakeside"):
        openfloor(tmp_path, "init", "--name", name, "--zone", "America/Los_Angeles")

    several = openfloor(tmp_path, "init", "--renew")
    unknown = openfloor(tmp_path, "init", "--renew", "--name", "Hillside")
    named = openfloor(tmp_path, "init", "--renew", "--name", "Lakeside")

    assert [run.returncode for run in (none, several, unknown, named)] == [2, 2, 2, 0]
    assert "No such committee waits" in none.stderr
    assert "Harbor, Lakeside" in several.stderr
    assert "No such committee waits" in unknown.stderr
    assert "Lakeside is prepared" in named.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["--renew", "--zone", "America/Los_Angeles"],
        ["--renew", "--objection-days", "0"],
        ["--zone", "America/Los_Angeles"],
        ["--name", "Harbor"],
    ],
)
def test_init_refuses_what_it_cannot_do_together(words: list[str], tmp_path: Path) -> None:
    run = openfloor(tmp_path, "init", *words)

    assert (run.returncode, run.stdout, "Traceback" in run.stderr) == (2, "", False)


def test_init_records_the_rules_it_was_given(tmp_path: Path) -> None:
    init(tmp_path, "--objection-days", "0", "--vouch-from-day", "1", "--vouches-a-month", "9")

    (lines,) = exported(tmp_path)
    rules = [line["payload"]["rules"] for line in lines if line["entry"]["kind"] == "roll_rules"]
    assert rules == [
        {
            "founding_members": 3,
            "vouches": 2,
            "vouch_from_day": 1,
            "vouches_a_month": 9,
            "objection_days": 0,
        }
    ]


def exported(folder: Path) -> list[list[dict[str, Any]]]:
    """The ledger of every committee in the folder, read by a process of its own."""
    code = (
        "import django, json; django.setup()\n"
        "from openfloor.audit import queries\n"
        "from openfloor.workplace.models import Committee\n"
        "print(json.dumps([list(queries.export_lines(c.pk)) for c in Committee.objects.all()]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"OPENFLOOR_DATA": "data", "DJANGO_SETTINGS_MODULE": "openfloor.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return [[json.loads(line) for line in lines] for lines in json.loads(run.stdout)]


def test_init_begins_a_ledger_that_holds(tmp_path: Path) -> None:
    init(tmp_path)
    (lines,) = exported(tmp_path)
    file = tmp_path / "ledger.jsonl"
    file.write_text("".join(chain.canonical(line) + "\n" for line in lines), encoding="utf-8")
    head = chain.text_hash(chain.canonical(lines[-1]["entry"]))

    run = openfloor(tmp_path, "ledger", "verify", "ledger.jsonl", "--seen", head)

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.splitlines() == [
        f"The ledger holds, nothing changed or missing. Entries: {len(lines)}.",
        "Mandates: 0. Breaches of them that stand: 0.",
        f"Head: {head}",
    ]


def test_ledger_verify_needs_no_data_folder_and_says_what_is_wrong(tmp_path: Path) -> None:
    text = chain.entry_text(
        committee="0b8ff9a2-6ac6-4e9d-9d0f-0d2f6f1f3b11",
        number=0,
        parent=None,
        at="2031-05-01T07:00:00Z",
        kind="committee_founded",
        payload_hash=chain.payload_hash("00" * 32, "{}"),
    )
    (tmp_path / "ledger.jsonl").write_text(
        chain.export_line(text, "00" * 32, '{"a":1}') + "\n", encoding="utf-8"
    )

    plain = openfloor(tmp_path, "ledger", "verify", "ledger.jsonl")
    for_programs = openfloor(tmp_path, "ledger", "verify", "ledger.jsonl", "--json", "--seen", "ab" * 32)

    assert (plain.returncode, plain.stdout) == (1, "The text in line 1 is not the one that was recorded.\n")
    assert for_programs.returncode == 1
    assert json.loads(for_programs.stdout) == {
        "verdict": "invalid",
        "head": chain.text_hash(text),
        "entries": 1,
        "mandates": None,
        "breaches": None,
        "findings": [
            {
                "check": "payload",
                "line": 0,
                "sentence": "The text in line 1 is not the one that was recorded.",
            },
            {
                "check": "seen_head_missing",
                "line": None,
                "sentence": "The entry that you saw is not in this ledger: "
                "it was changed, or this is another one.",
            },
        ],
    }
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.jsonl"]


@pytest.mark.parametrize("kind", ["roll", "ledger"])
@pytest.mark.parametrize("content", [b"", b"hello\n", b"\xff\xfe", None])
def test_verify_of_what_is_no_such_file_exits_2(tmp_path: Path, kind: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "file").write_bytes(content)

    run = openfloor(tmp_path, kind, "verify", "file")

    assert run.returncode == 2
    assert run.stderr.startswith("openfloor: ")
    assert "Traceback" not in run.stderr


def test_roll_verify_reports_findings_in_sentences(tmp_path: Path) -> None:
    (tmp_path / "roll.jsonl").write_text("{}\n", encoding="utf-8")

    plain = openfloor(tmp_path, "roll", "verify", "roll.jsonl")
    for_programs = openfloor(tmp_path, "roll", "verify", "roll.jsonl", "--json")

    assert plain.returncode == for_programs.returncode == 1
    report = json.loads(for_programs.stdout)
    assert report["verdict"] == "invalid"
    assert report["findings"]
    assert plain.stdout.splitlines() == [finding["sentence"] for finding in report["findings"]]


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::"])  # noqa: S104 # refused, which is the point
def test_serve_refuses_the_outside_without_https(tmp_path: Path, host: str) -> None:
    run = openfloor(tmp_path, "serve", "--host", host, "--port", "0")

    assert run.returncode == 2
    assert "https" in run.stderr


def test_serve_refuses_a_port_in_use_with_a_remedy(tmp_path: Path) -> None:
    run = openfloor(tmp_path, "serve", "--port", "1" if os.getuid() else "65536")

    assert run.returncode == 2
    assert "--port" in run.stderr


@pytest.mark.parametrize("url", ["https://vote.example.org", "http://192.0.2.1:8000"])
def test_demo_refuses_any_address_but_localhost(tmp_path: Path, url: str) -> None:
    run = openfloor(tmp_path, "demo", "--port", "0", OPENFLOOR_URL=url)

    assert run.returncode == 2
    assert "localhost only" in run.stderr
    assert not (tmp_path / ".demo").exists()


def test_demo_has_no_option_to_listen_elsewhere(tmp_path: Path) -> None:
    run = openfloor(tmp_path, "demo", "--host", "0.0.0.0")  # noqa: S104 # refused, which is the point

    assert run.returncode == 2
    assert "unrecognized arguments" in run.stderr


def test_settings_refuse_the_demonstration_under_a_public_address(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "import openfloor.settings"],
        cwd=tmp_path,
        env=os.environ
        | {
            "OPENFLOOR_DATA": "data",
            "OPENFLOOR_DEMONSTRATION": "yes",
            "OPENFLOOR_URL": "https://vote.example.org",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode != 0
    assert "localhost only" in run.stderr


def test_serve_refuses_to_show_a_real_folder_as_a_demonstration(tmp_path: Path) -> None:
    run = openfloor(tmp_path, "serve", "--port", "0", OPENFLOOR_DEMONSTRATION="yes")

    assert run.returncode == 2
    assert "openfloor demo" in run.stderr
