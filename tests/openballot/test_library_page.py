"""The page about the library says what is so: its examples run, its names are there and explained."""

import doctest
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "explain" / "openballot-library.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(openballot\.[\w.]+)` \| (.+) \|$", TEXT, re.MULTILINE)
NAMES = [(module, name) for module, names in ROWS for name in re.findall(r"`(\w+)`", names)]


def test_examples_run_as_printed() -> None:
    session = doctest.DocTestParser().get_doctest(TEXT, {}, PAGE.name, str(PAGE), 0)
    said: list[str] = []

    outcome = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL).run(session, out=said.append)

    assert outcome.failed == 0, "".join(said)
    assert outcome.attempted > 40


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_public_name_is_there_and_explained(module: str, name: str) -> None:
    named = getattr(import_module(module), name)

    # A dataclass without words of its own gets its signature for them.
    if inspect.isroutine(named) or inspect.isclass(named):
        assert named.__doc__
        assert not named.__doc__.startswith(f"{name}(")
