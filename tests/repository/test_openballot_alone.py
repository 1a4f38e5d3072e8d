"""`make wheel`: openballot is installed without the product, and works with what it says it needs.

Nothing is fetched. The fresh environment gets links to the packages that the wheel asks for, and to those
they ask for in turn, out of the environment that the tests run in: what is not on the list is not there.
"""

import re
import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from fuzz.seeds import seed

ROOT = Path(__file__).parents[2]
PROJECT = ROOT / "packages" / "openballot"
# Only whoever asks for the extra `fast` has what these need.
OF_EXTRAS = ("openballot.fast.kernels.", "openballot.fast.compiling")
EVERY_MODULE = f"""
import pkgutil, sys, openballot
for module in pkgutil.walk_packages(openballot.__path__, "openballot."):
    if not module.name.endswith("__main__") and not module.name.startswith({OF_EXTRAS}):
        __import__(module.name)
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""


@dataclass(frozen=True)
class Alone:
    """A fresh environment that holds the wheel."""

    folder: Path
    wheel: Path

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        words = [str(self.folder / "bin" / command[0]), *command[1:]]
        return subprocess.run(words, capture_output=True, text=True, check=False, cwd=self.folder)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Alone:
    folder = tmp_path_factory.mktemp("alone")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = (folder / "dist").iterdir()
    venv.create(folder / "venv")
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--quiet", "--no-index", "--no-deps", str(wheel)], check=True)
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    for name in needed(required(wheel)):
        link(name, packages)
    return Alone(folder / "venv", wheel)


def required(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(name).decode()
    return re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE)


def needed(requirements: Iterable[str]) -> set[str]:
    """Return the names of the packages asked for, without extras, and of those they ask for."""
    names: set[str] = set()
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            names |= {requirement.name, *needed(distribution(requirement.name).requires or ())}
    return names


def link(name: str, packages: Path) -> None:
    files = distribution(name).files or ()
    for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
        target = packages / top
        if not target.exists():
            target.symlink_to(Path(str(distribution(name).locate_file(top))))


def test_wheel_holds_the_package_and_nothing_else(alone: Alone) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src/openballot"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    sources = {line.removeprefix("src/") for line in tracked.stdout.split()}

    with zipfile.ZipFile(alone.wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
        licences = [name for name in archive.namelist() if "/licenses/" in name]

    assert packed == sources
    assert "openballot/py.typed" in packed
    assert len(licences) == 1


def test_every_module_works_with_what_the_wheel_asks_for(alone: Alone) -> None:
    imported = alone.run("python", "-I", "-c", EVERY_MODULE)

    assert imported.returncode == 0, imported.stderr
    assert not {"openfloor", "workrules", "django", "numba"} & set(imported.stdout.split())


def test_installed_command_says_what_it_can_do(alone: Alone) -> None:
    for command in (("python", "-I", "-m", "openballot"), ("openballot",)):
        helped = alone.run(*command, "--help")

        assert helped.returncode == 0, helped.stderr
        assert "verify" in helped.stdout


def test_installed_command_verifies_and_refuses(alone: Alone, tmp_path: Path) -> None:
    right, altered = tmp_path / "right.bel", tmp_path / "altered.bel"
    data = seed("weights").data
    right.write_bytes(data)
    altered.write_bytes(data.replace(b'"result":[[0,4]]', b'"result":[[4,0]]'))

    verified, refused = (alone.run("openballot", "verify", str(path)) for path in (right, altered))

    assert (verified.returncode, refused.returncode) == (0, 1)
    assert "[[0,4]]" in verified.stdout
    assert "result_value" in refused.stderr


def test_wheel_has_the_products_version(alone: Alone) -> None:
    product = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)

    assert product is not None
    assert alone.wheel.name == f"openballot-{product[1]}-py3-none-any.whl"
