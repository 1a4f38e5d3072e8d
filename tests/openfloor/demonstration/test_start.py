"""Starting it: what the first visitor sees, what Ctrl-C leaves, and what is made again."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path

from openfloor.demonstration import folder

from .conftest import Loaded, copy_of
from .server import Demonstration


def processes_in(path: Path) -> list[str]:
    """The commands that run in this folder."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cwd").resolve() == path.resolve():
                found.append((process / "cmdline").read_text())
        except (FileNotFoundError, PermissionError, ProcessLookupError):
            continue
    return found


def set_marker(path: Path, **values: object) -> None:
    kept = json.loads((path / folder.MADE).read_text(encoding="utf-8"))
    (path / folder.MADE).write_text(json.dumps(kept | values), encoding="utf-8")


def test_first_visitor_sees_how_far_it_is(loaded: Loaded) -> None:
    assert loaded.first_status == 503
    assert loaded.first_headers["refresh"] == "1"
    assert "<progress" in loaded.first_page
    assert "being prepared" in loaded.first_page


def test_waiting_page_keeps_the_policy_of_all_pages(loaded: Loaded) -> None:
    assert "default-src 'none'" in loaded.first_headers["content-security-policy"]
    assert loaded.first_headers["cache-control"] == "no-store"
    assert "server" not in loaded.first_headers


def test_second_start_shows_the_same_committee(loaded: Loaded, tmp_path: Path) -> None:
    with Demonstration.start(copy_of(loaded, tmp_path)) as server:
        answer = server.first_answer()

    assert answer.status == 302
    assert folder.made(tmp_path / ".demo") == loaded.made
    assert server.process.returncode == 0


def test_start_renews_what_is_too_old(loaded: Loaded, tmp_path: Path) -> None:
    copy_of(loaded, tmp_path)
    set_marker(tmp_path / ".demo", good_until=datetime.now(UTC).isoformat())

    with Demonstration.start(tmp_path) as server:
        assert server.first_answer().status == 503

    assert not folder.is_complete(tmp_path / ".demo", datetime.now(UTC))


def test_ctrl_c_while_it_is_made_leaves_nothing_running(tmp_path: Path) -> None:
    with Demonstration.start(tmp_path) as server:
        while 'value="0"' in server.first_answer().text:
            time.sleep(0.1)

    assert server.process.returncode == 0
    time.sleep(0.5)
    assert processes_in(tmp_path) == []
    assert not folder.is_complete(tmp_path / ".demo", datetime.now(UTC))
    assert "Traceback" not in server.log


def test_start_refuses_a_folder_with_another_committee(loaded: Loaded, tmp_path: Path) -> None:
    data = copy_of(loaded, tmp_path) / ".demo"
    (data / folder.MADE).unlink()
    before = (data / "openfloor.sqlite3").read_bytes()

    with Demonstration.start(tmp_path) as server:
        assert server.process.wait(timeout=30) == 2
    assert "not the demonstration's" in server.log
    assert (data / "openfloor.sqlite3").read_bytes() == before
