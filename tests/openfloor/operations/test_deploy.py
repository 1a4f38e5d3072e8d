"""What lies in deploy/ fits the program: its commands, its settings, its onion service."""

import http.client
import re
import subprocess
from pathlib import Path

import pytest

from journeys.server import Server
from openfloor import cli, env
from openfloor.env import BadEnvironment

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
ONION = "a2" * 28 + ".onion"


@pytest.mark.parametrize("script", sorted(DEPLOY.glob("*.sh")), ids=lambda path: path.name)
def test_script_is_sound_shell_and_executable(script: Path) -> None:
    subprocess.run(["bash", "-n", script], check=True)

    assert script.stat().st_mode & 0o111


@pytest.mark.parametrize("unit", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_unit_calls_a_command_that_exists_as_its_own_user_and_may_write_nowhere_else(unit: Path) -> None:
    text = unit.read_text(encoding="utf-8")
    (words,) = re.findall(r"^ExecStart=/opt/openfloor/bin/openfloor (.+)$", text, re.M)

    cli._parser().parse_args(words.split())
    for line in ("User=openfloor", "ProtectSystem=strict", "NoNewPrivileges=true", "CapabilityBoundingSet="):
        assert line in text.splitlines()


def test_every_setting_in_the_settings_file_is_read_by_the_program() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/openfloor").rglob("*.py"))
    named = set(re.findall(r"OPENFLOOR_[A-Z]+", (DEPLOY / "openfloor.env").read_text(encoding="utf-8")))

    assert named
    assert [name for name in sorted(named) if f'"{name}"' not in source] == []


def test_installed_files_are_all_there() -> None:
    script = (DEPLOY / "install.sh").read_text(encoding="utf-8")
    asked = re.findall(r'"\$here/([A-Za-z.]+)"', script) + re.findall(r'"\$project/([a-z./]+)"', script)

    assert asked
    assert [name for name in asked if not (DEPLOY / name).exists() and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("name", ["vote.example.org", "short.onion", f"x.{ONION}", f"http://{ONION}"])
def test_onion_name_that_is_none_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENFLOOR_ONION", name)

    with pytest.raises(BadEnvironment, match="OPENFLOOR_ONION"):
        env.onion()


def test_server_answers_to_its_onion_name_and_to_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENFLOOR_ONION", ONION)
    server = Server(tmp_path).start()

    own = status_for(server, ONION)
    foreign = status_for(server, "b3" * 28 + ".onion")
    server.stop()

    assert (own, foreign) == (200, 400)


def status_for(server: Server, host: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", "/sign-in/", headers={"Host": host})
    status = connection.getresponse().status
    connection.close()
    return status
