"""Static files are copied again exactly when they have to be."""

from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from openfloor import collecting


@pytest.fixture
def served(settings: Settings, tmp_path: Path) -> Path:
    settings.DATA = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    collecting.collect()
    return tmp_path / "static/ui/look.css"


def test_what_is_there_already_is_left_alone(served: Path) -> None:
    served.write_text("ours", encoding="utf-8")

    collecting.collect()

    assert served.read_text(encoding="utf-8") == "ours"


def test_copying_that_was_cut_short_starts_over(served: Path) -> None:
    complete = served.read_text(encoding="utf-8")
    served.write_text("cut", encoding="utf-8")
    (Path(settings.DATA) / "static.collected").unlink()

    collecting.collect()

    assert served.read_text(encoding="utf-8") == complete
